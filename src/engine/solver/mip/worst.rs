//! Goal worst: the largest weighted deviation, `max over g, f of w_f·(Λ/n_g)·|d_gf|`, as one-sided rows under one variable.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    reason = "sizes are small, and `HiGHS` takes floats"
)]

use super::rows::Rows;
use super::share::Share;
use crate::goals::Goal;
use crate::model::ratio::gcd;
use good_lp::Expression;

/// The parts of the goal, in units of `scale`.
pub(super) struct Worst {
    /// Deviations with their weights.
    shares: Vec<(Share, i64)>,
    /// N.
    students: i64,
    /// ⌊N/G⌋.
    small: i64,
    /// Λ.
    sizes_lcm: i64,
    /// What the largest coefficient stands for.
    pub(super) scale: f64,
}

impl Worst {
    /// None where a term is no deviation from a fair share.
    pub(super) fn of(rows: &Rows<'_>, goal: &Goal, sizes_lcm: i64) -> Option<Self> {
        let shares = goal.parts.terms.iter().map(|term| Some((Share::of(term)?, term.weight)));
        let mut worst = Self {
            shares: shares.collect::<Option<_>>()?,
            students: rows.problem.students as i64,
            small: rows.problem.small() as i64,
            sizes_lcm,
            scale: 1.0,
        };
        worst.scale = worst.shares.iter().map(|part| worst.cost(part, worst.small)).fold(1.0, f64::max);
        Some(worst)
    }

    /// What one scaled unit of deviation costs in a group of this size.
    fn cost(&self, (share, weight): &(Share, i64), size: i64) -> f64 {
        let whole = weight * (self.sizes_lcm / size.max(1)) * self.students * share.factor;
        whole as f64 * share.sigma / self.scale
    }

    /// Expressions that the variable must not be below. Where a group's size is open, a small group's higher cost is relieved
    /// by the most that it can matter, once the group is a large one.
    pub(super) fn limits(&self, rows: &Rows<'_>) -> Vec<Expression> {
        let mut limits = Vec::new();
        for part in &self.shares {
            for g in 0..rows.problem.groups {
                let (deviation, _) = part.0.deviation(rows, g);
                for d in [deviation.clone(), deviation * -1.0] {
                    match rows.size(g) {
                        Ok(size) => limits.push(self.cost(part, size) * d),
                        Err(big) => {
                            let (high, low) = (self.cost(part, self.small), self.cost(part, self.small + 1));
                            let most = (part.0.total as f64 / part.0.sigma).max(1.0);
                            limits.push(low * d.clone());
                            limits.push(high * d - (high - low) * most * big);
                        }
                    }
                }
            }
        }
        limits
    }

    /// The variable's value in the start plan.
    pub(super) fn at_start(&self, rows: &Rows<'_>) -> f64 {
        let of = |part: &(Share, i64), g: usize| {
            let cost = rows.plan_by_size(g, |size| self.cost(part, size)).unwrap_or(0.0);
            cost * part.0.deviation(rows, g).1.abs()
        };
        let all = self.shares.iter().flat_map(|part| (0..rows.problem.groups).map(move |g| of(part, g)));
        all.fold(0.0, f64::max)
    }

    /// Every value is a multiple of this.
    pub(super) fn step(&self, sizes: &[usize]) -> i64 {
        let of = |(share, weight): &(Share, i64), size: usize| {
            weight * (self.sizes_lcm / (size as i64).max(1)) * share.step(&[size])
        };
        self.shares.iter().flat_map(|part| sizes.iter().map(move |&size| of(part, size))).fold(0, gcd)
    }

    /// What tolerances of all x weigh at most.
    pub(super) fn mass(&self) -> f64 {
        let of = |part: &(Share, i64)| self.cost(part, self.small) * self.scale * part.0.total as f64;
        self.shares.iter().map(of).sum()
    }
}
