//! The teachers of a folder whose classes changed: they stay with their groups, and where one may not (an own child, a capacity)
//! as few groups as possible change hands. Claims that came true go before, as when they were made.

use super::answers::ClaimRecord;
use super::claims::unstaffed;
use super::group_names::GroupNames;
use super::staffed::judge;
use super::standing::Standing;
use super::summary::Summary;
use super::{SchoolError, kept, so_far};
use crate::check::{self, Finding};
use crate::fault::{Faults, Notice};
use crate::pipeline::staffing::{Before, Forming, StaffRun, Staffed, answers, staff};
use crate::pipeline::{Planned, Prepared};
use crate::plan::document::{Document, GroupRecord};
use crate::roster::staff::Staff;
use crate::solver::{Effort, Prove, Stop};
use crate::words;
use crate::words::Lang;
use std::path::Path;

/// Who teaches in a folder.
#[derive(Debug)]
pub(super) struct Teaching {
    pub(super) staff: Staff,
    names: GroupNames,
}

/// Teachers assigned anew.
#[derive(Debug)]
pub(super) struct Restaffed {
    pub(super) staffed: Staffed,
    pub(super) answers: Vec<ClaimRecord>,
    /// Who had whom so far.
    pub(super) before: Before,
}

/// A group that changed hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// The group's id.
    pub group: String,
    /// Name or id of the teacher before.
    pub from: Option<String>,
    /// Name or id of the teacher now.
    pub to: Option<String>,
}

impl Teaching {
    /// Who teaches these classes; none in a folder without teachers, or of a version that kept no staff list.
    /// `whole` says that no class and no student of the lists is missing.
    pub(super) fn open(
        output: &Path,
        summary: &Summary,
        prepared: &[Prepared],
        whole: bool,
    ) -> Result<Option<Self>, Faults> {
        let taught = kept::teaching(output, summary, prepared, whole)?;
        Ok(taught.map(|(staff, names)| Self { staff, names }))
    }

    /// What the judge has against the teachers of these plans.
    pub(super) fn findings(&self, prepared: &[Prepared], documents: &[Document]) -> Vec<Finding> {
        let classes = prepared.iter().zip(documents);
        let classes: Vec<check::Staffed<'_>> =
            classes.map(|(class, document)| class.staffed(&document.groups)).collect();
        check::staffing(&self.staff, &classes)
    }

    /// Gives the groups of the plans to teachers again. `standing` are the plans of before.
    pub(super) fn assign(
        &self,
        prepared: &[Prepared],
        documents: &mut [Document],
        (standing, summary): (&[Standing], &Summary),
        (stop, lang): (&Stop, Lang),
    ) -> Result<Restaffed, SchoolError> {
        let without = |document: &Document| Planned { document: unstaffed(document.clone()), findings: Vec::new() };
        let mut planned: Vec<Planned> = documents.iter().map(without).collect();
        let prepared: Vec<Prepared> = prepared.iter().zip(standing).map(in_mid_term).collect();
        let prepared = prepared.as_slice();
        let effort = Effort { seed: summary.lottery_seed.unwrap_or(1), work: None, prove: Prove::Model };
        let before =
            so_far::before(&standing.iter().map(|class| &class.document).collect::<Vec<_>>(), summary, &self.staff);
        let run = StaffRun { effort, stop, forming: Forming::Settled, before: Some(&before), lang };
        let staffed = staff(prepared, &mut planned, &self.staff, run).agreed();
        let staffed = staffed.map_err(|found| SchoolError::judge(&found, lang))?;
        let answered = answers(prepared, &planned, &self.staff, &staffed, run);
        // A name for a group that another has now does not stay on it; that it was lost stands in the answers.
        self.names.give(&mut planned, &self.staff, &answered, lang);
        restore_names(&mut planned, documents);
        let groups = || planned.iter().flat_map(|plan| &plan.document.groups);
        let record = |answer| {
            let mut record = ClaimRecord::of(answer, &self.staff, &planned, &self.names, lang);
            record.forget_name(groups());
            record
        };
        let answers: Vec<ClaimRecord> = answered.iter().map(record).collect();
        judge(&planned, (&staffed, &answers), Some(&before), lang)?;
        for (document, planned) in documents.iter_mut().zip(planned) {
            *document = planned.document;
        }
        Ok(Restaffed { staffed, answers, before })
    }
}

/// A group that stays with its teacher keeps its name, which may be the class teacher's.
fn restore_names(planned: &mut [Planned], documents: &[Document]) {
    for (plan, document) in planned.iter_mut().zip(documents) {
        for (group, before) in plan.document.groups.iter_mut().zip(&document.groups) {
            if group.teacher == before.teacher {
                group.name.clone_from(&before.name);
            }
        }
    }
}

/// A class that was repaired has been compared with itself as it stood then, which is no last semester.
fn in_mid_term((class, standing): (&Prepared, &Standing)) -> Prepared {
    let mut class = class.clone();
    class.request.previous = standing.state.previous().filter(|_| !standing.state.is_repaired());
    class
}

/// The groups whose teacher is another in the new plan.
pub(super) fn handed(old: &Document, new: &Document) -> Vec<Handed> {
    let shown = |group: &GroupRecord| group.teacher_name.clone().or(group.teacher.clone());
    let pairs = old.groups.iter().zip(&new.groups).filter(|(old, new)| old.teacher != new.teacher);
    pairs.map(|(old, new)| Handed { group: new.id.clone(), from: shown(old), to: shown(new) }).collect()
}

/// A folder of an earlier version has no staff list.
pub(super) fn staff_list_unknown(class: &str) -> Notice {
    let message = words!(
        "文件夹里没有教师名单，“回避”、“指定”和教师容量都没有核对",
        "the folder holds no staff list: whom teachers avoid or must take and their capacities were not looked at"
    );
    Notice { code: "staff_list_unknown", place: class.to_owned(), message }
}
