//! The search in a list of groups: the linear programme over all of them, dives for a good plan, then trees over the groups that
//! a plan within a limit can have. Limits rise from below as the cover's do: what is found within one is the best plan of all.

use super::bound::Bound;
use super::converge::{Active, converge};
use super::pool::{Id, Pool};
use super::simplex::{Programme, Solved};
use super::tree::Tree;
use crate::solver::stop::Stop;

/// Penalty of the first programme, in groups of the best plan.
const PENALTY: f64 = 4.0;
/// Columns of the pool in which plans are first looked for.
const DIVING: usize = 40_000;
/// Dives of it.
const DIVES: usize = 8;
/// Columns of the first pool that is searched through; each next one may have so many times as many.
const FIRST_COLUMNS: usize = 3_000;
const GROWTH: usize = 3;
/// Most columns of a tree.
const MOST_COLUMNS: usize = 100_000;

/// The largest value below `best` that is a multiple of `step`; none if no plan can have it.
pub(in crate::solver) fn below(best: i64, bound: i64, step: i64) -> Option<i64> {
    let limit = (best - 1).div_euclid(step) * step;
    (limit >= bound).then_some(limit)
}

/// A search for the best plan of listed groups.
pub(in crate::solver) struct Search<'a> {
    /// All groups that a better plan can have.
    pub all: &'a Pool,
    /// The best value known.
    pub best: i64,
    /// What all values are multiples of.
    pub step: i64,
    /// No plan costs less.
    pub bound: i64,
    /// The groups of the best plan, if one was found here.
    pub found: Option<Vec<Vec<u8>>>,
    /// Nodes of all trees.
    pub nodes: u64,
    /// What may still be done.
    pub work: u64,
    /// The clock.
    pub stop: &'a Stop,
}

impl<'a> Search<'a> {
    /// A search for something better than `best`, of which nothing more is known.
    pub(in crate::solver) fn new(all: &'a Pool, best: i64, work: u64, stop: &'a Stop) -> Self {
        Self { all, best, step: 1, bound: i64::MIN / 2, found: None, nodes: 0, work, stop }
    }

    /// Looks for a better plan, among few columns only.
    pub(in crate::solver) fn improve(&mut self) {
        let Some((programme, bound)) = self.relax() else { return };
        if !self.is_proved() {
            self.dive(&programme, &bound);
        }
    }

    /// Whether nothing is better than the best plan.
    pub(in crate::solver) fn is_proved(&self) -> bool {
        self.bound >= self.best
    }

    /// Proves the best value, or finds a better one and proves that, as far as work and clock allow.
    pub(in crate::solver) fn prove(&mut self) {
        let Some((programme, bound)) = self.relax() else { return };
        if !self.is_proved() {
            self.dive(&programme, &bound);
        }
        let mut columns = FIRST_COLUMNS;
        while !self.is_proved() && self.attempt(&programme, &bound, columns) {
            columns *= GROWTH;
        }
    }

    fn limit(&self) -> i64 {
        (self.best - 1).div_euclid(self.step) * self.step
    }

    fn raise(&mut self, bound: i64) {
        let next = |value: i64| -(-value).div_euclid(self.step) * self.step;
        self.bound = next(self.bound.max(bound)).min(self.best);
    }

    /// The linear programme over all groups, with its bound.
    fn relax(&mut self) -> Option<(Programme, Bound)> {
        let unit = (self.best as f64 / self.all.groups as f64).max(1.0);
        let mut programme = Programme::new(self.all, unit, PENALTY);
        let within = (self.limit(), self.step);
        let solved = converge(&mut programme, (self.all, Active::All), within, &mut self.work, self.stop);
        let bound = Active::All.bound(self.all, &programme);
        // What is not listed is beyond the limit.
        self.raise(bound.value(self.step).min(self.limit() + self.step));
        (solved == Solved::Best).then_some((programme, bound))
    }

    /// The columns that a plan within the limit may have, the limit lowered until they are few enough.
    fn within(&self, bound: &Bound, most: usize) -> (i64, Vec<Id>) {
        let costs: Vec<i64> = (0..self.all.len() as Id).map(|id| bound.with(self.all, id, self.step)).collect();
        let mut limit = self.limit();
        let mut fitting: Vec<i64> = costs.iter().copied().filter(|&cost| cost <= limit).collect();
        if fitting.len() > most {
            let (_, &mut first_beyond, _) = fitting.select_nth_unstable(most);
            limit = (first_beyond - self.step).max(self.bound);
        }
        let ids = (0..self.all.len() as Id).filter(|&id| costs[id as usize] <= limit).collect();
        (limit, ids)
    }

    /// A tree over some columns, and the programme in their numbers.
    fn tree(&mut self, programme: &Programme, limit: i64, mut ids: Vec<Id>) -> (Tree<'_>, Programme) {
        // What is in the basis stays: it holds the inverse.
        ids.extend(programme.held());
        ids.sort_unstable();
        ids.dedup();
        let mut programme = programme.clone();
        programme.renumber(|id| ids.binary_search(&id).ok().map(|at| at as Id));
        let tree = Tree {
            pool: self.all.only(&ids),
            limit,
            step: self.step,
            best: None,
            bound: self.bound,
            nodes: 0,
            exhausted: true,
            work: &mut self.work,
            stop: self.stop,
        };
        (tree, programme)
    }

    /// Looks for better plans among the groups that are cheapest against the duals.
    fn dive(&mut self, programme: &Programme, bound: &Bound) {
        let (_, ids) = self.within(bound, DIVING);
        let limit = self.limit();
        let (mut tree, programme) = self.tree(programme, limit, ids);
        for skip in 0..DIVES {
            tree.dive(programme.clone(), skip);
        }
        let best = tree.best.take();
        self.take(best);
    }

    /// Searches the plans within a limit for which so many columns are enough; whether it ended.
    fn attempt(&mut self, programme: &Programme, bound: &Bound, columns: usize) -> bool {
        let (limit, ids) = self.within(bound, columns);
        if ids.len() > MOST_COLUMNS {
            return false;
        }
        let (mut tree, programme) = self.tree(programme, limit, ids);
        if let Some(programme) = tree.root(programme) {
            let active = (0..tree.pool.len() as Id).collect();
            tree.explore(programme, active);
        }
        let (best, exhausted, root, nodes) = (tree.best.take(), tree.exhausted, tree.bound, tree.nodes);
        self.nodes += nodes;
        let known = match (&best, exhausted) {
            // Every plan within the limit was looked at: the best one found is the best of all.
            (Some((value, _)), true) => *value,
            (None, true) => limit + self.step,
            (_, false) => root.min(limit + self.step),
        };
        self.take(best);
        self.raise(known);
        exhausted
    }

    fn take(&mut self, found: Option<(i64, Vec<Vec<u8>>)>) {
        if let Some((value, groups)) = found {
            self.best = value;
            self.found = Some(groups);
        }
    }
}
