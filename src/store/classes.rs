//! The classes of batches: each is solved by itself, and kept once for each digest of what it was made from.

use super::sql::{FromAny, composed, key, sql};
use super::work::{Table, Work};
use super::{Heard, Orphan, Outcome, Standing, State, Store, StoreError, new_id, now, row};
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};

/// A class as it is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewClass<'a> {
    /// Its name.
    pub class: &'a str,
    /// The file of the batch that it stands in.
    pub file: &'a str,
    /// SHA-256 of all that decides its plan.
    pub digest: &'a str,
}

/// A class as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Its id.
    pub id: String,
    /// Its batch.
    pub batch: String,
    /// Its school.
    pub school: String,
    /// Its name.
    pub class: String,
    /// The file of the batch that it stands in.
    pub file: String,
    /// SHA-256 of all that decides its plan.
    pub digest: String,
    /// Its state.
    pub state: State,
    /// 0 … 1.
    pub progress: f64,
    /// Whether somebody asked to stop.
    pub stop_asked: bool,
    /// How often a worker has taken it.
    pub attempts: i64,
    /// The problem, where it failed: JSON.
    pub error: Option<String>,
    /// When it was asked for.
    pub created: i64,
    /// When a worker first had it.
    pub started: Option<i64>,
    /// When it ended.
    pub finished: Option<i64>,
}

const COLUMNS: &str = "id, batch, school, class, file, digest, state, progress, stop_asked, attempts, error, created, \
                       started, finished";

impl FromAny for Class {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        let Standing { state, progress, stop_asked } = Standing::of(row)?;
        Ok(Self {
            id: row::text(row, "id")?,
            batch: row::text(row, "batch")?,
            school: row::text(row, "school")?,
            class: row::text(row, "class")?,
            file: row::text(row, "file")?,
            digest: row::text(row, "digest")?,
            state,
            progress,
            stop_asked,
            attempts: row::int(row, "attempts")?,
            error: row::text_or_null(row, "error")?,
            created: row::int(row, "created")?,
            started: row::int_or_null(row, "started")?,
            finished: row::int_or_null(row, "finished")?,
        })
    }
}

/// How many classes of a batch stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Waiting for a worker.
    pub queued: i64,
    /// With a worker.
    pub running: i64,
    /// Ended with a plan.
    pub done: i64,
    /// Ended without one.
    pub failed: i64,
    /// Stopped before a worker had them.
    pub cancelled: i64,
}

impl Counts {
    /// All classes.
    #[must_use]
    pub fn all(self) -> i64 {
        self.queued + self.running + self.ended()
    }

    /// Classes to which nothing more will happen.
    #[must_use]
    pub fn ended(self) -> i64 {
        self.done + self.failed + self.cancelled
    }
}

/// One line of [`Counts`].
struct Count(State, i64);

impl FromAny for Count {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self(State::of(row)?, row::int(row, "number")?))
    }
}

/// The classes of a store's batches.
#[derive(Clone, Copy, Debug)]
pub struct Classes<'a>(pub(super) &'a Store);

impl Classes<'_> {
    fn work(&self) -> Work<'_> {
        Work { store: self.0, table: Table::Classes }
    }

    /// Adds classes to a school's batch, queued, all or none; one that is there already (same batch, name and digest) stays as
    /// it is.
    ///
    /// # Errors
    /// [`StoreError::Reference`] where the school has no such batch.
    pub async fn add(&self, school: &str, batch: &str, classes: &[NewClass<'_>]) -> Result<(), StoreError> {
        let mut transaction = self.0.begin().await?;
        insert(&mut transaction, school, batch, classes).await?;
        Ok(transaction.commit().await?)
    }

    /// The classes of a school's batch in the order in which they were added, without their documents.
    ///
    /// # Errors
    /// The database's.
    pub async fn all(&self, school: &str, batch: &str) -> Result<Vec<Class>, StoreError> {
        let all = format!("SELECT {COLUMNS} FROM batch_classes WHERE school = $1 AND batch = $2 ORDER BY id");
        composed(all).text(school).text(batch).rows(&self.0.pool).await
    }

    /// A school's class, without its document.
    ///
    /// # Errors
    /// The database's.
    pub async fn get(&self, school: &str, id: &str) -> Result<Option<Class>, StoreError> {
        let get = format!("SELECT {COLUMNS} FROM batch_classes WHERE school = $1 AND id = $2");
        composed(get).text(school).text(id).row(&self.0.pool).await
    }

    /// The plan of a school's class (JSON), once it is done.
    ///
    /// # Errors
    /// The database's.
    pub async fn document(&self, school: &str, id: &str) -> Result<Option<String>, StoreError> {
        let document = "SELECT document FROM batch_classes WHERE school = $1 AND id = $2 AND document IS NOT NULL";
        sql(document).text(school).text(id).row(&self.0.pool).await
    }

    /// How many classes of a school's batch stand where.
    ///
    /// # Errors
    /// The database's.
    pub async fn counts(&self, school: &str, batch: &str) -> Result<Counts, StoreError> {
        let count =
            "SELECT state, COUNT(*) AS number FROM batch_classes WHERE school = $1 AND batch = $2 GROUP BY state";
        let lines: Vec<Count> = sql(count).text(school).text(batch).rows(&self.0.pool).await?;
        let mut counts = Counts::default();
        for Count(state, number) in lines {
            let place = match state {
                State::Queued => &mut counts.queued,
                State::Running => &mut counts.running,
                State::Done => &mut counts.done,
                State::Failed => &mut counts.failed,
                State::Cancelled => &mut counts.cancelled,
            };
            *place = number;
        }
        Ok(counts)
    }

    /// Takes a queued class and counts an attempt; none where there is nothing to take. `worker` names this run of the work,
    /// not only the machine: what an earlier run writes late is dropped by it.
    ///
    /// # Errors
    /// The database's.
    pub async fn claim(&self, id: &str, worker: &str) -> Result<Option<Class>, StoreError> {
        self.work().claim(id, worker, COLUMNS).await
    }

    /// Ends a class that this worker has; false where it has it no longer, and then nothing is written.
    ///
    /// # Errors
    /// The database's.
    pub async fn finish(&self, id: &str, worker: &str, outcome: Outcome<'_>) -> Result<bool, StoreError> {
        self.work().finish(id, worker, outcome).await
    }

    /// Tells that this worker is alive and how far it is (0 … 1).
    ///
    /// # Errors
    /// The database's.
    pub async fn progress(&self, id: &str, worker: &str, share: f64) -> Result<Heard, StoreError> {
        self.work().progress(id, worker, share).await
    }

    /// Gives a class back, queued, its attempt not counted: the worker is shut down. False where it has it no longer.
    ///
    /// # Errors
    /// The database's.
    pub async fn hand_back(&self, id: &str, worker: &str) -> Result<bool, StoreError> {
        self.work().hand_back(id, worker).await
    }

    /// Classes queued or running without a sign of life since `older_than`, the oldest first, a thousand at most.
    ///
    /// # Errors
    /// The database's.
    pub async fn orphans(&self, older_than: i64) -> Result<Vec<Orphan>, StoreError> {
        self.work().orphans(older_than).await
    }

    /// Queues an orphan again, with `now` as its sign of life; false where it is none any more.
    ///
    /// # Errors
    /// The database's.
    pub async fn requeue(&self, id: &str, older_than: i64) -> Result<bool, StoreError> {
        self.work().requeue(id, older_than).await
    }

    /// Ends an orphan as failed with a problem (JSON); false where it is none any more.
    ///
    /// # Errors
    /// The database's.
    pub async fn bury(&self, id: &str, older_than: i64, error: &str) -> Result<bool, StoreError> {
        self.work().bury(id, older_than, error).await
    }
}

/// Adds classes within a transaction. Their ids sort in the order given.
pub(super) async fn insert(
    transaction: &mut Transaction<'static, Any>,
    school: &str,
    batch: &str,
    classes: &[NewClass<'_>],
) -> Result<(), StoreError> {
    let insert = "INSERT INTO batch_classes (id, batch, school, class, class_key, file, digest, state, created) \
                  VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8) ON CONFLICT (batch, class_key, digest) DO NOTHING";
    for class in classes {
        let insert = sql(insert).text(&new_id()).text(batch).text(school).text(class.class);
        let insert = insert.text(&key(class.class)).text(class.file);
        insert.text(class.digest).int(now()).run(&mut **transaction).await?;
    }
    Ok(())
}
