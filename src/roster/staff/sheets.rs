//! Which sheets of a file are the staff list: the one that says most, and those beside it that are laid out alike and speak of
//! other classes (a sheet a grade).

use super::classes::Classes;
use super::columns::Field;
use super::layout::{self, Layout};
use super::mentions::written_cell;
use super::teachers::Reader;
use super::together::Known;
use super::{Directory, Purpose, Teacher, matrix};
use crate::roster::table::Table;
use crate::roster::tell::{Tell, Why};
use crate::words;
use std::collections::HashSet;

/// A sheet that is read, and its layout.
pub(super) struct Sheet<'b> {
    table: &'b Table,
    layout: Layout,
}

/// The sheets to read; those passed over are told.
pub(super) fn sheets<'b>(tables: &'b [Table], directory: &Directory, tell: &mut Tell<'_>) -> Vec<Sheet<'b>> {
    let found = tables.iter().map(|table| layout::find(table, directory).map(|layout| Sheet { table, layout }));
    let found: Vec<Option<Sheet<'b>>> = found.collect();
    // The first of those that say most.
    let best = (found.iter().enumerate().rev())
        .filter_map(|(at, sheet)| Some((sheet.as_ref()?.worth(), at)))
        .max_by_key(|(worth, _)| *worth)
        .map(|(_, at)| at);
    let mut seen: HashSet<String> = HashSet::new();
    let like = best.and_then(|at| found[at].as_ref()).map(Sheet::shape);
    if let Some(sheet) = best.and_then(|at| found[at].as_ref()) {
        seen.extend(sheet.texts());
    }
    let mut sheets = Vec::new();
    for (at, sheet) in found.into_iter().enumerate() {
        let table = &tables[at];
        let read = sheet.filter(|sheet| {
            let texts = sheet.texts();
            let other =
                like == Some(sheet.shape()) && !texts.is_empty() && texts.iter().all(|text| !seen.contains(text));
            seen.extend(texts);
            Some(at) == best || other
        });
        match read {
            Some(sheet) => sheets.push(sheet),
            None if table.rows.is_empty() => {}
            None => {
                let message = words!("这张工作表没有读取", "this sheet was not read");
                tell.notice("sheet_skipped", table.sheet.clone(), message);
            }
        }
    }
    sheets
}

impl Sheet<'_> {
    /// How much it says: a list of teachers says more than a matrix, and more fields than few.
    fn worth(&self) -> (bool, usize) {
        match &self.layout {
            Layout::Rows { head, .. } => (true, head.worth()),
            Layout::Matrix(matrix) => (false, matrix.columns.len()),
        }
    }

    /// What two sheets have in common that are laid out alike.
    fn shape(&self) -> (Vec<Field>, bool) {
        match &self.layout {
            Layout::Rows { head, .. } => (head.fields(), false),
            Layout::Matrix(matrix) => (Vec::new(), matrix.classes_above),
        }
    }

    /// The texts that name classes, with the sheet's grade where it tells one.
    pub(super) fn texts(&self) -> Vec<String> {
        let cells: Vec<String> = match &self.layout {
            Layout::Rows { first, head } => {
                let body = &self.table.rows[first + 1..];
                let column = head.column(Field::Classes).into_iter();
                column.flat_map(|column| body.iter().map(move |row| written_cell(row.cell(column)))).collect()
            }
            Layout::Matrix(matrix) if matrix.classes_above => {
                let above = &self.table.rows[matrix.first];
                matrix.columns.iter().map(|&column| written_cell(above.cell(column))).collect()
            }
            Layout::Matrix(matrix) => {
                let body = &self.table.rows[matrix.first + 1..];
                body.iter().map(|row| written_cell(row.cell(matrix.side))).collect()
            }
        };
        cells.into_iter().filter(|text| !text.is_empty()).collect()
    }

    /// One teacher for every row, or every name in a cell.
    pub(super) fn teachers(
        &self,
        directory: &Directory,
        classes: &mut Classes<'_>,
        tell: &mut Tell<'_>,
        purpose: Purpose<'_>,
    ) -> Vec<Teacher> {
        match &self.layout {
            Layout::Matrix(matrix) => matrix::teachers(self.table, matrix, classes, tell),
            Layout::Rows { first, head } => {
                head.tell_unused(&self.table.rows[*first].place(&self.table.sheet), tell);
                let untold = head.column(Field::Classes).is_none() && directory.classes().len() > 1;
                if untold && matches!(purpose, Purpose::Staff) {
                    no_classes(tell);
                }
                let grade = layout::grade_of(self.table, *first);
                let sheet = &self.table.sheet;
                let mut reader = Reader { head, sheet, directory, tell, classes, grade, purpose };
                reader.teachers(self.table, *first)
            }
        }
    }

    /// How teachers are told from one another.
    pub(super) fn known(&self) -> Known {
        match &self.layout {
            Layout::Matrix(_) => Known::Cell,
            Layout::Rows { head, .. } => match head.column(Field::Id) {
                Some(column) => Known::Id(Some(column)),
                None => Known::Name(head.column(Field::Name)),
            },
        }
    }

    /// Where classes stand, for messages.
    pub(super) fn classes_column(&self) -> Option<usize> {
        match &self.layout {
            Layout::Rows { head, .. } => head.column(Field::Classes),
            Layout::Matrix(matrix) => (!matrix.classes_above).then_some(matrix.side),
        }
    }
}

fn no_classes(tell: &mut Tell<'_>) {
    let why = Why {
        found: words!("没有“任教班级”列", "no column with the classes taught"),
        expected: words!("每位教师任教的班级", "the classes that each teacher teaches"),
        action: words!(
            "请加上“任教班级”列，几个班用分号隔开",
            "add a column “classes”, several separated by semicolons"
        ),
    };
    tell.fault("no_classes_column", "", why);
}
