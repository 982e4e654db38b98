//! What a worker does next: the next row whose turn it is, alone or beside others.

use super::desk::Desk;
use super::{Job, Kind, batch, solving};
use crate::store::{Next, StoreError};

/// What came of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Something was done, or nothing waits.
    Done,
    /// The process ends.
    Closed,
}

impl Desk {
    /// Does what is next; the job that was fetched is only a sign. Whatever goes wrong is in the row, or is found by the reconciler.
    pub(super) async fn run(&self) -> Turn {
        self.turn().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what waits is left to the reconciler");
            Turn::Done
        })
    }

    /// Waits until there is something that may be done now, and does it.
    async fn turn(&self) -> Result<Turn, StoreError> {
        let mut seat = None;
        while !self.is_closing() {
            match self.seats.next(&self.store, &mut seat).await? {
                Some((next, _working)) => {
                    if self.try_take(&next).await? {
                        return Ok(Turn::Done);
                    }
                }
                None if seat.is_some() => return Ok(Turn::Done),
                None => seat = self.seats.soon().await,
            }
        }
        Ok(Turn::Closed)
    }

    /// Takes and does what is next; false where another worker was faster.
    async fn try_take(&self, next: &Next) -> Result<bool, StoreError> {
        let job = Job::new(Kind::of(next.table), &next.school, &next.id);
        if next.attempts > 0 && job.kind == Kind::Batch {
            let _alone = self.gate.write().await;
            self.work(&job).await
        } else {
            let _together = self.gate.read().await;
            self.work(&job).await
        }
    }

    async fn work(&self, job: &Job) -> Result<bool, StoreError> {
        if self.is_closing() {
            return Ok(false);
        }
        match job.kind {
            // Boxed: they hold files.
            Kind::Plan => Box::pin(solving::plan(self, job)).await,
            Kind::Class => Box::pin(batch::class(self, job)).await,
            Kind::Batch => Box::pin(batch::step(self, job)).await,
        }
    }
}
