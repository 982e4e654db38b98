//! Solver and judge, written apart from one formulation, agree; and what the solver calls proved holds against brute force.

use crate::cases::config;
use crate::check_bounds::{Class, class};
use crate::support::partitions;
use fenzu::check::{CheckedLevel, plan_of, score};
use fenzu::model::GoalName;
use fenzu::model::request::PreviousMode;
use fenzu::pipeline::{Division, Planned, Prepared, prepare};
use fenzu::plan::Plan;
use fenzu::solver::{Effort, Prove, Stop};
use fenzu::words::Lang;
use proptest::prelude::*;
use std::time::Duration;

/// The class compiled; none where its marks are too fine for 64 bits, which is refused rightly.
fn compiled(class: &Class, mode: PreviousMode) -> Option<Prepared> {
    match prepare(&class.roster(), &class.request(mode), Division::Whole) {
        Ok(mut classes) => classes.pop(),
        Err(faults) if faults.0.iter().all(|fault| fault.code == "numbers_too_large") => None,
        Err(faults) => panic!("{faults}"),
    }
}

fn solve(class: &Prepared, work: Option<u64>, prove: Prove) -> Planned {
    let effort = Effort { seed: 1, work, prove };
    class.solve(effort, &Stop::after(Some(Duration::from_secs(5))), &|_| {}, Lang::En)
}

fn levels(class: &Prepared, plan: &Plan) -> Vec<CheckedLevel> {
    score(&class.roster, &class.request, &class.policy, plan).levels
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn the_judge_agrees_with_every_plan(class in class(2..=12), keep in any::<bool>()) {
        let mode = if keep { PreviousMode::Keep } else { PreviousMode::Mix };
        let prepared = compiled(&class, mode);
        prop_assume!(prepared.is_some());
        let planned = solve(&prepared.expect("just assumed"), Some(2_000), Prove::All);
        prop_assert!(!planned.document.groups.is_empty());
        prop_assert_eq!(&planned.findings, &[]);
    }

}

proptest! {
    #![proptest_config(config(40))]

    /// Level by level: the plans that keep the higher levels within tolerance; none is better than a proved value less tolerance,
    /// or below a bound.
    #[test]
    fn what_is_proved_is_true(class in class(2..=8)) {
        let prepared = compiled(&class, PreviousMode::Mix);
        prop_assume!(prepared.is_some());
        let prepared = &prepared.expect("just assumed");
        let document = solve(prepared, None, Prove::Through(GoalName::Partners)).document;
        let found = levels(prepared, &plan_of(&prepared.roster, &document).expect("a plan"));
        let mut left: Vec<Vec<CheckedLevel>> =
            partitions(class.rows.len(), class.groups).iter().map(|plan| levels(prepared, plan)).collect();
        for (l, level) in found.iter().enumerate() {
            let records = level.goals.iter().map(|&i| &document.goals[i]);
            let bound: i64 = records.clone().zip(&level.weights).map(|(goal, weight)| goal.scaled_bound * weight).sum();
            if !records.clone().all(|goal| goal.proved) {
                break;
            }
            let best = left.iter().map(|levels| levels[l].value).min().expect("the plan itself");
            prop_assert!(bound <= best, "level {}: bound {} above the optimum {}", level.level, bound, best);
            prop_assert!(level.value <= best + level.tolerance, "level {}: {} proved, {} exists", level.level, level.value, best);
            left.retain(|levels| levels[l].value <= best + level.tolerance);
        }
    }
}
