//! The balance of the groups as rows of text and numbers, for every format that shows it.

use super::figures::{mean, number};
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
