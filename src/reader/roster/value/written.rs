//! Numbers written in text, other than plainly.

use crate::roster::fold;
use crate::roster::table::Raw;

/// How a number is written in text, other than plainly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Written {
    /// `60.5 %`.
    Percent(f64),
    /// `7,5`; three digits behind the comma are thousands as well.
    Comma {
        /// The comma taken as the decimal sign; none where it cannot be one.
        decimal: Option<f64>,
        /// Commas taken as those between thousands; none where they cannot be that.
        thousands: Option<f64>,
    },
    /// `85/120`: part and whole.
    Fraction(f64, f64),
}

/// Reads a number that is written with a comma, as a percentage or as a part of something.
#[must_use]
pub fn numeric_form(raw: &Raw) -> Option<Written> {
    let Raw::Text(text) = raw else { return None };
    if text.len() > 40 || !text.contains([',', '，', '%', '％', '/', '／']) {
        return None;
    }
    let text: String = fold::fold(fold::bare(text)).chars().filter(|c| !fold::is_space(*c)).collect();
    let plain = |text: &str| {
        let is_number =
            text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if is_number { text.parse::<f64>().ok() } else { None }
    };
    if let Some(number) = text.strip_suffix('%') {
        return plain(&number.replace(',', ".")).map(Written::Percent);
    }
    if let Some((part, whole)) = text.split_once('/') {
        return Some(Written::Fraction(plain(part)?, plain(whole).filter(|whole| *whole > 0.0)?));
    }
    let text = text.strip_suffix('分').unwrap_or(&text);
    let (head, tail) = text.rsplit_once(',')?;
    let in_groups = |groups: &str, sign: char| {
        let mut parts = groups.split(sign);
        let first = parts.next().unwrap_or_default();
        let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        (1..=3).contains(&first.len()) && is_digits(first) && parts.all(|part| part.len() == 3 && is_digits(part))
    };
    let decimal = if head.contains(',') || tail.contains('.') || tail.is_empty() {
        None
    } else if head.contains('.') {
        if in_groups(head, '.') { plain(&format!("{}.{tail}", head.replace('.', ""))) } else { None }
    } else {
        plain(&format!("{head}.{tail}"))
    };
    let whole = tail.split('.').next().unwrap_or_default();
    let thousands = if whole.len() == 3 && in_groups(&format!("{head},{whole}"), ',') {
        plain(&text.replace(',', ""))
    } else {
        None
    };
    (decimal.is_some() || thousands.is_some()).then_some(Written::Comma { decimal, thousands })
}

/// A number beside which something stands that says nothing of its size: 第3名, 并列2, 85(A), 96*, 68↑, 3rd.
#[must_use]
pub fn noted(raw: &Raw) -> Option<f64> {
    const LONGEST: usize = 40;
    let Raw::Text(text) = raw else { return None };
    if text.len() > LONGEST || !text.contains(|c: char| fold::half_width(c).is_ascii_digit()) {
        return None;
    }
    let text = fold::fold(fold::bare(text));
    let text =
        ["并列第", "并列", "第", "=", "t", "T", "约"].iter().find_map(|sign| text.strip_prefix(sign)).unwrap_or(&text);
    let text = match fold::bracketed(text) {
        // Of two numbers either may be meant.
        Some((before, inside)) if !inside.contains(|c: char| c.is_ascii_digit()) => before,
        Some(_) => return None,
        None => text,
    };
    let text = text.trim_end_matches(|c: char| "*↑↓→▲▼△▽☆★#!? ".contains(c) || fold::is_selector(c));
    let ends = ["名", "位", "st", "nd", "rd", "th", "A", "B", "C", "D", "E", "优", "良", "中", "差"];
    let text = fold::trim(ends.iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text));
    let is_number =
        text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if is_number { text.parse().ok() } else { None }
}

/// Whether a text is the error of a spreadsheet's formula: #REF!, #N/A.
#[must_use]
pub fn is_error(text: &str) -> bool {
    text.len() <= 10 && text.starts_with('#') && (text.ends_with(['!', '?']) || text == "#N/A")
}
