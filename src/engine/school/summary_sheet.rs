//! The summary as a workbook: classes, teachers with their loads as a chart, and what could not be done.

use super::answers::ClaimRecord;
use super::summary::{ClassRecord, Summary, TeacherRecord};
use super::summary_page::{largest_range, proved, rests_on, standing, teacher_groups};
use crate::report::ReportError;
use crate::report::members::Value;
use crate::report::names::say;
use crate::report::xlsx::style::{
    ROW_PIXELS, Styles, WIDEST, fit, print_list, print_portrait, text, write_line, write_row,
};
use crate::report::xlsx::workbook;
use crate::words::Lang;
use rust_xlsxwriter::{Chart, ChartFont, ChartType, Worksheet};

/// Pixels of a chart for each teacher, and for its title and axis.
const BAR: u32 = 20;
const FRAME: u32 = 100;
/// Pixels of a chart's width: an A4 page holds it in every office program, unscaled, so that page breaks count.
const WIDE: u32 = 560;
/// Pixels between a page break and a chart, so that its edge does not show on the page before.
const EDGE: u32 = 4;
/// Most teachers on one chart, so that it prints on one page with all names.
const ON_A_PAGE: u32 = 45;

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
        let sheet = book.add_worksheet().set_name(say(lang, "家访量", "Visits"))?;
        loads(sheet, name, &summary.teachers, lang)?;
    }
    if !summary.claim_answers.is_empty() {
        list(book.add_worksheet().set_name(say(lang, "认领", "Claims"))?, &claims(summary, lang), &styles)?;
    }
    let others = others(summary, lang);
    if others.len() > 1 {
        list(book.add_worksheet().set_name(say(lang, "提示", "Notices"))?, &others, &styles)?;
    }
    Ok(book.save_to_buffer()?)
}

/// A table with a frozen header that prints on every page.
fn list(sheet: &mut Worksheet, rows: &[Vec<Value>], styles: &Styles) -> Result<(), ReportError> {
    print_list(sheet);
    if let Some((header, lines)) = rows.split_first() {
        write_row(sheet, 0, header, &styles.head)?;
        (1..).zip(lines).try_for_each(|(row, line)| write_line(sheet, row, line, styles))?;
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
        ("依据", "rests on"),
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
        rests_on(class, lang).map_or(Value::Empty, text),
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

/// The answer to every wish.
fn claims(summary: &Summary, lang: Lang) -> Vec<Vec<Value>> {
    let header = [
        ("工号", "id"),
        ("姓名", "name"),
        ("志愿", "rank"),
        ("小组", "group"),
        ("结果", "answer"),
        ("现由谁带", "who has it"),
        ("原因", "why"),
        ("组名", "group name"),
    ];
    let row = |claim: &ClaimRecord| {
        vec![
            text(&claim.teacher),
            text(&claim.name),
            Value::Number(claim.rank as f64),
            text(claim.label()),
            text(claim.word(lang)),
            text(claim.holder(lang)),
            text(&claim.reason),
            claim.group_name.as_ref().map_or(Value::Empty, text),
        ]
    };
    let header = header.map(|(zh, en)| text(say(lang, zh, en))).into();
    std::iter::once(header).chain(summary.claim_answers.iter().map(row)).collect()
}

/// Visits of each teacher as bars from the sheet `name`; one chart a page, all in the same scale.
fn loads(sheet: &mut Worksheet, name: &str, teachers: &[TeacherRecord], lang: Lang) -> Result<(), ReportError> {
    print_portrait(sheet);
    let all = u32::try_from(teachers.len()).unwrap_or(u32::MAX);
    let most = teachers.iter().map(|teacher| teacher.visits).max().unwrap_or(0).max(1);
    let each = all.div_ceil(all.div_ceil(ON_A_PAGE).max(1)).max(1);
    let rows = (each * BAR + FRAME).div_ceil(ROW_PIXELS) + 1;
    let mut breaks = Vec::new();
    for (page, first) in (0..).zip((1..=all).step_by(each as usize)) {
        let last = all.min(first + each - 1);
        let mut chart = Chart::new(ChartType::Bar);
        let series = chart.add_series().set_gap(40);
        series.set_categories((name, first, 1, last, 1)).set_values((name, first, 2, last, 2));
        chart.title().set_name(say(lang, "每位教师一学期的家访次数", "Home visits of each teacher in a semester"));
        chart.title().set_font(ChartFont::new().set_size(14));
        chart.legend().set_hidden();
        // The first teacher at the top, as in the table; names small enough to stand at every bar.
        chart.y_axis().set_reverse().set_font(ChartFont::new().set_size(8));
        chart.x_axis().set_min(0).set_max(most.next_multiple_of(10) as f64);
        chart.set_width(WIDE).set_height((last + 1 - first) * BAR + FRAME);
        sheet.insert_chart_with_offset(page * rows, 0, &chart, 0, EDGE)?;
        if page > 0 {
            breaks.push(page * rows);
        }
    }
    sheet.set_page_breaks(&breaks)?;
    Ok(())
}

/// Reasons and notices.
fn others(summary: &Summary, lang: Lang) -> Vec<Vec<Value>> {
    let header = [("事项", "what"), ("位置", "where"), ("说明", "message")].map(|(zh, en)| text(say(lang, zh, en)));
    let reasons = summary
        .conflict
        .iter()
        .map(|entry| vec![text(say(lang, "没有教师", "no teacher")), Value::Empty, text(&entry.message)]);
    let notices = summary
        .notices
        .iter()
        .map(|notice| vec![text(say(lang, "提示", "note")), text(&notice.place), text(&notice.message)]);
    std::iter::once(header.into()).chain(reasons).chain(notices).collect()
}
