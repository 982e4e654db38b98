//! The join: pairs of halves whose sums lie within all windows and limits, found through a grid over two lanes where these are
//! narrow, else through the sieve.

use super::fits::{Fit, Fits, Key};
use super::halves::Halves;
use super::sieve::{Mesh, Sieve};
use super::units::{Mask, Units};
use std::ops::Range;

/// Most grid lines of a lane.
const LINES: i32 = 512;

/// Halves sorted into the cells of a grid over two of their lanes.
pub(super) struct Grid<M> {
    halves: Halves<M>,
    /// Offsets of the two lanes in the sums.
    axes: [Axis; 2],
    /// First half of each cell, row by row.
    starts: Vec<u32>,
}

/// One lane of a grid.
#[derive(Clone, Copy, Debug)]
struct Axis {
    lane: usize,
    low: i32,
    high: i32,
    width: i32,
}

impl Axis {
    fn new<M: Mask>(halves: &Halves<M>, lane: usize) -> Self {
        let sums = || (0..halves.masks.len()).map(|i| halves.sums(i).get(lane).copied().unwrap_or(0));
        let (low, high) = (sums().min().unwrap_or(0), sums().max().unwrap_or(0));
        Self { lane, low, high, width: (high - low) / LINES + 1 }
    }

    fn cells(&self) -> usize {
        ((self.high - self.low) / self.width) as usize + 1
    }

    fn cell(&self, sums: &[i32]) -> usize {
        ((sums.get(self.lane).copied().unwrap_or(0) - self.low) / self.width) as usize
    }

    /// Cells that hold sums from `from` to `to`; none if there are none.
    #[inline]
    fn range(&self, from: i32, to: i32) -> Option<(usize, usize)> {
        let (from, to) = (from.max(self.low), to.min(self.high));
        let cell = |sum: i32| ((sum - self.low) / self.width) as usize;
        (from <= to).then(|| (cell(from), cell(to)))
    }
}

impl<M: Mask> Grid<M> {
    /// Sorts halves by the lanes at two offsets.
    pub(super) fn new(halves: &Halves<M>, lanes: [usize; 2]) -> Self {
        let axes = lanes.map(|lane| Axis::new(halves, lane));
        let cells = axes[0].cells() * axes[1].cells();
        let cell = |i: usize| axes[0].cell(halves.sums(i)) * axes[1].cells() + axes[1].cell(halves.sums(i));
        let mut starts = vec![0_u32; cells + 1];
        (0..halves.masks.len()).for_each(|i| starts[cell(i) + 1] += 1);
        (1..starts.len()).for_each(|c| starts[c] += starts[c - 1]);
        let mut next = starts.clone();
        let mut order = vec![0_u32; halves.masks.len()];
        for i in 0..halves.masks.len() {
            let place = &mut next[cell(i)];
            order[*place as usize] = i as u32;
            *place += 1;
        }
        Self { halves: halves.in_order(&order), axes, starts }
    }
}

/// Pairs of the sieve that take as long as one pair of the grid.
pub(super) const AT_ONCE: u64 = 8;

/// Pairs above which it pays to look only at halves whose counts fit together.
const MANY: f64 = 1e7;

/// One side of a job, in an order that helps to find what fits.
pub(super) enum Index<'a, M> {
    /// Narrow windows.
    Grid(Grid<M>),
    /// Wide windows.
    Sieve(Sieve<'a, M>),
}

impl<M: Mask> Index<'_, M> {
    fn halves(&self) -> &Halves<M> {
        match self {
            Self::Grid(grid) => &grid.halves,
            Self::Sieve(sieve) => &sieve.halves,
        }
    }
}

/// The two sides of a job.
pub(super) struct Pool<'a, M> {
    /// The longer side.
    pub indexed: &'a Halves<M>,
    /// The shorter one.
    pub halves: &'a Halves<M>,
    /// Windows.
    pub fits: &'a Fits,
    /// The lanes of the grid.
    pub axes: [usize; 2],
    /// The sieve's mesh, where it is the way.
    pub mesh: Option<&'a Mesh>,
    /// Windows of counted lanes.
    pub key: Key,
}

impl<M: Mask> Pool<'_, M> {
    /// Puts one side in order.
    pub(super) fn index(&self, halves: &Halves<M>) -> Index<'_, M> {
        match self.mesh {
            Some(mesh) => Index::Sieve(Sieve::new(mesh, halves, self.axes[0])),
            None => Index::Grid(Grid::new(halves, self.axes)),
        }
    }

    /// The shorter side sorted by its counts, with the runs of equal counts; none where few pairs are expected or the runs
    /// are too many for a grid each.
    pub(super) fn by_key(&self, pairs: f64) -> Option<(Halves<M>, Vec<Range<usize>>)> {
        if pairs < MANY {
            return None;
        }
        let mut order: Vec<u32> = (0..self.halves.masks.len() as u32).collect();
        order.sort_by_key(|&i| self.halves.keys[i as usize]);
        let halves = self.halves.in_order(&order);
        let mut at = 0;
        let run = |run: &[u64]| {
            at += run.len();
            at - run.len()..at
        };
        let runs: Vec<Range<usize>> = halves.keys.chunk_by(|a, b| a == b).map(run).collect();
        (runs.len() > 1 && (runs.len() * self.indexed.masks.len()) as f64 * 4.0 < pairs).then_some((halves, runs))
    }

    /// Joins a run of equal counts with those of the other side whose counts fit.
    pub(super) fn join_run(&self, run: Range<usize>, units: &Units<M>, most: usize) -> (Vec<M>, u64) {
        let key = self.halves.keys[run.start];
        let fitting = |i: &u32| self.key.admits(key + self.indexed.keys[*i as usize]);
        let order: Vec<u32> = (0..self.indexed.masks.len() as u32).filter(fitting).collect();
        if order.is_empty() {
            return (Vec::new(), self.indexed.masks.len() as u64);
        }
        let index = self.index(&self.indexed.in_order(&order));
        let join = Join { index: &index, halves: self.halves, fits: self.fits, key: self.key, units };
        let (found, work) = join.groups(run, most);
        (found, work + self.indexed.masks.len() as u64)
    }
}

/// One shape's join.
pub(super) struct Join<'a, M> {
    /// The indexed side.
    pub index: &'a Index<'a, M>,
    /// The side that is gone through.
    pub halves: &'a Halves<M>,
    /// Windows.
    pub fits: &'a Fits,
    /// Windows of counted lanes.
    pub key: Key,
    /// Who is at odds with whom.
    pub units: &'a Units<M>,
}

impl<M: Mask> Join<'_, M> {
    /// All groups of `range` (indices into the halves) with the other side; the work done.
    pub(super) fn groups(&self, range: Range<usize>, most: usize) -> (Vec<M>, u64) {
        match self.index {
            Index::Grid(grid) => self.through_grid(grid, range, most),
            Index::Sieve(sieve) => self.through_sieve(sieve, range, most),
        }
    }

    fn through_sieve(&self, sieve: &Sieve<'_, M>, range: Range<usize>, most: usize) -> (Vec<M>, u64) {
        let mut found = Vec::new();
        let mut pairs = 0;
        for i in range {
            let sums = self.halves.sums(i);
            let within = match self.fits.list.get(sieve.axis) {
                Some(fit) => sieve.within(fit.low - sums[sieve.axis], fit.high - sums[sieve.axis]),
                None => 0..sieve.halves.masks.len(),
            };
            pairs += within.len() as u64;
            sieve.pass(within, sums, |j| {
                if self.fits(i, j) {
                    found.push(self.halves.masks[i] | sieve.halves.masks[j]);
                }
            });
            if found.len() > most {
                break;
            }
        }
        (found, pairs / AT_ONCE + 1)
    }

    fn through_grid(&self, grid: &Grid<M>, range: Range<usize>, most: usize) -> (Vec<M>, u64) {
        let mut found = Vec::new();
        let mut work = 0;
        let none = Fit { lane: 0, level: 0, low: 0, high: 0, values: vec![0], least: 0, ideal: 0 };
        let axis = |axis: usize| self.fits.list.get(grid.axes[axis].lane).unwrap_or(&none);
        let (first, second) = (axis(0), axis(1));
        let seconds = self.seconds(first, second);
        let exact = !seconds.is_empty() && grid.axes[0].width == 1;
        let columns = grid.axes[1].cells();
        for i in range {
            let sums = self.halves.sums(i);
            let own = |axis: usize| sums.get(grid.axes[axis].lane).copied().unwrap_or(0);
            let (a, b) = (own(0), own(1));
            let Some((from, to)) = grid.axes[0].range(first.low - a, first.high - a) else { continue };
            for row in from..=to {
                let (low, high) = if exact {
                    let sum = grid.axes[0].low + row as i32 + a;
                    seconds[(sum - first.low) as usize]
                } else {
                    (second.low, second.high)
                };
                let Some((left, right)) = grid.axes[1].range(low - b, high - b) else { continue };
                // Cells of a row lie side by side.
                let start = grid.starts[row * columns + left] as usize;
                let end = grid.starts[row * columns + right + 1] as usize;
                work += (end - start) as u64 + 1;
                for j in start..end {
                    if self.fits(i, j) {
                        found.push(self.halves.masks[i] | grid.halves.masks[j]);
                    }
                }
            }
            if found.len() > most {
                break;
            }
        }
        (found, work)
    }

    /// The second lane's window for each sum of the first, where both are of one level and tabulated.
    fn seconds(&self, first: &Fit, second: &Fit) -> Vec<(i32, i32)> {
        if first.values.is_empty() || second.values.is_empty() {
            return Vec::new();
        }
        if first.level != second.level {
            return vec![(second.low, second.high); first.values.len()];
        }
        let window = |value: &i64| {
            let room = self.fits.room[first.level] - value;
            let fits = |value: &i64| *value <= room;
            match (second.values.iter().position(fits), second.values.iter().rposition(fits)) {
                (Some(from), Some(to)) => (second.low + from as i32, second.low + to as i32),
                _ => (1, 0),
            }
        };
        first.values.iter().map(window).collect()
    }

    /// Whether two halves make a group within all windows and limits in which nobody is at odds.
    #[inline]
    fn fits(&self, i: usize, j: usize) -> bool {
        if !self.key.admits(self.halves.keys[i] + self.index.halves().keys[j]) {
            return false;
        }
        let (mine, other) = (self.halves.sums(i), self.index.halves().sums(j));
        let mut level = usize::MAX;
        let mut room = 0;
        for (fit, (a, b)) in self.fits.list.iter().zip(mine.iter().zip(other)) {
            if fit.level != level {
                (level, room) = (fit.level, self.fits.room[fit.level]);
            }
            let sum = a + b;
            room -= match fit.values.get((sum - fit.low) as u32 as usize) {
                Some(value) => *value,
                // A window too wide for a table is priced by the exact check of the listed group.
                None if fit.values.is_empty() && sum >= fit.low && sum <= fit.high => 0,
                None => return false,
            };
            if room < 0 {
                return false;
            }
        }
        let (mine, other) = (self.halves.masks[i], self.index.halves().masks[j]);
        mine.iter().all(|unit| self.units.foes[unit].misses(other))
    }
}
