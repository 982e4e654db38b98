//! The sheets about numbers: balance, score card, how the list was read.

use super::super::balance::{self, BalanceRow};
use super::super::members::Value;
use super::super::notice::{class_of, group_name};
use super::super::text::clean;
use super::super::verdict::Verdict;
use super::super::{Report, ReportError, names, rests_on};
use super::style::{
    Styles, WIDEST, fit, print_landscape, text, write_line, write_row, write_text, write_title, write_value,
};
use crate::plan::document::{ColumnRecord, GoalRecord};
use crate::roster::Field;
use crate::words;
use rust_xlsxwriter::{Color, ConditionalFormatDataBar, ConditionalFormatType, Worksheet};

/// Columns of the score card before the times.
const UNTIMED: usize = 7;

/// 均衡: means and counts of each group beside the class; bars start at zero, so that equal groups look equal.
pub(super) fn balance(sheet: &mut Worksheet, reports: &[Report], styles: &Styles) -> Result<(), ReportError> {
    print_landscape(sheet);
    let mut row = 0;
    let mut all = Vec::new();
    for report in reports {
        let lang = report.lang;
        write_title(sheet, row, &title(report, names::say(lang, "均衡", "Balance")), styles)?;
        let first =
            [("项目", "column"), ("全班", "class"), ("极差", "range")].map(|(zh, en)| text(names::say(lang, zh, en)));
        let groups = report.document.groups.iter().map(|group| text(group_name(group, lang).0));
        let header: Vec<Value> = first.into_iter().chain(groups).collect();
        write_row(sheet, row + 1, &header, &styles.head)?;
        row += 2;
        all.push(header);
        for line in balance::rows(report) {
            all.push(balance_row(sheet, row, &line, styles)?);
            row += 1;
        }
        row += 1;
    }
    fit(sheet, all.iter(), 24)?;
    sheet.set_freeze_panes(0, 3)?;
    Ok(())
}

fn balance_row(sheet: &mut Worksheet, row: u32, line: &BalanceRow, styles: &Styles) -> Result<Vec<Value>, ReportError> {
    let format = if line.decimals() > 0 { &styles.mean } else { &styles.cell };
    let mut values = vec![text(&line.label), Value::Number(line.class), Value::Number(line.range)];
    values.extend(line.groups.iter().map(|&value| Value::Number(value)));
    write_row(sheet, row, &values, format)?;
    if !line.groups.is_empty() {
        let bar = ConditionalFormatDataBar::new()
            .set_minimum(ConditionalFormatType::Number, 0)
            .set_fill_color(Color::RGB(0x00BF_E3D0))
            .set_solid_fill(true);
        sheet.add_conditional_format(row, 3, row, u16::try_from(values.len() - 1).unwrap_or(u16::MAX), &bar)?;
    }
    Ok(values)
}

/// 评分: the verdict and the score card.
pub(super) fn score_card(sheet: &mut Worksheet, reports: &[Report], styles: &Styles) -> Result<(), ReportError> {
    print_landscape(sheet);
    let mut row = 0;
    let mut all = Vec::new();
    for report in reports {
        let lang = report.lang;
        let verdict = Verdict::of(report);
        write_title(sheet, row, &title(report, names::say(lang, "评分卡", "Score card")), styles)?;
        row += 1;
        let rests = rests_on::line(&report.document.input.rests_on, lang);
        for line in rests.into_iter().chain([verdict.line()]).chain(verdict.details) {
            write_text(sheet, (row, 0), &line, &styles.text)?;
            row += 1;
        }
        if !report.document.goals.is_empty() {
            let lines = goal_table(report);
            row = table(sheet, row, &lines, styles)?;
            all.extend(lines);
        }
        let heterogeneity = text(names::say(lang, "组内异质（上限 1）", "heterogeneity within groups (at most 1)"));
        if let Some(share) = report.document.heterogeneity {
            write_value(sheet, (row, 0), &heterogeneity, &styles.text)?;
            write_value(sheet, (row, 3), &Value::Number(share), &styles.share)?;
            row += 1;
        }
        row += 1;
    }
    fit(sheet, all.iter(), WIDEST)
}

/// A header and its list; the row after them.
fn table(sheet: &mut Worksheet, top: u32, lines: &[Vec<Value>], styles: &Styles) -> Result<u32, ReportError> {
    let mut row = top;
    for line in lines {
        if row == top {
            write_row(sheet, row, line, &styles.head)?;
        } else {
            write_line(sheet, row, line, styles)?;
        }
        row += 1;
    }
    Ok(row)
}

/// The goals with a header; without the columns of times where nothing was timed (a school's batch).
fn goal_table(report: &Report) -> Vec<Vec<Value>> {
    let goals = &report.document.goals;
    let timed = goals.iter().any(|goal| goal.found_seconds.or(goal.proved_seconds).is_some());
    let lines = std::iter::once(goal_header(report)).chain(goals.iter().map(|goal| goal_row(goal, report)));
    lines.map(|line| line.into_iter().take(if timed { usize::MAX } else { UNTIMED }).collect()).collect()
}

fn goal_header(report: &Report) -> Vec<Value> {
    let words = [
        ("级别", "level"),
        ("目标", "goal"),
        ("含义", "meaning"),
        ("数值", "value"),
        ("下限", "bound"),
        ("单位", "unit"),
        ("证明", "proof"),
        ("找到（秒）", "found (s)"),
        ("证明（秒）", "proved (s)"),
    ];
    words.map(|(zh, en)| text(names::say(report.lang, zh, en))).into()
}

fn goal_row(goal: &GoalRecord, report: &Report) -> Vec<Value> {
    let time = |seconds: Option<f64>| seconds.map_or(Value::Empty, Value::Number);
    vec![
        Value::Number(f64::from(goal.level)),
        text(names::goal(goal, report.lang)),
        text(names::goal_meaning(goal, report.lang)),
        Value::Number(goal.value),
        Value::Number(goal.bound),
        text(names::unit(goal, report.lang)),
        text(names::proof(goal, report.lang)),
        time(goal.found_seconds),
        time(goal.proved_seconds),
    ]
}

/// 读取: what every column was read as, and all notices.
pub(super) fn reading(sheet: &mut Worksheet, reports: &[Report], styles: &Styles) -> Result<(), ReportError> {
    print_landscape(sheet);
    let mut row = 0;
    let mut all = Vec::new();
    for report in reports {
        let say = |zh, en| text(names::say(report.lang, zh, en));
        let input = &report.document.input;
        let read_as = |column: &ColumnRecord| {
            let field: Option<Field> = column.read_as.parse().ok();
            field.map_or_else(|| clean(&column.read_as), |field| names::meaning(&field, &column.header, report.lang))
        };
        let columns = input.columns.iter().map(|column| vec![text(&column.header), text(read_as(column))]);
        let columns = std::iter::once(vec![say("列", "column"), say("读作", "read as")]).chain(columns);
        let notices = report.document.notices.iter();
        let notices = notices.map(|notice| vec![text(names::place(&notice.place, report.lang)), text(&notice.message)]);
        let notices = std::iter::once(vec![say("位置", "where"), say("提示", "message")]).chain(notices);
        write_title(sheet, row, &title(report, names::say(report.lang, "读取", "Reading")), styles)?;
        let students = input.students;
        let students = names::tell(words!("{students} 人", "{students} students"), report.lang);
        let (file, digest) = (&report.roster.file, &input.sha256);
        let facts = words!(
            "{file} · {students} · 名册的校验码（SHA-256），名册改动后会不同：{digest}",
            "{file} · {students} · digest of the list (SHA-256), another one once the list is changed: {digest}"
        );
        let facts = names::tell(facts, report.lang);
        write_text(sheet, (row + 1, 0), &facts, &styles.text)?;
        row += 2;
        for block in [columns.collect::<Vec<_>>(), notices.collect()] {
            row = table(sheet, row, &block, styles)? + 1;
            all.extend(block);
        }
    }
    fit(sheet, all.iter(), WIDEST)
}

fn title(report: &Report, what: &str) -> String {
    format!("{} {what}", class_of(report)).trim().to_owned()
}
