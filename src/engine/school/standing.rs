//! The classes of an output folder as they stand: plan, list, and what was asked of them. Needs nothing but the folder.

use super::last::{class_document, class_files};
use super::state::State;
use super::{SchoolError, state};
use crate::fault::{Fault, Faults};
use crate::model::rules::Pin;
use crate::model::{Model, Request, Rules, Sizing};
use crate::pipeline::{Division, Prepared, prepare};
use crate::plan::document::{Document, GroupRecord};
use crate::roster::Roster;
use crate::words;
use std::collections::BTreeSet;
use std::path::Path;

/// One class.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) class: String,
    /// Its files' name without ending.
    pub(super) file: String,
    pub(super) document: Document,
    /// SHA-256 of the plan's file.
    pub(super) sha256: String,
    pub(super) state: State,
    pub(super) roster: Roster,
}

impl Standing {
    /// A class by its name and its files' name.
    pub(super) fn open(output: &Path, class: &str, file: &str) -> Result<Self, Faults> {
        let (document, sha256) = class_document(output, file)?;
        let state = State::read(output, file).ok_or_else(|| Fault {
            code: "no_state",
            place: output.join(state::FOLDER).join(file).display().to_string(),
            found: words!("没有这个班的名册", "no list of this class"),
            expected: words!("fenzu school 写出的完整文件夹", "a whole folder that fenzu school wrote"),
            action: words!("请用完整的输出文件夹", "use the whole output folder"),
        })?;
        let roster = state.roster();
        Ok(Self { class: class.to_owned(), file: file.to_owned(), document, sha256, state, roster })
    }

    /// Every class with a plan, by name.
    pub(super) fn all(output: &Path) -> Result<Vec<Self>, Faults> {
        let files = class_files(output)?.0.into_iter();
        Faults::of_all(files.map(|(class, file)| Self::open(output, &class, &file)))
    }

    /// What the plan was asked.
    pub(super) fn request(&self) -> Result<Request, Faults> {
        let previous = self.state.previous();
        Ok(Request { previous, ..request_without(&self.document, &BTreeSet::new())? })
    }

    /// The class compiled as it stands.
    pub(super) fn prepared(&self) -> Result<Prepared, SchoolError> {
        prepared(&self.roster, &self.request()?)
    }
}

/// One class compiled.
pub(super) fn prepared(roster: &Roster, request: &Request) -> Result<Prepared, SchoolError> {
    let class = prepare(roster, request, Division::Whole)?.pop();
    class.ok_or_else(|| SchoolError::Files(std::io::Error::other("no class")))
}

/// What a plan was asked, last semester left aside, without rules on students who leave.
pub(super) fn request_without(old: &Document, left: &BTreeSet<String>) -> Result<Request, Faults> {
    let unfit = |error: &serde_json::Error| Fault {
        code: "plan_json",
        place: "request".to_owned(),
        found: words!("不合格式的内容：{error}", "what does not fit: {error}"),
        expected: words!("fenzu 写出的分组结果", "a plan that fenzu wrote"),
        action: words!("请用完整的输出文件夹", "use the whole output folder"),
    };
    let model: Model = serde_json::from_value(old.request.model.clone()).map_err(|error| unfit(&error))?;
    let mut rules: Rules = serde_json::from_value(old.request.rules.clone()).map_err(|error| unfit(&error))?;
    for lists in [&mut rules.together, &mut rules.apart] {
        for list in lists.iter_mut() {
            list.retain(|id| !left.contains(id));
        }
        lists.retain(|list| list.len() > 1);
    }
    rules.pin.retain(|pin| !left.contains(&pin.student));
    rules.pin = rules.pin.into_iter().filter_map(|pin| in_group(pin, old)).collect();
    let sizing = Some(Sizing::Count(old.request.groups));
    Ok(Request { rules, sizing, staff: old.request.staff_sha256.clone(), ..Request::new(model) })
}

/// Teachers keep their groups in mid-term, so a pin to a teacher is a pin to a group: the student's own where the teacher has it;
/// for a student without a group the teacher's first. A pin that the staffing could not meet was told then and binds nobody now.
fn in_group(pin: Pin, old: &Document) -> Option<Pin> {
    let Some(teacher) = &pin.teacher else { return Some(pin) };
    let taken = |group: &GroupRecord| group.teacher.as_ref() == Some(teacher);
    let at = match old.groups.iter().position(|group| group.students.contains(&pin.student)) {
        Some(own) => Some(own).filter(|&own| taken(&old.groups[own])),
        None => old.groups.iter().position(taken),
    }?;
    Some(Pin { group: Some(at + 1), teacher: None, ..pin })
}
