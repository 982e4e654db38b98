//! Where a run's files go.

use crate::base::files;
use std::fmt::Debug;
use std::io;
use std::path::Path;

/// Where a run's files go.
pub trait Outlet: Debug + Sync {
    /// The run's own folder, with its lock and what an earlier run left.
    fn folder(&self) -> &Path;

    /// Takes a file by its path below the folder.
    ///
    /// # Errors
    /// Where it cannot be written; the path is in the message.
    fn put(&self, file: &str, bytes: &[u8]) -> io::Result<()>;
}

/// A folder whose files stay.
impl Outlet for &Path {
    fn folder(&self) -> &Path {
        self
    }

    fn put(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        files::put(&self.join(file), bytes)
    }
}
