//! What a plan is asked for with: the body of `POST /v1/plans`, stored beside the plan. Which list, staff list and earlier plan
//! it means stands in the plan's row.

use crate::fault::{Fault, Faults};
use crate::model::builtin::{self, DEFAULT};
use crate::model::read::read_model;
use crate::model::request::{Previous, PreviousMode};
use crate::model::rules::{Pin, read_rules};
use crate::model::{GoalName, Model, Request, Rules, SizeRange, Sizing};
use crate::pipeline::Division;
use crate::pipeline::staffing::Numbers;
use crate::plan::document::Document;
use crate::plan::last::LastSemester;
use crate::plan::read::AssignedRow;
use crate::roster::sha256;
use crate::solver::{Effort, Prove};
use crate::words;
use crate::words::Lang;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Seconds that a class may take where nothing is said.
pub const TIME_LIMIT: f64 = 10.0;
/// Most seconds that any service gives; its own limit (`plan_seconds`) may be less.
pub const LONGEST: f64 = 3_600.0;

/// More faults of one kind help nobody.
const MOST_FAULTS: usize = 100;

/// What a plan is asked for with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlanRequest {
    /// A built-in model's name, or a whole model; `responsibility-groups` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Value>,
    /// Number of groups in each class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<usize>,
    /// Students in a group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// Rules, as `--rules` has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Value>,
    /// Who stays, where a plan is improved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stays: Option<Stays>,
    /// The numbers of groups that were fitted to the staff list before the plan was queued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fitted: Option<Numbers>,
    /// Divide all students together, whatever their class.
    #[serde(default)]
    pub whole: bool,
    /// Last semester's groups, where they came with the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<Vec<Seat>>,
    /// Keep the groups of the earlier plan instead of mixing anew.
    #[serde(default)]
    pub keep: bool,
    /// Levels to prove before stopping: a goal's name, or `all`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prove: Option<String>,
    /// Seconds for each class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit: Option<f64>,
    /// Plans to look at, at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<u64>,
    /// Seed of the search; 1 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Language of the plan's texts: `zh` (where absent) or `en`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// Where a student was last semester.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// The class, where ids are unique within a class only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
    /// The student's id; where there is none the name says who it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub student: String,
    /// The student's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// `male`, `female` or another word, to tell namesakes apart.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub gender: String,
    /// The group's id or name.
    pub group: String,
    /// The group's teacher, by id or name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub teacher: String,
}

impl From<AssignedRow> for Seat {
    fn from(AssignedRow { class, id, name, gender, group, teacher }: AssignedRow) -> Self {
        Self { class, student: id, name, gender, group, teacher }
    }
}

impl From<Seat> for AssignedRow {
    fn from(Seat { class, student, name, gender, group, teacher }: Seat) -> Self {
        Self { class, id: student, name, gender, group, teacher }
    }
}

/// Who stays in a plan that is improved. These are no rules of the user's: the next improvement puts its own in their place, and
/// moves by hand pass them over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stays {
    /// The number of groups of each class, as the plan before has it.
    pub groups: Vec<usize>,
    /// A group for everyone who stays, each named as the user's own pin does where there is one.
    pub pin: Vec<Pin>,
}

impl Stays {
    /// The user's rules with these pins. Of a pin of the user's the group gives way and the teacher stays.
    fn with(&self, mut rules: Rules) -> Rules {
        let mut group_of: HashMap<&str, Option<usize>> =
            self.pin.iter().map(|pin| (pin.student.as_str(), pin.group)).collect();
        for pin in &mut rules.pin {
            if let Some(group) = group_of.remove(pin.student.as_str()) {
                pin.group = group;
            }
        }
        rules.pin.extend(self.pin.iter().filter(|pin| group_of.contains_key(pin.student.as_str())).cloned());
        rules
    }
}

/// Students in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Size {
    /// About so many.
    About(usize),
    /// Within a range.
    Range {
        /// Smallest size.
        min: usize,
        /// Largest size.
        max: usize,
    },
}

impl PlanRequest {
    /// Model, rules (with those who stay) and sizing with what was read of an earlier plan.
    ///
    /// # Errors
    /// Everything that is wrong with them, at once.
    pub fn request(&self, previous: Option<&Earlier>) -> Result<Request, Faults> {
        let mut faults = Vec::new();
        let mut collect = |found: Faults| faults.extend(found.0);
        let model = self.model().map_err(&mut collect).ok();
        let rules = self.rules().map_err(&mut collect).ok();
        let sizing = self.sizing().map_err(&mut collect).ok();
        self.prove().map_err(&mut collect).ok();
        self.limit().map_err(&mut collect).ok();
        self.seats().map_err(&mut collect).ok();
        let (Some(model), Some(rules), Some(sizing), true) = (model, rules, sizing, faults.is_empty()) else {
            return Err(Faults(faults));
        };
        let rules = match &self.stays {
            Some(stays) => stays.with(rules),
            None => rules,
        };
        let mode = if self.keep { PreviousMode::Keep } else { PreviousMode::Mix };
        let stored = previous
            .map(|earlier| Previous::new(LastSemester::of_documents(&earlier.documents, earlier.sha256.clone()), mode));
        let previous = stored.or_else(|| self.seats.as_ref().map(|seats| seated(seats, mode)));
        Ok(Request { rules, sizing, previous, ..Request::new(model) })
    }

    /// How a list of several classes is divided.
    #[must_use]
    pub fn division(&self) -> Division {
        if self.whole { Division::Whole } else { Division::ByClass }
    }

    /// Seed, work and depth of proof.
    ///
    /// # Errors
    /// An unknown goal.
    pub fn effort(&self) -> Result<Effort, Faults> {
        Ok(Effort { seed: self.seed.unwrap_or(1), work: self.work, prove: self.prove()? })
    }

    /// Time for each class.
    ///
    /// # Errors
    /// No positive number, or more than [`LONGEST`].
    pub fn limit(&self) -> Result<Duration, Faults> {
        let seconds = self.time_limit.unwrap_or(TIME_LIMIT);
        let limit = Duration::try_from_secs_f64(seconds).ok().filter(|limit| !limit.is_zero() && seconds <= LONGEST);
        limit.ok_or_else(|| {
            let expected = words!("大于 0、不超过 {LONGEST} 的秒数", "seconds above 0, at most {LONGEST}");
            wrong("bad_time_limit", "time_limit", &seconds.to_string(), expected)
        })
    }

    /// Language of the plan's texts.
    #[must_use]
    pub fn lang(&self) -> Lang {
        if self.lang.as_deref() == Some("en") { Lang::En } else { Lang::Zh }
    }

    fn model(&self) -> Result<Model, Faults> {
        match &self.model {
            None => named(DEFAULT),
            Some(Value::String(name)) => named(name),
            Some(model) => read_model(model.to_string().as_bytes(), "model.json"),
        }
    }

    /// The user's rules, without those who stay.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn rules(&self) -> Result<Rules, Faults> {
        let Some(rules) = &self.rules else { return Ok(Rules::default()) };
        read_rules(rules.to_string().as_bytes(), "rules.json")
    }

    /// Somebody was in a group, and everybody in one.
    fn seats(&self) -> Result<(), Faults> {
        if self.seats.as_ref().is_some_and(Vec::is_empty) {
            let expected = words!("至少一名学生", "one student at least");
            return Err(wrong("no_groups", "previous.groups", "[]", expected));
        }
        let mut seen = HashSet::new();
        let seats = || self.seats.iter().flatten().enumerate();
        let twice = seats().filter(|(_, seat)| !seat.student.is_empty() && !seen.insert((&seat.class, &seat.student)));
        let fault = |(i, seat): (usize, &Seat)| {
            let expected = words!("每名学生一个小组", "one group for each student");
            wrong("student_twice", &format!("previous.groups[{i}]"), &seat.student, expected).0
        };
        let nobody = |(i, _): (usize, &Seat)| {
            let expected = words!("学号或姓名", "an id or a name");
            wrong("no_student", &format!("previous.groups[{i}]"), "-", expected).0
        };
        let nameless = seats().filter(|(_, seat)| seat.student.is_empty() && seat.name.is_empty());
        let faults = twice.flat_map(fault).chain(nameless.flat_map(nobody));
        let faults: Vec<Fault> = faults.take(MOST_FAULTS).collect();
        if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
    }

    fn sizing(&self) -> Result<Option<Sizing>, Faults> {
        let expected = || words!("一个正整数，或 {{min, max}}", "a positive whole number, or {{min, max}}");
        match (self.groups, self.size) {
            (Some(_), Some(_)) => {
                let expected = words!("groups 或 size 之一", "either groups or size");
                Err(wrong("sizing_twofold", "size", "groups, size", expected))
            }
            (Some(0), None) => Err(wrong("bad_sizing", "groups", "0", expected())),
            (Some(groups), None) => Ok(Some(Sizing::Count(groups))),
            (None, Some(Size::About(0))) => Err(wrong("bad_sizing", "size", "0", expected())),
            (None, Some(Size::About(size))) => Ok(Some(Sizing::Size(size))),
            (None, Some(Size::Range { min, max })) if min == 0 || min > max => {
                Err(wrong("bad_sizing", "size", &format!("{min}..{max}"), expected()))
            }
            (None, Some(Size::Range { min, max })) => Ok(Some(Sizing::Range(SizeRange { min, max }))),
            (None, None) => Ok(None),
        }
    }

    fn prove(&self) -> Result<Prove, Faults> {
        match self.prove.as_deref() {
            None => Ok(Prove::Model),
            Some("all") => Ok(Prove::All),
            Some(word) => GoalName::of_word(word).map(Prove::Through).ok_or_else(|| {
                let known = GoalName::ALL.map(GoalName::word).join(", ");
                wrong("unknown_goal", "prove", word, words!("all 或 {known}", "all, or one of {known}"))
            }),
        }
    }
}

/// Groups that came with a request.
#[must_use]
pub fn seated(seats: &[Seat], mode: PreviousMode) -> Previous {
    // Plain data always serialises.
    let sha256 = sha256(&serde_json::to_vec(seats).unwrap_or_default());
    let rows = seats.iter().cloned().map(AssignedRow::from).collect();
    Previous::new(LastSemester::of_rows(rows, sha256), mode)
}

/// A model that comes with the program. A name is never a path: nobody reads the server's files.
fn named(name: &str) -> Result<Model, Faults> {
    builtin::find(name).ok_or_else(|| {
        let known: Vec<&str> = builtin::builtin().iter().map(|model| model.name.as_str()).collect();
        let known = known.join(", ");
        wrong("unknown_model", "model", name, words!("内置方案之一：{known}", "one of {known}, or a whole model"))
    })
}

fn wrong(code: &'static str, place: &str, found: &str, expected: words::Words) -> Faults {
    let found = words!("{found}", "{found}");
    let action = words!("请改正 {place}", "correct {place}");
    Fault { code, place: place.to_owned(), found, expected, action }.into()
}

/// An earlier plan's groups.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// Its documents.
    pub documents: Vec<Document>,
    /// SHA-256 of its JSON.
    pub sha256: String,
}
