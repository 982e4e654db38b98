//! The list of ideal groups: every group that a plan within the limits can have.

use super::fits::{Fits, whole};
use super::halves::Rows;
use super::homes::{Homes, Room};
use super::join::AT_ONCE;
use super::lanes::{Lanes, Sizes};
use super::shapes::{Split, Tiering, shapes};
use super::sieve::Mesh;
use super::units::{Mask, Units};
use crate::solver::stop::Stop;

/// The listed groups with their sums.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups<M> {
    /// Units of each group.
    pub masks: Vec<M>,
    /// 1 for a large group.
    pub large: Vec<u8>,
    /// Sums of all lanes, `lanes` numbers a group.
    pub sums: Vec<i32>,
    /// Cost of each level, `levels` numbers a group.
    pub costs: Vec<i64>,
    /// Lanes.
    pub lanes: usize,
    /// Levels.
    pub levels: usize,
    /// Most units of a group.
    pub widest: u32,
}

impl<M: Mask> Groups<M> {
    /// Sums of a group.
    #[inline]
    pub(super) fn sums(&self, group: usize) -> &[i32] {
        &self.sums[group * self.lanes..][..self.lanes]
    }

    /// Costs of a group.
    #[inline]
    pub(super) fn costs(&self, group: usize) -> &[i64] {
        &self.costs[group * self.levels..][..self.levels]
    }
}

/// What may be listed.
pub(super) struct Listing<'a, M> {
    /// Lanes with limits.
    pub lanes: &'a Lanes,
    /// Units.
    pub units: &'a Units<M>,
    /// Sizes.
    pub sizes: Sizes,
    /// Tiers.
    pub tiering: &'a Tiering,
}

/// How a listing ended.
pub(super) enum Listed<M> {
    /// All of them.
    All(Groups<M>),
    /// More than the limits allow.
    TooMany,
    /// The clock or the work ended it.
    Stopped,
}

impl<M: Mask> Listing<'_, M> {
    /// How the class is cut in two.
    pub(super) fn split(&self) -> Split {
        let of = |large: usize| shapes(self.lanes, self.tiering, &self.sizes, large);
        let small = if self.sizes.large < self.sizes.groups { of(0) } else { Vec::new() };
        let large = if self.sizes.large > 0 { of(1) } else { Vec::new() };
        Split::best(self.tiering, &[small, large])
    }

    /// Lists all groups within the budget of moves. How many there are does not depend on the level's limit, so a list that is
    /// too long ends the proof.
    pub(super) fn around(&self, homes: &Homes, most: usize, work: &mut u64, stop: &Stop) -> Listed<M> {
        let budget = self.lanes.limits[homes.level];
        let mut found = Vec::new();
        for label in 0..self.sizes.groups {
            let room = Room { most: most - found.len(), work: *work, stop };
            let Some((more, left)) = homes.around(label, budget, self.units, self.sizes, room) else {
                *work = 0;
                return Listed::Stopped;
            };
            found.extend(more);
            *work = left;
        }
        Listed::All(self.groups(found, Some(homes)))
    }

    /// Sums and keys of each unit, free lanes only.
    pub(super) fn rows(&self, counted: &[usize]) -> Rows {
        let free: Vec<usize> =
            (0..self.lanes.list.len()).filter(|&l| self.tiering.fixed(&self.lanes.list[l]).is_none()).collect();
        let units = 0..self.units.students.len();
        let amount = |lane: usize, unit: usize| self.lanes.list[lane].amounts[unit];
        let key = |unit: usize| {
            counted.iter().enumerate().map(|(byte, &lane)| (amount(lane, unit) as u64) << (8 * byte)).sum()
        };
        Rows {
            lanes: free.len(),
            sums: units.clone().flat_map(|unit| free.iter().map(move |&lane| amount(lane, unit))).collect(),
            keys: units.map(key).collect(),
        }
    }

    /// The two free lanes whose windows are narrowest against the spread of their sums.
    pub(super) fn axes(&self, fits: &Fits) -> [usize; 2] {
        let order = self.narrowest(fits);
        let axis = |at: usize| order.get(at).map_or(usize::MAX, |(_, offset)| *offset);
        [axis(0), axis(1)]
    }

    /// The sieve's mesh, where the grid's second window would keep most pairs.
    pub(super) fn mesh(&self, fits: &Fits, large: usize) -> Option<Mesh> {
        let second = self.narrowest(fits).get(1).map_or(1.0, |(narrow, _)| *narrow);
        if second * AT_ONCE as f64 > 1.0 { Mesh::new(self.lanes, fits, self.sizes, large) } else { None }
    }

    /// The share of all pairs that the join takes to look at them.
    pub(super) fn share(&self, fits: &Fits, large: usize) -> f64 {
        let order = self.narrowest(fits);
        let window = |at: usize| order.get(at).map_or(1.0, |(narrow, _)| narrow.min(1.0));
        window(0) * if self.mesh(fits, large).is_some() { 1.0 / AT_ONCE as f64 } else { window(1) }
    }

    /// Each free lane's window against the width of a normal distribution of group sums, the narrowest first.
    fn narrowest(&self, fits: &Fits) -> Vec<(f64, usize)> {
        let narrowness = |fit: &super::fits::Fit| {
            let lane = &self.lanes.list[fit.lane];
            let n = lane.of_student.len() as f64;
            let mean = f64::from(lane.total) / n;
            let variance = lane.of_student.iter().map(|&a| (f64::from(a) - mean).powi(2)).sum::<f64>() / n;
            let width = (std::f64::consts::TAU * variance * self.sizes.small as f64).sqrt();
            (f64::from(fit.high) - f64::from(fit.low) + 1.0) / width.max(1e-9)
        };
        let mut order: Vec<(f64, usize)> =
            fits.list.iter().enumerate().map(|(offset, fit)| (narrowness(fit), offset)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        order
    }

    /// Scores the groups, drops those that wide windows let through, and puts the cheapest first.
    pub(super) fn groups(&self, found: Vec<(M, u8)>, homes: Option<&Homes>) -> Groups<M> {
        let (lanes, levels) = (self.lanes.list.len(), self.lanes.limits.len());
        let mut scored: Vec<(i64, M, u8)> = Vec::new();
        let mut sums = vec![0; lanes];
        for (mask, large) in found {
            self.sum(mask, &mut sums);
            let mut room = self.lanes.limits.clone();
            let mut cost = 0;
            for (lane, &sum) in self.lanes.list.iter().zip(&sums) {
                room[lane.level] -= whole(lane, &self.sizes, usize::from(large), sum);
                cost += if lane.level == 0 { lane.rest(1, usize::from(large), sum) } else { 0 };
            }
            if room.iter().all(|&room| room >= 0) {
                scored.push((cost, mask, large));
            }
        }
        scored.sort_unstable();
        let widest = scored.iter().map(|(_, mask, _)| mask.count()).max().unwrap_or(1);
        let mut groups = Groups { masks: vec![], large: vec![], sums: vec![], costs: vec![], lanes, levels, widest };
        for (_, mask, large) in scored {
            self.sum(mask, &mut sums);
            let mut costs = vec![0; levels];
            for (lane, &sum) in self.lanes.list.iter().zip(&sums) {
                costs[lane.level] += lane.rest(1, usize::from(large), sum);
            }
            if let Some(homes) = homes {
                costs[homes.level] += homes.cost(mask);
            }
            groups.masks.push(mask);
            groups.large.push(large);
            groups.sums.extend_from_slice(&sums);
            groups.costs.extend(costs);
        }
        groups
    }

    fn sum(&self, mask: M, sums: &mut [i32]) {
        for (lane, sum) in self.lanes.list.iter().zip(sums) {
            // A label behind the units adds nothing.
            *sum = mask.iter().filter_map(|unit| lane.amounts.get(unit)).sum();
        }
    }
}
