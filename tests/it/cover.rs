//! The ideal-group cover against all plans of small classes.

use crate::cases::{classes, config, held_level_by_level, sizes, valid_plans, with_goals};
use crate::goals::five;
use crate::small;
use fenzu::goals::about::Exact;
use fenzu::goals::{MAX_LEVELS, Objective, about};
use fenzu::model::{GoalName, Ratio, Request, Sizing, builtin};
use fenzu::pipeline::{Division, prepare};
use fenzu::problem::Problem;
use fenzu::roster::{Reading, read};
use fenzu::sample::{ClassSpec, class_csv};
use fenzu::solver::atoms::Atoms;
use fenzu::solver::cover::{CoverLimits, CoverSearch, prove};
use fenzu::solver::stop::Stop;
use fenzu::solver::{Effort, Prove, solve};
use proptest::prelude::*;

const LIMITS: CoverLimits = CoverLimits { most_groups: 100_000, work: 1 << 40 };

fn no_stop() -> Stop {
    Stop::after(None)
}

const USUAL: [GoalName; 6] =
    [GoalName::Tiers, GoalName::Counts, GoalName::Means, GoalName::Worst, GoalName::Spread, GoalName::Partners];

/// Each level is proved exactly; moves are budgets for the cover, not a level to prove.
fn check_levels(problem: &Problem, room: i64) -> Result<(), TestCaseError> {
    held_level_by_level(problem, room, prove, GoalName::Moves)
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn every_level_is_proved_exactly(problem in classes(sizes(9))) {
        check_levels(&with_goals(problem, &USUAL, 1), 0)?;
    }

    #[test]
    fn budgets_with_room_are_used(problem in classes(sizes(9)), room in 0_i64..60) {
        check_levels(&with_goals(problem, &USUAL, 1), room)?;
    }

    #[test]
    fn last_semesters_groups_are_kept(problem in classes(sizes(9)), room in 0_i64..4, at in 0_usize..3) {
        let mut order = vec![GoalName::Tiers, GoalName::Counts, GoalName::Means, GoalName::Worst, GoalName::Spread];
        order.insert(at, GoalName::Moves);
        check_levels(&with_goals(problem, &order, 1), room)?;
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

    /// The same in keep mode, where the length of the list does not depend on the limit.
    #[test]
    fn limits_end_keep_mode_too(problem in classes(sizes(9)), most_groups in 1_usize..20, work in 1_u64..400) {
        let problem = with_goals(problem, &[GoalName::Moves, GoalName::Means], 1);
        let objective = Objective::new(&problem);
        let plans = valid_plans(&problem);
        let (Some(atoms), Some(start)) = (Atoms::of(&problem), plans.first()) else { return Ok(()) };
        // Without homes there is no level of moves.
        prop_assume!(objective.levels.len() == 3);
        let mut budgets = [0; MAX_LEVELS];
        budgets[1] = objective.evaluate(start)[1];
        let within = plans.iter().map(|plan| objective.evaluate(plan)).filter(|levels| levels[1] <= budgets[1]);
        let best = within.map(|levels| levels[2]).min().unwrap_or(0);
        let search = CoverSearch { problem: &problem, objective: &objective, atoms: &atoms, at: 2, budgets: &budgets, start, bound: i64::MIN };
        let answer = prove(&search, CoverLimits { most_groups, work }, &no_stop());
        let Some(answer) = answer else { return Err(TestCaseError::fail("no answer")) };
        prop_assert!(answer.bound <= best);
        let value = objective.evaluate(answer.plan.as_ref().unwrap_or(start))[2];
        prop_assert!(!answer.exhausted || value == best);
    }

    /// With little room to list or to work, what is answered is still true.
    #[test]
    fn limits_leave_sound_bounds(problem in classes(sizes(9)), most_groups in 1_usize..40, work in 1_u64..4_000) {
        let problem = with_goals(problem, &[GoalName::Means], 1);
        let objective = Objective::new(&problem);
        let plans = valid_plans(&problem);
        let (Some(atoms), Some(start)) = (Atoms::of(&problem), plans.first()) else { return Ok(()) };
        let best = plans.iter().map(|plan| objective.evaluate(plan)[1]).min().unwrap_or(0);
        let search = CoverSearch { problem: &problem, objective: &objective, atoms: &atoms, at: 1, budgets: &[0; MAX_LEVELS], start, bound: i64::MIN };
        let limits = CoverLimits { most_groups, work };
        let answer = prove(&search, limits, &no_stop());
        prop_assert_eq!(&answer, &prove(&search, limits, &no_stop()));
        let Some(answer) = answer else { return Err(TestCaseError::fail("no answer")) };
        prop_assert!(objective.levels[1].bound <= answer.bound && answer.bound <= best);
        let better = answer.plan.as_ref().unwrap_or(start);
        prop_assert!(!answer.exhausted || objective.evaluate(better)[1] == best);
        // The next slice begins with what this one knows.
        let search = CoverSearch { start: better, bound: answer.bound, ..search };
        let Some(next) = prove(&search, CoverLimits { work: 4 * work, ..limits }, &no_stop()) else {
            return Err(TestCaseError::fail("no answer"));
        };
        prop_assert!(answer.bound <= next.bound && next.bound <= best);
        prop_assert!(!next.exhausted || objective.evaluate(next.plan.as_ref().unwrap_or(better))[1] == best);
    }

    /// Halves of more than a block of the sieve: 16 students into 2, all 12,870 plans.
    #[test]
    fn long_halves_are_sieved_exactly(columns in proptest::array::uniform3(proptest::collection::vec(0_i64..100, 16))) {
        let mut problem = small::problem(16, 2);
        problem.marks = columns.iter().map(|column| small::marks(column)).collect();
        check_levels(&with_goals(problem, &[GoalName::Means, GoalName::Spread], 1), 0)?;
    }
}

/// More units and labels than 64: sixty students in six groups of last semester, two of whom may move, which is one exchange.
#[test]
fn wide_masks_are_exact() {
    let mut problem = small::problem(60, 6);
    let marks = |factor: i64| (0..60).map(|s| s * factor % 97).collect::<Vec<i64>>();
    problem.marks = vec![small::marks(&marks(41)), small::marks(&marks(59))];
    let home: Vec<usize> = (0..60).map(|s| s / 10).collect();
    problem.previous = Some(home.iter().map(|&g| Some(g)).collect());
    let problem = with_goals(problem, &[GoalName::Moves, GoalName::Means], 1);
    let objective = Objective::new(&problem);
    let atoms = Atoms::of(&problem).expect("no rules");
    let exchanged = |s: usize, t: usize| {
        let mut plan = home.clone();
        plan.swap(s, t);
        objective.evaluate(&plan)[2]
    };
    let best = (0..60).flat_map(|s| (s..60).map(move |t| (s, t))).map(|(s, t)| exchanged(s, t)).min();
    let mut budgets = [0; MAX_LEVELS];
    budgets[1] = 2;
    let (at, start) = (2, home.as_slice());
    let search = CoverSearch {
        problem: &problem,
        objective: &objective,
        atoms: &atoms,
        at,
        budgets: &budgets,
        start,
        bound: i64::MIN,
    };
    let answer = prove(&search, LIMITS, &no_stop()).expect("an answer");
    assert!(answer.exhausted && best < Some(objective.evaluate(&home)[2]));
    assert_eq!(Some(answer.bound), best);
}

/// What a goal says of the provers is so: the cover holds it above the level that it proves, or does not answer.
#[test]
fn goals_are_lanes_where_they_say_so() {
    for name in GoalName::ALL {
        let mut problem = five(name);
        problem.goals.retain(|goal| goal.name != GoalName::Means);
        problem.goals.push(small::goal(&problem, GoalName::Means, 2));
        let objective = Objective::new(&problem);
        let (atoms, start) = (Atoms::of(&problem).expect("no rules"), [0, 0, 1, 1, 0]);
        let (at, budgets) = (objective.levels.len() - 1, objective.evaluate(&start));
        let search = CoverSearch {
            problem: &problem,
            objective: &objective,
            atoms: &atoms,
            at,
            budgets: &budgets,
            start: &start,
            bound: i64::MIN,
        };
        let answer = prove(&search, LIMITS, &no_stop());
        assert_eq!(answer.is_some(), about(name).exact != Exact::Neither, "{name:?}");
    }
}

/// With five columns the halves are so many that they are sorted by their counts; the order of the list changes nothing.
#[test]
fn permuted_classes_have_one_optimum() {
    let bound = |order: &dyn Fn(usize) -> usize| {
        let spec = ClassSpec { subjects: 5, ..ClassSpec::default() };
        let text = class_csv(&spec);
        let lines: Vec<&str> = text.lines().collect();
        let rows = (0..50).map(|s| lines[1 + order(s)]);
        let list = std::iter::once(lines[0]).chain(rows).collect::<Vec<_>>().join("\n");
        let roster = read(list.as_bytes(), &Reading { file: "class.csv", ..Reading::default() }).expect("a list");
        let mut request = Request::new(builtin::builtin()[0].clone());
        request.sizing = Some(Sizing::Count(5));
        let class = prepare(&roster, &request, Division::ByClass).expect("a class").remove(0);
        let effort = Effort { seed: 1, work: None, prove: Prove::Model };
        let outcome = solve(&class.problem, effort, &no_stop(), &|_| ());
        assert!(outcome.levels[2].proved);
        outcome.levels[2].value
    };
    let value = bound(&|s| s);
    assert!(value > 0);
    assert_eq!(bound(&|s| 49 - s), value);
    assert_eq!(bound(&|s| s * 7 % 50), value);
}
