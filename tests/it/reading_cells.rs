//! What a cell means: numbers, absent and missing marks, flags, genders, rows that are no students.

use crate::lists::{column, csv, fields, good, ids, named, notice, numbers, raw_sheet, read_as, texts};
use fenzu::roster::Cell;

#[test]
fn statistics_notes_blank_and_repeated_rows_are_no_students() {
    let text = "学号,姓名,语文,数学\n1,甲,80,90\n,,,\n2,乙,70,60\n学号,姓名,语文,数学\n3,丙,50,40\n,平均分,66.7,63.3\n合计,,200,190\n,最高分,80,90\n,及格率,66%,66%\n备注：缺考不计\n班主任签字：,,年级主任签字：,\n";
    let roster = good(text);
    assert_eq!(ids(&roster), ["1", "2", "3"]);
    assert_eq!(notice(&roster, "statistics_skipped").place, "lines 7-10 (7:10)");
    assert_eq!(notice(&roster, "notes_skipped").place, "lines 11-12 (11:12)");
    assert_eq!(notice(&roster, "header_repeated").place, "line 5 (5)");
    assert!(notice(&roster, "blank_rows_skipped").message.en.starts_with("1 blank"));
    let english = good("name,math\nAnn,70\nMax,80\nAverage,75\n");
    assert_eq!(english.students.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["Ann", "Max"]);
}

#[test]
fn odd_numbers_are_read_and_every_cell_is_named() {
    let roster =
        good("学号,数学\n1,８５\n2,９０.５\n3,85分\n4,\u{a0}77\n5,8 5\n6,\u{3000}60\u{3000}\n7,'66\n8, 50 \n9,90\n");
    let wanted = [85.0, 90.5, 85.0, 77.0, 85.0, 60.0, 66.0, 50.0, 90.0].map(Some);
    assert_eq!(numbers(&roster, "score:math"), wanted);
    assert_eq!(notice(&roster, "full_width").place, "lines 2-3 (B2:B3)");
    assert_eq!(notice(&roster, "unit_dropped").place, "line 4 (B4)");
    assert_eq!(notice(&roster, "odd_spaces").place, "lines 5-7 (B5:B7)");
}

#[test]
fn absent_and_missing_marks() {
    let absent = ["缺考", "缺", "免考", "absent", "-", "/", "—", "——", " 缺 考 ", "Ｎ/Ａ"];
    let rows: String = absent.iter().enumerate().map(|(i, word)| format!("{i},{word}\n")).collect();
    let roster = good(&format!("学号,数学\n{rows}20,\n21,70\n"));
    let cells = &column(&roster, "score:math").cells;
    assert!(cells[..absent.len()].iter().all(|cell| *cell == Cell::Absent), "{cells:?}");
    assert_eq!(cells[absent.len()], Cell::Empty);
    assert_eq!(notice(&roster, "score_absent").place, "lines 2-11 (B2:B11)");
    assert_eq!(notice(&roster, "score_missing").place, "line 12 (B12)");
}

#[test]
fn a_cell_of_a_sheet_is_read_as_it_is_meant() {
    let cell = |at: &str, inner: &str| format!("<c r=\"{at}\"{inner}</c>");
    let text = |at: &str, text: &str| cell(at, &format!(" t=\"inlineStr\"><is><t>{text}</t></is>"));
    let rows = [
        vec![text("A1", "学号"), text("B1", "数学"), text("C1", "总分"), text("D1", "名次")],
        vec![
            cell("A2", "><v>20230101</v>"),
            cell("B2", "><v>85</v>"),
            cell("C2", "><f>B2+B3</f><v>175</v>"),
            cell("D2", "><v>1</v>"),
        ],
        vec![
            cell("A3", "><v>2.0230102E7</v>"),
            text("B3", "90"),
            cell("C3", "><f>B2</f><v/>"),
            cell("D3", "><v>2</v>"),
        ],
        vec![
            text("A4", "'0103"),
            text("B4", "'95"),
            cell("C4", " t=\"str\"><f>IF(B4,1,2)</f><v></v>"),
            cell("D4", "><v>3</v>"),
        ],
    ];
    let rows: String = rows.iter().map(|row| format!("<row>{}</row>", row.concat())).collect();
    let roster = read_as("list.xlsx", &raw_sheet("A1:D4", &rows)).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(ids(&roster), ["20230101", "20230102", "0103"]);
    assert_eq!(numbers(&roster, "score:math"), [Some(85.0), Some(90.0), Some(95.0)]);
    assert_eq!(numbers(&roster, "total"), [Some(175.0), None, None]);
    assert_eq!(notice(&roster, "number_as_text").place, "Sheet1!B3:B4");
    assert_eq!(notice(&roster, "total_missing").place, "Sheet1!C4");
    assert_eq!(notice(&roster, "formula_not_computed").place, "Sheet1!C3");
}

#[test]
fn leading_zeros_and_spaced_names() {
    let roster = good("学号,姓名,数学\n007,王　伟,1\nＳ０８, Ann  Lee ,2\n");
    assert_eq!(ids(&roster), ["007", "S08"]);
    assert_eq!(roster.students[0].name, "王伟");
    assert_eq!(roster.students[1].name, "Ann Lee");
    assert_eq!(notice(&roster, "full_width").place, "line 3 (A3)");
}

#[test]
fn flags_in_every_form() {
    for (yes, no) in [
        ("是", "否"),
        ("有", "无"),
        ("Y", "N"),
        ("yes", "no"),
        ("1", "0"),
        ("true", "false"),
        ("T", "F"),
        ("√", "×"),
        ("✓", "×"),
    ] {
        let roster = good(&format!("学号,住校\n1,{yes}\n2,{no}\n3,{yes}\n"));
        assert_eq!(column(&roster, "boarding").cells, [true, false, true].map(Cell::Flag), "{yes}/{no}");
        assert!(roster.notices.is_empty(), "{:?}", roster.notices);
    }
    let roster = good("学号,住校\n1,√\n2,\n3,/\n");
    assert_eq!(column(&roster, "boarding").cells, [true, false, false].map(Cell::Flag));
    assert_eq!(notice(&roster, "flag_blank_no").place, "lines 3-4 (B3:B4)");
    let roster = good("学号,住校\n1,是\n2,否\n3,\n");
    assert_eq!(column(&roster, "boarding").cells, [Cell::Flag(true), Cell::Flag(false), Cell::Empty]);
    assert_eq!(notice(&roster, "flag_missing").place, "line 4 (B4)");
    assert_eq!(column(&good("学号,住校\n1,住校\n2,走读\n"), "boarding").cells, [true, false].map(Cell::Flag));
}

#[test]
fn gender_in_every_form() {
    let roster = good("学号,性别\n1,男\n2,女\n3,M\n4,f\n5,Male\n6,female\n7,boy\n8,Girl\n9,\n");
    let wanted = ["male", "female", "male", "female", "male", "female", "male", "female", ""];
    assert_eq!(texts(&roster, "gender"), wanted);
    assert_eq!(notice(&roster, "gender_missing").place, "line 10 (B10)");
}

#[test]
fn answers_with_letters_before_them_and_reasons_behind_are_read() {
    for (yes, no) in [
        ("A.是", "B.否"),
        ("A、是", "B、否"),
        ("①是", "②否"),
        ("(1)是", "(2)否"),
        ("是（父母均外出）", "否（父母在家）"),
        ("是〖爷爷带〗", "否"),
        ("是：父母均外出", "否"),
        ("1-是", "2-否"),
        ("✔\u{fe0f}", "✖\u{fe0f}"),
        ("父母双方外出务工", "非留守儿童"),
        ("父亲外出打工", "未外出打工"),
    ] {
        let roster = good(&format!("学号,留守儿童\n1,{yes}\n2,{no}\n3,{yes}\n"));
        assert_eq!(column(&roster, "left_behind").cells, [true, false, true].map(Cell::Flag), "{yes}/{no}");
    }
    assert_eq!(column(&good("学号,住校\n1,住\n2,不住\n"), "boarding").cells, [true, false].map(Cell::Flag));
    // A form that nobody filled in says both.
    for both in ["是/否", "是，否", "是 否"] {
        assert!(csv(&format!("学号,住校,数学\n1,{both},60\n2,是,70\n")).is_err(), "{both}");
    }
    for (male, female) in [
        ("1-男", "2-女"),
        ("A.男", "B.女"),
        ("男（汉）", "女（壮）"),
        ("m", "w"),
        ("Männlich", "Weiblich"),
        ("Homme", "Femme"),
    ] {
        let roster = good(&format!("学号,性别\n1,{male}\n2,{female}\n"));
        assert_eq!(texts(&roster, "gender"), ["male", "female"], "{male}/{female}");
    }
    assert_eq!(texts(&good("学号,性别\n1,m\n2,w\n3,d\n"), "gender"), ["male", "female", "d"]);
}

#[test]
fn words_that_are_not_known_are_asked_about_once() {
    let asked = |list: &str| good(list).doubts.iter().map(|doubt| doubt.code).collect::<Vec<_>>();
    let kinds = "学号,残疾,贫困\n1,否,一般\n2,否,重点\n3,否,\n";
    assert_eq!(asked(kinds), ["flag_kinds"]);
    assert_eq!(column(&good(kinds), "hardship").cells, [true, true, false].map(Cell::Flag));
    let marks = "学号,数学\n1,70\n2,75\n3,80\n4,66\n5,64\n6,见习生\n";
    assert_eq!(asked(marks), ["mark_in_words"]);
    assert_eq!(column(&good(marks), "score:math").cells[5], Cell::Absent);
    // What may be a slip of the hand is refused as ever.
    for slip in ["8O", "九十", "85。5", "8月5日"] {
        assert!(csv(&marks.replace("见习生", slip)).is_err(), "{slip}");
    }
}

#[test]
fn words_for_no_mark_in_many_shapes() {
    for word in [
        "缺考(0)",
        "缺考（病）",
        "0(缺)",
        "病假3天",
        "请假一周",
        "因病缺考",
        "因事请假",
        "休",
        "病",
        "未参考",
        "延考",
        "补考",
        "X",
        "nan",
        "No Submission",
    ] {
        let roster = good(&format!("学号,数学\n1,70\n2,{word}\n3,80\n"));
        assert_eq!(column(&roster, "score:math").cells[1], Cell::Absent, "{word}");
        assert_eq!(notice(&roster, "score_absent").place, "line 3 (B3)", "{word}");
    }
}

#[test]
fn ids_scales_and_percentages_as_programs_write_them() {
    assert_eq!(ids(&good("学号,数学\n101.0,70\n102.0,80\n")), ["101", "102"]);
    let grades = good("id,Science\n1,A*\n2,A\n3,B\n4,U\n");
    assert_eq!(numbers(&grades, "score:science"), [4.0, 3.0, 2.0, 1.0].map(Some));
    for grades in ["A等 B等 C等 D等", "优 良 达标 待达标", "一等 二等 三等 四等"] {
        let rows: String = (1..).zip(grades.split(' ')).map(|(s, grade)| format!("{s},{grade}\n")).collect();
        assert_eq!(numbers(&good(&format!("学号,科学\n{rows}")), "score:science"), [4.0, 3.0, 2.0, 1.0].map(Some));
    }
    let rows: String = (0..9).map(|s| format!("{s},70,{}\n", ["火", "木", "土"][s % 3])).collect();
    let unknown = good(&format!("学号,数学,科学\n{rows}"));
    assert_eq!(unknown.doubts.iter().map(|doubt| doubt.code).collect::<Vec<_>>(), ["grades_unknown"]);
    let mixed = good("id,Science\n1,84 %\n2,40\n3,56\n4,77%\n5,90\n");
    assert_eq!(numbers(&mixed, "score:science"), [84.0, 40.0, 56.0, 77.0, 90.0].map(Some));
    assert_eq!(notice(&mixed, "percent").place, "lines 2, 5 (B2, B5)");
}

#[test]
fn a_column_without_values_decides_nothing() {
    let roster = good("学号,语文,数学\n1,,70\n2,,80\n");
    assert_eq!(fields(&roster), ["id", "other", "score:math"]);
    assert_eq!(notice(&roster, "column_empty").place, "B");
}

#[test]
fn remarks_that_name_a_flag_are_told_and_read_where_the_user_says_so() {
    let list = "学号,数学,备注\n1,80,留守儿童，父母在外\n2,70,班长\n3,60,非留守\n4,50,\n5,40,学习困难\n";
    let roster = good(list);
    let told = notice(&roster, "flag_in_remarks");
    assert_eq!(told.place, "line 2 (C2)");
    assert!(told.message.zh.contains("有 1 人写着“留守”"), "{}", told.message.zh);
    // 困难 alone is no hardship.
    assert_eq!(roster.notices.iter().filter(|notice| notice.code == "flag_in_remarks").count(), 1);

    let roster = named(list, &["left_behind=备注"]).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(column(&roster, "left_behind").cells, [true, false, false, false, false].map(Cell::Flag));
    assert_eq!(notice(&roster, "flag_from_remarks").place, "line 2 (C2)");
    assert!(roster.notices.iter().all(|notice| notice.code != "flag_in_remarks"), "{:?}", roster.notices);

    // Plain answers stay what they are, and what is denied is denied; clauses are judged each for itself.
    let mixed = "学号,数学,情况\n1,80,是\n2,70,父母外出，留守\n3,60,不属于留守\n4,50,父母无，留守\n5,40,否\n";
    let roster = named(mixed, &["left_behind=情况"]).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(column(&roster, "left_behind").cells, [true, true, false, true, false].map(Cell::Flag));
    let poor = good("学号,数学,备注\n1,80,没有申请低保\n2,70,建档立卡\n");
    let told = notice(&poor, "flag_in_remarks");
    assert_eq!(told.place, "line 3 (C3)");
    assert!(
        told.message.zh.contains("写着“建档立卡”") && told.message.zh.contains("改读作“困难”"),
        "{}",
        told.message.zh
    );
    // Without such a word a column of yes and no is read as strictly as ever.
    let faults = named("学号,数学,情况\n1,80,是\n2,70,班长\n", &["left_behind=情况"]).expect_err("refused");
    assert!(faults.to_string().contains("bad_flag"), "{faults}");

    // Who has a column for it has no need of remarks.
    let both = good("学号,留守,备注\n1,是,留守\n2,否,\n");
    assert!(both.notices.iter().all(|notice| notice.code != "flag_in_remarks"), "{:?}", both.notices);
}
