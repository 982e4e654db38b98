//! The files of a school: of one class the plan for programs (JSON) and for the class teacher (XLSX), and the public page;
//! registers; the summary.

use crate::plan::document::Document;
use crate::planning::Prepared;
use crate::report::{self, Audience, ReportError};
use crate::words::Lang;

/// Folder of the plans, below the output folder.
pub(super) const CLASSES: &str = "classes";
/// Folder of the public pages.
pub(super) const PUBLIC: &str = "public";
/// Folder of the registers.
pub(super) const TEACHERS: &str = "teachers";

/// What is told of the whole school: page, workbook, and last the JSON.
pub(super) const SUMMARIES: [&str; 3] = ["summary.html", "summary.xlsx", "summary.json"];

/// Paths of all files of a class below the output folder, its state last.
pub(super) fn paths(file: &str) -> [String; 4] {
    [
        format!("{CLASSES}/{file}.json"),
        format!("{CLASSES}/{file}.xlsx"),
        format!("{PUBLIC}/{file}.html"),
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
    let [json, xlsx, html, _] = paths(file);
    Ok(vec![
        (json, report::json(std::slice::from_ref(document)).into_bytes()),
        (xlsx, report::xlsx(&[report(Audience::Teacher)])?),
        (html, report::html(&[report(Audience::Public)])?.into_bytes()),
    ])
}
