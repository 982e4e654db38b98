//! The matrix of classes and subjects: one teacher for every name in its cells.

use super::classes::Classes;
use super::layout::{Matrix, Role, is_empty_row, role};
use super::mentions;
use super::teachers::nobody;
use super::{Teacher, merged};
use crate::roster::class_name::{self, Grade};
use crate::roster::table::{Raw, Row, Table};
use crate::roster::tell::{Tell, places};
use crate::roster::{RowPlace, column_letters, fold, rows, value};
use crate::words;

/// Words for a subject that has no teacher yet.
const OPEN: [&str; 8] = ["无", "待定", "未定", "空缺", "缺", "none", "tba", "x"];

/// Teachers of a matrix, one for every name in a cell; those of one name are put together afterwards.
pub(super) fn teachers(table: &Table, matrix: &Matrix, classes: &mut Classes<'_>, tell: &mut Tell<'_>) -> Vec<Teacher> {
    let above = &table.rows[matrix.first];
    let mut found = Vec::new();
    let mut skipped: Vec<RowPlace> = Vec::new();
    let (mut side, mut grade) = (Raw::Empty, matrix.grade);
    for row in &merged::filled(table, matrix.first, matrix.classes_above) {
        let place = row.place(&table.sheet);
        let own = row.cell(matrix.side);
        if !own.is_blank() {
            side = own.clone();
        }
        let said = matrix.grades.and_then(|column| class_name::grade(&row.cell(column).shown()));
        grade = said.or(grade);
        if is_other(matrix, row, above, &side) {
            skipped.push(place);
            continue;
        }
        for &column in &matrix.columns {
            let head = above.cell(column);
            let (class, head) = if matrix.classes_above { (head, &side) } else { (&side, head) };
            for name in names(row.cell(column)) {
                found.push(one(&name, (class, head), grade, classes, &place));
            }
        }
    }
    if !skipped.is_empty() {
        let message = words!("这些行不是班级或学科，已跳过", "rows that are no class and no subject were skipped");
        tell.notice("rows_skipped", places(&skipped.iter().collect::<Vec<_>>(), None), message);
    }
    tell_unused(matrix, above, &table.rows[matrix.first].place(&table.sheet), tell);
    found
}

/// Rows that repeat the header, are statistics or notes, or hold no name.
fn is_other(matrix: &Matrix, row: &Row, above: &Row, side: &Raw) -> bool {
    let repeats = matrix.columns.iter().all(|&column| row.cell(column) == above.cell(column));
    let own = row.cell(matrix.side);
    let no_role = matrix.classes_above && role(side).is_none();
    is_empty_row(matrix, row) || repeats || side.is_blank() || rows::is_statistic(own) || rows::is_note(own) || no_role
}

fn one(
    name: &str,
    (class, head): (&Raw, &Raw),
    grade: Option<Grade>,
    classes: &mut Classes<'_>,
    place: &RowPlace,
) -> Teacher {
    let taught = classes.named(class, grade, name, place);
    let mut teacher = nobody(name.to_owned(), name.to_owned(), place.clone());
    match role(head) {
        Some(Role::Subject(subject)) => teacher.subjects = mentions::values(&Raw::Text(subject)),
        Some(Role::Office(office)) => teacher.duties = taught.iter().map(|class| format!("{class}{office}")).collect(),
        None => {}
    }
    teacher.classes = taught;
    teacher
}

/// The names in a cell: parted by signs, or by spaces where the parts are whole names; without remarks in brackets.
fn names(cell: &Raw) -> Vec<String> {
    if cell.is_blank() || value::is_blank_stroke(cell) {
        return Vec::new();
    }
    let text = match cell {
        Raw::Text(text) => fold::fold(text),
        other => other.shown(),
    };
    let mut names = Vec::new();
    for part in text.split([';', '、', ',', '\n', '\r', '/', '|', '+', '&']) {
        let part = part.split_once('(').map_or(part, |(name, _)| name);
        let words: Vec<&str> = part.split(fold::is_space).filter(|word| !word.is_empty()).collect();
        let whole =
            words.len() > 1 && words.iter().all(|word| word.chars().count() > 1 && word.chars().all(fold::is_han));
        let found =
            if whole { words.iter().map(|word| (*word).to_owned()).collect() } else { vec![fold::one_line(part)] };
        names.extend(found.into_iter().filter(|name: &String| !name.is_empty() && !OPEN.contains(&name.as_str())));
    }
    names
}

/// Columns beside the matrix that hold something.
fn tell_unused(matrix: &Matrix, above: &Row, place: &RowPlace, tell: &mut Tell<'_>) {
    let unused: Vec<(usize, String)> = (above.filled())
        .filter(|(column, _)| {
            *column != matrix.side && Some(*column) != matrix.grades && !matrix.columns.contains(column)
        })
        .map(|(column, cell)| (column, format!("{} ({})", cell.shown(), column_letters(column))))
        .collect();
    if let Some((first, _)) = unused.first() {
        let list = unused.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(", ");
        let message = words!("这些列没有用到：{list}", "these columns are not used: {list}");
        tell.notice("column_carried", place.cell(Some(*first)), message);
    }
}
