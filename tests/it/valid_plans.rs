//! Any class the whole way: the judge has nothing to say, sizes are within one, and the order of the list is of no account.

use crate::cases::config;
use crate::support::RosterBuilder;
use fenzu::fault::Faults;
use fenzu::model::rules::Pin;
use fenzu::model::{Request, Rules, Sizing, builtin};
use fenzu::pipeline::{Division, prepare};
use fenzu::plan::document::{Document, GoalRecord, Status};
use fenzu::roster::Roster;
use fenzu::solver::{Effort, Prove, Stop};
use fenzu::words::Lang;
use proptest::collection::vec;
use proptest::prelude::*;
use std::ops::RangeInclusive;
use std::time::Duration;

const COLUMNS: [&str; 9] = [
    "gender",
    "tier",
    "score:math",
    "score:art",
    "score:music",
    "score:english",
    "left_behind",
    "category:address",
    "flag:dorm",
];

/// A class as cells, a request, and the order in which rows and columns stand.
#[derive(Clone, Debug)]
struct Class {
    /// `rows[s]`: one cell for each of [`COLUMNS`].
    rows: Vec<Vec<String>>,
    /// Which columns the list has.
    columns: Vec<usize>,
    groups: usize,
    model: usize,
    rules: Rules,
    seed: u64,
}

fn id(s: usize) -> String {
    format!("s{s}")
}

impl Class {
    /// The list with its students in this order.
    fn roster(&self, order: &[usize], columns: &[usize]) -> Roster {
        let names: Vec<&str> = columns.iter().map(|&c| COLUMNS[c]).collect();
        let line = |&s: &usize| {
            let cells: Vec<&str> = columns.iter().map(|&c| self.rows[s][c].as_str()).collect();
            format!("{} {}", id(s), cells.join(" "))
        };
        let lines: Vec<String> = order.iter().map(line).collect();
        RosterBuilder::new(&format!("id {}", names.join(" "))).rows(lines.iter().map(String::as_str)).build()
    }

    /// Solves the list; the judge must have nothing to say.
    fn solve(&self, roster: &Roster, work: u64, prove: Prove) -> Result<Document, TestCaseError> {
        let mut request = Request::new(builtin::builtin()[self.model].clone());
        request.sizing = Some(Sizing::Count(self.groups));
        request.rules = self.rules.clone();
        let prepared = prepare(roster, &request, Division::Whole).map_err(|Faults(faults)| {
            let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
            TestCaseError::fail(format!("refused: {codes:?}"))
        })?;
        let effort = Effort { seed: self.seed, work: Some(work), prove };
        let planned = prepared[0].solve(effort, &Stop::after(Some(Duration::from_secs(60))), &|_| (), Lang::Zh);
        prop_assert_eq!(&planned.findings, &[]);
        Ok(planned.document)
    }
}

fn mark() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => (0..=100_u32).prop_map(|x| x.to_string()),
        3 => (0..=200_u32).prop_map(|x| format!("{:.1}", f64::from(x) / 2.0)),
        2 => (0..=9999_u32).prop_map(|x| format!("{:.2}", f64::from(x) / 100.0)),
        1 => prop::sample::select(vec!["-".to_owned(), "absent".to_owned()]),
    ]
}

fn row() -> impl Strategy<Value = Vec<String>> {
    let word = |words: &'static [&'static str]| prop::sample::select(words).prop_map(str::to_owned);
    let flag = || word(&["yes", "no", "no", "no", "-"]);
    let first = (word(&["male", "female"]), word(&["top", "middle", "middle", "struggling"]));
    (first, (mark(), mark(), mark(), mark()), (flag(), word(&["town", "village", "hills", "-"]), flag()))
        .prop_map(|((gender, tier), (a, b, c, d), (e, f, g))| vec![gender, tier, a, b, c, d, e, f, g])
}

fn classes(students: RangeInclusive<usize>) -> impl Strategy<Value = Class> {
    let columns = prop::sample::subsequence((0..COLUMNS.len()).collect::<Vec<_>>(), 1..=COLUMNS.len());
    (students, 1..=12_usize, columns, 0..builtin::builtin().len(), any::<u64>()).prop_flat_map(
        |(n, groups, columns, model, seed)| {
            let groups = groups.min(n);
            (vec(row(), n), rules(n, groups)).prop_map(move |(rows, rules)| Class {
                rows,
                columns: columns.clone(),
                groups,
                model,
                rules,
                seed,
            })
        },
    )
}

/// Rules that one hidden plan keeps, so that they can hold.
fn rules(n: usize, groups: usize) -> impl Strategy<Value = Rules> {
    let pairs = || vec((0..n, 0..n), 0..8);
    (Just((0..n).collect::<Vec<_>>()).prop_shuffle(), pairs(), pairs(), vec(0..n, 0..4)).prop_map(
        move |(order, apart, together, pins)| {
            let mut hidden = vec![0; n];
            order.iter().enumerate().for_each(|(seat, &s)| hidden[s] = seat % groups);
            let ids = |(a, b): &(usize, usize)| vec![id(*a), id(*b)];
            let mut pins = pins;
            pins.sort_unstable();
            pins.dedup();
            let alike = |(a, b): &&(usize, usize)| hidden[*a] == hidden[*b];
            Rules {
                apart: apart.iter().filter(|pair| !alike(pair)).map(ids).collect(),
                together: together.iter().filter(|pair| alike(pair) && pair.0 != pair.1).map(ids).collect(),
                pin: pins.iter().map(|&s| Pin { student: id(s), group: Some(hidden[s] + 1), teacher: None }).collect(),
                never_alone: Vec::new(),
            }
        },
    )
}

/// The models' own rules (project teams: nobody the only one of a gender) may make a class impossible.
fn has_plan(class: &Class, document: &Document) -> bool {
    let own_rules = !builtin::builtin()[class.model].rules.never_alone.is_empty() && class.columns.contains(&0);
    if own_rules { document.status != Status::Infeasible } else { true }
}

/// Level by level, as long as the levels above are proved in both and so have the same value: a proved value is not worse.
fn same_where_proved(one: &Document, other: &Document) -> Result<usize, TestCaseError> {
    let by_level = |document: &Document| -> Vec<Vec<GoalRecord>> {
        let mut levels: Vec<Vec<GoalRecord>> = Vec::new();
        for goal in &document.goals {
            match levels.last_mut().filter(|last| last[0].level == goal.level) {
                Some(last) => last.push(goal.clone()),
                None => levels.push(vec![goal.clone()]),
            }
        }
        levels
    };
    let (one, other) = (by_level(one), by_level(other));
    prop_assert_eq!(one.len(), other.len());
    for (depth, (mine, theirs)) in one.iter().zip(&other).enumerate() {
        let value = |goals: &[GoalRecord]| goals.iter().map(|goal| goal.scaled).sum::<i64>();
        let bound = |goals: &[GoalRecord]| goals.iter().map(|goal| goal.scaled_bound).sum::<i64>();
        let proved = |goals: &[GoalRecord]| goals.iter().all(|goal| goal.proved);
        prop_assert!(bound(mine) <= value(theirs) && bound(theirs) <= value(mine), "{:?} {:?}", mine, theirs);
        if !(proved(mine) && proved(theirs)) {
            return Ok(depth);
        }
        prop_assert_eq!(value(mine), value(theirs));
    }
    Ok(one.len())
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn every_class_gets_a_plan_that_the_judge_accepts(class in classes(1..=70)) {
        let roster = class.roster(&(0..class.rows.len()).collect::<Vec<_>>(), &class.columns);
        let document = class.solve(&roster, 20_000, Prove::Model)?;
        if has_plan(&class, &document) {
            let sizes: Vec<usize> = document.groups.iter().map(|group| group.students.len()).collect();
            let (n, groups) = (class.rows.len(), class.groups);
            prop_assert_eq!((sizes.len(), sizes.iter().sum::<usize>()), (groups, n), "{:?}", document.status);
            prop_assert!(sizes.iter().all(|size| (n / groups..=n.div_ceil(groups)).contains(size)));
            prop_assert!(matches!(document.status, Status::Feasible | Status::Optimal));
        } else {
            prop_assert!(document.conflict.is_some());
        }
    }

    #[test]
    fn the_order_of_students_and_columns_is_of_no_account(
        (class, order, columns) in classes(2..=12).prop_flat_map(|class| {
            let (order, columns) = ((0..class.rows.len()).collect::<Vec<_>>(), class.columns.clone());
            (Just(class), Just(order).prop_shuffle(), Just(columns).prop_shuffle())
        })
    ) {
        let listed: Vec<usize> = (0..class.rows.len()).collect();
        let one = class.solve(&class.roster(&listed, &class.columns), 20_000, Prove::All)?;
        let rows = class.solve(&class.roster(&order, &class.columns), 20_000, Prove::All)?;
        let both = class.solve(&class.roster(&order, &columns), 20_000, Prove::All)?;
        for other in [&rows, &both] {
            prop_assert_eq!(one.status == Status::Infeasible, other.status == Status::Infeasible);
            same_where_proved(&one, other)?;
        }
    }
}

#[test]
fn proofs_are_compared_at_all() {
    let rows = |s: usize| {
        ["male", "top", "90", "80", "70", "60", "no", "town", "no"]
            .map(|w| if w == "90" { (90 - s).to_string() } else { w.to_owned() })
    };
    let class = Class {
        rows: (0..8).map(|s| rows(s).to_vec()).collect(),
        columns: vec![2],
        groups: 2,
        model: 0,
        rules: Rules::default(),
        seed: 1,
    };
    let (listed, turned): (Vec<usize>, Vec<usize>) = ((0..8).collect(), (0..8).rev().collect());
    let one = class.solve(&class.roster(&listed, &[2]), 20_000, Prove::All).expect("a plan");
    let other = class.solve(&class.roster(&turned, &[2]), 20_000, Prove::All).expect("a plan");
    assert!(same_where_proved(&one, &other).expect("the same") >= 2);
}
