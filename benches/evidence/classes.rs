//! Invented classes, ready to be solved.

use fenzu::model::request::{Previous, PreviousMode};
use fenzu::model::rules::Pin;
use fenzu::model::{GoalName, Model, Request, Rules, Sizing, builtin};
use fenzu::pipeline::{Division, Planned, Prepared, prepare};
use fenzu::plan::document::GoalRecord;
use fenzu::plan::last::LastSemester;
use fenzu::roster::{Reading, Roster, read};
use fenzu::sample::{ClassSpec, Marks, TierColumn, class_csv};
use fenzu::solver::{Effort, Prove, Stop};
use fenzu::words::Lang;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use std::time::Duration;

/// Students without last semester's group, in classes that have one.
const JOINERS: usize = 3;

/// What a class is like and what is asked of it; gender and two flags are always counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    pub students: usize,
    pub groups: usize,
    pub subjects: usize,
    pub marks: Marks,
    pub tiers: TierColumn,
    pub ask: Ask,
}

/// What is asked beyond groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Nothing.
    Plain,
    /// 10 pairs apart, 3 pairs together, 3 students pinned; some plan keeps them all.
    Rules,
    /// Last semester's groups, made of the same students' marks then, for all but three joiners.
    Previous(PreviousMode),
}

impl Shape {
    /// Three subjects, whole marks, tiers, nothing else asked.
    pub const fn usual(students: usize, groups: usize) -> Self {
        Self { students, groups, subjects: 3, marks: Marks::Whole, tiers: TierColumn::Written, ask: Ask::Plain }
    }

    /// The class of a seed.
    pub fn prepared(&self, seed: u64) -> Prepared {
        let spec = self.spec(seed);
        let roster = roster(&spec);
        let mut request = Request::new(self.model());
        request.sizing = Some(Sizing::Count(self.groups));
        match self.ask {
            Ask::Plain => {}
            Ask::Rules => request.rules = rules(&roster, self.groups, seed),
            Ask::Previous(mode) => request.previous = Some(last_semester(&spec, &request, mode)),
        }
        // The spec with the rules is ours: it cannot be refused but by a defect.
        prepare(&roster, &request, Division::ByClass).unwrap_or_else(|faults| panic!("{faults}")).remove(0)
    }

    fn spec(&self, seed: u64) -> ClassSpec {
        let (students, subjects) = (self.students, self.subjects);
        let semester = if matches!(self.ask, Ask::Previous(_)) { 2 } else { 1 };
        ClassSpec { students, subjects, marks: self.marks, tiers: self.tiers, semester, seed, ..ClassSpec::default() }
    }

    /// The default model; without its tiers where the class has none.
    fn model(&self) -> Model {
        let mut model = builtin::builtin()[0].clone();
        if self.tiers == TierColumn::Absent {
            model.tiers = None;
            model.paired_help = false;
            model.goals.retain(|goal| goal.goal != GoalName::Tiers);
        }
        model
    }
}

fn roster(spec: &ClassSpec) -> Roster {
    let reading = Reading { file: "class.csv", ..Reading::default() };
    read(class_csv(spec).as_bytes(), &reading).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Solves and judges a class on the threads of the present pool.
pub fn solve(class: &Prepared, prove: Prove, seconds: f64) -> Planned {
    let effort = Effort { seed: 1, work: None, prove };
    let planned = class.solve(effort, &Stop::after(Some(Duration::from_secs_f64(seconds))), &|_| (), Lang::En);
    assert!(planned.findings.is_empty(), "the judge does not agree: {:?}", planned.findings);
    planned
}

/// A goal's line of the score card.
pub fn goal(planned: &Planned, name: GoalName) -> &GoalRecord {
    let goal = planned.document.goals.iter().find(|goal| goal.name == name.word());
    goal.unwrap_or_else(|| panic!("no goal {}", name.word()))
}

/// Rules that a random division keeps, so that they do not contradict one another.
fn rules(roster: &Roster, groups: usize, seed: u64) -> Rules {
    let mut rng = Pcg64::seed_from_u64(seed);
    let mut ids: Vec<&str> = roster.students.iter().map(|student| student.id.as_str()).collect();
    ids.shuffle(&mut rng);
    // Place i is in group i mod groups: neighbours are apart, places a multiple of `groups` apart are together.
    let pair = |a: usize, b: usize| vec![ids[a].to_owned(), ids[b].to_owned()];
    let together = (0..3).map(|i| pair(i, i + groups)).collect();
    let mut apart = Vec::new();
    while apart.len() < 10 {
        let (a, b) = (rng.random_range(0..ids.len()), rng.random_range(0..ids.len()));
        if a < b && a % groups != b % groups && !apart.contains(&pair(a, b)) {
            apart.push(pair(a, b));
        }
    }
    let pin = rand::seq::index::sample(&mut rng, ids.len(), 3).into_iter().map(|i| Pin {
        student: ids[i].to_owned(),
        group: Some(i % groups + 1),
        teacher: None,
    });
    Rules { together, apart, pin: pin.collect(), never_alone: Vec::new() }
}

/// The groups that the same request made of the semester before.
fn last_semester(spec: &ClassSpec, request: &Request, mode: PreviousMode) -> Previous {
    let before = roster(&ClassSpec { semester: spec.semester - 1, ..spec.clone() });
    let class = prepare(&before, request, Division::ByClass).unwrap_or_else(|faults| panic!("{faults}")).remove(0);
    let mut document = solve(&class, Prove::Model, 10.0).document;
    let mut rng = Pcg64::seed_from_u64(spec.seed);
    let joiners = rand::seq::index::sample(&mut rng, spec.students, JOINERS);
    let joined: Vec<&str> = joiners.into_iter().map(|s| before.students[s].id.as_str()).collect();
    for group in &mut document.groups {
        group.students.retain(|student| !joined.contains(&student.as_str()));
    }
    Previous::new(LastSemester::of_documents(&[document], String::new()), mode)
}
