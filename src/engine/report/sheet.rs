//! The teacher's view of the groups: who is in which, with tier, marks, flags and helpers.

use super::figures::number;
use super::notice::{group_name, index, shown_names, teacher_name};
use super::{Report, names};
use crate::plan::document::NoticeRecord;
use crate::roster::{Cell, Field};
use std::cmp::Reverse;
use std::collections::HashMap;

/// All groups of one class.
pub(super) struct Sheet {
    /// In the plan's order.
    pub groups: Vec<Group>,
    /// The flag columns of the list, by name, each with its sign on a card and its whole label.
    pub flags: Vec<(usize, String, String)>,
    /// Number of tiers; 0 without tiers.
    pub tiers: usize,
}

/// One group.
pub(super) struct Group {
    /// Its name.
    pub name: String,
    /// `第3组`, where the name does not say it already.
    pub number: Option<String>,
    /// The responsible teacher, once there is one.
    pub teacher: Option<String>,
    /// By tier, then by sum, then in the list's order.
    pub rows: Vec<Row>,
    /// Shown names: struggling student, helper.
    pub helpers: Vec<(String, String)>,
}

/// One student in a group.
pub(super) struct Row {
    /// Index into the roster.
    pub student: usize,
    /// The name shown.
    pub name: String,
    /// 0 is the top; none without tiers.
    pub tier: Option<usize>,
    /// Sum of the marks that are there in the balanced subjects; none if there is no mark.
    pub sum: Option<f64>,
    /// Whether a mark of a balanced subject is missing.
    pub incomplete: bool,
    /// The gender as understood, else as written; empty where unknown.
    pub gender: String,
    /// Columns of the flags that are set.
    pub flags: Vec<usize>,
    /// Shown name of the helper of this student.
    pub helper: Option<String>,
}

impl Row {
    /// The sum as shown: a star where a mark is missing, nothing where all are.
    pub(super) fn sum_text(&self) -> String {
        self.sum.map_or_else(String::new, |sum| number(sum) + if self.incomplete { "*" } else { "" })
    }
}

impl Group {
    /// Students of each tier.
    pub(super) fn tier_counts(&self, tiers: usize) -> Vec<usize> {
        (0..tiers).map(|tier| self.rows.iter().filter(|row| row.tier == Some(tier)).count()).collect()
    }
}

impl Sheet {
    /// The groups of a report.
    pub(super) fn of(report: &Report) -> Self {
        let names = shown_names(report.roster);
        let index = index(report.roster);
        let subjects = report.policy.score_columns(report.roster);
        let group = |record: &crate::plan::document::GroupRecord| {
            let shown = |id: &String| index.get(id.as_str()).map(|&s| names[s].clone());
            let pair = |[weak, strong]: &[String; 2]| Some((shown(weak)?, shown(strong)?));
            let helper_of: HashMap<&str, String> =
                record.helpers.iter().filter_map(|[weak, strong]| Some((weak.as_str(), shown(strong)?))).collect();
            let members = record.students.iter().filter_map(|id| index.get(id.as_str()).copied());
            let mut rows: Vec<Row> = members
                .map(|s| {
                    let helper = helper_of.get(report.roster.students[s].id.as_str()).cloned();
                    Row { helper, ..row(report, &subjects, s, names[s].clone()) }
                })
                .collect();
            rows.sort_by(|a, b| a.tier.cmp(&b.tier).then(b.sum.unwrap_or(0.0).total_cmp(&a.sum.unwrap_or(0.0))));
            let (name, number) = group_name(record, report.lang);
            let teacher = teacher_name(record).map(super::text::clean);
            Group { name, number, teacher, rows, helpers: record.helpers.iter().filter_map(pair).collect() }
        };
        Self {
            groups: report.document.groups.iter().map(group).collect(),
            flags: flags(report),
            tiers: report.policy.tier_of.as_ref().map_or(0, |_| names::layers(report.model).len()),
        }
    }

    /// Students of each tier in the class.
    pub(super) fn tier_totals(&self) -> Vec<usize> {
        let add = |mut totals: Vec<usize>, group: &Group| {
            totals.iter_mut().zip(group.tier_counts(self.tiers)).for_each(|(total, count)| *total += count);
            totals
        };
        self.groups.iter().fold(vec![0; self.tiers], add)
    }
}

fn flags(report: &Report) -> Vec<(usize, String, String)> {
    let columns = report.roster.columns.iter().enumerate();
    let flag = |(c, column): (usize, &crate::roster::Column)| match &column.field {
        Field::Flag(name) => {
            let sign = names::flag_sign(name, &column.header, report.lang);
            Some((c, sign, names::column(name, &column.header, report.lang)))
        }
        _ => None,
    };
    columns.filter_map(flag).collect()
}

fn row(report: &Report, subjects: &[usize], student: usize, name: String) -> Row {
    let roster = report.roster;
    let marks: Vec<f64> = subjects.iter().filter_map(|&c| roster.columns[c].cells[student].number()).collect();
    let gender = roster.column(&Field::Gender).and_then(|column| column.cells[student].text()).unwrap_or_default();
    let set = |&c: &usize| {
        let column = &roster.columns[c];
        matches!(column.field, Field::Flag(_)) && column.cells[student] == Cell::Flag(true)
    };
    Row {
        student,
        name,
        tier: report.policy.tier_of.as_ref().and_then(|tier_of| tier_of.get(student).copied()),
        sum: (!marks.is_empty()).then(|| marks.iter().sum()),
        incomplete: marks.len() < subjects.len(),
        gender: super::text::clean(names::gender(gender, report.lang)),
        flags: (0..roster.columns.len()).filter(set).collect(),
        helper: None,
    }
}

/// Notices of one message with all their places; those that are met most often come first.
#[must_use]
pub fn grouped_notices(notices: &[NoticeRecord]) -> Vec<(String, Vec<String>)> {
    let mut grouped: Vec<(String, Vec<String>)> = Vec::new();
    let mut at: HashMap<&str, usize> = HashMap::new();
    for notice in notices {
        let i = *at.entry(notice.message.as_str()).or_insert(grouped.len());
        if i == grouped.len() {
            grouped.push((super::text::clean(&notice.message), Vec::new()));
        }
        if !notice.place.is_empty() {
            grouped[i].1.push(super::text::clean(&notice.place));
        }
    }
    grouped.sort_by_key(|(_, places)| Reverse(places.len()));
    grouped
}
