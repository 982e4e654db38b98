//! Large numeric data: rows of numbers, read from CSV with or without a row of headers.

use crate::fault::{Fault, Faults};
use crate::words;
use crate::words::Words;

/// Most rows and columns.
pub const MAX_ROWS: usize = 2_000_000;
/// Most columns.
pub const MAX_COLUMNS: usize = 100;

/// Largest number, by absolute value: sums of squares stay finite.
const LARGEST: f64 = 1e100;

/// Faults told at most.
const MOST_FAULTS: usize = 20;

/// Rows of numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// Numbers in a row.
    pub columns: usize,
    /// `values[i * columns + c]`.
    pub values: Vec<f64>,
}

impl Rows {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len() / self.columns.max(1)
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// Reads rows of numbers. A first row without any number is the header.
///
/// # Errors
/// Everything that is wrong with the text, up to 20 faults, with line and column.
pub fn read(bytes: &[u8], file: &str) -> Result<Rows, Faults> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut rows = Rows { columns: 0, values: Vec::new() };
    let (mut faults, mut record, mut first) = (Vec::new(), csv::ByteRecord::new(), true);
    while faults.len() < MOST_FAULTS {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                faults.push(fault("damaged_csv", file.to_owned(), words!("{error}", "{error}"), rows_wanted()));
                break;
            }
        }
        let line = record.position().map_or(0, csv::Position::line);
        if first {
            rows.columns = record.len();
            first = false;
            if record.iter().all(|cell| number(cell).is_none()) {
                continue;
            }
        }
        if rows.len() == MAX_ROWS || rows.columns > MAX_COLUMNS {
            let found = words!("更多的行或列", "more rows or columns");
            let expected =
                words!("至多 {MAX_ROWS} 行 {MAX_COLUMNS} 列", "at most {MAX_ROWS} rows and {MAX_COLUMNS} columns");
            faults.push(fault("too_many_rows", format!("{file} line {line}"), found, expected));
            break;
        }
        one(&record, line, file, &mut rows, &mut faults);
    }
    if faults.is_empty() && rows.len() < 2 {
        faults.push(fault("too_few_rows", file.to_owned(), words!("不足两行数", "fewer than two rows"), rows_wanted()));
    }
    if faults.is_empty() { Ok(rows) } else { Err(Faults(faults)) }
}

/// Reads one row.
fn one(record: &csv::ByteRecord, line: u64, file: &str, rows: &mut Rows, faults: &mut Vec<Fault>) {
    if record.len() != rows.columns {
        let (found, expected) = (record.len(), rows.columns);
        let expected = words!("{expected} 列，与第一行一致", "{expected} columns, as in the first row");
        faults.push(fault(
            "row_length",
            format!("{file} line {line}"),
            words!("{found} 列", "{found} columns"),
            expected,
        ));
        return;
    }
    for (column, cell) in record.iter().enumerate() {
        let Some(value) = number(cell) else {
            let text: String = String::from_utf8_lossy(cell).chars().take(40).collect();
            let place = format!("{file} line {line} column {}", column + 1);
            faults.push(fault("no_number", place, words!("“{text}”", "\"{text}\""), words!("一个数", "a number")));
            // The row stays whole, so that the rows counted are those of the file.
            rows.values.push(0.0);
            continue;
        };
        rows.values.push(value);
    }
}

fn number(cell: &[u8]) -> Option<f64> {
    let value: f64 = std::str::from_utf8(cell).ok()?.trim().parse().ok()?;
    (value.abs() <= LARGEST).then_some(value)
}

fn rows_wanted() -> Words {
    words!("每行若干个数的 CSV", "CSV with numbers in every row")
}

fn fault(code: &'static str, place: String, found: Words, expected: Words) -> Fault {
    let action = words!(
        "请改正后再试；类别和缺失值须先换成数",
        "correct it; turn categories and missing values into numbers first"
    );
    Fault { code, place, found, expected, action }
}
