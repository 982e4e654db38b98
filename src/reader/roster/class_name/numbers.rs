//! Numbers in the names of classes: in digits or Chinese numerals, and the letters in their place.

use super::Label;

/// A number or a letter that is the whole text.
pub(super) fn label(text: &str) -> Option<Label> {
    let mut signs = text.chars();
    if let (Some(letter @ 'a'..='z'), None) = (signs.next(), signs.next()) {
        return Some(Label::Letter(letter));
    }
    let number = numbers(text).into_iter().find(|number| number.rest().is_empty())?.value;
    u16::try_from(number).ok().filter(|number| (1..=999).contains(number)).map(Label::Number)
}

/// A number at the head of a text.
pub(super) struct Leading<'t> {
    pub(super) value: u32,
    pub(super) digits: &'t str,
    pub(super) text: &'t str,
}

impl<'t> Leading<'t> {
    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.digits.len()..]
    }
}

/// The numbers that a text may begin with: all digits, or as many Chinese numerals as make one.
pub(super) fn numbers(text: &str) -> Vec<Leading<'_>> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if end > 0 {
        return text[..end].parse().map(|value| Leading { value, digits: &text[..end], text }).into_iter().collect();
    }
    let ends = text.char_indices().take(3).map(|(at, c)| at + c.len_utf8());
    let of = |end: usize| {
        let digits = &text[..end];
        Some(Leading { value: chinese(digits)?, digits, text })
    };
    ends.filter_map(of).collect()
}

/// 七, 十, 十二, 二十, 二十一.
fn chinese(text: &str) -> Option<u32> {
    let signs: Vec<u32> = text.chars().map(|c| digit(c).filter(|_| !c.is_ascii_digit())).collect::<Option<_>>()?;
    match signs.as_slice() {
        [one] if *one > 0 => Some(*one),
        [10, ones @ 1..=9] => Some(10 + ones),
        [tens @ 1..=9, 10] => Some(10 * tens),
        [tens @ 1..=9, 10, ones @ 1..=9] => Some(10 * tens + ones),
        _ => None,
    }
}

/// The value of one digit or numeral.
pub(super) fn digit(c: char) -> Option<u32> {
    const NUMERALS: [char; 11] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
    let numeral = NUMERALS.iter().position(|numeral| *numeral == c).and_then(|at| u32::try_from(at).ok());
    c.to_digit(10).or(numeral)
}

/// Whether the sign is a Chinese numeral.
pub(super) fn numeral(c: char) -> bool {
    !c.is_ascii_digit() && digit(c).is_some()
}
