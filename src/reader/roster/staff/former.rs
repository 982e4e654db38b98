//! Teachers over time: who of a list of now was whom before, whatever became of the ids.

use super::{Staff, names};
use crate::roster::fold::key;
use crate::roster::table::Raw;
use std::collections::{BTreeSet, HashMap, HashSet};

/// A teacher as an earlier plan has them: the id, and the name where it is known; where ids and names are mixed, either is the id.
pub type Former<'a> = (&'a str, Option<&'a str>);

/// A name as it is compared, without titles and marks.
fn plain(name: &str) -> String {
    let bare = names::names(&Raw::Text(name.into())).into_iter().next();
    key(bare.as_ref().map_or(name, |named| &named.name))
}

fn name_of(former: Former<'_>) -> String {
    plain(former.1.unwrap_or(former.0))
}

fn count(names: impl Iterator<Item = String>) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    names.for_each(|name| *counts.entry(name).or_default() += 1);
    counts
}

impl Staff {
    /// Index of each former teacher who is in this list: by an id that still has the same name, or no name on one side; else by a
    /// name that only one has now and had then. An id that is another's now says nothing.
    #[must_use]
    pub fn still_there<'a>(&self, before: &BTreeSet<Former<'a>>) -> HashMap<Former<'a>, usize> {
        let names: Vec<String> = self.teachers.iter().map(|teacher| plain(&teacher.name)).collect();
        let by_id = |&former: &Former<'a>| {
            let at = self.teachers.iter().position(|teacher| teacher.id == former.0)?;
            let same = former.1.is_none() || !self.teachers[at].named || name_of(former) == names[at];
            same.then_some((former, at))
        };
        let mut there: HashMap<Former<'a>, usize> = before.iter().filter_map(by_id).collect();
        let taken: HashSet<usize> = there.values().copied().collect();
        let (then, now) = (count(before.iter().map(|&former| name_of(former))), count(names.iter().cloned()));
        let by_name = |&former: &Former<'a>| {
            let name = name_of(former);
            let is_only = then.get(&name) == Some(&1) && now.get(&name) == Some(&1);
            let at = names.iter().position(|other| is_only && *other == name).filter(|at| !taken.contains(at))?;
            Some((former, at))
        };
        let others: Vec<_> = before.iter().filter(|former| !there.contains_key(*former)).filter_map(by_name).collect();
        there.extend(others);
        there
    }

    /// A word for each former teacher: the id of now, or one that nobody has in this list.
    #[must_use]
    pub fn ids_of_now<'a>(&self, before: &BTreeSet<Former<'a>>) -> HashMap<Former<'a>, String> {
        let there = self.still_there(before);
        let id = |&former: &Former<'a>| {
            let (id, name) = (former.0, former.1.unwrap_or_default());
            let both = format!("{id} {name}");
            let gone = [id, name, &both].into_iter().find(|word| !word.is_empty() && self.teacher(word).is_none());
            let now = there.get(&former).map(|&at| self.teachers[at].id.clone());
            (former, now.unwrap_or_else(|| gone.unwrap_or(&both).to_owned()))
        };
        before.iter().map(id).collect()
    }
}
