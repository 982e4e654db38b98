//! Group labels without symmetry: where nothing tells groups apart, G! relabellings of a plan are one plan.
//!
//! Groups of one class (all groups, or the large and the small ones by themselves) are numbered by their *leader*, the member
//! that comes first in a fixed order of the students. The j-th group's leader then has position j or later, so a student at
//! position i is in none of the groups j > i. A largest apart clique comes first in the order: its members are the leaders of
//! the first groups, which places each of them.

use super::cliques::{apart_graph, largest_clique};
use crate::problem::{Problem, rules::Rule};

/// From this size on, placing an apart clique is worth more than knowing which groups are large.
const CLIQUE_FIRST: usize = 3;

/// How the MIP labels its groups.
#[derive(Clone, Debug)]
pub(super) struct Labels {
    /// Sizes by label; none where any group may be a large one.
    pub(super) sizes: Option<Vec<usize>>,
    /// Position of each student in the leaders' order; none where labels mean something.
    position: Option<Vec<usize>>,
    groups: usize,
    /// Labels below this one are large groups that are numbered by themselves.
    first_small: usize,
}

impl Labels {
    /// Labels as they stand: pins or homes tell the groups apart.
    pub(super) fn fixed(problem: &Problem) -> Self {
        let even = problem.large_groups() == 0;
        Self { sizes: even.then(|| problem.sizes()), position: None, groups: problem.groups, first_small: 0 }
    }

    /// Labels by leader, unless a pin tells groups apart.
    pub(super) fn symmetric(problem: &Problem, hard: &[Rule], soft: &[Rule]) -> Self {
        if hard.iter().chain(soft).any(|rule| matches!(rule, Rule::Pin { .. })) {
            return Self::fixed(problem);
        }
        let clique = largest_clique(&apart_graph(problem.students, hard));
        let rest = (0..problem.students).filter(|s| !clique.contains(s));
        let mut position = vec![0; problem.students];
        for (i, s) in clique.iter().copied().chain(rest).enumerate() {
            position[s] = i;
        }
        let mut labels = Self { position: Some(position), ..Self::fixed(problem) };
        if clique.len() < CLIQUE_FIRST {
            labels.sizes = Some(problem.sizes());
            labels.first_small = problem.large_groups();
        }
        labels
    }

    /// Whether the student may be in the group.
    pub(super) fn allows(&self, student: usize, group: usize) -> bool {
        let inside = if group < self.first_small { group } else { group - self.first_small };
        self.position.as_ref().is_none_or(|position| position[student] >= inside)
    }

    /// The label of each group of a plan.
    pub(super) fn of_plan(&self, group_of: &[usize]) -> Vec<usize> {
        let Some(position) = &self.position else { return (0..self.groups).collect() };
        let size = |g: usize| group_of.iter().filter(|&&of| of == g).count();
        let leader = |g: usize| (0..group_of.len()).filter(|&s| group_of[s] == g).map(|s| position[s]).min();
        let mut order: Vec<usize> = (0..self.groups).collect();
        let class = |g: usize| if self.first_small > 0 { usize::MAX - size(g) } else { 0 };
        order.sort_by_key(|&g| (class(g), leader(g).unwrap_or(usize::MAX)));
        let mut label = vec![0; self.groups];
        for (i, g) in order.into_iter().enumerate() {
            label[g] = i;
        }
        label
    }
}
