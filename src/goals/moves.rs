//! Goal moves (keep mode): students whose group is not last semester's.

use super::{Parts, Whole};
use crate::problem::Problem;

pub(super) fn build(problem: &Problem) -> Parts {
    let homes = problem.previous.clone().unwrap_or_else(|| vec![None; problem.students]);
    let largest = problem.students.div_ceil(problem.groups);
    let highest = homes.iter().flatten().copied().max().map_or(0, |home| home + 1);
    let must_leave = |home: usize| {
        let members = homes.iter().filter(|of| **of == Some(home)).count();
        if home < problem.groups { members.saturating_sub(largest) } else { members }
    };
    let bound = (0..highest).map(must_leave).sum::<usize>() as i64;
    Parts { terms: Vec::new(), whole: Whole::Moves { homes }, bound, unit: 1.0, level_unit: 1 }
}

/// Students who change group.
#[must_use]
pub fn value(homes: &[Option<usize>], group_of: &[usize]) -> i64 {
    homes.iter().zip(group_of).filter(|(home, group)| home.is_some_and(|home| home != **group)).count() as i64
}
