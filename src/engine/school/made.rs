//! What became of classes that were solved elsewhere.

use crate::plan::document::Document;
use crate::words::Words;
use std::collections::HashMap;

/// What became of a class.
#[derive(Clone, Debug)]
pub enum Part {
    /// Its plan.
    Plan {
        /// SHA-256 of all that decided it.
        digest: String,
        /// As [`Parts::solve`] made it.
        document: Box<Document>,
        /// Whether its files are where the others go.
        written: bool,
    },
    /// It is not tried again, and why.
    GivenUp(Words),
}

/// What became of classes, by name.
#[derive(Clone, Debug, Default)]
pub struct Made(pub HashMap<String, Part>);
