//! The bound in whole numbers.
//!
//! Duals of the programme are scaled and rounded to whole prices. Whatever they are, a plan whose groups are all in the pool
//! costs at least Σ prices of units + G·price of a group + Σ price·budget + Σ prices of cuts + G·min(0, least reduced cost):
//! every unit is in one group, there are G groups, and prices of budgets and cuts are at most 0. Nothing here is rounded, so
//! the bound holds however far the programme was from its optimum.

use super::pool::{Id, Pool, Prices};
use std::sync::Arc;

/// Whole prices with what they prove.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    prices: Arc<Prices<i64>>,
    /// What a unit of cost is multiplied by.
    scale: i64,
    /// Prices times right-hand sides.
    total: i128,
    /// The least reduced cost, where that is below 0.
    least: i128,
    /// Groups that are not known yet.
    open: i128,
}

/// Largest price.
const LARGEST: f64 = (1_u64 << 55) as f64;

impl Bound {
    /// The bound of a pool's columns, or of some of them, from the duals of a programme that divides costs by `unit`.
    pub(super) fn new(pool: &Pool, ids: impl Iterator<Item = Id> + Clone, duals: &[f64], unit: f64) -> Self {
        let prices = pool.prices(duals);
        let largest = |list: &[f64]| list.iter().fold(0.0_f64, |most, price| most.max(price.abs()));
        let most = largest(&prices.units).max(prices.group.abs()).max(largest(&prices.cuts)) * unit;
        let most = most.max(largest(&prices.budgets) * unit).max(unit);
        let scale = ((LARGEST / most) as i64).clamp(1, 1 << 20);
        let whole = |price: &f64| (price * unit * scale as f64).round() as i64;
        // Prices of rows that ask for so much at most.
        let below = |price: &f64| whole(price).min(0);
        let prices = Prices {
            units: prices.units.iter().map(whole).collect(),
            group: whole(&prices.group),
            budgets: prices.budgets.iter().map(below).collect(),
            cuts: prices.cuts.iter().map(below).collect(),
        };
        let mut total: i128 = prices.units.iter().map(|&price| i128::from(price)).sum();
        total += pool.groups as i128 * i128::from(prices.group);
        total += prices.budgets.iter().zip(&pool.budgets).map(|(&p, &b)| i128::from(p) * i128::from(b)).sum::<i128>();
        total += prices.cuts.iter().map(|&price| i128::from(price)).sum::<i128>();
        let mut bound = Self { prices: Arc::new(prices), scale, total, least: 0, open: pool.groups as i128 };
        bound.least = ids.map(|id| bound.reduced(pool, id)).min().unwrap_or(0).min(0);
        bound
    }

    /// Cost less prices of a column.
    #[inline]
    fn reduced(&self, pool: &Pool, id: Id) -> i128 {
        let at = id as usize * pool.width;
        let mut left = i128::from(pool.costs[id as usize]) * i128::from(self.scale) - i128::from(self.prices.group);
        for &member in &pool.members[at..at + pool.width] {
            left -= i128::from(self.prices.units[usize::from(member)]);
        }
        for (&cost, &price) in pool.extras(id).iter().zip(&self.prices.budgets) {
            left -= i128::from(cost) * i128::from(price);
        }
        for &cut in pool.in_cuts(id) {
            left -= i128::from(self.prices.cuts[usize::from(cut)]);
        }
        left
    }

    /// The least value of a plan: a multiple of `step`.
    pub(super) fn value(&self, step: i64) -> i64 {
        up(self.total + self.open * self.least, self.scale, step)
    }

    /// The least value of a plan with this group.
    pub(super) fn with(&self, pool: &Pool, id: Id, step: i64) -> i64 {
        up(self.total + (self.open - 1) * self.least + self.reduced(pool, id), self.scale, step)
    }

    /// The bound of plans with this group.
    pub(super) fn take(&self, pool: &Pool, id: Id) -> Self {
        Self { total: self.total + self.reduced(pool, id), open: (self.open - 1).max(0), ..self.clone() }
    }
}

/// The next multiple of `step` at or above `value` / `scale`.
fn up(value: i128, scale: i64, step: i64) -> i64 {
    let unit = i128::from(scale) * i128::from(step);
    let multiples = value.div_euclid(unit) + i128::from(value.rem_euclid(unit) != 0);
    i64::try_from(multiples * i128::from(step)).unwrap_or(i64::MIN)
}
