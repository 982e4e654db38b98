//! `fenzu solve-one`: a process that solves for a worker; workers start and end it.

use super::{Ending, Failure, logs};
use crate::jobs::process;

/// Solve for a worker over this process's input and output
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Threads of each plan
    #[arg(long, value_name = "N", default_value_t = 1)]
    threads: usize,
    /// How the log is written
    #[arg(long, value_enum, value_name = "text|json", default_value = "text", env = "FENZU_LOG")]
    log: logs::Format,
}

pub(super) fn run(args: &Args) -> Result<Ending, Failure> {
    logs::start(args.log);
    process::run(args.threads)?;
    Ok(Ending::Done)
}
