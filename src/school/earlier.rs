//! What an earlier run left in the output folder: what must not be undone in silence, and what has no place any more.

use super::summary::{Summary, TeacherRecord};
use super::units::Unit;
use super::{outputs, state};
use crate::fault::{Fault, Faults};
use crate::words;
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

/// An output folder before a run writes into it.
#[derive(Debug)]
pub(super) struct Earlier {
    output: PathBuf,
    /// None in a new folder, or after a run that was killed.
    summary: Option<Summary>,
}

impl Earlier {
    /// Looks at an output folder before a run, with claims or without: one without would form the groups of repaired classes anew
    /// and forget who claimed which group.
    ///
    /// # Errors
    /// What would be undone.
    pub(super) fn open(output: &Path, claims: bool) -> Result<Self, Faults> {
        let earlier = Self { output: output.to_owned(), summary: Summary::read(output).ok() };
        if !claims {
            earlier.may_be_made_anew()?;
        }
        Ok(earlier)
    }

    /// Whether the folder holds a whole run's files.
    pub(super) fn stands(&self) -> bool {
        self.summary.is_some()
    }

    /// The classes that a repair changed.
    pub(super) fn repaired(&self) -> impl Iterator<Item = &str> {
        let classes = self.summary.iter().flat_map(|summary| &summary.classes);
        classes.filter(|class| class.repaired).map(|class| class.class.as_str())
    }

    fn may_be_made_anew(&self) -> Result<(), Faults> {
        let mut faults = Vec::new();
        let repaired: Vec<&str> = self.repaired().collect();
        if !repaired.is_empty() {
            faults.push(self.repaired_since(&repaired.join(", ")));
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

    /// Removes the files of classes that are no longer in the input: what stands there would be taken for valid.
    pub(super) fn clear_classes(&self, units: &[Unit]) -> io::Result<()> {
        let current: HashSet<&str> = units.iter().map(|unit| unit.file.as_str()).collect();
        for entry in std::fs::read_dir(self.output.join(state::FOLDER))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let gone = name.strip_suffix(".json").filter(|file| !current.contains(file));
            for path in gone.iter().flat_map(|file| outputs::paths(file)) {
                remove(&self.output.join(path))?;
            }
        }
        Ok(())
    }

    /// Removes the registers of teachers who have none any more.
    pub(super) fn clear_registers(&self, teachers: &[TeacherRecord]) -> io::Result<()> {
        let current: HashSet<&str> = teachers.iter().map(|teacher| teacher.file.as_str()).collect();
        let before = self.summary.iter().flat_map(|summary| &summary.teachers);
        for teacher in before.filter(|teacher| !current.contains(teacher.file.as_str())) {
            remove(&self.output.join(outputs::register(&teacher.file)))?;
        }
        Ok(())
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
