//! Batches: files with many classes, divided in one request.
//!
//! A batch waits, queued, while its classes are solved ([`Classes`](super::Classes)); when all of them have ended, a worker may
//! take it and finish it with a summary and a zip of all results.

use super::idempotency::settle;
use super::sql::{FromAny, composed, sql};
use super::work::Table;
use super::{Inserted, NewClass, Once, Standing, State, Store, StoreError, classes, now, room, row};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;

/// What a file of a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileKind {
    /// A class list, or a workbook with several.
    List,
    /// A zip of lists.
    Zip,
    /// A staff list.
    Staff,
}

impl FileKind {
    fn word(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Zip => "zip",
            Self::Staff => "staff",
        }
    }
}

/// A file of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchFile {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// The file; sent beside the rest where it is sent on.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

impl FromAny for BatchFile {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        let word = row::text(row, "kind")?;
        let kind = [FileKind::List, FileKind::Zip, FileKind::Staff].into_iter().find(|kind| kind.word() == word);
        let kind = kind.ok_or_else(|| StoreError::unreadable("a kind of file"))?;
        Ok(Self { name: row::text(row, "name")?, kind, bytes: row::blob(row, "bytes")? })
    }
}

/// A batch as it is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewBatch<'a> {
    /// Its id ([`new_id`](super::new_id)).
    pub id: &'a str,
    /// Its school.
    pub school: &'a str,
    /// What is asked: JSON.
    pub request: &'a str,
    /// Its files in the order given.
    pub files: &'a [BatchFile],
    /// Its classes, as far as they are known; more can be added ([`Classes::add`](super::Classes::add)).
    pub classes: &'a [NewClass<'a>],
    /// When it was asked for.
    pub created: i64,
    /// Plans, batches and classes that the school may have open with it and its classes; any number where there is no such limit.
    pub most_open: Option<i64>,
}

/// A batch as it stands, without its files and its zip.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Its id.
    pub id: String,
    /// Its school.
    pub school: String,
    /// What is asked: JSON.
    pub request: String,
    /// Its state: queued until all classes have ended, running while it is finished.
    pub state: State,
    /// How far the finishing is, 0 … 1; how far the classes are is told by [`Counts`](super::Counts).
    pub progress: f64,
    /// Whether somebody asked to stop.
    pub stop_asked: bool,
    /// How often a worker has taken it.
    pub attempts: i64,
    /// The summary, once it is done: JSON.
    pub summary: Option<String>,
    /// The problem, where it failed: JSON.
    pub error: Option<String>,
    /// When it was asked for.
    pub created: i64,
    /// When a worker first had it.
    pub started: Option<i64>,
    /// When it ended.
    pub finished: Option<i64>,
}

const COLUMNS: &str =
    "id, school, request, state, progress, stop_asked, attempts, summary, error, created, started, finished";

impl FromAny for Batch {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        let Standing { state, progress, stop_asked } = Standing::of(row)?;
        Ok(Self {
            id: row::text(row, "id")?,
            school: row::text(row, "school")?,
            request: row::text(row, "request")?,
            state,
            progress,
            stop_asked,
            attempts: row::int(row, "attempts")?,
            summary: row::text_or_null(row, "summary")?,
            error: row::text_or_null(row, "error")?,
            created: row::int(row, "created")?,
            started: row::int_or_null(row, "started")?,
            finished: row::int_or_null(row, "finished")?,
        })
    }
}

/// A blob in the first column.
struct Bytes(Vec<u8>);

impl FromAny for Bytes {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        row::blob(row, "result").map(Self)
    }
}

/// The batches of a store.
#[derive(Clone, Copy, Debug)]
pub struct Batches<'a>(pub(super) &'a Store);

impl Batches<'_> {
    /// Keeps a batch with its files and classes, queued, together with the answer that is given under the client's key.
    ///
    /// # Errors
    /// [`StoreError::Reference`] where there is no such school; [`StoreError::KeyReused`]; [`StoreError::TooManyOpen`].
    pub async fn insert(&self, batch: &NewBatch<'_>, once: Option<&Once<'_>>) -> Result<Inserted, StoreError> {
        let mut transaction = self.0.begin().await?;
        if let Some(before) = settle(&mut transaction, batch.school, once).await? {
            return Ok(Inserted::Before(before));
        }
        let asked = 1 + i64::try_from(batch.classes.len()).unwrap_or(i64::MAX);
        room::admit(&mut transaction, batch.school, asked, batch.most_open).await?;
        let insert = "INSERT INTO batches (id, school, request, state, created, due, most_open) \
                      VALUES ($1, $2, $3, 'queued', $4, $4, $5)";
        let insert = sql(insert).text(batch.id).text(batch.school).text(batch.request).int(batch.created);
        let insert = insert.int_or_null(batch.most_open);
        insert.run(&mut *transaction).await?;
        for (position, file) in (0..).zip(batch.files) {
            let insert =
                "INSERT INTO batch_files (batch, school, position, name, kind, bytes) VALUES ($1, $2, $3, $4, $5, $6)";
            let insert = sql(insert).text(batch.id).text(batch.school).int(position).text(&file.name);
            insert.text(file.kind.word()).blob(&file.bytes).run(&mut *transaction).await?;
        }
        classes::insert(&mut transaction, batch.school, batch.id, batch.classes).await?;
        transaction.commit().await?;
        Ok(Inserted::New)
    }

    /// A school's batch.
    ///
    /// # Errors
    /// The database's.
    pub async fn get(&self, school: &str, id: &str) -> Result<Option<Batch>, StoreError> {
        let get = format!("SELECT {COLUMNS} FROM batches WHERE school = $1 AND id = $2");
        composed(get).text(school).text(id).row(&self.0.pool).await
    }

    /// Ids of a school's batches, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn ids(&self, school: &str) -> Result<Vec<String>, StoreError> {
        let ids = sql("SELECT id FROM batches WHERE school = $1 ORDER BY created DESC, id DESC");
        ids.text(school).rows(&self.0.pool).await
    }

    /// The files of a school's batch in the order given.
    ///
    /// # Errors
    /// The database's.
    pub async fn files(&self, school: &str, id: &str) -> Result<Vec<BatchFile>, StoreError> {
        let files = "SELECT name, kind, bytes FROM batch_files WHERE school = $1 AND batch = $2 ORDER BY position";
        sql(files).text(school).text(id).rows(&self.0.pool).await
    }

    /// The zip of a school's batch, once it is done.
    ///
    /// # Errors
    /// The database's.
    pub async fn result(&self, school: &str, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let result = sql("SELECT result FROM batches WHERE school = $1 AND id = $2 AND result IS NOT NULL");
        let bytes: Option<Bytes> = result.text(school).text(id).row(&self.0.pool).await?;
        Ok(bytes.map(|bytes| bytes.0))
    }

    /// Takes a queued batch all of whose classes have ended, and counts an attempt; none where there is nothing to take.
    /// `worker` names this run of the work: what an earlier run writes late is dropped by it.
    ///
    /// # Errors
    /// The database's.
    pub async fn claim(&self, id: &str, worker: &str) -> Result<Option<Batch>, StoreError> {
        self.0.work(Table::Batches).claim(id, worker, COLUMNS).await
    }

    /// Puts what was found out before its classes were there into what is asked; false where this worker has it no longer.
    ///
    /// # Errors
    /// The database's.
    pub async fn restate(&self, id: &str, worker: &str, request: &str) -> Result<bool, StoreError> {
        let restate = "UPDATE batches SET request = $3 WHERE id = $1 AND worker = $2 AND state = 'running'";
        Ok(sql(restate).text(id).text(worker).text(request).run(&self.0.pool).await? == 1)
    }

    /// Ends a batch that this worker has with its summary (JSON) and the zip of all results; false where it has it no longer,
    /// and then nothing is written.
    ///
    /// # Errors
    /// The database's.
    pub async fn finish(&self, id: &str, worker: &str, summary: &str, result: &[u8]) -> Result<bool, StoreError> {
        let finish = "UPDATE batches SET state = 'done', progress = 1, summary = $3, result = $4, error = NULL, finished = $5, \
                      heartbeat = $5 WHERE id = $1 AND worker = $2 AND state = 'running'";
        let finish = sql(finish).text(id).text(worker).text(summary).blob(result).int(now());
        self.0.work(Table::Batches).end(id, finish).await
    }

    /// Cancels the queued classes of a school's batch and asks the workers of the running ones to stop and keep their best; the
    /// batch is then finished with what there is. Its state, none where the school has no such batch.
    ///
    /// # Errors
    /// The database's.
    pub async fn ask_stop(&self, school: &str, id: &str) -> Result<Option<State>, StoreError> {
        let mut transaction = self.0.begin().await?;
        let ask = "UPDATE batches SET stop_asked = 1 WHERE school = $1 AND id = $2 AND state IN ('queued', 'running')";
        let asked = sql(ask).text(school).text(id).run(&mut *transaction).await?;
        if asked == 1 {
            let stop = "UPDATE batch_classes SET stop_asked = 1, \
                        finished = CASE WHEN state = 'queued' THEN $3 ELSE finished END, \
                        state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END \
                        WHERE school = $1 AND batch = $2 AND state IN ('queued', 'running')";
            sql(stop).text(school).text(id).int(now()).run(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(self.0.work(Table::Batches).standing(school, id).await?.map(|standing| standing.state))
    }
}
