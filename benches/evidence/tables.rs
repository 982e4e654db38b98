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
        let deviation = (column().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt().max(f64::MIN_POSITIVE);
        values.iter_mut().skip(c).step_by(columns).for_each(|value| *value = (*value - mean) / deviation);
    }
    Rows { columns, values }
}
