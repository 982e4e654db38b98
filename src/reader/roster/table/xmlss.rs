//! XML Spreadsheet 2003 (`SpreadsheetML`), which some systems write under the name .xls.

use super::budget::{Budget, MOST_TEXT};
use super::grid::Grid;
use super::workbook::damaged;
use super::xml::{attribute, count, is_on, reference};
use super::{Book, Raw, Table};
use crate::fault::Faults;
use crate::roster::options::Limits;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashSet;

/// Whether a text that begins with `<` is such a workbook.
#[must_use]
pub fn is_one(text: &str) -> bool {
    let head: String = text.chars().take(4096).collect();
    head.contains("urn:schemas-microsoft-com:office:spreadsheet") && head.contains("Workbook")
}

/// Reads such a workbook.
///
/// # Errors
/// Damage, or a workbook beyond the limits.
pub fn open(text: &str, file: &str, limits: &Limits) -> Result<Book, Faults> {
    let budget = Budget::new(file, limits);
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    (config.expand_empty_elements, config.allow_dangling_amp) = (true, true);
    let mut walk =
        Walk { budget: &budget, struck: HashSet::new(), style: String::new(), sheet: None, sheets: Vec::new() };
    let mut depth = 0usize;
    loop {
        let event = reader.read_event().map_err(|_| damaged(file))?;
        match &event {
            Event::Start(start) => {
                depth += 1;
                walk.start(start)?;
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                walk.end(end.local_name().as_ref())?;
            }
            Event::Text(text) => walk.push(&text.xml10_content()),
            Event::CData(text) => walk.push(&text.xml10_content()),
            Event::GeneralRef(entity) => walk.push(&reference(entity)),
            Event::Eof if depth > 0 => return Err(damaged(file)),
            Event::Eof => return Ok(walk.book()),
            _ => {}
        }
    }
}

/// The walk through the workbook.
struct Walk<'b, 'a> {
    budget: &'b Budget<'a>,
    /// Names of the styles that strike text through, and the style that is being read.
    struck: HashSet<String>,
    style: String,
    sheet: Option<Sheet<'b, 'a>>,
    /// The sheets so far, each with whether it is hidden.
    sheets: Vec<(bool, Table)>,
}

/// The sheet that is being read; rows and columns are the next ones.
struct Sheet<'b, 'a> {
    grid: Grid<'b, 'a>,
    is_hidden: bool,
    row: usize,
    column: usize,
    /// Whether the open row is hidden and how many rows it stands for.
    row_hidden: bool,
    row_span: usize,
    row_style: String,
    cell: Option<Cell>,
    /// Open elements in a cell that are not its own: comments, phonetic text.
    foreign: usize,
    /// Whether the text of the sheet's visibility comes next.
    says_visible: bool,
}

/// The cell that is being read.
struct Cell {
    across: usize,
    down: usize,
    is_struck: bool,
    is_formula: bool,
    kind: Option<String>,
    /// Whether its data is being read.
    is_open: bool,
    text: String,
}

impl Walk<'_, '_> {
    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), Faults> {
        let name = start.local_name();
        match (name.as_ref(), &mut self.sheet) {
            ("Style", None) => self.style = attribute(start, "ID").unwrap_or_default(),
            ("Font", None) if is_on(start, "StrikeThrough") => {
                self.struck.insert(self.style.clone());
            }
            ("Worksheet", None) => {
                let grid = Grid::new(&attribute(start, "Name").unwrap_or_default(), self.budget)?;
                self.sheet = Some(Sheet::new(grid));
            }
            (name, Some(sheet)) => sheet.start(name, start, &self.struck),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), Faults> {
        let Some(sheet) = &mut self.sheet else { return Ok(()) };
        match name {
            _ if sheet.foreign > 0 => sheet.foreign -= 1,
            "Data" => sheet.cell.iter_mut().for_each(|cell| cell.is_open = false),
            "Cell" => sheet.close_cell()?,
            "Row" => sheet.close_row(),
            "Visible" => sheet.says_visible = false,
            "Worksheet" => {
                let closed = self.sheet.take().map(|sheet| (sheet.is_hidden, sheet.grid.table()));
                self.sheets.extend(closed);
            }
            _ => {}
        }
        Ok(())
    }

    fn push(&mut self, text: &str) {
        let Some(sheet) = self.sheet.as_mut().filter(|sheet| sheet.foreign == 0) else { return };
        if sheet.says_visible {
            sheet.is_hidden |= text.contains("Hidden");
        }
        if let Some(cell) = sheet.cell.as_mut().filter(|cell| cell.is_open && cell.text.len() < MOST_TEXT) {
            cell.text.push_str(text);
        }
    }

    /// The workbook; where all sheets are hidden, all count as visible.
    fn book(self) -> Book {
        let (hidden, shown): (Vec<_>, Vec<_>) = self.sheets.into_iter().partition(|(is_hidden, _)| *is_hidden);
        let tables = |sheets: Vec<(bool, Table)>| sheets.into_iter().map(|(_, table)| table);
        if shown.is_empty() {
            return Book { tables: tables(hidden).collect(), hidden: Vec::new(), encoding: None };
        }
        let hidden = tables(hidden).map(|table| table.sheet).collect();
        Book { tables: tables(shown).collect(), hidden, encoding: None }
    }
}

impl<'b, 'a> Sheet<'b, 'a> {
    fn new(grid: Grid<'b, 'a>) -> Self {
        Self {
            grid,
            is_hidden: false,
            row: 0,
            column: 0,
            row_hidden: false,
            row_span: 1,
            row_style: String::new(),
            cell: None,
            foreign: 0,
            says_visible: false,
        }
    }

    fn start(&mut self, name: &str, start: &BytesStart<'_>, struck: &HashSet<String>) {
        let index = |next: usize| count(start, "Index").map_or(next, |index| index.saturating_sub(1));
        let style = || attribute(start, "StyleID");
        match (name, &mut self.cell) {
            _ if self.foreign > 0 => self.foreign += 1,
            ("Data", Some(cell)) => {
                (cell.kind, cell.is_open) = (Some(attribute(start, "Type").unwrap_or_default()), true);
            }
            // Parts of a rich text stand inside the data; anything else in a cell is none of its value.
            (_, Some(cell)) if cell.kind.is_none() || matches!(name, "Comment" | "PhoneticText") => self.foreign = 1,
            ("Column", None) => {
                let (first, more) = (index(self.column), count(start, "Span").unwrap_or(0));
                self.column = first.saturating_add(more).saturating_add(1);
                if is_on(start, "Hidden") {
                    self.grid.hide_columns(first, self.column - 1);
                }
            }
            ("Row", None) => {
                (self.row, self.column) = (index(self.row), 0);
                self.row_hidden = is_on(start, "Hidden");
                self.row_span = count(start, "Span").unwrap_or(0).saturating_add(1);
                self.row_style = style().unwrap_or_default();
            }
            ("Cell", None) => {
                self.column = index(self.column);
                self.cell = Some(Cell {
                    across: count(start, "MergeAcross").unwrap_or(0),
                    down: count(start, "MergeDown").unwrap_or(0),
                    is_struck: struck.contains(&style().unwrap_or_else(|| self.row_style.clone())),
                    is_formula: attribute(start, "Formula").is_some(),
                    kind: None,
                    is_open: false,
                    text: String::new(),
                });
            }
            ("Visible", None) => self.says_visible = true,
            _ => {}
        }
    }

    fn close_cell(&mut self) -> Result<(), Faults> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let (row, column) = (self.row, self.column);
        let end = (row.saturating_add(cell.down), column.saturating_add(cell.across));
        self.column = end.1.saturating_add(1);
        self.grid.add(row, column, cell.raw())?;
        if cell.is_struck {
            self.grid.strike(row, column);
        }
        self.grid.merge((row, column), end)
    }

    fn close_row(&mut self) {
        let next = self.row.saturating_add(self.row_span);
        if self.row_hidden {
            self.grid.hide_rows(self.row, next - 1);
        }
        self.row = next;
    }
}

impl Cell {
    fn raw(&self) -> Raw {
        let text = self.text.trim();
        match self.kind.as_deref() {
            None | Some("") if self.is_formula && text.is_empty() => Raw::Uncomputed,
            Some("Number") => match text.parse::<f64>() {
                Ok(x) if x.is_finite() => Raw::Number(x),
                _ => Raw::text(text),
            },
            Some("Boolean") => Raw::Bool(matches!(text, "1" | "true")),
            Some("DateTime") => Raw::Date(text.trim_end_matches(".000").trim_end_matches("T00:00:00").into()),
            Some("Error") => Raw::Error(text.into()),
            _ => Raw::text(&self.text),
        }
    }
}
