//! The judge's closed-form bounds against brute force: never above the true minimum, and equal to it where theory says so.

use crate::cases::config;
use crate::support::{RosterBuilder, TIERS, last_by_id, partitions, policy, request};
use fenzu::check::{ScoreCard, score};
use fenzu::model::goal::{Columns, Needs};
use fenzu::model::request::{Previous, PreviousMode};
use fenzu::model::{GoalName, Request};
use fenzu::plan::Plan;
use fenzu::roster::Roster;
use proptest::prelude::*;

/// A small class: students' cells, groups, last semester's groups.
#[derive(Clone, Debug)]
pub struct Class {
    pub rows: Vec<String>,
    pub groups: usize,
    old: Vec<Option<usize>>,
}

impl Class {
    pub fn roster(&self) -> Roster {
        let columns = "id gender category:address left_behind tier score:math score:art";
        RosterBuilder::new(columns).rows(self.rows.iter().map(String::as_str)).build()
    }

    /// Every goal on a level of its own; moves with [`PreviousMode::Keep`], else partners.
    pub fn request(&self, mode: PreviousMode) -> Request {
        let given = |goal: &GoalName| !matches!(goal.needs(), Needs::Visits | Needs::OldKept);
        let line = |(i, goal): (usize, GoalName)| {
            format!("{{ goal = \"{}\", level = {}{} }}", goal.word(), i + 1, extra(goal))
        };
        let goals: Vec<String> = GoalName::ALL.into_iter().filter(given).enumerate().map(line).collect();
        let mut ask = request(self.groups, &format!("goals = [{}]\n{TIERS}", goals.join(", ")));
        let place = |(s, old): (usize, &Option<usize>)| Some((format!("s{s}"), format!("K/{}", (*old)? + 1)));
        let old: Vec<(String, String)> = self.old.iter().enumerate().filter_map(place).collect();
        let old = last_by_id(old.iter().map(|(student, group)| (student.as_str(), group.as_str())));
        ask.previous = Some(Previous::new(old, mode));
        ask
    }
}

/// Fractional weights, to exercise the whole multiples.
fn extra(goal: GoalName) -> &'static str {
    match goal.columns() {
        Columns::Kinds => ", column_weights = { gender = \"2/3\", address = \"1/2\" }",
        Columns::Marks | Columns::Pairs => ", column_weights = { art = \"1/3\" }",
        Columns::None => "",
    }
}

/// Marks in whole points, halves, hundredths or with more decimals than two; some missing.
fn mark() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0..12u32).prop_map(|x| x.to_string()),
        3 => (0..24u32).prop_map(|x| (f64::from(x) / 2.0).to_string()),
        1 => (0..999u32).prop_map(|x| (f64::from(x) / 100.0).to_string()),
        1 => Just("-".to_owned()),
    ]
}

pub fn class(students: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Class> {
    (students, 2..=4usize).prop_flat_map(|(students, groups)| {
        let groups = groups.min(students);
        let word = |words: &'static [&'static str]| prop::sample::select(words);
        let row = (
            word(&["male", "female", "-"]),
            word(&["town", "village", "hills"]),
            word(&["yes", "no", "-"]),
            word(&["top", "middle", "middle", "struggling"]),
            mark(),
            prop_oneof![5 => mark(), 1 => (0..9000u32).prop_map(|x| (f64::from(x) / 1000.0).to_string())],
        );
        let old = prop::option::weighted(0.8, 0..groups + 1);
        (prop::collection::vec(row, students), prop::collection::vec(old, students)).prop_map(move |(rows, old)| {
            let line = |(s, (gender, address, flag, tier, math, art))| {
                format!("s{s} {gender} {address} {flag} {tier} {math} {art}")
            };
            Class { rows: rows.into_iter().enumerate().map(line).collect(), groups, old }
        })
    })
}

/// The least scaled value of each goal over all plans, with the bound.
fn minima(roster: &Roster, ask: &Request, plans: &[Plan]) -> Vec<(GoalName, i64, i64)> {
    let policy = policy(ask, roster);
    let cards: Vec<ScoreCard> = plans.iter().map(|plan| score(roster, ask, &policy, plan)).collect();
    let least = |i: usize| cards.iter().map(|card| card.goals[i].scaled).min().expect("a plan");
    cards[0].goals.iter().enumerate().map(|(i, goal)| (goal.name, least(i), goal.scaled_bound)).collect()
}

/// The least total (or largest) cost over whole sums per group that add up to `total`, by dynamic programming.
fn over_sums(sizes: &[i64], total: i64, join: fn(i64, i64) -> i64, cost: impl Fn(i64, i64) -> i64) -> i64 {
    let start: Vec<Option<i64>> = (0..=total).map(|sum| (sum == 0).then_some(0)).collect();
    let add = |best: Vec<Option<i64>>, size: &i64| -> Vec<Option<i64>> {
        let least = |sum: i64| {
            (0..=sum).filter_map(|own| Some(join(best[usize::try_from(sum - own).ok()?]?, cost(*size, own)))).min()
        };
        (0..=total).map(least).collect()
    };
    sizes.iter().fold(start, add).pop().flatten().expect("a sum")
}

fn even_sizes(students: i64, groups: i64) -> Vec<i64> {
    (0..groups).map(|g| students / groups + i64::from(g < students % groups)).collect()
}

/// The least Σ abs(N·x − n·T) over all tables of tier counts, group by group.
pub fn over_tables(sizes: &[i64], left: [i64; 3], totals: [i64; 3]) -> i64 {
    let Some((&size, rest)) = sizes.split_first() else { return 0 };
    let n: i64 = totals.iter().sum();
    let off = |x: i64, t: usize| (n * x - size * totals[t]).abs();
    let mut best = i64::MAX;
    for a in 0..=left[0].min(size) {
        for b in 0..=left[1].min(size - a) {
            let c = size - a - b;
            if c <= left[2] {
                let here = off(a, 0) + off(b, 1) + off(c, 2);
                best = best.min(here + over_tables(rest, [left[0] - a, left[1] - b, left[2] - c], totals));
            }
        }
    }
    best
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn no_bound_is_above_the_true_minimum(class in class(2..=9)) {
        let (roster, ask) = (class.roster(), class.request(PreviousMode::Mix));
        let found = minima(&roster, &ask, &partitions(class.rows.len(), class.groups));
        prop_assert_eq!(found.len(), GoalName::ALL.len() - 2, "all but visits and moves");
        for (goal, least, bound) in found {
            prop_assert!(bound <= least, "{:?}: bound {} above {}", goal, bound, least);
            prop_assert!(bound >= 0);
            if matches!(goal, GoalName::Tiers | GoalName::Partners) {
                prop_assert_eq!(bound, least, "{:?} is exact", goal);
            }
        }
    }

    #[test]
    fn moves_bound_is_below_the_true_minimum_over_numbered_groups(class in class(2..=6)) {
        let (roster, ask) = (class.roster(), class.request(PreviousMode::Keep));
        let groups = class.groups;
        let renumbered = |plan: &Plan| -> Vec<Plan> {
            permutations(groups).iter().map(|p| Plan { groups, group_of: plan.group_of.iter().map(|&g| p[g]).collect() }).collect()
        };
        let plans: Vec<Plan> = partitions(class.rows.len(), groups).iter().flat_map(renumbered).collect();
        let (name, least, bound) = minima(&roster, &ask, &plans)[0];
        prop_assert_eq!(name, GoalName::Moves);
        prop_assert!(bound <= least, "bound {} above {}", bound, least);
    }

    #[test]
    fn one_kind_can_always_be_shared_out(class in class(2..=9)) {
        let roster = class.roster();
        let ask = request(class.groups, r#"goals = [{ goal = "counts", level = 1, columns = ["left_behind"] }]"#);
        let found = minima(&roster, &ask, &partitions(class.rows.len(), class.groups));
        prop_assert_eq!(found, [(GoalName::Counts, 0, 0)]);
    }

    #[test]
    fn order_of_students_and_numbers_of_groups_change_nothing(
        class in class(3..=9), seats in prop::collection::vec(0..4usize, 9), order in Just((0..9).collect::<Vec<usize>>()).prop_shuffle(),
        turn in 0..4usize,
    ) {
        let ask = class.request(PreviousMode::Mix);
        let groups = class.groups;
        let before: Vec<usize> = (0..class.rows.len()).map(|s| seats[s] % groups).collect();
        let order: Vec<usize> = order.into_iter().filter(|&s| s < class.rows.len()).collect();
        let after: Vec<usize> = order.iter().map(|&s| (before[s] + turn) % groups).collect();
        let shuffled = Class { rows: order.iter().map(|&s| class.rows[s].clone()).collect(), ..class.clone() };
        let card = |roster: &Roster, group_of| score(roster, &ask, &policy(&ask, roster), &Plan { groups, group_of });
        prop_assert_eq!(card(&class.roster(), before), card(&shuffled.roster(), after));
    }

    /// (F2) and (F3) over all whole sums.
    #[test]
    fn means_and_worst_bounds_are_exact_over_whole_sums(marks in prop::collection::vec(0..8i64, 2..12), groups in 2..5i64) {
        // 0 and 1 among the marks make u = mark.
        let marks: Vec<i64> = [vec![0, 1], marks].concat();
        let (students, total) = (i64::try_from(marks.len()).expect("few"), marks.iter().sum::<i64>());
        let rows: Vec<String> = marks.iter().map(i64::to_string).collect();
        let roster = RosterBuilder::new("score:math").rows(rows.iter().map(String::as_str)).build();
        let goals = r#"goals = [{ goal = "means", level = 1 }, { goal = "worst", level = 2 }]"#;
        let ask = request(usize::try_from(groups).expect("few"), goals);
        let group_of = (0..marks.len()).map(|s| s % ask_groups(&ask)).collect();
        let card = score(&roster, &ask, &policy(&ask, &roster), &Plan { groups: ask_groups(&ask), group_of });
        let sizes = even_sizes(students, groups);
        let multiple = if students % groups == 0 { students / groups } else { (students / groups) * (students / groups + 1) };
        let off = |size: i64, sum: i64| (students * sum - size * total).abs();
        prop_assert_eq!(card.goals[0].scaled_bound, over_sums(&sizes, total, |a, b| a + b, off));
        prop_assert_eq!(card.goals[1].scaled_bound, over_sums(&sizes, total, i64::max, |n, sum| off(n, sum) * (multiple / n)));
    }

    /// (F1) over all tables, for classes too large to divide in every way.
    #[test]
    fn tiers_bound_is_exact_over_all_tables(totals in prop::array::uniform3(0..9i64), groups in 1..6i64) {
        let students: i64 = totals.iter().sum();
        prop_assume!(students >= groups);
        let words = ["top", "middle", "struggling"];
        let rows = (0..3).flat_map(|t| (0..totals[t]).map(move |_| words[t]));
        let roster = RosterBuilder::new("tier").rows(rows).build();
        let ask = request(usize::try_from(groups).expect("few"), &format!("goals = [{{ goal = \"tiers\", level = 1 }}]\n{TIERS}"));
        let group_of = (0..roster.students.len()).map(|s| s % ask_groups(&ask)).collect();
        let card = score(&roster, &ask, &policy(&ask, &roster), &Plan { groups: ask_groups(&ask), group_of });
        prop_assert_eq!(card.goals[0].scaled_bound, over_tables(&even_sizes(students, groups), totals, totals));
    }
}

fn ask_groups(ask: &Request) -> usize {
    match ask.model.groups {
        fenzu::model::Sizing::Count(groups) => groups,
        other => panic!("a count, not {other:?}"),
    }
}

fn permutations(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![vec![]];
    }
    let insert = |p: Vec<usize>| (0..n).map(move |i| [&p[..i], &[n - 1], &p[i..]].concat());
    permutations(n - 1).into_iter().flat_map(insert).collect()
}
