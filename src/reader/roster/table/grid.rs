//! One sheet as it is read: cells, merged areas, and what the sheet hides or strikes through.

use super::budget::Budget;
use super::{Kind, Merge, Raw, Row, Table};
use crate::fault::Faults;
use crate::roster::{RowPlace, caps, fold};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The last row of any spreadsheet program's sheet.
const MOST_ROWS: usize = 1 << 20;

/// A sheet that is being filled; rows and columns count from 0.
pub struct Grid<'b, 'a> {
    budget: &'b Budget<'a>,
    sheet: String,
    rows: BTreeMap<usize, Line>,
    merges: Vec<Merge>,
    /// How many hidden stretches begin less end at each column.
    hidden: Vec<isize>,
}

/// One row of it.
#[derive(Default)]
struct Line {
    cells: Vec<Raw>,
    hidden: bool,
    /// Whether the text of each cell is struck through; empty where none is.
    struck: Vec<bool>,
}

impl<'b, 'a> Grid<'b, 'a> {
    /// An empty sheet.
    ///
    /// # Errors
    /// Too many sheets.
    pub fn new(sheet: &str, budget: &'b Budget<'a>) -> Result<Self, Faults> {
        budget.sheet()?;
        let hidden = vec![0; budget.limits.columns + 1];
        Ok(Self { budget, sheet: sheet.to_owned(), rows: BTreeMap::new(), merges: Vec::new(), hidden })
    }

    /// Puts a cell; an empty one takes no room.
    ///
    /// # Errors
    /// A cell beyond the limits.
    pub fn add(&mut self, row: usize, column: usize, raw: Raw) -> Result<(), Faults> {
        if raw == Raw::Empty {
            return Ok(());
        }
        let sheet = &self.sheet;
        let place = || RowPlace { sheet: sheet.clone(), row: row + 1, ..RowPlace::default() }.cell(Some(column));
        if column >= self.budget.limits.columns {
            return Err(caps::too_many_columns(self.budget.file, &place(), self.budget.limits));
        }
        if row >= MOST_ROWS {
            return Err(caps::too_many_rows(self.budget.file, MOST_ROWS));
        }
        if let Raw::Text(text) = &raw {
            self.budget.text(text, place)?;
        }
        let entry = self.rows.entry(row);
        if matches!(entry, Entry::Vacant(_)) {
            self.budget.row()?;
        }
        let cells = &mut entry.or_default().cells;
        if cells.len() <= column {
            self.budget.cells(column + 1 - cells.len())?;
            cells.resize(column + 1, Raw::Empty);
        }
        cells[column] = raw;
        Ok(())
    }

    /// Puts an area of merged cells; one cell is none.
    ///
    /// # Errors
    /// Too many of them.
    pub fn merge(&mut self, (top, left): (usize, usize), (bottom, right): (usize, usize)) -> Result<(), Faults> {
        if (top, left) == (bottom, right) {
            return Ok(());
        }
        self.budget.merge()?;
        let sorted = |a: usize, b: usize| (a.min(b), a.max(b));
        let rows = sorted(top.saturating_add(1), bottom.saturating_add(1));
        self.merges.push(Merge { rows, columns: sorted(left, right) });
        Ok(())
    }

    /// Hides rows; those that hold nothing are not remembered, so a row is hidden after its cells are put.
    pub fn hide_rows(&mut self, first: usize, last: usize) {
        if first <= last {
            self.rows.range_mut(first..=last).for_each(|(_, line)| line.hidden = true);
        }
    }

    /// Hides columns.
    pub fn hide_columns(&mut self, first: usize, last: usize) {
        let most = self.budget.limits.columns;
        if first <= last && first < most {
            self.hidden[first] += 1;
            self.hidden[last.min(most - 1) + 1] -= 1;
        }
    }

    /// Strikes the text of a cell through, where there is one.
    pub fn strike(&mut self, row: usize, column: usize) {
        let Some(line) = self.rows.get_mut(&row) else { return };
        if line.cells.get(column).is_some_and(|cell| *cell != Raw::Empty) {
            line.struck.resize(line.cells.len(), false);
            line.struck[column] = true;
        }
    }

    /// The finished sheet.
    #[must_use]
    pub fn table(self) -> Table {
        let struck = struck_rows(&self.rows);
        let width = self.rows.values().map(|line| line.cells.len()).max().unwrap_or(0);
        let open = self.hidden.iter().scan(0, |open, change| {
            *open += change;
            Some(*open)
        });
        let hidden_columns = open.take(width).enumerate().filter(|(_, open)| *open > 0).map(|(column, _)| column);
        let row = |(number, line): (usize, Line)| Row {
            number: number + 1,
            cells: line.cells,
            hidden: line.hidden,
            struck: struck.contains(&number),
            line: None,
        };
        Table {
            hidden_columns: hidden_columns.collect(),
            sheet: self.sheet,
            kind: Kind::Sheet,
            rows: self.rows.into_iter().map(row).collect(),
            merges: self.merges,
        }
    }
}

/// Rows that are struck through as a whole, or by the cells that name somebody: all of the row's filled cells are struck, or
/// more than half of those that are most likely a name.
fn struck_rows(rows: &BTreeMap<usize, Line>) -> HashSet<usize> {
    if rows.values().all(|line| line.struck.is_empty()) {
        return HashSet::new();
    }
    let mut seen: HashMap<(usize, &str), usize> = HashMap::new();
    for (column, text) in rows.values().flat_map(|line| texts(&line.cells)) {
        *seen.entry((column, text)).or_default() += 1;
    }
    let is_struck = |(_, line): &(&usize, &Line)| {
        let is_marked = |column: &usize| line.struck.get(*column) == Some(&true);
        let mut filled = (0..line.cells.len()).filter(|&column| line.cells[column] != Raw::Empty);
        // A name stands in fewer rows of its column than a class or a kind does.
        let likely = texts(&line.cells).filter(|(_, text)| is_name_like(text));
        let likely: Vec<(usize, usize)> = likely.map(|at| (at.0, seen[&at])).collect();
        let fewest = likely.iter().map(|(_, rows)| *rows).min();
        let names: Vec<usize> = likely.iter().filter(|(_, rows)| Some(*rows) == fewest).map(|(c, _)| *c).collect();
        filled.all(|column| is_marked(&column)) || 2 * names.iter().filter(|c| is_marked(c)).count() > names.len()
    };
    let marked = rows.iter().filter(|(_, line)| !line.struck.is_empty());
    marked.filter(is_struck).map(|(number, _)| *number).collect()
}

fn texts(cells: &[Raw]) -> impl Iterator<Item = (usize, &str)> {
    cells.iter().enumerate().filter_map(|(column, cell)| match cell {
        Raw::Text(text) => Some((column, text.as_str())),
        _ => None,
    })
}

/// Whether a text may be somebody's name: two to forty letters, no digits.
fn is_name_like(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    (2..=40).contains(&letters) && text.chars().all(|c| c.is_alphabetic() || fold::is_space(c) || ",.·-'’".contains(c))
}
