//! A school's run that is stopped goes on: the same files as an undisturbed run, and no class solved twice.

use crate::command::{Folder, command};
use crate::school::{class, files, lists, plan, school, summary};
use fenzu::roster::sha256;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

/// When each class's state was written.
fn written(out: &str) -> Vec<(String, SystemTime)> {
    let Ok(entries) = std::fs::read_dir(format!("{out}/.fenzu")) else { return Vec::new() };
    let mut times: Vec<(String, SystemTime)> = entries
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "json"))
        .map(|entry| {
            let time = entry.metadata().and_then(|file| file.modified()).expect("a time");
            (entry.file_name().to_string_lossy().into_owned(), time)
        })
        .collect();
    times.sort();
    times
}

#[test]
fn a_killed_run_goes_on() {
    let folder = Folder::new();
    let input = folder.path("lists");
    std::fs::create_dir_all(&input).expect("a folder");
    for i in 1..=30 {
        std::fs::write(format!("{input}/c{i:02}.csv"), class(46 + i % 5, i as u64)).expect("a list");
    }
    let (whole, broken) = (folder.path("whole"), folder.path("broken"));
    school(&input, &whole, &[]).code(0);
    // One thread, so that the run goes on for long after it is seen at work.
    let mut child = command(&["school", &input, "--output", &broken, "--threads", "1"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a start");
    let begun = Instant::now();
    while written(&broken).len() < 5 && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().expect("kill -9");
    child.wait().expect("an end");
    let before = written(&broken);
    assert!((5..30).contains(&before.len()), "killed in the middle: {} classes", before.len());
    assert!(!Path::new(&format!("{broken}/summary.json")).exists());
    let ended = school(&input, &broken, &[]).code(0);
    let kept = format!("{} kept from an earlier run", before.len());
    assert!(ended.text().contains(&kept), "{kept}: {}", ended.text());
    let after = written(&broken);
    assert!(before.iter().all(|state| after.contains(state)), "a class that was done is not solved again");
    let (whole, broken) = (files(&whole), files(&broken));
    assert_eq!(different(&whole, &broken), Vec::<String>::new());
}

/// The files that one folder lacks or that differ.
fn different(a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    a.keys().chain(b.keys()).filter(|name| a.get(*name) != b.get(*name)).cloned().collect()
}

#[test]
fn only_what_changed_is_solved_again() {
    let folder = Folder::new();
    let lists = lists(&folder, 4);
    let out = folder.path("out");
    school(&lists, &out, &["--groups", "3"]).code(0);
    let first = files(&out);
    assert!(school(&lists, &out, &["--groups", "3"]).code(0).text().contains("4 kept"));
    assert_eq!(different(&files(&out), &first), Vec::<String>::new());
    std::fs::write(format!("{lists}/c02.csv"), class(30, 77)).expect("a list");
    assert!(school(&lists, &out, &["--groups", "3"]).code(0).text().contains("3 kept"));
    assert_eq!(summary(&out)["classes"][1]["students"], 30);
    assert!(school(&lists, &out, &["--groups", "2"]).code(0).text().contains("0 kept"));
}

#[test]
fn ctrl_c_finishes_what_runs() {
    let folder = Folder::new();
    let input = folder.path("lists");
    std::fs::create_dir_all(&input).expect("a folder");
    for i in 1..=40 {
        std::fs::write(format!("{input}/c{i:02}.csv"), class(50, i as u64)).expect("a list");
    }
    let out = folder.path("out");
    let args = ["school", &input, "--output", &out, "--threads", "1"];
    let child = command(&args).stdout(Stdio::piped()).spawn().expect("a start");
    let begun = Instant::now();
    while written(&out).len() < 3 && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    let interrupt = format!("kill -INT {}", child.id());
    assert!(std::process::Command::new("sh").args(["-c", &interrupt]).status().expect("a shell").success());
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8_lossy(&output.stdout);
    let summary = summary(&out);
    let (done, left) = (summary["classes"].as_array().map_or(0, Vec::len), summary["left"].as_u64().unwrap_or(0));
    assert!(done >= 3 && left > 0 && done as u64 + left == 40, "{done} done, {left} left: {text}");
    assert!(text.contains("the same command goes on"), "{text}");
    school(&input, &out, &[]).code(0);
    assert_eq!(crate::school::summary(&out)["left"], 0);
}

#[test]
fn a_class_is_solved_again_when_columns_or_last_semester_are_others() {
    let folder = Folder::new();
    let lists = lists(&folder, 2);
    let staff = |max: u32| folder.write("staff.csv", format!("id,name,classes,max_groups\nT1,Li,c01;c02,{max}\n"));
    let kept = |out: &str, options: &[&str]| {
        let ended = school(&lists, out, &[&["--groups", "2"], options].concat()).code(0);
        let text = ended.text();
        (0..=2).find(|n| text.contains(&format!("{n} kept"))).expect("a number")
    };
    let out = folder.path("out");
    let of_staff = |max| kept(&out, &["--teachers", &staff(max)]);
    // Another staff list that asks the same of the groups: the groups stand, and say by which list they are staffed.
    assert_eq!([of_staff(4), of_staff(4), of_staff(5)], [0, 2, 2]);
    assert_eq!(plan(&out, "c01").request.staff_sha256, Some(sha256(&std::fs::read(staff(5)).expect("a list"))));
    let column = |column: &str| kept(&folder.path("columns"), &["--column", column]);
    // Neither changes the problem, but the plan says how every column was read.
    assert_eq!([column("notes=name"), column("notes=name"), column("other=name")], [0, 2, 0]);
    let olds = [1, 2].map(|seed| {
        let old = folder.path(&format!("old{seed}"));
        school(&lists, &old, &["--groups", "2", "--seed", &seed.to_string()]).code(0);
        old
    });
    let last = |old: &str| kept(&folder.path("next"), &["--previous", old]);
    assert_eq!([last(&olds[0]), last(&olds[0])], [0, 2]);
    let path = format!("{}/classes/c01.json", olds[0]);
    let text = std::fs::read_to_string(&path).expect("a plan");
    std::fs::write(&path, text.replace("\"elapsed_seconds\": 0.0", "\"elapsed_seconds\": 1.0")).expect("a plan");
    assert_eq!(last(&olds[0]), 1, "another file of the same groups");
}
