//! The clock at any legal size: each phase of a plan over a grid of students, groups, columns and rules; by how much it exceeds its
//! time, and the memory of the whole. Each case is a process of its own, so that one that runs on is told too.

use crate::machine::peak_memory;
use fenzu::check;
use fenzu::fault::Faults;
use fenzu::goals::ledger::Exchange;
use fenzu::goals::{Ledger, MAX_LEVELS, Objective};
use fenzu::model::{Request, Rules, Sizing, builtin, rules::Pin};
use fenzu::pipeline::edit::{Bounds, Original};
use fenzu::pipeline::{Division, Prepared, prepare};
use fenzu::roster::{Reading, read};
use fenzu::sample::{ClassSpec, Flag, SUBJECTS, class_csv};
use fenzu::solver::{Effort, Prove, Stop};
use fenzu::words::Lang;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Seconds beyond its time after which a case is given up.
const GIVEN_UP: f64 = 60.0;

/// One case.
#[derive(Clone, Debug, clap::Args)]
pub struct Case {
    /// Students
    #[arg(long)]
    students: usize,
    /// Groups
    #[arg(long)]
    groups: usize,
    /// Subjects, as many flags as fit, one mark of twenty absent
    #[arg(long)]
    subjects: usize,
    /// A built-in model
    #[arg(long)]
    model: String,
    /// none, pairs (together and apart), cliques (apart), pins, clash (rules that cannot hold)
    #[arg(long)]
    rules: String,
    /// Seconds that the plan may take
    #[arg(long)]
    limit: f64,
    /// Seconds after which somebody stops it
    #[arg(long)]
    stop: Option<f64>,
}

/// Runs every case of the grid whose line holds the filter, and prints a table.
pub fn run(filter: &str) {
    println!(
        "| case | read s | compile s | solve, beyond its time s | judge s | price s | places s | peak of memory |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for case in grid() {
        let args = case.args();
        if args.join(" ").contains(filter) {
            println!("| {} | {} |", args.join(" ").replace("--", ""), one(&case, &args));
        }
    }
}

/// One case in a process of its own.
fn one(case: &Case, args: &[String]) -> String {
    let Ok(own) = std::env::current_exe() else { return "no program".to_owned() };
    let child = Command::new(own).arg("size").args(args).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else { return "not started".to_owned() };
    let begun = Instant::now();
    while child.try_wait().is_ok_and(|ended| ended.is_none()) {
        if begun.elapsed().as_secs_f64() > case.limit + GIVEN_UP {
            let _ = child.kill();
            let _ = child.wait();
            return "runs on".to_owned();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().map(|output| output.stdout).unwrap_or_default();
    let told = String::from_utf8_lossy(&output).trim().to_owned();
    if told.is_empty() { "died".to_owned() } else { told }
}

/// The grid: every size with the usual columns, and the other columns, models and rules at the largest.
fn grid() -> Vec<Case> {
    let mut grid = Vec::new();
    let case = |students: usize, groups: usize, subjects: usize, model: &str, rules: &str| Case {
        students,
        groups,
        subjects,
        model: model.to_owned(),
        rules: rules.to_owned(),
        limit: 5.0,
        stop: None,
    };
    for students in [300, 3_000, 20_000] {
        for groups in [2, 10, students / 10, students / 3, students / 2, students - 1] {
            let usual = case(students, groups, 3, "responsibility-groups", "none");
            grid.push(Case { limit: 1.0, ..usual.clone() });
            grid.push(Case { stop: Some(1.0), limit: 30.0, ..usual.clone() });
            grid.push(usual);
            for rules in ["pairs", "cliques", "pins", "clash"] {
                grid.push(case(students, groups, 9, "responsibility-groups", rules));
            }
            for subjects in [0, 9] {
                grid.push(case(students, groups, subjects, "class-division", "none"));
            }
        }
    }
    for groups in [2, 50, 500, 4_999] {
        grid.push(case(5_000, groups, 9, "diversity", "none"));
    }
    grid
}

impl Case {
    fn args(&self) -> Vec<String> {
        let mut args = vec![
            format!("--students={}", self.students),
            format!("--groups={}", self.groups),
            format!("--subjects={}", self.subjects),
            format!("--model={}", self.model),
            format!("--rules={}", self.rules),
            format!("--limit={}", self.limit),
        ];
        args.extend(self.stop.map(|stop| format!("--stop={stop}")));
        args
    }

    fn request(&self, ids: &[String]) -> Option<Request> {
        let model = builtin::find(&self.model)?;
        let rules = rules(&self.rules, ids, self.groups);
        Some(Request { rules, sizing: Some(Sizing::Count(self.groups)), ..Request::new(model) })
    }

    /// Runs it in this process and prints what it took.
    pub fn run(&self) {
        match self.measured() {
            Ok(line) => println!("{line}"),
            Err(faults) => println!("refused: {}", faults.0.first().map_or("", |fault| fault.code)),
        }
    }

    fn measured(&self) -> Result<String, Faults> {
        let spec = ClassSpec {
            students: self.students,
            subjects: self.subjects.min(SUBJECTS.len()),
            flags: Flag::ALL[..self.subjects.min(Flag::ALL.len())].to_vec(),
            absent_percent: 5,
            ..ClassSpec::default()
        };
        let list = class_csv(&spec);
        let (roster, reading) = timed(|| read(list.as_bytes(), &Reading { file: "class.csv", ..Reading::default() }));
        let roster = roster?;
        let ids: Vec<String> = roster.students.iter().map(|student| student.id.clone()).collect();
        let Some(request) = self.request(&ids) else { return Ok("no such model".to_owned()) };
        let (prepared, compiling) = timed(|| prepare(&roster, &request, Division::Whole));
        let prepared = prepared?;
        let (planned, beyond) = self.solved(&prepared[0]);
        let document = &planned.document;
        if document.groups.is_empty() {
            let memory = peak_memory().unwrap_or_default();
            return Ok(format!("{reading:.2} | {compiling:.2} | {beyond:.2} ({:?}) | | | | {memory}", document.status));
        }
        let Prepared { roster, request, policy, problem, .. } = &prepared[0];
        let (_, judging) = timed(|| check::judge(roster, request, policy, document));
        let group_of = check::plan_of(roster, document).map(|plan| plan.group_of).unwrap_or_default();
        let documents = std::slice::from_ref(document);
        let original = Original { prepared: &prepared, documents, staff: None, bounds: Bounds::Inherited };
        let (_, pricing) = timed(|| original.edited(0, group_of.clone(), Lang::En));
        let (_, placing) = timed(|| places(&Objective::new(problem), group_of.clone()));
        let memory = peak_memory().unwrap_or_default();
        Ok(format!(
            "{reading:.2} | {compiling:.2} | {beyond:.2} ({:?}, {:?}) | {judging:.2} | {pricing:.2} | {placing:.2} | {memory}",
            document.status, document.stop
        ))
    }

    /// The plan, and by how many seconds it came after its time.
    fn solved(&self, prepared: &Prepared) -> (fenzu::pipeline::Planned, f64) {
        let switch = Arc::new(AtomicBool::new(false));
        let ends = self.stop.unwrap_or(self.limit);
        if self.stop.is_some() {
            let switch = Arc::clone(&switch);
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_secs_f64(ends));
                switch.store(true, Ordering::Relaxed);
            });
        }
        let stop = Stop::after(Some(Duration::from_secs_f64(self.limit))).with_switch(switch);
        let effort = Effort { seed: 1, work: None, prove: Prove::Model };
        let (planned, seconds) = timed(|| prepared.solve(effort, &stop, &|_| (), Lang::En));
        (planned, seconds - ends)
    }
}

/// What every other place of the first student would change, as an answer to "why" looks at them.
fn places(objective: &Objective, group_of: Vec<usize>) -> i64 {
    let ledger = Ledger::new(objective, group_of);
    let own = ledger.group_of[0];
    let others = (0..ledger.group_of.len()).filter(|&other| ledger.group_of[other] != own);
    let change = |other: usize| {
        let exchange = Exchange { a: own, b: ledger.group_of[other], from_a: &[0], from_b: &[other] };
        ledger.delta(exchange, MAX_LEVELS)[1]
    };
    others.map(change).min().unwrap_or(0)
}

/// Rules of a kind for as many students as they suit.
fn rules(kind: &str, ids: &[String], groups: usize) -> Rules {
    let mut rules = Rules::default();
    let pairs = || ids.chunks_exact(2).map(<[String]>::to_vec);
    let size = ids.len() / groups;
    match kind {
        "pairs" => {
            let together = if size >= 4 { ids.len() / 8 } else { 0 };
            rules.together = pairs().take(together).collect();
            rules.apart = pairs().skip(together).collect();
        }
        "cliques" => rules.apart = ids.chunks(groups.min(40)).map(<[String]>::to_vec).collect(),
        "pins" => {
            let pin = |(s, id): (usize, &String)| Pin { student: id.clone(), group: Some(s / size + 1), teacher: None };
            rules.pin = ids.iter().enumerate().take(groups / 2 * size).map(pin).collect();
        }
        "clash" => {
            rules.apart = vec![ids[..(groups + 1).min(400)].to_vec()];
            rules.together = vec![ids[..2].to_vec()];
        }
        _ => {}
    }
    rules
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let begun = Instant::now();
    let done = work();
    (done, begun.elapsed().as_secs_f64())
}
