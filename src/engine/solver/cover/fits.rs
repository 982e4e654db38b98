//! What a group of one shape may sum up to: cost plus rest bound of each free lane, as tables over the window that the limits
//! leave.

use super::lanes::{Lane, Lanes, Sizes};
use super::shapes::{Signature, Tiering, fixed_sum, least};

/// Widest window that is tabulated.
const WIDEST: i64 = 1 << 16;
/// Counted lanes in a key.
const KEY_LANES: usize = 8;

/// One free lane of one shape.
#[derive(Clone, Debug)]
pub(super) struct Fit {
    /// Index into `Lanes::list`.
    pub lane: usize,
    /// Its level.
    pub level: usize,
    /// The sum at which cost + F is least.
    pub ideal: i32,
    /// The window of sums.
    pub low: i32,
    /// Its end, inclusive.
    pub high: i32,
    /// cost + F over the window, less its least; empty where the window is too wide.
    pub values: Vec<i64>,
    /// The least of cost + F.
    pub least: i64,
}

/// All free lanes of one shape.
#[derive(Clone, Debug)]
pub(super) struct Fits {
    /// In the order of `Lanes::list`.
    pub list: Vec<Fit>,
    /// What is left of each level's limit after fixed lanes and all leasts.
    pub room: Vec<i64>,
}

impl Fits {
    /// None where no group of the shape can be within the limits.
    pub(super) fn new(lanes: &Lanes, tiering: &Tiering, sizes: &Sizes, shape: Signature, large: usize) -> Option<Self> {
        let mut fits = Self { list: Vec::new(), room: lanes.limits.clone() };
        for (index, lane) in lanes.list.iter().enumerate() {
            if let Some(amounts) = tiering.fixed(lane) {
                fits.room[lane.level] -= whole(lane, sizes, large, fixed_sum(&amounts, shape));
            } else {
                let (at, least) = least(lane, sizes, large);
                fits.room[lane.level] -= least;
                let (level, values) = (lane.level, Vec::new());
                fits.list.push(Fit { lane: index, level, ideal: at, low: at, high: at, values, least });
            }
        }
        if fits.room.iter().any(|&room| room < 0) {
            return None;
        }
        for fit in &mut fits.list {
            fit.open(&lanes.list[fit.lane], sizes, large, fits.room[fit.level]);
        }
        Some(fits)
    }

    /// The windows of up to eight counted lanes as keys: lowest and highest sum, and the top bits.
    pub(super) fn keys(&self, counted: &[usize]) -> Key {
        let mut key = Key::default();
        for (byte, &lane) in counted.iter().enumerate() {
            let Some(fit) = self.list.iter().find(|fit| fit.lane == lane) else { continue };
            key.low |= (fit.low.max(0) as u64) << (8 * byte);
            key.high |= (fit.high.clamp(0, 127) as u64 | 0x80) << (8 * byte);
            key.top |= 0x80 << (8 * byte);
        }
        key
    }
}

/// cost + F of a group's sum.
#[inline]
pub(super) fn whole(lane: &Lane, sizes: &Sizes, large: usize, sum: i32) -> i64 {
    lane.rest(1, large, sum) + lane.rest(sizes.groups - 1, sizes.large - large, lane.total - sum)
}

impl Fit {
    /// Widens the window from the best sum on to both sides.
    fn open(&mut self, lane: &Lane, sizes: &Sizes, large: usize, room: i64) {
        let fits = |sum: i32| whole(lane, sizes, large, sum) - self.least <= room;
        if lane.total <= 4096 {
            self.low = (0..=lane.total).find(|&sum| fits(sum)).unwrap_or(0);
            self.high = (0..=lane.total).rev().find(|&sum| fits(sum)).unwrap_or(0);
        } else {
            let best = self.low;
            let (mut no, mut yes) = (-1, best);
            while no + 1 < yes {
                let middle = no + (yes - no) / 2;
                if fits(middle) { yes = middle } else { no = middle }
            }
            self.low = yes;
            (yes, no) = (best, lane.total + 1);
            while yes + 1 < no {
                let middle = yes + (no - yes) / 2;
                if fits(middle) { yes = middle } else { no = middle }
            }
            self.high = yes;
        }
        if i64::from(self.high) - i64::from(self.low) < WIDEST {
            let value = |sum: i32| whole(lane, sizes, large, sum) - self.least;
            self.values = (self.low..=self.high).map(value).collect();
        }
    }
}

/// Windows of counted lanes, a byte each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Key {
    low: u64,
    high: u64,
    top: u64,
}

impl Key {
    /// Whether every counted sum lies in its window.
    #[inline]
    pub(super) fn admits(self, sum: u64) -> bool {
        (sum | self.top).wrapping_sub(self.low) & self.high.wrapping_sub(sum) & self.top == self.top
    }
}

/// Up to eight lanes whose sums fit seven bits.
pub(super) fn counted(lanes: &Lanes, tiering: &Tiering) -> Vec<usize> {
    let small = |index: &usize| lanes.list[*index].total <= 127 && tiering.fixed(&lanes.list[*index]).is_none();
    (0..lanes.list.len()).filter(small).take(KEY_LANES).collect()
}
