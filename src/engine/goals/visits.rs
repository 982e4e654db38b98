//! Goal visits: every group needs its fair share of home visits, abs(N·V_g − n_g·V) summed, so that teachers carry alike.
//!
//! Like marks, visits are taken less their least and in steps of their greatest common divisor q, which weighs the term.

use super::bounds::least_summed_deviation;
use super::{Parts, Shape, Term, Whole};
use crate::model::ratio::gcd;
use crate::problem::Problem;
use crate::words;
use crate::words::Words;

pub(super) fn build(problem: &Problem) -> Parts {
    let n = problem.students as i64;
    let sizes: Vec<i64> = problem.sizes().iter().map(|&size| size as i64).collect();
    let least = problem.visits.iter().copied().min().unwrap_or(0);
    let step = problem.visits.iter().fold(0, |step, visits| gcd(step, visits - least)).max(1);
    let units: Vec<i64> = problem.visits.iter().map(|visits| (visits - least) / step).collect();
    Parts {
        terms: vec![Term::fair_share(Shape::Deviation, step, &units)],
        whole: Whole::Nothing,
        bound: step * least_summed_deviation(n, &sizes, units.iter().sum()),
        unit: n as f64,
        level_unit: n.into(),
    }
}

/// The lightest and the heaviest group.
pub(super) fn justify(problem: &Problem, group_of: &[usize]) -> Words {
    let mut sums = vec![0; problem.groups];
    group_of.iter().zip(&problem.visits).for_each(|(&g, visits)| sums[g] += visits);
    let (least, most) = (sums.iter().min().copied().unwrap_or(0), sums.iter().max().copied().unwrap_or(0));
    if least == most {
        return words!("每组一学期都是 {most} 次家访", "every group needs {most} visits a semester");
    }
    words!("各组一学期 {least} 到 {most} 次家访", "groups need {least} to {most} visits a semester")
}
