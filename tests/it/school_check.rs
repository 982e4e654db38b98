//! `fenzu school check`: a finished folder agrees with itself, and whatever is changed in it is found.

use crate::command::{Ended, Folder, fenzu};
use crate::school::{class, files, plan, school, summary};
use crate::school_registers::{change as workbook, fill, home, rows};
use serde_json::Value;
use std::path::Path;

const STAFF: &str = "id,name,classes,max_groups\nT1,Li,c1;c2,2\nT2,Wang,c1;c2,2\nT3,Zhao,c1;c2,2\n";

/// Two classes of 30 in three groups each, with teachers; the output folder.
pub fn staffed(folder: &Folder) -> String {
    let (lists, out) = (folder.path("lists"), folder.path("out"));
    std::fs::create_dir_all(&lists).expect("a folder");
    for n in 1..=2 {
        std::fs::write(format!("{lists}/c{n}.csv"), class(30, n)).expect("a list");
    }
    let staff = folder.write("staff.csv", STAFF);
    school(&lists, &out, &["--groups", "3", "--teachers", &staff]).code(0);
    out
}

fn check(out: &str) -> Ended {
    fenzu(&["school", "check", out])
}

/// Changes a JSON file.
fn change(path: &str, change: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON");
    change(&mut value);
    std::fs::write(path, value.to_string()).expect("a file");
}

#[test]
fn what_a_run_wrote_agrees() {
    let folder = Folder::new();
    let out = staffed(&folder);
    let before = files(&out);
    let ended = check(&out).code(0);
    assert!(ended.text().contains("c1: agrees") && ended.text().contains("c2: agrees"), "{}", ended.text());
    assert_eq!(ended.text().lines().count(), 3, "{}", ended.text());
    let ended = fenzu(&["school", "check", &out, "--lang", "zh"]).code(0);
    assert!(ended.text().contains("c1：无误") && ended.text().contains("全校：教师"), "{}", ended.text());
    assert!(files(&out) == before, "nothing is written");
    // After a repair, and in the next semester with the groups of then.
    fenzu(&["school", "repair", &out, "--left", "c1/S001"]).code(0);
    check(&out).code(0);
    for keep in [&[][..], &["--keep"]] {
        let next = folder.path(if keep.is_empty() { "next" } else { "kept" });
        school(&folder.path("lists"), &next, &[&["--groups", "3", "--previous", &out], keep].concat()).code(0);
        check(&next).code(0);
    }
}

#[test]
fn whatever_is_changed_is_found() {
    let folder = Folder::new();
    let out = staffed(&folder);
    let found = |file: &str, code: &str, change: &dyn Fn(&str)| {
        let path = format!("{out}/{file}");
        let kept = std::fs::read(&path).expect("a file");
        change(&path);
        let ended = check(&out).code(3);
        assert!(ended.text().contains(&format!("[{code}]")), "{code}: {}", ended.text());
        std::fs::write(&path, kept).expect("a file");
        check(&out).code(0);
    };
    let swap = |path: &str| {
        change(path, |plan| {
            let one = plan["groups"][0]["students"][0].clone();
            let other = std::mem::replace(&mut plan["groups"][1]["students"][0], one);
            plan["groups"][0]["students"][0] = other;
        });
    };
    found("classes/c1.json", "workbook", &swap);
    found("classes/c1.json", "public_page", &swap);
    found("classes/c2.json", "unknown_teacher", &|path| {
        change(path, |plan| plan["groups"][0]["teacher"] = "T9".into());
    });
    found("public/c1.html", "public_page", &|path| {
        let text = std::fs::read_to_string(path).expect("a page");
        let (before, rest) = text.split_once("<li><b><bdi>").expect("a name");
        let (_, rest) = rest.split_once("</li>").expect("a name");
        std::fs::write(path, format!("{before}{rest}")).expect("a page");
    });
    found("summary.json", "summary", &|path| {
        change(path, |summary| summary["classes"][0]["students"] = 31.into());
    });
    found("summary.json", "summary", &|path| {
        change(path, |summary| summary["teachers"][0]["visits"] = 1.into());
    });
    found("teachers/T1.xlsx", "file_missing", &|path| std::fs::remove_file(path).expect("a register"));
    found(".fenzu/staff", "teacher_groups", &|path| {
        std::fs::write(path, STAFF.replace("T1,Li,c1;c2,2", "T1,Li,c1;c2,1")).expect("a list");
    });
    // Claims, and who changed teacher for them.
    let claims = folder.write("claims.csv", "id,prefers,group name\nT1,c1/1,Comet\nT2,c1/1;c2/1,\nT3,c2/2,\n");
    let (lists, staff) = (folder.path("lists"), folder.path("staff.csv"));
    school(&lists, &out, &["--groups", "3", "--teachers", &staff, "--claims", &claims]).code(0);
    check(&out).code(0);
    found("summary.json", "claim_answer", &|path| {
        change(path, |summary| summary["claim_answers"][0]["to"] = "T9".into());
    });
    found("summary.json", "claim_name", &|path| {
        change(path, |summary| {
            let answers = summary["claim_answers"].as_array_mut().expect("answers");
            let won = answers.iter_mut().find(|of| of["answer"] == "won").expect("a wish that came true");
            won["group_name"] = "Meteor".into();
        });
    });
    for level in ["moved_groups", "moved_students"] {
        found("summary.json", level, &|path| {
            change(path, |summary| {
                let levels = summary["staffing"].as_array_mut().expect("levels");
                let level = levels.iter_mut().find(|of| of["name"] == level).expect("the level");
                level["value"] = 99.into();
            });
        });
    }
    std::fs::write(format!("{out}/public/c9.html"), "an old page").expect("a page");
    let ended = check(&out).code(3);
    assert!(ended.text().contains("[stray_file] public/c9.html"), "{}", ended.text());
}

#[test]
fn what_cannot_be_read_is_a_fault() {
    let folder = Folder::new();
    let out = staffed(&folder);
    std::fs::write(format!("{out}/classes/c1.json"), "{").expect("a file");
    let ended = check(&out).code(2);
    assert!(ended.err.contains("[plan_json]") && ended.text().is_empty(), "{}", ended.err);
    std::fs::remove_file(format!("{out}/.fenzu/c2.json")).expect("a state");
    let ended = check(&out).code(2);
    assert!(ended.err.contains("[plan_json]") && ended.err.contains("[no_state]"), "{}", ended.err);
    check(&folder.path("nowhere")).code(2);
}

#[test]
fn a_refused_class_has_nothing_that_looks_like_its_plan() {
    let folder = Folder::new();
    let out = staffed(&folder);
    std::fs::write(folder.path("lists/c2.csv"), "nothing\n").expect("a list");
    let staff = folder.path("staff.csv");
    let run = || school(&folder.path("lists"), &out, &["--groups", "3", "--teachers", &staff]);
    run().code(2);
    for file in ["classes/c2.json", "classes/c2.xlsx", "public/c2.html"] {
        assert!(!Path::new(&format!("{out}/{file}")).exists(), "{file}");
        assert!(Path::new(&format!("{out}/history/1/{file}")).exists(), "{file}");
    }
    assert_eq!(summary(&out)["classes"][1]["state"], "refused");
    let ended = check(&out).code(0);
    assert!(ended.text().contains("c2: no plan"), "{}", ended.text());
    // The list is whole again: the class is not solved again.
    std::fs::write(folder.path("lists/c2.csv"), class(30, 2)).expect("a list");
    assert!(run().code(0).text().contains("2 kept"));
    check(&out).code(0);
}

#[test]
fn a_district_is_judged_school_by_school() {
    let folder = Folder::new();
    let (district, out) = (folder.path("district"), folder.path("out"));
    for (name, seed) in [("a", 1), ("b", 2)] {
        std::fs::create_dir_all(format!("{district}/{name}")).expect("a folder");
        std::fs::write(format!("{district}/{name}/c1.csv"), class(20, seed)).expect("a list");
    }
    school(&district, &out, &["--schools", "--groups", "2"]).code(0);
    let ended = check(&out).code(0);
    assert!(ended.text().contains("a c1: agrees") && ended.text().contains("b c1: agrees"), "{}", ended.text());
    change(&format!("{out}/b/summary.json"), |summary| summary["classes"][0]["groups"] = 3.into());
    check(&out).code(3);
}

/// Writes another word in the place of one wherever it stands in a workbook.
fn reword(path: &str, from: &str, to: &str) {
    workbook(path, |name, text| {
        if name == "xl/sharedStrings.xml" {
            assert!(text.contains(from), "no {from} in {path}");
        }
        if name == "xl/sharedStrings.xml" { text.replace(from, to) } else { text }
    });
}

#[test]
fn whatever_is_changed_by_hand_is_told_with_what_differs() {
    let folder = Folder::new();
    let out = staffed(&folder);
    let found = |file: &str, code: &str, told: &str, change: &dyn Fn(&str)| {
        let path = format!("{out}/{file}");
        let kept = std::fs::read(&path).expect("a file");
        change(&path);
        let ended = check(&out).code(3);
        let line = ended.text().lines().find(|line| line.contains(&format!("[{code}] {file}"))).unwrap_or_default();
        assert!(line.contains(told), "{file} {told}: {}", ended.text());
        std::fs::write(&path, kept).expect("a file");
        check(&out).code(0);
    };
    let teacher = plan(&out, "c1").groups[0].teacher_name.clone().expect("a teacher");
    found("classes/c1.xlsx", "file_changed", "Zorro", &|path| reword(path, &teacher, "Zorro"));
    found("public/c1.html", "file_changed", "58分 学困生", &|path| {
        let page = std::fs::read_to_string(path).expect("a page");
        std::fs::write(path, page.replace("</body>", "<p>58分 学困生</p></body>")).expect("a page");
    });
    found("summary.html", "file_changed", "Zorro", &|path| {
        let page = std::fs::read_to_string(path).expect("a page");
        std::fs::write(path, page.replace(&teacher, "Zorro")).expect("a page");
    });
    found("summary.xlsx", "file_changed", "Zorro", &|path| reword(path, &teacher, "Zorro"));
    found("summary.xlsx", "file_changed", "changed", &|path| std::fs::write(path, "damaged").expect("a file"));
    let (register, sheet, row) = home(&out, "c1", "S001");
    let file = register.strip_prefix(&format!("{out}/")).expect("a path").to_owned();
    let name = rows(&register, sheet)[row][1].clone();
    found(&file, "register_changed", "Somebody", &|path| reword(path, &name, "Somebody"));
    found(&file, "register_changed", "damaged", &|path| std::fs::write(path, "damaged").expect("a file"));
    // What a teacher fills in is no fault, and neither is a workbook that was saved once more.
    fill(&register, sheet + 1, &[(&format!("H{}", row + 1), "calm")]);
    reword(&format!("{out}/classes/c1.xlsx"), &teacher, &teacher);
    check(&out).code(0);
}
