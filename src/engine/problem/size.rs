//! How much memory a class takes, estimated before any of it is taken: what is too large is refused with its numbers.

use crate::fault::Fault;
use crate::model::goal::{Columns, Needs};
use crate::model::policy::PolicyGoal;
use crate::model::previous::old_numbers;
use crate::model::{Policy, Request};
use crate::roster::{Cell, Roster};
use crate::words;
use std::collections::HashSet;

/// Most megabytes of one class.
pub const MOST_MEGABYTES: usize = 400;

/// Bytes for each student and balanced number: the goals' entries, those of every chain of the search, and the judge's.
const BYTES_OF_ENTRY: usize = 96;
/// Bytes for each group and balanced number: every chain's sums.
const BYTES_OF_SUM: usize = 48;
/// Bytes for each two students who must be apart: neighbours here and in every chain.
const BYTES_OF_ENEMY: usize = 64;
/// Bytes for each two students whose distance counts.
const BYTES_OF_DISTANCE: usize = 10;

/// Most students of whom all pairwise distances are kept (200 MB).
pub const MOST_PAIRWISE: usize = 5_000;

/// Numbers that decide the memory of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Students.
    pub students: usize,
    /// Groups.
    pub groups: usize,
    /// Balanced numbers of each student: marks by goals, tiers, the kinds of counted columns, old groups.
    pub terms: usize,
    /// Pairs of students who must be apart, both ways.
    pub enemies: usize,
    /// Whether every two students are compared.
    pub compares: bool,
}

impl Size {
    /// The size of a class.
    #[must_use]
    pub fn of(roster: &Roster, request: &Request, policy: &Policy) -> Self {
        let kinds_of = |column: usize| {
            let cells = roster.columns[column].cells.iter();
            let values: HashSet<&str> = cells.filter_map(Cell::text).collect();
            values.len().max(1)
        };
        let terms_of = |goal: &PolicyGoal| match (goal.spec.goal.columns(), goal.spec.goal.needs()) {
            (Columns::Kinds, _) => goal.columns.iter().map(|&column| kinds_of(column)).sum(),
            (Columns::Marks | Columns::Pairs, _) => goal.columns.len(),
            (Columns::None, Needs::Tiers) => request.model.tiers.as_ref().map_or(0, |tiers| tiers.layers.len()),
            (Columns::None, Needs::OldMixed) => {
                let old = request.previous.as_ref().map(|previous| old_numbers(previous, roster)).unwrap_or_default();
                old.into_iter().flatten().collect::<HashSet<usize>>().len()
            }
            (Columns::None, Needs::Nothing | Needs::Visits | Needs::OldKept) => 1,
        };
        Self {
            students: roster.students.len(),
            groups: policy.groups,
            terms: policy.goals.iter().map(terms_of).sum::<usize>()
                + policy.never_alone.iter().map(|&column| kinds_of(column)).sum::<usize>(),
            enemies: request.rules.apart.iter().map(|list| list.len().saturating_mul(list.len())).sum(),
            compares: policy.goals.iter().any(|goal| goal.spec.goal.columns() == Columns::Pairs),
        }
    }

    /// Megabytes that solving and judging it take, an estimate.
    #[must_use]
    pub fn megabytes(&self) -> usize {
        // More than these are refused by name.
        let compared = if self.compares { self.students.min(MOST_PAIRWISE).pow(2) } else { 0 };
        let bytes = (self.students * self.terms * BYTES_OF_ENTRY)
            .saturating_add(self.groups * self.terms * BYTES_OF_SUM)
            .saturating_add(self.enemies.saturating_mul(BYTES_OF_ENEMY))
            .saturating_add(compared.saturating_mul(BYTES_OF_DISTANCE));
        bytes >> 20
    }

    /// Why the class is refused; none where it is not.
    #[must_use]
    pub fn refusal(&self, file: &str) -> Option<Fault> {
        let Self { students, groups, terms, .. } = self;
        let megabytes = self.megabytes();
        (megabytes > MOST_MEGABYTES).then(|| Fault {
            code: "plan_too_large",
            place: file.to_owned(),
            found: words!(
                "{students} 名学生、{groups} 个小组、{terms} 项要均衡的数，计算约需 {megabytes} MB 内存",
                "{students} students, {groups} groups and {terms} numbers to balance, which take some {megabytes} MB of memory"
            ),
            expected: words!("至多 {MOST_MEGABYTES} MB", "at most {MOST_MEGABYTES} MB"),
            action: words!(
                "请分班进行，或去掉取值太多的类别列，或缩短“不同组”名单",
                "divide class by class, leave out categories of very many values, or shorten the lists of students apart"
            ),
        })
    }
}
