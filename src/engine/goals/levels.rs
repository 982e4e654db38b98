//! Levels: which goals share one, what each weighs in its sum, and what is refused because no exact sum would hold it.

use super::about;
use super::range::LARGEST;
use super::{Goal, MAX_LEVELS, Parts, Shape, Term, Whole};
use crate::fault::Fault;
use crate::model::Ratio;
use crate::model::ratio::gcd;
use crate::problem::{GoalInput, Problem};
use crate::words;

/// One level of the objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// Closed-form lower bound of the level's value.
    pub bound: i64,
    /// How much worse than its optimum it may become for the levels below.
    pub tolerance: i64,
}

/// Why the goals of a problem cannot be compared exactly: more levels than a plan's values hold, or goals of one level whose sum
/// would be beyond 64 bits. (What a goal adds up by itself is looked at before.)
#[must_use]
pub fn refusals(problem: &Problem) -> Vec<Fault> {
    let levels: Vec<&[GoalInput]> = of_one_level(&problem.goals).collect();
    if levels.len() >= MAX_LEVELS {
        return vec![too_many(levels.len())];
    }
    let shared = levels.into_iter().filter(|inputs| inputs.len() > 1);
    shared.filter(|inputs| !fits(problem, inputs)).map(too_fine).collect()
}

/// The goals of each level.
fn of_one_level(inputs: &[GoalInput]) -> impl Iterator<Item = &[GoalInput]> {
    inputs.chunk_by(|one, next| one.level == next.level)
}

/// Whether 64 bits hold the sum of the goals of a level.
fn fits(problem: &Problem, inputs: &[GoalInput]) -> bool {
    let parts: Vec<Parts> = inputs.iter().map(|input| (about(input.name).build)(problem, input)).collect();
    let Some(multipliers) = multipliers(inputs, parts.iter().map(|parts| parts.level_unit)) else { return false };
    let most = parts
        .iter()
        .zip(multipliers)
        .map(|(parts, multiplier)| largest(problem, parts).saturating_mul(multiplier.into()));
    most.fold(0, i128::saturating_add) <= LARGEST.into()
}

/// The goals with their parts, the index of their level and their weight in its sum.
pub(super) fn compiled(problem: &Problem) -> Vec<Goal> {
    let mut goals = Vec::new();
    for (inputs, at) in of_one_level(&problem.goals).zip(1..) {
        let parts: Vec<Parts> = inputs.iter().map(|input| (about(input.name).build)(problem, input)).collect();
        let units = parts.iter().map(|parts| parts.level_unit);
        let multipliers = multipliers(inputs, units).unwrap_or_else(|| vec![1; inputs.len()]);
        goals.extend(inputs.iter().zip(parts).zip(multipliers).map(|((input, parts), multiplier)| Goal {
            name: input.name,
            level: input.level,
            at,
            multiplier,
            parts,
        }));
    }
    goals
}

/// `μ_i = weight_i·M/κ′_i` with the least M that makes all of a level whole; 1 for a goal alone on its level. None beyond 64 bits.
fn multipliers(inputs: &[GoalInput], units: impl Iterator<Item = i128>) -> Option<Vec<i64>> {
    if inputs.len() < 2 {
        return Some(vec![1; inputs.len()]);
    }
    let fraction = |(input, unit): (&GoalInput, i128)| {
        let Ratio { num, den } = input.weight;
        let unit = unit.max(1).checked_mul(den.into())?;
        let divisor = gcd(num.into(), unit).max(1);
        Some((i128::from(num) / divisor, unit / divisor))
    };
    let fractions = inputs.iter().zip(units).map(fraction).collect::<Option<Vec<_>>>()?;
    let common =
        fractions.iter().try_fold(1_i128, |common, (_, den)| (common / gcd(common, *den)).checked_mul(*den))?;
    let whole = |(num, den): (i128, i128)| i64::try_from(num.checked_mul(common / den)?).ok();
    fractions.into_iter().map(whole).collect()
}

/// Bound and tolerance of every level; index 0 is the rules.
pub(super) fn sums(goals: &[Goal], inputs: &[GoalInput]) -> Vec<Level> {
    let last = goals.last().map_or(0, |goal| goal.at);
    let mut levels = vec![Level { bound: 0, tolerance: 0 }; last + 1];
    for (goal, input) in goals.iter().zip(inputs) {
        let level = &mut levels[goal.at];
        level.bound += goal.multiplier * goal.parts.bound;
        let tolerance = (input.tolerance * goal.parts.level_unit as f64).floor() as i128;
        let tolerance = tolerance.saturating_mul(goal.multiplier.into()).saturating_add(level.tolerance.into());
        // No value is above the largest, so that more room says nothing more.
        level.tolerance = tolerance.min(LARGEST.into()) as i64;
    }
    levels
}

/// No plan's scaled value is above this.
fn largest(problem: &Problem, parts: &Parts) -> i128 {
    let of_terms = parts.terms.iter().map(|term| largest_of_term(problem, term));
    match &parts.whole {
        Whole::Nothing => of_terms.fold(0, i128::saturating_add),
        // Positive and negative deviations are alike, so that one group has half of them at most.
        Whole::Largest { sizes_lcm } => {
            let factor = i128::from(*sizes_lcm) / problem.small().max(1) as i128;
            of_terms.max().unwrap_or(0).saturating_mul(factor) / 2
        }
        Whole::Moves { .. } => problem.students as i128,
        Whole::Distances { total, .. } => (*total).into(),
    }
}

fn largest_of_term(problem: &Problem, term: &Term) -> i128 {
    let sum: i128 = term.entries.iter().map(|entry| i128::from(entry.abs())).sum();
    let cost = match term.shape {
        Shape::Deviation => sum,
        Shape::Outside => sum / (problem.students as i128).max(1),
        Shape::Pairs => sum * (sum - 1).max(0) / 2,
        Shape::Alone => problem.groups as i128,
    };
    cost.saturating_mul(term.weight.into())
}

fn too_many(levels: usize) -> Fault {
    let most = MAX_LEVELS - 1;
    Fault {
        code: "too_many_levels",
        place: "goals".to_owned(),
        found: words!("目标分成 {levels} 级", "goals on {levels} levels"),
        expected: words!("至多 {most} 级", "at most {most} levels"),
        action: words!("请把几个目标放在同一级", "put several goals on one level"),
    }
}

fn too_fine(inputs: &[GoalInput]) -> Fault {
    let (level, names) = (inputs[0].level, inputs.iter().map(|input| input.name.word()).collect::<Vec<_>>());
    let goals = names.join(" + ");
    Fault {
        code: "numbers_too_large",
        place: format!("goals ({goals})"),
        found: words!(
            "第 {level} 级的权重太细或数值太大，无法精确相加",
            "weights of level {level} too fine, or numbers too large, to be added up exactly"
        ),
        expected: words!("简单的权重，如 2 或 1/3", "simple weights, like 2 or 1/3"),
        action: words!(
            "请减小权重的分母，或把目标分到不同的级",
            "use weights with smaller denominators, or put the goals on levels of their own"
        ),
    }
}
