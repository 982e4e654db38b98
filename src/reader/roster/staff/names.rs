//! Names of teachers as cells hold them: several in a cell, with titles, marks, numbers, subjects and remarks beside them.

use super::role::{Role, role};
use crate::roster::likeness::{Likeness, likeness};
use crate::roster::table::Raw;
use crate::roster::vocabulary::{is_staff, staff_words};
use crate::roster::{fold, value, vocabulary};

/// Somebody whom a cell names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The name without what stands beside it.
    pub(super) name: String,
    /// The subject or office that stands beside it.
    pub(super) role: Option<Role>,
    /// What says that he or she is not there: 产假.
    pub(super) gone: Option<String>,
    /// Whether it looks like a name at all.
    pub(super) is_name: bool,
}

/// Everybody whom a cell names, without those who stand for nobody (待定, a stroke). Who has gone is there, and marked.
pub(super) fn names(cell: &Raw) -> Vec<Named> {
    if cell.is_blank() || value::is_blank_stroke(cell) {
        return Vec::new();
    }
    let text = match cell {
        Raw::Text(text) => fold::fold(text),
        other => other.shown(),
    };
    parts(&text).iter().flat_map(|part| of_part(part)).filter(|named| !is_nobody(&named.name)).collect()
}

/// Whether a text stands in the place of a name and is nobody's.
pub(super) fn is_nobody(text: &str) -> bool {
    is_staff(&fold::fold(text).to_lowercase(), "nobody")
}

/// The parts of a cell between the signs of a list outside brackets; of 李强→赵磊 the last.
fn parts(text: &str) -> Vec<String> {
    let (mut parts, mut part, mut depth) = (Vec::new(), String::new(), 0_usize);
    let text = text.replace("->", "→").replace("改为", "→");
    for c in text.chars() {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            '→' | '⇒' => {
                part.clear();
                continue;
            }
            ';' | '、' | ',' | '\n' | '\r' | '/' | '|' | '+' | '&' | '和' if depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.push(c);
    }
    parts.push(part);
    parts.iter().flat_map(|part| spaced(part)).collect()
}

/// Parts with only spaces between them: whole Chinese names, or names with labels before them.
fn spaced(part: &str) -> Vec<String> {
    let words: Vec<&str> = part.split(fold::is_space).filter(|word| !word.is_empty()).collect();
    let whole = |word: &&str| word.chars().count() > 1 && word.chars().all(fold::is_han);
    let labelled = |word: &&str| word.split_once([':', '：']).is_some_and(|(_, name)| !name.is_empty());
    if words.len() > 1 && (words.iter().all(whole) || words.iter().all(labelled)) {
        return words.into_iter().map(str::to_owned).collect();
    }
    vec![part.to_owned()]
}

/// Everybody in a part: the texts between its brackets, each with the brackets behind it.
fn of_part(part: &str) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    for (text, remarks) in segments(part) {
        let (label, text) = match text.split_once(':') {
            Some((label, name)) => (Some(label.to_owned()), name.to_owned()),
            None => (None, text),
        };
        let stands_in = found.last().is_some_and(|before| before.gone.is_some());
        let Some((name, behind)) = plain(&text, stands_in) else { continue };
        let beside = || label.iter().chain(&remarks).chain(&behind);
        let role = beside().find_map(|text| role(text));
        let gone = beside().find(|text| says_gone(text)).cloned();
        let is_name = likeness(&name) > Likeness::None;
        found.push(Named { name, role, gone, is_name });
    }
    found
}

/// Whether a remark says that somebody is not there.
pub(super) fn says_gone(text: &str) -> bool {
    let key = vocabulary::word_key(text);
    let back = vocabulary::words(vocabulary::Is::Back).iter().any(|word| key.contains(word));
    is_staff(&key, "gone")
        || (!back
            && key.chars().count() <= 20
            && staff_words("gone").any(|word| word.contains(fold::is_han) && key.contains(word) && !denied(&key, word)))
}

fn denied(key: &str, word: &str) -> bool {
    let before = key.split(word).next().unwrap_or_default();
    vocabulary::words(vocabulary::Is::Denied).iter().any(|no| before.ends_with(no))
}

/// The texts of a part outside brackets, each with what stands in the brackets behind it.
fn segments(part: &str) -> Vec<(String, Vec<String>)> {
    let mut segments: Vec<(String, Vec<String>)> = vec![(String::new(), Vec::new())];
    let mut rest = part;
    while let Some(open) = rest.find(['(', '[', '【']) {
        let (before, inner) = rest.split_at(open);
        let inner = &inner[inner.chars().next().map_or(0, char::len_utf8)..];
        let (inside, after) = inner.split_once([')', ']', '】']).unwrap_or((inner, ""));
        add(&mut segments, before);
        if let Some((_, remarks)) = segments.last_mut() {
            remarks.push(inside.to_owned());
        }
        rest = after;
    }
    add(&mut segments, rest);
    segments.retain(|(text, _)| !text.is_empty());
    segments
}

fn add(segments: &mut Vec<(String, Vec<String>)>, text: &str) {
    if fold::trim(text).is_empty() {
        return;
    }
    match segments.last_mut() {
        Some((last, remarks)) if remarks.is_empty() => last.push_str(text),
        _ => segments.push((text.to_owned(), Vec::new())),
    }
}

/// A name without marks, numbers, titles and offices, and what of those was a word.
fn plain(text: &str, stands_in: bool) -> Option<(String, Vec<String>)> {
    let line = fold::one_line(text);
    let aside = |c: char| !c.is_alphabetic();
    let mut name = line.trim_matches(|c: char| fold::is_space(c) || c == '.');
    let mut behind = Vec::new();
    if name.contains(fold::is_han) {
        name = name.trim_matches(aside);
    } else if name.contains(char::is_alphabetic) {
        name = name.trim_matches(|c: char| "*★☆▲△●○◆◇#√:-".contains(c) || fold::is_space(c));
    }
    if stands_in && let Some(rest) = name.strip_suffix("代课").or_else(|| name.strip_suffix('代')) {
        name = rest;
    }
    let whole = |rest: &str| rest.chars().count() > 1 && likeness(rest) > Likeness::None;
    while let Some(rest) = staff_words("title").filter_map(|word| name.strip_suffix(word)).find(|rest| whole(rest)) {
        name = rest;
    }
    if let Some(rest) = staff_words("prefix").filter_map(|word| name.strip_prefix(word)).find(|rest| whole(rest)) {
        behind.push(name[..name.len() - rest.len()].to_owned());
        name = rest;
    }
    (!name.is_empty()).then(|| (name.to_owned(), behind))
}
