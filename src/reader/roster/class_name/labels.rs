//! Several classes behind one grade: lists, ranges, and digits written without a sign between them.

use super::Label;
use super::numbers::{label, numeral};
use super::words::TO;

/// Classes that one range may span; no school has as many in a grade.
const WIDEST: u16 = 60;

/// The labels of a list or range behind a grade; none where it holds a single one: `(1)(2)班`, `1-3班`, `(1、2)班`, `(1)-(3)班`,
/// `1.2.3班`, `ABC`.
pub(super) fn labels(text: &str) -> Option<Vec<Label>> {
    let text =
        text.trim_start_matches(['-', '.', ' ', ':']).replace(['班', '第'], "").replace(TO, "-").replace(")(", "、");
    let text = text.replace(['(', ')'], "");
    let mut labels: Vec<Label> = Vec::new();
    for item in text.split(['、', ',', ';', '.', ' ']) {
        match item.split_once('-') {
            Some((first, last)) => labels.extend(range(label(first)?, label(last)?)?),
            None => match label(item) {
                Some(label) => labels.push(label),
                None if is_row_of_letters(item) => labels.extend(item.chars().map(Label::Letter)),
                None => return None,
            },
        }
    }
    (labels.len() > 1).then_some(labels)
}

/// Letters one after the other in their order: abc.
fn is_row_of_letters(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_lowercase())
        && text.bytes().zip(text.bytes().skip(1)).all(|(a, b)| a < b)
        && text.len() <= 8
}

/// Every way to part digits behind a grade into numbers that rise: of 七123班, where no class has number 123.
pub(super) fn packed(plain: &str, rest: &str) -> Option<Vec<Vec<Label>>> {
    const LONGEST: usize = 9;
    let digits = rest.strip_suffix('班').unwrap_or(rest);
    let is_plain = digits.len() > 2 && digits.len() <= LONGEST && digits.bytes().all(|b| b.is_ascii_digit());
    if !is_plain || !plain.starts_with(|c| numeral(c) || matches!(c, '初' | '高')) {
        return None;
    }
    let mut ways: Vec<(usize, Vec<u16>)> = vec![(0, Vec::new())];
    let mut whole = Vec::new();
    while let Some((at, numbers)) = ways.pop() {
        if at == digits.len() {
            whole.push(numbers.into_iter().map(Label::Number).collect());
            continue;
        }
        for end in at + 1..=digits.len().min(at + 2) {
            let number: u16 = digits[at..end].parse().ok()?;
            if number > numbers.last().copied().unwrap_or(0) && number <= WIDEST {
                ways.push((end, numbers.iter().copied().chain([number]).collect()));
            }
        }
    }
    Some(whole)
}

/// All labels from one to another.
pub(super) fn range(first: Label, last: Label) -> Option<Vec<Label>> {
    match (first, last) {
        (Label::Number(first), Label::Number(last)) => {
            (first < last && last - first < WIDEST).then(|| (first..=last).map(Label::Number).collect())
        }
        (Label::Letter(first), Label::Letter(last)) => {
            (first < last).then(|| (first..=last).map(Label::Letter).collect())
        }
        _ => None,
    }
}
