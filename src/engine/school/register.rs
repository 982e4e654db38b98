//! The register (登记册) of one teacher: an overview, and for every group its members with family basics and room for a plan, and
//! a log of the work with them. [`read`] takes what a teacher typed out of one.

mod contact;
mod labels;
mod log_sheet;
mod member;
mod member_sheet;
mod read;
pub(super) mod texts;

pub(super) use member::{Member, members};
pub(super) use read::read;

use self::labels::say;
use self::log_sheet::Log;
use self::texts::{Boxes, Entry};
use crate::pipeline::Prepared;
use crate::plan::document::GroupRecord;
use crate::report::members::Value;
use crate::report::notice::group_name;
use crate::report::xlsx::style::{Styles, fit, print_landscape, text, write_row, write_text, write_title};
use crate::report::xlsx::workbook;
use crate::report::{ReportError, names, text::clean};
use crate::words;
use crate::words::Lang;
use rust_xlsxwriter::{ExcelDateTime, Format, Worksheet};

/// Most characters of a sheet's name.
const SHEET_NAME: usize = 31;
/// Heights in points of rows to write into.
const LINE: u32 = 24;
const LINES: u32 = 48;

/// Whether a text is the title of registers.
pub(super) fn is_title(text: &str) -> bool {
    labels::is(labels::REGISTER, text.trim())
}

/// Whether these headers are those of a register's members.
pub(super) fn is_register<'a>(headers: impl Iterator<Item = &'a str>) -> bool {
    let own = [labels::VISITS_DUE, labels::HELP, labels::PERFORMANCE];
    headers.filter(|header| own.iter().any(|label| labels::is(*label, header.trim()))).count() > 1
}

/// One group in a teacher's charge.
pub(super) struct Charge<'a> {
    /// Its class.
    pub(super) class: &'a Prepared,
    /// The group.
    pub(super) group: &'a GroupRecord,
}

/// How all sheets are written.
#[derive(Clone, Copy)]
struct Sheet<'a> {
    styles: &'a Styles,
    lang: Lang,
}

/// The register of the teacher with this name, with what is to stand in its boxes.
pub(super) fn register(
    teacher: &str,
    charges: &[Charge<'_>],
    boxes: &Boxes,
    lang: Lang,
) -> Result<Vec<u8>, ReportError> {
    let styles = Styles::new();
    let to = Sheet { styles: &styles, lang };
    let mut book = workbook(&styles)?;
    let groups: Vec<(String, Vec<Member>)> =
        charges.iter().map(|charge| (title(charge.group, lang), members(charge, lang))).collect();
    overview(book.add_worksheet().set_name(names::say(lang, "总览", "Overview"))?, teacher, &groups, to)?;
    for ((number, charge), (title, members)) in (1..).zip(charges).zip(&groups) {
        let sheet = book.add_worksheet().set_name(sheet_name(number, names::say(lang, "成员", "members"), title))?;
        member_sheet::write(sheet, (title, members, &charge.class.roster), boxes, to)?;
        let sheet = book.add_worksheet().set_name(sheet_name(number, names::say(lang, "记录", "log"), title))?;
        log_sheet::write(sheet, Log { title, group: &charge.group.id, members, boxes }, to)?;
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

/// Writes what a teacher typed.
fn write_entry(sheet: &mut Worksheet, at: (u32, u16), entry: &Entry, format: &Format) -> Result<(), ReportError> {
    match entry {
        Entry::Text(text) => write_text(sheet, at, text, format)?,
        Entry::Number(number) => {
            sheet.write_number_with_format(at.0, at.1, *number, format)?;
        }
        Entry::Flag(yes) => {
            sheet.write_boolean_with_format(at.0, at.1, *yes, format)?;
        }
        Entry::Date(text) => match ExcelDateTime::parse_from_str(text) {
            Ok(date) => {
                let format = format.clone().set_num_format("yyyy-mm-dd");
                sheet.write_datetime_with_format(at.0, at.1, &date, &format)?;
            }
            Err(_) => write_text(sheet, at, text, format)?,
        },
    }
    Ok(())
}

fn overview(
    sheet: &mut Worksheet,
    teacher: &str,
    groups: &[(String, Vec<Member>)],
    Sheet { styles, lang }: Sheet<'_>,
) -> Result<(), ReportError> {
    print_landscape(sheet);
    write_title(sheet, 0, say(labels::REGISTER, lang), styles)?;
    let line = words!("责任教师：{teacher}", "Teacher: {teacher}");
    write_text(sheet, (1, 0), &clean(line.get(lang)), &styles.text)?;
    let visits = |members: &[Member]| members.iter().map(|member| f64::from(member.visits)).sum::<f64>();
    let row = |(title, members): &(String, Vec<Member>)| {
        vec![text(title), Value::Number(members.len() as f64), Value::Number(visits(members))]
    };
    let header = [("小组", "group"), ("学生", "students"), ("本学期应家访（次）", "home visits due")];
    let mut rows = vec![header.map(|label| text(say(label, lang))).to_vec()];
    rows.extend(groups.iter().map(row));
    let total = |of: &dyn Fn(&[Member]) -> f64| Value::Number(groups.iter().map(|(_, members)| of(members)).sum());
    rows.push(vec![text(say(("合计", "total"), lang)), total(&|members| members.len() as f64), total(&visits)]);
    for (at, values) in (3..).zip(&rows) {
        write_row(sheet, at, values, if at == 3 { &styles.head } else { &styles.cell })?;
    }
    fit(sheet, rows.iter(), 40)?;
    let due = u32::try_from(rows.len()).unwrap_or(0) + 4;
    write_text(sheet, (due, 0), say(labels::DUE, lang), &styles.text)
}
