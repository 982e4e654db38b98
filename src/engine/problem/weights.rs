//! Exact weights made whole: the least multiplier that turns a goal's fractions into integers.

use super::{GoalInput, Problem};
use crate::model::ratio::gcd;

/// A goal's column weights as integers over one denominator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WholeWeights {
    /// L (of squares: L₂): what the fractions were multiplied by.
    pub common: i64,
    /// Whole weight of each of the goal's columns, in the goal's order.
    pub weights: Vec<i64>,
}

/// What of a mark is added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// The mark.
    Plain,
    /// Its square, of marks in coarse steps.
    Squares,
}

/// m_c for goals of marks (of their squares: p_c), w_k for goals of kinds; none if it does not fit 62 bits.
#[must_use]
pub fn whole_weights(problem: &Problem, goal: &GoalInput, power: Power) -> Option<WholeWeights> {
    let fractions = fractions(problem, goal, power)?;
    let common = fractions.iter().try_fold(1, |common, &(_, den)| lcm(common, den))?;
    let weights = fractions.iter().map(|&(num, den)| num.checked_mul(common / den)).collect::<Option<Vec<_>>>()?;
    Some(WholeWeights { common, weights })
}

/// The same for a compiled problem, whose weights have been checked to fit.
#[must_use]
pub fn goal_weights(problem: &Problem, goal: &GoalInput, power: Power) -> WholeWeights {
    whole_weights(problem, goal, power).unwrap_or(WholeWeights { common: 1, weights: Vec::new() })
}

/// Least common multiple; none on overflow.
#[must_use]
pub fn lcm(a: i64, b: i64) -> Option<i64> {
    (a / gcd(a, b).max(1)).checked_mul(b).filter(|&x| x < 1 << 62)
}

/// The exact weight of one unit of each column, in lowest terms.
fn fractions(problem: &Problem, goal: &GoalInput, power: Power) -> Option<Vec<(i64, i64)>> {
    let kinds = goal.kinds.iter().map(|(_, weight)| Some((weight.num, weight.den)));
    let marks = goal.marks.iter().map(|&(index, weight)| {
        let (marks, power) = match power {
            Power::Plain => (&problem.marks[index], 1),
            Power::Squares => (&problem.marks[index].coarse(), 2),
        };
        let num = marks.num.checked_pow(power)?.checked_mul(weight.num)?;
        let den = marks.den.checked_pow(power)?.checked_mul(weight.den)?;
        let divisor = gcd(num, den).max(1);
        Some((num / divisor, den / divisor))
    });
    kinds.chain(marks).collect()
}
