//! `fenzu serve`: the service.

use super::input::bytes;
use super::{Ending, Failure};
use crate::service::{Config, ServiceError, serve};
use crate::words;
use crate::words::Lang;
use anyhow::{Context, anyhow};
use clap::ValueEnum;
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// Run the service: HTTP API, jobs and database
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fenzu serve                                              for this machine only, with sqlite:fenzu.db
  fenzu token create --school 一中                          then others may come in
  fenzu serve --listen 0.0.0.0:8080 --database postgres://fenzu@db/fenzu
  fenzu work --database postgres://fenzu@db/fenzu          on every further machine

Flags go before the environment, the environment before the file, the file before the defaults.")]
pub(super) struct Args {
    /// Settings in TOML; the README has all names
    #[arg(long, value_name = "FILE", env = "FENZU_CONFIG")]
    config: Option<PathBuf>,
    /// Address and port [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT", env = "FENZU_LISTEN")]
    listen: Option<SocketAddr>,
    /// sqlite:FILE or postgres://USER@HOST/DATABASE [default: sqlite:fenzu.db]
    #[arg(long, value_name = "URL", env = "FENZU_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// Solve nothing here: other machines run `fenzu work`
    #[arg(long)]
    no_work: bool,
    /// Plans solved at a time; 0 for one a core
    #[arg(long, value_name = "N", env = "FENZU_SOLVES")]
    solves: Option<usize>,
    /// Take the caller's address from X-Forwarded-For: only behind a proxy of your own
    #[arg(long, env = "FENZU_TRUST_PROXY")]
    trust_proxy: bool,
    /// Days after which what was stored is deleted [default: 180]
    #[arg(long, value_name = "DAYS", env = "FENZU_RETENTION_DAYS")]
    retention_days: Option<u32>,
    /// How the log is written; RUST_LOG says how much
    #[arg(long, value_enum, default_value_t = Log::Text, env = "FENZU_LOG")]
    log: Log,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Log {
    Text,
    Json,
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<Ending, Failure> {
    let config = args.settings()?;
    config.check()?;
    args.log.start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("threads")?;
    let ready = |address: SocketAddr| {
        let line = words!("fenzu 已在 http://{address} 上运行（Ctrl-C 结束）", "fenzu listens on http://{address} (Ctrl-C ends it)");
        eprintln!("{}", line.get(lang));
    };
    match runtime.block_on(async { serve(config, asked_to_end()?, ready).await.map_err(Ended::Service) }) {
        Ok(()) => Ok(Ending::Done),
        Err(Ended::Service(ServiceError::NoToken(address))) => Err(Failure::Usage(words!(
            "{address} 可被其他机器访问：请先用 fenzu token create --school 校名 生成令牌",
            "{address} can be reached by others: make a token first with `fenzu token create --school NAME`"
        ))),
        Err(Ended::Service(error)) => Err(Failure::Ours(error.into())),
        Err(Ended::Signals(error)) => Err(Failure::Ours(anyhow!(error).context("signals"))),
    }
}

enum Ended {
    Service(ServiceError),
    Signals(std::io::Error),
}

/// Waits for Ctrl-C or SIGTERM.
fn asked_to_end() -> Result<impl Future<Output = ()>, Ended> {
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Ended::Signals)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(Ended::Signals)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

impl Args {
    fn settings(&self) -> Result<Config, Failure> {
        let mut config = match &self.config {
            Some(path) => {
                let text = String::from_utf8_lossy(&bytes(path)?).into_owned();
                Config::read(&text, &super::input::shown(path))?
            }
            None => Config::default(),
        };
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        if let Some(database) = &self.database {
            config.database.clone_from(database);
        }
        if let Some(solves) = self.solves {
            config.solves = solves;
        }
        if let Some(days) = self.retention_days {
            config.retention_days = days;
        }
        config.work &= !self.no_work;
        config.trust_proxy |= self.trust_proxy;
        Ok(config)
    }
}

impl Log {
    /// Lines go to stderr: `info` where RUST_LOG says nothing.
    pub(super) fn start(self) -> Result<(), Failure> {
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,apalis=warn,sqlx=warn"));
        let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        let started = match self {
            Self::Json => log.json().flatten_event(true).try_init(),
            Self::Text => log.try_init(),
        };
        started.map_err(|error| Failure::Ours(anyhow!(error).context("log")))
    }
}
