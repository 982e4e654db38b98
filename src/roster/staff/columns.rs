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
    Duties,
    Grade,
}

/// Words by field, compared by [`fold::key`].
const WORDS: [(Field, &str); 12] = [
    (Field::Id, "工号 教师工号 教师编号 教工号 职工号 教职工号 编号 id teacherid staffid no"),
    (Field::Name, "姓名 教师姓名 教师 老师 责任教师 任课教师 任课老师 授课教师 科任教师 导师 name teacher teachername"),
    (Field::Classes, "任教班级 任课班级 所教班级 授课班级 所带班级 教学班级 任教班 班级 班级名称 班别 classes class"),
    (Field::Subjects, "学科 任教学科 任课学科 科目 课程 任教科目 所教学科 subjects subject"),
    (Field::MaxGroups, "小组上限 小组数上限 最多小组 最多组数 maxgroups"),
    (Field::MaxStudents, "学生上限 学生数上限 最多学生 maxstudents"),
    (Field::MaxVisits, "家访上限 家访次数上限 最多家访 maxvisits"),
    (Field::Prefers, "意愿 认领意愿 认领 志愿 prefers preferences wishes claims"),
    (Field::Avoids, "回避 回避学生 不可带 avoids avoid"),
    (Field::Must, "指定 指定学生 必带 must"),
    (Field::Grade, "年级 任教年级 所在年级 grade"),
    (Field::Duties, "职务 岗位 担任职务 行政职务 duties duty post"),
];

/// Headers of the column in which teachers name the groups that they claim, compared by [`fold::key`].
const GROUP_NAMES: [&str; 5] = ["groupname", "组名", "小组名", "小组名称", "命名"];

/// Whether a header is that of the names that teachers write for groups.
#[must_use]
pub fn names_groups(header: &str) -> bool {
    GROUP_NAMES.contains(&fold::key(header).as_str())
}

/// The fields of a header row by column.
pub(super) struct Head {
    columns: Vec<(Field, usize, String)>,
    /// Columns that are not read.
    unused: Vec<(usize, String)>,
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

    /// How many fields it names.
    pub(super) fn worth(&self) -> usize {
        self.columns.len()
    }

    /// The fields, for comparing the headers of two sheets.
    pub(super) fn fields(&self) -> Vec<Field> {
        self.columns.iter().map(|(field, _, _)| *field).collect()
    }

    /// Tells the columns that are not read. Names of groups count only among claims.
    pub(super) fn tell_unused(&self, place: &RowPlace, is_claims: bool, tell: &mut Tell<'_>) {
        let unused = || self.unused.iter().filter(|(_, text)| !(is_claims && names_groups(text)));
        if let Some((first, _)) = unused().next() {
            let list: Vec<String> =
                unused().map(|(column, text)| format!("{text} ({})", column_letters(*column))).collect();
            let list = list.join(", ");
            let message = words!("这些列没有用到：{list}", "these columns are not used: {list}");
            tell.notice("column_carried", place.cell(Some(*first)), message);
        }
    }

    /// Whether the row repeats the header.
    pub(super) fn repeats(&self, row: &Row) -> bool {
        self.columns.iter().all(|(_, column, header)| row.cell(*column).shown() == *header)
    }
}

/// The field that a header cell names.
pub(super) fn word(cell: &Raw) -> Option<Field> {
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

/// Index of the header row of a list with a row for each teacher: the one that names most fields; none where no row names an id
/// or a name.
pub(super) fn header(table: &Table) -> Option<usize> {
    let names_somebody = |row: &Row| row.filled().any(|(_, cell)| matches!(word(cell), Some(Field::Id | Field::Name)));
    let top = table.rows.iter().take(header::TITLES).enumerate().filter(|(_, row)| names_somebody(row));
    let best = top.map(|(at, row)| (worth(row), Reverse(at))).max();
    // A single known word is a title as likely as a header.
    best.filter(|(fields, _)| *fields >= 2).map(|(_, Reverse(at))| at)
}

/// The fields of a header row.
pub(super) fn assign(row: &Row) -> Head {
    let mut columns: Vec<(Field, usize, String)> = Vec::new();
    let mut unused = Vec::new();
    for (column, cell) in row.filled() {
        match word(cell).filter(|field| !columns.iter().any(|(other, _, _)| other == field)) {
            Some(field) => columns.push((field, column, cell.shown())),
            None => unused.push((column, cell.shown())),
        }
    }
    columns.sort_by_key(|(field, column, _)| (*field, Reverse(*column)));
    Head { columns, unused }
}
