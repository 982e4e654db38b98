//! Who of last semester is who today: the one matching of people, for every plan and for the judge (models/formulation.md, "Who
//! is who").
//!
//! A class is known by who is in it, then a student within the class: by id where ids say something and the name agrees, else by a
//! name that only one of then and one of now has. What is not certain is [`Fate::Unclear`] and told, never guessed.

mod class;
mod home;
mod tell;

use super::last::{Ids, LastSemester, OldClass};
use crate::fault::Notice;
use crate::roster::{Field, Roster, key};
use class::Class;
use std::collections::{BTreeMap, HashMap};
use tell::Why;

/// What became of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// This one of last semester's people ([`LastSemester::past`]).
    Was(usize),
    /// Nobody of last semester.
    New,
    /// Perhaps somebody of last semester.
    Unclear,
}

/// Today's students and who they were.
#[derive(Clone, Debug)]
pub struct Matching<'a> {
    last: &'a LastSemester,
    roster: &'a Roster,
    /// Of each student, in roster order.
    pub fates: Vec<Fate>,
    /// The old class of each class, where it is known.
    homes: BTreeMap<&'a str, usize>,
    /// Why students are what they are, where that is to be told.
    whys: Vec<(usize, Why)>,
}

/// Matches today's students; in keep mode only with the class that was theirs.
#[must_use]
pub fn matched<'a>(last: &'a LastSemester, roster: &'a Roster, keep: bool) -> Matching<'a> {
    let today = Today::of(roster);
    let mut classes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (s, student) in roster.students.iter().enumerate() {
        classes.entry(&student.class).or_default().push(s);
    }
    let fates = vec![Fate::New; roster.students.len()];
    let mut matching = Matching { last, roster, fates, homes: BTreeMap::new(), whys: Vec::new() };
    for (name, members) in classes {
        let class = Class::new(last, &today, name, members);
        matching.homes.extend(class.home.map(|home| (name, home)));
        for &s in &class.members {
            let (fate, why) = class.fate(s, keep);
            matching.fates[s] = fate;
            matching.whys.extend(why.map(|why| (s, why)));
        }
    }
    matching.each_once();
    matching
}

impl<'a> Matching<'a> {
    /// Who is found.
    pub fn found(&self) -> impl Iterator<Item = (usize, usize)> {
        let was = |(s, fate): (usize, &Fate)| if let Fate::Was(p) = fate { Some((s, *p)) } else { None };
        self.fates.iter().enumerate().filter_map(was)
    }

    /// Whether anybody is found.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.found().next().is_some()
    }

    /// How many students are unclear.
    #[must_use]
    pub fn unclear(&self) -> usize {
        self.fates.iter().filter(|fate| **fate == Fate::Unclear).count()
    }

    /// SHA-256 of the file of the one old class; none where there are several or none.
    #[must_use]
    pub fn sha256(&self) -> Option<&'a str> {
        self.home().map(|home| home.sha256.as_str())
    }

    /// The name of the one old class.
    #[must_use]
    pub fn old_class(&self) -> Option<&'a str> {
        self.home().map(|home| home.name.as_str())
    }

    fn home(&self) -> Option<&'a OldClass> {
        let mut homes = self.homes.values();
        let only = homes.next().filter(|_| homes.next().is_none())?;
        Some(&self.last.classes[*only])
    }

    /// The groups that the old classes had, in the order of the file.
    #[must_use]
    pub fn groups(&self) -> Vec<&'a str> {
        let mut groups: Vec<&str> = Vec::new();
        for home in self.homes.values() {
            for past in &self.last.people[self.last.classes[*home].people.clone()] {
                if !groups.contains(&past.group.as_str()) {
                    groups.push(&past.group);
                }
            }
        }
        groups
    }

    /// What is to be told, in the order of the classes.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        tell::notices(self)
    }

    /// Nobody of last semester is two people today.
    fn each_once(&mut self) {
        let mut first: HashMap<usize, usize> = HashMap::new();
        let found: Vec<(usize, usize)> = self.found().collect();
        for (s, p) in found {
            if let Some(&other) = first.get(&p) {
                self.fates[s] = Fate::Unclear;
                self.fates[other] = Fate::Unclear;
                self.whys.extend([(s, Why::Namesakes), (other, Why::Namesakes)]);
            }
            first.entry(p).or_insert(s);
        }
    }
}

/// Today's students as matching looks at them.
struct Today<'a> {
    roster: &'a Roster,
    /// Whether the list has ids: row numbers are none.
    has_ids: bool,
    /// What is left of each name without spaces and signs.
    keys: Vec<String>,
}

impl<'a> Today<'a> {
    fn of(roster: &'a Roster) -> Self {
        let keys = roster.students.iter().map(|student| key(&student.name)).collect();
        Self { roster, has_ids: roster.column(&Field::Id).is_some(), keys }
    }

    fn id(&self, s: usize) -> &'a str {
        &self.roster.students[s].id
    }

    fn gender(&self, s: usize) -> &'a str {
        self.roster.column(&Field::Gender).and_then(|column| column.cells[s].text()).unwrap_or_default()
    }

    /// Whether ids of an old class say something about these students.
    fn shares(&self, ids: &Ids) -> bool {
        match ids {
            Ids::Own => self.has_ids,
            Ids::Rows { list, students } => *list == self.roster.sha256 && *students == self.roster.students.len(),
            Ids::Same => true,
        }
    }
}
