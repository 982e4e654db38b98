//! Exact non-negative fractions, and the least whole multiples of several of them.

use crate::model::Ratio;

/// A non-negative fraction in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    pub num: i128,
    pub den: i128,
}

impl Fraction {
    /// `num / den` for `num ≥ 0`, `den ≥ 1`.
    pub fn new(num: i128, den: i128) -> Self {
        let divisor = gcd(num, den).max(1);
        Self { num: num / divisor, den: den / divisor }
    }

    /// The product, in lowest terms.
    pub fn times(self, other: Self) -> Self {
        // Crosswise first, which keeps the products small.
        let (a, b) = (Self::new(self.num, other.den), Self::new(other.num, self.den));
        Self { num: a.num.saturating_mul(b.num), den: a.den.saturating_mul(b.den) }
    }

    /// The nearest float.
    #[expect(clippy::cast_precision_loss, reason = "for display")]
    pub fn float(self) -> f64 {
        self.num as f64 / self.den as f64
    }
}

impl From<Ratio> for Fraction {
    fn from(ratio: Ratio) -> Self {
        Self::new(ratio.num.into(), ratio.den.into())
    }
}

/// The fractions times `L`, the least positive integer that makes all of them whole; and `L`.
pub(super) fn made_whole(fractions: &[Fraction]) -> (Vec<i128>, i128) {
    let multiple = fractions.iter().fold(1, |multiple, fraction| lcm(multiple, fraction.den));
    (fractions.iter().map(|fraction| fraction.num.saturating_mul(multiple / fraction.den)).collect(), multiple)
}

/// Greatest common divisor of absolute values; `gcd(0, x) = |x|`.
pub(super) fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

/// Least common multiple of positive numbers.
pub(super) fn lcm(a: i128, b: i128) -> i128 {
    (a / gcd(a, b).max(1)).saturating_mul(b)
}
