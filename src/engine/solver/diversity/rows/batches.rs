//! The division to begin with: assignment in batches (Baumann, Goldschmidt, Hochbaum & Yang 2026).
//!
//! The rows farthest from the mean come first, as many at a time as there are groups, and each group gets one of them: so rows
//! far out are spread over all groups, and rows near the mean even out what those did. A row x added to group g of n rows changes
//! Σ|s|²/n by (2·s_g·x + |x|² − |s_g|²/n) / (n + 1), and who gets which row is an assignment problem. Where groups are many, they
//! and the rows are halved by their widest column until a block is left: the high sums with the low rows.

use super::assignment::assign;
use crate::solver::Stop;

/// Groups of one assignment problem: at least so many, more for each column, and as many as so many steps allow.
const FEWEST: usize = 64;
const BY_COLUMNS: usize = 2;
const STEPS: usize = 4_000_000_000;

/// The group of each row.
pub(super) fn assigned(points: &[f64], columns: usize, groups: usize, stop: &Stop) -> Vec<u32> {
    let square = |p: usize| points[p * columns..][..columns].iter().map(|value| value * value).sum::<f64>();
    let squares: Vec<f64> = (0..points.len() / columns).map(square).collect();
    let mut order: Vec<u32> = (0..squares.len() as u32).collect();
    order.sort_unstable_by(|&p, &q| squares[q as usize].total_cmp(&squares[p as usize]).then(p.cmp(&q)));
    let most = (STEPS / squares.len()).isqrt();
    let block = FEWEST.max(most.min(columns * columns / BY_COLUMNS));
    let mut batch = Batch {
        block,
        points,
        columns,
        sums: vec![0.0; groups * columns],
        dealt: 0.0,
        group_of: vec![0; squares.len()],
        costs: Vec::new(),
    };
    let mut all: Vec<u32> = (0..groups as u32).collect();
    let mut ended = false;
    for rows in order.chunks_mut(groups) {
        ended = ended || stop.reached().is_some();
        if ended || batch.dealt == 0.0 {
            rows.iter().zip(&all).for_each(|(&row, &group)| batch.put(row, group));
        } else {
            batch.share(rows, &mut all);
        }
        batch.dealt += 1.0;
    }
    batch.group_of
}

/// Groups as far as they are dealt.
struct Batch<'p> {
    /// Groups of one assignment problem, at most.
    block: usize,
    points: &'p [f64],
    columns: usize,
    sums: Vec<f64>,
    /// Rows in every group.
    dealt: f64,
    group_of: Vec<u32>,
    costs: Vec<f64>,
}

impl Batch<'_> {
    /// Gives every row a group of its own.
    fn share(&mut self, rows: &mut [u32], groups: &mut [u32]) {
        if groups.len() <= self.block {
            self.solve(rows, groups);
            return;
        }
        let column = self.widest(groups);
        let half = groups.len() / 2;
        let part = rows.len() * half / groups.len();
        let (sums, points, columns) = (&self.sums, self.points, self.columns);
        let value = |of: &[f64], i: u32| of[i as usize * columns + column];
        groups.select_nth_unstable_by(half, |&a, &b| value(sums, b).total_cmp(&value(sums, a)).then(a.cmp(&b)));
        if part < rows.len() {
            rows.select_nth_unstable_by(part, |&p, &q| value(points, p).total_cmp(&value(points, q)).then(p.cmp(&q)));
        }
        let ((low, rest), (high, others)) = (rows.split_at_mut(part), groups.split_at_mut(half));
        self.share(low, high);
        self.share(rest, others);
    }

    /// The column in which the sums of these groups differ most.
    fn widest(&self, groups: &[u32]) -> usize {
        let mut ranges = vec![(f64::INFINITY, f64::NEG_INFINITY); self.columns];
        for &group in groups {
            let sums = &self.sums[group as usize * self.columns..][..self.columns];
            ranges.iter_mut().zip(sums).for_each(|((low, high), &sum)| (*low, *high) = (low.min(sum), high.max(sum)));
        }
        let width = |column: usize| ranges[column].1 - ranges[column].0;
        (0..self.columns).max_by(|&a, &b| width(a).total_cmp(&width(b))).unwrap_or(0)
    }

    /// Gives every row the group that is best for all together.
    fn solve(&mut self, rows: &[u32], groups: &[u32]) {
        let columns = self.columns;
        let sums = |group: u32| &self.sums[group as usize * columns..][..columns];
        let own: Vec<f64> =
            groups.iter().map(|&group| sums(group).iter().map(|sum| sum * sum).sum::<f64>() / self.dealt).collect();
        let mut costs = std::mem::take(&mut self.costs);
        costs.clear();
        for &row in rows {
            let point = &self.points[row as usize * columns..][..columns];
            let product = |group: u32| sums(group).iter().zip(point).map(|(sum, value)| sum * value).sum::<f64>();
            costs.extend(groups.iter().zip(&own).map(|(&group, own)| 2.0 * product(group) - own));
        }
        let column_of = assign(&costs, groups.len());
        rows.iter().zip(column_of).for_each(|(&row, column)| self.put(row, groups[column]));
        self.costs = costs;
    }

    fn put(&mut self, row: u32, group: u32) {
        self.group_of[row as usize] = group;
        let sums = &mut self.sums[group as usize * self.columns..][..self.columns];
        sums.iter_mut().zip(&self.points[row as usize * self.columns..]).for_each(|(sum, value)| *sum += value);
    }
}
