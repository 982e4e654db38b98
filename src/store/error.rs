//! What can go wrong with the store, told without a word of what it holds.

use super::Trouble;
use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;
use std::io::ErrorKind;

/// Why the store could not do what was asked. Neither `Display` nor `Debug` carries a value of a row: no name, no token, no
/// password of a database's address.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database's address cannot be used.
    #[error("the database's address: {0}")]
    Url(String),
    /// The server's certificate is not trusted, or it speaks no TLS.
    #[error("TLS to the database: {0}")]
    Tls(String),
    /// The database cannot be reached or is busy; the same may succeed a moment later.
    #[error("the database does not answer: {0}")]
    Unreachable(String),
    /// The database cannot do its work until somebody mends it.
    #[error("{words}: {1}", words = .0.words().en)]
    Trouble(Trouble, String),
    /// The database refused, or holds what cannot be read.
    #[error("the database: {0}")]
    Database(String),
    /// A row that is referred to is not there, or is another school's.
    #[error("what is referred to is not there")]
    Reference,
    /// An idempotency key came again with another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// A school's name has more than 200 bytes.
    #[error("the name is too long")]
    NameTooLong,
    /// There is a database, or a file, in the place of a new one.
    #[error("there is one already")]
    Occupied,
    /// Somebody has the database open.
    #[error("the database is in use")]
    InUse,
    /// The school has so much open that no more is taken.
    #[error("{open} open and {asked} asked for, of at most {most}")]
    TooManyOpen {
        /// Plans, batches and classes that are queued or running.
        open: i64,
        /// How many more.
        asked: i64,
        /// How many there may be.
        most: i64,
    },
    /// An export could not be written.
    #[error("the export: {0}")]
    Export(String),
}

impl StoreError {
    /// Whether the same may succeed a moment later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::Trouble(..) | Self::Tls(_))
    }

    /// A row that holds what this version does not know.
    pub(super) fn unreadable(what: &str) -> Self {
        Self::Database(format!("{what} cannot be read"))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) if inner.is_foreign_key_violation() => Self::Reference,
            sqlx::Error::Database(inner) => {
                let told = told(inner.as_ref());
                match Trouble::of(inner.as_ref()) {
                    Some(trouble) => Self::Trouble(trouble, told),
                    None if passes(inner.as_ref()) => Self::Unreachable(told),
                    None => Self::Database(told),
                }
            }
            // What the TLS below says of a certificate.
            sqlx::Error::Io(inner) if inner.kind() == ErrorKind::InvalidData => Self::Tls(inner.to_string()),
            sqlx::Error::Io(inner) => Self::Unreachable(inner.to_string()),
            sqlx::Error::PoolTimedOut => Self::Unreachable("no connection became free in time".to_owned()),
            sqlx::Error::PoolClosed => Self::Unreachable("closed".to_owned()),
            sqlx::Error::WorkerCrashed => Self::Unreachable("the connection's thread ended".to_owned()),
            sqlx::Error::Tls(why) => Self::Tls(why.to_string()),
            sqlx::Error::Configuration(_) => Self::Url("it is not a database's address".to_owned()),
            sqlx::Error::ColumnDecode { index, .. } => Self::Database(format!("column {index} cannot be read")),
            sqlx::Error::ColumnNotFound(name) => Self::Database(format!("column {name} is missing")),
            _ => Self::Database("an answer that cannot be read".to_owned()),
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => {
                Self::Database(format!("its schema ({version}) is of a later fenzu"))
            }
            error => Self::Database(error.to_string()),
        }
    }
}

/// The server is starting, stopping or full, two transactions met, or SQLite's file is locked.
fn passes(error: &dyn DatabaseError) -> bool {
    let code = error.code().unwrap_or_default();
    let sqlite_busy = code.parse::<u32>().is_ok_and(|code| code & 0xff == 5 || code & 0xff == 6) && code.len() < 5;
    sqlite_busy || ["08", "40", "53", "57"].iter().any(|class| code.len() == 5 && code.starts_with(class))
}

/// The message with its code. Messages of class 22 (data) can quote a value.
fn told(error: &dyn DatabaseError) -> String {
    let code = error.code().unwrap_or_default();
    if code.len() == 5 && code.starts_with("22") {
        return format!("a value that it cannot hold ({code})");
    }
    format!("{} ({code})", error.message())
}
