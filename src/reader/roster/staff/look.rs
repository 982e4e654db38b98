//! What the cells of a staff list look like, each by itself: a class, a name, a subject or an office, a header, a tick.

use super::Directory;
use super::columns::{self, Field};
use super::names::{self, Likeness};
use crate::roster::class_name::{self, Fit};
use crate::roster::heading;
use crate::roster::table::{Raw, Row};
use crate::roster::vocabulary::{self, is_staff, staff_words};
use crate::roster::{Field as ListField, fold, value};

/// What a header of a matrix stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A subject, as written.
    Subject(String),
    /// An office for the class: 班主任.
    Office(String),
}

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
        let name = found.iter().map(|named| if named.is_name { names::likeness(&named.name) } else { Likeness::None });
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

/// What a text says as the header of teachers.
pub(super) fn role(text: &str) -> Option<Role> {
    let shown = fold::one_line(text);
    if shown.chars().count() > 24 || !shown.contains(char::is_alphabetic) {
        return None;
    }
    heading::words(&shown).iter().find_map(|word| role_word(word, &shown))
}

fn role_word(word: &str, shown: &str) -> Option<Role> {
    let mut bare = word;
    loop {
        if is_staff(bare, "office") {
            return Some(Role::Office(without_brackets(shown)));
        }
        if is_subject(bare) {
            return Some(Role::Subject(subject_of(shown)));
        }
        let behind = staff_words("behind").filter_map(|end| bare.strip_suffix(end)).min_by_key(|rest| rest.len());
        match behind {
            Some(rest) if !rest.is_empty() => bare = rest,
            _ => break,
        }
    }
    // 道德与法治、科学 is two subjects of one teacher.
    let mut parts = shown.split(['、', '/', ',', '+', '，']).map(fold::trim).filter(|part| !part.is_empty()).peekable();
    let several = parts.clone().count() > 1 && parts.all(|part| is_subject(&vocabulary::word_key(part)));
    several.then(|| Role::Subject(shown.to_owned()))
}

fn without_brackets(shown: &str) -> String {
    let end = shown.find(['(', '（']).filter(|at| *at > 0).unwrap_or(shown.len());
    let text = fold::trim(&shown[..end]);
    text.strip_suffix("姓名").unwrap_or(text).to_owned()
}

fn subject_of(shown: &str) -> String {
    let text = without_brackets(shown);
    let behind = staff_words("behind").filter_map(|end| text.strip_suffix(end)).filter(|rest| !rest.is_empty());
    behind.min_by_key(|rest| rest.len()).map_or(text.clone(), |rest| fold::trim(rest).to_owned())
}

fn is_subject(key: &str) -> bool {
    is_staff(key, "subject")
        || vocabulary::word(key).is_some_and(|meaning| {
            matches!(&meaning.field, ListField::Score(name) if name != "score" && name != "等级")
                && meaning.exam.is_none()
        })
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
