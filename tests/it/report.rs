//! What is shown and written of a plan: terminal, JSON, CSV, XLSX, HTML, for the teacher.

mod edges;
mod fixture;
mod printing;
mod public;

use calamine::{Data, Reader, Xlsx};
use fenzu::report::{Audience, csv, html, json, table, xlsx};
use fenzu::words::Lang;
use fixture::case;
use std::io::{Cursor, Read};

fn teacher_csv(lang: Lang) -> Vec<u8> {
    csv(&[case(lang).report(lang, Audience::Teacher)]).unwrap()
}

fn teacher_xlsx(lang: Lang) -> Vec<u8> {
    xlsx(&[case(lang).report(lang, Audience::Teacher)]).unwrap()
}

/// Every sheet as lines of cells.
fn sheets(book: &[u8]) -> Vec<(String, Vec<Vec<Data>>)> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(book.to_vec())).unwrap();
    let sheets = book.worksheets().into_iter();
    sheets.map(|(name, range)| (name, range.rows().map(<[Data]>::to_vec).collect())).collect()
}

/// Every part of a workbook, unpacked: name and text.
fn parts(book: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let count = zip.len();
    let part = |i| {
        let mut file = zip.by_index(i).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        (file.name().unwrap().into_owned(), text)
    };
    (0..count).map(part).collect()
}

#[test]
fn the_terminal_shows_verdict_groups_balance_and_score_card() {
    insta::assert_snapshot!("table_zh", table(&[case(Lang::Zh).report(Lang::Zh, Audience::Teacher)]));
    insta::assert_snapshot!("table_public_zh", table(&[case(Lang::Zh).report(Lang::Zh, Audience::Public)]));
    insta::assert_snapshot!("table_en", table(&[case(Lang::En).report(Lang::En, Audience::Teacher)]));
}

#[test]
fn csv_is_what_excel_likes() {
    let bytes = teacher_csv(Lang::Zh);
    assert!(bytes.starts_with(b"\xEF\xBB\xBF"));
    let text = std::str::from_utf8(&bytes[3..]).unwrap();
    assert!(text.ends_with("\r\n"));
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    insta::assert_snapshot!("csv_zh", text);
}

#[test]
fn csv_reads_back_with_ids_and_groups() {
    let bytes = teacher_csv(Lang::En);
    let mut reader = ::csv::Reader::from_reader(&bytes[3..]);
    let headers = reader.headers().unwrap().clone();
    let at = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (id, class, group) = (at("id"), at("class"), at("group"));
    let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let document = case(Lang::En).document;
    let mut written = 0;
    for record in &document.groups {
        for student in &record.students {
            let row = rows.iter().find(|row| row[id] == **student).unwrap();
            assert_eq!((&row[class], &row[group]), (record.class.as_str(), record.id.as_str()));
            written += 1;
        }
    }
    assert_eq!(rows.len(), written);
}

#[test]
fn no_cell_of_a_csv_is_a_formula_and_negative_numbers_stay() {
    let bytes = teacher_csv(Lang::Zh);
    let mut reader = ::csv::Reader::from_reader(&bytes[3..]);
    let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cells: Vec<&str> = rows.iter().flat_map(::csv::StringRecord::iter).collect();
    for cell in &cells {
        assert!(!cell.starts_with(['=', '+', '@', '\t', '\r']), "{cell}");
        assert!(!cell.starts_with('-') || cell.parse::<f64>().is_ok(), "{cell}");
    }
    for harmless in ["'=cmd|' /C calc'!A0", "'=1+1", "'@sum", "'+86 130", "-3"] {
        assert!(cells.contains(&harmless), "{harmless}");
    }
}

#[test]
fn the_workbook_reads_back() {
    let sheets = sheets(&teacher_xlsx(Lang::Zh));
    let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["分组", "名单", "均衡", "评分", "读取"]);
    let text: Vec<String> = sheets.iter().map(|(name, rows)| format!("## {name}\n{}", lines(rows))).collect();
    insta::assert_snapshot!("xlsx_zh", text.join("\n"));
    let members = &sheets[1].1;
    let mark = members[0].iter().position(|cell| *cell == Data::String("成绩 数学".into())).unwrap();
    assert_eq!(members[1][mark], Data::Float(96.5));
}

fn lines(rows: &[Vec<Data>]) -> String {
    rows.iter().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ") + "\n").collect()
}

#[test]
fn the_workbook_holds_no_formula_and_no_time() {
    let book = teacher_xlsx(Lang::Zh);
    assert_eq!(book, teacher_xlsx(Lang::Zh));
    let mut strings = 0;
    for (name, text) in parts(&book) {
        assert!(!text.contains("<f>") && !text.contains("<f "), "{name}");
        strings += text.matches("=cmd|").count();
        if name.ends_with("core.xml") {
            assert!(text.contains("2026-01-01T00:00:00Z"), "{text}");
        }
    }
    assert_eq!(strings, 1, "the name is kept, as a shared string");
}

#[test]
fn the_notice_sheet_shows_no_tier_and_no_mark() {
    let sheets = sheets(&teacher_xlsx(Lang::Zh));
    let notice = lines(&sheets[0].1);
    assert!(notice.contains("徐晓彤"));
    for telling in ["优等生", "学困生", "▲", "183", "帮扶", "王建国"] {
        assert!(!notice.contains(telling), "{telling}");
    }
}

#[test]
fn the_page_shows_everything_and_escapes_it() {
    let page = html(&[case(Lang::Zh).report(Lang::Zh, Audience::Teacher)]).unwrap();
    edges::assert_well_formed(&page);
    assert!(page.contains("<html lang=\"zh-CN\">"));
    assert!(!page.contains("<script"), "names are text");
    for outside in ["src=", "url(", "@import", "http:", "https:", " style=", "javascript"] {
        assert!(!page.contains(outside), "one self-contained file: {outside}");
    }
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"(?s)<style>.*?</style>", "<style></style>");
    settings.bind(|| insta::assert_snapshot!("html_zh", page));
}

#[test]
fn json_is_the_document() {
    let document = case(Lang::En).document;
    let one: fenzu::plan::document::Document = serde_json::from_str(&json(std::slice::from_ref(&document))).unwrap();
    assert_eq!(one, document);
    let two: Vec<fenzu::plan::document::Document> =
        serde_json::from_str(&json(&[document.clone(), document.clone()])).unwrap();
    assert_eq!(two, [document.clone(), document]);
}

#[test]
fn json_has_no_nan_and_no_infinity() {
    let mut document = case(Lang::En).document;
    document.goals[0].bound = f64::NEG_INFINITY;
    document.balance[0].groups[0] = f64::NAN;
    document.heterogeneity = Some(f64::NAN);
    let text = json(&[document]);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(value["goals"][0]["bound"].is_null() && value["heterogeneity"].is_null());
    assert!(value["balance"][0]["groups"][0].is_null());
}
