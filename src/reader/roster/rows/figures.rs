//! Whether the marks of a row are figures about a column (its mean, sum, range …) rather than somebody's marks.

use super::super::table::{Raw, Row};
use super::super::value::{self, Numeric, Written};

/// Fewer marks tell nothing of a column.
const FEWEST: usize = 4;

/// How much the figures of a row look like those of a statistic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// No number stands there.
    Absent,
    /// As anybody's marks.
    None,
    /// As a statistic's, and as some students' too.
    Weak,
    /// As no student's.
    Strong,
}

/// The marks of one column.
#[derive(Debug)]
pub struct Figures {
    column: usize,
    values: Vec<f64>,
    are_percent: bool,
}

/// What a number may be of a column, a bit each.
const MEAN: u16 = 1;
const SUM: u16 = 2;
const COUNT: u16 = 4;
const DEVIATION: u16 = 8;
const RANGE: u16 = 16;
const HIGHEST: u16 = 32;
const LOWEST: u16 = 64;
const MEDIAN: u16 = 128;
const SAMPLE_DEVIATION: u16 = 256;

impl Figures {
    /// The marks that these rows have in a column.
    pub fn of<'r>(column: usize, rows: impl Iterator<Item = &'r Row>) -> Self {
        let mut are_percent = false;
        let read = |row: &'r Row| {
            are_percent |= is_percent(row.cell(column));
            figure(row.cell(column))
        };
        let mut values: Vec<f64> = rows.filter_map(read).collect();
        values.sort_by(f64::total_cmp);
        Self { column, values, are_percent }
    }

    /// The same without the mark of one row.
    fn without(&self, row: &Row) -> Vec<f64> {
        let mut values = self.values.clone();
        let own = figure(row.cell(self.column)).and_then(|x| values.iter().position(|v| v.total_cmp(&x).is_eq()));
        if let Some(at) = own {
            values.remove(at);
        }
        values
    }
}

/// A number, also with a decimal comma or as a percentage.
fn figure(cell: &Raw) -> Option<f64> {
    if let Numeric::Number(x, _) = value::number(cell) {
        return Some(x);
    }
    match value::numeric_form(cell)? {
        Written::Percent(x) => Some(x),
        Written::Comma { decimal, thousands } => decimal.or(thousands),
        Written::Fraction(..) => None,
    }
}

fn is_percent(cell: &Raw) -> bool {
    matches!(value::numeric_form(cell), Some(Written::Percent(_)))
}

/// How the figures of a row look beside the marks of the columns; `is_own` where the row is among those counted there.
pub fn sign(row: &Row, columns: &[Figures], is_own: bool) -> Sign {
    let (mut kinds, mut n, mut finer, mut halves) = (u16::MAX, 0, 0, 0);
    let (mut above, mut below, mut full, mut is_share) = (true, true, Vec::new(), false);
    let mut is_whole = true;
    let there = columns.iter().filter_map(|column| Some((column, figure(row.cell(column.column))?)));
    let mut any = false;
    for (column, x) in there {
        any = true;
        let others = if is_own { column.without(row) } else { column.values.clone() };
        let (Some(&least), Some(&most)) = (others.first(), others.last()) else { continue };
        if others.len() < FEWEST {
            continue;
        }
        n += 1;
        is_share |= !column.are_percent && is_percent(row.cell(column.column));
        let whole = others.iter().filter(|v| v.fract() == 0.0).count();
        if 20 * whole >= 19 * others.len() {
            finer += usize::from(x.fract() != 0.0 && (2.0 * x).fract() != 0.0);
            halves += usize::from(x.fract() != 0.0 && (2.0 * x).fract() == 0.0);
        }
        is_whole &= x.fract() == 0.0;
        above &= x > 1.15 * most;
        below &= x > 0.0 && 2.0 * x < least;
        full.push((x, x > most));
        kinds &= matching(x, &others);
    }
    if n == 0 {
        return if any { Sign::None } else { Sign::Absent };
    }
    let has = |kind: u16| kinds & kind != 0;
    let equals = has(SUM)
        || (!is_whole && has(MEAN | DEVIATION | SAMPLE_DEVIATION))
        || (n > 1 && has(COUNT | RANGE | DEVIATION | SAMPLE_DEVIATION));
    if is_share || equals || finer + halves > 1 && finer > 0 || finer == n || (above && n > 1) {
        return Sign::Strong;
    }
    let is_full = n > 1 && full.iter().all(|(x, highest)| *highest && equal(*x, full[0].0) && x % 5.0 == 0.0);
    let is_top = full.iter().all(|(x, highest)| *highest && x % 10.0 == 0.0);
    if kinds != 0 && (n > 1 || has(MEAN | COUNT)) || finer + halves > 0 || above || below || is_full || is_top {
        return Sign::Weak;
    }
    Sign::None
}

fn equal(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

/// What a number may be of a column's marks, as exactly as it is written.
#[expect(clippy::cast_precision_loss, reason = "a list has few students")]
fn matching(x: f64, marks: &[f64]) -> u16 {
    let decimals = (0..4).find(|d| (x * 10_f64.powi(*d)).fract().abs() < 1e-9).unwrap_or(4);
    let near = |y: f64| (x - y).abs() <= 0.5 * 10_f64.powi(-decimals) + 1e-9;
    let n = marks.len() as f64;
    let sum: f64 = marks.iter().sum();
    let mean = sum / n;
    let squares: f64 = marks.iter().map(|mark| (mark - mean).powi(2)).sum();
    let (least, most) = (marks[0], marks[marks.len() - 1]);
    let median = f64::midpoint(marks[(marks.len() - 1) / 2], marks[marks.len() / 2]);
    let is = [
        (MEAN, near(mean)),
        (SUM, near(sum) && sum > most),
        (COUNT, equal(x, n) || equal(x, n + 1.0)),
        (DEVIATION, near((squares / n).sqrt())),
        (SAMPLE_DEVIATION, near((squares / (n - 1.0)).sqrt())),
        (RANGE, near(most - least)),
        (HIGHEST, equal(x, most)),
        (LOWEST, equal(x, least)),
        (MEDIAN, equal(x, median)),
    ];
    is.iter().filter(|(_, is)| *is).fold(0, |kinds, (kind, _)| kinds | kind)
}
