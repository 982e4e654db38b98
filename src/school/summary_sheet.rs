//! The summary as a workbook: classes, teachers with their loads as a chart, and what could not be done.

use super::summary::{ClassRecord, Summary, TeacherRecord};
use super::summary_page::{largest_range, proved, standing, teacher_groups};
use crate::report::ReportError;
use crate::report::members::Value;
use crate::report::names::say;
use crate::report::xlsx::style::{Styles, fit, print_landscape, text, write_row};
use crate::report::xlsx::workbook;
use crate::words::Lang;
use rust_xlsxwriter::{Chart, ChartType, Worksheet};

/// Widest column, in characters.
const WIDEST: usize = 60;
/// Pixels of the chart for each teacher, and its least height.
const BAR: u32 = 18;
const LEAST: u32 = 240;

/// The workbook.
pub(super) fn sheet(summary: &Summary, lang: Lang) -> Result<Vec<u8>, ReportError> {
    let styles = Styles::new();
    let mut book = workbook(&styles)?;
    let classes = std::iter::once(class_header(lang)).chain(summary.classes.iter().map(|class| class_row(class, lang)));
    list(book.add_worksheet().set_name(say(lang, "班级", "Classes"))?, &classes.collect::<Vec<_>>(), &styles)?;
    if !summary.teachers.is_empty() {
        let rows = summary.teachers.iter().map(|teacher| teacher_row(teacher, lang));
        let rows: Vec<_> = std::iter::once(teacher_header(lang)).chain(rows).collect();
        let name = say(lang, "教师", "Teachers");
        let sheet = book.add_worksheet().set_name(name)?;
        list(sheet, &rows, &styles)?;
        loads(sheet, name, summary.teachers.len(), lang)?;
    }
    let others = others(summary, lang);
    if others.len() > 1 {
        list(book.add_worksheet().set_name(say(lang, "提示", "Notices"))?, &others, &styles)?;
    }
    Ok(book.save_to_buffer()?)
}

/// A table with a frozen header that prints on every page.
fn list(sheet: &mut Worksheet, rows: &[Vec<Value>], styles: &Styles) -> Result<(), ReportError> {
    print_landscape(sheet);
    for (row, values) in (0..).zip(rows) {
        write_row(sheet, row, values, if row == 0 { &styles.head } else { &styles.cell })?;
    }
    fit(sheet, rows.iter(), WIDEST)?;
    sheet.set_freeze_panes(1, 1)?.set_repeat_rows(0, 0)?;
    let (last, width) = (rows.len().saturating_sub(1), rows.first().map_or(1, Vec::len).saturating_sub(1));
    let (last, width) = (u32::try_from(last).unwrap_or(u32::MAX), u16::try_from(width).unwrap_or(u16::MAX));
    sheet.autofilter(0, 0, last, width)?;
    Ok(())
}

fn class_header(lang: Lang) -> Vec<Value> {
    let words = [
        ("班级", "class"),
        ("结果", "result"),
        ("已证明最优的目标", "proved goals"),
        ("学生", "students"),
        ("小组", "groups"),
        ("组平均分最大差", "largest range of means"),
        ("缺教师的小组", "groups without a teacher"),
        ("原因", "reason"),
    ];
    words.map(|(zh, en)| text(say(lang, zh, en))).into()
}

fn class_row(class: &ClassRecord, lang: Lang) -> Vec<Value> {
    vec![
        text(&class.class),
        text(standing(class, lang).1),
        text(proved(class, lang)),
        Value::Number(class.students as f64),
        Value::Number(class.groups as f64),
        largest_range(class).map_or(Value::Empty, Value::Number),
        Value::Number(class.unstaffed as f64),
        class.error.as_ref().map_or(Value::Empty, |error| text(error.message.replace('\n', " · "))),
    ]
}

fn teacher_header(lang: Lang) -> Vec<Value> {
    let words = [
        ("工号", "id"),
        ("姓名", "name"),
        ("家访", "visits"),
        ("学生", "students"),
        ("组数", "number"),
        ("小组", "groups"),
    ];
    words.map(|(zh, en)| text(say(lang, zh, en))).into()
}

fn teacher_row(teacher: &TeacherRecord, lang: Lang) -> Vec<Value> {
    vec![
        text(&teacher.id),
        text(&teacher.name),
        Value::Number(teacher.visits as f64),
        Value::Number(teacher.students as f64),
        Value::Number(teacher.groups.len() as f64),
        text(teacher_groups(teacher, lang)),
    ]
}

/// Visits of each teacher as bars, beside the table.
fn loads(sheet: &mut Worksheet, name: &str, teachers: usize, lang: Lang) -> Result<(), ReportError> {
    let last = u32::try_from(teachers).unwrap_or(u32::MAX);
    let mut chart = Chart::new(ChartType::Bar);
    chart.add_series().set_categories((name, 1, 1, last, 1)).set_values((name, 1, 2, last, 2)).set_gap(40);
    chart.title().set_name(say(lang, "每位教师一学期的家访次数", "Home visits of each teacher in a semester"));
    chart.legend().set_hidden();
    // The first teacher at the top, as in the table.
    chart.y_axis().set_reverse();
    chart.set_width(640).set_height(last.saturating_mul(BAR).max(LEAST));
    sheet.insert_chart(1, 7, &chart)?;
    Ok(())
}

/// Reasons and notices.
fn others(summary: &Summary, lang: Lang) -> Vec<Vec<Value>> {
    let header = [("事项", "what"), ("位置", "where"), ("说明", "message")].map(|(zh, en)| text(say(lang, zh, en)));
    let reasons = summary
        .conflict
        .iter()
        .map(|entry| vec![text(say(lang, "没有教师", "no teacher")), text(&entry.rule), text(&entry.message)]);
    let notices =
        summary.notices.iter().map(|notice| vec![text(&notice.code), text(&notice.place), text(&notice.message)]);
    std::iter::once(header.into()).chain(reasons).chain(notices).collect()
}
