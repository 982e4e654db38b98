//! The bench for want of the library: instances that fenzu makes itself, one of each kind.

use crate::solved;
use fenzu::sample::mdgp::{Family, MdgpSpec, Sizes, mdgp_text};

/// Runs of each instance, and processor seconds of a run at share 1.
const SEEDS: u64 = 3;
const SECONDS: f64 = 3.0;

/// Prints a table of 120 elements in 10 groups.
pub fn run(share: f64) {
    println!("| n = 120, G = 10 | mean | best | worst | seconds a run |\n|---|---|---|---|---|");
    for family in [Family::Geo, Family::RanReal, Family::RanInt] {
        for sizes in [Sizes::Equal, Sizes::Between] {
            let text = mdgp_text(&MdgpSpec { family, elements: 120, groups: 10, sizes, seed: 1 });
            let runs: Vec<(f64, f64)> = (1..=SEEDS).map(|seed| solved(&text, None, seed, SECONDS * share)).collect();
            let mean = |of: fn(&(f64, f64)) -> f64| runs.iter().map(of).sum::<f64>() / SEEDS as f64;
            let best = runs.iter().map(|run| run.0).fold(f64::MIN, f64::max);
            let worst = runs.iter().map(|run| run.0).fold(f64::MAX, f64::min);
            let (average, seconds) = (mean(|run| run.0), mean(|run| run.1));
            println!("| {family:?}, {sizes:?} | {average:.3} | {best:.3} | {worst:.3} | {seconds:.2} |");
        }
    }
}
