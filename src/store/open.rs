//! Opening a database: its address, its connections, its schema.

use super::encrypted::encrypted;
use super::health::Health;
use super::{Kind, Store, StoreError};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AnyConnection, Connection as _, Executor, SqlSafeStr};
use std::fs::OpenOptions;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Connections of one process; a PostgreSQL server takes 100 by default.
const CONNECTIONS: u32 = 12;
/// How long a statement may wait for a connection, and opening for a file that others open or leave.
const PATIENCE: Duration = Duration::from_secs(10);
/// The pause before a locked file is tried again.
const BETWEEN_TRIES: Duration = Duration::from_millis(20);
/// The table that tells which migrations were applied; the queue on the same database keeps one of its own.
const MIGRATIONS: &str = "fenzu_migrations";
/// What every connection to SQLite is told. What is deleted is overwritten: the lists are minors' data.
const PRAGMAS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; \
                       PRAGMA secure_delete = ON";

impl Store {
    /// Opens `sqlite:FILE` (made if it is not there) or `postgres://…` and brings its schema up to date.
    ///
    /// # Errors
    /// An address that cannot be used, a database that does not answer, a schema of a later version.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let (file, options) = address(url)?;
        let begun = Instant::now();
        loop {
            match Self::connect(file.clone(), options.clone()).await {
                // Who changes SQLite's journal, or is the last to leave it, locks the others out without letting them wait.
                Err(StoreError::Unreachable(_)) if file.is_some() && begun.elapsed() < PATIENCE => {
                    tokio::time::sleep(BETWEEN_TRIES).await;
                }
                opened => return opened,
            }
        }
    }

    async fn connect(file: Option<Arc<Path>>, options: AnyConnectOptions) -> Result<Self, StoreError> {
        let kind = if file.is_some() { Kind::Sqlite } else { Kind::Postgres };
        if kind == Kind::Sqlite {
            // A pool would try again and again what cannot go well, and say that it took too long.
            let mut first = AnyConnection::connect_with(&options).await?;
            prepare(&mut first, kind).await?;
            first.close().await?;
        }
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            // A server's connection may be dead; a file's is not, and asking it takes as long as a statement.
            .test_before_acquire(kind == Kind::Postgres)
            // A database that is full ends a transaction by itself, and its connection would never begin another one.
            .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
            .after_connect(move |connection, _| Box::pin(prepare(connection, kind)))
            .connect_with(options)
            .await?;
        let health = Arc::new(Health::of(file.as_deref()));
        let store = Self { pool, kind, file, health, unscrubbed: Arc::default() };
        store.migrate().await?;
        Ok(store)
    }

    /// Applies the migrations that are missing; processes that start side by side take turns.
    async fn migrate(&self) -> Result<(), StoreError> {
        let migrator = migrator();
        // `Migrator::run` would make this future one that cannot move between threads; `run_direct` is what it calls.
        if self.kind == Kind::Postgres {
            let mut connection = self.pool.acquire().await?;
            return Ok(migrator.run_direct(None, &mut *connection, false).await?); // under an advisory lock
        }
        let mut transaction = self.begin().await?;
        migrator.run_direct(None, &mut *transaction, false).await?;
        Ok(transaction.commit().await?)
    }
}

/// What was done to the schema, in order; what was released never changes.
const STEPS: [(&str, &str); 4] = [
    ("schema", include_str!("migrations/1_schema.sql")),
    ("on the way", include_str!("migrations/2_on_the_way.sql")),
    ("service", include_str!("migrations/3_service.sql")),
    ("shares", include_str!("migrations/4_shares.sql")),
];

fn migrator() -> Migrator {
    let step = |(number, (name, sql)): (i64, (&'static str, &'static str))| {
        Migration::new(number, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    let mut migrator = Migrator::with_migrations((1..).zip(STEPS).map(step).collect());
    migrator.dangerous_set_table_name(MIGRATIONS);
    migrator
}

/// SQLite's file, or none for a server, and how to connect to it.
fn address(url: &str) -> Result<(Option<Arc<Path>>, AnyConnectOptions), StoreError> {
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        return Ok((None, encrypted(url)?.parse()?));
    }
    if !url.starts_with("sqlite:") {
        return Err(StoreError::Url("neither sqlite:FILE nor postgres://USER@HOST/DATABASE".to_owned()));
    }
    if url.contains(":memory:") || url.contains("mode=memory") {
        return Err(StoreError::Url("a database in memory is not shared by connections; name a file".to_owned()));
    }
    let options = SqliteConnectOptions::from_str(url)?;
    let file = options.get_filename();
    make_private(file)?;
    Ok((Some(file.into()), url.parse()?))
}

/// Makes the database's file where it is not there; nobody but its owner may read it, also where it was made otherwise.
fn make_private(file: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    for ending in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        close_to_others(Path::new(&name));
    }
    let mut open = OpenOptions::new();
    open.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    match open.open(file) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(StoreError::Url(format!("the database's file cannot be made: {error}")))
        }
        _ => Ok(()),
    }
}

/// Takes the rights of all but the owner away.
#[cfg(unix)]
fn close_to_others(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let Some(data) = file.metadata().ok().filter(std::fs::Metadata::is_file) else { return };
    let mut rights = data.permissions();
    let own = rights.mode() & 0o7700;
    if rights.mode() & 0o7777 == own {
        return;
    }
    rights.set_mode(own);
    match std::fs::set_permissions(file, rights) {
        Ok(()) => tracing::warn!("others could read the database's file: now only its owner can"),
        Err(error) => tracing::warn!(%error, "others can read the database's file"),
    }
}

async fn prepare(connection: &mut AnyConnection, kind: Kind) -> Result<(), sqlx::Error> {
    match kind {
        Kind::Sqlite => connection.execute(PRAGMAS).await.map(|_| ()),
        Kind::Postgres => Ok(()),
    }
}
