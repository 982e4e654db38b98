//! What the cells of a column look like, whatever its header says: names, ids.

use super::rows::is_name;
use super::table::{Raw, Row};
use super::vocabulary::{self, Is};
use super::{fold, value};

/// The filled cells of one column.
pub struct Contents<'a>(Vec<&'a Raw>);

impl<'a> Contents<'a> {
    /// Those of some rows.
    pub fn of(rows: impl IntoIterator<Item = &'a Row>, column: usize) -> Self {
        Self(rows.into_iter().map(|row| row.cell(column)).filter(|cell| !cell.is_blank()).collect())
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The cells themselves.
    pub fn cells(&self) -> impl Iterator<Item = &'a Raw> + '_ {
        self.0.iter().copied()
    }

    /// Whether nine of ten are of a kind.
    pub fn mostly(&self, is: impl Fn(&Raw) -> bool) -> bool {
        !self.0.is_empty() && 10 * self.cells().filter(|cell| is(cell)).count() >= 9 * self.0.len()
    }

    /// How many are not like one before them.
    pub fn distinct(&self) -> usize {
        let mut texts: Vec<String> = self.cells().map(Raw::shown).collect();
        texts.sort_unstable();
        texts.dedup();
        texts.len()
    }

    /// Whether they are names of people, hardly any there twice: Chinese ones of two to four characters, or words with a blank or a
    /// comma between them; in a column that is `called` so, single words too.
    pub fn are_names(&self, called: bool) -> bool {
        let name = |cell: &Raw| {
            let text = cell.shown();
            let long = if text.contains(fold::is_han) {
                (2..=4).contains(&text.chars().count()) || text.contains('·')
            } else {
                called || text.contains([' ', ','])
            };
            long && is_name(cell)
                && !text.contains(|c: char| c.is_ascii_digit())
                && value::gender(cell).is_none()
                && !vocabulary::is(&text, Is::Absent)
        };
        10 * self.distinct() >= 8 * self.count() && self.mostly(name)
    }

    /// Whether they are codes, no one there twice.
    pub fn are_ids(&self) -> bool {
        self.mostly(is_code) && self.distinct() == self.count()
    }
}

/// A number, a word with digits or an address, as ids are.
fn is_code(cell: &Raw) -> bool {
    let text = cell.shown();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_word = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_/.".contains(&b))
        && (cell.is_numeric() || digits >= 3)
        && value::numeric_form(cell).is_none_or(|_| !text.contains(['.', '/']));
    (digits > 0 && is_word) || (text.contains('@') && !text.contains(fold::is_space))
}
