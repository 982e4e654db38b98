//! Whether the database can do its work: looked at now and again, not by whoever asks. A trouble that anybody has met stays until
//! a write as large as a list goes well.

use super::sql::sql;
use super::{Kind, Store, StoreError, Trouble, now};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Bytes that are written to see whether a full disk has room again.
const TRIAL: usize = 1 << 20;
/// Bytes that are kept aside beside SQLite's file: erasing needs room, too, on a disk that is full.
const RESERVE: usize = 20 << 20;
/// Behind the name of the database's file.
const RESERVED: &str = "-reserve";

/// What is known of the database's health, shared by the clones of a store.
#[derive(Debug, Default)]
pub(super) struct Health {
    trouble: Mutex<Option<Trouble>>,
    /// The file that was opened, by its number in the file system.
    file: Option<(u64, u64)>,
}

impl Health {
    /// That of SQLite's file, as it is now.
    pub(super) fn of(file: Option<&Path>) -> Self {
        Self { trouble: Mutex::default(), file: file.and_then(number) }
    }

    fn set(&self, trouble: Option<Trouble>) -> Option<Trouble> {
        let mut known = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *known, trouble)
    }
}

impl Store {
    /// What keeps the database from its work, as far as is known.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        *self.health.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody has met this trouble.
    pub fn met(&self, trouble: Trouble) {
        if self.health.set(Some(trouble)).is_none() {
            tracing::error!(code = trouble.code(), "the database is in trouble");
        }
    }

    /// Looks whether the database takes what is written, and keeps room aside while it does.
    pub async fn look(&self) {
        match self.tried().await {
            Ok(()) => {
                if let Some(trouble) = self.health.set(None) {
                    tracing::info!(code = trouble.code(), "the database is well again");
                }
                self.reserve();
            }
            Err(StoreError::Trouble(trouble, told)) => {
                if self.trouble() != Some(trouble) {
                    tracing::error!(told, "the database refuses");
                }
                self.met(trouble);
            }
            // Whoever asks the database hears it himself.
            Err(error) => tracing::warn!(%error, "the database was not looked at"),
        }
    }

    async fn tried(&self) -> Result<(), StoreError> {
        if let Some(file) = &self.file
            && self.health.file.is_some()
            && number(file) != self.health.file
        {
            return Err(StoreError::Trouble(Trouble::Gone, "its file is not the one that was opened".to_owned()));
        }
        let seen = "UPDATE service SET time = $1 WHERE name = 'seen'";
        sql(seen).int(now()).run(&self.pool).await?;
        if self.trouble().is_none() {
            return Ok(());
        }
        sql("UPDATE service SET trial = $1 WHERE name = 'seen'").blob(&vec![1; TRIAL]).run(&self.pool).await?;
        sql("UPDATE service SET trial = NULL WHERE name = 'seen'").run(&self.pool).await?;
        // Every row is read.
        for table in ["lists", "plans", "batches"] {
            super::sql::composed(format!("SELECT COUNT(*) FROM {table} WHERE school <> ''")).run(&self.pool).await?;
        }
        self.scrub().await
    }

    /// Looks through SQLite's whole file and writes to it: a trouble is told at the start, not by the first who meets it.
    ///
    /// # Errors
    /// The trouble.
    pub async fn check(&self) -> Result<(), StoreError> {
        if self.kind == Kind::Postgres {
            return Ok(());
        }
        let found: Option<String> = sql("PRAGMA quick_check(1)").row(&self.pool).await?;
        match found {
            Some(found) if found != "ok" => Err(StoreError::Trouble(Trouble::Damaged, "quick_check".to_owned())),
            _ => self.tried().await,
        }
    }

    /// Keeps room aside where there is any.
    fn reserve(&self) {
        let Some(file) = self.beside(RESERVED) else { return };
        if fs::metadata(&file).is_ok_and(|data| data.len() == RESERVE as u64) {
            return;
        }
        let mut open = OpenOptions::new();
        open.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
        let written = open.open(&file).and_then(|mut reserve| reserve.write_all(&vec![0; RESERVE]));
        if written.is_err() {
            // There is no room for a reserve; what there is belongs to the database.
            let _ = fs::remove_file(&file);
        }
    }

    /// Gives the room away that was kept aside: something is to be erased.
    pub(super) async fn relieve(&self) {
        if let Some(file) = self.beside(RESERVED) {
            // It may be given away already.
            let _ = fs::remove_file(file);
        }
        if let Err(error) = self.scrub().await {
            tracing::warn!(%error, "the write-ahead log could not be emptied");
        }
    }

    /// A clean end: nothing is kept aside.
    pub(super) fn unreserve(&self) {
        if self.kind == Kind::Sqlite
            && let Some(file) = self.beside(RESERVED)
        {
            // It may never have been there.
            let _ = fs::remove_file(file);
        }
    }
}

/// The number of a file in its file system.
#[cfg(unix)]
fn number(file: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(file).ok().map(|data| (data.dev(), data.ino()))
}

/// Other systems do not let an open file be replaced.
#[cfg(not(unix))]
fn number(_: &Path) -> Option<(u64, u64)> {
    None
}
