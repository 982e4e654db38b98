//! One budget for a whole file: small files that unfold into much are refused in one sentence, at once and in little memory.

use crate::in_time::within;
use crate::lists::{csv, ods, ods_number, ods_text, xlsx, zipped};
use fenzu::fault::Faults;
use fenzu::roster::table::{self, Book};
use fenzu::roster::{Limits, Reading, read};
use rust_xlsxwriter::Workbook;
use std::time::Duration;

const SHORT: Duration = Duration::from_secs(5);

fn open(file: &str, bytes: &[u8]) -> Result<Book, Faults> {
    within(SHORT, || table::open(bytes, file, &Limits::default()))
}

fn refused(file: &str, bytes: &[u8], code: &str) {
    let faults = open(file, bytes).expect_err(code).0;
    assert_eq!((faults.len(), faults[0].code), (1, code), "{faults:?}");
    let told = read(bytes, &Reading { file, ..Reading::default() }).expect_err(code).0;
    assert_eq!(told, faults);
}

fn ods_sheets(sheets: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet>{sheets}\
         </office:spreadsheet></office:body></office:document-content>"
    );
    zipped(&[("content.xml", &content)])
}

/// `rows` rows of `columns` cells, both by repetition.
fn repeated(rows: usize, columns: usize) -> String {
    let cell = ods_number(1.0)
        .replace("<table:table-cell", &format!("<table:table-cell table:number-columns-repeated=\"{columns}\""));
    format!("<table:table-row table:number-rows-repeated=\"{rows}\">{cell}</table:table-row>")
}

#[test]
fn sheets_of_an_ods_share_one_budget() {
    let sheet = |n: usize| format!("<table:table table:name=\"{n}\">{}</table:table>", repeated(2000, 1000));
    let sheets: String = (0..200).map(sheet).collect();
    let bytes = ods_sheets(&sheets);
    assert!(bytes.len() < 4 << 10, "{} bytes", bytes.len());
    refused("a.ods", &bytes, "too_many_cells");
    refused("a.ods", &ods_sheets(&sheet(1)), "too_many_cells");
    let empty: String = (0..300).map(|n| format!("<table:table table:name=\"{n}\"/>")).collect();
    refused("a.ods", &ods_sheets(&empty), "too_many_sheets");
}

/// Elements of another name space, tables in cells and in drawings begin nothing anew.
#[test]
fn foreign_elements_of_an_ods_reset_nothing() {
    let foreign = "<x:table/><table:shapes><table:table table:name=\"s\"/></table:shapes>";
    let rows = format!("{}{foreign}", repeated(99, 999)).repeat(60);
    refused("a.ods", &ods(&rows), "too_many_cells");
    let nested = "<table:table-cell><text:p>a</text:p><table:table table:name=\"n\"><table:table-row><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table></table:table-cell>";
    let book =
        open("a.ods", &ods(&format!("<table:table-row>{nested}{}</table:table-row>", ods_text("c")))).expect("a book");
    let shown: Vec<String> = book.tables[0].rows[0].cells.iter().map(table::Raw::shown).collect();
    assert_eq!((book.tables.len(), shown), (1, vec!["a".to_owned(), "c".to_owned()]));
}

/// What an honest list repeats is spread out: equal marks beside each other, empty rows to the end of the sheet.
#[test]
fn honest_repetition_is_read() {
    let row = format!("<table:table-row>{}{}</table:table-row>", ods_text("甲"), ods_number(90.0));
    let row = row.replace(
        "<table:table-cell office:value-type=\"float\"",
        "<table:table-cell table:number-columns-repeated=\"6\" office:value-type=\"float\"",
    );
    let rest = "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    let book = open("a.ods", &ods(&format!("{}{rest}", row.repeat(500)))).expect("a book");
    assert_eq!((book.tables[0].rows.len(), book.tables[0].rows[499].cells.len()), (500, 7));
}

#[test]
fn sheets_of_an_xlsx_share_one_budget() {
    let mut book = Workbook::new();
    for _ in 0..11 {
        let sheet = book.add_worksheet();
        for row in 0..500 {
            sheet.write_number(row, 999, 1.0).expect("a cell at the right edge");
        }
    }
    refused("a.xlsx", &book.save_to_buffer().expect("a workbook"), "too_many_cells");
    let mut book = Workbook::new();
    for _ in 0..300 {
        book.add_worksheet();
    }
    refused("a.xlsx", &book.save_to_buffer().expect("a workbook"), "too_many_sheets");
}

/// Parts that are held in memory are few, whatever their names are written like.
#[test]
fn parts_of_any_name_are_counted() {
    let blank = " ".repeat(40 << 20);
    for name in ["xl/sharedStrings.XML", "XL/SHAREDSTRINGS.xml", "xl\\styles.xml", "worksheets/x.xml", "odd"] {
        let bytes = zipped(&[("[Content_Types].xml", "<Types/>"), (name, &blank)]);
        refused("a.xlsx", &bytes, "unpacks_too_large");
    }
}

/// A workbook that says to be among its own sheets or pictures is held in memory as any other.
#[test]
fn parts_in_odd_places_are_counted() {
    let blank = " ".repeat(40 << 20);
    for place in ["xl/worksheets/sheets/", "xl/media/", "XL/Media/", "xl/&#109;edia/"] {
        let target = format!(
            "<Relationships><Relationship Type=\"http://x/relationships/officeDocument\" Target=\"{place}workbook.xml\"/></Relationships>"
        );
        let strings = format!("{}sharedStrings.xml", place.replace("&#109;", "m"));
        let bytes = zipped(&[("[Content_Types].xml", "<Types/>"), ("_rels/.rels", &target), (&strings, &blank)]);
        refused("a.xlsx", &bytes, "unpacks_too_large");
    }
}

/// Two million styles: a few kilobytes that took hundreds of megabytes.
#[test]
fn styles_are_few() {
    let styles = format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", "<xf/>".repeat(2 << 20));
    let bytes = zipped(&[("[Content_Types].xml", "<Types/>"), ("xl/styles.xml", &styles)]);
    refused("a.xlsx", &bytes, "unpacks_too_large");
}

#[test]
fn one_text_in_many_cells_is_counted_each_time() {
    let text = "x".repeat(30_000);
    let bytes = xlsx(|sheet| {
        for row in 0..10_000 {
            sheet.write_string(row, 0, &text).expect("a cell");
        }
    });
    assert!(bytes.len() < 1 << 20, "{} bytes", bytes.len());
    refused("a.xlsx", &bytes, "too_much_text");
}

#[test]
fn spans_and_indices_are_not_spread_out() {
    let spans = "<table><tr><td colspan=99999999 rowspan=99999999>a<td>b".to_owned();
    refused("a.xls", spans.as_bytes(), "too_many_columns");
    let deep = format!("{}<tr><td>a", "<table><tr><td>".repeat(100_000));
    assert_eq!(open("a.xls", deep.as_bytes()).expect("a page").tables[0].rows.len(), 1);
    let wide = format!("<table>{}", format!("<tr>{}", "<td colspan=1000 rowspan=65534>".repeat(30)).repeat(3000));
    refused("a.xls", wide.as_bytes(), "not_a_list");
    let merges = format!("<table>{}", "<tr><td colspan=2>a".repeat(100_001));
    refused("a.xls", merges.as_bytes(), "too_many_rows");
    let workbook = |rows: &str| {
        format!(
            "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet><Table>{rows}</Table></Worksheet></Workbook>"
        )
    };
    let cell = "<Data>a</Data></Cell>";
    refused("a.xls", workbook(&format!("<Row><Cell Index=\"16777216\">{cell}</Row>")).as_bytes(), "too_many_columns");
    refused("a.xls", workbook(&format!("<Row Index=\"16777216\"><Cell>{cell}</Row>")).as_bytes(), "too_many_rows");
    refused(
        "a.xls",
        workbook(&format!("<Row Span=\"99999999999999999999\" Hidden=\"1\"/><Row><Cell>{cell}</Row>")).as_bytes(),
        "too_many_rows",
    );
    let merged = workbook(&format!(
        "<Column Span=\"99999999999\" Hidden=\"1\"/><Row><Cell MergeAcross=\"99999999999\" MergeDown=\"99999999999\">{cell}</Row>"
    ));
    assert_eq!(open("a.xls", merged.as_bytes()).expect("a book").tables[0].rows.len(), 1);
}

#[test]
fn merged_cells_are_counted() {
    let rows =
        "<table:table-row><table:table-cell table:number-columns-spanned=\"2\"/></table:table-row>".repeat(100_001);
    refused("a.ods", &ods(&rows), "too_many_merges");
}

/// Reads text, in whatever way it ends, within the time that any list may take.
fn read_text(text: &str) -> Result<usize, Vec<&'static str>> {
    let told = within(SHORT, || read(text.as_bytes(), &Reading { file: "a.csv", ..Reading::default() }));
    told.map(|roster| roster.students.len()).map_err(|faults| faults.0.iter().map(|fault| fault.code).collect())
}

/// Every list beside others takes room for the columns left of it: many of many rows are refused, some are read.
#[test]
fn lists_beside_one_another_are_few() {
    let beside = |lists: usize, rows: usize| {
        let row = |r: usize| (0..lists).map(move |l| format!("张{},{}", l * rows + r, r % 100));
        let body: String = (0..rows).map(|r| row(r).collect::<Vec<_>>().join(",") + "\n").collect();
        format!("{}\n{body}", vec!["姓名,数学"; lists].join(","))
    };
    assert_eq!(read_text(&beside(20, 50)), Ok(1000));
    assert_eq!(read_text(&beside(500, 500)), Err(vec!["too_many_lists"]));
}

/// Two rows at both ends of a sheet are no list that runs across: turned, it would have a million columns.
#[test]
fn rows_far_apart_are_not_turned() {
    let bytes = xlsx(|sheet| {
        for (row, word) in [(0, "姓名"), (1_048_575, "数学")] {
            sheet.write_string(row, 0, word).expect("a cell");
            (1..1000).for_each(|column| sheet.write_number(row, column, 1.0).map(drop).expect("a cell"));
        }
    });
    let told = within(SHORT, || read(&bytes, &Reading { file: "a.xlsx", ..Reading::default() }));
    assert!(told.is_ok_and(|roster| roster.students.len() == 1 && roster.columns.len() == 1000));
}

/// The search for lists is linear: headers, titles and lists by the thousand.
#[test]
fn thousands_of_headers_are_read_at_once() {
    const HEADER: &str = "学号,姓名,性别,数学\n";
    assert_eq!(read_text(&HEADER.repeat(10_000)), Err(vec!["no_students"]));
    let paged = (1..=20_000).map(|n| format!("姓名,语文\n王{n},{}\n", n % 100)).collect::<String>();
    assert_eq!(read_text(&paged), Ok(20_000), "a header above every student");
    let list = |n: usize| format!("七年级{n}班名单,,,\n{HEADER}{n},张三,男,90\n");
    assert_eq!(read_text(&(1..=3000).map(list).collect::<String>()), Ok(3000));
    assert_eq!(read_text(&(1..=30_000).map(list).collect::<String>()), Err(vec!["too_many_lists"]));
    let titles: String = (0..50_000).map(|n| format!("标题{n},,,\n")).collect();
    assert!(read_text(&(titles + HEADER + "1,张三,男,90\n")).is_err());
}

#[test]
fn cells_of_text_are_counted() {
    let row = format!("张三,{}\n", "1,".repeat(900));
    assert_eq!(read_text(&format!("姓名,数学\n{}", row.repeat(3_400))), Err(vec!["too_many_cells"]));
}

/// What holds nothing but tags is refused while it is unpacked.
#[test]
fn tags_are_counted() {
    let empty = format!("<table:table-row>{}</table:table-row>", "<a/>".repeat(13_000_000));
    let bytes = ods(&empty);
    within(SHORT, || refused("a.ods", &bytes, "too_many_cells"));
}

/// Text between blanks is cut line by line: what is too much is refused before it takes room.
#[test]
fn typed_text_of_too_many_cells_is_refused() {
    let line = |i: usize| format!("王{i} {}\n", "8 ".repeat(200));
    let text = format!("姓名 {}\n{}", "语文 ".repeat(200), (0..20_000).map(line).collect::<String>());
    assert_eq!(csv(&text).expect_err("must be refused").0[0].code, "too_many_cells");
}
