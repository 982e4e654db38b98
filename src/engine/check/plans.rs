//! The plan that a document or a list of rows holds: every student of the class in exactly one group, nobody else.

use super::{Finding, finding};
use crate::base::order::natural_order;
use crate::plan::Plan;
use crate::plan::document::Document;
use crate::plan::read::AssignedRow;
use crate::roster::Roster;
use crate::words;
use std::collections::HashMap;

/// The plan of a document; group n is the n-th of `document.groups`.
///
/// # Errors
/// Every id that is unknown, stands twice or is missing.
pub fn plan_of(roster: &Roster, document: &Document) -> Result<Plan, Vec<Finding>> {
    let groups = document.groups.iter().enumerate();
    let seats = groups.flat_map(|(g, group)| group.students.iter().map(move |id| (id.as_str(), g)));
    seat_all(roster, document.groups.len(), seats)
}

/// The plan of one class's rows; groups are numbered in natural order of their names.
///
/// # Errors
/// Every id that is unknown, stands twice or is missing.
pub fn plan_of_rows(roster: &Roster, rows: &[AssignedRow]) -> Result<Plan, Vec<Finding>> {
    let mut names: Vec<&str> = rows.iter().map(|row| row.group.as_str()).collect();
    names.sort_by(|a, b| natural_order(a, b));
    names.dedup();
    let number = |name: &str| names.binary_search_by(|other| natural_order(other, name)).ok();
    let seats = rows.iter().filter_map(|row| Some((row.id.as_str(), number(&row.group)?)));
    seat_all(roster, names.len(), seats)
}

fn seat_all<'a>(
    roster: &Roster,
    groups: usize,
    seats: impl Iterator<Item = (&'a str, usize)>,
) -> Result<Plan, Vec<Finding>> {
    let (students, mut findings) = by_id(roster);
    let mut group_of = vec![None; roster.students.len()];
    for (id, group) in seats {
        let place = format!("groups[{}].students", group + 1);
        match students.get(id) {
            None => {
                findings.push(finding("unknown_student", place, words!("名册里没有 {id}", "{id} is not in the list")));
            }
            Some(&s) if group_of[s].is_some() => {
                findings.push(finding(
                    "student_twice",
                    place,
                    words!("{id} 出现了两次", "{id} stands in the plan twice"),
                ));
            }
            Some(&s) => group_of[s] = Some(group),
        }
    }
    for (student, _) in roster.students.iter().zip(&group_of).filter(|(_, group)| group.is_none()) {
        let id = &student.id;
        findings.push(finding("student_missing", "groups", words!("{id} 没有分到小组", "{id} is in no group")));
    }
    if findings.is_empty() {
        Ok(Plan { groups, group_of: group_of.into_iter().flatten().collect() })
    } else {
        Err(findings)
    }
}

/// Position of each id; an id that the list itself has twice names nobody.
fn by_id(roster: &Roster) -> (HashMap<&str, usize>, Vec<Finding>) {
    let mut students = HashMap::new();
    let mut findings = Vec::new();
    for (s, student) in roster.students.iter().enumerate() {
        let id = student.id.as_str();
        if students.insert(id, s).is_some() {
            findings.push(finding("duplicate_id", "list", words!("名册里有两个 {id}", "the list has {id} twice")));
        }
    }
    (students, findings)
}
