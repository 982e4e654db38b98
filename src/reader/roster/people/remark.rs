//! What a text says of somebody: that he has left, has come, or nothing. Words count as they stand in the text, of words that begin
//! alike the longest (转入 is no 转, "left-handed" no "left"); a part about the parents says nothing of the child.

use crate::roster::fold;
use crate::roster::vocabulary::{self, Is};
use std::collections::HashMap;
use std::sync::LazyLock;

/// How far before a word something may deny it.
const REACH: usize = 4;
/// Longer texts tell stories.
const LONGEST: usize = 80;

/// What a word within a text says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Gone,
    Back,
    /// A word that only begins like one of the others.
    Nothing,
}

/// The words by their first sign, the longest first.
static WORDS: LazyLock<HashMap<char, Vec<(&'static str, Says)>>> = LazyLock::new(|| {
    let mut words: HashMap<char, Vec<(&'static str, Says)>> = HashMap::new();
    let stems = [(Is::GoneStem, Says::Gone), (Is::Back, Says::Back), (Is::NoStem, Says::Nothing)];
    let long = vocabulary::words(Is::Gone).iter().filter(|word| word.chars().nth(1).is_some());
    let long = long.filter(|word| word.contains(fold::is_han)).map(|&word| (word, Says::Gone));
    let all = stems.into_iter().flat_map(|(is, says)| vocabulary::words(is).iter().map(move |&word| (word, says)));
    for (word, says) in all.chain(long) {
        words.entry(word.chars().next().unwrap_or_default()).or_default().push((word, says));
    }
    for words in words.values_mut() {
        words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    }
    words
});

/// Every sign that such a word begins with, however it is written.
static FIRST_SIGNS: LazyLock<Vec<bool>> = LazyLock::new(|| {
    let going = vocabulary::words(Is::Going).iter().filter_map(|word| word.chars().next());
    vocabulary::by_code(&WORDS.keys().copied().chain(going).collect())
});

/// Whether a text says that somebody has left, or is not there for long.
#[must_use]
pub fn says_gone(text: &str) -> bool {
    let said = said(text);
    said.contains(&Says::Gone) && !said.contains(&Says::Back)
}

/// Whether a text says that somebody has come or is back.
#[must_use]
pub fn says_back(text: &str) -> bool {
    said(text).contains(&Says::Back)
}

fn said(text: &str) -> Vec<Says> {
    let mut signs = text.chars();
    if !signs.clone().any(|c| FIRST_SIGNS.get(c as usize) == Some(&true)) || signs.nth(LONGEST).is_some() {
        return Vec::new();
    }
    let ends = |c: char| ",;.!?()、。|/\n".contains(fold::half_width(c));
    text.split(ends).map(plain).filter(|part| !is_about_family(part)).flat_map(|part| said_in(&part)).collect()
}

/// 去广东读书.
fn is_studying_elsewhere(part: &str) -> bool {
    let begins = vocabulary::words(Is::Going).iter().any(|word| part.starts_with(word));
    begins && vocabulary::words(Is::Studying).iter().any(|word| part.ends_with(word))
}

/// Lower-case words with one stroke between them, Chinese in simplified signs: `Has left -- 3/10` → `has-left-3-10`.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in fold::one_line(text).chars().map(fold::half_width).filter(|c| !"'’".contains(*c)) {
        if c.is_alphanumeric() {
            plain.extend(c.to_lowercase().map(vocabulary::simplified));
        } else if !plain.is_empty() && !plain.ends_with('-') {
            plain.push('-');
        }
    }
    plain
}

/// Whether a part of a text is about the family: 父亲…, "her father …".
fn is_about_family(part: &str) -> bool {
    let begins = |text: &str| vocabulary::words(Is::Family).iter().any(|word| is_word(text, word));
    begins(part) || part.split_once('-').is_some_and(|(_, rest)| begins(rest))
}

/// Whether a text begins with the word, which ends there.
fn is_word(text: &str, word: &str) -> bool {
    let goes_on = |rest: &str| word.is_ascii() && rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    text.strip_prefix(word).is_some_and(|rest| !goes_on(rest))
}

fn said_in(part: &str) -> Vec<Says> {
    let (mut said, mut from) = (Vec::new(), 0);
    if is_studying_elsewhere(part) {
        said.push(Says::Gone);
    }
    for (at, c) in part.char_indices() {
        let inside = c.is_ascii() && part[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        if at < from || inside {
            continue;
        }
        let found = WORDS.get(&c).into_iter().flatten().find(|(word, _)| is_word(&part[at..], word));
        if let Some(&(word, says)) = found {
            from = at + word.len();
            if !is_denied(&part[..at]) {
                said.push(says);
            }
        }
    }
    said
}

fn is_denied(before: &str) -> bool {
    let start = before.char_indices().rev().nth(REACH - 1).map_or(0, |(at, _)| at);
    let mut words = [Is::Denied, Is::DeniedWithin].into_iter().flat_map(vocabulary::words);
    words.any(|word| before[start..].trim_end_matches('-').ends_with(word))
}
