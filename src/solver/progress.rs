//! What a run tells while it goes on: an estimate of its end in 0..1 and the best values so far.

use crate::goals::Levels;

/// A look at a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// 0 at the start, 1 at the end.
    pub share: f64,
    /// Values of all levels of the best plan so far.
    pub best: Option<Levels>,
    /// Seconds since the start.
    pub seconds: f64,
}

/// Whoever wants to know.
pub type Listener<'a> = &'a (dyn Fn(Progress) + Sync);
