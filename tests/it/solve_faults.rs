//! Bad input at the command line: exit 2, what is wrong and where, nothing on stdout, no file written.

use crate::command::{Folder, command, dataset, fenzu};
use crate::lists::zipped;
use std::collections::BTreeSet;

/// The command is refused with each of `told` on stderr, writes nothing and leaves nothing.
fn refused(folder: &Folder, args: &[&str], told: &[&str]) {
    let before = folder.names();
    let plan = folder.path("plan.json");
    let output = if args[0] == "solve" { vec!["--output", &plan] } else { vec![] };
    let ended = fenzu(&[args, &output].concat());
    assert_eq!((ended.code, ended.text()), (Some(2), ""), "{args:?}\n{}", ended.err);
    for part in told {
        assert!(ended.err.contains(part), "{args:?}: no `{part}` in\n{}", ended.err);
    }
    assert_eq!(folder.names(), before, "{args:?} left a file");
}

/// A bad list: code, place and expectation.
fn bad_list(name: &str, content: &[u8], code: &str, place: &str, expected: &str) {
    let folder = Folder::new();
    let list = folder.write(name, content);
    let place = format!("[{code}] {place}: found ");
    refused(&folder, &["solve", &list, "--groups", "2"], &[&place, &format!("; expected {expected}")]);
    let zh = command(&["--lang", "zh", "solve", &list]).output().expect("the program starts");
    assert!(String::from_utf8_lossy(&zh.stderr).contains("；应为 "), "{}", String::from_utf8_lossy(&zh.stderr));
}

#[test]
fn lists_that_are_no_lists() {
    bad_list("a.csv", b"", "empty_file", "a.csv", "a list with a header row and students");
    bad_list("a.csv", "学号,姓名,数学\n".as_bytes(), "no_students", "a.csv", "one row for every student");
    bad_list(
        "a.csv",
        b"address,hobby\nEast,books\nWest,chess\n",
        "nothing_to_balance",
        "a.csv",
        "at least one column to balance",
    );
    bad_list("a.csv", b"id,math\n1,4\0\n2,5\n", "nul_byte", "a.csv line 2", "text in UTF-8");
    bad_list("a.csv", b"id,math\n1,4,5\n2\n", "ragged_row", "a.csv line 2 (2)", "2 cells, as in the header");
    let long = [b"id,math\n1,".as_slice(), &vec![b'9'; 20 << 20]].concat();
    bad_list("a.csv", &long, "line_too_long", "a.csv line 2", "at most 1048576 bytes a line");
}

#[test]
fn marks_and_ids_that_are_none() {
    let twice = b"id,math\nS1,3\nS2,4\nS1,5\n";
    bad_list("a.csv", twice, "duplicate_id", "a.csv line 4 (A4)", "ids unique within a class");
    let folder = Folder::new();
    let list = folder.write("a.csv", twice);
    refused(&folder, &["solve", &list], &["the id S1, which line 2 (A2) has too"]);
    for bad in ["九十", "8O", "1e999"] {
        let text = format!("id,math\n1,{bad}\n2,4\n");
        bad_list("a.csv", text.as_bytes(), "bad_score", "a.csv line 2 (B2)", "marks from 0 to 10000");
    }
    let list = folder.write("many.csv", "id,math\n1,九十\n2,8O\n2,1e999\n");
    let told = ["line 2 (B2): found 3 cells in “math”: 九十, 8O, 1e999", "[duplicate_id]"];
    refused(&folder, &["solve", &list], &told);
}

#[test]
fn workbooks_that_are_none() {
    let noise: Vec<u8> = (0..5000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    bad_list("a.xlsx", &noise, "damaged_workbook", "a.xlsx", "a workbook that a spreadsheet program can open");
    let whole = std::fs::read(dataset("class50_messy.xlsx")).expect("a workbook");
    let expected = "a workbook that a spreadsheet program can open";
    bad_list("a.xlsx", &whole[..whole.len() / 2], "damaged_workbook", "a.xlsx", expected);
    let spaces = " ".repeat(512 << 20);
    let bomb = zipped(&[("[Content_Types].xml", ""), ("xl/workbook.xml", ""), ("xl/worksheets/sheet1.xml", &spaces)]);
    bad_list("a.xlsx", &bomb, "unpacks_too_large", "a.xlsx", "");
}

#[test]
fn models_and_rules_that_make_no_sense() {
    let (folder, list) = (Folder::new(), dataset("class50.csv"));
    let text = fenzu(&["models", "responsibility-groups"]).code(0).text().to_owned();
    let zero =
        ["ratio = 3", "ratio = 5", "ratio = 2"].iter().fold(text, |text, ratio| text.replace(ratio, "ratio = 0"));
    let model = folder.write("zero.toml", zero);
    refused(
        &folder,
        &["solve", &list, "--model", &model],
        &["[zero_ratio]", "zero.toml line ", "the ratio 0:0:0", "; expected at least one part above 0"],
    );
    refused(&folder, &["solve", &list, "--model", "nosuch"], &["nosuch"]);
    let rules = folder.write("rules.json", r#"{"apart": [["S001", "S999"]], "together": [["S002", "S998"]]}"#);
    let told = [
        "[unknown_student] rules.apart[0][1]",
        "\"S999\"",
        "[unknown_student] rules.together[0][1]",
        "; expected an id of",
    ];
    refused(&folder, &["solve", &list, "--rules", &rules], &told);
    let rules = folder.write("rules.json", r#"{"pin": [{"student": "S001", "group": 6}]}"#);
    refused(
        &folder,
        &["solve", &list, "--groups", "5", "--rules", &rules],
        &["[pin_group] rules.pin (S001): found group 6; expected 1 to 5"],
    );
    let rules = folder.write("rules.json", "{");
    refused(&folder, &["solve", &list, "--rules", &rules], &["rules.json"]);
}

#[test]
fn files_that_are_not_there() {
    let (folder, list) = (Folder::new(), dataset("class50.csv"));
    let missing = folder.path("none");
    refused(&folder, &["solve", &missing], &["[unreadable_file]", &missing, "; expected "]);
    for option in ["--rules", "--previous"] {
        refused(&folder, &["solve", &list, option, &missing], &["[unreadable", &missing]);
    }
    refused(&folder, &["check", &missing, "--list", &list], &["[unreadable", &missing]);
    refused(&folder, &["check", &list, "--list", &missing], &["[unreadable_file]", &missing]);
}

#[test]
fn groups_that_cannot_be() {
    let (folder, list) = (Folder::new(), dataset("class50.csv"));
    for groups in ["51", "0"] {
        let found = format!("found 50 students and {groups} groups; expected 1 to 50 groups");
        refused(&folder, &["solve", &list, "--groups", groups], &["[group_count]", &found]);
    }
    refused(&folder, &["solve", &list, "--size", "30..31"], &["[group_size]", "groups of 30 to 31"]);
    for size in ["0", "12..8", "x", "8..", ""] {
        refused(&folder, &["solve", &list, "--size", size], &["--size", "expected a number"]);
    }
    refused(&folder, &["solve", &list, "--size", "10", "--groups", "5"], &["--size", "--groups"]);
}

#[test]
fn options_that_make_no_sense() {
    let (folder, list) = (Folder::new(), dataset("class50.csv"));
    let pdf = folder.path("plan.pdf");
    refused(&folder, &["solve", &list, "--output", &pdf], &["plan.pdf", ".json, .csv, .xlsx or .html"]);
    let nowhere = folder.path("none/plan.csv");
    refused(&folder, &["solve", &list, "--output", &nowhere], &["the folder does not exist"]);
    refused(&folder, &["solve", &list, "--public"], &["JSON holds marks and tiers"]);
    let json = fenzu(&["solve", &list, "--public", "--format", "json"]).code(2);
    assert!(json.err.contains("cannot go with --public"), "{}", json.err);
    refused(&folder, &["solve", &list, "--prove", "bananas"], &["--prove bananas", "tiers, counts, means"]);
    for limit in ["0", "NaN", "-1", "1e400"] {
        refused(&folder, &["solve", &list, &format!("--time-limit={limit}")], &["--time-limit"]);
    }
    refused(&folder, &["solve", &list, "--keep"], &["--previous"]);
    refused(&folder, &["solve", &list, "--column", "foo=bar"], &["[bad_column_option]", "FIELD=HEADER"]);
    refused(&folder, &["solve", &list, "--column", "score:x=bar"], &["[unknown_header]", "the header “bar”"]);
    refused(&folder, &["solve"], &["<LIST>"]);
    refused(&folder, &["bogus"], &["bogus"]);
}

#[test]
fn all_lists_and_rules_are_told_at_once() {
    let folder = Folder::new();
    let (one, two) = (folder.write("one.csv", "id,math\n1,9O\n"), folder.write("two.csv", ""));
    let rules = folder.write("rules.json", "[]");
    let told = ["one.csv line 2 (B2)", "[empty_file]", "two.csv", "rules.json"];
    refused(&folder, &["solve", &one, &two, "--rules", &rules], &told);
}

#[test]
fn a_failed_run_leaves_the_old_file() {
    let folder = Folder::new();
    let (list, plan) = (folder.write("list.csv", "id,math\n1,x\n"), folder.write("plan.json", "old"));
    fenzu(&["solve", &list, "--output", &plan]).code(2);
    assert_eq!(std::fs::read_to_string(&plan).expect("a file"), "old");
    assert_eq!(folder.names(), BTreeSet::from(["list.csv".to_owned(), "plan.json".to_owned()]));
}

/// A device tells no length, and never ends.
#[cfg(unix)]
#[test]
fn endless_rules_are_refused() {
    let told = fenzu(&["solve", &dataset("class50.csv"), "--rules", "/dev/zero"]).code(2);
    assert!(told.err.contains("[file_too_large]"), "{}", told.err);
}
