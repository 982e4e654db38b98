//! Large numeric data: cost and quality against the number of rows, one thread, processor seconds.

use crate::machine::{peak_memory, thread_seconds};
use crate::tables::normal;
use fenzu::problem::rows::{self, Rows};
use fenzu::solver::Stop;
use fenzu::solver::diversity::Search;
use fenzu::solver::diversity::rows::divide;
use std::process::Command;
use std::time::Duration;

const NORMAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/normal-10000x5.csv.xz");

/// The shared 10,000 rows, or others like them.
fn ten_thousand() -> Rows {
    let unpacked = Command::new("xz").args(["-dc", NORMAL]).output().ok().filter(|output| output.status.success());
    match unpacked {
        Some(output) => rows::read(&output.stdout, NORMAL).unwrap_or_else(|faults| panic!("{faults}")),
        None => normal(10_000, 5),
    }
}

/// Prints the rows of the table of docs/measurements.md.
pub fn run() {
    println!("| rows × columns | groups | limit s | processor s | between-group sum of squares | peak of memory |");
    println!("|---|---|---|---|---|---|");
    let shared = ten_thousand();
    for groups in [1000, 100, 10] {
        [0.2, 0.5, 1.0].into_iter().for_each(|limit| one(&shared, groups, limit));
    }
    for (count, limit) in [(1_000, 0.1), (10_000, 1.0), (100_000, 10.0), (1_000_000, 60.0)] {
        one(&normal(count, 5), count / 100, limit);
    }
    one(&normal(1_000_000, 5), 100_000, 60.0);
}

fn one(rows: &Rows, groups: usize, limit: f64) {
    let start = thread_seconds().unwrap_or_default();
    let stop = Stop::after_processor(Duration::from_secs_f64(limit));
    let plan = divide(rows, groups, Search { seed: 1, threads: 1, work: None }, &stop);
    let seconds = thread_seconds().unwrap_or_default() - start;
    let between = between(&rows.values, rows.columns, &plan, groups);
    let memory = peak_memory().unwrap_or_default();
    println!("| {} × {} | {groups} | {limit} | {seconds:.2} | {between:.3e} | {memory} |", rows.len(), rows.columns);
}

/// Between-group sum of squares as the total less what is inside groups; panics where sizes differ by more than one.
pub fn between(values: &[f64], columns: usize, plan: &[usize], groups: usize) -> f64 {
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); groups];
    plan.iter().enumerate().for_each(|(row, &group)| members[group].push(row));
    let floor = plan.len() / groups;
    assert!(members.iter().all(|group| (floor..=floor + 1).contains(&group.len())), "sizes within one");
    let mean =
        |rows: &[usize], c: usize| rows.iter().map(|&row| values[row * columns + c]).sum::<f64>() / rows.len() as f64;
    let all: Vec<usize> = (0..plan.len()).collect();
    let means: Vec<f64> = (0..columns).map(|c| mean(&all, c)).collect();
    let of_group = |rows: &Vec<usize>| -> f64 {
        (0..columns).map(|c| rows.len() as f64 * (mean(rows, c) - means[c]).powi(2)).sum()
    };
    members.iter().filter(|rows| !rows.is_empty()).map(of_group).sum()
}
