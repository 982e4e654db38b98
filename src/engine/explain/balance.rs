//! The balance of a plan, group by group: means of marks, counts of kinds and tiers, and heterogeneity.

use crate::model::Model;
use crate::plan::Plan;
use crate::plan::document::{BalanceKind, BalanceRecord};
use crate::problem::Problem;
use crate::problem::marks::Marks;
use crate::roster::Roster;

/// One row a balanced column: score means (over the marks that are there), kinds, tiers.
#[must_use]
pub fn balance(problem: &Problem, roster: &Roster, model: &Model, plan: &Plan) -> Vec<BalanceRecord> {
    let members = plan.members();
    let mut rows: Vec<BalanceRecord> = problem.marks.iter().map(|marks| means(marks, roster, &members)).collect();
    for kind in problem.kinds.iter().filter(|kind| is_balanced(problem, kind.column)) {
        let header = &roster.columns[kind.column].header;
        rows.push(counts(&kind.label, header, BalanceKind::Count, &members, |s| kind.members[s]));
    }
    if let (Some(tiers), Some(spec)) = (&problem.tiers, &model.tiers) {
        for (layer, named) in spec.layers.iter().enumerate() {
            let column = format!("tier={}", named.key);
            rows.push(counts(&column, "", BalanceKind::Tier, &members, |s| tiers.of[s] == layer));
        }
    }
    rows
}

/// Mean over score columns of within / total sum of squares; none without a column that varies.
#[must_use]
pub fn heterogeneity(problem: &Problem, plan: &Plan) -> Option<f64> {
    let members = plan.members();
    let shares: Vec<f64> = problem.marks.iter().filter_map(|marks| within_share(marks, &members)).collect();
    (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / shares.len() as f64)
}

fn is_balanced(problem: &Problem, column: usize) -> bool {
    let looks = |&(kind, _): &(usize, _)| problem.kinds[kind].column == column;
    problem.goals.iter().any(|goal| goal.kinds.iter().any(looks))
}

fn means(marks: &Marks, roster: &Roster, members: &[Vec<usize>]) -> BalanceRecord {
    let column = &roster.columns[marks.column];
    let mean = |students: &mut dyn Iterator<Item = usize>| {
        let there = students.filter_map(|s| column.cells[s].number());
        let (sum, count) = there.fold((0.0, 0.0), |(sum, count), mark| (sum + mark, count + 1.0));
        (count > 0.0).then_some(sum / count)
    };
    let class = mean(&mut (0..roster.students.len())).unwrap_or(0.0);
    // A group without any mark is shown with the class's mean: nothing is known that would set it apart.
    let groups: Vec<f64> = members.iter().map(|group| mean(&mut group.iter().copied()).unwrap_or(class)).collect();
    BalanceRecord {
        column: column.field.name().to_owned(),
        header: column.header.clone(),
        kind: BalanceKind::Score,
        class,
        range: range(&groups),
        groups,
    }
}

fn counts(
    column: &str,
    header: &str,
    kind: BalanceKind,
    members: &[Vec<usize>],
    is: impl Fn(usize) -> bool,
) -> BalanceRecord {
    let groups: Vec<f64> = members.iter().map(|group| group.iter().filter(|&&s| is(s)).count() as f64).collect();
    let (class, range) = (groups.iter().sum(), range(&groups));
    BalanceRecord { column: column.to_owned(), header: header.to_owned(), kind, class, range, groups }
}

fn range(values: &[f64]) -> f64 {
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    if high >= low { high - low } else { 0.0 }
}

fn within_share(marks: &Marks, members: &[Vec<usize>]) -> Option<f64> {
    let mean = |students: &[usize]| {
        students.iter().map(|&s| marks.units[s] as f64).sum::<f64>() / students.len().max(1) as f64
    };
    let class_mean = marks.total as f64 / marks.units.len() as f64;
    let total: f64 = marks.units.iter().map(|&u| (u as f64 - class_mean).powi(2)).sum();
    let between: f64 = members.iter().map(|group| group.len() as f64 * (mean(group) - class_mean).powi(2)).sum();
    (total > 0.0).then(|| 1.0 - between / total)
}
