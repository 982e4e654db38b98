//! What is asked of one run: a model, rules, a number of groups, last semester's plan.

use super::goal::Needs;
use super::{GoalName, GoalSpec, Model, Rules, Sizing};
use crate::model::ratio::Ratio;
use crate::plan::last::LastSemester;
use crate::plan::people::{Matching, matched};
use crate::roster::Roster;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything that, with a roster, decides what a good plan is.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What a good grouping is.
    pub model: Model,
    /// The user's rules.
    pub rules: Rules,
    /// Number of groups; the model's own where absent.
    pub sizing: Option<Sizing>,
    /// Last semester's groups.
    pub previous: Option<Previous>,
    /// SHA-256 of the staff list where groups get teachers; without one no goal looks at visits.
    pub staff: Option<String>,
}

/// Last semester's plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// Who was in which group.
    pub last: Arc<LastSemester>,
    /// SHA-256 of the file; of the class's own where there are several.
    pub sha256: String,
    /// What the old groups are for.
    pub mode: PreviousMode,
}

/// What last semester's groups are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreviousMode {
    /// New mixes: fewest repeated partners, above spread; means get room.
    Mix,
    /// Old groups: fewest students who change group, directly below the rules.
    Keep,
}

impl Previous {
    /// Last semester for a purpose.
    #[must_use]
    pub fn new(last: LastSemester, mode: PreviousMode) -> Self {
        Self { sha256: last.sha256.clone(), last: Arc::new(last), mode }
    }

    /// Who of a roster was who.
    #[must_use]
    pub fn matching<'a>(&'a self, roster: &'a Roster) -> Matching<'a> {
        matched(&self.last, roster, self.mode == PreviousMode::Keep)
    }
}

/// Points of any group's mean that mix mode may spend on new partners.
const MIX_MEANS_ROOM: f64 = 0.2;

impl Request {
    /// A request without rules or last semester's plan.
    #[must_use]
    pub fn new(model: Model) -> Self {
        Self { model, rules: Rules::default(), sizing: None, previous: None, staff: None }
    }

    /// The goal through which a run should prove its plan: the model's, but new partners where these are asked for and stand
    /// lower.
    #[must_use]
    pub fn prove_through(&self) -> GoalName {
        let own = self.model.prove_through;
        if !self.previous.as_ref().is_some_and(|previous| previous.mode == PreviousMode::Mix) {
            return own;
        }
        // The number of students decides tolerances alone, never levels.
        let goals = self.goals(0);
        let level = |name: GoalName| goals.iter().find(|goal| goal.goal == name).map_or(0, |goal| goal.level);
        if level(own) > level(GoalName::Partners) { own } else { GoalName::Partners }
    }

    /// The goals in force: the model's, with last semester's put where keep or mix mode wants it (engine.md), and visits where
    /// groups get teachers.
    /// `students` turns mix mode's room per group mean into a summed deviation.
    #[must_use]
    pub fn goals(&self, students: usize) -> Vec<GoalSpec> {
        let mode = self.previous.as_ref().map(|previous| previous.mode);
        let mut goals = self.model.goals.clone();
        goals.retain(|goal| match goal.goal.needs() {
            Needs::Nothing | Needs::Tiers => true,
            Needs::Visits => self.staff.is_some(),
            Needs::OldMixed => mode == Some(PreviousMode::Mix),
            // Keep mode puts it in by itself.
            Needs::OldKept => false,
        });
        let lacks = |goals: &[GoalSpec], name| !goals.iter().any(|goal| goal.goal == name);
        if self.staff.is_some() && lacks(&goals, GoalName::Visits) {
            below_means(&mut goals, GoalName::Visits);
        }
        match mode {
            Some(PreviousMode::Keep) => {
                for goal in &mut goals {
                    goal.level += 1;
                }
                goals.insert(0, spec(GoalName::Moves, 1));
            }
            Some(PreviousMode::Mix) if lacks(&goals, GoalName::Partners) => mix(&mut goals, students),
            Some(PreviousMode::Mix) | None => {}
        }
        goals.sort_by_key(|goal| (goal.level, goal.goal));
        goals
    }
}

/// Puts a goal directly below means (above visits, worst and spread).
fn below_means(goals: &mut Vec<GoalSpec>, name: GoalName) {
    let means = goals.iter().filter(|goal| goal.goal <= GoalName::Means).map(|goal| goal.level).max().unwrap_or(0);
    goals.iter_mut().filter(|goal| goal.level > means).for_each(|goal| goal.level += 1);
    goals.push(spec(name, means + 1));
}

/// Puts partners directly below means and gives means its room.
fn mix(goals: &mut Vec<GoalSpec>, students: usize) {
    for goal in goals.iter_mut().filter(|goal| goal.goal == GoalName::Means && goal.tolerance == 0.0) {
        goal.tolerance = MIX_MEANS_ROOM * students as f64;
    }
    below_means(goals, GoalName::Partners);
}

fn spec(goal: GoalName, level: u8) -> GoalSpec {
    GoalSpec { goal, level, weight: Ratio::default(), tolerance: 0.0, columns: None, column_weights: BTreeMap::new() }
}
