//! What a list holds and nothing is done with is named once: marks, kinds, names of other students, tables beside the list. What is
//! plainly something else (texts, numbers of people and telephones, dates, addresses) is not.

use crate::lists::{HAN, column, csv, good, good_xlsx, notice, write_rows};
use fenzu::roster::{Holds, Roster};
use proptest::prelude::*;

/// A list of twelve with one more column.
fn with(header: &str, cell: impl Fn(usize) -> String) -> Roster {
    let row = |(s, name): (usize, &&str)| format!("{},{name},{},\"{}\"\n", s + 1, 60 + s * 7 % 40, cell(s));
    good(&format!("学号,姓名,数学,{header}\n{}", HAN.iter().enumerate().map(row).collect::<String>()))
}

/// The codes of what is said of the column D.
fn said(roster: &Roster) -> Vec<&str> {
    let notices = roster.notices.iter().filter(|told| told.place == "D").map(|told| told.code);
    notices.chain(roster.doubts.iter().filter(|told| told.place == "D").map(|told| told.code)).collect()
}

/// What is written into the column of the student of this number.
type Cell = fn(usize) -> String;

#[test]
fn what_might_be_balanced_is_named() {
    let cases: &[(&str, Cell, &str)] = &[
        ("ticks", |s| if s % 5 == 0 { "√".into() } else { String::new() }, "kinds_unused"),
        ("one tick", |s| if s == 3 { "✔️".into() } else { String::new() }, "kinds_unused"),
        ("crosses", |s| if s % 4 == 1 { "x".into() } else { String::new() }, "kinds_unused"),
        ("a word and blanks", |s| if s % 3 == 0 { "EAL".into() } else { String::new() }, "kinds_unused"),
        ("two kinds", |s| ["甲组", "乙组"][s % 2].into(), "kinds_unused"),
        ("large numbers", |s| (2380 + s * 311 % 500).to_string(), "column_unused"),
        ("larger numbers", |s| (9_000 + s * 3_111 % 5_000).to_string(), "column_unused"),
        ("below nought", |s| format!("{:.1}", s as f64 * 1.7 % 5.0 - 2.0), "column_unused"),
        ("odd words", |s| if s % 4 == 3 { "late".into() } else { (50 + s * 5).to_string() }, "column_unused"),
        ("units", |s| format!("{}L", 800 + s * 77 % 400), "column_unused"),
        ("units of length", |s| format!("1.{} 米", 40 + s * 7 % 30), "column_unused"),
        ("times", |s| format!("{}'{:02}", 3 + s % 2, s * 17 % 60), "column_unused"),
        ("times in words", |s| format!("{}分{:02}秒", 3 + s % 2, s * 17 % 60), "column_unused"),
    ];
    for (what, cell, code) in cases {
        let roster = with("其他", cell);
        assert_eq!(said(&roster), [*code], "{what}: {:?} {:?}", roster.notices, roster.doubts);
    }
    // Many kinds, as many as are well fewer than the students.
    let rows: String = (0..60).map(|s| format!("{s},{},第{}村\n", 50 + s * 7 % 40, s % 20)).collect();
    assert_eq!(notice(&good(&format!("学号,数学,村组\n{rows}")), "kinds_unused").place, "C");
}

#[test]
fn what_is_plainly_something_else_is_not_named() {
    let cases: &[(&str, Cell)] = &[
        ("telephones", |s| format!("1380013{:04}", s * 7_919 % 10_000)),
        ("numbers of people", |s| format!("2025{:04}", s * 3_701 % 10_000)),
        ("long numbers", |s| format!("43010120150101{:04}", s * 37)),
        ("serial numbers", |s| (101 + s).to_string()),
        ("days", |s| format!("2012-0{}-1{}", 1 + s % 9, s % 3)),
        ("days as numbers", |s| format!("20120{}1{}", 1 + s % 3, s % 2)),
        ("days and times", |s| format!("2024/9/{} 08:{:02}", 1 + s % 2, s % 3)),
        ("mail", |s| format!("a{}@example.org", s % 3)),
        ("addresses", |s| format!("人民路{}号{}栋{}室", s * 3, s % 4, 101 + s)),
        ("rooms", |s| format!("{}室", 301 + s * 7)),
        ("years", |s| (2005 + s).to_string()),
        ("texts", |s| format!("喜欢读书和运动，性格开朗，这是第{s}条评语")),
        ("one value for all", |_| "第一小学".into()),
        ("nothing", |_| String::new()),
    ];
    for (what, cell) in cases {
        let roster = with("其他", cell);
        assert_eq!(said(&roster), [""; 0], "{what}: {:?} {:?}", roster.notices, roster.doubts);
    }
}

#[test]
fn names_of_other_students_are_found_in_full_in_part_and_in_sentences() {
    let next = |s: usize| HAN[(s + 1) % HAN.len()];
    let cases: [(&str, &dyn Fn(usize) -> String); 5] = [
        ("in full", &|s| next(s).to_owned()),
        ("several", &|s| format!("{}、{}", next(s), next(s + 1))),
        ("given names", &|s| next(s).chars().skip(1).collect()),
        ("sentences", &|s| format!("希望和{}一起", next(s))),
        ("some sentences", &|s| if s % 3 == 0 { format!("想与{}同组", next(s)) } else { "都可以".to_owned() }),
    ];
    for (what, cell) in cases {
        let roster = with("意愿", cell);
        assert_eq!(said(&roster), ["names_unused"], "{what}");
        assert_eq!(roster.columns[3].holds, Holds::Names, "{what}");
    }
    let english = good("Name,Maths,Work well with\nNora Abbott,40,Leo\nLeo Barros,50,Mina and Nora\nMina Cho,60,\n");
    assert_eq!(notice(&english, "names_unused").message.en, "“Work well with” names other students and is not used");
    // Whoever goes by a part of the own name names nobody else.
    let own = good("Name,Maths,Goes by\nNora Abbott,40,Nora\nLeo Barros,50,Leo\nMina Cho,60,Mina\n");
    assert!(own.notices.iter().all(|told| told.code != "names_unused"), "{:?}", own.notices);
}

#[test]
fn a_table_beside_the_list_is_named_and_people_in_it_are_asked_about() {
    let beside = |table: &[[&str; 2]]| {
        good_xlsx(|sheet| {
            write_rows(sheet, 0, &[&["学号", "姓名", "数学"]]);
            for (s, name) in (1..).zip(HAN) {
                write_rows(sheet, s, &[&[s.to_string().as_str(), name, &(50 + s * 7 % 40).to_string()]]);
            }
            for (r, [left, right]) in (0..).zip(table) {
                for (c, text) in [(4, left), (5, right)] {
                    sheet.write_string(r, c, *text).expect("a cell");
                }
            }
        })
    };
    let teachers = beside(&[["科目", "任课教师"], ["语文", "王建国"], ["数学", "李秀英"]]);
    assert_eq!(teachers.students.len(), 12);
    let told = notice(&teachers, "beside_unused");
    assert_eq!(
        (told.place.as_str(), told.message.zh.as_str()),
        ("E", "名册旁边还有一张小表，没有读取：“科目”、“任课教师”")
    );
    let more = beside(&[["姓名", "原班"], ["梁启明", "5班"], ["宋佳颖", "5班"]]);
    let asked: Vec<&str> = more.doubts.iter().map(|doubt| doubt.code).collect();
    assert_eq!(asked, ["names_beside"], "{:?}", more.doubts);
    assert!(more.doubts[0].message.en.starts_with("2 people in another column “姓名” are not in the list"));
}

#[test]
fn one_cause_is_told_once_for_all_its_columns() {
    let header: String = (0..30).map(|_| ",语文成绩").collect();
    let marks: String = (0..30).map(|_| ",71").collect();
    let repeated = good(&format!("学号,语文{header}\n1,71{marks}\n2,71{marks}\n"));
    let told = notice(&repeated, "column_carried");
    assert!(told.place.ends_with(", …") && told.message.zh.chars().count() < 400, "{told:?}");
    let void = good("学号,语文,数学,英语\n1,,,70\n2,,,80\n");
    assert_eq!(notice(&void, "column_empty").message.en, "“语文”, “数学” hold no values and are not used");
    let minus = good("学号,数学\n1,-1.0\n2,70\n3,80\n");
    let codes: Vec<&str> = minus.notices.iter().map(|told| told.code).collect();
    assert_eq!(codes, ["minus_one_missing"]);
    assert_eq!(column(&minus, "score:math").cells[0], fenzu::roster::Cell::Absent);
}

/// Lists whose messages count things, of which there are `n` each.
fn counting(n: usize) -> Vec<String> {
    let repeat = |text: &str| text.repeat(n);
    let rows = |text: &str| (0..n).map(|s| format!("{},{text}\n", 100 + s)).collect::<String>();
    vec![
        format!("学号,数学\n1,70\n2,75\n3,80\n4,85\n5,66\n6,64\n7,63\n{}", rows("见习生")),
        format!("学号,数学\n1,70\n2,75\n{}", rows("")),
        format!("学号,数学\n1,70\n2,75\n{}", rows("-1")),
        format!("学号,数学\n1,70\n2,75\n{}", rows("缺考")),
        format!("学号,性别,数学\n1,男,70\n2,女,75\n{}", rows("保密,70")),
        format!("学号,住校,数学\n1,是,70\n2,是,75\n{}", rows(",70")),
        format!("学号,数学,备注\n1,70,\n2,75,\n{}", rows("60,留守")),
        format!("学号,姓名,数学\n1,甲,70\n{}2,乙,75\n", repeat(",,\n")),
        format!("姓名,数学\n{}甲一,70\n乙一,75\n{}", repeat("丙一,60\n"), repeat("平均分,66\n")),
        format!("{}学号,数学\n1,70\n2,80\n{}", repeat("期中考试成绩,\n"), repeat("学号,数学\n")),
        format!("学号,数学,状态\n1,70,\n2,80,\n3,60,\n4,61,\n{}", rows("66,转出")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    /// One is spoken of as one, and several as several.
    #[test]
    fn messages_count_rightly(n in 1_usize..4) {
        let plural = ["students ", "people ", "rows ", "cells ", "columns ", "marks ", "formulas "];
        for text in counting(n) {
            let messages: Vec<String> = match csv(&text) {
                Ok(roster) => {
                    let told = roster.notices.iter().map(|told| told.message.en.clone());
                    told.chain(roster.doubts.iter().map(|doubt| doubt.message.en.clone())).collect()
                }
                Err(faults) => faults.0.iter().map(|fault| fault.found.en.clone()).collect(),
            };
            for message in &messages {
                let is_wrong = plural.iter().any(|word| {
                    message.contains(&format!("1 {word}")) || message.contains(&format!("1 blank {word}"))
                });
                prop_assert!(!is_wrong, "{message}");
            }
        }
    }
}

/// Groups and rooms are often written at their first student only.
#[test]
fn what_is_written_once_for_several_students_is_named() {
    assert_eq!(
        said(&with("小组", |s| if s % 4 == 0 { format!("第{}组", s / 4 + 1) } else { String::new() })),
        ["kinds_unused"]
    );
    assert_eq!(
        said(&with("寝号码", |s| if s % 3 == 0 { format!("A{}", 301 + s) } else { String::new() })),
        ["kinds_unused"]
    );
    assert_eq!(said(&with("心得", |s| if s == 5 { "喜欢数学".into() } else { String::new() })), [""; 0]);
}
