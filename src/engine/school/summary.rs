//! What is told of a whole school: every class, every teacher, and what could not be done.

use super::answers::ClaimRecord;
use super::outputs::no_output;
use super::trouble::Trouble;
use crate::base::names::is_plain;
use crate::fault::{Faults, Notice};
use crate::model::Sizing;
use crate::pipeline::staffing::{Load, StaffLevel, Staffed, is_impossible};
use crate::plan::document::{BalanceKind, ConflictRecord, Document, NoticeRecord, RestsOn, Status, StopReason};
use crate::roster::staff::Teacher;
use crate::words::Lang;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A school after a run. Its JSON is `summary.json`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Summary {
    /// Every class that was reached, in the lists' order.
    pub classes: Vec<ClassRecord>,
    /// Every teacher, in the staff list's order.
    pub teachers: Vec<TeacherRecord>,
    /// The staffing's levels, highest first; after a repair those that still hold.
    pub staffing: Vec<StaffingRecord>,
    /// Why groups have no teacher, or which demands cannot hold together.
    pub conflict: Vec<ConflictRecord>,
    /// What was passed over or decided for the school as a whole.
    pub notices: Vec<NoticeRecord>,
    /// SHA-256 of the claims by which the teachers have their groups; null without claims.
    #[serde(default)]
    pub claims: Option<String>,
    /// SHA-256 of the staff list; null without one.
    #[serde(default)]
    pub staff_sha256: Option<String>,
    /// The sizes of groups that were asked for; null without a staff list.
    #[serde(default)]
    pub sizing: Option<Sizing>,
    /// The answer to every wish of every teacher.
    #[serde(default)]
    pub claim_answers: Vec<ClaimRecord>,
    /// The seed of the lots that broke ties among teachers; null without a staff list.
    pub lottery_seed: Option<u64>,
    /// Classes that a stopped run did not reach; the same command goes on with them.
    pub left: usize,
    /// Seconds of the run.
    pub elapsed_seconds: f64,
    /// Classes whose plans an earlier run had made.
    #[serde(skip)]
    pub kept: usize,
    /// How a run was stopped before its teachers were assigned.
    #[serde(skip)]
    pub stopped: Option<Stopped>,
}

/// What a run wrote that was stopped before its teachers were assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Nothing but what the same command needs to go on; the results of an earlier run stand as they were.
    ResultsStand,
    /// The plans so far, without teachers.
    WithoutTeachers,
}

/// One class.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClassRecord {
    /// Its name.
    pub class: String,
    /// Its files' name without ending.
    pub file: String,
    /// What became of it.
    pub state: State,
    /// What is known of its plan; null without one.
    pub status: Option<Status>,
    /// Goals that are proved, in order of level.
    pub proved: Vec<String>,
    /// Whether all that was to be proved is: the model's levels, or those that `--prove` names.
    #[serde(default)]
    pub through: bool,
    /// Whether students joined or left since the groups were formed.
    #[serde(default)]
    pub repaired: bool,
    /// Whether the class teacher's own edit was adopted.
    #[serde(default)]
    pub adopted: bool,
    /// What the plan rests on; null without one.
    #[serde(default)]
    pub rests_on: Option<RestsOn>,
    /// Number of students.
    pub students: usize,
    /// Number of groups.
    pub groups: usize,
    /// Groups without a teacher; 0 where there is no staff list.
    pub unstaffed: usize,
    /// Largest less smallest group mean of each balanced subject.
    pub balance: Vec<RangeRecord>,
    /// Why it has no plan.
    pub error: Option<ErrorRecord>,
}

/// What became of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its files are written; see its status.
    Done,
    /// An error of ours.
    Failed,
    /// Its list or its rules cannot be used.
    Refused,
}

/// The balance of one subject.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RangeRecord {
    /// The column's header.
    pub column: String,
    /// Points.
    pub range: f64,
}

/// Why a class has no plan.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ErrorRecord {
    /// A stable word.
    pub code: String,
    /// Where.
    #[serde(rename = "where")]
    pub place: String,
    /// What; several faults are parted by line ends.
    pub message: String,
}

/// One teacher's load.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TeacherRecord {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The register's name without ending.
    pub file: String,
    /// Ids of the groups.
    pub groups: Vec<String>,
    /// Students in them.
    pub students: usize,
    /// Home visits a semester.
    pub visits: usize,
}

/// One level of the staffing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StaffingRecord {
    /// A stable word.
    pub name: String,
    /// In words.
    pub title: String,
    /// Less is better.
    pub value: i64,
    /// Proven lower bound.
    pub bound: i64,
    /// Whether it is proved best, given the levels above.
    pub proved: bool,
}

/// Most faults of a class that a summary quotes.
const QUOTED: usize = 5;

impl ClassRecord {
    /// A class with files.
    pub(super) fn done(class: &str, file: &str, document: &Document, unstaffed: usize) -> Self {
        let proved = document.goals.iter().filter(|goal| goal.proved).map(|goal| goal.name.clone());
        let scores = document.balance.iter().filter(|row| row.kind == BalanceKind::Score);
        Self {
            class: class.to_owned(),
            file: file.to_owned(),
            state: State::Done,
            status: Some(document.status),
            proved: proved.collect(),
            // Where it is not certain who was in which old group, nothing about these is proved.
            through: document.stop == StopReason::Proved
                && document.notices.iter().all(|notice| notice.code != "previous_unclear"),
            repaired: false,
            adopted: false,
            rests_on: Some(document.input.rests_on.clone()),
            students: document.input.students,
            groups: document.groups.len(),
            unstaffed,
            balance: scores.map(|row| RangeRecord { column: row.header.clone(), range: row.range }).collect(),
            error: None,
        }
    }

    /// A class without.
    pub(super) fn troubled(class: &str, file: &str, trouble: &Trouble, lang: Lang) -> Self {
        let (state, error) = match trouble {
            Trouble::Refused(faults) => (State::Refused, refusal(faults, lang)),
            Trouble::Failed(why) => {
                let message = why.get(lang).to_owned();
                (State::Failed, ErrorRecord { code: "internal".to_owned(), place: class.to_owned(), message })
            }
        };
        Self {
            class: class.to_owned(),
            file: file.to_owned(),
            state,
            status: None,
            proved: Vec::new(),
            through: false,
            repaired: false,
            adopted: false,
            rests_on: None,
            students: 0,
            groups: 0,
            unstaffed: 0,
            balance: Vec::new(),
            error: Some(error),
        }
    }
}

fn refusal(faults: &Faults, lang: Lang) -> ErrorRecord {
    let first = faults.0.first();
    let lines: Vec<String> = faults.0.iter().take(QUOTED).map(|fault| fault.sentence(lang)).collect();
    let more = faults.0.len().saturating_sub(QUOTED);
    let more = if more > 0 { format!("\n… +{more}") } else { String::new() };
    ErrorRecord {
        code: first.map_or("refused", |fault| fault.code).to_owned(),
        place: first.map(|fault| fault.place.clone()).unwrap_or_default(),
        message: lines.join("\n") + &more,
    }
}

impl TeacherRecord {
    pub(super) fn of(teacher: &Teacher, file: String, load: &Load) -> Self {
        Self {
            id: teacher.id.clone(),
            name: teacher.name.clone(),
            file,
            groups: load.groups.clone(),
            students: load.students,
            visits: load.visits,
        }
    }
}

impl Summary {
    /// Takes in what the staffing says.
    pub(super) fn staffed(&mut self, staffed: &Staffed, lang: Lang) {
        let level = |level: &StaffLevel| StaffingRecord {
            name: level.name.clone(),
            title: level.title.get(lang).to_owned(),
            value: level.value,
            bound: level.bound,
            proved: level.proved,
        };
        self.staffing = staffed.levels.iter().map(level).collect();
        self.conflict.clone_from(&staffed.conflict);
        self.notice(&staffed.notices, lang);
        self.lottery_seed = Some(staffed.lottery_seed);
    }

    /// Where an earlier run with the same teachers and claims had the same result, what it told of the staffing stands: nobody
    /// changes teacher now, but the others that the result was reached with are the ones that were told. Whether it does.
    pub(super) fn stands(&mut self, earlier: Option<&Self>, staff: Option<&str>) -> bool {
        let same = |earlier: &&Self| {
            let groups =
                |summary: &Self| summary.teachers.iter().map(|teacher| teacher.groups.clone()).collect::<Vec<_>>();
            let titles =
                |summary: &Self| summary.staffing.iter().take(1).map(|level| level.title.clone()).collect::<Vec<_>>();
            earlier.staff_sha256.as_deref() == staff
                && titles(earlier) == titles(self)
                && earlier.claims == self.claims
                && earlier.lottery_seed == self.lottery_seed
                && groups(earlier) == groups(self)
        };
        let Some(earlier) = earlier.filter(same) else { return false };
        self.staffing.clone_from(&earlier.staffing);
        self.claim_answers.clone_from(&earlier.claim_answers);
        true
    }

    /// Whether every class has a plan, with all students of the lists that were given.
    pub(super) fn is_whole(&self) -> bool {
        self.classes.iter().all(|class| class.groups > 0 && !class.repaired)
    }

    pub(super) fn notice(&mut self, notices: &[Notice], lang: Lang) {
        let record = |notice: &Notice| NoticeRecord {
            code: notice.code.to_owned(),
            place: notice.place.clone(),
            message: notice.message.get(lang).to_owned(),
        };
        self.notices.extend(notices.iter().map(record));
    }

    /// Reads `summary.json` of an output folder.
    ///
    /// # Errors
    /// One that cannot be read, or names files outside the folder.
    pub(super) fn read(output: &Path) -> Result<Self, Faults> {
        let path = output.join("summary.json");
        let bytes = std::fs::read(&path).map_err(|error| no_output(&path, &error.to_string()))?;
        let summary: Self = serde_json::from_slice(&bytes).map_err(|error| no_output(&path, &error.to_string()))?;
        let files = summary.classes.iter().map(|class| &class.file);
        let mut files = files.chain(summary.teachers.iter().map(|teacher| &teacher.file));
        match files.find(|file| !is_plain(file)) {
            Some(file) => Err(no_output(&path, file)),
            None => Ok(summary),
        }
    }

    /// Whether the teachers' demands cannot all be met, which is proved.
    #[must_use]
    pub fn is_impossible(&self) -> bool {
        is_impossible(&self.conflict)
    }

    /// Classes in a state.
    #[must_use]
    pub fn count(&self, state: State) -> usize {
        self.classes.iter().filter(|class| class.state == state).count()
    }

    /// Classes with this status.
    #[must_use]
    pub fn count_status(&self, status: Status) -> usize {
        self.classes.iter().filter(|class| class.status == Some(status)).count()
    }

    /// Groups without a teacher.
    #[must_use]
    pub fn unstaffed(&self) -> usize {
        self.classes.iter().map(|class| class.unstaffed).sum()
    }

    /// As JSON, with a line end.
    #[must_use]
    pub fn json(&self) -> String {
        // Text, numbers and lists of them, which JSON can hold; a number that it cannot is null.
        format!("{:#}\n", serde_json::to_value(self).unwrap_or_default())
    }
}
