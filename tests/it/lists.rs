//! Lists for the tests of reading: separated text, workbooks built in memory, a minimal ODS.

use fenzu::fault::{Fault, Faults, Notice};
use fenzu::roster::{Cell, Column, Override, Reading, Roster, read};
use rust_xlsxwriter::{Workbook, Worksheet};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// Names of a class.
pub const HAN: [&str; 12] = [
    "王梓涵",
    "李欣怡",
    "张浩宇",
    "刘子轩",
    "陈思远",
    "杨雨桐",
    "赵一鸣",
    "黄诗琪",
    "周俊杰",
    "吴佳怡",
    "徐天佑",
    "孙雅婷",
];

/// Reads bytes under a file name, without overrides.
pub fn read_as(file: &str, bytes: &[u8]) -> Result<Roster, Faults> {
    read(bytes, &Reading { file, ..Reading::default() })
}

/// Reads separated text.
pub fn csv(text: &str) -> Result<Roster, Faults> {
    read_as("list.csv", text.as_bytes())
}

/// Reads separated text that must be a list.
pub fn good(text: &str) -> Roster {
    csv(text).unwrap_or_else(|faults| panic!("refused:\n{faults}"))
}

/// Reads separated text with `--column` options.
pub fn named(text: &str, options: &[&str]) -> Result<Roster, Faults> {
    let overrides: Vec<Override> = options.iter().map(|o| o.parse().expect("a --column option")).collect();
    read(text.as_bytes(), &Reading { file: "list.csv", overrides: &overrides, ..Reading::default() })
}

/// Builds an XLSX of one sheet.
pub fn xlsx(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().expect("a workbook")
}

/// Writes rows of text and numbers from a row on; text that is a number becomes one, empty text nothing.
pub fn write_rows(sheet: &mut Worksheet, first: u32, rows: &[&[&str]]) {
    for (r, row) in (first..).zip(rows) {
        for (c, text) in (0u16..).zip(*row) {
            match text.parse::<f64>() {
                Ok(x) => sheet.write_number(r, c, x).map(|_| ()),
                Err(_) if text.is_empty() => Ok(()),
                Err(_) => sheet.write_string(r, c, *text).map(|_| ()),
            }
            .expect("a cell");
        }
    }
}

/// Reads an XLSX that must be a list.
pub fn good_xlsx(fill: impl FnOnce(&mut Worksheet)) -> Roster {
    read_as("list.xlsx", &xlsx(fill)).unwrap_or_else(|faults| panic!("refused:\n{faults}"))
}

/// A zip of the given entries.
pub fn zipped(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).expect("an entry");
        zip.write_all(content.as_bytes()).expect("its bytes");
    }
    zip.finish().expect("a zip").into_inner()
}

/// A minimal ODS whose one table holds `rows` (XML).
pub fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\">\
         <office:body><office:spreadsheet><table:table table:name=\"名册\">{rows}</table:table></office:spreadsheet></office:body>\
         </office:document-content>"
    );
    let manifest = "<?xml version=\"1.0\"?><manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">\
                    <manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>\
                    </manifest:manifest>";
    zipped(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", &content),
    ])
}

/// A text cell of an ODS.
pub fn ods_text(text: &str) -> String {
    format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
}

/// A number cell of an ODS.
pub fn ods_number(x: f64) -> String {
    format!(
        "<table:table-cell office:value-type=\"float\" office:value=\"{x}\"><text:p>{x}</text:p></table:table-cell>"
    )
}

/// The column read as `read_as`.
pub fn column<'a>(roster: &'a Roster, read_as: &str) -> &'a Column {
    let found = roster.columns.iter().find(|column| column.field.to_string() == read_as);
    found.unwrap_or_else(|| panic!("no column read as {read_as}: {:?}", fields(roster)))
}

/// The numbers of a column; `None` where there is none.
pub fn numbers(roster: &Roster, read_as: &str) -> Vec<Option<f64>> {
    column(roster, read_as).cells.iter().map(Cell::number).collect()
}

/// The texts of a column.
pub fn texts<'a>(roster: &'a Roster, read_as: &str) -> Vec<&'a str> {
    column(roster, read_as).cells.iter().map(|cell| cell.text().unwrap_or_default()).collect()
}

/// What each column was read as.
pub fn fields(roster: &Roster) -> Vec<String> {
    roster.columns.iter().map(|column| column.field.to_string()).collect()
}

/// The ids of all students.
pub fn ids(roster: &Roster) -> Vec<&str> {
    roster.students.iter().map(|student| student.id.as_str()).collect()
}

/// The one notice with this code.
pub fn notice<'a>(roster: &'a Roster, code: &str) -> &'a Notice {
    let found: Vec<&Notice> = roster.notices.iter().filter(|notice| notice.code == code).collect();
    assert_eq!(found.len(), 1, "notices with code {code}: {:?}", roster.notices);
    found[0]
}

/// The first fault of a refused list, which must have this code and place.
pub fn fault(result: Result<Roster, Faults>, code: &str, place: &str) -> Fault {
    let faults = result.expect_err("must be refused").0;
    let first = faults.first().expect("never empty").clone();
    assert_eq!((first.code, first.place.as_str()), (code, place), "{first:?}");
    for fault in &faults {
        for words in [&fault.found, &fault.expected, &fault.action] {
            assert!(!words.zh.is_empty() && !words.en.is_empty(), "{fault:?}");
        }
    }
    first
}

/// An XLSX whose one sheet declares `dimension` and holds `rows` (XML).
pub fn raw_sheet(dimension: &str, rows: &str) -> Vec<u8> {
    let space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let xml = format!(
        "<worksheet xmlns=\"{space}\"><dimension ref=\"{dimension}\"/><sheetData>{rows}</sheetData></worksheet>"
    );
    let good = xlsx(|_| ());
    let mut archive = zip::ZipArchive::new(Cursor::new(good)).expect("a zip");
    let mut entries = Vec::new();
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i).expect("an entry");
        let mut content = String::new();
        std::io::Read::read_to_string(&mut entry, &mut content).expect("text");
        let name = entry.name().expect("a name").into_owned();
        entries.push((name.clone(), if name == "xl/worksheets/sheet1.xml" { xml.clone() } else { content }));
    }
    let entries: Vec<(&str, &str)> = entries.iter().map(|(name, content)| (name.as_str(), content.as_str())).collect();
    zipped(&entries)
}
