//! The register (登记册) of one teacher: an overview, and for every group its members with family basics and room for a plan, and
//! sheets to tick weekly contacts, home visits and the monthly activity.

use crate::plan::document::GroupRecord;
use crate::planning::Prepared;
use crate::report::members::Value;
use crate::report::names::{column, gender, layers, say};
use crate::report::notice::{group_name, index, shown_names};
use crate::report::xlsx::style::{
    Styles, fit, print_landscape, print_portrait, text, write_row, write_text, write_title,
};
use crate::report::xlsx::workbook;
use crate::report::{ReportError, text::clean};
use crate::roster::{Cell, Field, Roster};
use crate::words;
use crate::words::Lang;
use rust_xlsxwriter::{Color, Format, Worksheet};

/// Weeks of a semester, for contacts.
const WEEKS: u16 = 20;
/// Months of a semester, for activities.
const MONTHS: u32 = 5;
/// Most characters of a sheet's name.
const SHEET_NAME: usize = 31;
/// Heights in points of rows to write into.
const LINE: u32 = 24;
const LINES: u32 = 48;
/// Most members whose log is still easy to write into on one page.
const ON_A_PAGE: usize = 16;

/// One group in a teacher's charge.
pub(super) struct Charge<'a> {
    /// Its class.
    pub(super) class: &'a Prepared,
    /// The group.
    pub(super) group: &'a GroupRecord,
}

/// A member with what a register says of it.
struct Member {
    id: String,
    name: String,
    gender: String,
    tier: String,
    /// Flags, ethnic group and notes in words.
    family: String,
    /// Home visits due this semester.
    visits: u32,
    /// Who helps, or is helped.
    help: String,
}

/// The register of the teacher with this name.
pub(super) fn register(teacher: &str, charges: &[Charge<'_>], lang: Lang) -> Result<Vec<u8>, ReportError> {
    let styles = Styles::new();
    let mut book = workbook(&styles)?;
    let groups: Vec<(String, Vec<Member>)> =
        charges.iter().map(|charge| (title(charge.group, lang), members(charge, lang))).collect();
    overview(book.add_worksheet().set_name(say(lang, "总览", "Overview"))?, teacher, &groups, (&styles, lang))?;
    for (number, (title, members)) in (1..).zip(&groups) {
        let sheet = book.add_worksheet().set_name(sheet_name(number, say(lang, "成员", "members"), title))?;
        member_sheet(sheet, title, members, (&styles, lang))?;
        let sheet = book.add_worksheet().set_name(sheet_name(number, say(lang, "记录", "log"), title))?;
        log_sheet(sheet, title, members, (&styles, lang))?;
    }
    Ok(book.save_to_buffer()?)
}

/// Class, number and name of a group.
fn title(group: &GroupRecord, lang: Lang) -> String {
    let (name, number) = group_name(group, lang);
    let number = number.map(|number| format!("{number} ")).unwrap_or_default();
    format!("{} {number}{name}", clean(&group.class)).trim().to_owned()
}

/// A sheet's name: the number first, so that no two are alike; without the characters that sheets forbid.
fn sheet_name(number: usize, what: &str, title: &str) -> String {
    let kept = |c: &char| !"[]:*?/\\'".contains(*c);
    let name = format!("{number} {what} {title}");
    name.chars().filter(kept).take(SHEET_NAME).collect::<String>().trim().to_owned()
}

fn members(charge: &Charge<'_>, lang: Lang) -> Vec<Member> {
    let roster = &charge.class.roster;
    let (names, index) = (shown_names(roster), index(roster));
    let shown = |id: &str| index.get(id).map(|&s| names[s].clone()).unwrap_or_default();
    let member = |s: usize| Member {
        id: clean(&roster.students[s].id),
        name: names[s].clone(),
        gender: gender(cell_text(roster, &Field::Gender, s), lang).to_owned(),
        tier: tier(charge.class, s, lang),
        family: family(roster, s, lang),
        visits: charge.class.policy.visits.get(s).copied().unwrap_or_default(),
        help: help(charge.group, &roster.students[s].id, shown, lang),
    };
    charge.group.students.iter().filter_map(|id| index.get(id.as_str()).copied()).map(member).collect()
}

fn cell_text<'a>(roster: &'a Roster, field: &Field, student: usize) -> &'a str {
    roster.column(field).and_then(|column| column.cells[student].text()).unwrap_or_default()
}

fn tier(class: &Prepared, student: usize, lang: Lang) -> String {
    let layer = class.policy.tier_of.as_ref().and_then(|tiers| layers(&class.request.model).get(tiers[student]));
    layer.map(|layer| layer.label.get(lang).to_owned()).unwrap_or_default()
}

/// Flags that are set, ethnic group and notes.
fn family(roster: &Roster, student: usize, lang: Lang) -> String {
    let said = |of: &crate::roster::Column| match (&of.field, &of.cells[student]) {
        (Field::Flag(name), Cell::Flag(true)) => Some(column(name, &of.header, lang)),
        (Field::EthnicGroup | Field::Notes, Cell::Text(text)) => Some(clean(text)),
        _ => None,
    };
    roster.columns.iter().filter_map(said).collect::<Vec<_>>().join(say(lang, "；", "; "))
}

/// `帮扶人 王芳`, `帮扶 李明、陈静`.
fn help(group: &GroupRecord, id: &str, shown: impl Fn(&str) -> String, lang: Lang) -> String {
    let by = group.helpers.iter().find(|[weak, _]| weak == id).map(|[_, strong]| shown(strong));
    let whom: Vec<String> =
        group.helpers.iter().filter(|[_, strong]| strong == id).map(|[weak, _]| shown(weak)).collect();
    let by = by.map(|name| format!("{}{name}", say(lang, "帮扶人：", "helped by ")));
    let whom =
        (!whom.is_empty()).then(|| format!("{}{}", say(lang, "帮扶：", "helps "), whom.join(say(lang, "、", ", "))));
    by.into_iter().chain(whom).collect::<Vec<_>>().join(say(lang, "；", "; "))
}

fn header(words: &[(&'static str, &'static str)], lang: Lang) -> Vec<Value> {
    words.iter().map(|(zh, en)| text(say(lang, zh, en))).collect()
}

fn overview(
    sheet: &mut Worksheet,
    teacher: &str,
    groups: &[(String, Vec<Member>)],
    (styles, lang): (&Styles, Lang),
) -> Result<(), ReportError> {
    print_landscape(sheet);
    write_title(sheet, 0, say(lang, "责任教师登记册", "Register of a responsible teacher"), styles)?;
    let line = words!("责任教师：{teacher}", "Teacher: {teacher}");
    write_text(sheet, (1, 0), &clean(line.get(lang)), &styles.text)?;
    let visits = |members: &[Member]| members.iter().map(|member| f64::from(member.visits)).sum::<f64>();
    let row = |(title, members): &(String, Vec<Member>)| {
        vec![text(title), Value::Number(members.len() as f64), Value::Number(visits(members))]
    };
    let mut rows =
        vec![header(&[("小组", "group"), ("学生", "students"), ("本学期应家访（次）", "home visits due")], lang)];
    rows.extend(groups.iter().map(row));
    let total = |of: &dyn Fn(&[Member]) -> f64| Value::Number(groups.iter().map(|(_, members)| of(members)).sum());
    rows.push(vec![text(say(lang, "合计", "total")), total(&|members| members.len() as f64), total(&visits)]);
    for (at, values) in (3..).zip(&rows) {
        write_row(sheet, at, values, if at == 3 { &styles.head } else { &styles.cell })?;
    }
    fit(sheet, rows.iter(), 40)?;
    let due = say(
        lang,
        "每周至少联系每名学生一次，每月组织一次小组活动，家访次数见各组名单。",
        "Every student is contacted once a week at least; the group meets once a month; visits due stand in the members' sheets.",
    );
    write_text(sheet, (u32::try_from(rows.len()).unwrap_or(0) + 4, 0), due, &styles.text)
}

fn member_sheet(
    sheet: &mut Worksheet,
    title: &str,
    members: &[Member],
    (styles, lang): (&Styles, Lang),
) -> Result<(), ReportError> {
    print_landscape(sheet);
    write_title(sheet, 0, title, styles)?;
    let words = [
        ("学号", "id"),
        ("姓名", "name"),
        ("性别", "gender"),
        ("层次", "tier"),
        ("家庭情况", "family"),
        ("应家访", "visits due"),
        ("结对帮扶", "paired help"),
        ("平时表现", "usual performance"),
        ("近期计划", "near-term plan"),
    ];
    let row = |member: &Member| {
        let facts = [&member.id, &member.name, &member.gender, &member.tier, &member.family].map(text);
        let rest = [Value::Number(f64::from(member.visits)), text(&member.help), Value::Empty, Value::Empty];
        facts.into_iter().chain(rest).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<Value>> = std::iter::once(header(&words, lang)).chain(members.iter().map(row)).collect();
    let wrapped = styles.cell.clone().set_text_wrap();
    for (at, values) in (1..).zip(&rows) {
        write_row(sheet, at, values, if at == 1 { &styles.head } else { &wrapped })?;
        sheet.set_row_height(at, if at == 1 { LINE } else { LINES })?;
    }
    fit(sheet, rows.iter(), 24)?;
    sheet.set_column_width(7, 24)?.set_column_width(8, 28)?;
    sheet.set_freeze_panes(2, 2)?.set_repeat_rows(0, 1)?;
    let last = u32::try_from(rows.len()).unwrap_or(0);
    sheet.set_print_area(0, 0, last, 8)?;
    Ok(())
}

/// Weekly contacts, home visits, monthly activities.
fn log_sheet(
    sheet: &mut Worksheet,
    title: &str,
    members: &[Member],
    (styles, lang): (&Styles, Lang),
) -> Result<(), ReportError> {
    print_portrait(sheet);
    sheet.set_print_fit_to_pages(1, u16::from(members.len() <= ON_A_PAGE)).set_repeat_rows(0, 0)?;
    sheet.set_column_width(0, 14)?.set_column_range_width(1, WEEKS, 4)?;
    write_title(sheet, 0, title, styles)?;
    let row = contacts(sheet, 2, members, (styles, lang))?;
    let row = visits(sheet, row + 1, members, (styles, lang))?;
    let row = activities(sheet, row + 1, (styles, lang))?;
    sheet.set_freeze_panes(0, 1)?;
    sheet.set_print_area(0, 0, row, WEEKS)?;
    Ok(())
}

/// A tick for each week; the row after the table.
fn contacts(
    sheet: &mut Worksheet,
    top: u32,
    members: &[Member],
    (styles, lang): (&Styles, Lang),
) -> Result<u32, ReportError> {
    let what = say(lang, "每周联系（打勾）", "Weekly contacts (tick)");
    write_text(sheet, (top, 0), what, &styles.text)?;
    let weeks = (1..=WEEKS).map(|week| Value::Number(f64::from(week)));
    let head: Vec<Value> = std::iter::once(text(say(lang, "姓名 \\ 周", "name \\ week"))).chain(weeks).collect();
    write_row(sheet, top + 1, &head, &styles.head)?;
    let mut row = top + 2;
    for member in members {
        let empty = std::iter::repeat_n(Value::Empty, usize::from(WEEKS));
        let values: Vec<Value> = std::iter::once(text(&member.name)).chain(empty).collect();
        write_row(sheet, row, &values, &styles.cell)?;
        sheet.set_row_height(row, LINE)?;
        row += 1;
    }
    Ok(row)
}

/// A box for the date of each visit due; the others are grey.
fn visits(
    sheet: &mut Worksheet,
    top: u32,
    members: &[Member],
    (styles, lang): (&Styles, Lang),
) -> Result<u32, ReportError> {
    let most = members.iter().map(|member| member.visits).max().unwrap_or(0).min(u32::from(WEEKS) / 4);
    let most = u16::try_from(most).unwrap_or(0);
    let grey = styles.cell.clone().set_background_color(Color::RGB(0x00E3_E7EE));
    let what = say(lang, "家访（填日期；灰格不需要）", "Home visits (write the date; grey boxes are not due)");
    write_text(sheet, (top, 0), what, &styles.text)?;
    write_text(sheet, (top + 1, 0), say(lang, "姓名", "name"), &styles.head)?;
    for visit in 0..most {
        wide(sheet, (top + 1, 1 + 4 * visit), &(visit + 1).to_string(), &styles.head)?;
    }
    let mut row = top + 2;
    for member in members {
        write_text(sheet, (row, 0), &member.name, &styles.cell)?;
        for visit in 0..most {
            let due = u32::from(visit) < member.visits;
            wide(sheet, (row, 1 + 4 * visit), "", if due { &styles.cell } else { &grey })?;
        }
        sheet.set_row_height(row, LINE)?;
        row += 1;
    }
    Ok(row)
}

/// Four columns as one box.
fn wide(sheet: &mut Worksheet, (row, column): (u32, u16), text: &str, format: &Format) -> Result<(), ReportError> {
    sheet.merge_range(row, column, row, column + 3, text, format)?;
    Ok(())
}

/// A line for each month: date, what was done, how it went.
fn activities(sheet: &mut Worksheet, top: u32, (styles, lang): (&Styles, Lang)) -> Result<u32, ReportError> {
    write_text(sheet, (top, 0), say(lang, "每月小组活动", "The group's monthly activity"), &styles.text)?;
    let head = [("日期", "date"), ("主题与内容", "topic"), ("效果", "result")].map(|(zh, en)| say(lang, zh, en));
    for row in top + 1..=top + 1 + MONTHS {
        let is_head = row == top + 1;
        let month = row - top - 1;
        let first = if is_head {
            say(lang, "月次", "month").to_owned()
        } else {
            words!("第{month}月", "month {month}").get(lang).to_owned()
        };
        let format = if is_head { &styles.head } else { &styles.cell };
        write_text(sheet, (row, 0), &first, format)?;
        for ((from, to), head) in [(1, 4), (5, 14), (15, WEEKS)].into_iter().zip(head) {
            sheet.merge_range(row, from, row, to, if is_head { head } else { "" }, format)?;
        }
        sheet.set_row_height(row, if is_head { LINE } else { LINES })?;
    }
    Ok(top + 1 + MONTHS)
}
