//! The table in `benches/mdgp.md`, from the rows of all runs and the published results.

use crate::ROWS;
use crate::library::{Library, Published};
use std::collections::BTreeMap;
use std::fmt::Write;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/mdgp.md");

/// The library holds distances to three decimals, the published results come from more; sums differ by less than this.
const SAME: f64 = 0.1;

/// What the runs of one instance at one share of the time came to.
#[derive(Clone, Copy, Default)]
struct Runs {
    count: f64,
    sum: f64,
    best: f64,
    seconds: f64,
}

/// Writes the table anew.
pub fn write(library: &Library) {
    let rows = std::fs::read_to_string(ROWS).unwrap_or_default();
    let mut shares: BTreeMap<String, BTreeMap<String, Runs>> = BTreeMap::new();
    for row in rows.lines() {
        let cells: Vec<&str> = row.split(',').collect();
        let [name, share, _, objective, seconds] = cells[..] else { continue };
        let (Ok(objective), Ok(seconds)) = (objective.parse::<f64>(), seconds.parse::<f64>()) else { continue };
        let runs = shares.entry(share.to_owned()).or_default().entry(name.to_owned()).or_default();
        *runs = Runs {
            count: runs.count + 1.0,
            sum: runs.sum + objective,
            best: runs.best.max(objective),
            seconds: runs.seconds + seconds,
        };
    }
    let mut text = String::from(HEAD);
    for (share, instances) in shares.iter().rev() {
        section(&mut text, share, instances, &library.published);
    }
    std::fs::write(TABLE, text).unwrap_or_else(|error| panic!("{TABLE}: {error}"));
}

const HEAD: &str = "# MDGPLIB

Written by `make bench-mdgp` from `mdgp.csv`. One thread, processor seconds. Published: TPSDP, best and average of 20 runs of 3, 20
and 120 processor seconds for n = 120, 240 and 480 (Yang et al. 2022). Our runs: 5, 2 and 1. Every objective is computed again
from the instance's file by code that shares nothing with the solver (`mdgp/judge.rs`).
";

fn section(
    text: &mut String,
    share: &str,
    instances: &BTreeMap<String, Runs>,
    published: &BTreeMap<String, Published>,
) {
    let known = || instances.iter().filter_map(|(name, runs)| Some((name, runs, published.get(name)?)));
    let reached = known().filter(|(_, runs, other)| runs.sum / runs.count >= other.average - SAME).count();
    let above = known().filter(|(_, runs, other)| runs.best > other.best + SAME).count();
    let equal = known().filter(|(_, runs, other)| (runs.best - other.best).abs() <= SAME).count();
    let count = known().count();
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "\n## At {share} of the published time\n\n{count} instances: mean at least the published average on **{reached}**; \
         best of our runs above the published best on **{above}**, equal on {equal}.\n\n\
         | instance | mean | best | published average | published best | mean − average, ‰ | seconds a run |\n\
         |---|---|---|---|---|---|---|\n"
    );
    for (name, runs, other) in known() {
        let mean = runs.sum / runs.count;
        let _ = writeln!(
            text,
            "| {name} | {mean:.3} | {:.3}{} | {:.3} | {:.3} | {:+.3} | {:.1} |",
            runs.best,
            if runs.best > other.best + SAME { " **new**" } else { "" },
            other.average,
            other.best,
            1000.0 * (mean - other.average) / other.average,
            runs.seconds / runs.count,
        );
    }
}
