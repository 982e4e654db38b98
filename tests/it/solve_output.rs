//! What `fenzu solve` prints and writes: formats, the public view, snapshots of a whole run.

use crate::command::{Ended, Folder, command, dataset, fenzu, groups, solve};
use calamine::{Reader, Xlsx};
use fenzu::plan::document::Document;
use std::io::Cursor;

/// Every cell of every sheet.
fn cells(book: &[u8]) -> Vec<String> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(book)).expect("a workbook");
    let sheets = book.worksheets();
    sheets.iter().flat_map(|(_, range)| range.cells().map(|(_, _, cell)| cell.to_string())).collect()
}

/// What a page shows: no style, no tags.
fn visible(page: &str) -> String {
    let (head, rest) = page.split_once("<style>").expect("a style");
    let body = head.to_owned() + rest.split_once("</style>").expect("its end").1;
    body.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_format_holds_the_same_plan() {
    let folder = Folder::new();
    let names = ["plan.json", "plan.csv", "plan.xlsx", "plan.html", "PLAN2.HTM", "two.JSON"];
    let files = names.map(|name| folder.path(name));
    let outputs: Vec<&str> = files.iter().flat_map(|file| ["--output", file]).collect();
    let document = solve(&dataset("class50.csv"), &[&["--work", "1000"][..], &outputs].concat());
    assert_eq!(folder.names(), names.map(str::to_owned).into_iter().collect());
    let read = |name: &str| std::fs::read(folder.path(name)).expect("a file");
    assert_eq!(serde_json::from_slice::<Document>(&read("plan.json")).expect("a plan"), document);
    assert_eq!(read("two.JSON"), read("plan.json"));
    let table = String::from_utf8(read("plan.csv")).expect("text");
    let book = cells(&read("plan.xlsx"));
    let page = visible(&String::from_utf8(read("plan.html")).expect("text"));
    for (g, ids) in groups(&document).iter().enumerate() {
        for id in ids {
            let row = table.lines().find(|line| line.contains(id.as_str())).expect("a row");
            assert!(row.split(',').any(|cell| cell == (g + 1).to_string()), "{row}");
            assert!(book.contains(id), "{id} in the workbook");
        }
    }
    assert!(page.contains("林晨曦") && page.contains("Top"), "{page}");
}

#[test]
fn what_everyone_sees_tells_names_and_groups_only() {
    let folder = Folder::new();
    let files = ["plan.csv", "plan.xlsx", "plan.html"].map(|name| folder.path(name));
    let outputs: Vec<&str> = files.iter().flat_map(|file| ["--output", file]).collect();
    let args = ["solve", &dataset("class50.csv"), "--work", "1000", "--public"];
    let shown = fenzu(&[&args[..], &outputs].concat()).code(0).text().to_owned();
    let read = |i: usize| std::fs::read(&files[i]).expect("a file");
    let all = [
        shown,
        String::from_utf8(read(0)).expect("text"),
        cells(&read(1)).join("\n"),
        visible(&String::from_utf8(read(2)).expect("text")),
    ];
    let secret = [
        "top",
        "middle",
        "struggling",
        "chinese",
        "math",
        "english",
        "boarding",
        "left",
        "helper",
        "male",
        "goal",
        "S0",
    ];
    for text in &all {
        assert!(text.contains("林晨曦"), "{text}");
        let lower = text.to_lowercase();
        for word in secret {
            assert!(!lower.contains(&word.to_lowercase()), "{word} in\n{text}");
        }
        // No number but those of the groups 1 to 5: no mark, sum, mean or rank.
        let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
        assert!(
            numbers.clone().all(|digits| ("1"..="5").contains(&digits) && digits.len() == 1),
            "{:?}",
            numbers.collect::<Vec<_>>()
        );
    }
    let names: Vec<&str> = all[1].lines().skip(1).filter(|line| line.starts_with("Group 1,")).collect();
    assert!(names.len() == 10 && names.is_sorted(), "{names:?}");
}

#[test]
fn files_are_the_same_whenever_they_are_written() {
    let folder = Folder::new();
    let write = |name: &str| {
        let file = folder.path(name);
        fenzu(&["solve", &dataset("class50.csv"), "--work", "1000", "--public", "--output", &file]).code(0);
        std::fs::read(file).expect("a file")
    };
    for ending in ["xlsx", "html", "csv"] {
        assert_eq!(write(&format!("a.{ending}")), write(&format!("b.{ending}")), "{ending}");
    }
}

/// A run whose groups are fixed by pins, so that the snapshots show the output and not the search.
fn fixed(lang: &str, options: &[&str]) -> Ended {
    let pins = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/data/class36-pins.json");
    // From its folder, so that no path of the machine is shown.
    let args = ["--lang", lang, "solve", "class36.csv", "--groups", "6", "--rules", pins];
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets");
    let output = command(&[&args[..], options].concat()).current_dir(folder).output().expect("the program starts");
    Ended { code: output.status.code(), out: output.stdout, err: String::from_utf8_lossy(&output.stderr).into_owned() }
        .code(0)
}

/// Times are the only thing that changes.
fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r#"("(?:elapsed|found|proved)_seconds": )\d[-\d.e]*"#, "$1[seconds]");
    settings.add_filter(r#"("sha256": )"[0-9a-f]{64}""#, "$1[sha256]");
    settings.add_filter(r"(?:<|&#60;)?\d+\.\d\d (s|秒)\b", "[time] $1");
    settings.add_filter(r"(?m)^(│ \d .*│) +<?\d+\.\d\d │$", "$1 [time] │");
    settings
}

#[test]
fn snapshots_of_a_run() {
    let folder = Folder::new();
    let page = folder.path("plan.html");
    settings().bind(|| {
        insta::assert_snapshot!("run_table_zh", fixed("zh", &["--output", &page]).text());
        insta::assert_snapshot!("run_table_en", fixed("en", &[]).text());
        insta::assert_snapshot!("run_json_en", fixed("en", &["--format", "json"]).text());
        insta::assert_snapshot!("run_html_zh", std::fs::read_to_string(&page).expect("a page"));
    });
}
