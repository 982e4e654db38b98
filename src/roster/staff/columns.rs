//! Header words of staff lists, and where a list's header stands.

use crate::roster::table::{Raw, Row, Table};
use crate::roster::tell::Tell;
use crate::roster::{RowPlace, column_letters, fold, header};
use crate::words;
use std::cmp::Reverse;

/// What a column of a staff list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Field {
    Id,
    Name,
    Classes,
    Subjects,
    MaxGroups,
    MaxStudents,
    MaxVisits,
    Prefers,
    Avoids,
    Must,
}

/// Words by field, compared by [`fold::key`].
const WORDS: [(Field, &str); 10] = [
    (Field::Id, "工号 教师工号 教师编号 教工号 职工号 教职工号 编号 id teacherid staffid no"),
    (Field::Name, "姓名 教师姓名 教师 老师 责任教师 导师 name teacher teachername"),
    (Field::Classes, "任教班级 任课班级 所教班级 授课班级 班级 classes class"),
    (Field::Subjects, "学科 任教学科 任课学科 科目 subjects subject"),
    (Field::MaxGroups, "小组上限 小组数上限 最多小组 最多组数 maxgroups"),
    (Field::MaxStudents, "学生上限 学生数上限 最多学生 maxstudents"),
    (Field::MaxVisits, "家访上限 家访次数上限 最多家访 maxvisits"),
    (Field::Prefers, "意愿 认领意愿 认领 志愿 prefers preferences wishes claims"),
    (Field::Avoids, "回避 回避学生 不可带 avoids avoid"),
    (Field::Must, "指定 指定学生 必带 must"),
];

/// The fields of a header row by column.
pub(super) struct Head {
    columns: Vec<(Field, usize, String)>,
}

impl Head {
    /// The column of a field.
    pub(super) fn column(&self, field: Field) -> Option<usize> {
        self.columns.iter().find(|(other, _, _)| *other == field).map(|(_, column, _)| *column)
    }

    /// The header of a field as written.
    pub(super) fn header(&self, field: Field) -> &str {
        self.columns.iter().find(|(other, _, _)| *other == field).map_or("", |(_, _, header)| header)
    }

    /// Whether the row repeats the header.
    pub(super) fn repeats(&self, row: &Row) -> bool {
        self.columns.iter().all(|(_, column, header)| row.cell(*column).shown() == *header)
    }
}

fn word(cell: &Raw) -> Option<Field> {
    let Raw::Text(text) = cell else { return None };
    let word = fold::key(text);
    WORDS.iter().find(|(_, words)| words.split(' ').any(|known| known == word)).map(|(field, _)| *field)
}

/// How many different fields a row names.
fn worth(row: &Row) -> usize {
    let mut fields: Vec<Field> = row.filled().filter_map(|(_, cell)| word(cell)).collect();
    fields.sort_unstable();
    fields.dedup();
    fields.len()
}

/// The table whose header row names most fields, and that row's index; none where no row names an id or a name.
pub(super) fn find(tables: &[Table]) -> Option<(usize, usize)> {
    let names_somebody = |row: &Row| row.filled().any(|(_, cell)| matches!(word(cell), Some(Field::Id | Field::Name)));
    let mut best: Option<(usize, usize, usize)> = None;
    for (t, table) in tables.iter().enumerate() {
        for (r, row) in table.rows.iter().take(header::TITLES).enumerate().filter(|(_, row)| names_somebody(row)) {
            if best.is_none_or(|(most, _, _)| worth(row) > most) {
                best = Some((worth(row), t, r));
            }
        }
    }
    // A single known word is a title as likely as a header.
    best.filter(|(fields, _, _)| *fields >= 2).map(|(_, t, r)| (t, r))
}

/// The fields of a header row; columns that are not read are told.
pub(super) fn assign(row: &Row, place: &RowPlace, tell: &mut Tell<'_>) -> Head {
    let mut columns: Vec<(Field, usize, String)> = Vec::new();
    let mut left = Vec::new();
    for (column, cell) in row.filled() {
        match word(cell).filter(|field| !columns.iter().any(|(other, _, _)| other == field)) {
            Some(field) => columns.push((field, column, cell.shown())),
            None => left.push((column, cell.shown())),
        }
    }
    columns.sort_by_key(|(field, column, _)| (*field, Reverse(*column)));
    if let Some((first, _)) = left.first() {
        let list: Vec<String> =
            left.iter().map(|(column, text)| format!("{text} ({})", column_letters(*column))).collect();
        let list = list.join(", ");
        let message = words!("这些列没有用到：{list}", "these columns are not used: {list}");
        tell.notice("column_carried", place.cell(Some(*first)), message);
    }
    Head { columns }
}
