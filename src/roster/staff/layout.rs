//! How a table of a staff list is laid out: a row a teacher (or a teacher and class), or a matrix of classes and subjects with the
//! teachers' names in its cells.

use super::Directory;
use super::columns::{self, Field, Head};
use crate::roster::class_name::{self, Fit, Grade};
use crate::roster::table::{Raw, Row, Table};
use crate::roster::{Field as ListField, fold, header, vocabulary};

/// What heads a column of teachers besides subjects: the office of a teacher for the class.
const OFFICES: &str =
    "班主任 正班主任 副班主任 助理班主任 辅导员 生活老师 生活教师 导师 班导师 headteacher classteacher formteacher";

/// Subjects that class lists have no marks of.
const SUBJECTS: &str = "班会 书法 写字 阅读 心理 心理健康 心理健康教育 综合 综合实践 综合实践活动 实践 校本 校本课程 地方 地方课程 \
                        地方与校本 生命 生命与健康 安全 安全教育 健康 健康教育 科学实验 编程 机器人 形体 舞蹈 棋类 围棋 足球 \
                        篮球 自习 晚自习 早读 作文 听力 口语 传统文化 国学 法治 环境教育 创客 思政 品德与生活 品德与社会 \
                        劳动技术 劳动教育 研学 研究性学习 体健 艺术 readingclass psychology";

/// What may stand behind a subject: 语文教师.
const BEHIND: [&str; 8] = ["任课教师", "任课老师", "科任教师", "科任老师", "教师", "老师", "课", "teacher"];

/// How a table is laid out.
pub(super) enum Layout {
    /// A header and a row for each teacher, or each teacher and class.
    Rows {
        /// Index of the header row.
        first: usize,
        /// Its fields.
        head: Head,
    },
    /// Classes along one side, subjects along the other.
    Matrix(Matrix),
}

/// A matrix of classes and subjects.
pub(super) struct Matrix {
    /// Index of the row that heads the columns.
    pub(super) first: usize,
    /// The column that heads the rows.
    pub(super) side: usize,
    /// The column that tells the grade of classes that name none.
    pub(super) grades: Option<usize>,
    /// Columns with teachers' names.
    pub(super) columns: Vec<usize>,
    /// Whether the classes head the columns, and the subjects the rows.
    pub(super) classes_above: bool,
    /// What the sheet or the title says of the grade.
    pub(super) grade: Option<Grade>,
}

/// What a header of a matrix stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A subject, as written.
    Subject(String),
    /// An office for the class: 班主任.
    Office(String),
}

/// What a cell says as the header of teachers.
pub(super) fn role(cell: &Raw) -> Option<Role> {
    let Raw::Text(text) = cell else { return None };
    let shown = fold::one_line(text);
    let key = fold::key(text);
    let is_one = |words: &str, key: &str| words.split_whitespace().any(|word| word == key);
    if is_one(OFFICES, &key) {
        return Some(Role::Office(shown));
    }
    let bare = BEHIND.iter().find_map(|word| shown.strip_suffix(word)).map_or(shown.as_str(), fold::trim);
    let subject = |text: &str| {
        let known = vocabulary::word(text).is_some_and(|meaning| {
            matches!(&meaning.field, ListField::Score(name) if name != "score") && meaning.exam.is_none()
        });
        known || is_one(SUBJECTS, &fold::key(text))
    };
    // 道德与法治、科学 is two subjects of one teacher.
    let mut parts = bare.split(['、', '/', ',', '+']).filter(|part| !part.is_empty()).peekable();
    (parts.peek().is_some() && parts.all(subject)).then(|| Role::Subject(bare.to_owned()))
}

/// The layout of a table; none where it is no staff list. Rows with names count more than a matrix.
pub(super) fn find(table: &Table, directory: &Directory) -> Option<Layout> {
    if let Some(first) = columns::header(table) {
        return Some(Layout::Rows { first, head: columns::assign(&table.rows[first]) });
    }
    let matrix = |first| across(table, first, directory).or_else(|| down(table, first, directory));
    (0..table.rows.len().min(header::TITLES)).find_map(matrix).map(Layout::Matrix)
}

/// Classes down the side, subjects above.
fn across(table: &Table, first: usize, directory: &Directory) -> Option<Matrix> {
    let above = &table.rows[first];
    let columns: Vec<usize> = above.filled().filter(|(_, cell)| role(cell).is_some()).map(|(at, _)| at).collect();
    let grade = grade_of(table, first);
    let body = &table.rows[first + 1..];
    let grades = above.filled().find(|(_, cell)| columns::word(cell) == Some(Field::Grade)).map(|(at, _)| at);
    let classes =
        |column: usize| Some(column) != grades && share(body.iter().map(|row| row.cell(column)), directory, grade);
    let start = *columns.first()?;
    let side = (0..start).rev().find(|&column| columns::word(above.cell(column)) == Some(Field::Classes));
    let side = side.filter(|&side| classes(side)).or_else(|| (0..start).find(|&column| classes(column)))?;
    Some(Matrix { first, side, grades, columns, classes_above: false, grade })
}

/// Subjects down the side, classes above.
fn down(table: &Table, first: usize, directory: &Directory) -> Option<Matrix> {
    let above = &table.rows[first];
    let side = table.rows[first + 1..].iter().find_map(|row| row.filled().find(|(_, cell)| role(cell).is_some()))?.0;
    let grade = grade_of(table, first);
    let columns: Vec<usize> = above.filled().map(|(at, _)| at).filter(|at| *at > side).collect();
    let classes = columns.len() > 1 && share(columns.iter().map(|&at| above.cell(at)), directory, grade);
    let columns = columns.into_iter().filter(|&at| is_class(above.cell(at), directory, grade)).collect();
    classes.then_some(Matrix { first, side, grades: None, columns, classes_above: true, grade })
}

/// Whether at least half of the filled cells name classes.
fn share<'r>(cells: impl Iterator<Item = &'r Raw>, directory: &Directory, grade: Option<Grade>) -> bool {
    let filled: Vec<&Raw> = cells.filter(|cell| !cell.is_blank()).collect();
    let classes = filled.iter().filter(|cell| is_class(cell, directory, grade)).count();
    classes > 0 && 2 * classes >= filled.len()
}

fn is_class(cell: &Raw, directory: &Directory, grade: Option<Grade>) -> bool {
    if matches!(cell, Raw::Date(_)) {
        return true; // a spreadsheet made it of 7-1
    }
    let text = cell.shown();
    let known = |part: &class_name::Part| part.fit != Fit::Nothing;
    !text.is_empty()
        && (!class_name::readings(&text).is_empty() || directory.index().cell_of(&text, grade).iter().all(known))
}

/// The grade that the sheet's name or a title above the header tells.
pub(super) fn grade_of(table: &Table, first: usize) -> Option<Grade> {
    let titles = table.rows[..first].iter().filter_map(|row| match row.filled().collect::<Vec<_>>().as_slice() {
        [(_, cell)] => Some(cell.shown()),
        _ => None,
    });
    std::iter::once(table.sheet.clone()).chain(titles).find_map(|text| class_name::grade_in(&text))
}

/// The filled cells of a matrix's row besides its own header.
pub(super) fn is_empty_row(matrix: &Matrix, row: &Row) -> bool {
    matrix.columns.iter().all(|&column| row.cell(column).is_blank())
}
