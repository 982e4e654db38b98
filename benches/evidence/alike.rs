//! Tables of real kinds: fenzu beside assignment in batches, one thread, processor seconds.

use crate::batches;
use crate::large::between;
use crate::machine::thread_seconds;
use crate::tables;
use fenzu::problem::rows::{self, Rows};
use fenzu::solver::Stop;
use fenzu::solver::diversity::Search;
use fenzu::solver::diversity::rows::divide;
use std::process::Command;
use std::time::Duration;

/// Public tables beside the project, where they are there.
const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/anticlust");

/// Seconds after which fenzu is looked at again.
const LATER: f64 = 5.0;

/// Seconds that can be measured, and runs at most for them.
const CLOCK: f64 = 0.2;
const MOST_RUNS: f64 = 100.0;

/// Prints a row for each table and number of groups; only the tables whose name holds `filter`.
pub fn run(filter: &str) {
    println!(
        "| table | groups | batches: value, s | fenzu after as long | after twice as long | after {LATER} s | least |"
    );
    println!("|---|---|---|---|---|---|---|");
    let made =
        [("skewed", tables::skewed(10_000, 6)), ("flags", tables::flags(5_000, 30)), ("wide", tables::wide(5_000, 40))];
    let made = made.into_iter().map(|(name, rows)| (name.to_owned(), rows));
    let normal = [("normal".to_owned(), tables::normal(10_000, 5))];
    for (name, rows) in shared().into_iter().chain(made).chain(normal).filter(|(name, _)| name.contains(filter)) {
        [10, 100, 500, 1000].into_iter().for_each(|groups| one(&name, &rows, groups));
    }
}

/// The public tables that are there.
fn shared() -> Vec<(String, Rows)> {
    let files = std::fs::read_dir(SHARED).into_iter().flatten().flatten();
    let mut paths: Vec<_> =
        files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|e| e == "xz")).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let output = Command::new("xz").arg("-dc").arg(path).output().ok().filter(|output| output.status.success())?;
        let name = path.file_name()?.to_string_lossy().split('.').next()?.to_owned();
        let rows = rows::read(&output.stdout, &name).unwrap_or_else(|faults| panic!("{faults}"));
        Some((name, tables::standardised(rows.columns, rows.values)))
    };
    paths.iter().filter_map(read).collect()
}

fn one(name: &str, rows: &Rows, groups: usize) {
    let (mut plan, mut seconds, mut runs) = (Vec::new(), 0.0, 0.0);
    // The thread's clock is coarse: short runs are repeated.
    let start = thread_seconds().unwrap_or_default();
    while runs == 0.0 || (seconds < CLOCK && runs < MOST_RUNS) {
        plan = batches::divide(rows, groups);
        seconds = thread_seconds().unwrap_or_default() - start;
        runs += 1.0;
    }
    seconds /= runs;
    let value = |plan: &[usize]| between(&rows.values, rows.columns, plan, groups);
    let after = |limit: f64| {
        let stop = Stop::after_processor(Duration::from_secs_f64(limit));
        value(&divide(rows, groups, Search { seed: 1, threads: 1, work: None }, &stop))
    };
    let (size, batches) = (format!("{} × {}", rows.len(), rows.columns), value(&plan));
    let (early, late, later) = (after(seconds), after(2.0 * seconds), after(LATER));
    let least = tables::least(rows, groups);
    println!(
        "| {name} {size} | {groups} | {batches:.5}, {seconds:.3} | {early:.5} | {late:.5} | {later:.5} | {least:.5} |"
    );
}
