//! From classes, plans and the staff list to the staffing problem: indices and whole numbers, with the way back.

use super::Before;
use crate::model::request::PreviousMode;
use crate::pipeline::{Planned, Prepared};
use crate::plan::document::GroupRecord;
use crate::roster::sha256;
use crate::roster::staff::{Former, Mention, Staff, Teacher as Listed};
use crate::solver::staffing::{Continuity, Group, Must, Staffing, Teacher};
use std::collections::{BTreeMap, HashMap};

/// A demand, as somebody wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    /// The staff list says that the teacher must take it.
    Must {
        /// Index into `Staff::teachers`.
        teacher: usize,
        /// What.
        what: Mention,
    },
    /// A rule pins the student to the teacher.
    Pin {
        /// Index into `Staff::teachers`.
        teacher: usize,
        /// Index of the class.
        class: usize,
        /// The student's id.
        student: String,
    },
}

/// The staffing problem with what its indices stand for.
#[derive(Clone)]
pub(super) struct Assembly {
    pub(super) staffing: Staffing,
    /// (class, group in it) of every group.
    pub(super) places: Vec<(usize, usize)>,
    /// What each of `Staffing::musts` stands for.
    pub(super) demands: Vec<Demand>,
    /// (teacher, group) where the teacher could take the group but for an own child in it.
    pub(super) kept_away: Vec<(usize, usize)>,
}

/// Where everybody is in the plans.
pub(super) struct Whereabouts<'a> {
    prepared: &'a [Prepared],
    /// First group of each class in the numbering over all classes.
    first: Vec<usize>,
    /// Groups of each class; 0 where it has no plan.
    groups: Vec<usize>,
    /// Group over all classes of each student by class name and id.
    group_of: HashMap<(&'a str, &'a str), usize>,
}

impl<'a> Whereabouts<'a> {
    pub(super) fn new(prepared: &'a [Prepared], planned: &'a [Planned]) -> Self {
        let groups: Vec<usize> = planned.iter().map(|planned| planned.document.groups.len()).collect();
        let first = groups.iter().scan(0, |sum, n| Some(std::mem::replace(sum, *sum + n))).collect::<Vec<usize>>();
        let mut group_of = HashMap::new();
        for ((class, planned), &first) in prepared.iter().zip(planned).zip(&first) {
            let own: HashMap<&str, &str> =
                class.roster.students.iter().map(|student| (student.id.as_str(), student.class.as_str())).collect();
            for (g, group) in planned.document.groups.iter().enumerate() {
                let members = group.students.iter().filter_map(|id| Some((*own.get(id.as_str())?, id.as_str())));
                group_of.extend(members.map(|who| (who, first + g)));
            }
        }
        Self { prepared, first, groups, group_of }
    }

    /// The groups that a mention means.
    pub(super) fn groups(&self, mention: &Mention) -> Vec<usize> {
        match mention {
            Mention::Class(name) => {
                self.classes(name).flat_map(|c| self.first[c]..self.first[c] + self.groups[c]).collect()
            }
            Mention::Student { class, id } => {
                self.group_of.get(&(class.as_str(), id.as_str())).copied().into_iter().collect()
            }
            Mention::Group { class, number } => self
                .classes(class)
                .filter(|&c| (1..=self.groups[c]).contains(number))
                .map(|c| self.first[c] + number - 1)
                .collect(),
        }
    }

    fn classes<'s>(&'s self, name: &'s str) -> impl Iterator<Item = usize> + 's {
        (0..self.prepared.len()).filter(move |&c| holds_class(&self.prepared[c], name))
    }
}

/// Whether a prepared class is, or holds students of, the class of this name.
pub(super) fn holds_class(prepared: &Prepared, name: &str) -> bool {
    prepared.roster.students.iter().any(|student| student.class == name)
}

/// A number that tells names apart, the same for ever.
fn ticket(name: &str) -> u64 {
    u64::from_str_radix(&sha256(name.as_bytes())[..16], 16).unwrap_or_default()
}

/// The capacity that holds: the list's, else the model's.
fn limit(own: Option<u32>, default: Option<u32>) -> Option<i64> {
    own.or(default).map(i64::from)
}

impl Assembly {
    pub(super) fn new(prepared: &[Prepared], planned: &[Planned], staff: &Staff, before: Option<&Before>) -> Self {
        let about = Whereabouts::new(prepared, planned);
        let (mut groups, mut places) = (Vec::new(), Vec::new());
        for (c, (class, planned)) in prepared.iter().zip(planned).enumerate() {
            let visits: HashMap<&str, u32> =
                class.roster.students.iter().map(|s| s.id.as_str()).zip(class.policy.visits.iter().copied()).collect();
            for (g, group) in planned.document.groups.iter().enumerate() {
                places.push((c, g));
                groups.push(Group {
                    class: c,
                    students: group.students.len() as i64,
                    visits: group.students.iter().filter_map(|id| visits.get(id.as_str())).map(|&v| i64::from(v)).sum(),
                    ticket: ticket(&group.id),
                });
            }
        }
        let mut assembly = Self {
            staffing: Staffing { groups, continuity: continuity(prepared), ..Staffing::default() },
            places,
            demands: Vec::new(),
            kept_away: Vec::new(),
        };
        for (t, listed) in staff.teachers.iter().enumerate() {
            let teacher = teacher_of(listed, &about);
            assembly.staffing.teachers.push(teacher);
            for what in &listed.must {
                assembly.demand(Demand::Must { teacher: t, what: what.clone() }, t, about.groups(what));
            }
        }
        assembly.pins(prepared, staff, &about);
        assembly.keep_away(staff, &about);
        assembly.last_semester(prepared, planned, staff);
        if let Some(before) = before {
            assembly.so_far(planned, staff, before);
        }
        assembly
    }

    /// A demand makes its groups eligible. Without any such group (a class without a plan) there is nothing to demand.
    fn demand(&mut self, demand: Demand, teacher: usize, any_of: Vec<usize>) {
        if any_of.is_empty() {
            return;
        }
        let taken = &mut self.staffing.teachers[teacher].teaches;
        taken.extend(&any_of);
        taken.sort_unstable();
        taken.dedup();
        self.staffing.musts.push(Must { teacher, any_of });
        self.demands.push(demand);
    }

    fn pins(&mut self, prepared: &[Prepared], staff: &Staff, about: &Whereabouts<'_>) {
        for (c, class) in prepared.iter().enumerate() {
            for pin in &class.request.rules.pin {
                let wanted = pin.teacher.as_ref();
                let Some(t) = wanted.and_then(|id| staff.teachers.iter().position(|listed| listed.id == *id)) else {
                    continue;
                };
                let Some(student) = class.roster.students.iter().find(|student| student.id == pin.student) else {
                    continue;
                };
                let group = about.group_of.get(&(student.class.as_str(), student.id.as_str())).copied();
                let demand = Demand::Pin { teacher: t, class: c, student: pin.student.clone() };
                self.demand(demand, t, group.into_iter().collect());
            }
        }
    }

    fn keep_away(&mut self, staff: &Staff, about: &Whereabouts<'_>) {
        for (t, (listed, teacher)) in staff.teachers.iter().zip(&self.staffing.teachers).enumerate() {
            let children = listed.avoids.iter().filter(|mention| matches!(mention, Mention::Student { .. }));
            let groups = children.flat_map(|child| about.groups(child));
            self.kept_away.extend(groups.filter(|g| teacher.teaches.binary_search(g).is_ok()).map(|g| (t, g)));
        }
    }

    /// How many students of each group had each teacher last semester.
    fn last_semester(&mut self, prepared: &[Prepared], planned: &[Planned], staff: &Staff) {
        let had_of: Vec<HashMap<&str, Former<'_>>> = prepared.iter().map(last_teachers).collect();
        let number = staff.still_there(&had_of.iter().flat_map(HashMap::values).copied().collect());
        for (g, &(c, n)) in self.places.iter().enumerate() {
            let record = &planned[c].document.groups[n];
            let had = Had::count(record, |id| had_of[c].get(id).map(|had| (had.0, number.get(had).copied())));
            self.staffing.gone.before += had.gone();
            for (t, students) in had.of {
                self.staffing.teachers[t].before.push((g, students));
            }
        }
    }

    /// How many students of each group have had each teacher so far, and the wishes that had come true.
    fn so_far(&mut self, planned: &[Planned], staff: &Staff, before: &Before) {
        let number: HashMap<&str, usize> =
            staff.teachers.iter().enumerate().map(|(t, listed)| (listed.id.as_str(), t)).collect();
        for (g, &(c, n)) in self.places.iter().enumerate() {
            let record = &planned[c].document.groups[n];
            let teacher_of =
                |id: &str| before.teacher_of.get(&(record.class.clone(), id.to_owned())).map(String::as_str);
            let had = Had::count(record, |id| teacher_of(id).map(|had| (had, number.get(had).copied())));
            self.staffing.gone.students += had.gone();
            let whole = had.others.values().any(|&students| students == record.students.len() as i64);
            self.staffing.gone.groups += i64::from(whole);
            for (t, students) in had.of {
                let teacher = &mut self.staffing.teachers[t];
                let wished = teacher.wishes.iter().any(|(wish, _)| *wish == g)
                    && self.kept_away.iter().all(|pair| *pair != (t, g));
                if wished && before.won.contains(&(staff.teachers[t].id.clone(), record.id.clone())) {
                    teacher.won.push(g);
                }
                teacher.so_far.push((g, students));
            }
        }
    }
}

/// How many students of a group had which teacher.
struct Had<'a> {
    /// By index into the staff list.
    of: BTreeMap<usize, i64>,
    /// By id, of teachers who are not in the staff list.
    others: BTreeMap<&'a str, i64>,
}

impl<'a> Had<'a> {
    /// `teacher_of` tells a student's teacher of then, with the index into the staff list of now.
    fn count(record: &GroupRecord, teacher_of: impl Fn(&str) -> Option<(&'a str, Option<usize>)>) -> Self {
        let mut had = Self { of: BTreeMap::new(), others: BTreeMap::new() };
        for (teacher, now) in record.students.iter().filter_map(|id| teacher_of(id)) {
            match now {
                Some(t) => *had.of.entry(t).or_default() += 1,
                None => *had.others.entry(teacher).or_default() += 1,
            }
        }
        had
    }

    fn gone(&self) -> i64 {
        self.others.values().sum()
    }
}

/// The teacher that each student of a class had last semester, by the student's id.
fn last_teachers(class: &Prepared) -> HashMap<&str, Former<'_>> {
    let Some(previous) = &class.request.previous else { return HashMap::new() };
    let teacher = |(s, p): (usize, usize)| {
        let past = previous.last.past(p);
        Some((class.roster.students[s].id.as_str(), (past.teacher.as_deref()?, past.teacher_name.as_deref())))
    };
    previous.matching(&class.roster).found().filter_map(teacher).collect()
}

/// A teacher of the staff list over the groups' indices.
fn teacher_of(listed: &Listed, about: &Whereabouts<'_>) -> Teacher {
    let sorted = |mut groups: Vec<usize>| {
        groups.sort_unstable();
        groups.dedup();
        groups
    };
    // One class alone sets no example for capacities; every class has the same model in one run.
    let terms = about.prepared.first().map(|class| class.request.model.staff.clone()).unwrap_or_default();
    let wishes = listed.prefers.iter().zip(1..);
    Teacher {
        teaches: sorted(listed.classes.iter().flat_map(|class| about.groups(&Mention::Class(class.clone()))).collect()),
        barred: sorted(listed.avoids.iter().flat_map(|mention| about.groups(mention)).collect()),
        max_groups: limit(listed.max_groups, terms.max_groups),
        max_students: limit(listed.max_students, terms.max_students),
        max_visits: limit(listed.max_visits, terms.max_visits),
        wishes: wishes.flat_map(|(mention, rank)| about.groups(mention).into_iter().map(move |g| (g, rank))).collect(),
        before: Vec::new(),
        so_far: Vec::new(),
        won: Vec::new(),
        ticket: ticket(&listed.id),
    }
}

fn continuity(prepared: &[Prepared]) -> Continuity {
    let keeps = |class: &Prepared| matches!(&class.request.previous, Some(old) if old.mode == PreviousMode::Keep);
    if prepared.iter().any(keeps) { Continuity::First } else { Continuity::Last }
}
