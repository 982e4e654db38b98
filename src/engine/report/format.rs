//! What a format of files is. Each describes itself in its own file; [`super::FORMATS`] lists them.

use super::{Report, ReportError};
use crate::plan::document::Document;

/// A format of files.
#[derive(Debug)]
pub struct Format {
    /// The word by which it is asked for, and the ending of its files.
    pub word: &'static str,
    /// Its media type.
    pub media: &'static str,
    /// What it is written from.
    pub write: Writer,
}

/// What a format is written from.
#[derive(Clone, Copy, Debug)]
pub enum Writer {
    /// The documents whole, with marks and tiers: such a format has no view for the public.
    Documents(fn(&[Document]) -> String),
    /// Reports, which are the teacher's or the public's.
    Reports(fn(&[Report]) -> Result<Vec<u8>, ReportError>),
}

impl Format {
    /// Its name, as people write it.
    #[must_use]
    pub fn name(&self) -> String {
        self.word.to_ascii_uppercase()
    }

    /// Whether it can be written for the public.
    #[must_use]
    pub fn has_public_view(&self) -> bool {
        matches!(self.write, Writer::Reports(_))
    }
}
