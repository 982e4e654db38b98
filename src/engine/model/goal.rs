//! The goals that fenzu knows, and what models, lists and the judge must know of each. All else is in the goal's own file
//! (`goals/means.rs` …).

use crate::words::{Label, label};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The goals that fenzu knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GoalName {
    /// Students who change group (keep mode).
    Moves,
    /// Tier counts against each group's ideal.
    Tiers,
    /// Counts of gender, flags and categories against each group's ideal.
    Counts,
    /// Group sums of marks against each group's share.
    Means,
    /// Home visits a semester against each group's share; in force only where groups get teachers.
    Visits,
    /// The largest single deviation of means.
    Worst,
    /// Group sums of squares against each group's share (k-plus).
    Spread,
    /// Pairs that were in one group last semester.
    Partners,
    /// Pairwise distance inside groups (MDGP).
    Diversity,
}

/// The columns that a goal looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// None.
    None,
    /// Marks.
    Marks,
    /// Marks, every two students compared.
    Pairs,
    /// Gender, flags and categories.
    Kinds,
}

/// What a goal needs beside its columns to be in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// Tiers of the students.
    Tiers,
    /// Teachers for the groups, and home visits that differ.
    Visits,
    /// Last semester's groups, to be mixed.
    OldMixed,
    /// Last semester's groups, to be kept. Such a goal is in force by itself and in no model.
    OldKept,
}

impl Needs {
    /// Whether this is what the goal of a word needs.
    #[must_use]
    pub fn is_of(self, word: &str) -> bool {
        GoalName::of_word(word).is_some_and(|goal| goal.needs() == self)
    }
}

/// A goal as models, lists and the judge know it: its word, columns, needs and unit.
struct Row(&'static str, Columns, Needs, Label);

impl GoalName {
    /// Every goal, in the usual order of levels.
    pub const ALL: [Self; 9] = [
        Self::Moves,
        Self::Tiers,
        Self::Counts,
        Self::Means,
        Self::Visits,
        Self::Worst,
        Self::Spread,
        Self::Partners,
        Self::Diversity,
    ];

    const fn row(self) -> Row {
        use Columns::{Kinds, Marks, Pairs};
        use Needs::{Nothing, OldKept, OldMixed, Tiers, Visits};
        let students = label("人", "students");
        match self {
            Self::Moves => Row("moves", Columns::None, OldKept, students),
            Self::Tiers => Row("tiers", Columns::None, Tiers, students),
            Self::Counts => Row("counts", Kinds, Nothing, students),
            Self::Means => Row("means", Marks, Nothing, label("分（偏差之和）", "points (summed deviation)")),
            Self::Visits => {
                Row("visits", Columns::None, Visits, label("次家访（偏差之和）", "visits (summed deviation)"))
            }
            Self::Worst => Row("worst", Marks, Nothing, label("分（平均分）", "points of mean")),
            Self::Spread => {
                let unit = label("分（标准差偏差之和）", "points of standard deviation (summed)");
                Row("spread", Marks, Nothing, unit)
            }
            Self::Partners => Row("partners", Columns::None, OldMixed, label("对", "pairs")),
            Self::Diversity => Row("diversity", Pairs, Nothing, label("%（组间）", "% between groups")),
        }
    }

    /// The word used in models, JSON and `--prove`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        self.row().0
    }

    /// The goal of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|goal| goal.word() == word)
    }

    /// The columns that it looks at.
    #[must_use]
    pub const fn columns(self) -> Columns {
        self.row().1
    }

    /// What it needs to be in force.
    #[must_use]
    pub const fn needs(self) -> Needs {
        self.row().2
    }

    /// The unit of its shown value.
    #[must_use]
    pub const fn unit(self) -> Label {
        self.row().3
    }

    /// Whether it is in force in every run; the others need last semester's plan or a staff list.
    #[must_use]
    pub const fn is_always_in_force(self) -> bool {
        matches!(self.needs(), Needs::Nothing | Needs::Tiers)
    }

    /// Whether it looks at last semester's groups.
    #[must_use]
    pub const fn looks_back(self) -> bool {
        matches!(self.needs(), Needs::OldMixed | Needs::OldKept)
    }
}
