//! Goal worst: the largest single deviation of a group mean; a sum can hide one bad group.
//!
//! Value: max over g, c of m_c·abs(N·U_gc − n_g·U_c)·Λ/n_g.

use super::bounds::least_largest_deviation;
use super::{Parts, Whole, means};
use crate::problem::weights::{goal_weights, lcm};
use crate::problem::{GoalInput, Problem};

pub(super) fn build(problem: &Problem, input: &GoalInput) -> Parts {
    let mean_parts = means::build(problem, input);
    let sizes: Vec<i64> = problem.sizes().iter().map(|&size| size as i64).collect();
    let sizes_lcm = sizes.iter().try_fold(1, |common, &size| lcm(common, size)).unwrap_or(1);
    let weights = goal_weights(problem, input).weights;
    let bound = |(&(index, _), &weight): (&(usize, _), &i64)| {
        let factors: Vec<i64> = sizes.iter().map(|size| weight * (sizes_lcm / size)).collect();
        let least = least_largest_deviation(problem.students as i64, &sizes, &factors, problem.marks[index].total);
        if weight == 0 { 0 } else { least }
    };
    Parts {
        terms: mean_parts.terms,
        whole: Whole::Largest { sizes_lcm },
        bound: input.marks.iter().zip(&weights).map(bound).max().unwrap_or(0),
        unit: mean_parts.unit * sizes_lcm as f64,
        level_unit: mean_parts.level_unit.saturating_mul(sizes_lcm.into()),
    }
}
