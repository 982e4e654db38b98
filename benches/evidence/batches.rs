//! Assignment in batches, as published (ABA: Baumann, Goldschmidt, Hochbaum & Yang 2026): what fenzu is compared with.

use fenzu::problem::rows::Rows;
use fenzu::solver::diversity::rows::assignment::assign;

/// The group of each row: rows in descending order of distance from the mean, a batch of as many as there are groups at a time;
/// the first batch are the first centres, every other is assigned so that the rows are as far from the centres as can be.
pub fn divide(rows: &Rows, groups: usize) -> Vec<usize> {
    let columns = rows.columns;
    let point = |row: usize| &rows.values[row * columns..][..columns];
    let mut mean = vec![0.0; columns];
    for row in 0..rows.len() {
        mean.iter_mut().zip(point(row)).for_each(|(mean, value)| *mean += value / rows.len() as f64);
    }
    let distances: Vec<f64> = (0..rows.len()).map(|row| squared(point(row), &mean)).collect();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|&p, &q| distances[q].total_cmp(&distances[p]));
    let mut group_of = vec![0; rows.len()];
    let mut centres = Vec::new();
    for (number, batch) in order.chunks(groups).enumerate() {
        if number == 0 {
            batch.iter().enumerate().for_each(|(group, &row)| group_of[row] = group);
            centres = batch.iter().flat_map(|&row| point(row).iter().copied()).collect();
            continue;
        }
        let costs: Vec<f64> = batch
            .iter()
            .flat_map(|&row| centres.chunks_exact(columns).map(move |centre| -squared(point(row), centre)))
            .collect();
        for (&row, group) in batch.iter().zip(assign(&costs, groups)) {
            group_of[row] = group;
            let centre = &mut centres[group * columns..][..columns];
            centre.iter_mut().zip(point(row)).for_each(|(of, value)| *of += (value - *of) / (number + 1) as f64);
        }
    }
    group_of
}

fn squared(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}
