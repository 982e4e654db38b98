//! Small integer programmes over named whole-number columns, for jobs beside the division of a class (staffing, numbers of
//! groups). Everything is whole; what `HiGHS` answers is rounded and held against every row again before it is believed.

use super::{Ended, MipLimits, run};
use crate::solver::stop::Stop;
use good_lp::{Expression, ProblemVariables, Variable, constraint, variable};

/// A column of a programme, by number.
pub type Column = usize;

/// A sum of columns with whole coefficients.
pub type Sum = Vec<(i64, Column)>;

/// Columns with bounds, and rows over them.
#[derive(Clone, Debug, Default)]
pub struct Program {
    columns: Vec<(String, i64, i64)>,
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    name: String,
    sum: Sum,
    least: Option<i64>,
    most: Option<i64>,
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

    /// Minimises a sum; `unit` divides every value that it can take, and `start` is a solution to begin with.
    /// None where `HiGHS` failed or no time is left.
    #[must_use]
    pub fn minimise(
        &self,
        objective: &Sum,
        unit: i64,
        start: Option<&[i64]>,
        limits: MipLimits,
        stop: &Stop,
    ) -> Option<Solved> {
        let mut variables = ProblemVariables::new();
        let columns: Vec<Variable> = (self.columns.iter())
            .map(|(name, least, most)| {
                variables.add(variable().integer().min(*least as f64).max(*most as f64).name(name.clone()))
            })
            .collect();
        let expression = |sum: &Sum| -> Expression { sum.iter().map(|&(a, column)| a as f64 * columns[column]).sum() };
        let objective = expression(objective);
        let mut bounds = Vec::new();
        for row in &self.rows {
            let sum = expression(&row.sum);
            if let Some(least) = row.least {
                bounds.push(constraint::geq(sum.clone(), least as f64).set_name(row.name.clone()));
            }
            if let Some(most) = row.most {
                bounds.push(constraint::leq(sum, most as f64).set_name(row.name.clone()));
            }
        }
        let model = move || {
            let mut model = variables.minimise(objective).using(good_lp::highs);
            for bound in bounds {
                good_lp::SolverModel::add_constraint(&mut model, bound);
            }
            model
        };
        let start: Option<Vec<f64>> = start.map(|start| start.iter().map(|&x| x as f64).collect());
        // A gap below a unit is no gap.
        let options = run::Options { limits, absolute_gap: unit as f64 * 0.99 };
        let outcome = run::run(model, options, start, stop)?;
        let values = outcome.columns.map(|columns| columns.iter().map(|x| x.round() as i64).collect::<Vec<i64>>());
        Some(Solved {
            values: values.filter(|values| self.holds(values)),
            bound: outcome.dual.map(|dual| whole_bound(dual, unit)),
            ended: outcome.ended,
        })
    }
}

/// A sum of columns at given values.
#[must_use]
pub fn total(sum: &Sum, values: &[i64]) -> i64 {
    sum.iter().map(|&(a, column)| a * values[column]).sum()
}

/// The least multiple of the step that is not below the dual bound, once tolerances are given up.
fn whole_bound(dual: f64, step: i64) -> i64 {
    let slack = 1e-5 * (1.0 + dual.abs() * 1e-3);
    ((dual - slack) / step as f64).ceil() as i64 * step
}
