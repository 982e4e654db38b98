//! Workbooks through calamine: XLSX cell by cell (a sheet's declared dimension is never trusted), XLS as a whole.

use super::budget::Budget;
use super::grid::Grid;
use super::looks::Package;
use super::unpack::{self, Content};
use super::{Book, Raw, ods, xls};
use crate::fault::Faults;
use crate::roster::options::Limits;
use crate::roster::tell::Why;
use crate::words;
use calamine::{Data, DataRef, ExcelDateTime, Reader, Sheet, SheetType, SheetVisible, Xls, Xlsx};
use std::io::Cursor;

/// Reads a zipped workbook (XLSX or ODS).
///
/// # Errors
/// Damage, a zip that is no workbook, or one beyond the limits.
pub fn open_zip(bytes: &[u8], file: &str, limits: &Limits) -> Result<Book, Faults> {
    match unpack::inspect(bytes, file, limits)? {
        Content::Xlsx => open_xlsx(bytes, &Budget::new(file, limits)),
        Content::Ods => ods::open(bytes, file, limits),
    }
}

fn open_xlsx(bytes: &[u8], budget: &Budget<'_>) -> Result<Book, Faults> {
    let damage = |_: calamine::XlsxError| damaged(budget.file);
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(damage)?;
    let (shown, hidden) = visible(book.sheets_metadata());
    let mut package = Package::open(bytes);
    let mut tables = Vec::new();
    for (number, sheet) in shown {
        let mut grid = Grid::new(&sheet, budget)?;
        let mut reader = book.worksheet_cells_reader(&sheet).map_err(damage)?;
        while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(damage)? {
            let raw = if cell.formula.is_some() && cell.value == DataRef::Empty {
                Raw::Uncomputed
            } else {
                raw_ref(cell.value)
            };
            grid.add(cell.pos.0 as usize, cell.pos.1 as usize, raw)?;
        }
        if let Some(package) = &mut package {
            package.dress(number, &mut grid)?;
        }
        tables.push(grid.table());
    }
    Ok(Book { tables, hidden, encoding: None })
}

/// Reads an XLS workbook.
///
/// # Errors
/// Damage, a password, or a workbook beyond the limits.
pub fn open_xls(bytes: &[u8], file: &str, limits: &Limits) -> Result<Book, Faults> {
    let (sound, looks) = xls::inspect(bytes, file, limits)?;
    // calamine indexes XLS records without looking at their length; its panic is the file's fault and stays in here.
    let read = std::panic::catch_unwind(|| read_xls(&sound, &looks, &Budget::new(file, limits)));
    read.unwrap_or_else(|_| Err(damaged(file)))
}

fn read_xls(bytes: &[u8], looks: &[xls::Looks], budget: &Budget<'_>) -> Result<Book, Faults> {
    let damage = |e: calamine::XlsError| match e {
        calamine::XlsError::Password => locked(budget.file),
        _ => damaged(budget.file),
    };
    let mut book = Xls::new(Cursor::new(bytes)).map_err(damage)?;
    let (shown, hidden) = visible(book.sheets_metadata());
    let mut tables = Vec::new();
    for (number, sheet) in shown {
        let mut grid = Grid::new(&sheet, budget)?;
        let range = book.worksheet_range(&sheet).map_err(damage)?;
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            grid.add(top as usize + row, left as usize + column, raw(value))?;
        }
        for merge in book.merge_cells_by_sheet_name(&sheet).unwrap_or_default() {
            let at = |(row, column): (u32, u32)| (row as usize, column as usize);
            grid.merge(at(merge.start), at(merge.end))?;
        }
        if let Some(looks) = looks.get(number) {
            looks.dress(&mut grid);
        }
        tables.push(grid.table());
    }
    Ok(Book { tables, hidden, encoding: None })
}

/// Numbers and names of the visible work sheets and names of the hidden ones; where all are hidden, all count as visible.
fn visible(sheets: &[Sheet]) -> (Vec<(usize, String)>, Vec<String>) {
    let sheets = sheets.iter().enumerate().filter(|(_, sheet)| sheet.typ == SheetType::WorkSheet);
    let named = sheets.map(|(number, sheet)| (sheet.visible == SheetVisible::Visible, (number, sheet.name.clone())));
    let (shown, hidden): (Vec<_>, Vec<_>) = named.partition(|(is_visible, _)| *is_visible);
    let sheets = |sheets: Vec<(bool, (usize, String))>| sheets.into_iter().map(|(_, sheet)| sheet);
    if shown.is_empty() {
        return (sheets(hidden).collect(), Vec::new());
    }
    (sheets(shown).collect(), sheets(hidden).map(|(_, name)| name).collect())
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
        Data::Int(i) => {
            i32::try_from(*i).map_or_else(|_| Raw::Text(i.to_string().into()), |i| Raw::Number(f64::from(i)))
        }
        Data::Float(x) if x.is_finite() => Raw::Number(*x),
        Data::Float(x) => Raw::Error(x.to_string().into()),
        Data::String(text) => Raw::text(text),
        Data::Bool(yes) => Raw::Bool(*yes),
        Data::DateTime(time) => Raw::Date(date(time).into()),
        Data::DateTimeIso(text) | Data::DurationIso(text) => Raw::Date(text.as_str().into()),
        Data::Error(error) => Raw::Error(error.to_string().into()),
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
pub fn damaged(file: &str) -> Faults {
    let why = Why {
        found: words!("损坏或不完整的工作簿", "a damaged or incomplete workbook"),
        expected: words!("能用 Excel 或 WPS 打开的工作簿", "a workbook that a spreadsheet program can open"),
        action: words!("请重新导出或下载，再另存为 .xlsx", "export or download it again and save it as .xlsx"),
    };
    why.refuse("damaged_workbook", file.to_owned())
}

/// The fault of a workbook that is encrypted.
pub fn locked(file: &str) -> Faults {
    let why = Why {
        found: words!("有密码保护的工作簿", "a workbook behind a password"),
        expected: words!("没有密码的工作簿", "a workbook without a password"),
        action: words!("请去掉密码后另存，再试一次", "save it without the password and try again"),
    };
    why.refuse("locked_workbook", file.to_owned())
}
