//! The line between a run and the job beside it: the one tells how far it is, the other when to stop.

use super::BEAT;
use super::control::Control;
use crate::pipeline::Underway;
use crate::solver::Stop;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What solving may ask and tell.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    switch: Arc<AtomicBool>,
    ending: Arc<AtomicBool>,
    share: Arc<AtomicU64>,
    draft: Arc<Mutex<Draft>>,
    /// The process that is at work, where it is not this one.
    process: Arc<Mutex<Option<Control>>>,
}

/// The plan so far, for whoever watches.
#[derive(Debug)]
struct Draft {
    /// A document as JSON, until a beat takes it.
    json: Option<String>,
    /// When one was made last.
    made: Instant,
}

impl Default for Draft {
    fn default() -> Self {
        // What is solved before the second beat is never shown.
        Self { json: None, made: Instant::now() }
    }
}

impl Line {
    /// A clock that also ends when somebody asks to stop.
    pub(super) fn stop(&self, limit: Duration) -> Stop {
        Stop::after(Some(limit)).with_switch(Arc::clone(&self.switch))
    }

    /// Set when nobody wants the result any more, which is not so when somebody asks to stop.
    pub(super) fn ending(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.ending)
    }

    /// How far it is, 0..=1.
    pub(super) fn tell(&self, share: f64) {
        self.share.store(share.to_bits(), Ordering::Relaxed);
    }

    /// How far it is, and now and then what the plan looks like so far.
    pub(super) fn show(&self, underway: Underway<'_>) {
        self.tell(underway.share);
        let Some(so_far) = underway.so_far else { return };
        // The lock is never held for long: whoever beats must not wait for a thread that solves.
        if self.draft().made.elapsed() < BEAT / 2 {
            return;
        }
        let planned = so_far();
        // Plain data always serialises. What the judge does not agree with is shown to nobody.
        let json = planned.findings.is_empty().then(|| serde_json::to_string(&planned.document).ok()).flatten();
        let mut draft = self.draft();
        draft.json = json;
        draft.made = Instant::now();
    }

    /// What it looks like so far, unless that was taken already.
    pub(super) fn take_draft(&self) -> Option<String> {
        self.draft().json.take()
    }

    fn draft(&self) -> MutexGuard<'_, Draft> {
        self.draft.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was told last.
    pub(super) fn share(&self) -> f64 {
        f64::from_bits(self.share.load(Ordering::Relaxed))
    }

    /// Takes over a draft that was made elsewhere.
    pub(super) fn put_draft(&self, json: String) {
        self.draft().json = Some(json);
    }

    /// From now on a process is at work.
    pub(super) fn attach(&self, process: &Control) {
        *self.process() = Some(process.clone());
        if self.is_ended() {
            process.kill();
        } else if self.switch.load(Ordering::Relaxed) {
            process.stop();
        }
    }

    /// It has ended.
    pub(super) fn detach(&self) {
        *self.process() = None;
    }

    fn process(&self) -> MutexGuard<'_, Option<Control>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The best so far is to be kept; asked again, a process that does not hear it is ended.
    pub(super) fn stop_here(&self) {
        self.switch.store(true, Ordering::Relaxed);
        let process = self.process().clone();
        process.iter().for_each(Control::stop);
    }

    /// Nobody wants the result any more.
    pub(super) fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
        self.switch.store(true, Ordering::Relaxed);
        let process = self.process().clone();
        process.iter().for_each(Control::kill);
    }

    /// Whether nobody wants the result any more.
    pub(super) fn is_ended(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }
}
