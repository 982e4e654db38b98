//! What teachers type into a register: the boxes of a student and of a group, and what stands in them.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// A box of a student. The first four also hold what the list tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(in crate::school) enum StudentBox {
    Family,
    Guardian,
    Phone,
    Address,
    Performance,
    Plan,
    /// A week.
    Contact(u16),
    /// A visit, from 1.
    Visit(u32),
}

/// A box of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(in crate::school) enum GroupBox {
    WorkPlan,
    /// Month, from 1, and part: date, topic, result.
    Activity(u32, usize),
}

/// What stands in a box.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::school) enum Entry {
    Text(String),
    Number(f64),
    Flag(bool),
    /// As ISO 8601.
    Date(String),
}

/// A box that is filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::school) struct Typed<B> {
    pub(in crate::school) what: B,
    pub(in crate::school) entry: Entry,
    /// Sheet and cell.
    pub(in crate::school) place: String,
}

/// One student of a register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::school) struct StudentTexts {
    pub(in crate::school) id: String,
    /// As registers show it.
    pub(in crate::school) name: String,
    /// Header, text and place of what is told of the student and not to be filled in.
    #[serde(default, skip_serializing)]
    pub(in crate::school) told: Vec<(String, String, String)>,
    pub(in crate::school) typed: Vec<Typed<StudentBox>>,
}

/// One group of a register.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::school) struct GroupTexts {
    /// Class, number and name as the sheets say.
    pub(in crate::school) title: String,
    pub(in crate::school) students: Vec<StudentTexts>,
    pub(in crate::school) typed: Vec<Typed<GroupBox>>,
}

/// A register as it was read back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::school) struct Filled {
    /// Its path below the output folder.
    pub(in crate::school) file: String,
    pub(in crate::school) groups: Vec<GroupTexts>,
    /// Cells that hold something and are no box, and sheets that were not read.
    pub(in crate::school) elsewhere: Vec<String>,
}

/// A student by class and id.
pub(in crate::school) type Who = (String, String);

/// What is to stand in the boxes of registers.
#[derive(Clone, Debug, Default)]
pub(in crate::school) struct Boxes {
    pub(in crate::school) students: HashMap<Who, BTreeMap<StudentBox, Entry>>,
    /// By the group's id.
    pub(in crate::school) groups: HashMap<String, BTreeMap<GroupBox, Entry>>,
}

impl Boxes {
    pub(super) fn of(&self, who: &Who, what: StudentBox) -> Option<&Entry> {
        self.students.get(who)?.get(&what)
    }

    pub(super) fn of_group(&self, group: &str, what: GroupBox) -> Option<&Entry> {
        self.groups.get(group)?.get(&what)
    }

    /// The last visit of a student that is filled in.
    pub(super) fn last_visit(&self, who: &Who) -> u32 {
        let visits = self.students.get(who).into_iter().flatten().filter_map(|(what, _)| match what {
            StudentBox::Visit(number) => Some(*number),
            _ => None,
        });
        visits.max().unwrap_or(0)
    }
}

impl Entry {
    /// Whether it is this text.
    pub(in crate::school) fn is_text(&self, text: &str) -> bool {
        match self {
            Self::Text(own) => own.trim() == text.trim(),
            Self::Number(number) => number.to_string() == text,
            Self::Flag(_) | Self::Date(_) => false,
        }
    }
}

impl GroupTexts {
    /// Whether nothing is typed.
    pub(in crate::school) fn is_empty(&self) -> bool {
        self.typed.is_empty() && self.students.iter().all(|student| student.typed.is_empty())
    }
}

impl Filled {
    /// Whether nothing is typed anywhere.
    pub(in crate::school) fn is_empty(&self) -> bool {
        self.elsewhere.is_empty() && self.groups.iter().all(GroupTexts::is_empty)
    }
}
