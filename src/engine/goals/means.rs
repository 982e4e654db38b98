//! Goal means: every group's sum of marks is its fair share, m_c·abs(N·U_gc − n_g·U_c) summed.

use super::about::{About, Divided, Exact, Wish, deviations, possible};
use super::bounds::least_summed_deviation;
use super::{Parts, Shape, Term, Whole};
use crate::problem::weights::{Power, WholeWeights, goal_weights};
use crate::problem::{GoalInput, Problem};
use crate::words;
use crate::words::{Words, label};

/// The goal, described.
pub(super) static ABOUT: About = About {
    label: label("平均分", "means"),
    meaning: label("各组各科平均分与全班的偏差之和", "how far the groups' means are from the class, added up"),
    short_unit: None,
    wish: Some(Wish { label: label("各科平均分", "Means of"), hint: None }),
    exact: Exact::Sums,
    power: Power::Plain,
    range: deviations,
    refusal: possible,
    build,
    shown: None,
    justify,
};

pub(super) fn build(problem: &Problem, input: &GoalInput) -> Parts {
    let WholeWeights { common, weights } = goal_weights(problem, input, Power::Plain);
    let n = problem.students as i64;
    let sizes: Vec<i64> = problem.sizes().iter().map(|&size| size as i64).collect();
    let marks = || input.marks.iter().map(|&(index, _)| &problem.marks[index]);
    let level_unit = i128::from(n) * i128::from(common);
    Parts {
        terms: marks().zip(&weights).map(|(m, &w)| Term::fair_share(Shape::Deviation, w, &m.units)).collect(),
        whole: Whole::Nothing,
        bound: marks().zip(&weights).map(|(m, &w)| w * least_summed_deviation(n, &sizes, m.total)).sum(),
        unit: level_unit as f64,
        level_unit,
    }
}

/// The group and column that are furthest from their share.
pub(super) fn justify(&Divided { problem, input, parts, group_of }: &Divided<'_>) -> Words {
    let mut sizes = vec![0.0; problem.groups];
    for &g in group_of {
        sizes[g] += 1.0;
    }
    let mut furthest = (0.0_f64, 0, 0);
    for (term, &(index, _)) in parts.terms.iter().zip(&input.marks) {
        let marks = &problem.marks[index];
        let mut sums = vec![0; problem.groups];
        group_of.iter().zip(&term.entries).for_each(|(&g, e)| sums[g] += e);
        for (g, &d) in sums.iter().enumerate() {
            let off = d as f64 / problem.students as f64 / sizes[g] * marks.num as f64 / marks.den as f64;
            if off.abs() > furthest.0.abs() {
                furthest = (off, g, marks.column);
            }
        }
    }
    let (off, group) = (furthest.0, furthest.1 + 1);
    if off == 0.0 {
        return words!("每组平均分都与全班相同", "every group's means are the class's");
    }
    words!(
        "离全班平均分最远的是第 {group} 组，差 {off:+.3} 分",
        "group {group} is furthest from the class mean, by {off:+.3} points"
    )
}
