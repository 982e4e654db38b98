//! What a result rests on: told before any verdict wherever there is one, spoken of by the verdict, and never told to the public.
//! Lists without anything to balance are drawn by lot, which is said.

use crate::support::RosterBuilder;
use calamine::{Reader, Xlsx, open_workbook_from_rs};
use fenzu::model::builtin::builtin;
use fenzu::model::rules::read_rules;
use fenzu::model::{Request, Sizing};
use fenzu::pipeline::{Division, Prepared, prepare};
use fenzu::plan::document::{Document, RestsOn};
use fenzu::report::{Audience, html, json, table, xlsx};
use fenzu::roster::{Field, Holds, LeftOut, Roster, RowPlace};
use fenzu::solver::{Effort, Prove, Stop};
use fenzu::words;
use fenzu::words::Lang;
use proptest::prelude::*;
use std::io::Cursor;

/// A list of these rows.
fn list(columns: &str, rows: &[String]) -> Roster {
    RosterBuilder::new(columns).rows(rows.iter().map(String::as_str)).build()
}

/// Twelve students with a subject that is balanced, and marks and grades that are only carried.
fn class() -> Roster {
    let row = |s: usize| {
        let (tier, gender) = (["top", "middle", "struggling"][s % 3], ["male", "female"][s / 6]);
        format!("s{s} 学生{s} {gender} {tier} {} {} {}", 60 + 3 * s, 90 - s, ["A", "B"][s % 2])
    };
    let rows: Vec<String> = (0..12).map(row).collect();
    let mut list = list("id name gender tier score:politics other other", &rows);
    let told = [
        ("学号", Holds::Words),
        ("姓名", Holds::Words),
        ("性别", Holds::Kinds),
        ("层次", Holds::Kinds),
        ("道法", Holds::Marks),
        ("化学(原始分)", Holds::Marks),
        ("等级", Holds::Kinds),
    ];
    for (column, (header, holds)) in list.columns.iter_mut().zip(told) {
        header.clone_into(&mut column.header);
        column.holds = holds;
    }
    list.left_out = vec![left_out("Student, Test", 14)];
    list
}

fn left_out(who: &str, row: usize) -> LeftOut {
    let row = RowPlace { row, line: Some(row), ..RowPlace::default() };
    LeftOut { who: who.to_owned(), why: words!("测试学生", "a test student"), row }
}

fn prepared(list: &Roster, groups: usize) -> Vec<Prepared> {
    let request = Request { sizing: Some(Sizing::Count(groups)), ..Request::new(builtin()[0].clone()) };
    prepare(list, &request, Division::ByClass).expect("a list that can be divided")
}

fn solved(class: &Prepared, seed: u64, lang: Lang) -> Document {
    let effort = Effort { seed, work: Some(100_000), prove: Prove::Model };
    let planned = class.solve(effort, &Stop::after(None), &|_| (), lang);
    assert!(planned.findings.is_empty(), "{:?}", planned.findings);
    planned.document
}

#[test]
fn every_output_begins_with_it_and_the_verdict_speaks_of_it() {
    let class = &prepared(&class(), 3)[0];
    for (lang, line, verdict) in [
        (
            Lang::Zh,
            "12 名学生；按 性别、道法 均衡；按 层次 分层；没有用到：化学(原始分)、等级；未编入：Student, Test",
            "；没有用到：化学(原始分)、等级",
        ),
        (
            Lang::En,
            "12 students; balanced: 性别, 道法; tiers by: 层次; not used: 化学(原始分), 等级; left out: “Student, Test”",
            "; not used: 化学(原始分), 等级",
        ),
    ] {
        let document = solved(class, 1, lang);
        let report = [class.report(&document, Audience::Teacher, lang)];
        let screen = table(&report);
        let lines: Vec<&str> = screen.lines().collect();
        assert_eq!(lines[0], line);
        assert!(lines[1].ends_with(verdict), "{}", lines[1]);
        // The list's own word, not the subject's usual one.
        assert!(screen.contains("道法") && !screen.contains("政治") && !screen.contains("Politics"), "{screen}");
        let page = html(&report).expect("a page");
        let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in the page"));
        assert!(at(line) < at("class=\"card verdict"));
        assert!(page[at("class=\"card verdict")..].contains(verdict));
        let sheet = score_card(&xlsx(&report).expect("a workbook"));
        let first = sheet.find(line).unwrap_or_else(|| panic!("{line} in {sheet}"));
        assert!(sheet[first + line.len()..].contains(verdict), "{sheet}");
        let told: serde_json::Value = serde_json::from_str(&json(std::slice::from_ref(&document))).expect("JSON");
        let rests: RestsOn = serde_json::from_value(told["input"]["rests_on"].clone()).expect("what it rests on");
        assert_eq!(rests, document.input.rests_on);
        assert_eq!((rests.students, rests.tiers_by.as_deref()), (12, Some("层次")));
        let public = [class.report(&document, Audience::Public, lang)];
        for text in [table(&public), html(&public).expect("a page")] {
            assert!(!text.contains("化学") && !text.contains("Student, Test"), "{text}");
        }
    }
}

/// The texts of a workbook's score card in their order.
fn score_card(book: &[u8]) -> String {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(book.to_vec())).expect("a workbook");
    let name = book.sheet_names()[3].clone();
    let cells = book.worksheet_range(&name).expect("a sheet");
    cells.rows().flatten().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_plan_that_rests_on_everything_says_nothing_more() {
    let mut list = class();
    list.columns.truncate(5);
    list.left_out.clear();
    let class = &prepared(&list, 3)[0];
    let document = solved(class, 1, Lang::En);
    assert!(document.input.rests_on.unused.is_empty());
    let screen = table(&[class.report(&document, Audience::Teacher, Lang::En)]);
    let lines: Vec<&str> = screen.lines().collect();
    assert_eq!(lines[0], "12 students; balanced: 性别, 道法; tiers by: 层次");
    assert!(!lines[1].contains("not used"));
}

#[test]
fn who_is_left_out_stands_with_the_own_class() {
    let rows: Vec<String> = (0..12).map(|s| format!("{s} {} {}", ["一班", "二班"][s / 6], 50 + 7 * s % 40)).collect();
    let mut list = list("id class score:math", &rows);
    // Rows 2 to 13 are students; somebody stands above them, somebody among the first class, somebody below.
    list.left_out = vec![left_out("Points Possible", 1), left_out("甲", 5), left_out("乙", 14)];
    let classes = prepared(&list, 2);
    let out = |class: &Prepared| solved(class, 1, Lang::En).input.rests_on.left_out;
    assert_eq!(classes.iter().map(out).collect::<Vec<_>>(), [vec!["Points Possible", "甲"], vec!["乙"]]);
    assert_eq!(list.of_class("二班").left_out, [left_out("乙", 14)]);
}

#[test]
fn a_list_without_anything_to_balance_is_drawn_by_lot() {
    let rows: Vec<String> = (0..23).map(|s| format!("n{s} 学生{s}")).collect();
    let class = &prepared(&list("id name", &rows), 5)[0];
    let groups = |seed| -> Vec<Vec<String>> {
        solved(class, seed, Lang::En).groups.into_iter().map(|group| group.students).collect()
    };
    let sizes: Vec<usize> = groups(1).iter().map(Vec::len).collect();
    assert!(sizes.iter().all(|size| (4..=5).contains(size)) && sizes.iter().sum::<usize>() == 23, "{sizes:?}");
    assert_eq!(groups(1), groups(1));
    assert_ne!(groups(1), groups(2));
    // Two meet as often as chance has it: in 42 of 253 draws, 33 of 200; 18 to 50 is three standard deviations.
    let both = |group: &Vec<String>| ["n0", "n1"].iter().all(|who| group.iter().any(|student| student == who));
    let meet = (0..200).filter(|&seed| groups(seed).iter().any(both)).count();
    assert!((18..=50).contains(&meet), "{meet} of 200");
    for (lang, headline) in [
        (Lang::Zh, "名册里没有可以均衡的内容：按种子 3 随机分成人数相等的小组"),
        (Lang::En, "Nothing in the list to balance: equal groups drawn at random, seed 3"),
    ] {
        let document = solved(class, 3, lang);
        let screen = table(&[class.report(&document, Audience::Teacher, lang)]);
        assert_eq!(screen.lines().nth(1), Some(headline));
        assert!(!screen.contains("No better") && !screen.contains("没有更均衡"), "{screen}");
    }
}

#[test]
fn a_draw_keeps_the_rules() {
    let rows: Vec<String> = (0..20).map(|s| format!("n{s} 学生{s}")).collect();
    let rules = br#"{"together": [["n0", "n1", "n2"]], "apart": [["n3", "n4", "n5"]]}"#;
    let rules = read_rules(rules, "rules.json").expect("rules");
    let request = Request { sizing: Some(Sizing::Count(4)), rules, ..Request::new(builtin()[0].clone()) };
    let class = &prepare(&list("id name", &rows), &request, Division::ByClass).expect("a list")[0];
    for seed in 0..20 {
        let document = solved(class, seed, Lang::En);
        let group = |id: &str| document.groups.iter().position(|group| group.students.iter().any(|s| s == id));
        assert!(group("n0") == group("n1") && group("n1") == group("n2"));
        assert!(group("n3") != group("n4") && group("n4") != group("n5") && group("n3") != group("n5"));
    }
}

const FIELDS: [&str; 8] = ["score", "category", "flag", "other", "notes", "total", "rank", "ethnic_group"];
const HOLDS: [Holds; 5] = [Holds::Nothing, Holds::Marks, Holds::Kinds, Holds::Names, Holds::Words];

/// A cell that fits what its column is read as.
fn cell(word: &str, s: usize) -> String {
    match word.split(':').next() {
        Some("score" | "total" | "rank") => (50 + 7 * s % 45).to_string(),
        Some("flag") => ["yes", "no"][s % 2].to_owned(),
        _ => ["甲", "乙", "丙"][s % 3].to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever a column was read as and whatever it holds: with marks, kinds or names it is balanced, decides the tiers, tells
    /// who somebody is, or is named as not used; and never two of these.
    #[test]
    fn no_column_with_content_is_passed_over_in_silence(
        columns in prop::collection::vec((0..FIELDS.len(), 0..HOLDS.len()), 1..8)
    ) {
        let word = |(c, &(field, _)): (usize, &(usize, usize))| match FIELDS[field] {
            known @ ("score" | "category" | "flag") => format!("{known}:c{c}"),
            plain => plain.to_owned(),
        };
        let words: Vec<String> = columns.iter().enumerate().map(word).collect();
        let row = |s| words.iter().fold(format!("i{s}"), |row, word| row + " " + &cell(word, s));
        let rows: Vec<String> = (0..9).map(row).collect();
        let mut list = list(&format!("id {}", words.join(" ")), &rows);
        for (c, column) in list.columns.iter_mut().enumerate() {
            column.header = format!("列{c}");
            column.holds = if c == 0 { Holds::Words } else { HOLDS[columns[c - 1].1] };
        }
        let rests = solved(&prepared(&list, 3)[0], 1, Lang::Zh).input.rests_on;
        for column in &list.columns {
            let [balanced, unused] = [&rests.balanced, &rests.unused].map(|headers| headers.contains(&column.header));
            let tiers = rests.tiers_by.as_ref() == Some(&column.header);
            prop_assert!(!unused || !(balanced || tiers), "{} told twice", column.header);
            let told = balanced || tiers || matches!(column.field, Field::Id | Field::Notes);
            let full = matches!(column.holds, Holds::Marks | Holds::Kinds | Holds::Names);
            prop_assert_eq!(unused, full && !told, "{} {:?}", column.header, rests);
        }
    }
}
