//! Two-group re-split: every way to divide the members of two groups again, at once.
//!
//! The members that may move lie in cells (tiers; without tiers two halves). Ways with the same number from each cell form a
//! configuration; those with worse tier counts than now are left out. Inside a configuration the ways are the pairs of one
//! subset of the first cells with one of the others, so that two short lists stand for 30,240 ways (10 + 10 at 3/5/2). Where
//! there are too many ways, some members stay put, drawn at random.

mod cells;

use super::atoms::Atoms;
use super::stop::Stop;
use crate::goals::ledger::{Exchange, Ledger};
use crate::goals::{Levels, MAX_LEVELS, Shape, Term};
use crate::problem::Problem;
use cells::{Cells, Subsets};
use rand::Rng;

/// Most ways looked at in one re-split.
const MOST_WAYS: u64 = 60_000;

/// Re-splits pairs of groups of one problem.
pub struct Resplit<'a> {
    problem: &'a Problem,
    atoms: &'a Atoms,
    focus: usize,
    has_rules: bool,
}

/// The exchange that a re-split found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Students who leave the first group.
    pub from_a: Vec<usize>,
    /// Students who leave the second.
    pub from_b: Vec<usize>,
}

/// The pair as it stands and the best split seen.
struct Pair<'l, 'o> {
    ledger: &'l Ledger<'o>,
    a: usize,
    b: usize,
    /// Values below these do not count as better (tolerances of finished levels).
    floors: &'l Levels,
    /// Terms that change with the split: sum of both groups, level, shape, weight.
    totals: Vec<i64>,
    costs: Vec<(usize, Shape, i64)>,
    /// Cost of the levels in the pair now and of the best split, clamped to the floors.
    best_head: Levels,
    best_delta: Levels,
    best: Option<Found>,
    focus: usize,
    clamp: Levels,
}

impl<'a> Resplit<'a> {
    /// Prepares re-splits that price every split down to level `focus`, and deeper levels among equals.
    #[must_use]
    pub fn new(problem: &'a Problem, atoms: &'a Atoms, focus: usize) -> Self {
        Self { problem, atoms, focus, has_rules: !problem.rules.is_empty() }
    }

    /// The best split of groups `a` and `b` that is better than the present one, with the number of ways looked at.
    pub fn best(
        &self,
        ledger: &Ledger<'_>,
        (a, b): (usize, usize),
        floors: &Levels,
        stop: &Stop,
        rng: &mut impl Rng,
    ) -> (Option<Found>, u64) {
        let cells = Cells::draw(self.problem, self.atoms, ledger, (a, b), MOST_WAYS, rng);
        let mut pair = Pair::new(ledger, a, b, floors, self.focus);
        let mut ways = 0;
        for configuration in cells.configurations() {
            if stop.reached().is_some() {
                break;
            }
            let (first, second) = cells.halves(&configuration, ledger, pair.costs.len());
            ways += first.len() as u64 * second.len() as u64;
            self.scan(&mut pair, &cells, &first, &second);
        }
        (pair.best, ways)
    }

    /// Prices every pair of subsets.
    fn scan(&self, pair: &mut Pair<'_, '_>, cells: &Cells<'_>, first: &Subsets, second: &Subsets) {
        let n = self.problem.students as i64;
        let columns = second.len();
        let mut costs: Vec<Vec<i64>> = vec![vec![0; columns]; pair.focus + 1];
        for row in 0..first.len() {
            costs.iter_mut().for_each(|level| level.fill(0));
            for (f, &(level, shape, weight)) in pair.costs.iter().enumerate() {
                let (base, total) = (cells.base[f] + first.sums[f][row], pair.totals[f]);
                let out = &mut costs[level];
                match shape {
                    // Inlined so that the compiler makes lanes of it; this is where the time goes.
                    Shape::Deviation => {
                        for (cost, d) in out.iter_mut().zip(&second.sums[f]) {
                            let d = base + d;
                            *cost += weight * (d.abs() + (total - d).abs());
                        }
                    }
                    _ => {
                        for (cost, d) in out.iter_mut().zip(&second.sums[f]) {
                            let d = base + d;
                            *cost += Term::cost(shape, weight, d, n) + Term::cost(shape, weight, total - d, n);
                        }
                    }
                }
            }
            for column in 0..columns {
                if pair.is_candidate(&costs, column) {
                    let found = cells.exchange(first.masks[row] | second.masks[column]);
                    pair.offer(&costs, column, found, self.has_rules);
                }
            }
        }
    }
}

impl<'l, 'o> Pair<'l, 'o> {
    fn new(ledger: &'l Ledger<'o>, a: usize, b: usize, floors: &'l Levels, focus: usize) -> Self {
        let n = ledger.objective().students as i64;
        let costs: Vec<_> = ledger.costs().iter().copied().take_while(|(level, ..)| *level <= focus).collect();
        let (sums_a, sums_b) = (ledger.sums(a), ledger.sums(b));
        let mut head = [0; MAX_LEVELS];
        for (f, &(level, shape, weight)) in costs.iter().enumerate() {
            head[level] += Term::cost(shape, weight, sums_a[f], n) + Term::cost(shape, weight, sums_b[f], n);
        }
        let mut clamp = [i64::MIN; MAX_LEVELS];
        for level in 0..=focus {
            clamp[level] = floors[level].saturating_sub(ledger.levels[level] - head[level]);
        }
        let mut best_head = [0; MAX_LEVELS];
        for level in 0..=focus {
            best_head[level] = head[level].max(clamp[level]);
        }
        Self {
            ledger,
            a,
            b,
            floors,
            totals: costs.iter().enumerate().map(|(f, _)| sums_a[f] + sums_b[f]).collect(),
            costs,
            best_head,
            best_delta: [0; MAX_LEVELS],
            best: None,
            focus,
            clamp,
        }
    }

    /// Whether the column is at least as good as the best down to the focus level.
    #[inline]
    fn is_candidate(&self, costs: &[Vec<i64>], column: usize) -> bool {
        for level in 0..=self.focus {
            let cost = costs[level][column].max(self.clamp[level]);
            if cost != self.best_head[level] {
                return cost < self.best_head[level];
            }
        }
        true
    }

    /// Takes the split if it keeps the rules and is better on all levels together.
    fn offer(&mut self, costs: &[Vec<i64>], column: usize, found: Found, has_rules: bool) {
        let exchange = Exchange { a: self.a, b: self.b, from_a: &found.from_a, from_b: &found.from_b };
        let until = if has_rules || self.ledger.objective().levels.len() > self.focus { MAX_LEVELS } else { self.focus };
        let delta = self.ledger.delta(exchange, until);
        if delta[0] > 0 {
            return;
        }
        let better = |new: &Levels, old: &Levels| {
            let value = |delta: &Levels, level: usize| (self.ledger.levels[level] + delta[level]).max(self.floors[level]);
            (0..MAX_LEVELS).map(|l| value(new, l).cmp(&value(old, l))).find(|o| o.is_ne()).is_some_and(|o| o.is_lt())
        };
        if better(&delta, &self.best_delta) {
            for level in 0..=self.focus {
                self.best_head[level] = costs[level][column].max(self.clamp[level]);
            }
            self.best_delta = delta;
            self.best = Some(found);
        }
    }
}
