//! When something is due among what its school has asked for: what is small goes before what is large, and what is large waits only
//! so long. A due time never changes, so whatever is asked for later comes behind it one day.

use std::time::Duration;

/// By how many bytes of its list a plan is due a millisecond later: one of 50 students a second, one of 20,000 some minutes.
const BYTES: i64 = 4;
/// By how much the classes of a batch are due later than a plan: somebody waits for that.
const BATCH: i64 = 60_000;

/// By how many milliseconds later than it is asked for a plan is due that may take so long and has a list of so many bytes.
#[must_use]
pub fn plan(limit: Duration, bytes: usize) -> i64 {
    millis(limit) + bytes as i64 / BYTES
}

/// The same for the class of this place in a batch: each is due when those before it may be done.
#[must_use]
pub fn class(limit: Duration, place: usize) -> i64 {
    BATCH + millis(limit).saturating_mul(place as i64)
}

fn millis(limit: Duration) -> i64 {
    i64::try_from(limit.as_millis()).unwrap_or(i64::MAX)
}
