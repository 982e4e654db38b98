//! Goal worst: the largest single deviation of a group mean; a sum can hide one bad group.
//!
//! Value: max over g, c of m_c·abs(N·U_gc − n_g·U_c)·Λ/n_g.

use super::about::{About, Exact, Wish, deviations, possible};
use super::bounds::least_largest_deviation;
use super::means::justify;
use super::{Parts, Whole, means};
use crate::problem::weights::{Power, goal_weights, lcm};
use crate::problem::{GoalInput, Problem};
use crate::words::label;

/// The goal, described.
pub(super) static ABOUT: About = About {
    label: label("最大偏差", "worst group"),
    meaning: label("偏得最远的一组、一科", "the one group and subject that is furthest off"),
    short_unit: None,
    wish: Some(Wish {
        label: label("最大偏差", "Largest gap"),
        hint: Some(label("差得最远的那一组、那一科，再拉近些", "the group and subject that is farthest off")),
    }),
    exact: Exact::Sums,
    power: Power::Plain,
    range,
    refusal: possible,
    build,
    shown: None,
    justify,
};

fn build(problem: &Problem, input: &GoalInput) -> Parts {
    let mean_parts = means::build(problem, input);
    let sizes: Vec<i64> = problem.sizes().iter().map(|&size| size as i64).collect();
    let sizes_lcm = sizes.iter().try_fold(1, |common, &size| lcm(common, size)).unwrap_or(1);
    let weights = goal_weights(problem, input, Power::Plain).weights;
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

/// Of a single deviation, times Λ over the group's size.
fn range(problem: &Problem, largest: f64) -> f64 {
    deviations(problem, largest) * problem.students as f64 / problem.groups as f64
}
