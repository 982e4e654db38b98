//! Goal partners: pairs that were in one group last semester and are again.

use super::{Parts, Shape, Term, Whole};
use crate::problem::Problem;
use std::collections::BTreeSet;

pub(super) fn build(problem: &Problem) -> Parts {
    let old = problem.previous.as_deref().unwrap_or_default();
    let numbers: BTreeSet<usize> = old.iter().flatten().copied().collect();
    let term = |number: &usize| Term::count(Shape::Pairs, 1, old.iter().map(|of| *of == Some(*number)));
    let size = |number: &usize| old.iter().filter(|of| **of == Some(*number)).count() as i64;
    Parts {
        terms: numbers.iter().map(term).collect(),
        whole: Whole::Nothing,
        bound: numbers.iter().map(|number| fewest_pairs(size(number), problem.groups as i64)).sum(),
        unit: 1.0,
        level_unit: 1,
    }
}

/// Pairs left together when `members` are split over `groups` as evenly as can be.
fn fewest_pairs(members: i64, groups: i64) -> i64 {
    let (each, more) = (members / groups, members % groups);
    more * (each + 1) * each / 2 + (groups - more) * each * (each - 1) / 2
}
