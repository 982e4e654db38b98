//! The queue: apalis on the service's own database.
//!
//! Its tables stand beside ours (PostgreSQL: schema `apalis`; SQLite: `Jobs`, `Workers`) and hold ids only. Jobs are not acked
//! by result: what became of the work is in our rows.

use super::news::{Listener, News};
use super::{Job, SILENCE};
use crate::store::{StoreError, encrypted, now};
use apalis::prelude::{BackendExt, IntervalStrategy, MonitorContext, PollWith, TaskBuilder};
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use sqlx::Connection as _;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use std::collections::HashSet;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::watch;

/// The queue's name in apalis's tables.
const NAME: &str = "fenzu";
/// How often an idle worker looks for jobs that another process has pushed; its own process wakes it.
const LOOK: Duration = Duration::from_millis(200);
/// A worker's heartbeat in apalis's tables.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// Connections of one process: fetching, acknowledging, pushing, reconciling.
const CONNECTIONS: u32 = 4;
/// A writer of SQLite waits this long for another one.
const BUSY: Duration = Duration::from_secs(10);
/// apalis's own table of migrations in SQLite, apart from the store's.
const MIGRATIONS: &str = "_apalis_migrations";

/// Jobs that wait or are being worked on: neither done nor given up.
const LIVE: &str = "status IN ('Pending', 'Queued', 'Running')";

/// Why the queue does not answer.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The database.
    #[error("the queue's database: {0}")]
    Database(#[from] sqlx::Error),
    /// The queue's tables could not be made.
    #[error("the queue's tables: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The database's address.
    #[error(transparent)]
    Address(#[from] StoreError),
    /// apalis on PostgreSQL.
    #[error("the queue on PostgreSQL: {0}")]
    Postgres(#[from] apalis_postgres::Error),
    /// apalis on SQLite.
    #[error("the queue on SQLite: {0}")]
    Sqlite(#[from] apalis_sqlite::Error),
    /// A job that cannot be written; a defect of ours.
    #[error("a job that cannot be written: {0}")]
    Job(#[from] serde_json::Error),
}

/// The queue of one process. Clones share it.
#[derive(Clone, Debug)]
pub struct Queue {
    pool: Pool,
    local: Arc<Local>,
}

/// What the parts of one process tell each other without the database.
#[derive(Debug)]
struct Local {
    /// The workers, to be woken when something is pushed.
    workers: OnceLock<MonitorContext>,
    news: News,
    /// Somebody has asked something to stop.
    stops: watch::Sender<()>,
}

#[derive(Clone, Debug)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// The queue as a backend of apalis's workers.
pub(super) enum Backend {
    Sqlite(PollWith<SqliteStorage<Job>, IntervalStrategy>),
    Postgres(PollWith<PostgresStorage<Job>, IntervalStrategy>),
}

impl Queue {
    /// Opens the queue on a database, `sqlite:FILE` or `postgres://…`, and makes its tables.
    ///
    /// # Errors
    /// A database that cannot be reached or changed.
    pub async fn open(database: &str) -> Result<Self, QueueError> {
        let pool = if database.starts_with("sqlite:") {
            Pool::Sqlite(open_sqlite(database).await?)
        } else {
            let address = encrypted(database)?;
            let pool = PgPoolOptions::new().max_connections(CONNECTIONS).connect(&address).await?;
            PostgresStorage::<()>::migrations().run(&pool).await?;
            Pool::Postgres(pool)
        };
        let local = Local { workers: OnceLock::new(), news: News::default(), stops: watch::Sender::default() };
        Ok(Self { pool, local: Arc::new(local) })
    }

    /// Closes all connections, also those of clones.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }

    /// Adds a job.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn push(&self, job: &Job) -> Result<(), QueueError> {
        self.push_all(std::slice::from_ref(job)).await
    }

    /// Adds many jobs, all or none.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn push_all(&self, jobs: &[Job]) -> Result<(), QueueError> {
        let task = |job: &Job| -> Result<_, QueueError> {
            // The key is new for each push; its beginning tells whose job it is (`live`).
            let key = format!("{}#{}", job.subject(), uuid::Uuid::now_v7());
            let task = TaskBuilder::new(serde_json::to_vec(job)?).idempotency_key(key);
            Ok(task.build())
        };
        let tasks = jobs.iter().map(task).collect::<Result<Vec<_>, _>>()?;
        match &self.pool {
            Pool::Sqlite(pool) => {
                let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
                apalis_sqlite::queries::push_tasks(&mut *transaction, NAME, &tasks).await?;
                transaction.commit().await?;
            }
            Pool::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                apalis_postgres::queries::push_tasks(&mut *transaction, NAME, tasks).await?;
                transaction.commit().await?;
            }
        }
        self.wake();
        Ok(())
    }

    /// The [subjects](Job::subject) that have a job which waits or is being worked on.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn live(&self) -> Result<HashSet<String>, QueueError> {
        let rows: Vec<(Option<String>,)> = match &self.pool {
            Pool::Sqlite(pool) => {
                let sql = format!("SELECT idempotency_key FROM Jobs WHERE job_type = $1 AND {LIVE}");
                sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(NAME).fetch_all(pool).await?
            }
            Pool::Postgres(pool) => {
                let sql = format!("SELECT idempotency_key FROM apalis.jobs WHERE job_type = $1 AND {LIVE}");
                sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(NAME).fetch_all(pool).await?
            }
        };
        let subject = |key: String| key.rsplit_once('#').map(|(subject, _)| subject.to_owned());
        Ok(rows.into_iter().filter_map(|(key,)| key).filter_map(subject).collect())
    }

    /// Number of jobs that wait or are being worked on.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn depth(&self) -> Result<u64, QueueError> {
        let (depth,): (i64,) = match &self.pool {
            Pool::Sqlite(pool) => {
                let sql = format!("SELECT COUNT(*) FROM Jobs WHERE job_type = $1 AND {LIVE}");
                sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(NAME).fetch_one(pool).await?
            }
            Pool::Postgres(pool) => {
                let sql = format!("SELECT COUNT(*) FROM apalis.jobs WHERE job_type = $1 AND {LIVE}");
                sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(NAME).fetch_one(pool).await?
            }
        };
        Ok(depth.unsigned_abs())
    }

    /// Milliseconds by which this machine's clock is ahead of the database's (negative: behind); 0 on one machine.
    pub(super) async fn clock_ahead(&self) -> Result<i64, QueueError> {
        let Pool::Postgres(pool) = &self.pool else { return Ok(0) };
        let sql = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";
        let (theirs,): (i64,) = sqlx::query_as(sql).fetch_one(pool).await?;
        Ok(now() - theirs)
    }

    /// Jobs that were pushed before the clock was set back wait no longer.
    pub(super) async fn pull_in(&self) -> Result<(), QueueError> {
        match &self.pool {
            Pool::Sqlite(pool) => {
                let sql = "UPDATE Jobs SET run_at = CAST(strftime('%s', 'now') AS INTEGER) WHERE job_type = $1 \
                           AND status = 'Pending' AND run_at > CAST(strftime('%s', 'now') AS INTEGER)";
                sqlx::query(sql).bind(NAME).execute(pool).await?;
            }
            Pool::Postgres(pool) => {
                let sql = "UPDATE apalis.jobs SET run_at = now() WHERE job_type = $1 AND status = 'Pending' \
                           AND run_at > now()";
                sqlx::query(sql).bind(NAME).execute(pool).await?;
            }
        }
        self.wake();
        Ok(())
    }

    /// Removes jobs that are done, and workers that are gone and hold no job.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn tidy(&self) -> Result<(), QueueError> {
        // Long after any worker that is alive has been heard.
        let gone = i64::try_from(SILENCE.as_secs() * 60).unwrap_or(i64::MAX);
        match &self.pool {
            Pool::Sqlite(pool) => {
                let jobs = format!("DELETE FROM Jobs WHERE job_type = $1 AND NOT {LIVE}");
                sqlx::query(sqlx::AssertSqlSafe(jobs)).bind(NAME).execute(pool).await?;
                let workers = "DELETE FROM Workers WHERE worker_type = $1 AND last_seen < strftime('%s', 'now') - $2 \
                               AND NOT EXISTS (SELECT 1 FROM Jobs WHERE lock_by = Workers.id)";
                sqlx::query(workers).bind(NAME).bind(gone).execute(pool).await?;
            }
            Pool::Postgres(pool) => {
                let jobs = format!("DELETE FROM apalis.jobs WHERE job_type = $1 AND NOT {LIVE}");
                sqlx::query(sqlx::AssertSqlSafe(jobs)).bind(NAME).execute(pool).await?;
                let workers = "DELETE FROM apalis.workers w WHERE worker_type = $1 \
                               AND last_seen < now() - make_interval(secs => $2::double precision) \
                               AND NOT EXISTS (SELECT 1 FROM apalis.jobs WHERE lock_by = w.id)";
                sqlx::query(workers).bind(NAME).bind(gone).execute(pool).await?;
            }
        }
        Ok(())
    }

    /// Lets others fetch what this process's workers have fetched, ended or not: what became of the work is in our rows, and a job
    /// too many costs a look.
    ///
    /// # Errors
    /// A database that does not answer.
    pub(super) async fn give_back(&self, worker: &str) -> Result<(), QueueError> {
        // apalis's workers are named after the process and how often they were started.
        let names = format!("{worker}-%");
        let sets = "SET status = 'Pending', lock_by = NULL, lock_at = NULL";
        let theirs = format!("WHERE job_type = $1 AND lock_by LIKE $2 AND {LIVE}");
        match &self.pool {
            Pool::Sqlite(pool) => {
                let sql = sqlx::AssertSqlSafe(format!("UPDATE Jobs {sets} {theirs}"));
                sqlx::query(sql).bind(NAME).bind(names).execute(pool).await?;
            }
            Pool::Postgres(pool) => {
                let sql = sqlx::AssertSqlSafe(format!("UPDATE apalis.jobs {sets} {theirs}"));
                sqlx::query(sql).bind(NAME).bind(names).execute(pool).await?;
            }
        }
        Ok(())
    }

    /// Hears of a row when this process's workers tell something of it, progress or its end, or when [`tell`](Self::tell) is called
    /// for what another process did. Who waits looks at the row first, and each time.
    #[must_use]
    pub fn listen(&self, id: &str) -> Listener {
        self.local.news.listen(id)
    }

    /// Ids of the rows that somebody listens for.
    #[must_use]
    pub fn awaited(&self) -> Vec<String> {
        self.local.news.awaited()
    }

    /// Something was asked to stop: what is at work in this process looks at once whether it is meant, elsewhere with the next beat.
    pub fn stop_now(&self) {
        self.local.stops.send_replace(());
    }

    /// Hears of it.
    pub(super) fn stops(&self) -> watch::Receiver<()> {
        self.local.stops.subscribe()
    }

    /// Tells those who wait for a row that something has happened to it.
    pub fn tell(&self, id: &str) {
        self.local.news.tell(id);
    }

    /// A backend for one worker. One job at a time is fetched: what is fetched waits for nobody else.
    pub(super) fn backend(&self) -> Backend {
        let missed = usize::try_from(SILENCE.as_secs() / HEARTBEAT.as_secs()).unwrap_or(usize::MAX);
        match &self.pool {
            Pool::Sqlite(pool) => {
                let config = apalis_sqlite::Config::default().queue(NAME).batch_size(1).lock_tasks(false);
                let config = config.heartbeat_interval(HEARTBEAT).missed_heartbeats(missed);
                Backend::Sqlite(SqliteStorage::new(pool).with_config(config).poll_with_interval(LOOK))
            }
            Pool::Postgres(pool) => {
                let config = apalis_postgres::Config::default().queue(NAME).batch_size(1).lock_tasks(false);
                let config = config.heartbeat_interval(HEARTBEAT).missed_heartbeats(missed);
                Backend::Postgres(PostgresStorage::new(pool).with_config(config).poll_with_interval(LOOK))
            }
        }
    }

    /// Names the workers of this process.
    pub(super) fn attend(&self, workers: MonitorContext) {
        // The first ones stay: a process starts its workers once.
        let _ = self.local.workers.set(workers);
    }

    fn wake(&self) {
        let Some(workers) = self.local.workers.get() else { return };
        for worker in workers.workers() {
            // A worker that is not there looks by itself when it is.
            let _ = workers.wake_worker(worker.name());
        }
    }
}

async fn open_sqlite(database: &str) -> Result<SqlitePool, QueueError> {
    let options = SqliteConnectOptions::from_str(database)?
        // The store makes it; one that is gone is not made anew behind a service that runs.
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(BUSY);
    let pool = SqlitePoolOptions::new()
        .max_connections(CONNECTIONS)
        // No server that could be away.
        .test_before_acquire(false)
        // A database that is full ends a transaction by itself, and its connection would never begin another one.
        .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        .connect_with(options)
        .await?;
    // Not `setup`: it would switch synchronous writing off.
    let mut migrations = SqliteStorage::<()>::migrations();
    migrations.dangerous_set_table_name(MIGRATIONS);
    migrations.run(&pool).await?;
    Ok(pool)
}
