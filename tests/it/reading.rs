//! Reading of lists that are fine: formats, encodings, headers, odd cells; one assertion for each promised fact.

use crate::lists::{
    column, csv, fields, good, good_xlsx, ids, named, notice, numbers, ods, ods_number, ods_text, raw_sheet, read_as,
    texts, write_rows,
};
use encoding_rs::GB18030;
use fenzu::roster::{Cell, Limits, Override, Reading, Roster, read, read_file};
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook};
use std::path::PathBuf;

fn shared(file: &str) -> Option<Vec<u8>> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(file);
    let bytes = std::fs::read(path).ok();
    if bytes.is_none() {
        println!("skipped: ../shared/data/{file} is absent");
    }
    bytes
}

fn shared_roster(file: &str) -> Option<Roster> {
    shared(file).map(|bytes| read_as(file, &bytes).unwrap_or_else(|faults| panic!("{faults}")))
}

#[test]
fn three_files_of_one_class_hold_the_same_students() {
    let files = ["class50.csv", "class50_gb18030.csv", "class50_messy.xlsx"].map(shared_roster);
    let [Some(clean), Some(gb), Some(messy)] = files else { return };
    for other in [&gb, &messy] {
        assert_eq!(other.students.len(), 50);
        assert_eq!(ids(other), ids(&clean));
        let names = |roster: &Roster| roster.students.iter().map(|s| s.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(other), names(&clean));
        for same in ["gender", "left_behind", "boarding"] {
            assert_eq!(column(other, same).cells, column(&clean, same).cells, "{same}");
        }
        let tiers: Vec<&str> = texts(&clean, "tier");
        let labels = |tier: &&str| match *tier {
            "top" => vec!["优"],
            "middle" => vec!["中"],
            _ => vec!["待进"],
        };
        let told: Vec<&str> = texts(other, "tier");
        assert!(tiers.iter().zip(told).all(|(tier, label)| labels(tier).contains(&label)));
    }
    assert_eq!(numbers(&gb, "score:math"), numbers(&clean, "score:math"));
    for subject in ["score:chinese", "score:math", "score:english"] {
        let pairs = numbers(&messy, subject).into_iter().zip(numbers(&clean, subject));
        assert!(pairs.filter(|(messy, _)| messy.is_some()).all(|(messy, clean)| messy == clean));
    }
    assert_eq!(column(&messy, "score:math").cells[5], Cell::Absent);
    assert_eq!(column(&messy, "score:english").cells[15], Cell::Empty);
    assert_eq!(notice(&messy, "score_absent").place, "七（3）班!G10");
    assert_eq!(notice(&messy, "score_missing").place, "七（3）班!H20");
    assert_eq!(notice(&messy, "formula_not_computed").place, "七（3）班!I5:I54");
    assert_eq!(notice(&messy, "titles_skipped").place, "七（3）班!1:2");
    assert_eq!(notice(&messy, "statistics_skipped").place, "七（3）班!55");
    assert_eq!(notice(&messy, "notes_skipped").place, "七（3）班!56");
    assert_eq!(notice(&messy, "class_merged").place, "七（3）班!E5:E54");
    assert_eq!(notice(&messy, "sheet_skipped").place, "Sheet2");
    assert!(messy.students.iter().all(|student| student.class == "七（3）班"));
    assert_eq!(messy.place(5, messy.columns.iter().position(|c| c.index == 6)), "class50_messy.xlsx 七（3）班!G10");
}

#[test]
fn uci_list_reads_what_is_known_and_what_is_named() {
    let Some(bytes) = shared("uci-student-por-a.csv") else { return };
    let plain = read_as("uci.csv", &bytes).expect("a list");
    assert_eq!(plain.students.len(), 249);
    let known: Vec<String> = fields(&plain).into_iter().filter(|field| field != "other").collect();
    assert_eq!(known, ["gender"]);
    assert_eq!(ids(&plain)[..3], ["1", "2", "3"]);
    assert_eq!(notice(&plain, "id_row_numbers").place, "");
    let options =
        ["score:G1=G1", "score:G2=G2", "score:G3=G3", "category:address=address", "category:schoolsup=schoolsup"];
    let overrides: Vec<Override> = options.iter().map(|o| o.parse().expect("an option")).collect();
    let named =
        read(&bytes, &Reading { file: "uci.csv", overrides: &overrides, ..Reading::default() }).expect("a list");
    assert_eq!(numbers(&named, "score:G3")[0], Some(11.0));
    assert_eq!(texts(&named, "category:address")[0], "U");
    assert_eq!(texts(&named, "category:schoolsup")[0], "yes");
}

const LIST: &str = "学号,姓名,性别,语文,数学\n01,张三,男,85,90\n02,李四,女,78.5,66\n";

#[test]
fn every_encoding_and_separator_reads_the_same() {
    let plain = good(LIST);
    assert_eq!(numbers(&plain, "score:chinese"), [Some(85.0), Some(78.5)]);
    assert_eq!(ids(&plain), ["01", "02"]);
    for separator in [',', '\t', ';'] {
        let text = LIST.replace(',', &separator.to_string());
        for (name, bytes) in encodings(&text) {
            let roster = read_as("list.csv", &bytes).unwrap_or_else(|faults| panic!("{name} {separator:?}: {faults}"));
            assert_eq!((&roster.columns, &roster.students), (&plain.columns, &plain.students), "{name} {separator:?}");
        }
    }
    assert_eq!(
        notice(&read_as("x", &GB18030.encode(LIST).0).expect("a list"), "encoding").message.en,
        "read as GB18030"
    );
}

fn encodings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let wide = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
    let (little, big) = (wide(u16::to_le_bytes), wide(u16::to_be_bytes));
    vec![
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-8 with BOM", marked(b"\xef\xbb\xbf", text.as_bytes())),
        ("UTF-16LE with BOM", marked(b"\xff\xfe", &little)),
        ("UTF-16BE with BOM", marked(b"\xfe\xff", &big)),
        ("UTF-16LE", little),
        ("UTF-16BE", big),
        ("GB18030", GB18030.encode(text).0.into_owned()),
    ]
}

#[test]
fn other_encodings_only_where_the_detector_sees_them() {
    let latin = b"id,name,gender,math\n1,Jos\xe9 Garc\xeda,M,5\n2,Zo\xeb N\xfa\xf1ez,F,7\n3,Andr\xe9 Mu\xf1oz,M,6\n";
    let roster = read_as("list.csv", latin).expect("a list");
    assert_eq!(roster.students[0].name, "José García");
    assert_eq!(notice(&roster, "encoding").message.en, "read as windows-1252");
}

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
    assert_eq!(roster.notices.iter().filter(|n| n.code == "column_carried").count(), 2);
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
fn a_column_without_values_decides_nothing() {
    let roster = good("学号,语文,数学\n1,,70\n2,,80\n");
    assert_eq!(fields(&roster), ["id", "other", "score:math"]);
    assert_eq!(notice(&roster, "column_empty").place, "B");
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
fn sheets_of_one_shape_are_read_together() {
    let mut book = Workbook::new();
    for (name, ids) in [("一班", ["1", "2"]), ("二班", ["1", "3"])] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).expect("a name");
        write_rows(sheet, 0, &[&["学号", "数学"], &[ids[0], "70"], &[ids[1], "80"]]);
    }
    let other = book.add_worksheet();
    other.set_name("英语班").expect("a name");
    write_rows(other, 0, &[&["学号", "英语"], &["9", "60"]]);
    let remarks = book.add_worksheet();
    remarks.set_name("说明").expect("a name");
    write_rows(remarks, 0, &[&["本表由教务处制作"]]);
    let roster = read_as("grade.xlsx", &book.save_to_buffer().expect("a workbook")).expect("a list");
    let students: Vec<(&str, &str)> = roster.students.iter().map(|s| (s.class.as_str(), s.id.as_str())).collect();
    assert_eq!(students, [("一班", "1"), ("一班", "2"), ("二班", "1"), ("二班", "3")]);
    assert_eq!(roster.place(3, Some(1)), "grade.xlsx 二班!B3");
    notice(&roster, "class_from_sheet");
    assert_eq!(notice(&roster, "sheet_differs").place, "英语班");
    assert_eq!(notice(&roster, "sheet_skipped").place, "说明");
}

#[test]
fn the_sheet_that_holds_the_list_is_chosen() {
    let mut book = Workbook::new();
    write_rows(book.add_worksheet(), 0, &[&["填表说明"], &["请先核对学号"]]);
    write_rows(book.add_worksheet(), 0, &[&["学号", "数学"], &["1", "70"]]);
    let hidden = book.add_worksheet();
    write_rows(hidden, 0, &[&["学号", "数学"], &["5", "50"]]);
    hidden.set_hidden(true);
    let roster = read_as("list.xlsx", &book.save_to_buffer().expect("a workbook")).expect("a list");
    assert_eq!((ids(&roster), roster.students[0].row.sheet.as_str()), (vec!["1"], "Sheet2"));
    assert_eq!(notice(&roster, "sheet_hidden").place, "Sheet3");
}

#[test]
fn ods_is_read() {
    let row = |cells: &[String]| format!("<table:table-row>{}</table:table-row>", cells.concat());
    let repeated = "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    let rows = [
        row(&[ods_text("学号"), ods_text("姓名"), ods_text("数学")]),
        row(&[ods_number(20_230_101.0), ods_text("甲"), ods_number(85.5)]),
        row(&[ods_number(20_230_102.0), ods_text("乙"), ods_text("缺考")]),
        repeated.to_owned(),
    ];
    let roster = read_as("list.ods", &ods(&rows.concat())).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(ids(&roster), ["20230101", "20230102"]);
    assert_eq!(column(&roster, "score:math").cells, [Cell::Number(85.5), Cell::Absent]);
    assert_eq!(roster.place(1, Some(2)), "list.ods 名册!C3");
}

/// The file was written once with Python's xlwt: a merged title, a merged class column, numbers as ids, one 缺考.
#[test]
fn xls_is_read() {
    let roster = read_as("list.xls", include_bytes!("data/list.xls")).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(ids(&roster), ["20230101", "20230102", "20230103"]);
    assert_eq!(column(&roster, "score:math").cells, [Cell::Number(85.5), Cell::Absent, Cell::Number(70.0)]);
    assert!(roster.students.iter().all(|student| student.class == "一班"));
    assert_eq!(notice(&roster, "titles_skipped").place, "名册!1");
}

#[test]
fn json_is_read() {
    let students = r#"[{"id": "007", "name": "甲", "math": 85, "boarding": true}, {"id": 20230101, "name": null, "math": 90.5, "boarding": false}]"#;
    for text in [students.to_owned(), format!("{{\"students\": {students}}}"), format!("\u{feff} {students}")] {
        let roster = read_as("list.json", text.as_bytes()).expect("a list");
        assert_eq!(ids(&roster), ["007", "20230101"]);
        assert_eq!(numbers(&roster, "score:math"), [Some(85.0), Some(90.5)]);
        assert_eq!(column(&roster, "boarding").cells, [true, false].map(Cell::Flag));
        assert_eq!(roster.place(1, Some(2)), "list.json C2");
    }
    let sparse = read_as("l", br#"[{"id": 1, "math": 5}, {"math": 6, "id": 2, "notes": "x"}]"#).expect("a list");
    assert_eq!(texts(&sparse, "notes"), ["", "x"]);
}

#[test]
fn short_rows_are_fine_where_only_carried_cells_are_missing() {
    let roster = good("学号,数学,备注,\n1,70\n2,80,好,\n3,90,好,,,\n");
    assert_eq!(texts(&roster, "notes"), ["", "好", "好"]);
}

#[test]
fn text_lines_are_counted_past_blank_lines_and_line_breaks_in_cells() {
    let roster = good("学号,姓名,数学\r\n\r\n1,\"甲\r\n乙\",70\r\n\r\n\r\n2,丙,80\r\n");
    let lines: Vec<Option<usize>> = roster.students.iter().map(|s| s.row.line).collect();
    assert_eq!(lines, [Some(3), Some(7)]);
}

#[test]
fn a_file_is_read_from_its_path() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("list.csv");
    std::fs::write(&path, LIST).expect("a file");
    let roster = read_file(&path, &[], Limits::default()).expect("a list");
    assert_eq!((roster.file.as_str(), roster.sha256.len(), roster.students.len()), ("list.csv", 64, 2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever the class, it reads back the same from every encoding and separator.
    #[test]
    fn written_lists_read_back_the_same(
        rows in prop::collection::vec(("[一-龥]{2,4}", 0u32..=1500, any::<bool>(), any::<bool>(), "[a-z一-龥;,\t\" ]{0,6}"), 1..30),
        separator in prop::sample::select(vec![b',', b'\t', b';']),
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
        writer.write_record(["学号", "姓名", "性别", "数学", "住校", "评语"]).expect("a record");
        for (i, (name, marks, boy, boards, words)) in rows.iter().enumerate() {
            let (boy, boards) = (if *boy { "男" } else { "女" }, if *boards { "是" } else { "否" });
            let marks = format!("{}", f64::from(*marks) / 10.0);
            writer.write_record([&format!("S{i:03}"), name, boy, &marks, boards, words]).expect("a record");
        }
        let text = String::from_utf8(writer.into_inner().expect("bytes")).expect("text");
        for (encoding, bytes) in encodings(&text) {
            let roster = read_as("list.csv", &bytes);
            prop_assert!(roster.is_ok(), "{encoding}: {}", roster.expect_err("refused"));
            let Ok(roster) = roster else { unreachable!() };
            prop_assert_eq!(roster.students.len(), rows.len());
            for (s, (name, marks, boy, boards, words)) in rows.iter().enumerate() {
                prop_assert_eq!(&roster.students[s].name, name);
                prop_assert_eq!(&roster.students[s].id, &format!("S{s:03}"));
                prop_assert_eq!(numbers(&roster, "score:math")[s], Some(f64::from(*marks) / 10.0));
                prop_assert_eq!(texts(&roster, "gender")[s], if *boy { "male" } else { "female" });
                prop_assert_eq!(&column(&roster, "boarding").cells[s], &Cell::Flag(*boards));
                prop_assert_eq!(texts(&roster, "other")[s], words.trim());
            }
        }
    }
}

#[test]
fn large_lists_are_read_in_time() {
    let mut text = String::from("学号,姓名,班级,性别,语文,数学,英语,住校\n");
    for i in 0..100_000 {
        text += &format!("{i:06},张三,{}班,男,85,76.5,93,是\n", i / 50);
    }
    let start = std::time::Instant::now();
    let roster = csv(&text).expect("a list");
    let elapsed = start.elapsed();
    assert_eq!(roster.students.len(), 100_000);
    assert!(elapsed.as_secs_f64() < 2.0, "{elapsed:?}");
    println!("100,000 rows: {elapsed:?}");
    let mut small = String::from("学号,姓名,性别,语文,数学,英语,住校\n");
    for i in 0..50 {
        small += &format!("{i:06},张三,男,85,76.5,93,是\n");
    }
    let start = std::time::Instant::now();
    for _ in 0..100 {
        assert!(csv(&small).is_ok());
    }
    println!("50 rows: {:?}", start.elapsed() / 100);
}
