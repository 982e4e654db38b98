//! Logs of the commands that stay, on stderr, and how such a command is told to end.

use anyhow::Context;
use clap::ValueEnum;
use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// How a log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// For programs: one object a line.
    Json,
}

/// What is logged where `RUST_LOG` says nothing: statements of the database would quote what it holds.
const USUAL: &str = "info,sqlx=warn,apalis=warn,apalis_core=warn";

/// Starts the log. From now on a panic tells only where it was.
pub(super) fn start(format: Format) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(USUAL));
    // The usual hook prints the panic's words, which may quote a student's name.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(tracing::field::display);
        tracing::error!(place, "panicked");
    }));
    let colours = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    // A log that is running already stays.
    let _ = match format {
        Format::Text => log.try_init(),
        Format::Json => log.json().try_init(),
    };
}

/// A file that may not grow further is an error that is told, not the end of the process.
pub(super) fn outlive_file_limits() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        /// SIGXFSZ.
        const FILE_LIMIT: i32 = 25;
        // Once it is listened to, the system's own answer to it never comes back.
        if let Err(error) = signal(SignalKind::from_raw(FILE_LIMIT)) {
            tracing::warn!(%error, "a limit of file sizes would end this process");
        }
    }
}

/// Waits for Ctrl-C or SIGTERM.
pub(super) async fn ending() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut term = signal(SignalKind::terminate()).context("SIGTERM")?;
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed.context("Ctrl-C"),
            _ = term.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.context("Ctrl-C")
}
