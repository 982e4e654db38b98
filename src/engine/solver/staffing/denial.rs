//! Why a wish does not come true: what would be worse if it did.

use super::levels::{LevelKind, Search, order};
use super::{Answer, Must, Reason, Staffing};
use crate::solver::mip::MipLimits;
use crate::solver::stop::Stop;

/// Why a teacher does not have a wished group that he or she may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denial {
    /// With the wishes of this rank or a dearer one that came true, each of the groups is more than one of these limits of the
    /// teacher.
    Full(Vec<Reason>),
    /// Proved: this level would be worse, and none above it better.
    Worse(LevelKind),
    /// Demands, groups with a teacher, wishes and groups that change hands would be as good: loads or the lot decided.
    Even,
    /// The limit came first.
    Open,
}

/// Why `teacher` has none of these groups, a wish for any of them that `answer` does not grant.
#[must_use]
pub fn denial(
    staffing: &Staffing,
    answer: &Answer,
    teacher: usize,
    groups: &[usize],
    nodes: i64,
    stop: &Stop,
) -> Denial {
    let limits: Option<Vec<Reason>> = groups.iter().map(|&group| full(staffing, answer, teacher, group)).collect();
    if let Some(mut limits) = limits {
        limits.dedup();
        return Denial::Full(limits);
    }
    let mut granted = staffing.clone();
    granted.musts.push(Must { teacher, any_of: groups.to_vec() });
    let mut search = Search::new(&granted, MipLimits { nodes, seed: 0 }, stop);
    for kind in order(&granted).into_iter().take_while(|kind| *kind != LevelKind::LargestLoad) {
        let level = search.level(kind);
        let now = answer.levels.iter().find(|level| level.kind == kind);
        let value = now.map_or(0, |level| level.value);
        if level.bound > value {
            return Denial::Worse(kind);
        }
        if level.value != value || now.is_some_and(|level| !level.proved) {
            return Denial::Open;
        }
    }
    Denial::Even
}

/// The limit of the teacher that the group would break beside the wishes, as dear or dearer, that came true.
fn full(staffing: &Staffing, answer: &Answer, teacher: usize, group: usize) -> Option<Reason> {
    let own = &staffing.teachers[teacher];
    let rank = |g: usize| own.wishes.iter().filter(|(wished, _)| *wished == g).map(|(_, rank)| *rank).min();
    let dear = |g: &usize| answer.teacher_of[*g] == Some(teacher) && rank(*g).is_some_and(|of| Some(of) <= rank(group));
    let beside: Vec<usize> = (0..staffing.groups.len()).filter(dear).chain([group]).collect();
    let sum = |weight: &dyn Fn(usize) -> i64| beside.iter().map(|&g| weight(g)).sum::<i64>();
    let limits = [
        (Reason::Groups(teacher), own.max_groups, sum(&|_| 1)),
        (Reason::Students(teacher), own.max_students, sum(&|g| staffing.groups[g].students)),
        (Reason::Visits(teacher), own.max_visits, sum(&|g| staffing.groups[g].visits)),
    ];
    limits.into_iter().find(|(_, most, load)| most.is_some_and(|most| *load > most)).map(|(limit, _, _)| limit)
}
