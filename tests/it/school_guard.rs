//! A defect stays in its class: the others are written, and what is told names the class and no student.

use crate::command::Folder;
use crate::school::{class, lists, plan, school, summary};
use fenzu::model::{Request, Sizing, builtin};
use fenzu::roster::Limits;
use fenzu::school::sources::{Source, Sources};
use fenzu::school::summary::{ClassRecord, State};
use fenzu::school::{Settings, Summary, Watch, run};
use fenzu::solver::{Effort, Prove, Stop};
use fenzu::words::Lang;
use rust_xlsxwriter::Workbook;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

fn settings(teachers: Option<&str>, lang: Lang) -> Settings {
    Settings {
        request: Request { sizing: Some(Sizing::Count(2)), ..Request::new(builtin::builtin()[0].clone()) },
        overrides: Vec::new(),
        effort: Effort { seed: 1, work: None, prove: Prove::Model },
        limit_seconds: 10.0,
        threads: 1,
        teachers: teachers.map(|path| Source::staff(Path::new(path), None).expect("a staff list")),
        claims: None,
        visits_first: false,
        previous: None,
        lang,
    }
}

/// Runs the library; `stop` is asked once for the run and once for each class that is solved.
fn ran(lists: Vec<Source>, settings: &Settings, out: &str, stop: &(dyn Fn(u32) -> Stop + Sync)) -> Summary {
    let cancelled = Arc::new(AtomicBool::new(false));
    let watch = Watch { stop, cancelled: &cancelled, progress: &|_, _| (), told: &|_| () };
    run(&Sources { lists, notices: Vec::new() }, settings, Path::new(out), &watch).expect("a summary")
}

fn time(times: u32) -> Stop {
    Stop::after(Some(Duration::from_secs(10 * u64::from(times))))
}

fn list(name: &str, seed: u64) -> Source {
    Source::sent(name, Arc::from(class(20, seed).into_bytes()), &Limits::default())
}

/// A list whose reading is a defect that quotes a student.
fn defect(name: &str) -> Source {
    Source::fetched(name, Arc::new(|| panic!("not a boundary in `王芳`")), &Limits::default())
}

fn is_told(record: &ClassRecord, class: &str) {
    let error = record.error.as_ref().expect("an error");
    assert_eq!((record.class.as_str(), record.state, error.code.as_str()), (class, State::Failed, "internal"));
    assert!(error.message.contains(class) && !error.message.contains("王芳"), "{}", error.message);
}

#[test]
fn a_defect_of_reading_stays_in_its_class() {
    let folder = Folder::new();
    for (lang, word) in [(Lang::En, "an error inside fenzu"), (Lang::Zh, "fenzu 内部出错")] {
        let out = folder.path(word);
        let lists = vec![list("c1.csv", 1), defect("c2.csv"), list("c3.csv", 3)];
        let summary = ran(lists, &settings(None, lang), &out, &time);
        assert_eq!(summary.count(State::Done), 2);
        is_told(&summary.classes[1], "c2");
        assert!(summary.classes[1].error.as_ref().is_some_and(|error| error.message.contains(word)));
        assert!(plan(&out, "c1").groups.len() == 2 && plan(&out, "c3").groups.len() == 2);
        assert!(!Path::new(&format!("{out}/classes/c2.json")).exists());
    }
}

#[test]
fn a_defect_of_solving_stays_in_its_class() {
    let folder = Folder::new();
    let staff = folder.write("staff.csv", "id,name,classes,max_groups\nT1,Li,c1;c2;c3,6\n");
    for teachers in [None, Some(staff.as_str())] {
        let asked = AtomicU32::new(0);
        let stop = |times: u32| {
            // Once for the run, for the fitting where there are teachers, and then class by class.
            let second = if teachers.is_some() { 3 } else { 2 };
            assert!(asked.fetch_add(1, Ordering::Relaxed) != second, "a defect at 王芳");
            time(times)
        };
        let out = folder.path(if teachers.is_some() { "staffed" } else { "alone" });
        let lists = (1..=3).map(|n| list(&format!("c{n}.csv"), n)).collect();
        let summary = ran(lists, &settings(teachers, Lang::En), &out, &stop);
        assert_eq!(summary.count(State::Done), 2, "{}", summary.json());
        is_told(&summary.classes[1], "c2");
        assert!(plan(&out, "c3").groups.iter().all(|group| group.teacher.is_some() == teachers.is_some()));
    }
}

#[test]
fn a_sheet_of_notes_ends_no_run() {
    let folder = Folder::new();
    let mut book = Workbook::new();
    for (name, seed) in [("七1班", 1), ("七2班", 2)] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        for (row, line) in (0..).zip(class(20, seed).lines()) {
            for (column, cell) in (0..).zip(line.split(',')) {
                sheet.write_string(row, column, cell).expect("a cell");
            }
        }
    }
    let notes = book.add_worksheet().set_name("说明").expect("a name");
    for (row, text) in (0..).zip(["填写说明", "一、请勿改动表头", "二、成绩填原始分"]) {
        notes.write_string(row, 0, text).expect("a cell");
    }
    std::fs::create_dir_all(folder.path("lists")).expect("a folder");
    std::fs::write(folder.path("lists/七年级.xlsx"), book.save_to_buffer().expect("a workbook")).expect("a list");
    std::fs::write(folder.path("lists/c9.csv"), class(20, 9)).expect("a list");
    let out = folder.path("out");
    let ended = school(&folder.path("lists"), &out, &["--groups", "2"]);
    assert_ne!(ended.code, Some(1), "{}", ended.err);
    assert!(!ended.err.contains("defect at"), "{}", ended.err);
    let classes = summary(&out)["classes"].as_array().cloned().unwrap_or_default();
    assert!(classes.iter().any(|class| class["class"] == "c9" && class["state"] == "done"));
    assert!(classes.iter().all(|class| class["state"] != "failed"));
}

#[test]
fn a_doubtful_list_is_refused_and_may_be_accepted() {
    let folder = Folder::new();
    let lists = lists(&folder, 1);
    for option in [&["--accept-reading"][..], &["--accept-reading=all"], &["--exclude", "S001、S002,S003"]] {
        let out = folder.path(&option.join("_").replace(['、', ',', '='], "_"));
        school(&lists, &out, &[&["--groups", "2"], option].concat()).code(0);
    }
}
