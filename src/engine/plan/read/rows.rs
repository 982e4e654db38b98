//! A plan in rows: a table with the columns id, group and perhaps name, gender, class and teacher, read as lists are; other columns are
//! passed over. Last semester's may have names alone.
//!
//! The header is the first row of any sheet that names an id and a group column; rows without anything in these columns are
//! titles or remarks and are passed over.

use super::{AssignedRow, MAX_BYTES, MAX_FAULTS, Who, no_plan};
use crate::fault::{Fault, Faults};
use crate::roster::heading;
use crate::roster::table::{self, Raw, Row, Table};
use crate::roster::{Field, Limits, value};
use crate::words;
use crate::words::Words;
use std::collections::HashMap;

/// Header words of the teacher column, the id's first.
const TEACHER: [&str; 6] = ["teacher", "teacherid", "教师工号", "责任教师工号", "责任教师", "教师"];
/// Header words of the group column; those of id and class are the list reader's.
const GROUP: [&str; 6] = ["group", "groupid", "小组", "组别", "组号", "组"];

/// Where the columns stand.
struct Head {
    /// The id's, or the name's where there are no ids.
    who: usize,
    id: Option<usize>,
    name: Option<usize>,
    gender: Option<usize>,
    group: usize,
    class: Option<usize>,
    teacher: Option<usize>,
}

/// Reads every row below the header.
pub(super) fn read(who: Who, file: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<AssignedRow>, Faults> {
    let limits = Limits { file_bytes: MAX_BYTES as u64, ..limits.clone() };
    let book = table::open(bytes, file, &limits)?;
    let start = |who: Who| {
        book.tables.iter().find_map(|table| {
            table.rows.iter().enumerate().find_map(|(r, row)| Some((table, &table.rows[r + 1..], head(row, who)?)))
        })
    };
    // A sheet with ids comes before one with names alone.
    let Some((table, rows, head)) = start(Who::HasId).or_else(|| start(who)) else {
        let found = table::first_row(&book.tables);
        return Err(no_plan("plan_columns", file, words!("首行：{found}", "the first row {found}")).into());
    };
    assign(file, table, rows, &head)
}

fn head(row: &Row, who: Who) -> Option<Head> {
    let field = |field: &Field| {
        let named = row.filled().filter_map(|(c, cell)| Some((c, heading::word(&cell.shown())?)));
        let fits = named.filter(|(_, meaning)| meaning.field == *field);
        fits.max_by_key(|(c, meaning)| (meaning.fit, std::cmp::Reverse(*c))).map(|(c, _)| c)
    };
    let is_group = |cell: &Raw| GROUP.contains(&cell.shown().to_ascii_lowercase().as_str());
    let group = row.filled().find(|(_, cell)| is_group(cell)).map(|(c, _)| c)?;
    let word = |cell: &Raw| cell.shown().to_ascii_lowercase();
    let teacher = TEACHER.iter().find_map(|known| row.filled().find(|(_, cell)| word(cell) == *known));
    let (id, name) = (field(&Field::Id), field(&Field::Name));
    let who = if who == Who::HasId { id } else { id.or(name) }?;
    let (gender, class) = (field(&Field::Gender), field(&Field::Class));
    Some(Head { who, id, name, gender, group, class, teacher: teacher.map(|(c, _)| c) })
}

fn assign(file: &str, table: &Table, rows: &[Row], head: &Head) -> Result<Vec<AssignedRow>, Faults> {
    let (mut assigned, mut faults) = (Vec::new(), Vec::new());
    let mut seen: HashMap<(String, String), String> = HashMap::new();
    let text = |row: &Row, column: usize| value::words(row.cell(column)).0;
    for row in rows.iter().filter(|row| !(row.cell(head.who).is_blank() && row.cell(head.group).is_blank())) {
        let read = AssignedRow {
            class: head.class.map_or_else(String::new, |column| text(row, column)),
            id: head.id.and_then(|column| value::id(row.cell(column))).map_or_else(String::new, |(id, _)| id),
            name: head.name.map_or_else(String::new, |column| text(row, column)),
            gender: head.gender.map_or_else(String::new, |column| gender(row.cell(column))),
            group: text(row, head.group),
            teacher: head.teacher.map_or_else(String::new, |column| text(row, column)),
        };
        let named = if head.id.is_some() { &read.id } else { &read.name };
        let place = |column: usize| format!("{file} {}", row.place(&table.sheet).cell(Some(column)));
        for (code, cell, column) in [("plan_no_id", named, head.who), ("plan_no_group", &read.group, head.group)] {
            if cell.is_empty() {
                let wanted = words!("每名学生有学号（或姓名）和小组", "an id (or a name) and a group for each student");
                faults.push(fault(code, &place(column), words!("空白", "nothing"), wanted));
            }
        }
        if head.id.is_some()
            && let Some(first) = seen.insert((read.class.clone(), read.id.clone()), place(head.who))
        {
            let id = &read.id;
            let found = words!("{id}，{first} 也有", "{id}, which also stands at {first}");
            faults.push(fault("duplicate_id", &place(head.who), found, words!("每名学生一行", "one row a student")));
        }
        assigned.push(read);
        if faults.len() >= MAX_FAULTS {
            break;
        }
    }
    if assigned.is_empty() {
        faults.push(no_plan("no_rows", file, words!("只有表头", "only a header")));
    }
    if faults.is_empty() { Ok(assigned) } else { Err(Faults(faults)) }
}

/// As the list reader has it, or the word itself.
fn gender(cell: &Raw) -> String {
    match value::gender(cell) {
        Some(value::Gender::Male) => "male".to_owned(),
        Some(value::Gender::Female) => "female".to_owned(),
        _ => value::words(cell).0,
    }
}

fn fault(code: &'static str, place: &str, found: Words, expected: Words) -> Fault {
    let action = words!("请补全或改正这一行", "complete or correct the row");
    Fault { code, place: place.to_owned(), found, expected, action }
}
