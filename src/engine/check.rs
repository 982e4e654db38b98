//! The independent judge: recomputes a plan, every goal value and every closed-form bound from roster, request and policy.
//!
//! It is written from `models/formulation.md` alone and shares no code with `goals` and `solver`, so that an error has to be
//! made twice to stay unseen. Clarity goes before speed, sums are 128-bit. One job a file:
//!
//! | file | job |
//! |---|---|
//! | [`diversity`] | what a division of elements or rows is worth (MDGP) |
//! | `fraction` | exact fractions, and weights made whole |
//! | `marks` | the whole-number marks of a score column |
//! | `case` | one class with one plan: sizes, kinds, old groups, the terms of a goal |
//! | `values`, `bounds` | one function per goal |
//! | `card` | goals and levels with units and tolerances |
//! | `rules` | sizes, together, apart, pin, never alone, tiers as a rule |
//! | `balance` | means and counts group by group, heterogeneity |
//! | `plans` | the plan of a document or of rows |
//! | `claims` | what a document says of its goals: numbers, bounds, proofs, status |
//! | `judge` | the whole document |
//! | `staffing` | teachers over all classes |
//! | `restaffing` | wishes won and lost, groups and students that change teacher |

mod balance;
mod bounds;
mod card;
mod case;
mod claims;
pub mod diversity;
mod fraction;
mod judge;
mod marks;
mod plans;
mod restaffing;
mod rules;
mod staffing;
mod values;

pub use balance::{balance, heterogeneity};
pub use card::{CheckedGoal, CheckedLevel, ScoreCard, score};
pub use judge::judge;
pub use plans::{plan_of, plan_of_rows};
pub use restaffing::{ToldWish, moved, wishes};
pub use rules::broken_rules;
pub use staffing::{Staffed, staffing, teacher_pins};

use crate::words::Words;

/// One thing that is wrong with a plan or with what its document says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A stable word for programs, e.g. `together`, `goal_value`.
    pub code: &'static str,
    /// Where, in the keys of the plan's JSON: `groups[2]`, `goals[means].bound`; a rule by its name.
    pub place: String,
    /// What is wrong, in words.
    pub message: Words,
}

/// `code` at `place`, in words.
fn finding(code: &'static str, place: impl Into<String>, message: Words) -> Finding {
    Finding { code, place: place.into(), message }
}
