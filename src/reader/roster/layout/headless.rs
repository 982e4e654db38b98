//! A table without a header: what its columns are is taken from how their cells look, and asked about.

use super::super::cells::holds;
use super::super::columns::label;
use super::super::contents::Contents;
use super::super::header::Head;
use super::super::list::Assignment;
use super::super::table::{Raw, Row, Table};
use super::super::tell::Tell;
use super::super::{Field, class_name, column_letters, value};
use super::{Block, List};
use crate::words;

/// How many rows are looked at.
const LOOKED_AT: usize = 200;
/// Fewer texts below one another are not taken for names.
const FEWEST_NAMES: usize = 4;

/// The block of a table whose first row is data as all others are; none where it may be a header.
pub fn block(table: &Table) -> Option<Block> {
    if let Some(names) = names_alone(table) {
        return Some(names);
    }
    let start = table.rows.iter().position(|row| row.filled().count() > 1)?;
    let rows: Vec<&Row> = table.rows[start..].iter().take(LOOKED_AT).collect();
    let (first, rest) = rows.split_first()?;
    let width = first.cells.len();
    // Words over numbers are a header that is not known; numbers over numbers are data.
    let is_data = |c: usize| {
        let Some(own) = sort(first.cell(c)) else { return false };
        let below = rest.iter().filter(|row| !row.cell(c).is_blank());
        let (n, same) =
            below.fold((0, 0), |(n, same), row| (n + 1, same + usize::from(sort(row.cell(c)) == Some(own))));
        n > 0 && 10 * same >= 8 * n
    };
    if rest.is_empty() || !(0..width).any(is_data) {
        return None;
    }
    let heads = (0..width).map(|index| Head { index, levels: Vec::new() }).collect();
    let header = super::super::header::Header { first: start, body: start, heads };
    Some(Block { fields: Some(fields(&rows, width)), ..Block::whole(table, header) })
}

/// The block of a table that holds names and nothing else, below a title or none.
fn names_alone(table: &Table) -> Option<Block> {
    let column = table.rows.first()?.filled().next()?.0;
    let is_alone = |row: &&Row| row.filled().all(|(c, _)| c == column);
    let rows: Vec<&Row> = table.rows.iter().take(LOOKED_AT).take_while(is_alone).collect();
    let is_all = rows.len() == table.rows.len().min(LOOKED_AT) && rows.len() >= FEWEST_NAMES;
    let are_names = |rows: &[&Row]| Contents::of(rows.iter().copied(), column).are_names(false);
    if !is_all || !are_names(&rows[1..]) {
        return None;
    }
    // A title speaks of students, or holds signs that the names do not.
    let first = rows[0].cell(column).shown();
    let digits = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    let is_title = !are_names(&rows[..1]) || (digits(&first) && !digits(&rows[1].cell(column).shown()));
    let start = usize::from(is_title);
    let heads = vec![Head { index: column, levels: Vec::new() }];
    let header = super::super::header::Header { first: start, body: start, heads };
    Some(Block { fields: Some(vec![Field::Name]), ..Block::whole(table, header) })
}

/// What a cell is that is no header above others of its sort.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Number,
    Gender,
    Grade,
    Class,
    Address,
}

fn sort(cell: &Raw) -> Option<Sort> {
    if cell.is_numeric() || value::numeric_form(cell).is_some() {
        return Some(Sort::Number);
    }
    let text = cell.line();
    let is_class = || text.contains('班') && text.chars().count() <= 12 && class_name::clear(&text).is_some();
    match () {
        () if value::gender(cell).is_some() => Some(Sort::Gender),
        () if value::is_grade(&text) => Some(Sort::Grade),
        () if is_class() => Some(Sort::Class),
        () if text.contains('@') => Some(Sort::Address),
        () => None,
    }
}

/// What the columns are by their look: the first that may be the name, the gender, the class; codes left of the name are ids,
/// other numbers marks.
fn fields(rows: &[&Row], width: usize) -> Vec<Field> {
    let mut fields = vec![Field::Other; width];
    let contents: Vec<Contents<'_>> = (0..width).map(|c| Contents::of(rows.iter().copied(), c)).collect();
    let mut first = |field: Field, is: &dyn Fn(usize) -> bool| {
        let found = (0..width).find(|&c| fields[c] == Field::Other && is(c));
        if let Some(c) = found {
            fields[c] = field;
        }
        found
    };
    first(Field::Gender, &|c| contents[c].mostly(|cell| value::gender(cell).is_some()));
    first(Field::Class, &|c| {
        contents[c].mostly(|cell| matches!(cell, Raw::Text(text) if text.contains('班') && text.chars().count() <= 12))
    });
    let is_full = |c: usize| 2 * contents[c].count() > rows.len();
    let name = first(Field::Name, &|c| is_full(c) && contents[c].are_names(false));
    first(Field::Id, &|c| {
        let is_long = || contents[c].mostly(|cell| cell.shown().len() >= 5);
        contents[c].are_ids() && name.is_none_or(|name| c < name || is_long())
    });
    for (c, field) in fields.iter_mut().enumerate().filter(|(_, field)| **field == Field::Other) {
        let cells: Vec<Raw> = rows.iter().map(|row| row.cell(c).clone()).collect();
        if name.is_none_or(|name| c > name) && holds::are_plain_marks(&cells) {
            *field = Field::Score(column_letters(c));
        }
    }
    fields
}

/// Asks whether the columns were understood.
pub fn ask(list: &List, tell: &mut Tell<'_>) {
    let told = |assignment: &Assignment, zh: bool| {
        let known = list.heads.iter().zip(&assignment.fields).filter(|(_, field)| **field != Field::Other);
        let text = |(head, field): (&Head, &Field)| {
            let label = label(field);
            let label = match field {
                Field::Score(_) => if zh { "成绩" } else { "marks" }.to_owned(),
                _ if zh => label.zh,
                _ => label.en,
            };
            format!("{} {label}", column_letters(head.index))
        };
        known.map(text).collect::<Vec<_>>().join(", ")
    };
    let unknown = list.heads.iter().zip(&list.assignment.fields).filter(|(head, field)| {
        **field == Field::Other
            && list.lines.iter().any(|line| line.cells.get(head.index).is_some_and(|cell| !cell.is_blank()))
    });
    let unknown: Vec<String> = unknown.map(|(head, _)| column_letters(head.index)).collect();
    let unknown = if unknown.is_empty() { "–".to_owned() } else { unknown.join(", ") };
    let (zh, en) = (told(&list.assignment, true), told(&list.assignment, false));
    let message = words!(
        "名册没有表头，按内容认出：{zh}；没有认出的列：{unknown}",
        "the list has no header row; its columns were told by their contents: {en}; columns not understood: {unknown}"
    );
    tell.doubt("no_header", list.sheet.clone(), message, words!("认得对", "that is right"));
}
