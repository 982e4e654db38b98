//! Staff lists as schools have them: matrices, a row a teacher and class, ranges and lists of classes, any spelling; what fits
//! none or several is told first.

use fenzu::fault::Faults;
use fenzu::roster::staff::{Directory, Mention, Staff, Teacher, read_claims, read_staff};
use fenzu::roster::{Limits, Reading, Roster, read};
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook};
use std::collections::{BTreeMap, BTreeSet};

fn directory(classes: &[&str]) -> Directory {
    let list = |class: &&str| -> Roster {
        let text = format!("学号,姓名,班级,数学\n1,甲,\"{class}\",90\n2,乙,\"{class}\",80\n3,丙,\"{class}\",70\n");
        read(text.as_bytes(), &Reading { file: "list.csv", ..Reading::default() }).expect("a class list")
    };
    let lists: Vec<Roster> = classes.iter().map(list).collect();
    Directory::new(&lists).expect("classes")
}

const JUNIOR: [&str; 6] = ["七(1)班", "七(2)班", "七(3)班", "八(1)班", "八(2)班", "九(1)班"];

fn staff(text: &str, classes: &[&str]) -> Result<Staff, Faults> {
    read_staff(text.as_bytes(), "staff.csv", &Limits::default(), &directory(classes))
}

fn codes(faults: &Faults) -> Vec<(&'static str, &str)> {
    faults.0.iter().map(|fault| (fault.code, fault.place.as_str())).collect()
}

fn told(staff: &Staff) -> Vec<&'static str> {
    staff.notices.iter().map(|notice| notice.code).collect()
}

/// Classes and subjects by teacher.
fn taught(staff: &Staff) -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    let of = |teacher: &Teacher| {
        let sets = (teacher.classes.iter().cloned().collect(), teacher.subjects.iter().cloned().collect());
        (teacher.name.clone(), sets)
    };
    staff.teachers.iter().map(of).collect()
}

/// A workbook of sheets of text cells.
fn book(sheets: &[(&str, Vec<Vec<&str>>)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).expect("a name");
        for (r, row) in (0..).zip(rows) {
            for (c, cell) in (0..).zip(row) {
                sheet.write(r, c, *cell).expect("a cell");
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}

fn from_book(bytes: &[u8], classes: &[&str]) -> Staff {
    read_staff(bytes, "staff.xlsx", &Limits::default(), &directory(classes)).expect("a staff list")
}

#[test]
fn a_matrix_of_classes_and_subjects_is_a_staff_list() {
    let text = "临江二中2025—2026学年第一学期任课表,,,,\n班级,班主任,语文,数学老师,教室\n\
                七年级1班,王芳,王芳,李强,101\n七年级2班,陈静,王芳,李强/赵敏,102\n初二(1)班,周杰,周杰,李强（代）,201\n备注,,,,\n";
    let staff = staff(text, &JUNIOR).expect("a staff list");
    let of = |name: &str| staff.teachers.iter().find(|teacher| teacher.name == name).expect(name);
    assert_eq!(of("王芳").classes, ["七(1)班", "七(2)班"]);
    assert_eq!(
        (of("王芳").subjects.as_slice(), of("王芳").duties.as_slice()),
        (&["语文".to_owned()][..], &["七(1)班班主任".to_owned()][..])
    );
    assert_eq!(of("李强").classes, ["七(1)班", "七(2)班", "八(1)班"]);
    assert_eq!(of("赵敏").classes, ["七(2)班"]);
    assert_eq!((of("陈静").classes.as_slice(), of("陈静").subjects.len()), (&["七(2)班".to_owned()][..], 0));
    assert_eq!(staff.teachers.len(), 5);
    assert_eq!(told(&staff), ["rows_skipped", "column_carried", "teachers_joined"]);
}

#[test]
fn a_matrix_may_lie_on_its_side_and_stand_in_a_sheet_a_grade() {
    let across = "学科,七(1)班,七2班,8.1\n班主任,王芳,陈静,周杰\n语文,王芳,王芳,周杰\n数学,李强,李强、赵敏,李强\n";
    let staff = staff(across, &JUNIOR).expect("a staff list");
    assert_eq!(taught(&staff)["李强"].0.len(), 3);
    assert_eq!(taught(&staff)["赵敏"].0, BTreeSet::from(["七(2)班".to_owned()]));
    assert_eq!(staff.teachers[0].duties, ["七(1)班班主任"]);
    let sheet = |rows: [[&'static str; 3]; 3]| rows.map(|row| row.to_vec()).to_vec();
    let bytes = book(&[
        ("七年级", sheet([["班级", "语文", "数学"], ["1班", "王芳", "李强"], ["2班", "王芳", "赵敏"]])),
        ("八年级", sheet([["班级", "语文", "数学"], ["1班", "周杰", "李强"], ["2班", "周杰", "赵敏"]])),
    ]);
    let staff = from_book(&bytes, &JUNIOR);
    let of = |name: &str| taught(&staff)[name].0.iter().cloned().collect::<Vec<_>>();
    assert_eq!(of("李强"), ["七(1)班", "八(1)班"]);
    assert_eq!(of("赵敏"), ["七(2)班", "八(2)班"]);
    // A copy of a sheet that is read adds nothing, and is told.
    let rows = || sheet([["班级", "语文", "数学"], ["七1班", "王芳", "李强"], ["七2班", "王芳", "赵敏"]]);
    let copied = from_book(&book(&[("任课表", rows()), ("任课表 (2)", rows())]), &JUNIOR);
    assert!(told(&copied).contains(&"sheet_skipped") && copied.teachers.len() == 3);
}

#[test]
fn merged_cells_hold_for_all_that_they_cover() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (c, head) in ["班级", "语文", "体育"].into_iter().enumerate() {
        sheet.write(0, u16::try_from(c).expect("few"), head).expect("a cell");
    }
    for (r, (class, teacher)) in [("七1班", "王芳"), ("七2班", "陈静"), ("七3班", "周杰")].into_iter().enumerate()
    {
        let r = u32::try_from(r + 1).expect("few");
        sheet.write(r, 0, class).expect("a cell").write(r, 1, teacher).expect("a cell");
    }
    sheet.merge_range(1, 2, 3, 2, "李强", &Format::new()).expect("merged");
    let staff = from_book(&book.save_to_buffer().expect("a workbook"), &JUNIOR);
    assert_eq!(taught(&staff)["李强"].0.len(), 3);
    let rows = "姓名,任教班级,学科\n王芳,七1班,语文\n,七2班,语文\n李强,七1班,数学\n,八2班,数学\n合计,4,\n";
    let staff = self::staff(rows, &JUNIOR).expect("a staff list");
    assert_eq!(staff.teachers.iter().map(|teacher| teacher.classes.len()).collect::<Vec<_>>(), [2, 2]);
    assert!(told(&staff).contains(&"teacher_filled"));
}

#[test]
fn a_row_a_teacher_and_class_is_put_together() {
    let text = "工号,姓名,任教班级,学科,职务,小组上限\n1,王芳,七1班,语文,七(1)班班主任,2\n1,王芳,七2班,语文,,\n2,李强,七1班,数学,,\n\
                2,李强,初二1班,数学,,3\n3,王芳,九(1)班,体育,,\n";
    let staff = staff(text, &JUNIOR).expect("a staff list");
    let [fang, qiang, other] = staff.teachers.as_slice() else { panic!("{:?}", staff.teachers) };
    assert_eq!(
        (fang.classes.len(), fang.max_groups, fang.duties.as_slice()),
        (2, Some(2), &["七(1)班班主任".to_owned()][..])
    );
    assert_eq!(
        (qiang.classes.as_slice(), qiang.max_groups),
        (&["七(1)班".to_owned(), "八(1)班".to_owned()][..], Some(3))
    );
    assert_eq!((other.id.as_str(), other.name.as_str(), other.classes.len()), ("3", "王芳", 1));
    assert_eq!(told(&staff), ["teachers_joined"]);
    let differs = "工号,姓名,任教班级,小组上限\n1,王芳,七1班,2\n1,王芳,七2班,3\n2,李强,七1班,\n2,陈静,七2班,\n";
    let faults = self::staff(differs, &JUNIOR).expect_err("faults");
    assert_eq!(
        codes(&faults),
        [("capacity_differs", "staff.csv line 3 (3)"), ("duplicate_id", "staff.csv line 5 (A5)")]
    );
}

#[test]
fn what_fits_several_or_none_is_told_first_one_message_a_text() {
    let text = "工号,姓名,任教班级,小组上限\n1,王芳,1班,x\n2,李强,1班;七2班,\n3,陈静,七9班,\n4,周杰,七(1)班、七9班,\n5,赵敏,高一1班,\n";
    let faults = staff(text, &JUNIOR).expect_err("faults");
    assert_eq!(
        codes(&faults),
        [
            ("ambiguous_class", "staff.csv line 2 (C2)"),
            ("unknown_class", "staff.csv line 4 (C4)"),
            ("bad_capacity", "staff.csv line 2 (D2)")
        ]
    );
    assert_eq!(faults.0[0].found.zh, "班级“1班”（2 行）");
    assert_eq!(faults.0[0].expected.zh, "只指一种；可能是：七(1)班、八(1)班、九(1)班");
    assert_eq!(faults.0[1].expected.zh, "名册中的班级：七(1)班、七(2)班、七(3)班");
    // Where other classes of the row fit, the list is read, and the first thing told is what was not used.
    let text = "工号,姓名,任教班级,电话\n1,王芳,七(1)班、七9班,1\n2,李强,高一1班;高一2班,2\n3,陈静,七(2)班,3\n";
    let staff = staff(text, &JUNIOR).expect("a list");
    assert_eq!(told(&staff), ["class_unknown", "class_unknown", "column_carried"]);
    assert_eq!(
        staff.notices[0].message.zh,
        "班级“七9班”（1 行）不在任何名册里，没有用到；名册中有：七(1)班、七(2)班、七(3)班"
    );
    assert_eq!(staff.notices[1].message.zh, "班级“高一1班”“高一2班”不在任何名册里，没有用到");
}

#[test]
fn a_list_of_another_school_is_told_in_one_message() {
    let text = "姓名,任教班级\n王芳,高一1班\n李强,高一2班\n陈静,高二1班、高二2班\n";
    assert_eq!(codes(&staff(text, &JUNIOR).expect_err("a fault")), [("no_class_fits", "staff.csv line 2 (B2)")]);
    // Some class lists could not be used: the list may speak of those.
    let missing = directory(&JUNIOR).with_lists_missing();
    let read = read_staff(text.as_bytes(), "staff.csv", &Limits::default(), &missing).expect("a list");
    assert_eq!(told(&read), ["class_unknown"]);
}

#[test]
fn years_of_coming_are_found_and_told() {
    let office = ["一(1)班", "二(1)班", "三(1)班", "4.1", "五年级1班", "2020级1班", "六年2班"];
    let text = "工号,姓名,任教班级\n1,王芳,六(1)班、六(2)班\n2,李强,5.1、6.1\n3,陈静,四(1)、三年级一班\n";
    let staff = staff(text, &office).expect("a list");
    assert_eq!(staff.teachers[0].classes, ["2020级1班", "六年2班"]);
    assert_eq!(staff.teachers[1].classes, ["五年级1班", "2020级1班"]);
    assert_eq!(staff.teachers[2].classes, ["4.1", "三(1)班"]);
    assert_eq!(told(&staff), ["class_inferred"]);
    assert_eq!(staff.notices[0].message.zh, "按其他班推定的班级：“6.1 = 2020级1班”“六(1)班 = 2020级1班”");
}

#[test]
fn a_group_is_named_as_its_label_is_printed() {
    let office = ["一(1)班", "一（2）班", "五年级1班", "七（3）班"];
    let list = staff("工号,姓名,任教班级\n1,王芳,一(1)班\n2,李强,一(2)班、五1班、七3班\n", &office).expect("a list");
    let claim = |text: &str| {
        let claims = format!("工号,认领\n2,{text}\n");
        let read = read_claims(claims.as_bytes(), "claims.csv", &Limits::default(), &directory(&office), &list);
        read.map(|claims| claims.teachers[0].prefers.clone())
    };
    let group = |class: &str, number| vec![Mention::Group { class: class.to_owned(), number }];
    for (text, class, number) in [
        ("一(1)班第2组", "一(1)班", 2),
        ("一(1)班 第2组", "一(1)班", 2),
        ("一(1)班/2", "一(1)班", 2),
        ("一1班/第2小组", "一(1)班", 2),
        ("一（1）班-第二组", "一(1)班", 2),
        ("5年级1班/1", "五年级1班", 1),
        ("五年级1班1组", "五年级1班", 1),
        ("七(3)班 第一组", "七（3）班", 1),
        ("7-3 group 12", "七（3）班", 12),
        ("七(3)班（第10组）", "七（3）班", 10),
    ] {
        assert_eq!(claim(text).expect(text), group(class, number), "{text}");
    }
    let faults = claim("九(1)班第2组;一(9)班/1;二班第3组").expect_err("faults");
    assert_eq!(codes(&faults), [("unknown_mention", "claims.csv line 2 (B2)"); 2]);
    assert!(faults.0[1].expected.zh.ends_with("；班级可能是：一(1)班、一（2）班"), "{}", faults.0[1].expected.zh);
}

#[test]
fn a_number_alone_is_somebodys_id_and_no_class() {
    let of = |must: &str| staff(&format!("工号,姓名,任教班级,指定\n1,王芳,七(1)班,{must}\n"), &JUNIOR);
    let one = Mention::Student { class: "七(1)班".to_owned(), id: "3".to_owned() };
    assert_eq!(of("3").expect("an id").teachers[0].must, [one]);
    assert_eq!(codes(&of("701").expect_err("no such id")), [("unknown_mention", "staff.csv line 2 (D2)")]);
}

#[test]
fn a_class_that_became_a_date_is_told() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (c, head) in (0..).zip(["姓名", "任教班级"]) {
        sheet.write(0, c, head).expect("a cell");
    }
    let date = rust_xlsxwriter::ExcelDateTime::parse_from_str("2025-03-02").expect("a date");
    let format = Format::new().set_num_format("m-d");
    sheet.write(1, 0, "王芳").expect("a cell").write_with_format(1, 1, &date, &format).expect("a date");
    let bytes = book.save_to_buffer().expect("a workbook");
    let faults = read_staff(&bytes, "s.xlsx", &Limits::default(), &directory(&JUNIOR)).expect_err("a fault");
    assert_eq!(codes(&faults), [("class_is_date", "s.xlsx Sheet1!B2")]);
}

#[test]
fn a_number_that_may_have_lost_its_nought_is_told() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (c, head) in (0..).zip(["姓名", "任教班级"]) {
        sheet.write(0, c, head).expect("a cell");
    }
    sheet.write(1, 0, "王芳").expect("a cell").write(1, 1, 7.1).expect("a number");
    let bytes = book.save_to_buffer().expect("a workbook");
    let staff = from_book(&bytes, &["七(1)班", "七(2)班"]);
    assert_eq!(staff.teachers[0].classes, ["七(1)班"]);
    let ten: Vec<String> = (1..=10).map(|number| format!("七({number})班")).collect();
    let ten: Vec<&str> = ten.iter().map(String::as_str).collect();
    let faults = read_staff(&bytes, "s.xlsx", &Limits::default(), &directory(&ten)).expect_err("a fault");
    assert_eq!(codes(&faults), [("ambiguous_class", "s.xlsx Sheet1!B2")]);
    assert_eq!(faults.0[0].expected.zh, "只指一种；可能是：七(1)班、七(10)班");
}

#[test]
fn a_column_of_grades_makes_the_class() {
    let rows =
        "姓名,年级,班级,学科\n王芳,七年级,1班,语文\n王芳,八年级,1班,语文\n李强,初一,\"2、3\",数学\n李强,9,1,数学\n";
    let staff = staff(rows, &JUNIOR).expect("a staff list");
    assert_eq!(staff.teachers[0].classes, ["七(1)班", "八(1)班"]);
    assert_eq!(staff.teachers[1].classes, ["七(2)班", "七(3)班", "九(1)班"]);
    let matrix = "年级,班级,班主任,语文\n七年级,1班,王芳,李强\n,2班,陈静,李强\n八年级,1班,周杰,李强\n";
    let staff = self::staff(matrix, &JUNIOR).expect("a staff list");
    assert_eq!(taught(&staff)["李强"].0, BTreeSet::from(["七(1)班", "七(2)班", "八(1)班"].map(str::to_owned)));
    assert_eq!(told(&staff), ["teachers_joined"]);
}

/// A true school: who teaches which subject where, by class.
#[derive(Clone, Debug)]
struct School {
    classes: Vec<(usize, usize)>,
    /// `teachers[subject][class]`: a number that names a teacher.
    teachers: Vec<Vec<usize>>,
}

const SUBJECTS: [&str; 4] = ["语文", "数学", "体育", "道德与法治"];
const GRADES: [&str; 13] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];

fn name(teacher: usize) -> String {
    let given = ["芳", "强", "静", "敏", "杰", "伟", "娜"];
    format!("{}{}", ["王", "李", "陈", "周", "赵"][teacher % 5], given[teacher / 5 % 7])
}

fn school() -> impl Strategy<Value = School> {
    let classes = (1_usize..=7, 2_usize..=4, 1_usize..=4).prop_map(|(first, grades, each)| {
        (first..first + grades).flat_map(|g| (1..=each).map(move |n| (g, n))).collect::<Vec<_>>()
    });
    classes.prop_flat_map(|classes| {
        let subject = prop::collection::vec(0_usize..20, classes.len());
        (Just(classes), prop::collection::vec(subject, 2..=4))
            .prop_map(|(classes, teachers)| School { classes, teachers })
    })
}

fn spelt((grade, number): (usize, usize), way: usize) -> String {
    let g = GRADES[grade];
    match way {
        0 => format!("{g}({number})班"),
        1 => format!("{g}{number}班"),
        2 => format!("{grade}.{number}"),
        3 => format!("{g}年级{number}班"),
        4 => format!("{grade}-{number}"),
        _ => format!("{g}年级（{}）班", GRADES[number]),
    }
}

impl School {
    /// Classes and subjects by teacher, the classes spelt as in the lists.
    fn truth(&self, way: usize) -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
        let mut truth: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
        for (subject, of) in SUBJECTS.iter().zip(&self.teachers) {
            for (class, teacher) in self.classes.iter().zip(of) {
                let sets = truth.entry(name(*teacher)).or_default();
                sets.0.insert(spelt(*class, way));
                sets.1.insert((*subject).to_owned());
            }
        }
        truth
    }

    fn written(&self, layout: usize, way: usize, titled: bool) -> String {
        let subjects = &SUBJECTS[..self.teachers.len()];
        let mut rows: Vec<Vec<String>> = Vec::new();
        let row = |cells: Vec<String>| cells;
        match layout {
            0 => {
                rows.push([vec!["班级".to_owned()], subjects.iter().map(|s| (*s).to_owned()).collect()].concat());
                for (at, class) in self.classes.iter().enumerate() {
                    let names = self.teachers.iter().map(|of| name(of[at])).collect();
                    rows.push([vec![spelt(*class, way)], names].concat());
                }
            }
            1 => {
                rows.push(
                    [vec!["学科".to_owned()], self.classes.iter().map(|class| spelt(*class, way)).collect()].concat(),
                );
                for (subject, of) in subjects.iter().zip(&self.teachers) {
                    rows.push(
                        [vec![(*subject).to_owned()], of.iter().map(|teacher| name(*teacher)).collect()].concat(),
                    );
                }
            }
            2 => {
                rows.push(row(["班级", "学科", "教师"].map(str::to_owned).to_vec()));
                for (subject, of) in subjects.iter().zip(&self.teachers) {
                    for (class, teacher) in self.classes.iter().zip(of) {
                        rows.push(vec![spelt(*class, way), (*subject).to_owned(), name(*teacher)]);
                    }
                }
            }
            _ => {
                rows.push(row(["工号", "姓名", "任教班级", "学科"].map(str::to_owned).to_vec()));
                let teachers: BTreeSet<usize> = self.teachers.iter().flatten().copied().collect();
                for teacher in teachers {
                    let is_there = |at: usize| self.teachers.iter().any(|of| of[at] == teacher);
                    let classes = self.classes.iter().enumerate().filter(|(at, _)| is_there(*at));
                    let classes: Vec<String> = classes.map(|(_, class)| spelt(*class, way)).collect();
                    let own = subjects.iter().zip(&self.teachers).filter(|(_, of)| of.contains(&teacher));
                    let own: Vec<&str> = own.map(|(subject, _)| *subject).collect();
                    rows.push(vec![teacher.to_string(), name(teacher), classes.join("、"), own.join("、")]);
                }
            }
        }
        let title = if titled { "某某学校任课安排\n" } else { "" };
        format!("{title}{}", rows.into_iter().map(|row| row.join(",") + "\n").collect::<String>())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// Whatever the layout and the spelling, the reader gives the truth, or refuses, or says what it left out.
    #[test]
    fn a_true_school_is_read_from_any_layout(
        (school, layout, lists, way, titled) in (school(), 0_usize..4, 0_usize..6, 0_usize..6, any::<bool>()),
    ) {
        let classes: Vec<String> = school.classes.iter().map(|class| spelt(*class, lists)).collect();
        let classes: Vec<&str> = classes.iter().map(String::as_str).collect();
        let text = school.written(layout, way, titled);
        match staff(&text, &classes) {
            Ok(staff) => prop_assert_eq!(taught(&staff), school.truth(lists), "{}", text),
            Err(faults) => {
                let told = ["ambiguous_class", "ambiguous_name"];
                prop_assert!(faults.0.iter().all(|fault| told.contains(&fault.code)), "{}\n{:?}", text, faults);
            }
        }
    }
}
