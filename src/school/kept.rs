//! The staff list of a run, as it was given: whoever changes a finished folder, or judges it, needs it.

use super::files::{self, Outlet};
use super::state;
use crate::fault::{Fault, Faults};
use crate::roster::staff::{Directory, Staff, read_staff};
use crate::roster::{Limits, Roster};
use std::io;
use std::path::Path;

/// Path below the output folder; no class has a state without an ending.
fn path() -> String {
    format!("{}/staff", state::FOLDER)
}

/// Keeps the bytes of the staff list.
pub(super) fn write(outlet: &dyn Outlet, bytes: &[u8]) -> io::Result<()> {
    outlet.put(&path(), bytes)
}

/// The staff list for these classes; none in a folder of a run without one. `whole` says that no class is missing.
///
/// # Errors
/// What does not fit the classes.
pub(super) fn staff<'a>(
    output: &Path,
    rosters: impl IntoIterator<Item = &'a Roster>,
    whole: bool,
) -> Result<Option<Staff>, Faults> {
    let path = path();
    let bytes =
        files::read_if_there(&output.join(&path)).map_err(|error| Fault::unreadable(&output.join(&path), &error))?;
    let Some(bytes) = bytes else { return Ok(None) };
    let mut directory = Directory::new(rosters)?;
    if !whole {
        directory = directory.with_lists_missing();
    }
    Ok(Some(read_staff(&bytes, &path, &Limits::default(), &directory)?))
}
