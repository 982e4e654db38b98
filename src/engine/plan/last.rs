//! Last semester: who was in which group, whatever file tells it. Who of them is who today is for [`people`](super::people) to say.

use super::document::{Document, GroupRecord, PersonRecord};
use super::read::{AssignedRow, PlanFile};
use crate::roster::{Field, Roster, Student, key};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// The word of a list's column that holds ids.
const ID: &str = "id";

/// Somebody in a group of last semester.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// Empty where the file tells none.
    pub id: String,
    /// Empty where the file tells none.
    pub name: String,
    /// `male`, `female`, another word, or empty where the file tells none.
    pub gender: String,
    /// The group's id or name.
    pub group: String,
    /// The group's teacher, by id or name.
    pub teacher: Option<String>,
    /// The teacher's name where the file tells it beside the id.
    #[serde(default)]
    pub teacher_name: Option<String>,
}

/// What the ids of an old class say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ids {
    /// They are people's own, and say something about a list that has such ids too.
    Own,
    /// They are row numbers, and say something about the same list alone.
    Rows {
        /// SHA-256 of the list.
        list: String,
        /// How many students were divided.
        students: usize,
    },
    /// They are the very ids of the list that is divided now: a change within the semester.
    Same,
}

/// A class of last semester.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastClass {
    /// Empty where the file names none.
    pub name: String,
    /// What its ids say.
    pub ids: Ids,
    /// SHA-256 of the file that tells of it.
    pub sha256: String,
    /// Its people.
    pub people: Vec<Past>,
}

/// All that is known of last semester.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastSemester {
    /// SHA-256 of all files together.
    pub sha256: String,
    pub(super) classes: Vec<OldClass>,
    pub(super) people: Vec<Past>,
    /// Class of each of the people.
    pub(super) class_of: Vec<usize>,
    /// What is left of each name without spaces and signs.
    pub(super) keys: Vec<String>,
    /// People by these.
    pub(super) by_name: HashMap<String, Vec<usize>>,
    pub(super) by_id: HashMap<String, Vec<usize>>,
    /// Whether somebody has no name.
    pub(super) has_nameless: bool,
}

/// A class with its people among all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OldClass {
    pub(super) name: String,
    pub(super) ids: Ids,
    pub(super) sha256: String,
    pub(super) people: Range<usize>,
}

impl LastSemester {
    /// The classes as one semester.
    #[must_use]
    pub fn new(classes: Vec<PastClass>, sha256: String) -> Self {
        let mut last = Self {
            sha256,
            classes: Vec::new(),
            people: Vec::new(),
            class_of: Vec::new(),
            keys: Vec::new(),
            by_name: HashMap::new(),
            by_id: HashMap::new(),
            has_nameless: false,
        };
        for class in classes {
            last.add(class);
        }
        last
    }

    fn add(&mut self, class: PastClass) {
        let (start, at) = (self.people.len(), self.classes.len());
        for (p, past) in (start..).zip(&class.people) {
            let name = key(&past.name);
            for (index, key) in [(&mut self.by_name, &name), (&mut self.by_id, &past.id)] {
                if !key.is_empty() {
                    index.entry(key.clone()).or_default().push(p);
                }
            }
            self.has_nameless |= name.is_empty();
            self.keys.push(name);
        }
        self.people.extend(class.people);
        self.class_of.resize(self.people.len(), at);
        let PastClass { name, ids, sha256, .. } = class;
        self.classes.push(OldClass { name, ids, sha256, people: start..self.people.len() });
    }

    /// What a plan file tells.
    #[must_use]
    pub fn of_file(file: PlanFile, sha256: String) -> Self {
        match file {
            PlanFile::Documents(documents) => Self::of_documents(&documents, sha256),
            PlanFile::Assignment(rows) => Self::of_rows(rows, sha256),
        }
    }

    /// What plans tell.
    #[must_use]
    pub fn of_documents(documents: &[Document], sha256: String) -> Self {
        Self::new(documents.iter().flat_map(|document| classes_of(document, &sha256)).collect(), sha256)
    }

    /// What rows tell.
    #[must_use]
    pub fn of_rows(rows: Vec<AssignedRow>, sha256: String) -> Self {
        let mut classes: BTreeMap<String, Vec<Past>> = BTreeMap::new();
        for AssignedRow { class, id, name, gender, group, teacher } in rows {
            let teacher = Some(teacher).filter(|teacher| !teacher.is_empty());
            classes.entry(class).or_default().push(Past { id, name, gender, group, teacher, teacher_name: None });
        }
        for people in classes.values_mut() {
            plain_names(people);
        }
        let class = |(name, people)| PastClass { name, ids: Ids::Own, sha256: sha256.clone(), people };
        Self::new(classes.into_iter().map(class).collect(), sha256)
    }

    /// The classes in which somebody has a name or an id of the roster, whole: no other class says anything about its students.
    #[must_use]
    pub fn classes_about(&self, roster: &Roster) -> Vec<PastClass> {
        let mut about = vec![false; self.classes.len()];
        for student in &roster.students {
            let named = self.by_name.get(&key(&student.name)).into_iter().flatten();
            let numbered = self.by_id.get(&student.id).into_iter().flatten();
            named.chain(numbered).for_each(|&past| about[self.class_of[past]] = true);
        }
        let whole = |class: &OldClass| PastClass {
            name: class.name.clone(),
            ids: class.ids.clone(),
            sha256: class.sha256.clone(),
            people: self.people[class.people.clone()].to_vec(),
        };
        self.classes.iter().zip(about).filter(|(_, about)| *about).map(|(class, _)| whole(class)).collect()
    }

    /// Somebody of last semester.
    #[must_use]
    pub fn past(&self, at: usize) -> &Past {
        &self.people[at]
    }

    /// Whether every id is one person's own, whatever the class: then another id is another person.
    pub(super) fn ids_are_personal(&self) -> bool {
        self.classes.iter().all(|class| class.ids == Ids::Own)
            && self.by_id.len() == self.people.len()
            && self.classes.len() > 1
    }

    /// Everybody in rows, class by class. Row numbers are left out: they say nothing elsewhere.
    #[must_use]
    pub fn rows(&self) -> Vec<AssignedRow> {
        let row = |(past, &at): (&Past, &usize)| AssignedRow {
            class: self.classes[at].name.clone(),
            id: if self.classes[at].ids == Ids::Own { past.id.clone() } else { String::new() },
            name: past.name.clone(),
            gender: past.gender.clone(),
            group: past.group.clone(),
            teacher: past.teacher.clone().unwrap_or_default(),
        };
        self.people.iter().zip(&self.class_of).map(row).collect()
    }
}

/// What a list to hang up puts behind equal names to tell them apart (`王芳 (00)`) is no part of the name.
fn plain_names(people: &mut [Past]) {
    let bare = |name: &str| {
        let (bare, behind) = name.trim_end().rsplit_once(" (")?;
        behind.ends_with(')').then(|| bare.trim_end().to_owned())
    };
    let bares: Vec<Option<String>> = people.iter().map(|past| bare(&past.name)).collect();
    for (past, bare) in people.iter_mut().zip(&bares) {
        if bare.is_some() && bares.iter().filter(|other| *other == bare).count() > 1 {
            past.name = bare.clone().unwrap_or_default();
        }
    }
}

/// The classes of a plan, told by its people where several were divided together.
#[must_use]
pub fn classes_of(document: &Document, sha256: &str) -> Vec<PastClass> {
    let columns = &document.input.columns;
    let ids = if columns.is_empty() || columns.iter().any(|column| column.read_as == ID) {
        Ids::Own
    } else {
        Ids::Rows { list: document.input.sha256.clone(), students: document.input.students }
    };
    let known: HashMap<&str, &PersonRecord> =
        document.people.iter().map(|person| (person.id.as_str(), person)).collect();
    let mut classes: BTreeMap<&str, Vec<Past>> = BTreeMap::new();
    for group in &document.groups {
        for id in &group.students {
            let person = known.get(id.as_str()).copied();
            let own = person.map_or("", |person| person.class.as_str());
            let class = if own.is_empty() { group.class.as_str() } else { own };
            classes.entry(class).or_default().push(past(group, id, person));
        }
    }
    let class = |(name, people): (&str, _)| PastClass {
        name: name.to_owned(),
        ids: ids.clone(),
        sha256: sha256.to_owned(),
        people,
    };
    classes.into_iter().map(class).collect()
}

fn past(group: &GroupRecord, id: &str, person: Option<&PersonRecord>) -> Past {
    let (name, gender) = person.map(|person| (person.name.clone(), person.gender.clone())).unwrap_or_default();
    let teacher_name = group.teacher_name.clone();
    let (id, group, teacher) = (id.to_owned(), group.id.clone(), group.teacher.clone());
    Past { id, name, gender, group, teacher, teacher_name }
}

/// The names of a roster with gender, and the class where there are several; nobody where there is nothing to say.
#[must_use]
pub fn people_of(roster: &Roster) -> Vec<PersonRecord> {
    let several = roster.classes().len() > 1;
    if !several && roster.students.iter().all(|student| student.name.is_empty()) {
        return Vec::new();
    }
    let gender = roster.column(&Field::Gender);
    let person = |(s, student): (usize, &Student)| PersonRecord {
        id: student.id.clone(),
        name: student.name.clone(),
        class: if several { student.class.clone() } else { String::new() },
        gender: gender.and_then(|column| column.cells[s].text()).unwrap_or_default().to_owned(),
    };
    roster.students.iter().enumerate().map(person).collect()
}
