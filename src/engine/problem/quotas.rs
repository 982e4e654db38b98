//! The optimal quota table (名额): how many of each tier every group should have.
//!
//! Controlled rounding (Cox & Ernst 1982) as a min-cost flow: rows add up to the group sizes, columns to the tier totals, cell
//! (g,t) costs abs(N·x − n_g·T_t), convex in x. Starting from the floors, which no exchange can better, each missing student
//! takes the cheapest augmenting path, so the table stays optimal (successive shortest paths). This is bound (F1).
//!
//! Of many groups there are still two sizes at most, and groups of one size are alike: what matters is how many students of each
//! tier the larger ones get together. These are dealt out one by one, tier after tier ([`dealt`]).

use super::{Problem, Tiers};
use std::collections::VecDeque;

/// A quota table and its value on goal tiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotaTable {
    /// `cells[g][t]`, groups in the order of `Problem::sizes`.
    pub cells: Vec<Vec<i64>>,
    /// Σ abs(N·x_gt − n_g·T_t), the least possible.
    pub value: i64,
}

/// Groups from which on the table is dealt: paths take the square of their number.
const MANY: usize = 400;

/// The best table for the class's sizes.
#[must_use]
pub fn optimal_table(problem: &Problem, tiers: &Tiers) -> QuotaTable {
    let mut flow = Flow::from_floors(problem, tiers);
    if problem.groups >= MANY {
        flow.cells = dealt(problem, tiers);
        return QuotaTable { value: flow.value(), cells: flow.cells };
    }
    while flow.augment() {}
    let value = flow.value();
    QuotaTable { cells: flow.cells, value }
}

/// The best table of many groups. Students of one tier who are shared out evenly among groups of one size cost least (the cost is
/// convex), and dealing all students of these groups in order of tier does so for all tiers at once. How many of each tier the
/// larger groups get is convex too, so that the cheapest next student, taken as often as there are places, is exact.
#[must_use]
pub fn dealt(problem: &Problem, tiers: &Tiers) -> Vec<Vec<i64>> {
    let n = problem.students as i64;
    let (large, small) = (problem.large_groups() as i64, (problem.groups - problem.large_groups()) as i64);
    let size = problem.small() as i64;
    let even = |groups: i64, size: i64, total: i64, count: i64| {
        let off = |x: i64| (n * x - size * total).abs();
        if groups == 0 {
            0
        } else {
            count % groups * off(count / groups + 1) + (groups - count % groups) * off(count / groups)
        }
    };
    let cost = |total: i64, y: i64| even(large, size + 1, total, y) + even(small, size, total, total - y);
    let mut in_large = vec![0; tiers.totals.len()];
    for _ in 0..large * (size + 1) {
        let rise = |t: usize| cost(tiers.totals[t], in_large[t] + 1) - cost(tiers.totals[t], in_large[t]);
        let open = (0..in_large.len()).filter(|&t| in_large[t] < tiers.totals[t]);
        if let Some(t) = open.min_by_key(|&t| rise(t)) {
            in_large[t] += 1;
        }
    }
    let in_small: Vec<i64> = tiers.totals.iter().zip(&in_large).map(|(total, large)| total - large).collect();
    let mut cells = vec![vec![0; tiers.totals.len()]; problem.groups];
    let (of_large, of_small) = cells.split_at_mut(problem.large_groups());
    deal(&in_large, of_large);
    deal(&in_small, of_small);
    cells
}

/// Deals so many students of each tier to groups, one after the other.
fn deal(counts: &[i64], groups: &mut [Vec<i64>]) {
    let all = counts.iter().enumerate().flat_map(|(t, &count)| (0..count).map(move |_| t));
    let places = groups.len().max(1);
    for (i, t) in all.enumerate() {
        groups[i % places][t] += 1;
    }
}

struct Flow<'a> {
    n: i64,
    sizes: Vec<i64>,
    totals: &'a [i64],
    cells: Vec<Vec<i64>>,
}

impl<'a> Flow<'a> {
    fn from_floors(problem: &Problem, tiers: &'a Tiers) -> Self {
        let n = problem.students as i64;
        let sizes: Vec<i64> = problem.sizes().iter().map(|&size| size as i64).collect();
        let cells = sizes.iter().map(|size| tiers.totals.iter().map(|total| size * total / n).collect()).collect();
        Self { n, sizes, totals: &tiers.totals, cells }
    }

    fn cost(&self, g: usize, t: usize, x: i64) -> i64 {
        (self.n * x - self.sizes[g] * self.totals[t]).abs()
    }

    fn value(&self) -> i64 {
        let row = |g: usize| (0..self.totals.len()).map(|t| self.cost(g, t, self.cells[g][t])).sum::<i64>();
        (0..self.sizes.len()).map(row).sum()
    }

    fn free_places(&self, g: usize) -> i64 {
        self.sizes[g] - self.cells[g].iter().sum::<i64>()
    }

    fn free_students(&self, t: usize) -> i64 {
        self.totals[t] - self.cells.iter().map(|row| row[t]).sum::<i64>()
    }

    /// Sends one student along the cheapest path from a group with a free place to a tier with a free student.
    fn augment(&mut self) -> bool {
        let (rows, columns) = (self.sizes.len(), self.totals.len());
        let mut distance: Vec<Option<i64>> = (0..rows).map(|g| (self.free_places(g) > 0).then_some(0)).collect();
        distance.resize(rows + columns, None);
        let mut from = vec![usize::MAX; rows + columns];
        let mut queue: VecDeque<usize> = (0..rows).filter(|&g| distance[g].is_some()).collect();
        // Bellman–Ford with a queue; the residual graph has no negative cycle because the table is optimal for its margins.
        while let Some(node) = queue.pop_front() {
            let Some(here) = distance[node] else { continue };
            let arcs = if node < rows { 0..columns } else { 0..rows };
            for arc in arcs {
                let Some((to, step)) = self.arc(node, arc, rows) else { continue };
                if distance[to].is_none_or(|old| here + step < old) {
                    distance[to] = Some(here + step);
                    from[to] = node;
                    queue.push_back(to);
                }
            }
        }
        let ends = (0..columns).filter(|&t| self.free_students(t) > 0);
        let best = ends.filter_map(|t| distance[rows + t].map(|d| (d, t))).min();
        let Some((_, tier)) = best else { return false };
        self.send(rows + tier, &from, rows);
        true
    }

    /// The residual arc from a node: a student more in a cell (group to tier) or one less (tier to group).
    fn arc(&self, node: usize, other: usize, rows: usize) -> Option<(usize, i64)> {
        if node < rows {
            let x = self.cells[node][other];
            return Some((rows + other, self.cost(node, other, x + 1) - self.cost(node, other, x)));
        }
        let (g, t) = (other, node - rows);
        let x = self.cells[g][t];
        (x > 0).then(|| (g, self.cost(g, t, x - 1) - self.cost(g, t, x)))
    }

    fn send(&mut self, end: usize, from: &[usize], rows: usize) {
        let mut node = end;
        while from[node] != usize::MAX {
            let before = from[node];
            if before < rows {
                self.cells[before][node - rows] += 1;
            } else {
                self.cells[node][before - rows] -= 1;
            }
            node = before;
        }
    }
}
