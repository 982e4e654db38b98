//! The plan as it is written and read: `fenzu-plan/1`, the JSON that the command line, files and the service share.
//!
//! Scaled values are exact integers; `value` and `bound` are the same in the unit shown to people.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version word at the head of every plan.
pub const FORMAT: &str = "fenzu-plan/1";

/// One class's plan with everything that is told about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// Always [`FORMAT`].
    pub format: String,
    /// What is known of the plan.
    pub status: Status,
    /// Why the run ended.
    pub stop: StopReason,
    /// What was asked for.
    pub request: RequestRecord,
    /// The groups; empty where there is no plan.
    pub groups: Vec<GroupRecord>,
    /// The students' names, so that next semester they are known again; empty where the list has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonRecord>,
    /// The score card, in order of level.
    pub goals: Vec<GoalRecord>,
    /// Means and counts of every balanced column, group by group.
    pub balance: Vec<BalanceRecord>,
    /// Mean over balanced score columns of within / total sum of squares (0..=1); null without score columns or plan.
    pub heterogeneity: Option<f64>,
    /// Seconds of the whole run.
    pub elapsed_seconds: f64,
    /// The seed that repeats the run.
    pub seed: u64,
    /// What was read.
    pub input: InputRecord,
    /// What was skipped, taken as missing, or decided.
    pub notices: Vec<NoticeRecord>,
    /// The smallest set of rules that cannot hold together; null unless infeasible.
    pub conflict: Option<Vec<ConflictRecord>>,
}

/// What is known of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Every level is proved.
    Optimal,
    /// A valid plan; some level is not proved.
    Feasible,
    /// Proved: the rules cannot hold together.
    Infeasible,
    /// The limit came with neither plan nor proof.
    Unknown,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// The asked-for levels are proved.
    Proved,
    /// No part of the portfolio got further.
    Stalled,
    /// `--work` was used up.
    WorkLimit,
    /// `--time-limit` was reached.
    TimeLimit,
    /// The user stopped it.
    Cancelled,
    /// None ended here: the groups were arranged by hand.
    Edited,
}

/// How a bound was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// A bound from rounding or flow that the value meets.
    ClosedForm,
    /// The exact cover by listed groups.
    Cover,
    /// Set partitioning over all groups: the linear programme's bound, cuts and branching.
    Partition,
    /// The assignment MIP's dual bound.
    Mip,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RequestRecord {
    /// The model, whole.
    pub model: serde_json::Value,
    /// The rules, as `--rules` has them.
    pub rules: serde_json::Value,
    /// Number of groups.
    pub groups: usize,
    /// SHA-256 of last semester's plan, if one was given.
    pub previous_sha256: Option<String>,
    /// SHA-256 of the staff list, if one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_sha256: Option<String>,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupRecord {
    /// `<class>/<n>`, or `<n>` without a class.
    pub id: String,
    /// The name shown.
    pub name: String,
    /// The class; empty where the list has none.
    pub class: String,
    /// Id of the responsible teacher, once there is one.
    pub teacher: Option<String>,
    /// The teacher's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teacher_name: Option<String>,
    /// Student ids, in roster order.
    pub students: Vec<String>,
    /// Paired help (结对帮扶): struggling student, helper.
    pub helpers: Vec<[String; 2]>,
}

/// Who an id is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PersonRecord {
    /// As in the groups.
    pub id: String,
    /// The name.
    pub name: String,
    /// The class, where students of several were divided together.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
    /// `male`, `female` or the list's own word.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub gender: String,
}

/// One goal on the score card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GoalRecord {
    /// `tiers`, `counts`, `means` …
    pub name: String,
    /// 1 is the highest.
    pub level: u8,
    /// In `unit`.
    pub value: f64,
    /// Proven lower bound, in `unit`.
    pub bound: f64,
    /// The value as the exact integer that was compared.
    pub scaled: i64,
    /// The bound as the exact integer.
    pub scaled_bound: i64,
    /// Unit of `value` and `bound`, in words.
    pub unit: String,
    /// Why the value is what it is, in words.
    #[serde(default)]
    pub justification: String,
    /// Whether this level is proved optimal, given the levels above it.
    pub proved: bool,
    /// What proved it.
    pub proof: Option<Proof>,
    /// Seconds until this value was found.
    pub found_seconds: Option<f64>,
    /// Seconds until it was proved.
    pub proved_seconds: Option<f64>,
    /// The level as a whole, where several goals share it: it is proved, while `bound` is what holds for this goal alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<SharedLevel>,
}

/// The weighted sum of the goals that share a level, in the exact integers that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SharedLevel {
    /// Value of the sum.
    pub value: i64,
    /// Proven lower bound of the sum.
    pub bound: i64,
}

/// One balanced column, group by group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BalanceRecord {
    /// The column's name; `gender=male` for a category's value.
    pub column: String,
    /// The column's header in the list.
    pub header: String,
    /// `score`, `count` or `tier`.
    pub kind: BalanceKind,
    /// Mean (scores, over the marks that are there) or number of students per group.
    pub groups: Vec<f64>,
    /// The whole class: mean or total.
    pub class: f64,
    /// Largest less smallest of `groups`.
    pub range: f64,
}

/// What a balance row counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BalanceKind {
    /// Means of marks.
    Score,
    /// Students with a value.
    Count,
    /// Students of a tier.
    Tier,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InputRecord {
    /// Of the list's bytes.
    pub sha256: String,
    /// Students of this class.
    pub students: usize,
    /// Every column of the list.
    pub columns: Vec<ColumnRecord>,
    /// What the result rests on.
    #[serde(default, skip_serializing_if = "RestsOn::is_untold")]
    pub rests_on: RestsOn,
}

/// What a result rests on, in the list's own words. A plan made before this was told has no students here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RestsOn {
    /// Students who are divided.
    pub students: usize,
    /// Headers of the columns that goals balance.
    pub balanced: Vec<String>,
    /// Header of the column that decides the tiers; null without tiers, or where marks are added up for them.
    pub tiers_by: Option<String>,
    /// Headers of the columns with marks, kinds or names that nothing looks at.
    pub unused: Vec<String>,
    /// People of the list, or what stands in the place of one, who are not divided.
    pub left_out: Vec<String>,
}

impl RestsOn {
    /// Whether nothing was told.
    #[must_use]
    pub fn is_untold(&self) -> bool {
        *self == Self::default()
    }
}

/// One column of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ColumnRecord {
    /// As written.
    pub header: String,
    /// What it was read as, in the words of `--column`.
    pub read_as: String,
}

/// A notice in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeRecord {
    /// A stable word.
    pub code: String,
    /// Where.
    #[serde(rename = "where")]
    pub place: String,
    /// What.
    pub message: String,
}

/// One rule of a conflict, or the sentence that sums it up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConflictRecord {
    /// The rule as the user wrote it, e.g. `apart: 3, 4, 5`.
    pub rule: String,
    /// Why it cannot hold with the others.
    pub message: String,
}
