//! Whole-number marks of one score column (`models/formulation.md`, "Whole-number marks").

use super::fraction::{Fraction, gcd};
use crate::roster::{Cell, Roster};

/// One score column in whole numbers.
pub(super) struct Marks {
    /// `u[s]`: the normalised mark, 0 for the lowest; all differences have no common divisor.
    pub u: Vec<i128>,
    /// Points that one unit of `u` stands for: `q_c / scale_c`.
    pub points: Fraction,
}

/// Beyond 2⁵³ a float holds no whole number exactly; no mark is near it.
const LARGEST: f64 = 9_007_199_254_740_992.0;

/// The marks of `column`, with missing ones filled in by the mean of the tier (of the class without tiers).
pub(super) fn marks(roster: &Roster, tier_of: Option<&[usize]>, column: usize) -> Marks {
    let points: Vec<Option<f64>> = roster.columns[column].cells.iter().map(Cell::number).collect();
    let scale = scale_of(&points.iter().copied().flatten().collect::<Vec<_>>());
    let whole: Vec<Option<i128>> = points.iter().map(|mark| mark.map(|x| whole(x * scale.float()))).collect();
    let filled = fill(&whole, tier_of);
    let least = filled.iter().copied().min().unwrap_or(0);
    let q = filled.iter().fold(0, |q, v| gcd(q, v - least)).max(1);
    Marks {
        u: filled.iter().map(|v| (v - least) / q).collect(),
        points: Fraction::new(q, 1).times(Fraction::new(scale.den, scale.num)),
    }
}

/// The nearest whole number, halves away from zero.
#[expect(clippy::cast_possible_truncation, reason = "bounded to ±2⁵³ first")]
fn whole(x: f64) -> i128 {
    x.round().clamp(-LARGEST, LARGEST) as i128
}

/// `scale_c`: 10^d for the least d ≤ 2 that makes every mark whole, else 2^−k for the step 2^k.
fn scale_of(marks: &[f64]) -> Fraction {
    match marks.iter().map(|&mark| decimals(mark)).max().unwrap_or(0) {
        0 => Fraction::new(1, 1),
        1 => Fraction::new(10, 1),
        2 => Fraction::new(100, 1),
        _ => binary_scale(marks),
    }
}

/// The least d ≤ 2 for which the mark has at most d decimals, but for the noise of binary fractions; 3 if there is none.
fn decimals(mark: f64) -> usize {
    let whole = |scale: &f64| (mark * scale - (mark * scale).round()).abs() <= 1e-9 * (mark * scale).abs().max(1.0);
    [1.0, 10.0, 100.0].iter().position(whole).unwrap_or(3)
}

/// 2^−k with k = ⌊log2(range)⌋ − 20, at least −40 and at most 20.
#[expect(clippy::cast_possible_truncation, reason = "a float's log2 lies within ±1100")]
fn binary_scale(marks: &[f64]) -> Fraction {
    let largest = marks.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let smallest = marks.iter().copied().fold(f64::INFINITY, f64::min);
    let range = if largest > smallest { largest - smallest } else { 1.0 };
    let k = (range.log2().floor() as i32 - 20).clamp(-40, 20);
    if k < 0 { Fraction::new(1 << -k, 1) } else { Fraction::new(1, 1 << k) }
}

/// Every mark; a missing one is the mean of the student's tier, of the class where the tier has no marks, 0 without any.
fn fill(whole: &[Option<i128>], tier_of: Option<&[usize]>) -> Vec<i128> {
    let of_class = mean(whole.iter().copied().flatten()).unwrap_or(0);
    let Some(tier_of) = tier_of else { return whole.iter().map(|v| v.unwrap_or(of_class)).collect() };
    let tiers = tier_of.iter().max().map_or(0, |last| last + 1);
    let present = |tier: usize| whole.iter().zip(tier_of).filter(move |(_, t)| **t == tier).filter_map(|(v, _)| *v);
    let of_tier: Vec<i128> = (0..tiers).map(|tier| mean(present(tier)).unwrap_or(of_class)).collect();
    whole.iter().zip(tier_of).map(|(v, &tier)| v.unwrap_or(of_tier[tier])).collect()
}

/// The mean rounded to the nearest whole number, halves up.
fn mean(values: impl Iterator<Item = i128>) -> Option<i128> {
    let (sum, count) = values.fold((0, 0), |(sum, count), v| (sum + v, count + 1));
    (count > 0).then(|| (2 * sum + count).div_euclid(2 * count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scale_is_the_least_that_makes_all_marks_whole() {
        assert_eq!(scale_of(&[85.0, 90.0]), Fraction::new(1, 1));
        assert_eq!(scale_of(&[85.5, 90.0]), Fraction::new(10, 1));
        assert_eq!(scale_of(&[85.25, 90.1]), Fraction::new(100, 1));
        // What a spreadsheet holds for 0.1 + 0.2.
        assert_eq!(scale_of(&[0.1 + 0.2, 90.0]), Fraction::new(10, 1));
        // Range 5: k = 2 − 20, scale 2^18. Range 2^22: k = 2, scale 1/4.
        assert_eq!(scale_of(&[0.125, 5.125]), Fraction::new(1 << 18, 1));
        assert_eq!(scale_of(&[0.001, 4_194_304.001]), Fraction::new(1, 4));
        // All equal: range 1, k = −20.
        assert_eq!(scale_of(&[0.125, 0.125]), Fraction::new(1 << 20, 1));
    }

    #[test]
    fn missing_marks_are_the_tiers_mean_halves_up() {
        let whole = [Some(1), Some(2), None, None, Some(-1), Some(-2), None];
        // Tier 0: (1 + 2) / 2 = 1.5 → 2. Tier 1 has none: class mean 0 / 4 = 0. Tier 2: −1.5 → −1.
        assert_eq!(fill(&whole, Some(&[0, 0, 0, 1, 2, 2, 2])), [1, 2, 2, 0, -1, -2, -1]);
        assert_eq!(fill(&whole, None), [1, 2, 0, 0, -1, -2, 0]);
        assert_eq!(fill(&[None, None], None), [0, 0]);
    }

    #[test]
    fn whole_numbers_round_halves_away_from_zero() {
        assert_eq!([2.5, -2.5, 1e300].map(whole), [3, -3, 1 << 53]);
    }
}
