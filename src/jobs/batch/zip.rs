//! A folder as a zip: the same bytes for the same files.

use std::io::{self, Cursor, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// What a run writes for itself only.
const LOCK: &str = "lock";

/// All files below a folder, in order of their paths.
pub(super) fn packed(folder: &Path) -> io::Result<Vec<u8>> {
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    paths.sort();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for path in paths {
        let inside = path.strip_prefix(folder).unwrap_or(&path);
        let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        // Workbooks are zips already.
        let packed = path.extension().is_some_and(|ending| ending == "xlsx");
        let method = if packed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        // No time of writing: the same result is the same zip.
        let options =
            SimpleFileOptions::default().compression_method(method).last_modified_time(zip::DateTime::default());
        zip.start_file(parts.join("/"), options)?;
        zip.write_all(&std::fs::read(&path)?)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else if path.file_name().is_some_and(|name| name != LOCK) {
            paths.push(path);
        }
    }
    Ok(())
}
