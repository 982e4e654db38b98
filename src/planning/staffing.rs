//! Teachers for the groups of all classes: the number of groups that they can carry, and the staffing of formed groups, formed
//! again where who is in a group decides.
//!
//! The way of a school: `roster::staff::read_staff` → [`prepare`](super::prepare) of every class with `Request::staff` set →
//! [`fit`] → [`Prepared::solve`] of every class, in any order → [`staff`].

mod assembly;
mod counts;
mod fit;
mod reform;
mod tell;

use super::{Planned, Prepared};
use crate::check::{self, Finding};
use crate::fault::{Faults, Notice};
use crate::plan::document::{ConflictRecord, NoticeRecord};
use crate::problem::rules::Rule;
use crate::roster::staff::Staff;
use crate::solver::staffing::{self, Answer, LevelKind, Shortage};
use crate::solver::{Effort, Stop};
use crate::words;
use crate::words::{Lang, Words};
use assembly::Assembly;
use reform::{Design, Sizes};
use std::collections::BTreeSet;
use tell::Names;

/// Whether classes may be formed again for the sake of teachers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forming {
    /// Groups stand as they are (claims after the groups were formed).
    Settled,
    /// Where a group's members keep it from a teacher, its class is formed again within the same goals.
    Open,
}

/// How the staffing is run.
#[derive(Clone, Copy, Debug)]
pub struct StaffRun<'a> {
    /// Seed and work of classes that are formed again; the seed also draws the lots.
    pub effort: Effort,
    /// When to end.
    pub stop: &'a Stop,
    /// Whether classes may be formed again.
    pub forming: Forming,
    /// Language of the documents and of [`Staffed::conflict`].
    pub lang: Lang,
}

/// Who takes which group, for all classes.
#[derive(Clone, Debug)]
pub struct Staffed {
    /// `teacher_of[c][g]`: index into `Staff::teachers` of the g-th group of class c; empty where a class has no plan.
    pub teacher_of: Vec<Vec<Option<usize>>>,
    /// One per teacher, in the staff list's order.
    pub loads: Vec<Load>,
    /// The staffing's levels, highest first, with values, bounds and proofs.
    pub levels: Vec<StaffLevel>,
    /// Why groups stay without a teacher, or which demands cannot hold together; empty where all is well.
    pub conflict: Vec<ConflictRecord>,
    /// What was decided: numbers of groups, classes formed again.
    pub notices: Vec<Notice>,
    /// What the judge has against the staffing, broken demands of a told conflict left out; anything here is a defect of ours.
    pub findings: Vec<Finding>,
    /// The seed of the lots that broke ties.
    pub lottery_seed: u64,
}

/// What one teacher carries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Ids of the groups, in order of class.
    pub groups: Vec<String>,
    /// Students in them.
    pub students: usize,
    /// Home visits a semester, by the model.
    pub visits: usize,
}

/// One level of the staffing. Less is better at all levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffLevel {
    /// A stable word: `musts`, `unstaffed`, `wishes_1` …, `empty_handed`, `largest_load`, `load_spread`, `continuity`.
    pub name: String,
    /// Shown to people.
    pub title: Words,
    /// Value.
    pub value: i64,
    /// Proven lower bound, given the levels above.
    pub bound: i64,
    /// Whether it and every level above is proved optimal for the groups as formed.
    pub proved: bool,
}

impl Staffed {
    /// Groups without a teacher in class c.
    #[must_use]
    pub fn unstaffed(&self, class: usize) -> usize {
        self.teacher_of.get(class).map_or(0, |teachers| teachers.iter().filter(|t| t.is_none()).count())
    }

    /// Whether every level is proved.
    #[must_use]
    pub fn proved(&self) -> bool {
        self.levels.iter().all(|level| level.proved)
    }
}

/// Fits prepared classes to their teachers before any is solved: the number of groups of each class that the teachers can carry,
/// and who must be apart because of the teachers they are bound to.
///
/// # Errors
/// Everything in the staff list and the rules that does not fit the classes: groups that do not exist, pins to unknown teachers.
pub fn fit(prepared: Vec<Prepared>, staff: &Staff, stop: &Stop) -> Result<Vec<Prepared>, Faults> {
    fit::fit(prepared, staff, stop)
}

/// Whether demands of the staff list cannot hold together: a proved no.
#[must_use]
pub fn is_impossible(conflict: &[ConflictRecord]) -> bool {
    conflict.iter().any(|record| record.rule == tell::DEMANDS)
}

/// Whether every group that a list of wishes names exists.
///
/// # Errors
/// Every group that does not.
pub fn known_groups(prepared: &[Prepared], staff: &Staff) -> Result<(), Faults> {
    let faults = fit::missing_groups(prepared, staff);
    if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
}

/// Nodes of every level's search.
const NODES: i64 = 20_000;

/// How often classes are formed again, at most.
const ROUNDS: usize = 4;

/// A staffing with what it was made from.
struct Round {
    assembly: Assembly,
    answer: Answer,
    shortages: Vec<Shortage>,
}

impl Round {
    fn new(prepared: &[Prepared], planned: &[Planned], staff: &Staff, run: StaffRun<'_>) -> Self {
        let assembly = Assembly::new(prepared, planned, staff);
        let answer = staffing::solve(&assembly.staffing, run.effort.seed, NODES, run.stop);
        let shortages = staffing::shortages(&assembly.staffing, &answer, NODES, run.stop);
        Self { assembly, answer, shortages }
    }

    /// Demands not met, then groups without a teacher.
    fn lack(&self) -> (i64, i64) {
        let value = |kind: LevelKind| self.answer.levels.iter().find(|level| level.kind == kind).map_or(0, |l| l.value);
        (value(LevelKind::Musts), value(LevelKind::Unstaffed))
    }

    /// Whether other groups could be better off: something beyond places is lacking.
    fn depends_on_members(&self) -> bool {
        self.shortages.iter().any(|shortage| !matches!(shortage, Shortage::Places { .. }))
    }
}

/// Staffs the groups of all classes together and writes `teacher` into the documents. `planned[c]` is the plan of `prepared[c]`;
/// classes that are formed again get a new document.
pub fn staff(prepared: &[Prepared], planned: &mut [Planned], staff: &Staff, run: StaffRun<'_>) -> Staffed {
    let mut round = Round::new(prepared, planned, staff, run);
    let mut formed_again = BTreeSet::new();
    if run.forming == Forming::Open {
        for wide in 0..ROUNDS {
            if !round.depends_on_members() || run.stop.reached().is_some() {
                break;
            }
            if let Some((better, classes)) = again(&round, (prepared, planned, staff), wide, run) {
                round = better;
                formed_again.extend(classes);
            }
        }
    }
    write_teachers(&round, planned, staff);
    write_notices(&round, prepared, planned, staff, run);
    report(&round, prepared, planned, staff, &formed_again, run)
}

/// One more forming of the classes concerned; the plans are replaced if fewer groups or demands go short. Later rounds open more
/// classes, and reckon sizes more exactly.
fn again(
    round: &Round,
    (prepared, planned, staff): (&[Prepared], &mut [Planned], &Staff),
    wide: usize,
    run: StaffRun<'_>,
) -> Option<(Round, BTreeSet<usize>)> {
    let design = Design { prepared, planned: &*planned, staff, assembly: &round.assembly };
    let names = Names { prepared, planned: &*planned, staff, assembly: &round.assembly };
    let mut concerned: BTreeSet<usize> =
        round.shortages.iter().flat_map(|shortage| names.classes_of(shortage)).collect();
    if wide >= 2 {
        concerned = neighbours(&round.assembly, &concerned);
    }
    let sizes = if wide.is_multiple_of(2) { Sizes::Large } else { Sizes::Exact };
    let seats = design.seats(&concerned, sizes, run.stop)?;
    let mut trial: Vec<Planned> = planned.to_vec();
    for (&class, seats) in &seats {
        let mut pinned = prepared[class].clone();
        let pins = seats.iter().map(|&(student, group)| Rule::Pin { student, group });
        pinned.problem.rules.extend(pins.filter(|pin| !prepared[class].problem.rules.contains(pin)));
        pinned.problem.notices.push(formed_again());
        let formed = pinned.solve(run.effort, run.stop, &|_| (), run.lang);
        if formed.document.groups.len() != planned[class].document.groups.len() {
            return None;
        }
        trial[class] = formed;
    }
    let better = Round::new(prepared, &trial, staff, run);
    if better.lack() >= round.lack() {
        return None;
    }
    planned.clone_from_slice(&trial);
    Some((better, seats.into_keys().collect()))
}

fn formed_again() -> Notice {
    let message = words!(
        "为了让每个小组都有老师，本班按教师的容量和回避重新分过组；各目标的值在此条件下最优",
        "the class was formed again so that every group has a teacher; its goals are the best under that condition"
    );
    Notice { code: "formed_for_teachers", place: String::new(), message }
}

/// The classes, and all that share a teacher with one of them.
fn neighbours(assembly: &Assembly, classes: &BTreeSet<usize>) -> BTreeSet<usize> {
    let of = |teacher: &crate::solver::staffing::Teacher| -> BTreeSet<usize> {
        teacher.teaches.iter().map(|&g| assembly.places[g].0).collect()
    };
    let near = assembly.staffing.teachers.iter().map(of).filter(|taught| !taught.is_disjoint(classes));
    near.fold(classes.clone(), |all, taught| &all | &taught)
}

fn write_teachers(round: &Round, planned: &mut [Planned], staff: &Staff) {
    for (&(c, g), teacher) in round.assembly.places.iter().zip(&round.answer.teacher_of) {
        let record = &mut planned[c].document.groups[g];
        record.teacher = teacher.map(|t| staff.teachers[t].id.clone());
        let named = teacher.map(|t| &staff.teachers[t]).filter(|teacher| teacher.named);
        record.teacher_name = named.map(|teacher| teacher.name.clone());
    }
}

/// Every document says how its teachers were found, and what is lacking in its class.
fn write_notices(round: &Round, prepared: &[Prepared], planned: &mut [Planned], staff: &Staff, run: StaffRun<'_>) {
    let names = Names { prepared, planned: &*planned, staff, assembly: &round.assembly };
    let lacking: Vec<(Vec<usize>, &str, Words)> = (round.shortages.iter())
        .map(|shortage| {
            let (code, message) = names.shortage(shortage);
            (names.classes_of(shortage), code, message)
        })
        .collect();
    let how = tell::how(&round.answer.levels, run.effort.seed);
    for (c, planned) in planned.iter_mut().enumerate().filter(|(_, planned)| !planned.document.groups.is_empty()) {
        let record = |code: &str, message: &Words| NoticeRecord {
            code: code.to_owned(),
            place: String::new(),
            message: message.get(run.lang).to_owned(),
        };
        let own = lacking.iter().filter(|(classes, _, _)| classes.contains(&c));
        planned.document.notices.push(record("staffing", &how));
        planned.document.notices.extend(own.map(|(_, code, message)| record(code, message)));
    }
}

fn report(
    round: &Round,
    prepared: &[Prepared],
    planned: &[Planned],
    staff: &Staff,
    formed_again: &BTreeSet<usize>,
    run: StaffRun<'_>,
) -> Staffed {
    let names = Names { prepared, planned, staff, assembly: &round.assembly };
    let mut teacher_of: Vec<Vec<Option<usize>>> =
        planned.iter().map(|planned| vec![None; planned.document.groups.len()]).collect();
    let mut loads = vec![Load::default(); staff.teachers.len()];
    for (g, (&(c, n), &teacher)) in round.assembly.places.iter().zip(&round.answer.teacher_of).enumerate() {
        teacher_of[c][n] = teacher;
        if let Some(t) = teacher {
            let group = &round.assembly.staffing.groups[g];
            loads[t].groups.push(planned[c].document.groups[n].id.clone());
            loads[t].students += group.students as usize;
            loads[t].visits += group.visits as usize;
        }
    }
    let told = round.shortages.iter().map(|shortage| names.shortage(shortage));
    let mut conflict: Vec<ConflictRecord> = told
        .map(|(rule, words)| ConflictRecord { rule: rule.to_owned(), message: words.get(run.lang).to_owned() })
        .collect();
    if conflict.is_empty() && round.lack() > (0, 0) {
        conflict.push(not_proved(round.lack(), run.lang));
    }
    let levels = round.answer.levels.iter().map(tell::level).collect();
    let notices = formed_again.iter().map(|&c| {
        let class = planned[c].document.groups.first().map(|group| group.class.clone()).unwrap_or_default();
        Notice { place: class, ..self::formed_again() }
    });
    Staffed {
        teacher_of,
        loads,
        levels,
        findings: judge(prepared, planned, staff, !round.lack().0.eq(&0)),
        conflict,
        notices: notices.collect(),
        lottery_seed: run.effort.seed,
    }
}

/// The limit came before it was clear whether more is possible.
fn not_proved((demands, groups): (i64, i64), lang: Lang) -> ConflictRecord {
    let message = words!(
        "{groups} 个小组还没有老师，{demands} 条指定没有满足；时限内没能证明是否还能更好",
        "{groups} groups are without a teacher and {demands} demands not met; the limit came before it was proved whether more is possible"
    );
    ConflictRecord { rule: "staff.open".to_owned(), message: message.get(lang).to_owned() }
}

/// What the judge says; a demand that is told as impossible is no news.
fn judge(prepared: &[Prepared], planned: &[Planned], staff: &Staff, demands_told: bool) -> Vec<Finding> {
    let classes: Vec<check::Staffed<'_>> = prepared
        .iter()
        .zip(planned)
        .map(|(class, planned)| check::Staffed {
            roster: &class.roster,
            request: &class.request,
            policy: &class.policy,
            groups: &planned.document.groups,
        })
        .collect();
    let mut findings = check::staffing(staff, &classes);
    findings.extend(classes.iter().flat_map(|class| check::teacher_pins(class.request, class.groups)));
    findings.retain(|finding| !(demands_told && matches!(finding.code, "teacher_must" | "pin_teacher")));
    findings
}
