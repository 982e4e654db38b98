//! Rows below a header that are no students, and rows that begin a class: told by what they hold and lack, whatever their words.

use crate::lists::{HAN, good, ids, named, notice, read_as, write_rows, xlsx};
use fenzu::roster::Roster;
use std::fmt::Write as _;

const LATIN: [&str; 12] = [
    "Nora Abbott",
    "Leo Barros",
    "Mina Cho",
    "Jonas Dietz",
    "Tove Eriksen",
    "Omar Farouk",
    "Grace Goh",
    "Wei Huang",
    "Ines Ibarra",
    "Jack Jones",
    "Kira Klein",
    "Eva Lindt",
];
const MARKS: [(u32, u32); 12] = [
    (61, 74),
    (85, 92),
    (70, 66),
    (99, 81),
    (58, 77),
    (90, 63),
    (73, 88),
    (66, 59),
    (82, 95),
    (77, 70),
    (64, 84),
    (93, 72),
];

/// A list of twelve with rows above and below them.
fn list(header: &str, row: impl Fn(usize) -> String, above: &str, below: &str) -> Roster {
    let rows = (0..12).fold(String::new(), |mut rows, i| {
        let _ = writeln!(rows, "{}", row(i)); // writing to a String cannot fail
        rows
    });
    good(&format!("{header}\n{above}{rows}{below}"))
}

fn han(above: &str, below: &str) -> Roster {
    let row = |i: usize| format!("{},{},{},{}", HAN[i], ["男", "女"][i % 2], MARKS[i].0, MARKS[i].1);
    list("姓名,性别,语文,数学", row, above, below)
}

fn latin(above: &str, below: &str) -> Roster {
    let row = |i: usize| format!("{},{},{}", LATIN[i], MARKS[i].0, MARKS[i].1);
    list("Name,Maths,Science", row, above, below)
}

fn asked(roster: &Roster) -> Vec<&str> {
    roster.doubts.iter().map(|doubt| doubt.code).collect()
}

fn classes(roster: &Roster) -> Vec<&str> {
    let mut classes: Vec<&str> = roster.students.iter().map(|student| student.class.as_str()).collect();
    classes.dedup();
    classes
}

#[test]
fn figures_without_a_gender_are_no_student_whatever_they_are_called() {
    for label in ["奈何", "班况", "Niveau", "总计甲", "T值", "八十以上", "甲乙之比"] {
        let roster = han("", &format!("{label},,71.3,66.2\n"));
        assert_eq!(roster.students.len(), 12, "{label}");
        assert_eq!(asked(&roster), [""; 0], "{label}");
        assert!(notice(&roster, "statistics_skipped").message.zh.contains(label), "{label}");
    }
    for row in ["奈何,,120,120\n", "指标,,918,921\n"] {
        assert_eq!(han(row, "").students.len(), 12, "{row}");
    }
}

#[test]
fn what_may_be_a_student_is_asked_about_by_name() {
    for row in ["陆逊,,71.5,66.5\n", "陆逊,,71,66\n"] {
        let roster = han("", row);
        assert_eq!((roster.students.len(), asked(&roster)), (13, vec!["name_unlikely"]), "{row}");
        assert!(roster.doubts[0].message.zh.contains("陆逊"));
    }
    for row in ["Ceiling,100,100\n", "Marks obtainable,100,100\n", "Zone 3,70,60\n"] {
        assert_eq!(asked(&latin(row, "")), ["name_unlikely"], "{row}");
    }
}

#[test]
fn students_at_the_ends_of_a_list_stay_without_a_question() {
    for row in ["陆逊,男,71.5,66.5\n", "陆逊,女,,\n", "Tom,男,99,98\n", "陆逊,男,100,100\n", "陆逊,男,0,0\n"]
    {
        for (above, below) in [(row, ""), ("", row)] {
            let roster = han(above, below);
            assert_eq!((roster.students.len(), asked(&roster)), (13, Vec::new()), "{row}");
        }
    }
    for row in ["Ann Lee,100,99\n", "Ann Lee,12,9\n", "Ann Lee,absent,absent\n", "Ann Lee,61.5,70\n"] {
        for (above, below) in [(row, ""), ("", row)] {
            let roster = latin(above, below);
            assert_eq!((roster.students.len(), asked(&roster)), (13, Vec::new()), "{row}");
        }
    }
}

#[test]
fn a_statistic_among_people_with_ids_is_never_a_missing_id() {
    let row = |i: usize| format!("{:02},{},{},{},{}", i + 1, HAN[i], ["男", "女"][i % 2], MARKS[i].0, MARKS[i].1);
    for below in [",奈何,,71.3,66.2\n", "奈何,,,71.3,66.2\n", "N,,,71.3,66.2\n", "80-89,,,3,4\n", ",陆逊,,71,66\n"]
    {
        let roster = list("学号,姓名,性别,语文,数学", row, "", below);
        assert_eq!(ids(&roster).len(), 12, "{below}");
    }
    let roster = list("学号,姓名,性别,语文,数学", row, "", "13,,,,\n14,,,,\n—,—,—,—,—\n");
    assert_eq!(ids(&roster).len(), 12);
    assert_eq!(notice(&roster, "numbers_unused").place, "lines 14-15 (14:15)");
}

#[test]
fn people_made_up_for_trying_things_out_are_asked_about() {
    for row in ["Dummy Person,0,0\n", "Test Pupil,0,0\n", "张三（演示）,0,0\n"] {
        assert_eq!(asked(&latin("", row)), ["name_unlikely"], "{row}");
    }
    assert!(asked(&han("", "张试,男,70,60\n")).is_empty());
}

/// A sheet in which rows divide the students.
fn divided(first: &str, second: &str, header: &[&str], with_header: bool) -> Roster {
    let row = |i: usize| {
        let number = (i % 6 + 1).to_string();
        let cells = [number, HAN[i].to_owned(), MARKS[i].0.to_string()];
        cells[3 - header.len()..].to_vec()
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    let header: Vec<String> = header.iter().map(|&text| text.to_owned()).collect();
    if !with_header {
        rows.push(header.clone());
    }
    for (title, students) in [(first, 0..6), (second, 6..12)] {
        rows.push(vec![title.to_owned()]);
        if with_header {
            rows.push(header.clone());
        }
        rows.extend(students.map(row));
    }
    let bytes = xlsx(|sheet| {
        let texts: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        write_rows(sheet, 0, &texts.iter().map(Vec::as_slice).collect::<Vec<_>>());
    });
    read_as("list.xlsx", &bytes).unwrap_or_else(|faults| panic!("{first}: {faults}"))
}

#[test]
fn rows_that_name_a_class_divide_a_list() {
    for (first, second) in [("三(1)班", "三(2)班"), ("一班", "二班"), ("7A", "7B"), ("火箭班", "平行班")]
    {
        for header in [&["姓名", "数学"][..], &["学号", "姓名", "数学"]] {
            for with_header in [false, true] {
                let roster = divided(first, second, header, with_header);
                assert_eq!(roster.students.len(), 12, "{first} {header:?} {with_header}");
                assert_eq!(classes(&roster), [first, second], "{header:?} {with_header}");
            }
        }
    }
}

#[test]
fn rows_that_may_name_something_else_are_asked_about() {
    for (first, second) in [("第一组", "第二组"), ("Period 1", "Period 2"), ("Set Red", "Set Blue")] {
        let roster = divided(first, second, &["学号", "姓名", "数学"], true);
        assert_eq!((classes(&roster), asked(&roster)), (vec![first, second], vec!["class_rows"]));
    }
    for (first, second) in [("第一组", "第二组"), ("Period 1", "Period 2")] {
        let roster = divided(first, second, &["姓名", "数学"], false);
        assert_eq!((classes(&roster), asked(&roster)), (vec![first, second], vec!["class_rows"]));
    }
}

#[test]
fn names_and_nothing_else_are_a_list() {
    for (names, title) in [(HAN, "光明小学2024"), (LATIN, "Students in 8B")] {
        let whole = names.join("\n");
        for text in [whole.clone(), format!("{title}\n{whole}")] {
            let roster = good(&text);
            assert_eq!(roster.students.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), names);
        }
        assert_eq!(asked(&good(&whole)), ["no_header"]);
    }
}

#[test]
fn rows_without_their_last_blank_cells_are_asked_about() {
    let row = |i: usize| {
        if i.is_multiple_of(4) {
            format!("{},{}", LATIN[i], MARKS[i].0)
        } else {
            format!("{},{},{}", LATIN[i], MARKS[i].0, MARKS[i].1)
        }
    };
    let roster = list("Name,Maths,Science", row, "", "");
    assert_eq!((roster.students.len(), asked(&roster)), (12, vec!["rows_short"]));
}

#[test]
fn grades_that_are_not_understood_lose_no_student() {
    let rows: String =
        LATIN.iter().enumerate().map(|(i, name)| format!("{name},{}\n", ["Level 3", "★★", "GD"][i % 3])).collect();
    let roster = read_as("list.csv", format!("Name,Maths\n{rows}").as_bytes()).expect("a list");
    assert_eq!((roster.students.len(), asked(&roster)), (12, vec!["grades_unknown"]));
}

/// Numbers and formulas that were there before anybody was entered are no students, however many they are; a number without a name
/// between people whose names are not entered at all is one.
#[test]
fn rows_prepared_for_students_are_none() {
    let prepared = |rows: usize, rest: &str| {
        let people = "1,王子涵,男,80,80\n2,李佳怡,女,81,81\n3,张若曦,女,82,82\n";
        let empty = (4..4 + rows).map(|n| format!("{n},{rest}\n")).collect::<String>();
        good(&format!("序号,姓名,性别,语文,总分\n{people}{empty}"))
    };
    for (rows, rest) in [(1, ",,,"), (3, ",,,"), (40, ",,,"), (2, ",,,0"), (40, ",,0,0.0")] {
        let roster = prepared(rows, rest);
        assert_eq!((roster.students.len(), asked(&roster)), (3, Vec::new()), "{rows} {rest}");
        assert!(notice(&roster, "numbers_unused").place.starts_with("line"), "{rows} {rest}");
    }
    assert_eq!(prepared(2, ",,75,75").students.len(), 5, "who has marks is somebody");
    assert_eq!(good("学号,姓名,语文\n1,,80\n2,,0\n3,,75\n").students.len(), 3, "no names at all");
}

/// The answer that a doubt offers settles it.
#[test]
fn who_is_left_out_is_not_asked_about() {
    let text =
        "班级,姓名,语文\n1班,王子涵,80\n1班,李佳怡,81\n1班,平均,80.5\n2班,张若曦,82\n2班,刘欣怡,83\n2班,平均,82.5\n";
    assert_eq!(asked(&good(text)), ["name_unlikely"]);
    let roster = named(text, &["exclude=平均"]).expect("a list");
    assert_eq!((roster.students.len(), asked(&roster)), (4, Vec::new()));
    assert_eq!(asked(&named(text, &["exclude=王子涵"]).expect("a list")), ["name_unlikely"]);
}

/// Notices of one kind are a few and a number, not one for each class of a school.
#[test]
fn many_notices_of_a_kind_are_counted() {
    let class = |n: usize| format!("七{n}班\n姓名,语文\n王{n},{}\n李{n},80\n\n", 60 + n % 40);
    let told = |classes: usize| {
        let roster = good(&(1..=classes).map(class).collect::<String>());
        let of_titles: Vec<_> = roster.notices.iter().filter(|notice| notice.code == "titles_skipped").collect();
        (of_titles.len(), of_titles.last().map(|notice| notice.message.en.clone()).unwrap_or_default())
    };
    assert_eq!(told(12).0, 12);
    let (count, last) = told(40);
    assert!(count == 13 && last.contains("28 more"), "{count}: {last}");
}

/// What is written between students to divide the list, and comparisons below it, are nobody.
#[test]
fn dividers_and_comparisons_are_nobody() {
    let people = |between: &str, below: &str| {
        format!(
            "姓名,语文,数学\n王子涵,80,70\n李佳怡,81,75\n{between}张若曦,82,60\n刘欣怡,83,91\n陈俊杰,77,66\n{below}"
        )
    };
    for divider in ["（接上页）,,\n", "以下为住校生,,\n", "continued overleaf,,\n"] {
        let roster = good(&people(divider, ""));
        assert_eq!((roster.students.len(), asked(&roster)), (5, Vec::new()), "{divider}");
        assert!(roster.notices.iter().any(|notice| notice.code == "notes_skipped"), "{divider}");
    }
    for label in ["去年同期", "兄弟班", "目标分"] {
        let roster = good(&people("", &format!("{label},85,86\n")));
        assert!(roster.students.len() == 5 || asked(&roster) == ["name_unlikely"], "{label}");
    }
}

#[test]
fn the_example_of_a_template_is_nobody() {
    let rows: String = HAN.iter().enumerate().map(|(i, name)| format!("{},{name},{},\n", i + 1, 50 + 3 * i)).collect();
    let with = |first: &str, header: &str| good(&format!("{header},姓名,语文,备注\n{first}\n{rows}"));
    let examples = [
        "示例,张三,90,",
        "例,张三,90,",
        "样例1,张三,90,",
        "Example,张三,90,",
        "0,张三,90,示例",
        "0,张三,90,示例，请删除",
    ];
    for first in examples {
        for header in ["学号", "序号"] {
            let roster = with(first, header);
            assert_eq!((roster.students.len(), asked(&roster)), (12, vec![]), "{first}");
            assert!(notice(&roster, "pseudo_skipped").message.zh.contains("张三"), "{first}");
        }
    }
    // A remark about somebody who is there.
    for first in ["0,张三,90,例假", "0,张三,90,为同学做示范", "0,例外,90,"] {
        assert_eq!(with(first, "学号").students.len(), 13, "{first}");
    }
    let left = with("0,张三,90,已转学，请删除", "学号");
    assert_eq!((left.students.len(), asked(&left)), (13, vec!["people_gone"]));
}
