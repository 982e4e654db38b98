//! Headers and values of marks that are plain to any teacher: short, numbered, below a subject, with something beside the number.

use crate::lists::{csv, fault, fields, good, good_xlsx, notice, numbers, texts, write_rows};
use fenzu::roster::Roster;

fn asked(roster: &Roster) -> Vec<&str> {
    roster.doubts.iter().map(|doubt| doubt.code).collect()
}

/// A list of eight with these headers, marks from row to row.
fn list(headers: &str) -> String {
    let n = headers.split(',').count();
    let marks = |i: usize| (0..n).map(|c| (50 + 37 * i * (c + 2) % 47).to_string()).collect::<Vec<_>>().join(",");
    let rows: Vec<String> = (0..8).map(|i| format!("{},{}", crate::lists::HAN[i], marks(i))).collect();
    format!("姓名,{headers}\n{}\n", rows.join("\n"))
}

#[test]
fn headers_that_any_teacher_knows() {
    for (headers, wanted) in [
        ("语,数,英,总", "score:chinese score:math score:english total"),
        ("语文150,数学(150),英语/100", "score:chinese score:math score:english"),
        ("测验1,测验2,作业", "score:quiz_1 score:quiz_2 score:homework"),
        ("Quiz 1 /20,Quiz 2 /20", "score:quiz_1 score:quiz_2"),
        ("语文,上次总分,本次总分", "score:chinese other total"),
        ("Quiz 1,Quiz 2,HW1,Exam", "score:quiz_1 score:quiz_2 score:homework score:exam"),
        ("第一次测验,第二次测验", "score:quiz_一 score:quiz_二"),
        ("成绩1,成绩2", "score:score_1 score:score_2"),
        ("期中,期末", "score:score_midterm score:score_final"),
        ("语文,总分,上次总分,上次语文", "score:chinese_last_exam total other score:chinese"),
        ("语文,数学,主科总分,全科总分", "score:chinese score:math other total"),
        ("语文,出勤率,缺勤次数,餐费,资料费", "score:chinese other other other other"),
    ] {
        let roster = good(&list(headers));
        let (mut found, mut wanted): (Vec<String>, Vec<&str>) =
            (fields(&roster)[1..].to_vec(), wanted.split(' ').collect());
        found.sort_unstable();
        wanted.sort_unstable();
        let found: Vec<&str> = found.iter().map(String::as_str).collect();
        assert_eq!(found, wanted, "{headers}");
        assert_eq!(asked(&roster), [""; 0], "{headers}");
    }
    // What nobody can know is asked about.
    for headers in ["语文,素养", "语文,第1次,第2次", "语文,体能3"] {
        assert_eq!(asked(&good(&list(headers))), ["column_unused"], "{headers}");
    }
}

#[test]
fn exams_below_subjects_and_parts_of_them() {
    let exams = good(&list("语文,语文,数学,数学").replacen("\n", "\n,期中,期末,期中,期末\n", 1));
    let wanted = ["score:chinese_midterm", "score:chinese_final", "score:math_midterm", "score:math_final"];
    assert_eq!(fields(&exams)[1..], wanted);
    let grades = (0..8)
        .map(|i| format!("{},{},{},{},{}\n", crate::lists::HAN[i], 60 + 5 * i, ["A", "B"][i % 2], 50 + 3 * i, "A"));
    let grades = good(&format!("姓名,语文,,数学,\n,卷面,等级,卷面,等级\n{}", grades.collect::<String>()));
    assert_eq!(fields(&grades)[1..], ["score:chinese", "other", "score:math", "other"], "marks before grades of them");
    let parts = good_xlsx(|sheet| {
        sheet.merge_range(0, 1, 0, 3, "语文", &rust_xlsxwriter::Format::new()).expect("a header");
        sheet.merge_range(0, 4, 0, 6, "数学", &rust_xlsxwriter::Format::new()).expect("a header");
        write_rows(sheet, 0, &[&["姓名"]]);
        write_rows(sheet, 1, &[&["", "基础", "作文", "总分", "选择", "解答", "总分"]]);
        for (i, name) in (2..).zip(crate::lists::HAN) {
            write_rows(sheet, i, &[&[name]]);
            for c in 1..7u16 {
                sheet.write_number(i, c, f64::from(30 + (i * 7 + u32::from(c) * 5) % 41)).expect("a mark");
            }
        }
    });
    assert_eq!(fields(&parts)[1..], ["other", "other", "score:chinese", "other", "other", "score:math"]);
    assert_eq!(asked(&parts), [""; 0], "parts of a subject are in its total");
}

/// 合计 may be of anything.
#[test]
fn a_sum_of_what_is_no_mark_is_no_total() {
    let roster = good(&list("餐费,校服费,合计"));
    assert!(!fields(&roster).contains(&"total".to_owned()));
    assert_eq!(asked(&roster), ["column_unused"]);
    let roster = good(&list("语文,数学,合计"));
    assert_eq!(fields(&roster)[3], "total");
    let roster = good(&list("总分"));
    assert!(roster.notices.iter().all(|notice| notice.code != "nothing_to_balance"), "a total makes tiers");
}

#[test]
fn numbers_with_something_beside_them() {
    for (one, other) in [
        ("84(A)", "60（C）"),
        ("84*", "60"),
        ("84↑", "60↓"),
        ("84▲", "60▼"),
        ("84 *", "60"),
        ("第84名", "第60名"),
        ("并列84", "60"),
        ("84名", "60名"),
        ("84A", "60B"),
        ("84th", "60th"),
    ] {
        let header = if one.contains(['第', '名', '并', 'h']) { "名次" } else { "语文" };
        let field = if header == "名次" { "rank" } else { "score:chinese" };
        let roster = good(&format!("姓名,{header},性别\n王明,{one},男\n李华,{other},女\n张红,71,女\n"));
        assert_eq!(numbers(&roster, field), [Some(84.0), Some(60.0), Some(71.0)], "{one}");
        assert!(notice(&roster, "number_noted").message.zh.contains(one), "{one} is told");
    }
    for two in ["85(90)", "85 90", "85-90", "8班"] {
        fault(csv(&format!("姓名,语文\n王明,{two}\n李华,60\n张红,71\n")), "bad_score", "list.csv line 2 (B2)");
    }
}

#[test]
fn absence_genders_and_errors_as_they_are_written() {
    let roster = good("姓名,语文,性别\n王明,缺考0,♂\n李华,60,♀\n张红,0缺考,♀️\n刘洋,70,♂\n");
    assert_eq!(numbers(&roster, "score:chinese"), [None, Some(60.0), None, Some(70.0)]);
    assert_eq!(texts(&roster, "gender"), ["male", "female", "female", "male"]);
    let refused = csv("姓名,语文\n王明,#REF!\n李华,60\n张红,71\n刘洋,72\n");
    fault(refused, "bad_score", "list.csv line 2 (B2)");
}

/// What a spreadsheet makes of 3-1 is a date.
#[test]
fn classes_that_became_dates_are_refused() {
    for (one, other) in [("3月1日", "3月2日"), ("1-Mar", "2-Mar"), ("2026/3/1", "2026/3/2"), ("Mar-01", "Mar-02")] {
        let refused = csv(&format!("班级,姓名,语文\n{one},王明,80\n{one},李华,70\n{other},张红,60\n"));
        let fault = fault(refused, "class_is_date", "list.csv line 2 (A2)");
        assert!(fault.found.zh.contains(one), "{fault:?}");
    }
    for class in ["3-1", "3/1", "三(1)班", "2023-1"] {
        let roster = good(&format!("班级,姓名,语文\n{class},王明,80\n{class},李华,70\n"));
        assert_eq!(roster.classes(), [class]);
    }
}
