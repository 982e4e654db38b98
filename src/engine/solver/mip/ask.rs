//! What is asked of the integer programme: whether rules can hold together, how few of them must be broken, how good a level can be.

use super::costs::LevelValue;
use super::labels::Labels;
use super::rows::{Rows, Solved};
use super::{Ended, Feasibility, LevelSearch, MipAnswer, MipLimits, is_beyond, run, verify};
use crate::goals::{Levels, Whole};
use crate::problem::{Problem, rules::Rule};
use crate::solver::stop::Stop;
use good_lp::Expression;

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
fn answer(problem: &Problem, search: &LevelSearch<'_>, value: &LevelValue, solved: Solved) -> MipAnswer {
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
