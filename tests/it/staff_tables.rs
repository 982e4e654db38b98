//! Staff lists and claims in the shapes that schools have: headers in any words, several lists in a sheet, several columns of
//! classes, people who are not there, names with titles and marks. Each gives the truth, or is told.

use fenzu::fault::Faults;
use fenzu::roster::staff::{Directory, Mention, Staff, read_claims, read_staff};
use fenzu::roster::{Limits, Reading, Roster, read};
use std::collections::{BTreeMap, BTreeSet};

const SEVEN: [&str; 3] = ["七(1)班", "七(2)班", "七(3)班"];
const TWO: [&str; 4] = ["七年级1班", "七年级2班", "八年级1班", "八年级2班"];

fn directory(classes: &[&str]) -> Directory {
    let list = |class: &&str| -> Roster {
        let text = format!("学号,姓名,班级,数学\n1,甲,\"{class}\",90\n2,乙,\"{class}\",80\n3,丙,\"{class}\",70\n");
        read(text.as_bytes(), &Reading { file: "list.csv", ..Reading::default() }).expect("a class list")
    };
    Directory::new(&classes.iter().map(list).collect::<Vec<_>>()).expect("classes")
}

fn staff(text: &str, classes: &[&str]) -> Result<Staff, Faults> {
    read_staff(text.as_bytes(), "staff.csv", &Limits::default(), &directory(classes))
}

fn codes(staff: &Result<Staff, Faults>) -> Vec<&'static str> {
    match staff {
        Ok(staff) => staff.notices.iter().map(|notice| notice.code).collect(),
        Err(faults) => faults.0.iter().map(|fault| fault.code).collect(),
    }
}

/// `王芳 1 2; 李强 3`: who teaches which of the classes, by their places in the list of classes.
fn taught(staff: &Staff, classes: &[&str]) -> String {
    let mut by_name: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for teacher in &staff.teachers {
        let places = teacher.classes.iter().filter_map(|class| classes.iter().position(|known| known == class));
        by_name.entry(&teacher.name).or_default().extend(places.map(|at| at + 1));
    }
    let one = |(name, places): (&&str, &BTreeSet<usize>)| {
        places.iter().fold((*name).to_owned(), |line, place| format!("{line} {place}"))
    };
    by_name.iter().map(one).collect::<Vec<_>>().join("; ")
}

const USUAL: &str = "张敏 1 2 3; 李强 1 2; 王芳 1; 赵磊 3; 陈静 2 3";
const ROWS: &str = "王芳,七(1)班,语文\n李强,七1、2班,数学\n张敏,七1-3班,英语\n陈静,七2-3,语文\n赵磊,七3,数学\n";

#[test]
fn headers_are_read_in_any_words_and_subjects_are_never_teachers() {
    for header in [
        "姓名*,任教班级（多个用顿号分隔）,任教学科（必填）",
        "教工姓名,所教班,所教科目",
        "姓名 Name,任教班级 Classes,学科 Subject",
        "Staff Name,Classes Taught,Subject(s)",
        "教师姓名,任教年级班级,任教学科",
        "2025年秋教师姓名,本学期任教班级,学科",
    ] {
        let read = staff(&format!("{header}\n{ROWS}"), &SEVEN);
        assert_eq!(taught(&read.expect(header), &SEVEN), USUAL, "{header}");
    }
    let read = staff(ROWS, &SEVEN);
    assert_eq!((taught(read.as_ref().expect("a list"), &SEVEN).as_str(), codes(&read)), (USUAL, vec!["no_header"]));
    let halves = "First name,Last name,Class\nFang,Wang,7-1\nQiang,Li,7-2\n";
    assert_eq!(taught(&staff(halves, &SEVEN).expect("a list"), &SEVEN), "Fang Wang 1; Qiang Li 2");
}

#[test]
fn a_matrix_has_any_subjects_marks_and_sides() {
    let table = [
        "班级,班主任姓名,语,数,STEAM\n七(1)班,王芳,王芳老师,李强5,张敏\n七(2)班,李强,陈静,〃,张 敏\n七(3)班,陈静★,同上,赵磊（代）,张敏\n",
        "科目,七(1)班,七(2)班,七(3)班\n班主任,王芳,李强,陈静\n语文,王芳,陈静,陈静\n数学,李强,李强,赵磊\n阅读与写作,张敏,张敏,张敏\n总课时,30,30,30\n",
        "教师,七(1)班,七(2)班,七(3)班\n王芳,语文,,\n李强,数学,数学,\n张敏,英语,英语,英语\n陈静,,语文,语文\n赵磊,,,数学\n",
        "姓名,学科,七(1)班,七(2)班,七(3)班\n王芳,语文,√,,\n李强,数学,√,√,\n张敏,英语,√,√,√\n陈静,语文,,√,√\n赵磊,数学,,,√\n",
        "姓名,语文,数学,英语\n王芳,七(1)班,,\n李强,,七(1)班、七(2)班,\n张敏,,,七1-3班\n陈静,七2-3班,,\n赵磊,,七3班,\n",
        "班级,任课教师\n七(1)班,语文：王芳 数学：李强 英语：张敏\n七(2)班,语文：陈静 数学：李强 英语：张敏\n七(3)班,语文：陈静 数学：赵磊 英语：张敏\n",
        "班级,学科,任课教师\n七(1)班,语文,王芳\n,数学,李强\n,英语,张敏\n七(2)班,语文,陈静\n,数学,李强\n,英语,张敏\n七(3)班,语文,陈静\n,数学,赵磊\n,英语,张敏\n",
    ];
    for text in table {
        assert_eq!(taught(&staff(text, &SEVEN).expect(text), &SEVEN), USUAL, "{text}");
    }
}

#[test]
fn several_lists_of_a_sheet_each_have_their_own_title() {
    let want = "周涛 4; 孙洋 3; 李强 1 2; 王芳 1; 赵磊 3 4; 陈静 2";
    let table = [
        "七年级任课表,,\n班级,语文,数学\n1班,王芳,李强\n2班,陈静,李强\n,,\n八年级任课表,,\n班级,语文,数学\n1班,赵磊,孙洋\n2班,赵磊,周涛\n",
        "七年级,,\n姓名,任教班级,学科\n王芳,1班,语文\n李强,1班、2班,数学\n陈静,2班,语文\n八年级,,\n姓名,任教班级,学科\n赵磊,\"1、2班\",语文\n孙洋,1班,数学\n周涛,2班,数学\n",
        "姓名,任教班级,学科\n七年级,,\n王芳,1班,语文\n李强,1班、2班,数学\n陈静,2班,语文\n八年级,,\n赵磊,\"1、2班\",语文\n孙洋,1班,数学\n周涛,2班,数学\n",
        "班级,语文,数学,,班级,语文,数学\n七1班,王芳,李强,,八1班,赵磊,孙洋\n七2班,陈静,李强,,八2班,赵磊,周涛\n",
        "七年级任课表,,\n,,\n班级,语文,数学\n1班,王芳,李强\n2班,陈静,李强\n备注,,\n八年级任课表,,\n,,\n班级,语文,数学\n1班,赵磊,孙洋\n2班,赵磊,周涛\n",
        "年级,学科,1班,2班\n七年级,语文,王芳,陈静\n,数学,李强,李强\n八年级,语文,赵磊,赵磊\n,数学,孙洋,周涛\n",
        "姓名,任教班级,任教班级,学科\n王芳,七1,,语文\n李强,七1,七2,数学\n陈静,七2,,语文\n赵磊,八1,八2,语文\n孙洋,八1,,数学\n周涛,,八2,数学\n",
        "姓名,任教班级,班主任\n王芳,,七1班\n李强,七1,七2班\n陈静,七2,\n赵磊,八1-2,八1班\n孙洋,八1,\n周涛,八2,\n",
    ];
    for text in table {
        assert_eq!(taught(&staff(text, &TWO).expect(text), &TWO), want, "{text}");
    }
    let grades = "姓名,年级,班级\n王芳,七、八年级,1班\n李强,七至八年级,2班\n";
    assert_eq!(taught(&staff(grades, &TWO).expect("a list"), &TWO), "李强 2 4; 王芳 1 3");
}

#[test]
fn who_is_not_there_is_told_and_gets_no_groups() {
    for (text, code) in [
        ("姓名,任教班级,备注\n王芳,七1,\n李强,七2,已离职\n", "teachers_left_out"),
        ("姓名,任教班级,状态\n王芳,七1,在岗\n李强,七2,产假\n", "teachers_left_out"),
        ("Name,Classes,On leave\n王芳,7-1,no\n李强,7-2,yes\n", "teachers_left_out"),
        ("姓名,任教班级\n王芳,七1\n李强（已调走）,七2\n", "teachers_left_out"),
        ("工号,姓名,任教班级\n1,王芳,七1\n例,李强,七2\n", "rows_skipped"),
        ("姓名,任教班级\n王芳,七1\n教导处,\n", "rows_skipped"),
        ("班级,语文,数学\n七1,王芳,待聘\n七2,李强（产假）王芳代,\n", "teachers_left_out"),
    ] {
        let read = staff(text, &SEVEN);
        assert!(codes(&read).contains(&code), "{text}{:?}", codes(&read));
        assert!(read.expect(text).teachers.iter().all(|teacher| teacher.name == "王芳"), "{text}");
    }
    let weekly = staff("姓名,任教班级,每周家访上限\n王芳,七1,2\n", &SEVEN);
    assert_eq!(codes(&weekly), ["unknown_limit"]);
}

#[test]
fn claims_are_read_however_they_are_written() {
    let list = staff("工号,姓名,任教班级\nT1,王芳,七1-3\nT2,李强,七1-3\n", &SEVEN).expect("a list");
    let claims = |text: &str| read_claims(text.as_bytes(), "c.csv", &Limits::default(), &directory(&SEVEN), &list);
    let group = |class: usize, number| Mention::Group { class: SEVEN[class - 1].to_owned(), number };
    let want = [group(1, 1), group(2, 3)];
    for text in [
        "工号,第一志愿,第二志愿\nT1,七(1)班第1组,七2班3组\n",
        "工号,志愿1,志愿2\nt1,七（1）班（1）组,七(2)班-3\n",
        "工号,志愿\nT1,第一志愿：七(1)班第1组；第二志愿：七(2)班:3\n",
        "工号,志愿\nT1,七(1)班#1>7-2-3\n",
        "工号,志愿\nT1,group 1 of 7-1; 七2（3）\n",
        "工号,志愿\nT1,1.七(1)班第1组 2.七(2)班第3组\n",
        "工号,班级,小组\nT1,七(1)班,第1组\nT1,七(2)班,3\n",
        "工号,认领班级,认领小组\nT1,七(1)班,第1组\nT1,七(2)班,3\n",
    ] {
        assert_eq!(claims(text).expect(text).teachers[0].prefers, want, "{text}");
    }
    let several = claims("工号,志愿\nT1,\"七(1)班第2、3组\"\nT2,服从安排\n").expect("claims");
    assert_eq!(several.teachers[0].prefers, [group(1, 2), group(1, 3)]);
    assert!(several.teachers[1].prefers.is_empty());
    let titled = claims("七(2)班小组认领表,,\n小组,教师,工号\n第3组,王芳老师,T1\n").expect("claims");
    assert_eq!(titled.teachers[0].prefers, [group(2, 3)]);
}

#[test]
fn own_children_are_avoided_however_they_are_written() {
    let child = |class: &str| Mention::Student { class: class.to_owned(), id: "2".to_owned() };
    for cell in ["七(1)班乙", "七1班 乙", "七(1)班/乙", "乙（儿子）"] {
        for header in ["回避", "回避(本人子女)", "子女姓名"] {
            let text = format!("姓名,任教班级,{header}\n王芳,七(1)班,{cell}\n");
            assert_eq!(staff(&text, &SEVEN).expect(&text).teachers[0].avoids, [child("七(1)班")], "{text}");
        }
    }
}
