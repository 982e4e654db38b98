//! The reconciler: what waits without a job gets one, what a silent worker held is handed on or buried.
//!
//! Every process has one; two that find the same row are told apart by the store, which lets one of them take the step. A worker
//! is silent when its row's sign of life stays the same while this process counts ten seconds: no clock that is set, on this
//! machine or another, makes a worker dead or keeps one alive.

use super::desk::Desk;
use super::{Failure, Job, Kind, MOST_ATTEMPTS, QueueError, SILENCE};
use crate::store::{Orphan, State, StoreError, now};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// Between two looks, and how much longer it may be: processes that start together do not look together.
const LOOK: Duration = Duration::from_secs(3);
const JITTER_MILLIS: u64 = 1_000;
/// Most milliseconds between the clocks of machines that work together: a part of [`SILENCE`].
const CLOCKS_APART: u64 = 2_000;
/// Looks between two removals of what is done.
const TIDY: u32 = 20;

/// Why a look came to nothing.
#[derive(Debug, thiserror::Error)]
enum ReconcileError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Queue(#[from] QueueError),
}

/// What this process has seen of the rows that are being worked on, by a clock that nobody sets.
#[derive(Debug, Default)]
struct Watch {
    /// The last sign of life of each row, and when it was first seen.
    rows: HashMap<(Kind, String), (i64, Instant)>,
    /// The time of day at the last look.
    looked: Option<(i64, Instant)>,
}

impl Watch {
    /// Those of the rows that wait, or whose sign of life has not changed for long.
    fn silent(&mut self, found: Vec<(Kind, Orphan)>) -> Vec<(Kind, Orphan)> {
        let known = std::mem::take(&mut self.rows);
        for (kind, orphan) in found.iter().filter(|(_, orphan)| orphan.state == State::Running) {
            let key = (*kind, orphan.id.clone());
            let before = known.get(&key).filter(|(stamp, _)| *stamp == orphan.stamp);
            let since = before.map_or_else(Instant::now, |(_, since)| *since);
            self.rows.insert(key, (orphan.stamp, since));
        }
        let silent = |kind: Kind, orphan: &Orphan| {
            self.rows.get(&(kind, orphan.id.clone())).is_none_or(|(_, since)| since.elapsed() >= SILENCE)
        };
        found.into_iter().filter(|(kind, orphan)| silent(*kind, orphan)).collect()
    }

    /// Whether the time of day went back since the last look.
    fn went_back(&mut self) -> bool {
        let (now, instant) = (now(), Instant::now());
        let before = self.looked.replace((now, instant));
        let expected = before.map(|(then, since)| then.saturating_add(millis(instant.duration_since(since))));
        expected.is_some_and(|expected| now < expected - millis(LOOK))
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Looks again and again, at once first: a process that comes back finds what it left.
pub(super) async fn run(desk: Arc<Desk>) {
    let mut watch = Watch::default();
    for look in 0_u32.. {
        if let Err(error) = once(&desk, &mut watch).await {
            tracing::warn!(%error, "the reconciler could not look");
        }
        desk.processes.forget_batches();
        if look % TIDY == 0
            && let Err(error) = tidy(&desk).await
        {
            tracing::warn!(%error, "the queue could not be tidied");
        }
        let jitter = now().unsigned_abs().wrapping_mul(6_364_136_223_846_793_005) >> 33;
        sleep(LOOK + Duration::from_millis(jitter % JITTER_MILLIS)).await;
    }
}

/// Removes what is done, and tells of a clock that would make others think this worker dead.
async fn tidy(desk: &Desk) -> Result<(), QueueError> {
    let milliseconds = desk.queue.clock_ahead().await?;
    if milliseconds.unsigned_abs() > CLOCKS_APART {
        tracing::error!(milliseconds, "this machine's clock is not the database's: set it by NTP");
    }
    desk.queue.tidy().await
}

/// One look at everything.
async fn once(desk: &Desk, watch: &mut Watch) -> Result<(), ReconcileError> {
    if watch.went_back() {
        tracing::warn!("the time of day went back");
        desk.queue.pull_in().await?;
    }
    let (silent, ahead) = (now() - millis(SILENCE), now() + millis(SILENCE));
    let mut found = Vec::new();
    for kind in [Kind::Plan, Kind::Batch, Kind::Class] {
        let rows = desk.store.work(kind.table()).orphans(silent, ahead).await?;
        found.extend(rows.into_iter().map(|orphan| (kind, orphan)));
    }
    let orphans = watch.silent(found);
    if orphans.is_empty() {
        return Ok(());
    }
    let live = desk.queue.live().await?;
    let mut jobs = Vec::new();
    for (kind, orphan) in orphans {
        let job = Job { kind, school: orphan.school.clone(), id: orphan.id.clone() };
        if handed_on(desk, &job, &orphan, &live).await? {
            jobs.push(job);
        }
    }
    if !jobs.is_empty() {
        tracing::info!(jobs = jobs.len(), "work that was left alone has jobs again");
        desk.queue.push_all(&jobs).await?;
    }
    Ok(())
}

/// Whether the orphan waits now and needs a job.
async fn handed_on(desk: &Desk, job: &Job, orphan: &Orphan, live: &HashSet<String>) -> Result<bool, StoreError> {
    let work = desk.store.work(job.kind.table());
    if orphan.state == State::Queued {
        return Ok(!live.contains(&job.subject()) && work.requeue(&job.id, orphan.stamp).await?);
    }
    if orphan.attempts < MOST_ATTEMPTS {
        return work.requeue(&job.id, orphan.stamp).await;
    }
    let failure = Failure::worker_died();
    let error = serde_json::to_string(&failure).unwrap_or_default();
    let buried = work.bury(&job.id, orphan.stamp, &error).await?;
    if buried {
        failure.count(job.kind);
        tracing::error!(job = job.subject(), attempts = orphan.attempts, "buried: every worker that took it died");
        desk.queue.tell(&job.id);
    }
    Ok(false)
}
