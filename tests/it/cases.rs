//! Random problems with a plan: any mix of tiers, kinds, marks, weights, last semester's groups, rules and levels.

use crate::small;
use fenzu::model::{GoalName, Ratio};
use fenzu::problem::rules::Rule;
use fenzu::problem::{GoalInput, Problem};
use proptest::collection::vec;
use proptest::prelude::*;

/// A problem and one of its plans, which need not keep the rules.
#[derive(Clone, Debug)]
pub struct Case {
    pub problem: Problem,
    pub plan: Vec<usize>,
}

/// Columns of a class.
#[derive(Clone, Debug)]
struct Columns {
    tiers: Option<Vec<usize>>,
    kinds: Vec<Vec<bool>>,
    marks: Vec<Vec<i64>>,
    previous: Option<Vec<Option<usize>>>,
}

/// What is asked of it, as raw numbers.
#[derive(Clone, Debug)]
struct Asked {
    /// Goals in any order, each with a weight and whether a new level begins.
    goals: Vec<(GoalName, (i64, i64), bool)>,
    through: GoalName,
    apart: Vec<(usize, usize)>,
    never_alone: bool,
    tier_rule: bool,
}

/// Two to four groups of at most `largest` students.
pub fn cases(largest: usize) -> impl Strategy<Value = Case> {
    let sizes = (2..=4_usize).prop_flat_map(move |groups| (groups..=groups * largest, Just(groups)));
    sizes.prop_flat_map(|(n, groups)| {
        (columns(n, groups), asked(n), Just((0..n).collect::<Vec<_>>()).prop_shuffle())
            .prop_map(move |(columns, asked, order)| case(groups, columns, asked, &order))
    })
}

fn columns(n: usize, groups: usize) -> impl Strategy<Value = Columns> {
    (
        prop::option::weighted(0.7, vec(0..3_usize, n)),
        vec(vec(any::<bool>(), n), 0..3),
        vec(vec(prop_oneof![0..3_i64, 0..100_i64], n), 0..4),
        prop::option::of(vec(prop::option::weighted(0.8, 0..groups + 1), n)),
    )
        .prop_map(|(tiers, kinds, marks, previous)| Columns { tiers, kinds, marks, previous })
}

fn asked(n: usize) -> impl Strategy<Value = Asked> {
    let goal = |name: &GoalName| (Just(*name), (1..4_i64, 1..4_i64), any::<bool>());
    let goals: Vec<_> = GoalName::ALL.iter().map(goal).collect();
    let goals = goals.prop_flat_map(|goals| Just(goals).prop_shuffle());
    let through = prop::sample::select(GoalName::ALL.to_vec());
    (goals, through, vec((0..n, 0..n), 0..4), any::<bool>(), prop::bool::weighted(0.3)).prop_map(
        |(goals, through, apart, never_alone, tier_rule)| Asked { goals, through, apart, never_alone, tier_rule },
    )
}

fn case(groups: usize, columns: Columns, asked: Asked, order: &[usize]) -> Case {
    let mut problem = small::problem(order.len(), groups);
    problem.tiers = columns.tiers.map(|of| small::tiers(&of));
    problem.kinds = columns.kinds.iter().map(|members| small::kind("kind", members)).collect();
    problem.marks = columns.marks.iter().map(|points| small::marks(points)).collect();
    problem.previous = columns.previous;
    problem.prove_through = asked.through;
    let mut level = 1;
    for (name, (num, den), fresh) in asked.goals {
        if !has_ground(&problem, name) {
            continue;
        }
        let weight = Ratio { num, den };
        let mut goal = GoalInput { weight, ..small::goal(&problem, name, level) };
        goal.marks.iter_mut().for_each(|(i, column)| *column = Ratio { num, den: 1 + *i as i64 });
        problem.goals.push(goal);
        level += u8::from(fresh);
    }
    problem.rules = asked.apart.iter().filter(|(a, b)| a != b).map(|&(a, b)| Rule::Apart(vec![a, b])).collect();
    if asked.never_alone && !problem.kinds.is_empty() {
        problem.rules.push(Rule::NeverAlone(0));
    }
    if asked.tier_rule && problem.tiers.is_some() {
        problem.rules.push(Rule::TierQuota);
    }
    let mut plan = vec![0; order.len()];
    let seats = problem.sizes().into_iter().enumerate().flat_map(|(g, size)| std::iter::repeat_n(g, size));
    order.iter().zip(seats).for_each(|(&s, g)| plan[s] = g);
    Case { problem, plan }
}

fn has_ground(problem: &Problem, name: GoalName) -> bool {
    match name {
        GoalName::Moves | GoalName::Partners => problem.previous.is_some(),
        GoalName::Tiers => problem.tiers.is_some(),
        GoalName::Counts => !problem.kinds.is_empty(),
        GoalName::Visits => true,
        GoalName::Means | GoalName::Worst | GoalName::Spread | GoalName::Diversity => !problem.marks.is_empty(),
    }
}
