//! What more groups with a teacher would cost where visit limits keep them open: the classes are formed for the visit limits
//! by way of trial, and nothing of it is kept.

use super::again::{School, form, share, worse};
use super::reform::Sake;
use super::tell::join;
use super::{PRICE, Round, StaffRun};
use crate::goals::about;
use crate::model::goal::{GoalName, Needs};
use crate::pipeline::Planned;
use crate::plan::document::{BalanceKind, Document};
use crate::words;
use crate::words::{Label, Words};
use std::collections::BTreeSet;

/// The word of a price that was not found in time.
const PRICE_OPEN: &str = "staff.price_open";
/// Most classes in the sentence.
const MOST_NAMES: usize = 8;

/// A price, told of some classes.
pub(super) struct Price {
    /// What is told.
    pub(super) rule: &'static str,
    /// In one sentence.
    pub(super) message: Words,
    /// Classes whose goals would be worse.
    pub(super) classes: Vec<usize>,
}

/// The price; none where forming for the visit limits staffs no more groups, or meets no more demands.
pub(super) fn price(round: &Round, school: School<'_>, planned: &[Planned], run: StaffRun<'_>) -> Option<Price> {
    let (mut trial, mut better) = (planned.to_vec(), round.clone());
    let in_time = run.stop.after_share(share(Sake::VisitsFirst));
    let formed = form(&mut better, school, &mut trial, Sake::VisitsFirst, run);
    let more = round.lack().1 - better.lack().1;
    let pair = |c: usize| (&planned[c].document, &trial[c].document);
    let is_dearer = |&c: &usize| worse(pair(c).0, pair(c).1).next().is_some();
    let classes: Vec<usize> = formed.into_iter().filter(is_dearer).collect();
    let dearer: Vec<(&Document, &Document)> = classes.iter().map(|&c| pair(c)).collect();
    if more <= 0 || dearer.is_empty() {
        let cut_short = round.mendable(Sake::VisitsFirst).next().is_some() && in_time.reached().is_some();
        return cut_short.then(|| Price { rule: PRICE_OPEN, message: not_in_time(), classes: Vec::new() });
    }
    let goals: BTreeSet<&str> =
        dearer.iter().flat_map(|(is, then)| worse(is, then).map(|goal| goal.name.as_str())).collect();
    let in_order = GoalName::ALL.into_iter().filter(|goal| goals.contains(goal.word()));
    let costs: Vec<Words> = in_order.map(|goal| cost(goal, &dearer)).collect();
    let (costs_zh, costs_en) = join(&costs, "、", " and ");
    let names: Vec<&str> = dearer.iter().filter_map(|(is, _)| Some(is.groups.first()?.class.as_str())).collect();
    let Words { zh, en } = named(&names);
    let s = if more == 1 { "" } else { "s" };
    let message = words!(
        "家访上限不改变分组的均衡；若{costs_zh}{zh}，可再安排 {more} 组",
        "a visit limit gives up no balance of the groups; with {costs_en}{en}, {more} more group{s} could be staffed"
    );
    Some(Price { rule: PRICE, message, classes })
}

fn not_in_time() -> Words {
    words!(
        "家访上限不改变分组的均衡；时限内没能查清，若均衡放宽一些能否多安排小组",
        "a visit limit gives up no balance of the groups; the limit came before it was clear whether more groups could be staffed with less balance"
    )
}

fn cost(goal: GoalName, dearer: &[(&Document, &Document)]) -> Words {
    let Label { zh, en } = about(goal).label;
    if goal.needs() != Needs::Tiers {
        return words!("{zh}允许差一些", "{en} worse");
    }
    match dearer.iter().map(|(_, then)| tiers_off(then)).max().unwrap_or(0) {
        1 => words!("各层允许差 1 人", "tiers one off"),
        off => words!("各层允许差 {off} 人", "tiers up to {off} off"),
    }
}

/// The most students by which a group's number in a tier is off its share, to the nearest student.
fn tiers_off(document: &Document) -> i64 {
    let students: usize = document.groups.iter().map(|group| group.students.len()).sum();
    let rows = document.balance.iter().filter(|row| row.kind == BalanceKind::Tier);
    let off = rows.flat_map(|row| {
        row.groups.iter().zip(&document.groups).map(move |(&number, group)| {
            let share = row.class * group.students.len() as f64 / students.max(1) as f64;
            (number - share.ceil()).max(share.floor() - number).max(0.0)
        })
    });
    off.fold(0.0, f64::max).round() as i64
}

/// Classes in brackets; nothing where they have no name.
fn named(classes: &[&str]) -> Words {
    let shown: Vec<&str> = classes.iter().copied().filter(|class| !class.is_empty()).take(MOST_NAMES).collect();
    if shown.is_empty() {
        return Words::default();
    }
    let (zh, en) = (shown.join("、"), shown.join(", "));
    let more = classes.len() - shown.len();
    if more > 0 {
        let all = classes.len();
        return words!("（{zh}等 {all} 个班）", " ({en} and {more} more classes)");
    }
    words!("（{zh}）", " ({en})")
}
