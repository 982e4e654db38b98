//! A small integer programme handed to `HiGHS`.

use super::program::{Program, Solved, Sum};
use super::{MipLimits, run};
use crate::solver::stop::Stop;
use good_lp::{Expression, ProblemVariables, Variable, constraint, variable};

impl Program {
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
        let model = run::Model { columns: variables.minimise(objective), rows: bounds };
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

/// The least multiple of the step that is not below the dual bound, once tolerances are given up.
fn whole_bound(dual: f64, step: i64) -> i64 {
    let slack = 1e-5 * (1.0 + dual.abs() * 1e-3);
    ((dual - slack) / step as f64).ceil() as i64 * step
}
