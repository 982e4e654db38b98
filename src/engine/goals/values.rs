//! The value of each goal of a plan, from scratch, and as it is told to people.

use super::about;
use super::about::Divided;
use super::{Goal, Objective, Term, Whole, diversity, moves};
use crate::problem::{GoalInput, Problem};
use crate::words::Words;

/// What is told of a goal of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The value as the exact integer that is compared.
    pub scaled: i64,
    /// The value in the goal's unit.
    pub value: f64,
    /// The lower bound in the goal's unit.
    pub bound: f64,
    /// Why the value is what it is.
    pub why: Words,
}

impl Objective {
    /// The scaled value of one goal for a plan, from scratch.
    #[must_use]
    pub fn value(&self, goal: &Goal, group_of: &[usize]) -> i64 {
        let n = self.students as i64;
        let sums = |term: &Term| {
            let mut sums = vec![0; self.groups];
            group_of.iter().zip(&term.entries).for_each(|(&g, e)| sums[g] += e);
            sums
        };
        let cost = |term: &Term, d: i64| Term::cost(term.shape, term.weight, d, n);
        match &goal.parts.whole {
            Whole::Nothing => goal.parts.terms.iter().map(|t| sums(t).iter().map(|&d| cost(t, d)).sum::<i64>()).sum(),
            Whole::Largest { sizes_lcm } => {
                let mut sizes = vec![0; self.groups];
                for &g in group_of {
                    sizes[g] += 1;
                }
                let of = |t: &Term| sums(t).iter().zip(&sizes).map(|(&d, n)| cost(t, d) * (sizes_lcm / n)).max();
                goal.parts.terms.iter().filter_map(of).max().unwrap_or(0)
            }
            Whole::Moves { homes } => moves::value(homes, group_of),
            Whole::Distances { matrix, .. } => diversity::value(matrix, group_of),
        }
    }

    /// What is told of a goal of a plan whose scaled value has this lower bound.
    #[must_use]
    pub fn told(
        &self,
        problem: &Problem,
        (goal, input): (&Goal, &GoalInput),
        group_of: &[usize],
        scaled_bound: i64,
    ) -> Told {
        let (about, scaled) = (about(goal.name), self.value(goal, group_of));
        let shown = |scaled: i64| if goal.parts.unit > 0.0 { scaled as f64 / goal.parts.unit } else { 0.0 };
        let (value, bound) = match about.shown {
            // Of another measure nothing is known but that the bound is met.
            Some(measure) => {
                let value = measure(problem, group_of) as f64;
                (value, if scaled == scaled_bound { value } else { 0.0 })
            }
            None => (shown(scaled), shown(scaled_bound)),
        };
        let why = (about.justify)(&Divided { problem, input, parts: &goal.parts, group_of });
        Told { scaled, value, bound, why }
    }
}
