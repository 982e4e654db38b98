//! An edited workbook or table: who shall be in which group, as it is written, before anything is made of it.

use crate::fault::{Fault, Faults};
use crate::roster::heading;
use crate::roster::table::{self, Raw, Row, Table};
use crate::roster::{Field, Limits, key, value};
use crate::words;

/// Header words of the column of groups, and of the one of their names.
const GROUP: [&str; 9] = ["group", "groupid", "group_id", "小组", "组别", "组号", "组", "所在小组", "分组"];
const GROUP_NAME: [&str; 5] = ["group_name", "group name", "组名", "小组名", "小组名称"];
/// What a header of the group that somebody shall be in begins with, where the group of now stands in another column.
const CHANGED: [&str; 8] = ["新", "现", "调整后", "最终", "定稿", "调整", "改后", "new"];
/// What headers of groups end with that are none of these words.
const ENDING: [&str; 5] = ["小组", "组别", "组号", "分组", "group"];
/// What other groups are.
const OTHERS: [&str; 5] = ["原", "旧", "兴趣", "学习小组", "old"];
/// What stands in rows for signatures.
const SIGNED: [&str; 6] = ["签字", "签名", "日期", "备注", "signed", "date"];
/// Those of the teacher's id and name.
const TEACHER: [&str; 2] = ["责任教师", "teacher"];
const TEACHER_NAME: [&str; 2] = ["教师姓名", "teacher_name"];

/// One student of an edited list.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// Empty where the list has no such column; so are all others.
    pub(super) class: String,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) group: String,
    pub(super) group_name: String,
    /// The teacher's id and name as far as there are columns for them, each with its place.
    pub(super) teachers: Vec<(String, String)>,
    /// File, sheet and cell of the group.
    pub(super) place: String,
    /// The same of the group's name and of the student's.
    pub(super) group_name_place: String,
    pub(super) name_place: String,
}

/// An edited list.
#[derive(Debug, Default)]
pub(super) struct Edited {
    /// Sheets with a row a student, each by itself.
    pub(super) lists: Vec<Vec<Line>>,
    /// Sheets with groups side by side, as cells.
    pub(super) boards: Vec<Vec<Cell>>,
    /// The first row, to be told where nothing can be used.
    pub(super) first_row: String,
}

/// A cell of a sheet with groups side by side.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) text: String,
    pub(super) place: String,
}

/// Where the columns stand.
struct Head {
    id: Option<usize>,
    name: Option<usize>,
    class: Option<usize>,
    group: Option<usize>,
    /// The group of before, where a column of its own says the one that shall be.
    group_before: Option<usize>,
    group_name: Option<usize>,
    teachers: [Option<usize>; 2],
}

/// Reads an edited file.
pub(super) fn read(bytes: &[u8], file: &str) -> Result<Edited, Faults> {
    let book = table::open(bytes, file, &Limits::default())?;
    let mut edited = Edited { first_row: table::first_row(&book.tables), ..Edited::default() };
    for table in &book.tables {
        let start = table.rows.iter().enumerate().find_map(|(r, row)| Some((&table.rows[r + 1..], head(row)?)));
        match start {
            Some((rows, head)) => edited.lists.push(lines(file, table, rows, &head)),
            None => edited.boards.push(cells(file, table)),
        }
    }
    Ok(edited)
}

fn head(row: &Row) -> Option<Head> {
    let field = |field: &Field| {
        let named = row.filled().filter_map(|(c, cell)| Some((c, heading::word(&cell.shown())?)));
        let fits = named.filter(|(_, meaning)| meaning.field == *field);
        fits.max_by_key(|(c, meaning)| (meaning.fit, std::cmp::Reverse(*c))).map(|(c, _)| c)
    };
    let word = |cell: &Raw| cell.shown().to_lowercase();
    let named = |words: &[&str]| row.filled().find(|(_, cell)| words.contains(&word(cell).as_str())).map(|(c, _)| c);
    let ends = |cell: &Raw, begins: bool| {
        let text = cell.shown();
        // 小组（定稿） is a column of groups.
        let word = key(text.split(['(', '（']).next().unwrap_or_default());
        let ending =
            ENDING.iter().any(|ending| word.ends_with(ending)) && !OTHERS.iter().any(|other| word.contains(other));
        ending && (!begins || CHANGED.iter().any(|start| word.starts_with(start)))
    };
    let column = |begins| row.filled().find(|(_, cell)| ends(cell, begins)).map(|(column, _)| column);
    let (changed, now) = (column(true), named(&GROUP));
    let head = Head {
        id: field(&Field::Id),
        name: field(&Field::Name),
        class: field(&Field::Class),
        group: changed.or(now).or_else(|| column(false)),
        group_before: changed.and(now),
        group_name: named(&GROUP_NAME),
        teachers: [named(&TEACHER), named(&TEACHER_NAME)],
    };
    let is_head = (head.id.is_some() || head.name.is_some()) && (head.group.is_some() || head.group_name.is_some());
    is_head.then_some(head)
}

fn lines(file: &str, table: &Table, rows: &[Row], head: &Head) -> Vec<Line> {
    let text = |row: &Row, column: Option<usize>| column.map_or_else(String::new, |c| value::words(row.cell(c)).0);
    let place = |row: &Row, column: Option<usize>| format!("{file} {}", row.place(&table.sheet).cell(column));
    let line = |row: &Row| Line {
        class: text(row, head.class),
        id: head.id.and_then(|column| value::id(row.cell(column))).map_or_else(String::new, |(id, _)| id),
        name: text(row, head.name),
        group: Some(text(row, head.group))
            .filter(|text| !text.is_empty())
            .unwrap_or_else(|| text(row, head.group_before)),
        group_name: text(row, head.group_name),
        teachers: head.teachers.into_iter().flatten().map(|c| (text(row, Some(c)), place(row, Some(c)))).collect(),
        place: place(row, head.group.or(head.group_name)),
        group_name_place: place(row, head.group_name),
        name_place: place(row, head.name),
    };
    // Titles and remarks below have neither a student nor a group.
    let is_signed = |row: &&Row| {
        let mut cells = row.filled().map(|(_, cell)| cell.shown());
        cells.all(|text| text.contains(['：', ':']) || SIGNED.iter().any(|word| text.contains(word)))
    };
    rows.iter()
        .filter(|row| !is_signed(row))
        .map(line)
        .filter(|line| !line.id.is_empty() || !line.name.is_empty())
        .collect()
}

fn cells(file: &str, table: &Table) -> Vec<Cell> {
    let of_row = |row: &Row| {
        let cell = |(column, cell): (usize, &Raw)| Cell {
            row: row.number,
            column,
            text: cell.shown(),
            place: format!("{file} {}", row.place(&table.sheet).cell(Some(column))),
        };
        row.filled().map(cell).collect::<Vec<_>>()
    };
    table.rows.iter().flat_map(of_row).collect()
}

/// Nothing that says who shall be in which group.
pub(super) fn no_list(file: &str, found: &str) -> Fault {
    Fault {
        code: "plan_columns",
        place: file.to_owned(),
        found: words!("首行：{found}", "the first row {found}"),
        expected: words!(
            "fenzu 写出的班级工作簿，或有“学号（或姓名）、小组”两列的表",
            "a class's workbook that fenzu wrote, or a table with the columns id (or name) and group"
        ),
        action: words!("请核对文件", "check the file"),
    }
}
