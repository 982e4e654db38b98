//! Goal diversity (maximally diverse grouping, MDGP): as little as possible of the pairwise distance falls between groups.
//!
//! Distance of two students: Σ_c m_c·abs(u_sc − u_tc). Least between = most within, since their sum is fixed.

use super::{Parts, Whole};
use crate::problem::weights::{WholeWeights, goal_weights};
use crate::problem::{GoalInput, Problem};
use crate::words;
use crate::words::Words;

pub(super) fn build(problem: &Problem, input: &GoalInput) -> Parts {
    let n = problem.students;
    let WholeWeights { common, weights } = goal_weights(problem, input);
    let distance = |s: usize, t: usize| -> i64 {
        let column = |(&(index, _), &w): (&(usize, _), &i64)| {
            let units = &problem.marks[index].units;
            w * (units[s] - units[t]).abs()
        };
        input.marks.iter().zip(&weights).map(column).sum()
    };
    let matrix: Vec<i64> = (0..n * n).map(|i| distance(i / n, i % n)).collect();
    let mut pairs: Vec<i64> = (0..n).flat_map(|s| matrix[s * n..s * n + s].iter().copied()).collect();
    let total: i64 = pairs.iter().sum();
    let within_pairs: usize = problem.sizes().iter().map(|size| size * (size - 1) / 2).sum();
    let between_pairs = pairs.len() - within_pairs;
    if between_pairs < pairs.len() {
        pairs.select_nth_unstable(between_pairs);
    }
    Parts {
        terms: Vec::new(),
        whole: Whole::Distances { matrix, total },
        bound: pairs[..between_pairs].iter().sum(),
        unit: total as f64 / 100.0,
        level_unit: common,
    }
}

/// The share of all pairwise distance that lies inside groups.
pub(super) fn justify(parts: &Parts, group_of: &[usize]) -> Words {
    let Whole::Distances { matrix, total } = &parts.whole else { return Words::default() };
    let within = 100.0 * (total - value(matrix, group_of)) as f64 / (*total).max(1) as f64;
    words!("两两差异有 {within:.1} % 落在组内", "{within:.1} % of all pairwise distance lies inside groups")
}

/// Distance between students of different groups.
#[must_use]
pub fn value(matrix: &[i64], group_of: &[usize]) -> i64 {
    let n = group_of.len();
    let row = |s: usize| (0..s).filter(|&t| group_of[t] != group_of[s]).map(|t| matrix[s * n + t]).sum::<i64>();
    (0..n).map(row).sum()
}
