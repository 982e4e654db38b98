//! Whole-number marks: scaling, missing marks, normalising (models/formulation.md, "Whole-number marks").

use crate::fault::Notice;
use crate::model::ratio::gcd;
use crate::roster::{Cell, Roster};
use crate::words;

/// One score column as whole numbers: `mark = (least + units · step) · num/den` points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marks {
    /// Index into the roster's columns.
    pub column: usize,
    /// u_s, at least 0, greatest common divisor 1.
    pub units: Vec<i64>,
    /// U = Σ u_s.
    pub total: i64,
    /// One unit of u in points: numerator of q_c / scale_c in lowest terms.
    pub num: i64,
    /// Denominator of q_c / scale_c.
    pub den: i64,
    /// Whether the mark stands in the list (not imputed).
    pub present: Vec<bool>,
}

/// Binary digits kept of the range of marks with more than two decimals.
const FINE_BITS: i32 = 20;

/// Binary digits that marks keep when they are squared.
const SQUARE_BITS: u32 = 13;

/// How a column's marks become whole: `v = round(mark · up / down)`.
#[derive(Clone, Copy, Debug)]
struct Scale {
    up: i64,
    down: i64,
}

impl Marks {
    /// Reads a score column; a missing mark becomes the mean of its tier, rounded to the column's own step.
    pub(super) fn read(roster: &Roster, column: usize, tier_of: Option<&[usize]>, notices: &mut Vec<Notice>) -> Self {
        let cells = &roster.columns[column].cells;
        let scale = scale_of(cells);
        if scale.exact.is_none() {
            let header = &roster.columns[column].header;
            notices.push(Notice {
                code: "rounded_marks",
                place: String::new(),
                message: words!(
                    "“{header}”的成绩超过两位小数，按全距的 2⁻²⁰ 取整；证明针对取整后的数",
                    "the marks of \"{header}\" have more than two decimals and are rounded to 2⁻²⁰ of their range; proofs hold for the rounded numbers"
                ),
            });
        }
        let scale = scale.exact.unwrap_or(scale.fine);
        let present: Vec<bool> = cells.iter().map(|cell| cell.number().is_some()).collect();
        let read: Vec<i64> = cells.iter().map(|cell| cell.number().map_or(0, |mark| scale.whole(mark))).collect();
        let values = impute(&read, &present, tier_of);
        let least = values.iter().copied().min().unwrap_or(0);
        let step = values.iter().fold(0, |step, v| gcd(step, v - least)).max(1);
        let units: Vec<i64> = values.iter().map(|v| (v - least) / step).collect();
        let (num, den) = (step * scale.down, scale.up);
        let divisor = gcd(num, den);
        Self { column, total: units.iter().sum(), units, num: num / divisor, den: den / divisor, present }
    }

    /// The whole number nearest to the mean of u, μ = ⌊(2U + N) / 2N⌋.
    #[must_use]
    pub fn middle(&self) -> i64 {
        let n = self.units.len() as i64;
        (2 * self.total + n).div_euclid(2 * n)
    }

    /// The marks as squares take them: a wide range in steps of 2^h, so that squares stay small.
    #[must_use]
    pub fn coarse(&self) -> Self {
        let largest = self.units.iter().copied().max().unwrap_or(0);
        let h = (i64::BITS - largest.leading_zeros()).saturating_sub(SQUARE_BITS);
        if h == 0 {
            return self.clone();
        }
        let units: Vec<i64> = self.units.iter().map(|u| (u + (1 << (h - 1))) >> h).collect();
        let num = self.num << h;
        let divisor = gcd(num, self.den);
        let present = self.present.clone();
        Self {
            column: self.column,
            total: units.iter().sum(),
            units,
            num: num / divisor,
            den: self.den / divisor,
            present,
        }
    }

    /// Squares about the middle, q_s = (u_s − μ)².
    #[must_use]
    pub fn squares(&self) -> Vec<i64> {
        let middle = self.middle();
        self.units.iter().map(|u| (u - middle) * (u - middle)).collect()
    }
}

impl Scale {
    fn whole(self, mark: f64) -> i64 {
        (mark * self.up as f64 / self.down as f64).round() as i64
    }
}

struct Scales {
    exact: Option<Scale>,
    fine: Scale,
}

fn scale_of(cells: &[Cell]) -> Scales {
    let marks: Vec<f64> = cells.iter().filter_map(Cell::number).collect();
    let whole = |up: i64| marks.iter().all(|mark| is_whole(mark * up as f64));
    let exact = [1, 10, 100].into_iter().find(|&up| whole(up)).map(|up| Scale { up, down: 1 });
    let high = marks.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let low = marks.iter().copied().fold(f64::INFINITY, f64::min);
    let range = if high > low { high - low } else { 1.0 };
    let power = (range.log2().floor() as i32 - FINE_BITS).clamp(-40, 20);
    let fine = if power < 0 { Scale { up: 1 << -power, down: 1 } } else { Scale { up: 1, down: 1 << power } };
    Scales { exact, fine }
}

/// Whole but for the rounding of decimal fractions in binary.
fn is_whole(x: f64) -> bool {
    (x - x.round()).abs() <= 1e-9 * x.abs().max(1.0)
}

fn impute(read: &[i64], present: &[bool], tier_of: Option<&[usize]>) -> Vec<i64> {
    let mean = |belongs: &dyn Fn(usize) -> bool| {
        let there = (0..read.len()).filter(|&s| present[s] && belongs(s));
        let (sum, count) = there.fold((0, 0), |(sum, count), s| (sum + read[s], count + 1));
        (count > 0).then(|| (2 * sum + count).div_euclid(2 * count))
    };
    let class = mean(&|_| true).unwrap_or(0);
    let tiers = tier_of.and_then(|tier_of| tier_of.iter().max()).map_or(0, |last| last + 1);
    let of_tier = |tier: usize| mean(&|s| tier_of.is_some_and(|tier_of| tier_of[s] == tier)).unwrap_or(class);
    let of_tier: Vec<i64> = (0..tiers).map(of_tier).collect();
    let missing = |s: usize| tier_of.map_or(class, |tier_of| of_tier[tier_of[s]]);
    (0..read.len()).map(|s| if present[s] { read[s] } else { missing(s) }).collect()
}
