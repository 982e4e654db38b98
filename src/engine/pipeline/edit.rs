//! A plan changed by hand: every goal's exact value after the change, and what of the proofs still holds.
//!
//! A bound that was proved for a level holds for all plans that are as good on the levels above and keep the rules of that proof.
//! An edited plan that is not, or does not, falls back to the closed form, which holds for every plan.

use super::bound::level_bound;
use super::staffing::{GROUPS_FOR_TEACHERS, forced_apart};
use super::{Planned, Prepared};
use crate::check::{self, Finding};
use crate::goals::{Goal, Levels, Objective};
use crate::plan::Plan;
use crate::plan::document::{Document, GoalRecord, Proof, Status, StopReason};
use crate::roster::staff::Staff;
use crate::solver::{LevelOutcome, Outcome};
use crate::words::Lang;

/// What of a plan's bounds holds for plans that are edited from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds {
    /// All that it proved: it was solved under rules that the edited plan keeps too.
    Inherited,
    /// The closed form alone: it was solved under more rules.
    ClosedForm,
}

/// The plan of all classes that an edit begins with.
#[derive(Clone, Copy, Debug)]
pub struct Original<'a> {
    /// The classes, with as many groups as the plan has.
    pub prepared: &'a [Prepared],
    /// The plan of each.
    pub documents: &'a [Document],
    /// The teachers of its groups, where it has any.
    pub staff: Option<&'a Staff>,
    /// What of its bounds holds for edited plans, the students who are apart for the teachers' sake left aside.
    pub bounds: Bounds,
}

impl Original<'_> {
    /// The document of the class at `at` (one with groups) after an edit, with the judge's findings about it and about the
    /// teachers of all classes: where there are any, the plan must not stand. Names and teachers stay with their groups.
    /// `group_of[s]` is below the number of groups.
    #[must_use]
    pub fn edited(&self, at: usize, group_of: Vec<usize>, lang: Lang) -> Planned {
        let bounds = self.bounds(at, &group_of);
        let mut planned = self.prepared[at].edited(&self.documents[at], group_of, bounds, lang);
        planned.findings.extend(self.staffing(at, &planned.document));
        planned
    }

    /// Where students were apart for the teachers' sake, bounds hold for plans that keep them apart. A plan that itself does not
    /// was solved without that.
    fn bounds(&self, at: usize, group_of: &[usize]) -> Bounds {
        let class = &self.prepared[at];
        let apart = self.staff.map(|staff| forced_apart(class, staff)).unwrap_or_default();
        let keeps = |group_of: &[usize]| apart.iter().all(|&(s, t)| group_of[s] != group_of[t]);
        let before = check::plan_of(&class.roster, &self.documents[at]);
        let loosened = before.is_ok_and(|plan| keeps(&plan.group_of)) && !keeps(group_of);
        if loosened { Bounds::ClosedForm } else { self.bounds }
    }

    /// What the judge has against the teachers of all classes with this document in its place. What it had before is left out:
    /// demands that cannot be met were told with the plan.
    fn staffing(&self, at: usize, document: &Document) -> Vec<Finding> {
        let Some(staff) = self.staff else { return Vec::new() };
        let before = check::staffing(staff, &self.staffed(None));
        let mut findings = check::staffing(staff, &self.staffed(Some((at, document))));
        findings.retain(|finding| !before.contains(finding));
        let pins = |document: &Document| check::teacher_pins(&self.prepared[at].request, &document.groups);
        let before = pins(&self.documents[at]);
        let known = |finding: &Finding| before.iter().any(|before| before.place == finding.place);
        findings.extend(pins(document).into_iter().filter(|finding| !known(finding)));
        findings
    }

    /// The classes for the judge, one of them with another document.
    fn staffed<'d>(&'d self, edited: Option<(usize, &'d Document)>) -> Vec<check::Staffed<'d>> {
        let staffed = |(c, (class, document)): (usize, (&'d Prepared, &'d Document))| {
            class.staffed(&edited.filter(|(at, _)| *at == c).map_or(document, |(_, document)| document).groups)
        };
        self.prepared.iter().zip(self.documents).enumerate().map(staffed).collect()
    }
}

impl Prepared {
    fn edited(&self, parent: &Document, group_of: Vec<usize>, bounds: Bounds, lang: Lang) -> Planned {
        let objective = Objective::new(&self.problem);
        let basis = (bounds == Bounds::Inherited).then_some(parent);
        let levels = self.levels(&objective, basis, &objective.evaluate(&group_of));
        let proved = levels.iter().all(|level| level.proved);
        let outcome = Outcome {
            status: if proved { Status::Optimal } else { Status::Feasible },
            stop: StopReason::Edited,
            plan: Some(Plan { groups: self.problem.groups, group_of }),
            levels,
            conflict: None,
            work: 0,
            seconds: 0.0,
        };
        let mut document = self.record(&outcome, parent.seed, lang).document();
        let settled = parent.notices.iter().filter(|notice| notice.code == GROUPS_FOR_TEACHERS);
        document.notices.extend(settled.cloned());
        for (group, before) in document.groups.iter_mut().zip(&parent.groups) {
            group.name.clone_from(&before.name);
            group.teacher.clone_from(&before.teacher);
            group.teacher_name.clone_from(&before.teacher_name);
        }
        let findings = self.judged(&document);
        Planned { document, findings }
    }

    /// Every level's value with its bound: the one that `basis` has where that holds, else the closed form.
    fn levels(&self, objective: &Objective, basis: Option<&Document>, values: &Levels) -> Vec<LevelOutcome> {
        let before = basis.and_then(|document| check::plan_of(&self.roster, document).ok());
        let before = before.map(|plan| objective.evaluate(&plan.group_of));
        let (mut as_good_above, mut proved_above) = (true, true);
        let level = |(at, level): (usize, &crate::goals::Level)| {
            let closed = (level.bound, Proof::ClosedForm);
            let told = basis.filter(|_| as_good_above).and_then(|document| told(objective, document, at));
            let told = told.filter(|(bound, _)| *bound >= level.bound);
            let (bound, proof) = told.unwrap_or(closed);
            let value = values[at];
            let proved = proved_above && value <= bound + level.tolerance;
            as_good_above &= before.as_ref().is_some_and(|before| value <= before[at]);
            proved_above = proved;
            LevelOutcome { value, bound, proved, proof, found_seconds: 0.0, proved_seconds: proved.then_some(0.0) }
        };
        objective.levels.iter().enumerate().skip(1).map(level).collect()
    }
}

/// What the parent proved of a level.
fn told(objective: &Objective, parent: &Document, at: usize) -> Option<(i64, Proof)> {
    let same = |(goal, record): (&Goal, &GoalRecord)| goal.name.word() == record.name;
    if parent.goals.len() != objective.goals.len() || !objective.goals.iter().zip(&parent.goals).all(same) {
        return None;
    }
    let of_level: Vec<_> = objective.goals.iter().zip(&parent.goals).filter(|(goal, _)| goal.at == at).collect();
    let proof = of_level.first()?.1.proof?;
    Some((level_bound(&of_level), proof))
}
