//! Rules as level 0: how many are broken. A plan that is shown has none; a search may pass through plans that do.
//! Together and pin never are: the search moves their students as one, or not at all.

use super::{Shape, Term, tiers};
use crate::problem::{Problem, rules::Rule};

/// Terms of `never_alone` and of tiers as a rule.
pub(super) fn terms(problem: &Problem) -> Vec<Term> {
    let of = |rule: &Rule| match rule {
        Rule::NeverAlone(kind) => {
            vec![Term::count(Shape::Alone, 1, problem.kinds[*kind].members.iter().copied())]
        }
        Rule::TierQuota => problem.tiers.as_ref().map(|t| tiers::terms(t, Shape::Outside)).unwrap_or_default(),
        Rule::Together(_) | Rule::Apart(_) | Rule::Pin { .. } => Vec::new(),
    };
    problem.rules.iter().flat_map(of).collect()
}

/// Students who must not share a group with each student.
pub(super) fn apart_neighbours(problem: &Problem) -> Vec<Vec<usize>> {
    let mut neighbours = vec![Vec::new(); problem.students];
    for rule in &problem.rules {
        let Rule::Apart(students) = rule else { continue };
        for &s in students {
            neighbours[s].extend(students.iter().copied().filter(|&t| t != s));
        }
    }
    for list in &mut neighbours {
        list.sort_unstable();
        list.dedup();
    }
    neighbours
}
