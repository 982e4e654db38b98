//! The judge on whole documents: an untouched one is clean, and any single change in it is found.

use crate::support::{RosterBuilder, TIERS, plan, policy, request};
use fenzu::check::{ScoreCard, balance, heterogeneity, judge, plan_of, score};
use fenzu::model::rules::Pin;
use fenzu::model::{Policy, Request};
use fenzu::plan::Plan;
use fenzu::plan::document::{
    BalanceKind, ConflictRecord, Document, FORMAT, GoalRecord, GroupRecord, InputRecord, Proof, RequestRecord, RestsOn,
    Status, StopReason,
};
use fenzu::roster::Roster;

fn six() -> Roster {
    RosterBuilder::new("id class gender tier score:math left_behind")
        .rows([
            "a 七1 male top 91 yes",
            "b 七1 female top 85 no",
            "c 七1 male middle 80 no",
            "d 七1 female middle 71 yes",
            "e 七1 male struggling 60 -",
            "f 七1 female struggling 56 -",
        ])
        .build()
}

const ALL_GOALS: &str = r#"
paired_help = true
goals = [
  { goal = "tiers", level = 1 }, { goal = "counts", level = 2 }, { goal = "means", level = 3 },
  { goal = "worst", level = 4 }, { goal = "spread", level = 4, weight = "1/2" },
]
"#;

fn ask(goals: &str) -> Request {
    request(2, &format!("{goals}\n{TIERS}"))
}

/// {a,c,f} and {b,d,e}: tiers level, counts even, means not at their bound.
const SEATS: [usize; 6] = [0, 1, 0, 1, 1, 0];

/// A document that claims what the closed-form bounds prove, and nothing more.
fn document(roster: &Roster, ask: &Request, policy: &Policy, plan: &Plan) -> Document {
    let card = score(roster, ask, policy, plan);
    let goals = goals(&card);
    let group = |(g, members): (usize, &Vec<usize>)| {
        let of_tier = |tier| members.iter().find(|&&s| policy.tier_of.as_ref().is_some_and(|of| of[s] == tier));
        let pair =
            of_tier(2).zip(of_tier(0)).map(|(&s, &t)| [roster.students[s].id.clone(), roster.students[t].id.clone()]);
        GroupRecord {
            id: format!("七1/{}", g + 1),
            name: format!("{}", g + 1),
            class: "七1".to_owned(),
            teacher: None,
            teacher_name: None,
            students: members.iter().map(|&s| roster.students[s].id.clone()).collect(),
            helpers: pair.filter(|_| ask.model.paired_help).into_iter().collect(),
        }
    };
    let proved = goals.iter().all(|goal| goal.proved);
    Document {
        format: FORMAT.to_owned(),
        status: if proved { Status::Optimal } else { Status::Feasible },
        stop: if proved { StopReason::Proved } else { StopReason::Stalled },
        request: RequestRecord {
            model: serde_json::to_value(&ask.model).expect("JSON"),
            rules: serde_json::to_value(&ask.rules).expect("JSON"),
            groups: plan.groups,
            previous_sha256: None,
            staff_sha256: None,
        },
        groups: plan.members().iter().enumerate().map(group).collect(),
        people: Vec::new(),
        goals,
        balance: balance(roster, ask, policy, plan),
        heterogeneity: heterogeneity(roster, policy, plan),
        elapsed_seconds: 0.1,
        seed: 1,
        input: InputRecord {
            sha256: roster.sha256.clone(),
            students: roster.students.len(),
            columns: vec![],
            rests_on: RestsOn::default(),
        },
        notices: vec![],
        conflict: None,
    }
}

fn goals(card: &ScoreCard) -> Vec<GoalRecord> {
    let mut higher = true;
    let mut records = Vec::new();
    for level in &card.levels {
        higher &= level.value <= level.bound + level.tolerance;
        records.extend(level.goals.iter().map(|&i| &card.goals[i]).map(|goal| GoalRecord {
            name: goal.name.word().to_owned(),
            level: goal.level,
            value: goal.value,
            bound: goal.bound,
            scaled: goal.scaled,
            scaled_bound: goal.scaled_bound,
            unit: goal.unit.en.to_owned(),
            justification: String::new(),
            proved: higher,
            proof: higher.then_some(Proof::ClosedForm),
            found_seconds: Some(0.01),
            proved_seconds: higher.then_some(0.02),
            shared: None,
        }));
    }
    records
}

/// Codes of what the judge finds after one change of the document.
fn found(goals: &str, change: impl FnOnce(&mut Document)) -> Vec<&'static str> {
    let (roster, ask) = (six(), ask(goals));
    let policy = policy(&ask, &roster);
    let mut document = document(&roster, &ask, &policy, &plan(&SEATS));
    change(&mut document);
    judge(&roster, &ask, &policy, &document).iter().map(|finding| finding.code).collect()
}

type Change = fn(&mut Document);

fn swap_students(document: &mut Document) {
    let a = document.groups[0].students[0].clone();
    document.groups[0].students[0] = std::mem::replace(&mut document.groups[1].students[0], a);
}

fn raise_bound(document: &mut Document, goal: usize, by: i64) {
    let per_unit = document.goals[goal].scaled as f64 / document.goals[goal].value;
    document.goals[goal].scaled_bound += by;
    document.goals[goal].bound = document.goals[goal].scaled_bound as f64 / per_unit;
}

#[test]
fn an_untouched_document_is_clean() {
    assert!(found(ALL_GOALS, |_| {}).is_empty());
    let proved = |document: &mut Document| {
        let proved: Vec<bool> = document.goals.iter().map(|goal| goal.proved).collect();
        assert_eq!(proved, [true, true, false, false, false], "the example has proved and unproved levels");
    };
    found(ALL_GOALS, proved);
    assert!(
        found("goals = [{ goal = \"tiers\", level = 1 }]", |document| assert_eq!(document.status, Status::Optimal))
            .is_empty()
    );
}

#[test]
fn it_is_clean_after_a_way_through_json() {
    let again = |document: &mut Document| {
        let text = serde_json::to_string(document).expect("JSON");
        *document = serde_json::from_str(&text).expect("a document");
    };
    assert!(found(ALL_GOALS, again).is_empty());
}

#[test]
fn units_may_be_in_either_language() {
    assert!(found(ALL_GOALS, |document| document.goals[0].unit = "人".to_owned()).is_empty());
}

#[test]
fn a_higher_bound_may_stand_where_it_is_possible() {
    assert!(found(ALL_GOALS, |document| raise_bound(document, 2, 1)).is_empty());
}

/// The goals are 0 tiers, 1 counts (both proved), 2 means, 3 worst and 4 spread (one level).
const CHANGES: &[(&str, &str, Change)] = &[
    ("format", "format", |d| d.format = "fenzu-plan/2".to_owned()),
    ("status optimal", "status", |d| d.status = Status::Optimal),
    ("status infeasible", "status", |d| d.status = Status::Infeasible),
    ("status unknown", "status", |d| d.status = Status::Unknown),
    ("request.groups", "group_count", |d| d.request.groups = 3),
    ("input.students", "student_count", |d| d.input.students = 7),
    ("conflict", "conflict", |d| {
        d.conflict = Some(vec![ConflictRecord { rule: String::new(), message: String::new() }])
    }),
    ("group id", "group_id", |d| d.groups[1].id = "七1/3".to_owned()),
    ("group class", "group_class", |d| d.groups[1].class = "七2".to_owned()),
    ("group class left out", "group_class", |d| d.groups[1].class = String::new()),
    ("groups exchanged", "group_id", |d| d.groups.swap(0, 1)),
    ("group left out", "student_missing", |d| d.groups.truncate(1)),
    ("group added", "group_empty", |d| {
        let mut empty = d.groups[0].clone();
        empty.students.clear();
        d.groups.push(empty);
    }),
    ("student left out", "student_missing", |d| d.groups[0].students.truncate(2)),
    ("student twice", "student_twice", |d| d.groups[0].students.push("b".to_owned())),
    ("student unknown", "unknown_student", |d| d.groups[0].students[0] = "z".to_owned()),
    ("students exchanged", "goal_scaled", swap_students),
    ("student moved", "group_size", |d| {
        let moved = d.groups[0].students.remove(0);
        d.groups[1].students.push(moved);
    }),
    ("helper of another group", "helper_pair", |d| d.groups[0].helpers[0][1] = "b".to_owned()),
    ("helper struggling", "helper_pair", |d| d.groups[0].helpers[0][1] = "f".to_owned()),
    ("helped student is not struggling", "helper_pair", |d| d.groups[0].helpers[0][0] = "c".to_owned()),
    ("helper left out", "helper_missing", |d| d.groups[0].helpers.clear()),
    ("helper twice", "helper_missing", |d| {
        let pair = d.groups[0].helpers[0].clone();
        d.groups[0].helpers.push(pair);
    }),
    ("goal left out", "goal_list", |d| d.goals.truncate(2)),
    ("goal name", "goal_list", |d| d.goals[2].name = "worst".to_owned()),
    ("goal level", "goal_list", |d| d.goals[2].level = 4),
    ("goal scaled", "goal_scaled", |d| d.goals[2].scaled -= 1),
    ("goal value", "goal_value", |d| d.goals[2].value += 1e-6),
    ("goal value of tiers", "goal_value", |d| d.goals[0].value = 1.0),
    ("goal value NaN", "goal_value", |d| d.goals[2].value = f64::NAN),
    ("goal unit", "goal_unit", |d| d.goals[2].unit = "points".to_owned()),
    ("goal bound shown", "goal_bound", |d| d.goals[2].bound += 1e-6),
    ("goal bound of tiers shown", "goal_bound", |d| d.goals[0].bound = 1.0),
    ("goal scaled bound alone", "goal_bound", |d| d.goals[2].scaled_bound += 1),
    ("goal bound lowered", "goal_bound_low", |d| raise_bound(d, 2, -1)),
    ("goal bound of a proved goal", "proof_closed_form", |d| d.goals[1].scaled_bound += 1),
    ("goal bound above the value", "goal_bound_high", |d| {
        let gap = d.goals[2].scaled - d.goals[2].scaled_bound;
        raise_bound(d, 2, gap + 1);
    }),
    ("proved by nothing", "proof_named", |d| d.goals[2].proved = true),
    ("proved denied", "proof_named", |d| d.goals[1].proved = false),
    ("proof without a claim", "proof_named", |d| d.goals[2].proof = Some(Proof::Mip)),
    ("proof left out", "proof_named", |d| d.goals[1].proof = None),
    ("proved above the bound", "proof_gap", |d| {
        d.goals[2].proved = true;
        d.goals[2].proof = Some(Proof::Mip);
    }),
    ("proved by a closed form that is lower", "proof_closed_form", |d| {
        d.goals[2].proved = true;
        d.goals[2].proof = Some(Proof::ClosedForm);
        let gap = d.goals[2].scaled - d.goals[2].scaled_bound;
        raise_bound(d, 2, gap);
    }),
    ("half a level proved", "proof_of_level", |d| {
        d.goals[3].proved = true;
        d.goals[3].proof = Some(Proof::Cover);
    }),
    ("proved below an unproved level", "proof_order", |d| {
        for goal in &mut d.goals[3..] {
            goal.proved = true;
            goal.proof = Some(Proof::Cover);
        }
    }),
    ("stop proved without the first level", "stop", |d| {
        d.stop = StopReason::Proved;
        d.goals[0].proved = false;
        d.goals[0].proof = None;
    }),
    ("balance row left out", "balance_rows", |d| {
        d.balance.remove(0);
    }),
    ("balance rows exchanged", "balance_rows", |d| d.balance.swap(0, 1)),
    ("balance column", "balance_rows", |d| d.balance[1].column = "gender=boy".to_owned()),
    ("balance kind", "balance", |d| d.balance[0].kind = BalanceKind::Count),
    ("balance of a group", "balance", |d| d.balance[0].groups[1] += 1e-6),
    ("balance of a group left out", "balance", |d| d.balance[1].groups.truncate(1)),
    ("balance of the class", "balance", |d| d.balance[2].class += 1.0),
    ("balance range", "balance", |d| d.balance[0].range += 1e-6),
    ("heterogeneity", "heterogeneity", |d| d.heterogeneity = d.heterogeneity.map(|x| x + 1e-6)),
    ("heterogeneity left out", "heterogeneity", |d| d.heterogeneity = None),
];

#[test]
fn every_change_is_found() {
    for (what, code, change) in CHANGES {
        let codes = found(ALL_GOALS, change);
        assert!(codes.contains(code), "{what}: expected {code}, found {codes:?}");
    }
}

#[test]
fn optimal_is_claimed_exactly_when_all_is_proved() {
    let tiers = "goals = [{ goal = \"tiers\", level = 1 }]";
    assert_eq!(found(tiers, |document| document.status = Status::Feasible), ["status"]);
}

#[test]
fn helpers_are_asked_for_only_where_the_model_says() {
    let goals = "goals = [{ goal = \"tiers\", level = 1 }]";
    let pair = |document: &mut Document| document.groups[0].helpers.push(["f".to_owned(), "a".to_owned()]);
    assert_eq!(found(goals, pair), ["helper_missing"]);
}

#[test]
fn a_plan_that_breaks_a_rule_is_found_and_pins_to_a_teacher_look_at_the_group() {
    let (roster, mut ask) = (six(), ask(ALL_GOALS));
    ask.rules.apart = vec![vec!["a".to_owned(), "c".to_owned()]];
    ask.rules.pin = vec![Pin { student: "a".to_owned(), group: None, teacher: Some("T1".to_owned()) }];
    let policy = policy(&ask, &roster);
    let mut document = document(&roster, &ask, &policy, &plan(&SEATS));
    let codes = |document: &Document| -> Vec<&str> {
        judge(&roster, &ask, &policy, document).iter().map(|finding| finding.code).collect()
    };
    assert_eq!(codes(&document), ["apart", "pin_teacher"]);
    document.groups[0].teacher = Some("T1".to_owned());
    assert_eq!(codes(&document), ["apart"]);
}

#[test]
fn infeasible_documents_have_no_plan() {
    let empty = |document: &mut Document| {
        document.status = Status::Infeasible;
        document.groups.clear();
        document.goals.clear();
        document.balance.clear();
        document.heterogeneity = None;
        document.conflict = Some(vec![]);
    };
    assert!(found(ALL_GOALS, empty).is_empty());
}

#[test]
fn the_plan_of_a_document_is_the_plan_it_was_made_of() {
    let (roster, ask) = (six(), ask(ALL_GOALS));
    let policy = policy(&ask, &roster);
    let document = document(&roster, &ask, &policy, &plan(&SEATS));
    assert_eq!(plan_of(&roster, &document), Ok(plan(&SEATS)));
}
