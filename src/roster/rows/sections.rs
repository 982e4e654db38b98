//! Rows that stand alone among the students of one header and say which class the ones below are of: 三(1)班, Class 7A, 第一组.

use super::super::table::{Raw, Row};
use super::super::vocabulary::{self, Is};
use super::super::{class_name, fold, layout, value};
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

/// The rows that begin classes, and whether every one of them names a class beyond doubt. `titled` where a title above the header
/// names the class of the first students.
pub fn find(told: &[(What, Row)], looker: &Looker<'_>, titled: bool) -> (Vec<Section>, bool) {
    let alone: Vec<(usize, usize, &Raw)> = (0..told.len()).filter_map(|at| lone(told, at, looker)).collect();
    let Some(&(first, ..)) = alone.first() else { return (Vec::new(), true) };
    let is_above = titled || !told[..first].iter().any(|(what, _)| *what == What::Student);
    let is_class = |(_, _, cell): &&(usize, usize, &Raw)| names_class(&cell.shown());
    let all_named = alone.iter().filter(is_class).count() == alone.len();
    let is_divided = all_named && (is_above || alone.len() > 1);
    if !is_divided && !(is_above && alone.len() > 1 && are_alike(told, &alone, looker)) {
        return (Vec::new(), true);
    }
    let section = |&(at, _, cell): &(usize, usize, &Raw)| Section { at, class: class_of(&cell.shown()) };
    (alone.iter().map(section).collect(), all_named)
}

/// A row of one text right above a student's row.
fn lone<'r>(told: &'r [(What, Row)], at: usize, looker: &Looker<'_>) -> Option<(usize, usize, &'r Raw)> {
    let (what, row) = &told[at];
    let mut filled = row.filled();
    let (column, cell) = filled.next()?;
    let is_text = matches!(cell, Raw::Text(_)) && !cell.is_numeric() && filled.next().is_none();
    let below = told[at + 1..].iter().find(|(what, _)| *what != What::Repeated);
    let is_free = matches!(what, What::Bare | What::Note | What::Left | What::Student) && !is_note(cell);
    // Boys and girls, boarders and others are no classes.
    let is_kind =
        value::gender(cell).is_some() || [Is::Day, Is::Boards].iter().any(|is| vocabulary::is(&cell.shown(), *is));
    let begins = looker.heads.len() > 1 && is_text && is_free && !is_kind;
    (begins && below.is_some_and(|(what, _)| *what == What::Student)).then_some((at, column, cell))
}

/// Whether a text names a class: 三(1)班, 7A, 火箭班.
pub fn names_class(text: &str) -> bool {
    let read = class_name::readings(text);
    layout::class_name(text).is_some()
        || read.iter().any(|name| name.label.is_some())
        || fold::trim(text).ends_with('班')
}

/// The class that a text names, else the text.
pub fn class_of(text: &str) -> String {
    layout::class_name(text).unwrap_or_else(|| fold::trim(text).to_owned())
}

/// Whether rows that name no known kind of class stand apart from the names: elsewhere than these, or all unlike them.
fn are_alike(told: &[(What, Row)], alone: &[(usize, usize, &Raw)], looker: &Looker<'_>) -> bool {
    let students = || told.iter().filter(|(what, _)| *what == What::Student).map(|(_, row)| row);
    let has_many = students().count() >= 2 * alone.len();
    let column = alone[0].1;
    let names = Names::of(students().map(|row| row.cell(column)));
    let same_column = alone.iter().all(|(_, c, _)| *c == column);
    let is_elsewhere = !looker.names.contains(&column) && looker.id != Some(column);
    let is_unlike = |(.., cell): &(usize, usize, &Raw)| {
        names.look(cell, &[]) != Look::Plain || cell.shown().ends_with(['组', '队', '部', '级', '科'])
    };
    has_many && same_column && (is_elsewhere || alone.iter().all(is_unlike))
}
