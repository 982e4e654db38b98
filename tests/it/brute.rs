//! The whole solver against all plans of small classes: what it calls proved is true. `make brute` runs 2,000 classes.

use crate::cases::{classes, config, sizes, valid_plans};
use crate::small;
use fenzu::goals::{Levels, Objective};
use fenzu::model::goal::{Columns, Needs};
use fenzu::model::{GoalName, Ratio};
use fenzu::plan::document::Status;
use fenzu::problem::{GoalInput, Problem, rules::Rule};
use fenzu::solver::{Effort, Outcome, Prove, Stop, solve};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::time::Duration;

/// Last semester's groups: not asked for, to be mixed anew, or kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    New,
    Mix,
    Keep,
}

/// A goal's weight, tolerance, the weight of its first column, and whether it shares its level with the one before.
type Terms = ((i64, i64), f64, (i64, i64), bool);

/// A class of up to 10 students with goals in the order of a model, weights and tolerances.
fn asked() -> impl Strategy<Value = Problem> {
    let weight = || prop_oneof![2 => Just((1, 1)), 1 => (1..4_i64, 1..4_i64)];
    let tolerance = prop_oneof![3 => Just(0.0), 1 => 0.1..3.0_f64];
    let terms = vec((weight(), tolerance, weight(), prop::bool::weighted(0.2)), GoalName::ALL.len());
    let mode = prop_oneof![Just(Mode::New), Just(Mode::Mix), Just(Mode::Keep)];
    (classes(sizes(10)), mode, terms).prop_map(|(problem, mode, terms)| with_terms(problem, mode, &terms))
}

fn with_terms(mut problem: Problem, mode: Mode, terms: &[Terms]) -> Problem {
    let mut level = 0;
    for (name, &(weight, tolerance, column, shared)) in order(mode).into_iter().zip(terms) {
        let given = match name.needs() {
            Needs::Tiers => problem.tiers.is_some(),
            Needs::OldMixed | Needs::OldKept => problem.previous.is_some(),
            Needs::Nothing | Needs::Visits => true,
        };
        if !given {
            continue;
        }
        level += u8::from(level == 0 || !shared);
        let ratio = |(num, den)| Ratio { num, den };
        let mut goal = GoalInput { weight: ratio(weight), tolerance, ..small::goal(&problem, name, level) };
        goal.marks.iter_mut().take(1).for_each(|(_, of)| *of = ratio(column));
        goal.kinds.iter_mut().take(1).for_each(|(_, of)| *of = ratio(column));
        problem.goals.push(goal);
    }
    problem
}

fn order(mode: Mode) -> Vec<GoalName> {
    let usual = |goal: &GoalName| !goal.looks_back() && goal.columns() != Columns::Pairs;
    let mut order: Vec<GoalName> = GoalName::ALL.into_iter().filter(usual).collect();
    match mode {
        Mode::New => {}
        Mode::Mix => order.insert(3, GoalName::Partners),
        Mode::Keep => order.insert(0, GoalName::Moves),
    }
    order
}

/// Without a limit of work: one that ends the search at once also keeps the provers from being asked.
fn solved(problem: &Problem) -> Outcome {
    let effort = Effort { seed: 1, work: None, prove: Prove::All };
    solve(problem, effort, &Stop::after(Some(Duration::from_secs(10))), &|_| ())
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn what_is_proved_is_true_of_all_plans(problem in asked()) {
        let objective = Objective::new(&problem);
        let mut open: Vec<Levels> = valid_plans(&problem).iter().map(|plan| objective.evaluate(plan)).collect();
        let outcome = solved(&problem);
        prop_assert_ne!(outcome.status, Status::Unknown);
        prop_assert_eq!(outcome.status == Status::Infeasible, open.is_empty());
        let Some(plan) = outcome.plan else { return Ok(()) };
        prop_assert!(problem.rules.iter().all(|rule| small::keeps(&problem, rule, &plan.group_of)));
        let values = objective.evaluate(&plan.group_of);
        for (at, level) in (1..).zip(&outcome.levels) {
            let Some(best) = open.iter().map(|levels| levels[at]).min() else { unreachable!("a plan was found") };
            prop_assert_eq!(level.value, values[at]);
            prop_assert!(level.bound <= best, "level {}: bound {} above the optimum {}", at, level.bound, best);
            if !level.proved {
                break;
            }
            let most = best + objective.levels[at].tolerance;
            prop_assert!(level.value <= most, "level {}: {} proved, {} exists", at, level.value, best);
            open.retain(|levels| levels[at] <= most);
        }
    }
}

/// The classes above have every feature that a proof could stumble over, and most of them are proved down to the last level.
#[test]
fn the_classes_have_every_feature() {
    let mut runner = TestRunner::deterministic();
    let problems: Vec<Problem> =
        (0..200).map(|_| asked().new_tree(&mut runner).expect("no filter refuses").current()).collect();
    let has_rule = |is: fn(&Rule) -> bool| problems.iter().any(|problem| problem.rules.iter().any(is));
    let has_goal = |is: &dyn Fn(&GoalInput) -> bool| problems.iter().any(|problem| problem.goals.iter().any(is));
    assert!(problems.iter().any(|problem| problem.students == 10));
    assert!(problems.iter().any(|problem| problem.large_groups() > 0));
    for tiers in 0..=4 {
        assert!(
            problems.iter().any(|problem| problem.tiers.as_ref().map_or(0, |of| of.totals.len()) == tiers),
            "{tiers}"
        );
    }
    assert!(has_rule(|rule| matches!(rule, Rule::Together(_))));
    assert!(has_rule(|rule| matches!(rule, Rule::Apart(_))));
    assert!(has_rule(|rule| matches!(rule, Rule::Pin { .. })));
    assert!(has_rule(|rule| matches!(rule, Rule::NeverAlone(_))));
    assert!(has_rule(|rule| matches!(rule, Rule::TierQuota)));
    assert!(has_goal(&|goal| goal.weight.den > 1));
    assert!(has_goal(&|goal| goal.marks.iter().any(|(_, weight)| weight.den > 1)));
    assert!(has_goal(&|goal| goal.tolerance > 0.0));
    assert!(has_goal(&|goal| goal.name == GoalName::Moves));
    assert!(has_goal(&|goal| goal.name == GoalName::Partners));
    assert!(has_goal(&|goal| goal.name == GoalName::Visits));
    assert!(problems.iter().any(counts_cannot_be_met));
    let known = |problem: &&Problem| matches!(solved(problem).status, Status::Optimal | Status::Infeasible);
    let known = problems.iter().take(40).filter(known).count();
    assert!(known >= 38, "{known} of 40 proved");
}

/// Some plan keeps the rules, and none has all counts within floor and ceiling.
fn counts_cannot_be_met(problem: &Problem) -> bool {
    let within = |plan: &[usize], members: &[bool], total: usize| {
        problem.sizes().iter().enumerate().all(|(g, size)| {
            let count = plan.iter().zip(members).filter(|&(&at, &is)| at == g && is).count();
            (size * total / problem.students..=(size * total).div_ceil(problem.students)).contains(&count)
        })
    };
    let plans = valid_plans(problem);
    let met = |plan: &Vec<usize>| problem.kinds.iter().all(|kind| within(plan, &kind.members, kind.total as usize));
    !plans.is_empty() && !plans.iter().any(met)
}
