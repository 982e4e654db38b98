//! A list's bytes as tables of raw cells with their positions; the format is decided by content, not by the file's name.
//!
//! Rows are sparse: blank rows and trailing blank cells of a sheet take no room, so memory follows the cells that are there.

mod budget;
mod encoding;
mod grid;
mod html;
mod json;
mod looks;
mod ods;
mod other;
mod separator;
mod text;
mod typed;
mod unpack;
mod workbook;
mod xls;
mod xml;
mod xmlss;

pub use looks::comments;

use super::options::Limits;
use super::why::Why;
use super::{RowPlace, caps::too_long, fold};
use crate::fault::{Fault, Faults};
use crate::words;
use compact_str::CompactString;
use std::borrow::Cow;
use std::io::Read as _;
use std::path::Path;

/// A cell as the file holds it.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Raw {
    /// Nothing, or only spaces.
    #[default]
    Empty,
    /// Text as written; short text stands in the cell itself, so that the rows of a long list lie in one place.
    Text(CompactString),
    /// A finite number of a sheet or JSON.
    Number(f64),
    /// A logical value of a sheet or JSON.
    Bool(bool),
    /// A date or a time, as ISO 8601 text.
    Date(Box<str>),
    /// A formula that no program has computed yet.
    Uncomputed,
    /// A spreadsheet's error value, e.g. `#DIV/0!`.
    Error(Box<str>),
}

impl Raw {
    /// Text, or `Empty` where only spaces are in it.
    #[must_use]
    pub fn text(text: &str) -> Self {
        if fold::trim(text).is_empty() { Self::Empty } else { Self::Text(text.into()) }
    }

    /// Whether nothing is there to be read.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Empty | Self::Uncomputed)
    }

    /// Whether it is a number, or text that is one.
    #[must_use]
    pub fn is_numeric(&self) -> bool {
        match self {
            Self::Number(_) => true,
            Self::Text(text) => {
                text.contains(|c| fold::half_width(c).is_ascii_digit())
                    && fold::fold(fold::bare(text)).parse::<f64>().is_ok_and(f64::is_finite)
            }
            _ => false,
        }
    }

    /// The cell as one line of text, empty where it is blank.
    #[must_use]
    pub fn shown(&self) -> String {
        self.line().into_owned()
    }

    /// The same, taken out of the cell where it stands there as it is.
    #[must_use]
    pub fn take_line(&mut self) -> String {
        match self {
            Self::Text(text) if fold::line(text) == text.as_str() => std::mem::take(text).into(),
            raw => raw.shown(),
        }
    }

    /// The same, borrowed where it stands in the cell as it is.
    #[must_use]
    pub fn line(&self) -> Cow<'_, str> {
        match self {
            Self::Empty | Self::Uncomputed => Cow::Borrowed(""),
            Self::Text(text) => fold::line(text),
            Self::Number(x) => Cow::Owned(x.to_string()),
            Self::Bool(yes) => Cow::Borrowed(if *yes { "TRUE" } else { "FALSE" }),
            Self::Date(text) | Self::Error(text) => Cow::Borrowed(text),
        }
    }
}

/// One row that holds something.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Row {
    /// 1-based row of a sheet, record of a text file or student of a JSON list (0 for the JSON keys).
    pub number: usize,
    /// 1-based line of a text file.
    pub line: Option<usize>,
    /// Cells from the first column on; a short row is blank from there.
    pub cells: Vec<Raw>,
    /// Whether the sheet hides it, by hand or by a filter.
    pub hidden: bool,
    /// Whether its text is struck through.
    pub struck: bool,
}

impl Row {
    /// The cell of a column, `Empty` beyond the row's end.
    #[must_use]
    pub fn cell(&self, column: usize) -> &Raw {
        self.cells.get(column).unwrap_or(&Raw::Empty)
    }

    /// The columns that are not blank.
    pub fn filled(&self) -> impl Iterator<Item = (usize, &Raw)> {
        self.cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank())
    }

    /// Where the row stands.
    #[must_use]
    pub fn place(&self, sheet: &str) -> RowPlace {
        RowPlace { sheet: sheet.to_owned(), row: self.number, line: self.line, ..RowPlace::default() }
    }
}

/// Cells merged into one; the first holds the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// First and last row, 1-based.
    pub rows: (usize, usize),
    /// First and last column, 0-based.
    pub columns: (usize, usize),
}

/// What kind of source a table comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Separated text: every row has the header's number of cells.
    Text,
    /// A sheet of a workbook.
    Sheet,
    /// JSON: the first row holds the keys.
    Json,
}

/// One sheet, text file or JSON list.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The sheet's name; empty for text and JSON.
    pub sheet: String,
    /// What it comes from.
    pub kind: Kind,
    /// The rows that hold something, in order.
    pub rows: Vec<Row>,
    /// Merged cells of a sheet.
    pub merges: Vec<Merge>,
    /// Columns that the sheet hides, 0-based.
    pub hidden_columns: Vec<usize>,
}

/// All tables of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Book {
    /// In the file's order.
    pub tables: Vec<Table>,
    /// Hidden sheets, which are not read.
    pub hidden: Vec<String>,
    /// The text's encoding where it is not plain UTF-8.
    pub encoding: Option<&'static str>,
}

impl Book {
    fn of(table: Table) -> Self {
        Self { tables: vec![table], hidden: Vec::new(), encoding: None }
    }
}

/// Reads a list's bytes into tables.
///
/// # Errors
/// One fault: what stops the reading of the file as a whole.
pub fn open(bytes: &[u8], file: &str, limits: &Limits) -> Result<Book, Faults> {
    const ZIP: &[u8] = b"PK\x03\x04";
    const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
    if bytes.len() as u64 > limits.file_bytes {
        return Err(too_long(bytes.len() as u64, file, limits));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(empty_file(file));
    }
    if bytes.starts_with(ZIP) {
        return workbook::open_zip(bytes, file, limits);
    }
    if bytes.starts_with(OLE) {
        return workbook::open_xls(bytes, file, limits);
    }
    if let Some(other) = other::by_first_bytes(bytes) {
        return Err(other.refused(file));
    }
    let decoded = encoding::decode(bytes).map_err(|why| not_text(why, file))?;
    let start = decoded.text.trim_start_matches(fold::is_space);
    if start.is_empty() {
        return Err(empty_file(file));
    }
    let mut book = if start.starts_with(['{', '[']) {
        Book::of(json::table(&decoded.text, file, limits)?)
    } else if start.starts_with('<') {
        open_markup(start, file, limits)?
    } else {
        Book::of(text::table(&decoded.text, file, limits)?)
    };
    book.encoding = decoded.notable;
    Ok(book)
}

fn open_markup(text: &str, file: &str, limits: &Limits) -> Result<Book, Faults> {
    if xmlss::is_one(text) {
        return xmlss::open(text, file, limits);
    }
    html::open(text, file, limits)?.ok_or_else(|| other::markup(text).refused(file))
}

/// A text's bytes decoded as those of a list are.
///
/// # Errors
/// One fault: bytes that are no text in any supported encoding.
pub fn decoded(bytes: &[u8], file: &str) -> Result<String, Faults> {
    let decoded = encoding::decode(bytes).map_err(|why| not_text(why, file))?;
    Ok(decoded.text.into_owned())
}

/// The first row that holds something, for telling what a file begins with; at most 200 characters.
#[must_use]
pub fn first_row(tables: &[Table]) -> String {
    // A row of one cell is a title.
    let rows = || tables.iter().flat_map(|table| &table.rows);
    let row = rows().find(|row| row.filled().count() > 1).or_else(|| rows().next());
    let cells: Vec<String> = row.map(|row| row.cells.iter().map(Raw::shown).collect()).unwrap_or_default();
    cells.join(", ").chars().take(200).collect()
}

fn empty_file(file: &str) -> Faults {
    let why = Why {
        found: words!("空文件", "an empty file"),
        expected: words!("一份有表头和学生的名册", "a list with a header row and students"),
        action: words!("请检查是否选错了文件，或重新导出", "check that it is the right file, or export it again"),
    };
    why.refuse("empty_file", file.to_owned())
}

fn not_text(why: encoding::NotText, file: &str) -> Faults {
    let extension = file.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    if ["xlsx", "xls", "ods", "xlsm"].contains(&extension.as_str()) {
        return other::damaged(file);
    }
    let (code, line) = (why.code, why.line);
    let why = Why {
        found: why.found,
        expected: words!("UTF-8、UTF-16 或 GB18030 编码的文本", "text in UTF-8, UTF-16 or GB18030"),
        action: words!(
            "请用 Excel 或 WPS 另存为“CSV UTF-8”或 .xlsx 后再试",
            "save the list again as “CSV UTF-8” or as .xlsx"
        ),
    };
    why.refuse(code, format!("{file} line {line}"))
}

/// A list's name for messages and its bytes.
///
/// # Errors
/// One fault where the file cannot be read or is too long.
pub fn bytes_of(path: &Path, limits: &Limits) -> Result<(String, Vec<u8>), Faults> {
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let shown = path.to_string_lossy();
    let fault = |error: std::io::Error| Fault::unreadable(path, &error);
    let handle = std::fs::File::open(path).map_err(fault)?;
    let length = handle.metadata().map_err(fault)?.len();
    if length > limits.file_bytes {
        return Err(too_long(length, &shown, limits));
    }
    let mut bytes = Vec::new();
    // One byte more than allowed is enough to refuse a device or a growing file that told a smaller length.
    handle.take(limits.file_bytes + 1).read_to_end(&mut bytes).map_err(fault)?;
    Ok((file.into_owned(), bytes))
}
