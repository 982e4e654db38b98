//! The partition against all plans of small classes.

use crate::cases::{classes, config, held_level_by_level, sizes, valid_plans, with_goals};
use crate::small;
use fenzu::goals::{MAX_LEVELS, Objective, Term};
use fenzu::model::{GoalName, Ratio};
use fenzu::problem::Problem;
use fenzu::solver::atoms::Atoms;
use fenzu::solver::cover::{CoverLimits, CoverSearch};
use fenzu::solver::partition::prove;
use fenzu::solver::stop::Stop;
use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, variable};
use proptest::prelude::*;

const LIMITS: CoverLimits = CoverLimits { most_groups: 100_000, work: 1 << 40 };

fn no_stop() -> Stop {
    Stop::after(None)
}

/// Each level is proved exactly; the largest deviation is a budget here, not a level to prove.
fn check_levels(problem: &Problem, room: i64) -> Result<(), TestCaseError> {
    held_level_by_level(problem, room, prove, GoalName::Worst)
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn every_level_is_proved_exactly(problem in classes(sizes(9))) {
        use GoalName::{Counts, Means, Partners, Spread, Tiers, Worst};
        check_levels(&with_goals(problem, &[Tiers, Counts, Means, Worst, Spread, Partners], 1), 0)?;
    }

    #[test]
    fn budgets_with_room_are_used(problem in classes(sizes(9)), room in 0_i64..60) {
        use GoalName::{Counts, Means, Partners, Spread, Tiers};
        check_levels(&with_goals(problem, &[Tiers, Counts, Means, Spread, Partners], 1), room)?;
    }

    #[test]
    fn levels_in_another_order(problem in classes(sizes(9)), room in 0_i64..20) {
        let order = [GoalName::Partners, GoalName::Spread, GoalName::Counts, GoalName::Worst, GoalName::Tiers];
        check_levels(&with_goals(problem, &order, 1), room)?;
    }

    #[test]
    fn goals_that_share_a_level_are_added_by_weight(problem in classes(sizes(9)), weight in 1_i64..4) {
        let names = [GoalName::Tiers, GoalName::Counts, GoalName::Means, GoalName::Partners, GoalName::Spread];
        let mut problem = with_goals(problem, &names, 2);
        for goal in &mut problem.goals {
            goal.marks.iter_mut().take(1).for_each(|(_, of)| *of = Ratio { num: weight, den: 3 });
            goal.kinds.iter_mut().take(1).for_each(|(_, of)| *of = Ratio { num: weight, den: 2 });
        }
        check_levels(&problem, 0)?;
    }

    /// With little room to list or to work, what is answered is still true, and the same again.
    #[test]
    fn limits_leave_sound_bounds(problem in classes(sizes(9)), most_groups in 1_usize..200, work in 1_u64..40_000) {
        let problem = with_goals(problem, &[GoalName::Means], 1);
        let objective = Objective::new(&problem);
        let plans = valid_plans(&problem);
        let (Some(atoms), Some(start)) = (Atoms::of(&problem), plans.first()) else { return Ok(()) };
        let best = plans.iter().map(|plan| objective.evaluate(plan)[1]).min().unwrap_or(0);
        let budgets = &[0; MAX_LEVELS];
        let search = CoverSearch { problem: &problem, objective: &objective, atoms: &atoms, at: 1, budgets, start, bound: i64::MIN };
        let limits = CoverLimits { most_groups, work };
        let answer = prove(&search, limits, &no_stop());
        prop_assert_eq!(&answer, &prove(&search, limits, &no_stop()));
        let Some(answer) = answer else { return Err(TestCaseError::fail("no answer")) };
        prop_assert!(objective.levels[1].bound <= answer.bound && answer.bound <= best);
        let better = answer.plan.as_ref().unwrap_or(start);
        prop_assert!(!answer.exhausted || objective.evaluate(better)[1] == best);
    }

    /// Labelled groups and pairwise distances are not the partition's.
    #[test]
    fn what_it_cannot_express_is_told(problem in classes(sizes(9)), moves in any::<bool>()) {
        let first = if moves { GoalName::Moves } else { GoalName::Diversity };
        let problem = with_goals(problem, &[first, GoalName::Means], 1);
        let objective = Objective::new(&problem);
        let plans = valid_plans(&problem);
        let (Some(atoms), Some(start)) = (Atoms::of(&problem), plans.first()) else { return Ok(()) };
        prop_assume!(objective.levels.len() == 3);
        let budgets = &[i64::MAX / 2; MAX_LEVELS];
        let search = CoverSearch { problem: &problem, objective: &objective, atoms: &atoms, at: 2, budgets, start, bound: i64::MIN };
        prop_assert_eq!(prove(&search, LIMITS, &no_stop()), None);
    }
}

/// The optimum by an independent formulation: `HiGHS` over every group of a legal size, priced from the goal's terms.
fn by_all_columns(problem: &Problem) -> i64 {
    let objective = Objective::new(problem);
    let (n, small) = (problem.students, problem.small());
    let largest = small + usize::from(problem.large_groups() > 0);
    let columns: Vec<u32> =
        (0..1_u32 << n).filter(|set| (small..=largest).contains(&(set.count_ones() as usize))).collect();
    let cost = |set: u32| -> i64 {
        let sum = |term: &Term| (0..n).filter(|s| set >> s & 1 == 1).map(|s| term.entries[s]).sum();
        let terms = objective.goals.iter().flat_map(|goal| &goal.parts.terms);
        terms.map(|term| Term::cost(term.shape, term.weight, sum(term), n as i64)).sum()
    };
    let mut variables = ProblemVariables::new();
    let chosen: Vec<Variable> = columns.iter().map(|_| variables.add(variable().binary())).collect();
    let value: Expression = columns.iter().zip(&chosen).map(|(&set, &x)| cost(set) as f64 * x).sum();
    let mut model = variables.minimise(value.clone()).using(good_lp::highs);
    for s in 0..n {
        let holds = columns.iter().zip(&chosen).filter(|(set, _)| *set >> s & 1 == 1).map(|(_, &x)| x);
        model = model.with(constraint::eq(holds.sum::<Expression>(), 1));
    }
    model = model.with(constraint::eq(chosen.iter().copied().sum::<Expression>(), problem.groups as f64));
    let solution = model.solve().expect("some plan exists");
    solution.eval(value).round() as i64
}

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn all_columns_have_the_same_optimum(
        (n, groups) in (10_usize..=14).prop_flat_map(|n| (Just(n), n.div_ceil(4)..=n / 2)),
        columns in proptest::collection::vec(proptest::collection::vec(0_i64..40, 14), 1..4),
    ) {
        let mut problem = small::problem(n, groups);
        problem.marks = columns.iter().map(|column| small::marks(&column[..n])).collect();
        let problem = with_goals(problem, &[GoalName::Means], 1);
        let objective = Objective::new(&problem);
        let atoms = Atoms::of(&problem).expect("no rules");
        let start: Vec<usize> = (0..n).map(|s| s % groups).collect();
        let search = CoverSearch { problem: &problem, objective: &objective, atoms: &atoms, at: 1, budgets: &[0; MAX_LEVELS], start: &start, bound: i64::MIN };
        let answer = prove(&search, LIMITS, &no_stop()).expect("an answer");
        prop_assert!(answer.exhausted);
        prop_assert_eq!(answer.bound, by_all_columns(&problem));
    }
}
