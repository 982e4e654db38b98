//! The clock and the memory at any legal size: what was promised in seconds holds for any number of groups, and what takes too much
//! memory is refused before anything is queued. The whole grid is `make sizes`.

use crate::command::{Folder, fenzu};
use crate::in_time::within;
use fenzu::goals::ledger::Exchange;
use fenzu::goals::{Ledger, Objective};
use fenzu::model::rules::Pin;
use fenzu::model::{Request, Rules, Sizing, builtin};
use fenzu::pipeline::{Division, Planned, Prepared, prepare};
use fenzu::plan::document::StopReason;
use fenzu::problem::quotas::{dealt, optimal_table};
use fenzu::problem::size::{MOST_MEGABYTES, Size};
use fenzu::roster::{Reading, Roster, read};
use fenzu::sample::{ClassSpec, class_csv};
use fenzu::solver::{Effort, Prove, Stop};
use fenzu::words::Lang;
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// When a run of half a second has ended: its time, and what the machine's other tests may take.
const LATEST: Duration = Duration::from_millis(2_500);

fn roster(students: usize, subjects: usize) -> Roster {
    let list = class_csv(&ClassSpec { students, subjects, absent_percent: 5, ..ClassSpec::default() });
    read(list.as_bytes(), &Reading { file: "class.csv", ..Reading::default() }).expect("a list")
}

fn request(model: &str, groups: usize, rules: Rules) -> Request {
    let model = builtin::find(model).expect("a model");
    Request { rules, sizing: Some(Sizing::Count(groups)), ..Request::new(model) }
}

fn prepared(roster: &Roster, request: &Request) -> Prepared {
    prepare(roster, request, Division::Whole).expect("a class").remove(0)
}

fn ids(roster: &Roster) -> Vec<String> {
    roster.students.iter().map(|student| student.id.clone()).collect()
}

/// Solves within half a second, or is stopped after it.
fn in_time(class: &Prepared, stopped: bool) -> Planned {
    let half = Duration::from_millis(500);
    let switch = Arc::new(AtomicBool::new(false));
    let limit = if stopped { Duration::from_secs(60) } else { half };
    if stopped {
        let switch = Arc::clone(&switch);
        std::thread::spawn(move || {
            std::thread::sleep(half);
            switch.store(true, Ordering::Relaxed);
        });
    }
    let stop = Stop::after(Some(limit)).with_switch(switch);
    class.solve(Effort { seed: 1, work: None, prove: Prove::All }, &stop, &|_| (), Lang::En)
}

fn holds(class: &Prepared, stopped: bool, what: &str) {
    let planned = within(LATEST, || in_time(class, stopped));
    assert!(planned.findings.is_empty(), "{what}: {:?}", planned.findings);
    let ends = if stopped { StopReason::Cancelled } else { StopReason::TimeLimit };
    let stop = planned.document.stop;
    assert!([ends, StopReason::Proved, StopReason::Stalled].contains(&stop), "{what}: {stop:?}");
}

#[test]
fn any_number_of_groups_keeps_its_time() {
    let roster = roster(3_000, 3);
    for groups in [2, 10, 300, 1_000, 1_500, 2_999, 3_000] {
        let class = prepared(&roster, &request("responsibility-groups", groups, Rules::default()));
        holds(&class, false, &format!("{groups} groups"));
        holds(&class, true, &format!("{groups} groups, stopped"));
    }
}

#[test]
fn rules_of_many_students_keep_their_time() {
    let roster = roster(3_000, 9);
    let ids = ids(&roster);
    let pairs: Vec<Vec<String>> = ids.chunks_exact(2).map(<[String]>::to_vec).collect();
    let pin = |(s, id): (usize, &String)| Pin { student: id.clone(), group: Some(s % 300 + 1), teacher: None };
    let kinds = [
        ("together", Rules { together: pairs[..700].to_vec(), apart: pairs[700..].to_vec(), ..Rules::default() }),
        ("apart", Rules { apart: ids.chunks(40).map(<[String]>::to_vec).collect(), ..Rules::default() }),
        ("pins", Rules { pin: ids[..1_500].iter().enumerate().map(pin).collect(), ..Rules::default() }),
    ];
    for (what, rules) in kinds {
        let class = prepared(&roster, &request("class-division", 300, rules));
        holds(&class, true, what);
    }
}

/// What can be seen to be impossible is told, however large the class.
#[test]
fn a_conflict_in_a_large_class_is_told() {
    let roster = roster(3_000, 3);
    let ids = ids(&roster);
    let crowd = Rules { apart: vec![ids[..31].to_vec()], ..Rules::default() };
    let class = prepared(&roster, &request("responsibility-groups", 30, crowd));
    let planned = within(LATEST, || in_time(&class, false));
    let conflict = planned.document.conflict.expect("31 students apart in 30 groups");
    assert!(conflict[0].rule.starts_with("apart: "), "{conflict:?}");
}

#[test]
fn pairwise_distances_keep_their_time() {
    let roster = roster(2_000, 3);
    for groups in [2, 50, 1_999] {
        let class = prepared(&roster, &request("diversity", groups, Rules::default()));
        holds(&class, true, &format!("diversity, {groups} groups"));
    }
}

/// The account of many groups, whose distances are added up from their members, stays what it is from scratch.
#[test]
fn the_account_of_many_groups_is_right() {
    let class = prepared(&roster(1_100, 2), &request("diversity", 1_000, Rules::default()));
    let objective = Objective::new(&class.problem);
    let mut ledger = Ledger::new(&objective, (0..1_100).map(|s| s % 1_000).collect());
    for (s, t) in [(0, 1), (1_000, 5), (7, 1_007 - 1), (1, 1_099)] {
        let (a, b) = (ledger.group_of[s], ledger.group_of[t]);
        ledger.apply(Exchange { a, b, from_a: &[s], from_b: &[t] });
        assert_eq!(ledger.levels, objective.evaluate(&ledger.group_of), "{s} and {t}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Dealing costs no more than the paths that are taken for few groups, and keeps sizes and totals.
    #[test]
    fn dealt_quotas_are_as_good_as_found_ones(students in 2..120_usize, groups in 1..40_usize, seed in 0..1000_u64) {
        let list = class_csv(&ClassSpec { students, seed, ..ClassSpec::default() });
        let roster = read(list.as_bytes(), &Reading { file: "class.csv", ..Reading::default() }).expect("a list");
        let problem = prepared(&roster, &request("responsibility-groups", groups.min(students), Rules::default())).problem;
        let tiers = problem.tiers.as_ref().expect("tiers");
        let cells = dealt(&problem, tiers);
        let n = problem.students as i64;
        let cost = |(row, size): (&Vec<i64>, &usize)| -> i64 {
            row.iter().zip(&tiers.totals).map(|(x, total)| (n * x - *size as i64 * total).abs()).sum()
        };
        prop_assert_eq!(cells.iter().zip(&problem.sizes()).map(cost).sum::<i64>(), optimal_table(&problem, tiers).value);
        for (row, size) in cells.iter().zip(problem.sizes()) {
            prop_assert_eq!(row.iter().sum::<i64>(), size as i64);
        }
        for (t, &total) in tiers.totals.iter().enumerate() {
            prop_assert_eq!(cells.iter().map(|row| row[t]).sum::<i64>(), total);
        }
    }
}

/// The largest class of usual columns is within the limit by far; a list of thousands who must all be apart is not.
#[test]
fn what_takes_too_much_memory_is_refused_with_its_numbers() {
    let usual = Size { students: 20_000, groups: 19_999, terms: 40, enemies: 0, compares: false };
    assert!(usual.megabytes() < MOST_MEGABYTES / 2 && usual.refusal("a").is_none());
    let folder = Folder::new();
    let list = class_csv(&ClassSpec { students: 3_000, subjects: 1, ..ClassSpec::default() });
    let ids = ids(&roster(3_000, 1));
    let rules = serde_json::json!({"apart": [ids[..2_990]]}).to_string();
    let (list, rules) = (folder.write("class.csv", list), folder.write("rules.json", rules));
    for (lang, words) in [("zh", "MB 内存"), ("en", "MB of memory")] {
        let args = ["--lang", lang, "solve", &list, "--groups", "2999", "--rules", &rules];
        let ended = fenzu(&args).code(2);
        assert!(ended.err.contains("plan_too_large") && ended.err.contains(words), "{}", ended.err);
    }
}
