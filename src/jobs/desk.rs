//! Where one process works: who may solve now, what is told while it goes on, and how it ends.
//!
//! Plans and classes are solved in processes of their own ([`Processes`]), batches are finished on threads of this one, while the
//! job beside them beats: every [`BEAT`] the row hears how far it is and whether it lives, and answers whether somebody asked to
//! stop. A batch that has been taken before may have killed its worker; it is finished while nothing else is at work.

use super::line::Line;
use super::order::{Answer, Order};
use super::priority::step_back;
use super::processes::{Died, Errand, Processes};
use super::solved::{End, Solved};
use super::turn::Seats;
use super::{BEAT, Failure, Job, MOST_ATTEMPTS, MOST_DEATHS, Queue, WorkConfig};
use crate::plan::document::{Status, StopReason};
use crate::roster::Limits;
use crate::store::{Batch, Heard, Outcome, Store, StoreError, Work, new_id};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{RwLock, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep};

/// How long an ended job waits for its database to take the result.
const STUBBORN: Duration = Duration::from_secs(60);
/// Longest wait between two tries.
const WAIT: Duration = Duration::from_secs(2);

/// The working place of one process.
#[derive(Debug)]
pub struct Desk {
    pub(super) store: Store,
    pub(super) queue: Queue,
    pub(super) processes: Arc<Processes>,
    worker: String,
    pub(super) seats: Seats,
    /// Held for reading by every job; for writing by a job that must be alone.
    pub(super) gate: RwLock<()>,
    /// How much of a list is read.
    pub(super) reading: Limits,
    /// Threads of one solve.
    threads: usize,
    closing: watch::Sender<bool>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// A panic: a defect of ours.
    Panicked,
    /// The process died: of a defect, for want of memory, or it was killed.
    Died,
}

/// A row that this process has claimed.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) job: Job,
    /// Names this one run: what an earlier run says late is not heard.
    pub(super) run: String,
    pub(super) attempts: i64,
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
    /// A desk with a seat for each solve, each with so many threads.
    pub(super) fn new(store: Store, queue: Queue, config: &WorkConfig, threads: usize) -> Self {
        Self {
            store,
            queue,
            processes: Arc::new(Processes::start(config.solves, threads)),
            worker: new_id(),
            seats: Seats::new(config.solves),
            gate: RwLock::new(()),
            reading: config.reading.clone(),
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

    pub(super) fn is_closing(&self) -> bool {
        *self.closing.borrow()
    }

    /// Waits until no job is at work.
    pub(super) async fn idle(&self) {
        let _alone = self.gate.write().await;
    }

    /// Threads of one solve.
    pub(super) fn threads(&self) -> usize {
        self.threads
    }

    /// A name for one run.
    pub(super) fn new_run(&self) -> String {
        format!("{}/{}", self.worker, new_id())
    }

    /// The order to read a batch.
    pub(super) async fn reading(&self, batch: &Batch) -> Result<Errand, StoreError> {
        let mut files = self.store.batches().files(&batch.school, &batch.id).await?;
        let limits = self.reading.clone();
        let blobs = files.iter_mut().map(|file| std::mem::take(&mut file.bytes)).collect();
        Ok((Order::Batch { id: batch.id.clone(), files, request: batch.request.clone(), limits }, blobs))
    }

    /// Gives an order to a process and beats beside it. The process first reads the `batch` that a class belongs to, unless it has.
    pub(super) async fn asked(
        &self,
        held: &Held,
        batch: Option<&Batch>,
        order: Errand,
    ) -> Result<(Result<Answer, Broken>, Standing), StoreError> {
        let processes = Arc::clone(&self.processes);
        let process = match processes.take(batch.map(|batch| batch.id.as_str())) {
            Ok(process) => process,
            Err(error) => {
                tracing::error!(%error, "a solving process does not start");
                return Ok((Err(Broken::Died), Standing::Ours));
            }
        };
        let mut orders = Vec::new();
        if let Some(batch) = batch.filter(|batch| process.batch.as_ref() != Some(&batch.id)) {
            orders.push(self.beside(held, patiently(|| self.reading(batch))).await?);
        }
        orders.push(order);
        let (ended, standing) = self.at_work(held, move |line| processes.ask(process, &orders, line)).await;
        let answer = match ended {
            Ok(Ok(Answer::Panicked)) | Err(Broken::Panicked) => Err(Broken::Panicked),
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(Died)) | Err(Broken::Died) => Err(Broken::Died),
        };
        Ok((answer, standing))
    }

    /// Works on a thread of its own and beats beside it.
    pub(super) async fn at_work<T: Send + 'static>(
        &self,
        held: &Held,
        work: impl FnOnce(&Line) -> T + Send + 'static,
    ) -> (Result<T, Broken>, Standing) {
        let line = Line::default();
        let inside = line.clone();
        let mut solving = tokio::task::spawn_blocking(move || work(&inside));
        let mut closing = self.closing.subscribe();
        let (mut beats, mut stops) = (beats(), self.queue.stops());
        let (mut standing, mut stop_asked) = (Standing::Ours, false);
        loop {
            tokio::select! {
                result = &mut solving => return (result.map_err(|_| Broken::Panicked), standing),
                () = beat(&mut beats, &mut stops), if standing != Standing::Gone => {
                    match held.progress(&self.store, line.share()).await {
                        Ok(Heard::GoOn) => {}
                        Ok(Heard::Stop) => (stop_asked, standing) = (true, Standing::Ours),
                        Ok(Heard::Gone) => standing = Standing::Gone,
                        // A database that restarts: the row stands, and the result waits for it.
                        Err(error) => tracing::warn!(%error, "a beat was not heard"),
                    }
                    let draft = line.take_draft();
                    if let Some(draft) = draft
                        && let Err(error) = self.store.plans().show(&held.job.id, &held.run, &draft).await
                    {
                        tracing::warn!(%error, "a draft was not kept");
                    }
                    if stop_asked {
                        line.stop_here();
                    }
                    if standing == Standing::Gone {
                        line.end();
                    }
                    self.queue.tell(&held.job.id);
                }
                () = closed(&mut closing), if standing == Standing::Ours && !stop_asked => {
                    standing = Standing::Closing;
                    line.end();
                }
            }
        }
    }

    /// Waits for something that is not solving and beats meanwhile: a large batch is read and written for longer than silence may
    /// last. Both are driven side by side, since the one may hold a lock that the other waits for.
    pub(super) async fn beside<T>(&self, held: &Held, waited_for: impl Future<Output = T>) -> T {
        let beating = async {
            let mut beats = beats();
            loop {
                beats.tick().await;
                // Whose the row is, is asked when there is something to write.
                if let Err(error) = held.progress(&self.store, 0.0).await {
                    tracing::warn!(%error, "a beat was not heard");
                }
            }
        };
        tokio::select! {
            done = waited_for => done,
            never = beating => never,
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
    pub(super) async fn broke(&self, held: &Held, broken: Broken) -> Result<(), StoreError> {
        // Not the panic's text: it may quote the input.
        tracing::error!(job = held.job.subject(), attempt = held.attempts, ?broken, "solving broke off");
        let (most, failure) = match broken {
            Broken::Panicked => (MOST_ATTEMPTS, Failure::job_failed()),
            Broken::Died => {
                metrics::counter!("fenzu_process_deaths_total").increment(1);
                // Who ends a service may end its processes a moment before.
                sleep(BEAT / 2).await;
                (MOST_DEATHS, Failure::process_died())
            }
        };
        if self.is_closing() {
            return self.hand_back(held).await;
        }
        if held.attempts >= most {
            return self.fail(held, &failure).await;
        }
        if held.retry(&self.store).await? {
            self.push_again(&held.job).await;
        }
        Ok(())
    }

    /// Ends a row with its plan.
    pub(super) async fn done(&self, held: &Held, solved: &Solved, begun: std::time::Instant) -> Result<(), StoreError> {
        if held.finish(&self.store, Outcome::Done(&solved.json)).await? {
            count(&solved.ends, begun);
        }
        self.queue.tell(&held.job.id);
        Ok(())
    }

    /// Ends a row without a result.
    pub(super) async fn fail(&self, held: &Held, failure: &Failure) -> Result<(), StoreError> {
        let error = serde_json::to_string(failure).unwrap_or_default();
        if held.finish(&self.store, Outcome::Failed(&error)).await? {
            failure.count(held.job.kind);
        }
        self.queue.tell(&held.job.id);
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

/// Counts what was solved.
fn count(ends: &[End], begun: std::time::Instant) {
    metrics::histogram!("fenzu_solve_seconds").record(begun.elapsed().as_secs_f64());
    for end in ends {
        let status = match end.status {
            Status::Optimal => "optimal",
            Status::Feasible => "feasible",
            Status::Infeasible => "infeasible",
            Status::Unknown => "unknown",
        };
        metrics::counter!("fenzu_plans_total", "status" => status).increment(1);
        metrics::counter!("fenzu_proved_total").increment(u64::from(end.stop == StopReason::Proved));
    }
}

/// The claim was the first.
fn beats() -> Interval {
    let mut beats = interval_at(Instant::now() + BEAT, BEAT);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beats
}

/// The next beat; it comes at once where something was asked to stop.
async fn beat(beats: &mut Interval, stops: &mut watch::Receiver<()>) {
    tokio::select! {
        _ = beats.tick() => {}
        Ok(()) = stops.changed() => {}
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
pub(super) fn in_pool<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(threads).start_handler(|_| step_back()).build() {
        Ok(pool) => pool.install(work),
        Err(error) => {
            tracing::warn!(%error, "no threads for a pool");
            work()
        }
    }
}

impl Held {
    /// The table of its row.
    fn work<'s>(&self, store: &'s Store) -> Work<'s> {
        store.work(self.job.kind.table())
    }

    async fn progress(&self, store: &Store, share: f64) -> Result<Heard, StoreError> {
        self.work(store).progress(&self.job.id, &self.run, share).await
    }

    /// Queues the row as if it had never been taken; false where it is this run's no longer.
    pub(super) async fn let_go(&self, store: &Store) -> Result<bool, StoreError> {
        self.work(store).hand_back(&self.job.id, &self.run).await
    }

    /// Queued again with the attempt counted; false where it is this run's no longer.
    async fn retry(&self, store: &Store) -> Result<bool, StoreError> {
        self.work(store).retry(&self.job.id, &self.run).await
    }

    /// Ends the row, also where the database is away for a while; false where it is this run's no longer.
    pub(super) async fn finish(&self, store: &Store, outcome: Outcome<'_>) -> Result<bool, StoreError> {
        patiently(|| self.work(store).finish(&self.job.id, &self.run, outcome)).await
    }
}

/// Tries again while the database is away: what took minutes to solve is not thrown away for a second's pause.
pub(super) async fn patiently<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let (begun, mut pause) = (Instant::now(), BEAT / 4);
    loop {
        match attempt().await {
            Err(error) if error.is_transient() && begun.elapsed() < STUBBORN => {
                sleep(pause).await;
                pause = (pause * 2).min(WAIT);
            }
            ended => return ended,
        }
    }
}
