//! A plan as it is kept, and how its classes ended.

use crate::plan::document::{Document, Status, StopReason};
use crate::report;
use serde::{Deserialize, Serialize};

/// A plan as it is kept: it is written once, where it was solved.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Solved {
    /// Its documents.
    pub(super) json: String,
    /// How each class ended.
    pub(super) ends: Vec<End>,
}

/// How a class ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct End {
    pub(super) status: Status,
    pub(super) stop: StopReason,
}

impl Solved {
    pub(super) fn of(documents: &[Document]) -> Self {
        Self { json: report::json(documents), ends: documents.iter().map(End::of).collect() }
    }

    /// Whether a run ended before its time.
    pub(super) fn was_cut(&self) -> bool {
        self.ends.iter().any(|end| end.stop == StopReason::Cancelled)
    }
}

impl End {
    fn of(document: &Document) -> Self {
        Self { status: document.status, stop: document.stop }
    }
}
