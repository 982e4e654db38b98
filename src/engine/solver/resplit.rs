//! Two-group re-split: every way to divide the members of two groups again, at once.
//!
//! The members that may move lie in cells (tiers; without tiers two halves). Ways with the same number from each cell form a
//! configuration; those with worse tier counts than now are left out. Inside a configuration the ways are the pairs of one
//! subset of the first cells with one of the others, so that two short lists stand for 30,240 ways (10 + 10 at 3/5/2).
//! Subsets with the same counts (girls, boarders …) make a bucket; two buckets that together miss the counts are passed over
//! whole. Inside a bucket subsets are sorted by the sum of all marks, so that those too far off to be better are passed over as
//! well (the deviations add up to at least the deviation of their sum), and only what is left is priced by marks, in lanes.
//! Where there are too many ways, some members stay put, drawn at random. [`several`] divides three and more groups.

mod buckets;
mod cells;
pub mod several;

use super::atoms::Atoms;
use super::stop::Stop;
use crate::goals::ledger::{Exchange, Ledger};
use crate::goals::{Levels, MAX_LEVELS, Objective, Shape, Term};
use crate::problem::Problem;
use buckets::{Buckets, Lane};
use cells::Cells;
use rand::Rng;

/// Most ways that one re-split of two groups stands for.
pub const MOST_WAYS: u64 = 1_000_000;
/// What a re-split of two groups takes at most, as a rule, in ways priced.
pub const USUAL_WORK: u64 = 60_000;
/// What laying out a re-split costs, in ways priced (some 2 ns).
pub const OVERHEAD: u64 = 4_000;
/// What listing a subset costs, and what looking for its matches in one bucket costs.
const SUBSET_WORK: u64 = 30;
const ROW_WORK: u64 = 8;
/// Most equals whose deeper levels are looked at in one re-split.
const MOST_EQUALS: u32 = 4_000;

/// Re-splits pairs of groups of one problem.
pub struct Resplit<'a> {
    problem: &'a Problem,
    atoms: &'a Atoms,
    layout: Layout,
}

/// Which separable terms are priced how.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// The level whose marks are priced in lanes: the first with more than counts, else the focus.
    pub(super) level: usize,
    /// Terms with few values, down to that level: (term, level, shape, weight).
    pub(super) counts: Vec<(usize, usize, Shape, i64)>,
    /// Deviations of marks on that level: (term, weight).
    pub(super) lanes: Vec<(usize, i64)>,
    /// The terms of both, counts first: the order of sums in subsets.
    terms: Vec<usize>,
    /// Whether every sum of weighted entries fits 32 bits, with room for adding up.
    narrow: bool,
}

/// The exchange that a re-split found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Students who leave the first group.
    pub from_a: Vec<usize>,
    /// Students who leave the second.
    pub from_b: Vec<usize>,
}

impl Layout {
    fn new(objective: &Objective, focus: usize) -> Self {
        let marks = |term: &Term| term.shape == Shape::Deviation && distinct(&term.entries) > 2;
        let level =
            objective.terms.iter().find(|(level, term)| *level <= focus && marks(term)).map_or(focus, |(l, _)| *l);
        let mut layout = Self { level, counts: Vec::new(), lanes: Vec::new(), terms: Vec::new(), narrow: true };
        let mut largest = 0_i64;
        for (f, (at, term)) in objective.terms.iter().enumerate().filter(|(_, (at, _))| *at <= level) {
            if marks(term) {
                layout.lanes.push((f, term.weight));
                largest =
                    largest.saturating_add(term.weight.saturating_mul(term.entries.iter().map(|e| e.abs()).sum()));
            } else {
                layout.counts.push((f, *at, term.shape, term.weight));
            }
        }
        layout.terms = layout.counts.iter().map(|c| c.0).chain(layout.lanes.iter().map(|l| l.0)).collect();
        layout.narrow = largest < i64::from(i32::MAX) / 4;
        layout
    }
}

/// Number of different values, counted up to three.
fn distinct(entries: &[i64]) -> usize {
    let mut seen: Vec<i64> = Vec::new();
    for e in entries {
        if !seen.contains(e) {
            seen.push(*e);
        }
        if seen.len() > 2 {
            break;
        }
    }
    seen.len()
}

impl<'a> Resplit<'a> {
    /// Prepares re-splits that price every split down to the focus, and deeper levels among equals.
    #[must_use]
    pub fn new(problem: &'a Problem, objective: &Objective, atoms: &'a Atoms, focus: usize) -> Self {
        Self { problem, atoms, layout: Layout::new(objective, focus) }
    }

    /// Which separable terms are priced how.
    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The best split of groups `a` and `b` that is better than the present one, with the work, in ways priced.
    pub fn best(
        &self,
        ledger: &Ledger<'_>,
        groups: (usize, usize),
        floors: &Levels,
        stop: &Stop,
        rng: &mut impl Rng,
    ) -> (Option<Found>, u64) {
        let Some(cells) = Cells::draw(self.problem, self.atoms, ledger, groups, MOST_WAYS, (stop, rng)) else {
            return (None, 0);
        };
        let mut pair = Pair::new(ledger, groups, floors, &self.layout);
        let mut work = 0;
        for configuration in cells.configurations() {
            if stop.reached().is_some() {
                break;
            }
            work += if self.layout.narrow {
                pair.scan::<i32>(&cells, &configuration)
            } else {
                pair.scan::<i64>(&cells, &configuration)
            };
        }
        (pair.best, work)
    }
}

/// Two groups as they stand and the best split seen.
struct Pair<'l, 'o> {
    ledger: &'l Ledger<'o>,
    groups: (usize, usize),
    layout: &'l Layout,
    /// Values below these do not count as better (tolerances of finished levels), for the whole plan and for the two groups.
    floors: &'l Levels,
    clamp: Levels,
    /// Clamped cost in the two groups down to the layout's level, of the best split.
    best_head: Levels,
    /// Change of all levels by the best split.
    best_delta: Levels,
    best: Option<Found>,
    equals_left: u32,
}

impl<'l, 'o> Pair<'l, 'o> {
    fn new(ledger: &'l Ledger<'o>, groups: (usize, usize), floors: &'l Levels, layout: &'l Layout) -> Self {
        let n = ledger.objective().students as i64;
        let (sums_a, sums_b) = (ledger.sums(groups.0), ledger.sums(groups.1));
        let mut head = [0; MAX_LEVELS];
        for (f, &(level, shape, weight)) in ledger.costs().iter().enumerate().filter(|(_, cost)| cost.0 <= layout.level)
        {
            head[level] += Term::cost(shape, weight, sums_a[f], n) + Term::cost(shape, weight, sums_b[f], n);
        }
        let mut clamp = [i64::MIN; MAX_LEVELS];
        let mut best_head = [0; MAX_LEVELS];
        for level in 0..=layout.level {
            clamp[level] = floors[level].saturating_sub(ledger.levels[level] - head[level]);
            best_head[level] = head[level].max(clamp[level]);
        }
        let (best_delta, best) = ([0; MAX_LEVELS], None);
        Self { ledger, groups, layout, floors, clamp, best_head, best_delta, best, equals_left: MOST_EQUALS }
    }

    /// Prices the ways of one configuration; returns the work.
    fn scan<T: Lane>(&mut self, cells: &Cells<'_>, configuration: &[i64]) -> u64 {
        let (first, second) = cells.halves(configuration, self.ledger, &self.layout.terms);
        let first = Buckets::<T>::sort(&first, self.layout);
        let second = Buckets::<T>::sort(&second, self.layout);
        let (sums_a, sums_b) = (self.ledger.sums(self.groups.0), self.ledger.sums(self.groups.1));
        let total = |f: usize| sums_a[f] + sums_b[f];
        let bases: Vec<T> = self.layout.lanes.iter().map(|(f, weight)| T::of(weight * cells.base[*f])).collect();
        let totals: Vec<T> = self.layout.lanes.iter().map(|(f, weight)| T::of(weight * total(*f))).collect();
        let base: i64 = bases.iter().map(|base| base.whole()).sum();
        let total_pivot = T::of(totals.iter().map(|total| total.whole()).sum());
        let mut prices = vec![T::of(0); second.longest()];
        let mut work = SUBSET_WORK * (first.masks.len() + second.masks.len()) as u64;
        for x in &first.list {
            for y in &second.list {
                let Some(counts) = self.counts_cost(cells, &x.key, &y.key, &total) else { continue };
                work += ROW_WORK * x.range.len() as u64;
                for row in x.range.clone() {
                    let start = T::of(base) + first.pivots[row];
                    let window = second.window(y.range.clone(), start, total_pivot, self.limit(&counts));
                    if window.is_empty() {
                        continue;
                    }
                    work += window.len() as u64;
                    let prices = &mut prices[..window.len()];
                    let starts = bases.iter().enumerate().map(|(l, base)| *base + first.lanes[l][row]);
                    second.price(window.clone(), starts, &totals, prices);
                    self.take(cells, &counts, prices, |column| first.masks[row] | second.masks[window.start + column]);
                }
            }
        }
        work
    }

    /// Cost of the counted terms of two buckets; none if it is worse than the best already above the lanes' level.
    fn counts_cost(&self, cells: &Cells<'_>, x: &[i64], y: &[i64], total: &impl Fn(usize) -> i64) -> Option<Levels> {
        let n = self.ledger.objective().students as i64;
        let mut costs = [0; MAX_LEVELS];
        for (i, &(f, level, shape, weight)) in self.layout.counts.iter().enumerate() {
            let d = cells.base[f] + x[i] + y[i];
            costs[level] += Term::cost(shape, weight, d, n) + Term::cost(shape, weight, total(f) - d, n);
        }
        for level in 0..=self.layout.level {
            let cost = costs[level].max(self.clamp[level]);
            if cost != self.best_head[level] {
                return (cost < self.best_head[level]).then_some(costs);
            }
        }
        Some(costs)
    }

    /// Looks closer at every column that is at least as good as the best.
    fn take<T: Lane>(&mut self, cells: &Cells<'_>, counts: &Levels, prices: &[T], mask: impl Fn(usize) -> u64) {
        let level = self.layout.level;
        let limit = self.limit(counts);
        // Most rows hold nothing; their least price tells.
        if prices.iter().copied().min().is_none_or(|least| least.whole() > limit) {
            return;
        }
        for (column, price) in prices.iter().enumerate() {
            let limit = self.limit(counts);
            if price.whole() <= limit && self.equals_left > 0 {
                let equal = price.whole() == limit;
                self.equals_left -= u32::from(equal);
                let mut head = *counts;
                head[level] += price.whole();
                self.offer(&head, cells.exchange(mask(column)));
            }
        }
    }

    /// The most that the lanes may cost for a way to be at least as good as the best.
    fn limit(&self, counts: &Levels) -> i64 {
        let level = self.layout.level;
        let above = (0..level).find_map(|l| {
            let cost = counts[l].max(self.clamp[l]);
            (cost != self.best_head[l]).then_some(cost < self.best_head[l])
        });
        match above {
            Some(true) => i64::MAX,
            Some(false) => i64::MIN,
            None => self.best_head[level] - counts[level],
        }
    }

    /// Takes the split if it keeps the rules and is better on all levels together.
    fn offer(&mut self, head: &Levels, found: Found) {
        let exchange = Exchange { a: self.groups.0, b: self.groups.1, from_a: &found.from_a, from_b: &found.from_b };
        let delta = self.ledger.delta(exchange, MAX_LEVELS);
        let value = |delta: &Levels, level: usize| (self.ledger.levels[level] + delta[level]).max(self.floors[level]);
        let order = (0..MAX_LEVELS).map(|l| value(&delta, l).cmp(&value(&self.best_delta, l))).find(|o| o.is_ne());
        if delta[0] > 0 || order.is_none_or(std::cmp::Ordering::is_ge) {
            return;
        }
        let clamped = head.iter().zip(&self.clamp).map(|(cost, clamp)| *cost.max(clamp));
        self.best_head.iter_mut().zip(clamped).for_each(|(best, cost)| *best = cost);
        self.best_delta = delta;
        self.best = Some(found);
    }
}
