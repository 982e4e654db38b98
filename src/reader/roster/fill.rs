//! Completes the student rows of a list: merged cells and the class are filled down; rows of text that are too long or too short
//! and blank rows are told.

use super::header::Head;
use super::list::Assignment;
use super::table::{Merge, Raw, Row};
use super::tell::{Tell, places};
use super::why::Why;
use super::{Field, RowPlace};
use crate::words;
use crate::words::by_count;
use std::collections::HashSet;

/// How many blank rows are named.
const SHOWN_BLANK: usize = 100;

/// Fills merged cells and the class down.
pub fn fill(
    sheet: &str,
    rows: &mut [Row],
    heads: &[Head],
    assignment: &Assignment,
    merges: &[Merge],
    tell: &mut Tell<'_>,
) {
    for (head, field) in heads.iter().zip(&assignment.fields) {
        if !matches!(field, Field::Id | Field::Name | Field::Score(_) | Field::Total | Field::Rank) {
            fill_merged(rows, head.index, merges);
        }
        if *field == Field::Class {
            fill_class(sheet, rows, head.index, merges, tell);
        }
    }
}

/// Tells blank rows between students; `others` are the numbers of the rows that are no students.
pub fn tell_blank(sheet: &str, students: &[Row], others: &[usize], tell: &mut Tell<'_>) {
    let (Some(first), Some(last)) = (students.first(), students.last()) else { return };
    let between = |number: &&usize| first.number < **number && **number < last.number;
    let filled: HashSet<usize> =
        students.iter().map(|row| row.number).chain(others.iter().filter(between).copied()).collect();
    let count = (last.number + 1 - first.number).saturating_sub(filled.len());
    if count == 0 {
        return;
    }
    let (rows, were) = (by_count(count, "row", "rows"), by_count(count, "was", "were"));
    let message = words!("学生之间有 {count} 个空行，已跳过", "{count} blank {rows} between students {were} skipped");
    let blank = (first.number..last.number).filter(|number| !filled.contains(number)).take(SHOWN_BLANK);
    let blank: Vec<RowPlace> =
        blank.map(|row| RowPlace { sheet: sheet.to_owned(), row, ..RowPlace::default() }).collect();
    tell.notice("blank_rows_skipped", places(&blank.iter().collect::<Vec<_>>(), None), message);
}

/// A short row of text is harmless where only carried columns or flags are missing; anything else may be a lost separator. Rows
/// whose cells `fit` are asked about, as those of programs that write no blank cells at a row's end.
pub fn check_widths<'r>(
    rows: impl Iterator<Item = &'r Row>,
    width: usize,
    heads: &[Head],
    assignment: &Assignment,
    fit: impl Fn(&Row) -> bool,
    tell: &mut Tell<'_>,
) {
    let harmless = |column: usize| {
        let field = heads.iter().position(|head| head.index == column).map(|c| &assignment.fields[c]);
        matches!(field, None | Some(Field::Other | Field::Notes | Field::EthnicGroup | Field::Flag(_)))
    };
    let cells = |row: &Row| row.filled().last().map_or(0, |(column, _)| column + 1).max(row.cells.len().min(width));
    let is_ragged = |row: &&Row| {
        let cells = cells(row);
        cells > width || (cells < width && !(cells..width).all(harmless))
    };
    let ragged: Vec<&Row> = rows.filter(is_ragged).collect();
    let Some(first) = ragged.first() else { return };
    if ragged.len() > 1 && ragged.iter().all(|row| cells(row) < width && fit(row)) {
        let n = ragged.len();
        let rows: Vec<RowPlace> = ragged.iter().map(|row| row.place("")).collect();
        let message = words!(
            "有 {n} 行比表头少几格，少的按空白读取",
            "{n} rows have fewer cells than the header; what is missing is read as blank"
        );
        let place = places(&rows.iter().collect::<Vec<_>>(), None);
        tell.doubt("rows_short", place, message, words!("确实是空白", "it is blank"));
        return;
    }
    let (n, cells) = (ragged.len(), cells(first));
    let why = Why {
        found: match n {
            1 => words!("一行有 {cells} 格", "a row of {cells} cells"),
            _ => words!(
                "有 {n} 行的格数不对，这一行有 {cells} 格",
                "{n} rows of another length, this one of {cells} cells"
            ),
        },
        expected: words!("与表头一样有 {width} 格", "{width} cells, as in the header"),
        action: words!(
            "请检查这一行是否多了或少了分隔符；含分隔符的内容要用双引号括起来",
            "look for a missing or extra separator; put text that holds a separator in double quotes"
        ),
    };
    tell.fault("ragged_row", &first.place("").cell(None), why);
}

/// Copies the value of vertically merged cells to every student row they cover.
fn fill_merged(rows: &mut [Row], column: usize, merges: &[Merge]) {
    let mut merges: Vec<&Merge> =
        merges.iter().filter(|m| m.columns.0 <= column && column <= m.columns.1 && m.rows.0 < m.rows.1).collect();
    merges.sort_by_key(|m| m.rows.0);
    let mut next = 0;
    for merge in merges {
        // Merged cells never overlap in a sound sheet; starting after the last one filled bounds the work in any other.
        next += rows[next..].partition_point(|row| row.number < merge.rows.0);
        let end = next + rows[next..].partition_point(|row| row.number <= merge.rows.1);
        let value = rows.get(next).filter(|_| next < end).map(|row| row.cell(column).clone()).unwrap_or_default();
        if !value.is_blank() {
            for row in &mut rows[next..end] {
                put(row, column, &value);
            }
        }
        next = end;
    }
}

fn put(row: &mut Row, column: usize, value: &Raw) {
    if row.cells.len() <= column {
        row.cells.resize(column + 1, Raw::Empty);
    }
    if row.cells[column].is_blank() {
        row.cells[column] = value.clone();
    }
}

/// Fills a blank class from the row above and tells it; also tells where a merged cell gave the class.
fn fill_class(sheet: &str, rows: &mut [Row], column: usize, merges: &[Merge], tell: &mut Tell<'_>) {
    let covers = |m: &Merge| {
        let first = rows.partition_point(|row| row.number < m.rows.0);
        rows.get(first + 1).is_some_and(|row| row.number <= m.rows.1)
    };
    let is_merged = merges.iter().any(|m| m.columns.0 == column && m.rows.0 < m.rows.1 && covers(m));
    if rows.iter().all(|row| row.cell(column).is_blank()) {
        return;
    }
    let (mut above, mut filled) = (Raw::Empty, Vec::new());
    for row in rows.iter_mut() {
        if !row.cell(column).is_blank() {
            above = row.cell(column).clone();
        } else if above.is_blank() {
            let why = Why {
                found: words!("空白的班级", "no class"),
                expected: words!("班级名称", "the name of a class"),
                action: words!(
                    "请填写班级；只有上方有班级时才会向下填充",
                    "fill it in; only a class above is filled down"
                ),
            };
            tell.fault("class_missing", &row.place(sheet).cell(Some(column)), why);
        } else {
            put(row, column, &above);
            filled.push(row.place(sheet));
        }
    }
    if !filled.is_empty() {
        let message = words!("班级为空，按上一行的班级填写", "the class was blank and taken from the row above");
        tell.notice("class_filled", places(&filled.iter().collect::<Vec<_>>(), Some(column)), message);
    } else if is_merged {
        let at: Vec<RowPlace> = rows.iter().map(|row| row.place(sheet)).collect();
        let message =
            words!("合并的班级单元格已用于它覆盖的各行", "a merged class cell was taken for every row it covers");
        tell.notice("class_merged", places(&at.iter().collect::<Vec<_>>(), Some(column)), message);
    }
}
