//! The same list, seed and version give the same plan, on any number of threads, wherever the clock did not end the run.

use crate::command::{Folder, dataset, groups, solve, timeless};
use fenzu::plan::document::{Document, StopReason};
use fenzu::sample::{ClassSpec, Marks, class_csv};

fn runs(list: &str, options: &[&str], threads: &str) -> Document {
    timeless(solve(list, &[options, &["--threads", threads, "--time-limit", "600"]].concat()))
}

fn repeats(list: &str, options: &[&str]) -> Document {
    let one = runs(list, options, "1");
    assert_ne!(one.stop, StopReason::TimeLimit);
    for threads in ["1", "2", "3"] {
        assert_eq!(one, runs(list, options, threads), "{list} {options:?} on {threads} threads");
    }
    one
}

#[test]
fn runs_that_prove_what_was_asked() {
    assert_eq!(repeats(&dataset("class50.csv"), &["--groups", "5"]).stop, StopReason::Proved);
    repeats(&dataset("class50_messy.xlsx"), &["--groups", "5", "--seed", "77"]);
}

#[test]
fn runs_that_the_work_limit_ends() {
    let folder = Folder::new();
    let ended = repeats(&dataset("class36.csv"), &["--groups", "6", "--work", "2000000"]);
    assert_eq!(ended.stop, StopReason::WorkLimit);
    repeats(&dataset("class50.csv"), &["--groups", "5", "--prove", "all", "--work", "3000000"]);
    repeats(&dataset("teams30.csv"), &["--model", "project-teams", "--work", "1000000"]);
    repeats(&dataset("teams30.csv"), &["--model", "diversity", "--work", "300000"]);
    let half = ClassSpec { students: 55, subjects: 5, marks: Marks::HalfPoints, seed: 9, ..ClassSpec::default() };
    let list = folder.write("half.csv", class_csv(&half));
    repeats(&list, &["--size", "9..10", "--work", "1000000"]);
}

#[test]
fn runs_with_rules_and_with_the_mip() {
    let folder = Folder::new();
    let rules = folder.write(
        "rules.json",
        r#"{"apart": [["S001", "S002", "S003", "S004"], ["S010", "S011"]], "together": [["S020", "S021", "S022"]],
            "pin": [{"student": "S030", "group": 2}], "never_alone": [{"column": "left_behind"}]}"#,
    );
    repeats(&dataset("class50.csv"), &["--groups", "5", "--rules", &rules, "--work", "2000000"]);
    let small = folder.write("small.csv", class_csv(&ClassSpec { students: 12, ..ClassSpec::default() }));
    let proved = repeats(&small, &["--groups", "3"]);
    assert_eq!(proved.stop, StopReason::Proved);
}

#[test]
fn another_seed_may_find_another_plan() {
    let list = dataset("class36.csv");
    let plan = |seed| groups(&solve(&list, &["--groups", "6", "--work", "10000", "--seed", seed]));
    assert!(["2", "3", "4"].iter().any(|seed| plan(seed) != plan("1")));
}
