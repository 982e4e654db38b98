//! Forecast: how many groups a list will hold, so that the limits of successive lists can be chosen.
//!
//! The sums of a random group of a shape are taken as jointly normal, with the exact covariance of drawing each tier's students
//! without replacement. The groups within a limit then fill a ball of the L1 norm around the ideal, whose volume is closed form.

use super::fits::{Fit, Fits};
use super::lanes::{Lanes, Sizes};
use super::shapes::{Signature, Tiering};

/// The variance of rounding to a whole number: keeps columns that depend on each other apart.
const ROUNDING: f64 = 1.0 / 12.0;

/// What a list costs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Forecast {
    /// Halves made and pairs looked at.
    pub work: f64,
    /// Groups listed.
    pub groups: f64,
}

/// One shape of one size.
pub(super) struct Draw<'a> {
    /// Lanes with limits.
    pub lanes: &'a Lanes,
    /// Tiers.
    pub tiering: &'a Tiering,
    /// Sizes.
    pub sizes: Sizes,
    /// Students of each tier in the group.
    pub shape: Signature,
    /// 1 for a large group.
    pub large: usize,
}

impl Draw<'_> {
    /// The share of all groups of the shape that are within the limits.
    pub(super) fn share(&self, fits: &Fits) -> f64 {
        let (ball, windows): (Vec<&Fit>, Vec<&Fit>) =
            fits.list.iter().partition(|fit| fit.level == 0 && self.slope(fit.lane) > 0.0);
        let within = |fit: &&Fit| {
            let width = f64::from(fit.high) - f64::from(fit.low) + 1.0;
            (width / (std::f64::consts::TAU * self.covariance(fit.lane, fit.lane)).sqrt()).min(1.0)
        };
        windows.iter().map(within).product::<f64>() * self.ball(&ball, fits.room[0]).min(1.0)
    }

    /// Density at the ideal times the volume of {Σ slope·abs(x) ≤ room}, half a step of rounding added on each axis.
    fn ball(&self, ball: &[&Fit], room: i64) -> f64 {
        let slopes: Vec<f64> = ball.iter().map(|fit| self.slope(fit.lane)).collect();
        let reach = room as f64 + slopes.iter().sum::<f64>() / 2.0;
        let volume: f64 = slopes.iter().zip(1..).map(|(slope, axis)| 2.0 * reach / (slope * f64::from(axis))).product();
        let at = |i: usize, j: usize| self.covariance(ball[i].lane, ball[j].lane);
        volume / (std::f64::consts::TAU.powi(ball.len() as i32) * determinant(ball.len(), at)).sqrt()
    }

    /// What one unit off the ideal costs: the group's own slope and that of the others, who are off by as much.
    fn slope(&self, lane: usize) -> f64 {
        let lane = &self.lanes.list[lane];
        let others = (self.sizes.groups - 1, self.sizes.large - self.large);
        (lane.row(1, self.large).2 + lane.row(others.0, others.1).2) as f64
    }

    /// Covariance of two lanes' sums over a random group of the shape.
    fn covariance(&self, a: usize, b: usize) -> f64 {
        let (a, b) = (&self.lanes.list[a].of_student, &self.lanes.list[b].of_student);
        let of_tier = |tier: usize, drawn: u8| {
            let members = || (0..a.len()).filter(|&s| self.tiering.of[s] == tier);
            let count = members().count() as f64;
            let mean = |of: &[i32]| members().map(|s| f64::from(of[s])).sum::<f64>() / count.max(1.0);
            let (mean_a, mean_b) = (mean(a), mean(b));
            let product = |s: usize| (f64::from(a[s]) - mean_a) * (f64::from(b[s]) - mean_b);
            f64::from(drawn) * (count - f64::from(drawn)).max(0.0) / (count * (count - 1.0)).max(1.0)
                * members().map(product).sum::<f64>()
        };
        let sum: f64 =
            self.shape.iter().take(self.tiering.count).enumerate().map(|(t, &drawn)| of_tier(t, drawn)).sum();
        if std::ptr::eq(a, b) { sum + ROUNDING } else { sum }
    }
}

/// The determinant of a positive definite matrix, by Cholesky's factors.
fn determinant(n: usize, at: impl Fn(usize, usize) -> f64) -> f64 {
    let mut factor = vec![vec![0.0_f64; n]; n];
    let mut product = 1.0;
    for i in 0..n {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| factor[i][k] * factor[j][k]).sum();
            let left = at(i, j) - dot;
            factor[i][j] = if i == j { left.max(ROUNDING).sqrt() } else { left / factor[j][j] };
        }
        product *= factor[i][i] * factor[i][i];
    }
    product
}
