//! The sieve: a join where the windows are wide, many columns wide. No grid helps there, so all pairs are looked at, but many at a
//! time: the deviations of one half against a block of others, column by column, in whole numbers of 16 bits.
//!
//! cost + F of a lane is convex with the same slope on both sides, so it is at least slope·abs(S − ideal) less a small constant.
//! What this lower bound lets through is looked at exactly.

use super::fits::{Fits, whole};
use super::halves::Halves;
use super::lanes::{Lanes, Sizes};
use super::units::Mask;
use crate::model::ratio::gcd;
use std::ops::Range;

/// Halves of a block.
const BLOCK: usize = 64;
/// Largest deviation times weight that 16 bits hold, with room for adding a sum to it.
const LARGEST: i64 = 30_000;

/// The lower bounds of one shape's limited lanes.
#[derive(Clone, Debug)]
pub(super) struct Mesh {
    /// Offset in the sums, ideal sum and weight of each lane.
    lanes: Vec<(usize, i32, u16)>,
    /// Weighted deviations that may be let through.
    room: u16,
}

impl Mesh {
    /// None where the deviations or the room do not fit 16 bits.
    pub(super) fn new(lanes: &Lanes, fits: &Fits, sizes: Sizes, large: usize) -> Option<Self> {
        let slope = |lane: usize| {
            let (lane, others) = (&lanes.list[lane], (sizes.groups - 1, sizes.large - large));
            lane.row(1, large).2 + lane.row(others.0, others.1).2
        };
        let bent: Vec<(usize, i64)> =
            fits.list.iter().map(|fit| if fit.level == 0 { slope(fit.lane) } else { 0 }).enumerate().collect();
        let unit = bent.iter().fold(0, |unit, (_, slope)| gcd(unit, *slope));
        if unit == 0 {
            return None;
        }
        let mut mesh = Self { lanes: Vec::new(), room: 0 };
        let mut room = fits.room[0];
        for (offset, slope) in bent.into_iter().filter(|(_, slope)| *slope > 0) {
            let fit = &fits.list[offset];
            let lane = &lanes.list[fit.lane];
            if i64::from(lane.total) * (slope / unit) > LARGEST {
                return None;
            }
            let near = 2 * sizes.groups as i32 + 2;
            let gain =
                |sum: i32| slope * i64::from((sum - fit.ideal).abs()) - (whole(lane, &sizes, large, sum) - fit.least);
            room += (fit.ideal - near..=fit.ideal + near).map(gain).max().unwrap_or(0);
            mesh.lanes.push((offset, fit.ideal, (slope / unit) as u16));
        }
        // Deviations saturate at the largest number, which must stay beyond the room.
        mesh.room = u16::try_from(room / unit).ok().filter(|room| *room < u16::MAX)?;
        Some(mesh)
    }
}

/// Halves in order of one lane, with the mesh's lanes side by side.
pub(super) struct Sieve<'a, M> {
    mesh: &'a Mesh,
    /// The halves.
    pub halves: Halves<M>,
    /// Offset of the lane that they are in order of.
    pub axis: usize,
    /// Sums of the mesh's lanes, one column after another.
    columns: Vec<i16>,
}

impl<'a, M: Mask> Sieve<'a, M> {
    /// Puts the halves in order.
    pub(super) fn new(mesh: &'a Mesh, halves: &Halves<M>, axis: usize) -> Self {
        let mut order: Vec<u32> = (0..halves.masks.len() as u32).collect();
        order.sort_by_key(|&i| halves.sums(i as usize).get(axis).copied());
        let halves = halves.in_order(&order);
        let column = |&(offset, _, _): &(usize, i32, u16)| {
            (0..order.len())
                .map({
                    let halves = &halves;
                    move |j| halves.sums(j)[offset] as i16
                })
                .collect::<Vec<_>>()
        };
        let columns = mesh.lanes.iter().flat_map(column).collect();
        Self { mesh, halves, axis, columns }
    }

    /// The halves whose sum on the axis lies in a window.
    pub(super) fn within(&self, low: i32, high: i32) -> Range<usize> {
        let first = |least: i32| {
            let (mut from, mut to) = (0, self.halves.masks.len());
            while from < to {
                let middle = usize::midpoint(from, to);
                let sum = self.halves.sums(middle).get(self.axis).copied().unwrap_or(0);
                if sum < least { from = middle + 1 } else { to = middle }
            }
            from
        };
        first(low)..first(high.saturating_add(1))
    }

    /// Those of a range that may make a group with a half of these sums.
    pub(super) fn pass(&self, range: Range<usize>, sums: &[i32], mut found: impl FnMut(usize)) {
        let count = self.halves.masks.len();
        for from in range.clone().step_by(BLOCK) {
            let to = (from + BLOCK).min(range.end);
            let mut off = [0_u16; BLOCK];
            for (column, &(offset, ideal, weight)) in self.columns.chunks_exact(count).zip(&self.mesh.lanes) {
                let missing = (ideal - sums[offset]) as i16;
                for (off, sum) in off.iter_mut().zip(&column[from..to]) {
                    *off = off.saturating_add(sum.wrapping_sub(missing).unsigned_abs().wrapping_mul(weight));
                }
            }
            let off = &off[..to - from];
            if off.iter().fold(u16::MAX, |least, &off| least.min(off)) <= self.mesh.room {
                off.iter().zip(from..).filter(|(off, _)| **off <= self.mesh.room).for_each(|(_, j)| found(j));
            }
        }
    }
}
