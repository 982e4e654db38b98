//! The linear programme over a part of the pool: a primal simplex with a dense inverse of the basis.
//!
//! Every row is elastic: what is missing or too much costs a penalty, so there is always a solution to go on from, whichever
//! columns and rows come or go. Right-hand sides are raised by tiny amounts, so that every pivot makes progress. Nothing here
//! needs to be exact: what is proved is proved from the duals, in whole numbers.

use super::pool::{Demand, Id, Pool};
use crate::solver::stop::Stop;

/// Less than this is no reduced cost.
pub(super) const LEAST: f64 = 1e-7;
/// Less than this is no pivot.
const LEAST_PIVOT: f64 = 1e-9;
/// Less than this of a column is not seen: right-hand sides are raised a little.
const LEAST_PART: f64 = 5e-3;
/// By how much right-hand sides are raised.
const RAISE: f64 = 1e-6;
/// Pivots between two new inverses.
const FRESH: u32 = 150;
/// Pivots of one solution for each row, above which numbers have gone astray.
const MOST_PIVOTS: u64 = 200;
/// Pivots between two looks at the clock.
const LOOK: u64 = 64;

/// A variable of the basis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Basic {
    /// A column.
    Column(Id),
    /// A column that is not allowed any more.
    Closed(Id),
    /// What a row is short of.
    Short(usize),
    /// What a row has too much.
    Over(usize),
}

/// A linear programme with its basis.
#[derive(Clone, Debug)]
pub(super) struct Programme {
    /// Columns that may enter.
    pub columns: Vec<Id>,
    /// Price of each row.
    pub duals: Vec<f64>,
    /// What costs are divided by.
    pub unit: f64,
    /// What a unit of violation costs.
    pub penalty: f64,
    basis: Vec<Basic>,
    values: Vec<f64>,
    /// Row by row.
    inverse: Vec<f64>,
    /// Pivots so far.
    pub pivots: u64,
    /// Pivots since the inverse was computed anew.
    since: u32,
}

/// How a programme ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Solved {
    /// No column improves it.
    Best,
    /// The clock or the work ended it, or numbers went astray.
    Stopped,
}

impl Programme {
    /// Nothing covered yet.
    pub(super) fn new(pool: &Pool, unit: f64, penalty: f64) -> Self {
        let mut programme = Self {
            columns: Vec::new(),
            duals: Vec::new(),
            unit,
            penalty,
            basis: Vec::new(),
            values: Vec::new(),
            inverse: Vec::new(),
            pivots: 0,
            since: 0,
        };
        programme.take_rows(pool);
        programme
    }

    /// Columns of the basis with their values.
    pub(super) fn support(&self) -> impl Iterator<Item = (Id, f64)> {
        self.basis.iter().zip(&self.values).filter_map(|(basic, &value)| match basic {
            Basic::Column(id) if value > LEAST_PART => Some((*id, value)),
            _ => None,
        })
    }

    /// Whether all rows are kept by allowed columns.
    pub(super) fn is_kept(&self, pool: &Pool) -> bool {
        self.basis.iter().zip(&self.values).all(|(basic, &value)| match *basic {
            Basic::Column(_) => true,
            Basic::Short(row) if pool.demand(row).0 == Demand::AtMost => true,
            _ => value < 1e-3,
        })
    }

    /// The value, penalties included.
    pub(super) fn value(&self, pool: &Pool) -> f64 {
        self.basis.iter().zip(&self.values).map(|(&basic, value)| self.cost(pool, basic) * value).sum()
    }

    /// Columns that are far from being of use go: the better half stays.
    pub(super) fn forget(&mut self, pool: &Pool) {
        let prices = pool.prices(&self.duals);
        let reduced = |id: &Id| prices.reduced(pool, *id, self.unit);
        self.columns.sort_by(|a, b| reduced(a).total_cmp(&reduced(b)).then(a.cmp(b)));
        self.columns.truncate(self.columns.len() / 2);
    }

    /// Only these columns go on: each with its new number, if it has one.
    pub(super) fn renumber(&mut self, of: impl Fn(Id) -> Option<Id>) {
        self.columns = self.columns.iter().filter_map(|&id| of(id)).collect();
        for basic in &mut self.basis {
            if let Basic::Column(id) | Basic::Closed(id) = *basic {
                *basic = of(id).map_or(Basic::Closed(id), Basic::Column);
            }
        }
    }

    /// The columns of the basis.
    pub(super) fn held(&self) -> impl Iterator<Item = Id> {
        self.basis.iter().filter_map(|basic| match *basic {
            Basic::Column(id) | Basic::Closed(id) => Some(id),
            Basic::Short(_) | Basic::Over(_) => None,
        })
    }

    /// Whether a column is in the basis.
    pub(super) fn holds(&self, id: Id) -> bool {
        self.basis.iter().any(|basic| matches!(*basic, Basic::Column(at) | Basic::Closed(at) if at == id))
    }

    /// Columns that are not allowed leave.
    pub(super) fn allow(&mut self, allowed: impl Fn(Id) -> bool) {
        self.columns.retain(|&id| allowed(id));
        for basic in &mut self.basis {
            if let Basic::Column(id) | Basic::Closed(id) = *basic {
                *basic = if allowed(id) { Basic::Column(id) } else { Basic::Closed(id) };
            }
        }
    }

    /// Takes in rows that the pool has got since.
    pub(super) fn take_rows(&mut self, pool: &Pool) {
        let (before, rows) = (self.basis.len(), pool.rows());
        let mut inverse = vec![0.0; rows * rows];
        for row in 0..before {
            inverse[row * rows..][..before].copy_from_slice(&self.inverse[row * before..][..before]);
        }
        for row in before..rows {
            let coefficients = self.coefficients(pool, row, before);
            let sum: f64 = coefficients.iter().zip(&self.values).map(|(a, value)| a * value).sum();
            let short = right_side(pool, row) - sum;
            let sign = if short >= 0.0 { 1.0 } else { -1.0 };
            for (a, line) in coefficients.iter().zip(0..before) {
                if *a != 0.0 {
                    for k in 0..before {
                        inverse[row * rows + k] -= sign * a * inverse[line * rows + k];
                    }
                }
            }
            inverse[row * rows + row] = sign;
            self.basis.push(if short >= 0.0 { Basic::Short(row) } else { Basic::Over(row) });
            self.values.push(short.abs());
        }
        self.inverse = inverse;
        self.price(pool);
    }

    /// Entries of the first `before` basic variables in a row.
    fn coefficients(&self, pool: &Pool, row: usize, before: usize) -> Vec<f64> {
        let of = |basic: &Basic| {
            let mut found = 0.0;
            Self::column(pool, *basic, |at, value| {
                if at == row {
                    found = value;
                }
            });
            found
        };
        self.basis[..before].iter().map(of).collect()
    }

    fn column(pool: &Pool, basic: Basic, mut entry: impl FnMut(usize, f64)) {
        match basic {
            Basic::Column(id) | Basic::Closed(id) => pool.entries(id, entry),
            Basic::Short(row) => entry(row, 1.0),
            Basic::Over(row) => entry(row, -1.0),
        }
    }

    fn cost(&self, pool: &Pool, basic: Basic) -> f64 {
        match basic {
            Basic::Column(id) => pool.costs[id as usize] as f64 / self.unit,
            Basic::Closed(_) | Basic::Over(_) => self.penalty,
            Basic::Short(row) => match pool.demand(row).0 {
                Demand::Equal => self.penalty,
                Demand::AtMost => 0.0,
            },
        }
    }

    /// Duals anew: costs of the basis times the inverse.
    fn price(&mut self, pool: &Pool) {
        let rows = self.basis.len();
        self.duals = vec![0.0; rows];
        for (line, &basic) in self.basis.iter().enumerate() {
            let cost = self.cost(pool, basic);
            if cost != 0.0 {
                for (dual, entry) in self.duals.iter_mut().zip(&self.inverse[line * rows..][..rows]) {
                    *dual += cost * entry;
                }
            }
        }
    }

    /// Inverse, values and duals anew; from nothing covered where the basis has no inverse.
    fn refresh(&mut self, pool: &Pool) {
        self.since = 0;
        let rows = self.basis.len();
        if let Some(inverse) = self.inverted(pool) {
            self.inverse = inverse;
        } else {
            self.basis = (0..rows).map(Basic::Short).collect();
            self.inverse = (0..rows * rows).map(|i| f64::from(u8::from(i / rows == i % rows))).collect();
        }
        let sides: Vec<f64> = (0..rows).map(|row| right_side(pool, row)).collect();
        self.values = (0..rows)
            .map(|line| self.inverse[line * rows..][..rows].iter().zip(&sides).map(|(a, b)| a * b).sum())
            .collect();
        self.price(pool);
    }

    /// Gauss and Jordan with the largest pivot of each column.
    fn inverted(&self, pool: &Pool) -> Option<Vec<f64>> {
        let rows = self.basis.len();
        let mut left = vec![0.0; rows * rows];
        for (at, &basic) in self.basis.iter().enumerate() {
            Self::column(pool, basic, |row, value| left[row * rows + at] = value);
        }
        let mut right: Vec<f64> = (0..rows * rows).map(|i| f64::from(u8::from(i / rows == i % rows))).collect();
        for at in 0..rows {
            let size = |row: &usize| left[row * rows + at].abs();
            let pivot = (at..rows).max_by(|a, b| size(a).total_cmp(&size(b)))?;
            let value = left[pivot * rows + at];
            if value.abs() < LEAST_PIVOT {
                return None;
            }
            for k in 0..rows {
                left.swap(at * rows + k, pivot * rows + k);
                right.swap(at * rows + k, pivot * rows + k);
            }
            for k in 0..rows {
                left[at * rows + k] /= value;
                right[at * rows + k] /= value;
            }
            for row in 0..rows {
                let factor = left[row * rows + at];
                if row != at && factor != 0.0 {
                    subtract(&mut left, rows, (row, at), factor);
                    subtract(&mut right, rows, (row, at), factor);
                }
            }
        }
        Some(right)
    }

    /// Pivots until no column in it improves it. `work` is what may still be done.
    pub(super) fn solve(&mut self, pool: &Pool, work: &mut u64, stop: &Stop) -> Solved {
        self.price(pool);
        let rows = self.basis.len();
        let mut direction = vec![0.0; rows];
        let mut fresh = false;
        let last = self.pivots + MOST_PIVOTS * rows as u64;
        loop {
            if self.pivots.is_multiple_of(LOOK) && stop.reached().is_some() || *work == 0 || self.pivots > last {
                return Solved::Stopped;
            }
            let cost = (self.columns.len() * pool.width + rows * rows) as u64;
            *work = work.saturating_sub(cost / 8);
            let Some((entering, reduced)) = self.entering(pool) else {
                // The last word is a fresh inverse's.
                if fresh || self.since == 0 {
                    return Solved::Best;
                }
                self.refresh(pool);
                fresh = true;
                continue;
            };
            fresh = false;
            self.pivots += 1;
            self.direct(pool, entering, &mut direction);
            let Some(line) = self.leaving(&direction) else {
                if self.since == 0 {
                    return Solved::Stopped;
                }
                self.refresh(pool);
                continue;
            };
            self.pivot(line, entering, reduced, &direction);
            if self.since >= FRESH {
                self.refresh(pool);
            }
        }
    }

    /// The variable that improves most, with its reduced cost.
    fn entering(&self, pool: &Pool) -> Option<(Basic, f64)> {
        let prices = pool.prices(&self.duals);
        let mut best = None;
        let mut least = -LEAST;
        for &id in &self.columns {
            let reduced = prices.reduced(pool, id, self.unit);
            if reduced < least {
                (best, least) = (Some(Basic::Column(id)), reduced);
            }
        }
        for (row, dual) in self.duals.iter().enumerate() {
            for (basic, reduced) in [
                (Basic::Short(row), self.cost(pool, Basic::Short(row)) - dual),
                (Basic::Over(row), self.penalty + dual),
            ] {
                if reduced < least {
                    (best, least) = (Some(basic), reduced);
                }
            }
        }
        best.map(|basic| (basic, least))
    }

    /// The inverse times a column.
    fn direct(&self, pool: &Pool, entering: Basic, direction: &mut [f64]) {
        let rows = self.basis.len();
        direction.fill(0.0);
        Self::column(pool, entering, |row, value| {
            for (line, sum) in direction.iter_mut().enumerate() {
                *sum += value * self.inverse[line * rows + row];
            }
        });
    }

    /// The line whose variable reaches zero first; of equals the one with the largest pivot.
    fn leaving(&self, direction: &[f64]) -> Option<usize> {
        let mut best: Option<(f64, f64, usize)> = None;
        for (line, (&value, &step)) in self.values.iter().zip(direction).enumerate() {
            if step <= LEAST_PIVOT {
                continue;
            }
            let ratio = value.max(0.0) / step;
            let better =
                best.is_none_or(|(least, pivot, _)| ratio < least - 1e-12 || ratio <= least + 1e-12 && step > pivot);
            if better {
                best = Some((ratio, step, line));
            }
        }
        best.map(|(_, _, line)| line)
    }

    fn pivot(&mut self, line: usize, entering: Basic, reduced: f64, direction: &[f64]) {
        let rows = self.basis.len();
        let step = direction[line];
        let value = self.values[line].max(0.0) / step;
        for entry in &mut self.inverse[line * rows..][..rows] {
            *entry /= step;
        }
        for (other, &factor) in direction.iter().enumerate() {
            if other != line && factor != 0.0 {
                subtract(&mut self.inverse, rows, (other, line), factor);
                self.values[other] -= factor * value;
            }
        }
        self.values[line] = value;
        self.basis[line] = entering;
        for (dual, entry) in self.duals.iter_mut().zip(&self.inverse[line * rows..][..rows]) {
            *dual += reduced * entry;
        }
        self.since += 1;
    }
}

/// A row less `factor` times another one.
#[inline]
fn subtract(matrix: &mut [f64], rows: usize, (row, other): (usize, usize), factor: f64) {
    let (low, high) = (row.min(other), row.max(other));
    let (head, tail) = matrix.split_at_mut(high * rows);
    let (a, b) = (&mut head[low * rows..][..rows], &mut tail[..rows]);
    let (into, from) = if row < other { (a, b) } else { (b, a) };
    for (entry, other) in into.iter_mut().zip(from.iter()) {
        *entry -= factor * other;
    }
}

/// What a row demands, raised a little, by another amount each.
fn right_side(pool: &Pool, row: usize) -> f64 {
    let (demand, side) = pool.demand(row);
    let raise = RAISE * (1.0 + (row as f64 * 0.618_033_988_75).fract());
    match demand {
        Demand::Equal => side + raise,
        // What follows from the other rows must not become a violation.
        Demand::AtMost => side + 20.0 * raise,
    }
}
