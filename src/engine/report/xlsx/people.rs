//! The sheets about people: the notice and the members.

use super::super::members::{self, Value};
use super::super::notice::{Notice, PublicGroup};
use super::super::{Report, ReportError, names};
use super::style::{Styles, fit, print_landscape, print_list, text, write_row, write_text, write_title};
use crate::words::Lang;
use rust_xlsxwriter::Worksheet;

/// Most students whose list is still legible on one page: a whole class, but not several.
const ON_A_PAGE: usize = 60;
/// Groups side by side on the notice.
const ACROSS: usize = 6;
/// Characters across the notice's page; fewer groups get wider columns, but none wider than `COLUMN`.
const PAGE: usize = 120;
const COLUMN: usize = 30;

/// 分组: groups side by side with their names, one printed page a class; the same for teacher and public, so that what a
/// teacher prints and puts up never shows a tier or mark.
pub(super) fn notices(sheet: &mut Worksheet, reports: &[Report], styles: &Styles) -> Result<(), ReportError> {
    print_landscape(sheet);
    sheet.set_screen_gridlines(false);
    let notices: Vec<Notice> = reports.iter().map(Notice::of).collect();
    let across = notices.iter().map(|notice| notice.groups.len()).max().unwrap_or(0).clamp(1, ACROSS);
    let wide = u32::try_from((PAGE / across).min(COLUMN)).unwrap_or(0);
    sheet.set_column_range_width(0, u16::try_from(across - 1).unwrap_or(0), wide)?;
    let mut row = 0;
    let mut breaks = Vec::new();
    for (notice_of, report) in notices.iter().zip(reports) {
        if row > 0 {
            breaks.push(row);
        }
        row = notice(sheet, row, notice_of, report.lang, styles)?;
    }
    sheet.set_page_breaks(&breaks)?;
    Ok(())
}

/// One class from `row` on; the row after it.
fn notice(sheet: &mut Worksheet, row: u32, notice: &Notice, lang: Lang, styles: &Styles) -> Result<u32, ReportError> {
    let title = format!("{} {}", notice.class, names::say(lang, "分组名单", "Groups"));
    write_title(sheet, row, title.trim(), styles)?;
    let mut row = row + 2;
    if notice.groups.is_empty() {
        write_text(sheet, (row, 0), names::say(lang, "还没有分组结果", "There is no grouping yet"), &styles.text)?;
        row += 2;
    }
    for band in notice.groups.chunks(ACROSS) {
        let rows = band.iter().map(|group| group.students.len()).max().unwrap_or(0);
        let rows = u32::try_from(rows).unwrap_or(u32::MAX - row - 2);
        for (column, group) in (0..).zip(band) {
            column_of(sheet, (row, column), group, rows, styles)?;
        }
        (row..=row + rows).try_for_each(|r| sheet.set_row_height(r, 22).map(|_| ()))?;
        row += rows + 2;
    }
    Ok(row)
}

fn column_of(
    sheet: &mut Worksheet,
    (top, column): (u32, u16),
    group: &PublicGroup,
    rows: u32,
    styles: &Styles,
) -> Result<(), ReportError> {
    let title = group.number.as_ref().map_or(group.name.clone(), |number| format!("{number} {}", group.name));
    let title = group.teacher.as_ref().map_or(title.clone(), |teacher| format!("{title} · {teacher}"));
    write_text(sheet, (top, column), &title, &styles.group)?;
    let names = group.students.iter().map(String::as_str).chain(std::iter::repeat(""));
    for (row, name) in (top + 1..=top + rows).zip(names) {
        write_text(sheet, (row, column), name, &styles.name)?;
    }
    Ok(())
}

/// 名单: one row a student, with a frozen header and a filter.
pub(super) fn members(sheet: &mut Worksheet, reports: &[Report], styles: &Styles) -> Result<(), ReportError> {
    print_list(sheet);
    let members = members::of(reports);
    sheet.set_print_fit_to_pages(1, u16::from(members.rows.len() <= ON_A_PAGE));
    let header: Vec<Value> = members.header.iter().map(text).collect();
    write_row(sheet, 0, &header, &styles.head)?;
    for (row, values) in (1..).zip(&members.rows) {
        write_row(sheet, row, values, &styles.cell)?;
    }
    fit(sheet, std::iter::once(&header).chain(&members.rows), 40)?;
    sheet.set_freeze_panes(1, 2)?.set_repeat_rows(0, 0)?;
    let last = u32::try_from(members.rows.len()).unwrap_or(u32::MAX);
    sheet.autofilter(0, 0, last, u16::try_from(header.len().saturating_sub(1)).unwrap_or(u16::MAX))?;
    Ok(())
}
