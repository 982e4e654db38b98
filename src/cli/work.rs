//! `fenzu work`: one more machine for the plans of a service.

use super::database::open;
use super::serve::settings_file;
use super::{Ending, Failure};
use crate::jobs::{Queue, WorkConfig, Workers};
use crate::service::{Config, metrics};
use anyhow::Context;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Solve the plans of a service: a worker, on this machine or another
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fenzu work --database postgres://fenzu@db.school.local/fenzu    on as many machines as needed
  fenzu work --database sqlite:fenzu.db --solves 2                beside `fenzu serve --no-work`, on its machine

Ctrl-C (or SIGTERM) hands back what is running. A worker that is killed loses nothing: another one, or the same command
again, takes its plans up after some seconds. Each plan is solved in a process of its own: one that dies costs that plan
only, which is tried once more and then given up with the reason.")]
pub(super) struct Args {
    /// The service's database
    #[arg(long, value_name = "URL", env = "FENZU_DATABASE", hide_env_values = true)]
    database: String,
    /// The service's settings in TOML: how much of a list is read stands there
    #[arg(long, value_name = "FILE", env = "FENZU_CONFIG")]
    config: Option<PathBuf>,
    /// Plans solved side by side; one a core by default
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    solves: usize,
    /// Serve this worker's numbers for Prometheus at http://ADDRESS:PORT/metrics, without a token: for your own network
    #[arg(long, value_name = "ADDRESS:PORT", env = "FENZU_METRICS")]
    metrics: Option<SocketAddr>,
    /// How the log is written
    #[arg(long, value_name = "text|json", default_value = "text")]
    log: super::logs::Format,
}

pub(super) fn run(args: &Args) -> Result<Ending, Failure> {
    let config = settings_file(args.config.as_deref())?;
    config.check()?;
    super::logs::start(args.log);
    let runtime = tokio::runtime::Runtime::new().context("threads")?;
    let worked = runtime.block_on(work(args, &config));
    // A solve that does not hear that it should end is not waited for: its plan is found when it has been silent.
    runtime.shutdown_background();
    worked?;
    Ok(Ending::Done)
}

async fn work(args: &Args, config: &Config) -> Result<(), Failure> {
    super::logs::outlive_file_limits();
    if let Some(address) = args.metrics {
        metrics::listen(address).await.context("metrics")?;
    }
    let store = open(&args.database).await?;
    let queue = Queue::open(&args.database).await.context("the queue")?;
    let config = WorkConfig { solves: args.solves, reading: config.limits.reading() };
    let workers = Workers::start(store.clone(), queue.clone(), &config);
    super::logs::ending().await?;
    workers.shutdown().await;
    queue.close().await;
    store.close().await;
    Ok(())
}
