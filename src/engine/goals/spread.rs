//! Goal spread: every group has its share of the squares about the class mean (k-plus, Papenberg 2024), so that groups are
//! equally mixed, not only equal on average.

use super::about::{About, Divided, Exact, Wish, deviations, possible};
use super::bounds::least_summed_deviation;
use super::{Parts, Shape, Term, Whole};
use crate::problem::marks::Marks;
use crate::problem::weights::{Power, WholeWeights, goal_weights};
use crate::problem::{GoalInput, Problem};
use crate::words;
use crate::words::{Words, label};

/// The goal, described.
pub(super) static ABOUT: About = About {
    label: label("离散程度", "spread"),
    meaning: label("各组成绩拉开程度与全班之差", "how far the groups' spread of marks is from the class"),
    short_unit: Some(label("分（标准差，合计）", "points of SD (summed)")),
    wish: Some(Wish {
        label: label("高低搭配", "Spread"),
        hint: Some(label("每组都有高有低，拉开的程度一样", "marks spread as widely in every group")),
    }),
    exact: Exact::Sums,
    power: Power::Squares,
    range: deviations,
    refusal: possible,
    build,
    shown: None,
    justify,
};

fn build(problem: &Problem, input: &GoalInput) -> Parts {
    let WholeWeights { common, weights } = goal_weights(problem, input, Power::Squares);
    let n = problem.students as i64;
    let sizes: Vec<i64> = problem.sizes().iter().map(|&size| size as i64).collect();
    let marks: Vec<Marks> = input.marks.iter().map(|&(index, _)| problem.marks[index].coarse()).collect();
    let squares: Vec<Vec<i64>> = marks.iter().map(Marks::squares).collect();
    let bound = |q: &Vec<i64>| least_summed_deviation(n, &sizes, q.iter().sum());
    Parts {
        terms: squares.iter().zip(&weights).map(|(q, &w)| Term::fair_share(Shape::Deviation, w, q)).collect(),
        whole: Whole::Nothing,
        bound: squares.iter().zip(&weights).map(|(q, &w)| w * bound(q)).sum(),
        unit: 2.0 * deviation_of_class(&marks, &squares) * common as f64 * (n * n) as f64 / problem.groups as f64,
        level_unit: i128::from(n) * i128::from(common),
    }
}

/// σ: root of the mean variance of the goal's columns, in points.
fn deviation_of_class(marks: &[Marks], squares: &[Vec<i64>]) -> f64 {
    let variance = |(q, marks): (&Vec<i64>, &Marks)| {
        q.iter().sum::<i64>() as f64 / q.len() as f64 * (marks.num as f64 / marks.den as f64).powi(2)
    };
    (squares.iter().zip(marks).map(variance).sum::<f64>() / marks.len().max(1) as f64).sqrt()
}

/// The group and column whose spread is furthest from the class's.
fn justify(&Divided { problem, input, group_of, .. }: &Divided<'_>) -> Words {
    let mut furthest = (0.0_f64, 0.0, 0);
    for &(index, _) in &input.marks {
        let marks = problem.marks[index].coarse();
        let point = marks.num as f64 / marks.den as f64;
        let squares = marks.squares();
        let class = (squares.iter().sum::<i64>() as f64 / squares.len() as f64).sqrt() * point;
        let mut of_group = vec![(0, 0); problem.groups];
        for (q, &group) in squares.iter().zip(group_of) {
            of_group[group] = (of_group[group].0 + q, of_group[group].1 + 1);
        }
        for (group, (sum, count)) in of_group.into_iter().enumerate() {
            let own = (sum as f64 / f64::from(count.max(1))).sqrt() * point;
            if (own - class).abs() > (furthest.0 - furthest.1).abs() {
                furthest = (own, class, group + 1);
            }
        }
    }
    let (own, class, group) = furthest;
    if group == 0 {
        return words!("每组的离散程度都与全班相同", "every group is as mixed as the class");
    }
    words!(
        "离散程度与全班相差最大的是第 {group} 组：标准差 {own:.1} 分，全班 {class:.1} 分",
        "group {group} differs most from the class: a standard deviation of {own:.1} points against {class:.1}"
    )
}
