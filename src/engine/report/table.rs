//! The terminal's table: at most 100 columns wide, plain text without colour.

use super::balance::{self, BalanceRow, star, star_note};
use super::figures::{number, seconds};
use super::notice::{Notice, class_of};
use super::sheet::{Group, Row, Sheet, grouped_notices};
use super::text::{Grid, SCREEN, clip, left, right, width};
use super::verdict::Verdict;
use super::{Report, is_public, names, rests_on};
use crate::plan::document::GoalRecord;
use crate::words;

/// A name longer than this is cut.
const NAME: usize = 24;
/// Lines of notices before the rest is only counted.
const NOTICES: usize = 12;
/// Places of one notice before the rest is only counted.
const PLACES: usize = 6;

/// All classes, one below the other.
#[must_use]
pub fn table(reports: &[Report]) -> String {
    let class = if is_public(reports) { public } else { teacher };
    reports.iter().map(class).collect::<Vec<_>>().join("\n\n")
}

fn public(report: &Report) -> String {
    let notice = Notice::of(report);
    let title = names::say(report.lang, "分组名单", "Groups");
    let mut out = if notice.class.is_empty() { format!("{title}\n") } else { format!("{} {title}\n", notice.class) };
    if notice.groups.is_empty() {
        out += names::say(report.lang, "还没有分组结果\n", "There is no grouping yet\n");
    }
    let boxes = notice.groups.into_iter().map(|group| {
        let head = vec![group.name, group.number.unwrap_or_default(), group.teacher.unwrap_or_default()];
        (head, group.students.iter().map(|name| clip(name, NAME)).collect())
    });
    out + &side_by_side(&boxes.collect::<Vec<Lines>>())
}

fn teacher(report: &Report) -> String {
    let verdict = Verdict::of(report);
    let sheet = Sheet::of(report);
    let mut out =
        rests_on::line(&report.document.input.rests_on, report.lang).map_or_else(String::new, |line| line + "\n");
    out += &(verdict.line() + "\n");
    out.extend(verdict.details.iter().map(|detail| format!("  {detail}\n")));
    out += &title(report);
    if !sheet.groups.is_empty() {
        out += "\n";
        out += &side_by_side(&sheet.groups.iter().map(|group| group_box(group, &sheet)).collect::<Vec<Lines>>());
        out += &legend(report, &sheet);
        out += &balance_tables(report, &sheet);
        out += &score_card(report);
        out += &helpers(report, &sheet);
    }
    out + &notices(report)
}

fn title(report: &Report) -> String {
    let (class, elapsed) = (class_of(report), seconds(report.document.elapsed_seconds));
    let (students, groups) = (report.roster.students.len(), report.document.request.groups);
    let rest =
        words!("{students} 人 · {groups} 组 · {elapsed} 秒", "{students} students · {groups} groups · {elapsed} s");
    let rest = names::tell(rest, report.lang);
    if class.is_empty() { format!("{rest}\n") } else { format!("{class} · {rest}\n") }
}

/// Head lines and students of a group. Mark, name and sum stand in columns of their own.
fn group_box(group: &Group, sheet: &Sheet) -> Lines {
    let rows = || sheet.groups.iter().flat_map(|group| &group.rows);
    let sums = rows().map(|row| width(&row.sum_text())).max().unwrap_or(0);
    let names = rows().map(|row| width(&row.name)).max().unwrap_or(0).min(NAME);
    let line = |row: &Row| {
        let mark = row.tier.map_or(String::new(), |tier| format!("{} ", names::tier_mark(tier, sheet.tiers)));
        let sum = if sums == 0 { String::new() } else { format!("  {}", right(&row.sum_text(), sums)) };
        format!("{mark}{}{sum}", left(&row.name, names))
    };
    let mix = group.tier_counts(sheet.tiers).into_iter().enumerate();
    let mix: Vec<String> = mix.map(|(tier, count)| format!("{count}{}", names::tier_mark(tier, sheet.tiers))).collect();
    let head = vec![
        group.name.clone(),
        group.number.clone().unwrap_or_default(),
        group.teacher.clone().unwrap_or_default(),
        mix.join(" "),
    ];
    (head, group.rows.iter().map(line).collect())
}

/// Head lines and rows of one box.
type Lines = (Vec<String>, Vec<String>);

/// Boxes of equal width, as many side by side as the screen takes. Head lines that are empty in all of them are left out.
fn side_by_side(boxes: &[Lines]) -> String {
    let widest = |lines: &[String]| lines.iter().map(|line| width(line)).max().unwrap_or(0);
    let inner = boxes.iter().map(|(head, rows)| widest(head).min(NAME).max(widest(rows))).max().unwrap_or(0).max(8);
    let heads = boxes.first().map_or(0, |(head, _)| head.len());
    let used: Vec<usize> = (0..heads).filter(|&h| boxes.iter().any(|(head, _)| !head[h].is_empty())).collect();
    let mut out = String::new();
    // Five groups of which four fit stand as three and two.
    let bands = boxes.len().div_ceil(((SCREEN - 1) / (inner + 3)).max(1)).max(1);
    for band in boxes.chunks(boxes.len().div_ceil(bands).max(1)) {
        let row = |texts: Vec<&str>| texts.into_iter().map(|text| left(text, inner)).collect();
        let rows = band.iter().map(|(_, rows)| rows.len()).max().unwrap_or(0);
        let grid = Grid {
            head: used.iter().map(|&h| row(band.iter().map(|(head, _)| head[h].as_str()).collect())).collect(),
            rows: (0..rows)
                .map(|r| row(band.iter().map(|(_, rows)| rows.get(r).map_or("", String::as_str)).collect()))
                .collect(),
            numbers: vec![false; band.len()],
        };
        out += &grid.draw();
    }
    out
}

fn legend(report: &Report, sheet: &Sheet) -> String {
    let label = |(tier, layer): (usize, &crate::model::Layer)| {
        format!("{} {}", names::tier_mark(tier, sheet.tiers), layer.label.get(report.lang))
    };
    let mut parts: Vec<String> = names::layers(report.model).iter().enumerate().take(sheet.tiers).map(label).collect();
    parts.extend(star_note(report, sheet).map(str::to_owned));
    if parts.is_empty() { String::new() } else { parts.join("   ") + "\n" }
}

/// Balanced columns down, groups across, in as many blocks as the screen needs.
fn balance_tables(report: &Report, sheet: &Sheet) -> String {
    let rows = balance::rows(report);
    if rows.is_empty() {
        return String::new();
    }
    let columns = sheet.groups.iter().map(|group| clip(&group.name, 10)).collect::<Vec<_>>();
    let label = rows.iter().map(|row| width(&row.label)).max().unwrap_or(0).min(NAME);
    let widest = columns.iter().map(|name| width(name)).max().unwrap_or(0).max(6) + 3;
    let block = ((SCREEN - 1).saturating_sub(label + 3 + 2 * 10) / widest).max(1);
    let mut out = format!("\n{}\n", names::say(report.lang, "均衡（各组平均分与人数）", "Balance (means and counts)"));
    for start in (0..columns.len()).step_by(block) {
        let shown = start..(start + block).min(columns.len());
        let mut head: Vec<String> =
            ["", names::say(report.lang, "全班", "class"), names::say(report.lang, "极差", "range")]
                .map(str::to_owned)
                .into();
        head.extend(columns[shown.clone()].iter().cloned());
        let line = |row: &BalanceRow| -> Vec<String> {
            let first = [clip(&row.label, NAME), row.text(row.class), row.range_text()];
            let groups = row.groups.iter().zip(&row.incomplete).skip(shown.start).take(shown.len());
            let groups = groups.map(|(&value, &incomplete)| row.text(value) + star(incomplete));
            first.into_iter().chain(groups).collect()
        };
        let numbers = (0..head.len()).map(|c| c > 0).collect();
        out += &Grid { head: vec![head], rows: rows.iter().map(line).collect(), numbers }.draw();
    }
    out
}

fn score_card(report: &Report) -> String {
    let lang = report.lang;
    if report.document.goals.is_empty() {
        return String::new();
    }
    let head = [
        names::say(lang, "目标", "goal"),
        names::say(lang, "数值", "value"),
        names::say(lang, "下限", "bound"),
        names::say(lang, "单位", "unit"),
        names::say(lang, "证明", "proof"),
        names::say(lang, "秒", "s"),
    ];
    let line = |goal: &GoalRecord| {
        let time = goal.proved_seconds.or(goal.found_seconds).map_or(String::new(), seconds);
        let (value, bound) = (number(goal.value), number(goal.bound));
        let name = format!("{} {}", goal.level, names::goal(goal, lang));
        vec![name, value, bound, names::unit(goal, lang), names::proof(goal, lang), time]
    };
    let grid = Grid {
        head: vec![head.map(str::to_owned).into()],
        rows: report.document.goals.iter().map(line).collect(),
        numbers: vec![false, true, true, false, false, true],
    };
    format!("\n{}\n{}", names::say(lang, "评分卡（越小越好）", "Score card (less is better)"), grid.draw())
}

fn helpers(report: &Report, sheet: &Sheet) -> String {
    if sheet.groups.iter().all(|group| group.helpers.is_empty()) {
        return String::new();
    }
    let (colon, comma) = (names::say(report.lang, "：", ": "), names::say(report.lang, "；", "; "));
    let line = |group: &Group| {
        let pairs: Vec<String> = group.helpers.iter().map(|(weak, strong)| format!("{weak} ← {strong}")).collect();
        (!pairs.is_empty()).then(|| format!("  {}{colon}{}\n", group.name, pairs.join(comma)))
    };
    let lines = sheet.groups.iter().filter_map(line);
    let title = names::say(report.lang, "结对帮扶（学生 ← 帮扶人）", "Paired help (student ← helper)");
    format!("\n{title}\n{}", lines.collect::<String>())
}

fn notices(report: &Report) -> String {
    let grouped = grouped_notices(&report.document.notices);
    if grouped.is_empty() {
        return String::new();
    }
    let (title, comma) = (names::say(report.lang, "提示", "Notices"), names::say(report.lang, "、", ", "));
    let line = |(message, places): &(String, Vec<String>)| {
        let shown = places.iter().take(PLACES).cloned().collect::<Vec<_>>().join(comma);
        let more = if places.len() > PLACES { format!(" … ({})", places.len()) } else { String::new() };
        if shown.is_empty() { format!("  {message}\n") } else { format!("  {shown}{more}: {message}\n") }
    };
    let lines: String = grouped.iter().take(NOTICES).map(line).collect();
    let rest = grouped.len().saturating_sub(NOTICES);
    let rest = (rest > 0)
        .then(|| names::tell(words!("  … 另有 {rest} 条，见 JSON\n", "  … and {rest} more: see JSON\n"), report.lang));
    format!("\n{title}\n{lines}{}", rest.unwrap_or_default())
}
