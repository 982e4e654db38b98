//! Where one process works: who may solve now, what is told while it goes on, and how it ends.
//!
//! Solving blocks, so it is done on threads of its own while the job beside it beats: every [`BEAT`] the row hears how far it
//! is and whether it lives, and answers whether somebody asked to stop. A row that has been taken before may have killed its
//! worker; it is solved while nothing else is, so that it takes no other plan with it.

use super::{BEAT, Failure, Job, Kind, MOST_ATTEMPTS, Queue, batch, solving};
use crate::solver::Stop;
use crate::store::{Heard, Outcome, Store, StoreError, new_id, now};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{RwLock, Semaphore, watch};
use tokio::task::JoinError;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

/// How long an ended job waits for its database to take the result.
const STUBBORN: Duration = Duration::from_secs(60);
/// Longest wait between two tries.
const WAIT: Duration = Duration::from_secs(2);

/// The working place of one process.
#[derive(Debug)]
pub struct Desk {
    pub(super) store: Store,
    pub(super) queue: Queue,
    pub(super) crash_on: Option<String>,
    pub(super) batches: batch::Shelf,
    worker: String,
    /// Solves side by side.
    seats: Semaphore,
    /// Held for reading by every job; for writing by a job that must be alone.
    gate: RwLock<()>,
    /// Threads of one solve.
    threads: usize,
    closing: watch::Sender<bool>,
}

/// A row that this process has claimed.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) job: Job,
    /// Names this one run: what an earlier run says late is not heard.
    pub(super) run: String,
    pub(super) attempts: i64,
}

/// What solving may ask and tell.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    switch: Arc<AtomicBool>,
    ending: Arc<AtomicBool>,
    share: Arc<AtomicU64>,
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

    fn share(&self) -> f64 {
        f64::from_bits(self.share.load(Ordering::Relaxed))
    }

    fn stop_here(&self) {
        self.switch.store(true, Ordering::Relaxed);
    }

    fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
        self.stop_here();
    }
}

/// Whose the row is when solving has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// This run's; a user may have asked to stop.
    Ours,
    /// This run's, but it was cut short because the process ends.
    Closing,
    /// Somebody else's, or erased.
    Gone,
}

impl Desk {
    /// A desk with so many seats, each with so many threads.
    pub(super) fn new(store: Store, queue: Queue, seats: usize, threads: usize, crash_on: Option<String>) -> Self {
        Self {
            store,
            queue,
            crash_on,
            batches: batch::Shelf::default(),
            worker: new_id(),
            seats: Semaphore::new(seats),
            gate: RwLock::new(()),
            threads,
            closing: watch::Sender::new(false),
        }
    }

    /// The process's name among workers; new with each start.
    #[must_use]
    pub fn worker(&self) -> &str {
        &self.worker
    }

    /// Begins nothing new and cuts short what is running.
    pub(super) fn close(&self) {
        self.closing.send_replace(true);
    }

    fn is_closing(&self) -> bool {
        *self.closing.borrow()
    }

    /// Waits until no job is at work.
    pub(super) async fn idle(&self) {
        let _alone = self.gate.write().await;
    }

    /// Does a job. Whatever goes wrong is in the row, or is found by the reconciler.
    pub(super) async fn run(&self, job: &Job) {
        if let Err(error) = self.try_run(job).await {
            tracing::warn!(job = job.subject(), %error, "a job is left to the reconciler");
        }
    }

    async fn try_run(&self, job: &Job) -> Result<(), StoreError> {
        let Some(attempts) = self.attempts(job).await? else { return Ok(()) };
        if attempts > 0 {
            let _alone = self.gate.write().await;
            self.work(job).await
        } else {
            let _together = self.gate.read().await;
            // Closed by nobody.
            let _seat = self.seats.acquire().await;
            self.work(job).await
        }
    }

    async fn work(&self, job: &Job) -> Result<(), StoreError> {
        if self.is_closing() {
            self.push_again(job).await;
            return Ok(());
        }
        match job.kind {
            Kind::Plan => solving::plan(self, job).await,
            // Boxed: they hold a batch's files.
            Kind::Class => Box::pin(batch::class(self, job)).await,
            Kind::Batch => Box::pin(batch::step(self, job)).await,
        }
    }

    /// How often the row has been taken; none where it is gone.
    async fn attempts(&self, job: &Job) -> Result<Option<i64>, StoreError> {
        let Job { kind, school, id } = job;
        Ok(match kind {
            Kind::Plan => self.store.plans().get(school, id).await?.map(|plan| plan.attempts),
            Kind::Class => self.store.classes().get(school, id).await?.map(|class| class.attempts),
            Kind::Batch => self.store.batches().get(school, id).await?.map(|batch| batch.attempts),
        })
    }

    /// Threads of one solve.
    pub(super) fn threads(&self) -> usize {
        self.threads
    }

    /// A name for one run.
    pub(super) fn new_run(&self) -> String {
        format!("{}/{}", self.worker, new_id())
    }

    /// Solves on threads of its own and beats beside it.
    pub(super) async fn at_work<T: Send + 'static>(
        &self,
        held: &Held,
        work: impl FnOnce(&Line) -> T + Send + 'static,
    ) -> (Result<T, JoinError>, Standing) {
        let line = Line::default();
        let (inside, threads) = (line.clone(), self.threads);
        let mut solving = tokio::task::spawn_blocking(move || in_pool(threads, || work(&inside)));
        let mut closing = self.closing.subscribe();
        let mut beats = interval(BEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut standing, mut stop_asked) = (Standing::Ours, false);
        loop {
            tokio::select! {
                result = &mut solving => return (result, standing),
                _ = beats.tick(), if standing != Standing::Gone => {
                    match held.progress(&self.store, line.share()).await {
                        Ok(Heard::GoOn) => {}
                        Ok(Heard::Stop) => (stop_asked, standing) = (true, Standing::Ours),
                        Ok(Heard::Gone) => standing = Standing::Gone,
                        // A database that restarts: the row stands, and the result waits for it.
                        Err(error) => tracing::warn!(%error, "a beat was not heard"),
                    }
                    if stop_asked {
                        line.stop_here();
                    }
                    if standing == Standing::Gone {
                        line.end();
                    }
                    self.queue.tell(&held.job);
                }
                () = closed(&mut closing), if standing == Standing::Ours && !stop_asked => {
                    standing = Standing::Closing;
                    line.end();
                }
            }
        }
    }

    /// Hands a row back as if it had never been taken, with a job for whoever comes next.
    pub(super) async fn hand_back(&self, held: &Held) -> Result<(), StoreError> {
        if held.let_go(&self.store).await? {
            self.push_again(&held.job).await;
        }
        Ok(())
    }

    /// The work broke off in a way that may not come again: once more, or buried.
    pub(super) async fn broke(&self, held: &Held, error: &JoinError) -> Result<(), StoreError> {
        // Not the panic's text: it may quote the input.
        tracing::error!(
            job = held.job.subject(),
            attempt = held.attempts,
            panic = error.is_panic(),
            "solving broke off"
        );
        if held.attempts >= MOST_ATTEMPTS {
            return self.fail(held, &Failure::job_failed()).await;
        }
        if held.requeue(&self.store).await? {
            self.push_again(&held.job).await;
        }
        Ok(())
    }

    /// Ends a row without a result.
    pub(super) async fn fail(&self, held: &Held, failure: &Failure) -> Result<(), StoreError> {
        let error = serde_json::to_string(failure).unwrap_or_default();
        held.finish(&self.store, Outcome::Failed(&error)).await?;
        self.queue.tell(&held.job);
        Ok(())
    }

    /// A job for a row that waits; without it the reconciler finds the row later.
    pub(super) async fn push_again(&self, job: &Job) {
        self.push_all(std::slice::from_ref(job)).await;
    }

    /// Jobs for rows that wait.
    pub(super) async fn push_all(&self, jobs: &[Job]) {
        if let Err(error) = self.queue.push_all(jobs).await {
            tracing::warn!(jobs = jobs.len(), %error, "jobs were not pushed");
        }
    }
}

/// Ends when the process begins to end.
async fn closed(closing: &mut watch::Receiver<bool>) {
    if closing.wait_for(|closing| *closing).await.is_err() {
        // The desk is gone: nobody will say.
        std::future::pending::<()>().await;
    }
}

/// A pool of its own for each solve: in a common one a thread that waits for a part of its class would begin another class.
fn in_pool<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(work),
        Err(error) => {
            tracing::warn!(%error, "no threads for a pool");
            work()
        }
    }
}

impl Held {
    async fn progress(&self, store: &Store, share: f64) -> Result<Heard, StoreError> {
        let (id, run) = (&self.job.id, &self.run);
        match self.job.kind {
            Kind::Plan => store.plans().progress(id, run, share).await,
            Kind::Class => store.classes().progress(id, run, share).await,
            Kind::Batch => store.batches().progress(id, run, share).await,
        }
    }

    /// Queues the row as if it had never been taken; false where it is this run's no longer.
    pub(super) async fn let_go(&self, store: &Store) -> Result<bool, StoreError> {
        let (id, run) = (&self.job.id, &self.run);
        match self.job.kind {
            Kind::Plan => store.plans().hand_back(id, run).await,
            Kind::Class => store.classes().hand_back(id, run).await,
            Kind::Batch => store.batches().hand_back(id, run).await,
        }
    }

    /// Queued again with the attempt counted.
    async fn requeue(&self, store: &Store) -> Result<bool, StoreError> {
        requeue(store, &self.job, now() + 1).await
    }

    /// Ends the row, also where the database is away for a while; false where it is this run's no longer.
    pub(super) async fn finish(&self, store: &Store, outcome: Outcome<'_>) -> Result<bool, StoreError> {
        let mut patience = Patience::new();
        loop {
            match self.try_finish(store, outcome).await {
                Err(error) if patience.wait(&error).await => {}
                ended => return ended,
            }
        }
    }

    async fn try_finish(&self, store: &Store, outcome: Outcome<'_>) -> Result<bool, StoreError> {
        let (id, run) = (&self.job.id, &self.run);
        match (self.job.kind, outcome) {
            (Kind::Plan, outcome) => store.plans().finish(id, run, outcome).await,
            (Kind::Class, outcome) => store.classes().finish(id, run, outcome).await,
            (Kind::Batch, Outcome::Failed(error)) => store.batches().fail(id, run, error).await,
            // A batch ends with its files, or fails.
            (Kind::Batch, Outcome::Done(_) | Outcome::Cancelled) => Ok(false),
        }
    }
}

/// Tries again while the database is away: what took minutes to solve is not thrown away for a second's pause.
pub(super) struct Patience {
    begun: Instant,
    next: Duration,
}

impl Patience {
    pub(super) fn new() -> Self {
        Self { begun: Instant::now(), next: BEAT / 4 }
    }

    /// Waits before the next try; false where the error stays or it has taken too long.
    pub(super) async fn wait(&mut self, error: &StoreError) -> bool {
        if !error.is_transient() || self.begun.elapsed() > STUBBORN {
            return false;
        }
        sleep(self.next).await;
        self.next = (self.next * 2).min(WAIT);
        true
    }
}

/// Queues a row without a sign of life since `older_than` again; false where it has one.
pub(super) async fn requeue(store: &Store, job: &Job, older_than: i64) -> Result<bool, StoreError> {
    match job.kind {
        Kind::Plan => store.plans().requeue(&job.id, older_than).await,
        Kind::Class => store.classes().requeue(&job.id, older_than).await,
        Kind::Batch => store.batches().requeue(&job.id, older_than).await,
    }
}
