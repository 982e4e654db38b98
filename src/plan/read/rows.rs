//! A plan in rows: text with the columns id, group and perhaps class; other columns are passed over.

use super::{AssignedRow, MAX_FAULTS, no_plan};
use crate::fault::{Fault, Faults};
use crate::words;
use crate::words::Words;
use std::borrow::Cow;
use std::collections::HashMap;

const ID: &[&str] = &["id", "学号", "编号", "学籍号", "考号"];
const GROUP: &[&str] = &["group", "小组", "组别", "组", "组号"];
const CLASS: &[&str] = &["class", "班级"];

/// One row of cells, and where it stands.
struct Row {
    place: String,
    cells: Vec<String>,
}

/// Reads every row below the header.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Vec<AssignedRow>, Faults> {
    let mut rows = table(file, bytes)?.into_iter().filter(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    let header = rows.next().map(|row| row.cells).unwrap_or_default();
    let find = |names: &[&str]| header.iter().position(|cell| names.iter().any(|name| cell.eq_ignore_ascii_case(name)));
    let (Some(id), Some(group)) = (find(ID), find(GROUP)) else {
        let found: String = header.join(", ").chars().take(200).collect();
        return Err(no_plan("plan_columns", file, words!("表头：{found}", "the header {found}")).into());
    };
    let class = find(CLASS);
    let mut assigned = Vec::new();
    let mut faults = Vec::new();
    let mut seen = HashMap::new();
    for row in rows {
        let cell = |column: Option<usize>| column.and_then(|c| row.cells.get(c)).cloned().unwrap_or_default();
        let read = AssignedRow { class: cell(class), id: cell(Some(id)), group: cell(Some(group)) };
        faults.extend(row_faults(&row.place, &read));
        if let Some(first) = seen.insert((read.class.clone(), read.id.clone()), row.place.clone()) {
            let id = &read.id;
            let found = words!("{id}，{first} 也有", "{id}, which also stands at {first}");
            faults.push(fault("duplicate_id", &row.place, found, words!("每名学生一行", "one row a student")));
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

fn row_faults(place: &str, row: &AssignedRow) -> Vec<Fault> {
    let cells = [("plan_no_id", &row.id), ("plan_no_group", &row.group)];
    let empty = cells.into_iter().filter(|(_, cell)| cell.is_empty());
    let wanted = || words!("学号和小组都有", "an id and a group");
    empty.map(|(code, _)| fault(code, place, words!("空白", "nothing"), wanted())).collect()
}

fn fault(code: &'static str, place: &str, found: Words, expected: Words) -> Fault {
    let action = words!("请补全或改正这一行", "complete or correct the row");
    Fault { code, place: place.to_owned(), found, expected, action }
}

/// The file's rows as trimmed text.
fn table(file: &str, bytes: &[u8]) -> Result<Vec<Row>, Fault> {
    let text = decode(bytes).ok_or_else(|| no_plan("plan_text", file, words!("不是文本", "what is no text")))?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record =
            record.map_err(|e| no_plan("plan_text", file, words!("读不出的内容：{e}", "what cannot be read: {e}")))?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells = record.iter().map(|cell| cell.trim().to_owned()).collect();
        rows.push(Row { place: format!("{file} line {line}"), cells });
    }
    Ok(rows)
}

/// UTF-8, else GB18030 (what spreadsheets in China write).
fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if bytes.contains(&0) {
        return None;
    }
    let utf8 = std::str::from_utf8(bytes).ok().map(Cow::Borrowed);
    utf8.or_else(|| encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes))
}

/// The separator that the first line has most of.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |separator: &u8| first.bytes().filter(|byte| byte == separator).count();
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}
