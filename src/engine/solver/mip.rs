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

#[cfg(feature = "mip")]
mod ask;
mod cliques;
#[cfg(feature = "mip")]
mod costs;
#[cfg(feature = "mip")]
mod hitting;
#[cfg(feature = "mip")]
mod labels;
#[cfg(feature = "mip")]
mod minimise;
pub mod program;
#[cfg(feature = "mip")]
mod rows;
#[cfg(feature = "mip")]
mod run;
#[cfg(feature = "mip")]
mod share;
mod verify;
#[cfg(not(feature = "mip"))]
mod without;
#[cfg(feature = "mip")]
mod worst;

use crate::goals::{Levels, Objective};
use crate::problem::Problem;
#[cfg(feature = "mip")]
pub use ask::{feasible, fewest_broken, improve};
pub use cliques::{apart_graph, largest_clique};
#[cfg(feature = "mip")]
pub use hitting::smallest_hitting_set;
pub use verify::kept;
#[cfg(not(feature = "mip"))]
pub use without::{feasible, fewest_broken, improve, smallest_hitting_set};

/// Whether `HiGHS` is built in (feature `mip`). Without it nothing is found out here: rules that cannot hold together are proved so
/// only where that is plain, and levels keep the bounds that others prove.
pub const IS_BUILT_IN: bool = cfg!(feature = "mip");

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

/// Whether the class is beyond what rows are written for, or none are written at all: nothing is known of it here.
#[must_use]
pub fn is_beyond(problem: &Problem) -> bool {
    !IS_BUILT_IN || problem.students > MOST_STUDENTS || problem.students * problem.groups > MOST_BINARIES
}
