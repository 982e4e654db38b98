//! Every kind of file that holds a list, as tables of raw cells: what it hides, what it strikes through, what it merges.

use crate::lists::{ods, ods_number, ods_text, write_rows, xlsx, zipped};
use fenzu::fault::Faults;
use fenzu::roster::Limits;
use fenzu::roster::table::{self, Book, Table};
use proptest::prelude::*;
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
    assert_eq!(table.rows[0].cells[5], table::Raw::Text("a  b & c\nd".into()));
}

fn shown(table: &Table) -> Vec<Vec<String>> {
    table.rows.iter().map(|row| row.cells.iter().map(table::Raw::shown).collect()).collect()
}

const PAGE: &str = "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=gb2312\">\
    <style>td {mso-number-format:'\\@'}</style><script>document.write('<table><tr><td>no</td></tr></table>')</script></head>\
    <body><p>欢迎</p><table border=1><caption>一班成绩单</caption><tr><td>学号<td>姓名<td>备注\
    <tr><td>2501<td>王晓&nbsp;岚<td>住校<br>  走读 &amp;\n 其他<tr style='display: none'><td>2502<td><s>周若水</s><td></table></body></html>";

#[test]
fn a_page_is_read_in_the_encoding_that_it_holds() {
    let expected = [
        vec!["一班成绩单"],
        vec!["学号", "姓名", "备注"],
        vec!["2501", "王晓岚", "住校走读 & 其他"],
        vec!["2502", "周若水"],
    ];
    let utf16: Vec<u8> =
        "\u{feff}".chars().chain(PAGE.chars()).collect::<String>().encode_utf16().flat_map(u16::to_le_bytes).collect();
    // What the bytes are goes before what the page says of them.
    for bytes in [encoding_rs::GBK.encode(PAGE).0.into_owned(), PAGE.as_bytes().to_vec(), utf16] {
        let table = only_table("a.xls", &bytes);
        assert_eq!(shown(&table), expected);
        assert_eq!(looks(&table), (vec![4], vec![4]));
    }
}

#[test]
fn cells_of_a_page_span_rows_and_columns() {
    let page = "<table><col><col style='display:none'><tr><th rowspan=2>班<th colspan=2>成绩<th rowspan=0>x</tr>\
        <tr><td x:num=\"90.25\">90.3<td>80</tr><tr><td>1</tr></table>";
    let table = only_table("a.xls", page.as_bytes());
    assert_eq!(shown(&table), [vec!["班", "成绩", "", "x"], vec!["", "90.25", "80"], vec!["1"]]);
    let merge = |rows, columns| table::Merge { rows, columns };
    assert_eq!(table.merges, [merge((1, 2), (0, 0)), merge((1, 1), (1, 2))]);
    assert_eq!(table.hidden_columns, [1]);
}

#[test]
fn tables_of_a_page_follow_one_another() {
    let page = "<table><tr><td>七年级<td>2024</table><div><table><tr><td>上<table><tr><td>学号<td>姓名<tr><td>1<td>甲</table>下<td>旁</table></div>";
    let table = only_table("a.xls", page.as_bytes());
    assert_eq!(
        shown(&table),
        [vec!["七年级", "2024"], vec!["上"], vec!["学号", "姓名"], vec!["1", "甲"], vec!["下", "旁"]]
    );
    let refused = |page: &str| open("a.xls", page.as_bytes()).expect_err("no list").0.remove(0);
    let login = refused("<html><body>登录已过期<table><tr><td> </table></body></html>");
    assert_eq!((login.code, login.found.en.as_str()), ("not_a_list", "a web page without a table"));
    assert!(refused("<?xml version=\"1.0\"?><a>1</a>").found.en.starts_with("XML"));
}

fn xmlss(sheets: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>\
         <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\
         <Styles><Style ss:ID=\"s1\"><Font ss:StrikeThrough=\"1\"/></Style><Style ss:ID=\"s2\"><Font/></Style></Styles>{sheets}</Workbook>"
    )
}

#[test]
fn xml_spreadsheets_are_read() {
    let sheets = "<Worksheet ss:Name=\"一班\"><Table><Column/><Column ss:Hidden=\"1\" ss:Span=\"1\"/>\n\
        <Row ss:Index=\"2\"><Cell ss:MergeAcross=\"2\"><Data ss:Type=\"String\">成绩 &amp; 名次</Data></Cell><Cell><Data ss:Type=\"String\">备注</Data></Cell></Row>\
        <Row ss:Hidden=\"1\"><Cell><Data ss:Type=\"Number\">90.5</Data><Comment><ss:Data>note</ss:Data></Comment></Cell>\
        <Cell ss:Index=\"3\"><Data ss:Type=\"DateTime\">2010-09-01T00:00:00.000</Data></Cell><Cell><Data ss:Type=\"Boolean\">1</Data></Cell></Row>\
        <Row ss:StyleID=\"s1\"><Cell><ss:Data ss:Type=\"String\">王<B>晓岚</B></ss:Data>\n</Cell><Cell ss:StyleID=\"s2\" ss:Formula=\"=A1\"/></Row>\
        </Table></Worksheet><Worksheet ss:Name=\"旧\"><Table/><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>\
        <Worksheet ss:Name=\"二班\"><Table><Row><Cell><Data ss:Type=\"String\">x</Data></Cell></Row></Table></Worksheet>";
    let book = open("a.xls", xmlss(sheets).as_bytes()).expect("a book");
    let table = &book.tables[0];
    assert_eq!(
        shown(table),
        [vec!["成绩 & 名次", "", "", "备注"], vec!["90.5", "", "2010-09-01", "TRUE"], vec!["王晓岚", ""]]
    );
    assert_eq!(looks(table), (vec![3], vec![4]));
    assert_eq!((&table.hidden_columns, table.rows[0].number), (&vec![1, 2], 2));
    assert_eq!(table.merges, [table::Merge { rows: (2, 2), columns: (0, 2) }]);
    let names: Vec<&str> = book.tables.iter().map(|table| table.sheet.as_str()).collect();
    assert_eq!((names, book.hidden), (vec!["一班", "二班"], vec!["旧".to_owned()]));
    let cut = xmlss(sheets);
    let fault = open("a.xls", &cut.as_bytes()[..cut.len() - 40]).expect_err("cut off").0.remove(0);
    assert_eq!(fault.code, "damaged_workbook");
}

const JAPANESE: &str =
    "出席番号,氏名,性別,国語,数学\r\n1,佐藤太郎,男,50,90\r\n2,鈴木花子,女,53,88\r\n3,高橋さくら,女,60,70\r\n";
const TRADITIONAL: &str = "座號,姓名,性別,國語,數學\r\n1,陳怡君,女,50,90\r\n2,林志豪,男,53,88\r\n3,黃淑芬,女,60,70\r\n";
const SIMPLIFIED: &str = "座号,姓名,性别,语文,数学\r\n1,陈怡君,女,50,90\r\n2,林志豪,男,53,88\r\n3,黄淑芬,女,60,70\r\n";

#[test]
fn east_asian_encodings_are_told_apart() {
    for (text, encoding) in
        [(JAPANESE, encoding_rs::SHIFT_JIS), (TRADITIONAL, encoding_rs::BIG5), (SIMPLIFIED, encoding_rs::GB18030)]
    {
        for text in [text.to_owned(), text.replace(',', "\t")] {
            let book = open("a.csv", &encoding.encode(&text).0).expect("a list");
            assert_eq!(book.encoding, Some(encoding.name()));
            assert_eq!(book.tables[0].rows[0].cells[1].shown(), text.split([',', '\t']).nth(1).expect("a name"));
        }
    }
}

#[test]
fn separators_by_what_they_make_of_the_text() {
    let read = |text: &str| shown(&only_table("a.csv", text.as_bytes()));
    let rows = "Nora Abbott;4,0;3,5\nLeo Barros;5,7;4,3\nMina Cho;6,4;5,6\n";
    for separator in [";", "\t", "|"] {
        let text = rows.replace(';', separator);
        assert_eq!(read(&text)[2], ["Mina Cho", "6,4", "5,6"], "{separator:?}");
        assert_eq!(read(&format!("Results, spring; all\n\n{text}"))[3], ["Mina Cho", "6,4", "5,6"], "{separator:?}");
    }
    assert_eq!(read("名单;a|b\n王晓岚;a\n周若水;b|c|d\n许明远;\n")[1], ["王晓岚", "a"]);
    assert_eq!(read("学号,备注\n1,a;b;c\n2,d\n3,e;f\n")[1], ["1", "a;b;c"]);
    assert_eq!(read("id,remark\n1,\"x;y;z\"\n2,\"a;b;c\"\n")[1], ["1", "x;y;z"]);
    let table = only_table("a.csv", "sep=;\r\nName;Score\r\nAbbott, Nora;1,5\r\nBarros, Leo;2,5\r\n".as_bytes());
    assert_eq!(shown(&table)[1], ["Abbott, Nora", "1,5"]);
    assert_eq!((table.rows[0].number, table.rows[0].line), (2, Some(2)));
}

#[test]
fn tab_text_under_any_name_and_encoding() {
    let text = "\"Last Name\"\t\"First Name\"\t\"Final Exam [Total Pts: 100 Score] |812\"\r\n\"Abbott\"\t\"Nora\"\t\"58\"\r\n\"Cho, M.\"\t\"Mina\"\t\"64\"\r\n";
    let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    for bytes in [
        wide(&format!("\u{feff}{text}"), u16::to_le_bytes),
        wide(&format!("\u{feff}{text}"), u16::to_be_bytes),
        wide(text, u16::to_le_bytes),
        text.as_bytes().to_vec(),
    ] {
        for name in ["gc.xls", "gc.xlsx", "gc.csv"] {
            assert_eq!(shown(&only_table(name, &bytes))[2], ["Cho, M.", "Mina", "64"], "{name}");
        }
    }
    let gbk = encoding_rs::GBK.encode("学号\t姓名\n1\t王晓岚\n").0.into_owned();
    assert_eq!(shown(&only_table("a.xls", &gbk))[1], ["1", "王晓岚"]);
}

/// An OLE file with streams of these names.
fn ole(streams: &[&str]) -> Vec<u8> {
    use std::io::{Cursor, Write};
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a file");
    for name in streams {
        file.create_stream(name).and_then(|mut stream| stream.write_all(b"x")).expect("a stream");
    }
    file.into_inner().into_inner()
}

#[test]
fn files_that_are_no_list_are_named_as_what_they_are() {
    let encrypted =
        "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let cases: [(&str, Vec<u8>, &str, &str); 16] = [
        ("a.xlsx", ole(&["EncryptedPackage", "EncryptionInfo"]), "locked_workbook", "password"),
        ("a.ods", zipped(&[("META-INF/manifest.xml", encrypted), ("content.xml", "?")]), "locked_workbook", "password"),
        (
            "a.ods",
            zipped(&[("META-INF/manifest.xml", encrypted), ("encrypted-package", "?")]),
            "locked_workbook",
            "password",
        ),
        ("a.doc", ole(&["WordDocument"]), "not_a_list", "text document"),
        (
            "a.docx",
            zipped(&[("[Content_Types].xml", "<a/>"), ("word/document.xml", "<a/>")]),
            "not_a_list",
            "text document",
        ),
        (
            "a.odt",
            zipped(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<a/>")]),
            "not_a_list",
            "text document",
        ),
        ("a.rtf", b"{\\rtf1 x}".to_vec(), "not_a_list", "text document"),
        ("a.xlsb", zipped(&[("[Content_Types].xml", "<a/>"), ("xl/workbook.bin", "")]), "not_a_list", "XLSB"),
        ("a.numbers", zipped(&[("Index/Document.iwa", "x"), ("preview.jpg", "x")]), "not_a_list", "Numbers"),
        ("a.pdf", b"%PDF-1.7\n\x00\xff".to_vec(), "not_a_list", "PDF"),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d".to_vec(), "not_a_list", "picture"),
        ("a.csv", b"\xff\xd8\xff\xe0\x00\x10JFIF".to_vec(), "not_a_list", "picture"),
        ("a.rar", b"Rar!\x1a\x07\x00".to_vec(), "not_a_list", "archive"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\x00".to_vec(), "not_a_list", "archive"),
        ("a.mht", b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n".to_vec(), "not_a_list", "web archive"),
        ("a.zip", zipped(&[("a.csv", "id,math\n1,2\n")]), "not_a_workbook", "zip"),
    ];
    for (name, bytes, code, word) in cases {
        let faults = open(name, &bytes).expect_err(name).0;
        assert_eq!((faults.len(), faults[0].code), (1, code), "{name}: {faults:?}");
        assert!(faults[0].found.en.contains(word) && !faults[0].action.zh.is_empty(), "{name}: {faults:?}");
    }
    // Letters that a picture begins with may begin a list as well.
    assert_eq!(shown(&only_table("a.csv", b"BMI,name\n20,x\n"))[0], ["BMI", "name"]);
}

/// A workbook of another program (.et) is an XLS by content.
#[test]
fn the_name_decides_nothing() {
    for name in ["a.et", "a.csv", "a"] {
        assert!(!only_table(name, include_bytes!("data/list.xls")).rows.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Text without quotation marks is cut by hand, a long one in parts, text with them by the csv crate: all find the same records.
    #[test]
    fn quotation_marks_change_no_record(
        records in proptest::collection::vec(
            (proptest::collection::vec("[ a-z0-9甲乙=\u{3000}.]{0,6}", 2..5), "(\n|\r\n|\r){1,3}"),
            1..8,
        ),
        is_long in proptest::bool::weighted(0.1),
    ) {
        let text = |cell: &dyn Fn(&String) -> String| {
            let line = |(cells, end): &(Vec<String>, String)| {
                cells.iter().map(cell).collect::<Vec<_>>().join(",") + end
            };
            records.iter().map(line).collect::<String>()
        };
        let (plain, quoted) = (text(&String::clone), text(&|cell| format!("\"{cell}\"")));
        let times = if is_long { 400_000 / plain.len() + 1 } else { 1 };
        let (plain, quoted) = (plain.repeat(times), quoted.repeat(times));
        prop_assert_eq!(only_table("a.csv", plain.as_bytes()).rows, only_table("a.csv", quoted.as_bytes()).rows);
    }
}
