//! How much a text looks like somebody's name.

use super::fold;
use super::vocabulary::staff_words;

/// The most signs of a Chinese name.
const LONGEST: usize = 6;

/// How much a text looks like somebody's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// It is none.
    None,
    /// It may be one.
    Weak,
    /// It is hardly anything else.
    Strong,
}

/// How much a bare text looks like a name: a surname and one or two signs more, or two words in Latin letters.
pub fn likeness(text: &str) -> Likeness {
    let signs: Vec<char> = text.chars().collect();
    let is_han = |c: &char| fold::is_han(*c) || *c == '·';
    if signs.iter().all(is_han) {
        let surname = |word: &str| text.strip_prefix(word).is_some_and(|rest| (1..=2).contains(&rest.chars().count()));
        return match signs.len() {
            2..=4 if staff_words("surname").any(surname) => Likeness::Strong,
            2..=LONGEST => Likeness::Weak,
            5..=12 if text.contains('·') => Likeness::Strong,
            _ => Likeness::None,
        };
    }
    let is_letter = |c: char| c.is_alphabetic() || fold::is_space(c) || ",.·-'’".contains(c);
    if !(2..=40).contains(&signs.len()) || !text.chars().all(is_letter) || !text.contains(char::is_alphabetic) {
        return Likeness::None;
    }
    let words: Vec<&str> = text.split(fold::is_space).filter(|word| !word.is_empty()).collect();
    let capital = |word: &&str| word.starts_with(char::is_uppercase);
    if (2..=4).contains(&words.len()) && words.iter().all(capital) { Likeness::Strong } else { Likeness::Weak }
}

/// Whether a bare text is hardly anything but a name.
#[must_use]
pub fn looks_like_a_name(text: &str) -> bool {
    likeness(text) == Likeness::Strong
}
