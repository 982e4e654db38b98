//! Exact weights made whole: the least multiplier that turns a goal's fractions into integers.

use super::{GoalInput, Problem};
use crate::model::GoalName;
use crate::model::ratio::gcd;

/// A goal's column weights as integers over one denominator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WholeWeights {
    /// L (or L₂ for spread): what the fractions were multiplied by.
    pub common: i64,
    /// Whole weight of each of the goal's columns, in the goal's order.
    pub weights: Vec<i64>,
}

/// m_c for score goals (squared unit for spread), w_k for counts; none if it does not fit 62 bits.
#[must_use]
pub fn whole_weights(problem: &Problem, goal: &GoalInput) -> Option<WholeWeights> {
    let fractions = fractions(problem, goal)?;
    let common = fractions.iter().try_fold(1, |common, &(_, den)| lcm(common, den))?;
    let weights = fractions.iter().map(|&(num, den)| num.checked_mul(common / den)).collect::<Option<Vec<_>>>()?;
    Some(WholeWeights { common, weights })
}

/// The same for a compiled problem, whose weights have been checked to fit.
#[must_use]
pub fn goal_weights(problem: &Problem, goal: &GoalInput) -> WholeWeights {
    whole_weights(problem, goal).unwrap_or(WholeWeights { common: 1, weights: Vec::new() })
}

/// L alone.
#[must_use]
pub fn common_denominator(problem: &Problem, goal: &GoalInput) -> Option<i64> {
    whole_weights(problem, goal).map(|whole| whole.common)
}

/// Least common multiple; none on overflow.
#[must_use]
pub fn lcm(a: i64, b: i64) -> Option<i64> {
    (a / gcd(a, b).max(1)).checked_mul(b).filter(|&x| x < 1 << 62)
}

/// The exact weight of one unit of each column, in lowest terms.
fn fractions(problem: &Problem, goal: &GoalInput) -> Option<Vec<(i64, i64)>> {
    let kinds = goal.kinds.iter().map(|(_, weight)| Some((weight.num, weight.den)));
    let power = if goal.name == GoalName::Spread { 2 } else { 1 };
    let marks = goal.marks.iter().map(|&(index, weight)| {
        let marks = if power == 2 { &problem.marks[index].coarse() } else { &problem.marks[index] };
        let num = marks.num.checked_pow(power)?.checked_mul(weight.num)?;
        let den = marks.den.checked_pow(power)?.checked_mul(weight.den)?;
        let divisor = gcd(num, den).max(1);
        Some((num / divisor, den / divisor))
    });
    kinds.chain(marks).collect()
}
