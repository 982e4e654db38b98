//! What is told of a fault: what was found, what was expected, what to do.

use crate::fault::{Fault, Faults};
use crate::words::Words;

/// The three parts of a fault's text.
#[derive(Clone, Debug)]
pub struct Why {
    /// What was found.
    pub found: Words,
    /// What was expected.
    pub expected: Words,
    /// What to do.
    pub action: Words,
}

impl Why {
    /// The one fault for which a list is refused as a whole.
    #[must_use]
    pub fn refuse(self, code: &'static str, place: String) -> Faults {
        self.at(code, place).into()
    }

    pub(super) fn at(self, code: &'static str, place: String) -> Fault {
        Fault { code, place, found: self.found, expected: self.expected, action: self.action }
    }
}
