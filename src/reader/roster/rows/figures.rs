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
    /// In rising order.
    values: Vec<f64>,
    sum: f64,
    /// Squared distances from the mean, added up.
    squares: f64,
    /// How many are whole numbers.
    whole: usize,
    are_percent: bool,
}

/// The marks of a column, one of them perhaps left out: looked at for every row, so that none is gone through again.
struct Marks<'f> {
    of: &'f Figures,
    left_out: Option<usize>,
    sum: f64,
    squares: f64,
    whole: usize,
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
        let sum: f64 = values.iter().sum();
        let mean = sum / count(values.len());
        let squares = values.iter().map(|value| (value - mean).powi(2)).sum();
        let whole = values.iter().filter(|value| value.fract() == 0.0).count();
        Self { column, values, sum, squares, whole, are_percent }
    }

    /// All marks.
    fn all(&self) -> Marks<'_> {
        Marks { of: self, left_out: None, sum: self.sum, squares: self.squares, whole: self.whole }
    }

    /// All marks but this one, where it is among them. Squared distances as in Welford's method (1962), backwards.
    fn without(&self, mark: f64) -> Marks<'_> {
        let all = self.all();
        let Ok(at) = self.values.binary_search_by(|value| value.total_cmp(&mark)) else { return all };
        let n = count(self.values.len());
        let sum = self.sum - mark;
        let squares = (self.squares - (mark - self.sum / n) * (mark - sum / (n - 1.0))).max(0.0);
        Marks { left_out: Some(at), sum, squares, whole: self.whole - usize::from(mark.fract() == 0.0), ..all }
    }
}

impl Marks<'_> {
    fn len(&self) -> usize {
        self.of.values.len() - usize::from(self.left_out.is_some())
    }

    /// The mark at a place in rising order.
    fn at(&self, place: usize) -> f64 {
        self.of.values[place + usize::from(self.left_out.is_some_and(|at| at <= place))]
    }
}

#[expect(clippy::cast_precision_loss, reason = "a list has few students")]
fn count(n: usize) -> f64 {
    n as f64
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
        let others = if is_own { column.without(x) } else { column.all() };
        if others.len() < FEWEST {
            continue;
        }
        let (least, most) = (others.at(0), others.at(others.len() - 1));
        n += 1;
        is_share |= !column.are_percent && is_percent(row.cell(column.column));
        if 20 * others.whole >= 19 * others.len() {
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
fn matching(x: f64, marks: &Marks<'_>) -> u16 {
    let decimals = (0..4).find(|d| (x * 10_f64.powi(*d)).fract().abs() < 1e-9).unwrap_or(4);
    let near = |y: f64| (x - y).abs() <= 0.5 * 10_f64.powi(-decimals) + 1e-9;
    let n = count(marks.len());
    let (sum, squares) = (marks.sum, marks.squares);
    let (least, most) = (marks.at(0), marks.at(marks.len() - 1));
    let median = f64::midpoint(marks.at((marks.len() - 1) / 2), marks.at(marks.len() / 2));
    let is = [
        (MEAN, near(sum / n)),
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
