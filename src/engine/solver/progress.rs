//! What a run tells while it goes on.

use super::Outcome;

/// A look at a run.
#[derive(Clone, Copy)]
pub struct Progress<'a> {
    /// An estimate: 0 at the start, 1 at the end.
    pub share: f64,
    /// Makes what the run would come to if it ended now; none before there is a plan that keeps the rules.
    pub so_far: Option<&'a dyn Fn() -> Outcome>,
}

/// Whoever wants to know.
pub type Listener<'a> = &'a (dyn Fn(Progress<'_>) + Sync);
