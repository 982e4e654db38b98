//! Every kind of file that holds a list, as tables of raw cells: what it hides, what it strikes through, what it merges.

use crate::lists::{ods, ods_number, ods_text, write_rows, xlsx, zipped};
use fenzu::fault::Faults;
use fenzu::roster::Limits;
use fenzu::roster::table::{self, Book, Table};
use rust_xlsxwriter::{FilterCondition, Format, Worksheet};

fn open(file: &str, bytes: &[u8]) -> Result<Book, Faults> {
    table::open(bytes, file, &Limits::default())
}

fn only_table(file: &str, bytes: &[u8]) -> Table {
    let mut book = open(file, bytes).unwrap_or_else(|faults| panic!("{file}: {faults}"));
    assert_eq!(book.tables.len(), 1, "{file}");
    book.tables.remove(0)
}

/// The numbers of hidden and of struck rows.
fn looks(table: &Table) -> (Vec<usize>, Vec<usize>) {
    let numbers = |is: fn(&table::Row) -> bool| table.rows.iter().filter(|row| is(row)).map(|row| row.number).collect();
    (numbers(|row| row.hidden), numbers(|row| row.struck))
}

const CLASS: [&[&str]; 6] = [
    &["学号", "姓名", "性别", "班级", "数学"],
    &["1", "王晓岚", "男", "一班", "70"],
    &["2", "周若水", "女", "一班", "80"],
    &["3", "许明远", "男", "二班", "90"],
    &["4", "邓月华", "女", "二班", "60"],
    &["5", "Lee, Ann", "女", "二班", "50"],
];

fn class(change: impl FnOnce(&mut Worksheet)) -> Table {
    only_table(
        "a.xlsx",
        &xlsx(|sheet| {
            write_rows(sheet, 0, &CLASS);
            change(sheet);
        }),
    )
}

#[test]
fn rows_and_columns_that_an_xlsx_hides() {
    let plain = class(|_| ());
    assert_eq!((looks(&plain), plain.hidden_columns), ((vec![], vec![]), vec![]));
    let by_hand = class(|sheet| {
        sheet.set_row_hidden(2).expect("a row");
        sheet.set_row_hidden(50).expect("an empty row");
        sheet.set_column_hidden(3).expect("a column");
        sheet.set_column_hidden(700).expect("an empty column");
    });
    assert_eq!((looks(&by_hand).0, by_hand.hidden_columns), (vec![3], vec![3]));
    let by_filter = class(|sheet| {
        sheet.autofilter(0, 0, 5, 4).expect("a filter");
        sheet.filter_column(3, &FilterCondition::new().add_list_filter("一班")).expect("a condition");
    });
    assert_eq!(looks(&by_filter).0, [4, 5, 6]);
}

#[test]
fn rows_that_an_xlsx_strikes_through() {
    let struck = Format::new().set_font_strikethrough();
    let table = class(|sheet| {
        for (column, text) in (0..).zip(["1", "王晓岚", "男", "一班", "70"]) {
            sheet.write_string_with_format(1, column, text, &struck).expect("a cell");
        }
        sheet.write_string_with_format(2, 1, "周若水", &struck).expect("the name alone");
        sheet.write_number_with_format(3, 4, 90.0, &struck).expect("a mark alone");
        sheet.write_string_with_format(4, 3, "二班", &struck).expect("a class alone");
        sheet.write_string_with_format(5, 1, "Lee, Ann", &struck).expect("a name");
        sheet.write_blank(7, 1, &struck).expect("an empty cell");
    });
    assert_eq!(looks(&table).1, [2, 3, 6]);
}

#[test]
fn merged_cells_of_an_xlsx() {
    let table = class(|sheet| {
        sheet.merge_range(7, 1, 8, 3, "x", &Format::new()).expect("a merge");
    });
    assert_eq!(table.merges, [table::Merge { rows: (8, 9), columns: (1, 3) }]);
}

/// The one XLS of the tests with some bytes changed: `change` gets the stream's bytes and the place of each record of a kind.
fn changed_xls(change: impl FnOnce(&mut [u8], &dyn Fn(&[u8], u16) -> Vec<usize>)) -> Table {
    let mut bytes = include_bytes!("data/list.xls").to_vec();
    let find = |bytes: &[u8], kind: u16| {
        let start = bytes.windows(4).position(|w| w == [0x09, 0x08, 0x10, 0x00]).expect("the first record");
        let (mut at, mut places) = (start, Vec::new());
        while let Some(head) = bytes.get(at..at + 4).filter(|head| head[..2] != [0, 0]) {
            if u16::from_le_bytes([head[0], head[1]]) == kind {
                places.push(at + 4);
            }
            at += 4 + usize::from(u16::from_le_bytes([head[2], head[3]]));
        }
        places
    };
    change(&mut bytes, &find);
    only_table("a.xls", &bytes)
}

#[test]
fn rows_that_an_xls_hides_and_strikes_through() {
    let plain = changed_xls(|_, _| ());
    assert_eq!((looks(&plain), &plain.hidden_columns), ((vec![], vec![]), &vec![]));
    let last = plain.rows.last().expect("a row").number;
    let hidden = changed_xls(|bytes, find| {
        let row = *find(bytes, 0x0208).last().expect("a row record");
        bytes[row + 12] |= 0x20;
    });
    assert_eq!(looks(&hidden).0, [last]);
    let struck = changed_xls(|bytes, find| find(bytes, 0x0031).iter().for_each(|font| bytes[font + 2] |= 0x08));
    assert_eq!(looks(&struck).1, plain.rows.iter().map(|row| row.number).collect::<Vec<_>>());
}

/// An ODS with styles and the rows of one sheet, or of several.
fn styled_ods(sheets: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\" xmlns:style=\"s\" xmlns:draw=\"d\">\
         <office:automatic-styles>\
         <style:style style:name=\"ta2\" style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style>\
         <style:style style:name=\"ce1\" style:family=\"table-cell\"><style:text-properties style:text-line-through-style=\"solid\"/></style:style>\
         <style:style style:name=\"ce2\" style:family=\"table-cell\" style:parent-style-name=\"ce1\"/>\
         <style:style style:name=\"ce3\" style:family=\"table-cell\"><style:text-properties style:text-line-through-style=\"none\"/></style:style>\
         </office:automatic-styles><office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body></office:document-content>"
    );
    zipped(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)])
}

#[test]
fn what_an_ods_hides_strikes_and_merges() {
    let row = |attributes: &str, style: &str, name: &str| {
        let cell = ods_text(name).replace("<table:table-cell", &format!("<table:table-cell {style}"));
        format!("<table:table-row {attributes}>{cell}{}</table:table-row>", ods_number(70.0))
    };
    let sheet = [
        "<table:table table:name=\"一班\"><table:table-column/><table:table-column table:visibility=\"collapse\" table:number-columns-repeated=\"9\"/>",
        &row("", "", "王晓岚"),
        &row("table:visibility=\"collapse\"", "", "周若水"),
        "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"999999\"/></table:table-row>",
        &row("table:visibility=\"filter\" table:number-rows-repeated=\"2\"", "", "许明远"),
        &row("", "table:style-name=\"ce1\"", "邓月华"),
        &row("", "table:style-name=\"ce2\"", "冯思齐"),
        &row("table:default-cell-style-name=\"ce1\"", "table:style-name=\"ce3\"", "曾庆"),
        &row("", "table:number-rows-spanned=\"2\" table:number-columns-spanned=\"3\"", "合并"),
        "</table:table><table:table table:name=\"旧\" table:style-name=\"ta2\"/>",
    ];
    let book = open("a.ods", &styled_ods(&sheet.concat())).expect("a book");
    let table = &book.tables[0];
    assert_eq!(looks(table), (vec![2, 6, 7], vec![8, 9]));
    assert_eq!((&table.hidden_columns, table.rows.len()), (&vec![1], 8));
    assert_eq!(table.merges, [table::Merge { rows: (11, 12), columns: (0, 2) }]);
    assert_eq!(book.hidden, ["旧"]);
}

#[test]
fn cells_of_an_ods() {
    let cells = "<table:table-row>\
        <table:table-cell office:value-type=\"percentage\" office:value=\"0.6\"><text:p>60%</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"date\" office:date-value=\"2024-09-01\"><text:p>2024年</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"/>\
        <table:table-cell table:formula=\"of:=A1\"/>\
        <table:table-cell office:value-type=\"string\" calcext:value-type=\"error\" office:string-value=\"\"><text:p>#DIV/0!</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"string\"><office:annotation><text:p>note</text:p></office:annotation>\
        <text:p>a<text:s text:c=\"2\"/>b &amp; <text:span>c</text:span></text:p> <text:p>d</text:p>\
        <draw:frame><table:table table:name=\"x\"><table:table-row><table:table-cell><text:p>inner</text:p></table:table-cell></table:table-row></table:table></draw:frame></table:table-cell>\
        </table:table-row>";
    let table = only_table("a.ods", &ods(cells));
    let shown: Vec<String> = table.rows[0].cells.iter().map(table::Raw::shown).collect();
    assert_eq!(shown, ["0.6", "2024-09-01", "TRUE", "", "#DIV/0!", "a b & c d"]);
    assert_eq!(table.rows[0].cells[3], table::Raw::Uncomputed);
    assert_eq!(table.rows[0].cells[5], table::Raw::Text("a  b & c\nd".to_owned()));
}
