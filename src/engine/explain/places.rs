//! Why a student is where they are: what the other places would cost. Every swap and every move of the student is valued exactly.

use crate::goals::ledger::Exchange;
use crate::goals::{Ledger, Levels, MAX_LEVELS};
use crate::plan::document::{Document, Status};
use crate::words;
use crate::words::Words;
use std::collections::HashMap;

/// How many swaps that cost nothing are told with each other group at most.
const FREE_EACH: usize = 3;
/// How many are judged for that with each other group at most.
const ASKED_EACH: usize = 6;

/// Another place of a student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The group there.
    pub group: usize,
    /// Who comes in exchange, if anybody.
    pub swapped: Option<usize>,
    /// By how much the goals' levels change.
    pub change: Levels,
}

impl Place {
    /// The division with the student there.
    #[must_use]
    pub fn taken(&self, group_of: &[usize], student: usize) -> Vec<usize> {
        let mut after = group_of.to_vec();
        if let Some(other) = self.swapped {
            after[other] = after[student];
        }
        after[student] = self.group;
        after
    }

    /// Whether no level changes.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.change == [0; MAX_LEVELS]
    }
}

/// Every other place, the best by the goals' levels first; of equals the first in the list's order.
#[must_use]
pub fn places(ledger: &Ledger<'_>, student: usize) -> Vec<Place> {
    let group_of = &ledger.group_of;
    let own = group_of[student];
    let mut sizes = vec![0; ledger.objective().groups];
    for &group in group_of {
        sizes[group] += 1;
    }
    let place = |group: usize, swapped: Option<usize>| {
        let exchange = Exchange { a: own, b: group, from_a: &[student], from_b: swapped.as_slice() };
        Place { group, swapped, change: ledger.delta(exchange, MAX_LEVELS) }
    };
    let others = (0..group_of.len()).filter(|&other| group_of[other] != own);
    // Sizes are within one of each other, so only a smaller group has room.
    let smaller = (0..sizes.len()).filter(|&group| sizes[group] < sizes[own]);
    let swaps = others.map(|other| place(group_of[other], Some(other)));
    let mut places: Vec<Place> = swaps.chain(smaller.map(|group| place(group, None))).collect();
    places.sort_by_key(|place| place.change);
    places
}

/// Whom the student can change places with for nothing, among places with equal levels. Goals of one level can make up for
/// each other and staff lists have rules of their own, so the judge has the last word; he is asked so often at most.
pub fn free<'p>(equal: impl Iterator<Item = &'p Place>, is_free: impl Fn(&Place) -> bool) -> Vec<usize> {
    let mut tried: HashMap<usize, (usize, usize)> = HashMap::new();
    let mut free = Vec::new();
    for (place, other) in equal.filter_map(|place| Some((place, place.swapped?))) {
        let (asked, found) = tried.entry(place.group).or_default();
        if *found < FREE_EACH && *asked < ASKED_EACH {
            *asked += 1;
            if is_free(place) {
                *found += 1;
                free.push(other);
            }
        }
    }
    free
}

/// What is known of the whole plan, which is why everyone is where they are.
#[must_use]
pub fn why(document: &Document) -> Words {
    let proved = document.goals.first().is_some_and(|goal| goal.proved);
    match document.status {
        _ if proved => words!(
            "这样分，各级目标最均衡（已证明的部分见上方）；单独换动这名学生的代价如下。",
            "With everyone where they are, the goals are met as the box above says; moving this student alone would cost:"
        ),
        Status::Optimal | Status::Feasible => {
            words!("这是目前找到的分法。", "This is the best grouping that is known so far.")
        }
        Status::Infeasible | Status::Unknown => words!("没有分法。", "There is no grouping."),
    }
}
