//! Work that outlives a request: plans and batches are solved by workers, on this machine or on others, and nothing is lost
//! or done twice when one of them dies.
//!
//! ```text
//! service ──row: queued──▶ store ◀──claim, heartbeat, result── worker ──orders, answers──▶ processes: pipeline, school
//!    └──────ids only─────▶ queue ──────────next job──────────────┘
//!                            ▲ reconciler: a row that waits without a job gets one, a row whose worker is silent is handed on
//! ```
//! Truth lives in the store's rows; a job in the [`Queue`] only says that something waits, so a job too many does no harm and a
//! job too few is found by the reconciler. What is next is asked of the store when a worker has a seat for it: schools take turns
//! ([`Store::next`](crate::store::Store::next)). A row is worked on by whoever claimed it; the claim counts an attempt,
//! and what has killed [`MOST_ATTEMPTS`] workers is buried with the reason. A plan or class is solved in a process of its own with so
//! much memory and no more: one that has killed [`MOST_DEATHS`] of them is given up, and costs nobody else anything.

mod batch;
mod config;
mod control;
mod desk;
pub mod due;
pub mod failure;
mod hooks;
mod line;
mod news;
mod next;
mod order;
pub mod plan;
mod priority;
pub mod process;
pub mod processes;
pub mod queue;
mod reconcile;
pub mod request;
mod solved;
mod solving;
pub mod stored;
mod turn;
pub mod workers;

pub use config::WorkConfig;
pub use failure::Failure;
pub use news::Listener;
pub use queue::{Queue, QueueError};
pub use request::PlanRequest;
pub use workers::Workers;

use crate::store::Table;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Claims of a row before it is buried.
pub const MOST_ATTEMPTS: i64 = 3;
/// Processes that may die of a plan or class before it is given up.
pub const MOST_DEATHS: i64 = 2;
/// How often a worker tells that it is at work, and learns whether it should stop.
pub const BEAT: Duration = Duration::from_millis(500);
/// Silence after which a worker counts as dead; a database that restarts takes less.
pub const SILENCE: Duration = Duration::from_secs(10);

/// What to do next. Ids only: the rest is in the store.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Job {
    /// What kind of work.
    pub kind: Kind,
    /// The school whose work it is.
    pub school: String,
    /// Id of the plan, the class or the batch.
    pub id: String,
}

/// Kinds of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One plan.
    Plan,
    /// One class of a batch.
    Class,
    /// A batch's next step: its classes are found, or, when all have ended, staffed and written.
    Batch,
}

impl Kind {
    /// Where its rows stand.
    fn table(self) -> Table {
        match self {
            Self::Plan => Table::Plans,
            Self::Class => Table::Classes,
            Self::Batch => Table::Batches,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Class => "class",
            Self::Batch => "batch",
        }
    }

    /// Whose rows stand there.
    fn of(table: Table) -> Self {
        match table {
            Table::Plans => Self::Plan,
            Table::Classes => Self::Class,
            Table::Batches => Self::Batch,
        }
    }
}

impl Job {
    /// A job.
    #[must_use]
    pub fn new(kind: Kind, school: &str, id: &str) -> Self {
        Self { kind, school: school.to_owned(), id: id.to_owned() }
    }

    /// The job's subject: two jobs with the same do the same.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("{}:{}", self.kind.word(), self.id)
    }
}
