//! Large numeric data: groups as alike as they can be, for up to millions of rows.
//!
//! The between-group sum of squares Σ_g |s_g|² / n_g (rows centred, s_g the sum of group g) is made small. Only group sums count,
//! so a swap is priced in O(columns), and only swaps of near rows change a sum little enough to be of use: each row is tried
//! with its nearest ones, from a k-d tree. Batches of neighbours are dealt out to all groups at first; then the division is
//! cooled, and re-heated twice as slowly each time. Few large groups are evened out by two swaps at once at the end (`doubles`).
//! [`even_out`] does the same from a given division, with swaps of rows of one kind only: large classes begin with it.

mod doubles;
mod sums;
mod tree;

use super::Search;
use crate::problem::rows::Rows;
use crate::solver::Stop;
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64;
use sums::Sums;
use tree::Tree;

/// Nearest rows that a row is tried with.
const NEAR: usize = 8;

/// Swaps tried for each row in the first cooling, and in all at least; at least so many tell the first temperature.
const TRIES: usize = 100;
const FEWEST_TRIES: usize = 20_000;
const FEWEST_PROBED: usize = 1000;

/// Share of tries accepted where cooling begins, and how much colder it ends, and re-heating begins.
const HOT: f64 = 0.05;
const COLD: f64 = 0.01;
const WARM: f64 = 0.3;

/// Temperatures of one cooling, and of the search for the first.
const STEPS: usize = 100;
const PROBES: usize = 60;
const PROBE_FACTOR: f64 = 0.7;

/// Swaps that tell how much a swap usually changes.
const SAMPLES: u32 = 1000;

/// Tries between two looks at the clock.
const CLOCK_EVERY: usize = 4096;

/// Divides rows into groups with sizes within one of each other; the group of each row. There must be at least as many rows as
/// groups. A try of one swap is a unit of work.
#[must_use]
pub fn divide(rows: &Rows, groups: usize, search: Search, stop: &Stop) -> Vec<usize> {
    if groups <= 1 {
        return vec![0; rows.len()];
    }
    let tree = Tree::new(&centred(rows), rows.columns);
    let near = neighbours(&tree, stop, |_, _| true);
    let ground = Ground { points: tree.points(), columns: rows.columns, near: &near, groups };
    let run = |mut rng: Pcg64, stop: &Stop| {
        let start = dealt(rows.len(), groups, &mut rng);
        Chain::run(ground, start, rng, search.work.unwrap_or(u64::MAX), stop)
    };
    let best = super::best_of(search, stop, run, |found: &Found| -found.between);
    in_order(&tree, best.group_of)
}

/// Makes groups alike by swaps of rows of one kind, at most `tries` of them tried; the group of each row. `start` gives every row
/// its group, `kinds` its kind: how many of each kind a group has stays as it is.
#[must_use]
pub fn even_out(rows: &Rows, (start, kinds): (&[usize], &[usize]), tries: u64, rng: Pcg64, stop: &Stop) -> Vec<usize> {
    let columns = rows.columns;
    let groups = start.iter().max().map_or(0, |last| last + 1);
    let centred = centred(rows);
    // One column more holds the kinds farther apart than rows can be, so that the nearest are of one kind.
    let apart = 4.0 * centred.iter().fold(1.0, |most: f64, value| most.max(value.abs())) * columns as f64;
    let with_kinds = centred.chunks_exact(columns).zip(kinds);
    let with_kinds = with_kinds.flat_map(|(row, &kind)| row.iter().copied().chain([kind as f64 * apart]));
    let tree = Tree::new(&with_kinds.collect::<Vec<f64>>(), columns + 1);
    let kind = |p: usize| kinds[tree.order[p] as usize];
    let near = neighbours(&tree, stop, |p, q| kind(p) == kind(q));
    let points: Vec<f64> =
        tree.points().chunks_exact(columns + 1).flat_map(|row| row[..columns].iter().copied()).collect();
    let start = tree.order.iter().map(|&row| start[row as usize] as u32).collect();
    let ground = Ground { points: &points, columns, near: &near, groups };
    in_order(&tree, Chain::run(ground, start, rng, tries, stop).group_of)
}

/// The groups of rows in the tree's order, in their own order.
fn in_order(tree: &Tree, groups: Vec<u32>) -> Vec<usize> {
    let mut group_of = vec![0; groups.len()];
    for (&row, group) in tree.order.iter().zip(groups) {
        group_of[row as usize] = group as usize;
    }
    group_of
}

/// The rows less their mean, which changes no sum of squares between groups.
fn centred(rows: &Rows) -> Vec<f64> {
    let mut means = vec![0.0; rows.columns];
    for row in rows.values.chunks_exact(rows.columns) {
        means.iter_mut().zip(row).for_each(|(mean, value)| *mean += value / rows.len() as f64);
    }
    rows.values.chunks_exact(rows.columns).flat_map(|row| row.iter().zip(&means).map(|(v, mean)| v - mean)).collect()
}

/// The nearest rows of each that may be swapped with it, all in the tree's order: `near[p * k + i]`. Where there are fewer, or
/// time runs out, rows are their own neighbours.
fn neighbours(tree: &Tree, stop: &Stop, fits: impl Fn(usize, usize) -> bool) -> Vec<u32> {
    let rows = tree.order.len();
    let count = NEAR.min(rows - 1);
    let mut near = Vec::with_capacity(rows * count);
    let mut ended = false;
    for p in 0..rows {
        ended = ended || (p.is_multiple_of(CLOCK_EVERY) && stop.reached().is_some());
        let found = if ended { Vec::new() } else { tree.nearest(tree.point(p), count + 1) };
        let others = found.into_iter().filter(|&q| q != p && fits(p, q)).map(|q| q as u32);
        near.extend(others.chain(std::iter::repeat(p as u32)).take(count));
    }
    near
}

/// What all chains share.
#[derive(Clone, Copy)]
struct Ground<'g> {
    /// `points[p * columns + c]`, centred.
    points: &'g [f64],
    columns: usize,
    near: &'g [u32],
    groups: usize,
}

/// A division with its between-group sum of squares.
#[derive(Clone, Debug)]
struct Found {
    between: f64,
    group_of: Vec<u32>,
}

/// One chain.
struct Chain<'g> {
    ground: Ground<'g>,
    sums: Sums<'g>,
    rng: Pcg64,
    stop: &'g Stop,
    /// Tries left.
    work: u64,
    ended: bool,
    best: Found,
}

impl<'g> Chain<'g> {
    fn run(ground: Ground<'g>, start: Vec<u32>, rng: Pcg64, work: u64, stop: &'g Stop) -> Found {
        let rows = start.len();
        let sums = Sums::new(ground.points, ground.columns, start, ground.groups);
        let best = Found { between: sums.between(), group_of: sums.group_of.clone() };
        let mut chain = Self { ground, sums, rng, stop, work, ended: false, best };
        let hot = chain.first_temperature();
        let (mut from, mut tries) = (hot, (TRIES * rows).max(FEWEST_TRIES));
        while !chain.ended {
            chain.cool(from, hot * COLD, tries);
            chain.sums.reset(&chain.best.group_of);
            if doubles::worth_trying(ground.near.len(), ground.groups) {
                doubles::even_out(&mut chain.sums, ground.near, &mut chain.rng, &|| stop.reached().is_some());
                chain.keep();
            }
            (from, tries) = (hot * WARM, tries.saturating_mul(2));
        }
        chain.best
    }

    /// The first temperature, from above, at which a share [`HOT`] of all tries is accepted.
    fn first_temperature(&mut self) -> f64 {
        let mut squares = 0.0;
        for _ in 0..SAMPLES {
            let (p, q) = self.draw();
            squares += self.sums.change(p, q).powi(2);
        }
        let mut temperature = (squares / f64::from(SAMPLES)).sqrt();
        for _ in 0..PROBES {
            let tries = self.sums.group_of.len().max(FEWEST_PROBED);
            let accepted = self.cool_step(temperature, tries);
            if self.ended || (accepted as f64) < HOT * tries as f64 {
                break;
            }
            temperature *= PROBE_FACTOR;
        }
        temperature
    }

    fn cool(&mut self, from: f64, to: f64, tries: usize) {
        for step in 0..STEPS {
            let share = step as f64 / (STEPS - 1) as f64;
            self.cool_step(from * (to / from.max(f64::MIN_POSITIVE)).powf(share), tries / STEPS);
            self.keep();
        }
    }

    /// So many tries at one temperature; the number accepted.
    fn cool_step(&mut self, temperature: f64, tries: usize) -> usize {
        let mut accepted = 0;
        for at in 0..tries {
            self.ended |= self.work == 0 || (at.is_multiple_of(CLOCK_EVERY) && self.stop.reached().is_some());
            if self.ended {
                break;
            }
            self.work -= 1;
            let (p, q) = self.draw();
            if self.sums.group_of[p] == self.sums.group_of[q] {
                continue;
            }
            let change = self.sums.change(p, q);
            if change < 0.0 || self.rng.random::<f64>() < (-change / temperature).exp() {
                self.sums.swap(p, q);
                accepted += 1;
            }
        }
        accepted
    }

    /// A row and one near it.
    fn draw(&mut self) -> (usize, usize) {
        let at = self.rng.random_range(0..self.ground.near.len());
        (at / (self.ground.near.len() / self.sums.group_of.len()), self.ground.near[at] as usize)
    }

    fn keep(&mut self) {
        let between = self.sums.between();
        if between < self.best.between {
            self.best.between = between;
            self.best.group_of.copy_from_slice(&self.sums.group_of);
        }
    }
}

/// Batches of neighbours, each dealt out to all groups in random order.
fn dealt(rows: usize, groups: usize, rng: &mut Pcg64) -> Vec<u32> {
    let mut hand: Vec<u32> = (0..groups as u32).collect();
    let mut group_of = Vec::with_capacity(rows);
    while group_of.len() < rows {
        hand.shuffle(rng);
        group_of.extend_from_slice(&hand[..groups.min(rows - group_of.len())]);
    }
    group_of
}
