//! How a process of workers is set up.

use crate::roster::Limits;

/// How a process works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkConfig {
    /// Plans solved side by side; 0 for one a core.
    pub solves: usize,
    /// How much of a list is read.
    pub reading: Limits,
}
