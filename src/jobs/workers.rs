//! The workers of one process: an apalis worker under a monitor that starts it again when the database goes away, the
//! reconciler beside it, and an end that loses nothing.

use super::desk::Desk;
use super::next::Turn;
use super::queue::Backend;
use super::{Job, Queue, WorkConfig, batch, reconcile};
use crate::store::Store;
use apalis::prelude::{BackendExt, BoxDynError, Data, Monitor, WorkerBuilder, WorkerBuilderExt};
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;
use tokio::task::JoinHandle;

/// How long running jobs may take to be handed back.
const PATIENCE: Duration = Duration::from_secs(20);

/// Before a worker starts again.
const RESTART: Duration = Duration::from_secs(1);

/// Running workers.
#[derive(Debug)]
pub struct Workers {
    desk: Arc<Desk>,
    running: JoinHandle<()>,
    reconciler: JoinHandle<()>,
}

impl Workers {
    /// Starts the workers of this process.
    #[must_use]
    pub fn start(store: Store, queue: Queue, config: &WorkConfig) -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        let seats = if config.solves == 0 { cores } else { config.solves };
        let threads = (cores / seats).max(1);
        let desk = Arc::new(Desk::new(store, queue, &WorkConfig { solves: seats, ..config.clone() }, threads));
        let monitor = monitor(&desk, seats);
        desk.queue.attend(monitor.context());
        let running = tokio::spawn(async move {
            if let Err(error) = monitor.run().await {
                tracing::error!(%error, "the workers have ended");
            }
        });
        tokio::task::spawn_blocking(batch::sweep);
        let reconciler = tokio::spawn(reconcile::run(Arc::clone(&desk)));
        tracing::info!(worker = desk.worker(), seats, "workers started");
        Self { desk, running, reconciler }
    }

    /// Fetches no more jobs, stops what is running and hands it back: another worker, or the next start, goes on with it.
    pub async fn shutdown(self) {
        self.reconciler.abort();
        self.desk.close();
        // apalis goes on meanwhile: told to end, it stands still in the middle of its own transactions until its jobs have ended,
        // and in SQLite's file these lock out the jobs that hand back.
        if tokio::time::timeout(PATIENCE, self.desk.idle()).await.is_err() {
            tracing::warn!("jobs were left running; they are taken up again when they have been silent for a while");
        }
        self.running.abort();
        let _ = self.running.await;
        if let Err(error) = self.desk.queue.give_back(self.desk.worker()).await {
            tracing::warn!(%error, "jobs stay fetched; they are found when their worker has been silent for a while");
        }
    }
}

/// One apalis worker with twice as many jobs as there are seats: the others wait for one, or for a school that needs none. It has
/// a name of its own each time it starts: jobs of a name that is gone are found, jobs of a name that came back are not.
fn monitor(desk: &Arc<Desk>, seats: usize) -> Monitor {
    let (sqlite_desk, postgres_desk) = (Arc::clone(desk), Arc::clone(desk));
    let name = |desk: &Desk, start: usize| format!("{}-{start}", desk.worker());
    let monitor = Monitor::new().should_restart(|worker, error| {
        tracing::warn!(worker = worker.name(), %error, "the worker starts again");
        true
    });
    match desk.queue.backend() {
        Backend::Sqlite(backend) => monitor.register(move |start| {
            let pause = pause(start);
            WorkerBuilder::new(name(&sqlite_desk, start))
                .backend(backend.clone().before_start(move |_| async move {
                    tokio::time::sleep(pause).await;
                    Ok(())
                }))
                .data(Arc::clone(&sqlite_desk))
                .concurrency(2 * seats)
                .build(work)
        }),
        Backend::Postgres(backend) => monitor.register(move |start| {
            let pause = pause(start);
            WorkerBuilder::new(name(&postgres_desk, start))
                .backend(backend.clone().before_start(move |_| async move {
                    tokio::time::sleep(pause).await;
                    Ok(())
                }))
                .data(Arc::clone(&postgres_desk))
                .concurrency(2 * seats)
                .build(work)
        }),
    }
}

/// Before a worker starts again: a database that is away is not hammered.
fn pause(start: usize) -> Duration {
    if start == 0 { Duration::ZERO } else { RESTART }
}

/// A job on a task of its own: it goes on when the worker around it starts again. What became of it is in our rows, so that
/// apalis never tries anything twice by itself.
async fn work(_: Job, desk: Data<Arc<Desk>>) -> Result<(), BoxDynError> {
    let desk = Arc::clone(&desk);
    match tokio::spawn(async move { desk.run().await }).await {
        Ok(Turn::Done) => {}
        // Its place is kept until the worker is gone: the queue would send another one in its stead, and so all of them.
        Ok(Turn::Closed) => std::future::pending().await,
        // Not a panic's words: they may quote the input.
        Err(error) => tracing::error!(panic = error.is_panic(), "a job broke off"),
    }
    Ok(())
}
