//! The bytes of sheets: a workbook, or text of the first sheet.

use super::columns::Value;
use super::draw::{Encoding, File};
use super::sheet::Sheet;
use encoding_rs::GB18030;
use rust_xlsxwriter::{Format, Workbook, Worksheet};

/// The file's name and bytes.
pub fn bytes(sheets: &[Sheet], file: File) -> (&'static str, Vec<u8>) {
    match file {
        File::Xlsx => ("list.xlsx", workbook(sheets)),
        File::Typed { separator } => {
            ("list.csv", typed(&sheets[0], separator).unwrap_or_else(|| text(&sheets[0], b',')).into_bytes())
        }
        File::Text { separator, encoding } => ("list.csv", encoded(&text(&sheets[0], separator), encoding)),
    }
}

/// A sheet as separated text, every row of the same length.
pub fn text(sheet: &Sheet, separator: u8) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    for row in rows(sheet) {
        writer.write_record(row).expect("a record");
    }
    String::from_utf8(writer.into_inner().expect("text")).expect("UTF-8")
}

/// The texts of a sheet, every row of the same length.
fn rows(sheet: &Sheet) -> Vec<Vec<String>> {
    let width = sheet.rows.iter().map(Vec::len).max().unwrap_or(0);
    let shown = |value: Option<&Value>| match value {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Number(x)) => x.to_string(),
        Some(Value::Blank) | None => String::new(),
    };
    sheet.rows.iter().map(|row| (0..width).map(|c| shown(row.get(c))).collect()).collect()
}

/// A sheet as somebody types it; nothing where that would not be plain.
fn typed(sheet: &Sheet, separator: char) -> Option<String> {
    let rows = rows(sheet);
    let is_plain = |cell: &String| {
        !cell.contains([',', ';', '\t', '|', '"', '\n', separator])
            && (separator != ' ' || !(cell.is_empty() || cell.contains(char::is_whitespace)))
    };
    let lines = rows.iter().filter(|row| row.iter().any(|cell| !cell.is_empty()));
    let lines: Vec<String> = lines.map(|row| row.join(separator.encode_utf8(&mut [0; 4]))).collect();
    (rows.iter().flatten().all(is_plain) && lines.len() > 4).then(|| lines.join("\n"))
}

fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Marked => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        Encoding::Utf16 => [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect(),
        Encoding::Gb18030 => GB18030.encode(text).0.into_owned(),
    }
}

fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    let mut book = Workbook::new();
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(&sheet.name).expect("a name");
        for (r, row) in (0u32..).zip(&sheet.rows) {
            for (c, value) in (0u16..).zip(row) {
                cell(page, r, c, value);
            }
        }
        for &(r, c, last_row, last_column) in &sheet.merges {
            let (row, column) = (u32::try_from(r).expect("a row"), u16::try_from(c).expect("a column"));
            let (to, end) = (u32::try_from(last_row).expect("a row"), u16::try_from(last_column).expect("a column"));
            page.merge_range(row, column, to, end, "", &Format::new()).expect("a merge");
            cell(page, row, column, &sheet.rows[r][c]);
        }
        for &row in &sheet.hidden {
            page.set_row_hidden(u32::try_from(row).expect("a row")).expect("a row");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

fn cell(page: &mut Worksheet, row: u32, column: u16, value: &Value) {
    match value {
        Value::Blank => {}
        Value::Text(text) => drop(page.write_string(row, column, text).expect("a cell")),
        Value::Number(x) => drop(page.write_number(row, column, *x).expect("a cell")),
    }
}
