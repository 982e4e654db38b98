//! Which sheets of a file are the staff list: the one that says most, and those beside it that are laid out alike and speak of
//! other classes (a sheet a grade).

use super::classes::Classes;
use super::columns::Field;
use super::layout::{self, Layout};
use super::mentions::written_cell;
use super::teachers::Reader;
use super::together::Known;
use super::{Directory, Purpose, Teacher, matrix};
use crate::roster::class_name::{self, Fit, Grade};
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
        seen.extend(sheet.classes(directory));
    }
    let mut sheets = Vec::new();
    for (at, sheet) in found.into_iter().enumerate() {
        let table = &tables[at];
        let read = sheet.filter(|sheet| {
            let classes = sheet.classes(directory);
            let other = like == Some(sheet.shape()) && !classes.is_empty() && classes.is_disjoint(&seen);
            if other {
                seen.extend(classes);
            }
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

    /// The cells that name classes, and what else tells their grade.
    fn cells(&self) -> Vec<(String, Option<Grade>)> {
        let (column, grades, first, grade) = match &self.layout {
            Layout::Matrix(matrix) if matrix.classes_above => {
                let above = &self.table.rows[matrix.first];
                return matrix.columns.iter().map(|&at| (written_cell(above.cell(at)), matrix.grade)).collect();
            }
            Layout::Matrix(matrix) => (Some(matrix.side), matrix.grades, matrix.first, matrix.grade),
            Layout::Rows { first, head } => {
                let grade = layout::grade_of(self.table, *first);
                (head.column(Field::Classes), head.column(Field::Grade), *first, grade)
            }
        };
        let Some(column) = column else { return Vec::new() };
        let mut grade = grade;
        let rows = self.table.rows[first + 1..].iter().map(|row| {
            grade = grades.and_then(|at| class_name::grade(&row.cell(at).shown())).or(grade);
            (written_cell(row.cell(column)), grade)
        });
        rows.filter(|(text, _)| !text.is_empty()).collect()
    }

    /// The texts that name classes.
    pub(super) fn texts(&self) -> Vec<String> {
        self.cells().into_iter().map(|(text, _)| text).collect()
    }

    /// The classes that it speaks of, as known as may be.
    fn classes(&self, directory: &Directory) -> HashSet<String> {
        let mut classes = HashSet::new();
        for (text, grade) in self.cells() {
            for part in directory.index().cell_of(&text, grade) {
                match part.fit {
                    Fit::Classes { classes: known, .. } => {
                        classes.extend(known.into_iter().map(|class| directory.classes()[class].clone()));
                    }
                    Fit::Nothing | Fit::Several(_) => {
                        classes.insert(format!("{grade:?} {}", part.text));
                    }
                }
            }
        }
        classes
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
                let place = self.table.rows[*first].place(&self.table.sheet);
                head.tell_unused(&place, matches!(purpose, Purpose::Claims(_)), tell);
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
