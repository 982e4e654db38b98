//! The service: HTTP over the store and the queue, for one person at this machine or for schools with tokens.
//!
//! ```text
//! connection ─ log ─ count ─ headers ─ problems ─ doorstep (host, origin) ─ rate ─ size ─┬─ open routes: health, OpenAPI
//!                                                                                        └─ guard (school) ─ one file a resource
//! ```
//! Every layer can refuse; whatever is refused leaves as a problem document ([`problem`]). Handlers read, validate and store;
//! plans are computed by workers ([`crate::jobs`]), in this process or on other machines.

pub mod access;
pub mod app;
mod atonce;
mod batches;
pub mod body;
pub mod caller;
mod callers;
mod check;
mod compiled;
pub mod config;
pub mod connections;
mod docs;
mod doubts;
mod groups;
mod headers;
mod health;
mod ids;
mod language;
mod lists;
mod logs;
pub mod metrics;
mod models;
mod once;
pub mod openapi;
mod pages;
mod plans;
pub mod problem;
mod queue;
mod quota;
mod rate;
mod recent;
mod refused;
mod room;
mod router;
mod schools;
mod shapes;
pub mod shares;
mod staff;
pub mod tls;
mod upload;
mod well_known;

pub use config::Config;

use crate::fault::Faults;
use crate::jobs::{Queue, QueueError, WorkConfig, Workers};
use crate::store::{Kind, Store, StoreError, Swept};
use ::metrics::gauge;
use app::App;
use caller::Doors;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tls::Certificate;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

/// How often the service looks whether tokens were made, and forgets callers.
const LOOK: Duration = Duration::from_secs(2);
/// How often it is looked whether another process has ended what somebody waits for here.
const OTHERS: Duration = Duration::from_millis(250);
/// How often old data is swept, in looks.
const SWEEP: u32 = 1_800;

/// Why the service cannot run.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The address is taken, or not this machine's.
    #[error("listening on {0}: {1}")]
    Listen(std::net::SocketAddr, std::io::Error),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The queue.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The numbers of this process are recorded by somebody else.
    #[error(transparent)]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
    /// The certificate cannot be used.
    #[error(transparent)]
    Tls(#[from] Faults),
    /// What others can reach needs tokens.
    #[error("{0} can be reached by others: make a token first (fenzu token create --school NAME)")]
    NoToken(std::net::SocketAddr),
}

/// Where a service can be reached.
#[derive(Clone, Debug)]
pub struct Listening {
    /// Address and port.
    pub address: std::net::SocketAddr,
    /// SHA-256 of its certificate; none without TLS.
    pub fingerprint: Option<String>,
}

/// Runs the service until `ended`: answers what is at work, hands back its jobs. `ready` hears where it listens.
///
/// # Errors
/// What keeps it from starting.
pub async fn serve(
    config: Config,
    ended: impl Future<Output = ()>,
    ready: impl FnOnce(Listening),
) -> Result<(), ServiceError> {
    let metrics = metrics::install()?;
    let certificate =
        config.tls.as_ref().map(|tls| Certificate::open(tls, config.listen.ip()).map(Arc::new)).transpose()?;
    let store = Store::open(&config.database).await?;
    store.check().await?;
    let queue = Queue::open(&config.database).await?;
    let doors = doors(&store, &config).await?;
    let listener =
        TcpListener::bind(config.listen).await.map_err(|error| ServiceError::Listen(config.listen, error))?;
    let address = listener.local_addr().map_err(|error| ServiceError::Listen(config.listen, error))?;
    let numbers = match config.metrics {
        Some(address) => Some(metrics::listen(address).await?),
        None => None,
    };
    let works = || WorkConfig { solves: config.solves, reading: config.limits.reading() };
    let workers = config.work.then(|| Workers::start(store.clone(), queue.clone(), &works()));
    let (close, closing) = watch::channel(false);
    let app = App::new((store.clone(), queue.clone()), config.clone(), metrics, doors, closing);
    let keeper = tokio::spawn(keep(app.clone(), certificate.clone()));
    let hearing = tokio::spawn(hear_others(app.clone()));
    let ended = async move {
        ended.await;
        // Listeners of events end first; nobody else waits for longer than an answer takes.
        let _ = close.send(true);
    };
    tracing::info!(%address, "listening");
    ready(Listening { address, fingerprint: certificate.as_ref().map(|certificate| certificate.fingerprint()) });
    connections::serve((listener, certificate), router::router(&app), config.connections(), ended).await;
    keeper.abort();
    hearing.abort();
    if let Some(numbers) = numbers {
        numbers.abort();
    }
    if let Some(workers) = workers {
        workers.shutdown().await;
    }
    queue.close().await;
    store.close().await;
    Ok(())
}

/// Open to the person at this machine where nobody else can come: not through an address or a proxy, and not to a database that
/// others share or that tokens were ever used with, whatever became of them.
async fn doors(store: &Store, config: &Config) -> Result<Doors, ServiceError> {
    if store.guarded().await? {
        if !store.tokens().ever().await? {
            tracing::warn!(
                "tokens were in use here, but this database has none: nobody can come in; see fenzu token create"
            );
        }
        return Ok(Doors::Tokens);
    }
    let reachable = config.trust_proxy || !config.listen.ip().is_loopback() || store.kind() == Kind::Postgres;
    if reachable { Err(ServiceError::NoToken(config.listen)) } else { Ok(Doors::Open) }
}

/// Tells those who wait for a plan when another process, or a request, has ended it: one look for all of them.
async fn hear_others(app: App) {
    let mut looks = interval(OTHERS);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        let awaited = app.queue().awaited();
        // A database that is away answers the next time.
        for id in app.store().plans().ended(&awaited).await.unwrap_or_default() {
            app.queue().tell(&id);
        }
    }
}

/// Looks now and again whether tokens were made and the certificate was renewed, forgets callers and plans that are gone, and sweeps what is older than it may be kept.
async fn keep(app: App, certificate: Option<Arc<Certificate>>) {
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for look in 0_u32.. {
        looks.tick().await;
        gauge!("fenzu_callers").set(app.forget() as f64);
        if app.config().metrics.is_some()
            && let Ok(depth) = app.queue().depth().await
        {
            gauge!("fenzu_queue_depth").set(depth as f64);
        }
        if let Some(certificate) = &certificate {
            certificate.look();
        }
        app.store().look().await;
        app.store().scrub_again().await;
        if app.store().guarded().await.unwrap_or(false) {
            app.demand_tokens();
        }
        if look % SWEEP == 0 {
            let days = Duration::from_secs(u64::from(app.config().retention_days) * 24 * 60 * 60);
            match app.store().sweep_in_turn(days).await {
                Ok(Swept::Done(removed)) => tracing::info!(?removed, "swept"),
                Ok(Swept::Held { days }) => tracing::error!(
                    days,
                    "the clock has leapt, or the service was away for long: nothing is swept until somebody runs fenzu sweep"
                ),
                Err(error) => tracing::warn!(%error, "the sweep failed"),
            }
        }
    }
}
