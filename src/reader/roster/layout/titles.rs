//! What the titles of lists say: the class, by its name or by being all that tells one list from another.

use super::super::class_name::{class_in_title, names_class};
use super::super::heading;
use super::super::rows::{is_group, is_note};
use super::super::table::{Raw, Row};
use super::super::{Field, class_name as names, fold, kinds};

/// A row that says something about what stands below it: one cell, or two of which none is a number.
pub fn is_title(row: &Row) -> bool {
    let cells: Vec<&Raw> = row.filled().map(|(_, cell)| cell).collect();
    match cells.as_slice() {
        [Raw::Text(text)] => {
            fold::trim(text).chars().count() > 3 || names_class(text) || is_group(text) || kinds::named(text).is_some()
        }
        [Raw::Text(text), other] => !other.is_numeric() && text.contains([':', '：', '班']),
        _ => false,
    }
}

/// The class that a title names: 七年级（3）班花名册 → 七年级（3）班; 班级 | 五(1)班 → 五(1)班; Class: 7A → 7A.
pub fn class_in(row: &Row) -> Option<String> {
    let cells: Vec<String> = row.filled().map(|(_, cell)| cell.shown()).collect();
    let beside =
        cells.iter().zip(cells.iter().skip(1)).find(|(word, _)| is_class_word(word)).map(|(_, name)| name.clone());
    beside.or_else(|| {
        row.filled().find_map(|(_, cell)| match cell {
            Raw::Text(text) => said(text).or_else(|| class_in_title(&cell.shown())),
            _ => None,
        })
    })
}

/// The grade that titles tell, the lowest first.
pub fn grade_in(titles: &[Row]) -> Option<String> {
    let told = |row: &Row| row.filled().find_map(|(_, cell)| names::grade_told(&cell.shown()));
    titles.iter().rev().find_map(told)
}

/// The kind of students that the lowest title of one cell names.
pub fn kind_in(titles: &[Row]) -> Option<String> {
    titles.iter().rev().find_map(|row| {
        let mut filled = row.filled();
        let (_, cell) = filled.next()?;
        let alone = filled.next().is_none();
        kinds::named(&cell.shown()).filter(|_| alone).map(|(_, word)| word)
    })
}

/// What stands behind the word for a class and a colon.
fn said(text: &str) -> Option<String> {
    let parts = text.split([' ', '\u{3000}', ',', '，', ';', '；']).filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.collect();
    let named = |at: usize| {
        let (word, name) = parts[at].split_once([':', '：'])?;
        let name = if name.is_empty() { parts.get(at + 1).copied()? } else { name };
        is_class_word(word).then(|| name.to_owned())
    };
    (0..parts.len()).find_map(named)
}

fn is_class_word(word: &str) -> bool {
    heading::word(word.trim_end_matches([':', '：'])).is_some_and(|meaning| match meaning.field {
        Field::Class => true,
        Field::Category(name) => name == "section",
        _ => false,
    })
}

/// The lowest titles of lists below one another where each has one and they differ as those of classes may; none otherwise.
pub fn that_differ(titles: &[&[Row]]) -> Vec<Option<String>> {
    let lowest = |rows: &&[Row]| {
        let cell = rows.iter().rev().find_map(|row| row.filled().next()).map(|(_, cell)| cell)?;
        let text = cell.shown();
        let says_more = kinds::named(&text).is_some() || heading::exam(&text).is_some() || is_page(&text);
        (!says_more && (!is_note(cell) || text.contains([':', '：']))).then_some(text)
    };
    let all: Vec<Option<String>> = titles.iter().map(lowest).collect();
    let texts: Vec<&String> = all.iter().flatten().collect();
    let is_apart = |(at, text): (usize, &&String)| {
        texts.iter().enumerate().all(|(other, longer)| other == at || !longer.contains(text.as_str()))
    };
    let are_apart = texts.len() == all.len() && texts.iter().enumerate().all(is_apart);
    if are_apart { all } else { vec![None; titles.len()] }
}

fn is_page(text: &str) -> bool {
    text.contains('页') || text.to_lowercase().contains("page")
}
