//! The model (分组方案): a declarative statement of what a good grouping is, read from TOML or JSON.
//!
//! A model names tiers, the number of groups, goals in levels and standing rules. [`policy`] applies it to one class list and
//! says which columns it balances and which student is in which tier; everything numeric is left to the problem.

pub mod builtin;
pub mod goal;
mod nearest;
pub mod policy;
pub mod previous;
pub mod ratio;
pub mod read;
pub mod request;
pub mod rules;
pub mod schema;
pub mod staff;

pub use goal::GoalName;
pub use policy::Policy;
pub use ratio::Ratio;
pub use read::{load, read_model};
pub use request::Request;
pub use rules::Rules;
pub use staff::StaffTerms;

use crate::words;
use crate::words::Words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a good grouping is. Weights are exact: an integer (`2`) or a fraction as text (`"1/3"`), never a decimal number; the ratio of the
/// tiers 3 : 5 : 2 is written as one whole number a layer, 3 and 5 and 2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The name by which `--model` knows it.
    pub name: String,
    /// Shown to people.
    pub title: Words,
    /// One or two sentences on what it is for.
    #[serde(default)]
    pub about: Words,
    /// A run may end when the levels down to this goal are proved.
    #[serde(default = "default_prove_through")]
    pub prove_through: GoalName,
    /// The layers of students; none where the model has no tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiers: Option<Tiers>,
    /// How many groups, unless the command says so.
    #[serde(default)]
    pub groups: Sizing,
    /// The goals; level 1 comes first, a lower level never pays for a higher one.
    pub goals: Vec<GoalSpec>,
    /// Standing rules of the model.
    #[serde(default, skip_serializing_if = "ModelRules::is_empty")]
    pub rules: ModelRules,
    /// Whether every group's struggling students get helpers (结对帮扶); needs tiers.
    #[serde(default)]
    pub paired_help: bool,
    /// Teachers: what they carry where the staff list does not say, and how many home visits a student needs.
    #[serde(default, skip_serializing_if = "StaffTerms::is_default")]
    pub staff: StaffTerms,
}

fn default_prove_through() -> GoalName {
    GoalName::Means
}

/// One goal of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GoalSpec {
    /// Which goal.
    pub goal: GoalName,
    /// 1 is the highest; goals of one level are added by weight. Gaps are allowed.
    #[schemars(range(min = 1, max = 100))]
    pub level: u8,
    /// Weight inside the level, against one unit shown to people: an integer or a fraction like `"1/3"`.
    #[serde(default)]
    pub weight: Ratio,
    /// How much worse than its optimum the goal's level may become for the levels below, in the unit shown to people.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0, max = 1_000_000))]
    pub tolerance: f64,
    /// Only these columns (names as in `read_as`: `math`, `gender`); all that are balanced by default where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
    /// Weight of single columns, 1 where absent: integers or fractions. To normalise a paper by its full marks, write `"1/150"`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub column_weights: BTreeMap<String, Ratio>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(x: &f64) -> bool {
    *x == 0.0
}

/// Ordered layers of students.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tiers {
    /// Where a student's tier comes from.
    #[serde(default)]
    pub source: TierSource,
    /// Whether counts outside floor/ceil of the ideal are forbidden (`rule`) or the first goal (`goal`).
    #[serde(default)]
    pub enforce: Enforce,
    /// Weight of single subjects in the weighted total that `sum` ranks by; 1 where absent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sum_weights: BTreeMap<String, Ratio>,
    /// From the top to the struggling.
    pub layers: Vec<Layer>,
}

/// One tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// The word in JSON and files, e.g. `top`.
    pub key: String,
    /// Its part of the ratio, a whole number: 3 : 5 : 2 is written as three layers with 3, 5 and 2.
    /// Only used where tiers come from a ranking.
    #[schemars(range(min = 0, max = 1_000_000))]
    pub ratio: u32,
    /// Shown to people.
    pub label: Words,
    /// Other words for it in a list's tier column.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// Where tiers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TierSource {
    /// The tier column, else the rank, else the total, else the sum of marks.
    #[default]
    Auto,
    /// The tier column.
    Column,
    /// The rank column, 1 is best.
    Rank,
    /// The total column.
    Total,
    /// The (weighted) sum of the marks.
    Sum,
}

impl TierSource {
    /// What the students are ranked by.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::Auto | Self::Column => words!("层次", "the tier"),
            Self::Rank => words!("名次", "the rank"),
            Self::Total => words!("总分", "the total"),
            Self::Sum => words!("各科成绩之和", "the sum of the marks"),
        }
    }
}

/// Whether tier counts are a goal or a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Enforce {
    /// Goal 1.
    #[default]
    Goal,
    /// Every count must be floor or ceil of its ideal.
    Rule,
}

/// How many groups a class gets. Group sizes are always within one of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sizing {
    /// This many groups.
    Count(#[schemars(range(min = 1, max = 2_000_000))] usize),
    /// round(students / size) groups.
    Size(#[schemars(range(min = 1, max = 2_000_000))] usize),
    /// Every group within the range, as near as can be to its middle.
    Range(SizeRange),
}

/// Sizes that a group may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SizeRange {
    /// Smallest size.
    #[schemars(range(min = 1, max = 2_000_000))]
    pub min: usize,
    /// Largest size.
    #[schemars(range(min = 1, max = 2_000_000))]
    pub max: usize,
}

impl Default for Sizing {
    fn default() -> Self {
        Self::Size(10)
    }
}

/// Rules that hold in every class that uses the model.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelRules {
    /// At least two or none of a kind in a group; columns that a list lacks are passed over.
    #[serde(default)]
    pub never_alone: Vec<rules::NeverAlone>,
}

impl ModelRules {
    fn is_empty(&self) -> bool {
        self.never_alone.is_empty()
    }
}
