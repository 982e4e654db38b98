//! One class: its list compiled, solved, judged, reported.

use super::Disagreement;
use super::verdict::agreed;
use crate::check::{self, Finding};
use crate::fault::{Fault, Faults, Notice};
use crate::goals;
use crate::model::previous::settle;
use crate::model::{Policy, Request, Sizing};
use crate::plan::document::{Document, GroupRecord};
use crate::problem::Problem;
use crate::report::{Audience, Record, Report};
use crate::roster::{Field, Roster};
use crate::solver::{self, Effort, Outcome, Progress, Stop};
use crate::words;
use crate::words::Lang;
use std::collections::HashMap;

/// A class that is ready to be solved.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Its students.
    pub roster: Roster,
    /// Notices of the whole list it stands in, and who is who since last semester.
    pub list_notices: Vec<Notice>,
    /// What is asked of it: the rules are those of its own students.
    pub request: Request,
    /// What the model says of it.
    pub policy: Policy,
    /// The dense problem.
    pub problem: Problem,
}

/// How a list with several classes is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Division {
    /// Each class by itself.
    ByClass,
    /// All students together.
    Whole,
}

/// A solved class with the judge's verdict.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The plan with everything that is told about it.
    pub document: Document,
    /// What the judge found wrong; anything at all is a defect of ours.
    pub findings: Vec<Finding>,
}

/// A look at a class that is being solved.
#[derive(Clone, Copy)]
pub struct Underway<'a> {
    /// How far it is: 0 at the start, 1 at the end.
    pub share: f64,
    /// Makes and judges the plan as it would be if the run ended now; none before there is a plan that keeps the rules.
    pub so_far: Option<&'a dyn Fn() -> Planned>,
}

/// Splits a list into classes and compiles each.
///
/// # Errors
/// Every fault of every class.
pub fn prepare(list: &Roster, request: &Request, division: Division) -> Result<Vec<Prepared>, Faults> {
    prepare_settled(list, request, division, &mut std::iter::empty())
}

/// The same where a plan of the list has settled the number of groups of each class; the request decides where `settled` ends.
pub(super) fn prepare_settled(
    list: &Roster,
    request: &Request,
    division: Division,
    settled: &mut dyn Iterator<Item = usize>,
) -> Result<Vec<Prepared>, Faults> {
    let (rosters, rules) = match division {
        Division::Whole => {
            unique_ids(list)?;
            (vec![list.clone()], vec![request.rules.clone()])
        }
        Division::ByClass => (list.by_class(), request.rules.for_classes(list)?),
    };
    let class = |(roster, rules)| {
        let sizing = settled.next().map(Sizing::Count).or(request.sizing);
        Prepared::of(roster, Request { rules, sizing, ..request.clone() }, &list.notices)
    };
    Faults::of_all(rosters.into_iter().zip(rules).map(class))
}

/// The model of a request applied to a class, and the class as whole numbers.
pub(super) fn compile(roster: &Roster, request: &Request) -> Result<(Policy, Problem), Faults> {
    let policy = Policy::apply(request, roster)?;
    let problem = goals::compile(roster, request, &policy)?;
    Ok((policy, problem))
}

/// Ids are unique within a class; a plan over several classes needs them unique in the whole list.
fn unique_ids(list: &Roster) -> Result<(), Faults> {
    let column = list.columns.iter().position(|column| column.field == Field::Id);
    let mut first = HashMap::new();
    let mut faults = Vec::new();
    for (s, student) in list.students.iter().enumerate() {
        let Some(other) = first.insert(student.id.as_str(), s) else { continue };
        let (id, place) = (&student.id, list.students[other].row.cell(None));
        faults.push(Fault {
            code: "duplicate_id",
            place: list.place(s, column),
            found: words!("学号 {id}，另一个班也有（{place}）", "the id {id}, which another class has too ({place})"),
            expected: words!("不分班时全名册学号不重复", "ids unique in the whole list with --whole"),
            action: words!("请在学号前加上班号，或不用 --whole", "put the class before the ids, or leave out --whole"),
        });
    }
    if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
}

impl Prepared {
    /// A class of a list with these notices, compiled: the rules of the request are those of its own students.
    fn of(roster: Roster, mut request: Request, list_notices: &[Notice]) -> Result<Self, Faults> {
        let told = settle(&mut request, &roster);
        let (policy, problem) = compile(&roster, &request)?;
        let list_notices = list_notices.iter().cloned().chain(told).collect();
        Ok(Self { roster, list_notices, request, policy, problem })
    }

    /// Solves and judges the class.
    #[must_use]
    pub fn solve(&self, effort: Effort, stop: &Stop, listener: &(dyn Fn(Underway<'_>) + Sync), lang: Lang) -> Planned {
        let told = |Progress { share, so_far }: Progress<'_>| match so_far {
            Some(so_far) => {
                let planned = || self.told(&so_far(), effort.seed, lang);
                listener(Underway { share, so_far: Some(&planned) });
            }
            None => listener(Underway { share, so_far: None }),
        };
        let outcome = solver::solve(&self.problem, effort, stop, &told);
        self.told(&outcome, effort.seed, lang)
    }

    /// A plan of the class as reports show it.
    #[must_use]
    pub fn report<'a>(&'a self, document: &'a Document, audience: Audience, lang: Lang) -> Report<'a> {
        Report { roster: &self.roster, model: &self.request.model, policy: &self.policy, document, lang, audience }
    }

    /// What the judge has against a plan of the class, whoever teaches it: its groups may have no teachers yet, and the staffing of
    /// all classes judges the pins to teachers.
    #[must_use]
    pub fn judged(&self, document: &Document) -> Vec<Finding> {
        let mut findings = check::judge(&self.roster, &self.request, &self.policy, document);
        findings.retain(|finding| finding.code != "pin_teacher");
        findings
    }

    /// The class with these groups, for the judge of the staffing.
    #[must_use]
    pub fn staffed<'a>(&'a self, groups: &'a [GroupRecord]) -> check::Staffed<'a> {
        check::Staffed { roster: &self.roster, request: &self.request, policy: &self.policy, groups }
    }

    pub(super) fn record<'a>(&'a self, outcome: &'a Outcome, seed: u64, lang: Lang) -> Record<'a> {
        Record {
            roster: &self.roster,
            list_notices: &self.list_notices,
            request: &self.request,
            policy: &self.policy,
            problem: &self.problem,
            outcome,
            seed,
            lang,
        }
    }

    /// The document of an outcome with the judge's verdict.
    pub(super) fn told(&self, outcome: &Outcome, seed: u64, lang: Lang) -> Planned {
        let document = self.record(outcome, seed, lang).document();
        let findings = outcome.plan.as_ref().map_or_else(Vec::new, |_| self.judged(&document));
        Planned { document, findings }
    }
}

impl Planned {
    /// The plan, with which the judge agrees.
    ///
    /// # Errors
    /// He does not.
    pub fn agreed(self) -> Result<Self, Disagreement> {
        agreed(&self.findings).map(|()| self)
    }
}
