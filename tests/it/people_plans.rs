//! Plans of a class that was renamed, from every kind of file, with ids and without: moves are recounted here from the files.

use crate::command::{Folder, agrees, fenzu, goal, solve};
use fenzu::plan::document::{Document, Status};
use std::collections::BTreeMap;

/// Name, gender, two marks.
type Row = (String, &'static str, usize, usize);

/// 26 students, two pairs of namesakes among them whom the gender tells apart.
fn class() -> Vec<Row> {
    let surnames = ["王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙"];
    let name = |n: usize| format!("{}{}", surnames[n % 12], ["芳", "伟"][n / 12 % 2]);
    let mut rows: Vec<Row> =
        (0..24).map(|n| (name(n), ["男", "女"][n % 2], 50 + n * 7 % 41, 45 + n * 11 % 53)).collect();
    rows.push(("王芳".to_owned(), "女", 71, 80));
    rows.push(("李芳".to_owned(), "男", 64, 77));
    rows
}

/// A list; ids are `S` and the place in `class()` and after it.
fn list(class: &str, ids: bool, rows: &[(usize, Row)]) -> String {
    let head = if ids { "班级,学号,姓名,性别,语文,数学" } else { "班级,姓名,性别,语文,数学" };
    let row = |(n, (name, gender, a, b)): &(usize, Row)| {
        let id = if ids { format!("S{n:02},") } else { String::new() };
        format!("{class},{id}{name},{gender},{a},{b}\n")
    };
    format!("{head}\n{}", rows.iter().map(row).collect::<String>())
}

/// Two semesters: three of one old group leave, one comes, and the rows stand in another order.
struct Semesters {
    folder: Folder,
    old: Document,
    /// The old plan as JSON, CSV, XLSX and the names to hang up.
    files: Vec<String>,
    list: String,
    now: Vec<(usize, Row)>,
}

fn semesters(ids_then: bool, ids_now: bool) -> Semesters {
    let folder = Folder::new();
    let then: Vec<(usize, Row)> = class().into_iter().enumerate().collect();
    let first = folder.write("old.csv", list("八(1)班", ids_then, &then));
    let mut files: Vec<String> =
        ["json", "csv", "xlsx"].iter().map(|ending| folder.path(&format!("plan.{ending}"))).collect();
    let outputs: Vec<&str> = files.iter().flat_map(|file| ["--output", file]).collect();
    let old = solve(&first, &[&["--groups", "4", "--work", "2000000"], &outputs[..]].concat());
    let public = folder.path("public.csv");
    let args = ["solve", &first, "--groups", "4", "--work", "2000000", "--public", "--output", &public];
    fenzu(&args).code(0);
    files.push(public);
    let place = |id: &str| -> usize {
        let digits: usize = id.trim_start_matches('S').parse().expect("a number");
        if ids_then { digits } else { digits - 1 }
    };
    let leavers: Vec<usize> = old.groups[1].students.iter().map(|id| place(id)).filter(|n| *n < 24).take(3).collect();
    let mut now: Vec<(usize, Row)> = then.into_iter().filter(|(n, _)| !leavers.contains(n)).collect();
    now.push((90, ("欧阳新".to_owned(), "男", 66, 66)));
    now.reverse();
    now.rotate_left(7);
    let list = folder.write("new.csv", list("九(1)班", ids_now, &now));
    Semesters { folder, old, files, list, now }
}

/// The group's number of each name and gender, by ids or row numbers of a list of `rows`.
fn places(document: &Document, rows: &[(usize, Row)], ids: bool) -> BTreeMap<(String, &'static str), usize> {
    let of = |id: &str| {
        let found = rows
            .iter()
            .enumerate()
            .find(|(at, (n, _))| id == if ids { format!("S{n:02}") } else { (at + 1).to_string() });
        let (_, (_, (name, gender, ..))) = found.expect("a student of the list");
        (name.clone(), *gender)
    };
    let groups = document.groups.iter().enumerate();
    groups.flat_map(|(g, group)| group.students.iter().map(move |id| (of(id), g)).collect::<Vec<_>>()).collect()
}

fn told(document: &Document, code: &str) -> Option<String> {
    document.notices.iter().find(|notice| notice.code == code).map(|notice| notice.message.clone())
}

#[test]
fn moves_after_a_rename_are_those_of_the_files() {
    for (ids_then, ids_now) in [(true, true), (true, false), (false, true), (false, false)] {
        let Semesters { folder, old, files, list, now } = semesters(ids_then, ids_now);
        let then: Vec<(usize, Row)> = class().into_iter().enumerate().collect();
        let before = places(&old, &then, ids_then);
        for last in &files {
            // To hang up there are names alone: of namesakes nothing can be known.
            let public = last.ends_with("public.csv");
            let plan = folder.path("new.json");
            let new = solve(&list, &["--previous", last, "--keep", "--work", "2000000", "--output", &plan]);
            let after = places(&new, &now, ids_now);
            let namesake = |name: &str| public && ["王芳", "李芳"].contains(&name);
            let had = |(who, group): (&(String, &'static str), &usize)| {
                before.get(who).filter(|_| !namesake(&who.0)).is_some_and(|old| old != group)
            };
            let moved = after.iter().filter(|(who, group)| had((who, group))).count();
            let moves = goal(&new, "moves");
            let case = format!("{ids_then} {ids_now} {last}: {:?}", new.notices);
            assert_eq!(new.groups.len(), 4, "as many groups as there were: {case}");
            assert_eq!((moves.scaled, moves.proved), (moved as i64, !public), "{case}");
            assert_eq!(new.status == Status::Optimal, !public && new.goals.iter().all(|goal| goal.proved), "{case}");
            assert_eq!(told(&new, "previous_unclear").is_some(), public, "{case}");
            assert!(told(&new, "previous_class").is_some_and(|text| text.contains("八(1)班")), "{case}");
            assert_eq!(
                told(&new, "previous_unmatched").as_deref(),
                Some("no old group of this class was found for 1 of 24 students"),
                "{case}"
            );
            agrees(&plan, &list, &["--previous", last, "--keep"]);
        }
    }
}

#[test]
fn the_judge_refuses_a_proof_over_people_who_are_not_certain() {
    let Semesters { folder, files, list, .. } = semesters(false, false);
    let public = files.last().expect("names alone");
    let plan = folder.path("new.json");
    let mut new = solve(&list, &["--previous", public, "--keep", "--work", "2000000", "--output", &plan]);
    assert!(!goal(&new, "moves").proved);
    for goal in &mut new.goals {
        goal.proved = goal.scaled == goal.scaled_bound;
        goal.proof = goal.proved.then_some(fenzu::plan::document::Proof::ClosedForm);
    }
    let moves = new.goals.iter_mut().find(|goal| goal.name == "moves").expect("moves");
    (moves.proved, moves.proof) = (true, Some(fenzu::plan::document::Proof::Mip));
    let claimed = folder.write("claimed.json", serde_json::to_string(&new).expect("JSON"));
    let ended = fenzu(&["check", &claimed, "--list", &list, "--previous", public, "--keep"]).code(3);
    assert!(ended.text().contains("[previous_unclear]"), "{}", ended.text());
}

#[test]
fn groups_of_others_are_no_last_semester() {
    let Semesters { folder, files, list, .. } = semesters(false, false);
    let others = folder.write("others.csv", "姓名,小组\n欧阳甲,1\n欧阳乙,2\n");
    let ended = fenzu(&["solve", &list, "--previous", &others]).code(2);
    assert!(ended.err.contains("previous_unmatched"), "{}", ended.err);
    let plan = folder.path("new.json");
    solve(&list, &["--previous", &files[1], "--keep", "--work", "2000000", "--output", &plan]);
    let ended = fenzu(&["check", &plan, "--list", &list, "--previous", &others, "--keep"]).code(3);
    assert!(ended.text().contains("[previous_unmatched]"), "{}", ended.text());
    // Names without ids are last semester's, not a plan to judge.
    assert!(fenzu(&["check", &others, "--list", &list]).code(2).err.contains("plan_columns"));
}

#[test]
fn public_views_hold_no_record_of_people() {
    let Semesters { folder: _folder, old, files, .. } = semesters(true, true);
    assert_eq!(old.people.len(), 26);
    let public = std::fs::read_to_string(files.last().expect("names alone")).expect("a file");
    assert!(!public.contains('男') && !public.contains("S01"), "{public}");
}
