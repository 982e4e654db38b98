//! Plan files made of random bytes, and good ones with random splices: a plan or faults, never a panic.

use crate::fuzz_models::spliced;
use bolero::check;
use fenzu::plan::read::{PlanFile, read};

const DOCUMENT: &[u8] = br#"{"format": "fenzu-plan/1", "status": "feasible", "stop": "stalled",
  "request": {"model": {}, "rules": {}, "groups": 1, "previous_sha256": null},
  "groups": [{"id": "1", "name": "A", "class": "", "teacher": null, "students": ["a"], "helpers": []}],
  "goals": [], "balance": [], "heterogeneity": null, "elapsed_seconds": 0.1, "seed": 1,
  "input": {"sha256": "", "students": 1, "columns": []}, "notices": [], "conflict": null}"#;
const ROWS: &[u8] = b"id,class,group\na,7-1,1\nb,7-1,2\n";

fn read_any(bytes: &[u8]) {
    match read("plan", bytes) {
        Ok(PlanFile::Documents(documents)) => assert!(!documents.is_empty()),
        Ok(PlanFile::Assignment(rows)) => assert!(rows.iter().all(|row| !row.id.is_empty() && !row.group.is_empty())),
        Err(faults) => assert!(!faults.0.is_empty() && faults.0.iter().all(|fault| !fault.place.is_empty())),
    }
}

#[test]
fn fuzz_plan_json() {
    assert!(matches!(read("plan", DOCUMENT), Ok(PlanFile::Documents(_))));
    check!().for_each(|bytes: &[u8]| {
        read_any(bytes);
        read_any(&spliced(DOCUMENT, bytes));
    });
}

#[test]
fn fuzz_plan_rows() {
    assert!(matches!(read("plan", ROWS), Ok(PlanFile::Assignment(_))));
    check!().for_each(|bytes: &[u8]| read_any(&spliced(ROWS, bytes)));
}
