//! The text of a class's name to what it says.

use super::numbers::{Leading, digit, label, numbers};
use super::signs::{plain, without_noise};
use super::words::{BEFORE, CLASS, GRADE, GROUPS, STAGES, TRACKS, is_one, leading};
use super::{ClassName, Counting, Grade, Label, Stage};
use crate::roster::fold;

/// Years that a cohort may have; below, a number is no year.
const YEARS: std::ops::RangeInclusive<u32> = 1980..=2079;

/// No name of a class is longer; spares long text the work.
const LONGEST: usize = 120;

/// All that a name may say by itself; empty where it is no class's name. Usually one.
#[must_use]
pub fn readings(text: &str) -> Vec<ClassName> {
    if text.len() > LONGEST {
        return Vec::new();
    }
    let text = plain(text);
    let bare = without_noise(&text);
    let mut found = Vec::new();
    for attempt in attempts(bare) {
        found = whole(attempt);
        if !found.is_empty() {
            break;
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The text, and what is left of it behind the name of a school, a year or a term.
fn attempts(text: &str) -> Vec<&str> {
    let mut attempts = vec![text];
    let ends = BEFORE.split_whitespace().filter_map(|word| text.rfind(word).map(|at| at + word.len()));
    attempts.extend(ends.max().map(|end| &text[end..]));
    // 临江二中七(1)班, 实验一小三(1)班
    let school = text.char_indices().find(|&(at, c)| {
        matches!(c, '中' | '小')
            && text[..at].ends_with(|c| digit(c).is_some() || fold::is_han(c))
            && text[at + c.len_utf8()..].starts_with(|c| digit(c).is_some() || matches!(c, '初' | '高'))
    });
    attempts.extend(school.map(|(at, c)| &text[at + c.len_utf8()..]));
    // 某某高中高一(3)班, 某某中学初中部七(1)班
    let stage = ["小学部", "初中", "高中"].iter().filter_map(|word| text.rfind(word)).max();
    attempts.extend(stage.filter(|at| *at > 0).map(|at| &text[at..]));
    attempts.into_iter().filter(|text| !text.is_empty()).collect()
}

/// Every reading of a text that is the whole name.
fn whole(text: &str) -> Vec<ClassName> {
    let mut found: Vec<ClassName> = Vec::new();
    for (grade, rest) in grades(text) {
        let of = classes(rest, TRACKS).into_iter();
        found.extend(of.map(|(label, track)| ClassName { grade: Some(grade), label, track }));
    }
    let explicit = found.iter().any(|name| name.label.is_some());
    found.retain(|name| name.label.is_some() || !explicit);
    let groups = if text.ends_with('班') { format!("{TRACKS} {GROUPS}") } else { TRACKS.to_owned() };
    // 三一班 is never a class without a grade, as 三一 is no number; 十一班 is class 11, or class 1 of grade 10.
    let alone = classes(text, &groups).into_iter().filter(|(label, _)| label.is_some());
    found.extend(alone.map(|(label, track)| ClassName { grade: None, label, track }));
    found.extend(glued(text));
    found
}

/// A number without a grade before it may hold both: 31班, 301, 2301班.
fn glued(text: &str) -> Vec<ClassName> {
    let digits = text.strip_suffix('班').unwrap_or(text);
    if !digits.bytes().all(|b| b.is_ascii_digit()) || !(2..=4).contains(&digits.len()) {
        return Vec::new();
    }
    let split = |at: usize| {
        let (grade, label) = digits.split_at(at);
        let label = label.parse().ok().filter(|number| *number > 0)?;
        let grade =
            numbered(grade.parse().ok()?, None).or_else(|| short_year(grade, None).filter(|_| digits.len() == 4))?;
        Some(ClassName { grade: Some(grade), label: Some(Label::Number(label)), track: String::new() })
    };
    let whole_behind = |at: &usize| digits.len() - at <= 2;
    (1..=2.min(digits.len() - 1)).filter(whole_behind).filter_map(split).collect()
}

/// The grades that a text may begin with, and what follows.
pub(super) fn grades(text: &str) -> Vec<(Grade, &str)> {
    let text = leading(text, "class").map_or(text, |(_, rest)| rest);
    let text = text.strip_prefix('第').filter(|rest| rest.contains("年级")).unwrap_or(text);
    let (worded, text) = leading(text, GRADE).map_or((false, text), |(_, rest)| (true, rest));
    let (stage, text) = stage(text);
    let mut found = Vec::new();
    for number in numbers(text) {
        found.extend(graded(&number, stage, worded));
    }
    found
}

fn stage(text: &str) -> (Option<Stage>, &str) {
    let mut found = (None, text);
    // 初中部初一1班 says it twice.
    while let Some(next) = STAGES.iter().find_map(|(stage, words)| Some((Some(*stage), leading(found.1, words)?.1))) {
        found = next;
    }
    found
}

/// What a number at the head of a name says of the grade.
fn graded<'t>(number: &Leading<'t>, stage: Option<Stage>, worded: bool) -> Vec<(Grade, &'t str)> {
    let Leading { value, digits, text } = *number;
    let rest = number.rest();
    let year = full_year(value, stage).or_else(|| short_year(digits, stage));
    let grade = numbered(value, stage);
    if let Some(rest) = rest.strip_prefix('届') {
        let leaving = year.map(|grade| match grade {
            Grade::Cohort(counting, year) => Grade::Cohort(Counting { leaving: true, ..counting }, year),
            Grade::Number(_) => grade,
        });
        return leaving.map(|grade| (grade, rest)).into_iter().collect();
    }
    for word in ["年级", "级", "年"] {
        let Some(rest) = rest.strip_prefix(word) else { continue };
        // 2025级高一(3)班, 2023级七年级3班
        let again: Vec<_> = if year.is_some() { grades(rest) } else { Vec::new() };
        let is_name = !rest.starts_with(|c: char| c.is_ascii_digit()) || rest.contains("年级");
        let again: Vec<_> =
            again.into_iter().filter(|(_, rest)| is_name && !classes(rest, TRACKS).is_empty()).collect();
        return match (again.is_empty(), word) {
            (false, _) => again,
            // 12级 is grade 12, or came in 2012.
            (true, "级") => [year, grade].into_iter().flatten().map(|grade| (grade, rest)).collect(),
            (true, _) => grade.or(year).map(|grade| (grade, rest)).into_iter().collect(),
        };
    }
    let chinese = !digits.starts_with(|c: char| c.is_ascii_digit());
    let apart = rest.starts_with(['-', '.', ' ', '('])
        || rest.starts_with(|c: char| c.is_ascii_alphabetic())
        || leading(rest, TRACKS).is_some()
        || rest.starts_with(|c| digit(c).is_some_and(|_| chinese || !c.is_ascii_digit()));
    if stage.is_none() && !worded && !apart {
        return Vec::new();
    }
    let whole = grade.or(year).map(|grade| (grade, rest));
    // 初11班 is 初一(1)班.
    let first = || Some((numbered(digits[..1].parse().ok()?, stage)?, &text[1..]));
    let split = if stage.is_some() && digits.len() > 1 && !chinese { first() } else { None };
    whole.into_iter().chain(split).collect()
}

/// The grade of a number, if it may be one.
fn numbered(value: u32, stage: Option<Stage>) -> Option<Grade> {
    let value = u8::try_from(value).ok().filter(|value| (1..=12).contains(value))?;
    let Some(stage) = stage else { return Some(Grade::Number(value)) };
    let first = *stage.grades().start();
    let counted = first + value - 1;
    [counted, value].into_iter().find(|grade| stage.grades().contains(grade)).map(Grade::Number)
}

fn full_year(value: u32, stage: Option<Stage>) -> Option<Grade> {
    let year = u16::try_from(value).ok().filter(|_| YEARS.contains(&value))?;
    Some(Grade::Cohort(Counting { leaving: false, stage }, year))
}

/// 23级 came in 2023.
fn short_year(digits: &str, stage: Option<Stage>) -> Option<Grade> {
    let value: u32 = digits.parse().ok().filter(|_| digits.len() == 2)?;
    if value >= 13 || digits.starts_with('1') { full_year(2000 + value, stage) } else { None }
}

/// What tells the class, of the text behind the grade; with the kind of class.
fn classes(text: &str, tracks: &str) -> Vec<(Option<Label>, String)> {
    let text = text.trim_start_matches(['-', '.', ' ', ':']);
    let (track, text) = track(text, tracks);
    let text = text.trim_start_matches(['-', '.', ' ']);
    let numbered = |rest: &str| rest.starts_with(|c: char| c == '(' || digit(c).is_some() || c.is_ascii_lowercase());
    let text = leading(text, CLASS).filter(|(_, rest)| numbered(rest)).map_or(text, |(_, rest)| rest);
    let (inside, behind) = match text.strip_prefix('(') {
        Some(inner) => match inner.split_once(')') {
            Some((inner, rest)) => (inner.strip_suffix('班').unwrap_or(inner), rest),
            None => return Vec::new(),
        },
        None => match text.split_once('班') {
            Some(parts) => parts,
            None => (text, ""),
        },
    };
    let behind = behind
        .strip_prefix('班')
        .or_else(|| behind.strip_suffix('班'))
        .unwrap_or(behind)
        .trim_matches(['(', ')', ' ', '-']);
    let late = is_one(behind, TRACKS);
    if !(behind.is_empty() || late && track.is_empty()) {
        return Vec::new();
    }
    let track = if late { behind } else { track };
    let track = track.strip_suffix('科').unwrap_or(track).to_owned();
    if let Some(label) = label(inside.trim()) {
        return vec![(Some(label), track)];
    }
    // 三年级向日葵班
    let only_word = |word: &str| {
        (1..=5).contains(&word.chars().count()) && word.chars().all(|c| fold::is_han(c) && digit(c).is_none())
    };
    match (inside, track.as_str()) {
        ("", track) if !track.is_empty() && text.starts_with('班') => vec![(None, track.to_owned())],
        (word, "") if only_word(word) && text.ends_with('班') => vec![(None, word.to_owned())],
        _ => Vec::new(),
    }
}

fn track<'t>(text: &'t str, tracks: &str) -> (&'t str, &'t str) {
    let (open, inner) = text.strip_prefix('(').map_or((false, text), |inner| (true, inner));
    match leading(inner, tracks) {
        Some((word, _)) => {
            let (word, rest) = inner.split_at(word.len());
            match (open, rest.strip_prefix(')')) {
                (true, Some(rest)) => (word, rest),
                (true, None) => ("", text),
                (false, _) => (word, rest),
            }
        }
        None => ("", text),
    }
}

/// A number in digits or Chinese numerals that is the whole text.
#[must_use]
pub fn number(text: &str) -> Option<usize> {
    let text = plain(text);
    let number = numbers(&text).into_iter().find(|number| number.rest().is_empty())?.value;
    usize::try_from(number).ok()
}

/// Whether the sign is a digit or a Chinese numeral.
#[must_use]
pub fn is_digit(c: char) -> bool {
    digit(fold::half_width(c)).is_some()
}

/// The grade that a title or a sheet's name tells: 2025—2026学年七年级任课表 is of grade 7. None where it tells several or none.
#[must_use]
pub fn grade_in(text: &str) -> Option<Grade> {
    let text = plain(text);
    let starts = text.char_indices().filter(|&(at, c)| {
        let inside = text[..at].ends_with(|c: char| digit(c).is_some() || matches!(c, '初' | '高'));
        !inside && (digit(c).is_some() || matches!(c, '初' | '高'))
    });
    let told = |(at, _): (usize, char)| {
        let (grade, rest) = grades(&text[at..]).into_iter().next()?;
        let named = &text[at..text.len() - rest.len()];
        let worded = ["grade", "year"].iter().any(|word| text[..at].ends_with(word)) || rest.starts_with("thgrade");
        (named.ends_with(['级', '届']) || named.starts_with(['初', '高']) || worded).then_some(grade)
    };
    let mut found: Vec<Grade> = starts.filter_map(told).collect();
    found.dedup();
    if found.len() == 1 { found.pop() } else { None }
}

/// The grade that a cell of a column of grades tells: 七年级, 七, 7, 初一.
#[must_use]
pub fn grade(text: &str) -> Option<Grade> {
    let alone = number(text).and_then(|number| numbered(u32::try_from(number).ok()?, None));
    let whole = || grades(&plain(text)).into_iter().find(|(_, rest)| rest.is_empty()).map(|(grade, _)| grade);
    alone.or_else(whole).or_else(|| grade_in(text))
}

/// Whether a text says a grade and nothing else: 七年级, 初一, 高二年级.
#[must_use]
pub fn is_grade(text: &str) -> bool {
    let text = plain(text);
    let named = text.ends_with(['级', '届']) || text.starts_with(['初', '高']);
    named && grades(&text).iter().any(|(_, rest)| rest.is_empty())
}

/// The grades that a cell of a column of grades tells, one or several: 七、八年级, 七至九年级.
#[must_use]
pub fn grades_of(text: &str) -> Vec<Grade> {
    let text = plain(text);
    let mut found = Vec::new();
    for part in text.split(['、', ',', ';', '/', '和', '及', '与', '&', '+']).filter(|part| !part.is_empty()) {
        let ends = part.split_once(['-', '至', '到']).map(|(first, last)| (grade(first), grade(last)));
        match ends {
            Some((Some(Grade::Number(first)), Some(Grade::Number(last)))) if first <= last => {
                found.extend((first..=last).map(Grade::Number));
            }
            _ => found.extend(grade(part)),
        }
    }
    if found.is_empty() { grade(&text).into_iter().collect() } else { found }
}
