//! Work on long lists, done by all cores at once.

use memchr::memchr;
use rayon::prelude::*;

/// Lists of fewer rows are read before other threads are awake.
const LONG: usize = 8_192;

/// Texts of fewer bytes are read before other threads are awake.
const LONG_TEXT: usize = 256 << 10;

/// A long text in as many parts as there are cores, each to the end of a line; else the text.
pub fn parts(text: &str) -> Vec<&str> {
    let count = if text.len() < LONG_TEXT { 1 } else { rayon::current_num_threads() };
    let (mut parts, mut rest) = (Vec::with_capacity(count), text);
    for left in (2..=count).rev() {
        let about = rest.len() / left;
        let Some(end) = memchr(b'\n', &rest.as_bytes()[about..]) else { break };
        let (part, behind) = rest.split_at(about + end + 1);
        parts.push(part);
        rest = behind;
    }
    parts.push(rest);
    parts
}

/// What each item comes to, in their order: on all cores where they belong to a list of many rows.
pub fn each<T: Send, R: Send>(items: Vec<T>, rows: usize, work: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    if rows < LONG { items.into_iter().map(work).collect() } else { items.into_par_iter().map(work).collect() }
}
