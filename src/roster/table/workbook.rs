//! Workbooks through calamine: XLSX cell by cell (a sheet's declared dimension is never trusted), XLS and ODS as a whole.

use super::unpack::{self, Content};
use super::{Book, Kind, Merge, Raw, Row, Table, ods, xls};
use crate::fault::Faults;
use crate::roster::options::Limits;
use crate::roster::tell::Why;
use crate::roster::{RowPlace, caps, fold};
use crate::words;
use calamine::{
    Data, DataRef, Dimensions, ExcelDateTime, Ods, Range, Reader, Sheet, SheetType, SheetVisible, Xls, Xlsx,
};
use std::collections::BTreeMap;
use std::io::Cursor;

/// The longest text a spreadsheet program lets into a cell is 32,767 characters, at most this many bytes.
const CELL_BYTES: usize = 4 * 32_767;

/// Reads a zipped workbook (XLSX or ODS).
///
/// # Errors
/// Damage, a zip that is no workbook, or one beyond the limits.
pub fn open_zip(bytes: &[u8], file: &str, limits: &Limits) -> Result<Book, Faults> {
    match unpack::inspect(bytes, file, limits)? {
        Content::Xlsx => open_xlsx(bytes, file, limits),
        Content::Ods => open_ods(bytes, file, limits),
    }
}

fn open_xlsx(bytes: &[u8], file: &str, limits: &Limits) -> Result<Book, Faults> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|e| damaged(file, &e.to_string()))?;
    let (shown, hidden) = visible(book.sheets_metadata());
    let mut tables = Vec::new();
    for sheet in shown {
        // A damaged list of merged cells only costs the fill-down of merged cells, which is told where it matters.
        let merges = book.merge_cells_by_sheet_name(&sheet).unwrap_or_default();
        let mut reader = book.worksheet_cells_reader(&sheet).map_err(|e| damaged(file, &e.to_string()))?;
        let mut cells = Cells::new(&sheet, file, limits);
        while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(|e| damaged(file, &e.to_string()))? {
            let raw = if cell.formula.is_some() && cell.value == DataRef::Empty {
                Raw::Uncomputed
            } else {
                raw_ref(cell.value)
            };
            cells.add(cell.pos, raw)?;
        }
        tables.push(cells.table(&merges));
    }
    Ok(Book { tables, hidden, encoding: None })
}

/// Reads an XLS workbook.
///
/// # Errors
/// Damage, a password, or a workbook beyond the limits.
pub fn open_xls(bytes: &[u8], file: &str, limits: &Limits) -> Result<Book, Faults> {
    const ENCRYPTED: [u8; 16] = *b"E\0n\0c\0r\0y\0p\0t\0e\0"; // EncryptedPackage: an XLSX behind a password
    if bytes.windows(ENCRYPTED.len()).any(|window| window == ENCRYPTED) {
        return Err(locked(file));
    }
    let sound = xls::inspect(bytes, file, limits)?;
    // calamine indexes XLS records without looking at their length; its panic is the file's fault and stays in here.
    let read = std::panic::catch_unwind(|| read_xls(&sound, file, limits));
    read.unwrap_or_else(|_| Err(damaged(file, "unreadable records")))
}

fn read_xls(bytes: &[u8], file: &str, limits: &Limits) -> Result<Book, Faults> {
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|e| match e {
        calamine::XlsError::Password => locked(file),
        e => damaged(file, &e.to_string()),
    })?;
    let (shown, hidden) = visible(book.sheets_metadata());
    let mut tables = Vec::new();
    for sheet in shown {
        let merges = book.merge_cells_by_sheet_name(&sheet).unwrap_or_default();
        let range = book.worksheet_range(&sheet).map_err(|e| damaged(file, &e.to_string()))?;
        tables.push(dense(&range, &Range::empty(), Cells::new(&sheet, file, limits))?.table(&merges));
    }
    Ok(Book { tables, hidden, encoding: None })
}

fn open_ods(bytes: &[u8], file: &str, limits: &Limits) -> Result<Book, Faults> {
    ods::inspect(bytes, file, limits)?;
    let mut book = Ods::new(Cursor::new(bytes)).map_err(|e| damaged(file, &e.to_string()))?;
    let (shown, hidden) = visible(book.sheets_metadata());
    let mut tables = Vec::new();
    for sheet in shown {
        let range = book.worksheet_range(&sheet).map_err(|e| damaged(file, &e.to_string()))?;
        let formulas = book.worksheet_formula(&sheet).map_err(|e| damaged(file, &e.to_string()))?;
        tables.push(dense(&range, &formulas, Cells::new(&sheet, file, limits))?.table(&[]));
    }
    Ok(Book { tables, hidden, encoding: None })
}

/// Names of the visible and the hidden work sheets; where all are hidden, all count as visible.
fn visible(sheets: &[Sheet]) -> (Vec<String>, Vec<String>) {
    let sheets = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let (shown, hidden): (Vec<&Sheet>, Vec<&Sheet>) = sheets.partition(|sheet| sheet.visible == SheetVisible::Visible);
    let names = |sheets: Vec<&Sheet>| sheets.iter().map(|sheet| sheet.name.clone()).collect();
    if shown.is_empty() { (names(hidden), Vec::new()) } else { (names(shown), names(hidden)) }
}

fn dense<'a>(range: &Range<Data>, formulas: &Range<String>, mut cells: Cells<'a>) -> Result<Cells<'a>, Faults> {
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        // A sheet has fewer than 2^32 rows and columns, so neither conversion nor sum can fail.
        let at = (top + u32::try_from(row).unwrap_or(u32::MAX), left + u32::try_from(column).unwrap_or(u32::MAX));
        cells.add(at, raw(value))?;
    }
    let (top, left) = formulas.start().unwrap_or_default();
    for (row, column, _) in formulas.used_cells() {
        let at = (top + u32::try_from(row).unwrap_or(u32::MAX), left + u32::try_from(column).unwrap_or(u32::MAX));
        if range.get_value(at).is_none_or(|value| *value == Data::Empty) {
            cells.add(at, Raw::Uncomputed)?;
        }
    }
    Ok(cells)
}

/// The cells of one sheet as they come in, counted against the limits.
struct Cells<'a> {
    sheet: &'a str,
    file: &'a str,
    limits: &'a Limits,
    rows: BTreeMap<u32, Vec<Raw>>,
    count: usize,
    bytes: u64,
}

impl<'a> Cells<'a> {
    fn new(sheet: &'a str, file: &'a str, limits: &'a Limits) -> Self {
        Self { sheet, file, limits, rows: BTreeMap::new(), count: 0, bytes: 0 }
    }

    fn add(&mut self, (row, column): (u32, u32), raw: Raw) -> Result<(), Faults> {
        let column = column as usize;
        if raw == Raw::Empty {
            return Ok(());
        }
        let place = RowPlace { sheet: self.sheet.to_owned(), row: row as usize + 1, ..RowPlace::default() };
        if column >= self.limits.columns {
            return Err(caps::too_many_columns(self.file, &place.cell(Some(column)), self.limits));
        }
        if let Raw::Text(text) = &raw {
            self.bytes += text.len() as u64;
            if text.len() > CELL_BYTES {
                return Err(cell_too_long(self.file, &place.cell(Some(column))));
            }
        }
        let cells = self.rows.entry(row).or_default();
        if cells.len() <= column {
            self.count += column + 1 - cells.len();
            cells.resize(column + 1, Raw::Empty);
        }
        cells[column] = raw;
        if self.rows.len() > self.limits.sheet_rows {
            return Err(caps::too_many_rows(self.file, self.limits.sheet_rows));
        }
        if self.count > self.limits.sheet_cells || self.bytes > self.limits.unpacked_bytes {
            return Err(caps::too_many_cells(self.file, self.limits.sheet_cells));
        }
        Ok(())
    }

    fn table(self, merges: &[Dimensions]) -> Table {
        let rows = self.rows.into_iter().map(|(row, cells)| Row { number: row as usize + 1, cells, ..Row::default() });
        let merge = |m: &Dimensions| Merge {
            rows: (m.start.0 as usize + 1, m.end.0 as usize + 1),
            columns: (m.start.1 as usize, m.end.1 as usize),
        };
        Table {
            sheet: self.sheet.to_owned(),
            kind: Kind::Sheet,
            rows: rows.collect(),
            merges: merges.iter().map(merge).collect(),
            hidden_columns: Vec::new(),
        }
    }
}

fn raw_ref(value: DataRef<'_>) -> Raw {
    match value {
        DataRef::SharedString(text) => Raw::text(text),
        value => raw(&Data::from(value)),
    }
}

fn raw(value: &Data) -> Raw {
    match value {
        Data::Empty => Raw::Empty,
        Data::Int(i) => i32::try_from(*i).map_or_else(|_| Raw::Text(i.to_string()), |i| Raw::Number(f64::from(i))),
        Data::Float(x) if x.is_finite() => Raw::Number(*x),
        Data::Float(x) => Raw::Error(x.to_string()),
        Data::String(text) => Raw::text(text),
        Data::Bool(yes) => Raw::Bool(*yes),
        Data::DateTime(time) => Raw::Date(date(time)),
        Data::DateTimeIso(text) | Data::DurationIso(text) => Raw::Date(text.clone()),
        Data::Error(error) => Raw::Error(error.to_string()),
    }
}

fn date(time: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    match (time.is_duration(), hour, minute, second) {
        (true, ..) => format!("{hour:02}:{minute:02}:{second:02}"),
        (false, 0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"),
    }
}

/// The fault of a workbook that cannot be read.
#[must_use]
pub fn damaged(file: &str, reason: &str) -> Faults {
    let reason = fold::one_line(reason);
    let why = Why {
        found: words!("损坏或不完整的工作簿（{reason}）", "a damaged or incomplete workbook ({reason})"),
        expected: words!("能用 Excel 或 WPS 打开的工作簿", "a workbook that a spreadsheet program can open"),
        action: words!("请重新导出或下载，再另存为 .xlsx", "export or download it again and save it as .xlsx"),
    };
    why.refuse("damaged_workbook", file.to_owned())
}

fn locked(file: &str) -> Faults {
    let why = Why {
        found: words!("有密码保护的工作簿", "a workbook behind a password"),
        expected: words!("没有密码的工作簿", "a workbook without a password"),
        action: words!("请去掉密码后另存，再试一次", "save it without the password and try again"),
    };
    why.refuse("locked_workbook", file.to_owned())
}

fn cell_too_long(file: &str, place: &str) -> Faults {
    let why = Why {
        found: words!("过长的单元格", "a cell that is too long"),
        expected: words!("每格不超过 32767 字", "at most 32,767 characters in a cell"),
        action: words!("请删去多余的内容", "shorten it"),
    };
    why.refuse("cell_too_long", format!("{file} {place}"))
}
