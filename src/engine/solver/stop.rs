//! When a run must end: the only place of the solver that looks at a clock.

use crate::plan::document::StopReason;
use cpu_time::ThreadTime;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How often the stop is looked at while something is waited for.
const LOOK: Duration = Duration::from_millis(20);
/// How long what is waited for may come after the deadline.
const GRACE: Duration = Duration::from_millis(200);

/// A deadline and a switch to end a run early. Cheap to clone; clones share the switch.
#[derive(Clone, Debug)]
pub struct Stop {
    start: Instant,
    deadline: Option<Instant>,
    /// Processor time that each thread may use, and the reading of this thread's clock at which it is used up.
    processor: Option<(Duration, Duration)>,
    cancelled: Arc<AtomicBool>,
}

impl Stop {
    /// Ends after `limit` from now; never by itself without one.
    #[must_use]
    pub fn after(limit: Option<Duration>) -> Self {
        let start = Instant::now();
        let deadline = limit.and_then(|limit| start.checked_add(limit));
        Self { start, deadline, processor: None, cancelled: Arc::new(AtomicBool::new(false)) }
    }

    /// Ends a thread after `limit` of its own processor time, which other work on the machine does not change (benches).
    #[must_use]
    pub fn after_processor(limit: Duration) -> Self {
        Self { processor: Some((limit, Duration::ZERO)), ..Self::after(None) }.on_this_thread()
    }

    /// The same for a thread that begins: its processor time counts from here.
    #[must_use]
    pub fn on_this_thread(&self) -> Self {
        let from_here = |(limit, _): (Duration, _)| (limit, ThreadTime::now().as_duration() + limit);
        Self { processor: self.processor.map(from_here), ..self.clone() }
    }

    /// Shares a switch that somebody else holds (Ctrl-C, the service's stop).
    #[must_use]
    pub fn with_switch(self, cancelled: Arc<AtomicBool>) -> Self {
        Self { cancelled, ..self }
    }

    /// Ends after a share of the time that is left; never by itself without a deadline.
    #[must_use]
    pub fn after_share(&self, share: f64) -> Self {
        let left = self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()).mul_f64(share));
        let deadline = left.and_then(|left| Instant::now().checked_add(left));
        Self { deadline: deadline.or(self.deadline), ..self.clone() }
    }

    /// Why the run must end now, if it must.
    #[must_use]
    pub fn reached(&self) -> Option<StopReason> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Some(StopReason::Cancelled);
        }
        let late = self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        let spent = self.processor.is_some_and(|(_, end)| ThreadTime::now().as_duration() >= end);
        (late || spent).then_some(StopReason::TimeLimit)
    }

    /// Waits for what another thread makes, until somebody asks to stop, or a moment after the deadline; none then, and where the
    /// thread ended without it.
    #[must_use]
    pub fn wait_for<T>(&self, made: &Receiver<T>) -> Option<T> {
        let mut late: Option<Instant> = None;
        loop {
            match made.recv_timeout(LOOK) {
                Ok(made) => return Some(made),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => match self.reached() {
                    None => {}
                    Some(StopReason::TimeLimit) if late.get_or_insert_with(Instant::now).elapsed() < GRACE => {}
                    Some(_) => return None,
                },
            }
        }
    }

    /// Seconds since the run began.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    /// Seconds until the deadline; none without one.
    #[must_use]
    pub fn seconds_left(&self) -> Option<f64> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()).as_secs_f64())
    }

    /// Share of the time that has passed, 0..=1; 0 without a deadline.
    #[must_use]
    pub fn share(&self) -> f64 {
        let left = self.seconds_left().unwrap_or(f64::INFINITY);
        let gone = self.seconds();
        if left.is_finite() && gone + left > 0.0 { gone / (gone + left) } else { 0.0 }
    }
}
