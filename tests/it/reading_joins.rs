//! What blocks, sheets and files say of the people in them beside their columns: who is who, boys and girls, one subject's ranks, rows
//! that were moved by a cell, counts that begin again.

use crate::lists::{HAN, fields, good, good_xlsx, notice, numbers, read_as, texts, write_rows};
use fenzu::roster::{Limits, Roster, read_files};
use rust_xlsxwriter::Workbook;

fn asked(roster: &Roster) -> Vec<&str> {
    roster.doubts.iter().map(|doubt| doubt.code).collect()
}

/// A workbook of sheets.
fn book(sheets: &[(&str, &[&[&str]])]) -> Roster {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).expect("a name");
        write_rows(sheet, 0, rows);
    }
    read_as("list.xlsx", &book.save_to_buffer().expect("a workbook")).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Two files, read together.
fn files(one: &str, two: &str) -> Vec<Roster> {
    let folder = tempfile::tempdir().expect("a folder");
    let paths = ["one.csv", "two.csv"].map(|name| folder.path().join(name));
    std::fs::write(&paths[0], one).expect("a file");
    std::fs::write(&paths[1], two).expect("a file");
    read_files(&[&paths[0], &paths[1]], &[], &Limits::default()).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn boys_and_girls_above_the_students_are_their_gender() {
    let wanted = ["male", "male", "male", "female", "female", "female"];
    let (boys, girls) = ([("王明", 80), ("李强", 70), ("张伟", 60)], [("陈丽", 81), ("杨芳", 71), ("赵敏", 61)]);
    let rows = |people: &[(&str, i32)]| people.iter().map(|(name, x)| format!("{name},{x}\n")).collect::<String>();
    for (man, woman) in
        [("男生", "女生"), ("男生名单", "女生名单"), ("男", "女"), ("男生（3人）", "女生（3人）"), ("Boys", "Girls")]
    {
        let below = good(&format!("{man},\n姓名,语文\n{}{woman},\n姓名,语文\n{}", rows(&boys), rows(&girls)));
        let once = good(&format!("姓名,语文\n{man},\n{}{woman},\n{}", rows(&boys), rows(&girls)));
        let beside: Vec<String> =
            boys.iter().zip(&girls).map(|(b, g)| format!("{},{},,{},{}\n", b.0, b.1, g.0, g.1)).collect();
        let beside = good(&format!("{man},,,{woman},\n姓名,语文,,姓名,语文\n{}", beside.concat()));
        for (roster, how) in [(&below, "below"), (&once, "once"), (&beside, "beside")] {
            assert_eq!(texts(roster, "gender"), wanted, "{man} {how}");
            assert_eq!(numbers(roster, "score:chinese")[3], Some(81.0), "{man} {how}");
            assert_eq!(asked(roster), [""; 0], "{man} {how}: {:?}", roster.doubts);
            assert!(notice(roster, "kind_above").message.zh.contains("性别"), "{man} {how}");
        }
    }
    let sheet = |people: &'static [&'static [&'static str]]| people;
    let roster = book(&[
        ("男生", sheet(&[&["序号", "姓名", "语文"], &["1", "王明", "80"], &["2", "李强", "70"]])),
        ("女生", sheet(&[&["序号", "姓名", "语文"], &["1", "陈丽", "81"], &["2", "杨芳", "71"]])),
    ]);
    assert_eq!(texts(&roster, "gender"), ["male", "male", "female", "female"]);
    assert_eq!((roster.classes(), asked(&roster)), (vec![String::new()], vec![]), "they are no classes");
}

#[test]
fn a_kind_above_some_students_only_is_asked_about() {
    let roster = good("姓名,语文\n王明,80\n李强,70\n女生,\n陈丽,81\n杨芳,71\n");
    assert_eq!(asked(&roster), ["rows_left_over"]);
    assert!(!fields(&roster).contains(&"gender".to_owned()));
    // Where a column tells it, the rows say nothing new.
    let roster = good("姓名,性别,语文\n男生,,\n王明,男,80\n李强,男,70\n女生,,\n陈丽,女,81\n杨芳,女,71\n");
    assert_eq!((roster.students.len(), asked(&roster)), (4, vec![]));
}

#[test]
fn lists_that_count_their_own_rows_are_joined_by_name() {
    let joined =
        files("序号,姓名,性别\n1,王明,男\n2,李华,女\n3,张红,女\n", "序号,姓名,语文\n1,张红,60\n2,王明,80\n3,李华,70\n");
    assert_eq!(joined.len(), 1);
    assert_eq!(numbers(&joined[0], "score:chinese"), [Some(80.0), Some(70.0), Some(60.0)]);
    assert_eq!(asked(&joined[0]), [""; 0]);
    // Ids that say otherwise than names are asked about.
    let apart =
        files("学号,姓名,性别\n1,王明,男\n2,李华,女\n3,张红,女\n", "学号,姓名,语文\n1,张红,60\n2,王明,80\n3,李华,70\n");
    assert_eq!(apart.iter().flat_map(asked).collect::<Vec<_>>(), ["list_same_names"]);
}

#[test]
fn an_id_with_two_names_is_asked_about() {
    let list = "学号,姓名,性别\n11,王明,男\n12,李华,女\n13,张红,女\n14,刘洋,男\n15,陈晨,男\n16,杨帆,女\n";
    let marks = "学号,姓名,语文\n11,王明,80\n12,李华,70\n13,张红,60\n14,别人,50\n15,陈晨,77\n16,杨帆,66\n";
    let joined = files(list, marks);
    assert_eq!(asked(&joined[0]), ["join_other_name"]);
    assert!(joined[0].doubts[0].message.zh.contains("14 刘洋 / 别人"), "{:?}", joined[0].doubts);
    assert_eq!(asked(&files(list, &marks.replace("别人", "刘洋"))[0]), [""; 0]);
}

#[test]
fn ranks_in_a_subjects_sheet_are_no_ranks_of_the_list() {
    let sheet = |marks: [&'static str; 3], ranks: [&'static str; 3]| -> Vec<[&'static str; 3]> {
        let names = ["王明", "李华", "张红"];
        let rows = (0..3).map(|i| [names[i], marks[i], ranks[i]]);
        std::iter::once(["姓名", "成绩", "名次"]).chain(rows).collect()
    };
    let (zh, math) = (sheet(["80", "70", "60"], ["1", "2", "3"]), sheet(["50", "90", "70"], ["3", "1", "2"]));
    let slices = |rows: &[[&'static str; 3]]| rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>();
    let (zh, math) = (slices(&zh), slices(&math));
    let (zh, math): (Vec<&[&str]>, Vec<&[&str]>) =
        (zh.iter().map(Vec::as_slice).collect(), math.iter().map(Vec::as_slice).collect());
    let roster = book(&[("语文", &zh), ("数学", &math)]);
    assert_eq!(fields(&roster), ["name", "score:chinese", "other", "score:math", "other"]);
    assert_eq!(numbers(&roster, "score:math"), [Some(50.0), Some(90.0), Some(70.0)]);
    let alone = book(&[("语文", &zh)]);
    assert!(fields(&alone).contains(&"rank".to_owned()), "of one subject the rank is the list's");
}

#[test]
fn a_row_moved_by_a_cell_is_asked_about() {
    let rows = |third: &'static [&'static str]| -> Vec<&'static [&'static str]> {
        vec![
            &["学号", "姓名", "语文", "数学"],
            &["1", "王明", "80", "70"],
            &["2", "李华", "81", "71"],
            third,
            &["4", "刘洋", "83", "73"],
            &["5", "陈晨", "84", "74"],
        ]
    };
    let read = |third| good_xlsx(|sheet| write_rows(sheet, 0, &rows(third)));
    let moved = read(&["3", "张红", "", "82", "72"]);
    assert_eq!((asked(&moved), moved.doubts[0].place.as_str()), (vec!["row_moved"], "Sheet1!4"));
    let beside = read(&["3", "张红", "82", "72", "补考"]);
    assert_eq!(asked(&beside), [""; 0]);
    assert!(notice(&beside, "cells_unheaded").message.zh.contains("补考"));
    let plain = read(&["3", "张红", "", "72"]);
    assert_eq!(asked(&plain), [""; 0], "a mark may be missing");
}

#[test]
fn a_count_that_begins_again_may_be_another_class() {
    let count = |from: usize, to: usize| -> String {
        (from..to).map(|i| format!("{},{},{}\n", i - from + 1, HAN[i], 60 + 3 * i)).collect()
    };
    let roster = good(&format!("序号,姓名,语文\n{}\n序号,姓名,语文\n{}", count(0, 5), count(5, 9)));
    assert_eq!((roster.students.len(), asked(&roster)), (9, vec!["numbers_again"]));
    assert_eq!(roster.students[5].id, "6", "row numbers are ids");
    let roster = good(&format!("序号,姓名,语文\n{}", count(0, 9)));
    assert_eq!((asked(&roster), roster.students[5].id.as_str()), (vec![], "6"));
}

/// A row for each parent cannot be put together, and telephones are no marks.
#[test]
fn a_row_for_each_parent_is_refused() {
    let rows: String = (0..6)
        .map(|i| {
            let name = HAN[i];
            format!("{name},父亲,王建国,1390000000{i},80\n{name},母亲,李红梅,1380000000{i},80\n")
        })
        .collect();
    let faults = crate::lists::csv(&format!("学生姓名,关系,家长姓名,联系电话,语文\n{rows}")).expect_err("refused").0;
    assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["rows_repeat_people"]);
}

/// Plans of seats and lists of groups have people in several columns.
#[test]
fn people_in_several_columns_are_never_lost_in_silence() {
    let row = |i: usize| HAN[i..i + 4].join(",");
    let seats = good(&format!(",讲台,,\n{}\n{}\n{}\n", row(0), row(4), row(8)));
    assert_eq!((seats.students.len(), asked(&seats)), (12, vec!["no_header"]), "{:?}", seats.doubts);
    let seats = good_xlsx(|sheet| {
        write_rows(sheet, 0, &[&["", "讲台"]]);
        HAN.chunks(2).zip(1..).for_each(|(row, r)| write_rows(sheet, r, &[row]));
    });
    assert!(asked(&seats).contains(&"name_in_header"), "{:?}", seats.doubts);
    let groups = good(&format!("组别,组长,组员,,\n第1组,{}\n第2组,{}\n第3组,{}\n", row(0), row(4), row(8)));
    assert_eq!(asked(&groups), ["people_beside"], "{:?}", groups.doubts);
    // Somebody of the family, a teacher, or a desk mate is nobody else of the list.
    let mates = (0..12).map(|i| format!("{},李秀{},王老师,{}\n", HAN[i], &HAN[i][..3], HAN[(i + 1) % 12]));
    let roster = good(&format!("姓名,母亲,导师,同桌\n{}", mates.collect::<String>()));
    assert_eq!(asked(&roster), [""; 0], "{:?}", roster.doubts);
}

/// A heading in the place of a name is no student in silence.
#[test]
fn headings_between_students_are_asked_about() {
    let people =
        |from: usize| (from..from + 6).map(|i| format!("{},{},{}\n", HAN[i], 60 + i, 90 - i)).collect::<String>();
    for heading in ["历史方向", "体育生", "美术类", "重修学生", "B层", "第二组", "高一（2）班", "Year 9 Set 2"]
    {
        let roster = good(&format!("姓名,语文,数学\n{}{heading},,\n{}", people(0), people(6)));
        assert!(
            asked(&roster).iter().any(|code| ["name_unlikely", "class_rows", "rows_left_over"].contains(code)),
            "{heading}: {:?}",
            roster.doubts
        );
        let roster = good(&format!("姓名,语文,数学\n{}赵云飞,,\n{}", people(0), people(6)));
        assert_eq!((roster.students.len(), asked(&roster)), (13, vec![]), "somebody without marks is a student");
    }
}

/// Sheets may be called after one kind of students, and rows in them after another.
#[test]
fn what_stands_above_students_goes_before_what_their_sheet_is_called() {
    let rows = |names: [&'static str; 4]| -> Vec<Vec<&'static str>> {
        let mut rows = vec![vec!["姓名", "语文"], vec!["男生"]];
        rows.extend(names[..2].iter().map(|name| vec![*name, "80"]));
        rows.push(vec!["女生"]);
        rows.extend(names[2..].iter().map(|name| vec![*name, "70"]));
        rows
    };
    let (day, boarding) = (rows(["王明", "李强", "陈丽", "杨芳"]), rows(["赵刚", "张伟", "刘敏", "黄静"]));
    let slices = |rows: &'static [Vec<&'static str>]| rows.iter().map(Vec::as_slice).collect::<Vec<&[&str]>>();
    let (day, boarding) = (slices(day.leak()), slices(boarding.leak()));
    let roster = book(&[("走读生", &day), ("住校生", &boarding)]);
    assert_eq!(texts(&roster, "gender"), ["male", "male", "female", "female", "male", "male", "female", "female"]);
}
