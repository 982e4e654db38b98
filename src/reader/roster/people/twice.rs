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

/// So many marks of two students with numbers of their own are hardly alike by chance.
const FEWEST_MARKS: usize = 2;

/// Two rows that agree in all that is filled, ids aside: one person twice, as far as can be told.
pub(super) fn tell_twice(whole: &Whole, who: &Who, tell: &mut Tell<'_>) {
    if who.name.is_none() {
        return;
    }
    let key = |s: usize| {
        let line = &whole.lines[s];
        let name = who.name.map(|c| plain(line, c)).filter(|name| !name.is_empty())?;
        Some((name, who.class.and_then(|c| line.cells.get(c)).map_or(Cow::Borrowed(&*whole.classes[s]), Raw::line)))
    };
    let is_same = |&(a, b): &(usize, usize)| are_twins(whole, who, &whole.lines[a], &whole.lines[b]);
    let (same, mut alike): (Vec<_>, Vec<_>) = repeats(whole.lines.len(), key).into_iter().partition(is_same);
    if who.id.is_some() {
        alike.clear(); // their numbers tell them apart
    }
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
    if text.chars().all(|c| fold::is_han(c) || c.is_ascii_digit() || c.is_ascii_lowercase()) {
        return text;
    }
    text.chars().map(fold::half_width).filter(|c| !fold::is_space(*c)).flat_map(char::to_lowercase).collect()
}

/// Whether two rows of one name agree in all else; with numbers of their own only where they have equal marks.
fn are_twins(whole: &Whole, who: &Who, one: &Line, two: &Line) -> bool {
    let width = one.cells.len().max(two.cells.len());
    let is_same = (0..width).filter(|c| Some(*c) != who.id).all(|c| plain(one, c) == plain(two, c));
    let alike = || {
        let marks = whole.heads.iter().zip(&whole.assignment.fields);
        let marks = marks.filter(|(_, field)| matches!(field, Field::Score(_) | Field::Total));
        marks.filter(|(head, _)| !plain(one, head.index).is_empty()).count()
    };
    // Fewer marks are alike by chance.
    is_same && (who.id.is_none() || alike() >= FEWEST_MARKS)
}
