//! What a division of elements or rows is worth, from the numbers as they were read.

/// Summed distance inside groups; `distances[i * n + j]`.
#[must_use]
pub fn within(distances: &[f64], group_of: &[usize]) -> f64 {
    let n = group_of.len();
    let mut sum = 0.0;
    for i in 0..n {
        for j in 0..i {
            if group_of[i] == group_of[j] {
                sum += distances[i * n + j];
            }
        }
    }
    sum
}

/// Between-group sum of squares Σ_g n_g · |mean of g − mean of all|²; `values[i * columns + c]`.
#[must_use]
pub fn between(values: &[f64], columns: usize, group_of: &[usize]) -> f64 {
    let groups = group_of.iter().max().map_or(0, |last| last + 1);
    let mut total = 0.0;
    for column in 0..columns {
        let of = |row: usize| values[row * columns + column];
        let mean = (0..group_of.len()).map(of).sum::<f64>() / group_of.len() as f64;
        let (mut sums, mut sizes) = (vec![0.0; groups], vec![0.0; groups]);
        for (row, &group) in group_of.iter().enumerate() {
            sums[group] += of(row) - mean;
            sizes[group] += 1.0;
        }
        total +=
            sums.iter().zip(&sizes).filter(|(_, size)| **size > 0.0).map(|(sum, size)| sum * sum / size).sum::<f64>();
    }
    total
}
