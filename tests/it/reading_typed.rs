//! Text as people type it or copy it from a chat: cells between blanks or ， ； 、, a number before everybody, all names in a line.

use crate::lists::{good, numbers, texts};
use fenzu::roster::Roster;

fn names(roster: &Roster) -> Vec<&str> {
    roster.students.iter().map(|student| student.name.as_str()).collect()
}

fn asked(roster: &Roster) -> Vec<&str> {
    roster.doubts.iter().map(|doubt| doubt.code).collect()
}

#[test]
fn cells_between_the_signs_that_people_type() {
    let rows = ["姓名 性别 语文", "王明 男 84", "李华 女 92.5", "张红 女 缺考", "刘洋 男 60"];
    for between in ["，", "；", "、", " ", "   ", "\u{3000}", "， "] {
        let roster = good(&rows.map(|row| row.replace(' ', between)).join("\n"));
        assert_eq!(names(&roster), ["王明", "李华", "张红", "刘洋"], "{between:?}");
        assert_eq!(numbers(&roster, "score:chinese"), [Some(84.0), Some(92.5), None, Some(60.0)], "{between:?}");
        assert_eq!(texts(&roster, "gender"), ["male", "female", "female", "male"], "{between:?}");
        assert_eq!(asked(&roster), [""; 0], "{between:?}");
        assert_eq!(roster.students[0].row.line, Some(2), "{between:?}: places are those of the text");
    }
}

#[test]
fn blanks_within_cells_part_nothing_where_a_program_wrote_them() {
    let roster = good("姓名,备注,语文\n王明,班长 团员,84\n李 华,,92\n张红,走读 近视,70\n刘洋,,60\n");
    assert_eq!(names(&roster), ["王明", "李华", "张红", "刘洋"]);
    assert_eq!(numbers(&roster, "score:chinese"), [Some(84.0), Some(92.0), Some(70.0), Some(60.0)]);
    // Words with a blank between them are names of people, no columns.
    let roster = good("Nora Abbott\nLeo Barros\nMina Cho\nTom Dale\nAnn Eaton\n");
    assert_eq!(names(&roster)[..2], ["Nora Abbott", "Leo Barros"]);
}

#[test]
fn a_gender_behind_the_name_is_no_part_of_it() {
    let roster = good("#接龙\n1. 王明 男\n2. 李华 女\n3. 张红 女\n4. 刘洋 男\n5. 陈晨 男\n");
    assert_eq!((names(&roster), texts(&roster, "gender")[0]), (vec!["王明", "李华", "张红", "刘洋", "陈晨"], "male"));
}

/// A list that people of a chat continue one after the other (接龙).
#[test]
fn a_number_before_everybody() {
    for (sign, title) in
        [(". ", "#接龙\n请大家报成绩\n\n"), ("、", "接龙\n"), (".", ""), ("）", "七(1)班\n"), (") ", "")]
    {
        let rows = ["王明 84 男", "李华 92 女", "张红 70 女", "刘洋 60 男", "陈晨 77 男"];
        let rows: Vec<String> = (1..).zip(rows).map(|(n, row)| format!("{n}{sign}{row}")).collect();
        let roster = good(&format!("{title}{}", rows.join("\n")));
        assert_eq!(names(&roster), ["王明", "李华", "张红", "刘洋", "陈晨"], "{sign:?}");
        assert_eq!(texts(&roster, "gender")[..2], ["male", "female"], "{sign:?}");
        assert_eq!(numbers(&roster, "score:C")[..2], [Some(84.0), Some(92.0)], "{sign:?}");
        assert_eq!(asked(&roster), ["no_header"], "{sign:?}: what the columns are is asked");
    }
}

#[test]
fn all_names_in_a_line() {
    let wanted = ["王明", "李华", "张红", "刘洋", "陈晨"];
    for text in
        ["王明、李华、张红、刘洋、陈晨", "七(1)班名单\n王明 李华 张红 刘洋 陈晨\n", "王明，李华，张红，刘洋，陈晨"]
    {
        let roster = good(text);
        assert_eq!(names(&roster), wanted, "{text}");
        assert_eq!(asked(&roster), ["no_header"], "{text}");
    }
    let roster = good("名单\n王明、李华、张红、刘洋\n陈晨、杨帆、赵强、黄丽\n");
    assert_eq!(roster.students.len(), 8, "in several lines");
    // A header of unknown words above students is no line of names.
    let roster = good("姓名,爱好,性别\n王明,足球,男\n李华,唱歌,女\n");
    assert_eq!(names(&roster), ["王明", "李华"]);
}
