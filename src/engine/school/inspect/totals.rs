//! What a summary counts, counted again.

use super::super::summary::{ClassRecord, Summary};
use super::Case;
use crate::check::Finding;
use crate::plan::document::{Document, GroupRecord};
use crate::roster::Roster;
use crate::words;
use std::collections::HashMap;
use std::fmt::Display;

fn differs(place: String, says: &impl Display, is: &impl Display) -> Finding {
    let message = words!("汇总写着 {says}，实为 {is}", "the summary says {says}, it is {is}");
    Finding { code: "summary", place, message }
}

/// A class's line of the summary.
pub(super) fn record(record: &ClassRecord, roster: &Roster, document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    let place = |key: &str| format!("classes[{}].{key}", record.class);
    let without = document.groups.iter().filter(|group| group.teacher.is_none()).count();
    let has_teachers = without < document.groups.len() || record.unstaffed > 0;
    let counts = [
        ("students", record.students, roster.students.len()),
        ("groups", record.groups, document.groups.len()),
        ("unstaffed", record.unstaffed, if has_teachers { without } else { 0 }),
    ];
    let wrong = counts.iter().filter(|(_, says, is)| says != is);
    findings.extend(wrong.map(|(key, says, is)| differs(place(key), says, is)));
    let proved: Vec<&str> = document.goals.iter().filter(|goal| goal.proved).map(|goal| goal.name.as_str()).collect();
    if record.proved != proved {
        findings.push(differs(place("proved"), &record.proved.join(", "), &proved.join(", ")));
    }
    if record.status != Some(document.status) {
        let [says, is] = [record.status, Some(document.status)].map(|status| format!("{status:?}").to_lowercase());
        findings.push(differs(place("status"), &says, &is));
    }
    findings
}

/// The teachers' lines of the summary.
pub(super) fn totals(summary: &Summary, cases: &[Case]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for teacher in &summary.teachers {
        let (mut groups, mut students, mut visits) = (Vec::new(), 0, 0);
        for case in cases {
            for group in case.document.groups.iter().filter(|group| group.teacher.as_ref() == Some(&teacher.id)) {
                groups.push(group.id.as_str());
                students += group.students.len();
                visits += visits_of(case, group);
            }
        }
        let mut says: Vec<&str> = teacher.groups.iter().map(String::as_str).collect();
        says.sort_unstable();
        groups.sort_unstable();
        let place = |key: &str| format!("teachers[{}].{key}", teacher.id);
        if says != groups {
            findings.push(differs(place("groups"), &says.join(", "), &groups.join(", ")));
        }
        let counts = [("students", teacher.students, students), ("visits", teacher.visits, visits)];
        let wrong = counts.iter().filter(|(_, says, is)| says != is);
        findings.extend(wrong.map(|(key, says, is)| differs(place(key), says, is)));
    }
    findings
}

/// Home visits that a group needs in a semester.
fn visits_of(case: &Case, group: &GroupRecord) -> usize {
    let students = case.roster.students.iter().map(|student| student.id.as_str());
    let visits: HashMap<&str, u32> = students.zip(case.judged.policy.visits.iter().copied()).collect();
    group.students.iter().filter_map(|id| visits.get(id.as_str())).map(|&visits| visits as usize).sum()
}
