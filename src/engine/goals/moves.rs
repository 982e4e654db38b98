//! Goal moves (keep mode): students whose group is not last semester's.

use super::about::{About, Divided, Exact, deviations, possible};
use super::{Parts, Whole};
use crate::problem::weights::Power;
use crate::problem::{GoalInput, Problem};
use crate::words;
use crate::words::{Words, label};
use std::collections::BTreeMap;

/// The goal, described.
pub(super) static ABOUT: About = About {
    label: label("换组人数", "moves"),
    meaning: label("离开上学期小组的学生", "students who leave last semester's group"),
    short_unit: None,
    wish: None,
    exact: Exact::Counts,
    power: Power::Plain,
    range: deviations,
    refusal: possible,
    build,
    shown: None,
    justify,
};

fn build(problem: &Problem, _: &GoalInput) -> Parts {
    let homes = problem.previous.clone().unwrap_or_else(|| vec![None; problem.students]);
    let largest = problem.students.div_ceil(problem.groups);
    // By home, since old group numbers may be any.
    let mut members = BTreeMap::new();
    homes.iter().flatten().for_each(|&home| *members.entry(home).or_insert(0_usize) += 1);
    let must_leave = |(&home, &members): (&usize, &usize)| {
        if home < problem.groups { members.saturating_sub(largest) } else { members }
    };
    let bound = members.iter().map(must_leave).sum::<usize>() as i64;
    Parts { terms: Vec::new(), whole: Whole::Moves { homes }, bound, unit: 1.0, level_unit: 1 }
}

/// How many stay.
fn justify(&Divided { parts, group_of, .. }: &Divided<'_>) -> Words {
    let Whole::Moves { homes } = &parts.whole else { return Words::default() };
    let (moved, had) = (value(homes, group_of), homes.iter().flatten().count());
    words!("上学期有小组的 {had} 名学生中，{moved} 名换组", "of {had} students who had a group, {moved} change it")
}

/// Students who change group.
#[must_use]
pub fn value(homes: &[Option<usize>], group_of: &[usize]) -> i64 {
    homes.iter().zip(group_of).filter(|(home, group)| home.is_some_and(|home| home != **group)).count() as i64
}
