//! What the model says of teachers: capacities where the staff list names none, and the home visits that students need.

use crate::roster::{Cell, Field, Roster};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

/// Teachers' terms. Visits are home visits a semester (家访).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StaffTerms {
    /// Most groups of a teacher whose row names no number; no limit where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1_000_000))]
    pub max_groups: Option<u32>,
    /// Most students of a teacher whose row names no number; no limit where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1_000_000))]
    pub max_students: Option<u32>,
    /// Most visits of a teacher whose row names no number; no limit where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1_000_000))]
    pub max_visits: Option<u32>,
    /// Visits that every student needs.
    #[schemars(range(min = 0, max = 1_000))]
    pub visits: u32,
    /// Visits of students with a flag (`left_behind = 5`); of several the largest number counts. Flags that a list lacks are
    /// passed over.
    #[schemars(extend("additionalProperties" = json!({"type": "integer", "format": "uint32", "minimum": 0, "maximum": 1_000})))]
    pub visits_of: BTreeMap<String, u32>,
}

impl Default for StaffTerms {
    /// The terms of the schools' plans: at most 2 groups; 2 visits a student, 5 where policy asks for monthly or weekly care.
    fn default() -> Self {
        let care = ["left_behind", "single_parent", "hardship", "key_student"];
        Self {
            max_groups: Some(2),
            max_students: None,
            max_visits: None,
            visits: 2,
            visits_of: care.into_iter().map(|flag| (flag.to_owned(), 5)).collect(),
        }
    }
}

impl StaffTerms {
    /// Whether nothing differs from the default.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Visits a semester of each student of a list.
    #[must_use]
    pub fn visits(&self, roster: &Roster) -> Vec<u32> {
        let mut visits = vec![self.visits; roster.students.len()];
        for column in &roster.columns {
            let Field::Flag(name) = &column.field else { continue };
            let Some(&more) = self.visits_of.get(name) else { continue };
            let flagged = visits.iter_mut().zip(&column.cells).filter(|(_, cell)| **cell == Cell::Flag(true));
            flagged.for_each(|(visits, _)| *visits = (*visits).max(more));
        }
        visits
    }
}
