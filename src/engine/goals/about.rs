//! What a goal's own file says of the goal. Nobody else knows what a goal is called or how it is computed; all ask here.

use super::Parts;
use crate::fault::Fault;
use crate::problem::weights::Power;
use crate::problem::{GoalInput, Problem};
use crate::roster::Roster;
use crate::words::{Label, Words};

/// A goal, described.
#[derive(Debug)]
pub struct About {
    /// Its short name.
    pub label: Label,
    /// What it measures, in a teacher's words.
    pub meaning: Label,
    /// Its unit where there is little room; none where that is the unit.
    pub short_unit: Option<Label>,
    /// How the page of wishes asks for it; none where it does not.
    pub wish: Option<Wish>,
    /// Which exact ways can express it.
    pub exact: Exact,
    /// What of a mark it adds up.
    pub power: Power,
    /// The largest sum over a column whose largest number is the given one, before weights.
    pub(super) range: fn(&Problem, f64) -> f64,
    /// What else makes it impossible to compute exactly.
    pub(super) refusal: fn(&Problem, &Roster) -> Option<Fault>,
    /// Terms, shape and closed-form bound.
    pub(super) build: fn(&Problem, &GoalInput) -> Parts,
    /// The value shown, where that is not the scaled value in units of κ.
    pub(super) shown: Option<fn(&Problem, &[usize]) -> i64>,
    /// Why a plan has the value that it has.
    pub(super) justify: fn(&Divided<'_>) -> Words,
}

/// How the page asks for a goal.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// What to balance.
    pub label: Label,
    /// What that is, where the label does not say it.
    pub hint: Option<Label>,
}

/// Which exact ways can express a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exact {
    /// Neither the cover nor the MIP: only the closed-form bound can prove it, and nothing below it is proved.
    Neither,
    /// Both. The cover proves sums; the MIP closes them in the smallest classes only.
    Sums,
    /// Both. Counts close at the root of the MIP, so that it is asked first.
    Counts,
}

/// A goal of a divided class.
pub(super) struct Divided<'a> {
    /// The class.
    pub problem: &'a Problem,
    /// The goal's columns and weights.
    pub input: &'a GoalInput,
    /// The goal, compiled.
    pub parts: &'a Parts,
    /// Group of each student.
    pub group_of: &'a [usize],
}

/// The range of a sum of deviations from the fair share: entries are N times a number, of N students.
pub(super) fn deviations(problem: &Problem, largest: f64) -> f64 {
    (problem.students as f64).powi(2) * largest
}

/// Nothing else makes it impossible.
pub(super) fn possible(_: &Problem, _: &Roster) -> Option<Fault> {
    None
}
