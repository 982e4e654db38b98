//! The files of one class: the plan for programs (JSON) and for the class teacher (XLSX), and the public page.

use crate::plan::document::Document;
use crate::planning::Prepared;
use crate::report::{self, Audience, Report, ReportError};
use crate::words::Lang;

/// Folder of the plans, below the output folder.
pub(super) const CLASSES: &str = "classes";
/// Folder of the public pages.
pub(super) const PUBLIC: &str = "public";
/// Folder of the registers.
pub(super) const TEACHERS: &str = "teachers";

/// Path below the output folder and bytes of each file.
pub(super) fn class_files(
    class: &Prepared,
    document: &Document,
    file: &str,
    lang: Lang,
) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let report = |audience| Report {
        roster: &class.roster,
        model: &class.request.model,
        policy: &class.policy,
        document,
        lang,
        audience,
    };
    Ok(vec![
        (format!("{CLASSES}/{file}.json"), report::json(std::slice::from_ref(document)).into_bytes()),
        (format!("{CLASSES}/{file}.xlsx"), report::xlsx(&[report(Audience::Teacher)])?),
        (format!("{PUBLIC}/{file}.html"), report::html(&[report(Audience::Public)])?.into_bytes()),
    ])
}
