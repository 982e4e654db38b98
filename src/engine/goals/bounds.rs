//! Closed-form bounds of deviations: what rounding alone forces.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// (F2): least Σ_g abs(N·U_g − n_g·U) over whole U_g that add up to U. Separable convex, so greedy marginal allocation from
/// every group's own best sum is exact.
#[must_use]
pub fn least_summed_deviation(n: i64, sizes: &[i64], total: i64) -> i64 {
    let cost = |size: i64, sum: i64| (n * sum - size * total).abs();
    let mut sums: Vec<i64> = sizes.iter().map(|size| nearest(n, size * total)).collect();
    let missing = total - sums.iter().sum::<i64>();
    let step = missing.signum();
    let rise = |size: i64, sum: i64| cost(size, sum + step) - cost(size, sum);
    let mut cheapest: BinaryHeap<_> =
        (sizes.iter().zip(&sums).enumerate()).map(|(g, (&size, &sum))| Reverse((rise(size, sum), g))).collect();
    for _ in 0..missing.abs() {
        let Some(Reverse((_, g))) = cheapest.pop() else { break };
        sums[g] += step;
        cheapest.push(Reverse((rise(sizes[g], sums[g]), g)));
    }
    sums.iter().zip(sizes).map(|(&sum, &size)| cost(size, sum)).sum()
}

/// (F3): the least m for which whole sums with abs(N·U_g − n_g·U)·factor_g ≤ m can add up to U.
#[must_use]
pub fn least_largest_deviation(n: i64, sizes: &[i64], factors: &[i64], total: i64) -> i64 {
    let mut groups: BTreeMap<(i64, i64), i64> = BTreeMap::new();
    sizes.iter().zip(factors).for_each(|(&size, &factor)| *groups.entry((size, factor)).or_default() += 1);
    let reachable = |limit: i64| {
        let mut low = 0;
        let mut high = 0;
        for (&(size, factor), &count) in &groups {
            let room = limit / factor;
            let (least, most) = ((size * total - room).div_euclid(n), (size * total + room).div_euclid(n));
            let least = if (size * total - room).rem_euclid(n) == 0 { least } else { least + 1 };
            if least > most {
                return false;
            }
            low += count * least;
            high += count * most;
        }
        (low..=high).contains(&total)
    };
    // N·max(factor) always suffices: it allows floor and ceil of every group's share.
    let (mut no, mut yes) = (-1, n * factors.iter().copied().max().unwrap_or(1));
    while no + 1 < yes {
        let middle = no + (yes - no) / 2;
        if reachable(middle) { yes = middle } else { no = middle }
    }
    yes
}

/// The whole number nearest to numerator / n.
fn nearest(n: i64, numerator: i64) -> i64 {
    (2 * numerator + n).div_euclid(2 * n)
}
