//! From the solver's outcome to the plan document: indices become ids, scaled integers become units that people know.

use crate::explain;
use crate::fault::Notice;
use crate::goals::{Goal, Objective};
use crate::model::previous::unclear;
use crate::model::{GoalName, Policy, Request};
use crate::plan::Plan;
use crate::plan::document::{
    ColumnRecord, ConflictRecord, Document, FORMAT, GoalRecord, GroupRecord, InputRecord, NoticeRecord, RequestRecord,
    SharedLevel, Status, StopReason,
};
use crate::plan::last::people_of;
use crate::problem::{GoalInput, Problem};
use crate::roster::Roster;
use crate::solver::conflict::Conflict;
use crate::solver::{Outcome, helpers, mip};
use crate::words;
use crate::words::Lang;

/// Everything that a document is made of.
pub struct Record<'a> {
    /// The students of one class.
    pub roster: &'a Roster,
    /// Notices of the whole list.
    pub list_notices: &'a [Notice],
    /// What was asked.
    pub request: &'a Request,
    /// What the model says of the list.
    pub policy: &'a Policy,
    /// The problem that was solved.
    pub problem: &'a Problem,
    /// What was found.
    pub outcome: &'a Outcome,
    /// Seed of the run.
    pub seed: u64,
    /// Language of units and messages.
    pub lang: Lang,
}

impl Record<'_> {
    /// The document.
    #[must_use]
    pub fn document(&self) -> Document {
        let plan = self.outcome.plan.as_ref();
        let mut goals = plan.map(|plan| self.goals(plan)).unwrap_or_default();
        let (mut status, mut stop) = (self.outcome.status, self.outcome.stop);
        if unclear(self.request, self.roster) > 0 && unprove(&mut goals) {
            status = if status == Status::Optimal { Status::Feasible } else { status };
            stop = if stop == StopReason::Proved { StopReason::Stalled } else { stop };
        }
        Document {
            format: FORMAT.to_owned(),
            status,
            stop,
            request: self.request_record(),
            groups: plan.map(|plan| self.groups(plan)).unwrap_or_default(),
            people: plan.map(|_| people_of(self.roster)).unwrap_or_default(),
            goals,
            balance: plan
                .map(|plan| explain::balance(self.problem, self.roster, &self.request.model, plan))
                .unwrap_or_default(),
            heterogeneity: plan.and_then(|plan| explain::heterogeneity(self.problem, plan)),
            elapsed_seconds: self.outcome.seconds,
            seed: self.seed,
            input: self.input(),
            notices: self.notices(),
            conflict: self.outcome.conflict.as_ref().map(|conflict| self.conflict(conflict)),
        }
    }

    fn request_record(&self) -> RequestRecord {
        RequestRecord {
            model: serde_json::to_value(&self.request.model).unwrap_or_default(),
            rules: serde_json::to_value(&self.request.rules).unwrap_or_default(),
            groups: self.policy.groups,
            previous_sha256: self.request.previous.as_ref().map(|previous| previous.sha256.clone()),
            staff_sha256: self.request.staff.clone(),
        }
    }

    fn groups(&self, plan: &Plan) -> Vec<GroupRecord> {
        // Students of several classes, divided together, are of no one class.
        let classes = self.roster.classes();
        let class = if let [class] = classes.as_slice() { class.clone() } else { String::new() };
        let id = |s: usize| self.roster.students[s].id.clone();
        let helps = self.request.model.paired_help;
        let pairs = if helps { helpers::pair(self.problem, &plan.group_of) } else { vec![Vec::new(); plan.groups] };
        let group = |number: usize, members: Vec<usize>, pairs: Vec<(usize, usize)>| GroupRecord {
            id: if class.is_empty() { number.to_string() } else { format!("{class}/{number}") },
            name: match self.lang {
                Lang::Zh => format!("第{number}组"),
                Lang::En => format!("Group {number}"),
            },
            class: class.clone(),
            teacher: None,
            teacher_name: None,
            students: members.into_iter().map(id).collect(),
            helpers: pairs.into_iter().map(|(struggling, helper)| [id(struggling), id(helper)]).collect(),
        };
        plan.members().into_iter().zip(pairs).zip(1..).map(|((members, pairs), n)| group(n, members, pairs)).collect()
    }

    fn goals(&self, plan: &Plan) -> Vec<GoalRecord> {
        let objective = Objective::new(self.problem);
        let goals = objective.goals.iter().zip(&self.problem.goals);
        goals.map(|(goal, input)| self.goal(&objective, goal, input, plan)).collect()
    }

    fn goal(&self, objective: &Objective, goal: &Goal, input: &GoalInput, plan: &Plan) -> GoalRecord {
        let level = &self.outcome.levels[goal.at - 1];
        // Goals that share a level have no bound of their own beyond the closed form.
        let alone = objective.goals.iter().filter(|other| other.at == goal.at).count() == 1;
        let scaled_bound = if alone { level.bound } else { goal.parts.bound };
        let told = objective.told(self.problem, (goal, input), &plan.group_of, scaled_bound);
        GoalRecord {
            name: goal.name.word().to_owned(),
            level: goal.level,
            value: told.value,
            bound: told.bound,
            scaled: told.scaled,
            scaled_bound,
            unit: goal.name.unit().get(self.lang).to_owned(),
            justification: told.why.get(self.lang).to_owned(),
            proved: level.proved,
            proof: level.proved.then_some(level.proof),
            found_seconds: Some(level.found_seconds),
            proved_seconds: level.proved_seconds,
            shared: (!alone).then_some(SharedLevel { value: level.value, bound: level.bound }),
        }
    }

    fn conflict(&self, conflict: &Conflict) -> Vec<ConflictRecord> {
        let record = |reason: explain::conflict::ConflictReason| ConflictRecord {
            rule: reason.rule,
            message: reason.message.get(self.lang).to_owned(),
        };
        explain::conflict(self.problem, self.roster, conflict).into_iter().map(record).collect()
    }

    fn input(&self) -> InputRecord {
        let column = |column: &crate::roster::Column| ColumnRecord {
            header: column.header.clone(),
            read_as: column.field.to_string(),
        };
        InputRecord {
            sha256: self.roster.sha256.clone(),
            students: self.roster.students.len(),
            columns: self.roster.columns.iter().map(column).collect(),
            rests_on: explain::rests_on(self.roster, self.request, self.policy),
        }
    }

    fn notices(&self) -> Vec<NoticeRecord> {
        let record = |notice: &Notice| NoticeRecord {
            code: notice.code.to_owned(),
            place: notice.place.clone(),
            message: notice.message.get(self.lang).to_owned(),
        };
        let missing = (!mip::IS_BUILT_IN && self.outcome.stop != StopReason::Proved).then(without_mip);
        self.list_notices.iter().chain(&self.problem.notices).chain(&missing).map(record).collect()
    }
}

/// What a build without the integer programme could not try.
fn without_mip() -> Notice {
    let message = words!(
        "本程序没有内置整数规划求解器，其余方法未能全部证明",
        "this build has no integer programming solver; not everything could be proved without it"
    );
    Notice { code: "without_mip", place: String::new(), message }
}

/// What was proved holds only if the old groups are right: from the first level on that looks at them nothing is. Whether that takes
/// a proof away.
fn unprove(goals: &mut [GoalRecord]) -> bool {
    let looks_back = |goal: &&GoalRecord| GoalName::of_word(&goal.name).is_some_and(GoalName::looks_back);
    let first = goals.iter().filter(looks_back).map(|goal| goal.level).min();
    let mut lost = false;
    for goal in goals.iter_mut().filter(|goal| goal.proved && first.is_some_and(|first| goal.level >= first)) {
        (goal.proved, goal.proof, goal.proved_seconds) = (false, None, None);
        lost = true;
    }
    lost
}
