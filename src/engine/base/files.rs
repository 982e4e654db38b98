//! Files that are whole or not there at all.

use std::io::{self, Write};
use std::path::Path;

/// How unfinished files begin; hidden, and found again after a run that was killed.
const UNFINISHED: &str = ".fenzu-unfinished-";

/// Writes a file beside its place, waits until the disk has it and moves it there: whatever happens, the old file is there or
/// the new one, never half.
///
/// # Errors
/// Where the folder or the file cannot be written; the path is in the message.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let told = told(path);
    let mut builder = tempfile::Builder::new();
    as_readable_as_others(builder.prefix(UNFINISHED));
    let mut file = builder.tempfile_in(folder).map_err(&told)?;
    file.write_all(bytes).map_err(&told)?;
    file.as_file().sync_data().map_err(&told)?;
    file.persist(path).map_err(|error| told(error.error))?;
    Ok(())
}

/// Writes a file where it is not there already with just these bytes.
///
/// # Errors
/// As [`replace`].
pub fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if std::fs::read(path).is_ok_and(|there| there == bytes) { Ok(()) } else { replace(path, bytes) }
}

/// Makes a folder with its parents.
///
/// # Errors
/// Where it cannot be made; the path is in the message.
pub fn make_folder(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path).map_err(told(path))
}

/// The bytes of a file; none where there is no such file.
///
/// # Errors
/// Where it cannot be read; the path is in the message.
pub fn read_if_there(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        read => read.map(Some).map_err(told(path)),
    }
}

/// An error with the path in its message.
fn told(path: &Path) -> impl Fn(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Temporary files are private; the result is as readable as any file that the user makes: the system takes the umask off.
#[cfg(unix)]
fn as_readable_as_others(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(std::fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn as_readable_as_others(_: &mut tempfile::Builder<'_, '_>) {}

/// Removes the unfinished files that a killed run left in a folder.
///
/// # Errors
/// Where the folder cannot be read or a file not be removed.
pub fn sweep(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
