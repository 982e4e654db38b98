//! Whether tokens are in use is known beside the database, too: one that was lost or replaced does not open the door to
//! everybody. Whoever means to begin anew removes the mark with the database.

use super::{Store, StoreError};
use std::path::PathBuf;

/// Behind the name of the database's file.
const MARK: &str = "-tokens";
/// What is in the mark.
const TEXT: &str = "fenzu: tokens are in use with the database beside this file, also where that is lost or replaced.\n\
                    Remove this file together with the database to begin anew.\n";

impl Store {
    /// Whether tokens are or were in use: with this database, or with one that stood in its place.
    ///
    /// # Errors
    /// The database's.
    pub async fn guarded(&self) -> Result<bool, StoreError> {
        let mark = self.beside(MARK);
        let marked = mark.as_ref().is_some_and(|mark| mark.exists());
        let tokens = self.tokens().ever().await?;
        if let Some(mark) = mark.filter(|_| tokens && !marked)
            && let Err(error) = std::fs::write(mark, TEXT)
        {
            tracing::warn!(%error, "that tokens are in use could not be marked beside the database");
        }
        Ok(tokens || marked)
    }

    /// A file beside SQLite's.
    pub(super) fn beside(&self, ending: &str) -> Option<PathBuf> {
        let mut name = self.file.as_deref()?.as_os_str().to_owned();
        name.push(ending);
        Some(name.into())
    }
}
