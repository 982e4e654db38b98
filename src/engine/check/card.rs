//! The score card: every goal and every level with value, bound, unit and tolerance.

use super::case::{Case, Terms, variance};
use super::fraction::{Fraction, made_whole};
use super::{bounds, values};
use crate::model::policy::PolicyGoal;
use crate::model::{GoalName, Policy, Request};
use crate::plan::Plan;
use crate::roster::Roster;
use crate::words::Label;

/// Every goal in force, highest level first, and its levels.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreCard {
    /// In the order of `Policy::goals`.
    pub goals: Vec<CheckedGoal>,
    /// In order of level.
    pub levels: Vec<CheckedLevel>,
}

/// One goal, recomputed. A scaled number beyond 64 bits is held at the 64-bit limit.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedGoal {
    /// Which goal.
    pub name: GoalName,
    /// 1 is the highest.
    pub level: u8,
    /// The value as the exact integer that is compared.
    pub scaled: i64,
    /// The closed-form lower bound as an exact integer.
    pub scaled_bound: i64,
    /// The value in `unit`.
    pub value: f64,
    /// The bound in `unit`.
    pub bound: f64,
    /// Unit of `value` and `bound`.
    pub unit: Label,
    /// ⌊tolerance·κ'⌋: the goal's tolerance as an exact integer.
    pub tolerance: i64,
    /// κ: `scaled` per shown unit. 0 where everything is equal and so shown as 0, and for tiers' bound, which is shown as 0.
    kappa: f64,
    /// Whether students outside a share are shown, not the scaled value.
    is_outside: bool,
}

/// The goals of one level, added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedLevel {
    /// 1 is the highest.
    pub level: u8,
    /// Indices into `ScoreCard::goals`.
    pub goals: Vec<usize>,
    /// `μ_i` of each goal: value, bound and tolerance of the level are sums of `μ_i` times the goal's.
    pub weights: Vec<i64>,
    /// `Σ μ_i·scaled_i`.
    pub value: i64,
    /// `Σ μ_i·bound_i` with the closed-form bounds.
    pub bound: i64,
    /// How much worse than its optimum the level may be.
    pub tolerance: i64,
}

impl CheckedGoal {
    /// A lower bound of the goal in `unit`. Students outside a share have no constant per scaled unit: where the scaled bound is met,
    /// so is the shown one, and else it is shown as 0.
    #[must_use]
    pub fn shown_bound(&self, scaled_bound: i64) -> f64 {
        if self.is_outside && scaled_bound == self.scaled { self.value } else { shown(scaled_bound.into(), self.kappa) }
    }
}

/// Recomputes every goal in force and its closed-form bound. `policy` and `plan` must be of this roster.
#[must_use]
pub fn score(roster: &Roster, request: &Request, policy: &Policy, plan: &Plan) -> ScoreCard {
    let case = Case::new(roster, request, policy, plan);
    let reckoned: Vec<Reckoned> = policy.goals.iter().map(|goal| reckon(&case, goal)).collect();
    let goals: Vec<CheckedGoal> =
        policy.goals.iter().zip(&reckoned).map(|(goal, reckoned)| checked(goal, reckoned)).collect();
    let mut numbers: Vec<u8> = goals.iter().map(|goal| goal.level).collect();
    numbers.dedup();
    let levels = numbers.into_iter().map(|level| add_up(level, policy, &reckoned)).collect();
    ScoreCard { goals, levels }
}

/// A goal's numbers before they are narrowed to 64 bits.
struct Reckoned {
    scaled: i128,
    bound: i128,
    /// The value shown, where it is not scaled / κ.
    outside: Option<i128>,
    /// κ.
    kappa: f64,
    /// κ': the whole constant that weighs goals inside a level and scales tolerances.
    constant: i128,
}

fn reckon(case: &Case, goal: &PolicyGoal) -> Reckoned {
    let whole = |scaled, bound, constant| Reckoned { scaled, bound, outside: None, kappa: float(constant), constant };
    match goal.spec.goal {
        GoalName::Moves => whole(values::moves(case), bounds::moves(case), 1),
        GoalName::Partners => whole(values::partners(case), bounds::partners(case), 1),
        GoalName::Tiers => Reckoned {
            outside: Some(values::outside_tiers(case)),
            kappa: 0.0,
            ..whole(values::tiers(case), bounds::tiers(case), case.students)
        },
        GoalName::Counts => {
            let kinds = Terms::of_kinds(case, goal);
            whole(values::counts(case, &kinds), 0, kinds.multiple)
        }
        GoalName::Means => {
            let marks = Terms::of_marks(case, goal);
            let constant = case.students.saturating_mul(marks.multiple);
            whole(values::deviation(case, &marks), bounds::deviation(case, &marks), constant)
        }
        GoalName::Visits => {
            let visits = Terms::of_visits(case);
            whole(values::deviation(case, &visits), bounds::deviation(case, &visits), case.students)
        }
        GoalName::Worst => {
            let marks = Terms::of_marks(case, goal);
            let constant = case.students.saturating_mul(marks.multiple).saturating_mul(case.sizes_multiple());
            whole(values::worst(case, &marks), bounds::worst(case, &marks), constant)
        }
        GoalName::Spread => spread(case, goal),
        GoalName::Diversity => diversity(case, goal),
    }
}

/// κ = 2·σ·L₂·N²/G; κ' = N·L₂.
fn spread(case: &Case, goal: &PolicyGoal) -> Reckoned {
    let squares = Terms::of_squares(case, goal);
    let n = float(case.students);
    let groups = float((case.even_sizes.len() as i128).max(1));
    Reckoned {
        scaled: values::deviation(case, &squares),
        bound: bounds::deviation(case, &squares),
        outside: None,
        kappa: 2.0 * variance(case, goal).sqrt() * float(squares.multiple) * n * n / groups,
        constant: case.students.saturating_mul(squares.multiple),
    }
}

/// κ = total over all pairs / 100; κ' = L.
fn diversity(case: &Case, goal: &PolicyGoal) -> Reckoned {
    let marks = Terms::of_marks(case, goal);
    Reckoned {
        scaled: values::diversity(case, &marks),
        bound: bounds::diversity(case, &marks),
        outside: None,
        kappa: float(values::total_diversity(case, &marks)) / 100.0,
        constant: marks.multiple,
    }
}

fn checked(goal: &PolicyGoal, reckoned: &Reckoned) -> CheckedGoal {
    CheckedGoal {
        name: goal.spec.goal,
        level: goal.spec.level,
        scaled: narrow(reckoned.scaled),
        scaled_bound: narrow(reckoned.bound),
        value: reckoned.outside.map_or_else(|| shown(reckoned.scaled, reckoned.kappa), float),
        bound: shown(reckoned.bound, reckoned.kappa),
        unit: goal.spec.goal.unit(),
        tolerance: narrow(tolerance(goal, reckoned)),
        kappa: reckoned.kappa,
        is_outside: reckoned.outside.is_some(),
    }
}

/// Value, bound and tolerance of one level: sums with weights `μ_i = weight_i·M/κ'_i`, 1 for a single goal.
fn add_up(level: u8, policy: &Policy, reckoned: &[Reckoned]) -> CheckedLevel {
    let goals: Vec<usize> = (0..reckoned.len()).filter(|&i| policy.goals[i].spec.level == level).collect();
    let weight =
        |&i: &usize| Fraction::from(policy.goals[i].spec.weight).times(Fraction::new(1, reckoned[i].constant.max(1)));
    let weights = if goals.len() == 1 { vec![1] } else { made_whole(&goals.iter().map(weight).collect::<Vec<_>>()).0 };
    let sum = |of: &dyn Fn(usize) -> i128| {
        narrow(goals.iter().zip(&weights).map(|(&i, weight)| weight.saturating_mul(of(i))).sum())
    };
    CheckedLevel {
        level,
        value: sum(&|i| reckoned[i].scaled),
        bound: sum(&|i| reckoned[i].bound),
        tolerance: sum(&|i| tolerance(&policy.goals[i], &reckoned[i])),
        weights: weights.iter().copied().map(narrow).collect(),
        goals,
    }
}

/// ⌊tolerance·κ'⌋.
#[expect(clippy::cast_possible_truncation, reason = "a whole number after floor; a model's tolerance is small")]
fn tolerance(goal: &PolicyGoal, reckoned: &Reckoned) -> i128 {
    (goal.spec.tolerance * float(reckoned.constant)).floor() as i128
}

fn shown(scaled: i128, kappa: f64) -> f64 {
    if kappa == 0.0 { 0.0 } else { float(scaled) / kappa }
}

fn narrow(wide: i128) -> i64 {
    i64::try_from(wide).unwrap_or(if wide < 0 { i64::MIN } else { i64::MAX })
}

#[expect(clippy::cast_precision_loss, reason = "for display and tolerances; all comparisons are whole")]
fn float(whole: i128) -> f64 {
    whole as f64
}
