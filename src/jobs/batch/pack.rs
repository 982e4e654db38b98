//! The files of a batch, packed as they come: the same bytes for the same files.

use crate::school::outlet::Outlet;
use std::collections::BTreeMap;
use std::io::{self, Cursor, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Takes the files of a run into memory, each packed at once by whoever made it.
#[derive(Debug)]
pub(super) struct Pack<'a> {
    /// The run's folder, for its lock.
    folder: &'a Path,
    /// Zips by the name of their file, or of the class whose files they hold.
    zips: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl<'a> Pack<'a> {
    pub(super) fn of(folder: &'a Path) -> Self {
        Self { folder, zips: Mutex::default() }
    }

    /// Takes the files of a class, packed before; false, and nothing is taken, where they are damaged.
    pub(super) fn add(&self, class: &str, zip: Vec<u8>) -> bool {
        let whole = ZipArchive::new(Cursor::new(&zip)).is_ok();
        if whole {
            // No file's name begins like that.
            self.zips().insert(format!("/{class}"), zip);
        }
        whole
    }

    /// One zip of all files, in order of their names; none where there is no file.
    pub(super) fn zip(self) -> io::Result<Option<Vec<u8>>> {
        let zips = self.zips.into_inner().unwrap_or_else(PoisonError::into_inner);
        if zips.is_empty() {
            return Ok(None);
        }
        let mut all = ZipWriter::new(Cursor::new(Vec::new()));
        for zip in zips.into_values() {
            all.merge_archive(ZipArchive::new(Cursor::new(zip))?)?;
        }
        Ok(Some(all.finish()?.into_inner()))
    }

    fn zips(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        // No panic leaves the map half changed.
        self.zips.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outlet for Pack<'_> {
    fn folder(&self) -> &Path {
        self.folder
    }

    fn put(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        // Workbooks are zips already.
        let packed = Path::new(file).extension().is_some_and(|ending| ending == "xlsx");
        let method = if packed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        // No time of writing: the same result is the same zip.
        let options =
            SimpleFileOptions::default().compression_method(method).last_modified_time(zip::DateTime::default());
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file(file, options)?;
        zip.write_all(bytes)?;
        let packed = zip.finish()?.into_inner();
        self.zips().insert(file.to_owned(), packed);
        Ok(())
    }
}
