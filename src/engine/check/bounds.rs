//! The closed-form lower bound of every goal (`models/formulation.md`, last column and F1–F3), over the sizes that a plan must have.

use super::case::{Case, Term, Terms};
use std::collections::{BTreeMap, BTreeSet};

/// Σ over old groups p of max(0, |p| − largest size); all of p where there is no such group now.
pub(super) fn moves(case: &Case) -> i128 {
    let largest = case.even_sizes.iter().copied().max().unwrap_or(0);
    let leave = |(p, size): (usize, i128)| if p < case.even_sizes.len() { (size - largest).max(0) } else { size };
    case.old_sizes().into_iter().map(leave).sum()
}

/// (F1) The least `Σ_g Σ_t abs(N·x_gt − n_g·T_t)` over all tables of counts with the right sizes and tier totals.
///
/// There are at most two sizes. Among the groups of one size a tier is best split as evenly as can be (the cost is convex), and
/// controlled rounding makes all tiers even at once. So only the numbers `y_t` of each tier that go to the larger groups are
/// free, with `Σ_t y_t` fixed; the cost is convex in each `y_t`, so the cheapest next unit, taken as often as needed, is exact.
pub(super) fn tiers(case: &Case) -> i128 {
    let totals: Vec<i128> = case.tiers().iter().map(|tier| tier.iter().sum()).collect();
    let small = case.even_sizes.iter().copied().min().unwrap_or(0);
    let count = |wanted: &dyn Fn(i128) -> bool| case.even_sizes.iter().filter(|&&n| wanted(n)).count() as i128;
    let (big_groups, small_groups) = (count(&|n| n > small), count(&|n| n == small));
    let cost = |total: i128, y: i128| {
        even_split(case.students, big_groups, small + 1, total, y)
            + even_split(case.students, small_groups, small, total, total - y)
    };
    let mut in_big = vec![0; totals.len()];
    for _ in 0..big_groups * (small + 1) {
        let dearer = |t: usize| cost(totals[t], in_big[t] + 1) - cost(totals[t], in_big[t]);
        if let Some(t) = (0..totals.len()).filter(|&t| in_big[t] < totals[t]).min_by_key(|&t| dearer(t)) {
            in_big[t] += 1;
        }
    }
    totals.iter().zip(in_big).map(|(&total, y)| cost(total, y)).sum()
}

/// Σ of abs(N·x − n·T) over `groups` groups of size n that share `count` students of a tier of T evenly.
fn even_split(students: i128, groups: i128, size: i128, total: i128, count: i128) -> i128 {
    if groups == 0 {
        return 0;
    }
    let (each, more) = (count / groups, count % groups);
    let off = |x: i128| (students * x - size * total).abs();
    more * off(each + 1) + (groups - more) * off(each)
}

/// `Σ_c m_c·A_c`; the goals means (of marks) and spread (of squares).
pub(super) fn deviation(case: &Case, terms: &Terms) -> i128 {
    terms.columns.iter().map(|term| term.weight.saturating_mul(least_deviation(case, term.u.iter().sum()))).sum()
}

/// (F2) `A_c`: `min Σ_g abs(N·U_g − n_g·U)` over whole `U_g` with `Σ U_g = U`.
///
/// Every group starts at its own best sum; then the group for which it costs least moves by one, until the total is right.
/// The sum is separable and convex, so that is exact.
fn least_deviation(case: &Case, total: i128) -> i128 {
    let n = case.students.max(1);
    let off = |g: usize, sum: i128| (n * sum - case.even_sizes[g] * total).abs();
    let groups = 0..case.even_sizes.len();
    let mut sums: Vec<i128> = case.even_sizes.iter().map(|size| (2 * size * total + n).div_euclid(2 * n)).collect();
    let missing = total - sums.iter().sum::<i128>();
    let step = missing.signum();
    let dearer = |g: usize, sum: i128| off(g, sum + step) - off(g, sum);
    let mut next: BTreeSet<(i128, usize)> = groups.clone().map(|g| (dearer(g, sums[g]), g)).collect();
    for _ in 0..missing.abs() {
        let Some((_, g)) = next.pop_first() else { break };
        sums[g] += step;
        next.insert((dearer(g, sums[g]), g));
    }
    groups.map(|g| off(g, sums[g])).sum()
}

/// (F3) The least m for which, column by column, whole sums with `m_c·abs(N·U_g − n_g·U)·Λ/n_g ≤ m` can add up to U.
pub(super) fn worst(case: &Case, terms: &Terms) -> i128 {
    terms.columns.iter().map(|term| least_worst(case, term.u.iter().sum(), term.weight)).max().unwrap_or(0)
}

/// By doubling, then halving: whether m is enough is monotone in m.
fn least_worst(case: &Case, total: i128, weight: i128) -> i128 {
    let multiple = case.sizes_multiple();
    let mut groups: BTreeMap<i128, i128> = BTreeMap::new();
    case.even_sizes.iter().for_each(|size| *groups.entry(*size).or_default() += 1);
    let enough = |m: i128| can_add_up(case, &groups, (total, weight, multiple), m);
    if enough(0) {
        return 0;
    }
    let (mut too_small, mut good) = (0, 1);
    // The limit ends the loop for weights that saturated; no true value is near it.
    while !enough(good) && good < 1 << 100 {
        (too_small, good) = (good, 2 * good);
    }
    while good - too_small > 1 {
        let middle = i128::midpoint(too_small, good);
        if enough(middle) { good = middle } else { too_small = middle }
    }
    good
}

/// `groups` tells how many groups there are of each size.
fn can_add_up(
    case: &Case,
    groups: &BTreeMap<i128, i128>,
    (total, weight, multiple): (i128, i128, i128),
    m: i128,
) -> bool {
    if weight == 0 || case.students == 0 {
        return true;
    }
    let n = case.students;
    let (mut lowest, mut highest) = (0, 0);
    for (size, count) in groups {
        // abs(N·U_g − n_g·U) ≤ room
        let room = m * size / weight.saturating_mul(multiple);
        let (low, high) = (-(room - size * total).div_euclid(n), (size * total + room).div_euclid(n));
        if low > high {
            return false;
        }
        lowest += count * low;
        highest += count * high;
    }
    lowest <= total && total <= highest
}

/// The pairs in the most even split of each old group p over G groups: `b·C(a+1, 2) + (G − b)·C(a, 2)` with `|p| = a·G + b`.
pub(super) fn partners(case: &Case) -> i128 {
    let groups = (case.even_sizes.len() as i128).max(1);
    let two_of = |a: i128| a * (a - 1) / 2;
    let split = |size: i128| {
        let (a, b) = (size / groups, size % groups);
        b * two_of(a + 1) + (groups - b) * two_of(a)
    };
    case.old_sizes().into_values().map(split).sum()
}

/// The sum of the M smallest pair distances, `M = (N² − Σ n_g²)/2` being the number of pairs in different groups.
pub(super) fn diversity(case: &Case, terms: &Terms) -> i128 {
    let columns: Vec<Vec<i64>> = terms.columns.iter().map(weighed).collect();
    let students = case.group_of.len();
    let mut distances = vec![0; students];
    // The distances of each student to those behind, one student after the other.
    let mut each = |visit: &mut dyn FnMut(&[i64])| {
        for s in 0..students {
            let behind = &mut distances[s + 1..];
            behind.fill(0);
            for column in &columns {
                behind.iter_mut().zip(&column[s + 1..]).for_each(|(d, other)| *d += (column[s] - other).abs());
            }
            visit(behind);
        }
    };
    let apart = (case.students * case.students - case.even_sizes.iter().map(|n| n * n).sum::<i128>()) / 2;
    let width = |column: &Vec<i64>| column.iter().max().unwrap_or(&0) - column.iter().min().unwrap_or(&0);
    let most: i64 = columns.iter().map(width).sum();
    let shift = (64 - most.leading_zeros()).saturating_sub(12);
    let head = |distance: i64| usize::try_from(distance >> shift).unwrap_or(0);
    // How many distances begin with the same bits, and their sum.
    let mut heads: Vec<(i128, i128)> = vec![(0, 0); head(most) + 1];
    each(&mut |distances| {
        for &distance in distances {
            let head = &mut heads[head(distance)];
            *head = (head.0 + 1, head.1 + i128::from(distance));
        }
    });
    let (mut left, mut sum) = (apart, 0);
    for (place, (count, all)) in heads.into_iter().enumerate() {
        if count > left {
            let mut inside = Vec::new();
            each(&mut |distances| inside.extend(distances.iter().copied().filter(|&d| head(d) == place)));
            inside.sort_unstable();
            return sum + inside.into_iter().take(usize::try_from(left).unwrap_or(0)).map(i128::from).sum::<i128>();
        }
        (left, sum) = (left - count, sum + all);
    }
    sum
}

/// A column times its weight; numbers beyond 2⁵⁶, which no mark comes near, are held there.
fn weighed(term: &Term) -> Vec<i64> {
    let narrow = |u: &i128| i64::try_from(term.weight.saturating_mul(*u)).unwrap_or(i64::MAX).min(1 << 56);
    term.u.iter().map(narrow).collect()
}
