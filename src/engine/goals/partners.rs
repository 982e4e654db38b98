//! Goal partners: pairs that were in one group last semester and are again.

use super::about::{About, Divided, Exact, deviations, possible};
use super::{Parts, Shape, Term, Whole};
use crate::problem::weights::Power;
use crate::problem::{GoalInput, Problem};
use crate::words;
use crate::words::{Words, label};
use std::collections::BTreeSet;

/// The goal, described.
pub(super) static ABOUT: About = About {
    label: label("重复同组", "repeated partners"),
    meaning: label("上学期已同组、又分到一起的学生对", "pairs who were in one group last semester"),
    short_unit: None,
    wish: None,
    exact: Exact::Sums,
    power: Power::Plain,
    range: deviations,
    refusal: possible,
    build,
    shown: None,
    justify,
};

fn build(problem: &Problem, _: &GoalInput) -> Parts {
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

/// The group with most old partners.
fn justify(&Divided { parts, group_of, .. }: &Divided<'_>) -> Words {
    let groups = group_of.iter().max().map_or(0, |last| last + 1);
    let mut pairs = vec![0; groups];
    for term in &parts.terms {
        let mut members = vec![0; groups];
        group_of.iter().zip(&term.entries).for_each(|(&g, e)| members[g] += e);
        pairs.iter_mut().zip(&members).for_each(|(pairs, &m)| *pairs += Term::cost(term.shape, term.weight, m, 1));
    }
    match pairs.iter().zip(1..).max_by_key(|(pairs, group)| (**pairs, -group)) {
        Some((&most, group)) if most > 0 => {
            words!("老搭档最多的是第 {group} 组：{most} 对", "group {group} has most old partners: {most} pairs")
        }
        _ => words!("没有人再与上学期的组员同组", "nobody shares a group with an old partner"),
    }
}

/// Pairs left together when `members` are split over `groups` as evenly as can be.
fn fewest_pairs(members: i64, groups: i64) -> i64 {
    let (each, more) = (members / groups, members % groups);
    more * (each + 1) * each / 2 + (groups - more) * each * (each - 1) / 2
}
