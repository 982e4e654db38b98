//! Reading of lists that are fine: files, formats, encodings, sheets; one assertion for each promised fact.

use crate::lists::{
    column, csv, fields, good, ids, notice, numbers, ods, ods_number, ods_text, read_as, texts, write_rows,
};
use encoding_rs::GB18030;
use fenzu::roster::{Cell, Limits, Override, Reading, Roster, read, read_file};
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
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
    let wanted = [("一班", "1"), ("一班", "2"), ("二班", "1"), ("二班", "3"), ("英语班", "9")];
    assert_eq!(students, wanted, "a sheet a class, whatever its columns");
    assert_eq!(numbers(&roster, "score:math"), [Some(70.0), Some(80.0), Some(70.0), Some(80.0), None]);
    assert_eq!(numbers(&roster, "score:english"), [None, None, None, None, Some(60.0)]);
    assert_eq!(roster.place(3, Some(1)), "grade.xlsx 二班!B3");
    let english = roster.columns.iter().position(|column| column.header == "英语");
    assert_eq!(roster.place(4, english), "grade.xlsx 英语班!B2", "where the sheet has it");
    notice(&roster, "class_from_sheet");
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
    // Half a second on a quiet machine; what grows with the square of the rows takes minutes.
    assert!(elapsed.as_secs_f64() < 30.0, "{elapsed:?}");
}
