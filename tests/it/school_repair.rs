//! Mid-term repairs: what they keep, and what they say when they cannot.

use crate::command::{Folder, fenzu, group_of};
use crate::school::{class, files, plan, school, summary};
use fenzu::plan::document::Document;
use std::collections::BTreeMap;

const STAFF: &str = "id,name,classes,max_groups\nT1,Li,c1;c2,2\nT2,Wang,c1;c2,2\nT3,Zhao,c1;c2,2\n";

/// Two classes of 30 in three groups each, with three teachers; the output folder.
fn staffed(folder: &Folder, options: &[&str]) -> String {
    let (lists, out) = (folder.path("lists"), folder.path("out"));
    std::fs::create_dir_all(&lists).expect("a folder");
    for n in 1..=2 {
        std::fs::write(format!("{lists}/c{n}.csv"), class(30, n)).expect("a list");
    }
    let staff = folder.write("staff.csv", STAFF);
    school(&lists, &out, &[&["--groups", "3", "--teachers", &staff], options].concat()).code(0);
    out
}

#[test]
fn a_pin_to_a_teacher_holds_through_a_repair() {
    let folder = Folder::new();
    let rules = folder.write("rules.json", r#"{"pin": [{"student": "c1/S003", "teacher": "T2"}]}"#);
    let out = staffed(&folder, &["--rules", &rules]);
    let before = plan(&out, "c1");
    let leaves = before.groups[0].students.iter().find(|id| *id != "S003").expect("a student");
    fenzu(&["school", "repair", &out, "--left", &format!("c1/{leaves}")]).code(0);
    let after = plan(&out, "c1");
    let home = after.groups.iter().find(|group| group.students.contains(&"S003".to_owned()));
    assert_eq!(home.and_then(|group| group.teacher.as_deref()), Some("T2"));
    assert_eq!(summary(&out)["classes"][0]["students"], 29);
}

#[test]
fn a_pin_that_the_staffing_could_not_meet_binds_nobody() {
    let folder = Folder::new();
    let list = folder.write("c1.csv", class(30, 5));
    let staff = folder.write("staff.csv", "id,name,classes,max_groups\nT1,Li,c1,1\nT2,Wang,c1,2\n");
    // Both are pinned to a teacher of one group, and must be apart.
    let pin = |id: &str| serde_json::json!({"student": id, "teacher": "T1"});
    let rules = serde_json::json!({"apart": [["S001", "S002"]], "pin": [pin("S001"), pin("S002")]});
    let rules = folder.write("rules.json", rules.to_string());
    let out = folder.path("out");
    school(&list, &out, &["--groups", "3", "--teachers", &staff, "--rules", &rules]).code(3);
    let before = plan(&out, "c1");
    let home = |document: &Document, id: &str| document.groups[group_of(document, id)].teacher.clone();
    let bound =
        ["S001", "S002"].into_iter().find(|id| home(&before, id).as_deref() == Some("T1")).expect("one of them");
    let leaves = before.groups[group_of(&before, bound)].students.iter().find(|id| *id != bound).expect("a student");
    let ended = fenzu(&["school", "repair", &out, "--left", leaves]).code(0);
    assert!(ended.text().contains("students who change group: 0 (proved"), "{}", ended.text());
    assert_eq!(home(&plan(&out, "c1"), bound).as_deref(), Some("T1"));
}

#[test]
fn a_repair_says_that_it_does_not_know_the_staff_list() {
    let folder = Folder::new();
    let out = staffed(&folder, &[]);
    // As folders of earlier versions are.
    std::fs::remove_file(format!("{out}/.fenzu/staff")).expect("a staff list");
    let ended = fenzu(&["school", "repair", &out, "--left", "c1/S001"]).code(0);
    assert!(!ended.text().contains("staff list"), "nobody has another teacher: {}", ended.text());
    let text = class(30, 9);
    let mut rows = text.lines();
    let (header, row) = (rows.next().expect("a header"), rows.next().expect("a row").replacen("S001", "N001", 1));
    let joined = folder.write("joined.csv", format!("class,{header}\nc1,{row}\n"));
    let ended = fenzu(&["school", "repair", &out, "--joined", &joined]).code(0);
    assert!(ended.text().contains("c1: the folder holds no staff list"), "{}", ended.text());
    let joined = folder.write("joined.csv", format!("class,{header}\nc2,{row}\n"));
    let ended = fenzu(&["school", "repair", &out, "--joined", &joined, "--lang", "zh"]).code(0);
    assert!(ended.text().contains("c2：文件夹里没有教师名单"), "{}", ended.text());
}

#[test]
fn a_repair_gives_a_group_away_only_where_its_teacher_may_not_keep_it() {
    let text = class(30, 9);
    let (header, row) = text.split_once('\n').expect("rows");
    let row = row.lines().next().expect("a row").replacen("S001", "N001", 1);
    let (mut kept, mut handed) = (0, 0);
    for (teacher, class) in [(0, "c1"), (1, "c1"), (2, "c1"), (0, "c2"), (1, "c2"), (2, "c2")] {
        let folder = Folder::new();
        let out = staffed(&folder, &[]);
        // Everybody has two groups of ten; all but one teacher can carry no student more.
        let rows: Vec<String> = STAFF
            .lines()
            .skip(1)
            .enumerate()
            .map(|(n, row)| format!("{row},{}", if n == teacher { 21 } else { 20 }))
            .collect();
        let staff =
            folder.write("staff.csv", format!("id,name,classes,max_groups,max_students\n{}\n", rows.join("\n")));
        school(&folder.path("lists"), &out, &["--groups", "3", "--teachers", &staff]).code(0);
        let teachers = || {
            ["c1", "c2"]
                .map(|class| plan(&out, class).groups)
                .concat()
                .into_iter()
                .map(|group| (group.id, group.teacher))
        };
        let before: BTreeMap<String, Option<String>> = teachers().collect();
        let joined = folder.write("joined.csv", format!("class,{header}\n{class},{row}\n"));
        let ended = fenzu(&["school", "repair", &out, "--joined", &joined]).code(0);
        assert!(!ended.text().contains("staff list"), "{}", ended.text());
        let moved = teachers().filter(|(id, teacher)| before[id] != *teacher).count();
        // The group of eleven goes to the one who can carry it, who gives a group of ten for it.
        let home = plan(&out, class).groups.into_iter().find(|group| group.students.len() == 11).expect("a group");
        let wide = format!("T{}", teacher + 1);
        assert_eq!(home.teacher.as_deref(), Some(wide.as_str()));
        assert_eq!(moved, if before[&home.id].as_deref() == Some(&wide) { 0 } else { 2 }, "{}", ended.text());
        assert_eq!(ended.text().contains("groups with a new teacher: 2"), moved == 2, "{}", ended.text());
        fenzu(&["school", "check", &out]).code(0);
        (kept, handed) = (kept + usize::from(moved == 0), handed + usize::from(moved == 2));
    }
    assert!(kept > 0 && handed > 0, "{kept} {handed}");
}

/// Students and visits of every teacher.
fn loads(out: &str) -> Vec<(u64, u64)> {
    let number = |teacher: &serde_json::Value, key: &str| teacher[key].as_u64().expect("a number");
    let summary = summary(out);
    let teachers = summary["teachers"].as_array().expect("teachers");
    teachers.iter().map(|teacher| (number(teacher, "students"), number(teacher, "visits"))).collect()
}

#[test]
fn a_killed_repair_is_done_by_the_same_command() {
    let folder = Folder::new();
    let out = staffed(&folder, &[]);
    let state = |n: u32| format!("{out}/.fenzu/c{n}.json");
    let states = [1, 2].map(|n| std::fs::read(state(n)).expect("a state"));
    let repair = ["school", "repair", &out, "--left", "c1/S001,c2/S002"];
    fenzu(&repair).code(0);
    let (whole, plans) = (loads(&out), [plan(&out, "c1"), plan(&out, "c2")]);
    assert_eq!(whole.iter().map(|(students, _)| students).sum::<u64>(), 58);
    // States are the last that is written: a repair that was killed before has left the old ones.
    for (n, bytes) in (1..).zip(states) {
        std::fs::write(state(n), bytes).expect("a state");
    }
    fenzu(&repair).code(0);
    assert_eq!(loads(&out), whole);
    for (class, old) in ["c1", "c2"].into_iter().zip(plans) {
        let new = plan(&out, class);
        assert!(new.groups.iter().zip(&old.groups).all(|(new, old)| new.students == old.students));
    }
}

#[test]
fn all_that_a_repair_writes_anew_stands_in_the_history() {
    let folder = Folder::new();
    let out = staffed(&folder, &[]);
    // Teachers fill their registers in by hand.
    for teacher in plan(&out, "c1").groups.iter().filter_map(|group| group.teacher.as_deref()) {
        std::fs::write(format!("{out}/teachers/{teacher}.xlsx"), format!("notes of {teacher}")).expect("a register");
    }
    let before = files(&out);
    fenzu(&["school", "repair", &out, "--left", "c1/S001"]).code(0);
    let after = files(&out);
    let read = |file: &str| std::fs::read(format!("{out}/history/1/{file}")).ok();
    let rewritten: Vec<&String> = before.keys().filter(|file| before[*file] != after[*file]).collect();
    assert!(rewritten.iter().any(|file| file.starts_with("teachers/")), "{rewritten:?}");
    for file in rewritten.into_iter().filter(|file| *file != "summary.json") {
        assert!(read(file).as_ref() == Some(&before[file]), "{file}");
    }
    assert!(read("summary.json").is_some());
}

#[test]
fn a_public_page_that_was_taken_away_stops_no_repair() {
    let folder = Folder::new();
    let out = staffed(&folder, &[]);
    std::fs::remove_dir_all(format!("{out}/public")).expect("pages");
    fenzu(&["school", "repair", &out, "--left", "c1/S001"]).code(0);
    let there = |file: &str| std::path::Path::new(&format!("{out}/{file}")).exists();
    assert!(there("public/c1.html") && !there("history/1/public/c1.html") && there("history/1/classes/c1.json"));
    // What is no file is told with its path.
    std::fs::remove_file(format!("{out}/public/c1.html")).expect("a page");
    std::fs::create_dir(format!("{out}/public/c1.html")).expect("a folder");
    let ended = fenzu(&["school", "repair", &out, "--left", "c1/S002"]).code(1);
    assert!(ended.err.contains(&format!("{out}/public/c1.html: ")), "{}", ended.err);
}

#[test]
fn loads_are_counted_over_all_plans() {
    let folder = Folder::new();
    let out = staffed(&folder, &[]);
    let path = format!("{out}/summary.json");
    let text = std::fs::read_to_string(&path).expect("a summary");
    let mut summary: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    summary["teachers"][0]["students"] = 7.into();
    std::fs::write(&path, summary.to_string()).expect("a summary");
    fenzu(&["school", "repair", &out, "--left", "c1/S001"]).code(0);
    assert_eq!(loads(&out).iter().map(|(students, _)| students).sum::<u64>(), 59);
}

#[test]
fn levels_of_the_staffing_that_were_proved_for_other_loads_are_not_told() {
    let folder = Folder::new();
    let out = staffed(&folder, &[]);
    let levels = || -> Vec<String> {
        let summary = summary(&out);
        let levels = summary["staffing"].as_array().expect("levels");
        levels.iter().map(|level| level["name"].as_str().expect("a name").to_owned()).collect()
    };
    let before = levels();
    assert!(["unstaffed", "largest_load", "load_spread"].iter().all(|name| before.iter().any(|level| level == name)));
    fenzu(&["school", "repair", &out, "--left", "c1/S001"]).code(0);
    let after = levels();
    assert!(after.contains(&"unstaffed".to_owned()), "{after:?}");
    assert!(
        after.iter().all(|level| !["largest_load", "load_spread", "continuity"].contains(&level.as_str())),
        "{after:?}"
    );
}

/// How many groups must do without a teacher was proved for the students of then, whose leaving may make room.
#[test]
fn a_shortage_is_proved_no_more_after_a_repair() {
    let folder = Folder::new();
    let list = folder.write("c1.csv", class(21, 1));
    let staff = folder.write("staff.csv", "id,name,classes,max_students\nT1,Li,c1,10\nT2,Wang,c1,10\n");
    let out = folder.path("out");
    school(&list, &out, &["--groups", "2", "--teachers", &staff]).code(0);
    let unstaffed = || -> (i64, i64, bool) {
        let levels = summary(&out)["staffing"].clone();
        let levels = levels.as_array().expect("levels");
        let level = levels.iter().find(|level| level["name"] == "unstaffed").expect("it is told");
        let number = |key: &str| level[key].as_i64().expect("a number");
        (number("value"), number("bound"), level["proved"] == true)
    };
    assert_eq!(unstaffed(), (1, 1, true));
    fenzu(&["school", "repair", &out, "--left", "c1/S001"]).code(0);
    assert_eq!(unstaffed(), (1, 0, false));
}

#[test]
fn a_repair_that_cannot_be_says_whether_that_is_proved() {
    let folder = Folder::new();
    let row = |n: u32| format!("S{n},N{n},{},{}\n", if n <= 2 { "女" } else { "男" }, 50 + 3 * n);
    let list = "id,name,gender,math\n".to_owned() + &(1..=12).map(row).collect::<String>();
    let list = folder.write("c1.csv", list);
    let rules = folder.write("rules.json", r#"{"never_alone": [{"column": "gender"}]}"#);
    let out = folder.path("out");
    school(&list, &out, &["--groups", "3", "--rules", &rules]).code(0);
    let before = files(&out);
    // Of two girls one leaves; the other must be alone.
    let repair = ["school", "repair", &out, "--left", "S1"];
    let ended = fenzu(&[&repair[..], &["--time-limit", "1e-9"]].concat()).code(4);
    assert!(ended.err.contains("[no_plan_in_time]"), "{}", ended.err);
    let ended = fenzu(&repair).code(3);
    assert!(ended.err.contains("[cannot_repair]") && ended.err.contains("never_alone"), "{}", ended.err);
    assert!(files(&out) == before, "nothing is written");
}
