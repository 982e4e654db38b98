//! The lists of a table: side by side, one below the other, each below titles of its own; and their rows with what titles,
//! sections and columns beside them say of grade and subject.

use super::Directory;
use super::columns::Field;
use super::layout::{self, Found, Layout, Looks, View};
use super::look::looks;
use super::merged;
use super::role::{Role, role};
use crate::roster::class_name::{self, Grade};
use crate::roster::likeness::Likeness;
use crate::roster::table::{Kind, Raw, Row, Table};
use crate::roster::{RowPlace, fold};
use std::ops::Range;

/// One list of a table.
pub(super) struct Block {
    pub(super) sheet: String,
    pub(super) kind: Kind,
    /// Where the header stands.
    pub(super) place: RowPlace,
    pub(super) layout: Layout,
    /// Cells of the header, for rows that are longer.
    pub(super) width: usize,
    pub(super) is_headless: bool,
    pub(super) body: Vec<Body>,
    /// Classes that a title or the sheet's name says, for a list that is of one class.
    pub(super) title: Vec<String>,
}

/// One row of a list, and what is said of it elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Body {
    pub(super) row: Row,
    /// Grades of classes that name none.
    pub(super) grades: Vec<Grade>,
    /// The subject that a title, a section or the sheet's name tells.
    pub(super) subject: Option<String>,
    /// Whether the row is a section's title and no more.
    pub(super) is_section: bool,
}

/// What titles say of the rows below.
#[derive(Clone, Debug, Default)]
struct Said {
    grade: Option<Grade>,
    subject: Option<String>,
}

/// The lists of a table, from top to bottom and left to right; none where it is no staff list.
pub(super) fn blocks(table: &Table, directory: &Directory, is_claims: bool) -> Vec<Block> {
    let rows = merged::filled(table);
    let looks: Vec<Looks> = rows.iter().map(|row| looks(row, directory).into_iter().collect()).collect();
    if is_class_list(&looks) {
        return Vec::new();
    }
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let sheet = Said { grade: class_name::grade_in(&table.sheet), subject: subject_in(&table.sheet) };
    let mut blocks: Vec<Block> = Vec::new();
    let (mut start, mut said) = (0, sheet.clone());
    while start < rows.len() {
        let view =
            |columns, end: usize| View { rows: &rows[start..end], looks: &looks[start..end], columns, directory };
        let Some(found) = view(0..width, rows.len()).best(is_claims) else { break };
        let end = if found.is_headless() || table.kind == Kind::Json {
            rows.len()
        } else {
            next(&rows, &looks, start + found.body, &found)
        };
        let titles = titles(&rows[start..start + found.first]);
        if !titles.is_empty() {
            said = titles.iter().fold(sheet.clone(), |said, title| said.below(title));
        }
        let spans = spans(&found, width);
        let parts: Vec<(Range<usize>, Found)> = match spans.as_slice() {
            [_] => vec![(0..width, found)],
            several => {
                let best = |span: &Range<usize>| Some((span.clone(), view(span.clone(), end).best(is_claims)?));
                several.iter().filter_map(best).collect()
            }
        };
        for (span, found) in parts {
            let titles = titles.iter().chain(std::iter::once(&table.sheet)).cloned().collect();
            blocks.push(block(table, &rows[start..end], (span, width), found, &said, titles));
        }
        start = end;
    }
    // What no list begins is told with the rows of the last.
    if let Some(last) = blocks.last_mut() {
        let rest = rows[start..].iter().map(|row| Body {
            row: row.clone(),
            grades: Vec::new(),
            subject: None,
            is_section: true,
        });
        last.body.extend(rest);
    }
    blocks
}

/// Whether it is a list of students: it has their ids, or marks below subjects.
fn is_class_list(looks: &[Looks]) -> bool {
    let student = |text: &str| {
        crate::roster::heading::word(text).is_some_and(|meaning| {
            meaning.field == crate::roster::Field::Id && meaning.fit >= 8 && super::columns::word(text).is_none()
        })
    };
    looks.iter().take(20).any(|row| row.len() > 2 && row.values().any(|look| student(&look.text)))
}

/// The titles above a header: rows that hold one text.
fn titles(rows: &[Row]) -> Vec<String> {
    rows.iter().filter_map(only).collect()
}

/// The only text of a row.
fn only(row: &Row) -> Option<String> {
    let mut texts: Vec<String> = row.filled().map(|(_, cell)| cell.shown()).collect();
    texts.dedup();
    if texts.len() == 1 { texts.pop() } else { None }
}

/// Where the next list begins, with the titles above it.
fn next(rows: &[Row], looks: &[Looks], body: usize, found: &Found) -> usize {
    let classes = match &found.layout {
        Layout::Rows(head) => !head.classes.is_empty(),
        Layout::Matrix(matrix) => matrix.classes_above,
    };
    let at = (body..rows.len()).find(|at| layout::is_header(&looks[*at], classes));
    let Some(at) = at else { return rows.len() };
    let is_title = |at: usize| {
        let nobody = looks[at].values().all(|look| look.name < Likeness::Strong);
        only(&rows[at]).is_some() && nobody && !is_class_cell(&found.layout, &rows[at])
    };
    let mut start = at;
    while start > body && is_title(start - 1) {
        start -= 1;
    }
    start
}

/// The columns of lists side by side: each begins with the header that the first begins with.
fn spans(found: &Found, width: usize) -> Vec<Range<usize>> {
    let Some((_, first)) = found.heads.iter().next() else { return std::iter::once(0..width).collect() };
    let key = fold::key(first);
    let mut starts: Vec<usize> =
        found.heads.iter().filter(|(_, text)| fold::key(text) == key).map(|(column, _)| *column).collect();
    // One header over several columns is no beginning.
    if starts.windows(2).any(|pair| pair[1] - pair[0] < 2) {
        starts.truncate(1);
    }
    if let Some(first) = starts.first_mut() {
        *first = 0;
    }
    let ends = starts.iter().skip(1).copied().chain([width]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

impl Said {
    fn below(self, title: &str) -> Self {
        let grade = class_name::grade_in(title).or(self.grade);
        let subject = subject_in(title).or(self.subject);
        Self { grade, subject }
    }
}

/// The subject of a section or a sheet: 语文, 语文组, 数学教研组.
fn subject_in(text: &str) -> Option<String> {
    let text = fold::one_line(text);
    let bare = ["教研组", "备课组", "组"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(&text);
    match role(bare) {
        Some(Role::Subject(subject)) => Some(subject),
        _ => None,
    }
}

fn block(
    table: &Table,
    rows: &[Row],
    (span, width): (Range<usize>, usize),
    found: Found,
    said: &Said,
    title: Vec<String>,
) -> Block {
    let grades = match &found.layout {
        Layout::Rows(head) => head.column(Field::Grade),
        Layout::Matrix(matrix) => matrix.grades,
    };
    let (mut said, mut column) = (said.clone(), Vec::new());
    let mut body: Vec<Body> = Vec::new();
    for row in &rows[found.body..] {
        let mut row = row.clone();
        if span != (0..width) {
            row.cells.truncate(span.end);
            row.cells.iter_mut().take(span.start).for_each(|cell| *cell = Raw::Empty);
        }
        if row.filled().next().is_none() {
            continue;
        }
        merged::put_dittos(&mut row, body.last().map(|body| &body.row));
        let section = only(&row).filter(|_| !is_class_cell(&found.layout, &row));
        let is_section = section.is_some_and(|text| {
            let grade = if class_name::is_grade(&text) { class_name::grade_in(&text) } else { None };
            let subject = subject_in(&text);
            let is = grade.is_some() || subject.is_some();
            if grade.is_some() {
                said.grade = grade;
            }
            if subject.is_some() {
                said.subject = subject;
            }
            is
        });
        if let Some(cell) = grades.map(|at| row.cell(at)).filter(|cell| !cell.is_blank()) {
            column = class_name::grades_of(&cell.shown());
        }
        let of = if column.is_empty() { said.grade.into_iter().collect() } else { column.clone() };
        body.push(Body { row, grades: of, subject: said.subject.clone(), is_section });
    }
    let header = &rows[found.first];
    let width = rows[found.first..found.body].iter().map(|row| row.cells.len()).max().unwrap_or(0);
    Block {
        sheet: table.sheet.clone(),
        kind: table.kind,
        place: header.place(&table.sheet),
        is_headless: found.is_headless(),
        layout: found.layout,
        width,
        body,
        title,
    }
}

/// Whether a row's only text stands where classes are taught: 七年级 there is all of them.
fn is_class_cell(layout: &Layout, row: &Row) -> bool {
    let Layout::Rows(head) = layout else { return false };
    row.filled().all(|(column, _)| head.all(Field::Classes).any(|class| class == column))
}
