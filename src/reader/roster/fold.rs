//! Forms of one text: full-width signs made half-width, odd spaces taken off, and the key by which words are compared.

use std::borrow::Cow;

/// The half-width twin of a full-width sign (`Ａ` → `A`, `（` → `(`, ideographic space → space), else the sign itself.
#[must_use]
pub fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// The full-width twin of a sign that has one, else the sign itself.
#[must_use]
pub fn full_width(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Any space a spreadsheet may hold, the invisible ones (zero-width, byte order mark) included.
#[must_use]
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Whether the sign only says how the one before it is drawn (the second sign of ✔️).
#[must_use]
pub fn is_selector(c: char) -> bool {
    ('\u{fe00}'..='\u{fe0f}').contains(&c)
}

/// What stands before brackets at the end of a text, and in them.
#[must_use]
pub fn bracketed(text: &str) -> Option<(&str, &str)> {
    const OPEN: [char; 6] = ['(', '[', '{', '【', '〖', '〔'];
    const CLOSE: [char; 6] = [')', ']', '}', '】', '〗', '〕'];
    let (before, inside) = text.strip_suffix(CLOSE)?.split_once(OPEN)?;
    let before = trim(before);
    (!before.is_empty()).then(|| (before, trim(inside)))
}

/// A text with every full-width sign made half-width.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().map(half_width).collect()
}

/// The bytes with which spaces and apostrophes begin in UTF-8 (U+0080 to U+00BF, U+1000 to U+3FFF, U+F000 to U+FFFF).
const ODD: [bool; 256] = {
    let mut odd = [false; 256];
    let mut byte = 0;
    while byte < odd.len() {
        odd[byte] = matches!(byte, 0..=0x20 | 0x27 | 0x60 | 0xc2 | 0xe1..=0xe3 | 0xef);
        byte += 1;
    }
    odd
};

/// Whether no sign of a text is a space or marks a number as text, seen by its bytes: most cells of a list.
fn is_plain(text: &str) -> bool {
    // Without a branch a byte: cells are short, and each ends elsewhere.
    !text.bytes().fold(false, |odd, byte| odd | ODD[usize::from(byte)])
}

/// Without any kind of space at both ends.
#[must_use]
pub fn trim(text: &str) -> &str {
    if is_plain(text) { text } else { text.trim_matches(is_space) }
}

/// Without spaces at both ends and without the apostrophe that marks a number stored as text.
#[must_use]
pub fn bare(text: &str) -> &str {
    if is_plain(text) {
        return text;
    }
    trim(trim(text).trim_start_matches(['\'', '\u{2018}', '\u{2019}', '`']))
}

/// One line of text: inner runs of spaces become one space, and none where both neighbours are Chinese
/// (`王　伟` is spaced out only to look as long as `王思远`).
#[must_use]
pub fn one_line(text: &str) -> String {
    line(text).into_owned()
}

/// The same, borrowed where the text stands on one line already.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let text = bare(text);
    if !text.contains(is_space) {
        return Cow::Borrowed(text);
    }
    let mut line = String::with_capacity(text.len());
    let mut spaces = false;
    for c in text.chars() {
        if is_space(c) {
            spaces = true;
            continue;
        }
        if spaces && !(is_han(c) && line.ends_with(is_han)) {
            line.push(' ');
        }
        spaces = false;
        line.push(c);
    }
    Cow::Owned(line)
}

/// What two spellings of one word have in common: half-width, lower-case letters and digits only.
#[must_use]
pub fn key(text: &str) -> String {
    text.chars().map(half_width).flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// Whether the sign is a letter or a Chinese character; the usual ones are told without a table.
#[must_use]
pub fn is_letter(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | '\u{4e00}'..='\u{9fff}') || c.is_alphabetic()
}

/// Whether the sign is a Chinese character.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
