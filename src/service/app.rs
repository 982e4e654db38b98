//! The service put together: what every handler shares, the routes, and the layers around them.

use super::access::{self, Client, Doors, Refused, School, network};
use super::config::{Config, Limits};
use super::connections::Callers;
use super::lists;
use super::plans::compiled::{self, Opened};
use super::problem::{self, Kind, Problem};
use super::quota::Quota;
use super::recent::Recent;
use super::shares::{Share, Shares};
use super::{
    batches, body, check, groups, headers, health, logs, metrics, models, openapi, pages, plans, schools, staff,
    well_known,
};
use crate::jobs::Queue;
use crate::roster::Roster;
use crate::solver::Stop;
use crate::store::Store;
use crate::words;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Response, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse as _;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use std::any::Any;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::available_parallelism;
use std::time::Duration;
use tokio::sync::watch;
use tower_governor::governor::GovernorConfigBuilder;
use tower_governor::key_extractor::KeyExtractor;
use tower_governor::{GovernorError, GovernorLayer};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

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
    rate: Option<Rate>,
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

/// A rate for each address: two doors to one limiter, whose type the library does not let others name.
struct Rate {
    /// Puts the limit around routes.
    limited: Box<dyn Fn(Router<App>) -> Router<App> + Send + Sync>,
    /// Forgets the addresses whose allowance is whole again; the number of those that are left.
    forget: Box<dyn Fn() -> usize + Send + Sync>,
}

/// Bytes by which what comes of them is due a millisecond later.
const BYTES: usize = 1 << 10;
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
        let (lists, compiled) = (Recent::new(lists::MOST), Recent::new(compiled::MOST));
        let rate = rate(&config.limits);
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
        let room = body::take_room();
        let thought = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(seat);
            (done, room)
        });
        let (done, room) = thought.await.map_err(|_| Problem::of(Kind::Internal))?;
        body::put_room(room);
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

    /// What each school stores.
    pub(super) fn quota(&self) -> &Quota {
        &self.0.quota
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
        self.0.rate.as_ref().map_or(0, |rate| (rate.forget)())
    }

    /// From now on tokens are demanded.
    pub(super) fn demand_tokens(&self) {
        self.0.tokens.store(true, Ordering::Relaxed);
    }
}

/// Every route that is in the OpenAPI document. What holds a school's data is behind the guard.
pub(super) fn routes() -> OpenApiRouter<App> {
    open().merge(guarded())
}

fn open() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(openapi::openapi))
        .routes(routes!(openapi::page))
}

fn guarded() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(metrics::metrics))
        .routes(routes!(models::list))
        .routes(routes!(lists::upload))
        .routes(routes!(lists::reread))
        .routes(routes!(lists::erase))
        .routes(routes!(staff::upload))
        .routes(routes!(staff::erase))
        .routes(routes!(groups::groups))
        .routes(routes!(check::check))
        .routes(routes!(schools::export, schools::erase))
        .merge(plans::router())
        .merge(batches::router())
}

/// The whole service.
pub fn router(app: &App) -> Router {
    let guarded: Router<App> = guarded().into();
    // Who has no token takes no room.
    let guarded = guarded.layer(DefaultBodyLimit::max(app.config().limits.body_bytes));
    let guarded = guarded.route_layer(from_fn_with_state(app.clone(), body::early));
    let guarded = guarded.route_layer(from_fn_with_state(app.clone(), access::guard));
    let open: Router<App> = open().into();
    let routes = open
        .merge(guarded)
        .merge(pages::router(app))
        .route("/docs/style.css", get(super::docs::style))
        .route("/robots.txt", get(well_known::robots))
        .route("/.well-known/security.txt", get(well_known::security))
        .fallback(async || Problem::of(Kind::NotFound))
        .method_not_allowed_fallback(async || Problem::of(Kind::MethodNotAllowed))
        .layer(DefaultBodyLimit::max(body::FORM));
    let limited = match &app.0.rate {
        Some(rate) => (rate.limited)(routes),
        None => routes,
    };
    limited
        .layer(from_fn_with_state(app.clone(), health::notice))
        .layer(from_fn_with_state(app.clone(), access::doorstep))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(problem::render))
        .layer(from_fn_with_state(app.clone(), headers::secure))
        .layer(from_fn(metrics::count))
        .layer(from_fn(logs::log))
        .with_state(app.clone())
}

fn rate(limits: &Limits) -> Option<Rate> {
    let period = Duration::from_secs(1) / limits.requests_per_second.max(1);
    let mut rate = GovernorConfigBuilder::default();
    let rate = Arc::new(rate.period(period).burst_size(limits.burst.max(1)).key_extractor(ByClient).finish()?);
    let limiter = Arc::clone(rate.limiter());
    Some(Rate {
        limited: Box::new(move |routes| {
            routes.layer(GovernorLayer::new(Arc::clone(&rate)).error_handler(|error| too_often(&error)))
        }),
        forget: Box::new(move || {
            limiter.retain_recent();
            limiter.shrink_to_fit();
            limiter.len()
        }),
    })
}

/// A defect of ours. What it says may quote the input, so only the place goes to the log (the panic hook's line).
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response<axum::body::Body> {
    Problem::of(Kind::Internal).into_response()
}

/// One network, one allowance.
#[derive(Clone, Copy, Debug)]
struct ByClient;

impl KeyExtractor for ByClient {
    type Key = Option<IpAddr>;

    fn extract<T>(&self, request: &axum::http::Request<T>) -> Result<Self::Key, GovernorError> {
        Ok(request.extensions().get::<Client>().map(|client| network(client.0)))
    }
}

fn too_often(error: &GovernorError) -> Response<axum::body::Body> {
    let GovernorError::TooManyRequests { wait_time, .. } = error else {
        return Problem::of(Kind::Internal).into_response();
    };
    let detail = words!("请稍后再试", "slow down");
    let seconds = u32::try_from((*wait_time).max(1)).unwrap_or(u32::MAX);
    Problem::new(Kind::TooMany, detail).code("too_often").retry_after(seconds).into_response()
}
