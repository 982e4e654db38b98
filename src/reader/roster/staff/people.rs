//! Which rows of a staff list name teachers, and whom.

use super::Directory;
use super::blocks::Body;
use super::columns::{Field, Head};
use super::look::Look;
use super::names::{self, Named};
use super::role::Role;
use crate::roster::likeness::{Likeness, likeness};
use crate::roster::table::{Raw, Row};
use crate::roster::vocabulary::{self, is_staff, staff_words};
use crate::roster::{fold, rows};

/// Somebody whom a row names.
pub(super) struct Who {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) named: bool,
    pub(super) role: Option<Role>,
    pub(super) gone: Option<String>,
}

impl Who {
    /// Somebody without an id.
    pub(super) fn by_name(named: Named) -> Self {
        Self { id: named.name.clone(), name: named.name, named: true, role: named.role, gone: named.gone }
    }

    /// Somebody with an id; without a name he or she is shown by it.
    pub(super) fn by_id(id: String, named: Option<Named>) -> Self {
        match named {
            Some(named) => Self { id, ..Self::by_name(named) },
            None => Self { name: id.clone(), id, named: false, role: None, gone: None },
        }
    }
}

/// Everybody in a row's cell of the name.
pub(super) fn named(head: &Head, row: &Row) -> Vec<Named> {
    if head.column(Field::Name).is_none() {
        let half = |field| head.column(field).map(|column| row.cell(column).shown()).unwrap_or_default();
        let (family, given) = (half(Field::Family), half(Field::Given));
        let name = if family.contains(fold::is_han) || given.contains(fold::is_han) {
            format!("{family}{given}")
        } else {
            fold::trim(&format!("{given} {family}")).to_owned()
        };
        return whole(&name).into_iter().collect();
    }
    let Some(cell) = head.column(Field::Name).map(|column| row.cell(column)) else { return Vec::new() };
    let found = names::names(cell);
    // Only what is made of names is several; anything else is one name as it is written.
    if !found.is_empty() && found.iter().all(|named| named.is_name) {
        found
    } else {
        whole(&cell.shown()).into_iter().collect()
    }
}

fn whole(name: &str) -> Option<Named> {
    (!name.is_empty()).then(|| Named { name: name.to_owned(), role: None, gone: None, is_name: true })
}

/// Whether a row names a teacher: no statistic, note, example or header, and nothing that is a class, a subject or an office.
pub(super) fn is_teacher(head: &Head, body: &Body, directory: &Directory) -> bool {
    let row = &body.row;
    let who: Vec<&Raw> = [Field::Id, Field::Name, Field::Family, Field::Given]
        .into_iter()
        .filter_map(|field| head.column(field))
        .map(|column| row.cell(column))
        .collect();
    // 语文：王芳 is no note.
    let labelled = |cell: &Raw| {
        let found = names::names(cell);
        !found.is_empty() && found.iter().all(|named| named.is_name && named.role.is_some())
    };
    let is_note = |cell: &Raw| rows::is_note(cell) && !labelled(cell);
    let is_other = |cell: &&Raw| rows::is_statistic(cell) || is_note(cell) || is_example(cell) || counts(cell);
    if head.repeats(row) || who.iter().all(|cell| cell.is_blank()) || who.iter().any(is_other) || is_first_example(row)
    {
        return false;
    }
    let Some(cell) = head.column(Field::Name).map(|column| row.cell(column)).filter(|cell| !cell.is_blank()) else {
        return true;
    };
    let look = Look::of(cell, directory);
    let id = head.column(Field::Id).map(|column| row.cell(column)).filter(|cell| !cell.is_blank());
    // Beside a number Teacher 1 is a name; elsewhere a header or a subject.
    let has_id = id.is_some_and(|cell| !Look::of(cell, directory).is_known());
    if look.is_class() || (look.is_known() && !has_id && likeness(&look.text) < Likeness::Strong) {
        return false;
    }
    // 教导处 beside nothing is nobody's name.
    let other = |field| head.all(field).any(|column| Look::of(row.cell(column), directory).class);
    let alone = row.filled().count() <= 2 && !other(Field::Classes);
    let weak = look.text.contains(fold::is_han) && look.name < Likeness::Strong;
    !(weak && alone && id.is_none() && head.column(Field::Classes).is_some() && names::names(cell).len() <= 1)
}

fn is_example(cell: &Raw) -> bool {
    is_staff(&vocabulary::word_key(&cell.shown()), "example") || vocabulary::is(&cell.shown(), vocabulary::Is::Test)
}

/// 例 in the first cell of a row makes it one.
fn is_first_example(row: &Row) -> bool {
    row.filled().next().is_some_and(|(_, cell)| is_example(cell))
}

fn counts(cell: &Raw) -> bool {
    let text = cell.shown();
    staff_words("statistic").any(|word| text.contains(word))
}
