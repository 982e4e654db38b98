//! Halves: all subsets of one side with a signature, laid out for the join.

use super::shapes::{MOST_TIERS, Side, Signature, Tiering};
use super::units::{Mask, Units};

/// Subsets with their sums.
#[derive(Clone, Debug)]
pub(super) struct Halves<M> {
    /// Units of each subset.
    pub masks: Vec<M>,
    /// Sums of counted lanes, a byte each.
    pub keys: Vec<u64>,
    /// Sums of the free lanes, `lanes` numbers a subset.
    pub sums: Vec<i32>,
    /// Free lanes.
    pub lanes: usize,
}

/// What each unit adds.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    /// Free lanes.
    pub lanes: usize,
    /// `sums[unit * lanes + lane]`.
    pub sums: Vec<i32>,
    /// Key of each unit.
    pub keys: Vec<u64>,
}

impl<M: Mask> Halves<M> {
    /// All subsets of a side with the signature in which nobody is at odds.
    pub(super) fn of(side: &Side, signature: Signature, tiering: &Tiering, units: &Units<M>, rows: &Rows) -> Self {
        // What is still there from each unit on, to give up early.
        let mut ahead = vec![[0_u16; MOST_TIERS]; side.units.len() + 1];
        for (i, &unit) in side.units.iter().enumerate().rev() {
            let behind = ahead[i + 1];
            for (ahead, (behind, here)) in ahead[i].iter_mut().zip(behind.iter().zip(&tiering.of_unit[unit])) {
                *ahead = behind + u16::from(*here);
            }
        }
        let ways = side.subsets.get(&signature).map_or(0, |&ways| ways as usize);
        let mut maker = Maker {
            side,
            tiering,
            units,
            rows,
            ahead,
            halves: Self {
                masks: Vec::with_capacity(ways),
                keys: Vec::with_capacity(ways),
                sums: Vec::with_capacity(ways * rows.lanes),
                lanes: rows.lanes,
            },
            stack: vec![0; rows.lanes * (side.units.len() + 2)],
        };
        maker.extend(0, signature, (M::default(), 0, M::default()), 0);
        maker.halves
    }

    /// The free sums of a subset.
    #[inline]
    pub(super) fn sums(&self, index: usize) -> &[i32] {
        &self.sums[index * self.lanes..][..self.lanes]
    }

    /// The same subsets in another order.
    pub(super) fn in_order(&self, order: &[u32]) -> Self {
        let mut sums = Vec::with_capacity(self.sums.len());
        for &i in order {
            sums.extend_from_slice(self.sums(i as usize));
        }
        Self {
            masks: order.iter().map(|&i| self.masks[i as usize]).collect(),
            keys: order.iter().map(|&i| self.keys[i as usize]).collect(),
            sums,
            lanes: self.lanes,
        }
    }
}

struct Maker<'a, M> {
    side: &'a Side,
    tiering: &'a Tiering,
    units: &'a Units<M>,
    rows: &'a Rows,
    ahead: Vec<[u16; MOST_TIERS]>,
    halves: Halves<M>,
    /// Sums by depth.
    stack: Vec<i32>,
}

impl<M: Mask> Maker<'_, M> {
    /// Adds units from `from` on; `state` is mask, key and foes so far.
    fn extend(&mut self, from: usize, missing: Signature, state: (M, u64, M), depth: usize) {
        let lanes = self.rows.lanes;
        if missing == [0; MOST_TIERS] {
            self.halves.masks.push(state.0);
            self.halves.keys.push(state.1);
            self.halves.sums.extend_from_slice(&self.stack[depth * lanes..(depth + 1) * lanes]);
            return;
        }
        for i in from..self.side.units.len() {
            if (0..MOST_TIERS).any(|t| self.ahead[i][t] < u16::from(missing[t])) {
                return;
            }
            let unit = self.side.units[i];
            let of_unit = self.tiering.of_unit[unit];
            let mut left = missing;
            let fits = (0..MOST_TIERS).all(|t| {
                let fits = left[t] >= of_unit[t];
                left[t] = left[t].wrapping_sub(of_unit[t]);
                fits
            });
            if !fits || !state.2.misses(M::of(unit)) {
                continue;
            }
            for lane in 0..lanes {
                self.stack[(depth + 1) * lanes + lane] =
                    self.stack[depth * lanes + lane] + self.rows.sums[unit * lanes + lane];
            }
            let next = (state.0 | M::of(unit), state.1 + self.rows.keys[unit], state.2 | self.units.foes[unit]);
            self.extend(i + 1, left, next, depth + 1);
        }
    }
}
