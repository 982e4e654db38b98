//! Tables of numbers as real ones are: skewed, 0/1, many columns that go together, outliers. All columns standardised.

use fenzu::problem::rows::Rows;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

/// Numbers drawn from a seed.
struct Draw(Pcg64);

impl Draw {
    fn new(seed: u64) -> Self {
        Self(Pcg64::seed_from_u64(seed))
    }

    /// A standard normal number, by Box and Muller.
    fn normal(&mut self) -> f64 {
        let (radius, angle): (f64, f64) = (1.0 - self.0.random::<f64>(), self.0.random());
        (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
    }
}

/// Standard normal numbers.
pub fn normal(count: usize, columns: usize) -> Rows {
    let mut draw = Draw::new(1);
    Rows { columns, values: (0..count * columns).map(|_| draw.normal()).collect() }
}

/// Log-normal numbers: most are small, a few are very large.
pub fn skewed(count: usize, columns: usize) -> Rows {
    let mut draw = Draw::new(2);
    standardised(columns, (0..count * columns).map(|_| draw.normal().exp()).collect())
}

/// Answers 0 and 1, from common to rare (half of the rows to one in five hundred), which go together a little.
pub fn flags(count: usize, columns: usize) -> Rows {
    let mut draw = Draw::new(3);
    let rarity = |column: usize| 2.9 * column as f64 / (columns - 1) as f64;
    let mut values = Vec::with_capacity(count * columns);
    for _ in 0..count {
        let inclined = draw.normal();
        values.extend((0..columns).map(|c| f64::from(0.5 * inclined + 0.866 * draw.normal() > rarity(c))));
    }
    standardised(columns, values)
}

/// Many columns that follow five hidden ones, and one row in fifty far out.
pub fn wide(count: usize, columns: usize) -> Rows {
    let mut draw = Draw::new(4);
    let loads: Vec<f64> = (0..columns * 5).map(|_| draw.normal()).collect();
    let mut values = Vec::with_capacity(count * columns);
    for _ in 0..count {
        let far = if draw.0.random::<f64>() < 0.02 { 6.0 } else { 1.0 };
        let hidden: Vec<f64> = (0..5).map(|_| far * draw.normal()).collect();
        let of_column = |load: &[f64]| load.iter().zip(&hidden).map(|(load, hidden)| load * hidden).sum::<f64>();
        values.extend(loads.chunks_exact(5).map(|load| of_column(load) + draw.normal()));
    }
    standardised(columns, values)
}

/// Every column less its mean, by its standard deviation.
pub fn standardised(columns: usize, mut values: Vec<f64>) -> Rows {
    let count = (values.len() / columns) as f64;
    for c in 0..columns {
        let column = || values.iter().skip(c).step_by(columns);
        let mean = column().sum::<f64>() / count;
        let deviation =
            (column().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt().max(f64::MIN_POSITIVE);
        values.iter_mut().skip(c).step_by(columns).for_each(|value| *value = (*value - mean) / deviation);
    }
    Rows { columns, values }
}

/// What columns of two values cost at least, each by itself: whole numbers of rows cannot be shared out more evenly. The next row
/// with the larger value goes where it costs least, which is exact as the cost of a group is convex.
pub fn least(rows: &Rows, groups: usize) -> f64 {
    (0..rows.columns)
        .map(|c| {
            least_of_column(&rows.values.iter().skip(c).step_by(rows.columns).copied().collect::<Vec<_>>(), groups)
        })
        .sum()
}

fn least_of_column(column: &[f64], groups: usize) -> f64 {
    let low = column.iter().copied().fold(f64::INFINITY, f64::min);
    let high = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if column.iter().any(|value| *value > low && *value < high) {
        return 0.0;
    }
    let count = column.len();
    let ones = column.iter().filter(|&&value| value > low).count();
    let share = ones as f64 / count as f64;
    let size = |group: usize| (count / groups + usize::from(group < count % groups)) as f64;
    let cost = |held: f64, size: f64| (held - share * size).powi(2) / size;
    let mut held = vec![0.0; groups];
    for _ in 0..ones {
        let more = |group: usize| cost(held[group] + 1.0, size(group)) - cost(held[group], size(group));
        let open = (0..groups).filter(|&group| held[group] < size(group));
        if let Some(next) = open.min_by(|&a, &b| more(a).total_cmp(&more(b))) {
            held[next] += 1.0;
        }
    }
    let width = (high - low).powi(2);
    held.iter().enumerate().map(|(group, &held)| width * cost(held, size(group))).sum()
}
