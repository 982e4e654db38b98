//! A plan changed by hand: every goal's exact value after the change, and what of the proofs still holds.
//!
//! A bound that was proved for a level holds for all plans that are as good on the levels above and keep the rules of that proof.
//! An edited plan that is not, or does not, falls back to the closed form, which holds for every plan.

use super::staffing::GROUPS_FOR_TEACHERS;
use super::{Planned, Prepared};
use crate::check;
use crate::goals::{Levels, Objective};
use crate::plan::Plan;
use crate::plan::document::{Document, GoalRecord, Proof, Status, StopReason};
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

impl Prepared {
    /// The document of a plan that was edited from `parent`, with the judge's findings: broken rules are among them, and then
    /// the plan must not stand. Names and teachers stay with their groups. `group_of[s]` is below the number of groups.
    #[must_use]
    pub fn edited(&self, parent: &Document, group_of: Vec<usize>, bounds: Bounds, lang: Lang) -> Planned {
        let objective = Objective::new(&self.problem);
        let proven = (bounds == Bounds::Inherited).then_some(parent);
        let levels = self.levels(&objective, proven, &objective.evaluate(&group_of));
        let proved = levels.iter().all(|level| level.proved);
        let outcome = Outcome {
            status: if proved { Status::Optimal } else { Status::Feasible },
            stop: StopReason::Cancelled,
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
        let findings = check::judge(&self.roster, &self.request, &self.policy, &document);
        Planned { document, findings }
    }

    /// Every level's value with its bound: the one that `proven` has where that holds, else the closed form.
    fn levels(&self, objective: &Objective, proven: Option<&Document>, values: &Levels) -> Vec<LevelOutcome> {
        let before = proven.and_then(|document| check::plan_of(&self.roster, document).ok());
        let before = before.map(|plan| objective.evaluate(&plan.group_of));
        let (mut as_good_above, mut proved_above) = (true, true);
        let level = |(at, level): (usize, &crate::goals::Level)| {
            let closed = (level.bound, Proof::ClosedForm);
            let told = proven.filter(|_| as_good_above).and_then(|document| told(objective, document, at));
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
    let same = |(goal, record): (&crate::goals::Goal, &GoalRecord)| goal.name.word() == record.name;
    if parent.goals.len() != objective.goals.len() || !objective.goals.iter().zip(&parent.goals).all(same) {
        return None;
    }
    let of_level = objective.goals.iter().zip(&parent.goals).filter(|(goal, _)| goal.at == at);
    let mut records = of_level.clone().map(|(_, record)| record);
    let proof = records.next()?.proof?;
    Some((of_level.map(|(goal, record)| goal.multiplier * record.scaled_bound).sum(), proof))
}
