//! One chain of the search: anneal, then heat the best up a little and cool it again, many times.
//!
//! Temperatures are not fixed in distances, since distances that are sums of many coordinates freeze elsewhere than random ones:
//! they are where a share of all swaps is accepted, seen once in a quick first cooling. Between [`HOT`] and [`COLD`] the order
//! sets; [`WARM`] melts a good division only partly, so that most of what it has is kept. Each time this fails
//! [`PATIENCE`] times, cooling goes on twice as slowly, and after [`DOUBLINGS`] doublings a new lineage begins from nothing.
//! All lengths are counted in rows looked at; the clock only ends the chain.

use super::groups::Groups;
use super::matrix::Matrix;
use super::sweep::Sweep;
use crate::solver::Stop;
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64;

/// Shares of all swaps that are accepted: where a first cooling begins, where all cooling ends, where a re-heat begins.
const HOT: f64 = 0.015;
const COLD: f64 = 0.0004;
const WARM: f64 = 0.005;

/// Rows for each element in a first re-heat; a lineage's first cooling is longer by a factor.
const ROWS: usize = 300;
const FIRST: usize = 4;

/// Failures before cooling slows down, and slowings of a lineage.
const PATIENCE: usize = 3;
const DOUBLINGS: u32 = 5;

/// Temperatures of one cooling.
const STEPS: usize = 100;

/// The quick first cooling: where it begins, in standard deviations of a swap's gain; by how much it cools; rows for each
/// element at each temperature; temperatures at most.
const QUICK_START: f64 = 0.6;
const QUICK_FACTOR: f64 = 0.9;
const QUICK_ROWS: usize = 2;
const QUICK_STEPS: usize = 120;

/// Rows between two looks at the clock.
const CLOCK_EVERY: u64 = 512;

/// A division with twice its summed distance, in units of the matrix.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) doubled: i64,
    pub(super) group_of: Vec<u32>,
}

impl Found {
    fn keep(&mut self, groups: &Groups<'_>) {
        if groups.doubled > self.doubled {
            self.doubled = groups.doubled;
            self.group_of.copy_from_slice(groups.plan());
        }
    }
}

/// Where cooling begins and ends.
#[derive(Clone, Copy, Debug, Default)]
struct Temperatures {
    hot: f64,
    warm: f64,
    cold: f64,
}

/// What all chains of a run share.
#[derive(Clone, Copy)]
pub(super) struct Ground<'g> {
    pub(super) matrix: &'g Matrix,
    /// Sizes to begin with.
    pub(super) sizes: &'g [usize],
    /// Smallest and largest size of each group.
    pub(super) limits: &'g [(usize, usize)],
    pub(super) stop: &'g Stop,
}

/// One chain.
pub(super) struct Chain<'g> {
    ground: Ground<'g>,
    groups: Groups<'g>,
    sweep: Sweep,
    rng: Pcg64,
    /// Rows that may be looked at.
    work: u64,
    ended: bool,
    /// The best of the lineage.
    best: Found,
}

impl<'g> Chain<'g> {
    /// Searches until the work is done or the run must end; the best division seen.
    pub(super) fn run(ground: Ground<'g>, mut rng: Pcg64, work: u64) -> Found {
        let start = drawn(ground.sizes, &mut rng);
        let groups = Groups::new(ground.matrix, ground.sizes.len(), &start);
        let sweep = Sweep::new(ground.matrix.stride, ground.sizes.len(), &mut rng);
        let best = Found { doubled: groups.doubled, group_of: start };
        let mut chain = Self { ground, groups, sweep, rng, work, ended: false, best };
        let temperatures = chain.quick_cooling();
        let mut best = chain.best.clone();
        while !chain.ended {
            chain.lineage(&temperatures);
            if chain.best.doubled > best.doubled {
                best.clone_from(&chain.best);
            }
        }
        best
    }

    /// Cools from the disordered state in big steps, and sees where the order sets.
    fn quick_cooling(&mut self) -> Temperatures {
        let mut temperature = QUICK_START * self.usual_gain();
        let mut seen = Temperatures { hot: temperature, warm: temperature, cold: temperature };
        let (mut above_hot, mut above_warm) = (true, true);
        for _ in 0..QUICK_STEPS {
            let before = (self.sweep.rows, self.sweep.swaps);
            self.cool_step(temperature, QUICK_ROWS * self.ground.matrix.elements);
            let rows = (self.sweep.rows - before.0).max(1);
            let pairs = rows as f64 * self.ground.matrix.elements as f64;
            let share = (self.sweep.swaps - before.1) as f64 / pairs;
            above_hot &= share >= HOT;
            above_warm &= share >= WARM;
            if above_hot {
                seen.hot = temperature;
            }
            if above_warm {
                seen.warm = temperature;
            }
            seen.cold = temperature;
            if share < COLD || self.ended {
                break;
            }
            temperature *= QUICK_FACTOR;
        }
        self.best.keep(&self.groups);
        seen
    }

    /// Root mean square of a random swap's gain.
    fn usual_gain(&mut self) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        for _ in 0..4000 {
            let (i, j) = (self.element(), self.element());
            if self.groups.group_of[i] != self.groups.group_of[j] {
                sum += f64::from(self.groups.gain(i, j)).powi(2);
                count += 1.0;
            }
        }
        if count > 0.0 { f64::sqrt(sum / count) } else { 0.0 }
    }

    /// A division from nothing, re-heated until nothing more comes of it; it is left in `best`.
    fn lineage(&mut self, at: &Temperatures) {
        let mut rows = ROWS * self.ground.matrix.elements;
        self.sweep.limits = None;
        let start = drawn(self.ground.sizes, &mut self.rng);
        self.groups.reset(&start);
        self.best.doubled = i64::MIN;
        self.cool(at.hot, at.cold, FIRST * rows);
        let (mut doublings, mut failures) = (0, 0);
        let flexible = self.ground.limits.iter().any(|(low, high)| low < high);
        while !self.ended && doublings <= DOUBLINGS {
            // Sizes are free in every second re-heat only: they take time to come back to their best.
            let free = flexible && self.sweep.limits.is_none();
            self.sweep.limits = free.then(|| self.ground.limits.to_vec());
            let before = self.best.doubled;
            let group_of = std::mem::take(&mut self.best.group_of);
            self.groups.reset(&group_of);
            self.best.group_of = group_of;
            self.cool(at.warm, at.cold, rows);
            failures += 1;
            if self.best.doubled > before {
                failures = 0;
            } else if failures == PATIENCE {
                (failures, rows, doublings) = (0, 2 * rows, doublings + 1);
            }
        }
    }

    /// Cools geometrically over so many rows, then takes every gain that is left.
    fn cool(&mut self, from: f64, to: f64, rows: usize) {
        for step in 0..STEPS {
            let share = step as f64 / (STEPS - 1) as f64;
            self.cool_step(from * (to / from.max(f64::MIN_POSITIVE)).powf(share), rows / STEPS);
            self.best.keep(&self.groups);
        }
        loop {
            let before = self.groups.doubled;
            self.cool_step(0.0, self.ground.matrix.elements);
            if self.ended || self.groups.doubled == before {
                break;
            }
        }
        self.best.keep(&self.groups);
    }

    /// So many rows of random elements at one temperature.
    fn cool_step(&mut self, temperature: f64, rows: usize) {
        self.sweep.heat(temperature);
        for _ in 0..rows {
            if self.sweep.rows >= self.work
                || (self.sweep.rows.is_multiple_of(CLOCK_EVERY) && self.ground.stop.reached().is_some())
            {
                self.ended = true;
            }
            if self.ended {
                return;
            }
            let i = self.element();
            self.sweep.row(&mut self.groups, i, &mut self.rng);
        }
    }

    fn element(&mut self) -> usize {
        self.rng.random_range(0..self.ground.matrix.elements)
    }
}

/// A random division into groups of these sizes.
fn drawn(sizes: &[usize], rng: &mut Pcg64) -> Vec<u32> {
    let mut group_of: Vec<u32> =
        sizes.iter().enumerate().flat_map(|(group, &size)| std::iter::repeat_n(group as u32, size)).collect();
    group_of.shuffle(rng);
    group_of
}
