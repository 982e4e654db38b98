//! Lists with the structure of real exports and bug reports (tests/it/data/field, office/sheets; invented people), each with its right
//! reading: what is read, what is asked, what is refused.

use crate::lists::{column, fields, numbers};
use fenzu::fault::Faults;
use fenzu::roster::{Holds, Limits, Override, Roster, read_files};
use std::path::{Path, PathBuf};

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/data").join(file)
}

fn files(files: &[&str], said: &[&str]) -> Result<Vec<Roster>, Faults> {
    let overrides: Vec<Override> = said.iter().map(|word| word.parse().expect("a user's word")).collect();
    let paths: Vec<PathBuf> = files.iter().map(|file| path(file)).collect();
    read_files(&paths.iter().map(PathBuf::as_path).collect::<Vec<_>>(), &overrides, &Limits::default())
}

fn read(file: &str) -> Roster {
    files(&[&format!("field/{file}")], &[]).unwrap_or_else(|faults| panic!("{file}: {faults}")).remove(0)
}

fn doubts(roster: &Roster) -> Vec<&str> {
    roster.doubts.iter().map(|doubt| doubt.code).collect()
}

fn told(roster: &Roster, code: &str) -> bool {
    roster.notices.iter().any(|notice| notice.code == code)
}

fn left_out(roster: &Roster) -> Vec<&str> {
    roster.left_out.iter().map(|left| left.who.as_str()).collect()
}

fn names(roster: &Roster) -> Vec<&str> {
    roster.students.iter().map(|student| student.name.as_str()).collect()
}

/// Every list that reads plainly: file, students, classes, and the fields that must be among those read.
const PLAIN: &[(&str, usize, &[&str], &str)] = &[
    ("t01_canvas.csv", 12, &[], "name id category:section score:score"),
    ("t01b_canvas_cut.csv", 12, &[], "name score:score"),
    ("t01c_canvas_cleaned.csv", 12, &[], "name id category:section score:score"),
    ("t02_decimal_comma.csv", 12, &[], "name id score:math score:english"),
    ("t02b_semicolon_comma.csv", 12, &[], "id name gender score:math score:physics"),
    ("t03_moodle.csv", 12, &[], "name score:Quiz:·Cells total"),
    ("t04_gruepr.csv", 12, &[], "name id gender category:section"),
    ("t05_groupeng.csv", 15, &[], "id score:gpa gender ethnic_group"),
    ("t06_zhixue_tworow.xlsx", 20, &["1班"], "id name class total score:chinese score:chemistry"),
    ("t06c_plain.xlsx", 20, &["1班"], "id name class total score:chinese score:chemistry"),
    ("t06b_fufen_flat.csv", 16, &[], "id name gender total score:chinese score:math score:chemistry score:biology"),
    ("t07_zhixue_flat.xlsx", 24, &["1班", "2班"], "id class name score:chinese score:math total"),
    ("t08_html.xls", 12, &[], "id name gender score:math score:english"),
    ("t08b_xmlss.xls", 12, &[], "id name gender score:math"),
    ("t08c_tab_gbk.xls", 12, &[], "id name gender score:math"),
    ("t08d_tab_utf8.xlsx", 12, &[], "name gender"),
    ("t09_side_by_side.xlsx", 23, &[], "id name gender score:math"),
    ("t11_stacked.xlsx", 20, &["七年级（1）班", "七年级（2）班"], "id name gender score:math"),
    ("t12_class_year.csv", 12, &[], "id name gender category:Class"),
    ("t14_names_only.csv", 20, &[], "name id"),
    ("t14b_oneroster_users.csv", 11, &[], "id name"),
    ("t15b_gender_full.csv", 12, &[], "id name gender score:math"),
    ("t17_thousands.csv", 12, &[], "id name total score:score"),
    ("t18_percent.csv", 12, &[], "id name score:math score:english"),
    ("t18b_fraction.csv", 12, &[], "id name score:math rank"),
    ("t18c_letters.csv", 12, &[], "id name score:math score:english"),
    ("t18d_dengji.csv", 16, &[], "id name gender score:chinese score:math"),
    ("t18e_dengji_col.csv", 16, &[], "id name gender score:等级 score:math"),
    ("t23_minus1_total.csv", 15, &[], "id name gender total"),
    ("t23b_minus1_score.csv", 15, &[], "id name gender score:math"),
    (
        "t24_grade_class.csv",
        24,
        &["七年级1班", "七年级2班", "八年级1班", "八年级2班"],
        "id name class gender score:math",
    ),
    (
        "t24b_grade_class_seat.csv",
        24,
        &["七年级1班", "七年级2班", "八年级1班", "八年级2班"],
        "id name class gender score:math",
    ),
    ("t26_japanese.csv", 12, &[], "id name gender score:chinese score:math"),
    ("t28_sheets_differ.xlsx", 34, &["1班", "2班", "3班"], "id name gender score:math ethnic_group"),
    ("t31_required_marks.csv", 14, &[], "id name gender score:math score:chinese"),
    ("t31b_bilingual.csv", 14, &[], "id name gender score:math score:english total"),
    ("t31c_underscore.csv", 14, &[], "name gender ethnic_group score:math"),
    ("t39_checkbox.xlsx", 14, &[], "id name gender score:math left_behind boarding"),
    ("t40_registry.xlsx", 18, &["1", "2"], "name gender class boarding left_behind id score:math"),
    ("t43b_two_sheets.xlsx", 15, &["1班"], "class id name gender score:math"),
    ("t44_footer_people.xlsx", 14, &[], "name gender score:math"),
    ("t45_right_stats.xlsx", 14, &[], "id name gender score:math"),
    ("t46_vertical.xlsx", 12, &[], "name gender score:math"),
    (
        "t47_exams.csv",
        15,
        &[],
        "id name gender score:chinese_midterm score:chinese_final score:math_midterm score:math_final total",
    ),
    ("t50_powerschool.csv", 12, &[], "id name score:score"),
    ("t51_blackboard.xls", 12, &[], "name id total score:Final·Exam"),
    ("t52_wenjuanxing.csv", 14, &[], "name gender score:math"),
    ("t53_long.csv", 10, &["1班"], "name class score:chinese score:math score:english"),
    ("t53b_long_id.csv", 10, &[], "id name score:chinese score:math score:english"),
    ("t54_footer_lone.xlsx", 14, &[], "name gender score:math"),
    ("t57_note_sheet.xlsx", 24, &["1班", "2班"], "id name gender score:math"),
    ("t57b_hidden_sheet.xlsx", 24, &["1班", "2班"], "id name gender score:math"),
];

#[test]
fn lists_as_people_have_them() {
    for (file, students, classes, wanted) in PLAIN {
        let roster = read(file);
        assert_eq!(roster.students.len(), *students, "{file}");
        assert_eq!(doubts(&roster), [""; 0], "{file}: nothing is in doubt: {:?}", roster.doubts);
        let found: Vec<String> = roster.classes().into_iter().filter(|class| !class.is_empty()).collect();
        assert_eq!(found, *classes, "{file}");
        for field in wanted.split(' ').map(|word| word.replace('·', " ")) {
            assert!(fields(&roster).contains(&field), "{file}: {field} in {:?}", fields(&roster));
        }
        let ids: std::collections::HashSet<(&str, &str)> =
            roster.students.iter().map(|s| (s.class.as_str(), s.id.as_str())).collect();
        assert_eq!(ids.len(), *students, "{file}: ids are unique in a class");
        assert!(names(&roster).iter().all(|name| !name.is_empty()) || *file == "t05_groupeng.csv", "{file}");
    }
}

#[test]
fn who_is_no_student_is_named() {
    for file in ["t01_canvas.csv", "t01b_canvas_cut.csv"] {
        assert_eq!(left_out(&read(file)), ["Points Possible", "Student, Test"], "{file}");
    }
    assert_eq!(left_out(&read("t14b_oneroster_users.csv")), ["Nora Abbott"], "a teacher among users");
    assert!(
        told(&read("t44_footer_people.xlsx"), "notes_skipped")
            && told(&read("t44_footer_people.xlsx"), "statistics_skipped")
    );
    assert!(told(&read("t45_right_stats.xlsx"), "aside_skipped"));
    assert!(
        told(&read("t57_note_sheet.xlsx"), "sheet_skipped") && told(&read("t57b_hidden_sheet.xlsx"), "sheet_hidden")
    );
}

#[test]
fn who_seems_to_have_left_is_asked_about_once() {
    for (file, gone) in [("t10_withdrawn.xlsx", 3), ("t10b_status_en.csv", 2)] {
        let roster = read(file);
        assert_eq!(doubts(&roster), ["people_gone"], "{file}");
        let field = format!("field/{file}");
        let kept = files(&[&field], &["accept=people_gone"]).expect("a list").remove(0);
        assert!(kept.doubts.is_empty() && kept.students.len() == roster.students.len(), "{file}");
        let without = files(&[&field], &["exclude=gone"]).expect("a list").remove(0);
        assert_eq!((without.students.len(), without.left_out.len()), (roster.students.len() - gone, gone), "{file}");
        assert!(without.doubts.is_empty(), "{file}");
    }
    let hidden = read("t25_filtered.xlsx");
    assert_eq!((doubts(&hidden), hidden.students.len()), (vec!["rows_hidden"], 24));
    let seen = files(&["field/t25_filtered.xlsx"], &["exclude=hidden"]).expect("a list").remove(0);
    assert_eq!((seen.students.len(), seen.classes()), (12, vec!["1班".to_owned()]));
}

#[test]
fn marks_as_columns_write_them() {
    let first = |file: &str, field: &str| numbers(&read(file), field)[..3].to_vec();
    assert_eq!(first("t02_decimal_comma.csv", "score:math"), [Some(5.0), Some(6.3), Some(7.6)]);
    assert_eq!(first("t02b_semicolon_comma.csv", "score:physics"), [Some(3.0), Some(4.3), Some(5.6)]);
    assert_eq!(first("t03_moodle.csv", "score:Quiz: Cells"), [Some(55.5), Some(58.5), Some(61.5)]);
    assert_eq!(first("t17_thousands.csv", "score:score"), [Some(900.0), Some(1007.0), Some(914.0)]);
    assert_eq!(first("t18_percent.csv", "score:math"), [Some(60.5), Some(63.5), Some(66.5)]);
    assert_eq!(first("t18b_fraction.csv", "score:math"), [Some(50.0), Some(54.0), Some(58.0)]);
    assert_eq!(first("t18b_fraction.csv", "rank"), [Some(12.0), Some(11.0), Some(10.0)]);
    assert_eq!(first("t18c_letters.csv", "score:math"), [Some(4.0), Some(3.0), Some(2.0)]);
    assert_eq!(first("t18d_dengji.csv", "score:chinese"), [Some(4.0), Some(3.0), Some(2.0)]);
    assert_eq!(first("t23b_minus1_score.csv", "score:math"), [Some(30.0), Some(34.0), None]);
    assert_eq!(first("t51_blackboard.xls", "score:Final Exam"), [Some(58.0), Some(61.0), Some(64.0)]);
    for (file, code) in [
        ("t02_decimal_comma.csv", "decimal_comma"),
        ("t17_thousands.csv", "thousands"),
        ("t18_percent.csv", "percent"),
        ("t18b_fraction.csv", "fraction"),
        ("t18c_letters.csv", "grades_ordered"),
        ("t18d_dengji.csv", "grades_ordered"),
        ("t23_minus1_total.csv", "minus_one_missing"),
        ("t53_long.csv", "rows_by_subject"),
        ("t12_class_year.csv", "class_is_year"),
        ("t14_names_only.csv", "nothing_to_balance"),
    ] {
        assert!(told(&read(file), code), "{file}: {code} in {:?}", read(file).notices);
    }
}

#[test]
fn of_several_forms_of_a_subject_one_is_taken_and_the_rest_named() {
    let flat = read("t06b_fufen_flat.csv");
    assert_eq!(column(&flat, "score:chemistry").header, "化学(赋分)");
    let raw = flat.columns.iter().find(|column| column.header == "化学(原始分)").expect("the raw marks");
    assert_eq!((raw.field.to_string(), raw.holds), ("other".to_owned(), Holds::Marks), "named as not used");
    let two = read("t06_zhixue_tworow.xlsx");
    assert_eq!(column(&two, "total").header, "总分(物理)(赋分) 分数");
    assert_eq!(column(&two, "score:chemistry").header, "化学(赋分) 分数");
    assert_eq!(column(&read("t05_groupeng.csv"), "score:gpa").header, "GPA");
    let wishes = read("t52_wenjuanxing.csv");
    let wish = wishes.columns.iter().find(|column| column.header.contains("希望同组")).expect("the wishes");
    assert_eq!((wish.field.to_string(), wish.holds), ("other".to_owned(), Holds::Names));
    let registry = read("t40_registry.xlsx");
    let yes = |field: &str| {
        column(&registry, field).cells.iter().filter(|cell| **cell == fenzu::roster::Cell::Flag(true)).count()
    };
    assert_eq!((yes("left_behind"), yes("boarding")), (6, 6));
}

#[test]
fn a_list_and_its_marks_in_two_files() {
    let joined = files(&["field/t43_roster.csv", "field/t43_marks.csv"], &[]).expect("a list");
    assert_eq!(joined.len(), 1, "one class");
    assert_eq!((joined[0].students.len(), joined[0].file.as_str()), (15, "t43_roster.csv + t43_marks.csv"));
    assert_eq!(numbers(&joined[0], "score:math")[0], Some(96.0), "by number, not by row");
    let math = joined[0].columns.iter().position(|column| column.header == "数学");
    assert_eq!(joined[0].place(0, math), "t43_roster.csv + t43_marks.csv line 9 (D9)", "where the mark stands");
}

/// Refused or asked about with one message for the one cause, which says what to do.
#[test]
fn what_cannot_be_read_is_said_once() {
    for (file, code, place, parts) in [
        ("t16_dup_email.csv", "duplicate_id", "line 14 (A14)", &["line 2 (A2)"][..]),
        ("t22_sci_ids.csv", "id_digits_lost", "line 2 (A2)", &["14 cells", "text"]),
        ("t22b_sci_ids_17.csv", "id_digits_lost", "line 2 (A2)", &["text"]),
        ("t49_date_mark.xlsx", "bad_score", "Sheet!D6", &["2025-09-10"]),
    ] {
        let faults = files(&[&format!("field/{file}")], &[]).expect_err(file).0;
        let [fault] = faults.as_slice() else { panic!("{file}: one message a cause: {faults:?}") };
        assert_eq!((fault.code, fault.place.as_str()), (code, format!("{file} {place}").as_str()));
        let line = fault.line(fenzu::words::Lang::En);
        assert!(parts.iter().all(|part| line.contains(part)), "{line}");
    }
    for (file, code, answer) in [
        ("t15_gender_code.csv", "gender_codes", "category:gender=性别"),
        ("t16b_dup_name.csv", "person_twice", "accept=person_twice"),
    ] {
        let roster = read(file);
        assert_eq!(doubts(&roster), [code], "{file}");
        assert_eq!(roster.doubts[0].answers[0].says, [answer], "{file}");
        let settled = files(&[&format!("field/{file}")], &[answer]).expect("a list").remove(0);
        assert!(settled.doubts.is_empty(), "{file}: {:?}", settled.doubts);
        assert!(read(file).settled().is_err(), "{file}: the command line stops");
    }
}

#[test]
fn a_school_offices_sheets() {
    let sheet = |name: &str| {
        files(&[&format!("office/sheets/{name}")], &[]).unwrap_or_else(|faults| panic!("{name}: {faults}")).remove(0)
    };
    for letter in 'a'..='s' {
        let name = format!("stat_{letter}.xlsx");
        let roster = sheet(&name);
        assert_eq!((roster.students.len(), doubts(&roster)), (28, vec![]), "{name}: a count is no student");
        assert_eq!(roster.students[27].name, "赵庚", "{name}");
    }
    let five = sheet("g3.xlsx");
    assert_eq!(
        (five.students.len(), five.classes()),
        (150, ["3-1", "3-2", "3-3", "3-4", "3-5"].map(str::to_owned).to_vec())
    );
    let second = five.students.iter().position(|student| student.class == "3-2").expect("the second class");
    assert_eq!(numbers(&five, "score:math")[second], Some(50.0), "columns in another order");
    for name in ["说明.xlsx", "隐藏.xlsx"] {
        assert_eq!((sheet(name).classes().len(), doubts(&sheet(name))), (2, vec![]), "{name}");
    }
    let spelt = sheet("两种写法.csv");
    assert_eq!((spelt.classes().len(), doubts(&spelt)), (2, vec![]), "one class in two spellings");
    assert!(told(&spelt, "spelling"));
}

#[test]
fn who_is_absent_today_is_left_out_by_id_name_or_number() {
    let left = |file: &str, said: &[&str]| -> Vec<String> {
        let roster = files(&[&format!("field/{file}")], said).expect("a list").remove(0);
        assert!(roster.strangers.is_empty(), "{:?}", roster.strangers);
        roster.left_out.iter().map(|left| left.who.clone()).collect()
    };
    assert_eq!(left("t31_required_marks.csv", &["exclude=2", "exclude=邓月华"]), ["周若水", "邓月华"]);
    // Without ids the number in the list: whoever else is left out, it stays the same.
    assert_eq!(left("t44_footer_people.xlsx", &["exclude=2", "exclude=4"]), ["周若水", "邓月华"]);
    let rest = files(&["field/t44_footer_people.xlsx"], &["exclude=2"]).expect("a list").remove(0);
    assert_eq!(rest.students[1].id, "3");
    // Seat numbers come again in every class.
    assert_eq!(left("t24b_grade_class_seat.csv", &["exclude=七年级2班/1"]), ["周若水"]);
    let faults = files(&["field/t24b_grade_class_seat.csv"], &["exclude=1"]).expect_err("four of them").0;
    assert_eq!(faults[0].code, "exclude_ambiguous");
    // Who is nobody here may be somebody in another list; who is nobody anywhere is told.
    let two = files(&["field/t44_footer_people.xlsx", "field/t31b_bilingual.csv"], &["exclude=无此人"]).expect("lists");
    let known = fenzu::roster::everybody_known(two.iter().map(|roster| roster.strangers.as_slice()), "--exclude");
    assert_eq!(known.expect_err("nobody").0[0].code, "exclude_unknown");
    let here = files(&["field/t44_footer_people.xlsx", "field/t10b_status_en.csv"], &["exclude=周若水", "accept=all"])
        .expect("lists");
    assert!(fenzu::roster::everybody_known(here.iter().map(|roster| roster.strangers.as_slice()), "--exclude").is_ok());
}
