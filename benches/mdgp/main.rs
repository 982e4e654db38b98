//! The public benchmark of maximally diverse grouping: every instance of MDGPLIB beside the published best method.
//!
//! ```text
//! cargo bench --bench mdgp -- [FILTER…] [--share 1]     runs what is missing, then writes benches/mdgp.md
//! cargo bench --bench mdgp -- --sample                  a few instances of `fenzu sample mdgp`, for want of the library
//! ```
//! One thread, processor seconds: 3, 20 and 120 for n = 120, 240 and 480 as published (Yang et al. 2022, 20 runs of TPSDP), or a
//! share of them; seeds 1 to 5, 1 and 2, and 1. Each run appends a row to `benches/mdgp.csv`, and runs whose row is there are not
//! repeated, so an interruption loses nothing. What a plan is worth is computed by `judge`, from the instance's text.

mod judge;
mod library;
mod sampled;
mod table;

use clap::Parser;
use fenzu::problem::distances;
use fenzu::solver::Stop;
use fenzu::solver::diversity::{Search, solve};
use library::{Library, Task};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// The rows of all runs so far.
const ROWS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/mdgp.csv");

#[derive(Parser)]
#[command(name = "mdgp", about = "MDGPLIB beside the published best method")]
struct Args {
    /// Only instances whose name holds one of these
    filters: Vec<String>,
    /// Share of the published processor time
    #[arg(long, default_value_t = 1.0)]
    share: f64,
    /// Instances that fenzu makes itself instead of the library's
    #[arg(long)]
    sample: bool,
    /// Given by cargo bench
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let args = Args::parse();
    match Library::open() {
        Some(library) if !args.sample => {
            let wanted =
                |task: &Task| args.filters.is_empty() || args.filters.iter().any(|word| task.name.contains(word));
            for task in library.tasks().into_iter().filter(wanted) {
                run(&library, &task, args.share);
            }
            table::write(&library);
        }
        _ => sampled::run(args.share),
    }
}

/// Runs the seeds of one instance that have no row yet.
fn run(library: &Library, task: &Task, share: f64) {
    let matrix = library.text(&task.matrix);
    let sizes = task.sizes.as_ref().map(|name| library.text(name));
    for seed in 1..=task.seeds {
        let key = format!("{},{share},{seed},", task.name);
        if std::fs::read_to_string(ROWS).unwrap_or_default().lines().any(|row| row.starts_with(&key)) {
            continue;
        }
        let (objective, seconds) = solved(&matrix, sizes.as_deref(), seed, task.seconds * share);
        println!("{key}{objective:.6},{seconds:.2}");
        let file = OpenOptions::new().append(true).create(true).open(Path::new(ROWS));
        let appended = file.and_then(|mut file| writeln!(file, "{key}{objective:.6},{seconds:.2}"));
        appended.unwrap_or_else(|error| panic!("{ROWS}: {error}"));
    }
}

/// One run on one thread: the judged objective, and the processor seconds used.
fn solved(matrix: &str, sizes: Option<&str>, seed: u64, limit: f64) -> (f64, f64) {
    let head = sizes.map(|text| (text.as_bytes(), "sizes"));
    let instance = distances::read(matrix.as_bytes(), "matrix", head).unwrap_or_else(|faults| panic!("{faults}"));
    let start = cpu_time::ThreadTime::now();
    let stop = Stop::after_processor(Duration::from_secs_f64(limit));
    let plan = solve(&instance, Search { seed, threads: 1, work: None }, &stop);
    let seconds = start.elapsed().as_secs_f64();
    (judge::objective(matrix, sizes, &plan), seconds)
}
