//! Work on many classes at once: as many workers as threads, each with a pool of its own.
//!
//! A class is solved with rayon inside. In one common pool a worker that waits for a part of its own class would begin another
//! class meanwhile, and hold the first one back beyond its time limit; so each worker has a pool of one thread (more where
//! there are fewer classes than threads), and takes the next class only when its own is done.

use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Does `work` for 0..count; no new one is begun once `cancelled` is set. The results in order, none for what was not begun.
///
/// # Errors
/// Where no threads can be had.
pub fn each<T: Send>(
    count: usize,
    threads: usize,
    cancelled: &AtomicBool,
    work: &(dyn Fn(usize) -> T + Sync),
) -> Result<Vec<Option<T>>, ThreadPoolBuildError> {
    let threads = if threads == 0 { rayon::current_num_threads() } else { threads };
    let workers = threads.min(count).max(1);
    let pool = |worker: usize| {
        let share = threads / workers + usize::from(worker < threads % workers);
        ThreadPoolBuilder::new().num_threads(share).build()
    };
    let pools: Vec<_> = (0..workers).map(pool).collect::<Result<_, _>>()?;
    let next = AtomicUsize::new(0);
    let results = Mutex::new((0..count).map(|_| None).collect::<Vec<Option<T>>>());
    std::thread::scope(|scope| {
        for pool in &pools {
            scope.spawn(|| {
                while !cancelled.load(Ordering::Relaxed) {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count {
                        break;
                    }
                    let result = pool.install(|| work(at));
                    results.lock().unwrap_or_else(PoisonError::into_inner)[at] = Some(result);
                }
            });
        }
    });
    Ok(results.into_inner().unwrap_or_else(PoisonError::into_inner))
}
