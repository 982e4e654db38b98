//! Work on long lists, done by all cores at once.

use rayon::prelude::*;

/// Lists of fewer rows are read before other threads are awake.
const LONG: usize = 8_192;

/// What each item comes to, in their order: on all cores where they belong to a list of many rows.
pub fn each<T: Send, R: Send>(items: Vec<T>, rows: usize, work: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    if rows < LONG { items.into_iter().map(work).collect() } else { items.into_par_iter().map(work).collect() }
}
