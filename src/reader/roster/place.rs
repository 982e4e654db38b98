//! Where a row of a list stands, and its cells, for messages. In a plain table every cell of a row stands in its own column;
//! of lists that stand side by side, across, in several sheets or in several rows a student, each knows where its own are.

use super::column_letters;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a row stands in its file.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RowPlace {
    /// The sheet's name; empty for text and JSON.
    pub sheet: String,
    /// 1-based spreadsheet row (the record's number in a text file, the student's in JSON).
    pub row: usize,
    /// 1-based line of a text file, where it is one.
    pub line: Option<usize>,
    /// Where its cells stand.
    pub cells: Cells,
}

/// Where the cells of a row stand, by the column of the list.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Cells {
    /// In the column of the same number.
    #[default]
    Here,
    /// In the same row, in another column.
    Moved(Arc<BTreeMap<usize, usize>>),
    /// Anywhere: sheet, row, line, column.
    Apart(Arc<BTreeMap<usize, CellPlace>>),
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellPlace {
    /// The sheet's name, or the file's where a list is in several.
    pub sheet: String,
    /// 1-based row.
    pub row: usize,
    /// 1-based line of a text file.
    pub line: Option<usize>,
    /// 0-based column.
    pub column: usize,
}

impl Cells {
    /// The sheet's column of a list's column.
    pub(super) fn column(&self, column: usize) -> usize {
        match self {
            Self::Moved(columns) => columns.get(&column).copied().unwrap_or(column),
            Self::Here | Self::Apart(_) => column,
        }
    }

    /// Whether each cell has a place of its own.
    pub(super) fn is_apart(&self) -> bool {
        matches!(self, Self::Apart(_))
    }
}

impl RowPlace {
    /// `Sheet1!E12`, `line 12 (E12)`; without a column the row alone. `column` is 0-based.
    #[must_use]
    pub fn cell(&self, column: Option<usize>) -> String {
        if let (Cells::Apart(cells), Some(c)) = (&self.cells, column)
            && let Some(cell) = cells.get(&c)
        {
            return written(&cell.sheet, cell.line, &format!("{}{}", column_letters(cell.column), cell.row));
        }
        let name = column
            .map_or_else(|| self.row.to_string(), |c| format!("{}{}", column_letters(self.cells.column(c)), self.row));
        written(&self.sheet, self.line, &name)
    }

    /// The place of one cell, to be kept by a row that takes it over.
    pub(super) fn at(&self, column: usize) -> CellPlace {
        if let Cells::Apart(cells) = &self.cells
            && let Some(cell) = cells.get(&column)
        {
            return cell.clone();
        }
        CellPlace { sheet: self.sheet.clone(), row: self.row, line: self.line, column: self.cells.column(column) }
    }
}

fn written(sheet: &str, line: Option<usize>, name: &str) -> String {
    match line {
        Some(line) => format!("line {line} ({name})"),
        None if sheet.is_empty() => name.to_owned(),
        None => format!("{sheet}!{name}"),
    }
}
