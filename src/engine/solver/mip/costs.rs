//! Rows (8)–(11): the value of a level, as an objective or under a budget.
//!
//! A fair-share term of amounts `a` (whole, least 0, greatest common divisor `q` taken out) has `d_g = N·q·(X_g − n_g·A/N)`
//! with the whole number `X_g = Σ a_s·x[s,g]`. The rows speak of `e_g ≥ |X_g − n_g·A/N| / σ` with a power of two σ that keeps
//! coefficients to 64 or so, that `HiGHS`'s tolerances mean the same on every scale of marks. Three cuts make the relaxation
//! tight: where the size is known, the chord between the two whole X next to the share; the sum of all `e_g` is at least what
//! rounding forces (F2); and the level is at least its closed-form bound. Pairs inside groups need no products either:
//! d·(d−1)/2 is convex, so its chords between whole d are rows.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    reason = "`HiGHS` takes floats; what rounding may falsify is in `doubt`"
)]

use super::rows::Rows;
use super::run::TOLERANCE;
use super::share::Share;
use super::worst::Worst;
use crate::goals::bounds::least_summed_deviation;
use crate::goals::{Goal, Objective, Shape, Term, Whole};
use crate::model::ratio::gcd;
use good_lp::{Expression, Variable, constraint, variable};

/// The value of a level over the model's variables: Σ coefficient·variable + constant.
pub(super) struct LevelValue {
    parts: Vec<(f64, Variable)>,
    constant: f64,
    /// The value is a multiple of this; 0 as long as it is always 0.
    step: i64,
    /// What tolerances may falsify it by.
    error: f64,
}

impl LevelValue {
    /// Adds rows (8) and (9) for a level of the objective; none where it has a goal that no rows express.
    pub(super) fn build(rows: &mut Rows<'_>, objective: &Objective, level: usize) -> Option<Self> {
        let mut value = Self { parts: Vec::new(), constant: 0.0, step: 0, error: 0.0 };
        for (f, (_, term)) in objective.terms.iter().enumerate().filter(|(_, (at, _))| *at == level) {
            match term.shape {
                Shape::Deviation => value.deviation(rows, f, term)?,
                Shape::Outside => value.outside(rows, f, term)?,
                Shape::Pairs => value.pairs(rows, f, term),
                Shape::Alone => return None,
            }
        }
        for goal in objective.goals.iter().filter(|goal| goal.at == level) {
            match &goal.parts.whole {
                Whole::Nothing => {}
                Whole::Largest { sizes_lcm } => value.largest(rows, goal, *sizes_lcm)?,
                Whole::Moves { homes } => value.moves(rows, homes, goal.multiplier),
                Whole::Distances { .. } => return None,
            }
        }
        Some(value)
    }

    fn add(&mut self, step: i64, coefficient: f64, variables: &[Variable], mass: f64) {
        self.step = gcd(self.step, step);
        self.parts.extend(variables.iter().map(|&variable| (coefficient, variable)));
        // Every x and every row may be off by the tolerance; ten times that is allowed for.
        self.error += 10.0 * TOLERANCE * (mass + coefficient.abs() * variables.len() as f64);
    }

    fn deviation(&mut self, rows: &mut Rows<'_>, f: usize, term: &Term) -> Option<()> {
        let share = Share::of(term)?;
        let (n, groups) = (rows.problem.students as i64, rows.problem.groups);
        let sizes: Vec<i64> = rows.problem.sizes().iter().map(|&size| size as i64).collect();
        let mut all = Vec::new();
        for g in 0..groups {
            let (d, start) = share.deviation(rows, g);
            let e = rows.add(variable().min(0), &format!("e[{f},{g}]"), start.abs());
            rows.require(format!("deviation[{f},{g}]"), constraint::geq(e - d.clone(), 0));
            rows.require(format!("deviation[{f},{g}]"), constraint::geq(e + d.clone(), 0));
            if let Ok(size) = rows.size(g) {
                // On whole X the chord from (⌊c⌋, r) to (⌊c⌋ + 1, 1 − r) is below |X − c|, r being the fraction of c.
                let part = (size * share.total).rem_euclid(n) as f64 / n as f64;
                let chord = (1.0 - 2.0 * part) * d + 2.0 * part * (1.0 - part) / share.sigma;
                rows.require(format!("deviation[{f},{g}]"), constraint::geq(e - chord, 0));
            }
            all.push(e);
        }
        let forced = least_summed_deviation(n, &sizes, share.total) as f64 / (n as f64 * share.sigma);
        rows.require(format!("deviation[{f}]"), constraint::geq(all.iter().sum::<Expression>(), forced));
        let unit = (term.weight * n * share.factor) as f64;
        // Deviations from fair shares add up to 0, so their absolute values add up to twice the positive ones.
        let step = 2 * term.weight * share.step(&rows.problem.sizes());
        self.add(step, unit * share.sigma, &all, unit * (share.total * groups as i64) as f64);
        Some(())
    }

    fn outside(&mut self, rows: &mut Rows<'_>, f: usize, term: &Term) -> Option<()> {
        let share = Share::of(term)?;
        let n = rows.problem.students as i64;
        let amount = |s: usize| (share.amounts[s] * share.factor) as f64;
        let total = share.total * share.factor;
        let floor = |size: i64| (size * total).div_euclid(n) as f64;
        let ceil = |size: i64| -(-size * total).div_euclid(n) as f64;
        let mut all = Vec::new();
        for g in 0..rows.problem.groups {
            let start = |x: f64| {
                let bounds = rows.plan_by_size(g, floor).zip(rows.plan_by_size(g, ceil));
                bounds.map_or(0.0, |(floor, ceil)| (x - ceil).max(floor - x).max(0.0))
            };
            let start = rows.plan_sum(g, amount).map_or(0.0, start);
            let e = rows.add(variable().min(0), &format!("e[{f},{g}]"), start);
            let (count, low, high) = (rows.sum(g, amount), rows.by_size(g, floor), rows.by_size(g, ceil));
            rows.require(format!("outside[{f},{g}]"), constraint::geq(e - count.clone() + high, 0));
            rows.require(format!("outside[{f},{g}]"), constraint::geq(e + count - low, 0));
            all.push(e);
        }
        let weight = term.weight as f64;
        self.add(term.weight, weight, &all, weight * (total * rows.problem.groups as i64) as f64);
        Some(())
    }

    fn pairs(&mut self, rows: &mut Rows<'_>, f: usize, term: &Term) {
        let amount = |s: usize| term.entries[s] as f64;
        let total: i64 = term.entries.iter().sum();
        let most = total.min(rows.problem.students.div_ceil(rows.problem.groups) as i64);
        let mut all = Vec::new();
        for g in 0..rows.problem.groups {
            let start = rows.plan_sum(g, amount).map_or(0.0, |d| d * (d - 1.0) / 2.0);
            let e = rows.add(variable().min(0), &format!("e[{f},{g}]"), start);
            for k in 1..most {
                let chord = rows.sum(g, amount) * k as f64 - (k * (k + 1) / 2) as f64;
                rows.require(format!("pairs[{f},{g},{k}]"), constraint::geq(e - chord, 0));
            }
            all.push(e);
        }
        let weight = term.weight as f64;
        self.add(term.weight, weight, &all, weight * (total * most * rows.problem.groups as i64) as f64);
    }

    /// One variable above all weighted deviations of group means.
    fn largest(&mut self, rows: &mut Rows<'_>, goal: &Goal, sizes_lcm: i64) -> Option<()> {
        let worst = Worst::of(rows, goal, sizes_lcm)?;
        let z = rows.add(variable().min(0), "worst", worst.at_start(rows));
        for (i, limit) in worst.limits(rows).into_iter().enumerate() {
            rows.require(format!("worst[{i}]"), constraint::geq(z - limit, 0));
        }
        let multiplier = goal.multiplier as f64;
        let step = goal.multiplier * worst.step(&rows.problem.sizes());
        self.add(step, multiplier * worst.scale, &[z], multiplier * worst.mass());
        Some(())
    }

    fn moves(&mut self, rows: &Rows<'_>, homes: &[Option<usize>], multiplier: i64) {
        let weight = multiplier as f64;
        let mut stays = Vec::new();
        for (s, home) in homes.iter().enumerate().filter_map(|(s, home)| home.map(|home| (s, home))) {
            self.constant += weight;
            if home < rows.problem.groups {
                stays.push(rows.x(s, home));
            }
        }
        self.add(multiplier, -weight, &stays, 2.0 * weight * stays.len() as f64);
    }

    /// What the objective is divided by, so that its coefficients are moderate.
    fn scale(&self) -> f64 {
        let largest = self.parts.iter().map(|(coefficient, _)| coefficient.abs()).fold(1.0, f64::max);
        (largest / 16.0).log2().ceil().max(0.0).exp2()
    }

    /// Row (11): the value less its constant, divided by its scale.
    pub(super) fn expression(&self) -> Expression {
        let scale = self.scale();
        let mut sum = Expression::with_capacity(self.parts.len());
        for &(coefficient, variable) in &self.parts {
            sum.add_mul(coefficient / scale, variable);
        }
        sum
    }

    /// Row (10). Values are multiples of the step, so half a step of room lets nothing in and keeps rounding from shutting
    /// anything out.
    pub(super) fn keep_budget(&self, rows: &mut Rows<'_>, level: usize, budget: i64) {
        let step = self.step.max(1);
        let most = budget.div_euclid(step) as f64 * step as f64 + step as f64 / 2.0;
        let row = constraint::leq(self.expression(), (most - self.constant) / self.scale());
        rows.require(format!("budget[{level}]"), row);
    }

    /// A cut: the level's closed-form bound.
    pub(super) fn keep_bound(&self, rows: &mut Rows<'_>, bound: i64) {
        let row = constraint::geq(self.expression(), (bound as f64 - self.constant) / self.scale());
        rows.require("objective".to_owned(), row);
    }

    fn doubt(&self, value: f64) -> f64 {
        (1e-6 * value.abs().max(1.0)).max(self.error)
    }

    /// The gap that leaves no room for a better value, in the objective's units.
    pub(super) fn absolute_gap(&self, value: i64) -> f64 {
        0.9 * (self.step as f64 - 2.0 * self.doubt(value as f64)).max(0.0) / self.scale()
    }

    /// The least value at or above a dual bound that the level can take.
    pub(super) fn whole_bound(&self, dual: f64) -> i64 {
        let value = dual * self.scale() + self.constant;
        let step = self.step.max(1);
        ((value - self.doubt(value)) / step as f64).ceil() as i64 * step
    }
}
