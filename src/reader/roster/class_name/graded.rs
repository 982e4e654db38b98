//! The grade beside classes that name none: 1班 on the sheet 七年级 is 七年级1班.

use super::parse::{grade_in, is_digit, readings};
use super::titled::class_in_title;
use super::{ClassName, Grade, Label};
use crate::roster::fold;
use std::collections::BTreeSet;

/// The numerals of the grades 1 to 12.
const NUMERALS: [&str; 12] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
/// A number above is no class's within a grade: 702 says its grade itself.
const MOST: u16 = 60;

/// The grade that a title, a sheet, a file or a folder tells, in one way for all their wordings: 七年级, 2023级, 7 where the text is
/// English.
#[must_use]
pub fn grade_told(text: &str) -> Option<String> {
    let bare = fold::trim(text);
    let is_numeral = !bare.is_ascii() && NUMERALS.contains(&bare);
    let grade = if is_numeral { super::grade(bare) } else { grade_in(text) };
    Some(match grade? {
        Grade::Number(number) if text.is_ascii() => number.to_string(),
        Grade::Number(number) => format!("{}年级", NUMERALS.get(usize::from(number).checked_sub(1)?)?),
        Grade::Cohort(counting, year) => format!("{year}{}", if counting.leaving { "届" } else { "级" }),
    })
}

/// Whether the name of a class says no grade, or need not.
#[must_use]
pub fn lacks_grade(class: &str) -> bool {
    let names = readings(class);
    let alone = |label: Option<Label>| !matches!(label, Some(Label::Number(number)) if number > MOST);
    names.iter().all(|name| name.grade.is_none()) && names.iter().all(|name| alone(name.label))
        || names.iter().any(|name| name.grade.is_none() && alone(name.label))
}

/// What a name says as one word, where it can say one thing only beside these classes: 702 is 七2, as no grade has 702 classes, and
/// 112 is 一12 or 十一2, whichever is there.
#[must_use]
pub fn key_among(text: &str, classes: &BTreeSet<String>) -> Option<String> {
    let mut names = readings(text);
    names.retain(|name| !matches!(name.label, Some(Label::Number(number)) if number > MOST));
    if let [only] = names.as_slice() {
        return Some(only.key());
    }
    let graded = names.iter().all(|name| name.grade.is_some());
    let known: Vec<String> = names.iter().map(ClassName::key).filter(|key| graded && classes.contains(key)).collect();
    if known.len() == 1 { known.into_iter().next() } else { None }
}

/// A class with its grade before it: 七年级 and 1班 are 七年级1班, 7 and 2 are 7-2, 7 and A are 7A.
#[must_use]
pub fn with_grade(grade: &str, class: &str) -> String {
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let has_han = |text: &str| text.contains(fold::is_han);
    let is_year = |text: &str| is_number(text) && text.len() == 4;
    match (is_number(grade), is_number(class)) {
        (true, true) => format!("{grade}-{class}"),
        (true, false) if is_year(grade) && has_han(class) => format!("{grade}级{class}"),
        (true, false) if class.len() == 1 => format!("{grade}{class}"),
        (false, true) if has_han(grade) => format!("{grade}{class}班"),
        (_, false) if has_han(class) && is_number(grade) => format!("{grade}年级{class}"),
        _ if has_han(grade) || has_han(class) => format!("{grade}{class}"),
        _ => format!("{grade} {class}"),
    }
}

/// The class that the name of a file or a folder says, without what else it says: 七(1)班 of 七(1)班花名册 46人, 七4班-李老师 or
/// 副本七4班. None where it names none.
#[must_use]
pub fn class_told(text: &str) -> Option<String> {
    let names = readings(text);
    let short = class_in_title(text).filter(|short| !readings(short).is_empty());
    if names.is_empty() {
        return short;
    }
    short.filter(|short| readings(short) == names).or_else(|| Some(fold::trim(text).to_owned()))
}

/// Whether a text can hardly be anything but a class: it says so, or names a grade and what is behind it.
#[must_use]
pub fn is_surely_class(text: &str) -> bool {
    let names = readings(text);
    let has_word = text.contains('班') || text.to_lowercase().contains("class");
    !names.is_empty() && (has_word || text.contains(is_digit) && names.iter().all(|name| name.grade.is_some()))
}
