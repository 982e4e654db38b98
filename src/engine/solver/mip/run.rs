//! One run of `HiGHS`. Options and the start solution are set on the `highs` model itself: `good_lp` loses them when it hands the
//! model over, and hides the dual bound.

use super::{Ended, MipLimits};
use crate::solver::stop::Stop;
use good_lp::solvers::highs::HighsProblem;
use good_lp::variable::UnsolvedProblem;
use good_lp::{Constraint, SolverModel};
use highs::{HighsModelStatus, HighsSolutionStatus};
use std::sync::mpsc;
use std::thread;

/// How far an integer variable may be off a whole number, and a row off its bound.
pub(super) const TOLERANCE: f64 = 1e-8;

/// What differs between runs.
#[derive(Clone, Copy)]
pub(super) struct Options {
    pub(super) limits: MipLimits,
    /// A gap below this counts as closed, in units of the objective.
    pub(super) absolute_gap: f64,
}

/// What `HiGHS` says.
pub(super) struct Outcome {
    pub(super) ended: Ended,
    /// Values of all variables, where there is a solution.
    pub(super) columns: Option<Vec<f64>>,
    /// Dual bound, where it is finite.
    pub(super) dual: Option<f64>,
}

/// A model that can be handed to `HiGHS`.
pub(super) struct Model {
    /// The variables and what is minimised.
    pub(super) columns: UnsolvedProblem,
    /// The rows.
    pub(super) rows: Vec<Constraint>,
}

/// Runs `HiGHS` single-threaded and silent; none where it failed or no time is left.
///
/// It looks at its clock now and then only and hears nobody, so it runs on a thread of its own, which is left behind when somebody
/// asks to stop, or long after the deadline: it ends by its own clock or with the process.
pub(super) fn run(model: Model, options: Options, start: Option<Vec<f64>>, stop: &Stop) -> Option<Outcome> {
    if stop.reached().is_some() {
        return None;
    }
    let (tell, told) = mpsc::channel();
    let clock = stop.clone();
    // Nobody may listen any more.
    thread::Builder::new().spawn(move || tell.send(solve(written(model), options, start, &clock))).ok()?;
    stop.wait_for(&told)?
}

fn written(model: Model) -> HighsProblem {
    let mut problem = model.columns.using(good_lp::highs);
    for row in model.rows {
        problem.add_constraint(row);
    }
    problem
}

fn solve(model: HighsProblem, options: Options, start: Option<Vec<f64>>, stop: &Stop) -> Option<Outcome> {
    let mut model = model.try_into_inner().ok()?;
    set_options(&mut model, options, stop).ok()?;
    if let Some(start) = start {
        model.try_set_solution(Some(&start), None, None, None).ok()?;
    }
    let solved = model.try_solve().ok()?;
    let ended = match solved.status() {
        HighsModelStatus::Optimal => Ended::Closed,
        // Every variable is bounded or costs nothing to raise, so "unbounded or infeasible" is infeasible.
        HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible => Ended::Infeasible,
        HighsModelStatus::ReachedTimeLimit => Ended::Time,
        HighsModelStatus::ReachedSolutionLimit | HighsModelStatus::ReachedIterationLimit => Ended::Nodes,
        _ => return None,
    };
    let found = solved.primal_solution_status() == HighsSolutionStatus::Feasible;
    let dual = solved.double_info_value(c"mip_dual_bound").ok().filter(|dual| dual.is_finite());
    Some(Outcome { ended, columns: found.then(|| solved.get_solution().columns().to_vec()), dual })
}

fn set_options(model: &mut highs::Model, options: Options, stop: &Stop) -> Result<(), highs::TrySetOptionError> {
    model.try_set_option("output_flag", false)?;
    model.try_set_option("threads", 1)?;
    model.try_set_option("random_seed", options.limits.seed.max(0))?;
    model.try_set_option("mip_max_nodes", i32::try_from(options.limits.nodes.max(0)).unwrap_or(i32::MAX))?;
    model.try_set_option("mip_feasibility_tolerance", TOLERANCE)?;
    model.try_set_option("mip_rel_gap", 0.0)?;
    model.try_set_option("mip_abs_gap", options.absolute_gap)?;
    if let Some(left) = stop.seconds_left() {
        model.try_set_option("time_limit", left)?;
    }
    Ok(())
}
