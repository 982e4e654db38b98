//! The members of a group: family basics and how to reach them, usual performance and near-term plan.

use super::Sheet;
use super::contact::{Contact, has};
use super::labels::{self, Label, say};
use super::member::Member;
use super::texts::{Entry, StudentBox};
use super::{Boxes, LINE, LINES, write_entry};
use crate::report::ReportError;
use crate::report::members::Value;
use crate::report::xlsx::style::{fit, print_landscape, text, write_row, write_title};
use crate::roster::Roster;
use rust_xlsxwriter::Worksheet;

/// A column that teachers may fill in: its label, its box and the narrowest width that is easy to write into.
type Box = (Label, StudentBox, u16);

/// Every such column; those of contacts stand where the list has them.
const BOXES: [(Box, Option<Contact>); 6] = [
    ((labels::FAMILY, StudentBox::Family, 0), None),
    ((labels::GUARDIAN, StudentBox::Guardian, 10), Some(Contact::Guardian)),
    ((labels::PHONE, StudentBox::Phone, 14), Some(Contact::Phone)),
    ((labels::ADDRESS, StudentBox::Address, 20), Some(Contact::Address)),
    ((labels::PERFORMANCE, StudentBox::Performance, 24), None),
    ((labels::PLAN, StudentBox::Plan, 28), None),
];

/// The box that a column's header names.
pub(super) fn box_of(header: &str) -> Option<StudentBox> {
    let plan = (labels::PLAN_BEFORE, StudentBox::Plan);
    let known = BOXES.iter().map(|((label, what, _), _)| (*label, *what)).chain([plan]);
    known.into_iter().find(|(label, _)| labels::is(*label, header)).map(|(_, what)| what)
}

/// Whether a column is one of ours that teachers do not fill in.
pub(super) fn is_told(header: &str) -> bool {
    let told = [labels::ID, labels::NAME, labels::GENDER, labels::TIER, labels::VISITS_DUE, labels::HELP];
    told.into_iter().any(|label| labels::is(label, header))
}

/// Writes the sheet of a group of this list.
pub(super) fn write(
    sheet: &mut Worksheet,
    (title, members, roster): (&str, &[Member], &Roster),
    boxes: &Boxes,
    to: Sheet<'_>,
) -> Result<(), ReportError> {
    print_landscape(sheet);
    write_title(sheet, 0, title, to.styles)?;
    let shown: Vec<Box> = BOXES
        .iter()
        .filter(|(_, contact)| contact.is_none_or(|contact| has(roster, contact)))
        .map(|(shown, _)| *shown)
        .collect();
    // Family basics stand among what is told; the other boxes behind it.
    let (family, behind) = shown.split_at(1);
    let before = [labels::ID, labels::NAME, labels::GENDER, labels::TIER];
    let middle = [labels::VISITS_DUE, labels::HELP];
    let box_labels = |boxes: &[Box]| boxes.iter().map(|(label, _, _)| *label).collect::<Vec<_>>();
    let header = [&before[..], &box_labels(family), &middle, &box_labels(behind)].concat();
    let header: Vec<Value> = header.into_iter().map(|label| text(say(label, to.lang))).collect();
    let row = |member: &Member| {
        let facts = |boxes: &[Box]| boxes.iter().map(|(_, what, _)| fact(member, *what)).collect::<Vec<_>>();
        let told = [&member.id, &member.name, &member.gender, &member.tier].map(text);
        let rest = [Value::Number(f64::from(member.visits)), text(&member.help)];
        [&told[..], &facts(family), &rest, &facts(behind)].concat()
    };
    let rows: Vec<Vec<Value>> = std::iter::once(header).chain(members.iter().map(row)).collect();
    let wrapped = to.styles.cell.clone().set_text_wrap();
    for (at, values) in (1..).zip(&rows) {
        write_row(sheet, at, values, if at == 1 { &to.styles.head } else { &wrapped })?;
        sheet.set_row_height(at, if at == 1 { LINE } else { LINES })?;
    }
    fit(sheet, rows.iter(), 24)?;
    for (column, (_, what, width)) in (4..5).chain(7..).zip(&shown) {
        if *width > 0 {
            sheet.set_column_width(column, *width)?;
        }
        for (at, member) in (2..).zip(members) {
            if let Some(entry) = typed(member, *what, boxes) {
                write_entry(sheet, (at, column), entry, &wrapped)?;
            }
        }
    }
    sheet.set_freeze_panes(2, 2)?.set_repeat_rows(0, 1)?;
    let last = u32::try_from(rows.len()).unwrap_or(0);
    sheet.set_print_area(0, 0, last, u16::try_from(rows[0].len() - 1).unwrap_or(0))?;
    Ok(())
}

fn fact(member: &Member, what: StudentBox) -> Value {
    match member.fact(what) {
        "" => Value::Empty,
        fact => text(fact),
    }
}

/// What a teacher typed, where the list tells nothing.
fn typed<'b>(member: &Member, what: StudentBox, boxes: &'b Boxes) -> Option<&'b Entry> {
    boxes.of(&member.who, what).filter(|_| member.fact(what).is_empty())
}
