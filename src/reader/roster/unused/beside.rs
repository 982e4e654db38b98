//! Further columns of people beside the names: 七1班 and 七2班, 第一组 and 第二组, 姓名 twice. One of them is read, so that the
//! others would be lost.

use super::super::class_name;
use super::super::likeness::looks_like_a_name;
use super::super::rows::is_group;
use super::super::tell::Tell;
use super::super::{Cell, Column, Field, Student, column_letters, columns, fold, heading};
use super::{LOOKED_AT, SHOWN};
use crate::words;
use crate::words::{Words, by_count, quoted};
use std::collections::HashSet;

/// Asks about people who stand in columns of the same kind as that of the names and are not in the list; which columns these are.
pub(super) fn ask_others(columns: &[Column], students: &[Student], tell: &mut Tell<'_>) -> Vec<usize> {
    let Some(names) = columns.iter().find(|column| column.field == Field::Name) else { return Vec::new() };
    let known: HashSet<&str> = students.iter().map(|student| student.name.as_str()).collect();
    let strangers = |column: &Column| {
        let texts: Vec<String> = column.cells.iter().filter_map(Cell::text).map(str::to_owned).collect();
        let others: Vec<String> = texts.iter().filter(|text| !known.contains(text.as_str())).cloned().collect();
        // A few people below the same word as the names are those of a table beside the list.
        let is_apart = is_name(&column.header) && 2 * texts.len() <= students.len();
        (!is_apart && 2 * others.len() > texts.len()).then_some(others)
    };
    let alike = |column: &&Column| {
        column.field == Field::Other && (are_alike(&names.header, &column.header) || holds_people(column))
    };
    let found: Vec<(&Column, Vec<String>)> =
        columns.iter().filter(alike).filter_map(|column| Some((column, strangers(column)?))).collect();
    let asked = found.iter().map(|(column, _)| column.index).collect();
    let Some((first, _)) = found.first() else { return asked };
    let headers: Vec<String> = found.iter().map(|(column, _)| column_letters(column.index)).collect();
    let people: Vec<String> = found.iter().flat_map(|(_, people)| people.iter().cloned()).collect();
    let (n, at) = (people.len(), headers.join(", "));
    let (Words { zh, en }, used) = (quoted(&people, SHOWN), column_letters(names.index));
    let (others, are) = (by_count(n, "other person stands", "other people stand"), by_count(n, "is", "are"));
    let (column, holds) = (by_count(found.len(), "column", "columns"), &first.header);
    let message = words!(
        "只读取了 {used} 列的姓名，{at} 列（“{holds}”）还有另外 {n} 人没有编入：{zh}；要一起分组，请把所有人排在同一列",
        "only column {used} was read as names; {n} {others} in {column} {at} (“{holds}”) and {are} left out: {en}; to group all of them, put everybody into one column"
    );
    tell.doubt("people_beside", at.clone(), message, words!("不需要他们", "they are not needed"));
    asked
}

/// Whether a column below a header that is not known, or none, holds names, each but once: 组员, a plan of seats.
fn holds_people(column: &Column) -> bool {
    const FEWEST: usize = 3;
    let texts: Vec<&str> = column.cells.iter().filter_map(Cell::text).take(LOOKED_AT).collect();
    let different = texts.iter().collect::<HashSet<_>>().len();
    let is_known = || heading::word(&column.header).is_some() || columns::is_of_others(&column.header);
    texts.len() >= FEWEST
        && 10 * different >= 9 * texts.len()
        && !is_known()
        && 10 * texts.iter().filter(|text| looks_like_a_name(text)).count() >= 9 * texts.len()
}

fn is_name(header: &str) -> bool {
    heading::word(header).is_some_and(|meaning| meaning.field == Field::Name)
}

/// Whether two headers say the same of people: the same word, be it numbered, or classes or groups.
fn are_alike(header: &str, other: &str) -> bool {
    let plain = |text: &str| -> String {
        let numeral = |c: &char| c.is_ascii_digit() || "一二三四五六七八九十甲乙丙丁".contains(*c);
        fold::key(text).chars().filter(|c| !numeral(c)).collect()
    };
    let lettered = |text: &str| {
        let key = fold::key(text);
        key.strip_suffix(|c: char| c.is_ascii_alphabetic()).map(str::to_owned)
    };
    let both = |is: fn(&str) -> bool| is(header) && is(other);
    let is_same = plain(header) == plain(other) && (!plain(header).is_empty() || header != other);
    let are_letters = || lettered(header).is_some_and(|start| lettered(other) == Some(start));
    let is_other = !is_name(other) && heading::word(other).is_some();
    let is_class = |text: &str| class_name::clear(text).is_some();
    !header.is_empty() && !is_other && (is_same || are_letters() || both(is_class) || both(is_group))
}
