//! Rules that a plan must keep, as `--rules` and the JSON API write them.

pub mod ids;
pub mod read;

pub use ids::check_ids;
pub use read::read_rules;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Hard rules by student id. Ids are text as in the list (`"007"`, not `7`); in a list of several classes `<class>/<id>` where classes
/// number their students alike. Numbers are whole; rules have no weights or ratios, those are written in the model.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Each list stays in one group (同组).
    #[serde(default)]
    pub together: Vec<Vec<String>>,
    /// No two of a list share a group (不同组).
    #[serde(default)]
    pub apart: Vec<Vec<String>>,
    /// Students fixed to a group (固定).
    #[serde(default)]
    pub pin: Vec<Pin>,
    /// At least two or none of a kind in a group.
    #[serde(default)]
    pub never_alone: Vec<NeverAlone>,
}

/// One student fixed to a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// Student id.
    pub student: String,
    /// 1-based group number.
    #[schemars(range(min = 1, max = 2_000_000))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<usize>,
    /// Teacher id; needs a staff list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teacher: Option<String>,
}

/// Nobody of a kind is the only one in a group: each value of a category, or the yes of a flag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NeverAlone {
    /// A column's name, e.g. `gender` or `left_behind`.
    pub column: String,
}

impl Rules {
    /// Whether nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
