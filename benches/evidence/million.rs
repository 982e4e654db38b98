//! A million students: many classes of 50 on all cores, solved and judged, not written.

use crate::classes::{Shape, goal, solve};
use crate::machine::{peak_memory, processor_seconds};
use fenzu::model::GoalName;
use fenzu::solver::Prove;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Seconds of a class, at most.
const LIMIT: f64 = 10.0;

/// Classes begun, ended, and proved through means.
#[derive(Default)]
struct Counters {
    begun: AtomicU64,
    ended: AtomicU64,
    proved: AtomicU64,
}

/// Solves so many classes; prints time, share proved, and the peak of memory on the way.
pub fn run(classes: u64) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{classes} classes of 50, 3 subjects, into 5, on {cores} cores, solved and judged");
    let counters = Counters::default();
    let (start, before) = (Instant::now(), processor_seconds());
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| work(&counters, classes));
        }
    });
    let wall = start.elapsed().as_secs_f64();
    let count = classes.max(1) as f64;
    let share = 100.0 * counters.proved.load(Ordering::Relaxed) as f64 / count;
    println!("wall {wall:.1} s, {:.4} s a class and core", wall * cores as f64 / count);
    if let (Some(before), Some(after)) = (before, processor_seconds()) {
        println!("processor {:.1} s, {:.4} core-seconds a class", after - before, (after - before) / count);
    }
    println!("proved through means: {share:.1} %");
}

/// Takes class after class. Each worker has a pool of one thread: a pool for all would start a second class while one waits.
fn work(counters: &Counters, classes: u64) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap_or_else(|error| panic!("{error}"));
    loop {
        let seed = counters.begun.fetch_add(1, Ordering::Relaxed) + 1;
        if seed > classes {
            return;
        }
        let planned = pool.install(|| solve(&Shape::usual(50, 5).prepared(seed), Prove::Model, LIMIT));
        counters.proved.fetch_add(u64::from(goal(&planned, GoalName::Means).proved), Ordering::Relaxed);
        let ended = counters.ended.fetch_add(1, Ordering::Relaxed) + 1;
        let milestone = [10, 50, 100].into_iter().find(|percent| ended == (classes * percent).div_ceil(100));
        if let Some(percent) = milestone {
            println!("after {percent} %: peak of memory {}", peak_memory().unwrap_or_else(|| "unknown".to_owned()));
        }
    }
}
