//! Before any class is solved: what the staff list and the rules say is held against the classes, the numbers of groups are
//! fitted to the teachers, and students bound to different teachers are kept apart.

use super::assembly::holds_class;
use crate::fault::{Fault, Faults};
use crate::model::{Request, Sizing};
use crate::pipeline::Prepared;
use crate::pipeline::class::compile;
use crate::problem::rules::Rule;
use crate::roster::staff::{Mention, Staff};
use crate::solver::Stop;
use crate::solver::mip::{Feasibility, MipLimits, feasible};
use crate::solver::staffing::Numbers;
use crate::words;
use crate::words::Words;
use std::collections::{BTreeMap, BTreeSet};

/// Code of the notice that a class has another number of groups for its teachers' sake.
pub const GROUPS_FOR_TEACHERS: &str = "groups_for_teachers";

/// Nodes that the check of added rules may take.
const NODES: i64 = 2_000;

/// The classes with these numbers of groups, and with what the teachers force.
pub(super) fn fit(
    prepared: Vec<Prepared>,
    standing: &[Option<usize>],
    numbers: &Numbers,
    (staff, stop): (&Staff, &Stop),
) -> Result<Vec<Prepared>, Faults> {
    let mut fitted = sized(prepared, standing, numbers, staff)?;
    for class in &mut fitted {
        bind(class, staff, stop);
    }
    Ok(fitted)
}

/// The classes with these numbers of groups, of which some were `standing` before.
pub(super) fn sized(
    prepared: Vec<Prepared>,
    standing: &[Option<usize>],
    Numbers { groups, carried }: &Numbers,
    staff: &Staff,
) -> Result<Vec<Prepared>, Faults> {
    let mut faults = unknown_teachers(&prepared, staff);
    let mut fitted = Vec::new();
    for (c, (class, &groups)) in prepared.into_iter().zip(groups).enumerate() {
        let stands = standing.get(c) == Some(&Some(groups));
        let why = |was: usize| match (stands, carried) {
            (true, _) => stays(groups, was),
            (false, true) => carries(groups, was),
            (false, false) => eases(groups, was),
        };
        match with_groups(class, groups, why) {
            Ok(class) => fitted.push(class),
            Err(found) => faults.extend(found.0),
        }
    }
    faults.extend(missing_groups(&fitted, staff));
    if faults.is_empty() { Ok(fitted) } else { Err(Faults(faults)) }
}

fn stays(groups: usize, was: usize) -> Words {
    words!(
        "分成 {groups} 个小组（本可 {was} 个），与原先一样",
        "divided into {groups} groups instead of {was}, as they were"
    )
}

/// Proved: with the number before, the groups would not all have a teacher.
fn carries(groups: usize, was: usize) -> Words {
    words!(
        "分成 {groups} 个小组（本可 {was} 个），因为任课教师的容量只够这么多",
        "divided into {groups} groups instead of {was}, which is what the teachers can carry"
    )
}

fn eases(groups: usize, was: usize) -> Words {
    words!(
        "分成 {groups} 个小组（本可 {was} 个），好让更多小组有老师",
        "divided into {groups} groups instead of {was}, so that more groups have a teacher"
    )
}

/// The class with another number of groups.
fn with_groups(class: Prepared, groups: usize, why: impl Fn(usize) -> Words) -> Result<Prepared, Faults> {
    if groups == class.policy.groups {
        return Ok(class);
    }
    let was = class.policy.groups;
    let request = Request { sizing: Some(Sizing::Count(groups)), ..class.request };
    let (policy, mut problem) = compile(&class.roster, &request)?;
    problem.notices.push(crate::fault::Notice { code: GROUPS_FOR_TEACHERS, place: String::new(), message: why(was) });
    Ok(Prepared { request, policy, problem, ..class })
}

fn unknown_teachers(prepared: &[Prepared], staff: &Staff) -> Vec<Fault> {
    let mut faults = Vec::new();
    for pin in prepared.iter().flat_map(|class| &class.request.rules.pin) {
        let Some(id) = pin.teacher.as_ref().filter(|id| staff.teacher(id).is_none()) else { continue };
        let (student, file) = (&pin.student, &staff.file);
        faults.push(Fault {
            code: "pin_teacher",
            place: format!("rules.pin ({student})"),
            found: words!("教师“{id}”", "the teacher \"{id}\""),
            expected: words!("{file} 中的工号", "an id of {file}"),
            action: words!("请改正工号", "correct the id"),
        });
    }
    faults
}

/// Groups that the staff list names and no class has.
pub(super) fn missing_groups(prepared: &[Prepared], staff: &Staff) -> Vec<Fault> {
    let mut faults = Vec::new();
    for teacher in &staff.teachers {
        for mention in teacher.prefers.iter().chain(&teacher.must) {
            let Mention::Group { class, number } = mention else { continue };
            let groups = prepared.iter().find(|prepared| holds_class(prepared, class)).map(|class| class.policy.groups);
            let Some(groups) = groups.filter(|groups| number > groups) else { continue };
            faults.push(Fault {
                code: "unknown_group",
                place: format!("{} {}", staff.file, teacher.row.cell(None)),
                found: words!("{class}第 {number} 组", "group {number} of {class}"),
                expected: words!("第 1 到 {groups} 组", "groups 1 to {groups}"),
                action: words!("请改正组号", "correct the number"),
            });
        }
    }
    faults
}

/// Students that are bound to teachers (by must or pin) in one class.
fn bound(class: &Prepared, staff: &Staff) -> BTreeMap<usize, BTreeSet<usize>> {
    let position = |class_name: &str, id: &str| {
        let students = &class.roster.students;
        students.iter().position(|student| student.id == id && student.class == class_name)
    };
    let mut bound: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (t, teacher) in staff.teachers.iter().enumerate() {
        for mention in &teacher.must {
            if let Mention::Student { class, id } = mention
                && let Some(s) = position(class, id)
            {
                bound.entry(s).or_default().insert(t);
            }
        }
    }
    for pin in &class.request.rules.pin {
        let wanted = pin.teacher.as_ref();
        let teacher = wanted.and_then(|id| staff.teachers.iter().position(|teacher| teacher.id == *id));
        let student = class.roster.students.iter().position(|student| student.id == pin.student);
        if let (Some(t), Some(s)) = (teacher, student) {
            bound.entry(s).or_default().insert(t);
        }
    }
    bound
}

/// Who must be apart for the teachers' sake: students bound to different teachers, and an own child of a teacher from everybody
/// who is bound to that teacher.
pub(in crate::pipeline) fn forced_apart(class: &Prepared, staff: &Staff) -> BTreeSet<(usize, usize)> {
    let bound = bound(class, staff);
    let mut pairs = BTreeSet::new();
    for (&s, of) in &bound {
        let others = bound.iter().filter(|(other, to)| **other > s && to.is_disjoint(of));
        pairs.extend(others.map(|(&other, _)| (s, other)));
        for &t in of {
            let children = staff.teachers[t].avoids.iter().filter_map(|mention| match mention {
                Mention::Student { class: name, id } => {
                    let students = &class.roster.students;
                    students.iter().position(|student| student.id == *id && student.class == *name)
                }
                _ => None,
            });
            pairs.extend(children.filter(|&child| child != s).map(|child| (s.min(child), s.max(child))));
        }
    }
    pairs
}

/// Adds what the teachers force. What cannot hold, or is not seen to in time, is left out; the staffing then tells the demands
/// that cannot be met.
fn bind(class: &mut Prepared, staff: &Staff, stop: &Stop) {
    let pairs = forced_apart(class, staff);
    if pairs.is_empty() {
        return;
    }
    let before = class.problem.rules.len();
    class.problem.rules.extend(pairs.into_iter().map(|(s, t)| Rule::Apart(vec![s, t])));
    let limits = MipLimits { nodes: NODES, seed: 0 };
    // Nobody wrote these rules: a class must not be told infeasible because of them.
    if !matches!(feasible(&class.problem, &class.problem.rules, limits, stop), Feasibility::Plan(_)) {
        class.problem.rules.truncate(before);
    }
}
