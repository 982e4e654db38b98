//! The class teacher's last word (班主任定稿): an edited list becomes the plan of its class. It is judged, its price against the
//! plan of before is told, and teachers change only where somebody may not keep a group. Needs nothing but the output folder;
//! the old files go to `history/<n>/`.

mod answer;
mod board;
mod classes;
mod edited;
pub(super) mod labels;
mod refusal;

use super::again::{Handed, Restaffed, Teaching, handed, staff_list_unknown};
use super::claims::unstaffed;
use super::class::timeless;
use super::lock::lock;
use super::repair::Moved;
use super::rewriting::{Cause, Rewritten, write};
use super::standing::Standing;
use super::summary::Summary;
use super::{SchoolError, state};
use crate::check::{self, Finding};
use crate::fault::{Fault, Faults, Notice};
use crate::pipeline::edit::{Bounds, Original};
use crate::pipeline::{Planned, Prepared, agreed};
use crate::plan::document::{Document, GoalRecord, NoticeRecord};
use crate::solver::Stop;
use crate::words;
use crate::words::Lang;
use answer::{Answer, answer};
use std::path::{Path, PathBuf};

/// What an adoption did.
#[derive(Clone, Debug)]
pub struct Adopted {
    /// Who changed group, class by class.
    pub moved: Vec<Moved>,
    /// Groups with another name now.
    pub renamed: Vec<Renamed>,
    /// What it cost or won, class by class.
    pub prices: Vec<Price>,
    /// Groups whose teacher is another now.
    pub teachers: Vec<Handed>,
    /// Where the old files are; none where nothing was to be changed.
    pub history: Option<PathBuf>,
    /// What could not be looked at, and what became of registers.
    pub notices: Vec<Notice>,
}

/// A group that got another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamed {
    /// The group's id.
    pub group: String,
    /// Its name before.
    pub from: String,
    /// Its name now.
    pub to: String,
}

/// One goal of a class before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// The class.
    pub class: String,
    /// The goal's word.
    pub goal: String,
    /// Its value before and now, in `unit`.
    pub before: f64,
    /// Its value now.
    pub after: f64,
    /// The unit shown to people.
    pub unit: String,
}

/// All classes of a folder with their plans, and who teaches.
struct School {
    standing: Vec<Standing>,
    prepared: Vec<Prepared>,
    /// The plans as they are to be.
    documents: Vec<Document>,
    teaching: Option<Teaching>,
    summary: Summary,
}

/// Takes an edited list: its bytes and the name that messages call it by.
///
/// # Errors
/// Everything that is wrong with the list; rules that the edited plan breaks. Nothing is written then.
pub fn adopt(output: &Path, (bytes, file): (&[u8], &str), stop: &Stop, lang: Lang) -> Result<Adopted, SchoolError> {
    // A folder that no run wrote is left as it is.
    let _lock = output.join(state::FOLDER).is_dir().then(|| lock(output)).transpose()?;
    let standing = Standing::all(output)?;
    let (answer, marks) = answer(&edited::read(bytes, file)?, &standing, file)?;
    if answer.is_empty() {
        let (moved, renamed, prices, teachers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        return Ok(Adopted { moved, renamed, prices, teachers, history: None, notices: marks.into_iter().collect() });
    }
    let mut school = School::open(output, standing)?;
    let teaching = school.edit(&answer, lang)?;
    let restaffed = if teaching { school.staff_again(stop, lang)? } else { None };
    let moved = school.moved(&answer);
    let renamed = school.renamed(&answer);
    school.note(&answer, (&moved, &renamed), lang);
    let rewritten = school.rewritten(&answer);
    let (history, told) = write(output, &rewritten, restaffed.as_ref(), lang)?;
    Ok(Adopted {
        prices: school.prices(&answer),
        teachers: school.handed(),
        moved,
        renamed,
        history: Some(history.folder().to_owned()),
        notices: marks.into_iter().chain(school.unknown_staff(&answer)).chain(told).collect(),
    })
}

impl School {
    fn open(output: &Path, standing: Vec<Standing>) -> Result<Self, SchoolError> {
        let summary = Summary::read(output)?;
        let prepared = standing.iter().map(Standing::prepared).collect::<Result<Vec<_>, _>>()?;
        let teaching = Teaching::open(output, &summary, &prepared, summary.is_whole())?;
        let documents = standing.iter().map(|class| class.document.clone()).collect();
        Ok(Self { standing, prepared, documents, teaching, summary })
    }

    /// Puts the students into their groups; whether the teachers cannot all stay. Rules that are broken are all told at once.
    fn edit(&mut self, answer: &Answer, lang: Lang) -> Result<bool, SchoolError> {
        let (mut faults, mut teaching) = (Vec::new(), false);
        for (&class, wanted) in answer {
            if wanted.groups == classes::groups_of(&self.standing[class]) {
                continue;
            }
            let original = Original {
                prepared: &self.prepared,
                documents: &self.documents,
                staff: self.teaching.as_ref().map(|teaching| &teaching.staff),
                bounds: Bounds::Inherited,
            };
            let Planned { document, findings } = original.edited(class, wanted.groups.clone(), lang);
            let (of_staff, of_class): (Vec<_>, Vec<_>) = findings.into_iter().partition(is_about_staff);
            teaching |= !of_staff.is_empty();
            let broken_rules = self.broken_rules(class, &document);
            if broken_rules.is_empty() {
                agreed(&of_class).map_err(|found| SchoolError::judge(&found, lang))?;
            }
            faults.extend(broken_rules.iter().map(|finding| broken(&self.standing[class].class, finding)));
            self.documents[class] = with_staffing_notices(timeless(document), &self.documents[class]);
        }
        for (&class, wanted) in answer {
            for (&group, (name, _)) in &wanted.names {
                self.documents[class].groups[group].name.clone_from(name);
            }
        }
        if faults.is_empty() { Ok(teaching) } else { Err(SchoolError::Broken(Faults(faults))) }
    }

    /// The rules alone: where one is broken, what is said of goals is of no use.
    fn broken_rules(&self, class: usize, document: &Document) -> Vec<Finding> {
        let Prepared { roster, request, policy, .. } = &self.prepared[class];
        match check::plan_of(roster, document) {
            Ok(plan) => check::broken_rules(roster, request, policy, &plan),
            Err(findings) => findings,
        }
    }

    /// Gives the groups to teachers again, since somebody may not keep one.
    fn staff_again(&mut self, stop: &Stop, lang: Lang) -> Result<Option<Restaffed>, SchoolError> {
        let Self { standing, prepared, documents, teaching, summary } = self;
        let assign = |teaching: &Teaching| teaching.assign(prepared, documents, (standing, summary), (stop, lang));
        teaching.as_ref().map(assign).transpose()
    }

    fn unknown_staff(&self, answer: &Answer) -> impl Iterator<Item = Notice> {
        let is_unknown = self.teaching.is_none() && !self.summary.teachers.is_empty();
        answer.keys().filter(move |_| is_unknown).map(|&class| staff_list_unknown(&self.standing[class].class))
    }

    fn moved(&self, answer: &Answer) -> Vec<Moved> {
        let mut moved = Vec::new();
        for &class in answer.keys() {
            let Standing { class: name, roster, document: old, .. } = &self.standing[class];
            for student in &roster.students {
                let [from, to] = [old, &self.documents[class]].map(|document| group_of(document, &student.id));
                if from != to {
                    let (class, id, name) = (name.clone(), student.id.clone(), student.name.clone());
                    moved.push(Moved { class, id, name, from, to });
                }
            }
        }
        moved
    }

    fn renamed(&self, answer: &Answer) -> Vec<Renamed> {
        let mut renamed = Vec::new();
        for (&class, wanted) in answer {
            for &at in wanted.names.keys() {
                let [old, new] =
                    [&self.standing[class].document, &self.documents[class]].map(|document| &document.groups[at]);
                renamed.push(Renamed { group: new.id.clone(), from: old.name.clone(), to: new.name.clone() });
            }
        }
        renamed
    }

    /// Says in the plans that they were edited by hand.
    fn note(&mut self, answer: &Answer, (moved, renamed): (&[Moved], &[Renamed]), lang: Lang) {
        for &class in answer.keys() {
            let count = moved.iter().filter(|moved| moved.class == self.standing[class].class).count();
            let ids = |id: &String| self.documents[class].groups.iter().any(|group| group.id == *id);
            let names = renamed.iter().filter(|renamed| ids(&renamed.group)).count();
            let message = match names {
                0 => words!(
                    "班主任定稿：{count} 名学生换了小组",
                    "the class teacher's last word: students who changed group: {count}"
                ),
                _ => words!(
                    "班主任定稿：{count} 名学生换了小组，{names} 个小组改了组名",
                    "the class teacher's last word: students who changed group: {count}, groups that were renamed: {names}"
                ),
            };
            let message = message.get(lang).to_owned();
            let record = NoticeRecord { code: "adopted".to_owned(), place: String::new(), message };
            let notices = &mut self.documents[class].notices;
            // Before what the staffing says, which is said anew with every staffing.
            let at = notices.iter().position(|notice| notice.code == "staffing").unwrap_or(notices.len());
            notices.insert(at, record);
        }
    }

    /// The classes that were edited, and those whose groups changed hands.
    fn rewritten(&self, answer: &Answer) -> Vec<Rewritten> {
        let one = |class: usize| {
            let (standing, new) = (&self.standing[class], &self.documents[class]);
            let edited = answer.contains_key(&class);
            if !edited && handed(&standing.document, new).is_empty() {
                return None;
            }
            let state = standing.state.clone();
            Some(Rewritten {
                class: standing.class.clone(),
                file: standing.file.clone(),
                after: self.prepared[class].clone(),
                state: if edited { state.with(unstaffed(new.clone())) } else { state },
                new: new.clone(),
                cause: if edited { Cause::Adoption } else { Cause::Staffing },
            })
        };
        (0..self.standing.len()).filter_map(one).collect()
    }

    fn prices(&self, answer: &Answer) -> Vec<Price> {
        let mut prices = Vec::new();
        for &class in answer.keys() {
            let Standing { class: name, document: old, .. } = &self.standing[class];
            for goal in &self.documents[class].goals {
                let Some(before) = old.goals.iter().find(|before| before.name == goal.name) else { continue };
                let GoalRecord { name: word, value: after, unit, .. } = goal;
                let (class, goal, unit) = (name.clone(), word.clone(), unit.clone());
                prices.push(Price { class, goal, before: before.value, after: *after, unit });
            }
        }
        prices
    }

    fn handed(&self) -> Vec<Handed> {
        self.standing.iter().zip(&self.documents).flat_map(|(class, new)| handed(&class.document, new)).collect()
    }
}

/// Whether a finding is about who teaches.
fn is_about_staff(finding: &Finding) -> bool {
    finding.code.starts_with("teacher_") || matches!(finding.code, "unknown_teacher" | "pin_teacher")
}

fn group_of(document: &Document, id: &str) -> Option<String> {
    let found = document.groups.iter().find(|group| group.students.iter().any(|student| student == id));
    found.map(|group| group.id.clone())
}

/// What the staffing said stands as long as the teachers do.
fn with_staffing_notices(mut new: Document, old: &Document) -> Document {
    let said = old.notices.iter().position(|notice| notice.code == "staffing");
    new.notices.extend(said.map(|at| old.notices[at..].to_vec()).unwrap_or_default());
    new
}

/// A rule that an edited plan breaks.
fn broken(class: &str, finding: &Finding) -> Fault {
    let action = match finding.code {
        "group_size" => {
            words!("请再调一名学生，使各组人数相差不超过 1", "move another student, so that sizes are within one")
        }
        _ => words!("请改分组，或先改规则", "change the groups, or the rules first"),
    };
    Fault {
        code: finding.code,
        place: format!("{class} {}", finding.place),
        found: finding.message.clone(),
        expected: words!("满足规则的分组", "groups that keep the rules"),
        action,
    }
}
