//! Tells what the list holds and nothing is done with: names of other students, kinds, a table beside the list.

mod beside;
mod beyond;

use super::heading;
use super::tell::Tell;
use super::{Cell, Column, Field, Holds, Student, column_letters, fold};
use crate::words;
use crate::words::{Words, by_count, quoted};
use std::collections::HashSet;

/// How many rows are looked at.
const LOOKED_AT: usize = 2_000;
/// How many columns or people a message names.
const SHOWN: usize = 8;

/// Finds columns that name other students: by their whole name, alone or in a sentence, or by their given name alone.
pub fn find_names(columns: &mut [Column], students: &[Student]) {
    let may_name =
        |column: &Column| column.field == Field::Other && !matches!(column.holds, Holds::Nothing | Holds::Marks);
    if !columns.iter().any(may_name) {
        return;
    }
    let people = People::of(students);
    for column in columns.iter_mut().filter(|column| may_name(column)) {
        let (mut texts, mut whole, mut given) = (0, 0, 0);
        for (student, text) in students.iter().zip(column.cells.iter().map(Cell::text)).take(LOOKED_AT) {
            let Some(text) = text else { continue };
            texts += 1;
            if people.is_whole_in(text, student) {
                whole += 1;
            } else if people.is_given_in(text, student) {
                given += 1;
            }
        }
        // A sentence need not name anybody; whoever is named by the given name alone should stand among many.
        if texts > 0 && (2 * (whole + given) >= texts || whole > 1 && 5 * whole >= texts) {
            column.holds = Holds::Names;
        }
    }
}

/// The names of the students.
struct People<'a> {
    whole: HashSet<&'a str>,
    given: HashSet<&'a str>,
}

impl<'a> People<'a> {
    fn of(students: &'a [Student]) -> Self {
        let names = || students.iter().map(|student| student.name.as_str()).filter(|name| !name.is_empty());
        Self { whole: names().collect(), given: names().filter_map(given).collect() }
    }

    /// Whether a text names another student in full.
    fn is_whole_in(&self, text: &str, own: &Student) -> bool {
        let is_other = |part: &str| part != own.name && self.whole.contains(part);
        if parts(text).any(is_other) {
            return true;
        }
        let starts = text.char_indices().map(|(at, _)| &text[at..]);
        let signs = |text: &'_ str, n: usize| text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
        let mut of_signs = starts.flat_map(|rest| (2..=4).map(move |n| &rest[..signs(rest, n)]));
        if text.contains(fold::is_han) {
            return text.len() <= 300 && of_signs.any(|part| part.chars().all(fold::is_han) && is_other(part));
        }
        let words: Vec<&str> = text.split(|c: char| fold::is_space(c) || ".,;:!?".contains(c)).collect();
        words.windows(2).chain(words.windows(3)).any(|words| is_other(&words.join(" ")))
    }

    /// Whether a text is the given name of another student, or several of them.
    fn is_given_in(&self, text: &str, own: &Student) -> bool {
        parts(text).any(|part| Some(part) != given(&own.name) && self.given.contains(part))
    }
}

/// The given name: the first word of several, and what follows the first sign of three or more in Chinese.
fn given(name: &str) -> Option<&str> {
    if let Some((first, _)) = name.split_once(' ') {
        return (first.len() > 2).then_some(first);
    }
    let (at, _) = name.char_indices().nth(1)?;
    (name.chars().all(fold::is_han) && name.chars().count() > 2).then(|| &name[at..])
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    let ends = [';', '；', '、', ',', '，', '/', '&', '\n'];
    text.split(ends).flat_map(|part| part.split(" and ")).map(fold::trim)
}

/// Tells what is not used though it names other students, might be balanced, or stands beside the list.
pub fn tell_unused(columns: &[Column], known: &[bool], students: &[Student], tell: &mut Tell<'_>) {
    let aside = aside(columns);
    let others = || columns.iter().zip(known).take(aside).filter(|(column, _)| column.field == Field::Other);
    let is_name = |column: &Column| heading::word(&column.header).is_some_and(|word| word.field == Field::Name);
    let wishes: Vec<&Column> = others().map(|(c, _)| c).filter(|c| c.holds == Holds::Names && !is_name(c)).collect();
    if let Some(first) = wishes.first() {
        let (Words { zh, en }, n) = (names_of(&wishes), wishes.len());
        let (names, is) = (by_count(n, "names", "name"), by_count(n, "is", "are"));
        let message = words!("{zh}写的是别的学生，没有用到", "{en} {names} other students and {is} not used");
        tell.notice("names_unused", column_letters(first.index), message);
    }
    let is_kinds = |c: &Column| c.holds == Holds::Kinds && !c.header.is_empty();
    let kinds: Vec<&Column> = others().filter(|(c, known)| is_kinds(c) && !**known).map(|(c, _)| c).collect();
    if let Some(first) = kinds.first() {
        let (Words { zh, en }, n) = (names_of(&kinds), kinds.len());
        let (each, holds, are) = (by_count(n, "it", "each"), by_count(n, "tells", "tell"), by_count(n, "is", "are"));
        let message = words!(
            "{zh}把学生分成几类，没有用到；需要时可以按它分匀",
            "{en} {holds} kinds of students apart and {are} not used; {each} can be balanced"
        );
        tell.notice("kinds_unused", column_letters(first.index), message);
    }
    let asked = beside::ask_others(columns, students, tell);
    beyond::tell(columns[..aside].iter().filter(|column| !asked.contains(&column.index)), students, tell);
    tell_strangers(columns.iter().filter(|c| c.field == Field::Other && is_name(c)), students, tell);
    if let Some(first) = columns.get(aside) {
        let Words { zh, en } = names_of(&columns[aside..].iter().collect::<Vec<_>>());
        let message =
            words!("名册旁边还有一张小表，没有读取：{zh}", "a small table beside the list was not read: {en}");
        tell.notice("beside_unused", column_letters(first.index), message);
    }
}

/// People in a further column of names whom the list does not have.
fn tell_strangers<'a>(columns: impl Iterator<Item = &'a Column>, students: &[Student], tell: &mut Tell<'_>) {
    let known: HashSet<&str> = students.iter().map(|student| student.name.as_str()).collect();
    for column in columns {
        let texts = || column.cells.iter().filter_map(Cell::text);
        let strangers: Vec<String> = texts().filter(|name| !known.contains(name)).map(str::to_owned).collect();
        // Another spelling of everybody's own name names nobody else.
        if strangers.is_empty() || 2 * texts().count() > students.len() {
            continue;
        }
        let (Words { zh, en }, n, header) = (quoted(&strangers, SHOWN), strangers.len(), &column.header);
        let (people, are) = (by_count(n, "person", "people"), by_count(n, "is", "are"));
        let message = words!(
            "旁边的“{header}”列还有 {n} 人不在名册里，没有编入：{zh}",
            "{n} {people} in another column “{header}” {are} not in the list and left out: {en}"
        );
        let yes = words!("不需要他们", "they are not needed");
        tell.doubt("names_beside", column_letters(column.index), message, yes);
    }
}

/// Headers for a message; where there is none, the letter.
fn names_of(columns: &[&Column]) -> Words {
    let name = |c: &&Column| if c.header.is_empty() { column_letters(c.index) } else { c.header.clone() };
    quoted(&columns.iter().map(name).collect::<Vec<_>>(), SHOWN)
}

/// The first of the columns of a table beside the list: behind a gap, none of them used, filled from the first student on and
/// ended before the last.
fn aside(columns: &[Column]) -> usize {
    let is_used = |c: &Column| !matches!(c.field, Field::Other | Field::Notes);
    let is_gap = |c: &Column| c.header.is_empty() && c.holds == Holds::Nothing;
    let last = columns.iter().rposition(is_used).unwrap_or(columns.len());
    let behind_gap = |&at: &usize| columns[at].index > columns[at - 1].index + 1 || is_gap(&columns[at - 1]);
    let ends = |cells: &[Cell]| {
        let filled = cells.iter().take_while(|cell| **cell != Cell::Empty).count();
        filled > 0 && filled < cells.len() && cells[filled..].iter().all(|cell| *cell == Cell::Empty)
    };
    (last + 1..columns.len())
        .find(behind_gap)
        .filter(|&at| columns[at..].iter().filter(|c| !is_gap(c)).all(|c| ends(&c.cells)))
        .unwrap_or(columns.len())
}
