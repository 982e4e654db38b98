//! Goal spread: every group has its share of the squares about the class mean (k-plus, Papenberg 2024), so that groups are
//! equally mixed, not only equal on average.

use super::bounds::least_summed_deviation;
use super::{Parts, Shape, Term, Whole};
use crate::problem::weights::whole_weights;
use crate::problem::{GoalInput, Problem};
use crate::words;
use crate::words::Words;

pub(super) fn build(problem: &Problem, input: &GoalInput) -> Parts {
    let whole = whole_weights(problem, input);
    let common = whole.as_ref().map_or(1, |whole| whole.common);
    let weights = whole.map(|whole| whole.weights).unwrap_or_default();
    let n = problem.students as i64;
    let sizes: Vec<i64> = problem.sizes().iter().map(|&size| size as i64).collect();
    let squares: Vec<Vec<i64>> = input.marks.iter().map(|&(index, _)| problem.marks[index].squares()).collect();
    let bound = |q: &Vec<i64>| least_summed_deviation(n, &sizes, q.iter().sum());
    Parts {
        terms: squares.iter().zip(&weights).map(|(q, &w)| Term::fair_share(Shape::Deviation, w, q)).collect(),
        whole: Whole::Nothing,
        bound: squares.iter().zip(&weights).map(|(q, &w)| w * bound(q)).sum(),
        unit: 2.0 * deviation_of_class(problem, input, &squares) * common as f64 * (n * n) as f64
            / problem.groups as f64,
        level_unit: n * common,
    }
}

/// σ: root of the mean variance of the goal's columns, in points.
fn deviation_of_class(problem: &Problem, input: &GoalInput, squares: &[Vec<i64>]) -> f64 {
    let variance = |(q, &(index, _)): (&Vec<i64>, &(usize, _))| {
        let marks = &problem.marks[index];
        q.iter().sum::<i64>() as f64 / problem.students as f64 * (marks.num as f64 / marks.den as f64).powi(2)
    };
    (squares.iter().zip(&input.marks).map(variance).sum::<f64>() / input.marks.len().max(1) as f64).sqrt()
}

pub(super) fn justify(shown: f64) -> Words {
    words!(
        "各组成绩离散程度与全班相差合计 {shown:.2} 分",
        "the groups' spreads differ from the class's by {shown:.2} points in all"
    )
}
