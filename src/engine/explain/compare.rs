//! Two plans of one class side by side.
//!
//! The numbers of groups tell nothing where plans were made apart from each other, so groups correspond by the students that they
//! share (an assignment of largest overlap), and only who leaves the corresponding group has moved.

use crate::plan::document::Document;
use pathfinding::prelude::{Matrix, kuhn_munkres};
use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;

/// Groups that are matched exactly, which takes their number cubed.
const MOST_MATCHED: usize = 300;

/// The group of the second plan that corresponds to each of the first: together they share most students; of equals those in the
/// same place. None where the second plan has fewer groups.
#[must_use]
pub fn partners(documents: [&Document; 2]) -> Vec<Option<usize>> {
    let counts = documents.map(|document| document.groups.len());
    if counts[0].max(counts[1]) > MOST_MATCHED {
        return nearest(documents);
    }
    let most = counts[0].max(counts[1]);
    if most == 0 {
        return Vec::new();
    }
    let places = places(documents[1]);
    let mut shared = vec![vec![0_i64; most]; most];
    for (row, group) in shared.iter_mut().zip(&documents[0].groups) {
        group.students.iter().filter_map(|id| places.get(id.as_str())).for_each(|&other| row[other] += 1);
    }
    // One shared student outweighs all groups that could stay in their places.
    let weight = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    let worth = |(row, column): (usize, usize)| shared[row][column] * weight + i64::from(row == column);
    let (_, partner) = kuhn_munkres(&Matrix::from_fn(most, most, worth));
    partner.into_iter().take(counts[0]).map(|other| (other < counts[1]).then_some(other)).collect()
}

/// The same for very many groups: pairs of groups by the number of students they share, each group taken once.
fn nearest(documents: [&Document; 2]) -> Vec<Option<usize>> {
    let places = places(documents[1]);
    let mut shared: HashMap<(usize, usize), usize> = HashMap::new();
    for (row, group) in documents[0].groups.iter().enumerate() {
        let others = group.students.iter().filter_map(|id| places.get(id.as_str()));
        others.for_each(|&other| *shared.entry((row, other)).or_default() += 1);
    }
    let mut pairs: Vec<_> = shared.into_iter().collect();
    pairs.sort_unstable_by_key(|&((row, other), count)| (Reverse(count), row != other, row, other));
    let mut partner = vec![None; documents[0].groups.len()];
    let mut taken = vec![false; documents[1].groups.len()];
    for ((row, other), _) in pairs {
        if partner[row].is_none() && !taken[other] {
            (partner[row], taken[other]) = (Some(other), true);
        }
    }
    partner
}

/// The group of each student.
fn places(document: &Document) -> HashMap<&str, usize> {
    let groups = document.groups.iter().enumerate();
    groups.flat_map(|(g, group)| group.students.iter().map(move |id| (id.as_str(), g))).collect()
}

/// A student who is not in the corresponding group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The student's id.
    pub id: String,
    /// The group in the first plan; none where it has no such student.
    pub from: Option<usize>,
    /// The group in the second plan; none where it has no such student.
    pub to: Option<usize>,
}

/// Who is not in the corresponding group, in the order of the first plan; then those whom only the second has. Nobody where a plan
/// has no groups.
#[must_use]
pub fn moved(documents: [&Document; 2], partner: &[Option<usize>]) -> Vec<Moved> {
    if documents.iter().any(|document| document.groups.is_empty()) {
        return Vec::new();
    }
    let [before, after] = documents.map(places);
    let ids = |document: &'_ Document| {
        document.groups.iter().flat_map(|group| group.students.clone()).collect::<Vec<String>>()
    };
    let gone = ids(documents[0]).into_iter().filter(|id| {
        let to = before.get(id.as_str()).and_then(|&at| partner[at]);
        to.is_none() || to.as_ref() != after.get(id.as_str())
    });
    let come = ids(documents[1]).into_iter().filter(|id| !before.contains_key(id.as_str()));
    let moved = |id: String| {
        let (from, to) = (before.get(id.as_str()).copied(), after.get(id.as_str()).copied());
        Moved { id, from, to }
    };
    gone.chain(come).map(moved).collect()
}

/// The better of two values, of which the smaller is better; none where they are alike.
#[must_use]
pub fn smaller(one: f64, other: f64) -> Option<usize> {
    match one.partial_cmp(&other) {
        _ if (one - other).abs() < 1e-9 => None,
        Some(Ordering::Less) => Some(0),
        Some(Ordering::Greater) => Some(1),
        _ => None,
    }
}
