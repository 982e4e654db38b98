//! What every handler shares.

use super::caller::{Doors, School};
use super::callers::Callers;
use super::compiled::{self, Opened};
use super::config::Config;
use super::problem::{Kind, Problem};
use super::quota::Quota;
use super::rate::Rate;
use super::recent::{Most, Recent};
use super::refused::Refused;
use super::room::{put_room, take_room};
use super::shares::{Share, Shares};
use crate::jobs::Queue;
use crate::roster::Roster;
use crate::solver::Stop;
use crate::store::Store;
use axum::http::StatusCode;
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::available_parallelism;
use std::time::Duration;
use tokio::sync::watch;

/// What every handler shares.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    store: Store,
    queue: Queue,
    config: Config,
    metrics: PrometheusHandle,
    /// Whether tokens are demanded.
    tokens: AtomicBool,
    /// Turns true when the service ends.
    closing: watch::Receiver<bool>,
    /// Processors: a school has as many as there are, all together half as many again and more.
    thinking: Shares,
    room: Shares,
    parsed: Shares,
    /// Requests at a time.
    requests: Shares,
    /// The same of each caller behind a proxy.
    callers: Callers,
    quota: Quota,
    refused: Refused,
    /// Lists that were read a moment ago.
    lists: Recent<Roster>,
    /// Plans that were opened a moment ago.
    compiled: Recent<Opened>,
    /// What each address may still ask for.
    rate: Option<Rate<App>>,
}

/// A seat for what takes a processor: free again when all clones of it are gone.
pub type Seat = Arc<Share>;

/// Somebody who waits for an answer; dropped when they do not any more.
struct Left(Arc<AtomicBool>);

impl Drop for Left {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Bytes by which what comes of them is due a millisecond later.
const BYTES: usize = 1 << 10;
/// Lists that are kept as they were read: of classes, not of a district, since they take many times the bytes of their files.
pub(super) const LISTS: Most = Most { things: 512, bytes: 1 << 20, each: 256 << 10 };
/// KiB of large bodies at a time, in all.
const ROOM: usize = 256 << 10;

impl App {
    /// Everything that the handlers need. `doors` may close later, when the first token is made.
    #[must_use]
    pub fn new(
        (store, queue): (Store, Queue),
        config: Config,
        metrics: PrometheusHandle,
        doors: Doors,
        closing: watch::Receiver<bool>,
    ) -> Self {
        let tokens = AtomicBool::new(doors == Doors::Tokens);
        let thinking = Shares::of(2 * available_parallelism().map_or(1, usize::from));
        let room = Shares::of(ROOM.max(config.limits.body_bytes >> 9));
        let parsed = Shares::of(ROOM);
        let (requests, quota) = (Shares::of(config.limits.connections), Quota::default());
        let callers = Callers::new(config.limits.connections_per_address);
        let refused = Refused::new(config.limits.failed_logins);
        let (lists, compiled) = (Recent::new(LISTS), Recent::new(compiled::MOST));
        let rate = Rate::of(&config.limits);
        Self(Arc::new(Shared {
            store,
            queue,
            config,
            metrics,
            tokens,
            closing,
            thinking,
            room,
            parsed,
            requests,
            callers,
            quota,
            refused,
            lists,
            compiled,
            rate,
        }))
    }

    pub(super) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(super) fn queue(&self) -> &Queue {
        &self.0.queue
    }

    pub(super) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(super) fn metrics(&self) -> &PrometheusHandle {
        &self.0.metrics
    }

    pub(super) fn closing(&self) -> watch::Receiver<bool> {
        self.0.closing.clone()
    }

    /// A seat for what takes a processor and comes of so many bytes, when it is the school's turn.
    pub async fn seat(&self, school: &School, bytes: usize) -> Seat {
        let later = Duration::from_millis((bytes / BYTES) as u64);
        Arc::new(self.0.thinking.take(&school.0, 1, later).await)
    }

    /// Runs what takes a processor. It keeps its seat and its body's room to its end, also when the caller hangs up and nobody waits
    /// for it any more.
    ///
    /// # Errors
    /// The work broke off: a defect of ours.
    pub async fn think<T: Send + 'static>(
        &self,
        seat: Seat,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let room = take_room();
        let thought = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(seat);
            (done, room)
        });
        let (done, room) = thought.await.map_err(|_| Problem::of(Kind::Internal))?;
        put_room(room);
        Ok(done)
    }

    /// The same for work that may take long: its stop is reached after `limit`, when the service ends, or when the caller hangs up.
    ///
    /// # Errors
    /// The work broke off: a defect of ours.
    pub async fn think_within<T: Send + 'static>(
        &self,
        seat: Seat,
        limit: Duration,
        work: impl FnOnce(&Stop) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let switch = Arc::new(AtomicBool::new(false));
        let _left = Left(Arc::clone(&switch));
        let (mut closing, ends) = (self.closing(), Arc::clone(&switch));
        let mut thought = std::pin::pin!(self.think(seat, move || work(&Stop::after(Some(limit)).with_switch(switch))));
        tokio::select! {
            thought = &mut thought => return thought,
            _ = closing.wait_for(|closing| *closing) => ends.store(true, Ordering::Relaxed),
        }
        thought.await
    }

    /// Room for large bodies; in KiB.
    pub(super) fn room(&self) -> &Shares {
        &self.0.room
    }

    /// Room for what large bodies become when they are parsed; in KiB.
    pub(super) fn parsed(&self) -> &Shares {
        &self.0.parsed
    }

    /// Requests at a time.
    pub(super) fn requests(&self) -> &Shares {
        &self.0.requests
    }

    /// The same of each caller behind a proxy.
    pub(super) fn callers(&self) -> &Callers {
        &self.0.callers
    }

    /// Refuses what would not fit beside what the school stores.
    pub(super) async fn admit(&self, school: &School, bytes: usize) -> Result<(), Problem> {
        let Shared { quota, store, config, .. } = &*self.0;
        quota.admit(store, config.limits.stored_bytes, school, bytes).await
    }

    /// Tokens that were refused.
    pub(super) fn refused(&self) -> &Refused {
        &self.0.refused
    }

    /// Plans that were opened a moment ago.
    pub(super) fn compiled(&self) -> &Recent<Opened> {
        &self.0.compiled
    }

    /// Lists that were read a moment ago.
    pub(super) fn lists(&self) -> &Recent<Roster> {
        &self.0.lists
    }

    /// Keeps nothing of a school in memory.
    pub(super) fn forget_school(&self, school: &School) {
        self.0.lists.forget(&school.0);
        self.0.compiled.forget(&school.0);
    }

    /// What each address may still ask for.
    pub(super) fn rate(&self) -> Option<&Rate<App>> {
        self.0.rate.as_ref()
    }

    pub(super) fn doors(&self) -> Doors {
        if self.0.tokens.load(Ordering::Relaxed) { Doors::Tokens } else { Doors::Open }
    }

    /// The answer to a school that has erased something: it is gone, also from memory, or there was no such thing.
    pub(super) fn erased(&self, school: &School, erased: bool) -> Result<StatusCode, Problem> {
        self.forget_school(school);
        if erased { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::of(Kind::NotFound)) }
    }

    /// Forgets plans that nobody looks at, and the addresses whose allowance is whole again; the number of those that are left.
    pub(super) fn forget(&self) -> usize {
        self.0.lists.forget_idle();
        self.0.compiled.forget_idle();
        self.0.refused.forget();
        self.0.quota.forget();
        self.0.rate.as_ref().map_or(0, Rate::forget)
    }

    /// From now on tokens are demanded.
    pub(super) fn demand_tokens(&self) {
        self.0.tokens.store(true, Ordering::Relaxed);
    }
}
