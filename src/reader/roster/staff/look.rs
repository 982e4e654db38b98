//! What the cells of a staff list look like, each by itself: a class, a name, a subject or an office, a header, a tick.

use super::Directory;
use super::columns::{self, Field};
use super::names;
use super::role::{Role, role};
use crate::roster::class_name::{self, Fit};
use crate::roster::likeness::{Likeness, likeness};
use crate::roster::table::{Raw, Row};
use crate::roster::{Field as ListField, value};

/// What one cell looks like.
#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) text: String,
    /// Whether it names classes of the lists, or what may be classes of others.
    pub(super) class: bool,
    /// Whether it is a number, a date or one letter, which may be a class where a header says so.
    pub(super) bare: bool,
    pub(super) name: Likeness,
    pub(super) role: Option<Role>,
    pub(super) word: Option<Field>,
    pub(super) tick: bool,
}

impl Look {
    pub(super) fn of(cell: &Raw, directory: &Directory) -> Self {
        let text = cell.shown();
        let found = names::names(cell);
        let role = role(&text);
        let word = columns::word(&text);
        let class = is_class(cell, &text, directory);
        let is_word = matches!(cell, Raw::Text(text) if text.contains(char::is_alphabetic));
        let bare = !is_word || text.len() == 1;
        let alone = role.is_none() && word.is_none() && (bare || !class);
        let name = found.iter().map(|named| if named.is_name { likeness(&named.name) } else { Likeness::None });
        let name = name.min().filter(|_| alone && !bare).unwrap_or(Likeness::None);
        let tick = matches!(value::mark(cell, &ListField::Tier), value::Mark::Yes | value::Mark::Circle);
        Self { text, class, bare, name, role, word, tick }
    }

    /// Whether it stands for a class beyond a bare number.
    pub(super) fn is_class(&self) -> bool {
        self.class && !self.bare
    }

    /// Whether it is a word of headers.
    pub(super) fn is_known(&self) -> bool {
        self.word.is_some() || self.role.is_some()
    }
}

/// The looks of a row's filled cells.
pub(super) fn looks(row: &Row, directory: &Directory) -> Vec<(usize, Look)> {
    row.filled().map(|(column, cell)| (column, Look::of(cell, directory))).collect()
}

fn is_class(cell: &Raw, text: &str, directory: &Directory) -> bool {
    if matches!(cell, Raw::Date(_)) {
        return true; // a spreadsheet made it of 7-1
    }
    if text.is_empty() || text.chars().count() > 200 {
        return false;
    }
    let parts = || directory.index().cell_of(text, None);
    !class_name::readings(text).is_empty() || {
        let parts = parts();
        !parts.is_empty() && parts.iter().all(|part| part.fit != Fit::Nothing)
    }
}
