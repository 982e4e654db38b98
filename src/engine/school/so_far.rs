//! The teachers so far of a folder that is staffed again: as few groups as possible change hands.

use super::answers::{Answer, ClaimRecord};
use super::class::Desk;
use super::last::class_document;
use super::summary::Summary;
use crate::model::Sizing;
use crate::pipeline::staffing::Before;
use crate::plan::document::{Document, GroupRecord};
use crate::roster::staff::{Former, Staff};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// Who has had whom, by the folder's own plans; none in a folder that no whole run with teachers wrote. A plan that cannot be
/// read says nothing: where it matters it is told by whoever needs it.
pub(super) fn so_far(output: &Path, summary: Option<&Summary>, staff: &Staff) -> Option<Before> {
    let summary = summary.filter(|summary| !summary.teachers.is_empty())?;
    let planned = summary.classes.iter().filter(|class| class.groups > 0);
    let documents: Vec<Document> =
        planned.filter_map(|class| Some(class_document(output, &class.file).ok()?.0)).collect();
    Some(before(&documents.iter().collect::<Vec<_>>(), summary, staff))
}

/// Who has had whom by these plans, and the wishes that had come true. Teachers are called by their ids of now.
pub(super) fn before(documents: &[&Document], summary: &Summary, staff: &Staff) -> Before {
    let groups = || documents.iter().flat_map(|document| &document.groups);
    let teacher = |group: &'_ GroupRecord| Some((group.teacher.clone()?, group.teacher_name.clone()));
    let listed = summary.teachers.iter().map(|teacher| (teacher.id.clone(), Some(teacher.name.clone())));
    let known: HashMap<String, Option<String>> = listed.chain(groups().filter_map(teacher)).collect();
    let former: BTreeSet<Former<'_>> = known.iter().map(|(id, name)| (id.as_str(), name.as_deref())).collect();
    let now: HashMap<&str, String> =
        staff.ids_of_now(&former).into_iter().map(|(former, now)| (former.0, now)).collect();
    let mut before = Before::default();
    for group in groups() {
        let Some(teacher) = group.teacher.as_deref().and_then(|id| now.get(id)) else { continue };
        let students = group.students.iter().map(|id| ((group.class.clone(), id.clone()), teacher.clone()));
        before.teacher_of.extend(students);
    }
    let won = summary.claim_answers.iter().filter(|claim| claim.answer == Answer::Won);
    let teacher = |claim: &ClaimRecord| now.get(claim.teacher.as_str()).unwrap_or(&claim.teacher).clone();
    before.won.extend(won.map(|claim| (teacher(claim), claim.group.clone())));
    before
}

/// The number of groups that the class of each unit has already; none where other sizes were asked for then.
pub(super) fn standing(desk: &Desk<'_>, units: &[usize], summary: Option<&Summary>) -> Vec<Option<usize>> {
    let asked = Some(sizing(desk));
    let summary = summary.filter(|summary| !summary.teachers.is_empty() && summary.sizing == asked);
    let records = || summary.iter().flat_map(|summary| &summary.classes);
    let of = |&unit: &usize| {
        let record = records().find(|record| record.class == desk.units[unit].class)?;
        Some(record.groups).filter(|&groups| groups > 0)
    };
    units.iter().map(of).collect()
}

/// The sizes that are asked for.
pub(super) fn sizing(desk: &Desk<'_>) -> Sizing {
    let request = &desk.settings.request;
    request.sizing.unwrap_or(request.model.groups)
}
