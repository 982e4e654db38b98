//! The solver: a portfolio of local search, the ideal-group cover, the partition, the assignment MIP and closed-form bounds, behind
//! one door, [`solve`].
//!
//! Plans come from [`chain`]s of local search (construct, anneal, re-split of two and more groups, kicks), run in rounds over all
//! cores; proofs come from closed-form bounds, from the [`cover`], for small groups from the [`partition`], and from the MIP. All
//! slices inside are counted in work, and the clock only ends a run: the same input, seed and version give the same plan on any number of threads, unless the clock ended the run.
//! [`diversity`] is a search of its own, for elements with pairwise distances (MDGP) and for large numeric data.

pub mod anneal;
pub mod atoms;
pub mod chain;
pub mod conflict;
pub mod construct;
pub mod cover;
pub mod diversity;
pub mod helpers;
mod kindred;
pub mod mip;
pub mod moves;
pub mod outcome;
pub mod partition;
pub mod portfolio;
pub mod progress;
pub mod resplit;
pub mod staffing;
pub mod stop;

pub use outcome::{LevelOutcome, Outcome};
pub use portfolio::solve;
pub use progress::Progress;
pub use stop::Stop;

use crate::model::GoalName;

/// How hard to try. The clock is in [`Stop`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Seed of all random numbers.
    pub seed: u64,
    /// Work after which the run ends, in plans looked at; none for no such limit.
    pub work: Option<u64>,
    /// The levels that a run should prove before it ends.
    pub prove: Prove,
}

/// The levels that a run should prove before it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prove {
    /// What the model says.
    Model,
    /// Down to this goal.
    Through(GoalName),
    /// Every level.
    All,
}
