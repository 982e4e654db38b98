//! The report: everything that is shown or written of a finished plan, for the teacher or for the public.
//!
//! ```text
//! Document + Roster + Policy ─┬─ sheet   (teacher: tiers, marks, flags, helpers) ─┬─▶ table · csv · xlsx · html
//!                             └─ notice  (public: class, groups, names)          ─┘
//! Document ─▶ json
//! ```
//! Nothing here computes a plan or a goal. The public view is a type of its own that holds nothing but names, so that no
//! format can leak what it was never given. No file carries a time of writing: the same plan gives the same bytes.

mod balance;
pub mod chart;
mod csv;
pub mod figures;
pub mod format;
pub mod html;
mod json;
pub mod members;
pub mod names;
pub mod notice;
mod record;
pub mod rests_on;
pub mod sheet;
mod table;
pub mod text;
mod verdict;
pub(crate) mod xlsx;

pub use csv::csv;
pub use format::{Format, Writer};
pub use html::html;
pub use json::json;
pub use record::Record;
pub use table::table;
pub use xlsx::xlsx;

use crate::model::{Model, Policy};
use crate::plan::document::Document;
use crate::roster::Roster;
use crate::words::Lang;

/// The formats of files.
pub static FORMATS: [&Format; 4] = [&json::FORMAT, &csv::FORMAT, &xlsx::FORMAT, &html::FORMAT];

/// The format of a word, or of a file's ending.
#[must_use]
pub fn format(word: &str) -> Option<&'static Format> {
    FORMATS.into_iter().find(|format| format.word == word)
}

/// One class's plan with all that is needed to show it.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The students of this class alone.
    pub roster: &'a Roster,
    /// The model in force: words and order of the tiers, what shall be proved.
    pub model: &'a Model,
    /// The model applied to the class: tiers and balanced columns.
    pub policy: &'a Policy,
    /// The plan of exactly these students.
    pub document: &'a Document,
    /// The language of every word that is not the list's own.
    pub lang: Lang,
    /// Who will read it.
    pub audience: Audience,
}

/// Who reads a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The class teacher: everything.
    Teacher,
    /// Anyone: class, groups, teachers and names sorted by name; no tier, mark, rank, flag, helper pair, balance, score or notice.
    Public,
}

/// A file could not be written; nothing a user can cause.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The workbook's writer failed.
    #[error("writing the workbook failed: {0}")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// The page's template failed.
    #[error("writing the page failed: {0}")]
    Html(#[from] askama::Error),
    /// The list's writer failed.
    #[error("writing the list failed: {0}")]
    Csv(#[from] ::csv::Error),
}

/// Whether the reports are for the public. All of one call have one audience; a single public one makes all public.
fn is_public(reports: &[Report]) -> bool {
    reports.iter().any(|report| report.audience == Audience::Public)
}

/// The language of a call, which all its reports share.
fn language(reports: &[Report]) -> Lang {
    reports.first().map(|report| report.lang).unwrap_or_default()
}
