//! Reads a plan back: `fenzu-plan/1` JSON (one document, or an array of them), or rows with the columns id, group and,
//! for several classes, class.

mod rows;

use super::document::{Document, FORMAT};
use crate::fault::{Fault, Faults};
use crate::roster::Limits;
use crate::words;
use serde::Deserialize;
use serde_json::Value;

/// Largest plan file that is read.
pub const MAX_BYTES: usize = 64 << 20;

/// What a plan file holds.
#[derive(Clone, Debug, PartialEq)]
pub enum PlanFile {
    /// Whole documents, one a class.
    Documents(Vec<Document>),
    /// Only who is in which group.
    Assignment(Vec<AssignedRow>),
}

/// One student of a plan in rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssignedRow {
    /// The class; empty where the file names none.
    pub class: String,
    /// The student's id; empty where the file has names alone.
    pub id: String,
    /// The student's name; empty where the file has none.
    pub name: String,
    /// The student's gender; empty where the file has none.
    pub gender: String,
    /// The group's name as written.
    pub group: String,
    /// The group's teacher, by id or name; empty where the file names none.
    pub teacher: String,
}

/// Reads a plan file; `file` is its name as the user gave it. JSON and rows are told apart by content.
///
/// # Errors
/// Every reason why the file is no plan, at once (the first hundred).
pub fn read(file: &str, bytes: &[u8]) -> Result<PlanFile, Faults> {
    read_within(file, bytes, &Limits::default())
}

/// The same with bounds of the caller's for rows and unpacked bytes.
///
/// # Errors
/// As [`read`].
pub fn read_within(file: &str, bytes: &[u8], limits: &Limits) -> Result<PlanFile, Faults> {
    read_rows_with(Who::HasId, file, bytes, limits)
}

/// Reads last semester's plan: rows may name students without ids.
///
/// # Errors
/// As [`read`].
pub fn read_last(file: &str, bytes: &[u8], limits: &Limits) -> Result<PlanFile, Faults> {
    read_rows_with(Who::HasIdOrName, file, bytes, limits)
}

/// What a row must say of its student.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// The id.
    HasId,
    /// The id or the name.
    HasIdOrName,
}

fn read_rows_with(who: Who, file: &str, bytes: &[u8], limits: &Limits) -> Result<PlanFile, Faults> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.len() > MAX_BYTES {
        return Err(too_large(file, bytes.len()).into());
    }
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => Err(no_plan("empty_file", file, words!("空文件", "an empty file")).into()),
        Some(b'{' | b'[') => documents(file, bytes).map(PlanFile::Documents),
        Some(_) => rows::read(who, file, bytes, limits).map(PlanFile::Assignment),
    }
}

fn documents(file: &str, bytes: &[u8]) -> Result<Vec<Document>, Faults> {
    let value: Value = serde_json::from_slice(bytes).map_err(|e| not_json(file, &e))?;
    let values = match value {
        Value::Array(values) if values.is_empty() => {
            return Err(no_plan("no_documents", file, words!("空数组", "an empty array")).into());
        }
        Value::Array(values) => {
            values.into_iter().enumerate().map(|(i, value)| (format!("{file} [{i}]"), value)).collect()
        }
        value => vec![(file.to_owned(), value)],
    };
    let mut documents = Vec::new();
    let mut faults = Vec::new();
    for (place, value) in values {
        match document(&place, value) {
            Ok(document) => documents.push(document),
            Err(fault) => faults.push(*fault),
        }
    }
    faults.truncate(MAX_FAULTS);
    if faults.is_empty() { Ok(documents) } else { Err(Faults(faults)) }
}

/// More faults than these help nobody, and a hostile file could hold millions.
const MAX_FAULTS: usize = 100;

fn document(place: &str, value: Value) -> Result<Document, Box<Fault>> {
    let format = value.get("format").and_then(Value::as_str).unwrap_or("-").to_owned();
    if format != FORMAT {
        return Err(no_plan("plan_format", place, words!("format 为 {format}", "format {format}")).into());
    }
    Document::deserialize(value)
        .map_err(|e| no_plan("plan_json", place, words!("不合格式的内容：{e}", "what does not fit: {e}")).into())
}

fn not_json(file: &str, e: &serde_json::Error) -> Fault {
    let place = format!("{file} line {} column {}", e.line(), e.column());
    no_plan("plan_json", &place, words!("不是完整的 JSON：{e}", "no complete JSON: {e}"))
}

fn too_large(file: &str, bytes: usize) -> Fault {
    let (found, cap) = (bytes >> 20, MAX_BYTES >> 20);
    Fault {
        expected: words!("不超过 {cap} MiB", "at most {cap} MiB"),
        ..no_plan("file_too_long", file, words!("文件有 {found} MiB", "a file of {found} MiB"))
    }
}

fn no_plan(code: &'static str, place: &str, found: crate::words::Words) -> Fault {
    Fault {
        code,
        place: place.to_owned(),
        found,
        expected: words!(
            "{FORMAT} 格式的 JSON，或有“学号、小组”两列的表",
            "JSON in the format {FORMAT}, or a table with the columns id and group"
        ),
        action: words!("请给出 fenzu 写出的分组结果", "give a plan that fenzu wrote"),
    }
}
