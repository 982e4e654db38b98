//! Rules that cannot hold together: found, smallest, and told in words.

use crate::cases::config;
use crate::small;
use fenzu::explain;
use fenzu::problem::{Problem, rules::Rule};
use fenzu::roster::{Roster, RowPlace, Student};
use fenzu::solver::conflict::{Conflict, find};
use fenzu::solver::stop::Stop;
use proptest::prelude::*;
use std::time::Duration;

fn rule(n: usize, groups: usize) -> impl Strategy<Value = Rule> {
    let some = |most: usize| proptest::sample::subsequence((0..n).collect::<Vec<_>>(), 2..=most);
    prop_oneof![
        3 => some(3).prop_map(Rule::Together),
        4 => some(3).prop_map(Rule::Apart),
        3 => (0..n, 0..groups).prop_map(|(student, group)| Rule::Pin { student, group }),
        1 => (0_usize..2).prop_map(Rule::NeverAlone),
        1 => Just(Rule::TierQuota),
    ]
}

fn crowded_class() -> impl Strategy<Value = Problem> {
    (4_usize..=7, 2_usize..=3).prop_flat_map(|(n, groups)| {
        let kind = || proptest::collection::vec(any::<bool>(), n);
        let tiers = proptest::collection::vec(0_usize..3, n);
        let rules = proptest::collection::vec(rule(n, groups), 2..9);
        (kind(), kind(), tiers, rules).prop_map(move |(k, l, tiers, rules)| {
            let mut problem = small::problem(n, groups);
            problem.kinds = vec![small::kind("gender=female", &k), small::kind("boarding", &l)];
            problem.tiers = Some(small::tiers(&tiers));
            problem.rules = rules;
            problem
        })
    })
}

/// Fewest rules that no plan keeps all of, by trying every set; none if all rules can hold.
fn fewest(problem: &Problem, plans: &[Vec<usize>]) -> Option<u32> {
    let mask = |plan: &Vec<usize>| -> u32 {
        problem.rules.iter().enumerate().map(|(i, rule)| u32::from(small::keeps(problem, rule, plan)) << i).sum()
    };
    let mut kept: Vec<u32> = plans.iter().map(mask).collect();
    kept.sort_unstable();
    kept.dedup();
    let conflict = |set: &u32| kept.iter().all(|mask| mask & set != *set);
    (0..1_u32 << problem.rules.len()).filter(conflict).map(u32::count_ones).min()
}

fn holds(problem: &Problem, rules: &[usize], plans: &[Vec<usize>]) -> bool {
    plans.iter().any(|plan| rules.iter().all(|&i| small::keeps(problem, &problem.rules[i], plan)))
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn conflicts_are_found_and_smallest(problem in crowded_class()) {
        let plans = small::all_plans(&problem);
        let found = find(&problem, &Stop::after(None));
        let sizes = found.as_ref().map(|conflict| u32::try_from(conflict.rules.len()).unwrap_or(u32::MAX));
        prop_assert_eq!(sizes, fewest(&problem, &plans));
        let Some(conflict) = found else { return Ok(()) };
        prop_assert!(conflict.smallest);
        prop_assert!(!holds(&problem, &conflict.rules, &plans));
        for dropped in &conflict.rules {
            let rest: Vec<usize> = conflict.rules.iter().copied().filter(|rule| rule != dropped).collect();
            prop_assert!(holds(&problem, &rest, &plans), "rule {} can be dropped", dropped);
        }
    }
}

fn class(groups: usize, rules: Vec<Rule>) -> Problem {
    let mut problem = small::problem(50, groups);
    problem.rules = rules;
    problem
}

#[test]
fn fifteen_pairs_among_many_rules_are_found() {
    let clique = [3, 11, 19, 27, 35, 43];
    let mut rules: Vec<Rule> = (0..10).map(|s| Rule::Together(vec![s * 5, s * 5 + 1])).collect();
    for (i, &s) in clique.iter().enumerate() {
        rules.extend(clique[..i].iter().map(|&t| Rule::Apart(vec![s, t])));
    }
    rules.extend((0..5).map(|group| Rule::Pin { student: group * 5 + 4, group }));
    let found = find(&class(5, rules), &Stop::after(Some(Duration::from_secs(60))));
    assert_eq!(found, Some(Conflict { rules: (10..25).collect(), smallest: true }));
}

#[test]
fn a_shorter_conflict_wins_over_a_plain_one() {
    // The pins fill a group (eleven statements); three statements conflict as well.
    let mut rules: Vec<Rule> = (0..11).map(|student| Rule::Pin { student, group: 0 }).collect();
    rules.push(Rule::Apart(vec![0, 1]));
    let found = find(&class(5, rules), &Stop::after(None));
    assert_eq!(found, Some(Conflict { rules: vec![0, 1, 11], smallest: true }));
}

#[test]
fn a_stop_leaves_a_conflict_that_is_not_called_smallest() {
    let rules = (0..11).map(|student| Rule::Pin { student, group: 0 }).collect();
    let found = find(&class(5, rules), &Stop::after(Some(Duration::ZERO)));
    assert_eq!(found, Some(Conflict { rules: (0..11).collect(), smallest: false }));
}

#[test]
fn rules_that_can_hold_are_no_conflict() {
    let rules =
        vec![Rule::Apart(vec![0, 1, 2, 3, 4]), Rule::Together((5..14).collect()), Rule::Pin { student: 0, group: 4 }];
    assert_eq!(find(&class(5, rules), &Stop::after(None)), None);
}

#[test]
fn a_conflict_without_a_pattern_is_proved_by_the_mip() {
    // Ten fill one group, and each of the five others needs a group of its own.
    let rules =
        vec![Rule::Apart(vec![0, 1, 2, 3, 4]), Rule::Together((5..15).collect()), Rule::Pin { student: 0, group: 4 }];
    assert_eq!(find(&class(5, rules), &Stop::after(None)), Some(Conflict { rules: vec![0, 1], smallest: true }));
}

fn roster(students: usize) -> Roster {
    let student = |s: usize| Student {
        id: format!("S{:03}", s + 1),
        name: String::new(),
        class: String::new(),
        row: RowPlace::default(),
    };
    Roster { file: "class.csv".to_owned(), students: (0..students).map(student).collect(), ..Roster::default() }
}

/// Rule and summary in both languages of the smallest conflict, and the number of records.
fn told(problem: &Problem) -> (String, String, String, usize) {
    let found = find(problem, &Stop::after(None)).expect("a conflict");
    let records = explain::conflict::conflict(problem, &roster(problem.students), &found);
    let head = records[0].clone();
    (head.rule, head.message.en, head.message.zh, records.len())
}

fn pin(student: usize, group: usize) -> Rule {
    Rule::Pin { student, group }
}

#[track_caller]
fn assert_told(problem: &Problem, rule: &str, en: &str, zh: &str, records: usize) {
    assert_eq!(told(problem), (rule.to_owned(), en.to_owned(), zh.to_owned(), records));
}

#[track_caller]
fn assert_no_conflict(groups: usize, rules: Vec<Rule>) {
    assert_eq!(find(&class(groups, rules), &Stop::after(None)), None);
}

#[test]
fn an_apart_list_longer_than_the_groups() {
    assert_told(
        &class(5, vec![Rule::Together(vec![7, 8]), Rule::Apart((0..6).collect())]),
        "apart: S001, S002, S003, S004, S005, S006",
        "these six students must all be apart, and there are five groups",
        "这六名学生两两不能同组，而只有五个小组",
        2,
    );
    assert_no_conflict(5, vec![Rule::Apart((0..5).collect())]);
}

#[test]
fn apart_pairs_that_form_a_clique() {
    let pairs = |most: usize| (0..most).flat_map(|s| (0..s).map(move |t| Rule::Apart(vec![t, s]))).collect::<Vec<_>>();
    assert_told(
        &class(2, pairs(3)),
        "apart: S001, S002, S003",
        "these three students must all be apart, and there are two groups",
        "这三名学生两两不能同组，而只有两个小组",
        4,
    );
    assert_no_conflict(2, pairs(2));
}

#[test]
fn more_together_than_a_group_holds() {
    assert_told(
        &class(5, vec![Rule::Together((0..7).collect()), Rule::Together((6..12).collect())]),
        "together: S001, S002, S003, S004, S005, S006, S007; together: S007, S008, S009, S010, S011, S012",
        "these 12 students must be together, and the largest group has 10",
        "这 12 名学生必须同组，而最大的小组只有 10 人",
        3,
    );
    assert_no_conflict(5, vec![Rule::Together((0..7).collect()), Rule::Together((7..13).collect())]);
}

#[test]
fn one_student_in_two_groups() {
    assert_told(
        &class(5, vec![pin(0, 1), pin(0, 0)]),
        "pin: S001 → 2; pin: S001 → 1",
        "S001 is pinned to groups 1 and 2",
        "S001 同时固定在第 1 组和第 2 组",
        3,
    );
    assert_no_conflict(5, vec![pin(0, 1), pin(1, 0)]);
}

#[test]
fn bound_students_in_two_groups() {
    assert_told(
        &class(5, vec![Rule::Together(vec![0, 1]), Rule::Together(vec![1, 2]), pin(0, 0), pin(2, 3)]),
        "together: S001, S002; together: S002, S003; pin: S001 → 1; pin: S003 → 4",
        "S001 and S003 must be together and are pinned to groups 1 and 4",
        "S001 和 S003 必须同组，却分别固定在第 1 组和第 4 组",
        5,
    );
    assert_no_conflict(5, vec![Rule::Together(vec![0, 1]), Rule::Together(vec![1, 2]), pin(0, 3), pin(2, 3)]);
}

#[test]
fn together_and_apart() {
    assert_told(
        &class(5, vec![Rule::Apart(vec![0, 1, 4]), Rule::Together(vec![0, 1])]),
        "apart: S001, S002, S005; together: S001, S002",
        "S001 and S002 must be together and apart",
        "S001 和 S002 既必须同组，又不能同组",
        3,
    );
    assert_no_conflict(5, vec![Rule::Apart(vec![0, 1, 4]), Rule::Together(vec![0, 2])]);
}

#[test]
fn more_pins_than_a_group_holds() {
    let rules: Vec<Rule> = (0..12).map(|s| pin(s, 2)).collect();
    let (_, en, zh, records) = told(&class(5, rules));
    assert_eq!(en, "11 students are pinned to group 3, and the largest group has 10");
    assert_eq!(zh, "有 11 名学生固定在第 3 组，而最大的小组只有 10 人");
    assert_eq!(records, 12);
    assert_no_conflict(5, (0..10).map(|s| pin(s, 2)).collect());
}

#[test]
fn apart_and_pinned_to_one_group() {
    assert_told(
        &class(5, vec![pin(0, 2), pin(1, 2), Rule::Apart(vec![1, 0, 7])]),
        "pin: S001 → 3; pin: S002 → 3; apart: S002, S001, S008",
        "S002 and S001 must be apart and are both pinned to group 3",
        "S002 和 S001 不能同组，却都固定在第 3 组",
        4,
    );
    assert_no_conflict(5, vec![pin(0, 2), pin(1, 3), Rule::Apart(vec![1, 0, 7])]);
}

#[test]
fn the_only_one_of_a_kind() {
    let with_members = |members: usize| {
        let mut problem = class(5, vec![Rule::NeverAlone(0)]);
        problem.kinds = vec![small::kind("boarding", &(0..50).map(|s| s < members).collect::<Vec<_>>())];
        problem
    };
    assert_told(
        &with_members(1),
        "never_alone: boarding",
        "there is only one student of boarding, who must not be the only one in a group",
        "全班只有一名“boarding”的学生，无法做到组内至少有两名或没有",
        2,
    );
    assert_eq!(find(&with_members(2), &Stop::after(None)), None);
}

#[test]
fn rules_without_a_pattern() {
    let with_members = |members: usize| {
        let mut problem = class(5, vec![Rule::NeverAlone(0), pin(0, 1), pin(1, 2)]);
        problem.kinds = vec![small::kind("gender=female", &(0..50).map(|s| s < members).collect::<Vec<_>>())];
        problem
    };
    assert_told(
        &with_members(3),
        "never_alone: gender=female; pin: S001 → 2; pin: S002 → 3",
        "the rules (never_alone: gender=female; pin: S001 → 2; pin: S002 → 3) cannot hold together: none of these three rules \
         can be dropped",
        "这些规则（never_alone: gender=female; pin: S001 → 2; pin: S002 → 3）无法同时满足：这三条规则缺一不可，去掉任何一条即可满足其余各条",
        4,
    );
    assert_eq!(find(&with_members(4), &Stop::after(None)), None);
}

#[test]
fn tiers_as_a_rule_against_a_together_list() {
    let with_list = |list: Vec<usize>| {
        let mut problem = class(5, vec![Rule::TierQuota, Rule::Together(list)]);
        problem.tiers =
            Some(small::tiers(&(0..50).map(|s| if s < 15 { 0 } else { usize::from(s >= 40) + 1 }).collect::<Vec<_>>()));
        problem
    };
    assert_told(
        &with_list(vec![0, 1, 2, 3]),
        "tiers; together: S001, S002, S003, S004",
        "the rules (tiers; together: S001, S002, S003, S004) cannot hold together: none of these two rules can be dropped",
        "这些规则（tiers; together: S001, S002, S003, S004）无法同时满足：这两条规则缺一不可，去掉任何一条即可满足其余各条",
        3,
    );
    assert_eq!(find(&with_list(vec![0, 1, 2]), &Stop::after(None)), None);
}
