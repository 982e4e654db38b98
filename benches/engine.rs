//! The steps of the main job on the sample class of 50: read, compile, one swap, one re-split, the cover's proof, solve.

use criterion::{Criterion, criterion_group, criterion_main};
use fenzu::goals::ledger::{Exchange, Ledger};
use fenzu::goals::{Levels, MAX_LEVELS, Objective};
use fenzu::model::{Policy, Request, Sizing, builtin};
use fenzu::pipeline::{Division, Prepared, prepare};
use fenzu::problem::Problem;
use fenzu::roster::{Reading, Roster, read};
use fenzu::sample::{ClassSpec, class_csv};
use fenzu::solver::atoms::Atoms;
use fenzu::solver::construct::construct;
use fenzu::solver::cover::{CoverLimits, CoverSearch, prove};
use fenzu::solver::resplit::Resplit;
use fenzu::solver::{Effort, Prove, Stop, solve};
use fenzu::words::Lang;
use rand::SeedableRng;
use rand_pcg::Pcg64;
use std::hint::black_box;

fn list(students: usize, subjects: usize) -> Vec<u8> {
    class_csv(&ClassSpec { students, subjects, ..ClassSpec::default() }).into_bytes()
}

fn roster(bytes: &[u8]) -> Roster {
    let reading = Reading { file: "class.csv", ..Reading::default() };
    read(bytes, &reading).unwrap_or_else(|faults| panic!("{faults}"))
}

fn request(groups: usize) -> Request {
    Request { sizing: Some(Sizing::Count(groups)), ..Request::new(builtin::builtin()[0].clone()) }
}

fn prepared(students: usize, subjects: usize, groups: usize) -> Prepared {
    let classes = prepare(&roster(&list(students, subjects)), &request(groups), Division::ByClass);
    classes.unwrap_or_else(|faults| panic!("{faults}")).remove(0)
}

fn reading(c: &mut Criterion) {
    let bytes = list(50, 3);
    c.bench_function("read 50", |b| b.iter(|| roster(black_box(&bytes))));
    let large = list(100_000, 3);
    let mut group = c.benchmark_group("large");
    group.sample_size(10);
    group.bench_function("read 100,000", |b| b.iter(|| roster(black_box(&large))));
}

fn compiling(c: &mut Criterion) {
    let (roster, request) = (roster(&list(50, 3)), request(5));
    c.bench_function("compile 50", |b| {
        b.iter(|| {
            let policy = Policy::apply(&request, &roster).unwrap_or_else(|faults| panic!("{faults}"));
            let problem = Problem::compile(&roster, &request, &policy).unwrap_or_else(|faults| panic!("{faults}"));
            Objective::new(black_box(&problem))
        });
    });
}

fn kernels(c: &mut Criterion) {
    let problem = prepared(50, 3, 5).problem;
    let objective = Objective::new(&problem);
    let Some(atoms) = Atoms::of(&problem) else { panic!("the sample class has no rules") };
    let mut rng = Pcg64::seed_from_u64(1);
    let Some(plan) = construct(&problem, &objective, &atoms, &Stop::after(None), &mut rng) else { panic!("no plan") };
    let ledger = Ledger::new(&objective, plan.clone());
    let first = |group: usize| (0..50).filter(|&s| plan[s] == group).take(1).collect::<Vec<_>>();
    let (from_a, from_b) = (first(0), first(1));
    let exchange = Exchange { a: 0, b: 1, from_a: &from_a, from_b: &from_b };
    c.bench_function("swap 50 into 5, three levels", |b| {
        b.iter(|| ledger.delta(black_box(exchange), objective.focus));
    });
    let resplit = Resplit::new(&problem, &objective, &atoms, objective.focus);
    let stop = Stop::after(None);
    c.bench_function("re-split 10 + 10, 30,240 ways", |b| {
        b.iter(|| resplit.best(&ledger, (0, 1), &[i64::MIN; MAX_LEVELS], &stop, &mut rng));
    });
}

/// The proof of level means from the plan that the solver ends with: list and cover hold nothing better.
fn covering(c: &mut Criterion) {
    let mut group = c.benchmark_group("cover");
    group.sample_size(10);
    // On the sample class of 50 with 3 subjects the closed-form bound is met, and the cover is never asked.
    for (students, subjects, groups) in [(36, 3, 6), (50, 5, 5)] {
        let class = prepared(students, subjects, groups);
        let shape = format!("{students} into {groups}, {subjects} subjects");
        let objective = Objective::new(&class.problem);
        let Some(atoms) = Atoms::of(&class.problem) else { panic!("the sample class has no rules") };
        let effort = Effort { seed: 1, work: None, prove: Prove::Model };
        let outcome = solve(&class.problem, effort, &Stop::after(None), &|_| ());
        let Some(plan) = outcome.plan else { panic!("no plan") };
        let budgets: Levels = objective.evaluate(&plan.group_of);
        let (problem, at) = (&class.problem, objective.focus);
        let (budgets, start) = (&budgets, plan.group_of.as_slice());
        let search = CoverSearch { problem, objective: &objective, atoms: &atoms, at, budgets, start, bound: i64::MIN };
        let limits = CoverLimits { most_groups: 1_000_000, work: u64::MAX };
        let Some(answer) = prove(&search, limits, &Stop::after(None)) else { panic!("no answer") };
        assert!(answer.exhausted && answer.listed > 0, "no proof, or one without a list, measures something else");
        let name = format!("prove {shape}, {} groups listed", answer.listed);
        group.bench_function(name, |b| b.iter(|| prove(black_box(&search), limits, &Stop::after(None))));
    }
}

fn solving(c: &mut Criterion) {
    let mut group = c.benchmark_group("solve");
    group.sample_size(10);
    let effort = Effort { seed: 1, work: None, prove: Prove::Model };
    for (students, subjects, groups) in
        [(50, 3, 5), (47, 3, 5), (36, 3, 6), (60, 3, 6), (12, 3, 3), (50, 4, 5), (50, 5, 5)]
    {
        let class = prepared(students, subjects, groups);
        group.bench_function(format!("{students} into {groups}, {subjects} subjects, to the proof"), |b| {
            b.iter(|| class.solve(effort, &Stop::after(None), &|_| (), Lang::En));
        });
    }
}

criterion_group!(benches, reading, compiling, kernels, covering, solving);
criterion_main!(benches);
