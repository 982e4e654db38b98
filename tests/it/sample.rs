//! Sample classes: what they promise, and that the same seed gives the same bytes for ever.

use calamine::{Data, Reader, Xlsx};
use fenzu::sample::{
    ClassSpec, Flag, MAX_STUDENTS, Marks, SUBJECTS, SchoolSpec, TierColumn, class_csv, classes, messy_xlsx, school,
};
use fenzu::words::Lang;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::io::Cursor;

/// The specs behind `datasets/`, as its README gives the commands.
fn class36() -> ClassSpec {
    ClassSpec { students: 36, headers: Lang::Zh, marks: Marks::HalfPoints, seed: 2, ..ClassSpec::default() }
}

fn teams30() -> ClassSpec {
    let (tiers, people) = (TierColumn::Absent, Lang::En);
    ClassSpec { students: 30, tiers, people, flags: Vec::new(), seed: 3, ..ClassSpec::default() }
}

fn table(text: &str) -> Vec<Vec<&str>> {
    text.lines().map(|line| line.split(',').collect()).collect()
}

fn count(rows: &[Vec<&str>], column: usize, word: &str) -> usize {
    rows[1..].iter().filter(|row| row[column] == word).count()
}

/// `UPDATE_DATASETS=1 cargo test --release datasets` writes the files anew.
#[test]
fn datasets_are_what_the_generator_makes() {
    let files = [
        ("class50.csv", class_csv(&ClassSpec::default()).into_bytes()),
        ("class50_messy.xlsx", messy_xlsx(&ClassSpec::default()).unwrap()),
        ("class36.csv", class_csv(&class36()).into_bytes()),
        ("teams30.csv", class_csv(&teams30()).into_bytes()),
    ];
    let made = school(&SchoolSpec { classes: 20, lang: Lang::Zh, seed: 1 });
    let lists = made.lists.into_iter().map(|(name, text)| (format!("school/classes/{name}"), text.into_bytes()));
    let school = lists.chain([("school/staff.csv".to_owned(), made.staff.into_bytes())]);
    for (name, bytes) in files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).chain(school) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets").join(&name);
        if std::env::var_os("UPDATE_DATASETS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &bytes).unwrap();
        }
        assert!(std::fs::read(&path).unwrap_or_default() == bytes, "{name} is out of date: run with UPDATE_DATASETS=1");
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_for_ever() {
    let spec = ClassSpec { subjects: 9, flags: Flag::ALL.to_vec(), absent_percent: 3, ..ClassSpec::default() };
    let digest = Sha256::digest(class_csv(&spec).as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "e6a8824db824f2f08090ef4f41b0cdb36ba4bdcd10cd1cd5d33c3006231fff3b");
    assert_ne!(class_csv(&spec), class_csv(&ClassSpec { seed: 2, ..spec.clone() }));
    assert_eq!(messy_xlsx(&spec).unwrap(), messy_xlsx(&spec).unwrap());
}

#[test]
fn the_next_semester_has_the_same_students_with_other_marks() {
    let next = class_csv(&ClassSpec { semester: 2, ..ClassSpec::default() });
    let (first, next) = (class_csv(&ClassSpec::default()), next.clone());
    let (first, next) = (table(&first), table(&next));
    let marks = 3..6;
    for (before, after) in first.iter().zip(&next) {
        // Tiers, column 6, follow the marks.
        let kept = (0..before.len()).filter(|c| !marks.contains(c) && *c != 6);
        assert!(kept.clone().count() == 5 && kept.into_iter().all(|c| before[c] == after[c]));
    }
    let differ = first.iter().zip(&next).filter(|(before, after)| before[3..6] != after[3..6]).count();
    assert!(differ > 45, "{differ} students with other marks");
}

#[test]
fn a_class_is_like_a_class() {
    let text = class_csv(&ClassSpec { flags: Flag::ALL.to_vec(), ..ClassSpec::default() });
    let rows = table(&text);
    let header = "id,name,gender,chinese,math,english,tier,left_behind,boarding,single_parent,hardship,key_student";
    assert_eq!(rows[0].join(","), header);
    assert_eq!(rows.len(), 51);
    assert!((22..=28).contains(&count(&rows, 2, "男")));
    assert_eq!(count(&rows, 2, "男") + count(&rows, 2, "女"), 50);
    assert_eq!(["top", "middle", "struggling"].map(|tier| count(&rows, 6, tier)), [15, 25, 10]);
    assert_eq!([7, 8, 9, 10, 11].map(|flag| count(&rows, flag, "1")), [5, 6, 4, 3, 2]);
    let sum = |row: &Vec<&str>| -> i32 { row[3..6].iter().map(|mark| mark.parse::<i32>().unwrap()).sum() };
    let lowest_top = rows[1..].iter().filter(|row| row[6] == "top").map(sum).min();
    let highest_rest = rows[1..].iter().filter(|row| row[6] != "top").map(sum).max();
    assert!(lowest_top >= highest_rest);
}

#[test]
fn marks_have_the_mean_spread_and_correlation_that_are_promised() {
    let text = class_csv(&ClassSpec { students: 20_000, subjects: 2, ..ClassSpec::default() });
    let marks: Vec<[f64; 2]> = table(&text)[1..].iter().map(|row| [3, 4].map(|c| row[c].parse().unwrap())).collect();
    let n = marks.len() as f64;
    let mean = [0, 1].map(|c| marks.iter().map(|m| m[c]).sum::<f64>() / n);
    let moment = |a: usize, b: usize| marks.iter().map(|m| (m[a] - mean[a]) * (m[b] - mean[b])).sum::<f64>() / n;
    let correlation = moment(0, 1) / (moment(0, 0) * moment(1, 1)).sqrt();
    assert!(mean.iter().all(|mean| (mean - 72.0).abs() < 0.5), "{mean:?}");
    assert!((moment(0, 0).sqrt() - 11.0).abs() < 0.3, "{}", moment(0, 0).sqrt());
    assert!((correlation - 0.56).abs() < 0.03, "{correlation}");
}

#[test]
fn more_subjects_and_flags_leave_the_others_as_they_were() {
    let small =
        ClassSpec { subjects: 2, tiers: TierColumn::Absent, flags: vec![Flag::Boarding], ..ClassSpec::default() };
    let large = ClassSpec { subjects: 9, flags: vec![Flag::Hardship, Flag::Boarding], ..small.clone() };
    let (small, large) = (class_csv(&small), class_csv(&large));
    for (few, many) in table(&small).iter().zip(table(&large)) {
        assert_eq!(few[..5], many[..5]);
        assert_eq!(few.last(), many.last());
    }
    assert_eq!(table(&large)[0].len(), 3 + SUBJECTS.len() + 2);
}

#[test]
fn headers_and_people_speak_their_language() {
    let text = class_csv(&ClassSpec { absent_percent: 10, ..class36() });
    let rows = table(&text);
    assert_eq!(rows[0].join(","), "学号,姓名,性别,语文,数学,英语,层次,留守儿童,住校");
    assert_eq!(["优等生", "中等生", "学困生"].map(|tier| count(&rows, 6, tier)), [11, 18, 7]);
    assert_eq!(count(&rows, 7, "是") + count(&rows, 7, "否"), 36);
    assert_eq!((3..6).map(|c| count(&rows, c, "缺考")).sum::<usize>(), 10);
    assert!(rows[1..].iter().flat_map(|row| &row[3..6]).any(|mark| mark.ends_with(".5")));
    let teams = class_csv(&teams30());
    let rows = table(&teams);
    assert_eq!(rows[0].join(","), "id,name,gender,chinese,math,english");
    assert_eq!(count(&rows, 2, "M") + count(&rows, 2, "F"), 30);
    assert!(teams.is_ascii());
}

#[test]
fn several_classes_have_seeds_in_a_row() {
    let spec = ClassSpec { seed: 7, ..ClassSpec::default() };
    let made: Vec<(String, String)> = classes(&spec, 3).collect();
    assert_eq!(
        made.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["class01.csv", "class02.csv", "class03.csv"]
    );
    assert_eq!(made[2].1, class_csv(&ClassSpec { seed: 9, ..spec }));
}

#[test]
fn the_messy_workbook_holds_the_same_class_as_an_office_would_send_it() {
    let spec = ClassSpec::default();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(messy_xlsx(&spec).unwrap())).unwrap();
    assert_eq!(book.sheet_names(), ["七（3）班", "备注说明"]);
    let cells = book.worksheet_range("七（3）班").unwrap();
    let text = |row: u32, column: u32| cells.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
    assert!(text(0, 0).contains("学生名册"));
    assert_eq!(
        (0..12).map(|c| text(2, c)).collect::<Vec<_>>().join(","),
        "序号,学号,姓名,性别,班级,成绩,,,,层次,是否留守儿童,是否住校"
    );
    assert_eq!((5..9).map(|c| text(3, c)).collect::<Vec<_>>().join(","), "语文,数学,英语,总分");
    assert_eq!((text(4, 4).as_str(), text(5, 4).as_str()), ("七（3）班", ""));
    let csv = class_csv(&spec);
    for (row, student) in (4..).zip(&table(&csv)[1..]) {
        assert_eq!(text(row, 1), student[0]);
        assert_eq!(text(row, 2).replace('\u{3000}', ""), student[1]);
        for column in 0..3 {
            let mark = text(row, 5 + column);
            let odd = [(9, 1), (15, 0), (24, 2)].contains(&(row, column));
            let is_text = matches!(cells.get_value((row, 5 + column)), Some(Data::String(_)));
            assert_eq!(is_text, odd, "{row} {column}: {mark}");
            assert!(odd || mark == student[3 + column as usize]);
        }
    }
    assert_eq!(text(9, 6), "缺考");
    assert!(text(15, 5).chars().all(|c| ('０'..='９').contains(&c)), "{}", text(15, 5));
    assert_eq!(text(4, 8).parse::<f64>().unwrap(), (5..8).map(|c| text(4, c).parse::<f64>().unwrap()).sum::<f64>());
    let formulas = book.worksheet_formula("七（3）班").unwrap();
    assert_eq!(formulas.get_value((4, 8)).unwrap(), "SUM(F5:H5)");
    assert_eq!(formulas.get_value((54, 5)).unwrap(), "AVERAGE(F5:F54)");
    assert_eq!(text(54, 2), "平均分");
    assert!(text(55, 0).starts_with("备注"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_spec_makes_a_rectangular_list(
        students in 0_usize..200, subjects in 0_usize..12, seed in any::<u64>(), absent_percent in 0_usize..200,
        half in any::<bool>(), tiers in any::<bool>(), flags in 0_usize..6,
    ) {
        let spec = ClassSpec {
            students, subjects, seed, absent_percent,
            marks: if half { Marks::HalfPoints } else { Marks::Whole },
            tiers: if tiers { TierColumn::Written } else { TierColumn::Absent },
            flags: Flag::ALL[..flags.min(5)].to_vec(),
            ..ClassSpec::default()
        };
        let text = class_csv(&spec);
        let rows = table(&text);
        prop_assert_eq!(rows.len(), students + 1);
        prop_assert!(rows.iter().all(|row| row.len() == rows[0].len()));
        let marks = rows[1..].iter().flat_map(|row| &row[3..3 + subjects.min(9)]).filter_map(|mark| mark.parse::<f64>().ok());
        prop_assert!(marks.into_iter().all(|mark| (0.0..=100.0).contains(&mark)));
        prop_assert!(messy_xlsx(&spec).is_ok());
    }
}

#[test]
fn the_number_of_students_is_bounded() {
    let spec = ClassSpec { students: usize::MAX, subjects: 1, ..ClassSpec::default() };
    assert_eq!(class_csv(&spec).lines().count(), MAX_STUDENTS + 1);
}
