//! The balance of the groups as rows of text and numbers, for every format that shows it.

use super::figures::{mean, number};
use super::notice::index;
use super::sheet::Sheet;
use super::{Report, names};
use crate::plan::document::{BalanceKind, BalanceRecord};

/// One balanced column.
pub(super) struct BalanceRow {
    /// What it is about.
    pub label: String,
    /// Means or counts.
    pub kind: BalanceKind,
    /// The whole class.
    pub class: f64,
    /// Largest less smallest.
    pub range: f64,
    /// Each group.
    pub groups: Vec<f64>,
    /// The groups whose means somebody's missing mark is left out of.
    pub incomplete: Vec<bool>,
}

/// Whether somebody in each group has no mark of a subject, so that its mean is shown without; no group where it is about counts.
pub(super) fn incomplete(report: &Report, record: &BalanceRecord) -> Vec<bool> {
    let scores = report.policy.score_columns(report.roster);
    let named = scores.into_iter().find(|&c| report.roster.columns[c].field.name() == record.column);
    let Some(column) = named.filter(|_| record.kind == BalanceKind::Score) else {
        return vec![false; record.groups.len()];
    };
    let cells = &report.roster.columns[column].cells;
    let index = index(report.roster);
    let lacks = |id: &String| index.get(id.as_str()).is_some_and(|&s| cells[s].number().is_none());
    report.document.groups.iter().map(|group| group.students.iter().any(lacks)).collect()
}

/// What stands behind a number that somebody's missing mark is left out of.
pub(super) fn star(incomplete: bool) -> &'static str {
    if incomplete { "*" } else { "" }
}

/// What the stars mean; none where no mark is missing.
pub(super) fn star_note(report: &Report, sheet: &Sheet) -> Option<&'static str> {
    let missing = sheet.groups.iter().flat_map(|group| &group.rows).any(|row| row.incomplete);
    let (zh, en) = if report.policy.tier_of.is_some() {
        (
            "* 有缺考：只算有的成绩；分组时缺的一科按同层次的平均分计",
            "* a mark is missing: shown without it, balanced with the mean of the tier in its place",
        )
    } else {
        (
            "* 有缺考：只算有的成绩；分组时缺的一科按全班的平均分计",
            "* a mark is missing: shown without it, balanced with the mean of the class in its place",
        )
    };
    missing.then(|| names::say(report.lang, zh, en))
}

/// Every balanced column: subjects, tiers, counts, in the document's order within each.
pub(super) fn rows(report: &Report) -> Vec<BalanceRow> {
    let order = [BalanceKind::Score, BalanceKind::Tier, BalanceKind::Count];
    let of_kind = |kind: BalanceKind| report.document.balance.iter().filter(move |record| record.kind == kind);
    let row = |record: &BalanceRecord| BalanceRow {
        label: names::balance(record, report.model, report.lang),
        kind: record.kind,
        class: record.class,
        range: record.range,
        groups: record.groups.clone(),
        incomplete: incomplete(report, record),
    };
    order.into_iter().flat_map(of_kind).map(row).collect()
}

impl BalanceRow {
    /// Decimals that its values are shown with.
    pub(super) fn decimals(&self) -> usize {
        if self.kind == BalanceKind::Score { 2 } else { 0 }
    }

    /// A value of this row as text.
    pub(super) fn text(&self, value: f64) -> String {
        mean(value, self.decimals())
    }

    /// The range as text.
    pub(super) fn range_text(&self) -> String {
        number(self.range)
    }
}
