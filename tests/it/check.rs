//! The judge's values and bounds on examples computed by hand, and its rules with a match and a non-match each.

use crate::support::{RosterBuilder, TIERS, last_by_id, plan, policy, request};
use fenzu::check::{CheckedGoal, ScoreCard, balance, broken_rules, heterogeneity, plan_of_rows, score};
use fenzu::model::request::{Previous, PreviousMode};
use fenzu::model::rules::{NeverAlone, Pin};
use fenzu::model::{Enforce, Request};
use fenzu::plan::document::BalanceKind;
use fenzu::plan::read::AssignedRow;
use fenzu::roster::Roster;

/// Five students; math is 50 + 10·u with u = 4, 3, 2, 1, 0.
fn five() -> Roster {
    RosterBuilder::new("id gender tier score:math left_behind")
        .rows([
            "a male top 90 yes",
            "b female top 80 no",
            "c male middle 70 no",
            "d female middle 60 yes",
            "e male struggling 50 -",
        ])
        .build()
}

/// Four students with marks 0, 1, 2, 4 times `unit`.
fn four(unit: f64) -> Roster {
    let rows: Vec<String> =
        [0.0, 1.0, 2.0, 4.0].iter().zip(["a", "b", "c", "d"]).map(|(u, id)| format!("{id} {}", u * unit)).collect();
    RosterBuilder::new("id score:math").rows(rows.iter().map(String::as_str)).build()
}

fn score_of(roster: &Roster, request: &Request, group_of: &[usize]) -> ScoreCard {
    score(roster, request, &policy(request, roster), &plan(group_of))
}

/// The only goal of a model in TOML.
fn goal(roster: &Roster, toml: &str, group_of: &[usize]) -> CheckedGoal {
    let mut card = score_of(roster, &request(2, toml), group_of);
    assert_eq!(card.goals.len(), 1);
    card.goals.remove(0)
}

/// scaled, scaled bound, value, bound.
fn numbers(goal: &CheckedGoal) -> (i64, i64, f64, f64) {
    let round = |x: f64| (x * 1e6).round() / 1e6;
    (goal.scaled, goal.scaled_bound, round(goal.value), round(goal.bound))
}

fn last_semester(request: &mut Request, mode: PreviousMode, pairs: &[(&str, &str)]) {
    request.previous = Some(Previous::new(last_by_id(pairs.iter().copied()), mode));
}

#[test]
fn tiers() {
    let toml = format!("goals = [{{ goal = \"tiers\", level = 1 }}]\n{TIERS}");
    // T = 2, 2, 1. Group {a,b,e}, n = 3: |5·2−6| + |0−6| + |5−3| = 12. Group {c,d}, n = 2: |0−4| + |10−4| + |0−2| = 12.
    // Outside floor/ceil: middle 0 against 1.2 and middle 2 against 0.8, one each.
    // Bound: rows 1/1/1 and 1/1/0: (1+1+2) + (1+1+2) = 8; 2/1/0 and 0/1/1 would cost (4+1+3) + (4+1+3) = 16.
    let bad = goal(&five(), &toml, &[0, 0, 1, 1, 0]);
    assert_eq!(numbers(&bad), (24, 8, 2.0, 0.0));
    assert_eq!(numbers(&goal(&five(), &toml, &[0, 1, 0, 1, 0])), (8, 8, 0.0, 0.0));
    assert_eq!(bad.unit.en, "students");
}

#[test]
fn counts() {
    let toml = r#"goals = [{ goal = "counts", level = 1, columns = ["gender"], column_weights = { gender = "1/2" } }]"#;
    // {a,c,e} are the boys. Boys: 3 against 1.8 and 0 against 1.2, girls: 0 against 1.2 and 2 against 0.8: one outside each.
    // w = 1/2: L = 2, whole weight 1, scaled 4, shown 4/2.
    assert_eq!(numbers(&goal(&five(), toml, &[0, 1, 0, 1, 0])), (4, 0, 2.0, 0.0));
    assert_eq!(numbers(&goal(&five(), toml, &[0, 0, 1, 1, 0])), (0, 0, 0.0, 0.0));
    // Flags have one kind, their yes: a and d. Both in the group of 3 (ideal 1.2: 1 to 2) and none in the other (0.8: 0 to 1) is
    // allowed; both in the group of 2 is one too many there and one too few in the other.
    let toml = r#"goals = [{ goal = "counts", level = 1, columns = ["left_behind"] }]"#;
    assert_eq!(goal(&five(), toml, &[0, 1, 1, 0, 0]).scaled, 0);
    assert_eq!(goal(&five(), toml, &[0, 1, 1, 0, 1]).scaled, 2);
}

#[test]
fn means() {
    let toml = r#"goals = [{ goal = "means", level = 1, tolerance = 0.5 }]"#;
    // {a,b,e}: U = 7 of 10: 5·7 − 3·10 = 5; {c,d}: 5·3 − 2·10 = −5. A unit is 10 points: m = 10, L = 1. 10·(5+5) = 100; κ = 5.
    // In points: 220 against 210 and 130 against 140. The ideals 6 and 4 are whole, so the bound is 0. Tolerance ⌊0.5·5⌋ = 2.
    let found = goal(&five(), toml, &[0, 0, 1, 1, 0]);
    assert_eq!(numbers(&found), (100, 0, 20.0, 0.0));
    assert_eq!((found.tolerance, found.unit.en), (2, "points (summed deviation)"));
    // U = 7 over two pairs, ideal 3.5: |4·4−14| + |4·3−14| = 4 at best, reached by {0,4}, {1,2}. κ = 4.
    assert_eq!(numbers(&goal(&four(1.0), toml, &[0, 1, 1, 0])), (4, 4, 1.0, 1.0));
    // {0,1}, {2,4}: |4−14| + |24−14| = 20.
    assert_eq!(numbers(&goal(&four(1.0), toml, &[0, 0, 1, 1])), (20, 4, 5.0, 1.0));
    // Marks 0, 0.5, 1, 2: scale 10, q = 5, ω = 5/10, L = 2, m = 1, κ = 8: half the points for the same whole numbers.
    assert_eq!(numbers(&goal(&four(0.5), toml, &[0, 1, 1, 0])), (4, 4, 0.5, 0.5));
    // Weight 1/3: ω = 1/3, L = 3, m = 1, κ = 12.
    let third = r#"goals = [{ goal = "means", level = 1, column_weights = { math = "1/3" } }]"#;
    assert_eq!(numbers(&goal(&four(1.0), third, &[0, 1, 1, 0])), (4, 4, 0.333_333, 0.333_333));
}

#[test]
fn worst() {
    let toml = r#"goals = [{ goal = "worst", level = 1 }]"#;
    // Deviations 5 and −5 with m = 10, Λ = 6: 10·5·(6/3) = 100 and 10·5·(6/2) = 150; κ = 5·1·6 = 30. Mean 65 against 70.
    assert_eq!(numbers(&goal(&five(), toml, &[0, 0, 1, 1, 0])), (150, 0, 5.0, 0.0));
    // |4·U − 14| ≤ 1 has no whole U, ≤ 2 has 3 and 4, which add up to 7: bound 2. Λ = 2, κ = 4·2 = 8.
    assert_eq!(numbers(&goal(&four(1.0), toml, &[0, 1, 1, 0])), (2, 2, 0.25, 0.25));
    assert_eq!(numbers(&goal(&four(1.0), toml, &[0, 0, 1, 1])), (10, 2, 1.25, 0.25));
}

#[test]
fn visits() {
    let mut request = request(2, "goals = [{ goal = \"visits\", level = 1 }]");
    request.staff = Some("1".repeat(64));
    // Two visits, five for a and d: steps of 3, two of them. Both in the group of 3: 3·(|5·2 − 3·2| + |0 − 2·2|) of N = 5.
    // Bound: one in each group, 3·(|5 − 6| + |5 − 4|).
    let card = score_of(&five(), &request, &[0, 1, 1, 0, 0]);
    assert_eq!(numbers(&card.goals[0]), (24, 6, 4.8, 1.2));
    assert_eq!(numbers(&score_of(&five(), &request, &[0, 0, 1, 1, 0]).goals[0]), (6, 6, 1.2, 1.2));
    // A model that nobody checked; the step is 1.
    request.model.staff.visits_of.insert("left_behind".to_owned(), 4_000_000_001);
    request.model.staff.visits_of.insert("boarding".to_owned(), 4_000_000_000);
    let roster =
        RosterBuilder::new("id left_behind boarding").rows(["a yes no", "b no yes", "c no no", "d no no"]).build();
    // u = 3,999,999,999, 3,999,999,998, 0, 0: the first two apart leave a difference of 1, |4·u_a − 2·U| + |4·u_b − 2·U|.
    assert_eq!(score_of(&roster, &request, &[0, 1, 0, 1]).goals[0].scaled, 4);
}

#[test]
fn spread() {
    let toml = r#"goals = [{ goal = "spread", level = 1 }]"#;
    // u = 4,3,2,1,0, μ = ⌊25/10⌋ = 2, squares 4,1,0,1,4, Q = 10. {a,b,e}: 5·9 − 30 = 15; {c,d}: 5·1 − 20 = −15. p = 10² = 100.
    // σ² = 10·100/5 = 200, κ = 2·√200·25/2 = 353.5534. Ideals 6 and 4: bound 0.
    assert_eq!(numbers(&goal(&five(), toml, &[0, 0, 1, 1, 0])), (3000, 0, 8.485_281, 0.0));
    // u = 0,1,2,4, μ = ⌊18/8⌋ = 2, squares 4,1,0,4, Q = 9, ideal 4.5: at best |16−18| + |20−18| = 4; {0,4}: 8, {1,2}: 1: 14 + 14.
    // σ² = 9/4, κ = 2·1.5·16/2 = 24.
    assert_eq!(numbers(&goal(&four(1.0), toml, &[0, 1, 1, 0])), (28, 4, 1.166_667, 0.166_667));
    // The same in half points: (q/scale)² = 1/4, L₂ = 4, p = 1; σ = 0.75, κ = 2·0.75·4·16/2 = 48.
    assert_eq!(numbers(&goal(&four(0.5), toml, &[0, 1, 1, 0])), (28, 4, 0.583_333, 0.083_333));
    // All marks equal: nothing to spread, shown as 0.
    assert_eq!(numbers(&goal(&four(0.0), toml, &[0, 1, 1, 0])), (0, 0, 0.0, 0.0));
}

#[test]
fn diversity() {
    let toml = r#"goals = [{ goal = "diversity", level = 1 }]"#;
    // Distances of 0,1,2,4: 1,2,4,1,3,2, together 13. Between {0,4} and {1,2}: 1+2+3+2 = 8. M = (16−8)/2 = 4: 1+1+2+2 = 6.
    assert_eq!(numbers(&goal(&four(1.0), toml, &[0, 1, 1, 0])), (8, 6, 61.538_462, 46.153_846));
    assert_eq!(numbers(&goal(&four(0.0), toml, &[0, 1, 1, 0])), (0, 0, 0.0, 0.0));
}

#[test]
fn partners() {
    let mut mix = request(2, r#"goals = [{ goal = "partners", level = 1 }]"#);
    last_semester(&mut mix, PreviousMode::Mix, &[("a", "x/1"), ("b", "x/1"), ("c", "x/1"), ("d", "x/2")]);
    // {a,b,e}: a and b again. Old group 1 has 3 = 1·2 + 1: one pair at least. e is new.
    assert_eq!(numbers(&score_of(&five(), &mix, &[0, 0, 1, 1, 0]).goals[0]), (1, 1, 1.0, 1.0));
    assert_eq!(numbers(&score_of(&five(), &mix, &[0, 0, 0, 1, 1]).goals[0]), (3, 1, 3.0, 1.0));
}

#[test]
fn moves() {
    let mut keep = request(2, r#"goals = [{ goal = "means", level = 1 }]"#);
    last_semester(
        &mut keep,
        PreviousMode::Keep,
        &[("a", "x/2"), ("b", "x/2"), ("c", "x/2"), ("d", "x/10"), ("gone", "x/7")],
    );
    // {a,b} stay in 2; c is in 1 and d's group 10 is no more. Bound: 3 − 2 = 1 of group 2, all of group 10.
    let card = score_of(&four(1.0), &keep, &[1, 1, 0, 0]);
    assert_eq!(numbers(&card.goals[0]), (2, 2, 2.0, 2.0));
    assert_eq!(numbers(&score_of(&four(1.0), &keep, &[0, 0, 1, 1]).goals[0]), (3, 2, 3.0, 2.0));
    // Without numbers of their own groups count in natural order: 组2 is 1, 组10 is 2.
    last_semester(&mut keep, PreviousMode::Keep, &[("a", "组10"), ("b", "组2"), ("c", "组2"), ("d", "组10")]);
    assert_eq!(score_of(&four(1.0), &keep, &[1, 0, 0, 1]).goals[0].scaled, 0);
    assert_eq!((card.goals[1].level, card.levels.len()), (2, 2), "keep mode puts moves above the model's goals");
}

#[test]
fn goals_of_one_level_are_added_by_weight() {
    let both = request(
        2,
        r#"goals = [{ goal = "counts", level = 1, columns = ["gender"], tolerance = 1 },
                    { goal = "means", level = 1, weight = "1/3", tolerance = 0.5 }]"#,
    );
    // κ' = 1 and 5: weights 1 and 1/15, made whole 15 and 1. Counts 4, means 0: 60. Counts 0, means 100: 100.
    // Tolerance 15·1 + 1·⌊0.5·5⌋ = 17.
    let level = |group_of: &[usize]| score_of(&five(), &both, group_of).levels.remove(0);
    let level_of_boys = level(&[0, 1, 0, 1, 0]);
    assert_eq!((level_of_boys.weights, level_of_boys.tolerance), (vec![15, 1], 17));
    assert_eq!((level_of_boys.value, level_of_boys.bound, level_of_boys.goals), (60, 0, vec![0, 1]));
    assert_eq!(level(&[0, 0, 1, 1, 0]).value, 100);
}

#[test]
fn missing_marks_count_as_the_tiers_mean_and_are_not_shown() {
    let roster = RosterBuilder::new("id tier score:math")
        .rows(["a top 90", "b top absent", "c middle 71", "d middle 74", "e middle -", "f struggling -"])
        .build();
    let ask = request(2, &format!("goals = [{{ goal = \"means\", level = 1 }}]\n{TIERS}"));
    let (policy, plan) = (policy(&ask, &roster), plan(&[0, 1, 0, 1, 0, 1]));
    // b = 90; e = 72.5, up to 73; f has no marks in the tier: (90+71+74)/3 = 78.33, so 78. Less 71: 19,19,0,3,2,7, U = 50.
    // {a,c,e}: 21, {b,d,f}: 29: |6·21 − 150| + |6·29 − 150| = 24 + 24.
    assert_eq!(score(&roster, &ask, &policy, &plan).goals[0].scaled, 48);
    let row = &balance(&roster, &ask, &policy, &plan)[0];
    // Means of 90, 71 and of 74.
    assert_eq!((row.groups.as_slice(), row.range), ([80.5, 74.0].as_slice(), 6.5));
}

#[test]
fn balance_rows_are_scores_then_kinds_then_tiers() {
    let goals = "goals = [{ goal = \"counts\", level = 1 }, { goal = \"means\", level = 2 }]";
    let ask = request(2, &format!("{goals}\n{TIERS}"));
    let (roster, plan) = (five(), plan(&[0, 0, 1, 1, 0]));
    let policy = policy(&ask, &roster);
    let rows = balance(&roster, &ask, &policy, &plan);
    let told: Vec<(&str, BalanceKind, &[f64], f64)> =
        rows.iter().map(|row| (row.column.as_str(), row.kind, row.groups.as_slice(), row.class)).collect();
    let wanted: [(&str, BalanceKind, &[f64], f64); 7] = [
        ("math", BalanceKind::Score, &[220.0 / 3.0, 65.0], 70.0),
        ("gender=female", BalanceKind::Count, &[1.0, 1.0], 2.0),
        ("gender=male", BalanceKind::Count, &[2.0, 1.0], 3.0),
        ("left_behind", BalanceKind::Count, &[1.0, 1.0], 2.0),
        ("tier=top", BalanceKind::Tier, &[2.0, 0.0], 2.0),
        ("tier=middle", BalanceKind::Tier, &[0.0, 2.0], 2.0),
        ("tier=struggling", BalanceKind::Tier, &[1.0, 0.0], 1.0),
    ];
    assert_eq!(told, wanted);
    // u = 4,3,2,1,0: total 10. {4,3,0} about 7/3: 25 − 49/3 = 26/3; {2,1}: 1/2. (26/3 + 1/2) / 10.
    let within = heterogeneity(&roster, &policy, &plan).expect("a score column");
    assert!((within - 0.916_666_666_666).abs() < 1e-9, "{within}");
}

/// Codes of the rules that five students in {a,b,e}, {c,d} break.
fn broken(change: impl FnOnce(&mut Request)) -> Vec<&'static str> {
    broken_in(&[0, 0, 1, 1, 0], change)
}

fn broken_in(group_of: &[usize], change: impl FnOnce(&mut Request)) -> Vec<&'static str> {
    let mut ask = request(2, &format!("goals = [{{ goal = \"means\", level = 1 }}]\n{TIERS}"));
    change(&mut ask);
    let (roster, plan) = (five(), plan(group_of));
    broken_rules(&roster, &ask, &policy(&ask, &roster), &plan).iter().map(|finding| finding.code).collect()
}

fn ids(list: &[&str]) -> Vec<String> {
    list.iter().map(|&id| id.to_owned()).collect()
}

#[test]
fn rule_sizes() {
    assert!(broken(|_| {}).is_empty());
    assert_eq!(broken_in(&[0, 0, 0, 0, 1], |_| {}), ["group_size", "group_size"]);
    assert_eq!(broken_in(&[1, 1, 1, 1, 1], |_| {}), ["group_empty", "group_size"]);
    assert_eq!(broken_in(&[0, 0, 1, 1, 2], |_| {}), ["group_count"]);
}

#[test]
fn rule_together() {
    assert!(broken(|ask| ask.rules.together = vec![ids(&["a", "b", "e", "of another class"])]).is_empty());
    assert_eq!(broken(|ask| ask.rules.together = vec![ids(&["a", "b", "d"])]), ["together"]);
}

#[test]
fn rule_apart() {
    assert!(broken(|ask| ask.rules.apart = vec![ids(&["a", "c"]), ids(&["b", "d"])]).is_empty());
    assert_eq!(broken(|ask| ask.rules.apart = vec![ids(&["c", "a", "b"])]), ["apart"]);
}

#[test]
fn rule_pin() {
    let pin = |student: &str, group| vec![Pin { student: student.to_owned(), group: Some(group), teacher: None }];
    assert!(broken(|ask| ask.rules.pin = pin("c", 2)).is_empty());
    assert_eq!(broken(|ask| ask.rules.pin = pin("c", 1)), ["pin"]);
}

#[test]
fn rule_never_alone() {
    let rule = |column: &str| vec![NeverAlone { column: column.to_owned() }];
    // Left-behind a and d are in different groups; the boys and girls of {a,c,e}, {b,d} are together.
    assert_eq!(broken(|ask| ask.rules.never_alone = rule("left_behind")), ["never_alone", "never_alone"]);
    assert!(broken_in(&[0, 1, 0, 1, 0], |ask| ask.rules.never_alone = rule("gender")).is_empty());
}

#[test]
fn rule_tiers() {
    let enforce = |ask: &mut Request| ask.model.tiers.as_mut().expect("tiers").enforce = Enforce::Rule;
    // {a,b,e} has no middle student (ideal 1.2), {c,d} has two (ideal 0.8).
    assert_eq!(broken(enforce), ["tier_rule", "tier_rule"]);
    assert!(broken_in(&[0, 1, 0, 1, 0], enforce).is_empty());
}

#[test]
fn rows_make_a_plan() {
    let rows = |rows: &[(&str, &str)]| -> Vec<AssignedRow> {
        let row = |(id, group): &(&str, &str)| (String::new(), (*id).to_owned(), (*group).to_owned());
        rows.iter()
            .map(row)
            .map(|(class, id, group)| AssignedRow { class, id, group, ..AssignedRow::default() })
            .collect()
    };
    let good = rows(&[("a", "组10"), ("b", "组2"), ("c", "组2"), ("d", "组10"), ("e", "组10")]);
    assert_eq!(plan_of_rows(&five(), &good), Ok(plan(&[1, 0, 0, 1, 1])));
    let bad = rows(&[("a", "1"), ("a", "2"), ("z", "2"), ("b", "2"), ("c", "1")]);
    let codes: Vec<&str> =
        plan_of_rows(&five(), &bad).expect_err("faults").iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["student_twice", "unknown_student", "student_missing", "student_missing"]);
}
