//! The classes of a school: found by reading every list once. Lists of several classes stay as they were read, and so do all others
//! of a school; a district's are read again one at a time when their turn comes, so that memory holds no more than the classes at work.

mod kind;
mod naming;
mod same;

use super::sources::Source;
use super::trouble::{Trouble, guarded};
use crate::base::names::file_names;
use crate::fault::{Fault, Notice};
use crate::roster::{Override, Roster, Student};
use crate::words;
use kind::Kind;
use naming::{Called, with_grades};
use rayon::prelude::*;
use same::{Others, People, Told, same_students};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One class of the run.
#[derive(Debug)]
pub struct Unit {
    /// Its name in every output: as in the list; the list's name where it has none; both where several lists have one name.
    pub class: String,
    /// Its files' name without ending.
    pub file: String,
    /// Its students where rules must be shared out; else empty.
    pub who: Vec<Student>,
    /// Why it cannot be read.
    pub trouble: Option<Trouble>,
    source: usize,
    /// What is read with it.
    with: Others,
    /// Whom the user wants left out and its list does not have.
    pub strangers: Vec<String>,
    /// The grade that is told beside its name.
    grade: Option<String>,
    /// Whether its list names it.
    is_own: bool,
    /// What its list is, where it is none of students.
    kind: Option<Kind>,
    /// The class as its list has it, where the list stays.
    held: Option<Arc<Roster>>,
}

/// Whether the students are needed before the classes are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// To share out rules by class.
    Students,
    /// Only their number.
    Numbers,
}

/// Cells of lists of one class that stay as they were read.
const MOST_HELD: usize = 1 << 19;

/// Room for lists that stay as they were read, in cells.
struct Room(AtomicUsize);

impl Room {
    /// Whether the list finds room.
    fn takes(&self, list: &Roster) -> bool {
        let cells = list.students.len() * list.columns.len();
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(cells)).is_ok()
    }
}

/// Reads every list once; the classes in the lists' order. Lists that tell more of the students of another are read with it,
/// which is told, as are lists of the same students.
#[must_use]
pub fn index(sources: &[Source], overrides: &[Override], keep: Keep) -> (Vec<Unit>, Vec<Notice>) {
    let keep = (keep, &Room(AtomicUsize::new(MOST_HELD)));
    let read = |number: usize| of_source((number, &Others::default()), sources, overrides, keep);
    let mut found: Vec<(Vec<Unit>, People)> = (0..sources.len()).into_par_iter().map(read).collect();
    let others = lists_of_others(sources, &mut found);
    let people: Vec<&People> = found.iter().map(|(_, people)| people).collect();
    let Told { others: joined, copies, refused, mut notices } = same_students(sources, &people, overrides);
    for (number, with) in joined.iter().enumerate().filter(|(_, with)| !with.lists.is_empty()) {
        found[number] = of_source((number, with), sources, overrides, keep);
    }
    for number in joined.into_iter().flat_map(|with| with.lists).chain(copies) {
        found[number].0.clear();
    }
    for (number, fault) in refused {
        found[number].0.iter_mut().for_each(|unit| unit.refuse(&fault));
    }
    notices.extend(others);
    let mut units: Vec<Unit> = found.into_iter().flat_map(|(units, _)| units).collect();
    with_grades(&mut units);
    name_apart(&mut units, sources);
    let names: Vec<String> = units.iter().map(|unit| unit.class.clone()).collect();
    for (unit, file) in units.iter_mut().zip(file_names(&names)) {
        unit.file = file;
    }
    (units, notices)
}

/// Takes out what stands among the class lists and is no list of students; where there is nothing else it stays, and whatever is
/// wrong with it is told.
fn lists_of_others(sources: &[Source], found: &mut [(Vec<Unit>, People)]) -> Vec<Notice> {
    let kind = |number: usize| found[number].0.first().and_then(|unit| unit.kind);
    let lists: Vec<(usize, Kind)> = (0..found.len()).filter_map(|number| Some((number, kind(number)?))).collect();
    if lists.len() == found.len() {
        return Vec::new();
    }
    let mut notices = Vec::new();
    for (number, kind) in lists {
        found[number] = (Vec::new(), People::default());
        let (code, message) = kind.told();
        notices.push(Notice { code, place: sources[number].shown.clone(), message });
    }
    notices
}

/// The classes of a list and those of others that tell more of its students, and who is in it.
fn of_source(
    (number, with): (usize, &Others),
    sources: &[Source],
    overrides: &[Override],
    (keep, room): (Keep, &Room),
) -> (Vec<Unit>, People) {
    let source = &sources[number];
    let unit = |class: &str, list: Option<&Roster>| {
        let Called { class, grade, is_own } = Called::of(source, class, list);
        Unit {
            class,
            file: String::new(),
            who: Vec::new(),
            trouble: None,
            source: number,
            with: with.clone(),
            strangers: Vec::new(),
            grade,
            is_own,
            kind: None,
            held: None,
        }
    };
    let roster = match with.read(number, sources, overrides) {
        Ok(roster) => roster,
        Err(trouble) => {
            let kind = Kind::of_source(source);
            return (vec![Unit { trouble: Some(trouble), kind, ..unit("", None) }], People::default());
        }
    };
    let kind = Kind::of(&roster, source);
    let people = People::of(&roster);
    let strangers = roster.strangers.clone();
    let told = Roster { titled: roster.titled.clone(), grade: roster.grade.clone(), ..Roster::default() };
    let classes = match guarded(source.name(), || Ok(split(roster))) {
        Ok(classes) => classes,
        Err(trouble) => return (vec![Unit { trouble: Some(trouble), ..unit("", None) }], people),
    };
    let several = classes.len() > 1;
    let of_class = |roster: Roster| {
        let class = roster.students.first().map(|student| student.class.clone()).unwrap_or_default();
        Unit {
            strangers: strangers.clone(),
            who: if keep == Keep::Students { roster.students.clone() } else { Vec::new() },
            held: (several || room.takes(&roster)).then(|| Arc::new(roster)),
            kind,
            ..unit(&class, Some(&told))
        }
    };
    (classes.into_iter().map(of_class).collect(), people)
}

/// Classes of one name in several lists get their list's path before it; what is still alike is refused.
fn name_apart(units: &mut [Unit], sources: &[Source]) {
    let mut holders: HashMap<String, Vec<usize>> = HashMap::new();
    for (i, unit) in units.iter().enumerate() {
        holders.entry(unit.class.clone()).or_default().push(i);
    }
    for unit in holders.into_values().filter(|units| units.len() > 1).flatten() {
        let Unit { class, source, is_own, .. } = &units[unit];
        let Source { label, .. } = &sources[*source];
        let named = if *is_own { format!("{label} {class}") } else { label.clone() };
        units[unit].class = named;
    }
    let mut first: HashMap<String, usize> = HashMap::new();
    for i in 0..units.len() {
        let Some(&other) = first.get(&units[i].class) else {
            first.insert(units[i].class.clone(), i);
            continue;
        };
        let fault = repeated(&units[i].class, &sources[units[i].source].shown, &sources[units[other].source].shown);
        units[i].refuse(&fault);
    }
}

fn repeated(class: &str, place: &str, other: &str) -> Fault {
    Fault {
        code: "class_repeated",
        place: place.to_owned(),
        found: words!("班级“{class}”，{other} 也有", "the class \"{class}\", which {other} has too"),
        expected: words!("每个班只出现一次", "every class once"),
        action: words!("请删去其中一份名册", "take one of the two lists away"),
    }
}

impl Unit {
    /// Takes it out of the run for this reason.
    fn refuse(&mut self, fault: &Fault) {
        self.trouble = Some(Trouble::Refused(fault.clone().into()));
        self.who.clear();
    }

    /// Number of its list among the sources.
    pub(super) fn source(&self) -> usize {
        self.source
    }

    /// The class's students, under the class's name in this run.
    ///
    /// # Errors
    /// Why its list cannot be read.
    pub fn roster(&self, sources: &[Source], overrides: &[Override]) -> Result<Roster, Trouble> {
        if let Some(trouble) = &self.trouble {
            return Err(trouble.clone());
        }
        let mut roster = match &self.held {
            Some(roster) => roster.as_ref().clone(),
            None => self.with.read(self.source, sources, overrides)?,
        };
        for student in &mut roster.students {
            student.class.clone_from(&self.class);
        }
        Ok(roster)
    }
}

/// A list's classes, each with the notices about its own rows; notices about no student's row go to the first.
fn split(list: Roster) -> Vec<Roster> {
    let mut classes = list.by_class();
    if let [only] = classes.as_mut_slice() {
        only.notices = list.notices;
        return classes;
    }
    let mut holder: HashMap<(String, usize), usize> = HashMap::new();
    for (number, class) in classes.iter().enumerate() {
        holder.extend(class.students.iter().map(|student| ((student.row.sheet.clone(), student.row.row), number)));
    }
    for notice in list.notices {
        let class = row_of(&notice).and_then(|row| holder.get(&row)).copied().unwrap_or(0);
        // A list without students has no class to tell it to.
        if let Some(class) = classes.get_mut(class) {
            class.notices.push(notice);
        }
    }
    classes
}

/// Sheet and row of a notice's place: `Sheet1!E12`, `line 12 (E12)`.
fn row_of(notice: &Notice) -> Option<(String, usize)> {
    let place = notice.place.trim_end_matches(')');
    // The place may be a sheet's name and nothing else, in any script.
    let before = place.trim_end_matches(|c: char| c.is_ascii_digit());
    let row = place[before.len()..].parse().ok()?;
    let sheet = place.rsplit_once('!').map(|(sheet, _)| sheet).unwrap_or_default();
    Some((sheet.to_owned(), row))
}
