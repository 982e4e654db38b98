//! The signs of a class's name made alike, and what stands around a class and says nothing of it.

use super::numbers::{label, numeral};
use super::words::{BEHIND, TRACKS, is_one, without_trailing};
use crate::roster::heading;
use crate::roster::{Field, fold};

/// A name on one line in half-width, lower-case letters without spaces.
pub(super) fn spelling(text: &str) -> String {
    fold::fold(&fold::one_line(text)).to_lowercase().chars().filter(|c| !fold::is_space(*c)).collect()
}

/// The text in half-width, lower-case signs of one kind; spaces stay only between two digits.
pub(super) fn plain(text: &str) -> String {
    let mut signs: Vec<char> = Vec::new();
    for c in fold::bare(text).chars().map(fold::half_width).flat_map(char::to_lowercase) {
        match c {
            '[' | '{' | '【' | '〔' | '〈' | '<' => signs.push('('),
            ']' | '}' | '】' | '〕' | '〉' | '>' => signs.push(')'),
            '–' | '—' | '―' | '─' | '−' | '‐' | '‑' | '_' | '~' | '～' | '…' => signs.push('-'),
            '·' | '•' | '。' | '・' => signs.push('.'),
            '〇' => signs.push('零'),
            _ => match in_brackets(c) {
                Some(number) => signs.extend(format!("({number})").chars()),
                None if fold::is_space(c) => signs.push(' '),
                None => signs.push(c),
            },
        }
    }
    let mut plain = String::with_capacity(signs.len());
    for (at, &c) in signs.iter().enumerate() {
        let next = signs[at..].iter().find(|c| **c != ' ');
        let between = plain.ends_with(|c: char| c.is_ascii_digit()) && next.is_some_and(char::is_ascii_digit);
        let repeated = c == '-' && plain.ends_with('-');
        if (c != ' ' || between) && !repeated {
            plain.push(c);
        }
    }
    // A spreadsheet's date: 7月1日 was 7-1.
    if let Some((grade, class)) = plain.strip_suffix('日').and_then(|date| date.split_once('月'))
        && [grade, class].iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    {
        return format!("{grade}-{class}");
    }
    plain
}

/// Without a subject before or behind the class: 语文:七1班, 数学七3班, 七1班语文, 一1物理.
fn without_subject(text: &str) -> &str {
    let is_subject = |word: &str| {
        !word.is_empty()
            && heading::word(word)
                .is_some_and(|meaning| matches!(meaning.field, Field::Score(_)) && meaning.exam.is_none())
    };
    let word = |c: char| fold::is_han(c) && !numeral(c) && c != '班';
    let end = text.len() - text.chars().rev().take_while(|c| word(*c)).map(char::len_utf8).sum::<usize>();
    let (head, tail) = text.split_at(end);
    let closed = head.ends_with('班') || head.ends_with(|c: char| c == ')' || c.is_ascii_digit());
    if closed && is_subject(tail) && !(head.ends_with('班') && is_one(tail, TRACKS)) {
        return head;
    }
    let start = text.find(|c| !word(c)).unwrap_or(text.len());
    let (head, tail) = text.split_at(start);
    if is_subject(head) && !tail.is_empty() { tail.trim_start_matches(':') } else { text }
}

/// A number that one sign writes in a ring or brackets.
fn in_brackets(c: char) -> Option<u32> {
    let of = |first: char| u32::from(c) - u32::from(first) + 1;
    match c {
        '①'..='⑳' => Some(of('①')),
        '⑴'..='⒇' => Some(of('⑴')),
        '㈠'..='㈩' => Some(of('㈠')),
        _ => None,
    }
}

/// Without what a file or a sheet says of itself behind the class, and brackets that hold no number: 三(1)班花名册(45人).
pub(super) fn without_noise(text: &str) -> &str {
    let mut text = text;
    loop {
        let before = text;
        text = without_subject(text.trim_matches(['-', '.', ' ', ':', '"', '“', '”', '*', '★', '#', '?']));
        if let Some(rest) = without_trailing(text, BEHIND) {
            text = rest;
        }
        if let Some((rest, inner)) = text.strip_suffix(')').and_then(|rest| rest.rsplit_once('('))
            && label(inner.trim_end_matches('班')).is_none()
            && !is_one(inner, TRACKS)
            && !inner.contains(['-', ',', '、', '组'])
        {
            text = rest;
        }
        if text == before {
            return text;
        }
    }
}
