//! Listing: every group that a plan within the limits can have, looked at one by one.

use super::pool::Pool;
use crate::solver::cover::lanes::{Lanes, Sizes};
use crate::solver::cover::units::{Mask, Units};
use crate::solver::stop::Stop;
use rayon::prelude::*;

/// Longest table of a lane.
const LONGEST: i32 = 1 << 14;

/// What may be listed.
pub(super) struct Listing<'a> {
    /// Lanes with limits.
    pub lanes: &'a Lanes,
    /// Units.
    pub units: &'a Units<u128>,
    /// Sizes.
    pub sizes: Sizes,
    /// Most groups.
    pub most: usize,
}

/// Own cost, and cost + F of the others, of a lane's sums from 0 on, for a small and for a large group.
type Table = [Vec<(i64, i64)>; 2];

impl Listing<'_> {
    /// All groups, in order of their units; none where the clock came first, or where there are too many.
    pub(super) fn pool(&self, stop: &Stop) -> Option<Pool> {
        let sizes = self.sizes;
        let smallest = self.units.students.iter().map(Vec::len).min().unwrap_or(1);
        let width = (sizes.small + usize::from(sizes.large > 0)) / smallest;
        // Levels above that may cost anything at all; the last one holds rules.
        let last = self.lanes.limits.len() - 1;
        let priced: Vec<usize> = (1..last).filter(|&level| self.lanes.limits[level] > 0).collect();
        let tables: Vec<Table> = (0..self.lanes.list.len()).map(|lane| [0, 1].map(|l| self.table(lane, l))).collect();
        let amounts = self.amounts();
        let part = |first: usize| {
            let mut part = Part {
                listing: self,
                tables: &tables,
                amounts: &amounts,
                priced: &priced,
                width,
                sums: vec![0; tables.len() * (width + 1)],
                chosen: Vec::new(),
                found: Found::default(),
            };
            part.take(first, 0, 0, 0, stop).map(|()| part.found)
        };
        let units = 0..self.units.students.len();
        let parts: Vec<Found> = units.into_par_iter().with_max_len(1).map(part).collect::<Option<_>>()?;
        let count = parts.iter().map(|found| found.costs.len()).sum::<usize>();
        if count > self.most {
            return None;
        }
        let mut pool = Pool {
            units: self.units.students.len(),
            groups: sizes.groups,
            counted: sizes.large > 0,
            width,
            members: Vec::with_capacity(count * width),
            costs: Vec::with_capacity(count),
            extras: Vec::with_capacity(count * priced.len()),
            budgets: priced.iter().map(|&level| self.lanes.limits[level]).collect(),
            ..Pool::default()
        };
        for found in parts {
            pool.members.extend(found.members);
            pool.costs.extend(found.costs);
            pool.extras.extend(found.extras);
        }
        pool.drop_idle_budgets();
        Some(pool)
    }

    fn table(&self, lane: usize, large: usize) -> Vec<(i64, i64)> {
        let longest = if large > self.sizes.large { 0 } else { LONGEST.min(self.lanes.list[lane].total + 1) };
        (0..longest).map(|sum| self.cost(lane, large, sum)).collect()
    }

    /// Own cost of a group, and cost + F of the others.
    fn cost(&self, lane: usize, large: usize, sum: i32) -> (i64, i64) {
        let (lane, sizes) = (&self.lanes.list[lane], self.sizes);
        let own = lane.rest(1, large, sum);
        (own, own + lane.rest(sizes.groups - 1, sizes.large - large, lane.total - sum))
    }

    /// `amounts[unit * lanes + lane]`.
    fn amounts(&self) -> Vec<i32> {
        let of = |unit: usize| self.lanes.list.iter().map(move |lane| lane.amounts[unit]);
        (0..self.units.students.len()).flat_map(of).collect()
    }
}

#[derive(Default)]
struct Found {
    members: Vec<u8>,
    costs: Vec<i64>,
    extras: Vec<i64>,
}

/// The groups that begin with one unit.
struct Part<'p> {
    listing: &'p Listing<'p>,
    tables: &'p [Table],
    amounts: &'p [i32],
    priced: &'p [usize],
    width: usize,
    /// Sums of the lanes by depth.
    sums: Vec<i32>,
    chosen: Vec<u8>,
    found: Found,
}

impl Part<'_> {
    /// Takes a unit into the group; none once a limit is passed.
    fn take(&mut self, unit: usize, depth: usize, size: usize, foes: u128, stop: &Stop) -> Option<()> {
        let Listing { units, sizes, most, .. } = *self.listing;
        let size = size + units.students[unit].len();
        let largest = sizes.small + usize::from(sizes.large > 0);
        if size > largest || !foes.misses(u128::of(unit)) {
            return Some(());
        }
        let lanes = self.tables.len();
        for lane in 0..lanes {
            self.sums[(depth + 1) * lanes + lane] = self.sums[depth * lanes + lane] + self.amounts[unit * lanes + lane];
        }
        self.chosen.push(unit as u8);
        if size >= sizes.small {
            self.judge(depth + 1, size - sizes.small);
        }
        if size < largest {
            let foes = foes | units.foes[unit];
            for next in unit + 1..units.students.len() {
                if depth == 0 && (stop.reached().is_some() || self.found.costs.len() > most) {
                    return None;
                }
                self.take(next, depth + 1, size, foes, stop)?;
            }
        }
        self.chosen.pop();
        Some(())
    }

    /// Keeps the group if all levels are within their limits.
    fn judge(&mut self, depth: usize, large: usize) {
        let lanes = &self.listing.lanes;
        let sums = &self.sums[depth * lanes.list.len()..][..lanes.list.len()];
        let mut own = [0; crate::goals::MAX_LEVELS + 1];
        let mut level = usize::MAX;
        let mut room = 0;
        // From the rules up: they refuse most.
        for ((lane, table), (index, &sum)) in lanes.list.iter().zip(self.tables).zip(sums.iter().enumerate()).rev() {
            if lane.level != level {
                (level, room) = (lane.level, lanes.limits[lane.level]);
            }
            let known = table[large].get(sum as usize).copied();
            let (cost, whole) = known.unwrap_or_else(|| self.listing.cost(index, large, sum));
            own[level] += cost;
            room -= whole;
            if room < 0 {
                return;
            }
        }
        self.found.members.extend(&self.chosen);
        let filled = self.width - self.chosen.len();
        self.found.members.extend(std::iter::repeat_n(self.listing.units.students.len() as u8, filled));
        self.found.costs.push(own[0]);
        self.found.extras.extend(self.priced.iter().map(|&level| own[level]));
    }
}
