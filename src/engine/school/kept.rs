//! What of a run's teachers stays in its folder: the staff list and the claims as they were given, and who had whom before it.
//! Whoever changes a finished folder, or judges it, needs them.

use super::claims::claimed;
use super::group_names::GroupNames;
use super::outlet::Outlet;
use super::state;
use super::summary::Summary;
use crate::base::files;
use crate::fault::{Fault, Faults};
use crate::pipeline::Prepared;
use crate::roster::staff::{Directory, Staff, read_staff};
use crate::roster::{Limits, Roster, sha256};
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;

/// Files below the folder of states; no class has a state without an ending.
const STAFF: &str = "staff";
const CLAIMS: &str = "claims";
const BEFORE: &str = "before";

fn path(file: &str) -> String {
    format!("{}/{file}", state::FOLDER)
}

/// Keeps the bytes of staff list and claims. Claims of an earlier run may stay: their digest is not the summary's.
pub(super) fn write(outlet: &dyn Outlet, staff: &[u8], claims: Option<&[u8]>) -> io::Result<()> {
    outlet.put(&path(STAFF), staff)?;
    claims.map_or(Ok(()), |claims| outlet.put(&path(CLAIMS), claims))
}

/// Id of each student's teacher, by class and id.
type TeacherOf = HashMap<(String, String), String>;

/// Keeps who had whom before the teachers that the summary tells of.
pub(super) fn write_before(outlet: &dyn Outlet, teacher_of: &TeacherOf) -> io::Result<()> {
    let rows: BTreeMap<&(String, String), &String> = teacher_of.iter().collect();
    let rows: Vec<[&String; 3]> = rows.into_iter().map(|((class, id), teacher)| [class, id, teacher]).collect();
    outlet.put(&path(BEFORE), &serde_json::to_vec(&rows).map_err(io::Error::other)?)
}

/// Who had whom before; none where the folder does not know.
pub(super) fn before(output: &Path) -> Result<Option<TeacherOf>, Faults> {
    let Some(bytes) = bytes(output, BEFORE)? else { return Ok(None) };
    let rows: Option<Vec<[String; 3]>> = serde_json::from_slice(&bytes).ok();
    Ok(rows.map(|rows| rows.into_iter().map(|[class, id, teacher]| ((class, id), teacher)).collect()))
}

/// The staff list for these classes; none in a folder of a run without one. `whole` says that all classes are there with all
/// students of then.
///
/// # Errors
/// What does not fit the classes.
pub(super) fn staff<'a>(
    output: &Path,
    rosters: impl IntoIterator<Item = &'a Roster>,
    whole: bool,
) -> Result<Option<Staff>, Faults> {
    Ok(listed(output, rosters, whole)?.map(|(_, staff)| staff))
}

/// The same with the wishes of the claims by which the teachers have their groups, and the names that they wrote for them.
///
/// # Errors
/// As [`staff`].
pub(super) fn teaching(
    output: &Path,
    summary: &Summary,
    prepared: &[Prepared],
    whole: bool,
) -> Result<Option<(Staff, GroupNames)>, Faults> {
    if summary.teachers.is_empty() {
        return Ok(None);
    }
    let Some((directory, staff)) = listed(output, prepared.iter().map(|class| &class.roster), whole)? else {
        return Ok(None);
    };
    let claims = bytes(output, CLAIMS)?.filter(|claims| summary.claims.as_ref() == Some(&sha256(claims)));
    let Some(claims) = claims else { return Ok(Some((staff, GroupNames::default()))) };
    claimed((&claims, &path(CLAIMS)), directory, (prepared, output), staff).map(Some)
}

fn listed<'a>(
    output: &Path,
    rosters: impl IntoIterator<Item = &'a Roster>,
    whole: bool,
) -> Result<Option<(Directory, Staff)>, Faults> {
    let Some(bytes) = bytes(output, STAFF)? else { return Ok(None) };
    let mut directory = Directory::new(rosters)?;
    if !whole {
        directory = directory.with_lists_missing();
    }
    let staff = read_staff(&bytes, &path(STAFF), &Limits::default(), &directory)?;
    Ok(Some((directory, staff)))
}

fn bytes(output: &Path, file: &str) -> Result<Option<Vec<u8>>, Faults> {
    let path = output.join(path(file));
    files::read_if_there(&path).map_err(|error| Fault::unreadable(&path, &error).into())
}
