//! How a school's run ends: stopped by Ctrl-C, kept out by another run, with demands proved infeasible; and what it leaves in the folder.

use crate::command::{Folder, command, fenzu};
use crate::school::{class, files, lists, plan, school, summary};
use fenzu::model::{Request, Sizing, builtin};
use fenzu::school::sources::{Source, find};
use fenzu::school::summary::Stopped;
use fenzu::school::{Settings, Summary, Watch, run};
use fenzu::solver::{Effort, Prove, Stop};
use fenzu::words::Lang;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

fn start(args: &[&str]) -> Child {
    command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a start")
}

/// A class takes a second at this depth and one thread takes them one by one, so that a run of 20 classes and more goes on for
/// long after a poller has seen its first ones, even on a machine that lets the poller wait.
const SLOW: [&str; 6] = ["--prove", "all", "--time-limit", "1", "--threads", "1"];

/// Presses Ctrl-C as soon as `begun` says so.
fn interrupt(child: Child, begun: impl Fn() -> bool) -> Output {
    let start = Instant::now();
    while !begun() && start.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    let kill = format!("kill -INT {}", child.id());
    assert!(std::process::Command::new("sh").args(["-c", &kill]).status().expect("a shell").success());
    child.wait_with_output().expect("an end")
}

/// Number of states in an output folder.
fn states(out: &str) -> usize {
    let Ok(entries) = std::fs::read_dir(format!("{out}/.fenzu")) else { return 0 };
    entries
        .filter(|entry| {
            entry.as_ref().is_ok_and(|entry| entry.path().extension().is_some_and(|ending| ending == "json"))
        })
        .count()
}

/// A folder of `count` lists of 50, and a staff list for them.
fn large(folder: &Folder, name: &str, count: usize, seed: u64) -> (String, String) {
    let path = folder.path(name);
    std::fs::create_dir_all(&path).expect("a folder");
    let mut staff = "id,name,classes,max_groups\n".to_owned();
    for i in 1..=count {
        std::fs::write(format!("{path}/c{i:02}.csv"), class(50, seed + i as u64)).expect("a list");
        staff += &format!("T{i},Teacher{i},c{i:02},5\n");
    }
    (path, folder.write("staff.csv", staff))
}

#[test]
fn ctrl_c_before_the_staffing_leaves_what_stands() {
    let folder = Folder::new();
    let (input, staff) = large(&folder, "lists", 30, 0);
    let out = folder.path("out");
    school(&input, &out, &["--teachers", &staff, "--prove", "tiers"]).code(0);
    let before = files(&out);
    // Another depth of proof: every class is solved again, and the run is stopped at it.
    let done = states(&out);
    let times =
        || std::fs::metadata(format!("{out}/.fenzu/c02.json")).and_then(|file| file.modified()).expect("a time");
    let then = times();
    let child = start(&[&["school", &input, "--output", &out, "--teachers", &staff][..], &SLOW].concat());
    let output = interrupt(child, || times() != then);
    assert_eq!((output.status.code(), done), (Some(0), 30), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("stopped before the staffing") && text.contains("the same command goes on"), "{text}");
    let results = |files: &std::collections::BTreeMap<String, Vec<u8>>| {
        files.iter().filter(|(name, _)| !name.starts_with(".fenzu")).map(|(_, bytes)| bytes.clone()).collect::<Vec<_>>()
    };
    assert!(results(&files(&out)) == results(&before), "teachers and plans stand as they were");
    school(&input, &out, &["--teachers", &staff]).code(0);
    assert!(plan(&out, "c30").groups.iter().all(|group| group.teacher.is_some()));
}

#[test]
fn ctrl_c_leaves_the_other_schools_of_a_district_alone() {
    let folder = Folder::new();
    large(&folder, "district/a", 25, 0);
    let small = folder.path("district/b");
    std::fs::create_dir_all(&small).expect("a folder");
    std::fs::write(format!("{small}/c1.csv"), class(20, 1)).expect("a list");
    let (district, out) = (folder.path("district"), folder.path("out"));
    let child = start(&[&["school", &district, "--schools", "--output", &out][..], &SLOW].concat());
    let output = interrupt(child, || states(&format!("{out}/a")) >= 3);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("1 schools were not reached"), "{text}");
    assert_eq!(summary(&out)["schools"][1], serde_json::json!({"school": "b", "state": "left"}));
    assert!(!Path::new(&format!("{out}/b")).exists());
    school(&district, &out, &["--schools"]).code(0);
    assert_eq!(summary(&out)["schools"][1]["done"], 1);
}

#[test]
fn an_output_folder_in_use_is_refused() {
    let folder = Folder::new();
    let lists = lists(&folder, 1);
    let out = folder.path("out");
    school(&lists, &out, &["--groups", "2"]).code(0);
    let file = File::options().append(true).open(format!("{out}/.fenzu/lock")).expect("the lock");
    file.lock().expect("a lock");
    for ended in
        [school(&lists, &out, &["--groups", "3"]).code(2), fenzu(&["school", "repair", &out, "--left", "S001"]).code(2)]
    {
        assert!(ended.err.contains("[output_in_use]"), "{}", ended.err);
    }
    drop(file);
    school(&lists, &out, &["--groups", "3"]).code(0);
}

#[test]
fn what_a_folder_holds_is_looked_at_when_nobody_writes_into_it() {
    let folder = Folder::new();
    let lists = lists(&folder, 1);
    let out = folder.path("out");
    school(&lists, &out, &["--groups", "2"]).code(0);
    fenzu(&["school", "repair", &out, "--left", "S001"]).code(0);
    let file = File::options().append(true).open(format!("{out}/.fenzu/lock")).expect("the lock");
    file.lock().expect("a lock");
    // The repair may be another's who is not done.
    let ended = school(&lists, &out, &["--groups", "2"]).code(2);
    assert!(ended.err.contains("[output_in_use]") && !ended.err.contains("[repaired_since]"), "{}", ended.err);
    drop(file);
    assert!(school(&lists, &out, &["--groups", "2"]).code(2).err.contains("[repaired_since]"));
}

#[test]
fn demands_that_cannot_hold_are_a_proved_no() {
    let folder = Folder::new();
    let lists = lists(&folder, 1);
    let staff = |must: [&str; 2]| {
        let rows = format!("id,name,classes,max_groups,must\nT1,Li,c01,1,{}\nT2,Wang,c01,1,{}\n", must[0], must[1]);
        folder.write("staff.csv", rows)
    };
    let out = folder.path("out");
    school(&lists, &out, &["--groups", "2", "--teachers", &staff(["S001", "S002"])]).code(0);
    let ended = school(&lists, &out, &["--groups", "2", "--teachers", &staff(["S001", "S001"])]).code(3);
    assert_eq!(summary(&out)["conflict"][0]["rule"], "staff.demands", "{}", ended.text());
}

#[test]
fn files_of_classes_and_teachers_that_left_are_removed() {
    let folder = Folder::new();
    let lists = lists(&folder, 3);
    let staff = |rows: &str| folder.write("staff.csv", format!("id,name,classes,max_groups\n{rows}"));
    let out = folder.path("out");
    let options = ["--groups", "2", "--teachers"];
    let both = staff("T1,Li,c01;c02;c03,3\nT2,Wang,c01;c02;c03,3\n");
    school(&lists, &out, &[&options[..], &[&both]].concat()).code(0);
    let there = |file: &str| Path::new(&format!("{out}/{file}")).exists();
    let of_class = ["classes/c02.json", "classes/c02.xlsx", "public/c02.html", ".fenzu/c02.json"];
    assert!(of_class.iter().all(|file| there(file)) && there("teachers/T2.xlsx"));
    // A list that cannot be read now is a class all the same.
    std::fs::remove_file(format!("{lists}/c02.csv")).expect("a file");
    std::fs::write(format!("{lists}/c03.csv"), [0, 159, 146, 150, 7, 0]).expect("a file");
    let one = staff("T1,Li,c01;c03,6\n");
    school(&lists, &out, &[&options[..], &[&one]].concat()).code(2);
    assert!(of_class.iter().all(|file| !there(file)), "the plan of a class that left");
    assert!(!there("teachers/T2.xlsx") && there("teachers/T1.xlsx"));
    // What stands is valid; the state of a class that may be back stays.
    assert!(there("classes/c01.json") && !there("classes/c03.json") && there(".fenzu/c03.json"));
    assert!(there("history/1/classes/c03.json"));
    school(&lists, &out, &["--groups", "2"]).code(2);
    assert!(!there("teachers/T1.xlsx"), "a school without a staff list has no registers");
}

#[test]
fn classes_of_a_list_that_cannot_be_read_for_the_moment_are_not_solved_again() {
    let folder = Folder::new();
    let (lists, out) = (folder.path("lists"), folder.path("out"));
    std::fs::create_dir_all(&lists).expect("a folder");
    let grade = |classes: &[&str]| {
        let texts = classes.iter().zip(1..).map(|(name, seed)| (name, class(20, seed)));
        let rows = texts.map(|(name, text)| {
            let header = text.lines().next().map(|header| format!("class,{header}\n")).unwrap_or_default();
            (header, text.lines().skip(1).map(|row| format!("{name},{row}\n")).collect::<String>())
        });
        let rows: Vec<(String, String)> = rows.collect();
        rows[0].0.clone() + &rows.iter().map(|(_, rows)| rows.as_str()).collect::<String>()
    };
    let write = |bytes: &[u8]| std::fs::write(format!("{lists}/grade7.csv"), bytes).expect("a list");
    write(grade(&["7-1", "7-2"]).as_bytes());
    std::fs::write(format!("{lists}/c8.csv"), class(20, 8)).expect("a list");
    school(&lists, &out, &["--groups", "2"]).code(0);
    let there = |class: &str| Path::new(&format!("{out}/classes/{class}.xlsx")).exists();
    // The office program has it open, say; meanwhile another class has left.
    write(&[0, 159, 146, 150, 7, 0]);
    std::fs::remove_file(format!("{lists}/c8.csv")).expect("a list");
    school(&lists, &out, &["--groups", "2"]).code(2);
    assert!(!there("7-1") && !there("7-2") && !there("c8"), "nothing of an earlier run looks valid");
    write(grade(&["7-1", "7-2"]).as_bytes());
    assert!(school(&lists, &out, &["--groups", "2"]).code(0).text().contains("2 kept"));
    write(grade(&["7-1", "7-3"]).as_bytes());
    school(&lists, &out, &["--groups", "2"]).code(0);
    assert!(there("7-1") && !there("7-2") && there("7-3"), "a list that is read says which classes are gone");
}

#[cfg(unix)]
#[test]
fn files_keep_the_users_umask() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let lists = lists(&folder, 1);
    for (umask, mode) in [("077", 0o600), ("002", 0o664)] {
        let out = folder.path(umask);
        let run = format!("umask {umask}; exec \"$0\" school \"$1\" --output \"$2\"");
        let program = env!("CARGO_BIN_EXE_fenzu");
        let ended = std::process::Command::new("sh").args(["-c", &run, program, &lists, &out]).output().expect("a run");
        assert!(ended.status.success());
        for file in ["summary.json", "classes/c01.xlsx", ".fenzu/c01.json"] {
            let permissions = std::fs::metadata(format!("{out}/{file}")).expect("a file").permissions();
            assert_eq!(permissions.mode() & 0o777, mode, "{file} under {umask}");
        }
    }
}

#[test]
fn a_summary_that_leads_elsewhere_is_refused() {
    let folder = Folder::new();
    let lists = lists(&folder, 1);
    let out = folder.path("out");
    school(&lists, &out, &["--groups", "2"]).code(0);
    let path = format!("{out}/summary.json");
    let text = std::fs::read_to_string(&path).expect("a summary");
    let elsewhere = folder.write("elsewhere.json", "{}");
    std::fs::write(&path, text.replace("\"file\": \"c01\"", "\"file\": \"../../elsewhere\"")).expect("a file");
    for args in [
        vec!["school", "repair", &out, "--left", "S001"],
        vec!["school", &lists, "--previous", &out, "--output", &folder.path("next")],
    ] {
        let ended = fenzu(&args).code(2);
        assert!(ended.err.contains("[no_school_output]") && ended.err.contains("../../elsewhere"), "{}", ended.err);
    }
    // A new run takes nothing from it.
    school(&lists, &out, &["--groups", "2"]).code(0);
    assert_eq!(std::fs::read_to_string(elsewhere).expect("a file"), "{}");
}

/// Runs the library and cancels as soon as every class is solved.
fn cancelled_before_staffing(lists: &str, staff: &str, out: &str) -> Summary {
    cancelled(lists, Some(staff), out, |done, all| done == all)
}

/// Runs the library, one class at a time, and cancels as soon as this is so of the classes that are done and their number.
fn cancelled(lists: &str, staff: Option<&str>, out: &str, when: impl Fn(usize, usize) -> bool + Sync) -> Summary {
    let settings = Settings {
        request: Request { sizing: Some(Sizing::Count(2)), ..Request::new(builtin::builtin()[0].clone()) },
        overrides: Vec::new(),
        effort: Effort { seed: 1, work: None, prove: Prove::Model },
        limit_seconds: 10.0,
        threads: 1,
        teachers: staff.map(|staff| Source::staff(Path::new(staff), None).expect("a staff list")),
        claims: None,
        visits_first: false,
        previous: None,
        lang: Lang::En,
    };
    let cancelled = Arc::new(AtomicBool::new(false));
    let watch = Watch {
        stop: &|times| Stop::after(Some(Duration::from_secs(10 * u64::from(times)))),
        cancelled: &cancelled,
        progress: &|done, all| cancelled.store(when(done, all), Ordering::Relaxed),
        told: &|_| (),
    };
    let sources = find(&[lists.into()], &[]).expect("lists");
    run(&sources, &settings, Path::new(out), &watch).expect("a summary")
}

#[test]
fn plans_without_teachers_are_told_as_such() {
    let folder = Folder::new();
    let lists = lists(&folder, 2);
    let staff = folder.write("staff.csv", "id,name,classes,max_groups\nT1,Li,c01;c02,4\n");
    let out = folder.path("out");
    let summary = cancelled_before_staffing(&lists, &staff, &out);
    assert_eq!((summary.stopped, summary.left), (Some(Stopped::WithoutTeachers), 0));
    let teachers = |class: &str| plan(&out, class).groups.iter().filter(|group| group.teacher.is_some()).count();
    assert_eq!(teachers("c01"), 0);
    school(&lists, &out, &["--groups", "2", "--teachers", &staff]).code(0);
    assert_eq!((teachers("c01"), teachers("c02")), (2, 2));
    let before = files(&out);
    let summary = cancelled_before_staffing(&lists, &staff, &out);
    assert_eq!((summary.stopped, summary.classes.len()), (Some(Stopped::ResultsStand), 2));
    assert!(files(&out) == before, "what stood stands");
}

#[test]
fn registers_of_a_staffing_that_is_gone_go_even_where_a_run_is_stopped() {
    let folder = Folder::new();
    let lists = lists(&folder, 3);
    let staff = folder.write("staff.csv", "id,name,classes,max_groups\nT1,Li,c01;c02;c03,6\n");
    let out = folder.path("out");
    school(&lists, &out, &["--groups", "2", "--teachers", &staff]).code(0);
    let there = |file: &str| Path::new(&format!("{out}/{file}")).exists();
    assert!(there("teachers/T1.xlsx"));
    std::fs::remove_file(format!("{lists}/c03.csv")).expect("a file");
    assert_eq!(cancelled(&lists, None, &out, |done, _| done > 0).left, 1);
    assert!(!there("teachers/T1.xlsx"), "its groups have no teacher any more");
    assert!(there("classes/c03.json"), "classes wait for the end");
}

#[cfg(unix)]
#[test]
fn class_names_move_no_cursor() {
    let folder = Folder::new();
    let lists = lists(&folder, 1);
    std::fs::write(format!("{lists}/c\u{1b}]0;x\u{7}2.csv"), "nothing\n").expect("a list");
    let ended = school(&lists, &folder.path("out"), &["--groups", "2"]).code(2);
    assert!(!ended.text().contains(['\u{1b}', '\u{7}']) && ended.text().contains("c ]0;x 2:"), "{:?}", ended.text());
}
