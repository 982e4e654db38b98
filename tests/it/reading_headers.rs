//! Which column is what: header words, two rows of headers, merged cells, classes, columns named by the user.

use crate::lists::{HAN, fields, good, good_xlsx, ids, named, notice, numbers, texts, write_rows};
use rust_xlsxwriter::Format;

#[test]
fn canonical_and_chinese_headers_are_recognised() {
    let canonical = "id,name,class,gender,tier,chinese,math,english,physics,total,rank,left_behind,single_parent,hardship,boarding,key_student,ethnic_group,notes";
    let row = "1,A,c1,M,top,1,2,3,4,10,1,0,1,0,1,0,Han,fine";
    let wanted = "id,name,class,gender,tier,score:chinese,score:math,score:english,score:physics,total,rank,left_behind,single_parent,hardship,boarding,key_student,ethnic_group,notes";
    assert_eq!(fields(&good(&format!("{canonical}\n{row}\n"))).join(","), wanted);
    let chinese = "学号,姓名,班级,性别,层次,语文,数学,英语,物理,总分,名次,留守儿童,单亲,困难,住校,重点学生,民族,备注";
    assert_eq!(fields(&good(&format!("{chinese}\n{row}\n"))).join(","), wanted);
}

#[test]
fn header_words_in_many_forms() {
    let cases = [
        ("学籍号", "id"),
        ("考号", "id"),
        ("准考证号", "id"),
        ("编号", "id"),
        ("Student ID", "id"),
        ("No.", "id"),
        ("ＩＤ", "id"),
        ("姓 名", "name"),
        ("性　别", "gender"),
        ("Sex", "gender"),
        ("班", "class"),
        ("类别", "tier"),
        ("等次", "tier"),
        ("Level", "tier"),
        ("数学成绩", "score:math"),
        ("数学分数", "score:math"),
        ("Math Score", "score:math"),
        ("期中数学", "score:math"),
        ("数学(期末)", "score:math"),
        ("数学（满分150分）", "score:math"),
        ("道德与法治", "score:politics"),
        ("道法", "score:politics"),
        ("思品", "score:politics"),
        ("信息技术", "score:it"),
        ("体育", "score:pe"),
        ("理综", "score:combined_science"),
        ("俄语", "score:russian"),
        ("成绩", "score:score"),
        ("marks", "score:score"),
        ("总成绩", "total"),
        ("期末总分", "total"),
        ("排名", "rank"),
        ("年级排名", "rank"),
        ("是否留守", "left_behind"),
        ("留守", "left_behind"),
        ("建档立卡", "hardship"),
        ("低保", "hardship"),
        ("寄宿", "boarding"),
        ("是否住宿", "boarding"),
        ("控辍保学", "key_student"),
        ("remarks", "notes"),
    ];
    for (header, read_as) in cases {
        let value = if ["left_behind", "hardship", "boarding", "key_student"].contains(&read_as) { "是" } else { "1" };
        let value = if read_as == "gender" { "男" } else { value };
        let roster = good(&format!("{header},英语\n{value},7\n{value}2,8\n").replace("是2", "否").replace("男2", "女"));
        assert_eq!(fields(&roster)[0], read_as, "{header}");
    }
    for header in ["school", "年级", "数学名次", "语文等级", "health", "身份证号", "籍贯"] {
        let roster = good(&format!("{header},英语\n1,7\n2,8\n"));
        assert_eq!(fields(&roster), ["other", "score:english"], "{header}");
        assert_eq!(texts(&roster, "other"), ["1", "2"], "carried");
    }
}

#[test]
fn of_two_columns_for_one_field_the_better_wins() {
    let roster = good("序号,考号,学号,数学\n1,k1,s1,7\n2,k2,s2,8\n");
    assert_eq!(fields(&roster), ["other", "other", "id", "score:math"]);
    assert_eq!(notice(&roster, "column_carried").place, "B, A", "one word for one cause");
    let roster = good("年级排名,班名次,数学\n10,1,7\n20,2,8\n");
    assert_eq!(fields(&roster), ["other", "rank", "score:math"]);
    assert_eq!(notice(&roster, "column_carried").place, "A");
    let roster = good("学号,期中数学,期末数学,数学\n1,70,80,90\n");
    assert_eq!(fields(&roster), ["id", "score:math_midterm", "score:math_final", "score:math"]);
}

#[test]
fn the_row_count_is_an_id_only_if_there_is_no_better_one() {
    let roster = good("序号,姓名,数学\n7,张三,70\n8,李四,80\n");
    assert_eq!(ids(&roster), ["7", "8"]);
    assert_eq!(notice(&roster, "id_from_sequence").place, "A");
}

#[test]
fn without_ids_row_numbers_and_equal_names_are_fine() {
    let roster = good("姓名,数学\n张三,70\n张三,80\n");
    assert_eq!(ids(&roster), ["1", "2"]);
    assert_eq!(roster.students[1].name, "张三");
    notice(&roster, "id_row_numbers");
    assert_eq!(ids(&good("学号,班级,数学\n01,一班,1\n01,二班,2\n")), ["01", "01"], "unique within a class only");
}

#[test]
fn two_row_headers_in_text_tell_exams_apart() {
    let text =
        "七年级成绩册,,,,,,\n学号,姓名,期中,,期末,,备注\n,,语文,数学,语文,数学,\n1,张三,1,2,3,4,好\n2,李四,5,6,7,8,\n";
    let roster = good(text);
    let wanted = [
        "id",
        "name",
        "score:chinese_midterm",
        "score:math_midterm",
        "score:chinese_final",
        "score:math_final",
        "notes",
    ];
    assert_eq!(fields(&roster), wanted);
    let headers: Vec<&str> = roster.columns.iter().map(|column| column.header.as_str()).collect();
    assert_eq!(headers, ["学号", "姓名", "期中 语文", "期中 数学", "期末 语文", "期末 数学", "备注"]);
    assert_eq!(numbers(&roster, "score:math_final"), [Some(4.0), Some(8.0)]);
    assert_eq!(notice(&roster, "titles_skipped").place, "line 1 (1)");
}

#[test]
fn subjects_above_marks_and_ranks() {
    let text = "学号,语文,,数学,,总分,\n,分数,班名次,分数,班名次,分数,班名次\n1,80,2,70,1,150,2\n2,90,1,60,2,150,1\n";
    let roster = good(text);
    assert_eq!(fields(&roster), ["id", "score:chinese", "other", "score:math", "other", "total", "rank"]);
    let text = "学号,成绩,,名次,\n,语文,数学,语文,数学\n1,80,70,1,2\n2,70,80,2,1\n";
    assert_eq!(fields(&good(text)), ["id", "score:chinese", "score:math", "other", "other"]);
}

#[test]
fn merged_headers_and_classes_of_a_sheet() {
    let roster = good_xlsx(|sheet| {
        let format = Format::new();
        sheet.merge_range(0, 0, 0, 5, "育才中学学生名册", &format).expect("title");
        for (c, text) in [(0, "学号"), (1, "姓名"), (2, "班级")] {
            sheet.merge_range(1, c, 2, c, text, &format).expect("head");
        }
        sheet.merge_range(1, 3, 1, 5, "成绩", &format).expect("group");
        write_rows(sheet, 2, &[&["", "", "", "语文", "数学", "英语"]]);
        write_rows(
            sheet,
            3,
            &[
                &["1", "甲", "", "80", "81", "82"],
                &["2", "乙", "", "70", "71", "72"],
                &["3", "丙", "", "60", "61", "62"],
            ],
        );
        sheet.merge_range(3, 2, 4, 2, "一班", &format).expect("class");
        sheet.write_string(5, 2, "二班").expect("class");
    });
    assert_eq!(fields(&roster), ["id", "name", "class", "score:chinese", "score:math", "score:english"]);
    assert_eq!(roster.columns[4].header, "成绩 数学");
    assert_eq!(roster.students.iter().map(|s| s.class.as_str()).collect::<Vec<_>>(), ["一班", "一班", "二班"]);
    assert_eq!(roster.classes(), ["一班", "二班"]);
    assert_eq!(roster.students[2].row.row, 6);
}

#[test]
fn a_blank_class_is_filled_from_above_and_told() {
    let roster = good("班级,学号,数学\n一班,1,7\n,2,8\n,3,9\n二班,1,7\n");
    assert_eq!(roster.students.iter().map(|s| s.class.as_str()).collect::<Vec<_>>(), ["一班", "一班", "一班", "二班"]);
    assert_eq!(notice(&roster, "class_filled").place, "lines 3-4 (A3:A4)");
    let roster = good("班级,学号,数学\n七（3）班,1,7\n七(3)班,2,8\n");
    assert_eq!(roster.classes(), ["七（3）班"]);
    assert_eq!(notice(&roster, "spelling").place, "line 3 (A3)");
}

#[test]
fn overrides_take_the_place_of_recognised_columns() {
    let text = "学号,考号,数学,期末,区域\n1,k1,70,80,东\n2,k2,75,85,西\n";
    let roster = named(text, &["id=考号", "score:math=期末", "category:area=区域"]).expect("a list");
    assert_eq!(fields(&roster), ["other", "id", "other", "score:math", "category:area"]);
    assert_eq!(ids(&roster), ["k1", "k2"]);
    assert_eq!(numbers(&roster, "score:math"), [Some(80.0), Some(85.0)]);
    let two_rows = "学号,期中,,期末,\n,语文,数学,语文,数学\n1,1,2,3,4\n";
    let roster = named(two_rows, &["score:m=期末 数学"]).expect("a list");
    assert_eq!(numbers(&roster, "score:m"), [Some(4.0)]);
    let carried = named(text, &["other=数学", "score:x=期末"]).expect("a list");
    assert_eq!(fields(&carried)[2], "other");
}

#[test]
fn overrides_help_to_find_the_header() {
    let text = "姓名表,班级\n甲乙,丙丁\n号码,得分一,地址\na,1,x\nb,2,y\n";
    let roster = named(text, &["id=号码", "score:one=得分一"]).expect("a list");
    assert_eq!(ids(&roster), ["a", "b"]);
    assert_eq!(notice(&roster, "titles_skipped").place, "lines 1-2 (1:2)");
}

#[test]
fn names_without_a_header_are_found() {
    let list = |head: &str, names: &[&str], more: &str| {
        let row = |(i, name): (usize, &&str)| format!("{name},{},{}{more}\n", 60 + i, 90 - i);
        good(&format!("{head}\n{}", names.iter().enumerate().map(row).collect::<String>()))
    };
    let english = ["Nora Abbott", "Leo Barros", "Mina Cho", "Jonas Dietz"];
    for (head, names) in [(",语文,数学", &HAN[..]), ("科目,语文,数学", &HAN[..]), (",Maths,English", &english[..])]
    {
        let roster = list(head, names, "");
        assert_eq!(texts(&roster, "name"), names, "{head}");
        assert!(roster.doubts.is_empty(), "{head}: {:?}", roster.doubts);
        assert_eq!(notice(&roster, "name_from_contents").place, "A");
    }
    // The same table turned.
    let across = |row: fn(usize) -> String| (0..HAN.len()).map(row).collect::<Vec<_>>().join(",");
    let turned = format!(
        ",{}\n语文,{}\n数学,{}\n",
        HAN.join(","),
        across(|i| (60 + i).to_string()),
        across(|i| (90 - i).to_string())
    );
    assert_eq!(texts(&good(&turned), "name"), HAN);
    // Single words may be names: asked about, and taken back by the answer.
    let words = ["Nora", "Leo", "Mina", "Jonas"];
    let roster = list(",Maths,English", &words, "");
    assert_eq!((texts(&roster, "name"), roster.doubts[0].code), (words.to_vec(), "name_unheaded"));
    let says: Vec<&str> = roster.doubts[0].answers[1].says.iter().map(String::as_str).collect();
    let denied = named(",Maths,English\nNora,1,2\nLeo,3,4\nMina,5,6\n", &says).expect("a list");
    assert!(denied.doubts.is_empty() && denied.students.iter().all(|student| student.name.is_empty()));
    // Subjects, and what most share, are no names; nor is what stands beside a column of names.
    assert!(list(",Maths,English", &["甲组", "甲组", "乙组", "乙组"], "").students[0].name.is_empty());
    let named = list("姓名,语文,数学,", &HAN, ",北京");
    assert_eq!((texts(&named, "name"), named.doubts.len()), (HAN.to_vec(), 0));
}
