//! SQLite's database as one complete file: copied while the service goes on, looked through before it counts, and put back.
//!
//! What was deleted before is not in a copy: it is written anew, row by row.

use super::{Kind, Store, StoreError, Trouble};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection as _};
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::Duration;

/// What is counted.
const COUNTED: [&str; 6] = ["schools", "tokens", "lists", "staff", "plans", "batches"];
/// How long a database that is to be replaced is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// The rows of a database by table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents(pub Vec<(&'static str, i64)>);

impl Store {
    /// Opens a database that must be there already.
    ///
    /// # Errors
    /// As [`Store::open`]; [`Trouble::Gone`] where there is no such file.
    pub async fn open_existing(url: &str) -> Result<Self, StoreError> {
        if let Some(file) = sqlite_file(url)?
            && !file.exists()
        {
            return Err(StoreError::Trouble(Trouble::Gone, file.display().to_string()));
        }
        Self::open(url).await
    }

    /// Copies SQLite's database into a new file, whole and as of one moment, and looks through the copy.
    ///
    /// # Errors
    /// The database's; a server's database is copied by its own programs; a file that is there already stays.
    pub async fn copy_to(&self, file: &Path) -> Result<Contents, StoreError> {
        let Some(own) = self.file.as_deref().filter(|_| self.kind == Kind::Sqlite) else {
            return Err(StoreError::Url("a server's database is copied by pg_dump".to_owned()));
        };
        if file.exists() {
            return Err(StoreError::Occupied);
        }
        let part = part(file);
        private(&part)?;
        let copied = self.copied(own, &part).await;
        match copied.and_then(|contents| moved(&part, file).map(|()| contents)) {
            Ok(contents) => Ok(contents),
            Err(error) => {
                let _ = fs::remove_file(&part);
                Err(error)
            }
        }
    }

    async fn copied(&self, own: &Path, part: &Path) -> Result<Contents, StoreError> {
        let name = part.to_str().ok_or_else(|| StoreError::Url("the file's name is no text".to_owned()))?;
        let before = contents(own).await?;
        super::sql::sql("VACUUM INTO $1").text(name).run(&self.pool).await?;
        let after = contents(own).await?;
        let copy = examine(part).await?;
        // Where nothing was written meanwhile, the copy has as many rows.
        if before == after && copy != before {
            return Err(StoreError::Trouble(Trouble::Damaged, "the copy has other rows".to_owned()));
        }
        Ok(copy)
    }
}

/// Looks through a database's file that stands alone: every page, every reference, every row is counted.
///
/// # Errors
/// Damage, a log beside the file that holds a part of it, or a file that is no database of fenzu.
pub async fn examine(file: &Path) -> Result<Contents, StoreError> {
    if fs::metadata(beside(file, "-wal")).is_ok_and(|log| log.len() > 0) {
        let told =
            format!("{0}-wal holds a part of it: this is no backup, but a copy of a file in use", file.display());
        return Err(StoreError::Trouble(Trouble::Damaged, told));
    }
    if !file.exists() {
        return Err(StoreError::Trouble(Trouble::Gone, file.display().to_string()));
    }
    let options = SqliteConnectOptions::new().filename(file).immutable(true).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let checks: Vec<(String,)> = sqlx::query_as("PRAGMA integrity_check").fetch_all(&mut connection).await?;
    let torn = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut connection).await?.len();
    if checks.iter().any(|(word,)| word != "ok") || torn > 0 {
        return Err(StoreError::Trouble(Trouble::Damaged, format!("{} faults", checks.len() + torn)));
    }
    let counted = counted(&mut connection).await?;
    connection.close().await?;
    Ok(counted)
}

/// Puts a backup in the place of a database that nobody uses; a database that is there goes only where that is said.
///
/// # Errors
/// A backup that is not whole; [`StoreError::Occupied`], [`StoreError::InUse`].
pub async fn put_back(backup: &Path, url: &str, overwrite: bool) -> Result<Contents, StoreError> {
    let Some(file) = sqlite_file(url)? else {
        return Err(StoreError::Url("a server's database is put back by pg_restore".to_owned()));
    };
    let whole = examine(backup).await?;
    if fs::metadata(&file).is_ok_and(|data| data.len() > 0) {
        if !overwrite {
            return Err(StoreError::Occupied);
        }
        unused(&file).await?;
    }
    let part = part(&file);
    private(&part)?;
    fs::copy(backup, &part).map_err(|error| no_file(&error))?;
    private_again(&part)?;
    if examine(&part).await? != whole {
        return Err(StoreError::Trouble(Trouble::Damaged, "the copy has other rows".to_owned()));
    }
    for ending in ["-wal", "-shm"] {
        // What belonged to the file that goes.
        let _ = fs::remove_file(beside(&file, ending));
    }
    moved(&part, &file)?;
    let store = Store::open(url).await?;
    store.guarded().await?;
    store.close().await;
    Ok(whole)
}

/// Whether nobody has the database open: only then its log can be left behind. One that is damaged is nobody's.
async fn unused(file: &Path) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new().filename(file).busy_timeout(PATIENCE);
    let alone = async {
        let mut connection = SqliteConnection::connect_with(&options).await?;
        sqlx::query("PRAGMA journal_mode = DELETE").execute(&mut connection).await?;
        connection.close().await
    };
    match alone.await.map_err(StoreError::from) {
        Err(StoreError::Unreachable(_)) => Err(StoreError::InUse),
        Err(StoreError::Trouble(Trouble::Damaged, _)) | Ok(()) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn contents(file: &Path) -> Result<Contents, StoreError> {
    let options = SqliteConnectOptions::new().filename(file).busy_timeout(PATIENCE).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let counted = counted(&mut connection).await?;
    connection.close().await?;
    Ok(counted)
}

async fn counted(connection: &mut SqliteConnection) -> Result<Contents, StoreError> {
    let mut counts = Vec::new();
    for table in COUNTED {
        let count = sqlx::query_as(AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}")));
        let (count,): (i64,) = count.fetch_one(&mut *connection).await?;
        counts.push((table, count));
    }
    Ok(Contents(counts))
}

/// The file that an address names; none for a server.
fn sqlite_file(url: &str) -> Result<Option<PathBuf>, StoreError> {
    if !url.starts_with("sqlite:") {
        return Ok(None);
    }
    Ok(Some(SqliteConnectOptions::from_str(url)?.get_filename().to_owned()))
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Where a file is made before it takes its place.
fn part(file: &Path) -> PathBuf {
    beside(file, ".part")
}

/// An empty file that only its owner can read, in the place of what a broken run may have left.
fn private(file: &Path) -> Result<(), StoreError> {
    // It may not be there.
    let _ = fs::remove_file(file);
    let mut open = OpenOptions::new();
    open.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    open.open(file).map(drop).map_err(|error| no_file(&error))
}

/// A copy takes the rights of what it was copied from.
fn private_again(file: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).map_err(|error| no_file(&error))?;
    Ok(())
}

/// Moves a file that is on the disk to its place.
fn moved(part: &Path, file: &Path) -> Result<(), StoreError> {
    File::open(part).and_then(|file| file.sync_all()).map_err(|error| no_file(&error))?;
    fs::rename(part, file).map_err(|error| no_file(&error))
}

fn no_file(error: &std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded | std::io::ErrorKind::FileTooLarge => {
            StoreError::Trouble(Trouble::Full, error.to_string())
        }
        _ => StoreError::Url(format!("the file cannot be written: {error}")),
    }
}
