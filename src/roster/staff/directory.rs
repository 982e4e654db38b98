//! The classes and students that a staff list may name.

use crate::fault::Faults;
use crate::roster::Roster;

/// Names and ids of all classes and their students, in order.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    classes: Vec<String>,
}

impl Directory {
    /// The classes and students of class lists.
    ///
    /// # Errors
    /// Classes that two lists have, or that cannot be told apart because several lists name none.
    pub fn new<'a>(lists: impl IntoIterator<Item = &'a Roster>) -> Result<Self, Faults> {
        Ok(Self { classes: lists.into_iter().flat_map(Roster::classes).collect() })
    }

    /// The classes, in order.
    #[must_use]
    pub fn classes(&self) -> &[String] {
        &self.classes
    }
}
