//! The tree: plans within a limit whose groups are all in a pool, by branching on whether two units share a group (Ryan and
//! Foster), with the programme's bound at every node.

use super::bound::Bound;
use super::converge::{Active, converge};
use super::cuts::{meetings, violated};
use super::pool::{Id, Pool};
use super::simplex::{Programme, Solved};
use crate::solver::stop::Stop;

/// Most cuts.
const MOST_CUTS: usize = 300;
/// Rounds of cuts that may bring little, one after the other.
const PATIENCE: u32 = 3;
/// Rounds of cuts bring little where the gap shrinks by less than this share.
const LITTLE: f64 = 0.02;
/// A part of a solution above this is a whole group: right-hand sides are raised a little.
const NEARLY_WHOLE: f64 = 0.99;
/// A part of a solution above this is taken into a dive at once.
const NEARLY_ONE: f64 = 0.9;

/// A search in a pool.
pub(super) struct Tree<'a> {
    /// Columns.
    pub pool: Pool,
    /// The most that a plan may cost.
    pub limit: i64,
    /// What all values are multiples of.
    pub step: i64,
    /// The best plan, with its value.
    pub best: Option<(i64, Vec<Vec<u8>>)>,
    /// A bound that no plan of the pool goes below.
    pub bound: i64,
    /// Nodes.
    pub nodes: u64,
    /// Whether everything was looked at.
    pub exhausted: bool,
    /// What may still be done.
    pub work: &'a mut u64,
    /// The clock.
    pub stop: &'a Stop,
}

impl Tree<'_> {
    /// Solves the root, with cuts; the programme with which the search goes on, none where nothing is left to be searched.
    pub(super) fn root(&mut self, mut programme: Programme) -> Option<Programme> {
        let mut idle = 0;
        loop {
            let solved = self.converge(&mut programme, Active::All);
            if self.ended() {
                self.exhausted = false;
                return None;
            }
            if solved == Solved::Stopped {
                return Some(programme);
            }
            let before = self.bound;
            self.bound = self.bound.max(self.narrow(&mut programme));
            self.take_whole(&programme);
            if self.bound > self.limit {
                return None;
            }
            let gap = (self.limit - before.min(self.limit)) as f64;
            idle = if (self.bound - before) as f64 > LITTLE * gap { 0 } else { idle + 1 };
            let support: Vec<(Id, f64)> = programme.support().collect();
            let cuts = violated(&self.pool, &support);
            if cuts.is_empty() || idle > PATIENCE || self.pool.cuts.len() + cuts.len() > MOST_CUTS {
                return Some(programme);
            }
            for cut in cuts {
                self.pool.cut(cut);
            }
            programme.take_rows(&self.pool);
        }
    }

    fn converge(&mut self, programme: &mut Programme, active: Active<'_>) -> Solved {
        converge(programme, (&self.pool, active), (self.limit, self.step), self.work, self.stop)
    }

    /// Drops all columns that no plan within the limit has; the bound.
    fn narrow(&mut self, programme: &mut Programme) -> i64 {
        let bound = Active::All.bound(&self.pool, programme);
        // What is in the basis stays: it holds the inverse.
        let fits = |id: &Id| programme.holds(*id) || bound.with(&self.pool, *id, self.step) <= self.limit;
        let ids: Vec<Id> = (0..self.pool.len() as Id).filter(fits).collect();
        if ids.len() < self.pool.len() {
            let pool = self.pool.only(&ids);
            programme.renumber(|id| ids.binary_search(&id).ok().map(|at| at as Id));
            self.pool = pool;
        }
        bound.value(self.step)
    }

    /// Takes the solution where it is a plan within the limit; whether it is one.
    fn take_whole(&mut self, programme: &Programme) -> bool {
        let support: Vec<(Id, f64)> = programme.support().collect();
        let whole = support.iter().all(|(_, value)| *value > NEARLY_WHOLE);
        whole && self.take(&support.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    }

    /// Takes groups that are a plan within the limit; whether they are one.
    fn take(&mut self, ids: &[Id]) -> bool {
        let pool = &self.pool;
        let (mut members, mut covered) = (0, 0);
        for &id in ids {
            members += pool.members(id).len();
            covered |= self.mask(id);
        }
        let is_plan =
            ids.len() == pool.groups && members == pool.units && covered.trailing_ones() as usize == pool.units;
        let value: i64 = ids.iter().map(|&id| pool.costs[id as usize]).sum();
        let keeps = |level: usize| ids.iter().map(|&id| pool.extras(id)[level]).sum::<i64>() <= pool.budgets[level];
        if !is_plan || value > self.limit || !(0..pool.budgets.len()).all(keeps) {
            return false;
        }
        self.best = Some((value, ids.iter().map(|&id| pool.members(id).to_vec()).collect()));
        self.limit = value - self.step;
        true
    }

    /// Looks for a plan quickly: again and again the largest part of the solution becomes a group. `skip` of the largest are
    /// passed over first, so that dives differ.
    pub(super) fn dive(&mut self, mut programme: Programme, skip: usize) {
        let mut active: Vec<Id> = (0..self.pool.len() as Id).collect();
        let mut skip = skip;
        loop {
            if self.converge(&mut programme, Active::Some(&active)) == Solved::Stopped {
                return;
            }
            if programme.value(&self.pool) * programme.unit > self.limit as f64 + 0.5 * self.step as f64
                || self.take_whole(&programme)
            {
                return;
            }
            let mut support: Vec<(Id, f64)> = programme.support().filter(|(_, value)| *value < NEARLY_WHOLE).collect();
            support.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let Some(&first) = support.get(skip.min(support.len().saturating_sub(1))) else { return };
            skip = 0;
            let taken: Vec<Id> = std::iter::once(first)
                .chain(support.into_iter().take_while(|(_, value)| *value > NEARLY_ONE))
                .map(|(id, _)| id)
                .collect();
            let mut fixed = 0_u128;
            let mut kept: Vec<Id> = Vec::new();
            for id in taken {
                let mask = self.mask(id);
                if mask & fixed == 0 {
                    fixed |= mask;
                    kept.push(id);
                }
            }
            let before = active.len();
            active.retain(|&id| self.mask(id) & fixed == 0 || kept.contains(&id));
            if active.len() == before {
                // A row that no column keeps: nothing more becomes whole.
                return;
            }
            programme.allow(|id| self.mask(id) & fixed == 0 || kept.contains(&id));
        }
    }

    fn mask(&self, id: Id) -> u128 {
        self.pool.members(id).iter().fold(0, |mask, &unit| mask | 1 << unit)
    }

    fn ended(&self) -> bool {
        *self.work == 0 || self.stop.reached().is_some()
    }

    /// Searches all plans of the active columns.
    pub(super) fn explore(&mut self, mut programme: Programme, mut active: Vec<Id>) {
        self.nodes += 1;
        // Wherever the programme ended, its duals prove what they prove.
        self.converge(&mut programme, Active::Some(&active));
        if self.ended() {
            self.exhausted = false;
            return;
        }
        let bound = Active::Some(&active).bound(&self.pool, &programme);
        if bound.value(self.step) > self.limit {
            return;
        }
        self.take_whole(&programme);
        active.retain(|&id| bound.with(&self.pool, id, self.step) <= self.limit);
        if bound.value(self.step) > self.limit {
            return;
        }
        let support: Vec<(Id, f64)> = programme.support().collect();
        let children = self.undecided(&support).map(|pair| self.children(&active, pair));
        // Nothing to branch on, or a row that no column keeps, and yet not closed: the numbers are too coarse.
        let Some(children) = children.filter(|two| two.iter().all(|child| child.len() < active.len())) else {
            return self.enumerate(&bound, &active);
        };
        for mut child in children {
            child.retain(|&id| bound.with(&self.pool, id, self.step) <= self.limit);
            let mut next = programme.clone();
            next.allow(|id| child.binary_search(&id).is_ok());
            self.explore(next, child);
        }
    }

    /// The columns in which two units share a group or neither is, and those in which they are apart.
    fn children(&self, active: &[Id], (a, b): (u8, u8)) -> [Vec<Id>; 2] {
        let both = |id: &Id| {
            let members = self.pool.members(*id);
            (members.contains(&a), members.contains(&b))
        };
        let together = |id: &Id| matches!(both(id), (true, true) | (false, false));
        [
            active.iter().copied().filter(together).collect(),
            active.iter().copied().filter(|id| both(id) != (true, true)).collect(),
        ]
    }

    /// Looks at all plans of the columns one by one, in whole numbers.
    fn enumerate(&mut self, bound: &Bound, ids: &[Id]) {
        let mut holders = vec![Vec::new(); self.pool.units];
        for &id in ids {
            holders[usize::from(self.pool.members(id)[0])].push((id, self.mask(id)));
        }
        self.cover(&holders, bound, 0, &mut Vec::new());
    }

    /// Covers the first unit that is left by each group that begins with it; `partial` is the bound with what is chosen.
    fn cover(&mut self, holders: &[Vec<(Id, u128)>], partial: &Bound, covered: u128, chosen: &mut Vec<Id>) {
        if partial.value(self.step) > self.limit || chosen.len() > self.pool.groups {
            return;
        }
        let first = covered.trailing_ones() as usize;
        if first == self.pool.units {
            self.take(chosen);
            return;
        }
        for &(id, mask) in &holders[first] {
            *self.work = self.work.saturating_sub(1);
            if self.ended() {
                self.exhausted = false;
                return;
            }
            if mask & covered == 0 {
                chosen.push(id);
                self.cover(holders, &partial.take(&self.pool, id), covered | mask, chosen);
                chosen.pop();
            }
        }
    }

    /// The two units of whom it is least clear whether they share a group.
    fn undecided(&self, support: &[(Id, f64)]) -> Option<(u8, u8)> {
        let met = meetings(&self.pool, support);
        let units = self.pool.units;
        let mut best = (1.0 - NEARLY_WHOLE, None);
        for a in 0..units {
            for b in 0..a {
                let value = met[a * units + b];
                let unclear = value.min(1.0 - value);
                if unclear > best.0 {
                    best = (unclear + 1e-6, Some((b as u8, a as u8)));
                }
            }
        }
        best.1
    }
}
