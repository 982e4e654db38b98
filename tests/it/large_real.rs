//! Numeric tables as real ones are: equal rows, outliers, skewed and 0/1 columns, many groups.

use crate::command::shared;
use fenzu::problem::rows::{Rows, read};
use fenzu::solver::Stop;
use fenzu::solver::diversity::Search;
use fenzu::solver::diversity::rows::assignment::assign;
use fenzu::solver::diversity::rows::{divide, even_out};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use std::collections::HashMap;
use std::time::Duration;

fn divided(rows: &Rows, groups: usize, work: u64) -> Vec<usize> {
    divide(rows, groups, Search { seed: 1, threads: 1, work: Some(work) }, &Stop::after(None))
}

fn sizes(plan: &[usize], groups: usize) -> Vec<usize> {
    let mut sizes = vec![0; groups];
    plan.iter().for_each(|&group| sizes[group] += 1);
    sizes
}

fn fits(plan: &[usize], groups: usize) -> bool {
    let floor = plan.len() / groups;
    sizes(plan, groups).iter().all(|size| (floor..=floor + 1).contains(size))
}

/// Sum of squares between groups: of every group's mean less the mean of all, as often as it has rows.
fn between(rows: &Rows, plan: &[usize], groups: usize) -> f64 {
    let sizes = sizes(plan, groups);
    let column = |c: usize| {
        let value = |row: usize| rows.values[row * rows.columns + c];
        let mean = (0..plan.len()).map(value).sum::<f64>() / plan.len() as f64;
        let mut sums = vec![0.0; groups];
        plan.iter().enumerate().for_each(|(row, &group)| sums[group] += value(row) - mean);
        sums.iter().zip(&sizes).map(|(sum, &size)| sum * sum / size as f64).sum::<f64>()
    };
    (0..rows.columns).map(column).sum()
}

/// Each row in the place of the first that is equal to it.
fn values_of(rows: &Rows) -> Vec<usize> {
    let mut first = HashMap::new();
    let bits = |row: &[f64]| row.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    rows.values.chunks_exact(rows.columns).enumerate().map(|(i, row)| *first.entry(bits(row)).or_insert(i)).collect()
}

/// Small whole numbers, so that many rows are equal; now and then one far out.
fn coarse(count: usize, columns: usize, kinds: u32, seed: u64) -> Rows {
    let mut rng = Pcg64::seed_from_u64(seed);
    let mut number = || {
        let far = if rng.random_range(0..40) == 0 { 25.0 } else { 1.0 };
        far * f64::from(rng.random_range(0..kinds))
    };
    Rows { columns, values: (0..count * columns).map(|_| number()).collect() }
}

/// The least total of all assignments.
fn least(costs: &[f64], columns: usize, taken: &mut Vec<usize>) -> f64 {
    let row = taken.len();
    if row * columns == costs.len() {
        return 0.0;
    }
    let mut best = f64::INFINITY;
    for column in 0..columns {
        if !taken.contains(&column) {
            taken.push(column);
            best = best.min(costs[row * columns + column] + least(costs, columns, taken));
            taken.pop();
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Every row a column of its own, at the least total of all assignments; many costs are equal.
    #[test]
    fn assignments_are_the_best_of_all(rows in 1..6_usize, more in 0..3_usize, kinds in 1..30_u32, seed in 0..1000_u64) {
        let columns = rows + more;
        let mut rng = Pcg64::seed_from_u64(seed);
        let costs: Vec<f64> = (0..rows * columns).map(|_| f64::from(rng.random_range(0..kinds)) - 5.0).collect();
        let column_of = assign(&costs, columns);
        let total: f64 = column_of.iter().enumerate().map(|(row, column)| costs[row * columns + column]).sum();
        let mut different = column_of.clone();
        different.sort_unstable();
        different.dedup();
        prop_assert_eq!((different.len(), column_of.len()), (rows, rows));
        prop_assert!((total - least(&costs, columns, &mut Vec::new())).abs() < 1e-9);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any number of groups up to the number of rows, equal rows, rows far out: sizes within one, repeatable.
    #[test]
    fn coarse_rows_are_divided(
        count in 2..400_usize, columns in 1..6_usize, kinds in 1..4_u32, groups in 1..400_usize, seed in 0..1000_u64,
        work in 0..30_000_u64,
    ) {
        let (rows, groups) = (coarse(count, columns, kinds, seed), groups.min(count));
        let plan = divided(&rows, groups, work);
        prop_assert!(fits(&plan, groups));
        prop_assert_eq!(&plan, &divided(&rows, groups, work));
        let stop = Stop::after(Some(Duration::ZERO));
        let search = Search { seed, threads: 2, work: None };
        prop_assert!(fits(&divide(&rows, groups, search, &stop), groups));
    }

    /// Rows of one column that are 0 or 1 are shared out as evenly as whole numbers allow.
    #[test]
    fn ones_are_shared_out(count in 4..300_usize, groups in 2..40_usize, ones in 0..300_usize) {
        let (groups, ones) = (groups.min(count), ones.min(count));
        let rows = Rows { columns: 1, values: (0..count).map(|row| f64::from(u8::from(row * ones % count < ones))).collect() };
        let plan = divided(&rows, groups, 200_000);
        let least = even_ones(&rows, groups);
        prop_assert!(between(&rows, &plan, groups) < least + 1e-9, "{} {least}", between(&rows, &plan, groups));
    }

    /// As many rows far out as fill the groups so many times: every group gets as many.
    #[test]
    fn outliers_are_spread(groups in 2..30_usize, size in 4..12_usize, each in 1..4_usize, columns in 1..5_usize, seed in 0..1000_u64) {
        let mut rng = Pcg64::seed_from_u64(seed);
        let (count, far) = (groups * size, groups * each);
        let values = (0..count * columns).map(|at| {
            let out = if at / columns % size < each && at % columns == 0 { 60.0 } else { 0.0 };
            out + rng.random::<f64>()
        });
        let rows = Rows { columns, values: values.collect() };
        let plan = divided(&rows, groups, 100_000);
        let mut outliers = vec![0; groups];
        (0..count).filter(|row| row % size < each).for_each(|row| outliers[plan[row]] += 1);
        prop_assert!(outliers.iter().all(|&number| number == far / groups), "{outliers:?}");
    }

    /// Inside kinds, from a given division: never worse, kinds stay, and equal rows do not keep others from being swapped.
    #[test]
    fn kinds_of_equal_rows_stay(count in 20..200_usize, columns in 1..4_usize, groups in 2..6_usize, seed in 0..1000_u64) {
        let rows = coarse(count, columns, 3, seed);
        let start: Vec<usize> = (0..count).map(|row| row * groups / count).collect();
        let kinds: Vec<usize> = (0..count).map(|row| row % 3).collect();
        let plan = even_out(&rows, (&start, &kinds), 100_000, Pcg64::seed_from_u64(seed), &Stop::after(None));
        prop_assert!(between(&rows, &plan, groups) <= between(&rows, &start, groups) + 1e-9);
        let inside = |plan: &[usize]| {
            let mut pairs: Vec<_> = plan.iter().copied().zip(kinds.iter().copied()).collect();
            pairs.sort_unstable();
            pairs
        };
        prop_assert_eq!(inside(&plan), inside(&start));
    }
}

/// The least sum of squares between groups for a column of 0 and 1: larger and smaller groups each get the next 1 where it costs
/// least.
fn even_ones(rows: &Rows, groups: usize) -> f64 {
    let count = rows.len();
    let ones = rows.values.iter().sum::<f64>();
    let mean = ones / count as f64;
    let sizes: Vec<f64> =
        (0..groups).map(|group| (count / groups + usize::from(group < count % groups)) as f64).collect();
    let mut held = vec![0.0; groups];
    let cost = |held: f64, size: f64| (held - mean * size).powi(2) / size;
    for _ in 0..ones as usize {
        let more = |group: usize| cost(held[group] + 1.0, sizes[group]) - cost(held[group], sizes[group]);
        let open = (0..groups).filter(|&group| held[group] < sizes[group]);
        let next = open.min_by(|&a, &b| more(a).total_cmp(&more(b))).expect("a group with room");
        held[next] += 1.0;
    }
    held.iter().zip(&sizes).map(|(&held, &size)| cost(held, size)).sum()
}

/// As many values as fill every group twice: where swaps of the nearest rows only would leave equal rows where they were dealt.
#[test]
fn equal_rows_are_no_obstacle() {
    let values = (0..600).flat_map(|row| [f64::from(row / 60), f64::from(row / 60 * 7 % 10)]);
    let rows = Rows { columns: 2, values: values.collect() };
    assert_eq!(values_of(&rows).iter().max(), Some(&540));
    let plan = divided(&rows, 60, 300_000);
    assert!(between(&rows, &plan, 60) < 1e-9, "{}", between(&rows, &plan, 60));
}

/// Abalone, 4,177 × 10, skewed and with outliers: well below assignment in batches (0.0524, 5.03, 150.3, 881.2). Its three columns
/// of 0 and 1 alone leave some 0.0495, 4.815, 120.8 and 687.
#[test]
fn real_rows_become_alike() {
    let Some(file) = shared("anticlust/abalone.csv.xz") else { return };
    let unpacked = std::process::Command::new("xz").args(["-dc", &file]).output();
    let Some(output) = unpacked.ok().filter(|output| output.status.success()) else {
        eprintln!("skipped: no xz here");
        return;
    };
    let rows = read(&output.stdout, "abalone.csv").unwrap();
    for (groups, most) in [(10, 0.0498), (100, 4.9), (500, 141.0), (1000, 800.0)] {
        let plan = divided(&rows, groups, 5_000_000);
        assert!(fits(&plan, groups));
        let found = between(&rows, &plan, groups);
        assert!(found <= most, "{groups}: {found}");
    }
}
