//! The files of a school: of one class the plan for programs (JSON) and for the class teacher (XLSX), and the public page;
//! registers; the summary.

use crate::fault::{Fault, Faults};
use crate::pipeline::Prepared;
use crate::plan::document::Document;
use crate::report::{self, Audience, ReportError};
use crate::roster::sha256;
use crate::words;
use crate::words::Lang;
use std::collections::BTreeMap;
use std::path::Path;

/// Folder of the plans, below the output folder.
pub(super) const CLASSES: &str = "classes";
/// Folder of the public pages.
pub(super) const PUBLIC: &str = "public";
/// Folder of the registers.
pub(super) const TEACHERS: &str = "teachers";

/// What is told of the whole school: page, workbook, and last the JSON.
pub(super) const SUMMARIES: [&str; 3] = ["summary.html", "summary.xlsx", "summary.json"];

/// Paths of all files of a class below the output folder: plan, workbook, page, the digests of these, and its state.
pub(super) fn paths(file: &str) -> [String; 5] {
    [
        format!("{CLASSES}/{file}.json"),
        format!("{CLASSES}/{file}.xlsx"),
        format!("{PUBLIC}/{file}.html"),
        format!("{}/{file}.sums", super::state::FOLDER),
        format!("{}/{file}.json", super::state::FOLDER),
    ]
}

/// Path of a teacher's register below the output folder.
pub(super) fn register(file: &str) -> String {
    format!("{TEACHERS}/{file}.xlsx")
}

/// Path below the output folder and bytes of each file.
pub(super) fn class_files(
    class: &Prepared,
    document: &Document,
    file: &str,
    lang: Lang,
) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let report = |audience| class.report(document, audience, lang);
    let [json, xlsx, html, digests, _] = paths(file);
    let mut files = vec![
        (json, report::json(std::slice::from_ref(document)).into_bytes()),
        (xlsx, report::xlsx(&[report(Audience::Teacher)])?),
        (html, report::html(&[report(Audience::Public)])?.into_bytes()),
    ];
    let written = sums(files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())));
    files.push((digests, written));
    Ok(files)
}

/// Path of the digests of the summaries; no class has such a file without an ending.
pub(super) fn summary_sums() -> String {
    format!("{}/summary", super::state::FOLDER)
}

/// SHA-256 of files as they are written, by path: what a reader needs to see that one was changed since.
pub(super) fn sums<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let sums: BTreeMap<&str, String> = files.map(|(path, bytes)| (path, sha256(bytes))).collect();
    // Texts alone, which JSON can hold.
    serde_json::to_vec(&sums).unwrap_or_default()
}

/// The fault of a folder that holds no whole output.
pub(super) fn no_output(path: &Path, why: &str) -> Faults {
    Fault {
        code: "no_school_output",
        place: path.display().to_string(),
        found: words!("读不出（{why}）", "nothing that can be read ({why})"),
        expected: words!("fenzu school 写出的文件夹", "a folder that fenzu school wrote"),
        action: words!("请核对文件夹", "check the folder"),
    }
    .into()
}
