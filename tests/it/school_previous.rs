//! Last semester's classes found again: under new names, with other students under an old name, or not at all.

use crate::command::{Folder, goal};
use crate::school::{class, plan, school};
use fenzu::plan::document::Document;
use std::collections::BTreeSet;

/// A list of 24 students, ids 1 to 24 as in every class, whose names begin with `prefix`.
fn numbered(prefix: &str, seed: u64) -> String {
    let text = class(24, seed);
    let header = text.lines().next().expect("a header");
    let row = |(n, row): (usize, &str)| {
        let cells: Vec<&str> = row.split(',').collect();
        format!("{},{prefix}{},{}\n", n + 1, n + 1, cells[2..].join(","))
    };
    format!("{header}\n") + &text.lines().skip(1).enumerate().map(row).collect::<String>()
}

/// Runs lists of the given names; the output folder.
fn run(folder: &Folder, name: &str, lists: &[(&str, &str)], options: &[&str]) -> String {
    let (input, out) = (folder.path(&format!("{name}-lists")), folder.path(name));
    std::fs::create_dir_all(&input).expect("a folder");
    for (class, text) in lists {
        std::fs::write(format!("{input}/{class}.csv"), text).expect("a list");
    }
    school(&input, &out, &[&["--groups", "3"], options].concat()).code(0);
    out
}

fn groups(document: &Document) -> Vec<BTreeSet<&str>> {
    document.groups.iter().map(|group| group.students.iter().map(String::as_str).collect()).collect()
}

fn told(document: &Document, code: &str) -> Vec<String> {
    let found = document.notices.iter().filter(|notice| notice.code == code);
    found.map(|notice| notice.message.clone()).collect()
}

#[test]
fn a_renamed_class_is_known_by_its_students() {
    let folder = Folder::new();
    let (a, b) = (numbered("A", 1), numbered("B", 2));
    let old = run(&folder, "old", &[("7-1", &a), ("7-2", &b)], &[]);
    // Next year 7-1 is a new class of the same numbers, and the old ones are 8-1 and 8-2.
    let lists = [("7-1", numbered("C", 3)), ("8-1", a), ("8-2", b)];
    let lists: Vec<(&str, &str)> = lists.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let kept = run(&folder, "kept", &lists, &["--previous", &old, "--keep"]);
    for (new, was) in [("8-1", "7-1"), ("8-2", "7-2")] {
        let (new, old) = (plan(&kept, new), plan(&old, was));
        assert_eq!((goal(&new, "moves").value, groups(&new)), (0.0, groups(&old)));
        assert!(told(&new, "previous_class")[0].contains(was) && told(&new, "previous_unmatched").is_empty());
        assert_eq!(new.groups[1].name, old.groups[1].name);
    }
    let mixed = run(&folder, "mixed", &lists, &["--previous", &old]);
    let new = plan(&mixed, "8-1");
    let was = plan(&old, "7-1");
    let again = again(&new, &[&was]);
    assert!(again > 0, "groups of 8 from three old ones cannot all be new");
    assert_eq!(goal(&new, "partners").value, again as f64);
    // Nobody of the new 7-1 had a group: no goal about partners is called proved.
    for out in [&kept, &mixed] {
        let fresh = plan(out, "7-1");
        assert_eq!(told(&fresh, "previous_unmatched"), ["no old group of this class was found for 24 of 24 students"]);
        assert!(fresh.request.previous_sha256.is_none());
        assert!(fresh.goals.iter().all(|goal| goal.name != "partners" && goal.name != "moves"));
    }
}

#[test]
fn a_number_that_is_another_student_now_has_no_old_group() {
    let folder = Folder::new();
    let list = numbered("A", 1);
    let old = run(&folder, "old", &[("7-1", &list)], &[]);
    let kept = run(&folder, "kept", &[("7-1", &list.replace("5,A5,", "5,Newcomer,"))], &["--previous", &old, "--keep"]);
    assert_eq!(
        told(&plan(&kept, "7-1"), "previous_unmatched"),
        ["no old group of this class was found for 1 of 24 students"]
    );
}

/// Without ids a renamed class is known by its names, in whatever order.
#[test]
fn a_renamed_class_without_ids_is_known_by_its_names() {
    let folder = Folder::new();
    let bare = |list: &str| -> Vec<String> {
        list.lines().map(|row| row.split_once(',').expect("an id").1.to_owned()).collect()
    };
    let then = bare(&numbered("A", 1));
    let mut now = then.clone();
    now[1..].reverse();
    let old = run(&folder, "old", &[("7-1", &then.join("\n"))], &[]);
    let kept = run(&folder, "kept", &[("8-1", &now.join("\n"))], &["--previous", &old, "--keep"]);
    let (old, new) = (plan(&old, "7-1"), plan(&kept, "8-1"));
    let backwards = |id: &str| (25 - id.parse::<usize>().expect("a row number")).to_string();
    let as_then: Vec<BTreeSet<String>> =
        new.groups.iter().map(|group| group.students.iter().map(|id| backwards(id)).collect()).collect();
    let were: Vec<BTreeSet<String>> = old.groups.iter().map(|group| group.students.iter().cloned().collect()).collect();
    assert_eq!((goal(&new, "moves").value, goal(&new, "moves").proved, as_then), (0.0, true, were));
}

/// Pairs of students who share a group in a plan and shared one in one of the old plans.
fn again(new: &Document, olds: &[&Document]) -> usize {
    let pairs = |a: &BTreeSet<&str>, b: &BTreeSet<&str>| {
        let both = a.intersection(b).count();
        both * both.saturating_sub(1) / 2
    };
    let olds: Vec<BTreeSet<&str>> = olds.iter().flat_map(|old| groups(old)).collect();
    groups(new).iter().map(|new| olds.iter().map(|old| pairs(new, old)).sum::<usize>()).sum()
}

#[test]
fn classes_that_were_shuffled_bring_their_partners_along() {
    let folder = Folder::new();
    let unique = |prefix: &str, seed| {
        let text = numbered(prefix, seed);
        let header = text.lines().next().expect("a header").to_owned();
        let rows: Vec<String> = text.lines().skip(1).map(|row| format!("{prefix}{row}")).collect();
        (header, rows)
    };
    let ((header, a), (_, b)) = (unique("A", 1), unique("B", 2));
    let list = |rows: Vec<String>| format!("{header}\n{}\n", rows.join("\n"));
    let old = run(&folder, "old", &[("7-1", &list(a.clone())), ("7-2", &list(b.clone()))], &[]);
    let olds = ["7-1", "7-2"].map(|class| plan(&old, class));
    let half = list([&a[..12], &b[..12]].concat());
    // Under a new name, and under the name of one of the old classes.
    for name in ["8-1", "7-1"] {
        let mixed = run(&folder, &format!("mixed-{name}"), &[(name, &half)], &["--previous", &old]);
        let new = plan(&mixed, name);
        assert!(told(&new, "previous_unmatched").is_empty(), "{:?}", new.notices);
        let from = olds.each_ref().map(|old| again(&new, &[old]));
        assert!(from.iter().all(|&pairs| pairs > 0), "groups of 8 cannot be new to both classes: {from:?}");
        assert_eq!(goal(&new, "partners").value, again(&new, &olds.each_ref()) as f64, "{name}: {from:?}");
        assert!(new.request.previous_sha256.is_some());
    }
}
