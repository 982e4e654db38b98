//! Which column tells the class: grade and class joined, a column whose values are names of classes though its header says nothing,
//! and columns called class that hold years of study.

use super::put;
use crate::roster::class_name;
use crate::roster::columns::column_letters_of;
use crate::roster::doubt::Answer;
use crate::roster::heading::Part;
use crate::roster::layout::Line;
use crate::roster::table::Raw;
use crate::roster::tell::Tell;
use crate::roster::unify::Whole;
use crate::roster::vocabulary::{self, Is};
use crate::roster::{Field, fold};
use crate::words;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// A list has at most so many grades.
const MOST_GRADES: usize = 20;
/// A column of years of study holds fewer different texts.
const MOST_YEARS: usize = 200;
/// A class has at least so many students on average.
const LEAST: usize = 3;
/// Years in which a student may come or leave.
const YEARS: std::ops::RangeInclusive<u32> = 1990..=2079;

/// Where no column is called class, or the one that is numbers the students of theirs (班號), the one whose values are names of classes;
/// of several the first, which is asked about.
pub fn find_class(whole: &mut Whole, tell: &mut Tell<'_>) {
    let class = whole.assignment.position(&Field::Class);
    if class.is_some_and(|c| !numbers_everybody(whole, c)) || whole.classes.iter().any(|class| !class.is_empty()) {
        return;
    }
    let found: Vec<usize> = (0..whole.heads.len()).filter(|&c| holds_classes(whole, c)).collect();
    let Some(&first) = found.first() else { return };
    if let Some(numbers) = class {
        whole.assignment.fields[numbers] = Field::Other;
    }
    whole.assignment.fields[first] = Field::Class;
    whole.assignment.known[first] = true;
    let place = column_letters_of(&whole.heads[first]);
    let name = |c: usize| Some(whole.heads[c].text()).filter(|text| !text.is_empty());
    let text = name(first).unwrap_or_else(|| place.clone());
    let headers: Vec<String> = found.iter().filter_map(|&c| name(c)).collect();
    if headers.len() < 2 {
        let message = words!("“{text}”列写的是班级，作为班级", "“{text}” holds classes and is taken as the class");
        tell.notice("class_by_values", place, message);
        return;
    }
    let list = headers.iter().map(|header| format!("“{header}”")).collect::<Vec<_>>().join(", ");
    let message = words!(
        "这些列写的都是班级：{list}；以“{text}”作为班级",
        "these columns all hold classes: {list}; “{text}” is taken as the class"
    );
    let answer = |header: &String| Answer {
        label: words!("以“{header}”为准", "take “{header}”"),
        says: vec![format!("class={header}"), "accept=class_by_values".to_owned()],
    };
    tell.ask("class_by_values", place, message, headers.iter().map(answer).collect());
}

/// Whether everybody has a value of his own.
fn numbers_everybody(whole: &Whole, c: usize) -> bool {
    let mut kinds = HashSet::new();
    !whole.assignment.named[c] && whole.lines.len() > LEAST && texts(whole, c).all(|text| kinds.insert(text))
}

/// Whether a column without a field of its own holds names of classes, a plausible number of people in each.
fn holds_classes(whole: &Whole, c: usize) -> bool {
    let header = whole.heads[c].text().to_lowercase();
    let is_free = whole.assignment.fields[c] == Field::Other && !whole.assignment.named[c];
    if !is_free || vocabulary::words(Is::OtherClass).iter().any(|word| header.contains(word)) {
        return false;
    }
    let texts: Vec<Cow<'_, str>> = texts(whole, c).filter(|text| !text.is_empty()).collect();
    let kinds: HashSet<&str> = texts.iter().map(AsRef::as_ref).collect();
    let is_class = |text: &&str| is_class_name(text);
    10 * texts.len() >= 9 * whole.lines.len()
        && LEAST * kinds.len() <= texts.len()
        && !kinds.is_empty()
        && kinds.iter().all(is_class)
}

/// Whether a text can be nothing but the name of a class: a grade and a number or letter, or a word for class beside one.
fn is_class_name(text: &str) -> bool {
    if text.chars().count() > 20 || !text.contains(char::is_alphabetic) {
        return false;
    }
    let has_word = text.contains('班') || text.to_lowercase().contains("class");
    let readings = class_name::readings(text);
    readings.iter().any(|name| name.label.is_some() && (has_word || name.grade.is_some()))
}

fn texts(whole: &Whole, c: usize) -> impl Iterator<Item = Cow<'_, str>> {
    let at = whole.heads[c].index;
    whole.lines.iter().map(move |line| line.cells.get(at).map(Raw::line).unwrap_or_default())
}

/// The column of grades: called so, or by its values beside classes that name none and come again in every grade.
fn grade_column(whole: &Whole, class: usize) -> Option<usize> {
    let by_values = |c: &usize| {
        let key = fold::key(&whole.heads[*c].text());
        let is_free = !whole.assignment.named[*c] && *c != class;
        is_free && vocabulary::words(Is::GradeHeader).contains(&key.as_str()) && holds_grades(whole, *c, class)
    };
    whole.assignment.part(Part::Grade).or_else(|| (0..whole.heads.len()).find(by_values))
}

fn holds_grades(whole: &Whole, c: usize, class: usize) -> bool {
    let is_grade = |text: &str| class_name::grade(text).is_some() || is_year(text);
    let names_none = |text: &str| class_name::readings(text).iter().all(|name| name.grade.is_none());
    let pairs: HashSet<(Cow<'_, str>, Cow<'_, str>)> = texts(whole, c).zip(texts(whole, class)).collect();
    let classes: HashSet<&Cow<'_, str>> = pairs.iter().map(|(_, class)| class).collect();
    let mut filled = pairs.iter().filter(|(grade, class)| !grade.is_empty() && !class.is_empty()).peekable();
    pairs.len() > classes.len()
        && filled.peek().is_some()
        && filled.all(|(grade, class)| is_grade(grade) && names_none(class))
}

fn is_year(text: &str) -> bool {
    text.parse().is_ok_and(|year: u32| YEARS.contains(&year))
}

/// 七年级 and 1班 make 七年级1班, where the list has several grades.
pub fn join_grades(whole: &mut Whole, tell: &mut Tell<'_>) {
    let Some(class) = whole.assignment.position(&Field::Class) else { return };
    let Some(grade) = grade_column(whole, class) else { return };
    let (grade_at, class_at) = (whole.heads[grade].index, whole.heads[class].index);
    let text = |line: &Line, c: usize| line.cells.get(c).map(Raw::shown).unwrap_or_default();
    let grades: HashSet<String> =
        whole.lines.iter().map(|line| text(line, grade_at)).filter(|text| !text.is_empty()).collect();
    if grades.len() < 2 || grades.len() > MOST_GRADES {
        return;
    }
    let mut joined = 0;
    for line in &mut whole.lines {
        let (grade, class) = (text(line, grade_at), text(line, class_at));
        if grade.is_empty() || class.is_empty() || class.contains(grade.trim_end_matches(['级', '年'])) {
            continue;
        }
        let whole = class_name::with_grade(&grade, &class);
        put(line, class_at, Raw::Text(whole.into()));
        joined += 1;
    }
    if joined > 0 {
        let text = whole.heads[grade].text();
        whole.heads[class].levels.insert(0, text);
        let message = words!("年级和班级合在一起作为班级", "grade and class together are taken as the class");
        tell.notice("class_with_grade", column_letters_of(&whole.heads[class]), message);
    }
}

/// A column called class that holds years of study, or years of leaving, is a kind of student, not a class.
pub fn years_are_no_classes(whole: &mut Whole, tell: &mut Tell<'_>) {
    let Some(class) = whole.assignment.position(&Field::Class).filter(|&c| !whole.assignment.named[c]) else { return };
    let mut texts: HashMap<Cow<'_, str>, usize> = HashMap::new();
    for text in self::texts(whole, class).filter(|text| !text.is_empty()) {
        *texts.entry(text).or_default() += 1;
        if texts.len() > MOST_YEARS {
            return;
        }
    }
    let all: usize = texts.values().sum();
    let years: usize = texts.iter().filter(|(text, _)| vocabulary::is(text, Is::ClassYear)).map(|(_, n)| n).sum();
    let is_leaving = whole.heads[class].text().is_ascii() && texts.keys().all(|text| is_year(text));
    if texts.is_empty() || (2 * years <= all && !is_leaving) {
        return;
    }
    let text = whole.heads[class].text();
    whole.assignment.fields[class] = Field::Category(text.replace([':', '='], " "));
    let message = words!(
        "“{text}”列是年级（学年），按类别分匀，不按它分班",
        "“{text}” holds years of study: balanced as a kind, not taken as classes"
    );
    tell.notice("class_is_year", column_letters_of(&whole.heads[class]), message);
}
