//! Partition: an exact proof of one level for many small groups (models/formulation.md, "Partition").
//!
//! All groups within the limits are listed (`listing`) and become columns of a set-partitioning problem (`pool`). Its linear
//! programme is solved over a growing part of them (`simplex`, `converge`); the duals prove a bound in whole numbers
//! (`bound`) and say of every group what a plan with it costs at least, so that few groups are left. Cuts (`cuts`) and branching (`tree`)
//! decide about these (`search`).

mod bound;
mod converge;
mod cuts;
mod listing;
mod pool;
mod search;
mod simplex;
mod tree;

use super::cover::homes::Keeping;
use super::cover::lanes::{Lanes, Sizes, Source};
use super::cover::units::{Mask, Units};
use super::cover::{CoverAnswer, CoverLimits, CoverSearch};
use super::stop::Stop;
use crate::problem::Problem;
use listing::Listing;
pub(super) use pool::Pool;
pub(super) use search::Search;
use search::below;

/// Most sets of students that are looked at for a list.
const MOST_SETS: f64 = 3e7;
/// So many are looked at in a moment.
const FEW_SETS: f64 = 2e6;

/// Whether all groups of a class can be listed.
#[must_use]
pub fn lists_all(problem: &Problem) -> bool {
    problem.small() > 0 && problem.groups > 1 && problem.students <= u128::ROOM && sets(problem) <= MOST_SETS
}

/// Whether they are listed in a moment.
#[must_use]
pub fn lists_quickly(problem: &Problem) -> bool {
    lists_all(problem) && sets(problem) <= FEW_SETS
}

/// Sets of students as large as groups.
fn sets(problem: &Problem) -> f64 {
    let of = |size: usize| (0..size).map(|i| (problem.students - i) as f64 / (i + 1) as f64).product::<f64>();
    of(problem.small()) + if problem.large_groups() > 0 { of(problem.small() + 1) } else { 0.0 }
}

/// Proves the level, or finds a better plan, as far as the limits allow. None where not all groups can be listed, where a goal is
/// no sum over unlabelled groups (moves, diversity, worst itself), or where the start breaks a rule or a budget.
#[must_use]
pub fn prove(search: &CoverSearch<'_>, limits: CoverLimits, stop: &Stop) -> Option<CoverAnswer> {
    let (problem, objective) = (search.problem, search.objective);
    let levels = objective.evaluate(search.start);
    let fits = levels[0] == 0 && (1..search.at).all(|level| levels[level] <= search.budgets[level]);
    if !fits || !lists_all(problem) {
        return None;
    }
    let sizes = Sizes::of(problem);
    let units = Units::<u128>::new(objective, search.atoms)?;
    if !matches!(Keeping::of(objective, search.at, &units, sizes.groups), Keeping::No) {
        return None;
    }
    let value = levels[search.at];
    let source = Source { objective, units: &units, sizes };
    let multiple = Lanes::new(&source, search.at, value - 1, search.budgets).filter(|lanes| !lanes.largest)?.step;
    let closed = objective.levels[search.at].bound;
    let answer = CoverAnswer {
        plan: None,
        bound: search.bound.max(closed).min(value),
        exhausted: false,
        listed: 0,
        nodes: 0,
        work: 0,
    };
    let Some(limit) = below(value, answer.bound, multiple) else {
        return Some(CoverAnswer { bound: value, exhausted: true, ..answer });
    };
    let lanes = Lanes::new(&source, search.at, limit, search.budgets)?;
    let listing = Listing { lanes: &lanes, units: &units, sizes, most: limits.most_groups };
    let Some(pool) = listing.pool(stop) else { return Some(answer) };
    let work = limits.work.saturating_sub(pool.len() as u64);
    let mut run = Search { step: multiple, bound: answer.bound, ..Search::new(&pool, value, work, stop) };
    run.prove();
    let plan = match &run.found {
        Some(groups) => Some(scored(search, &units, groups, run.best)?),
        None => None,
    };
    Some(CoverAnswer {
        plan,
        bound: run.bound,
        exhausted: run.is_proved(),
        listed: pool.len(),
        nodes: run.nodes,
        work: limits.work - run.work,
    })
}

/// The plan of some groups, scored anew by the objective; none if it is not what it should be, so that nothing is answered.
fn scored(search: &CoverSearch<'_>, units: &Units<u128>, groups: &[Vec<u8>], value: i64) -> Option<Vec<usize>> {
    let mask = |group: &Vec<u8>| group.iter().fold(0, |mask, &unit| mask | u128::of(usize::from(unit)));
    let masks: Vec<u128> = groups.iter().map(mask).collect();
    let plan = units.plan(&masks, search.problem.students);
    let levels = search.objective.evaluate(&plan);
    let keeps = levels[0] == 0 && (1..search.at).all(|level| levels[level] <= search.budgets[level]);
    let right = keeps && levels[search.at] == value;
    debug_assert!(right, "{levels:?}");
    right.then_some(plan)
}
