//! Goal counts: every group holds floor or ceil of its share of each gender, flag and category.
//!
//! Bound 0: for one kind alone floor/ceil can always be met; several kinds at once may not allow it.

use super::about::{About, Divided, Exact, Wish, deviations, possible};
use super::{Parts, Shape, Term, Whole};
use crate::problem::weights::{Power, WholeWeights, goal_weights};
use crate::problem::{GoalInput, Problem};
use crate::words;
use crate::words::{Words, label};

/// The goal, described.
pub(super) static ABOUT: About = About {
    label: label("人数", "counts"),
    meaning: label("各组男女、住校等人数与应有人数之差", "boys, girls, boarders … beyond a group's fair share"),
    short_unit: None,
    wish: Some(Wish { label: label("这些学生的人数", "Numbers of"), hint: None }),
    exact: Exact::Counts,
    power: Power::Plain,
    range: deviations,
    refusal: possible,
    build,
    shown: None,
    justify,
};

fn build(problem: &Problem, input: &GoalInput) -> Parts {
    let WholeWeights { common, weights } = goal_weights(problem, input, Power::Plain);
    let term = |(&(kind, _), &weight): (&(usize, _), &i64)| {
        let members: Vec<i64> = problem.kinds[kind].members.iter().map(|&is| i64::from(is)).collect();
        Term::fair_share(Shape::Outside, weight, &members)
    };
    Parts {
        terms: input.kinds.iter().zip(&weights).map(term).collect(),
        whole: Whole::Nothing,
        bound: 0,
        unit: common as f64,
        level_unit: common.into(),
    }
}

/// Names the kinds that are off.
fn justify(&Divided { problem, input, parts, group_of }: &Divided<'_>) -> Words {
    let n = problem.students as i64;
    let mut off = Vec::new();
    for (term, &(kind, _)) in parts.terms.iter().zip(&input.kinds) {
        let mut sums = vec![0; problem.groups];
        group_of.iter().zip(&term.entries).for_each(|(&g, e)| sums[g] += e);
        if sums.iter().any(|&d| d.abs() >= n && Term::cost(Shape::Outside, 1, d, n) > 0) {
            off.push(problem.kinds[kind].label.clone());
        }
    }
    if off.is_empty() {
        return words!(
            "每组各类人数都是应有人数的取整",
            "every group has its share of every kind, to the nearest student"
        );
    }
    let list = off.join(", ");
    words!("人数未能取整均分：{list}", "not shared out to the nearest student: {list}")
}
