//! Every legal model of every small class ends with a plan that the judge agrees with, and what it calls proved is true of all
//! plans: goals in any order, several on a level, weights, tolerances, `prove_through` anywhere, rules and last semester's groups.

use crate::cases::config;
use crate::command::{Folder, dataset, fenzu};
use crate::support::{RosterBuilder, last_by_id, partitions};
use fenzu::check::{CheckedLevel, broken_rules, plan_of, score};
use fenzu::model::goal::{Columns, Needs};
use fenzu::model::request::{Previous, PreviousMode, Request};
use fenzu::model::rules::Pin;
use fenzu::model::{GoalName, read_model};
use fenzu::pipeline::{Division, Planned, Prepared, prepare};
use fenzu::plan::Plan;
use fenzu::plan::document::{Document, GoalRecord, SharedLevel, Status};
use fenzu::roster::Roster;
use fenzu::solver::{Effort, Prove, Stop};
use fenzu::words::Lang;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

const KINDS: [&str; 3] = ["gender", "address", "left_behind"];
const MARKS: [&str; 3] = ["math", "art", "sport"];
/// Work that proves most of the classes.
const WORK: u64 = 2_000_000;

/// A class, and what is asked of it as files would have it.
#[derive(Clone, Debug)]
struct Asked {
    rows: Vec<String>,
    model: Value,
    apart: Vec<[usize; 2]>,
    together: Option<[usize; 2]>,
    pin: Option<(usize, usize)>,
    staffed: bool,
    mode: Option<PreviousMode>,
    old: Vec<Option<usize>>,
    prove: Prove,
    work: u64,
}

impl Asked {
    fn roster(&self) -> Roster {
        let columns = "id gender category:address left_behind tier score:math score:art score:sport";
        RosterBuilder::new(columns).rows(self.rows.iter().map(String::as_str)).build()
    }

    fn request(&self) -> Request {
        let model = read_model(self.model.to_string().as_bytes(), "model.json");
        let mut ask = Request::new(model.unwrap_or_else(|faults| panic!("a legal model: {faults}\n{}", self.model)));
        let ids = |list: &[usize; 2]| list.iter().map(|s| format!("s{s}")).collect::<Vec<_>>();
        ask.rules.apart = self.apart.iter().filter(|[a, b]| a != b).map(ids).collect();
        ask.rules.together = self.together.iter().filter(|[a, b]| a != b).map(ids).collect();
        let pin = |(student, group): (usize, usize)| Pin {
            student: format!("s{student}"),
            group: Some(group + 1),
            teacher: None,
        };
        ask.rules.pin = self.pin.map(pin).into_iter().collect();
        ask.staff = self.staffed.then(|| "0".repeat(64));
        ask.previous = self.mode.map(|mode| {
            let place = |(s, old): (usize, &Option<usize>)| Some((format!("s{s}"), format!("K/{}", (*old)? + 1)));
            let old: Vec<(String, String)> = self.old.iter().enumerate().filter_map(place).collect();
            Previous::new(last_by_id(old.iter().map(|(student, group)| (student.as_str(), group.as_str()))), mode)
        });
        ask
    }

    /// The class compiled; none where it is refused rightly: weights beyond exact sums, more levels than are compared, a pin to a group
    /// beyond last semester's.
    fn prepared(&self) -> Option<Prepared> {
        let faults = match prepare(&self.roster(), &self.request(), Division::Whole) {
            Ok(mut classes) => return classes.pop(),
            Err(faults) => faults,
        };
        // The finest of the weights below, and the largest.
        let model = self.model.to_string();
        let is_far = ["/99", "1000000"].iter().any(|weight| model.contains(weight));
        let is_right =
            |code: &str| ["pin_group", "too_many_levels"].contains(&code) || is_far && code == "numbers_too_large";
        assert!(faults.0.iter().all(|fault| is_right(fault.code)), "{faults}");
        None
    }

    /// Every division into this many groups (keep mode has as many as last semester), with every numbering of them where numbers
    /// mean something.
    fn plans(&self, groups: usize) -> Vec<Plan> {
        let plans = partitions(self.rows.len(), groups);
        if self.mode != Some(PreviousMode::Keep) && self.pin.is_none() {
            return plans;
        }
        let orders = orders(groups);
        let numbered = |plan: &Plan| -> Vec<Plan> {
            let with = |order: &Vec<usize>| plan.group_of.iter().map(|&g| order[g]).collect();
            orders.iter().map(|order| Plan { groups, group_of: with(order) }).collect()
        };
        plans.iter().flat_map(numbered).collect()
    }
}

fn orders(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![vec![]];
    }
    let insert = |order: Vec<usize>| (0..n).map(move |i| [&order[..i], &[n - 1], &order[i..]].concat());
    orders(n - 1).into_iter().flat_map(insert).collect()
}

/// A goal as drawn: level step, weight, tolerance, columns by chance, and their weights.
type Drawn = (u8, Value, f64, Option<Vec<bool>>, Vec<Option<Value>>);

fn weight() -> impl Strategy<Value = Value> {
    let simple = select(vec![json!(2), json!(3), json!("1/3"), json!("2/7"), json!("1/150")]);
    let fine = select(vec![json!("1/999983"), json!("7/99991"), json!("1/99989"), json!(1_000_000)]);
    prop_oneof![6 => Just(json!(1)), 4 => simple, 1 => fine]
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let tolerance = prop_oneof![4 => Just(0.0), 2 => 0.1..3.0_f64, 1 => select(vec![1.0, 2.0, 50.0])];
    let columns = prop::option::weighted(0.3, vec(any::<bool>(), 3));
    (select(vec![0, 0, 1, 1, 1, 3_u8]), weight(), tolerance, columns, vec(prop::option::weighted(0.2, weight()), 3))
}

/// The goals that models may have, those that nothing proves first.
fn goals() -> Vec<GoalName> {
    let mut goals: Vec<GoalName> = GoalName::ALL.into_iter().filter(|goal| goal.needs() != Needs::OldKept).collect();
    goals.sort_by_key(|goal| goal.columns() != Columns::Pairs);
    goals
}

/// A goal as a model has it.
fn goal(name: GoalName, level: u8, (_, weight, tolerance, chosen, weights): &Drawn) -> Value {
    let columns = match name.columns() {
        Columns::Kinds => KINDS,
        Columns::Marks | Columns::Pairs => MARKS,
        Columns::None => return json!({ "goal": name, "level": level, "weight": weight, "tolerance": tolerance }),
    };
    let is_chosen = |i: usize| chosen.as_ref().is_none_or(|chosen| chosen[i] || !chosen.contains(&true));
    let names: Vec<&str> = (0..3).filter(|&i| is_chosen(i)).map(|i| columns[i]).collect();
    let weights = (0..3).filter(|&i| is_chosen(i)).filter_map(|i| Some((columns[i], weights[i].clone()?)));
    let weights: serde_json::Map<String, Value> = weights.map(|(name, weight)| (name.to_owned(), weight)).collect();
    let mut goal =
        json!({ "goal": name, "level": level, "weight": weight, "tolerance": tolerance, "column_weights": weights });
    if chosen.is_some() {
        goal["columns"] = json!(names);
    }
    goal
}

fn model() -> impl Strategy<Value = Value> {
    // Diversity is rarer than the others: nothing proves it, and so nothing below it.
    let most = goals().len();
    let goals = prop::bool::weighted(0.3).prop_map(|diversity| goals().split_off(usize::from(!diversity)));
    let names = (goals.prop_shuffle(), 1..=most);
    let rest = (any::<Index>(), prop::bool::weighted(0.25), prop::bool::weighted(0.2));
    (names, vec(drawn(), most), rest).prop_map(|((mut names, many), drawn, (through, rule, never_alone))| {
        names.truncate(many);
        // One goal at least is in force whatever is given beside the model.
        if !names.iter().any(|name| name.is_always_in_force()) {
            names.push(GoalName::Means);
        }
        let mut level = 1;
        let mut goals = Vec::new();
        for (&name, drawn) in names.iter().zip(&drawn) {
            level += if goals.is_empty() { 0 } else { drawn.0 };
            goals.push(goal(name, level, drawn));
        }
        let named: Vec<&GoalName> = names.iter().filter(|name| name.is_always_in_force()).collect();
        let layer = |key: &str| json!({ "key": key, "ratio": 1, "label": { "zh": key, "en": key } });
        let layers: Vec<Value> = ["top", "middle", "struggling"].map(layer).into();
        let mut model = json!({ "name": "x", "title": { "zh": "x", "en": "x" }, "prove_through": named[through.index(named.len())],
            "goals": goals, "tiers": { "source": "column", "layers": layers, "enforce": if rule { "rule" } else { "goal" } },
            "staff": { "visits": 2, "visits_of": { "left_behind": 5 } } });
        if never_alone {
            model["rules"] = json!({ "never_alone": [{ "column": "gender" }] });
        }
        model
    })
}

fn mark() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0..12_u32).prop_map(|x| x.to_string()),
        2 => (0..24_u32).prop_map(|x| (f64::from(x) / 2.0).to_string()),
        1 => (0..10_000_u32).prop_map(|x| (f64::from(x) / 100.0).to_string()),
        1 => Just("-".to_owned()),
    ]
}

/// Gender, address, left behind, tier and marks of a student.
type Row = (&'static str, &'static str, &'static str, &'static str, [String; 3]);

fn row() -> impl Strategy<Value = Row> {
    let word = |words: &[&'static str]| select(words.to_vec());
    (
        word(&["male", "female", "-"]),
        word(&["town", "village", "hills"]),
        word(&["yes", "no", "-"]),
        word(&["top", "middle", "middle", "struggling"]),
        [mark(), mark(), mark()],
    )
}

fn asked(students: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Asked> {
    (students, 2..=4_usize).prop_flat_map(|(students, groups)| {
        // Numbered groups make many plans.
        let groups = groups.min(students).min(if students > 7 { 3 } else { 4 });
        let pair = move || [0..students, 0..students];
        let mode =
            prop_oneof![2 => Just(None), 1 => Just(Some(PreviousMode::Mix)), 1 => Just(Some(PreviousMode::Keep))];
        // A run may be stopped at any time.
        let work = prop_oneof![1 => Just(1_000), 1 => Just(200_000), 4 => Just(WORK)];
        let pin = prop::option::weighted(0.2, (0..students, 0..groups));
        let rules = (vec(pair(), 0..2), prop::option::weighted(0.2, pair()), pin, any::<bool>());
        let old = vec(prop::option::weighted(0.8, 0..groups + 1), students);
        (vec(row(), students), model(), rules, mode, old, (prove(), work)).prop_map(
            move |(rows, mut model, (apart, together, pin, staffed), mode, old, (prove, work))| {
                model["groups"] = json!({ "count": groups });
                let line = |(s, (gender, address, flag, tier, [math, art, sport])): (usize, Row)| {
                    format!("s{s} {gender} {address} {flag} {tier} {math} {art} {sport}")
                };
                let rows = rows.into_iter().enumerate().map(line).collect();
                Asked { rows, model, apart, together, pin, staffed, mode, old, prove, work }
            },
        )
    })
}

fn prove() -> impl Strategy<Value = Prove> {
    prop_oneof![Just(Prove::All), Just(Prove::Model), select(GoalName::ALL.to_vec()).prop_map(Prove::Through)]
}

fn solved(class: &Prepared, prove: Prove, work: u64) -> Planned {
    let effort = Effort { seed: 1, work: Some(work), prove };
    class.solve(effort, &Stop::after(None), &|_| {}, Lang::En)
}

fn levels(class: &Prepared, plan: &Plan) -> Vec<CheckedLevel> {
    score(&class.roster, &class.request, &class.policy, plan).levels
}

/// The plans that keep all rules, level by level.
fn valid(asked: &Asked, class: &Prepared) -> Vec<Vec<CheckedLevel>> {
    let keeps = |plan: &Plan| broken_rules(&class.roster, &class.request, &class.policy, plan).is_empty();
    asked.plans(class.policy.groups).iter().filter(|plan| keeps(plan)).map(|plan| levels(class, plan)).collect()
}

/// The bound told of a level.
fn told(level: &CheckedLevel, records: &[&GoalRecord]) -> i64 {
    let sum = || records.iter().zip(&level.weights).map(|(goal, weight)| goal.scaled_bound * weight).sum();
    records[0].shared.map_or_else(sum, |shared| shared.bound)
}

/// Holds what a document says of its levels against all plans; how many levels are proved.
fn held(class: &Prepared, document: &Document, mut left: Vec<Vec<CheckedLevel>>) -> Result<usize, TestCaseError> {
    let found = levels(class, &plan_of(&class.roster, document).expect("a plan"));
    for (l, level) in found.iter().enumerate() {
        let records: Vec<&GoalRecord> = level.goals.iter().map(|&i| &document.goals[i]).collect();
        prop_assert_eq!(records[0].shared.is_some(), records.len() > 1);
        let best = left.iter().map(|levels| levels[l].value).min().expect("the plan itself");
        prop_assert!(told(level, &records) <= best, "level {}: above the optimum {}: {:?}", level.level, best, records);
        if !records.iter().all(|goal| goal.proved) {
            return Ok(l);
        }
        prop_assert!(
            (best..=best.saturating_add(level.tolerance)).contains(&level.value),
            "{}: {} proved, {} exists",
            level.level,
            level.value,
            best
        );
        left.retain(|levels| levels[l].value <= best.saturating_add(level.tolerance));
    }
    Ok(found.len())
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn any_legal_model_is_told_truly(asked in asked(4..=8)) {
        let class = asked.prepared();
        prop_assume!(class.is_some());
        let class = &class.expect("just assumed");
        let Planned { document, findings } = solved(class, asked.prove, asked.work);
        prop_assert_eq!(&findings, &[]);
        let valid = valid(&asked, class);
        prop_assert_ne!(document.status, Status::Unknown);
        prop_assert_eq!(document.status == Status::Infeasible, valid.is_empty());
        if document.status != Status::Infeasible {
            let proved = held(class, &document, valid)?;
            prop_assert_eq!(document.status == Status::Optimal, document.goals.iter().all(|goal| goal.proved), "{} proved", proved);
        }
    }
}

#[test]
fn the_models_are_what_they_should_be() {
    let mut runner = TestRunner::deterministic();
    let drawn: Vec<Asked> = (0..150).map(|_| asked(4..=8).new_tree(&mut runner).expect("a class").current()).collect();
    let classes: Vec<(&Asked, Prepared)> = drawn.iter().filter_map(|asked| Some((asked, asked.prepared()?))).collect();
    assert!(classes.len() >= 130, "{} of 150 can be compared exactly", classes.len());
    let goals = |class: &Prepared| class.policy.goals.iter().map(|goal| goal.spec.clone()).collect::<Vec<_>>();
    let some = |is: &dyn Fn(&Prepared) -> bool| classes.iter().any(|(_, class)| is(class));
    for name in GoalName::ALL {
        assert!(some(&|class| goals(class).iter().any(|goal| goal.goal == name)), "{name:?}");
    }
    assert!(some(&|class| goals(class).iter().filter(|goal| goal.level == 2).count() > 2), "three on a level");
    assert!(some(&|class| goals(class).iter().any(|goal| goal.weight.den > 90_000)), "fine weights");
    let known = |(_, class): &&(&Asked, Prepared)| {
        matches!(solved(class, Prove::All, WORK).document.status, Status::Optimal | Status::Infeasible)
    };
    let proved = classes.iter().take(40).filter(known).count();
    assert!(proved >= 24, "{proved} of 40 proved");
}

/// Realistic classes, too large for all plans: two goals share the level that is asked for.
#[test]
fn goals_of_one_level_are_told_as_one() {
    for goals in [["counts", "means"], ["means", "spread"], ["means", "worst"]] {
        let [one, other] = goals;
        let model = json!({ "name": "x", "title": { "zh": "x", "en": "x" }, "prove_through": other, "groups": { "count": 6 },
            "goals": [{ "goal": one, "level": 1 }, { "goal": other, "level": 1, "weight": "2/3" }] });
        let folder = Folder::new();
        let file = folder.write("model.json", model.to_string());
        let args = ["solve", &dataset("class36.csv"), "--model", &file, "--work", "20000", "--format", "json"];
        let plan = fenzu(&args).code(0).plan();
        let shared: Vec<_> = plan.goals.iter().map(|goal| goal.shared.expect("they share a level")).collect();
        assert_eq!(shared[0], shared[1]);
        assert!(shared[0].bound <= shared[0].value);
        assert_eq!(plan.goals[0].proved, plan.goals[1].proved);
        let mut wrong = plan.clone();
        wrong.goals[1].shared = Some(SharedLevel { value: shared[1].value + 1, ..shared[1] });
        let wrong = folder.write("wrong.json", serde_json::to_string(&wrong).expect("JSON"));
        let judged = fenzu(&["check", &wrong, "--list", &dataset("class36.csv"), "--model", &file]).code(3);
        assert!(judged.text().contains("level_shared"), "{}", judged.text());
        // Told to people too.
        fenzu(&["solve", &dataset("class36.csv"), "--model", &file, "--work", "20000"]).code(0);
    }
}

/// Found by an independent exact solver; `tests/it/data/truth`.
#[test]
fn models_that_the_judge_did_not_agree_with() {
    let cases: [(&str, &[&str], bool); 5] = [
        ("primew", &["score:s0=s0", "score:s1=s1", "score:s2=s2"], false),
        ("t1-110", &["flag:f1=f1", "score:s1=s1"], true),
        ("t1-188", &["flag:f1=f1", "score:s1=s1"], true),
        ("t1-27", &["category:house=house", "score:s1=s1", "score:s2=s2", "score:s3=s3", "score:s4=s4"], false),
        ("t1-83", &["category:house=house", "score:s1=s1", "score:s2=s2", "score:s3=s3"], false),
    ];
    for (name, columns, ruled) in cases {
        let file = |file: &str| format!("{}/tests/it/data/truth/{name}/{file}", env!("CARGO_MANIFEST_DIR"));
        let (list, model, rules) = (file("list.csv"), file("model.json"), file("rules.json"));
        let mut args = vec!["solve", &list, "--model", &model];
        args.extend(columns.iter().flat_map(|column| ["--column", column]));
        if ruled {
            args.extend(["--rules", &rules]);
        }
        let ended = fenzu(&args).code(0);
        let shown = ended.text();
        assert_eq!(shown.contains(" sum: "), name != "primew", "{name}: {shown}");
    }
}

#[test]
fn weights_beyond_exact_sums_are_refused() {
    let weights = json!({ "math": "1/999983", "art": "1/999979", "sport": "1/999961" });
    let goal =
        |name: &str, weight: &str| json!({ "goal": name, "level": 1, "weight": weight, "column_weights": weights });
    let model = json!({ "name": "x", "title": { "zh": "x", "en": "x" }, "prove_through": "means", "groups": { "count": 2 },
        "goals": [goal("means", "1/999959"), goal("spread", "1/999953")] });
    let folder = Folder::new();
    let list = folder.write("list.csv", "id,math,art,sport\na,1,2,3\nb,2,5,3\nc,9,4,1\nd,8,8,2\n");
    let file = folder.write("model.json", model.to_string());
    let columns = ["--column", "score:math=math", "--column", "score:art=art", "--column", "score:sport=sport"];
    let ended = fenzu(&[["solve", &list, "--model", &file].as_slice(), &columns].concat()).code(2);
    assert!(ended.err.contains("numbers_too_large") && ended.err.contains("means + spread"), "{}", ended.err);
    assert!(ended.out.is_empty());
}

#[test]
fn more_levels_than_can_be_compared_are_refused() {
    let asked = asked(6..=6).new_tree(&mut TestRunner::deterministic()).expect("a class").current();
    let mut ask = Asked { mode: None, staffed: false, pin: None, ..asked }.request();
    let goal = ask.model.goals[0].clone();
    let name = GoalName::Means;
    // No file says this, every goal being there once; a program that uses the library may.
    let levels = |most: u8| {
        (1..=most)
            .map(|level| fenzu::model::GoalSpec {
                goal: name,
                level,
                columns: None,
                column_weights: Default::default(),
                ..goal.clone()
            })
            .collect()
    };
    let roster = RosterBuilder::new("score:math").rows(["1", "2", "3", "4"]).build();
    ask.rules = Default::default();
    ask.model.tiers = None;
    ask.model.goals = levels(9);
    assert!(prepare(&roster, &ask, Division::Whole).is_ok());
    ask.model.goals = levels(10);
    let Err(faults) = prepare(&roster, &ask, Division::Whole) else { panic!("ten levels are compared") };
    let [fault] = faults.0.as_slice() else { panic!("one cause: {faults}") };
    let told = [&fault.found, &fault.expected, &fault.action].map(|words| [words.zh.as_str(), words.en.as_str()]);
    assert_eq!((fault.code, fault.place.as_str()), ("too_many_levels", "goals"));
    assert_eq!(told[0], ["目标分成 10 级", "goals on 10 levels"]);
    assert_eq!(told[1], ["至多 9 级", "at most 9 levels"]);
    assert_eq!(told[2], ["请把几个目标放在同一级", "put several goals on one level"]);
}
