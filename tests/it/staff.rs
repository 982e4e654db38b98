//! Staff lists: what is read from every format, what is understood, what is told, and what is refused.

use crate::lists::raw_sheet;
use fenzu::fault::Faults;
use fenzu::roster::staff::{Directory, Mention, Staff, read_claims, read_staff};
use fenzu::roster::{Limits, Reading, Roster, read};
use rust_xlsxwriter::Workbook;

fn list(file: &str, text: &str) -> Roster {
    read(text.as_bytes(), &Reading { file, ..Reading::default() }).expect("a class list")
}

/// Three classes; 王伟 is in two of them, the id 7 in all.
fn directory() -> Directory {
    let grade = list(
        "grade.csv",
        "学号,姓名,班级,数学\n1,王伟,七（1）班,90\n7,李娜,七（1）班,80\nA9,张敏,七（1）班,70\n2,王伟,七（2）班,90\n7,陈静,七（2）班,80\n",
    );
    let other = list("7-3.csv", "id,name,class,math\n3,Ada,7-3,90\n7,Ben,7-3,80\n");
    Directory::new([&grade, &other]).expect("classes")
}

fn staff(text: &str) -> Result<Staff, Faults> {
    read_staff(text.as_bytes(), "staff.csv", &Limits::default(), &directory())
}

fn codes(faults: &Faults) -> Vec<(&'static str, &str)> {
    faults.0.iter().map(|fault| (fault.code, fault.place.as_str())).collect()
}

fn student(class: &str, id: &str) -> Mention {
    Mention::Student { class: class.to_owned(), id: id.to_owned() }
}

#[test]
fn a_list_in_chinese_is_read_whole() {
    let text = "2026学年任教安排\n工号,姓名,任教班级,学科,小组上限,学生上限,家访上限,意愿,回避,指定\n\
                007,王　芳,七(1)班；７-3,数学、物理,2,20分,,七1班/第2组;7-3,张敏,\"1,七（2）班/7\"\n\
                008,李强,七（2）班,,０,,66,,七1班,\n合计,2,,,,,,,,\n";
    let staff = staff(text).expect("a staff list");
    let [fang, qiang] = staff.teachers.as_slice() else { panic!("{staff:?}") };
    assert_eq!((fang.id.as_str(), fang.name.as_str()), ("007", "王芳"));
    assert_eq!(fang.classes, ["七（1）班", "7-3"]);
    assert_eq!(fang.subjects, ["数学", "物理"]);
    assert_eq!((fang.max_groups, fang.max_students, fang.max_visits), (Some(2), Some(20), None));
    let group = Mention::Group { class: "七（1）班".to_owned(), number: 2 };
    assert_eq!(fang.prefers, [group, Mention::Class("7-3".to_owned())]);
    assert_eq!(fang.avoids, [student("七（1）班", "A9")]);
    assert_eq!(fang.must, [student("七（1）班", "1"), student("七（2）班", "7")]);
    assert_eq!((qiang.max_groups, qiang.max_visits), (Some(0), Some(66)));
    assert_eq!(qiang.avoids, [Mention::Class("七（1）班".to_owned())]);
    assert_eq!(fang.row.cell(Some(2)), "line 3 (C3)");
    let told: Vec<&str> = staff.notices.iter().map(|notice| notice.code).collect();
    assert_eq!(told, ["rows_skipped"]);
}

#[test]
fn the_same_list_comes_from_every_format() {
    let rows = [["id", "name", "classes", "max_groups"], ["T1", "Ann", "7-3", "2"], ["T2", "Bob", "7-3;七1班", ""]];
    let csv = rows.map(|row| row.join(",")).join("\n");
    let want = staff(&csv).expect("csv").teachers;
    let json = r#"{"teachers": [{"id": "T1", "name": "Ann", "classes": "7-3", "max_groups": 2},
        {"id": "T2", "name": "Bob", "classes": "7-3;七1班"}]}"#;
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "说明").expect("a remark");
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "staff of the school").expect("a title");
    for (r, row) in (2..).zip(&rows) {
        for (c, cell) in (0..).zip(row) {
            sheet.write(r, c, *cell).expect("a cell");
        }
    }
    let xlsx = book.save_to_buffer().expect("a workbook");
    let gbk = encoding_rs::GB18030.encode(&csv).0.into_owned();
    for (name, bytes) in [("json", json.as_bytes().to_vec()), ("xlsx", xlsx), ("gbk", gbk)] {
        let got = read_staff(&bytes, name, &Limits::default(), &directory()).expect(name);
        let plain = |teachers: &[fenzu::roster::staff::Teacher]| {
            teachers.iter().map(|t| (t.id.clone(), t.name.clone(), t.classes.clone(), t.max_groups)).collect::<Vec<_>>()
        };
        assert_eq!(plain(&got.teachers), plain(&want), "{name}");
        assert_eq!(got.sha256.len(), 64);
    }
}

#[test]
fn names_do_where_there_are_no_ids_and_blank_capacities_stay_blank() {
    let staff = staff("教师,任教班级\n王芳,7-3\n李强,七（2）班\n").expect("a list");
    assert_eq!(staff.teachers.iter().map(|t| t.id.as_str()).collect::<Vec<_>>(), ["王芳", "李强"]);
    assert!(staff.teachers.iter().all(|t| t.max_groups.is_none() && t.prefers.is_empty()));
    assert_eq!(staff.teacher("李强").map(|t| t.classes.len()), Some(1));
}

#[test]
fn a_number_behind_a_class_is_a_group_in_wishes_and_a_student_elsewhere() {
    let head = "id,name,classes,prefers,avoids,must\n";
    let of = |row: &str| staff(&format!("{head}T1,Ann,7-3,{row}\n")).expect("a list").teachers.remove(0);
    let (group, seven) = (Mention::Group { class: "7-3".to_owned(), number: 7 }, student("7-3", "7"));
    let bare = of("7-3/7,,7-3/7");
    assert_eq!((bare.prefers, bare.must), (vec![group.clone()], vec![seven.clone()]));
    let told = of("7-3/学号7,,7-3/group 7");
    assert_eq!((told.prefers, told.must), (vec![seven.clone()], vec![group]));
    // The id 7 is in every class: that of the class taught is meant.
    assert_eq!(of(",7,").avoids, [seven]);
    // No student 9: a wrong id is not taken for a group.
    let wrong = staff(&format!("{head}T1,Ann,7-3,,7-3/9,7-3/9\n")).expect_err("faults");
    let place = |cell: &str| format!("staff.csv line 2 ({cell})");
    assert_eq!(codes(&wrong), [("unknown_mention", place("E2").as_str()), ("unknown_mention", &place("F2"))]);
    let worded = Mention::Group { class: "7-3".to_owned(), number: 9 };
    assert_eq!(of(",,7-3/第9组").must, [worded]);
}

#[test]
fn a_class_that_no_list_holds_is_told() {
    let staff = staff("id,name,classes\nT1,Ann,7-3;8-8\nT2,Bob,8-8\n").expect("a list");
    assert_eq!(staff.teachers[0].classes, ["7-3", "8-8"]);
    let notice = staff.notices.iter().find(|notice| notice.code == "class_unknown").expect("a notice");
    assert_eq!(notice.place, "lines 2-3 (C2:C3)");
    assert!(notice.message.en.contains("“8-8”"), "{}", notice.message.en);
}

#[test]
fn a_capacity_is_a_number_or_not_given() {
    let of = |cell: &str| staff(&format!("id,name,classes,max_groups\nT1,Ann,7-3,{cell}\n"));
    for blank in ["", " ", "-", "——", "/"] {
        assert_eq!(of(blank).expect(blank).teachers[0].max_groups, None, "{blank}");
    }
    for (cell, want) in [("2组", 2), ("≤3", 3), ("两组", 2), ("最多4个", 4), ("20次/学期", 20), ("十二", 12)]
    {
        assert_eq!(of(cell).expect(cell).teachers[0].max_groups, Some(want), "{cell}");
    }
    for unlimited in ["不限", "无", "无限制"] {
        let read = of(unlimited).expect(unlimited);
        assert_eq!(read.teachers[0].max_groups, None, "{unlimited}");
        assert_eq!(read.notices.iter().map(|notice| notice.code).collect::<Vec<_>>(), ["limit_blank"]);
    }
    for bad in ["缺", "n/a", "null", "免"] {
        assert_eq!(codes(&of(bad).expect_err(bad)), [("bad_capacity", "staff.csv line 2 (D2)")], "{bad}");
    }
    let text = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let head = [text("A1", "id"), text("B1", "name"), text("C1", "classes"), text("D1", "max_groups")].concat();
    let row = [text("A2", "T1"), text("B2", "Ann"), text("C2", "7-3")].concat();
    let formula = "<c r=\"D2\"><f>1+1</f><v/></c>";
    let bytes = raw_sheet("A1:D2", &format!("<row>{head}</row><row>{row}{formula}</row>"));
    let faults = read_staff(&bytes, "staff.xlsx", &Limits::default(), &directory()).expect_err("no value");
    assert_eq!(codes(&faults), [("bad_capacity", "staff.xlsx Sheet1!D2")]);
}

#[test]
fn a_wish_for_a_class_not_taught_is_told() {
    let notices = |list: &Staff| {
        let told = list.notices.iter().filter(|notice| notice.code == "wish_not_taught");
        told.map(|notice| (notice.place.clone(), notice.message.en.clone())).collect::<Vec<_>>()
    };
    let text = "id,name,classes,prefers,must\nT1,Ann,7-3,7-3;七1班/第2组,\nT2,Bob,7-3,七（2）班,七（2）班/7\n";
    let list = staff(text).expect("a list");
    let message = "the wish “七（1）班/第2组” does not count: the teacher does not teach 七（1）班".to_owned();
    // Bob must take a group of the class that he wishes for.
    assert_eq!(notices(&list), [("line 2 (D2)".to_owned(), message)]);
    let list = staff("id,name,classes\nT1,Ann,7-3\n").expect("a list");
    let claims = b"id,prefers\nT1,7-3;A9\n";
    let claimed = read_claims(claims, "claims.csv", &Limits::default(), &directory(), &list).expect("claims");
    let claimed = list.with_claims(claimed).expect("known teachers");
    let told = notices(&claimed);
    assert_eq!((told.len(), told[0].0.as_str()), (1, "line 2 (B2)"));
}

#[test]
fn everything_wrong_is_told_at_once_with_its_cell() {
    let text = "id,name,classes,max_groups,max_students,max_visits,avoids,must\n\
                T1,Ann,7-3,-1,many,2.5,王伟,Zoe\n\
                T1,Bob,7-3,,,,7-3/第1组,\n\
                ,Cid,7-3,,,,,\n\
                T4,Dan,7-3,,,,Ada,3\n\
                T5,Eve,7-3,,,,,,7-3,七1班\n";
    let faults = staff(text).expect_err("faults");
    assert_eq!(
        codes(&faults),
        [
            ("negative_capacity", "staff.csv line 2 (D2)"),
            ("bad_capacity", "staff.csv line 2 (E2)"),
            ("bad_capacity", "staff.csv line 2 (F2)"),
            ("ambiguous_mention", "staff.csv line 2 (G2)"),
            ("unknown_mention", "staff.csv line 2 (H2)"),
            ("avoids_group", "staff.csv line 3 (G3)"),
            ("id_missing", "staff.csv line 4 (A4)"),
            ("must_and_avoids", "staff.csv line 5 (H5)"),
            ("ragged_row", "staff.csv line 6 (6)"),
            ("duplicate_id", "staff.csv line 3 (A3)"),
        ]
    );
    let twice = &faults.0[3];
    assert_eq!(twice.expected.en, "one meaning; it may be 七（1）班/学号1, 七（2）班/学号2");
}

#[test]
fn a_list_that_is_no_staff_list_is_refused() {
    let refused =
        |text: &str| codes(&staff(text).expect_err("a fault")).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    assert_eq!(refused("subject,score\nmath,1\n"), ["no_teachers"]);
    assert_eq!(refused("id,name,classes\n"), ["no_teachers"]);
    assert_eq!(refused("id,name\nT1,Ann\n"), ["no_classes_column"]);
    // Wishes tell what somebody would like, not what he or she teaches.
    assert_eq!(refused("id,name,prefers\nT1,Ann,7-3\n"), ["no_classes_column"]);
    // One name twice among names that come once: two people may have it.
    let twice = "姓名,任教班级\n王芳,7-3\n李强,7-3\n陈静,7-3\n王芳,七（2）班\n";
    assert_eq!(refused(twice), ["ambiguous_name"]);
    assert_eq!(refused("  "), ["empty_file"]);
}

#[test]
fn a_class_stands_in_one_list() {
    let one = list("a.csv", "id,math\n1,90\n2,80\n");
    let two = list("b.csv", "id,math\n1,90\n2,80\n");
    let faults = Directory::new([&one, &two]).expect_err("two lists without a class");
    assert_eq!(codes(&faults), [("class_twice", "b.csv")]);
    let alone = Directory::new([&one]).expect("one class");
    let staff = read_staff(b"id,name\nT1,Ann\n", "s.csv", &Limits::default(), &alone).expect("no classes needed");
    assert_eq!(staff.teachers[0].classes, [""]);
}

#[test]
fn claims_take_the_place_of_wishes() {
    let before = staff("id,name,classes,prefers\nT1,Ann,7-3,7-3\nT2,Bob,7-3,7-3\n").expect("a list");
    let claim = |text: &str| {
        let claims = read_claims(text.as_bytes(), "claims.csv", &Limits::default(), &directory(), &before)?;
        before.clone().with_claims(claims)
    };
    let after = claim("name,prefers\nAnn,7-3/第2组;7-3/第1组\n").expect("claims");
    let group = |number| Mention::Group { class: "7-3".to_owned(), number };
    assert_eq!(after.teachers[0].prefers, [group(2), group(1)]);
    assert_eq!(after.teachers[1].prefers, before.teachers[1].prefers);
    let faults = claim("id,prefers\nT9,7-3\n").expect_err("a stranger");
    assert_eq!(codes(&faults), [("unknown_teacher", "claims.csv line 2 (2)")]);
}
