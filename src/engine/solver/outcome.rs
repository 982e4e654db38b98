//! What a run found: the best plan, and for every level its value, bound and proof.

use super::conflict::Conflict;
use crate::goals::Levels;
use crate::plan::Plan;
use crate::plan::document::{Proof, Status, StopReason};

/// The end of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What is known.
    pub status: Status,
    /// Why it ended.
    pub stop: StopReason,
    /// The best plan; none if infeasible or unknown.
    pub plan: Option<Plan>,
    /// One entry a level, level 1 first; empty without a plan.
    pub levels: Vec<LevelOutcome>,
    /// The rules that cannot hold together.
    pub conflict: Option<Conflict>,
    /// Plans looked at.
    pub work: u64,
    /// Seconds of the run.
    pub seconds: f64,
}

/// One level at the end of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelOutcome {
    /// Value of the plan.
    pub value: i64,
    /// Proven lower bound of the level's optimum, given the levels above.
    pub bound: i64,
    /// Whether it and every level above is proved optimal (within tolerances).
    pub proved: bool,
    /// What gave the bound.
    pub proof: Proof,
    /// Seconds until this value was found.
    pub found_seconds: f64,
    /// Seconds until it was proved.
    pub proved_seconds: Option<f64>,
}

/// Seconds at which the final values down to a level were first reached.
#[must_use]
pub fn found_seconds(history: &[(Levels, f64)], last: &Levels, level: usize) -> f64 {
    let same = |(levels, _): &&(Levels, f64)| levels[..=level] == last[..=level];
    history.iter().find(same).map_or(0.0, |(_, seconds)| *seconds)
}
