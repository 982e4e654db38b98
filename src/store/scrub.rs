//! Erased means gone from every file. SQLite overwrites what is deleted, but its write-ahead log keeps it until the log is
//! emptied. PostgreSQL keeps deleted rows until a vacuum, and their bytes until a table is rewritten, which is offered.

use super::sql::{composed, sql};
use super::{Kind, Store, StoreError};
use std::future::Future;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::sleep;

/// How often the log is tried to be emptied while others read it.
const TRIES: u32 = 20;
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(100);
/// Tables that hold what schools have stored.
const TABLES: [&str; 7] = ["lists", "staff", "plans", "batches", "batch_files", "batch_classes", "idempotency"];

impl Store {
    /// Erases, also on a disk that is full, and empties the log behind it.
    pub(super) async fn erasing<T, F>(&self, attempt: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let erased = match attempt().await {
            Err(StoreError::Trouble(trouble, _)) => {
                self.met(trouble);
                self.relieve().await;
                attempt().await?
            }
            ended => ended?,
        };
        self.scrub_or_later().await;
        Ok(erased)
    }

    /// Empties SQLite's write-ahead log; what could not be done now is done by [`Store::scrub_again`].
    async fn scrub_or_later(&self) {
        if let Err(error) = self.scrub().await {
            tracing::warn!(%error, "what was erased is still in the write-ahead log; it is tried again");
            self.unscrubbed.store(true, Ordering::Relaxed);
        }
    }

    /// Empties the log where that could not be done at once.
    pub async fn scrub_again(&self) {
        if self.unscrubbed.swap(false, Ordering::Relaxed) {
            self.scrub_or_later().await;
        }
    }

    /// Writes all of SQLite's write-ahead log into the file and empties it.
    pub(super) async fn scrub(&self) -> Result<(), StoreError> {
        if self.kind == Kind::Postgres {
            return Ok(());
        }
        for _ in 0..TRIES {
            // The first column tells whether somebody was in the way.
            let busy: Option<i64> = sql("PRAGMA wal_checkpoint(TRUNCATE)").row(&self.pool).await?;
            if busy == Some(0) {
                return Ok(());
            }
            sleep(PAUSE).await;
        }
        Err(StoreError::Unreachable("the write-ahead log is in use".to_owned()))
    }

    /// Writes the database anew without anything that was deleted; others wait meanwhile. PostgreSQL's log of changes and its
    /// archives keep it until they are written over or removed.
    ///
    /// # Errors
    /// The database's; there must be room for a second copy.
    pub async fn rewrite(&self) -> Result<(), StoreError> {
        if self.kind == Kind::Sqlite {
            sql("VACUUM").run(&self.pool).await?;
            return self.scrub().await;
        }
        for table in TABLES {
            composed(format!("VACUUM (FULL) {table}")).run(&self.pool).await?;
        }
        Ok(())
    }
}
