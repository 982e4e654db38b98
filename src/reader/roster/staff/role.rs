//! What a text says of a teacher's work: a subject taught, or an office for the class.

use crate::roster::vocabulary::{self, is_staff, staff_words};
use crate::roster::{Field as ListField, fold, heading};

/// What a header of a matrix stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A subject, as written.
    Subject(String),
    /// An office for the class: 班主任.
    Office(String),
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
        || heading::word(key).is_some_and(|meaning| {
            matches!(&meaning.field, ListField::Score(name) if name != "score" && name != "等级")
                && meaning.exam.is_none()
        })
}
