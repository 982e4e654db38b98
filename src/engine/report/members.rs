//! The members list: one row a student with group, tier, every column of the list and the helper; for CSV and XLSX.
//!
//! Its first headers are words that the list reader knows, so that a written list can be read and judged again.

use super::notice::{Notice, class_of, group_name};
use super::sheet::{Row, Sheet};
use super::{Report, language, names};
use crate::plan::document::GroupRecord;
use crate::roster::{Cell, Field};
use crate::words::Lang;

/// One cell of the members list.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// Text that nobody vouches for.
    Text(String),
    /// A finite number.
    Number(f64),
}

/// A list with headers.
pub(super) struct Members {
    /// Column headers.
    pub header: Vec<String>,
    /// One a student, as wide as the header.
    pub rows: Vec<Vec<Value>>,
}

/// A column of the teacher's list.
#[derive(PartialEq)]
enum Part {
    Id,
    Name,
    Class,
    Group,
    GroupName,
    Teacher,
    TeacherName,
    Tier,
    /// One of the list's own: header and field.
    Carried(String, Field),
    Helper,
}

/// The teacher's members list of all classes, group by group.
pub(super) fn of(reports: &[Report]) -> Members {
    let parts = parts(reports);
    let mut rows = Vec::new();
    for report in reports {
        let sheet = Sheet::of(report);
        for (record, group) in report.document.groups.iter().zip(&sheet.groups) {
            rows.extend(
                group.rows.iter().map(|row| parts.iter().map(|part| part.value(report, record, row)).collect()),
            );
        }
    }
    Members { header: headers(&parts, language(reports)), rows }
}

/// The public list: class, group, name, and the teacher's name where there is one.
pub(super) fn public(reports: &[Report]) -> Members {
    let lang = language(reports);
    let mut header: Vec<String> =
        [names::say(lang, "小组", "group"), names::say(lang, "姓名", "name")].map(str::to_owned).into();
    let classes = reports.iter().any(|report| !class_of(report).is_empty());
    if classes {
        header.insert(0, names::say(lang, "班级", "class").to_owned());
    }
    let teachers = reports.iter().flat_map(|report| &report.document.groups).any(|group| group.teacher_name.is_some());
    header.extend(teachers.then(|| names::say(lang, "责任教师", "teacher").to_owned()));
    let mut rows = Vec::new();
    for notice in reports.iter().map(Notice::of) {
        for group in notice.groups {
            let title = group.number.as_ref().map_or(group.name.clone(), |number| format!("{number} {}", group.name));
            let teacher = || Value::Text(group.teacher.clone().unwrap_or_default());
            rows.extend(group.students.iter().map(|name| {
                let class = classes.then(|| Value::Text(notice.class.clone()));
                let who = [Value::Text(title.clone()), Value::Text(name.clone())];
                class.into_iter().chain(who).chain(teachers.then(teacher)).collect()
            }));
        }
    }
    Members { header, rows }
}

/// The columns that some class has something for; classes of one call may come from lists with different columns.
fn parts(reports: &[Report]) -> Vec<Part> {
    let groups =
        || reports.iter().flat_map(|report| report.document.groups.iter().map(move |group| (group, report.lang)));
    let tiers = reports.iter().any(|report| report.policy.tier_of.is_some());
    let own = [
        (Part::Id, true),
        (Part::Name, true),
        (Part::Class, reports.iter().any(|report| !class_of(report).is_empty())),
        (Part::Group, true),
        (Part::GroupName, groups().any(|(group, lang)| group_name(group, lang).1.is_some())),
        (Part::Teacher, groups().any(|(group, _)| group.teacher.is_some())),
        (Part::TeacherName, groups().any(|(group, _)| group.teacher_name.is_some())),
        (Part::Tier, tiers),
    ];
    let mut parts: Vec<Part> = own.into_iter().filter(|(_, there)| *there).map(|(part, _)| part).collect();
    for column in reports.iter().flat_map(|report| &report.roster.columns) {
        let own =
            matches!(column.field, Field::Id | Field::Name | Field::Class) || (tiers && column.field == Field::Tier);
        let carried = Part::Carried(column.header.clone(), column.field.clone());
        if !own && !parts.contains(&carried) {
            parts.push(carried);
        }
    }
    if groups().any(|(group, _)| !group.helpers.is_empty()) {
        parts.push(Part::Helper);
    }
    parts
}

/// The headers; a column of the list that is called like one of ours is marked as the list's.
fn headers(parts: &[Part], lang: Lang) -> Vec<String> {
    let ours: Vec<&str> = parts.iter().filter_map(|part| part.header(lang)).collect();
    let header = |part: &Part| match part {
        Part::Carried(header, _) if ours.contains(&header.as_str()) => {
            header.clone() + names::say(lang, "（原表）", " (list)")
        }
        Part::Carried(header, _) => header.clone(),
        part => part.header(lang).unwrap_or_default().to_owned(),
    };
    parts.iter().map(header).collect()
}

impl Part {
    /// The header of a column that is not the list's own.
    fn header(&self, lang: Lang) -> Option<&'static str> {
        let (zh, en) = match self {
            Part::Id => ("学号", "id"),
            Part::Name => ("姓名", "name"),
            Part::Class => ("班级", "class"),
            Part::Group => ("小组", "group"),
            Part::GroupName => ("组名", "group_name"),
            Part::Teacher => ("责任教师", "teacher"),
            Part::TeacherName => ("教师姓名", "teacher_name"),
            Part::Tier => ("层次", "tier"),
            Part::Carried(..) => return None,
            Part::Helper => ("帮扶人", "helper"),
        };
        Some(names::say(lang, zh, en))
    }

    fn value(&self, report: &Report, record: &GroupRecord, row: &Row) -> Value {
        let student = &report.roster.students[row.student];
        let text = match self {
            Part::Id => &student.id,
            Part::Name => &student.name,
            Part::Class => &student.class,
            Part::Group => &record.id,
            Part::GroupName => &record.name,
            Part::Teacher => record.teacher.as_deref().unwrap_or_default(),
            Part::TeacherName => record.teacher_name.as_deref().unwrap_or_default(),
            Part::Tier => {
                let layer = row.tier.and_then(|tier| names::layers(report.model).get(tier));
                layer.map_or("", |layer| layer.label.get(report.lang))
            }
            Part::Carried(header, field) => {
                let column =
                    report.roster.columns.iter().find(|column| column.header == *header && column.field == *field);
                return column.map_or(Value::Empty, |column| value(&column.cells[row.student], field, report));
            }
            Part::Helper => row.helper.as_deref().unwrap_or_default(),
        };
        if text.is_empty() { Value::Empty } else { Value::Text(text.to_owned()) }
    }
}

fn value(cell: &Cell, field: &Field, report: &Report) -> Value {
    match cell {
        Cell::Empty => Value::Empty,
        Cell::Number(x) if x.is_finite() => Value::Number(*x),
        cell => Value::Text(names::cell(cell, field, report.lang)),
    }
}
