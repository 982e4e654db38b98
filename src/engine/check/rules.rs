//! The rules that a plan must keep: sizes, together, apart, pin to a group, never alone, tiers as a rule.
//!
//! Ids of a rule that are not in this class are passed over: one list of rules may serve several classes.

use super::case::Case;
use super::values::{floor_and_ceil, pairs};
use super::{Finding, finding};
use crate::model::policy::{Kind, kinds};
use crate::model::{Enforce, Policy, Request};
use crate::plan::Plan;
use crate::roster::Roster;
use crate::words;
use std::collections::HashMap;

/// Every rule that the plan breaks; empty if it keeps all. `policy` and `plan` must be of this roster.
#[must_use]
pub fn broken_rules(roster: &Roster, request: &Request, policy: &Policy, plan: &Plan) -> Vec<Finding> {
    let case = Case::new(roster, request, policy, plan);
    let known = Known::of(&case);
    [
        sizes(&case),
        together(&case, &known, &request.rules.together),
        apart(&case, &known, &request.rules.apart),
        pins(&case, &known, request),
        never_alone(&case),
        tier_rule(&case, request),
    ]
    .concat()
}

/// The number of groups as asked; none empty; sizes within one of each other.
fn sizes(case: &Case) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (found, asked) = (case.sizes.len(), case.policy.groups);
    if found != asked {
        findings.push(finding(
            "group_count",
            "groups",
            words!("有 {found} 个小组，应为 {asked} 个", "{found} groups instead of {asked}"),
        ));
    }
    let (floor, ceil) = floor_and_ceil(case.students, case.sizes.len() as i128);
    for (g, size) in case.sizes.iter().enumerate() {
        let n = g + 1;
        if *size == 0 {
            findings.push(finding(
                "group_empty",
                format!("groups[{n}]"),
                words!("第 {n} 组没有学生", "group {n} is empty"),
            ));
        } else if !(floor..=ceil).contains(size) {
            let message = words!(
                "第 {n} 组有 {size} 人，各组人数相差不得超过 1（{floor} 到 {ceil} 人）",
                "group {n} has {size} students, sizes must be within one ({floor} to {ceil})"
            );
            findings.push(finding("group_size", format!("groups[{n}]"), message));
        }
    }
    findings
}

/// The class's students by id; of two with one id the first.
struct Known<'a>(HashMap<&'a str, usize>);

impl<'a> Known<'a> {
    fn of(case: &Case<'a>) -> Self {
        let mut known = HashMap::new();
        for (s, student) in case.roster.students.iter().enumerate() {
            known.entry(student.id.as_str()).or_insert(s);
        }
        Self(known)
    }

    /// The students of a rule's list who are in this class.
    fn among(&self, ids: &[String]) -> Vec<usize> {
        ids.iter().filter_map(|id| self.0.get(id.as_str()).copied()).collect()
    }
}

fn together(case: &Case, known: &Known, lists: &[Vec<String>]) -> Vec<Finding> {
    let broken = |list: &Vec<String>| {
        let students = known.among(list);
        let first = *students.first()?;
        let other = students.iter().copied().find(|&other| case.group_of[other] != case.group_of[first])?;
        let (s, t) = (&case.roster.students[first].id, &case.roster.students[other].id);
        let (g, h) = (case.group_of[first] + 1, case.group_of[other] + 1);
        Some(finding(
            "together",
            format!("rules.together: {}", list.join(", ")),
            words!(
                "{s} 与 {t} 应在同一组，却分在第 {g} 组和第 {h} 组",
                "{s} and {t} must be together but are in groups {g} and {h}"
            ),
        ))
    };
    lists.iter().filter_map(broken).collect()
}

fn apart(case: &Case, known: &Known, lists: &[Vec<String>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for list in lists {
        for (a, b) in pairs(&known.among(list)).filter(|&(a, b)| a != b && case.group_of[a] == case.group_of[b]) {
            let (s, t, g) = (&case.roster.students[a].id, &case.roster.students[b].id, case.group_of[a] + 1);
            findings.push(finding(
                "apart",
                format!("rules.apart: {}", list.join(", ")),
                words!("{s} 与 {t} 不应同组，却都在第 {g} 组", "{s} and {t} must be apart but are both in group {g}"),
            ));
        }
    }
    findings
}

/// Pins to a group number; pins to a teacher need the document (`judge`).
fn pins(case: &Case, known: &Known, request: &Request) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (pin, wanted) in request.rules.pin.iter().filter_map(|pin| Some((pin, pin.group?))) {
        let id = &pin.student;
        for s in known.among(std::slice::from_ref(id)).into_iter().filter(|&s| case.group_of[s] + 1 != wanted) {
            let g = case.group_of[s] + 1;
            let message = words!(
                "{id} 固定在第 {wanted} 组，却在第 {g} 组",
                "{id} is pinned to group {wanted} but is in group {g}"
            );
            findings.push(finding("pin", format!("rules.pin: {id}"), message));
        }
    }
    findings
}

fn never_alone(case: &Case) -> Vec<Finding> {
    let kinds: Vec<Kind> = case.policy.never_alone.iter().flat_map(|&column| kinds(case.roster, column)).collect();
    let mut findings = Vec::new();
    for kind in &kinds {
        let column = &case.roster.columns[kind.column];
        let (name, header, value) = (column.field.name(), &column.header, &kind.value);
        for (g, group) in case.members.iter().enumerate() {
            if let [alone] = group.iter().filter(|&&s| kind.members[s]).collect::<Vec<_>>()[..] {
                let (id, n) = (&case.roster.students[*alone].id, g + 1);
                findings.push(finding(
                    "never_alone",
                    format!("rules.never_alone: {name}={value}"),
                    words!(
                        "第 {n} 组里“{header}”为 {value} 的只有 {id} 一人",
                        "{id} is alone in group {n} with \"{header}\" = {value}"
                    ),
                ));
            }
        }
    }
    findings
}

/// `tiers.enforce = "rule"`: every count of a tier is floor or ceil of its ideal.
fn tier_rule(case: &Case, request: &Request) -> Vec<Finding> {
    let Some(tiers) = request.model.tiers.as_ref().filter(|tiers| tiers.enforce == Enforce::Rule) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for (layer, tier) in tiers.layers.iter().zip(case.tiers()) {
        let total: i128 = tier.iter().sum();
        for (g, count) in case.group_sums(&tier).into_iter().enumerate() {
            let (floor, ceil) = floor_and_ceil(case.sizes[g] * total, case.students);
            if !(floor..=ceil).contains(&count) {
                let (n, zh, en) = (g + 1, &layer.label.zh, &layer.label.en);
                findings.push(finding(
                    "tier_rule",
                    format!("groups[{n}]"),
                    words!(
                        "第 {n} 组有 {count} 名{zh}，应为 {floor} 到 {ceil} 名",
                        "group {n} has {count} of tier {en}, must have {floor} to {ceil}"
                    ),
                ));
            }
        }
    }
    findings
}
