//! What a run replaces that people may still want goes to `history/<n>/`, under the path that it had.

use crate::base::files;
use std::io;
use std::path::{Path, PathBuf};

/// Folder of earlier files, below the output folder.
const HISTORY: &str = "history";

/// The history of one run; its folder is made with the first file.
#[derive(Debug)]
pub(super) struct History {
    output: PathBuf,
    folder: PathBuf,
    /// Its path below the output folder.
    name: String,
    used: bool,
}

impl History {
    /// The next free folder of an output folder.
    pub(super) fn of(output: &Path) -> Self {
        let name = |n: u32| format!("{HISTORY}/{n}");
        let free = (1..=u32::MAX).map(name).find(|name| !output.join(name).exists());
        let name = free.unwrap_or_else(|| HISTORY.to_owned());
        Self { output: output.to_owned(), folder: output.join(&name), name, used: false }
    }

    /// Copies a file by its path below the output folder; false where there is none.
    pub(super) fn copy(&mut self, file: &str) -> io::Result<bool> {
        // A school may have taken a file away, such as a public page.
        let Some(bytes) = files::read_if_there(&self.output.join(file))? else { return Ok(false) };
        let path = self.folder.join(file);
        path.parent().map_or(Ok(()), files::make_folder)?;
        files::put(&path, &bytes)?;
        self.used = true;
        Ok(true)
    }

    /// The same, and the file does not stand where it was.
    pub(super) fn take(&mut self, file: &str) -> io::Result<bool> {
        let there = self.copy(file)?;
        if there {
            std::fs::remove_file(self.output.join(file))?;
        }
        Ok(there)
    }

    /// Where a file of this history stands, below the output folder.
    pub(super) fn path_of(&self, file: &str) -> String {
        format!("{}/{file}", self.name)
    }

    /// Its folder, be it there or not.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its path below the output folder where it holds anything.
    pub(super) fn name(&self) -> Option<&str> {
        self.used.then_some(self.name.as_str())
    }
}
