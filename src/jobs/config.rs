//! How a process of workers is set up.

use crate::roster::Limits;

/// How a process works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkConfig {
    /// Plans solved side by side; 0 for one a core.
    pub solves: usize,
    /// How much of a list is read.
    pub reading: Limits,
    /// A test hook: a list of this file name aborts the process instead of being solved, a batch with a zip of this name when
    /// a worker comes back to it. The commands read it from the environment variable `FENZU_CRASH_ON`.
    pub crash_on: Option<String>,
    /// The same for a panic: a class in a list of this file name panics with the names of both. `FENZU_PANIC_ON`.
    pub panic_on: Option<String>,
}

/// The test hooks' environment variables.
const CRASH_ON: &str = "FENZU_CRASH_ON";
const PANIC_ON: &str = "FENZU_PANIC_ON";

impl WorkConfig {
    /// So many solves side by side, so much of a list, with the test hooks from the environment.
    #[must_use]
    pub fn from_env(solves: usize, reading: Limits) -> Self {
        Self { solves, reading, crash_on: std::env::var(CRASH_ON).ok(), panic_on: std::env::var(PANIC_ON).ok() }
    }
}
