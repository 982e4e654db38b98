//! A build without the integer programme: nothing is found out, and nobody is told that it was.

use super::program::{Program, Solved, Sum};
use super::{Ended, Feasibility, LevelSearch, MipAnswer, MipLimits};
use crate::problem::{Problem, rules::Rule};
use crate::solver::stop::Stop;

/// Whether some plan keeps the rules is not known here.
#[must_use]
pub fn feasible(_: &Problem, _: &[Rule], _: MipLimits, _: &Stop) -> Feasibility {
    Feasibility::Unknown
}

/// No plan is found here.
///
/// # Errors
/// Always that it is not known, as when the time is over.
pub fn fewest_broken(_: &Problem, _: &[Rule], _: &[Rule], _: MipLimits, _: &Stop) -> Result<Vec<usize>, Ended> {
    Err(Ended::Time)
}

/// No level is improved here.
#[must_use]
pub fn improve(_: &Problem, _: &LevelSearch<'_>, _: MipLimits, _: &Stop) -> Option<MipAnswer> {
    None
}

/// No set is found here, unless there is nothing to meet.
#[must_use]
pub fn smallest_hitting_set(_: usize, sets: &[Vec<usize>], _: MipLimits, _: &Stop) -> Option<Vec<usize>> {
    sets.is_empty().then(Vec::new)
}

impl Program {
    /// Nothing is minimised here.
    #[must_use]
    pub fn minimise(&self, _: &Sum, _: i64, _: Option<&[i64]>, _: MipLimits, _: &Stop) -> Option<Solved> {
        None
    }
}
