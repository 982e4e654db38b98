//! The log of a group: its work plan, and boxes to tick weekly contacts, home visits and the monthly activity.

use super::Sheet;
use super::labels::{self, say};
use super::member::Member;
use super::texts::{GroupBox, StudentBox};
use super::{Boxes, LINE, LINES, write_entry};
use crate::report::ReportError;
use crate::report::members::Value;
use crate::report::xlsx::style::{print_portrait, text, write_row, write_text, write_title};
use crate::words;
use rust_xlsxwriter::{Color, Format, Worksheet};

/// Weeks of a semester, for contacts.
const WEEKS: u16 = 20;
/// Months of a semester, for activities.
pub(super) const MONTHS: u32 = 5;
/// Columns of a box for a visit, and boxes in a row.
const WIDE: u16 = 4;
pub(super) const IN_A_ROW: u32 = (WEEKS / WIDE) as u32;
/// First column of each part of an activity.
pub(super) const PARTS: [u16; 3] = [1, 5, 15];
/// Height in points of the work plan.
const PLAN: u32 = 96;
/// Most members whose log is still easy to write into on one page.
const ON_A_PAGE: usize = 16;

/// A group whose log is written.
#[derive(Clone, Copy)]
pub(super) struct Log<'a> {
    pub(super) title: &'a str,
    pub(super) group: &'a str,
    pub(super) members: &'a [Member],
    pub(super) boxes: &'a Boxes,
}

pub(super) fn write(sheet: &mut Worksheet, log: Log<'_>, to: Sheet<'_>) -> Result<(), ReportError> {
    print_portrait(sheet);
    sheet.set_print_fit_to_pages(1, u16::from(log.members.len() <= ON_A_PAGE)).set_repeat_rows(0, 0)?;
    sheet.set_column_width(0, 14)?.set_column_range_width(1, WEEKS, 4)?;
    write_title(sheet, 0, log.title, to.styles)?;
    let row = work_plan(sheet, 2, log, to)?;
    let row = contacts(sheet, row + 1, log, to)?;
    let row = visits(sheet, row + 1, log, to)?;
    let row = activities(sheet, row + 1, log, to)?;
    sheet.set_freeze_panes(0, 1)?;
    sheet.set_print_area(0, 0, row, WEEKS)?;
    Ok(())
}

/// One box for the group's work plan; the row after it.
fn work_plan(sheet: &mut Worksheet, top: u32, log: Log<'_>, to: Sheet<'_>) -> Result<u32, ReportError> {
    write_text(sheet, (top, 0), say(labels::WORK_PLAN, to.lang), &to.styles.text)?;
    let wrapped = to.styles.cell.clone().set_text_wrap();
    sheet.merge_range(top + 1, 0, top + 1, WEEKS, "", &wrapped)?;
    if let Some(entry) = log.boxes.of_group(log.group, GroupBox::WorkPlan) {
        write_entry(sheet, (top + 1, 0), entry, &wrapped)?;
    }
    sheet.set_row_height(top + 1, PLAN)?;
    Ok(top + 2)
}

/// A tick for each week; the row after the table.
fn contacts(sheet: &mut Worksheet, top: u32, log: Log<'_>, to: Sheet<'_>) -> Result<u32, ReportError> {
    write_text(sheet, (top, 0), say(labels::CONTACTS, to.lang), &to.styles.text)?;
    let weeks = (1..=WEEKS).map(|week| Value::Number(f64::from(week)));
    let head: Vec<Value> = std::iter::once(text(say(labels::WEEK, to.lang))).chain(weeks).collect();
    write_row(sheet, top + 1, &head, &to.styles.head)?;
    let mut row = top + 2;
    for member in log.members {
        let empty = std::iter::repeat_n(Value::Empty, usize::from(WEEKS));
        let values: Vec<Value> = std::iter::once(text(&member.name)).chain(empty).collect();
        write_row(sheet, row, &values, &to.styles.cell)?;
        for week in 1..=WEEKS {
            if let Some(entry) = log.boxes.of(&member.who, StudentBox::Contact(week)) {
                write_entry(sheet, (row, week), entry, &to.styles.cell)?;
            }
        }
        sheet.set_row_height(row, LINE)?;
        row += 1;
    }
    Ok(row)
}

/// A box for the date of each visit that is due or made; boxes that are not due are grey. Students with more visits than fit
/// into a row have several.
fn visits(sheet: &mut Worksheet, top: u32, log: Log<'_>, to: Sheet<'_>) -> Result<u32, ReportError> {
    let boxes = |member: &Member| member.visits.max(log.boxes.last_visit(&member.who));
    let across = log.members.iter().map(boxes).max().unwrap_or(0).min(IN_A_ROW);
    let grey = to.styles.cell.clone().set_background_color(Color::RGB(0x00E3_E7EE));
    write_text(sheet, (top, 0), say(labels::VISITS, to.lang), &to.styles.text)?;
    write_text(sheet, (top + 1, 0), say(labels::NAME, to.lang), &to.styles.head)?;
    for visit in 1..=across {
        wide(sheet, (top + 1, visit), &visit.to_string(), &to.styles.head)?;
    }
    let mut row = top + 2;
    for member in log.members {
        for line in 0..boxes(member).div_ceil(IN_A_ROW).max(1) {
            write_text(sheet, (row, 0), &visit_label(&member.name, line), &to.styles.cell)?;
            for place in 1..=across {
                let visit = line * IN_A_ROW + place;
                let format = if visit <= member.visits { &to.styles.cell } else { &grey };
                wide(sheet, (row, place), "", format)?;
                if let Some(entry) = log.boxes.of(&member.who, StudentBox::Visit(visit)) {
                    write_entry(sheet, (row, column(place)), entry, format)?;
                }
            }
            sheet.set_row_height(row, LINE)?;
            row += 1;
        }
    }
    Ok(row)
}

/// `王芳`, in the next row `王芳 6–10`.
pub(super) fn visit_label(name: &str, line: u32) -> String {
    let (first, last) = (line * IN_A_ROW + 1, (line + 1) * IN_A_ROW);
    if line == 0 { name.to_owned() } else { format!("{name} {first}–{last}") }
}

/// First column of a box, from 1, for a visit.
pub(super) fn column(place: u32) -> u16 {
    1 + WIDE * u16::try_from(place.saturating_sub(1)).unwrap_or(0)
}

/// Four columns as one box.
fn wide(sheet: &mut Worksheet, (row, place): (u32, u32), text: &str, format: &Format) -> Result<(), ReportError> {
    sheet.merge_range(row, column(place), row, column(place) + WIDE - 1, text, format)?;
    Ok(())
}

/// A line for each month: date, what was done, how it went.
fn activities(sheet: &mut Worksheet, top: u32, log: Log<'_>, to: Sheet<'_>) -> Result<u32, ReportError> {
    write_text(sheet, (top, 0), say(labels::ACTIVITIES, to.lang), &to.styles.text)?;
    for month in 0..=MONTHS {
        let row = top + 1 + month;
        let first = if month == 0 {
            say(labels::MONTH, to.lang).to_owned()
        } else {
            month_label(month).get(to.lang).to_owned()
        };
        let format = if month == 0 { to.styles.head.clone() } else { to.styles.cell.clone().set_text_wrap() };
        write_text(sheet, (row, 0), &first, &format)?;
        let ends = PARTS.iter().skip(1).map(|next| next - 1).chain([WEEKS]);
        for (part, (&from, to_column)) in PARTS.iter().zip(ends).enumerate() {
            let head = if month == 0 { say(labels::PARTS[part], to.lang) } else { "" };
            sheet.merge_range(row, from, row, to_column, head, &format)?;
            if let Some(entry) = log.boxes.of_group(log.group, GroupBox::Activity(month, part)) {
                write_entry(sheet, (row, from), entry, &format)?;
            }
        }
        sheet.set_row_height(row, if month == 0 { LINE } else { LINES })?;
    }
    Ok(top + 1 + MONTHS)
}

/// The label of a month.
pub(super) fn month_label(month: u32) -> words::Words {
    words!("第{month}月", "month {month}")
}
