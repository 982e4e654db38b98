//! Deviations from a fair share: the amounts behind a term, and how they are scaled.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    reason = "sizes are small, and `HiGHS` takes floats"
)]

use super::rows::Rows;
use crate::goals::Term;
use crate::model::ratio::gcd;
use good_lp::Expression;

/// Coefficients of amounts stay below twice this.
const LARGEST_COEFFICIENT: i64 = 64;

/// Amounts behind a fair-share term.
pub(super) struct Share {
    /// `a_s`, least 0, greatest common divisor 1.
    pub(super) amounts: Vec<i64>,
    /// A.
    pub(super) total: i64,
    /// q.
    pub(super) factor: i64,
    /// σ.
    pub(super) sigma: f64,
}

impl Share {
    /// Takes entries `N·a_s − A` apart; none if they are something else.
    pub(super) fn of(term: &Term) -> Option<Self> {
        let n = term.entries.len() as i64;
        let least = term.entries.iter().copied().min()?;
        let raised = || term.entries.iter().map(|e| e - least);
        if term.entries.iter().sum::<i64>() != 0 || raised().any(|a| a % n != 0) {
            return None;
        }
        let factor = raised().fold(0, |q, a| gcd(q, a / n)).max(1);
        let amounts: Vec<i64> = raised().map(|a| a / n / factor).collect();
        let largest = amounts.iter().copied().max().unwrap_or(0);
        let mut sigma = 1;
        while largest / sigma > LARGEST_COEFFICIENT {
            sigma *= 2;
        }
        Some(Self { total: amounts.iter().sum(), amounts, factor, sigma: sigma as f64 })
    }

    /// Every `d_g` is a multiple of this.
    pub(super) fn step(&self, sizes: &[usize]) -> i64 {
        let n = self.amounts.len() as i64;
        self.factor * sizes.iter().fold(n, |step, &size| gcd(step, size as i64 * self.total))
    }

    /// The fair share `n_g·A/N` of a group with this size.
    pub(super) fn fair(&self, size: i64) -> f64 {
        (size * self.total) as f64 / self.amounts.len() as f64
    }

    /// `(X_g − n_g·A/N) / σ` as an expression, and in the start plan.
    pub(super) fn deviation(&self, rows: &Rows<'_>, group: usize) -> (Expression, f64) {
        let scaled = |s: usize| self.amounts[s] as f64 / self.sigma;
        let fair = |size: i64| self.fair(size) / self.sigma;
        let start = rows.plan_sum(group, scaled).zip(rows.plan_by_size(group, fair)).map_or(0.0, |(x, fair)| x - fair);
        (rows.sum(group, scaled) - rows.by_size(group, fair), start)
    }
}
