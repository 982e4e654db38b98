//! What an earlier run left in the output folder: what must not be undone in silence, and what has no place any more.

use super::history::History;
use super::sources::Source;
use super::state::State;
use super::summary::{ClassRecord, State as Standing, Summary};
use super::units::Unit;
use super::{outputs, state};
use crate::fault::{Fault, Faults};
use crate::words;
use std::collections::{BTreeSet, HashSet};
use std::io;
use std::path::{Path, PathBuf};

/// An output folder before a run writes into it.
#[derive(Debug)]
pub(super) struct Earlier {
    output: PathBuf,
    /// None in a new folder, or after a run that was killed.
    summary: Option<Summary>,
    /// The classes that a repair changed.
    repaired: Vec<String>,
}

impl Earlier {
    /// Looks at an output folder before a run, with claims or without: one without would form the groups of repaired classes anew
    /// and forget who claimed which group.
    ///
    /// # Errors
    /// What would be undone.
    pub(super) fn open(output: &Path, claims: bool) -> Result<Self, Faults> {
        let summary = Summary::read(output).ok();
        let repaired = match &summary {
            Some(summary) => {
                summary.classes.iter().filter(|class| class.repaired).map(|class| class.class.clone()).collect()
            }
            // A summary that cannot be read is no word that there was no repair.
            None => repaired_states(output),
        };
        let earlier = Self { output: output.to_owned(), summary, repaired };
        if !claims {
            earlier.may_be_made_anew()?;
        }
        Ok(earlier)
    }

    /// Whether the folder holds a whole run's files.
    pub(super) fn stands(&self) -> bool {
        self.summary.is_some()
    }

    /// The classes whose plans of before were adopted.
    pub(super) fn adopted(&self) -> HashSet<String> {
        let classes = self.summary.iter().flat_map(|summary| &summary.classes);
        classes.filter(|class| class.adopted).map(|class| class.class.clone()).collect()
    }

    /// What the folder's last whole run told.
    pub(super) fn summary(&self) -> Option<&Summary> {
        self.summary.as_ref()
    }

    /// The classes that a repair changed.
    pub(super) fn repaired(&self) -> impl Iterator<Item = &str> {
        self.repaired.iter().map(String::as_str)
    }

    fn may_be_made_anew(&self) -> Result<(), Faults> {
        let mut faults = Vec::new();
        if !self.repaired.is_empty() {
            faults.push(self.repaired_since(&self.repaired.join(", ")));
        }
        if self.summary.as_ref().is_some_and(|summary| summary.claims.is_some()) {
            faults.push(self.claimed_since());
        }
        if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
    }

    fn repaired_since(&self, classes: &str) -> Fault {
        Fault {
            code: "repaired_since",
            place: self.output.display().to_string(),
            found: words!(
                "学期中用 repair 变动过的班：{classes}；重新分组会把变动抹掉",
                "classes that were repaired in mid-term: {classes}; dividing them again would undo it"
            ),
            expected: words!("没有变动过的输出文件夹", "an output folder without repairs"),
            action: words!(
                "请另选 --output，加 --previous 原文件夹 --keep 可保留现有小组",
                "choose another --output; with --previous this folder and --keep the groups stay as they are"
            ),
        }
    }

    fn claimed_since(&self) -> Fault {
        Fault {
            code: "claimed_since",
            place: self.output.display().to_string(),
            found: words!(
                "教师认领过的小组；重新安排会把认领抹掉",
                "groups that teachers claimed; assigning teachers again would undo it"
            ),
            expected: words!("同时给出认领表", "the claims as well"),
            action: words!("请加上 --claims，或另选 --output", "give --claims too, or choose another --output"),
        }
    }

    /// Moves to the history what an earlier run wrote of classes that this one has not done: whatever stands beside the others would
    /// be taken for valid. The state of a class that is only refused for the moment stays, so that it is not solved again; a list
    /// that cannot be read may hold any class of its name.
    pub(super) fn clear_classes(
        &self,
        (units, sources): (&[Unit], &[Source]),
        classes: &[ClassRecord],
        history: &mut History,
    ) -> io::Result<()> {
        let done = classes.iter().filter(|class| class.state == Standing::Done).map(|class| class.file.as_str());
        let done: HashSet<&str> = done.collect();
        let current: HashSet<&str> = units.iter().map(|unit| unit.file.as_str()).collect();
        let unread: Vec<&Source> =
            units.iter().filter(|unit| unit.trouble.is_some()).map(|unit| &sources[unit.source()]).collect();
        let may_be_back = |file: &str| {
            // What cannot be read itself may be of the list that cannot be read.
            let may_hold = |state: State| unread.iter().any(|source| source.may_hold(state.list()));
            current.contains(file) || !unread.is_empty() && State::read(&self.output, file).is_none_or(may_hold)
        };
        let mut before: BTreeSet<String> = states(&self.output)?.into_iter().collect();
        before.extend(self.summary.iter().flat_map(|summary| &summary.classes).map(|class| class.file.clone()));
        for file in before.iter().filter(|file| !done.contains(file.as_str())) {
            let [json, xlsx, html, sums, state] = outputs::paths(file);
            for path in [json, xlsx, html, sums].into_iter().chain((!may_be_back(file)).then_some(state)) {
                history.take(&path)?;
            }
        }
        Ok(())
    }
}

/// The files' names, without ending, of all classes that an output folder has a state of.
fn states(output: &Path) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(output.join(state::FOLDER))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        files.extend(name.strip_suffix(".json").map(str::to_owned));
    }
    files.sort();
    Ok(files)
}

/// The classes whose states a repair wrote.
fn repaired_states(output: &Path) -> Vec<String> {
    // A new folder has none.
    let files = states(output).unwrap_or_default();
    let read = files.iter().filter_map(|file| State::read(output, file));
    read.filter(State::is_repaired).map(|state| state.class().to_owned()).collect()
}
