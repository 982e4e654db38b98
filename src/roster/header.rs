//! Finds the header row of a table, below any title rows, and joins a two-row header (成绩 over 语文 数学 英语).

use super::fold;
use super::options::Override;
use super::table::{Kind, Raw, Row, Table};
use super::vocabulary;
use std::collections::HashSet;

/// How many rows at the top may hold titles.
pub(super) const TITLES: usize = 40;

/// One column's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// 0-based column in the sheet.
    pub index: usize,
    /// The upper header cell over a group of columns; empty where there is none.
    pub upper: String,
    /// The column's own header cell.
    pub lower: String,
}

impl Head {
    /// The header as shown, upper cell first.
    #[must_use]
    pub fn text(&self) -> String {
        if self.upper.is_empty() { self.lower.clone() } else { format!("{} {}", self.upper, self.lower) }
    }

    /// Whether `--column FIELD=HEADER` means this column: its own header cell or the whole text.
    #[must_use]
    pub fn is_called(&self, header: &str) -> bool {
        let wanted = fold::one_line(header);
        let same =
            |text: &str| text == wanted || (!fold::key(text).is_empty() && fold::key(text) == fold::key(&wanted));
        same(&self.lower) || (!self.upper.is_empty() && same(&self.text()))
    }
}

/// Where a table's header stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Index in `Table::rows` of the first header row; rows before it are titles.
    pub first: usize,
    /// Index in `Table::rows` of the first row below the header.
    pub body: usize,
    /// The columns, from left to right.
    pub heads: Vec<Head>,
}

/// Finds the header of a table; `None` where the table is blank.
#[must_use]
pub fn find(table: &Table, overrides: &[Override]) -> Option<Header> {
    if table.kind == Kind::Json {
        let keys = table.rows.first()?;
        return Some(Header { first: 0, body: 1, heads: heads(table, None, keys) });
    }
    let top = &table.rows[..table.rows.len().min(TITLES)];
    let scores: Vec<i64> = top.iter().map(|row| score(row, overrides)).collect();
    let best = scores.iter().copied().max().filter(|&score| score > 0);
    let at = match best {
        Some(best) => scores.iter().position(|&score| score == best)?,
        // Nothing is recognised: the first row that looks like one, so that its headers can be told.
        None => top.iter().position(|row| row.filled().count() > 1).or(if top.is_empty() { None } else { Some(0) })?,
    };
    let row = &table.rows[at];
    if let Some(upper) = at.checked_sub(1).map(|i| &table.rows[i]).filter(|upper| is_upper(table, upper, row)) {
        return Some(Header { first: at - 1, body: at + 1, heads: heads(table, Some(upper), row) });
    }
    if let Some(lower) = table.rows.get(at + 1).filter(|lower| is_lower(table, row, lower, overrides)) {
        return Some(Header { first: at, body: at + 2, heads: heads(table, Some(row), lower) });
    }
    Some(Header { first: at, body: at + 1, heads: heads(table, None, row) })
}

/// How much a row looks like a header: distinct known words and headers named by the user, less its numbers.
fn score(row: &Row, overrides: &[Override]) -> i64 {
    let mut fields = HashSet::new();
    let mut numbers = 0;
    let mut named = 0;
    for (index, cell) in row.filled() {
        if cell.is_numeric() {
            numbers += 1;
        }
        let Raw::Text(text) = cell else { continue };
        let head = Head { index, upper: String::new(), lower: fold::one_line(text) };
        named += overrides.iter().filter(|o| o.column().is_some_and(|(_, header)| head.is_called(header))).count();
        if let Some(meaning) = vocabulary::word(text) {
            fields.insert((meaning.field, meaning.exam));
        }
    }
    let words = i64::try_from(fields.len() + 2 * named).unwrap_or(i64::MAX);
    words - numbers
}

/// Whether `lower` is the second row of the header that `row` begins: known words below blank cells or below a group.
fn is_lower(table: &Table, row: &Row, lower: &Row, overrides: &[Override]) -> bool {
    if lower.number != row.number + 1
        || lower.filled().any(|(_, cell)| !matches!(cell, Raw::Text(_)) || cell.is_numeric())
    {
        return false;
    }
    let mut known = 0;
    for (column, cell) in lower.filled() {
        let text = cell.shown();
        let head = Head { index: column, upper: String::new(), lower: text.clone() };
        let is_known = vocabulary::word(&text).is_some() || overrides.iter().any(|o| o.column().is_some_and(|(_, header)| head.is_called(header)));
        let above = row.cell(column).shown();
        if is_known && (above.is_empty() || spans_group(table, row, lower, column)) {
            known += 1;
        } else if !above.is_empty() && above != text && !spans_group(table, row, lower, column) {
            return false; // data below a header cell of its own
        }
    }
    known > 0
}

/// Whether `upper` holds groups over the header row `row`, and is no title.
fn is_upper(table: &Table, upper: &Row, row: &Row) -> bool {
    if upper.number + 1 != row.number || upper.filled().any(|(_, cell)| cell.is_numeric()) {
        return false;
    }
    let texts: Vec<String> = upper.filled().map(|(_, cell)| cell.shown()).collect();
    if texts.iter().any(|text| text.contains([':', '：'])) {
        return false;
    }
    let width = row.filled().count();
    let widest = (0..row.cells.len())
        .filter(|&c| !row.cell(c).is_blank() && group(table, upper, row, c) == Some(first_filled(upper)));
    let is_title = texts.len() == 1 && (widest.count() == width || table.merges.iter().any(|m| covers(m, upper, row)));
    let has_group = upper.filled().any(|(column, _)| spans_group(table, upper, row, column));
    has_group && !is_title && texts.iter().any(|text| vocabulary::word(text).is_some() || vocabulary::is_exam(text))
}

fn covers(merge: &super::table::Merge, upper: &Row, row: &Row) -> bool {
    merge.rows.0 == upper.number && merge.columns.0 == 0 && merge.columns.1 + 1 >= row.cells.len()
}

fn first_filled(row: &Row) -> usize {
    row.filled().next().map_or(0, |(column, _)| column)
}

/// Whether the upper cell of `column` stands over that column and at least one more.
fn spans_group(table: &Table, upper: &Row, lower: &Row, column: usize) -> bool {
    !upper.cell(column).is_blank()
        && !lower.cell(column).is_blank()
        && group(table, upper, lower, column + 1) == Some(column)
}

/// The column whose upper cell stands over `column`: its own, the merged one's, or, where nothing is merged, the next to
/// the left that has a lower cell as well.
fn group(table: &Table, upper: &Row, lower: &Row, column: usize) -> Option<usize> {
    if !upper.cell(column).is_blank() {
        return Some(column);
    }
    let in_row = |m: &&super::table::Merge| m.rows.0 <= upper.number && upper.number <= m.rows.1;
    if table.merges.iter().any(|m| in_row(&m) && m.columns.0 < m.columns.1) {
        let merge = table.merges.iter().filter(in_row).find(|m| m.columns.0 <= column && column <= m.columns.1);
        return merge.map(|m| m.columns.0);
    }
    if lower.cell(column).is_blank() {
        return None;
    }
    let left = (0..column).rev().find(|&c| !upper.cell(c).is_blank())?;
    (left..column).all(|c| !lower.cell(c).is_blank()).then_some(left)
}

fn heads(table: &Table, upper: Option<&Row>, lower: &Row) -> Vec<Head> {
    let width = lower.cells.len().max(upper.map_or(0, |row| row.cells.len()));
    let head = |index: usize| {
        let own = lower.cell(index).shown();
        let Some(row) = upper else { return Head { index, upper: String::new(), lower: own } };
        let above = group(table, row, lower, index).map(|column| row.cell(column).shown()).unwrap_or_default();
        if own.is_empty() || own == above {
            // Only the column's own upper cell (merged downwards) heads it; a blank lower cell inside a group has no header.
            return Head { index, upper: String::new(), lower: row.cell(index).shown() };
        }
        Head { index, upper: above, lower: own }
    };
    (0..width).map(head).collect()
}
