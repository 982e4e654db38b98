//! The solver's goals: values computed by hand, the running account against values from scratch, bounds, quotas.

use crate::cases::{Case, cases, config};
use crate::check_bounds::over_tables;
use crate::small;
use crate::support::{RosterBuilder, TIERS, partitions, policy, request};
use fenzu::check::score;
use fenzu::goals::ledger::Exchange;
use fenzu::goals::{Ledger, Levels, MAX_LEVELS, Objective, about};
use fenzu::model::GoalName;
use fenzu::problem::quotas::optimal_table;
use fenzu::problem::{Problem, rules::Rule};
use fenzu::words::Label;
use proptest::prelude::*;
use rand::seq::SliceRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg64;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Five students in a group of three and one of two: tiers 2/2/1, boys a, c, e, marks 4, 3, 2, 1, 0, last semester abc and de.
pub fn five(goal: GoalName) -> Problem {
    let mut problem = small::problem(5, 2);
    problem.tiers = Some(small::tiers(&[0, 0, 1, 1, 2]));
    problem.kinds = vec![small::kind("boys", &[true, false, true, false, true])];
    problem.marks = vec![small::marks(&[4, 3, 2, 1, 0])];
    problem.previous = Some(vec![Some(0), Some(0), Some(0), Some(1), Some(1)]);
    problem.goals = vec![small::goal(&problem, goal, 1)];
    problem
}

/// Scaled value, bound, and the value in the unit shown to people.
fn numbers(problem: &Problem, plan: &[usize]) -> (i64, i64, f64) {
    let objective = Objective::new(problem);
    let goal = &objective.goals[0];
    let value = objective.value(goal, plan);
    assert_eq!(objective.evaluate(plan)[1], value, "alone on its level, the goal is the level");
    (value, goal.parts.bound, value as f64 / goal.parts.unit)
}

const FAIR: [usize; 5] = [0, 1, 0, 1, 0];
const UNFAIR: [usize; 5] = [0, 0, 1, 1, 0];

#[test]
fn tiers() {
    // Shares 6/5, 6/5, 3/5 of three and 4/5, 4/5, 2/5 of two. FAIR: (1, 1, 1) and (1, 1, 0), |5 − 6| + |5 − 6| + |5 − 3| = 4 each.
    assert_eq!(numbers(&five(GoalName::Tiers), &FAIR), (8, 8, 1.6));
    // UNFAIR: (2, 0, 1) and (0, 2, 0): 4 + 6 + 2 each.
    assert_eq!(numbers(&five(GoalName::Tiers), &UNFAIR), (24, 8, 4.8));
}

#[test]
fn counts() {
    // 3/5 of three are 1.8, of two 1.2. FAIR has three boys and none: one outside each; UNFAIR two and one.
    assert_eq!(numbers(&five(GoalName::Counts), &FAIR), (2, 0, 2.0));
    assert_eq!(numbers(&five(GoalName::Counts), &UNFAIR), (0, 0, 0.0));
}

#[test]
fn means() {
    // The class mean is 2. FAIR: sums 6 and 4. UNFAIR: 7 and 3, |5·7 − 3·10| + |5·3 − 2·10|.
    assert_eq!(numbers(&five(GoalName::Means), &FAIR), (0, 0, 0.0));
    assert_eq!(numbers(&five(GoalName::Means), &UNFAIR), (10, 0, 2.0));
}

#[test]
fn visits() {
    let mut problem = five(GoalName::Visits);
    problem.visits = vec![5, 2, 2, 5, 2];
    // Three more for a and d, so a step of 3 and W = 2. One of them in each group: 3·(|5 − 3·2| + |5 − 2·2|), which no plan betters.
    assert_eq!(numbers(&problem, &UNFAIR), (6, 6, 1.2));
    // Both in the group of three: 3·(|10 − 6| + |0 − 4|).
    assert_eq!(numbers(&problem, &[0, 1, 1, 0, 0]), (24, 6, 4.8));
    problem.visits = vec![2; 5];
    assert_eq!(numbers(&problem, &UNFAIR), (0, 0, 0.0));
}

#[test]
fn visits_too_large_for_exact_sums_are_refused() {
    let rows: Vec<&str> = (0..20_000).map(|s| if s == 0 { "yes" } else { "no" }).collect();
    let roster = RosterBuilder::new("left_behind").rows(rows).build();
    let compile = |visits: u32| {
        let toml = format!(
            "goals = [{{ goal = \"visits\", level = 1 }}]\nstaff = {{ visits_of = {{ left_behind = {visits} }} }}\n"
        );
        let mut ask = request(2, &toml);
        ask.staff = Some("0".repeat(64));
        fenzu::goals::compile(&roster, &ask, &policy(&ask, &roster))
    };
    let faults = compile(u32::MAX).expect_err("a fault");
    assert_eq!(faults.0.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["numbers_too_large"]);
    assert!(compile(1_000).is_ok());
}

#[test]
fn worst() {
    // UNFAIR: the pair has mean 1.5, half a point off; 5 · 6/2 = 15 of N·Λ = 30.
    assert_eq!(numbers(&five(GoalName::Worst), &FAIR), (0, 0, 0.0));
    assert_eq!(numbers(&five(GoalName::Worst), &UNFAIR), (15, 0, 0.5));
}

#[test]
fn spread() {
    // Squares about 2: 4, 1, 0, 1, 4, ten in all. {b, d, e} and {a, c} have their share; UNFAIR has 9 and 1.
    assert_eq!(numbers(&five(GoalName::Spread), &[1, 0, 1, 0, 0]), (0, 0, 0.0));
    let (scaled, bound, shown) = numbers(&five(GoalName::Spread), &UNFAIR);
    assert_eq!((scaled, bound), (30, 0));
    // κ = 2·σ·N²/G with σ² = 10/5.
    assert!((shown - 30.0 / (2.0 * 2.0_f64.sqrt() * 25.0 / 2.0)).abs() < 1e-9, "{shown}");
}

#[test]
fn partners() {
    // UNFAIR keeps a with b only; three in two groups cannot do better.
    assert_eq!(numbers(&five(GoalName::Partners), &UNFAIR), (1, 1, 1.0));
    assert_eq!(numbers(&five(GoalName::Partners), &[0, 0, 0, 1, 1]), (4, 1, 4.0));
}

#[test]
fn moves() {
    assert_eq!(numbers(&five(GoalName::Moves), &[0, 0, 0, 1, 1]), (0, 0, 0.0));
    assert_eq!(numbers(&five(GoalName::Moves), &UNFAIR), (2, 0, 2.0), "c and e");
    let mut problem = five(GoalName::Moves);
    // d is new, e comes from a group that is no more.
    problem.previous = Some(vec![Some(0), Some(0), Some(0), None, Some(2)]);
    assert_eq!(numbers(&problem, &[0, 0, 0, 1, 1]), (1, 1, 1.0));
}

#[test]
fn diversity() {
    // Distances add up to 20; between {a, c, e} and {b, d} lie 10, between {a, b, e} and {c, d} 11. Bound: the six least, 4·1 + 2·2.
    assert_eq!(numbers(&five(GoalName::Diversity), &FAIR), (10, 8, 50.0));
    assert_eq!(numbers(&five(GoalName::Diversity), &UNFAIR), (11, 8, 55.0));
}

#[test]
fn broken_rules_are_level_0() {
    let level_0 = |rule: Rule, plan: &[usize]| {
        let mut problem = five(GoalName::Means);
        problem.rules = vec![rule];
        Objective::new(&problem).evaluate(plan)[0]
    };
    assert_eq!(level_0(Rule::Apart(vec![0, 1, 4]), &UNFAIR), 3, "three pairs");
    assert_eq!(level_0(Rule::Apart(vec![0, 1]), &FAIR), 0);
    assert_eq!(level_0(Rule::NeverAlone(0), &UNFAIR), 1, "c is the only boy of two");
    assert_eq!(level_0(Rule::NeverAlone(0), &FAIR), 0);
    assert_eq!(level_0(Rule::TierQuota, &UNFAIR), 2, "no middle student in one group, two in the other");
    assert_eq!(level_0(Rule::TierQuota, &FAIR), 0);
}

#[test]
fn goals_of_one_level_are_added_by_weight() {
    let mut problem = five(GoalName::Means);
    problem.goals.push(small::goal(&problem, GoalName::Partners, 1));
    problem.goals[1].weight.num = 3;
    // Two points and three times one pair, times N.
    assert_eq!(Objective::new(&problem).evaluate(&UNFAIR)[1], 5 * (2 + 3));
}

/// Whoever shows a goal asks its description, and the formulation has a row and a unit for each.
#[test]
fn every_goal_describes_itself() {
    let page = include_str!("../../models/formulation.md");
    let said = |of: fn(GoalName) -> Label| GoalName::ALL.map(of).map(|label| [label.zh, label.en]);
    let all_differ = |texts: [[&str; 2]; GoalName::ALL.len()]| {
        (0..2).all(|lang| texts.iter().map(|text| text[lang].trim()).collect::<BTreeSet<_>>().len() == texts.len())
    };
    assert!(all_differ(said(|goal| about(goal).label)) && all_differ(said(|goal| about(goal).meaning)));
    for goal in GoalName::ALL {
        let (word, unit) = (goal.word(), goal.unit());
        assert_eq!((GoalName::of_word(word), serde_json::json!(goal)), (Some(goal), serde_json::json!(word)));
        assert!(GoalName::ALL.is_sorted() && !unit.zh.is_empty());
        assert!(page.contains(&format!("\n| {word} | ")), "{word} has a row in models/formulation.md");
        assert!(page.contains(&format!("{word} \"{}\"", unit.en)), "{word} has a unit in models/formulation.md");
    }
}

/// What pages and their scripts show of goals comes with the data: none of them knows a goal by its word.
#[test]
fn scripts_and_pages_name_no_goal() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = |folder: &str, end: &str| -> Vec<PathBuf> {
        let entries = fs::read_dir(root.join(folder)).expect("a folder").map(|entry| entry.expect("an entry").path());
        entries.filter(|path| path.extension().is_some_and(|extension| extension == end)).collect()
    };
    let files = [files("web", "js"), files("service/pages", "rs")].concat();
    assert!(files.len() > 15, "{files:?}");
    for file in files {
        let text = fs::read_to_string(&file).expect("text");
        for goal in GoalName::ALL {
            assert!(!text.contains(&format!("\"{}\"", goal.word())), "{}: {}", file.display(), goal.word());
        }
    }
}

/// An exchange of as many students each way, or, from a larger group to a smaller one, of one more.
fn draw(ledger: &Ledger<'_>, rng: &mut impl Rng) -> (usize, usize, Vec<usize>, Vec<usize>) {
    let groups = ledger.sizes.len();
    let (a, b) = (rng.random_range(0..groups), rng.random_range(0..groups - 1));
    let b = if b >= a { b + 1 } else { b };
    let mut members = |group: usize| {
        let mut list: Vec<usize> = (0..ledger.group_of.len()).filter(|&s| ledger.group_of[s] == group).collect();
        list.shuffle(rng);
        list
    };
    let (mut from_a, mut from_b) = (members(a), members(b));
    let extra = usize::from(from_a.len() > from_b.len() && rng.random_ratio(1, 2));
    let both = rng.random_range(0..=from_b.len().min(from_a.len() - extra));
    from_a.truncate(both + extra);
    from_b.truncate(both);
    (a, b, from_a, from_b)
}

/// Every level from the goals' own values and the rules' own definitions.
fn levels_from_scratch(problem: &Problem, objective: &Objective, plan: &[usize]) -> Levels {
    let mut levels = [0; MAX_LEVELS];
    for goal in &objective.goals {
        levels[goal.at] += goal.multiplier * objective.value(goal, plan);
    }
    levels[0] = i64::from(!problem.rules.iter().all(|rule| small::keeps(problem, rule, plan)));
    levels
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn the_account_of_a_plan_is_kept_right(Case { problem, plan } in cases(5), seed in any::<u64>()) {
        let objective = Objective::new(&problem);
        let mut rng = Pcg64::seed_from_u64(seed);
        let mut ledger = Ledger::new(&objective, plan);
        for _ in 0..12 {
            let (a, b, from_a, from_b) = draw(&ledger, &mut rng);
            let exchange = Exchange { a, b, from_a: &from_a, from_b: &from_b };
            let (before, delta) = (ledger.levels, ledger.delta(exchange, MAX_LEVELS));
            for until in 0..MAX_LEVELS {
                let short = ledger.delta(exchange, until);
                prop_assert_eq!(&short[..=until], &delta[..=until]);
                prop_assert!(short[until + 1..].iter().all(|d| *d == 0));
            }
            ledger.apply(exchange);
            let after: Vec<i64> = before.iter().zip(&delta).map(|(level, d)| level + d).collect();
            prop_assert_eq!(&ledger.levels[..], &after[..]);
            prop_assert_eq!(ledger.levels, objective.evaluate(&ledger.group_of));
            let mut levels = ledger.levels;
            levels[0] = levels[0].min(1);
            prop_assert_eq!(levels, levels_from_scratch(&problem, &objective, &ledger.group_of));
            for goal in &objective.goals {
                let value = objective.value(goal, &ledger.group_of);
                prop_assert!(value >= goal.parts.bound, "{:?}: {} below its bound {}", goal.name, value, goal.parts.bound);
            }
            for (level, info) in objective.levels.iter().enumerate() {
                prop_assert!(ledger.levels[level] >= info.bound);
            }
        }
    }

    #[test]
    fn quota_tables_add_up_and_are_the_best(tiers in prop::collection::vec(0..3_usize, 1..=14), groups in 1..=4_usize) {
        let groups = groups.min(tiers.len());
        let mut problem = small::problem(tiers.len(), groups);
        let tiers_of = small::tiers(&tiers);
        let table = optimal_table(&problem, &tiers_of);
        let sizes: Vec<i64> = problem.sizes().iter().map(|&size| size as i64).collect();
        let (n, totals) = (tiers.len() as i64, &tiers_of.totals);
        prop_assert!(table.cells.iter().zip(&sizes).all(|(row, size)| row.iter().sum::<i64>() == *size));
        for (t, total) in totals.iter().enumerate() {
            prop_assert_eq!(table.cells.iter().map(|row| row[t]).sum::<i64>(), *total);
        }
        prop_assert!(table.cells.iter().flatten().all(|x| *x >= 0));
        let off = |g: usize, t: usize| (n * table.cells[g][t] - sizes[g] * totals[t]).abs();
        prop_assert_eq!(table.value, (0..groups).flat_map(|g| (0..3).map(move |t| (g, t))).map(|(g, t)| off(g, t)).sum::<i64>());
        let totals = [totals[0], totals[1], totals[2]];
        prop_assert_eq!(table.value, over_tables(&sizes, totals, totals));

        let rows: Vec<String> = tiers.iter().map(|&t| ["top", "middle", "struggling"][t].to_owned()).collect();
        let roster = RosterBuilder::new("tier").rows(rows.iter().map(String::as_str)).build();
        let ask = request(groups, &format!("goals = [{{ goal = \"tiers\", level = 1 }}]\n{TIERS}"));
        let card = score(&roster, &ask, &policy(&ask, &roster), &partitions(tiers.len(), groups)[0]);
        prop_assert_eq!(card.goals[0].scaled_bound, table.value, "the judge's bound");
        problem.tiers = Some(tiers_of);
        problem.goals = vec![small::goal(&problem, GoalName::Tiers, 1)];
        prop_assert_eq!(Objective::new(&problem).goals[0].parts.bound, table.value);
    }
}
