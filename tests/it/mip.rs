//! The assignment MIP against all plans of small classes.

use crate::cases::{classes, config, valid_plans, with_goals};
use crate::goals::five;
use crate::small;
use fenzu::goals::about::Exact;
use fenzu::goals::{Levels, MAX_LEVELS, Objective, about};
use fenzu::model::{GoalName, Ratio};
use fenzu::problem::Problem;
use fenzu::solver::mip::{Ended, Feasibility, LevelSearch, MipLimits, feasible, improve, smallest_hitting_set};
use fenzu::solver::stop::Stop;
use proptest::prelude::*;

const LIMITS: MipLimits = MipLimits { nodes: 100_000, seed: 1 };

fn no_stop() -> Stop {
    Stop::after(None)
}

/// Goals of every sort that has rows.
const USUAL: [GoalName; 7] = [
    GoalName::Moves,
    GoalName::Tiers,
    GoalName::Counts,
    GoalName::Partners,
    GoalName::Means,
    GoalName::Worst,
    GoalName::Spread,
];

/// Follows the levels down; each is bounded exactly and its plan is valid. `room` is added to every budget.
fn check_levels(problem: &Problem, room: i64) -> Result<(), TestCaseError> {
    let objective = Objective::new(problem);
    let mut open: Vec<(Levels, Vec<usize>)> =
        valid_plans(problem).into_iter().map(|plan| (objective.evaluate(&plan), plan)).collect();
    let mut budgets = [0; MAX_LEVELS];
    for at in 1..objective.levels.len() {
        let Some(best) = open.iter().map(|(levels, _)| levels[at]).min() else { return Ok(()) };
        let worst = open.iter().max_by_key(|(levels, _)| levels[at]).map(|(_, plan)| plan.clone()).unwrap_or_default();
        let search = LevelSearch { objective: &objective, at, budgets: &budgets, start: &worst };
        let answer = improve(problem, &search, LIMITS, &no_stop());
        let Some(answer) = answer else { return Err(TestCaseError::fail(format!("level {at}: no answer"))) };
        prop_assert_eq!(answer.bound, best, "bound of level {}", at);
        prop_assert_eq!(answer.ended, Ended::Closed);
        let plan = answer.plan.unwrap_or_default();
        prop_assert!(problem.rules.iter().all(|rule| small::keeps(problem, rule, &plan)));
        let levels = objective.evaluate(&plan);
        prop_assert_eq!(levels[at], best, "plan on level {}", at);
        prop_assert!((1..at).all(|l| levels[l] <= budgets[l]));
        budgets[at] = best + room;
        open.retain(|(levels, _)| levels[at] <= budgets[at]);
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn infeasible_if_and_only_if_no_plan_keeps_the_rules(problem in classes((4_usize..=8, 2_usize..=3))) {
        let rules = &problem.rules;
        match feasible(&problem, rules, LIMITS, &no_stop()) {
            Feasibility::Plan(plan) => prop_assert!(rules.iter().all(|rule| small::keeps(&problem, rule, &plan))),
            Feasibility::Infeasible => prop_assert!(valid_plans(&problem).is_empty()),
            Feasibility::Unknown => prop_assert!(false, "unknown"),
        }
    }

    #[test]
    fn every_level_is_bounded_exactly(problem in classes((4_usize..=8, 2_usize..=3))) {
        check_levels(&with_goals(problem, &USUAL, 1), 0)?;
    }

    #[test]
    fn budgets_with_room_are_used(problem in classes((4_usize..=8, 2_usize..=3)), room in 0_i64..200) {
        check_levels(&with_goals(problem, &USUAL, 1), room)?;
    }

    #[test]
    fn goals_that_share_a_level_are_added_by_weight(problem in classes((4_usize..=8, 2_usize..=3)), weight in 1_i64..4) {
        let mut problem = with_goals(problem, &USUAL, 2);
        for goal in &mut problem.goals {
            goal.marks.iter_mut().take(1).for_each(|(_, of)| *of = Ratio { num: weight, den: 3 });
            goal.kinds.iter_mut().take(1).for_each(|(_, of)| *of = Ratio { num: weight, den: 2 });
        }
        check_levels(&problem, 0)?;
    }

    #[test]
    fn fine_marks_get_sound_bounds(problem in classes((4_usize..=8, 2_usize..=3)), factor in 1_000_i64..40_000) {
        let mut problem = problem;
        for marks in &mut problem.marks {
            let fine: Vec<i64> = marks.units.iter().zip(0..).map(|(u, s)| u * factor + s * s).collect();
            *marks = small::marks(&fine);
        }
        problem.goals = vec![small::goal(&problem, GoalName::Means, 1)];
        let objective = Objective::new(&problem);
        let plans = valid_plans(&problem);
        let Some(start) = plans.first() else { return Ok(()) };
        let search = LevelSearch { objective: &objective, at: 1, budgets: &[0; MAX_LEVELS], start };
        let Some(answer) = improve(&problem, &search, LIMITS, &no_stop()) else { return Err(TestCaseError::fail("no answer")) };
        let best = plans.iter().map(|plan| objective.evaluate(plan)[1]).min().unwrap_or(0);
        prop_assert!(answer.bound <= best);
        prop_assert!(best - answer.bound <= best / 1000, "bound {} of {}", answer.bound, best);
    }

    #[test]
    fn hitting_sets_are_smallest(sets in proptest::collection::vec(proptest::sample::subsequence((0..7_usize).collect::<Vec<_>>(), 1..5), 0..8)) {
        let found = smallest_hitting_set(7, &sets, LIMITS, &no_stop()).unwrap_or_default();
        let hits = |chosen: &dyn Fn(usize) -> bool| sets.iter().all(|set| set.iter().any(|&e| chosen(e)));
        prop_assert!(hits(&|e| found.contains(&e)));
        let smallest = (0_u32..128).filter(|mask| hits(&|e| mask >> e & 1 == 1)).map(u32::count_ones).min();
        prop_assert_eq!(smallest, u32::try_from(found.len()).ok());
    }
}

fn fifty() -> Problem {
    let mut problem = small::problem(50, 5);
    let column = |a: i64, b: i64| (0..50).map(|s| (s * a + s * s * b) % 61 + 40).collect::<Vec<_>>();
    problem.marks = vec![small::marks(&column(7, 3)), small::marks(&column(11, 5)), small::marks(&column(17, 2))];
    problem.tiers =
        Some(small::tiers(&(0..50).map(|s| if s < 15 { 0 } else { usize::from(s >= 40) + 1 }).collect::<Vec<_>>()));
    problem
}

#[test]
fn a_slice_of_nodes_ends_the_run_with_a_plan_and_a_sound_bound() {
    let mut problem = fifty();
    problem.goals = vec![small::goal(&problem, GoalName::Tiers, 1), small::goal(&problem, GoalName::Means, 2)];
    let objective = Objective::new(&problem);
    let start: Vec<usize> = (0..50).map(|s| s % 5).collect();
    let budgets = objective.evaluate(&start);
    let search = LevelSearch { objective: &objective, at: 2, budgets: &budgets, start: &start };
    let limits = MipLimits { nodes: 1, seed: 1 };
    let answer = improve(&problem, &search, limits, &no_stop());
    let again = improve(&problem, &search, limits, &no_stop());
    assert_eq!(answer, again, "the same slice gives the same answer");
    let answer = answer.expect("rows express means");
    assert_eq!(answer.ended, Ended::Nodes);
    let plan = answer.plan.expect("at least the start");
    assert!(objective.evaluate(&plan)[2] <= objective.evaluate(&start)[2]);
    assert!(objective.levels[2].bound <= answer.bound && answer.bound <= objective.evaluate(&plan)[2]);
}

#[test]
fn tiers_of_a_class_are_proved_at_the_root() {
    let mut problem = small::problem(47, 5);
    problem.tiers =
        Some(small::tiers(&(0..47).map(|s| if s < 14 { 0 } else { usize::from(s >= 38) + 1 }).collect::<Vec<_>>()));
    problem.goals = vec![small::goal(&problem, GoalName::Tiers, 1)];
    let objective = Objective::new(&problem);
    let start: Vec<usize> = (0..47).map(|s| s / 10).collect();
    let mut start = start;
    // Two groups of ten and three of nine.
    start.iter_mut().enumerate().for_each(|(s, g)| *g = if s < 20 { s / 10 } else { 2 + (s - 20) / 9 });
    let search = LevelSearch { objective: &objective, at: 1, budgets: &[0; MAX_LEVELS], start: &start };
    let answer = improve(&problem, &search, LIMITS, &no_stop()).expect("rows express tiers");
    let plan = answer.plan.expect("a plan");
    assert_eq!(answer.bound, objective.levels[1].bound);
    assert_eq!(objective.evaluate(&plan)[1], answer.bound);
}

#[test]
fn goals_are_written_as_rows_where_they_say_so() {
    for name in GoalName::ALL {
        let problem = five(name);
        let objective = Objective::new(&problem);
        let start = [0, 1, 0, 1, 0];
        let search = LevelSearch { objective: &objective, at: 1, budgets: &[0; MAX_LEVELS], start: &start };
        let answer = improve(&problem, &search, LIMITS, &no_stop());
        assert_eq!(answer.is_some(), about(name).exact != Exact::Neither, "{name:?}");
    }
}

#[test]
fn a_stop_that_was_reached_leaves_no_answer() {
    let problem = small::problem(4, 2);
    let stop = Stop::after(Some(std::time::Duration::ZERO));
    assert_eq!(feasible(&problem, &[], LIMITS, &stop), Feasibility::Unknown);
}
