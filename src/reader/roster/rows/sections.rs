//! Rows that stand alone among the students of one header and say which class the ones below are of: 三(1)班, Class 7A, 第一组.

use super::super::class_name::{self, class_of, names_class};
use super::super::table::{Raw, Row};
use super::super::{fold, kinds};
use super::label::{Look, Names};
use super::{Looker, What, is_note};

/// A row that begins a class.
#[derive(Debug)]
pub struct Section {
    /// Where it stands among the rows.
    pub at: usize,
    /// The class.
    pub class: String,
}

/// What the rows that stand alone among the students are.
#[derive(Debug, Default)]
pub struct Found {
    /// Those that begin a class.
    pub sections: Vec<Section>,
    /// Whether some of them may be something else.
    pub are_doubtful: bool,
    /// Those that divide the list as classes do and may as well be names.
    pub unlikely: Vec<usize>,
    /// Those that divide the list into boys and girls, or boarders and others.
    pub kinds: Vec<usize>,
}

/// Finds the rows that stand alone among the students. `titled` where a title above the header names the class of the first ones.
pub fn find(told: &[What], rows: &[Row], looker: &Looker<'_>, titled: bool) -> Found {
    let alone = (0..told.len()).filter_map(|at| lone(told, rows, at, looker));
    let (kinds, alone): (Vec<_>, Vec<_>) = alone.partition(|(.., cell)| kinds::named(&cell.shown()).is_some());
    let mut found = Found { kinds: kinds.iter().map(|(at, ..)| *at).collect(), ..Found::default() };
    let Some(&(first, ..)) = alone.first() else { return found };
    let is_above = titled || !told[..first].contains(&What::Student);
    let is_class = |(_, _, cell): &&(usize, usize, &Raw)| names_class(&cell.shown());
    let all_named = alone.iter().filter(is_class).count() == alone.len();
    let divides = is_above && alone.len() > 1;
    if (all_named && (is_above || alone.len() > 1)) || (divides && are_alike((told, rows), &alone, looker)) {
        let section = |&(at, _, cell): &(usize, usize, &Raw)| Section { at, class: class_of(&cell.shown()) };
        found.sections = alone.iter().map(section).collect();
        found.are_doubtful = !all_named;
    } else if divides {
        found.unlikely = alone.iter().map(|(at, ..)| *at).filter(|&at| told[at] == What::Bare).collect();
    }
    found
}

/// Finds the rows that say of which grade the students below are, in a list with a column of classes.
pub fn grades(told: &[What], rows: &[Row], looker: &Looker<'_>) -> Found {
    let alone = (0..told.len()).filter_map(|at| lone(told, rows, at, looker)).map(|(at, _, cell)| (at, cell.shown()));
    let graded = alone.filter(|(_, text)| class_name::is_grade(text) || is_titled(text));
    let sections: Vec<Section> = graded.map(|(at, class)| Section { at, class }).collect();
    Found { sections, ..Found::default() }
}

/// Whether a text tells a grade and names no person: 八年级学生名单.
fn is_titled(text: &str) -> bool {
    class_name::grade_told(text).is_some() && text.chars().count() > 4
}

/// A row of one text right above a student's row.
fn lone<'r>(told: &[What], rows: &'r [Row], at: usize, looker: &Looker<'_>) -> Option<(usize, usize, &'r Raw)> {
    let what = told[at];
    let mut filled = rows[at].filled();
    let (column, cell) = filled.next()?;
    let is_alone = filled.next().is_none() && looker.heads.len() > 1;
    if !is_alone || !matches!(cell, Raw::Text(_)) || cell.is_numeric() {
        return None;
    }
    let is_free = matches!(what, What::Bare | What::Note | What::Left | What::Student) && !is_note(cell);
    let is_free = is_free || (what == What::Statistic && kinds::named(&cell.shown()).is_some());
    // A header's upper cells come again with it.
    let shown = cell.shown();
    let is_header = || looker.heads.iter().any(|head| head.levels.contains(&shown));
    let below = told[at + 1..].iter().find(|what| **what != What::Repeated);
    (is_free && !is_header() && below == Some(&What::Student)).then_some((at, column, cell))
}

/// Whether rows that name no known kind of class stand apart from the names: elsewhere than these, or all unlike them.
fn are_alike((told, rows): (&[What], &[Row]), alone: &[(usize, usize, &Raw)], looker: &Looker<'_>) -> bool {
    let students = || told.iter().zip(rows).filter(|(what, _)| **what == What::Student).map(|(_, row)| row);
    let has_many = students().count() >= 2 * alone.len();
    let column = alone[0].1;
    let names = Names::of(students().map(|row| row.cell(column)));
    let same_column = alone.iter().all(|(_, c, _)| *c == column);
    let is_elsewhere = !looker.names.contains(&column) && looker.id != Some(column);
    let is_unlike = |(.., cell): &(usize, usize, &Raw)| names.look(cell, &[]) != Look::Plain || is_group(&cell.shown());
    has_many && same_column && (is_elsewhere || alone.iter().all(is_unlike))
}

/// Whether a short text names a group of people: 第一组.
pub fn is_group(text: &str) -> bool {
    fold::trim(text).ends_with(['组', '队', '部', '级', '科'])
}
