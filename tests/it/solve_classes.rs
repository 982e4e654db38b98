//! `fenzu solve` on several classes, on sizes, and after last semester's plan.

use crate::command::{Folder, agrees, counts, dataset, fenzu, goal, group_of, groups, sizes, solve};
use fenzu::plan::document::{Document, StopReason};
use std::collections::{BTreeMap, BTreeSet};

/// Students of class50 as rows of cells, the header first.
fn rows() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(dataset("class50.csv")).expect("a list");
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn csv(rows: &[Vec<String>]) -> String {
    rows.iter().map(|row| row.join(",") + "\n").collect()
}

/// 20 students of class 701 and 17 of 702; `id` names a student by class and number.
fn two_classes(id: impl Fn(&str, usize) -> String) -> String {
    let mut rows = rows();
    rows.truncate(38);
    for (s, row) in rows.iter_mut().enumerate() {
        let (class, number) = if s <= 20 { ("701", s) } else { ("702", s - 20) };
        if s > 0 {
            row[0] = id(class, number);
        }
        row.insert(2, if s == 0 { "class".to_owned() } else { class.to_owned() });
    }
    csv(&rows)
}

#[test]
fn each_class_of_a_list_is_divided_by_itself() {
    let folder = Folder::new();
    let list = folder.write("list.csv", two_classes(|_, number| format!("{number:02}")));
    let files = ["plan.json", "plan.csv", "plan.xlsx", "plan.html"].map(|name| folder.path(name));
    let outputs: Vec<&str> = files.iter().flat_map(|file| ["--output", file]).collect();
    let args = ["solve", &list, "--groups", "3", "--work", "1000", "--format", "json"];
    let ended = fenzu(&[&args[..], &outputs].concat()).code(0);
    let documents: Vec<Document> = serde_json::from_str(ended.text()).expect("two plans");
    let ids: Vec<Vec<&str>> = documents.iter().map(|d| d.groups.iter().map(|g| g.id.as_str()).collect()).collect();
    assert_eq!(ids, [["701/1", "701/2", "701/3"], ["702/1", "702/2", "702/3"]]);
    assert_eq!(documents.iter().map(sizes).collect::<Vec<_>>(), [[7, 7, 6], [6, 6, 5]]);
    assert!(documents.iter().all(|d| d.groups.iter().all(|g| g.class == g.id[..3])));
    for file in &files[..3] {
        let told = fenzu(&["check", file, "--list", &list]).code(0);
        assert!(told.text().contains("701: agrees") && told.text().contains("702: agrees"), "{}", told.text());
    }
    let page = std::fs::read_to_string(&files[3]).expect("a page");
    assert!(page.contains("701") && page.contains("702"));
}

#[test]
fn rules_of_two_classes_name_students_by_class() {
    let folder = Folder::new();
    let list = folder.write("list.csv", two_classes(|_, number| format!("{number:02}")));
    let rules = folder.write("rules.json", r#"{"together": [["701/01", "701/02"], ["702/01", "702/03"]]}"#);
    let args = ["solve", &list, "--groups", "3", "--work", "1000", "--format", "json", "--rules", &rules];
    let documents: Vec<Document> = serde_json::from_str(fenzu(&args).code(0).text()).expect("two plans");
    for (document, other) in documents.iter().zip(["02", "03"]) {
        assert_eq!(group_of(document, "01"), group_of(document, other));
    }
    let rules = folder.write("rules.json", r#"{"together": [["01", "02"]]}"#);
    let refused = fenzu(&["solve", &list, "--groups", "3", "--rules", &rules]).code(2);
    assert!(refused.err.contains("rules.together[0]"), "{}", refused.err);
}

#[test]
fn whole_ignores_classes() {
    let folder = Folder::new();
    let list = folder.write("list.csv", two_classes(|class, number| format!("{class}{number:02}")));
    let plan = folder.path("plan.json");
    let args = ["--groups", "4", "--whole", "--work", "1000", "--output", &plan];
    let document = solve(&list, &args);
    assert_eq!(sizes(&document), [10, 9, 9, 9]);
    assert!(
        document.groups.iter().enumerate().all(|(g, group)| group.id == (g + 1).to_string() && group.class.is_empty())
    );
    agrees(&plan, &list, &[]);
    let table = fenzu(&[&["solve", &list][..], &args].concat()).code(0);
    assert!(!table.text().contains("701"), "all of them are no class: {}", table.text());

    let list = folder.write("twice.csv", two_classes(|_, number| format!("{number:02}")));
    let refused = fenzu(&["solve", &list, "--whole", "--groups", "4"]).code(2);
    assert!(refused.err.contains("[duplicate_id]") && refused.err.contains("01"), "{}", refused.err);
}

#[test]
fn several_lists_are_several_classes() {
    let args = [
        "solve",
        &dataset("class36.csv"),
        &dataset("teams30.csv"),
        "--size",
        "6",
        "--work",
        "1000",
        "--format",
        "json",
    ];
    let documents: Vec<Document> = serde_json::from_str(fenzu(&args).code(0).text()).expect("two plans");
    assert_eq!(documents.iter().map(sizes).collect::<Vec<_>>(), [vec![6; 6], vec![6; 5]]);
}

#[test]
fn sizes_are_numbers_or_ranges() {
    let list = dataset("class50.csv");
    let of = |options: &[&str]| sizes(&solve(&list, &[options, &["--work", "1000"]].concat()));
    assert_eq!(of(&[]), [10; 5], "about ten without being asked");
    assert_eq!(of(&["--size", "12"]), [13, 13, 12, 12]);
    assert_eq!(of(&["--size", "8..9"]), [9, 9, 8, 8, 8, 8]);
    assert_eq!(of(&["--size", "50"]), [50]);
    assert_eq!(of(&["--groups", "1"]), [50]);
    assert_eq!(of(&["--groups", "50"]), [1; 50]);
}

/// Last semester's plan of class50 in five groups, in both formats.
fn last_semester(folder: &Folder) -> (Document, [String; 2]) {
    let files = [folder.path("last.json"), folder.path("last.csv")];
    let document = solve(&dataset("class50.csv"), &["--groups", "5", "--output", &files[0], "--output", &files[1]]);
    (document, files)
}

fn home(document: &Document) -> BTreeMap<&str, &str> {
    document.groups.iter().flat_map(|g| g.students.iter().map(|id| (id.as_str(), g.id.as_str()))).collect()
}

fn pairs(document: &Document) -> BTreeSet<(String, String)> {
    let of = |ids: Vec<String>| {
        let pair = |i: usize| (0..i).map(|j| (ids[j].clone(), ids[i].clone())).collect::<Vec<_>>();
        (0..ids.len()).flat_map(pair).collect::<Vec<_>>()
    };
    groups(document).into_iter().flat_map(of).collect()
}

#[test]
fn keep_moves_nobody_without_need() {
    let folder = Folder::new();
    let (old, files) = last_semester(&folder);
    for last in &files {
        let plan = folder.path("plan.json");
        let document =
            solve(&dataset("class50.csv"), &["--groups", "5", "--previous", last, "--keep", "--output", &plan]);
        let moves = goal(&document, "moves");
        assert_eq!((moves.level, moves.scaled, moves.proved), (1, 0, true));
        assert_eq!(groups(&document), groups(&old));
        assert!(document.request.previous_sha256.is_some());
        agrees(&plan, &dataset("class50.csv"), &["--previous", last, "--keep"]);
    }
}

#[test]
fn keep_makes_room_for_joiners_with_fewest_moves() {
    let folder = Folder::new();
    let (old, files) = last_semester(&folder);
    // Four leave the first group, two come: 48 in five groups of 10 or 9.
    let leavers: BTreeSet<&String> = old.groups[0].students[..4].iter().collect();
    let mut rows: Vec<Vec<String>> = rows().into_iter().filter(|row| !leavers.contains(&row[0])).collect();
    for id in ["N001", "N002"] {
        let mut row = rows[1].clone();
        row[0] = id.to_owned();
        row[1] = format!("新同学{id}");
        rows.push(row);
    }
    let list = folder.write("list.csv", csv(&rows));
    let plan = folder.path("plan.json");
    let document = solve(&list, &["--groups", "5", "--previous", &files[0], "--keep", "--output", &plan]);
    let (old, new) = (home(&old), home(&document));
    let moved = new.iter().filter(|(id, group)| old.get(*id).is_some_and(|home| home != *group)).count();
    // The first group has 6 left and takes both new ones; one more must come from a group of 10.
    assert_eq!((moved as i64, goal(&document, "moves").scaled), (1, 1));
    agrees(&plan, &list, &["--previous", &files[0], "--keep"]);
}

#[test]
fn mix_repeats_as_few_partners_as_can_be() {
    let folder = Folder::new();
    let (old, files) = last_semester(&folder);
    for last in &files {
        let plan = folder.path("plan.json");
        let document = solve(&dataset("class50.csv"), &["--groups", "5", "--previous", last, "--output", &plan]);
        let repeated = pairs(&document).intersection(&pairs(&old)).count() as i64;
        let partners = goal(&document, "partners");
        // Ten in five groups: two of every old group meet again in each new one, 5 × 5 pairs at the least.
        assert_eq!((partners.scaled, partners.scaled_bound, partners.proved), (repeated, 25, true));
        assert_eq!(document.stop, StopReason::Proved);
        assert_eq!(counts(&document, "tier=top"), [3.0; 5]);
        agrees(&plan, &dataset("class50.csv"), &["--previous", last]);
    }
}
