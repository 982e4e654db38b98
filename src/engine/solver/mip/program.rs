//! Small integer programmes over named whole-number columns, for jobs beside the division of a class (staffing, numbers of
//! groups). Everything is whole; what `HiGHS` answers is rounded and held against every row again before it is believed.

use super::Ended;

/// A column of a programme, by number.
pub type Column = usize;

/// A sum of columns with whole coefficients.
pub type Sum = Vec<(i64, Column)>;

/// Columns with bounds, and rows over them.
#[derive(Clone, Debug, Default)]
pub struct Program {
    pub(super) columns: Vec<(String, i64, i64)>,
    pub(super) rows: Vec<Row>,
}

#[derive(Clone, Debug)]
pub(super) struct Row {
    #[cfg_attr(not(feature = "mip"), expect(dead_code, reason = "only the solver prints it"))]
    pub(super) name: String,
    pub(super) sum: Sum,
    pub(super) least: Option<i64>,
    pub(super) most: Option<i64>,
}

/// What came of a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solved {
    /// Whole values of all columns that keep every row; none if none were found.
    pub values: Option<Vec<i64>>,
    /// Proven lower bound of the objective; none where `HiGHS` has none.
    pub bound: Option<i64>,
    /// Why it ended.
    pub ended: Ended,
}

impl Program {
    /// A new column with `least ≤ value ≤ most`.
    pub fn column(&mut self, name: String, least: i64, most: i64) -> Column {
        self.columns.push((name, least, most));
        self.columns.len() - 1
    }

    /// A new column that is 0 or 1.
    pub fn binary(&mut self, name: String) -> Column {
        self.column(name, 0, 1)
    }

    /// A new row `least ≤ sum ≤ most`; a side that is absent is open.
    pub fn row(&mut self, name: String, sum: Sum, least: Option<i64>, most: Option<i64>) {
        self.rows.push(Row { name, sum, least, most });
    }

    /// Whether whole values keep all bounds and rows.
    #[must_use]
    pub fn holds(&self, values: &[i64]) -> bool {
        let within = |x: i64, least: Option<i64>, most: Option<i64>| {
            least.is_none_or(|least| x >= least) && most.is_none_or(|most| x <= most)
        };
        values.len() == self.columns.len()
            && values.iter().zip(&self.columns).all(|(&x, &(_, least, most))| within(x, Some(least), Some(most)))
            && self.rows.iter().all(|row| within(total(&row.sum, values), row.least, row.most))
    }
}

/// A sum of columns at given values.
#[must_use]
pub fn total(sum: &Sum, values: &[i64]) -> i64 {
    sum.iter().map(|&(a, column)| a * values[column]).sum()
}
