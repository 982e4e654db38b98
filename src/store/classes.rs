//! The classes of batches: each is solved by itself, and kept once for each digest of what it was made from.

use super::sql::{FromAny, composed, key, sql};
use super::work::Table;
use super::{Standing, State, Store, StoreError, new_id, now, room, row};
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};
use std::collections::HashMap;

/// A class as it is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewClass<'a> {
    /// Its name.
    pub class: &'a str,
    /// The file of the batch that it stands in.
    pub file: &'a str,
    /// SHA-256 of all that decides its plan.
    pub digest: &'a str,
    /// By how many milliseconds later than now it is due among what waits of its school ([`Store::next`]).
    pub due: i64,
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

/// A class's id with its plan.
struct Document(String, String);

impl FromAny for Document {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self(row::text(row, "id")?, row::text(row, "document")?))
    }
}

/// A class's id with its files.
struct Files(String, Vec<u8>);

impl FromAny for Files {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self(row::text(row, "id")?, row::blob(row, "files")?))
    }
}

/// The classes of a store's batches.
#[derive(Clone, Copy, Debug)]
pub struct Classes<'a>(pub(super) &'a Store);

impl Classes<'_> {
    /// Adds classes to a school's batch, queued, all or none; one that is there already (same batch, name and digest) stays as
    /// it is.
    ///
    /// # Errors
    /// [`StoreError::Reference`] where the school has no such batch; [`StoreError::TooManyOpen`].
    pub async fn add(&self, school: &str, batch: &str, classes: &[NewClass<'_>]) -> Result<(), StoreError> {
        let mut transaction = self.0.begin().await?;
        let most = sql("SELECT most_open FROM batches WHERE school = $1 AND id = $2 AND most_open IS NOT NULL");
        let most: Option<i64> = most.text(school).text(batch).row(&mut *transaction).await?;
        room::admit(&mut transaction, school, i64::try_from(classes.len()).unwrap_or(i64::MAX), most).await?;
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

    /// So many of them at most, after the one of this id; from the first on where it is empty.
    ///
    /// # Errors
    /// The database's.
    pub async fn page(&self, school: &str, batch: &str, after: &str, limit: u32) -> Result<Vec<Class>, StoreError> {
        let page = "FROM batch_classes WHERE school = $1 AND batch = $2 AND id > $3 ORDER BY id LIMIT $4";
        let page = composed(format!("SELECT {COLUMNS} {page}")).text(school).text(batch).text(after);
        page.int(i64::from(limit)).rows(&self.0.pool).await
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

    /// The plans (JSON) of those classes of a school's batch that are done, by the classes' ids.
    ///
    /// # Errors
    /// The database's.
    pub async fn documents(&self, school: &str, batch: &str) -> Result<HashMap<String, String>, StoreError> {
        let documents =
            "SELECT id, document FROM batch_classes WHERE school = $1 AND batch = $2 AND document IS NOT NULL";
        let rows: Vec<Document> = sql(documents).text(school).text(batch).rows(&self.0.pool).await?;
        Ok(rows.into_iter().map(|Document(id, json)| (id, json)).collect())
    }

    /// Keeps the files (a zip) of a class that this worker has; nothing is written where it has it no longer.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep_files(&self, id: &str, worker: &str, files: &[u8]) -> Result<(), StoreError> {
        let keep = "UPDATE batch_classes SET files = $3 WHERE id = $1 AND worker = $2 AND state = 'running'";
        sql(keep).text(id).text(worker).blob(files).run(&self.0.pool).await?;
        Ok(())
    }

    /// The files (zips) of those classes of a school's batch that are done and have some, by the classes' ids.
    ///
    /// # Errors
    /// The database's.
    pub async fn files(&self, school: &str, batch: &str) -> Result<HashMap<String, Vec<u8>>, StoreError> {
        let files = "SELECT id, files FROM batch_classes \
                     WHERE school = $1 AND batch = $2 AND state = 'done' AND files IS NOT NULL";
        let rows: Vec<Files> = sql(files).text(school).text(batch).rows(&self.0.pool).await?;
        Ok(rows.into_iter().map(|Files(id, zip)| (id, zip)).collect())
    }

    /// Whether all classes of a batch have ended.
    ///
    /// # Errors
    /// The database's.
    pub async fn have_ended(&self, batch: &str) -> Result<bool, StoreError> {
        let open = "SELECT id FROM batch_classes WHERE batch = $1 AND state IN ('queued', 'running') LIMIT 1";
        let open: Option<String> = sql(open).text(batch).row(&self.0.pool).await?;
        Ok(open.is_none())
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
        self.0.work(Table::Classes).claim(id, worker, COLUMNS).await
    }
}

/// Classes of one statement: six values each, and SQLite takes 32,766.
const AT_ONCE: usize = 1_000;

/// Adds classes within a transaction. Their ids sort in the order given.
pub(super) async fn insert(
    transaction: &mut Transaction<'static, Any>,
    school: &str,
    batch: &str,
    classes: &[NewClass<'_>],
) -> Result<(), StoreError> {
    for classes in classes.chunks(AT_ONCE) {
        let rows: Vec<String> = (0..classes.len()).map(|at| line(4 + at * 6)).collect();
        let insert = format!(
            "INSERT INTO batch_classes (batch, school, created, id, class, class_key, file, digest, due, state) VALUES {} \
             ON CONFLICT (batch, class_key, digest) DO NOTHING",
            rows.join(", ")
        );
        let created = now();
        let mut insert = composed(insert).text(batch).text(school).int(created);
        for class in classes {
            insert = insert.text(&new_id()).text(class.class).text(&key(class.class)).text(class.file);
            insert = insert.text(class.digest).int(created + class.due);
        }
        insert.run(&mut **transaction).await?;
    }
    Ok(())
}

/// One row of values, the first of its own being `$n`; batch, school and time are the same in all rows.
fn line(n: usize) -> String {
    format!("($1, $2, $3, ${n}, ${}, ${}, ${}, ${}, ${}, 'queued')", n + 1, n + 2, n + 3, n + 4, n + 5)
}
