//! How a run of `fenzu solve` ends: what was asked is proved, work, time, Ctrl-C, a reader who has gone.

use crate::command::{Folder, command, dataset, fenzu, goal, sizes, solve};
use fenzu::plan::document::{Document, Status, StopReason};
use fenzu::sample::{ClassSpec, class_csv};
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

#[test]
fn the_work_allowed_ends_a_run() {
    let document = solve(&dataset("class50.csv"), &["--groups", "5", "--prove", "all", "--work", "1000"]);
    assert_eq!((document.stop, document.status), (StopReason::WorkLimit, Status::Feasible));
    assert_eq!(sizes(&document), [10; 5]);
}

#[test]
fn a_run_ends_when_what_was_asked_is_proved() {
    let list = dataset("class36.csv");
    let tiers = solve(&list, &["--groups", "6", "--prove", "tiers"]);
    assert_eq!(tiers.stop, StopReason::Proved);
    assert!(goal(&tiers, "tiers").proved);
    let means = solve(&list, &["--groups", "6", "--prove", "means", "--work", "100000"]);
    assert_eq!(means.stop, StopReason::WorkLimit);
    assert!(!goal(&means, "means").proved);
    let folder = Folder::new();
    let tiny = folder.write("tiny.csv", "id,math\na,1\nb,2\nc,3\nd,4\n");
    let all = solve(&tiny, &["--groups", "2", "--prove", "all"]);
    assert_eq!((all.status, all.stop), (Status::Optimal, StopReason::Proved));
    assert!(all.goals.iter().all(|goal| goal.proved), "{:?}", all.goals);
}

#[test]
fn the_clock_ends_a_run() {
    let folder = Folder::new();
    let list = folder.write("list.csv", class_csv(&ClassSpec { students: 300, ..ClassSpec::default() }));
    let document = solve(&list, &["--groups", "30", "--prove", "all", "--time-limit", "0.2"]);
    assert_eq!((document.stop, document.status), (StopReason::TimeLimit, Status::Feasible));
    assert_eq!(sizes(&document), [10; 30]);
}

/// Six students apart in five groups: no plan keeps that, and a proof takes more than no time.
#[test]
fn neither_plan_nor_proof_is_told_as_that() {
    let folder = Folder::new();
    let id = |n: usize| format!("S{n:03}");
    let six: Vec<String> = (1..=6).map(id).collect();
    let rules = folder.write("rules.json", serde_json::json!({ "apart": [six] }).to_string());
    let args = ["solve", &dataset("class50.csv"), "--groups", "5", "--rules", &rules, "--time-limit", "1e-9"];
    let table = fenzu(&args).code(4);
    assert!(table.text().contains("neither a grouping nor a proof"), "{}", table.text());
    let document = fenzu(&[&args[..], &["--format", "json"]].concat()).code(4).plan();
    assert_eq!((document.status, document.stop), (Status::Unknown, StopReason::TimeLimit));
    assert!(document.groups.is_empty() && document.goals.is_empty() && document.conflict.is_none());
}

#[test]
fn a_reader_who_has_gone_is_no_failure() {
    let list = dataset("class50.csv");
    for args in [&["solve", &list, "--work", "1000"][..], &["models"], &["completions", "bash"]] {
        let mut child = command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("ends");
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_table_goes_to_stdout_and_nothing_to_stderr() {
    let ended = fenzu(&["solve", &dataset("class50.csv"), "--work", "1000"]).code(0);
    assert_eq!(ended.err, "", "no progress bar but on a terminal");
}

/// A class on which a run goes on for a minute; its plan is longer than a pipe holds.
fn long_run(folder: &Folder) -> Child {
    let list = folder.write("list.csv", class_csv(&ClassSpec { students: 2000, ..ClassSpec::default() }));
    let args = ["solve", &list, "--groups", "200", "--time-limit", "60", "--format", "json"];
    command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts")
}

fn interrupt(child: &Child) {
    let kill = format!("kill -INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().expect("a shell").success());
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_the_best_plan_so_far() {
    let folder = Folder::new();
    let child = long_run(&folder);
    std::thread::sleep(Duration::from_millis(1500));
    interrupt(&child);
    let output = child.wait_with_output().expect("ends");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let document: Document = serde_json::from_slice(&output.stdout).expect("a plan");
    assert_eq!((document.stop, document.status), (StopReason::Cancelled, Status::Feasible));
    assert_eq!(sizes(&document), vec![10; 200]);
    assert!(document.elapsed_seconds < 30.0, "{}", document.elapsed_seconds);
}

#[cfg(unix)]
#[test]
fn ctrl_c_twice_ends_at_once() {
    let folder = Folder::new();
    let mut child = long_run(&folder);
    std::thread::sleep(Duration::from_millis(1500));
    interrupt(&child);
    // The plan is being written, and nobody reads on: the program waits, and the second Ctrl-C finds it alive.
    let mut first = [0];
    child.stdout.as_mut().expect("a pipe").read_exact(&mut first).expect("a byte");
    interrupt(&child);
    assert_eq!(child.wait().expect("ends").code(), Some(130));
}
