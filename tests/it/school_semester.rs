//! A school from semester to semester: old groups kept or mixed, students who join and leave, classes divided anew.

use crate::command::{Folder, agrees, fenzu, goal, sizes};
use crate::school::{class, plan, school, summary};
use fenzu::plan::document::Document;
use fenzu::sample::{ClassSpec, Marks, TierColumn, class_csv};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

fn group_of(document: &Document) -> BTreeMap<String, usize> {
    let members = |(g, group): (usize, &fenzu::plan::document::GroupRecord)| {
        group.students.iter().map(move |id| (id.clone(), g)).collect::<Vec<_>>()
    };
    document.groups.iter().enumerate().flat_map(members).collect()
}

fn pairs(document: &Document) -> BTreeSet<(String, String)> {
    let of = |group: &fenzu::plan::document::GroupRecord| {
        let ids = group.students.clone();
        ids.iter()
            .flat_map(|a| ids.iter().filter(move |b| a < *b).map(move |b| (a.clone(), b.clone())))
            .collect::<Vec<_>>()
    };
    document.groups.iter().flat_map(of).collect()
}

/// The list without its first student, with `joined` new rows.
fn next_semester(list: &str, joined: &[&str]) -> String {
    let mut rows: Vec<&str> = list.lines().collect();
    rows.remove(1);
    rows.extend(joined);
    rows.join("\n") + "\n"
}

#[test]
fn old_groups_are_kept_or_mixed() {
    let folder = Folder::new();
    let first = class(30, 3);
    let (spring, autumn) = (folder.path("spring"), folder.path("autumn"));
    let row = first.lines().nth(2).expect("a row").replacen("S002,", "N001,新", 1);
    for (path, text) in [(&spring, first.clone()), (&autumn, next_semester(&first, &[&row]))] {
        std::fs::create_dir_all(path).expect("a folder");
        std::fs::write(format!("{path}/七3班.csv"), text).expect("a list");
    }
    let (old, kept, mixed) = (folder.path("old"), folder.path("kept"), folder.path("mixed"));
    school(&spring, &old, &["--groups", "3"]).code(0);
    school(&autumn, &kept, &["--previous", &old, "--keep"]).code(0);
    school(&autumn, &mixed, &["--previous", &old]).code(0);
    let (old_plan, kept_plan, mixed_plan) = (plan(&old, "七3班"), plan(&kept, "七3班"), plan(&mixed, "七3班"));
    assert_eq!(kept_plan.groups.len(), 3, "as many groups as there were");
    let moves = goal(&kept_plan, "moves");
    assert!(moves.proved && moves.value <= 1.0, "{moves:?}");
    let (before, after) = (group_of(&old_plan), group_of(&kept_plan));
    let moved = before.iter().filter(|(id, group)| after.get(*id).is_some_and(|now| now != *group)).count();
    assert_eq!(moved as f64, moves.value);
    assert_eq!(kept_plan.groups[1].name, old_plan.groups[1].name);
    let again = |document: &Document| pairs(&old_plan).intersection(&pairs(document)).count();
    assert!(again(&mixed_plan) < again(&kept_plan) / 2, "{} {}", again(&mixed_plan), again(&kept_plan));
    assert_eq!(goal(&mixed_plan, "partners").value, again(&mixed_plan) as f64);
    let list = format!("{autumn}/七3班.csv");
    agrees(&format!("{mixed}/classes/七3班.json"), &list, &["--previous", &format!("{old}/classes/七3班.json")]);
}

#[test]
fn repair_moves_no_one_who_need_not_move() {
    let folder = Folder::new();
    let (lists, out) = (folder.path("lists"), folder.path("out"));
    std::fs::create_dir_all(&lists).expect("a folder");
    for n in 1..=2 {
        std::fs::write(format!("{lists}/c{n}.csv"), class(30, n)).expect("a list");
    }
    school(&lists, &out, &["--groups", "3"]).code(0);
    let (old, other) = (plan(&out, "c1"), plan(&out, "c2"));
    let text = class(30, 1);
    let header = text.lines().next().expect("a header");
    let row = text.lines().nth(9).expect("a row").replacen("S009", "N001", 1);
    let joined = folder.write("joined.csv", format!("class,{header}\nc1,{row}\n"));
    // Two of one group leave, so that one of the others must move, unless the newcomer takes the second place.
    let two: Vec<String> = old.groups[0].students.iter().take(2).map(|id| format!("c1/{id}")).collect();
    let ended = fenzu(&["school", "repair", &out, "--joined", &joined, "--left", &two.join(",")]).code(0);
    assert!(ended.text().contains("students who change group: 0 (proved"), "{}", ended.text());
    assert!(ended.text().contains("joins   c1 N001"), "{}", ended.text());
    let new = plan(&out, "c1");
    assert_eq!(new.groups[0].students.len(), 9);
    assert!(new.groups[0].students.contains(&"N001".to_owned()));
    assert_eq!(
        new.groups[1..].iter().map(|group| &group.students).collect::<Vec<_>>(),
        old.groups[1..].iter().map(|group| &group.students).collect::<Vec<_>>()
    );
    assert_eq!(plan(&out, "c2"), other);
    assert_eq!(summary(&out)["classes"][0]["students"], 29);
    let history: Document = serde_json::from_str(
        &std::fs::read_to_string(format!("{out}/history/1/classes/c1.json")).expect("the old plan"),
    )
    .expect("a plan");
    assert_eq!(history, old);
    // A second repair starts from the first one's plan.
    let three: Vec<String> = new.groups[2].students.iter().take(3).map(|id| format!("c1/{id}")).collect();
    let ended = fenzu(&["school", "repair", &out, "--left", &three.join(",")]).code(0);
    assert!(ended.text().contains("students who change group: 1 (proved"), "{}", ended.text());
    assert_eq!(sizes(&plan(&out, "c1")), [9, 9, 8]);
    let faults = fenzu(&["school", "repair", &out, "--left", "nobody,S020"]).code(2);
    assert!(faults.err.contains("unknown_student") && faults.err.contains("ambiguous_student"), "{}", faults.err);
}

#[test]
fn repair_keeps_teachers_and_their_loads() {
    let folder = Folder::new();
    let (root, out) = (folder.path("school"), folder.path("out"));
    fenzu(&["sample", "school", "--classes", "2", "--seed", "4", "--output", &root]).code(0);
    school(&format!("{root}/classes"), &out, &["--teachers", &format!("{root}/staff.csv")]).code(0);
    let before = summary(&out);
    let (class, file) = (&before["classes"][0]["class"], before["classes"][0]["file"].as_str().expect("a file"));
    let old = plan(&out, file);
    let teacher = old.groups[1].teacher.clone().expect("a teacher");
    let leaves = format!("{}/{}", class.as_str().expect("a class"), old.groups[1].students[0]);
    fenzu(&["school", "repair", &out, "--left", &leaves]).code(0);
    let new = plan(&out, file);
    let teachers = |document: &Document| document.groups.iter().map(|group| group.teacher.clone()).collect::<Vec<_>>();
    assert_eq!(teachers(&old), teachers(&new));
    let load = |summary: &serde_json::Value| {
        let all = summary["teachers"].as_array().expect("teachers").clone();
        let of = all.into_iter().find(|of| of["id"] == teacher.as_str()).expect("the teacher");
        (of["students"].as_u64().expect("students"), of["visits"].as_u64().expect("visits"))
    };
    let (then, now) = (load(&before), load(&summary(&out)));
    let moved = old.groups[1].students.len() - new.groups[1].students.len();
    assert_eq!(then.0 - now.0, moved as u64);
    assert!(then.1 >= now.1 + 2 * moved as u64, "{then:?} {now:?}");
    assert!(std::path::Path::new(&format!("{out}/teachers/{teacher}.xlsx")).exists());
}

#[test]
fn a_grade_becomes_classes_and_these_become_groups() {
    let folder = Folder::new();
    let spec = ClassSpec { students: 120, tiers: TierColumn::Absent, marks: Marks::Whole, ..ClassSpec::default() };
    let grade = folder.write("grade.csv", class_csv(&spec));
    let teams = folder.write("teams.txt", "Li, Wang\nZhao, Qian\nSun, Zhou\n");
    let rules = folder.write("rules.json", r#"{"apart": [["S001", "S002"]], "together": [["S003", "S004"]]}"#);
    let out = folder.path("division");
    let args = ["school", "divide", &grade, "--classes", "3", "--output", &out, "--teams", &teams, "--lot", "7 21 33"];
    let ended = fenzu(&[&args[..], &["--rules", &rules, "--time-limit", "2", "--lang", "en"]].concat()).code(0);
    let commitment: String = Sha256::digest("7 21 33").iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(ended.text().contains(&commitment), "{}", ended.text());
    let text = std::fs::read_to_string(format!("{out}/division.json")).expect("a plan");
    let document: Document = serde_json::from_str(&text).expect("a plan");
    assert_eq!(sizes(&document), [40; 3]);
    assert!(goal(&document, "counts").proved && goal(&document, "counts").value == 0.0);
    for row in document.balance.iter().filter(|row| row.column == "math") {
        assert!(row.groups.iter().all(|mean| (mean - row.class).abs() <= 0.05), "{row:?}");
    }
    let of = group_of(&document);
    assert!(of["S001"] != of["S002"] && of["S003"] == of["S004"]);
    let lot: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(format!("{out}/lot.json")).expect("a lot")).expect("JSON");
    let tickets: Vec<&str> =
        lot["draws"].as_array().expect("draws").iter().filter_map(|draw| draw["ticket"].as_str()).collect();
    assert!(tickets.is_sorted() && tickets.len() == 3);
    let ticket: String = Sha256::digest(format!("7 21 33\n{}", lot["draws"][0]["team"].as_str().expect("a team")))
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(tickets[0], ticket);
    let groups = folder.path("groups");
    school(&format!("{out}/lists"), &groups, &["--groups", "4"]).code(0);
    assert_eq!(plan(&groups, "Class 2").groups.len(), 4);
    let few = folder.write("few.txt", "Li\nLi\n");
    let args = ["school", "divide", &grade, "--classes", "3", "--output", &out, "--teams", &few, "--lot", "x"];
    assert!(fenzu(&args).code(2).err.contains("team_count"));
}

#[test]
fn teams_may_be_written_as_windows_writes_them_and_a_lot_needs_teams() {
    let folder = Folder::new();
    let spec = ClassSpec { students: 40, tiers: TierColumn::Absent, marks: Marks::Whole, ..ClassSpec::default() };
    let grade = folder.write("grade.csv", class_csv(&spec));
    let teams = "王芳、李明\r\n张伟、刘洋\r\n";
    let (gb18030, utf16) = (encoding_rs::GB18030.encode(teams).0, teams.encode_utf16().flat_map(u16::to_le_bytes));
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(utf16).collect();
    for (name, bytes) in [("gb", gb18030.into_owned()), ("utf16", utf16)] {
        let (teams, out) = (folder.write(name, bytes), folder.path(&format!("out-{name}")));
        let args = ["school", "divide", &grade, "--classes", "2", "--output", &out, "--teams", &teams, "--lot", "7"];
        fenzu(&[&args[..], &["--time-limit", "1"]].concat()).code(0);
        let lot = std::fs::read_to_string(format!("{out}/lot.json")).expect("a lot");
        assert!(lot.contains("王芳、李明") && lot.contains("张伟、刘洋"), "{lot}");
    }
    let out = folder.path("none");
    let ended = fenzu(&["school", "divide", &grade, "--classes", "2", "--output", &out, "--lot", "7"]).code(2);
    assert!(ended.err.contains("--teams"), "{}", ended.err);
}

#[test]
fn a_division_that_cannot_be_writes_nothing() {
    let folder = Folder::new();
    let spec = ClassSpec { students: 40, tiers: TierColumn::Absent, marks: Marks::Whole, ..ClassSpec::default() };
    let grade = folder.write("grade.csv", class_csv(&spec));
    let rules = folder.write("rules.json", r#"{"apart": [["S001", "S002", "S003"]]}"#);
    let teams = folder.write("teams.txt", "Li\nWang\n");
    let out = folder.path("out");
    let args = ["school", "divide", &grade, "--classes", "2", "--output", &out, "--rules", &rules];
    let ended = fenzu(&[&args[..], &["--teams", &teams, "--lot", "7 21 33"]].concat()).code(3);
    assert!(!std::path::Path::new(&out).exists());
    assert!(!ended.text().contains("7 21 33") && !ended.text().contains("lists of the classes"), "{}", ended.text());
}
