//! The assignment MIP (models/formulation.md, rows 1–11) through `good_lp` and `HiGHS`; no other room names them.
//!
//! What it is for: proofs that rules cannot hold together, and bounds where neither rounding nor the cover gives one.
//!
//! Exactness. `HiGHS` counts in floating point, so nothing that it says is taken at its word: a plan is rounded and scored again
//! in whole numbers; a bound gives up what tolerances may have won and is then rounded up to the next value that the level can
//! take at all (its *step*). Rows and variables carry the names of the formulation inside `good_lp` (it prints them); `HiGHS`
//! itself gets them by number, in the same order.
//!
//! Work. `mip_max_nodes` slices a run reproducibly, the time limit only ends it. The `highs` crate offers no safe callback, so
//! a cancelled run is noticed between runs, not inside one; callers who must react quickly ask for small slices. It hides the
//! number of nodes as well (a 64-bit counter that it has no reader for).

mod cliques;
mod costs;
mod hitting;
mod labels;
pub mod program;
mod rows;
mod run;
mod share;
mod verify;
mod worst;

use crate::goals::{Levels, Objective, Whole};
use crate::problem::{Problem, rules::Rule};
use crate::solver::stop::Stop;
pub use cliques::{apart_graph, largest_clique};
use costs::LevelValue;
use good_lp::Expression;
pub use hitting::smallest_hitting_set;
use labels::Labels;
use rows::Rows;
pub use verify::kept;

/// How long `HiGHS` may work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MipLimits {
    /// Nodes of the search tree: a slice that is the same on every machine.
    pub nodes: i64,
    /// `HiGHS`'s random seed, at least 0.
    pub seed: i32,
}

/// Whether rules can hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Feasibility {
    /// They can: the group of each student.
    Plan(Vec<usize>),
    /// Proved that they cannot.
    Infeasible,
    /// The limit came first.
    Unknown,
}

/// One level to be improved or bounded.
#[derive(Clone, Copy, Debug)]
pub struct LevelSearch<'a> {
    /// The goals.
    pub objective: &'a Objective,
    /// Index of the level in [`Levels`], 1 or more.
    pub at: usize,
    /// The most that each level above may cost; entries from `at` on are not read.
    pub budgets: &'a Levels,
    /// A plan that keeps rules and budgets: group of each student.
    pub start: &'a [usize],
}

/// What the MIP found out about a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MipAnswer {
    /// A plan that keeps rules and budgets and is at least as good as the start on the level.
    pub plan: Option<Vec<usize>>,
    /// Proven lower bound of the level's value under the budgets.
    pub bound: i64,
    /// Why `HiGHS` ended.
    pub ended: Ended,
}

/// Why `HiGHS` ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It closed the gap to less than a step of the level.
    Closed,
    /// No plan keeps the rules (and budgets).
    Infeasible,
    /// The nodes were used up.
    Nodes,
    /// The time was used up.
    Time,
}

/// Most students of whom rows are written: who must be apart from whom is a table of all pairs.
pub const MOST_STUDENTS: usize = 2_000;
/// Most binaries that rows are written for; beyond, writing them alone takes longer than people wait.
const MOST_BINARIES: usize = 150_000;

/// Whether the class is beyond what rows are written for: nothing is known of it here.
#[must_use]
pub fn is_beyond(problem: &Problem) -> bool {
    problem.students > MOST_STUDENTS || problem.students * problem.groups > MOST_BINARIES
}

/// Whether some plan keeps `rules` (any subset of the problem's) with the class's group sizes. None of the goals counts.
#[must_use]
pub fn feasible(problem: &Problem, rules: &[Rule], limits: MipLimits, stop: &Stop) -> Feasibility {
    if is_beyond(problem) || stop.reached().is_some() {
        return Feasibility::Unknown;
    }
    let labels = Labels::symmetric(problem, rules, &[]);
    let mut rows = Rows::new(problem, labels, None);
    rows.hard(rules);
    let Some(solved) = rows.solve(Expression::default(), run::Options { limits, absolute_gap: 0.0 }, stop) else {
        return Feasibility::Unknown;
    };
    match solved.plan {
        Some(plan) if verify::all_kept(problem, rules, &plan) => Feasibility::Plan(plan),
        _ if solved.ended == Ended::Infeasible => Feasibility::Infeasible,
        _ => Feasibility::Unknown,
    }
}

/// A plan that keeps all of `hard` and breaks few of `soft` (the fewest where the limits allow); none if there is no such plan
/// or the limits came first, which `Ended` tells apart.
///
/// # Errors
/// Why there is no plan.
pub fn fewest_broken(
    problem: &Problem,
    hard: &[Rule],
    soft: &[Rule],
    limits: MipLimits,
    stop: &Stop,
) -> Result<Vec<usize>, Ended> {
    if is_beyond(problem) || stop.reached().is_some() {
        return Err(Ended::Time);
    }
    let labels = Labels::symmetric(problem, hard, soft);
    let mut rows = Rows::new(problem, labels, None);
    rows.hard(hard);
    let mut broken = Expression::default();
    for (i, rule) in soft.iter().enumerate() {
        broken += rows.soft(i, rule);
    }
    let solved = rows.solve(broken, run::Options { limits, absolute_gap: 0.9 }, stop).ok_or(Ended::Time)?;
    solved.plan.filter(|plan| verify::all_kept(problem, hard, plan)).ok_or(solved.ended)
}

/// Searches one level below its budgets. None where the level or a budget cannot be written as rows (diversity: its
/// linearisation is useless beyond some 20 students), where the start does not keep the rules, or where no time is left.
#[must_use]
pub fn improve(problem: &Problem, search: &LevelSearch<'_>, limits: MipLimits, stop: &Stop) -> Option<MipAnswer> {
    if !verify::all_kept(problem, &problem.rules, search.start) {
        return None;
    }
    let objective = search.objective;
    let counts_moves =
        objective.goals.iter().any(|g| g.at <= search.at && matches!(g.parts.whole, Whole::Moves { .. }));
    let labels = if counts_moves { Labels::fixed(problem) } else { Labels::symmetric(problem, &problem.rules, &[]) };
    let mut rows = Rows::new(problem, labels, Some(search.start));
    rows.hard(&problem.rules);
    for level in 1..search.at {
        let value = LevelValue::build(&mut rows, objective, level)?;
        value.keep_budget(&mut rows, level, search.budgets[level]);
    }
    let value = LevelValue::build(&mut rows, objective, search.at)?;
    value.keep_bound(&mut rows, objective.levels[search.at].bound);
    let before = objective.evaluate(search.start)[search.at];
    let options = run::Options { limits, absolute_gap: value.absolute_gap(before) };
    let solved = rows.solve(value.expression(), options, stop)?;
    Some(answer(problem, search, &value, solved))
}

/// Scores the plan again in whole numbers and makes the dual bound whole.
fn answer(problem: &Problem, search: &LevelSearch<'_>, value: &LevelValue, solved: rows::Solved) -> MipAnswer {
    let objective = search.objective;
    let closed = objective.levels[search.at].bound;
    let start = objective.evaluate(search.start)[search.at];
    let keeps_budgets = |levels: &Levels| (1..search.at).all(|l| levels[l] <= search.budgets[l]);
    let start_fits = keeps_budgets(&objective.evaluate(search.start));
    let good = |plan: &Vec<usize>| {
        let levels = objective.evaluate(plan);
        let better = levels[search.at] <= start || !start_fits;
        better && keeps_budgets(&levels) && verify::all_kept(problem, &problem.rules, plan)
    };
    let plan = solved.plan.filter(good);
    let known = plan.as_ref().map(|plan| objective.evaluate(plan)[search.at]).or(start_fits.then_some(start));
    // A bound above a plan that was scored in whole numbers would mean that tolerances were misjudged: then it is not believed.
    let bound = solved.dual.map_or(closed, |dual| value.whole_bound(dual).max(closed));
    let bound = if known.is_some_and(|known| bound > known) { closed } else { bound };
    MipAnswer { plan, bound, ended: solved.ended }
}
