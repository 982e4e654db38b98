//! `fenzu solve --teachers` and `fenzu check --teachers`: the whole way through the command line.

use crate::command::{Folder, fenzu};
use fenzu::plan::document::Document;

/// A class of 20 with a class column.
fn list(class: &str) -> String {
    let row = |s: usize| {
        format!("{class}-{s:02},Student {s},{class},{},{}\n", 60 + s * 7 % 40, u8::from(s.is_multiple_of(9)))
    };
    "id,name,class,math,left_behind\n".to_owned() + &(1..=20).map(row).collect::<String>()
}

const STAFF: &str = "id,name,classes,max_groups,avoids\nT1,Ann Lee,A;B,2,A-01\nT2,Bob Fox,A,1,\nT3,Cid Roe,B,1,\n";

/// The lists and the staff list in a folder: paths of A, B and staff.
fn school(staff: &str) -> (Folder, [String; 3]) {
    let folder = Folder::new();
    let paths = [("a.csv", list("A")), ("b.csv", list("B")), ("staff.csv", staff.to_owned())]
        .map(|(name, text)| folder.write(name, text));
    (folder, paths)
}

#[test]
fn every_output_names_the_teachers() {
    let (folder, [a, b, staff]) = school(STAFF);
    let [json, csv, html, public] = ["p.json", "p.csv", "p.html", "q.html"].map(|name| folder.path(name));
    let args = ["solve", &a, &b, "--teachers", &staff, "--output", &json, "--output", &csv, "--output", &html];
    let shown = fenzu(&args).code(0);
    assert!(shown.text().contains("Ann Lee") && shown.text().contains("teachers: every level is proved optimal"));
    let read = |path: &str| std::fs::read_to_string(path).expect("a file");
    let documents: Vec<Document> = serde_json::from_str(&read(&json)).expect("two plans");
    let groups: Vec<_> = documents.iter().flat_map(|document| &document.groups).collect();
    assert!(groups.iter().all(|group| group.teacher.is_some()));
    let ann = groups.iter().filter(|group| group.teacher.as_deref() == Some("T1"));
    assert!(ann.clone().count() == 2 && ann.clone().all(|group| !group.students.contains(&"A-01".to_owned())));
    assert!(documents[0].goals.iter().any(|goal| goal.name == "visits" && goal.level == 4), "{:?}", documents[0].goals);
    assert!(read(&csv).lines().next().is_some_and(|head| head.contains(",teacher,teacher_name")));
    assert!(read(&html).contains("Bob Fox"));
    fenzu(&["solve", &a, &b, "--teachers", &staff, "--public", "--output", &public]).code(0);
    assert!(read(&public).contains("Cid Roe") && !read(&public).contains("T3"));
    for plan in [&json, &csv] {
        let judged = fenzu(&["check", plan, "--list", &a, "--list", &b, "--teachers", &staff]).code(0);
        assert!(judged.text().contains("staff.csv: the teachers agree"), "{}", judged.text());
    }
    let strict = folder.write("strict.csv", STAFF.replace("A;B,2", "A;B,1"));
    let judged = fenzu(&["check", &json, "--list", &a, "--list", &b, "--teachers", &strict]).code(3);
    assert!(judged.text().contains("[teacher_groups] teachers[T1]: Ann Lee has 2 groups, at most 1"));
}

#[test]
fn the_order_of_the_staff_list_decides_nothing() {
    let (folder, [a, b, staff]) = school(STAFF);
    let mut rows: Vec<&str> = STAFF.lines().collect();
    rows[1..].reverse();
    let turned = folder.write("turned.csv", rows.join("\n") + "\n");
    let teachers = |staff: &str| -> Vec<Option<String>> {
        let ended = fenzu(&["solve", &a, &b, "--teachers", staff, "--format", "json", "--work", "50000"]).code(0);
        let documents: Vec<Document> = serde_json::from_str(ended.text()).expect("two plans");
        documents.into_iter().flat_map(|document| document.groups).map(|group| group.teacher).collect()
    };
    assert_eq!(teachers(&staff), teachers(&turned));
}

#[test]
fn demands_that_cannot_hold_end_with_3_and_faults_with_2() {
    let demands = "id,name,classes,max_groups,must\nT1,Ann,A;B,2,A-01\nT2,Bob,A,2,A-01\nT3,Cid,B,2,\n";
    let (folder, [a, b, staff]) = school(demands);
    let ended = fenzu(&["solve", &a, &b, "--teachers", &staff]).code(3);
    assert!(ended.text().contains("these demands cannot all be met"), "{}", ended.text());
    let short = folder.write("short.csv", "id,name,classes,max_groups\nT1,Ann,A;B,3\n");
    let ended = fenzu(&["solve", &a, &b, "--teachers", &short]).code(0);
    assert!(
        ended.text().contains("A, B need 4 places; the only teacher who may take them, Ann, has 3"),
        "{}",
        ended.text()
    );
    let wrong = folder.write("wrong.csv", "id,name,classes,max_groups\nT1,Ann,A,-1\nT1,Bob,A,x\n");
    let ended = fenzu(&["solve", &a, &b, "--teachers", &wrong]).code(2);
    assert_eq!(ended.err.lines().count(), 3, "{}", ended.err);
}

#[test]
fn teachers_in_rows_are_judged() {
    let (folder, [a, _, staff]) = school("id,name,classes,max_groups,avoids\nT1,Ann Lee,A,2,A-01\nT2,Bob Fox,A,1,\n");
    // Odd numbers are Bob's, even ones Ann's, who stands there by name and by id.
    let row = |s: usize| {
        let teacher = ["Bob Fox", "T1", "Bob Fox", "Ann Lee"][(s - 1) % 4];
        format!("A-{s:02},{},{teacher}\n", 2 - s % 2)
    };
    let rows = "id,group,teacher\n".to_owned() + &(1..=20).map(row).collect::<String>();
    let check = |rows: &str, teacher: &str, code: i32| {
        let plan = folder.write("plan.csv", rows);
        let rules =
            folder.write("rules.json", format!(r#"{{"pin": [{{"student": "A-03", "teacher": "{teacher}"}}]}}"#));
        let args = ["check", &plan, "--list", &a, "--rules", &rules, "--teachers", &staff];
        fenzu(&args).code(code).text().to_owned()
    };
    check(&rows, "T2", 0);
    let pinned = check(&rows, "T1", 3);
    assert!(pinned.contains("[pin_teacher] rules.pin: A-03"), "{pinned}");
    let several = check(&rows.replace("A-05,1,Bob Fox", "A-05,1,T1"), "T2", 3);
    assert!(
        several.contains("[group_teachers] groups[A/1].teacher: the rows of one group name 2 teachers: T1, T2"),
        "{several}"
    );
}

#[test]
fn a_pin_that_cannot_be_met_stops_no_class_of_a_school() {
    let (folder, [a, b, staff]) = school("id,name,classes,must\nT1,Ann,A;B,A-01\nT2,Bob,A;B,\n");
    let lists = folder.path("lists");
    std::fs::create_dir_all(&lists).expect("a folder");
    for (path, name) in [(&a, "A.csv"), (&b, "B.csv")] {
        std::fs::copy(path, format!("{lists}/{name}")).expect("a list");
    }
    let rules = folder.write("rules.json", r#"{"pin": [{"student": "A-01", "teacher": "T2"}]}"#);
    let out = folder.path("out");
    crate::school::school(&lists, &out, &["--teachers", &staff, "--rules", &rules]);
    let summary = crate::school::summary(&out);
    let states: Vec<&str> =
        summary["classes"].as_array().expect("classes").iter().filter_map(|c| c["state"].as_str()).collect();
    assert_eq!(states, ["done", "done"], "{summary}");
    let told = summary["conflict"].to_string();
    assert!(
        told.contains("Ann must take the group of student A/A-01") && told.contains("A/A-01 is pinned to Bob"),
        "{told}"
    );
}
