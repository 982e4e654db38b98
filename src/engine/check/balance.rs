//! Means and counts of every balanced column, group by group, and the heterogeneity inside groups.

use super::case::Case;
use super::marks::marks;
use crate::model::policy::{Kind, kinds};
use crate::model::{Policy, Request};
use crate::plan::Plan;
use crate::plan::document::{BalanceKind, BalanceRecord};
use crate::roster::{Cell, Field, Roster};

/// One row per balanced score column (means over the marks that are there, in points), per kind of a balanced counted column,
/// and per tier. A group without any mark in a column has the class's mean there. `policy` and `plan` must be of this roster.
#[must_use]
pub fn balance(roster: &Roster, request: &Request, policy: &Policy, plan: &Plan) -> Vec<BalanceRecord> {
    let case = Case::new(roster, request, policy, plan);
    let scores = policy.score_columns(roster).into_iter().map(|column| score_row(&case, column));
    let kinds = policy.count_columns(roster).into_iter().flat_map(|column| kinds(roster, column));
    let counts = kinds.map(|kind| kind_row(&case, &kind));
    let layers = request.model.tiers.iter().flat_map(|tiers| &tiers.layers);
    let tier_of = policy.tier_of.iter();
    let tiers =
        tier_of.flat_map(|tier_of| layers.clone().enumerate().map(move |(t, layer)| (layer, is_of(tier_of, t))));
    let header = roster.column(&Field::Tier).map_or("", |column| &column.header);
    let tiers =
        tiers.map(|(layer, is)| count_row(&case, format!("tier={}", layer.key), header, BalanceKind::Tier, &is));
    scores.chain(counts).chain(tiers).collect()
}

/// Mean over the balanced score columns of within / total sum of squares of the whole-number marks; columns whose marks are all
/// equal are left out, and none is left without score columns. `policy` and `plan` must be of this roster.
#[must_use]
pub fn heterogeneity(roster: &Roster, policy: &Policy, plan: &Plan) -> Option<f64> {
    let members = plan.members();
    let columns = policy.score_columns(roster).into_iter();
    let parts: Vec<f64> = columns
        .map(|column| floats(&marks(roster, policy.tier_of.as_deref(), column).u))
        .filter_map(|u| {
            let total = squares_about_mean(&u);
            let within = |group: &Vec<usize>| squares_about_mean(&group.iter().map(|&s| u[s]).collect::<Vec<_>>());
            (total > 0.0).then(|| members.iter().map(within).sum::<f64>() / total)
        })
        .collect();
    mean(&parts)
}

#[expect(clippy::cast_precision_loss, reason = "whole marks are far below 2⁵³")]
fn floats(whole: &[i128]) -> Vec<f64> {
    whole.iter().map(|&u| u as f64).collect()
}

fn squares_about_mean(values: &[f64]) -> f64 {
    let mean = mean(values).unwrap_or(0.0);
    values.iter().map(|x| (x - mean).powi(2)).sum()
}

#[expect(clippy::cast_precision_loss, reason = "a number of students")]
fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn score_row(case: &Case, index: usize) -> BalanceRecord {
    let column = &case.roster.columns[index];
    let there = |students: &[usize]| -> Vec<f64> {
        students.iter().filter_map(|&s| column.cells.get(s).and_then(Cell::number)).collect()
    };
    let everyone: Vec<usize> = (0..case.group_of.len()).collect();
    let class = mean(&there(&everyone)).unwrap_or(0.0);
    let groups = case.members.iter().map(|group| mean(&there(group)).unwrap_or(class)).collect();
    row(column.field.name().to_owned(), &column.header, BalanceKind::Score, groups, class)
}

fn kind_row(case: &Case, kind: &Kind) -> BalanceRecord {
    let column = &case.roster.columns[kind.column];
    let name = column.field.name();
    let name = if matches!(column.field, Field::Flag(_)) { name.to_owned() } else { format!("{name}={}", kind.value) };
    count_row(case, name, &column.header, BalanceKind::Count, &kind.members)
}

fn is_of(tier_of: &[usize], tier: usize) -> Vec<bool> {
    tier_of.iter().map(|&t| t == tier).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a number of students")]
fn count_row(case: &Case, name: String, header: &str, kind: BalanceKind, members: &[bool]) -> BalanceRecord {
    let count = |group: &Vec<usize>| group.iter().filter(|&&s| members[s]).count() as f64;
    let class = members.iter().filter(|&&is| is).count() as f64;
    row(name, header, kind, case.members.iter().map(count).collect(), class)
}

fn row(column: String, header: &str, kind: BalanceKind, groups: Vec<f64>, class: f64) -> BalanceRecord {
    let largest = groups.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let smallest = groups.iter().copied().fold(f64::INFINITY, f64::min);
    BalanceRecord { column, header: header.to_owned(), kind, range: (largest - smallest).max(0.0), groups, class }
}
