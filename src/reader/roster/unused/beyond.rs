//! Cells without a header: told, and asked about where they seem to be those of a row that was moved by a cell.

use crate::roster::tell::{Tell, places};
use crate::roster::{Cell, Column, Field, Holds, RowPlace, Student, column_letters};
use crate::words;
use crate::words::{Words, listed};

/// How many contents a message shows.
const SHOWN: usize = 6;

/// Tells what stands in columns without a header and is not used; `columns` are those of the list, without a table beside it and what
/// is asked about already.
pub fn tell<'c>(columns: impl Iterator<Item = &'c Column>, students: &[Student], tell: &mut Tell<'_>) {
    let columns: Vec<&Column> = columns.collect();
    let is_told = |column: &Column| matches!(column.holds, Holds::Marks | Holds::Names);
    let is_bare = |column: &Column| column.header.is_empty() && column.field == Field::Other && !is_told(column);
    let Some(last) = columns.iter().filter(|column| !column.header.is_empty()).map(|column| column.index).max() else {
        return;
    };
    for column in columns.iter().filter(|column| is_bare(column)) {
        let filled: Vec<usize> = (0..students.len()).filter(|&s| column.cells[s] != Cell::Empty).collect();
        if filled.is_empty() {
            continue;
        }
        let moved = if column.index > last { moved(&columns, &filled, students.len()) } else { Vec::new() };
        if moved.is_empty() {
            tell_unused(column, &filled, students, tell);
        } else {
            ask(column, &moved, students, tell);
        }
    }
}

/// Students with a blank cell where most others have one, and one beyond the last header: the blank one, and the student.
fn moved<'c>(columns: &[&'c Column], filled: &[usize], students: usize) -> Vec<(usize, &'c Column)> {
    let is_usual = |column: &&Column| {
        let is_used = !matches!(column.field, Field::Other | Field::Notes | Field::Flag(_));
        is_used && 5 * column.cells.iter().filter(|cell| **cell != Cell::Empty).count() >= 4 * students
    };
    let usual: Vec<&Column> = columns.iter().copied().filter(is_usual).collect();
    let blank = |s: usize| usual.iter().find(|column| column.cells[s] == Cell::Empty);
    filled.iter().filter_map(|&s| Some((s, *blank(s)?))).collect()
}

fn ask(column: &Column, moved: &[(usize, &Column)], students: &[Student], tell: &mut Tell<'_>) {
    let rows: Vec<&RowPlace> = moved.iter().map(|(s, _)| &students[*s].row).collect();
    let (letter, header) = (column_letters(column.index), &moved[0].1.header);
    let message = words!(
        "这里像是整行错开了一格：“{header}”是空白，没有表头的 {letter} 列却有内容；按现在的位置读取，{letter} 列没有用到",
        "the cells here seem to be moved by one: “{header}” is blank and column {letter}, which has no header, is not; they are read as they stand, without column {letter}"
    );
    let yes = words!("位置没有错", "they stand where they belong");
    tell.doubt("row_moved", places(&rows, None), message, yes);
}

fn tell_unused(column: &Column, filled: &[usize], students: &[Student], tell: &mut Tell<'_>) {
    let rows: Vec<&RowPlace> = filled.iter().map(|&s| &students[s].row).collect();
    let texts: Vec<String> = filled.iter().filter_map(|&s| column.cells[s].text()).map(str::to_owned).collect();
    let (letter, Words { zh, en }) = (column_letters(column.index), listed(&texts, SHOWN));
    let message = words!(
        "{letter} 列没有表头，里面的内容没有用到：{zh}",
        "column {letter} has no header and what it holds is not used: {en}"
    );
    tell.notice("cells_unheaded", places(&rows, Some(column.index)), message);
}
