//! Students who stand in a list twice, and students of one name.

use super::{SHOWN, Who};
use crate::roster::layout::Line;
use crate::roster::repeats::repeats;
use crate::roster::table::Raw;
use crate::roster::tell::{Tell, places};
use crate::roster::unify::Whole;
use crate::roster::{Field, RowPlace, fold};
use crate::words;
use crate::words::by_count;
use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{Hash, Hasher};

/// So many marks of two students with numbers of their own are hardly alike by chance.
const FEWEST_MARKS: usize = 2;

/// Two rows that agree in all that is filled, ids aside: one person twice, as far as can be told.
pub(super) fn tell_twice(whole: &Whole, who: &Who, tell: &mut Tell<'_>) {
    if who.name.is_none() {
        return;
    }
    let name = |s: usize| {
        let line = &whole.lines[s];
        let name = who.name.map(|c| plain(line, c)).filter(|name| !name.is_empty())?;
        Some((name, who.class.and_then(|c| line.cells.get(c)).map_or(Cow::Borrowed(&*whole.classes[s]), Raw::line)))
    };
    let row = |s: usize| name(s).map(|name| (name, Filled { line: &whole.lines[s], but: who.id }));
    let n = whole.lines.len();
    let mut same = repeats(n, row);
    // Numbers of their own tell two students apart, and fewer marks are alike by chance.
    same.retain(|&(_, s)| who.id.is_none() || marks(whole, &whole.lines[s]) >= FEWEST_MARKS);
    let mut alike = if who.id.is_none() { repeats(n, name) } else { Vec::new() };
    let twice: HashSet<usize> = same.iter().map(|&(_, s)| s).collect();
    alike.retain(|(_, s)| !twice.contains(s));
    let list = |pairs: &[(usize, usize)]| {
        let text = |&(a, b): &(usize, usize)| {
            let (name, one, two) =
                (who.name(&whole.lines[b]), whole.lines[a].place.cell(None), whole.lines[b].place.cell(None));
            format!("{name} ({one}, {two})")
        };
        pairs.iter().take(SHOWN).map(text).collect::<Vec<_>>().join("; ")
    };
    if !same.is_empty() {
        let (n, names) = (same.len(), list(&same));
        let rows: Vec<&RowPlace> = same.iter().map(|&(_, s)| &whole.lines[s].place).collect();
        let students = by_count(n, "student seems", "students seem");
        let message = words!(
            "{n} 人似乎写了两次（各项都一样）：{names}",
            "{n} {students} to be in the list twice, alike in everything: {names}"
        );
        tell.doubt("person_twice", places(&rows, who.name), message, words!("是同名的两个人", "they are two people"));
    }
    if !alike.is_empty() {
        let names = list(&alike);
        let rows: Vec<&RowPlace> = alike.iter().map(|&(_, s)| &whole.lines[s].place).collect();
        let message =
            words!("同名的学生按两个人处理：{names}", "students of one name are taken as two people: {names}");
        tell.notice("names_repeat", places(&rows, who.name), message);
    }
}

/// A cell's text without spaces and case.
fn plain(line: &Line, column: usize) -> Cow<'_, str> {
    let text = line.cells.get(column).map(Raw::line).unwrap_or_default();
    if text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase()) || text.chars().all(fold::is_han) {
        return text;
    }
    text.chars().map(fold::half_width).filter(|c| !fold::is_space(*c)).flat_map(char::to_lowercase).collect()
}

/// What a row holds in its filled cells, but for one column.
struct Filled<'a> {
    line: &'a Line,
    but: Option<usize>,
}

impl Filled<'_> {
    fn cells(&self) -> impl Iterator<Item = (usize, Cow<'_, str>)> {
        let columns = (0..self.line.cells.len()).filter(|&c| Some(c) != self.but);
        columns.map(|c| (c, plain(self.line, c))).filter(|(_, text)| !text.is_empty())
    }
}

impl Hash for Filled<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.cells().for_each(|cell| cell.hash(state));
    }
}

impl PartialEq for Filled<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cells().eq(other.cells())
    }
}

impl Eq for Filled<'_> {}

/// How many marks a row holds.
fn marks(whole: &Whole, line: &Line) -> usize {
    let marks = whole.heads.iter().zip(&whole.assignment.fields);
    let marks = marks.filter(|(_, field)| matches!(field, Field::Score(_) | Field::Total));
    marks.filter(|(head, _)| !plain(line, head.index).is_empty()).count()
}
