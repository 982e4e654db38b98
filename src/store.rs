//! What the service keeps: schools, tokens, lists, staff, plans and batches, in SQLite or PostgreSQL.
//!
//! ```text
//! Store ─┬─ schools, tokens                 who may come in
//!        ├─ lists, staff                    what was uploaded
//!        ├─ plans, batches, classes         what was asked and what came of it: queued → running → done | failed | cancelled
//!        └─ export, delete, sweep           everything of a school out, or away
//! ```
//! One implementation serves both databases (`sqlx`'s `Any`): the SQL is what both understand, the schema is one file.
//! Every row belongs to a school, and whatever a client may ask takes the school's id and filters on it in SQL. Only what
//! workers ask (claim, finish, orphans …) goes by id alone. What belongs together is written in one transaction.
//!
//! Times are milliseconds since 1970 (UTC), ids are UUIDs of version 7, JSON is kept as the text that was given. Text is kept
//! without NUL characters, which PostgreSQL cannot hold: each becomes U+FFFD, in both databases alike.

mod backup;
mod batches;
mod classes;
mod clock;
mod encrypted;
mod error;
mod export;
mod guarded;
mod health;
mod idempotency;
mod lists;
mod open;
mod plans;
mod room;
mod row;
mod schools;
mod scrub;
mod sql;
mod staff;
mod sweep;
mod tokens;
mod trouble;
mod turn;
mod work;

pub use backup::{Contents, examine, put_back};
pub use batches::{Batch, BatchFile, Batches, FileKind, NewBatch};
pub use classes::{Class, Classes, Counts, NewClass};
pub use clock::{new_id, now};
pub use encrypted::encrypted;
pub use error::StoreError;
pub use idempotency::{Answer, Idempotency, Inserted, Once};
pub use lists::{List, Lists, NewList};
pub use plans::{NewPlan, Plan, Plans};
pub use room::Open;
pub use schools::{LOCAL, School, Schools};
pub use staff::{NewStaff, StaffList, StaffLists};
pub use sweep::{Removed, Swept};
pub use tokens::{Bearer, Token, Tokens};
pub use trouble::Trouble;
pub use turn::{Next, Whose};
pub use work::{Heard, Orphan, Outcome, Standing, State, Table, Work};

use health::Health;
use sqlx::{Any, AnyPool, Transaction};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Which database holds the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file of this machine.
    Sqlite,
    /// A server that several machines share.
    Postgres,
}

/// An open database; clones share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    kind: Kind,
    /// SQLite's file.
    file: Option<Arc<Path>>,
    health: Arc<Health>,
    /// Something was erased that the write-ahead log still holds.
    unscrubbed: Arc<AtomicBool>,
}

impl Store {
    /// Which database this is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sql::sql("SELECT time FROM service").run(&self.pool).await.map(|_| ())
    }

    /// Closes all connections, also those of clones. SQLite's file is complete then, without any other beside it.
    pub async fn close(&self) {
        self.unreserve();
        if let Err(error) = self.scrub().await {
            tracing::warn!(%error, "the write-ahead log could not be emptied");
        }
        self.pool.close().await;
    }

    /// Schools and their names.
    #[must_use]
    pub fn schools(&self) -> Schools<'_> {
        Schools(self)
    }

    /// Who may come in.
    #[must_use]
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens(self)
    }

    /// Class lists as they were uploaded.
    #[must_use]
    pub fn lists(&self) -> Lists<'_> {
        Lists(self)
    }

    /// Staff lists as they were uploaded.
    #[must_use]
    pub fn staff(&self) -> StaffLists<'_> {
        StaffLists(self)
    }

    /// Plans: asked, at work, ended.
    #[must_use]
    pub fn plans(&self) -> Plans<'_> {
        Plans(self)
    }

    /// Batches: many classes in one request.
    #[must_use]
    pub fn batches(&self) -> Batches<'_> {
        Batches(self)
    }

    /// The classes of batches.
    #[must_use]
    pub fn classes(&self) -> Classes<'_> {
        Classes(self)
    }

    /// The life of what stands in one table: plans, classes or batches.
    #[must_use]
    pub fn work(&self, table: Table) -> Work<'_> {
        Work { store: self, table }
    }

    /// Answers that were given under a key.
    #[must_use]
    pub fn idempotency(&self) -> Idempotency<'_> {
        Idempotency(self)
    }

    /// A transaction that writes. SQLite takes the write lock at once: a reader that wants to write later would be refused
    /// where it should wait.
    async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        let begin = match self.kind {
            Kind::Sqlite => "BEGIN IMMEDIATE",
            Kind::Postgres => "BEGIN",
        };
        Ok(self.pool.begin_with(begin).await?)
    }
}
