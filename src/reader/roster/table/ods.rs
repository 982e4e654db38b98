//! `OpenDocument` spreadsheets in one walk through their content. The format repeats rows and cells by a number: what repeats
//! is spread out here, counted against the file's budget.

use super::budget::{Budget, MOST_TEXT};
use super::grid::Grid;
use super::workbook::damaged;
use super::xml::{attribute, count, reference};
use super::{Book, Raw, Table};
use crate::fault::Faults;
use crate::roster::RowPlace;
use crate::roster::caps::{too_many_cells, too_many_columns};
use crate::roster::options::Limits;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashSet;
use std::io::{BufReader, Cursor};
use zip::ZipArchive;

/// A run of spaces is not longer than this.
const MOST_SPACES: usize = 64;
/// Cells that repetition may put into any file, and how many more for each cell that is written.
const FREE_REPEATS: usize = 100_000;
const REPEATS_A_CELL: usize = 10;

/// Names of the styles that matter.
#[derive(Default)]
struct Styles {
    hidden_sheets: HashSet<String>,
    struck: HashSet<String>,
    /// Family, name and parent of the style that is being read.
    current: (String, String, String),
}

/// Reads an ODS.
///
/// # Errors
/// Damage, or a workbook beyond the limits.
pub fn open(bytes: &[u8], file: &str, limits: &Limits) -> Result<Book, Faults> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged(file))?;
    let budget = Budget::new(file, limits);
    let mut walk = Walk::new(&budget);
    if zip.index_for_name("styles.xml").is_some() {
        walk_part(&mut zip, "styles.xml", file, |event| {
            walk.styles.read(event);
            Ok(())
        })?;
    }
    walk_part(&mut zip, "content.xml", file, |event| walk.read(event))?;
    let hidden = walk.hidden.iter().map(|table| table.sheet.clone()).collect();
    let all_hidden = walk.shown.is_empty();
    let (tables, hidden) = if all_hidden { (walk.hidden, Vec::new()) } else { (walk.shown, hidden) };
    Ok(Book { tables, hidden, encoding: None })
}

fn walk_part(
    zip: &mut ZipArchive<Cursor<&[u8]>>,
    part: &str,
    file: &str,
    mut visit: impl FnMut(&Event<'_>) -> Result<(), Faults>,
) -> Result<(), Faults> {
    let entry = zip.by_name(part).map_err(|_| damaged(file))?;
    let mut reader = Reader::from_reader(BufReader::new(entry));
    reader.config_mut().expand_empty_elements = true;
    let (mut buffer, mut depth) = (Vec::new(), 0usize);
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|_| damaged(file))?;
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof if depth > 0 => return Err(damaged(file)),
            Event::Eof => return Ok(()),
            _ => {}
        }
        visit(&event)?;
    }
}

impl Styles {
    fn read(&mut self, event: &Event<'_>) {
        let Event::Start(start) = event else { return };
        let get = |name| attribute(start, name).unwrap_or_default();
        match start.name().as_ref() {
            "style:style" => {
                self.current = (get("family"), get("name"), get("parent-style-name"));
                if self.struck.contains(&self.current.2) {
                    self.struck.insert(self.current.1.clone());
                }
            }
            "style:table-properties" if get("display") == "false" => {
                self.hidden_sheets.insert(self.current.1.clone());
            }
            "style:text-properties" if self.current.0 == "table-cell" => {
                let says = ["text-line-through-style", "text-line-through-type"].map(|name| attribute(start, name));
                let says: Vec<String> = says.into_iter().flatten().collect();
                if says.iter().any(|line| line == "none") {
                    self.struck.remove(&self.current.1);
                } else if !says.is_empty() {
                    self.struck.insert(self.current.1.clone());
                }
            }
            _ => {}
        }
    }
}

/// The walk through the content.
struct Walk<'b, 'a> {
    budget: &'b Budget<'a>,
    styles: Styles,
    shown: Vec<Table>,
    hidden: Vec<Table>,
    sheet: Option<Sheet<'b, 'a>>,
    /// Open elements inside a sheet that are not its own cells: tables in cells, notes, drawings.
    foreign: usize,
    /// Cells that are written, and those that repetition has put.
    written: usize,
    repeats: usize,
}

/// The sheet that is being read.
struct Sheet<'b, 'a> {
    grid: Grid<'b, 'a>,
    is_hidden: bool,
    row: usize,
    /// The next column, of cells or of column elements.
    column: usize,
    /// Whether cells of a column without a style of their own are struck through.
    struck_columns: Vec<bool>,
    line: Option<Line>,
}

/// The row that is being read.
struct Line {
    repeated: usize,
    is_hidden: bool,
    style: Option<String>,
    cells: Vec<Cell>,
    open: bool,
}

/// What gives a cell without a value its text.
#[derive(Default, PartialEq)]
enum Source {
    /// It is written.
    #[default]
    Text,
    /// A formula that no program has computed.
    Formula,
    /// An error of a formula.
    Error,
}

/// A cell of it.
#[derive(Default)]
struct Cell {
    column: usize,
    repeated: usize,
    /// How many rows and columns it spans.
    spans: (usize, usize),
    style: Option<String>,
    is_struck: bool,
    source: Source,
    value: Option<Raw>,
    /// What it holds, once it is closed.
    raw: Raw,
    text: String,
    /// Whether a paragraph is open, and how many there were.
    in_paragraph: bool,
    paragraphs: usize,
}

impl<'b, 'a> Walk<'b, 'a> {
    fn new(budget: &'b Budget<'a>) -> Self {
        let (shown, hidden) = (Vec::new(), Vec::new());
        Self { budget, styles: Styles::default(), shown, hidden, sheet: None, foreign: 0, written: 0, repeats: 0 }
    }

    fn read(&mut self, event: &Event<'_>) -> Result<(), Faults> {
        let Some(sheet) = &mut self.sheet else {
            self.styles.read(event);
            if let Event::Start(start) = event
                && start.name().as_ref() == "table:table"
            {
                self.open_sheet(start)?;
            }
            return Ok(());
        };
        match event {
            Event::Start(_) if self.foreign > 0 => self.foreign += 1,
            Event::Start(start) if !sheet.open(start, &self.styles, self.budget) => self.foreign = 1,
            Event::End(_) if self.foreign > 0 => self.foreign -= 1,
            Event::End(end) if end.name().as_ref() == "table:table-row" => self.close_row()?,
            Event::End(end) if end.name().as_ref() == "table:table" => self.close_sheet(),
            Event::End(end) if end.name().as_ref().ends_with("table-cell") => sheet.close_cell(self.budget)?,
            Event::End(end) if end.name().as_ref() == "text:p" => sheet.close_paragraph(),
            Event::Text(text) if self.foreign == 0 => sheet.push(&text.xml10_content()),
            Event::CData(text) if self.foreign == 0 => sheet.push(&text.xml10_content()),
            Event::GeneralRef(entity) if self.foreign == 0 => sheet.push(&reference(entity)),
            _ => {}
        }
        Ok(())
    }

    fn open_sheet(&mut self, start: &BytesStart<'_>) -> Result<(), Faults> {
        let name = attribute(start, "name").unwrap_or_default();
        let is_hidden = attribute(start, "style-name").is_some_and(|style| self.styles.hidden_sheets.contains(&style));
        let grid = Grid::new(&name, self.budget)?;
        let struck_columns = vec![false; self.budget.limits.columns];
        self.sheet = Some(Sheet { grid, is_hidden, row: 0, column: 0, struck_columns, line: None });
        Ok(())
    }

    fn close_sheet(&mut self) {
        if let Some(sheet) = self.sheet.take() {
            let tables = if sheet.is_hidden { &mut self.hidden } else { &mut self.shown };
            tables.push(sheet.grid.table());
        }
    }

    fn close_row(&mut self) -> Result<(), Faults> {
        let Some(sheet) = &mut self.sheet else { return Ok(()) };
        let Some(line) = sheet.line.take() else { return Ok(()) };
        let filled = || line.cells.iter().filter(|cell| cell.raw != Raw::Empty);
        self.written += filled().count();
        let first = sheet.row;
        let next = first.saturating_add(line.repeated);
        let rows = if filled().next().is_some() { first..next } else { first..first };
        for row in rows {
            for cell in filled() {
                for column in cell.column..cell.column.saturating_add(cell.repeated) {
                    self.repeats += usize::from((row, column) != (first, cell.column));
                    let most = FREE_REPEATS.saturating_add(self.written.saturating_mul(REPEATS_A_CELL));
                    if self.repeats > most {
                        return Err(too_many_cells(self.budget.file, most));
                    }
                    sheet.grid.add(row, column, cell.raw.clone())?;
                    if cell.is_struck {
                        sheet.grid.strike(row, column);
                    }
                }
            }
        }
        for cell in line.cells.iter().filter(|cell| cell.spans != (1, 1)) {
            let (rows, columns) = cell.spans;
            let end = (first.saturating_add(rows - 1), cell.column.saturating_add(columns - 1));
            sheet.grid.merge((first, cell.column), end)?;
        }
        if line.is_hidden {
            sheet.grid.hide_rows(first, next.saturating_sub(1));
        }
        (sheet.row, sheet.column) = (next, 0);
        Ok(())
    }
}

impl Sheet<'_, '_> {
    /// Takes in an element; whether it is one of the sheet's own.
    fn open(&mut self, start: &BytesStart<'_>, styles: &Styles, budget: &Budget<'_>) -> bool {
        let repeated = |name| count(start, name).unwrap_or(1).max(1);
        let is_hidden = || attribute(start, "visibility").is_some_and(|v| matches!(v.as_str(), "collapse" | "filter"));
        let in_cell = self.line.as_ref().is_some_and(|line| line.open);
        match start.name().as_ref() {
            name if in_cell => return self.open_text(name, start),
            "table:table-column" => {
                let (first, next) = (self.column, self.column.saturating_add(repeated("number-columns-repeated")));
                if is_hidden() {
                    self.grid.hide_columns(first, next - 1);
                }
                if attribute(start, "default-cell-style-name").is_some_and(|style| styles.struck.contains(&style)) {
                    let most = budget.limits.columns;
                    self.struck_columns[first.min(most)..next.min(most)].fill(true);
                }
                self.column = next;
            }
            "table:table-row" => {
                let style = attribute(start, "default-cell-style-name");
                let repeated = repeated("number-rows-repeated");
                self.column = 0;
                self.line = Some(Line { repeated, is_hidden: is_hidden(), style, cells: Vec::new(), open: false });
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let Some(line) = &mut self.line else { return false };
                let mut cell = Cell::new(start, self.column);
                cell.is_struck = match cell.style.as_ref().or(line.style.as_ref()) {
                    Some(style) => styles.struck.contains(style),
                    None => self.struck_columns.get(self.column) == Some(&true),
                };
                self.column = self.column.saturating_add(cell.repeated);
                line.cells.push(cell);
                line.open = true;
            }
            name => {
                let groups = ["columns", "column-group", "header-columns", "rows", "row-group", "header-rows"];
                return name.strip_prefix("table:table-").is_some_and(|name| groups.contains(&name));
            }
        }
        true
    }

    fn open_text(&mut self, name: &str, start: &BytesStart<'_>) -> bool {
        match name {
            "text:p" => {
                let Some(cell) = self.cell() else { return false };
                cell.text.push_str(if cell.paragraphs > 0 { "\n" } else { "" });
                (cell.in_paragraph, cell.paragraphs) = (true, cell.paragraphs + 1);
            }
            "text:s" => {
                let spaces = count(start, "c").unwrap_or(1);
                if let Some(cell) = self.cell().filter(|cell| cell.text.len() < MOST_TEXT) {
                    cell.text.extend(std::iter::repeat_n(' ', spaces.min(MOST_SPACES)));
                }
            }
            "text:tab" => self.push("\t"),
            "text:line-break" => self.push("\n"),
            _ => return name.starts_with("text:"),
        }
        true
    }

    /// The cell that is being read.
    fn cell(&mut self) -> Option<&mut Cell> {
        self.line.as_mut().filter(|line| line.open).and_then(|line| line.cells.last_mut())
    }

    /// Adds text to the open cell; white space between its paragraphs is none of it.
    fn push(&mut self, text: &str) {
        if let Some(cell) = self.cell().filter(|cell| cell.in_paragraph && cell.text.len() < MOST_TEXT) {
            cell.text.push_str(text);
        }
    }

    fn close_paragraph(&mut self) {
        self.cell().into_iter().for_each(|cell| cell.in_paragraph = false);
    }

    /// Closes the open cell; one with nothing in it takes no room.
    fn close_cell(&mut self, budget: &Budget<'_>) -> Result<(), Faults> {
        let Some(line) = self.line.as_mut().filter(|line| line.open) else { return Ok(()) };
        line.open = false;
        let Some(cell) = line.cells.last_mut() else { return Ok(()) };
        cell.raw = cell.finish();
        if cell.raw == Raw::Empty && cell.spans == (1, 1) {
            line.cells.pop();
            return Ok(());
        }
        if line.cells.len() > budget.limits.columns {
            let place = RowPlace { row: self.row.saturating_add(1), ..RowPlace::default() };
            return Err(too_many_columns(budget.file, &place.cell(None), budget.limits));
        }
        Ok(())
    }
}

impl Cell {
    /// A cell as its attributes tell it.
    fn new(start: &BytesStart<'_>, column: usize) -> Self {
        let mut cell = Self { column, repeated: 1, spans: (1, 1), ..Self::default() };
        let (mut has_formula, mut has_type) = (false, false);
        for attribute in start.attributes().with_checks(false).flatten() {
            let number = || attribute.value.trim().parse().unwrap_or(usize::MAX).max(1);
            let text = || unescape(&attribute.value).unwrap_or_default().into_owned();
            match attribute.key.as_ref() {
                "table:number-columns-repeated" => cell.repeated = number(),
                "table:number-rows-spanned" => cell.spans.0 = number(),
                "table:number-columns-spanned" => cell.spans.1 = number(),
                "table:style-name" => cell.style = Some(text()),
                "table:formula" => has_formula = true,
                "calcext:value-type" if attribute.value == "error" => cell.source = Source::Error,
                "office:value-type" => has_type = true,
                "office:value" => {
                    let number = attribute.value.trim().parse().ok().filter(|x: &f64| x.is_finite());
                    cell.value = Some(number.map_or_else(|| Raw::text(&text()), Raw::Number));
                }
                "office:date-value" | "office:time-value" => cell.value = Some(Raw::Date(text().into())),
                "office:boolean-value" => cell.value = Some(Raw::Bool(attribute.value.eq_ignore_ascii_case("true"))),
                "office:string-value" => cell.value = Some(Raw::text(&text())),
                _ => {}
            }
        }
        if has_formula && !has_type {
            cell.source = Source::Formula;
        }
        cell
    }

    fn finish(&mut self) -> Raw {
        match self.value.take() {
            _ if self.source == Source::Error => Raw::Error(std::mem::take(&mut self.text).into()),
            Some(value) => value,
            None if self.source == Source::Formula && self.text.is_empty() => Raw::Uncomputed,
            None => Raw::text(&std::mem::take(&mut self.text)),
        }
    }
}
