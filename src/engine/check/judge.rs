//! The whole document against the list: format, groups, students, rules, goals and claims, balance, helpers.
//!
//! Teachers are judged over all classes together (`staffing`). Not judged, because the list cannot tell: seconds and seed, notices, group names, where the input came from (a list saved anew
//! has another digest and is as good), the model and rules as recorded (the plan is judged by those that were given), and bounds
//! above the closed form (confirming them means solving again) beyond what makes them impossible.

use super::balance::{balance, heterogeneity};
use super::claims::{claims, same};
use super::plans::plan_of;
use super::rules::broken_rules;
use super::staffing::teacher_pins;
use super::{Finding, finding};
use crate::model::previous::unclear;
use crate::model::{Policy, Request};
use crate::plan::Plan;
use crate::plan::document::{BalanceRecord, Document, FORMAT, Status};
use crate::roster::Roster;
use crate::words;
use std::collections::{BTreeSet, HashMap};

/// Everything that is wrong with a document of one class, judged by `request`; empty if it stands.
/// `policy` must be `Policy::apply(request, roster)`.
#[must_use]
pub fn judge(roster: &Roster, request: &Request, policy: &Policy, document: &Document) -> Vec<Finding> {
    let mut findings = frame(roster, document);
    if matches!(document.status, Status::Infeasible | Status::Unknown) {
        findings.extend(without_plan(document));
        return findings;
    }
    findings.extend(group_records(roster, document));
    match plan_of(roster, document) {
        Err(more) => findings.extend(more),
        Ok(plan) => {
            findings.extend(broken_rules(roster, request, policy, &plan));
            findings.extend(teacher_pins(request, &document.groups));
            findings.extend(claims(&super::score(roster, request, policy, &plan), document, unclear(request, roster)));
            findings.extend(balance_rows(&balance(roster, request, policy, &plan), document));
            findings.extend(heterogeneity_claim(heterogeneity(roster, policy, &plan), document));
            findings.extend(helpers(roster, request, policy, document, &plan));
        }
    }
    findings
}

/// Format word, and the numbers of students and groups in the head.
fn frame(roster: &Roster, document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    if document.format != FORMAT {
        let found = &document.format;
        findings.push(finding(
            "format",
            "format",
            words!("格式是 {found}，应为 {FORMAT}", "format {found} instead of {FORMAT}"),
        ));
    }
    let (says, has) = (document.input.students, roster.students.len());
    if says != has {
        let message = words!("写着 {says} 名学生，名册有 {has} 名", "says {says} students, the list has {has}");
        findings.push(finding("student_count", "input.students", message));
    }
    if document.conflict.is_some() && document.status != Status::Infeasible {
        let message =
            words!("只有规则无法同时成立时才有冲突", "there is a conflict only where the rules cannot hold together");
        findings.push(finding("conflict", "conflict", message));
    }
    findings
}

/// Without a plan there is nothing to show.
fn without_plan(document: &Document) -> Vec<Finding> {
    let empty = document.groups.is_empty()
        && document.goals.is_empty()
        && document.balance.is_empty()
        && document.heterogeneity.is_none();
    let message =
        words!("状态说没有分组结果，却写了分组结果", "the status says that there is no plan, yet there is one");
    if empty { Vec::new() } else { vec![finding("status", "status", message)] }
}

/// Ids `<class>/<n>` or `<n>` in order, one class, as many groups as the request's record says.
fn group_records(roster: &Roster, document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (says, has) = (document.request.groups, document.groups.len());
    if says != has {
        let message = words!("写着 {says} 个小组，实有 {has} 个", "says {says} groups, there are {has}");
        findings.push(finding("group_count", "request.groups", message));
    }
    // A plan over several classes (`--whole`) names none.
    let classes: BTreeSet<&str> = roster.students.iter().map(|student| student.class.as_str()).collect();
    for (i, group) in document.groups.iter().enumerate() {
        let (n, class, id) = (i + 1, &group.class, &group.id);
        let one_class = class.is_empty() || classes.iter().all(|of| of == class);
        if !one_class || *class != document.groups[0].class {
            let message = words!(
                "班级是 {class}，与名册或其他小组不同",
                "class {class} is not the list's, or not the other groups'"
            );
            findings.push(finding("group_class", format!("groups[{n}].class"), message));
        }
        let wanted = if class.is_empty() { n.to_string() } else { format!("{class}/{n}") };
        if *id != wanted {
            let message = words!("编号是 {id}，应为 {wanted}", "id {id} instead of {wanted}");
            findings.push(finding("group_id", format!("groups[{n}].id"), message));
        }
    }
    findings
}

/// The same rows in the same order, every number as recomputed. Headers are for people and not judged.
fn balance_rows(recomputed: &[BalanceRecord], document: &Document) -> Vec<Finding> {
    let names = |rows: &[BalanceRecord]| rows.iter().map(|row| row.column.clone()).collect::<Vec<_>>();
    if names(recomputed) != names(&document.balance) {
        let (is, says) = (names(recomputed).join(", "), names(&document.balance).join(", "));
        return vec![finding(
            "balance_rows",
            "balance",
            words!("各行是 {says}，应为 {is}", "rows {says} instead of {is}"),
        )];
    }
    let wrong = |(is, says): (&BalanceRecord, &BalanceRecord)| {
        let groups =
            is.groups.len() == says.groups.len() && is.groups.iter().zip(&says.groups).all(|(a, b)| same(*a, *b));
        let right = groups && is.kind == says.kind && same(is.class, says.class) && same(is.range, says.range);
        let (name, numbers) = (&is.column, format!("{:?}, {}, {}", is.groups, is.class, is.range));
        let message = words!(
            "与重新计算的各组、全班和极差不同：{numbers}",
            "is not what was recomputed for groups, class and range: {numbers}"
        );
        (!right).then(|| finding("balance", format!("balance[{name}]"), message))
    };
    recomputed.iter().zip(&document.balance).filter_map(wrong).collect()
}

fn heterogeneity_claim(is: Option<f64>, document: &Document) -> Option<Finding> {
    let says = document.heterogeneity;
    let right = match (is, says) {
        (Some(is), Some(says)) => same(is, says),
        (is, says) => is == says,
    };
    let message = words!("写着 {says:?}，重新计算得 {is:?}", "says {says:?}, recomputed {is:?}");
    (!right).then(|| finding("heterogeneity", "heterogeneity", message))
}

/// Pairs of a struggling student with one of a higher tier, both of the group; every struggling student once where the model asks
/// for helpers and the group has any higher tier.
fn helpers(roster: &Roster, request: &Request, policy: &Policy, document: &Document, plan: &Plan) -> Vec<Finding> {
    let last = request.model.tiers.as_ref().map_or(0, |tiers| tiers.layers.len().saturating_sub(1));
    let tier = |s: usize| policy.tier_of.as_ref().and_then(|tier_of| tier_of.get(s)).copied();
    let struggles = |s: usize| last > 0 && tier(s) == Some(last);
    let can_help = |s: usize| tier(s).is_some_and(|t| t < last);
    let mut findings = Vec::new();
    for (g, (record, members)) in document.groups.iter().zip(plan.members()).enumerate() {
        let place = format!("groups[{}].helpers", g + 1);
        let mut of_id: HashMap<&str, usize> = HashMap::new();
        for &s in &members {
            of_id.entry(roster.students[s].id.as_str()).or_insert(s);
        }
        let find = |id: &str| of_id.get(id).copied();
        let mut helped_by: HashMap<&str, usize> = HashMap::new();
        record.helpers.iter().for_each(|[helped, _]| *helped_by.entry(helped).or_default() += 1);
        for [helped, helper] in &record.helpers {
            if !(find(helped).is_some_and(struggles) && find(helper).is_some_and(can_help)) {
                let message = words!(
                    "{helped}—{helper} 不是本组最末层学生与更高层学生的结对",
                    "{helped}, {helper} is not a student of the lowest tier with a helper of a higher one, both in the group"
                );
                findings.push(finding("helper_pair", place.clone(), message));
            }
        }
        let wanted = usize::from(request.model.paired_help && members.iter().any(|&s| can_help(s)));
        for &s in members.iter().filter(|&&s| struggles(s)) {
            let id = &roster.students[s].id;
            let pairs = helped_by.get(id.as_str()).copied().unwrap_or(0);
            if pairs != wanted {
                let message = words!(
                    "{id} 有 {pairs} 名帮扶同学，应为 {wanted} 名",
                    "{id} has {pairs} helpers instead of {wanted}"
                );
                findings.push(finding("helper_missing", place.clone(), message));
            }
        }
    }
    findings
}
