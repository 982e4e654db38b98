//! Teachers against the staff list: eligibility, capacities over all classes, own children, demands; and pins to teachers.

use super::{Finding, finding};
use crate::model::{Policy, Request};
use crate::plan::document::GroupRecord;
use crate::roster::Roster;
use crate::roster::staff::{Mention, Staff, Teacher};
use crate::words;
use std::collections::HashMap;

/// One class with its plan.
#[derive(Clone, Copy, Debug)]
pub struct Staffed<'a> {
    /// Its students.
    pub roster: &'a Roster,
    /// What was asked of it.
    pub request: &'a Request,
    /// What the model says of it.
    pub policy: &'a Policy,
    /// The groups of its plan.
    pub groups: &'a [GroupRecord],
}

/// What a group asks of a teacher.
struct Weight {
    students: u64,
    visits: u64,
}

/// Everything that is wrong with the teachers of all classes together; empty if the staffing stands. Groups without a teacher
/// are no fault.
#[must_use]
pub fn staffing(staff: &Staff, classes: &[Staffed<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for class in classes {
        for (n, group) in class.groups.iter().enumerate() {
            let Some(id) = &group.teacher else { continue };
            match staff.teachers.iter().find(|teacher| teacher.id == *id) {
                Some(teacher) => findings.extend(one_group(teacher, class, group, n)),
                None => findings.push(finding(
                    "unknown_teacher",
                    place(group),
                    words!("教师名单里没有 {id}", "{id} is not in the staff list"),
                )),
            }
        }
    }
    for teacher in &staff.teachers {
        findings.extend(capacities(teacher, classes));
        findings.extend(musts(teacher, classes));
    }
    findings
}

fn place(group: &GroupRecord) -> String {
    format!("groups[{}].teacher", group.id)
}

/// Whether the class, or a part of it, is of this name.
fn is_class(class: &Staffed<'_>, name: &str) -> bool {
    class.roster.students.iter().any(|student| student.class == name)
}

/// Whether a mention means this group.
fn means(mention: &Mention, class: &Staffed<'_>, group: &GroupRecord, n: usize) -> bool {
    match mention {
        Mention::Class(name) => is_class(class, name),
        Mention::Group { class: name, number } => is_class(class, name) && *number == n + 1,
        Mention::Student { class: name, id } => {
            group.students.contains(id) && class.roster.students.iter().any(|who| who.id == *id && who.class == *name)
        }
    }
}

fn one_group(teacher: &Teacher, class: &Staffed<'_>, group: &GroupRecord, n: usize) -> Vec<Finding> {
    let name = &teacher.name;
    let mut findings = Vec::new();
    let own_class = teacher.classes.iter().any(|taught| is_class(class, taught));
    let told = teacher.must.iter().any(|mention| means(mention, class, group, n));
    let pinned = class
        .request
        .rules
        .pin
        .iter()
        .any(|pin| pin.teacher.as_ref() == Some(&teacher.id) && group.students.contains(&pin.student));
    if !(own_class || told || pinned) {
        let message =
            words!("{name}不教这个班，也没有被指定", "{name} neither teaches the class nor was told to take the group");
        findings.push(finding("teacher_class", place(group), message));
    }
    if teacher.avoids.iter().any(|mention| means(mention, class, group, n)) {
        let message = words!("{name}应回避这个小组", "{name} may not take this group");
        findings.push(finding("teacher_avoids", place(group), message));
    }
    findings
}

fn weight(class: &Staffed<'_>, group: &GroupRecord) -> Weight {
    let visits: HashMap<&str, u32> =
        class.roster.students.iter().map(|who| who.id.as_str()).zip(class.policy.visits.iter().copied()).collect();
    let visits = group.students.iter().filter_map(|id| visits.get(id.as_str())).map(|&v| u64::from(v)).sum();
    Weight { students: group.students.len() as u64, visits }
}

fn capacities(teacher: &Teacher, classes: &[Staffed<'_>]) -> Vec<Finding> {
    let (mut groups, mut students, mut visits) = (0, 0, 0);
    for class in classes {
        for group in class.groups.iter().filter(|group| group.teacher.as_ref() == Some(&teacher.id)) {
            let weight = weight(class, group);
            (groups, students, visits) = (groups + 1, students + weight.students, visits + weight.visits);
        }
    }
    let terms = classes.first().map(|class| class.request.model.staff.clone()).unwrap_or_default();
    let limits = [
        ("teacher_groups", groups, teacher.max_groups.or(terms.max_groups), words!("个小组", "group")),
        ("teacher_students", students, teacher.max_students.or(terms.max_students), words!("名学生", "student")),
        ("teacher_visits", visits, teacher.max_visits.or(terms.max_visits), words!("次家访", "visit")),
    ];
    let over = limits.into_iter().filter_map(|(code, load, most, unit)| {
        let most = most.filter(|&most| load > u64::from(most))?;
        let (name, zh, en) = (&teacher.name, unit.zh, unit.en);
        let s = if load == 1 { "" } else { "s" };
        let message = words!("{name}带了 {load} {zh}，最多 {most} {zh}", "{name} has {load} {en}{s}, at most {most}");
        Some(finding(code, format!("teachers[{}]", teacher.id), message))
    });
    over.collect()
}

/// A demand about a class without a plan, or about nobody here, cannot be judged.
fn musts(teacher: &Teacher, classes: &[Staffed<'_>]) -> Vec<Finding> {
    let broken = teacher.must.iter().filter(|mention| {
        let mut meant = 0;
        let mut taken = 0;
        for class in classes {
            let groups = class.groups.iter().enumerate();
            for (_, group) in groups.filter(|(n, group)| means(mention, class, group, *n)) {
                meant += 1;
                taken += usize::from(group.teacher.as_ref() == Some(&teacher.id));
            }
        }
        meant > 0 && taken == 0
    });
    let tell = |mention: &Mention| {
        let name = &teacher.name;
        let what = match mention {
            Mention::Class(class) => class.clone(),
            Mention::Student { class, id } => format!("{class}/{id}"),
            Mention::Group { class, number } => format!("{class}/{number}"),
        };
        let message = words!("{name}须带 {what}，却没有带", "{name} must take {what} and does not");
        finding("teacher_must", format!("teachers[{}]", teacher.id), message)
    };
    broken.map(tell).collect()
}

/// Pins to teachers: the student is in one of that teacher's groups. Part of [`judge`](super::judge) as well.
#[must_use]
pub fn teacher_pins(request: &Request, groups: &[GroupRecord]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, wanted) in request.rules.pin.iter().filter_map(|pin| Some((&pin.student, pin.teacher.as_ref()?))) {
        let Some(group) = groups.iter().find(|group| group.students.contains(id)) else { continue };
        if group.teacher.as_ref() != Some(wanted) {
            let found = group.teacher.as_deref().unwrap_or("-");
            let message = words!(
                "{id} 固定给教师 {wanted}，所在小组的教师是 {found}",
                "{id} is pinned to teacher {wanted} but the group's teacher is {found}"
            );
            findings.push(finding("pin_teacher", format!("rules.pin: {id}"), message));
        }
    }
    findings
}
