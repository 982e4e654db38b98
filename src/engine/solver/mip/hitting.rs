//! Smallest hitting sets.

use super::{Ended, MipLimits, run};
use crate::solver::stop::Stop;
use good_lp::{Expression, ProblemVariables, Variable, constraint, variable};

/// The fewest of `elements` (0..elements) that meet every one of `sets`, ascending; none if the limits came first.
#[must_use]
pub fn smallest_hitting_set(
    elements: usize,
    sets: &[Vec<usize>],
    limits: MipLimits,
    stop: &Stop,
) -> Option<Vec<usize>> {
    if sets.is_empty() {
        return Some(Vec::new());
    }
    let mut variables = ProblemVariables::new();
    let taken: Vec<Variable> =
        (0..elements).map(|i| variables.add(variable().binary().name(format!("taken[{i}]")))).collect();
    let fewest: Expression = taken.iter().sum();
    let hit = |(i, set): (usize, &Vec<usize>)| {
        let hits: Expression = set.iter().map(|&element| taken[element]).sum();
        constraint::geq(hits, 1).set_name(format!("hit[{i}]"))
    };
    let hits: Vec<_> = sets.iter().enumerate().map(hit).collect();
    let model = run::Model { columns: variables.minimise(fewest), rows: hits };
    let outcome = run::run(model, run::Options { limits, absolute_gap: 0.9 }, None, stop)?;
    let columns = outcome.columns.filter(|_| outcome.ended == Ended::Closed)?;
    Some((0..elements).filter(|&i| columns[i] > 0.5).collect())
}
