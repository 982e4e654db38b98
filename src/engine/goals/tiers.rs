//! Goal tiers: every group holds its share of every tier, abs(N·x_gt − n_g·T_t) summed.
//!
//! The L1 form, not floor/ceil cells: 47 students in five groups would admit 2/6/2 in a group of ten.

use super::about::{About, Divided, Exact, Wish, deviations, possible};
use super::{Parts, Shape, Term, Whole};
use crate::problem::weights::Power;
use crate::problem::{GoalInput, Problem, Tiers, quotas::optimal_table};
use crate::words;
use crate::words::{Words, label};

/// The goal, described.
pub(super) static ABOUT: About = About {
    label: label("层次", "tiers"),
    meaning: label("各组各层人数与应有人数之差", "students of each tier beyond a group's fair share"),
    short_unit: None,
    wish: Some(Wish { label: label("各层次的人数", "Numbers of each tier"), hint: None }),
    exact: Exact::Counts,
    power: Power::Plain,
    range: deviations,
    refusal: possible,
    build,
    shown: Some(students_outside),
    justify,
};

fn build(problem: &Problem, _: &GoalInput) -> Parts {
    let Some(tiers) = &problem.tiers else {
        return Parts { terms: Vec::new(), whole: Whole::Nothing, bound: 0, unit: 1.0, level_unit: 1 };
    };
    Parts {
        terms: terms(tiers, Shape::Deviation),
        whole: Whole::Nothing,
        bound: optimal_table(problem, tiers).value,
        unit: problem.students as f64,
        level_unit: problem.students as i128,
    }
}

/// One term a tier.
pub(super) fn terms(tiers: &Tiers, shape: Shape) -> Vec<Term> {
    let members = |t: usize| tiers.of.iter().map(|&of| i64::from(of == t)).collect::<Vec<_>>();
    (0..tiers.totals.len()).map(|t| Term::fair_share(shape, 1, &members(t))).collect()
}

/// Students outside floor/ceil of their group's ideal, summed over groups and tiers: what people are shown.
#[must_use]
pub fn students_outside(problem: &Problem, group_of: &[usize]) -> i64 {
    let Some(tiers) = &problem.tiers else { return 0 };
    let n = problem.students as i64;
    let mut sums = vec![0; problem.groups];
    let mut outside = 0;
    for term in terms(tiers, Shape::Outside) {
        sums.fill(0);
        group_of.iter().zip(&term.entries).for_each(|(&g, e)| sums[g] += e);
        outside += sums.iter().map(|&d| Term::cost(Shape::Outside, 1, d, n)).sum::<i64>();
    }
    outside
}

/// Why the value is what it is.
fn justify(&Divided { problem, group_of, .. }: &Divided<'_>) -> Words {
    match students_outside(problem, group_of) {
        0 => {
            words!("每组各层人数都是应有人数的取整", "every group has its share of every tier, to the nearest student")
        }
        n => words!("各层共有 {n} 人超出应有人数", "{n} students are outside their group's share of a tier"),
    }
}
