//! Simulated annealing over random moves, down to the focus level.
//!
//! The energy adds the levels with prices: the focus level (means, as a rule) costs itself, every higher level several times
//! a usual move of the focus level a step, so that its steps freeze out first. The best plan is kept lexicographically.

use super::moves::{Draw, Moves};
use super::stop::Stop;
use crate::goals::{Ledger, Levels, MAX_LEVELS};
use rand::{Rng, RngExt};

/// Temperature at the start and at the end, in usual changes of the focus level.
const HOT: f64 = 0.4;
const COLD: f64 = 0.01;
/// Price of a usual step of a higher level, in usual changes of the focus level.
const HIGHER: f64 = 4.0;
/// Moves between two looks at the clock.
const CLOCK_EVERY: u64 = 256;
/// Moves tried to learn how large usual changes are.
const PROBES: u32 = 256;

/// Anneals for `moves` tried moves; leaves the ledger on the best plan seen. Returns the moves tried.
pub fn anneal(
    ledger: &mut Ledger<'_>,
    moves: &Moves<'_>,
    focus: usize,
    tries: u64,
    stop: &Stop,
    rng: &mut impl Rng,
) -> u64 {
    if !moves.any() {
        return 0;
    }
    let prices = prices(ledger, moves, focus, rng);
    let mut best = (head(&ledger.levels, focus), ledger.group_of.clone());
    let mut draw = Draw::default();
    let cooling = (COLD / HOT).ln() / tries.max(1) as f64;
    for step in 0..tries {
        if step % CLOCK_EVERY == 0 && stop.reached().is_some() {
            break;
        }
        if !moves.draw(ledger, rng, &mut draw) {
            continue;
        }
        let delta = ledger.delta(draw.exchange(), focus);
        let rise: f64 = delta.iter().zip(&prices).map(|(d, price)| *d as f64 * price).sum();
        let temperature = HOT * (cooling * step as f64).exp();
        if rise <= 0.0 || rng.random::<f64>() < (-rise / temperature).exp() {
            ledger.apply(draw.exchange());
            if head(&ledger.levels, focus) < best.0 {
                best = (head(&ledger.levels, focus), ledger.group_of.clone());
            }
        }
    }
    ledger.reset(&best.1);
    tries
}

/// The levels down to the focus; deeper ones as zero.
fn head(levels: &Levels, focus: usize) -> Levels {
    let mut head = *levels;
    head[focus + 1..].fill(0);
    head
}

/// One over the usual change of the focus level, and as much more for the levels above.
fn prices(ledger: &Ledger<'_>, moves: &Moves<'_>, focus: usize, rng: &mut impl Rng) -> [f64; MAX_LEVELS] {
    let mut sums = [0.0; MAX_LEVELS];
    let mut counts = [0.0; MAX_LEVELS];
    let mut draw = Draw::default();
    for _ in 0..PROBES {
        if moves.draw(ledger, rng, &mut draw) {
            let delta = ledger.delta(draw.exchange(), focus);
            for (level, d) in delta.iter().enumerate().filter(|(_, d)| **d != 0) {
                sums[level] += d.abs() as f64;
                counts[level] += 1.0;
            }
        }
    }
    let mut prices = [0.0; MAX_LEVELS];
    for level in 0..=focus {
        let usual = if counts[level] > 0.0 { sums[level] / counts[level] } else { 1.0 };
        prices[level] = if level == focus { 1.0 } else { HIGHER } / usual;
    }
    prices
}
