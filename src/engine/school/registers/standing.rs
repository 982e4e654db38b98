//! What of a register is not to be filled in, as it was written and as it stands.

use super::super::register::read;
use super::super::register::texts::Filled;
use super::{Record, open};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A member of a group with what a register tells of him.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Listed {
    group: String,
    id: String,
    name: String,
    /// Header and text of each column that is not to be filled in.
    told: Vec<(String, String)>,
}

/// How a register differs from what was written, but for what teachers fill in.
pub(in crate::school) enum Change {
    /// Not at all, as far as anybody can know.
    None,
    /// It can no longer be read.
    Unread,
    /// In these.
    Cells(Vec<String>),
}

/// Whether members of this group are among them.
pub(super) fn names(members: &[Listed], group: &str) -> bool {
    members.iter().any(|listed| listed.group == group)
}

/// The members of a register.
pub(super) fn listed(file: &str, bytes: &[u8]) -> Vec<Listed> {
    read(file, bytes).as_ref().map(members).unwrap_or_default()
}

fn members(filled: &Filled) -> Vec<Listed> {
    let of = |group: &str, student: &super::super::register::texts::StudentTexts| Listed {
        group: group.to_owned(),
        id: student.id.clone(),
        name: student.name.clone(),
        told: student.told.iter().map(|(header, text, _)| (header.clone(), text.clone())).collect(),
    };
    let all = filled.groups.iter().flat_map(|group| group.students.iter().map(move |s| of(&group.title, s)));
    all.collect()
}

/// The places where something else stands than what was written, and students who were not written.
pub(super) fn overwritten(filled: &Filled, written: &[Listed]) -> Vec<String> {
    let before: BTreeMap<(&str, &str, &str), &Listed> = written.iter().map(|listed| (key(listed), listed)).collect();
    let known: BTreeSet<&str> = written.iter().map(|listed| listed.group.as_str()).collect();
    let mut places = Vec::new();
    for group in filled.groups.iter().filter(|group| known.contains(group.title.as_str())) {
        for student in &group.students {
            let key = (group.title.as_str(), student.id.as_str(), student.name.as_str());
            match before.get(&key) {
                Some(listed) => {
                    let was =
                        |header: &str| listed.told.iter().find(|(of, _)| of == header).map(|(_, text)| text.as_str());
                    let other =
                        student.told.iter().filter(|(header, text, _)| was(header).is_some_and(|was| was != text));
                    places.extend(other.map(|(_, _, place)| place.clone()));
                }
                None => places.push(format!("{}：{} {}", group.title, student.id, student.name)),
            }
        }
    }
    places
}

fn key(listed: &Listed) -> (&str, &str, &str) {
    (&listed.group, &listed.id, &listed.name)
}

/// How the register at a path differs from what the run remembers of it.
pub(in crate::school) fn changes(output: &Path, file: &str, bytes: &[u8]) -> Change {
    let Record { written, .. } = open(output);
    let Some(written) = written.get(file).filter(|written| !written.members.is_empty()) else { return Change::None };
    let Some(filled) = std::panic::catch_unwind(|| read(file, bytes)).ok().flatten() else { return Change::Unread };
    let now: BTreeMap<Key, Listed> = members(&filled).into_iter().map(|listed| (owned(&listed), listed)).collect();
    let before: BTreeMap<Key, &Listed> = written.members.iter().map(|listed| (owned(listed), listed)).collect();
    let mut cells = Vec::new();
    let shown = |listed: &Listed| format!("{} {} {}", listed.group, listed.id, listed.name);
    for (key, was) in &before {
        match now.get(key) {
            None => cells.push(format!("− {}", shown(was))),
            Some(is) => {
                let text =
                    |header: &str| is.told.iter().find(|(of, _)| of == header).map_or("", |(_, text)| text.as_str());
                let other = was.told.iter().filter(|(header, was)| text(header) != was);
                cells.extend(other.map(|(header, was)| format!("{} {header} “{was}” → “{}”", shown(is), text(header))));
            }
        }
    }
    cells.extend(now.iter().filter(|(key, _)| !before.contains_key(*key)).map(|(_, is)| format!("+ {}", shown(is))));
    if cells.is_empty() { Change::None } else { Change::Cells(cells) }
}

type Key = (String, String, String);

fn owned(listed: &Listed) -> Key {
    (listed.group.clone(), listed.id.clone(), listed.name.clone())
}
