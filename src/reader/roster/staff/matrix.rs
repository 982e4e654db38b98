//! The matrix of classes and subjects: one teacher for every name in its cells.

use super::Teacher;
use super::absent::Absent;
use super::blocks::{Block, Body};
use super::classes::Classes;
use super::layout::Matrix;
use super::look::{self, Role};
use super::mentions;
use super::names::{self, Named};
use super::teachers::nobody;
use crate::roster::table::Raw;
use crate::roster::tell::{Tell, places};
use crate::roster::{RowPlace, column_letters, rows};
use crate::words;

/// Teachers of a matrix, one for every name in a cell; those of one name are put together afterwards.
pub(super) fn teachers(
    block: &Block,
    matrix: &Matrix,
    classes: &mut Classes<'_>,
    absent: &mut Absent,
    tell: &mut Tell<'_>,
) -> Vec<Teacher> {
    let mut found = Vec::new();
    let (mut skipped, mut odd): (Vec<RowPlace>, Vec<(RowPlace, usize, String)>) = (Vec::new(), Vec::new());
    let mut side = Raw::Empty;
    for body in block.body.iter().filter(|body| !body.is_section) {
        let place = body.row.place(&block.sheet);
        let own = body.row.cell(matrix.side);
        if !own.is_blank() {
            side = own.clone();
        }
        if is_other(matrix, body, &side) {
            skipped.push(place);
            continue;
        }
        for (column, head) in &matrix.columns {
            let head = Raw::Text(head.into());
            let (class, head) = if matrix.classes_above { (&head, &side) } else { (&side, &head) };
            for named in names::names(body.row.cell(*column)) {
                if !named.is_name {
                    odd.push((place.clone(), *column, body.row.cell(*column).shown()));
                } else if !absent.takes(&named.name, named.gone.as_deref(), &body.row, &place) {
                    found.push(one(&named, (class, head), body, classes, &place));
                }
            }
        }
    }
    if !skipped.is_empty() {
        let message = words!("这些行不是班级或学科，已跳过", "rows that are no class and no subject were skipped");
        tell.notice("rows_skipped", places(&skipped.iter().collect::<Vec<_>>(), None), message);
    }
    tell_odd(&odd, tell);
    tell_unused(matrix, &block.place, tell);
    found
}

/// Rows that repeat the header, are statistics or notes, or hold no name.
fn is_other(matrix: &Matrix, body: &Body, side: &Raw) -> bool {
    let mut cells = matrix.columns.iter().map(|(column, head)| (body.row.cell(*column), head));
    let blank = cells.clone().all(|(cell, _)| cell.is_blank());
    let repeats = cells.all(|(cell, head)| cell.shown() == *head);
    let own = body.row.cell(matrix.side);
    let someone = || {
        let named = matrix.columns.iter().flat_map(|(column, _)| names::names(body.row.cell(*column)));
        named.into_iter().any(|named| named.is_name)
    };
    let no_names = matrix.classes_above && look::role(&side.shown()).is_none() && !someone();
    blank || repeats || side.is_blank() || rows::is_statistic(own) || rows::is_note(own) || no_names
}

fn one(
    named: &Named,
    (class, head): (&Raw, &Raw),
    body: &Body,
    classes: &mut Classes<'_>,
    place: &RowPlace,
) -> Teacher {
    let taught = classes.all(class, &body.grades, &named.name, place);
    let mut teacher = nobody(named.name.clone(), named.name.clone(), place.clone());
    let head = head.shown();
    match look::role(&head) {
        Some(Role::Subject(subject)) => teacher.subjects = mentions::values(&Raw::Text(subject.into())),
        Some(Role::Office(office)) => teacher.duties = taught.iter().map(|class| format!("{class}{office}")).collect(),
        None if head.is_empty() => {}
        None => teacher.subjects = vec![head],
    }
    teacher.classes = taught;
    teacher
}

fn tell_odd(odd: &[(RowPlace, usize, String)], tell: &mut Tell<'_>) {
    let Some((place, column, _)) = odd.first() else { return };
    let list: Vec<String> = odd.iter().take(6).map(|(_, _, text)| format!("“{text}”")).collect();
    let list = list.join(", ") + if odd.len() > 6 { ", …" } else { "" };
    let message = words!("这些格不是姓名，没有用到：{list}", "cells that hold no name were not used: {list}");
    tell.notice("no_name", place.cell(Some(*column)), message);
}

/// Columns beside the matrix that hold something.
fn tell_unused(matrix: &Matrix, place: &RowPlace, tell: &mut Tell<'_>) {
    let unused: Vec<String> =
        matrix.unused.iter().map(|(column, text)| format!("{text} ({})", column_letters(*column))).collect();
    if let Some((first, _)) = matrix.unused.first() {
        let list = unused.join(", ");
        let message = words!("这些列没有用到：{list}", "these columns are not used: {list}");
        tell.notice("column_carried", place.cell(Some(*first)), message);
    }
}
