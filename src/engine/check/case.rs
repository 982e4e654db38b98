//! One class with one plan, and the terms that a goal adds up: whole-number columns with whole weights.

use super::fraction::{Fraction, gcd, lcm, made_whole};
use super::marks::marks;
use crate::model::policy::{Kind, PolicyGoal, kinds};
use crate::model::previous::old_numbers;
use crate::model::{Policy, Request};
use crate::plan::Plan;
use crate::roster::Roster;
use std::collections::BTreeMap;

/// A class and its plan, with the numbers that every goal uses. Symbols as in `models/formulation.md`.
pub(super) struct Case<'a> {
    pub roster: &'a Roster,
    pub policy: &'a Policy,
    /// N.
    pub students: i128,
    /// The students of each group.
    pub members: Vec<Vec<usize>>,
    /// `n_g` of the plan.
    pub sizes: Vec<i128>,
    /// The sizes that a plan of G groups must have: N mod G times ⌈N/G⌉, then ⌊N/G⌋. Bounds are over these.
    pub even_sizes: Vec<i128>,
    /// 0-based number of each student's group last semester.
    pub old: Vec<Option<usize>>,
    /// New group of each student.
    pub group_of: &'a [usize],
}

impl<'a> Case<'a> {
    pub fn new(roster: &'a Roster, request: &Request, policy: &'a Policy, plan: &'a Plan) -> Self {
        let members = plan.members();
        let students = roster.students.len();
        let groups = plan.groups.max(1);
        let even = |g: usize| students / groups + usize::from(g < students % groups);
        Self {
            roster,
            policy,
            students: students as i128,
            sizes: members.iter().map(|group| group.len() as i128).collect(),
            even_sizes: (0..plan.groups).map(|g| even(g) as i128).collect(),
            members,
            old: request
                .previous
                .as_ref()
                .map_or_else(|| vec![None; students], |previous| old_numbers(previous, roster)),
            group_of: &plan.group_of,
        }
    }

    /// Λ: least common multiple of the sizes.
    pub fn sizes_multiple(&self) -> i128 {
        self.even_sizes.iter().copied().filter(|&n| n > 0).fold(1, lcm)
    }

    /// The tier of each student as 0/1 columns, one a tier.
    pub fn tiers(&self) -> Vec<Vec<i128>> {
        let Some(tier_of) = &self.policy.tier_of else { return Vec::new() };
        let tiers = tier_of.iter().max().map_or(0, |last| last + 1);
        (0..tiers).map(|tier| tier_of.iter().map(|&t| i128::from(t == tier)).collect()).collect()
    }

    /// How many students of today were in each group last semester.
    pub fn old_sizes(&self) -> BTreeMap<usize, i128> {
        let mut sizes = BTreeMap::new();
        for &p in self.old.iter().flatten() {
            *sizes.entry(p).or_default() += 1;
        }
        sizes
    }

    /// Sums of a column over each group, `U_gc`.
    pub fn group_sums(&self, column: &[i128]) -> Vec<i128> {
        self.members.iter().map(|group| group.iter().map(|&s| column[s]).sum()).collect()
    }
}

/// One whole-number column of a goal.
pub(super) struct Term {
    /// A number per student: a mark, a square, or 1 for a member of a kind.
    pub u: Vec<i128>,
    /// Its whole weight: `m_c`, `p_c` or `w_k·L`.
    pub weight: i128,
}

/// The columns of a goal with weights made whole.
pub(super) struct Terms {
    pub columns: Vec<Term>,
    /// L: the least positive integer that makes all weights whole.
    pub multiple: i128,
}

impl Terms {
    fn new(columns: Vec<Vec<i128>>, weights: &[Fraction]) -> Self {
        let (whole, multiple) = made_whole(weights);
        Self { columns: columns.into_iter().zip(whole).map(|(u, weight)| Term { u, weight }).collect(), multiple }
    }

    /// Marks, a unit of column c weighing `ω_c = w_c·q_c/scale_c`.
    pub fn of_marks(case: &Case, goal: &PolicyGoal) -> Self {
        let (columns, points): (Vec<_>, Vec<_>) = columns_of(case, goal);
        let weights: Vec<Fraction> =
            goal.columns.iter().zip(points).map(|(&c, points)| weight(case, goal, c).times(points)).collect();
        Self::new(columns, &weights)
    }

    /// Home visits less the least, in steps of their greatest common divisor, a step weighing as many visits.
    pub fn of_visits(case: &Case) -> Self {
        let visits: Vec<i128> = case.policy.visits.iter().map(|&visits| i128::from(visits)).collect();
        let least = visits.iter().copied().min().unwrap_or(0);
        let step = visits.iter().fold(0, |step, of| gcd(step, of - least)).max(1);
        let u = visits.iter().map(|of| (of - least) / step).collect();
        Self { columns: vec![Term { u, weight: step }], multiple: 1 }
    }

    /// Squares of marks about the class's rounded mean, a unit weighing `w_c·(q_c/scale_c)²`.
    pub fn of_squares(case: &Case, goal: &PolicyGoal) -> Self {
        let (columns, points) = coarse_columns_of(case, goal);
        let squares = columns.iter().map(|u| squares(u)).collect();
        let weights: Vec<Fraction> = (goal.columns.iter().zip(points))
            .map(|(&c, points)| weight(case, goal, c).times(points).times(points))
            .collect();
        Self::new(squares, &weights)
    }

    /// The kinds of the goal's counted columns, each with its column's weight.
    pub fn of_kinds(case: &Case, goal: &PolicyGoal) -> Self {
        let kinds: Vec<Kind> = goal.columns.iter().flat_map(|&c| kinds(case.roster, c)).collect();
        let weights: Vec<Fraction> = kinds.iter().map(|kind| weight(case, goal, kind.column)).collect();
        let columns = kinds.iter().map(|kind| kind.members.iter().map(|&is| i128::from(is)).collect()).collect();
        Self::new(columns, &weights)
    }
}

/// The goal's columns as whole-number marks, and the points of a unit of each.
fn columns_of(case: &Case, goal: &PolicyGoal) -> (Vec<Vec<i128>>, Vec<Fraction>) {
    let column = |&c: &usize| marks(case.roster, case.policy.tier_of.as_deref(), c);
    goal.columns.iter().map(column).map(|marks| (marks.u, marks.points)).unzip()
}

/// The same with marks of a wide range made coarser, as squares take them: u in steps of 2^h, halves up, with the least h for
/// which the largest is below 2¹³.
fn coarse_columns_of(case: &Case, goal: &PolicyGoal) -> (Vec<Vec<i128>>, Vec<Fraction>) {
    let coarsen = |(u, points): (Vec<i128>, Fraction)| {
        let largest = u.iter().copied().max().unwrap_or(0);
        let step = (0..64).map(|h| 1_i128 << h).find(|step| largest / step < 1 << 13).unwrap_or(1);
        let coarse = u.iter().map(|u| (2 * u + step).div_euclid(2 * step)).collect();
        (coarse, points.times(Fraction::new(step, 1)))
    };
    let (columns, points) = columns_of(case, goal);
    columns.into_iter().zip(points).map(coarsen).unzip()
}

/// (u − μ)² with μ the mean, rounded halves up.
pub(super) fn squares(u: &[i128]) -> Vec<i128> {
    let (sum, n) = (u.iter().sum::<i128>(), (u.len() as i128).max(1));
    let mean = (2 * sum + n).div_euclid(2 * n);
    u.iter().map(|u| (u - mean).pow(2)).collect()
}

/// `w_c`: the column's weight in the goal, 1 where the model names none.
fn weight(case: &Case, goal: &PolicyGoal, column: usize) -> Fraction {
    let name = case.roster.columns[column].field.name();
    goal.spec.column_weights.get(name).copied().unwrap_or_default().into()
}

/// Variance of the goal's columns in points², averaged: σ² of the unit constant of spread.
pub(super) fn variance(case: &Case, goal: &PolicyGoal) -> f64 {
    let (columns, points) = coarse_columns_of(case, goal);
    let of = |(u, points): (&Vec<i128>, Fraction)| {
        Fraction::new(squares(u).iter().sum(), case.students.max(1)).float() * points.float().powi(2)
    };
    let count = Fraction::new((columns.len() as i128).max(1), 1).float();
    columns.iter().zip(points).map(of).sum::<f64>() / count
}
