//! Last semester's groups under the numbers that this semester's groups are compared with (models/formulation.md, "Last semester").

use super::request::{Previous, PreviousMode};
use super::{Request, Sizing};
use crate::base::order::natural_order;
use crate::fault::Notice;
use crate::plan::people::matched;
use crate::roster::Roster;
use std::collections::{BTreeMap, BTreeSet};

/// Largest number taken from a group id; anything above is an identifier, not a count.
const MAX_NUMBER: usize = 1_000_000;

/// 0-based number of each student's group of last semester, in roster order; none where the student had none or is unclear.
///
/// Where every old id ends in a number of its own, from 1 and behind the last `/` (`7-1/3`, `3`), group n is n − 1, so that a group
/// that is no more leaves a gap. Otherwise the ids are numbered in [natural order](crate::base::order::natural_order). Only groups of this roster's
/// students count: last semester's plan may hold other classes too.
#[must_use]
pub fn old_numbers(previous: &Previous, roster: &Roster) -> Vec<Option<usize>> {
    let mut old: Vec<Option<&str>> = vec![None; roster.students.len()];
    for (s, p) in previous.matching(roster).found() {
        old[s] = Some(&previous.last.past(p).group);
    }
    let ids: BTreeSet<&str> = old.iter().flatten().copied().collect();
    let numbers = written_numbers(&ids).unwrap_or_else(|| counted_numbers(&ids));
    old.iter().map(|group| group.and_then(|group| numbers.get(group)).copied()).collect()
}

/// Settles what a request asks of one class's last semester, and tells who is who. Where nobody is found there is no last semester:
/// no goal may be called proved that nothing stands behind. In keep mode there are as many groups as there were, unless the request
/// says otherwise.
pub fn settle(request: &mut Request, roster: &Roster) -> Vec<Notice> {
    let Some(previous) = &mut request.previous else { return Vec::new() };
    let last = previous.last.clone();
    let matching = matched(&last, roster, previous.mode == PreviousMode::Keep);
    if let Some(sha256) = matching.sha256() {
        sha256.clone_into(&mut previous.sha256);
    }
    if previous.mode == PreviousMode::Keep && matching.is_any() && request.sizing.is_none() {
        request.sizing = Some(Sizing::Count(matching.groups().len()));
    }
    if !matching.is_any() {
        request.previous = None;
    }
    matching.notices()
}

/// How many students are perhaps, but not for certain, somebody of last semester: with any, nothing about old groups is proved.
#[must_use]
pub fn unclear(request: &Request, roster: &Roster) -> usize {
    request.previous.as_ref().map_or(0, |previous| previous.matching(roster).unclear())
}

/// The numbers that the ids themselves carry, less one; none unless all have one and no two the same.
fn written_numbers<'a>(ids: &BTreeSet<&'a str>) -> Option<BTreeMap<&'a str, usize>> {
    let number = |id: &'a str| -> Option<(&'a str, usize)> {
        let digits = id.rsplit('/').next()?;
        let written = digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = if written { digits.parse::<usize>().ok()? } else { return None };
        (1..=MAX_NUMBER).contains(&number).then(|| (id, number - 1))
    };
    let numbers: BTreeMap<&str, usize> = ids.iter().map(|id| number(id)).collect::<Option<_>>()?;
    let distinct: BTreeSet<usize> = numbers.values().copied().collect();
    (distinct.len() == numbers.len()).then_some(numbers)
}

fn counted_numbers<'a>(ids: &BTreeSet<&'a str>) -> BTreeMap<&'a str, usize> {
    let mut order: Vec<&str> = ids.iter().copied().collect();
    order.sort_by(|a, b| natural_order(a, b));
    order.into_iter().enumerate().map(|(number, id)| (id, number)).collect()
}
