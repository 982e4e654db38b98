//! The tables of a web page, which many systems write under the name .xls. As in a spreadsheet program they make one sheet,
//! one below the other; a table inside a cell follows the row so far.
//!
//! The page is tokenized as the HTML standard says; what a browser would mend about tables is mended here by state: rows and
//! cells end where the next one begins.

use super::budget::{Budget, MOST_TEXT};
use super::grid::Grid;
use super::{Book, Raw};
use crate::fault::Faults;
use crate::roster::options::Limits;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

/// Spans and nesting beyond these are no list's; the first two are those of the HTML standard.
const MOST_COLUMNS: usize = 1000;
const MOST_ROWS: usize = 65_534;
const MOST_NESTED: usize = 32;

/// Reads the tables of a page; `None` where none holds anything.
///
/// # Errors
/// Tables beyond the limits.
pub fn open(text: &str, file: &str, limits: &Limits) -> Result<Option<Book>, Faults> {
    let budget = Budget::new(file, limits);
    let mut page = Page::new(Grid::new("", &budget)?);
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| page.read(&event).err());
    emitter.naively_switch_states(true);
    let mut tokens = Tokenizer::new_with_emitter(text, emitter);
    if let Some(Ok(faults)) = tokens.next() {
        return Err(faults);
    }
    drop(tokens);
    while !page.tables.is_empty() {
        page.end("table")?;
    }
    let table = page.grid.table();
    Ok((!table.rows.is_empty()).then(|| Book { tables: vec![table], hidden: Vec::new(), encoding: None }))
}

/// The walk through a page.
struct Page<'b, 'a> {
    grid: Grid<'b, 'a>,
    /// The sheet's row that is being filled, and whether anything is in it.
    row: usize,
    is_filled: bool,
    /// The open tables, the innermost last.
    tables: Vec<Open>,
    /// Open tables that are nested too deeply.
    deeper: usize,
    tag: Tag,
    /// Open elements that strike their text through.
    struck: usize,
}

/// The start tag that is being read, with the attributes that matter.
#[derive(Default)]
struct Tag {
    name: String,
    attribute: String,
    columns: usize,
    rows: usize,
    /// The number that a spreadsheet program wrote beside the text that shows it.
    number: Option<f64>,
    is_hidden: bool,
    is_struck: bool,
}

/// An open table.
#[derive(Default)]
struct Open {
    /// Its rows so far, the open one included.
    rows: usize,
    /// The last row for which each column is taken, by its own cell or one that spans rows.
    taken: Vec<usize>,
    /// The next column of the open row, or of the column elements.
    column: usize,
    in_row: bool,
    row: Tag,
    cell: Option<Cell>,
}

/// An open cell.
#[derive(Default)]
struct Cell {
    tag: Tag,
    column: usize,
    text: String,
    /// Letters in all, and letters struck through.
    letters: (usize, usize),
}

impl<'b, 'a> Page<'b, 'a> {
    fn new(grid: Grid<'b, 'a>) -> Self {
        let (tables, tag) = (Vec::new(), Tag::default());
        Self { grid, row: 0, is_filled: false, tables, deeper: 0, tag, struck: 0 }
    }

    fn read(&mut self, event: &CallbackEvent<'_>) -> Result<(), Faults> {
        match event {
            CallbackEvent::OpenStartTag { name } => self.tag = Tag::new(&lossy(name)),
            CallbackEvent::AttributeName { name } => {
                self.tag.attribute = lossy(name);
                self.tag.is_hidden |= self.tag.attribute == "hidden";
            }
            CallbackEvent::AttributeValue { value } => self.tag.set(&lossy(value)),
            CallbackEvent::CloseStartTag { .. } => {
                let tag = std::mem::take(&mut self.tag);
                return self.start(tag);
            }
            CallbackEvent::EndTag { name } => return self.end(&lossy(name)),
            CallbackEvent::String { value } => self.push(&lossy(value)),
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, tag: Tag) -> Result<(), Faults> {
        match tag.name.as_str() {
            "table" if self.tables.len() == MOST_NESTED => self.deeper += 1,
            "table" => {
                self.leave_row()?;
                self.tables.push(Open::default());
            }
            "col" => {
                let Some(table) = self.tables.last_mut() else { return Ok(()) };
                let first = table.column;
                table.column = (first + tag.columns).min(MOST_COLUMNS);
                if tag.is_hidden && first < table.column {
                    self.grid.hide_columns(first, table.column - 1);
                }
            }
            "tr" => self.open_row(tag)?,
            "td" | "th" | "caption" => self.open_cell(tag)?,
            "s" | "strike" | "del" => self.struck += 1,
            "br" => self.break_line(),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), Faults> {
        match name {
            "table" if self.deeper > 0 => self.deeper -= 1,
            "table" => {
                self.close_row()?;
                self.tables.pop();
            }
            "tr" | "caption" | "thead" | "tbody" | "tfoot" => self.close_row()?,
            "td" | "th" => self.close_cell()?,
            "s" | "strike" | "del" => self.struck = self.struck.saturating_sub(1),
            "p" | "div" | "li" => self.break_line(),
            _ => {}
        }
        Ok(())
    }

    fn open_row(&mut self, tag: Tag) -> Result<(), Faults> {
        self.close_row()?;
        if let Some(table) = self.tables.last_mut() {
            (table.in_row, table.row, table.column) = (true, tag, 0);
            table.rows += 1;
        }
        Ok(())
    }

    fn open_cell(&mut self, tag: Tag) -> Result<(), Faults> {
        self.close_cell()?;
        if self.tables.last().is_some_and(|table| !table.in_row) {
            self.open_row(Tag::new("tr"))?;
        }
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        let mut column = table.column;
        while table.taken.get(column).is_some_and(|&row| row >= table.rows) {
            column += 1;
        }
        // Cells beyond the last column are no list's; the sheet refuses them where they hold something.
        column = column.min(MOST_COLUMNS);
        table.column = (column + tag.columns).min(MOST_COLUMNS + 1);
        if table.taken.len() < table.column {
            table.taken.resize(table.column, 0);
        }
        table.taken[column..table.column].fill(table.rows + tag.rows - 1);
        table.cell = Some(Cell { tag, column, ..Cell::default() });
        Ok(())
    }

    fn close_cell(&mut self) -> Result<(), Faults> {
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        let Some(cell) = table.cell.take() else { return Ok(()) };
        let text = Raw::text(&cell.text);
        let raw = cell.tag.number.filter(|_| text != Raw::Empty).map_or(text, Raw::Number);
        if raw == Raw::Empty {
            return Ok(());
        }
        let (row, column) = (self.row, cell.column);
        let is_struck = cell.tag.is_struck || table.row.is_struck || (cell.letters.0 == cell.letters.1);
        self.is_filled = true;
        self.grid.add(row, column, raw)?;
        self.grid.merge((row, column), (row + cell.tag.rows - 1, column + cell.tag.columns - 1))?;
        if is_struck {
            self.grid.strike(row, column);
        }
        Ok(())
    }

    fn close_row(&mut self) -> Result<(), Faults> {
        self.close_cell()?;
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        if std::mem::take(&mut table.in_row) {
            if table.row.is_hidden {
                self.grid.hide_rows(self.row, self.row);
            }
            self.row += 1;
            self.is_filled = false;
        }
        Ok(())
    }

    /// Leaves the row of the outer table so far to a table inside its open cell.
    fn leave_row(&mut self) -> Result<(), Faults> {
        let Some(column) = self.tables.last().and_then(|table| table.cell.as_ref()).map(|cell| cell.column) else {
            return Ok(());
        };
        self.close_cell()?;
        if let Some(table) = self.tables.last_mut() {
            table.cell = Some(Cell { tag: Tag::new(""), column, ..Cell::default() });
        }
        self.row += usize::from(std::mem::take(&mut self.is_filled));
        Ok(())
    }

    /// Adds text to the open cell, each run of white space as one space.
    fn push(&mut self, text: &str) {
        let Some(cell) = self.tables.last_mut().and_then(|table| table.cell.as_mut()) else { return };
        for c in text.chars().take(MOST_TEXT.saturating_sub(cell.text.len())) {
            if !c.is_ascii_whitespace() {
                cell.text.push(c);
                cell.letters.0 += 1;
                cell.letters.1 += usize::from(self.struck > 0);
            } else if !cell.text.ends_with([' ', '\n']) {
                cell.text.push(' ');
            }
        }
    }

    fn break_line(&mut self) {
        let cell = self.tables.last_mut().and_then(|table| table.cell.as_mut());
        if let Some(cell) = cell.filter(|cell| !cell.text.is_empty() && !cell.text.ends_with('\n')) {
            cell.text.truncate(cell.text.trim_end_matches(' ').len());
            cell.text.push('\n');
        }
    }
}

impl Tag {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), columns: 1, rows: 1, ..Self::default() }
    }

    /// Takes in the value of the attribute that was named last.
    fn set(&mut self, value: &str) {
        let span = |most: usize| value.trim().parse().unwrap_or(1).clamp(1, most);
        match self.attribute.as_str() {
            "colspan" | "span" => self.columns = span(MOST_COLUMNS),
            "rowspan" => self.rows = span(MOST_ROWS),
            "x:num" => self.number = value.trim().parse().ok().filter(|x: &f64| x.is_finite()),
            "style" => {
                let style: String =
                    value.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
                self.is_hidden |= style.contains("display:none");
                self.is_struck |= style.contains("line-through");
            }
            _ => {}
        }
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
