//! `fenzu serve`: the service.

use super::database::refused;
use super::input::bytes;
use super::{Ending, Failure, logs};
use crate::service::tls::Tls;
use crate::service::{Config, Listening, ServiceError, serve};
use crate::words;
use crate::words::{Lang, Words};
use anyhow::Context;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Run the service: HTTP API, jobs and database
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fenzu serve                                              for this machine only, with sqlite:fenzu.db
  fenzu token create --school 一中                          then others may come in
  fenzu serve --listen 0.0.0.0:8443 --tls-self-signed       over TLS; its fingerprint is printed
  fenzu serve --listen 0.0.0.0:8443 --tls-certificate full.pem --tls-key key.pem --database postgres://fenzu@db/fenzu
  fenzu work --database postgres://fenzu@db/fenzu          on every further machine

Flags go before the environment, the environment before the file, the file before the defaults.")]
pub(super) struct Args {
    /// Settings in TOML; docs/service.md has all names
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
    /// TLS with this certificate and those that vouch for it (PEM); read again when it is renewed
    #[arg(long, value_name = "FILE", env = "FENZU_TLS_CERTIFICATE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// The certificate's private key (PEM)
    #[arg(long, value_name = "FILE", env = "FENZU_TLS_KEY", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// TLS with a certificate made here, once: fenzu-tls.crt and fenzu-tls.key, unless other files are named
    #[arg(long, env = "FENZU_TLS_SELF_SIGNED")]
    tls_self_signed: bool,
    /// Serve the numbers for Prometheus at http://ADDRESS:PORT/metrics, without a token: for your own network
    #[arg(long, value_name = "ADDRESS:PORT", env = "FENZU_METRICS")]
    metrics: Option<SocketAddr>,
    /// Whom to tell of a weakness, for /.well-known/security.txt: mailto:… or https://…
    #[arg(long, value_name = "ADDRESS", env = "FENZU_SECURITY_CONTACT")]
    security_contact: Option<String>,
    /// Days after which what was stored is deleted [default: 180]
    #[arg(long, value_name = "DAYS", env = "FENZU_RETENTION_DAYS")]
    retention_days: Option<u32>,
    /// How the log is written; RUST_LOG says how much
    #[arg(long, value_enum, value_name = "text|json", default_value = "text", env = "FENZU_LOG")]
    log: logs::Format,
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<Ending, Failure> {
    let config = args.settings()?;
    config.check()?;
    logs::start(args.log);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("threads")?;
    let ready = |listening: Listening| eprintln!("{}", told(&listening).get(lang));
    let served = runtime.block_on(async {
        logs::outlive_file_limits();
        Box::pin(serve(config, ended(), ready)).await
    });
    // A solve that does not hear that it should end is not waited for: its plan is found when it has been silent.
    runtime.shutdown_background();
    match served {
        Ok(()) => Ok(Ending::Done),
        Err(ServiceError::NoToken(address)) => Err(Failure::Usage(words!(
            "{address} 可被他人访问（地址、代理或共用的数据库）：请先用 fenzu token create --school 校名 生成令牌",
            "{address} can be reached by others (by its address, a proxy or a shared database): make a token first with \
             `fenzu token create --school NAME`"
        ))),
        Err(ServiceError::Tls(faults)) => Err(faults.into()),
        Err(ServiceError::Store(error)) => Err(refused(error)),
        Err(error) => Err(Failure::Ours(error.into())),
    }
}

/// Where it can be reached, and by what it is known there.
fn told(listening: &Listening) -> Words {
    let address = listening.address;
    match &listening.fingerprint {
        None => words!(
            "fenzu 已在 http://{address} 上运行（Ctrl-C 结束）",
            "fenzu listens on http://{address} (Ctrl-C ends it)"
        ),
        Some(fingerprint) => words!(
            "fenzu 已在 https://{address} 上运行（Ctrl-C 结束）；证书的 SHA-256 指纹：{fingerprint}",
            "fenzu listens on https://{address} (Ctrl-C ends it); SHA-256 fingerprint of its certificate: {fingerprint}"
        ),
    }
}

/// Waits for Ctrl-C or SIGTERM.
async fn ended() {
    if let Err(error) = logs::ending().await {
        tracing::error!(%error, "signals cannot be heard: the service ends now");
    }
}

/// The settings of a file; the usual ones without it.
pub(super) fn settings_file(path: Option<&Path>) -> Result<Config, Failure> {
    let Some(path) = path else { return Ok(Config::default()) };
    let text = String::from_utf8_lossy(&bytes(path)?).into_owned();
    Ok(Config::read(&text, &super::input::shown(path))?)
}

impl Args {
    fn settings(&self) -> Result<Config, Failure> {
        let mut config = settings_file(self.config.as_deref())?;
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
        config.tls = self.tls(config.tls);
        config.security_contact = self.security_contact.clone().or(config.security_contact);
        config.metrics = self.metrics.or(config.metrics);
        config.work &= !self.no_work;
        config.trust_proxy |= self.trust_proxy;
        Ok(config)
    }

    /// TLS as the flags say, else as the file does.
    fn tls(&self, file: Option<Tls>) -> Option<Tls> {
        if self.tls_certificate.is_none() && !self.tls_self_signed {
            return file;
        }
        let mut tls = file.unwrap_or_default();
        if let (Some(certificate), Some(key)) = (&self.tls_certificate, &self.tls_key) {
            (tls.certificate, tls.key) = (certificate.clone(), key.clone());
        }
        tls.self_signed |= self.tls_self_signed;
        Some(tls)
    }
}
