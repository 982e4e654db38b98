//! Reading of lists that are refused: each bad input with its code and place, quickly and in little memory.

use crate::in_time::within;
use crate::lists::{csv, fault, named, ods, ods_number, ods_text, raw_sheet, read_as, write_rows, xlsx, zipped};
use fenzu::roster::{Limits, Override, Reading, Roster, read, read_file};
use fenzu::{fault::Faults, words::Lang};
use std::io::{Cursor, Write};
use std::time::Duration;
use zip::write::SimpleFileOptions;

const SHORT: Duration = Duration::from_secs(2);

#[test]
fn files_that_hold_no_list() {
    fault(read_as("a.csv", b""), "empty_file", "a.csv");
    fault(read_as("a.csv", b" \r\n\t\n"), "empty_file", "a.csv");
    fault(read_as("a.csv", "\u{feff}\n".as_bytes()), "empty_file", "a.csv");
    let only_header = fault(csv("学号,姓名,数学\n"), "no_students", "list.csv");
    assert!(only_header.found.en.contains("学号, 姓名, 数学"));
    fault(csv("学号,姓名,数学\n,平均分,80\n"), "no_students", "list.csv");
    fault(read_as("a.xls", b"<html><table><tr><td></td></tr></table></html>"), "not_a_list", "a.xls");
    fault(read_as("a.csv", b"%PDF-1.7 text"), "not_a_list", "a.csv");
    fault(read_as("a.xlsx", &xlsx(|_| ())), "no_students", "a.xlsx");
}

#[test]
fn paths_that_cannot_be_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("none.csv");
    let place = missing.to_string_lossy().into_owned();
    fault(read_file(&missing, &[], Limits::default()), "unreadable_file", &place);
    fault(read_file(folder.path(), &[], Limits::default()), "unreadable_file", &folder.path().to_string_lossy());
    let long = folder.path().join("long.csv");
    std::fs::File::create(&long).and_then(|file| file.set_len(1 << 40)).expect("a sparse file");
    let refused = within(SHORT, || read_file(&long, &[], Limits::default()));
    fault(refused, "file_too_long", &long.to_string_lossy());
}

#[test]
fn nothing_to_balance_lists_the_headers_and_an_example() {
    let told = fault(csv("地址,爱好\n东,书\n西,画\n"), "nothing_to_balance", "list.csv");
    assert!(told.found.zh.contains("地址, 爱好"));
    assert!(told.action.en.ends_with("balance one as it is (`--column category:地址=地址`)"), "{told:?}");
    assert!(!told.sentence(Lang::En).contains("--column"));
    assert!(told.line(Lang::Zh).contains("--column"));
    fault(csv("学号,姓名,数学\n1,甲,\n2,乙,缺考\n"), "nothing_to_balance", "list.csv");
}

#[test]
fn ids_missing_twice_or_damaged() {
    let told = fault(csv("学号,数学\nS001,1\nS002,2\nS001,3\n"), "duplicate_id", "list.csv line 4 (A4)");
    assert!(told.found.en.contains("S001") && told.found.en.contains("line 2 (A2)"), "{told:?}");
    fault(csv("学号,班级,数学\n1,一班,1\n1,一班,2\n"), "duplicate_id", "list.csv line 3 (A3)");
    fault(csv("学号,姓名,数学\n1,甲,1\n,乙,2\n"), "id_missing", "list.csv line 3 (A3)");
    let long = xlsx(|sheet| write_rows(sheet, 0, &[&["学号", "数学"], &["430102201501011234", "80"]]));
    fault(read_as("a.xlsx", &long), "id_digits_lost", "a.xlsx Sheet1!A2");
    fault(csv("班级,学号,数学\n,1,1\n一班,2,2\n"), "class_missing", "list.csv line 2 (A2)");
}

#[test]
fn marks_that_are_no_marks() {
    for bad in
        ["九十", "1e999", "inf", "-5", "10001", "85%", "85 90", "八5", "85,5,1", "A", "1/2", "85。5", "--5", "#DIV/0!"]
    {
        let told = fault(csv(&format!("学号,数学\n1,70\n2,\"{bad}\"\n")), "bad_score", "list.csv line 3 (B3)");
        assert!(told.found.en.contains(bad), "{told:?}");
    }
    fault(csv("学号,数学,名次\n1,70,0\n"), "bad_rank", "list.csv line 2 (C2)");
    fault(csv("学号,数学,总分\n1,70,很多\n"), "bad_total", "list.csv line 2 (C2)");
    let date = xlsx(|sheet| {
        write_rows(sheet, 0, &[&["学号", "数学"], &["1", "70"], &["2", ""]]);
        let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_number_with_format(2, 1, 46000.0, &format).expect("a date");
    });
    let told = fault(read_as("a.xlsx", &date), "bad_score", "a.xlsx Sheet1!B3");
    assert!(told.found.en.contains("date 2025-12-09"), "{told:?}");
}

#[test]
fn flags_and_genders_that_cannot_be_read() {
    fault(csv("学号,住校\n1,是\n2,也许\n"), "bad_flag", "list.csv line 3 (B3)");
    let told = fault(csv("学号,性别\n1,男\n2,2\n3,1\n"), "bad_gender", "list.csv line 3 (B3)");
    assert!(told.action.en.contains("not guessed") && told.found.en.contains("2 cells"), "one message: {told:?}");
}

#[test]
fn all_faults_come_at_once_each_cause_once() {
    let faults = csv("学号,性别,数学\n1,q,九十\n1,男,70\n").expect_err("refused").0;
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["bad_gender", "bad_score", "duplicate_id"]);
    let rows: String = (0..80).map(|i| format!("{i},九十\n")).collect();
    let faults = csv(&format!("学号,数学\n{rows}")).expect_err("refused").0;
    assert_eq!(faults.len(), 1, "one message a cause, not one a cell");
    assert!(faults[0].found.en.contains("80 cells in “数学”"), "{:?}", faults[0]);
}

#[test]
fn text_that_is_no_list_of_rows() {
    fault(read_as("a.csv", b"id,math\n1,7\x000\n"), "nul_byte", "a.csv line 2");
    fault(read_as("a.csv", b"id,math\n1,\x017\n"), "not_text", "a.csv line 2");
    fault(csv("学号,姓名,数学\n1,甲,70\n2,乙,80,多余\n"), "ragged_row", "list.csv line 3 (3)");
    fault(csv("学号,姓名,数学\n1,甲,70\n2,80\n"), "ragged_row", "list.csv line 3 (3)");
    let long = format!("学号,数学\n1,{}\n", "7".repeat(20 << 20));
    fault(within(SHORT, || csv(&long)), "line_too_long", "list.csv line 2");
    let wide = format!("学号,数学{}\n1,2\n", ",x".repeat(1000));
    fault(csv(&wide), "too_many_columns", "list.csv line 1");
    let limits = Limits { text_rows: 10, ..Limits::default() };
    let rows: String = (0..11).map(|i| format!("{i},1\n")).collect();
    let text = format!("学号,数学\n{rows}");
    fault(read(text.as_bytes(), &Reading { file: "a.csv", overrides: &[], limits }), "too_many_rows", "a.csv");
    let cut = ["学号,姓名,数学\n1,甲,70\n2,".as_bytes(), b"\xe5\xbc,80\n"].concat();
    fault(read_as("a.csv", &cut), "encoding", "a.csv line 3");
}

#[test]
fn damaged_workbooks() {
    let noise: Vec<u8> = (0..4096u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    fault(read_as("a.xlsx", &noise), "damaged_workbook", "a.xlsx");
    let good = xlsx(|sheet| write_rows(sheet, 0, &[&["学号", "数学"], &["1", "70"]]));
    for part in [good.len() / 3, good.len() / 2, good.len() - 10] {
        fault(read_as("a.xlsx", &good[..part]), "damaged_workbook", "a.xlsx");
    }
    fault(read_as("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and then nothing"), "damaged_workbook", "a.xls");
    let locked = [&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], &[0; 600], b"E\0n\0c\0r\0y\0p\0t\0e\0d\0"].concat();
    fault(read_as("a.xlsx", &locked), "locked_workbook", "a.xlsx");
    fault(read_as("a.xlsx", &zipped(&[("photo.txt", "x")])), "not_a_workbook", "a.xlsx");
    fault(read_as("a.ods", &zipped(&[("content.xml", "<a><b>")])), "damaged_workbook", "a.ods");
}

/// The peak resident memory of this process so far, in MiB.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? >> 10)
}

#[test]
fn a_sheet_that_unpacks_to_half_a_gigabyte() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("[Content_Types].xml", SimpleFileOptions::default()).expect("an entry");
    zip.write_all(b"<Types/>").expect("bytes");
    zip.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).expect("an entry");
    let block = vec![b' '; 1 << 20];
    for _ in 0..512 {
        zip.write_all(&block).expect("bytes");
    }
    let bytes = zip.finish().expect("a zip").into_inner();
    assert!(bytes.len() < 1 << 20, "small while packed");
    let before = peak_memory();
    fault(within(SHORT, || read_as("a.xlsx", &bytes)), "unpacks_too_large", "a.xlsx");
    if let (Some(before), Some(after)) = (before, peak_memory()) {
        assert!(after - before < 300, "{before} MiB to {after} MiB");
    }
}

fn with_sheet(dimension: &str, rows: &str) -> Result<Roster, Faults> {
    let bytes = raw_sheet(dimension, rows);
    within(SHORT, || read_as("a.xlsx", &bytes))
}

const ROWS: &str = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>学号</v></c><c r=\"B1\" t=\"str\"><v>数学</v></c></row>\
                    <row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\"><v>70</v></c></row>";

#[test]
fn a_declared_dimension_is_not_trusted() {
    let roster = with_sheet("A1:XFD1048576", ROWS).expect("a list");
    assert_eq!(roster.students.len(), 1);
    let lone = format!("{ROWS}<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>");
    fault(with_sheet("A1:B2", &lone), "too_many_columns", "a.xlsx Sheet1!XFD1048576");
    let low = format!("{ROWS}<row r=\"1048576\"><c r=\"A1048576\"><v>2</v></c><c r=\"B1048576\"><v>3</v></c></row>");
    assert_eq!(with_sheet("A1:B2", &low).expect("a list").students[1].row.row, 1_048_576);
}

#[test]
fn repeated_cells_of_an_ods_are_not_spread_out() {
    let head = format!("<table:table-row>{}{}</table:table-row>", ods_text("学号"), ods_text("数学"));
    let wide = "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"1\" table:number-columns-repeated=\"16384\"/></table:table-row>";
    fault(within(SHORT, || read_as("a.ods", &ods(&format!("{head}{wide}")))), "too_many_columns", "a.ods 名册!ALM2");
    let long = format!("<table:table-row table:number-rows-repeated=\"1000000\">{}</table:table-row>", ods_number(1.0));
    fault(within(SHORT, || read_as("a.ods", &ods(&format!("{head}{long}")))), "too_many_rows", "a.ods");
}

/// A dimensions record that declares all of 2³² rows once made the reader ask for hundreds of gigabytes.
#[test]
fn declared_dimensions_of_an_xls_are_not_trusted() {
    let mut bytes = include_bytes!("data/list.xls").to_vec();
    let record = [0x00, 0x02, 0x0e, 0x00]; // kind 0x0200, 14 bytes
    let at = bytes.windows(4).position(|window| window == record).expect("a dimensions record") + 4;
    bytes[at + 4..at + 8].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(within(SHORT, || read_as("a.xls", &bytes)).expect("a list").students.len(), 3);
    // The last mark moved to the far corner of the sheet: an area of 16 million cells.
    let number = |window: &[u8]| window == [0x03, 0x02, 0x0e, 0x00] || window == [0x7e, 0x02, 0x0a, 0x00]; // NUMBER, RK
    let at = bytes.windows(4).rposition(number).expect("a number") + 4;
    bytes[at..at + 4].copy_from_slice(&[0xff, 0xff, 0xff, 0x00]);
    fault(within(SHORT, || read_as("a.xls", &bytes)), "too_many_cells", "a.xls");
}

#[test]
fn json_of_another_shape() {
    fault(read_as("a.json", b"[{\"id\": 1, \"id\": 2}]"), "json_shape", "a.json A1");
    fault(read_as("a.json", b"[{\"id\": 1, \"math\": [1, 2]}]"), "json_shape", "a.json B1");
    fault(read_as("a.json", b"[{\"id\": 1, \"math\": {\"a\": 1}}]"), "json_shape", "a.json B1");
    fault(read_as("a.json", b"{\"students\": [], \"more\": 1}"), "json_shape", "a.json 1");
    fault(read_as("a.json", b"{}"), "json_syntax", "a.json line 1");
    fault(read_as("a.json", b"[{\"id\": 1, \"math\": 1e999}]"), "json_syntax", "a.json line 1");
    fault(read_as("a.json", b"[\n{\"id\": 1,\n \"math\": NaN}]"), "json_syntax", "a.json line 3");
    fault(read_as("a.json", b"[1, 2]"), "json_syntax", "a.json line 1");
    fault(read_as("a.json", "[".repeat(100_000).as_bytes()), "json_syntax", "a.json line 1");
    fault(read_as("a.json", b"[]"), "no_students", "a.json");
    fault(read_as("a.json", r#"[{"id": 1, "数学": "九十"}]"#.as_bytes()), "bad_score", "a.json B1");
}

#[test]
fn column_options_that_fit_no_list() {
    let text = "学号,姓名,数学\n1,甲,70\n";
    let told = fault(named(text, &["score:math=数 学成"]), "unknown_header", "list.csv");
    assert!(told.expected.en.contains("学号, 姓名, 数学") && told.action.en.contains("“数学”"), "{told:?}");
    fault(named(text, &["id=学号", "id=姓名"]), "field_named_twice", "list.csv");
    fault(named(text, &["id=学号", "name=学号"]), "column_named_twice", "list.csv");
    let twins = "学号,期中,,期末,\n,语文,数学,语文,数学\n1,1,2,3,4\n";
    fault(named(twins, &["score:x=数学"]), "ambiguous_header", "list.csv");
    fault(named("学号,数学,英语\n1,2,\n2,3,\n", &["score:english=英语"]), "column_empty", "list.csv C");
    for option in ["math=数学", "score:math", "score:=数学", "=数学", "score:math="] {
        let faults = option.parse::<Override>().expect_err("no option");
        assert_eq!(faults.0[0].code, "bad_column_option", "{option}");
    }
}
