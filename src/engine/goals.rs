//! The goals of a problem, compiled for search: exact integer values, changes under a move, closed-form bounds.
//!
//! Nearly every goal is separable: a sum over groups g and *terms* f of a cost φ_f(d_gf), where d_gf = Σ_{s∈g} e_sf adds up
//! entries of the group's students. With entries e_sf = N·a_sf − A_f (A_f the class total of a) that sum is N·S_gf − n_g·A_f,
//! the deviation from the group's fair share, whatever the group's size. Each goal's file says which terms it has; one kernel
//! ([`ledger`]) keeps the sums and prices moves. models/formulation.md has the mathematics.

pub mod about;
pub mod bounds;
pub mod counts;
pub mod diversity;
pub mod ledger;
pub mod levels;
pub mod means;
pub mod moves;
pub mod partners;
pub mod range;
pub mod rules;
pub mod spread;
pub mod tiers;
pub mod values;
pub mod visits;
pub mod worst;

use crate::fault::Faults;
use crate::model::{GoalName, Policy, Request};
use crate::problem::Problem;
use crate::roster::Roster;
pub use about::About;
pub use ledger::Ledger;
pub use levels::Level;

/// Most levels a problem can have; level 0 counts broken rules.
pub const MAX_LEVELS: usize = 10;

/// Values of all levels, highest first; index 0 counts broken rules. Compared lexicographically.
pub type Levels = [i64; MAX_LEVELS];

/// The cost of a term as a function of a group's sum d.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// abs(d): distance from the fair share (entries N·a − A).
    Deviation,
    /// ⌊abs(d) / N⌋: students outside floor/ceil of the fair share (entries N·a − A).
    Outside,
    /// d·(d − 1)/2: pairs inside the group (entries a ∈ {0,1}).
    Pairs,
    /// 1 if d = 1: somebody is the only one (entries a ∈ {0,1}).
    Alone,
}

/// One separable part of a goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The cost of a group's sum.
    pub shape: Shape,
    /// Whole weight.
    pub weight: i64,
    /// e_s of each student.
    pub entries: Vec<i64>,
}

impl Term {
    /// A term about the fair share of `amounts`: entries N·a_s − A.
    #[must_use]
    pub fn fair_share(shape: Shape, weight: i64, amounts: &[i64]) -> Self {
        let (n, total) = (amounts.len() as i64, amounts.iter().sum::<i64>());
        Self { shape, weight, entries: amounts.iter().map(|a| n * a - total).collect() }
    }

    /// A term that counts members.
    #[must_use]
    pub fn count(shape: Shape, weight: i64, members: impl Iterator<Item = bool>) -> Self {
        Self { shape, weight, entries: members.map(i64::from).collect() }
    }

    /// φ(d) of a group with sum `d` in a class of `n` students.
    #[inline]
    #[must_use]
    pub fn cost(shape: Shape, weight: i64, d: i64, n: i64) -> i64 {
        weight
            * match shape {
                Shape::Deviation => d.abs(),
                Shape::Outside => d.abs() / n,
                Shape::Pairs => d * (d - 1) / 2,
                Shape::Alone => i64::from(d == 1),
            }
    }
}

/// What of a goal is not separable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whole {
    /// Nothing: the terms are all.
    Nothing,
    /// The largest of the terms' costs over groups, each times Λ / n_g; the terms' sum does not count.
    Largest {
        /// Λ, least common multiple of the sizes.
        sizes_lcm: i64,
    },
    /// Students whose group differs from `homes[s]`.
    Moves {
        /// Home group of each student, if any; it may lie beyond the groups.
        homes: Vec<Option<usize>>,
    },
    /// Distance between students of different groups.
    Distances {
        /// Symmetric, N × N, row-major.
        matrix: Vec<i64>,
        /// Sum over all pairs.
        total: i64,
    },
}

/// What a goal's file builds.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Separable parts.
    pub terms: Vec<Term>,
    /// The rest.
    pub whole: Whole,
    /// Closed-form lower bound of the scaled value.
    pub bound: i64,
    /// κ: the scaled value divided by this is shown to people.
    pub unit: f64,
    /// κ′: the same as an integer, for adding goals of one level and for tolerances. It may be beyond 64 bits: what is compared is not.
    pub level_unit: i128,
}

/// A compiled goal.
#[derive(Clone, Debug)]
pub struct Goal {
    /// Which goal.
    pub name: GoalName,
    /// The model's number of its level.
    pub level: u8,
    /// Index of its level in [`Levels`].
    pub at: usize,
    /// μ: weight of its scaled value in the level's value.
    pub multiplier: i64,
    /// Its parts.
    pub parts: Parts,
}

/// All goals of a problem, ready to be evaluated.
#[derive(Clone, Debug)]
pub struct Objective {
    /// N.
    pub students: usize,
    /// G.
    pub groups: usize,
    /// In order of level.
    pub goals: Vec<Goal>,
    /// `levels[l]`; index 0 is the rules, bound 0.
    pub levels: Vec<Level>,
    /// The index of the last level worth proving before a run may end.
    pub focus: usize,
    /// Terms of the levels with their level index, sorted by level; worst's terms are apart.
    pub(crate) terms: Vec<(usize, Term)>,
    /// Pairs that must be apart, as neighbours of each student.
    pub(crate) apart: Vec<Vec<usize>>,
}

impl Objective {
    /// Compiles the goals and rules of a problem, which [`compile`] has nothing against.
    #[must_use]
    pub fn new(problem: &Problem) -> Self {
        let goals = levels::compiled(problem);
        let levels = levels::sums(&goals, &problem.goals);
        let focus = focus(&goals, problem.prove_through).unwrap_or(levels.len() - 1);
        let mut terms: Vec<(usize, Term)> = rules::terms(problem).into_iter().map(|term| (0, term)).collect();
        for goal in goals.iter().filter(|goal| !matches!(goal.parts.whole, Whole::Largest { .. })) {
            let weigh = |term: &Term| Term { weight: term.weight * goal.multiplier, ..term.clone() };
            terms.extend(goal.parts.terms.iter().map(|term| (goal.at, weigh(term))));
        }
        Self {
            students: problem.students,
            groups: problem.groups,
            focus,
            levels,
            goals,
            terms: merge(terms),
            apart: rules::apart_neighbours(problem),
        }
    }

    /// Values of all levels for a plan, from scratch.
    #[must_use]
    pub fn evaluate(&self, group_of: &[usize]) -> Levels {
        Ledger::new(self, group_of.to_vec()).levels
    }
}

/// What the goal's own file says of it.
#[must_use]
pub fn about(goal: GoalName) -> &'static About {
    match goal {
        GoalName::Moves => &moves::ABOUT,
        GoalName::Tiers => &tiers::ABOUT,
        GoalName::Counts => &counts::ABOUT,
        GoalName::Means => &means::ABOUT,
        GoalName::Visits => &visits::ABOUT,
        GoalName::Worst => &worst::ABOUT,
        GoalName::Spread => &spread::ABOUT,
        GoalName::Partners => &partners::ABOUT,
        GoalName::Diversity => &diversity::ABOUT,
    }
}

/// Compiles one class into a problem whose goals can be compared exactly.
///
/// # Errors
/// What [`Problem::compile`], [`range::refusals`] and, where these have nothing against it, [`levels::refusals`] have.
pub fn compile(roster: &Roster, request: &Request, policy: &Policy) -> Result<Problem, Faults> {
    let problem = Problem::compile(roster, request, policy)?;
    let mut refusals = range::refusals(&problem, roster);
    if refusals.is_empty() {
        refusals = levels::refusals(&problem);
    }
    if refusals.is_empty() { Ok(problem) } else { Err(Faults(refusals)) }
}

/// The level of the goal to prove through; where the list has no such columns, of the last goal before it.
fn focus(goals: &[Goal], through: GoalName) -> Option<usize> {
    let named = goals.iter().find(|goal| goal.name == through).map(|goal| goal.at);
    named.or_else(|| goals.iter().filter(|goal| goal.name < through).map(|goal| goal.at).max())
}

/// Adds terms that are the same up to sign (boys and girls), which halves the work; zero terms go.
fn merge(terms: Vec<(usize, Term)>) -> Vec<(usize, Term)> {
    let mut merged: Vec<(usize, Term)> = Vec::new();
    for (level, term) in terms {
        let even = matches!(term.shape, Shape::Deviation | Shape::Outside);
        if term.weight == 0 || even && term.entries.iter().all(|&e| e == 0) {
            continue;
        }
        let mirrors = |other: &Term| even && other.entries.iter().zip(&term.entries).all(|(a, b)| *a == -b);
        let same = |(l, other): &&mut (usize, Term)| {
            *l == level && other.shape == term.shape && (other.entries == term.entries || mirrors(other))
        };
        match merged.iter_mut().find(same) {
            Some((_, other)) => other.weight += term.weight,
            None => merged.push((level, term)),
        }
    }
    merged.sort_by_key(|(level, _)| *level);
    merged
}
