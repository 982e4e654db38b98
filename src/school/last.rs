//! Last semester's output folder: the old groups and teachers of each class, read when the class's turn comes.
//!
//! Classes are renamed (7-1 becomes 8-1), and the next year's 7-1 may hold other students of the same numbers, so names of
//! classes and ids alone prove nothing: a class is known by its students' ids and names together.

use super::state::State;
use super::summary::Summary;
use crate::fault::{Fault, Faults, Notice};
use crate::model::request::{Previous, PreviousMode};
use crate::model::{Request, Sizing};
use crate::plan::document::Document;
use crate::plan::read::{PlanFile, read};
use crate::roster::{Roster, Student, sha256};
use crate::words;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Last semester's output.
#[derive(Debug)]
pub struct Last {
    output: PathBuf,
    mode: PreviousMode,
    /// Name and file of each class.
    classes: Vec<(String, String)>,
    summary_sha256: String,
    /// The classes (indices into `classes`) of every id with its name, for classes that are not what their name says.
    homes: OnceLock<HashMap<(String, String), Vec<usize>>>,
}

/// Where a class's students were.
struct Past {
    /// The class that it was, as a whole.
    home: Option<usize>,
    /// The old class of each student, in roster order.
    of: Vec<Option<usize>>,
}

impl Last {
    /// Opens an output folder.
    ///
    /// # Errors
    /// A folder without a summary that names its classes.
    pub fn open(output: &Path, mode: PreviousMode) -> Result<Self, Faults> {
        let (files, summary_sha256) = class_files(output)?;
        let classes = files.into_iter().collect();
        Ok(Self { output: output.to_owned(), mode, classes, summary_sha256, homes: OnceLock::new() })
    }

    /// Puts a class's old groups into its request, and tells who had none and under which name the class went. In keep mode there
    /// are as many groups as there were, unless the command says otherwise. Where nobody had a group, the request stays without
    /// last semester: no goal may be called proved that nothing stands behind.
    pub(super) fn ask(&self, request: &mut Request, class: &str, roster: &Roster) -> Result<Vec<Notice>, Faults> {
        let past = self.past(class, roster)?;
        let mut old = Previous {
            group_of: BTreeMap::new(),
            teacher_of: BTreeMap::new(),
            sha256: self.summary_sha256.clone(),
            mode: self.mode,
        };
        for at in past.of.iter().flatten().copied().collect::<BTreeSet<usize>>() {
            let (document, sha256) = self.document(at)?;
            if past.home == Some(at) {
                old.sha256 = sha256;
                if self.mode == PreviousMode::Keep && request.sizing.is_none() && !document.groups.is_empty() {
                    request.sizing = Some(Sizing::Count(document.groups.len()));
                }
            }
            let members: BTreeSet<&str> = (roster.students.iter().zip(&past.of))
                .filter(|(_, of)| **of == Some(at))
                .map(|(student, _)| student.id.as_str())
                .collect();
            take_in(&mut old, &document, &members);
        }
        let mut notices: Vec<Notice> = self.renamed(&past, class).into_iter().collect();
        notices.extend(unmatched(old.group_of.len(), roster.students.len(), class));
        request.previous = if old.group_of.is_empty() { None } else { Some(old) };
        Ok(notices)
    }

    /// The names that last semester's groups of a class had, in their order.
    pub(super) fn names(&self, class: &str, roster: &Roster) -> Vec<String> {
        let home = self.past(class, roster).ok().and_then(|past| past.home);
        let document = home.and_then(|home| self.document(home).ok());
        document.map(|(document, _)| document.groups.into_iter().map(|group| group.name).collect()).unwrap_or_default()
    }

    /// Whether old groups go on.
    pub(super) fn keeps(&self) -> bool {
        self.mode == PreviousMode::Keep
    }

    fn document(&self, at: usize) -> Result<(Document, String), Faults> {
        class_document(&self.output, &self.classes[at].1)
    }

    /// The old class of a class and of each of its students: the class of the same name if it has at least half of the students,
    /// else the one that has most of them. New mixes look further: whoever comes from another class brings the old partners along.
    fn past(&self, class: &str, roster: &Roster) -> Result<Past, Faults> {
        let same = self.classes.iter().position(|(old, _)| old == class);
        let mut home = same.map(|same| self.people(same).map(|people| (same, people))).transpose()?;
        let shares = |people: &HashMap<String, String>| {
            roster.students.iter().filter(|student| is_among(student, people)).count()
        };
        let kept = home.as_ref().is_some_and(|(_, people)| 2 * shares(people) >= roster.students.len());
        if !kept && let Some(best) = self.best(roster, same) {
            home = Some((best, self.people(best)?));
        }
        let home = home.filter(|(_, people)| shares(people) > 0);
        let of = |student: &Student| {
            let at_home = home.as_ref().filter(|(_, people)| is_among(student, people)).map(|(at, _)| *at);
            at_home.or_else(|| if self.keeps() { None } else { self.only_home(student) })
        };
        Ok(Past { of: roster.students.iter().map(of).collect(), home: home.as_ref().map(|(at, _)| *at) })
    }

    /// The class that shares most ids with their names; where several share as many, the one of the same name or none.
    fn best(&self, roster: &Roster, same: Option<usize>) -> Option<usize> {
        let homes = self.homes();
        let mut shared = vec![0_usize; self.classes.len()];
        for student in &roster.students {
            let of = homes.get(&(student.id.clone(), student.name.clone()));
            of.into_iter().flatten().for_each(|&at| shared[at] += 1);
        }
        let most = shared.iter().copied().max().filter(|&most| most > 0)?;
        let mut best = (0..shared.len()).filter(|&at| shared[at] == most);
        match (best.next(), best.next()) {
            (Some(at), None) => Some(at),
            _ => same.filter(|&same| shared[same] == most),
        }
    }

    /// The one class that has a student of this id and name.
    fn only_home(&self, student: &Student) -> Option<usize> {
        match self.homes().get(&(student.id.clone(), student.name.clone())).map(Vec::as_slice) {
            Some([one]) => Some(*one),
            _ => None,
        }
    }

    fn homes(&self) -> &HashMap<(String, String), Vec<usize>> {
        self.homes.get_or_init(|| {
            let mut homes: HashMap<(String, String), Vec<usize>> = HashMap::new();
            for at in 0..self.classes.len() {
                // A plan that cannot be read is told where its own class asks for it.
                for who in self.people(at).unwrap_or_default() {
                    homes.entry(who).or_default().push(at);
                }
            }
            homes
        })
    }

    /// Ids and names of an old class: of its list where the folder still has it, else of its plan, which knows no names.
    fn people(&self, at: usize) -> Result<HashMap<String, String>, Faults> {
        if let Some(state) = State::read(&self.output, &self.classes[at].1) {
            return Ok(state.people().map(|(id, name)| (id.to_owned(), name.to_owned())).collect());
        }
        let document = self.document(at)?.0;
        Ok(document.groups.into_iter().flat_map(|group| group.students).map(|id| (id, String::new())).collect())
    }

    fn renamed(&self, past: &Past, class: &str) -> Option<Notice> {
        let (old, _) = self.classes.get(past.home?).filter(|(old, _)| old != class)?;
        let message = words!(
            "按学号和姓名，这个班上学期是“{old}”",
            "by ids and names this was the class \"{old}\" last semester"
        );
        Some(Notice { code: "previous_class", place: class.to_owned(), message })
    }
}

/// Whether an old class had the student; where either list has no name, the id decides.
fn is_among(student: &Student, people: &HashMap<String, String>) -> bool {
    people.get(&student.id).is_some_and(|name| *name == student.name || name.is_empty() || student.name.is_empty())
}

/// Takes over the old groups and teachers of some students, under their ids alone.
fn take_in(old: &mut Previous, document: &Document, members: &BTreeSet<&str>) {
    for group in &document.groups {
        for student in group.students.iter().filter(|student| members.contains(student.as_str())) {
            let who = (String::new(), student.clone());
            old.teacher_of.extend(group.teacher.iter().map(|teacher| (who.clone(), teacher.clone())));
            old.group_of.insert(who, group.id.clone());
        }
    }
}

fn unmatched(matched: usize, students: usize, class: &str) -> Option<Notice> {
    let without = students.saturating_sub(matched);
    let message =
        words!("{students} 名学生中有 {without} 名上学期没有小组", "{without} of {students} students had no old group");
    (without > 0).then(|| Notice { code: "previous_unmatched", place: class.to_owned(), message })
}

/// The old groups of plans.
#[must_use]
pub fn previous(documents: &[Document], sha256: String, mode: PreviousMode) -> Previous {
    let (mut group_of, mut teacher_of) = (BTreeMap::new(), BTreeMap::new());
    for group in documents.iter().flat_map(|document| &document.groups) {
        for student in &group.students {
            let who = (group.class.clone(), student.clone());
            teacher_of.extend(group.teacher.iter().map(|teacher| (who.clone(), teacher.clone())));
            group_of.insert(who, group.id.clone());
        }
    }
    Previous { group_of, teacher_of, sha256, mode }
}

/// File of each class with a plan in an output folder, by the summary, and the summary's digest.
pub(super) fn class_files(output: &Path) -> Result<(BTreeMap<String, String>, String), Faults> {
    let path = output.join("summary.json");
    let bytes = std::fs::read(&path).map_err(|error| no_output(&path, &error.to_string()))?;
    let summary = Summary::read(output)?;
    let planned = summary.classes.into_iter().filter(|class| class.groups > 0);
    Ok((planned.map(|class| (class.class, class.file)).collect(), sha256(&bytes)))
}

/// A class's plan in an output folder, with the digest of its file.
pub(super) fn class_document(output: &Path, file: &str) -> Result<(Document, String), Faults> {
    let path = output.join(super::outputs::CLASSES).join(format!("{file}.json"));
    let bytes = std::fs::read(&path).map_err(|error| no_output(&path, &error.to_string()))?;
    match read(&path.display().to_string(), &bytes)? {
        PlanFile::Documents(mut documents) if documents.len() == 1 => Ok((documents.remove(0), sha256(&bytes))),
        _ => Err(no_output(&path, "fenzu-plan/1")),
    }
}

pub(super) fn no_output(path: &Path, why: &str) -> Faults {
    Fault {
        code: "no_school_output",
        place: path.display().to_string(),
        found: words!("读不出（{why}）", "nothing that can be read ({why})"),
        expected: words!("fenzu school 写出的文件夹", "a folder that fenzu school wrote"),
        action: words!("请核对文件夹", "check the folder"),
    }
    .into()
}
