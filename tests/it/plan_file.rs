//! Reading plan files back: documents, rows, and every way in which a file is no plan.

use fenzu::plan::document::{Document, FORMAT};
use fenzu::plan::read::{AssignedRow, PlanFile, read};
use proptest::prelude::*;
use serde_json::{Value, json};

fn document() -> Value {
    json!({
        "format": FORMAT, "status": "feasible", "stop": "stalled",
        "request": { "model": {}, "rules": {}, "groups": 1, "previous_sha256": null },
        "groups": [{ "id": "1", "name": "1", "class": "", "teacher": null, "students": ["a", "b"], "helpers": [] }],
        "goals": [{ "name": "means", "level": 1, "value": 0.5, "bound": 0.25, "scaled": 2, "scaled_bound": 1,
                    "unit": "points (summed deviation)", "justification": "", "proved": true, "proof": "closed_form",
                    "found_seconds": null, "proved_seconds": null }],
        "balance": [{ "column": "math", "header": "数学", "kind": "score", "groups": [1.5], "class": 1.5, "range": 0.0 }],
        "heterogeneity": 1.0, "elapsed_seconds": 0.0, "seed": 1,
        "input": { "sha256": "", "students": 2, "columns": [{ "header": "数学", "read_as": "score:math" }] },
        "notices": [{ "code": "x", "where": "A1", "message": "y" }], "conflict": null
    })
}

fn documents(bytes: &[u8]) -> Vec<Document> {
    match read("plan.json", bytes) {
        Ok(PlanFile::Documents(documents)) => documents,
        other => panic!("documents, not {other:?}"),
    }
}

fn rows(bytes: &[u8]) -> Vec<(String, String, String)> {
    match read("plan.csv", bytes) {
        Ok(PlanFile::Assignment(rows)) => {
            rows.into_iter().map(|AssignedRow { class, id, group, .. }| (class, id, group)).collect()
        }
        other => panic!("rows, not {other:?}"),
    }
}

fn row(class: &str, id: &str, group: &str) -> (String, String, String) {
    (class.to_owned(), id.to_owned(), group.to_owned())
}

/// Code and place of each fault.
fn faults(bytes: &[u8]) -> Vec<(&'static str, String)> {
    let faults = read("plan", bytes).expect_err("faults").0;
    assert!(!faults.is_empty());
    faults.into_iter().map(|fault| (fault.code, fault.place)).collect()
}

#[test]
fn json_holds_one_document_or_several() {
    let one = document();
    assert_eq!(serde_json::to_value(&documents(one.to_string().as_bytes())[0]).expect("JSON"), one);
    assert_eq!(documents(format!("\u{feff}\n[{one},\n{one}]").as_bytes()).len(), 2);
}

#[test]
fn rows_are_read_in_either_language_with_any_separator() {
    assert_eq!(rows(b"id,name,group\r\na,x,1\r\n\r\nb,y,2\r\n"), [row("", "a", "1"), row("", "b", "2")]);
    assert_eq!(rows("\u{feff}班级;小组;学号\n七1;\"组;1\"; a \n".as_bytes()), [row("七1", "a", "组;1")]);
    assert_eq!(rows(b"ID\tGroup\tclass\na\t1\n"), [row("", "a", "1")], "a short row is blank at its end");
    let (gb, _, lossy) = encoding_rs::GB18030.encode("学号,小组\n甲,一组\n");
    assert!(!lossy);
    assert_eq!(rows(&gb), [row("", "甲", "一组")]);
}

#[test]
fn a_workbook_is_read_with_titles_above_the_header() {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write_string(0, 0, "说明").expect("a cell");
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "七年级分组").expect("a cell");
    for (c, word) in (0..).zip(["姓名", "学号", "小组"]) {
        sheet.write_string(2, c, word).expect("a cell");
    }
    sheet.write_string(3, 0, "王伟").expect("a cell");
    sheet.write_number(3, 1, 12.0).expect("a cell");
    sheet.write_number(3, 2, 3.0).expect("a cell");
    assert_eq!(rows(&book.save_to_buffer().expect("a workbook")), [row("", "12", "3")]);
}

#[test]
fn every_fault_of_the_rows_is_told_with_its_line() {
    let told = faults(b"id,group\na,1\n,2\na,\na,2\n");
    let at = |cell: &str| format!("plan line {cell}");
    assert_eq!(
        told,
        [
            ("plan_no_id", at("3 (A3)")),
            ("plan_no_group", at("4 (B4)")),
            ("duplicate_id", at("4 (A4)")),
            ("duplicate_id", at("5 (A5)"))
        ]
    );
    assert_eq!(rows(b"id,group,class\na,1,x\na,1,y\n").len(), 2, "ids are unique within a class only");
}

#[test]
fn what_is_no_plan_is_refused() {
    let code = |bytes: &[u8]| faults(bytes)[0].0;
    assert_eq!(code(b" \n"), "empty_file");
    assert_eq!(code(b"id,name\na,x\n"), "plan_columns");
    assert_eq!(code(b"id,group\n"), "no_rows");
    assert_eq!(code(b"PK\x03\x04 and no more"), "damaged_workbook");
    assert_eq!(code(b"{\"format\": "), "plan_json");
    assert_eq!(code(b"[]"), "no_documents");
    assert_eq!(code(b"[3]"), "plan_format");
    assert_eq!(code(b"{\"format\": \"fenzu-plan/9\"}"), "plan_format");
    assert_eq!(code(&vec![b' '; (64 << 20) + 1]), "file_too_long");
    assert_eq!(code(&b"[".repeat(100_000)), "plan_json", "deep nesting does not overflow the stack");
}

#[test]
fn every_bad_document_of_an_array_is_told() {
    let (good, mut bad) = (document(), document());
    bad["status"] = json!("good");
    let told = faults(format!("[{bad}, {good}, {{\"format\": \"{FORMAT}\"}}]").as_bytes());
    assert_eq!(told, [("plan_json", "plan [0]".to_owned()), ("plan_json", "plan [2]".to_owned())]);
}

#[test]
fn a_hostile_file_does_not_fill_the_memory_with_faults() {
    let bytes = [b"id,group,class\n".as_slice(), &b"a,,x\n".repeat(10_000)].concat();
    assert!(faults(&bytes).len() <= 103);
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read("plan", &bytes).map_err(|faults| assert!(!faults.0.is_empty()));
    }

    #[test]
    fn damaged_documents_are_answered(at in 0..600usize, byte in any::<u8>()) {
        let mut bytes = document().to_string().into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = read("plan", &bytes).map_err(|faults| assert!(!faults.0.is_empty()));
    }
}
