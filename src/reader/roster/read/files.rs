//! Lists from several files: what another file tells of the same students (their marks, say) is read with their list.

use super::{bytes_of, lists, read_file, roster, sha256};
use crate::fault::Faults;
use crate::roster::options::{Limits, Override, Reading};
use crate::roster::tell::Tell;
use crate::roster::{Roster, unify};
use crate::words;
use std::path::Path;

/// Reads lists from files; what another file has of the same students (their marks, say) is joined to their list.
///
/// # Errors
/// The faults of all files at once.
pub fn read_files(paths: &[&Path], overrides: &[Override], limits: &Limits) -> Result<Vec<Roster>, Faults> {
    if let [path] = paths {
        return Ok(vec![read_file(path, overrides, limits.clone())?]);
    }
    let (mut read, mut faults) = (Vec::new(), Vec::new());
    for path in paths {
        let opened = bytes_of(path, limits).and_then(|(file, bytes)| {
            let reading = Reading { file: &file, overrides, limits: limits.clone() };
            let lists = lists(&bytes, &reading, &mut Tell::new(&file))?;
            Ok((file, bytes, lists))
        });
        match opened {
            Ok(opened) => read.push(opened),
            Err(found) => faults.extend(found.0),
        }
    }
    let mut rosters = Vec::new();
    let mut joined = vec![None; read.len()];
    for (i, j) in (0..read.len()).flat_map(|i| (0..read.len()).map(move |j| (i, j))).filter(|(i, j)| i != j) {
        if joined[i].is_none() && joined[j].is_none() && unify::adds(&read[i].2, &read[j].2) {
            joined[j] = Some(i);
        }
    }
    for (i, (file, bytes, whole)) in read.iter().enumerate().filter(|(i, _)| joined[*i].is_none()) {
        let others: Vec<usize> = (0..read.len()).filter(|&j| joined[j] == Some(i)).collect();
        let others = others.iter().map(|&j| (read[j].0.as_str(), read[j].1.as_slice()));
        let files: Vec<(&str, &[u8])> = std::iter::once((file.as_str(), bytes.as_slice())).chain(others).collect();
        let before = read[..i].iter().zip(&joined).filter(|(_, joined)| joined.is_none()).map(|(read, _)| read);
        let same = before.rev().find(|(_, _, lists)| unify::name_the_same_people(lists, whole));
        match together(&files, same.map(|(name, ..)| name.as_str()), overrides, limits) {
            Ok(roster) => rosters.push(roster),
            Err(found) => faults.extend(found.0),
        }
    }
    if faults.is_empty() { Ok(rosters) } else { Err(Faults(faults)) }
}

/// Reads one list from files about the same students: the first is the list, the others tell more of its students. Each is its
/// name and its bytes.
///
/// # Errors
/// All faults at once.
pub fn read_joined(files: &[(&str, &[u8])], overrides: &[Override], limits: &Limits) -> Result<Roster, Faults> {
    together(files, None, overrides, limits)
}

/// One list from files; another list may have the `same` names.
fn together(
    files: &[(&str, &[u8])],
    same: Option<&str>,
    overrides: &[Override],
    limits: &Limits,
) -> Result<Roster, Faults> {
    let file = files.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" + ");
    let reading = Reading { file: &file, overrides, limits: limits.clone() };
    let (mut tell, mut whole, mut digests) = (Tell::new(&file), Vec::new(), Vec::new());
    for (number, (name, bytes)) in files.iter().enumerate() {
        digests.push(sha256(bytes));
        let found = lists(bytes, &reading, &mut tell)?;
        whole.extend(found.into_iter().map(|list| if number == 0 { list } else { list.of_file(name) }));
    }
    if let Some(other) = same {
        tell_same_names(other, &mut tell);
    }
    let digest = if files.len() == 1 { digests.concat() } else { sha256(digests.concat().as_bytes()) };
    roster(&reading, digest, whole, tell)
}

fn tell_same_names(other: &str, tell: &mut Tell<'_>) {
    let message = words!(
        "这份名册里大多是“{other}”里也有的名字，按另外的学生处理",
        "most names of this list stand in “{other}” too; they were taken as other students"
    );
    tell.doubt("list_same_names", String::new(), message, words!("是另外的学生", "they are other students"));
}

/// Whether another file (its name and its bytes) tells more of the students of a list.
#[must_use]
pub fn adds(list: (&str, &[u8]), other: (&str, &[u8]), overrides: &[Override], limits: &Limits) -> bool {
    let read = |(file, bytes): (&str, &[u8])| {
        lists(bytes, &Reading { file, overrides, limits: limits.clone() }, &mut Tell::new(file)).ok()
    };
    read(list).zip(read(other)).is_some_and(|(list, other)| unify::adds(&list, &other))
}
