//! The files of a summary: page, workbook, JSON.

use super::outputs::{self, SUMMARIES};
use super::summary::Summary;
use super::{summary_page, summary_sheet};
use crate::report::ReportError;
use crate::words::Lang;

impl Summary {
    /// `summary.json`, `.html` and `.xlsx`: name and bytes.
    ///
    /// # Errors
    /// Where a report cannot be made, which nothing a user does can cause.
    pub fn files(&self, lang: Lang) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
        let [page, sheet, json] = SUMMARIES;
        let told = [
            (page, summary_page::page(self, lang)?.into_bytes()),
            (sheet, summary_sheet::sheet(self, lang)?),
            (json, self.json().into_bytes()),
        ];
        // The JSON tells how long it took, and is judged by what it says.
        let sums = outputs::sums(told[..2].iter().map(|(path, bytes)| (*path, bytes.as_slice())));
        let told = told.into_iter().map(|(path, bytes)| (path.to_owned(), bytes));
        // The JSON comes last: with it the run is whole.
        Ok(std::iter::once((outputs::summary_sums(), sums)).chain(told).collect())
    }
}
