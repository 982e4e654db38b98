//! Fuzz targets of every parser of lists: whatever comes in, no panic, no endless work, and a roster that is whole.
//!
//! A plain `cargo test` spends the default below on each; `BOLERO_RANDOM_TEST_TIME_MS` sets another time.

use crate::lists::{ods, ods_text, write_rows, xlsx};
use bolero::{check, generator::produce};
use fenzu::fault::Faults;
use fenzu::roster::{Cell, Field, Limits, Override, Reading, Roster, read};
use std::io::{Cursor, Read, Write};
use std::time::Duration;
use zip::write::SimpleFileOptions;

fn time() -> Duration {
    let set = std::env::var("BOLERO_RANDOM_TEST_TIME_MS").ok().and_then(|ms| ms.parse().ok());
    Duration::from_millis(set.unwrap_or(2000))
}

fn limits() -> Limits {
    Limits { unpacked_bytes: 4 << 20, sheet_rows: 2000, sheet_cells: 50_000, text_rows: 2000, ..Limits::default() }
}

fn read_any(bytes: &[u8]) {
    let overrides = [Override::Column { field: Field::Score("x".to_owned()), header: "x".to_owned() }];
    for overrides in [&[][..], &overrides] {
        is_whole(&read(bytes, &Reading { file: "f", overrides, limits: limits() }));
    }
}

fn is_whole(result: &Result<Roster, Faults>) {
    let roster = match result {
        Ok(roster) => roster,
        Err(faults) => return assert!(!faults.0.is_empty() && faults.0.len() <= 51),
    };
    assert!(!roster.students.is_empty());
    let mut ids = std::collections::HashSet::new();
    for student in &roster.students {
        assert!(!student.id.is_empty() && ids.insert((&student.class, &student.id)), "{student:?}");
    }
    for column in &roster.columns {
        assert_eq!(column.cells.len(), roster.students.len());
        for cell in &column.cells {
            let fits = match column.field {
                Field::Score(_) => {
                    matches!(cell, Cell::Empty | Cell::Absent)
                        || cell.number().is_some_and(|x| (0.0..=1e4).contains(&x))
                }
                Field::Total => matches!(cell, Cell::Empty | Cell::Absent) || cell.number().is_some_and(f64::is_finite),
                Field::Rank => matches!(cell, Cell::Empty | Cell::Absent) || cell.number().is_some_and(|x| x > 0.0),
                Field::Flag(_) => matches!(cell, Cell::Flag(_) | Cell::Empty),
                _ => matches!(cell, Cell::Text(_) | Cell::Empty),
            };
            assert!(fits, "{:?} holds {cell:?}", column.field);
        }
    }
}

#[test]
fn any_text() {
    check!().with_test_time(time()).for_each(|bytes: &[u8]| {
        read_any(bytes);
        read_any(&[b"id,name,math,boarding\n", bytes].concat());
    });
}

/// Pieces of real lists in any order: reaches far more than bytes do.
#[test]
fn any_pieces_of_text() {
    const PIECES: [&str; 44] = [
        "学号",
        "姓名",
        "班级",
        "性别",
        "成绩",
        "期中",
        "期末",
        "语文",
        "数学",
        "总分",
        "名次",
        "层次",
        "住校",
        "备注",
        ",",
        ",",
        ",",
        ",",
        "\n",
        "\n",
        "\n",
        "\t",
        ";",
        "\"",
        "1",
        "2",
        "85",
        "８５",
        "85分",
        "缺考",
        "九十",
        "男",
        "女",
        "是",
        "否",
        "√",
        "平均分",
        "备注：",
        "x",
        " ",
        "\u{3000}",
        "1e999",
        "\r",
        "-",
    ];
    check!().with_test_time(time()).with_generator(produce::<Vec<u8>>().with().len(0usize..200)).for_each(|picks| {
        let text: String = picks.iter().map(|&pick| PIECES[usize::from(pick) % PIECES.len()]).collect();
        read_any(text.as_bytes());
        let (wide, _, _) = encoding_rs::GB18030.encode(&text);
        read_any(&wide);
        read_any(&text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    });
}

#[test]
fn any_json() {
    const PIECES: [&str; 24] = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"id\"",
        "\"数学\"",
        "\"students\"",
        "\"班级\"",
        "1",
        "85",
        "-1",
        "1e999",
        "null",
        "true",
        "\"九十\"",
        "\"\"",
        "[{\"id\":1,\"math\":2}",
        "{\"id\":\"a\",\"math\":90}",
        "\\",
        "\"",
        " ",
        "\n",
    ];
    check!().with_test_time(time()).with_generator(produce::<Vec<u8>>().with().len(0usize..80)).for_each(|picks| {
        let text: String = picks.iter().map(|&pick| PIECES[usize::from(pick) % PIECES.len()]).collect();
        read_any(text.as_bytes());
        read_any(format!("[{{{text}}}]").as_bytes());
    });
}

/// Every kind of field with any text in its cells.
#[test]
fn any_cell() {
    check!().with_test_time(time()).with_type::<(String, u64)>().for_each(|(text, bits)| {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let head = ["学号", "姓名", "班级", "性别", "层次", "数学", "总分", "名次", "住校", "民族", "备注", "其他"];
        writer.write_record(head).expect("a record");
        let number = f64::from_bits(*bits).to_string();
        for cell in [text.as_str(), "1", &number] {
            writer.write_record(head.map(|_| cell)).expect("a record");
        }
        let mut plain = head.map(|_| "1");
        plain[3] = "男";
        for column in 0..head.len() {
            let mut row = plain;
            row[column] = text;
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(head).expect("a record");
            writer.write_record(plain.map(|cell| if cell == "1" { "2" } else { cell })).expect("a record");
            writer.write_record(row).expect("a record");
            read_any(&writer.into_inner().expect("bytes"));
        }
        read_any(&writer.into_inner().expect("bytes"));
    });
}

#[test]
fn any_zip_or_workbook_bytes() {
    let seed = xlsx(|sheet| write_rows(sheet, 0, &[&["学号", "数学"], &["1", "70"], &["2", "80"]]));
    check!().with_test_time(time()).with_type::<(Vec<u8>, Vec<(u16, u8)>)>().for_each(|(bytes, changes)| {
        read_any(&[b"PK\x03\x04", bytes.as_slice()].concat());
        read_any(&[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes.as_slice()].concat());
        for seed in [seed.as_slice(), include_bytes!("data/list.xls")] {
            let mut damaged = seed.to_vec();
            for (at, byte) in changes {
                let at = usize::from(*at) % damaged.len();
                damaged[at] = *byte;
            }
            read_any(&damaged);
        }
    });
}

/// A sound zip whose XML is damaged: what the readers behind the zip see.
#[test]
fn any_workbook_xml() {
    let row = format!("<table:table-row>{}{}</table:table-row>", ods_text("学号"), ods_text("85"));
    let seeds = [
        entries(&xlsx(|sheet| {
            write_rows(sheet, 0, &[&["学号", "数学"], &["1", "70"], &["2", "80"]]);
            sheet.merge_range(4, 0, 5, 0, "x", &rust_xlsxwriter::Format::new()).expect("a merge");
        })),
        entries(&ods(&row.repeat(3))),
    ];
    check!().with_test_time(time()).with_type::<(bool, u8, Vec<(u16, u8, u8)>)>().for_each(|(first, part, changes)| {
        let mut entries = seeds[usize::from(*first)].clone();
        let part = usize::from(*part) % entries.len();
        for (at, kind, byte) in changes {
            let content = &mut entries[part].1;
            let at = usize::from(*at) % (content.len() + 1);
            match kind % 4 {
                0 => content.truncate(at),
                1 => content.insert(at, b"<>/\"=0194&;rcA"[usize::from(*byte) % 14]),
                2 if at < content.len() => content[at] = b"<>/\"=0194&;rcA"[usize::from(*byte) % 14],
                _ => drop(content.drain(at..(at + usize::from(*byte)).min(content.len()))),
            }
        }
        read_any(&zip_of(&entries));
    });
}

/// Pieces of pages and of XML Spreadsheets in any order: nested, unclosed, spanning, hidden, struck.
#[test]
fn any_pieces_of_markup() {
    const PAGE: [&str; 24] = [
        "<table>",
        "</table>",
        "<tr>",
        "</tr>",
        "<td>",
        "</td>",
        "<td colspan=3>",
        "<td rowspan=2>",
        "<th x:num='7'>",
        "<td rowspan=0 colspan=99999>",
        "<tr style='display:none'>",
        "<col span=9 hidden>",
        "<s>",
        "</s>",
        "<br>",
        "</p>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "学号",
        "数学",
        "85",
        "&nbsp;",
    ];
    const SHEET: [&str; 24] = [
        "<Worksheet Name=\"一\">",
        "</Worksheet>",
        "<Table>",
        "</Table>",
        "<Row>",
        "</Row>",
        "<Row Index=\"3\" Hidden=\"1\">",
        "<Row Span=\"99999999999999999999\">",
        "<Cell>",
        "</Cell>",
        "<Cell Index=\"2\" MergeAcross=\"1\" MergeDown=\"1\">",
        "<Cell Index=\"0\" Formula=\"x\"/>",
        "<Data Type=\"Number\">",
        "<Data Type=\"String\">",
        "<Data Type=\"DateTime\">",
        "</Data>",
        "<Comment>",
        "</Comment>",
        "<Column Span=\"99999999999999999999\" Hidden=\"1\"/>",
        "<Visible>SheetHidden</Visible>",
        "学号",
        "数学",
        "85",
        "&amp;",
    ];
    check!().with_test_time(time()).with_generator(produce::<Vec<u8>>().with().len(0usize..200)).for_each(|picks| {
        let any =
            |pieces: &[&str]| picks.iter().map(|&pick| pieces[usize::from(pick) % pieces.len()]).collect::<String>();
        read_any(format!("<html>{}", any(&PAGE)).as_bytes());
        let head = "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">";
        read_any(format!("{head}{}", any(&SHEET)).as_bytes());
        let row = |cells: &[&str]| cells.iter().map(|x| format!("<Cell><Data>{x}</Data></Cell>")).collect::<String>();
        let rows = format!("<Row>{}</Row><Row>{}</Row>", row(&["学号", "数学"]), row(&["1", "85"]));
        read_any(format!("{head}<Worksheet><Table>{rows}{}</Table></Worksheet></Workbook>", any(&SHEET)).as_bytes());
    });
}

/// Any bytes inside markup.
#[test]
fn any_markup() {
    check!().with_test_time(time()).for_each(|bytes: &[u8]| {
        read_any(&[b"<table><tr><td>id<td>math<tr><td>1<td>7", bytes].concat());
        read_any(&[b"<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">", bytes].concat());
    });
}

fn entries(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut entries = Vec::new();
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i).expect("an entry");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("its bytes");
        entries.push((entry.name().expect("a name").into_owned(), content));
    }
    entries
}

fn zip_of(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).expect("an entry");
        zip.write_all(content).expect("its bytes");
    }
    zip.finish().expect("a zip").into_inner()
}
