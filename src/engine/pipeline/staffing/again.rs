//! Classes formed again for the sake of their teachers: seats from the design, the class solved under them, and what may still
//! be said of its goals.

use super::reform::{Design, Sake};
use super::tell::Names;
use super::{FORMED_FOR_TEACHERS, FORMED_FOR_VISITS, Round, StaffRun};
use crate::fault::Notice;
use crate::goals::{Goal, Objective};
use crate::model::goal::Needs;
use crate::pipeline::bound::level_bound;
use crate::pipeline::{Planned, Prepared};
use crate::plan::document::{Document, GoalRecord, NoticeRecord, Proof, Status, StopReason};
use crate::problem::rules::Rule;
use crate::roster::staff::Staff;
use crate::solver::staffing::{Seats, Sizes, Teacher};
use crate::solver::{self, LevelOutcome, Outcome, Stop};
use crate::words;
use std::collections::{BTreeMap, BTreeSet};

/// What stays as it is, however often classes are formed.
#[derive(Clone, Copy)]
pub(super) struct School<'a> {
    pub(super) prepared: &'a [Prepared],
    /// The plans before any class was formed again.
    pub(super) first: &'a [Planned],
    pub(super) staff: &'a Staff,
}

/// How often classes are formed again in vain, at most.
const ROUNDS: usize = 4;

/// Share of the time left that a sake may take: what comes later needs some too.
pub(super) fn share(sake: Sake) -> f64 {
    match sake {
        Sake::Bonds => 0.5,
        Sake::VisitsWithin => 0.25,
        Sake::VisitsFirst => 0.7,
    }
}

/// Forms classes again as long as fewer groups or demands go short; returns those whose plans are others now.
pub(super) fn form(
    round: &mut Round,
    school: School<'_>,
    planned: &mut [Planned],
    sake: Sake,
    run: StaffRun<'_>,
) -> BTreeSet<usize> {
    let (start, stop) = (planned.to_vec(), run.stop.after_share(share(sake)));
    let mut formed = BTreeSet::new();
    let mut wide = 0;
    while wide < ROUNDS && round.mendable(sake).next().is_some() && stop.reached().is_none() {
        wide += 1;
        if let Some((better, classes)) = again(round, school, (&start, planned), (sake, wide - 1, &stop), run) {
            (*round, wide) = (better, 0);
            formed.extend(classes);
        }
    }
    formed
}

/// One more forming of the classes whose members keep teachers away; the plans are replaced if fewer groups or demands go
/// short. Later rounds open more classes, and reckon sizes more exactly.
fn again(
    round: &Round,
    school: School<'_>,
    (start, planned): (&[Planned], &mut [Planned]),
    (sake, wide, stop): (Sake, usize, &Stop),
    run: StaffRun<'_>,
) -> Option<(Round, BTreeSet<usize>)> {
    let School { prepared, first, staff } = school;
    let design = Design { prepared, planned: &*planned, staff, assembly: &round.assembly, sake };
    let names = Names { prepared, planned: &*planned, staff, assembly: &round.assembly };
    let mut troubles: Vec<BTreeSet<usize>> =
        round.mendable(sake).map(|shortage| names.classes_of(shortage).into_iter().collect()).collect();
    if wide >= 2 {
        troubles = troubles.iter().map(|classes| neighbours(round, classes)).collect();
    }
    let sizes = if wide.is_multiple_of(2) { Sizes::Large } else { Sizes::Exact };
    let designs = parts(troubles).into_iter().filter_map(|classes| design.seats(&classes, sizes, stop));
    let seats: BTreeMap<usize, Seats> = designs.flatten().collect();
    let mut trial: Vec<Planned> = planned.to_vec();
    let mut changed = BTreeSet::new();
    // Half of the time for this round, shared alike: later rounds and the staffing need some.
    let most = 0.5 / seats.len().max(1) as f64;
    for (&class, seats) in &seats {
        let own = stop.after_share(most);
        let formed = formed(&prepared[class], &first[class].document, seats, sake, StaffRun { stop: &own, ..run });
        let allowed = sake != Sake::VisitsWithin || worse(&start[class].document, &formed.document).next().is_none();
        // Without a plan under these seats the class stays as it is, and others may still be better off.
        if formed.document.groups.len() == planned[class].document.groups.len() && allowed {
            trial[class] = formed;
            changed.insert(class);
        }
    }
    if changed.is_empty() {
        return None;
    }
    let better = Round::new(prepared, &trial, staff, run);
    if better.lack() >= round.lack() {
        return None;
    }
    planned.clone_from_slice(&trial);
    Some((better, changed))
}

/// The goals above the visits that are worse in a later plan of a class.
pub(super) fn worse<'a>(before: &'a Document, after: &'a Document) -> impl Iterator<Item = &'a GoalRecord> {
    let visits = before.goals.iter().find(|goal| Needs::Visits.is_of(&goal.name)).map(|goal| goal.level);
    let pairs = before.goals.iter().zip(&after.goals);
    let above = pairs.filter(move |(goal, _)| visits.is_none_or(|visits| goal.level < visits));
    above.filter(|(before, after)| after.scaled > before.scaled).map(|(_, after)| after)
}

/// The class solved with some students in given seats.
fn formed(class: &Prepared, first: &Document, seats: &[(usize, usize)], sake: Sake, run: StaffRun<'_>) -> Planned {
    let mut pinned = class.problem.clone();
    let pins = seats.iter().map(|&(student, group)| Rule::Pin { student, group });
    pinned.rules.extend(pins.filter(|pin| !class.problem.rules.contains(pin)));
    let mut outcome = solver::solve(&pinned, run.effort, run.stop, &|_| ());
    restate(&mut outcome, &Objective::new(&class.problem), first);
    let mut planned = class.told(&outcome, run.effort.seed, run.lang);
    let Notice { code, place, message } = notice(sake);
    let message = message.get(run.lang).to_owned();
    planned.document.notices.push(NoticeRecord { code: code.to_owned(), place, message });
    planned
}

/// Whether, and for whose sake, a class was formed again, now or in an earlier run.
pub(super) fn formed_for(document: &Document) -> Option<Notice> {
    let formed = |sake: &Sake| document.notices.iter().any(|record| record.code == notice(*sake).code);
    [Sake::VisitsFirst, Sake::Bonds].into_iter().find(formed).map(notice)
}

/// That a class was formed again.
fn notice(sake: Sake) -> Notice {
    if sake == Sake::VisitsFirst {
        let message = words!(
            "按要求家访上限优先：为了让更多小组有老师，本班重新分过组，各层人数等目标可能因此变差；各目标的界限和证明沿用重新分组之前的结果",
            "visit limits first, as asked: the class was formed again so that more groups have a teacher, and tiers and other goals may be worse for it; bounds and proofs of its goals are those from before"
        );
        return Notice { code: FORMED_FOR_VISITS, place: String::new(), message };
    }
    let message = words!(
        "为了让更多小组有老师、更多指定得到满足，本班按教师的容量和回避重新分过组；各目标的界限和证明沿用重新分组之前的结果",
        "the class was formed again so that more groups have a teacher or more demands are met; bounds and proofs of its goals are those from before"
    );
    Notice { code: FORMED_FOR_TEACHERS, place: String::new(), message }
}

/// Nobody asked for the seats, so what is proved under them is not proved of the class. What the first solve proved of it stays
/// true: bounds and proofs as long as every value down to a level is the first plan's, and the bound of the first level where it
/// is not; below that the closed form alone.
fn restate(outcome: &mut Outcome, objective: &Objective, first: &Document) {
    let mut same = first.goals.len() == objective.goals.len();
    let mut withdrawn = false;
    for (level, at) in outcome.levels.iter_mut().zip(1..) {
        let goals = objective.goals.iter().zip(&first.goals).filter(|(goal, _)| goal.at == at);
        let known: Vec<(&Goal, &GoalRecord)> = goals.collect();
        let closed = objective.levels[at].bound;
        let bound = if same { level_bound(&known) } else { closed };
        same &= level.value == known.iter().map(|(goal, record)| goal.multiplier * record.scaled).sum::<i64>();
        let proved = known.first().map(|(_, record)| *record).filter(|record| same && record.proved);
        withdrawn |= level.proved && proved.is_none();
        *level = LevelOutcome {
            bound,
            proved: proved.is_some(),
            proof: proved.and_then(|record| record.proof).unwrap_or(Proof::ClosedForm),
            proved_seconds: proved.and_then(|record| record.proved_seconds),
            ..*level
        };
    }
    if outcome.plan.is_some() {
        let all = outcome.levels.iter().all(|level| level.proved);
        outcome.status = if all { Status::Optimal } else { Status::Feasible };
    }
    if withdrawn && outcome.stop == StopReason::Proved {
        outcome.stop = StopReason::Stalled;
    }
}

/// The sets with those joined that share a class: troubles that are apart get designs of their own, which are small.
fn parts(sets: Vec<BTreeSet<usize>>) -> Vec<BTreeSet<usize>> {
    let mut parts: Vec<BTreeSet<usize>> = Vec::new();
    for mut set in sets {
        parts.retain(|part| {
            let apart = part.is_disjoint(&set);
            if !apart {
                set.extend(part);
            }
            apart
        });
        parts.push(set);
    }
    parts
}

/// The classes, and all that share a teacher with one of them.
fn neighbours(round: &Round, classes: &BTreeSet<usize>) -> BTreeSet<usize> {
    let of = |teacher: &Teacher| -> BTreeSet<usize> {
        teacher.teaches.iter().map(|&g| round.assembly.places[g].0).collect()
    };
    let near = round.assembly.staffing.teachers.iter().map(of).filter(|taught| !taught.is_disjoint(classes));
    near.fold(classes.clone(), |all, taught| &all | &taught)
}
