//! The rules' student ids against a list: who is meant, in which class, and whether the groups exist.
//!
//! Ids are unique within a class only. In a list of several classes a rule belongs to the class that holds all its students;
//! where classes number their students alike, `<class>/<id>` says which is meant.

use super::{Pin, Rules};
use crate::fault::{Fault, Faults};
use crate::model::nearest::nearest;
use crate::roster::Roster;
use crate::words;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Comparisons of an unknown id with known ones that a whole check may spend on suggestions.
const SUGGESTION_WORK: usize = 5_000_000;

/// Faults of rules against one class: unknown students, and pins beyond its number of groups.
#[must_use]
pub fn check_ids(rules: &Rules, roster: &Roster, groups: usize) -> Vec<Fault> {
    let ids: HashSet<&str> = roster.students.iter().map(|student| student.id.as_str()).collect();
    let mut unknown = Unknown::new(roster);
    let mut faults: Vec<Fault> =
        mentions(rules).filter(|(_, id)| !ids.contains(id)).map(|(path, id)| unknown.fault(path, id)).collect();
    faults.extend(rules.pin.iter().filter_map(|pin| check_group(pin, groups)));
    faults
}

/// Faults of pins to teachers where there is no staff list.
#[must_use]
pub fn check_teachers(rules: &Rules) -> Vec<Fault> {
    let fault = |pin: &Pin| {
        let teacher = pin.teacher.as_ref()?;
        Some(Fault {
            code: "pin_needs_staff",
            place: format!("rules.pin ({})", pin.student),
            found: words!("固定到教师“{teacher}”", "a pin to the teacher \"{teacher}\""),
            expected: words!(
                "有教师名单（--teachers）时才能固定到教师",
                "a staff list (--teachers), which pins to teachers need"
            ),
            action: words!("请给出教师名单，或改用 group", "give a staff list, or pin to a group instead"),
        })
    };
    rules.pin.iter().filter_map(fault).collect()
}

/// Every student that the rules name, with the path of the place.
fn mentions(rules: &Rules) -> impl Iterator<Item = (String, &str)> {
    let listed = [("together", &rules.together), ("apart", &rules.apart)].into_iter().flat_map(|(name, lists)| {
        lists.iter().enumerate().flat_map(move |(i, list)| {
            list.iter().enumerate().map(move |(j, id)| (format!("rules.{name}[{i}][{j}]"), id.as_str()))
        })
    });
    let pinned = rules.pin.iter().enumerate().map(|(i, pin)| (format!("rules.pin[{i}].student"), pin.student.as_str()));
    listed.chain(pinned)
}

/// The place names the student, not the pin's number, which changes when rules are split by class.
fn check_group(pin: &Pin, groups: usize) -> Option<Fault> {
    let group = pin.group.filter(|group| !(1..=groups).contains(group))?;
    Some(Fault {
        code: "pin_group",
        place: format!("rules.pin ({})", pin.student),
        found: words!("第 {group} 组", "group {group}"),
        expected: words!("1 到 {groups}", "1 to {groups}"),
        action: words!("请改正组号，或用 --groups 增加组数", "correct the group, or ask for more with --groups"),
    })
}

fn repeated(class: &str, id: &str) -> Fault {
    Fault {
        code: "student_repeated",
        place: format!("rules ({class}/{id})"),
        found: words!("同一名学生写了两次", "one student twice in a rule"),
        expected: words!("每名学生只写一次", "every student once"),
        action: words!("请删去其一", "remove one of them"),
    }
}

/// Tells unknown students, with the nearest id while that is cheap enough.
struct Unknown<'a> {
    roster: &'a Roster,
    work_left: usize,
}

impl<'a> Unknown<'a> {
    fn new(roster: &'a Roster) -> Self {
        Self { roster, work_left: SUGGESTION_WORK }
    }

    fn fault(&mut self, path: String, id: &str) -> Fault {
        let students = &self.roster.students;
        let affordable = self.work_left >= students.len();
        self.work_left -= if affordable { students.len() } else { 0 };
        // A name in place of an id is the commonest slip.
        let named = |id: &str| students.iter().find(|student| student.name == id).map(|student| student.id.as_str());
        let near = |id: &str| nearest(id, students.iter().map(|student| student.id.as_str()));
        let guess = if affordable { named(id).or_else(|| near(id)) } else { None };
        let file = &self.roster.file;
        Fault {
            code: "unknown_student",
            place: path,
            found: words!("学号“{id}”", "the student \"{id}\""),
            expected: words!("{file} 中的学号", "an id of {file}"),
            action: match guess {
                Some(guess) => words!("是否想写“{guess}”？", "did you mean \"{guess}\"?"),
                None => words!("请改正或删去", "correct or remove it"),
            },
        }
    }
}

impl Rules {
    /// The rules without those that name a student of none of the list's classes, and the paths of those left out: for a list of
    /// which a part could not be read.
    #[must_use]
    pub fn of_known(&self, roster: &Roster) -> (Rules, Vec<String>) {
        let split = Split::new(roster);
        let strange = |id: &String| split.meanings(id).is_empty();
        let mut left_out = Vec::new();
        let mut known = |name: &str, lists: &[Vec<String>]| {
            let mut keep = Vec::new();
            for (i, list) in lists.iter().enumerate() {
                if list.iter().any(strange) {
                    left_out.push(format!("rules.{name}[{i}]"));
                } else {
                    keep.push(list.clone());
                }
            }
            keep
        };
        let (together, apart) = (known("together", &self.together), known("apart", &self.apart));
        let (strangers, pin): (Vec<Pin>, Vec<Pin>) = self.pin.iter().cloned().partition(|pin| strange(&pin.student));
        left_out.extend(strangers.iter().map(|pin| format!("rules.pin ({})", pin.student)));
        (Rules { together, apart, pin, never_alone: self.never_alone.clone() }, left_out)
    }

    /// The rules of each class of a list, in the order of [`Roster::classes`], with plain ids.
    ///
    /// # Errors
    /// Every student found in no class, every rule whose students no single class holds, and every rule that fits several classes.
    pub fn for_classes(&self, roster: &Roster) -> Result<Vec<Rules>, Faults> {
        let mut split = Split::new(roster);
        split.unknown_students(self);
        split.lists("together", &self.together, |rules| &mut rules.together);
        split.lists("apart", &self.apart, |rules| &mut rules.apart);
        for (i, pin) in self.pin.iter().enumerate() {
            if let Some((class, ids)) = split.home(&format!("rules.pin[{i}]"), std::slice::from_ref(&pin.student)) {
                split.classes[class].pin.extend(ids.into_iter().map(|student| Pin { student, ..pin.clone() }));
            }
        }
        split.repeated();
        let Split { mut classes, faults, .. } = split;
        for rules in &mut classes {
            rules.never_alone.clone_from(&self.never_alone);
        }
        if faults.is_empty() { Ok(classes) } else { Err(Faults(faults)) }
    }
}

/// Rules on their way to their classes.
struct Split<'a> {
    roster: &'a Roster,
    names: Vec<String>,
    /// Classes (indices into `names`) that have a student of this id.
    holders: HashMap<&'a str, Vec<usize>>,
    classes: Vec<Rules>,
    faults: Vec<Fault>,
}

impl<'a> Split<'a> {
    fn new(roster: &'a Roster) -> Self {
        let names = roster.classes();
        let number: HashMap<&str, usize> = names.iter().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
        let mut holders: HashMap<&str, Vec<usize>> = HashMap::new();
        for student in &roster.students {
            holders.entry(&student.id).or_default().push(number[student.class.as_str()]);
        }
        let classes = vec![Rules::default(); names.len()];
        Self { roster, names, holders, classes, faults: Vec::new() }
    }

    /// The (class, plain id) pairs that a written id can mean: the id as it stands, else `<class>/<id>`.
    fn meanings<'w>(&self, written: &'w str) -> Vec<(usize, &'w str)> {
        if let Some(classes) = self.holders.get(written) {
            return classes.iter().map(|&class| (class, written)).collect();
        }
        let qualified = |(at, _): (usize, &str)| {
            let (class, id) = (&written[..at], &written[at + 1..]);
            let holders = self.holders.get(id)?;
            holders.iter().find(|&&holder| self.names[holder] == class).map(|&holder| (holder, id))
        };
        written.match_indices('/').find_map(qualified).into_iter().collect()
    }

    fn unknown_students(&mut self, rules: &Rules) {
        let mut unknown = Unknown::new(self.roster);
        let strangers = mentions(rules).filter(|(_, id)| self.meanings(id).is_empty());
        let faults: Vec<Fault> = strangers.map(|(path, id)| unknown.fault(path, id)).collect();
        self.faults.extend(faults);
    }

    fn lists(&mut self, name: &str, lists: &[Vec<String>], of: impl Fn(&mut Rules) -> &mut Vec<Vec<String>>) {
        for (i, list) in lists.iter().enumerate() {
            if let Some((class, ids)) = self.home(&format!("rules.{name}[{i}]"), list) {
                of(&mut self.classes[class]).push(ids);
            }
        }
    }

    /// The one class that holds all students of a rule, with their plain ids; else a fault (unknown students have theirs already).
    fn home(&mut self, path: &str, list: &[String]) -> Option<(usize, Vec<String>)> {
        let meanings: Vec<Vec<(usize, &str)>> = list.iter().map(|id| self.meanings(id)).collect();
        if meanings.iter().any(Vec::is_empty) {
            return None;
        }
        let of = |meanings: &[(usize, &str)]| meanings.iter().map(|(class, _)| *class).collect::<BTreeSet<usize>>();
        let shared = meanings.iter().map(|m| of(m)).reduce(|a, b| &a & &b).unwrap_or_default();
        let mut classes = shared.iter().copied();
        match (classes.next(), classes.next()) {
            (Some(class), None) => {
                let plain = meanings.iter().filter_map(|m| m.iter().find(|(holder, _)| *holder == class));
                Some((class, plain.map(|(_, id)| (*id).to_owned()).collect()))
            }
            (None, _) => {
                let all = meanings.iter().map(|m| of(m)).reduce(|a, b| &a | &b).unwrap_or_default();
                self.no_home("mixed_classes", path, list, &all);
                None
            }
            _ => {
                self.no_home("ambiguous_student", path, list, &shared);
                None
            }
        }
    }

    /// A student written once plainly and once as `<class>/<id>` is the same student.
    fn repeated(&mut self) {
        let mut faults = Vec::new();
        for (name, rules) in self.names.iter().zip(&self.classes) {
            let pins: Vec<String> = rules.pin.iter().map(|pin| pin.student.clone()).collect();
            for list in rules.together.iter().chain(&rules.apart).chain([&pins]) {
                let mut seen = HashSet::new();
                faults.extend(list.iter().filter(|id| !seen.insert(id.as_str())).map(|id| repeated(name, id)));
            }
        }
        self.faults.extend(faults);
    }

    fn no_home(&mut self, code: &'static str, path: &str, list: &[String], classes: &BTreeSet<usize>) {
        let ids: Vec<&str> = list.iter().take(10).map(String::as_str).collect();
        let names: Vec<&str> = classes.iter().take(10).map(|&class| self.names[class].as_str()).collect();
        let (ids, names) = (ids.join(", "), names.join(", "));
        self.faults.push(Fault {
            code,
            place: path.to_owned(),
            found: words!("{ids}，所在班级：{names}", "{ids}, of the classes {names}"),
            expected: words!("同一个班的学生", "students of one class"),
            action: words!(
                "请按班分开写；学号重复时写成“班级/学号”",
                "write one rule a class; where ids repeat, write \"class/id\""
            ),
        });
    }
}
