//! Finds the header rows of a table, below any title rows, and reads them column by column, up to three rows deep
//! (期中考试 over 语文 over 分数 班次).

use super::heading;
use super::options::Override;
use super::table::{Kind, Merge, Raw, Row, Table};
use super::{Field, fold};
use std::collections::HashSet;

/// How many rows at the top may hold titles.
pub(super) const TITLES: usize = 40;
/// How many rows may be tried as the header.
const TRIED: usize = 3;
/// How many header rows may stand above one another.
const DEEPEST: usize = 3;

/// One column's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// 0-based column in the sheet.
    pub index: usize,
    /// Its header cells, the uppermost first; none where it has no header.
    pub levels: Vec<String>,
}

impl Head {
    /// The header as shown, upper cells first.
    #[must_use]
    pub fn text(&self) -> String {
        self.levels.join(" ")
    }

    /// The column's own header cell; empty where it has none.
    #[must_use]
    pub fn lower(&self) -> &str {
        self.levels.last().map_or("", String::as_str)
    }

    /// Whether `--column FIELD=HEADER` means this column: its own header cell, the whole text, or the letter of a column without header.
    #[must_use]
    pub fn is_called(&self, header: &str) -> bool {
        let wanted = fold::one_line(header);
        let same =
            |text: &str| text == wanted || (!fold::key(text).is_empty() && fold::key(text) == fold::key(&wanted));
        match self.levels.as_slice() {
            [] => super::column_letters(self.index) == wanted,
            [only] => same(only),
            [.., lower] => same(lower) || same(&self.text()),
        }
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

/// The rows of a table that may be its header, the likeliest first; none where the table is blank.
#[must_use]
pub fn candidates(table: &Table, overrides: &[Override]) -> Vec<Header> {
    if table.kind == Kind::Json {
        return table
            .rows
            .first()
            .map(|keys| Header { first: 0, body: 1, heads: heads(table, &[keys]) })
            .into_iter()
            .collect();
    }
    let top = &table.rows[..table.rows.len().min(TITLES)];
    let scores: Vec<i64> = (0..top.len()).map(|at| score(&without_data(&table.rows[at..]), overrides)).collect();
    let mut order: Vec<usize> = (0..top.len()).filter(|&at| scores[at] > 0).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(scores[at]));
    let Some(best) = order.first().map(|&at| scores[at]) else {
        // Nothing is recognised: the first row that looks like one, so that its headers can be told.
        let at = top.iter().position(|row| row.filled().count() > 1).or(if top.is_empty() { None } else { Some(0) });
        return at.map(|at| around(table, at, overrides)).into_iter().collect();
    };
    let mut found: Vec<Header> = Vec::new();
    for at in order.into_iter().filter(|&at| 2 * scores[at] >= best) {
        let header = around(table, at, overrides);
        if found.len() < TRIED && !found.iter().any(|other| other.body == header.body) {
            found.push(header);
        }
    }
    found
}

/// The first of some rows without what stands in the two below it as well: a word that comes again and again (no, 走读) is no header.
fn without_data(rows: &[Row]) -> Row {
    let mut first = rows[0].clone();
    if let [_, next, third, ..] = rows {
        for (column, cell) in first.cells.iter_mut().enumerate() {
            if next.cell(column) == cell && third.cell(column) == cell {
                *cell = Raw::Empty;
            }
        }
    }
    first
}

/// The header that the row `at` belongs to, with the header rows above and below it.
pub(super) fn around(table: &Table, at: usize, overrides: &[Override]) -> Header {
    let (mut first, mut last) = (at, at);
    while last - first + 1 < DEEPEST
        && table.rows.get(last + 1).is_some_and(|lower| is_lower(table, &table.rows[last], lower, overrides))
    {
        last += 1;
    }
    while first > 0 && last - first + 1 < DEEPEST {
        let rows: Vec<&Row> = table.rows[first - 1..=last].iter().collect();
        if !is_upper(table, &table.rows[first - 1], &filled_below(&rows, 0)) {
            break;
        }
        first -= 1;
    }
    let rows: Vec<&Row> = table.rows[first..=last].iter().collect();
    let mut body = last + 1;
    // Platforms put a row of their own ids below the questions.
    while table.rows.get(body).is_some_and(is_machine_row) {
        body += 1;
    }
    Header { first, body, heads: heads(table, &rows) }
}

/// How much a row looks like a header: distinct known words and headers named by the user, less its numbers.
pub(super) fn score(row: &Row, overrides: &[Override]) -> i64 {
    let mut fields = HashSet::new();
    let mut numbers = 0;
    let mut named = 0;
    for (index, cell) in row.filled() {
        if cell.is_numeric() {
            numbers += 1;
        }
        let Raw::Text(text) = cell else { continue };
        let head = Head { index, levels: vec![cell.shown()] };
        named += overrides.iter().filter(|o| o.column().is_some_and(|(_, header)| head.is_called(header))).count();
        if let Some(meaning) = heading::word(text) {
            fields.insert((meaning.field, meaning.part.map(|part| part as u8), meaning.exam, meaning.fit));
        }
    }
    let words = i64::try_from(fields.len() + 2 * named).unwrap_or(i64::MAX);
    words - numbers
}

/// A row whose cells are all JSON, as survey platforms write below their questions.
fn is_machine_row(row: &Row) -> bool {
    row.filled().count() > 0
        && row.filled().all(|(_, cell)| matches!(cell, Raw::Text(text) if text.trim_start().starts_with('{')))
}

/// Whether `lower` is a further row of the header that `row` begins: known words below blank cells or below a group.
fn is_lower(table: &Table, row: &Row, lower: &Row, overrides: &[Override]) -> bool {
    if lower.number != row.number + 1
        || lower.filled().any(|(_, cell)| !matches!(cell, Raw::Text(_)) || cell.is_numeric())
    {
        return false;
    }
    if is_all_known(lower) {
        return true;
    }
    let groups = groups(table, row, lower);
    let mut known = 0;
    for (column, cell) in lower.filled() {
        let text = cell.shown();
        let head = Head { index: column, levels: vec![text.clone()] };
        let is_known = heading::word(&text).is_some()
            || overrides.iter().any(|o| o.column().is_some_and(|(_, header)| head.is_called(header)));
        let above = row.cell(column).shown();
        if is_known && (above.is_empty() || spans_group(&groups, row, lower, column)) {
            known += 1;
        } else if !above.is_empty() && above != text && !spans_group(&groups, row, lower, column) {
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
    let groups = groups(table, upper, row);
    let widest = (0..row.cells.len()).filter(|&c| !row.cell(c).is_blank() && groups[c] == Some(first_filled(upper)));
    let is_subject =
        |text: &String| heading::word(text).is_some_and(|m| matches!(m.field, Field::Score(_) | Field::Total));
    let is_title = texts.len() == 1
        && !texts.iter().any(is_subject)
        && (widest.count() == width || table.merges.iter().any(|m| covers(m, upper, row)));
    let has_group = is_all_known(upper) || upper.filled().any(|(column, _)| spans_group(&groups, upper, row, column));
    has_group && !is_title && texts.iter().any(|text| heading::word(text).is_some() || heading::is_exam(text))
}

/// Whether a row holds nothing but words of headers, as no student's does.
fn is_all_known(row: &Row) -> bool {
    let is_known =
        |cell: &Raw| matches!(cell, Raw::Text(text) if heading::word(text).is_some() || heading::is_exam(text));
    row.filled().next().is_some() && row.filled().all(|(_, cell)| is_known(cell))
}

fn covers(merge: &Merge, upper: &Row, row: &Row) -> bool {
    merge.rows.0 == upper.number && merge.columns.0 == 0 && merge.columns.1 + 1 >= row.cells.len()
}

fn first_filled(row: &Row) -> usize {
    row.filled().next().map_or(0, |(column, _)| column)
}

/// Whether the upper cell of `column` stands over that column and at least one more.
fn spans_group(groups: &[Option<usize>], upper: &Row, lower: &Row, column: usize) -> bool {
    if upper.cell(column).is_blank() || lower.cell(column).is_blank() {
        return false;
    }
    // Its text may be written over every column of the group.
    let beside = [column.checked_sub(1), Some(column + 1)].into_iter().flatten();
    let mut again = beside.filter(|&c| upper.cell(c) == upper.cell(column) && !lower.cell(c).is_blank());
    groups.get(column + 1) == Some(&Some(column)) || again.next().is_some()
}

/// For each column the one whose upper cell stands over it: its own, the merged one's, or, where nothing is merged, the next to the
/// left that has a lower cell as well.
fn groups(table: &Table, upper: &Row, lower: &Row) -> Vec<Option<usize>> {
    let mut merges: Vec<&Merge> =
        table.merges.iter().filter(|m| m.rows.0 <= upper.number && upper.number <= m.rows.1).collect();
    merges.sort_unstable_by_key(|m| m.columns);
    let is_merged = merges.iter().any(|m| m.columns.0 < m.columns.1);
    let mut merges = merges.into_iter().peekable();
    let (mut merge, mut left): (Option<&Merge>, Option<usize>) = (None, None);
    let over = |column: usize| {
        while let Some(next) = merges.next_if(|m| m.columns.0 <= column) {
            merge = Some(next).filter(|next| column <= next.columns.1).or(merge);
        }
        let is_blank = lower.cell(column).is_blank();
        if !upper.cell(column).is_blank() {
            left = Some(column).filter(|_| !is_blank);
            return Some(column);
        }
        left = left.filter(|_| !is_blank);
        if is_merged { merge.filter(|m| column <= m.columns.1).map(|m| m.columns.0) } else { left }
    };
    (0..=upper.cells.len().max(lower.cells.len())).map(over).collect()
}

/// The columns below header rows that stand above one another, the uppermost first.
fn heads(table: &Table, rows: &[&Row]) -> Vec<Head> {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let uppers = 0..rows.len().saturating_sub(1);
    let groups: Vec<Vec<Option<usize>>> = uppers.map(|at| groups(table, rows[at], &filled_below(rows, at))).collect();
    (0..width).map(|index| Head { index, levels: levels(&groups, rows, index) }).collect()
}

/// What stands below a header row, whichever row of the header it stands in.
fn filled_below(rows: &[&Row], at: usize) -> Row {
    let below = &rows[at + 1..];
    let width = below.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let cell =
        |c: usize| below.iter().map(|row| row.cell(c)).find(|cell| !cell.is_blank()).cloned().unwrap_or_default();
    Row { number: rows[at + 1].number, cells: (0..width).map(cell).collect(), ..Row::default() }
}

/// The header cells over a column: its own, which stands lowest, and those of the groups above it. Below a cell merged downwards
/// only that cell heads the column; a blank lower cell inside a group has no header.
fn levels(groups: &[Vec<Option<usize>>], rows: &[&Row], column: usize) -> Vec<String> {
    let Some(own) = rows.iter().rposition(|row| !row.cell(column).is_blank()) else { return Vec::new() };
    let mut levels = vec![rows[own].cell(column).shown()];
    for at in (0..own).rev() {
        let over = groups[at].get(column).copied().flatten();
        let above = over.map(|c| rows[at].cell(c).shown()).unwrap_or_default();
        if !above.is_empty() && levels.last() != Some(&above) {
            levels.push(above);
        }
    }
    levels.reverse();
    levels
}
