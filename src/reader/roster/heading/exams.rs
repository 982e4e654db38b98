//! Which exam a header's marks are of, and which of several marks they are.

use super::super::field::Field;
use super::super::vocabulary::{table, word_key as key};
use super::{Meaning, suffixed, whole, word};

/// Whether the text names an exam and nothing else (期中).
#[must_use]
pub fn is_exam(text: &str) -> bool {
    exam_name(&key(text)).is_some()
}

/// The exam that a sheet's name tells (期中, 期中成绩).
#[must_use]
pub fn exam(name: &str) -> Option<String> {
    exam_name(&key(name)).map(str::to_owned).or_else(|| word(name)?.exam)
}

/// A word, alone or with an exam.
pub(super) fn of_exam(word: &str) -> Option<Meaning> {
    whole(word).or_else(|| {
        let (exam, core) = split_exam(word)?;
        whole(core).map(|meaning| Meaning { exam: Some(exam.to_owned()), ..meaning })
    })
}

/// Marks or a total with a number before or behind them: what they are out of (英语150), or which of several they are (测验1, 第二次
/// 成绩, Quiz 3).
pub(super) fn numbered(word: &str) -> Option<Meaning> {
    const LEAST_FULL_MARKS: u32 = 30;
    let is_number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let (stem, number) = if let Some(rest) = word.strip_prefix('第') {
        let stem = rest.trim_start_matches(is_number);
        (stem.strip_prefix('次').unwrap_or(stem), &rest[..rest.len() - stem.len()])
    } else {
        let stem = word.trim_end_matches(is_number);
        (stem, &word[stem.len()..])
    };
    if stem.is_empty() || number.is_empty() || number.chars().count() > 4 {
        return None;
    }
    let named = of_exam(stem).or_else(|| suffixed(stem)).filter(|m| m.is_score() || m.field == Field::Total)?;
    let is_whole = number.parse().is_ok_and(|number: u32| number >= LEAST_FULL_MARKS);
    let exam = if is_whole { named.exam.clone() } else { Some(number.to_owned()) };
    Some(Meaning { exam, fit: named.fit.saturating_sub(1), ..named })
}

pub(super) fn exam_of(upper: &str, up: Option<&Meaning>) -> Option<String> {
    let word = key(upper);
    let named = exam_name(&word).map(str::to_owned);
    named.or_else(|| up.and_then(|m| m.exam.clone())).or_else(|| (up.is_none() && !word.is_empty()).then_some(word))
}

pub(super) fn exam_name(word: &str) -> Option<&'static str> {
    table().exams.iter().find(|(_, known)| *known == word).map(|(name, _)| *name)
}

pub(super) fn split_exam(word: &str) -> Option<(&'static str, &str)> {
    let all = table().exams.iter();
    all.filter_map(|(name, w)| Some((*name, word.strip_prefix(w).or_else(|| word.strip_suffix(w))?)))
        .find(|(_, core)| !core.is_empty())
}
