//! `fenzu solve` under rules: proved conflicts in words, rules that hold, and the judge's word on both.

use crate::command::{Folder, agrees, counts, dataset, fenzu, goal, group_of, sizes, solve};
use crate::small;
use fenzu::goals::Objective;
use fenzu::model::GoalName;
use fenzu::plan::document::{Status, StopReason};
use fenzu::problem::rules::Rule;
use fenzu::solver::atoms::Atoms;
use fenzu::solver::construct::construct;
use fenzu::solver::{self, Effort, Prove, Stop};
use rand::SeedableRng;
use rand_pcg::Pcg64;
use serde_json::json;

const SIX: &str = r#"{"apart": [["S001", "S002", "S003", "S004", "S005", "S006"]]}"#;

/// The default model with tiers as a rule.
fn tiers_as_a_rule(folder: &Folder) -> String {
    let text =
        fenzu(&["models", "responsibility-groups"]).code(0).text().replace("enforce = \"goal\"", "enforce = \"rule\"");
    assert!(text.contains("\nenforce = \"rule\""));
    folder.write("rule.toml", text)
}

#[test]
fn six_apart_in_five_groups_is_proved_impossible_in_one_sentence() {
    let (folder, list) = (Folder::new(), dataset("class50.csv"));
    let rules = folder.write("rules.json", SIX);
    let sentence = "these six students must all be apart, and there are five groups";
    let table = fenzu(&["solve", &list, "--groups", "5", "--rules", &rules]).code(3);
    assert!(table.text().contains("Proved: these rules cannot hold together"), "{}", table.text());
    assert!(table.text().contains(sentence), "{}", table.text());
    let zh = fenzu(&["--lang", "zh", "solve", &list, "--groups", "5", "--rules", &rules]).code(3);
    assert!(zh.text().contains("这六名学生两两不能同组，而只有五个小组"), "{}", zh.text());

    let document = fenzu(&["solve", &list, "--groups", "5", "--rules", &rules, "--format", "json"]).code(3).plan();
    assert_eq!((document.status, document.stop), (Status::Infeasible, StopReason::Proved));
    assert!(document.groups.is_empty() && document.goals.is_empty());
    let conflict = document.conflict.expect("a conflict");
    assert_eq!(conflict[0].message, sentence);
    assert_eq!(conflict[0].rule, "apart: S001, S002, S003, S004, S005, S006");

    let six = solve(&list, &["--groups", "6", "--rules", &rules]);
    let mut of: Vec<usize> = (1..=6).map(|n| group_of(&six, &format!("S{n:03}"))).collect();
    of.sort_unstable();
    assert_eq!((of, six.conflict), (vec![0, 1, 2, 3, 4, 5], None));
}

#[test]
fn six_apart_as_fifteen_pairs_are_the_same_sentence() {
    let (folder, list) = (Folder::new(), dataset("class50.csv"));
    let id = |n: usize| format!("S{n:03}");
    let pairs: Vec<[String; 2]> = (1..=6).flat_map(|a| (1..a).map(move |b| [id(a), id(b)])).collect();
    let rules = folder.write("rules.json", json!({"apart": pairs, "together": [["S020", "S021"]]}).to_string());
    let table = fenzu(&["solve", &list, "--groups", "5", "--rules", &rules]).code(3);
    assert!(
        table.text().contains("these six students must all be apart, and there are five groups"),
        "{}",
        table.text()
    );
    assert!(!table.text().contains("S020"), "no part of the conflict: {}", table.text());
}

#[test]
fn a_pile_of_rules_that_can_hold_is_solved() {
    let (folder, list) = (Folder::new(), dataset("class50.csv"));
    let id = |n: usize| format!("S{n:03}");
    let apart: Vec<[String; 2]> =
        (1..=25).map(|n| [id(n), id(n + 25)]).chain((1..=5).map(|n| [id(2 * n - 1), id(2 * n)])).collect();
    let together: Vec<[String; 2]> = (6..=10).map(|n| [id(2 * n - 1), id(2 * n)]).collect();
    let pins: Vec<serde_json::Value> = (1..=5).map(|g| json!({"student": id(20 + g), "group": g})).collect();
    assert_eq!((apart.len(), together.len(), pins.len()), (30, 5, 5));
    let rules = folder.write("rules.json", json!({"apart": apart, "together": together, "pin": pins}).to_string());
    let (plan, table) = (folder.path("plan.json"), folder.path("plan.csv"));
    let document = solve(&list, &["--groups", "5", "--rules", &rules, "--output", &plan, "--output", &table]);
    assert_eq!(sizes(&document), [10; 5]);
    assert!(apart.iter().all(|[a, b]| group_of(&document, a) != group_of(&document, b)));
    assert!(together.iter().all(|[a, b]| group_of(&document, a) == group_of(&document, b)));
    assert!((1..=5).all(|g| group_of(&document, &id(20 + g)) == g - 1));
    assert!(goal(&document, "tiers").proved);
    // A plan in JSON carries its rules; a table is judged by the rules that are named.
    agrees(&plan, &list, &[]);
    agrees(&plan, &list, &["--rules", &rules]);
    agrees(&table, &list, &["--rules", &rules]);
}

#[test]
fn check_names_the_rules_that_a_plan_breaks() {
    let (folder, list) = (Folder::new(), dataset("class50.csv"));
    let plan = folder.path("plan.csv");
    let document = solve(&list, &["--groups", "5", "--output", &plan]);
    let (one, two) = (&document.groups[0].students[0], &document.groups[0].students[1]);
    let other = &document.groups[1].students[0];
    let broken = [
        ("apart", json!({"apart": [[one, two]]})),
        ("together", json!({"together": [[one, other]]})),
        ("pin", json!({"pin": [{"student": one, "group": 2}]})),
        ("never_alone", json!({"never_alone": [{"column": "left_behind"}]})),
    ];
    for (rule, rules) in broken {
        let rules = folder.write("rules.json", rules.to_string());
        let told = fenzu(&["check", &plan, "--list", &list, "--rules", &rules]).code(3);
        assert!(told.text().contains(&format!("[{rule}]")), "{rule}: {}", told.text());
    }
    let kept = json!({"apart": [[one, other]], "together": [[one, two]], "pin": [{"student": one, "group": 1}]});
    let rules = folder.write("rules.json", kept.to_string());
    agrees(&plan, &list, &["--rules", &rules]);
}

#[test]
fn nobody_is_the_only_one_of_a_kind() {
    let (folder, list) = (Folder::new(), dataset("class50.csv"));
    let rules = folder.write("rules.json", r#"{"never_alone": [{"column": "gender"}, {"column": "left_behind"}]}"#);
    let plan = folder.path("plan.json");
    let document = solve(&list, &["--groups", "5", "--rules", &rules, "--output", &plan]);
    for column in ["left_behind", "gender=male", "gender=female"] {
        assert!(counts(&document, column).iter().all(|&n| n != 1.0), "{column}: {:?}", counts(&document, column));
    }
    agrees(&plan, &list, &[]);
    let free = solve(&list, &["--groups", "5"]);
    assert_eq!(counts(&free, "left_behind"), [1.0; 5], "without the rule, one each is best");

    let lonely = "id,gender,math\na,F,1\nb,M,2\nc,M,3\nd,M,4\ne,M,5\nf,M,6\n";
    let list = folder.write("lonely.csv", lonely);
    let refused = fenzu(&["solve", &list, "--groups", "2", "--model", "project-teams"]).code(3);
    assert!(refused.text().contains("never_alone: gender=female"), "{}", refused.text());
    let pair = folder.write("pair.csv", lonely.replace("b,M", "b,F") + "g,M,7\n");
    let document = solve(&pair, &["--groups", "2", "--model", "project-teams"]);
    assert_eq!(group_of(&document, "a"), group_of(&document, "b"));
}

#[test]
fn tiers_as_a_rule_hold_or_are_refused_with_proof() {
    let (folder, list) = (Folder::new(), dataset("class50.csv"));
    let (model, plan) = (tiers_as_a_rule(&folder), folder.path("plan.json"));
    let document = solve(&list, &["--groups", "5", "--model", &model, "--output", &plan]);
    assert_eq!(counts(&document, "tier=top"), [3.0; 5]);
    agrees(&plan, &list, &[]);

    // Four of the top tier cannot share a group where every group has three.
    let rules = folder.write("rules.json", r#"{"together": [["S001", "S004", "S006", "S011"]]}"#);
    let refused = fenzu(&["solve", &list, "--groups", "5", "--model", &model, "--rules", &rules]).code(3);
    assert!(refused.text().contains("together: S001, S004, S006, S011"), "{}", refused.text());
    assert!(refused.text().contains("tiers"), "{}", refused.text());
    // Proved by the MIP: the clock of a busy machine must not come before it.
    let goal_only = solve(&list, &["--groups", "5", "--rules", &rules, "--output", &plan, "--time-limit", "120"]);
    let tiers = goal(&goal_only, "tiers");
    assert!(tiers.scaled > 0 && tiers.proved, "{tiers:?}");
    agrees(&plan, &list, &[]);
}

#[test]
fn where_everybody_is_pinned_the_plan_is_the_pins() {
    let folder = Folder::new();
    let pins: Vec<serde_json::Value> =
        (0..30).map(|s| json!({"student": format!("S{:03}", s + 1), "group": s % 6 + 1})).collect();
    let rules = folder.write("rules.json", json!({"pin": pins}).to_string());
    for model in ["diversity", "responsibility-groups"] {
        let document = solve(&dataset("teams30.csv"), &["--groups", "6", "--rules", &rules, "--model", model]);
        assert!((0..30).all(|s| group_of(&document, &format!("S{:03}", s + 1)) == s % 6), "{model}");
    }
}

/// Twenty sets of five, each with one student of every hidden group: nearly one way is left to form the groups.
#[test]
fn students_with_many_enemies_are_kept_apart_at_once() {
    let mut problem = small::problem(30, 5);
    for set in 0..20 {
        let member = |g: usize| g * 6 + (set * (g + 1) + set / 6 * g) % 6;
        problem.rules.push(Rule::Apart((0..5).map(member).collect()));
    }
    let (objective, atoms) = (Objective::new(&problem), Atoms::of(&problem).expect("no pins"));
    let mended = (0..10).filter(|&seed| {
        let plan = construct(&problem, &objective, &atoms, &Stop::after(None), &mut Pcg64::seed_from_u64(seed))
            .expect("a plan");
        problem.rules.iter().all(|rule| small::keeps(&problem, rule, &plan))
    });
    assert!(mended.count() >= 9);
}

/// Pairs who stay together are alike, so that fifty of them do not make a re-split look at every choice of twenty-five.
#[test]
fn many_pairs_together_are_divided_at_once() {
    let mut problem = small::problem(100, 2);
    let marks: Vec<i64> = (0..100).map(|s| s * 37 % 83).collect();
    problem.marks = vec![small::marks(&marks)];
    problem.rules = (0..50).map(|pair| Rule::Together(vec![2 * pair, 2 * pair + 1])).collect();
    problem.goals = vec![small::goal(&problem, GoalName::Means, 1)];
    let effort = Effort { seed: 1, work: Some(2_000_000), prove: Prove::Model };
    let outcome = solver::solve(&problem, effort, &Stop::after(None), &|_| ());
    let plan = outcome.plan.expect("a plan");
    assert!(problem.rules.iter().all(|rule| small::keeps(&problem, rule, &plan.group_of)));
    assert!(outcome.levels[0].proved, "{:?}", outcome.levels);
}
