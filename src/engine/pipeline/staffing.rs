//! Teachers for the groups of all classes: the number of groups that they can carry, and the staffing of formed groups, formed
//! again where who is in a group decides.
//!
//! What [`Asked`](super::Asked) and [`Ready`](super::Ready) do with a staff list: [`fit`] before the classes are solved, in any order,
//! and [`staff`] after it.

mod again;
mod answers;
mod assembly;
mod counts;
mod fit;
mod price;
mod reform;
mod tell;

use super::verdict::agreed;
use super::{Disagreement, Planned, Prepared};
use crate::check::{self, Finding};
use crate::fault::{Faults, Notice};
use crate::model::Request;
use crate::model::rules::Pin;
use crate::plan::document::{ConflictRecord, NoticeRecord};
use crate::roster::staff::Staff;
pub use crate::solver::staffing::Numbers;
use crate::solver::staffing::{self, Answer, Level, LevelKind, Must, Reason, Shortage};
use crate::solver::{Effort, Stop};
use crate::words::{Lang, Words};
use again::{School, form};
pub use answers::{WishAnswer, answers};
use assembly::{Assembly, Demand};
pub use fit::GROUPS_FOR_TEACHERS;
pub(super) use fit::forced_apart;
use price::{Price, price};
use reform::Sake;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use tell::Names;

/// Whether classes may be formed again for the sake of teachers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forming {
    /// Groups stand as they are (claims after the groups were formed).
    Settled,
    /// Where a group's members keep it from a teacher, its class is formed again: for own children and demands, and for visit
    /// limits as far as no goal above the visits suffers.
    Open,
    /// The same, and visit limits stand before all goals.
    VisitsFirst,
}

/// Who has had whom so far, where a school is staffed again.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// Id of each student's teacher, by class and id.
    pub teacher_of: HashMap<(String, String), String>,
    /// Wishes that had come true: ids of the teacher and of the group.
    pub won: BTreeSet<(String, String)>,
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
    /// The teachers so far, if there were any: as few groups as possible change hands.
    pub before: Option<&'a Before>,
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
    /// The solver's own words, by which wishes are answered.
    answer: Answer,
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
    /// A stable word: `musts`, `unstaffed`, `won_before`, `wishes_1` …, `empty_handed`, `moved_groups`, `moved_students`,
    /// `largest_load`, `load_spread`, `continuity`.
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

    /// The staffing, with which the judge agrees.
    ///
    /// # Errors
    /// He does not.
    pub fn agreed(self) -> Result<Self, Disagreement> {
        agreed(&self.findings).map(|()| self)
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
    fit_again(prepared, &[], staff, stop)
}

/// The same where classes have groups already: their numbers stay unless that would leave more groups without a teacher.
/// `standing[c]` is the number of class c; none where it has no groups yet.
///
/// # Errors
/// As [`fit`].
pub fn fit_again(
    prepared: Vec<Prepared>,
    standing: &[Option<usize>],
    staff: &Staff,
    stop: &Stop,
) -> Result<Vec<Prepared>, Faults> {
    let numbers = choose(&prepared, standing, staff, stop);
    fit_to(prepared, (standing, &numbers), staff, stop)
}

/// The numbers of groups that [`fit_again`] chooses.
#[must_use]
pub fn choose(prepared: &[Prepared], standing: &[Option<usize>], staff: &Staff, stop: &Stop) -> Numbers {
    counts::choose(prepared, standing, staff, stop)
}

/// [`fit_again`] where the numbers of groups were chosen before.
///
/// # Errors
/// As [`fit`].
pub fn fit_to(
    prepared: Vec<Prepared>,
    (standing, numbers): (&[Option<usize>], &Numbers),
    staff: &Staff,
    stop: &Stop,
) -> Result<Vec<Prepared>, Faults> {
    fit::fit(prepared, standing, numbers, (staff, stop))
}

/// The numbers of groups that [`fit`] chooses, where nothing is wrong.
///
/// # Errors
/// As [`fit`].
pub fn numbers(prepared: Vec<Prepared>, staff: &Staff, stop: &Stop) -> Result<Numbers, Faults> {
    let numbers = choose(&prepared, &[], staff, stop);
    fit::sized(prepared, &[], &numbers, staff).map(|_| numbers)
}

/// Whether demands of the staff list cannot hold together, which is proved.
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

/// Code of the notice that a class was formed again for own children, demands or visit limits, no goal being given up for the last.
pub const FORMED_FOR_TEACHERS: &str = "formed_for_teachers";

/// Code of the notice that goals of a class were given up for visit limits, as asked.
pub const FORMED_FOR_VISITS: &str = "formed_for_visits";

/// The word of what more groups with a teacher would cost.
pub const PRICE: &str = "staff.price";

/// Nodes of every level's search.
const NODES: i64 = 20_000;

/// A staffing with what it was made from.
#[derive(Clone)]
struct Round {
    assembly: Assembly,
    answer: Answer,
    shortages: Vec<Shortage>,
}

impl Round {
    fn new(prepared: &[Prepared], planned: &[Planned], staff: &Staff, run: StaffRun<'_>) -> Self {
        let assembly = Assembly::new(prepared, planned, staff, run.before);
        let answer = staffing::solve(&assembly.staffing, run.effort.seed, NODES, run.stop);
        let shortages = staffing::shortages(&assembly.staffing, &answer, NODES, run.stop);
        Self { assembly, answer, shortages }
    }

    fn level(&self, kind: LevelKind) -> Option<&Level> {
        self.answer.levels.iter().find(|level| level.kind == kind)
    }

    /// Demands not met, then groups without a teacher.
    fn lack(&self) -> (i64, i64) {
        let value = |kind: LevelKind| self.level(kind).map_or(0, |level| level.value);
        (value(LevelKind::Musts), value(LevelKind::Unstaffed))
    }

    /// The shortages that other groups could be without. For own children and demands: those of places where somebody is kept
    /// from a group by who is in it, and those of limits, unless visits alone stand behind them; else those that a visit limit
    /// stands behind.
    fn mendable(&self, sake: Sake) -> impl Iterator<Item = &Shortage> {
        let of_visits = |reasons: &[Reason]| reasons.iter().any(|reason| matches!(reason, Reason::Visits(_)));
        let of_bonds =
            |reasons: &[Reason]| reasons.iter().any(|reason| matches!(reason, Reason::Barred(..) | Reason::Must(_)));
        self.shortages.iter().filter(move |shortage| match shortage {
            Shortage::Places { groups, .. } => {
                sake == Sake::Bonds && self.assembly.kept_away.iter().any(|(_, g)| groups.contains(g))
            }
            Shortage::Limits { reasons, .. } if sake == Sake::Bonds => of_bonds(reasons) || !of_visits(reasons),
            Shortage::Demands { .. } if sake == Sake::Bonds => true,
            Shortage::Limits { reasons, .. } | Shortage::Demands { reasons, .. } => of_visits(reasons),
        })
    }

    /// Demands, by index, that are not met.
    fn unmet(&self) -> Vec<usize> {
        let musts = self.assembly.staffing.musts.iter().enumerate();
        let met = |must: &Must| must.any_of.iter().any(|&g| self.answer.teacher_of[g] == Some(must.teacher));
        musts.filter(|(_, must)| !met(must)).map(|(i, _)| i).collect()
    }
}

/// Staffs the groups of all classes together and writes `teacher` into the documents. `planned[c]` is the plan of `prepared[c]`;
/// classes that are formed again get a new document.
pub fn staff(prepared: &[Prepared], planned: &mut [Planned], staff: &Staff, run: StaffRun<'_>) -> Staffed {
    let mut round = Round::new(prepared, planned, staff, run);
    let mut dear = None;
    if run.forming != Forming::Settled {
        let first = planned.to_vec();
        let school = School { prepared, first: &first, staff };
        form(&mut round, school, planned, Sake::Bonds, run);
        form(&mut round, school, planned, Sake::VisitsWithin, run);
        if run.forming == Forming::VisitsFirst {
            form(&mut round, school, planned, Sake::VisitsFirst, run);
        } else {
            dear = price(&round, school, planned, run);
        }
    }
    write_teachers(&round, planned, staff);
    write_notices(&round, prepared, planned, staff, run);
    let mut staffed = report(&round, prepared, planned, staff, run);
    if let Some(Price { rule, message, classes }) = dear {
        let message = message.get(run.lang).to_owned();
        for class in classes {
            let record = NoticeRecord { code: rule.to_owned(), place: String::new(), message: message.clone() };
            planned[class].document.notices.push(record);
        }
        staffed.conflict.push(ConflictRecord { rule: rule.to_owned(), message });
    }
    staffed
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

fn report(round: &Round, prepared: &[Prepared], planned: &[Planned], staff: &Staff, run: StaffRun<'_>) -> Staffed {
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
    conflict.extend(not_proved(round, &names, run.lang));
    let levels = round.answer.levels.iter().map(tell::level).collect();
    let formed = |planned: &Planned| {
        let class = planned.document.groups.first().map(|group| group.class.clone()).unwrap_or_default();
        Some(Notice { place: class, ..again::formed_for(&planned.document)? })
    };
    Staffed {
        teacher_of,
        loads,
        levels,
        findings: judge(round, prepared, planned, staff),
        conflict,
        notices: planned.iter().filter_map(formed).collect(),
        lottery_seed: run.effort.seed,
        answer: round.answer.clone(),
    }
}

/// What is lacking without a reason told: the limit came before it was clear whether more is possible, or why not.
fn not_proved(round: &Round, names: &Names<'_>, lang: Lang) -> Option<ConflictRecord> {
    let told: BTreeSet<usize> = (round.shortages.iter())
        .flat_map(|shortage| match shortage {
            Shortage::Demands { musts, .. } => musts.as_slice(),
            _ => &[],
        })
        .copied()
        .collect();
    let demands: Vec<usize> = round.unmet().into_iter().filter(|i| !told.contains(i)).collect();
    let explained = round.level(LevelKind::Unstaffed).is_some_and(|level| level.proved)
        && round.shortages.iter().any(|shortage| !matches!(shortage, Shortage::Demands { .. }));
    let groups = if explained { 0 } else { round.lack().1 };
    if demands.is_empty() && groups == 0 {
        return None;
    }
    let message = names.open(groups, &demands).get(lang).to_owned();
    Some(ConflictRecord { rule: "staff.open".to_owned(), message })
}

/// What the judge says of everything but the demands that are not met, each of which is told.
fn judge(round: &Round, prepared: &[Prepared], planned: &[Planned], staff: &Staff) -> Vec<Finding> {
    let mut staff = staff.clone();
    let mut requests: Vec<Cow<'_, Request>> = prepared.iter().map(|class| Cow::Borrowed(&class.request)).collect();
    for i in round.unmet() {
        match &round.assembly.demands[i] {
            Demand::Must { teacher, what } => staff.teachers[*teacher].must.retain(|must| must != what),
            Demand::Pin { teacher, class, student } => {
                let id = &staff.teachers[*teacher].id;
                let unmet = |pin: &Pin| pin.student == *student && pin.teacher.as_ref() == Some(id);
                requests[*class].to_mut().rules.pin.retain(|pin| !unmet(pin));
            }
        }
    }
    let classes: Vec<check::Staffed<'_>> = (prepared.iter().zip(planned).zip(&requests))
        .map(|((class, planned), request)| check::Staffed { request, ..class.staffed(&planned.document.groups) })
        .collect();
    let mut findings = check::staffing(&staff, &classes);
    findings.extend(classes.iter().flat_map(|class| check::teacher_pins(class.request, class.groups)));
    findings
}
