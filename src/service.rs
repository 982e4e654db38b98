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
mod batches;
pub mod body;
mod check;
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
mod schools;
mod staff;
mod upload;

pub use config::Config;

use crate::jobs::{Queue, QueueError, WorkConfig, Workers};
use crate::store::{Store, StoreError};
use ::metrics::gauge;
use access::Doors;
use app::App;
use std::future::Future;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

/// How often the service looks whether tokens were made, and forgets callers.
const LOOK: Duration = Duration::from_secs(2);
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
    /// An address that others can reach needs tokens.
    #[error("{0} can be reached by others: make a token first (fenzu token create --school NAME)")]
    NoToken(std::net::SocketAddr),
}

/// Runs the service until `ended`: answers what is at work, hands back its jobs. `ready` hears the address that it listens on.
///
/// # Errors
/// What keeps it from starting.
pub async fn serve(
    config: Config,
    ended: impl Future<Output = ()>,
    ready: impl FnOnce(std::net::SocketAddr),
) -> Result<(), ServiceError> {
    let metrics = metrics::install()?;
    let store = Store::open(&config.database).await?;
    let queue = Queue::open(&config.database).await?;
    let has_tokens = store.tokens().any().await?;
    if !config.listen.ip().is_loopback() && !has_tokens {
        return Err(ServiceError::NoToken(config.listen));
    }
    let doors = if has_tokens { Doors::Tokens } else { Doors::Open };
    let listener =
        TcpListener::bind(config.listen).await.map_err(|error| ServiceError::Listen(config.listen, error))?;
    let address = listener.local_addr().map_err(|error| ServiceError::Listen(config.listen, error))?;
    let workers =
        config.work.then(|| Workers::start(store.clone(), queue.clone(), &WorkConfig::from_env(config.solves)));
    let (close, closing) = watch::channel(false);
    let app = App::new((store.clone(), queue), config.clone(), metrics, doors, closing);
    let keeper = tokio::spawn(keep(app.clone()));
    let ended = async move {
        ended.await;
        // Listeners of events end first; nobody else waits for longer than an answer takes.
        let _ = close.send(true);
    };
    tracing::info!(%address, "listening");
    ready(address);
    connections::serve(listener, app::router(&app), config.connections(), ended).await;
    keeper.abort();
    if let Some(workers) = workers {
        workers.shutdown().await;
    }
    store.close().await;
    Ok(())
}

/// Looks now and again whether tokens were made, forgets callers and plans that are gone, and sweeps what is older than it may be kept.
async fn keep(app: App) {
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for look in 0_u32.. {
        looks.tick().await;
        gauge!("fenzu_callers").set(app.forget() as f64);
        if app.store().tokens().any().await.unwrap_or(false) {
            app.demand_tokens();
        }
        if look % SWEEP == 0 {
            let days = Duration::from_secs(u64::from(app.config().retention_days) * 24 * 60 * 60);
            match app.store().sweep(days).await {
                Ok(removed) => tracing::info!(?removed, "swept"),
                Err(error) => tracing::warn!(%error, "the sweep failed"),
            }
        }
    }
}
