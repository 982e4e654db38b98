//! Large classes: students of one kind who are near each other in their marks change places, before any re-split.
//!
//! Students are of one kind if they are alike in every count down to the level of the marks. Swaps inside a kind leave all levels
//! above the marks as they are, and the group sums of marks become even by the search for large numeric data
//! ([`diversity::rows`](super::diversity::rows)), whose swaps cost a hundredth of a re-split. Where it leaves off, re-splits go on.

use super::atoms::Atoms;
use super::diversity::rows;
use super::resplit::Layout;
use super::stop::Stop;
use crate::goals::{Ledger, Objective, Whole};
use crate::problem::rows::Rows;
use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg64;
use std::collections::HashMap;

/// Students from which on re-splits are too many to begin with.
pub(super) const LARGE: usize = 1000;

/// Swaps tried for each student: two coolings.
const TRIES_PER_STUDENT: u64 = 400;

/// The kind of every student; none where the class is not large, its goals are such that swaps inside a kind touch a level above
/// the marks, or most students are the only ones of their kind.
pub(super) fn kinds(objective: &Objective, layout: &Layout, atoms: &Atoms) -> Option<Vec<usize>> {
    let whole = |goal: &crate::goals::Goal| goal.at <= layout.level && goal.parts.whole != Whole::Nothing;
    let pays = objective.students >= LARGE && !layout.lanes.is_empty() && !objective.goals.iter().any(whole);
    let kinds = pays.then(|| numbered(objective, layout, atoms))?;
    let most = kinds.iter().max().map_or(0, |last| last + 1);
    (2 * most <= kinds.len()).then_some(kinds)
}

/// Makes the group sums of marks even by `most` swaps tried at most; the ledger is never worse afterwards. Returns the swaps
/// tried.
pub(super) fn even_out(
    ledger: &mut Ledger<'_>,
    (layout, kinds): (&Layout, &[usize]),
    most: u64,
    stop: &Stop,
    rng: &mut impl Rng,
) -> u64 {
    let objective = ledger.objective();
    let (before, start) = (ledger.levels, ledger.group_of.clone());
    let tries = most.min(TRIES_PER_STUDENT * start.len() as u64);
    if tries == 0 || stop.reached().is_some() {
        return 0;
    }
    let seeded = Pcg64::seed_from_u64(rng.random());
    let plan = rows::even_out(&marks(objective, layout), (&start, kinds), tries, seeded, stop);
    ledger.reset(&plan);
    if ledger.levels > before {
        ledger.reset(&start);
    }
    tries
}

/// The marks, each column times its weight, the largest 1.
fn marks(objective: &Objective, layout: &Layout) -> Rows {
    let lanes: Vec<(&[i64], i64)> =
        layout.lanes.iter().map(|&(f, weight)| (objective.terms[f].1.entries.as_slice(), weight)).collect();
    let weighed = |(entries, weight): &(&[i64], i64), s: usize| entries[s] as f64 * *weight as f64;
    let students = 0..objective.students;
    let values: Vec<f64> = students.flat_map(|s| lanes.iter().map(move |lane| weighed(lane, s))).collect();
    let largest = values.iter().fold(1.0, |most: f64, value| most.max(value.abs()));
    Rows { columns: lanes.len(), values: values.iter().map(|value| value / largest).collect() }
}

/// A number for each kind. Those whom a rule names are of a kind of their own: they stay.
fn numbered(objective: &Objective, layout: &Layout, atoms: &Atoms) -> Vec<usize> {
    let mut numbers: HashMap<(Vec<i64>, usize), usize> = HashMap::new();
    let kind = |s: usize| {
        let free = atoms.is_free_single(s) && objective.apart[s].is_empty();
        let counted = layout.counts.iter().map(|&(f, ..)| objective.terms[f].1.entries[s]).collect();
        let next = numbers.len();
        *numbers.entry((counted, if free { usize::MAX } else { s })).or_insert(next)
    };
    (0..objective.students).map(kind).collect()
}
