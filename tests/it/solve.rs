//! `fenzu solve` on whole classes: what the plans promise, and that `fenzu check` agrees with every number.

use crate::command::{Folder, agrees, command, counts, dataset, fenzu, goal, shared, sizes, solve};
use fenzu::plan::document::{Document, Proof, Status, StopReason};
use fenzu::sample::{ClassSpec, TierColumn, class_csv};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Instant;

const TIERS: [&str; 3] = ["tier=top", "tier=middle", "tier=struggling"];

fn ids(document: &Document) -> BTreeSet<&str> {
    document.groups.iter().flat_map(|group| group.students.iter().map(String::as_str)).collect()
}

/// Every number of a row lies between floor and ceil of an even share.
fn shared_evenly(document: &Document, column: &str) {
    let row = counts(document, column);
    let share = row.iter().sum::<f64>() / row.len() as f64;
    assert!(row.iter().all(|&n| (share.floor()..=share.ceil()).contains(&n)), "{column}: {row:?}");
}

fn proved(document: &Document, name: &str) {
    let goal = goal(document, name);
    assert!(goal.proved && goal.scaled == goal.scaled_bound, "{goal:?}");
    assert!(goal.proof.is_some() && goal.proved_seconds.is_some(), "{goal:?}");
}

/// The class of 50 (15/25/10, 28 or so boys, 5 left-behind, 6 boarding) in five groups.
fn as_good_as_can_be(document: &Document) {
    for (tier, each) in TIERS.iter().zip([3.0, 5.0, 2.0]) {
        assert_eq!(counts(document, tier), [each; 5], "{tier}");
    }
    assert_eq!(counts(document, "left_behind"), [1.0; 5]);
    for column in ["gender=male", "gender=female", "boarding"] {
        shared_evenly(document, column);
    }
    ["tiers", "counts", "means"].iter().for_each(|name| proved(document, name));
    assert_eq!((document.status, document.stop), (Status::Feasible, StopReason::Proved));
    assert_eq!(
        ids(document),
        (1..=50).map(|n| format!("S{n:03}")).collect::<Vec<_>>().iter().map(String::as_str).collect()
    );
}

fn ranges_of_means(document: &Document) -> Vec<f64> {
    let ranges = ["chinese", "math", "english"].map(|subject| {
        let means = counts(document, subject);
        means.iter().copied().fold(f64::MIN, f64::max) - means.iter().copied().fold(f64::MAX, f64::min)
    });
    ranges.to_vec()
}

#[test]
fn class50_is_proved_and_check_agrees_with_every_file() {
    for list in [Some(dataset("class50.csv")), shared("class50.csv")].into_iter().flatten() {
        let folder = Folder::new();
        let files = ["plan.json", "plan.csv", "plan.xlsx"].map(|name| folder.path(name));
        let outputs: Vec<&str> = files.iter().flat_map(|file| ["--output", file]).collect();
        let document = solve(&list, &[&["--groups", "5"], outputs.as_slice()].concat());
        as_good_as_can_be(&document);
        assert!(ranges_of_means(&document).iter().all(|range| *range <= 0.2 + 1e-9), "{:?}", document.balance);
        let found = goal(&document, "means").found_seconds.expect("a time");
        // Measured at 0.3 s; machines that run tests are noisy.
        assert!(found < 8.0, "means found after {found} s");
        for file in &files {
            agrees(file, &list, &[]);
        }
        assert_eq!(document, serde_json::from_slice(&std::fs::read(&files[0]).expect("a file")).expect("a plan"));
    }
}

/// What cannot be read of a plan's request is told, not passed over as if nothing had been asked.
#[test]
fn check_refuses_a_plan_whose_request_is_damaged() {
    let (folder, list) = (Folder::new(), dataset("class50.csv"));
    let mut document = solve(&list, &["--groups", "5"]);
    (document.request.rules, document.request.model) = (json!({"apart": "S001"}), json!(5));
    let damaged = folder.write("damaged.json", serde_json::to_string(&document).expect("JSON"));
    let told = fenzu(&["check", &damaged, "--list", &list]).code(2);
    assert!(told.err.contains("[bad_rules]") && told.err.contains("[bad_model]"), "{}", told.err);
    let rules = folder.write("rules.json", "{\"apart\": [[\"S001\", \"S002\"]]}");
    let told = fenzu(&["check", &damaged, "--list", &list, "--rules", &rules]).code(2);
    assert!(!told.err.contains("[bad_rules]") && told.err.contains("[bad_model]"), "{}", told.err);
}

#[test]
fn check_names_the_goals_of_an_edited_plan() {
    let (folder, list) = (Folder::new(), dataset("class50.csv"));
    let plan = folder.path("plan.json");
    let mut document = solve(&list, &["--groups", "5", "--output", &plan]);
    let tier_of: std::collections::HashMap<String, String> = std::fs::read_to_string(&list)
        .expect("a list")
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>())
        .map(|cells| (cells[0].to_owned(), cells[6].to_owned()))
        .collect();
    let of_tier = |g: usize, tier: &str| {
        document.groups[g].students.iter().position(|id| tier_of[id] == tier).expect("one of each tier")
    };
    let (top, middle) = (of_tier(0, "top"), of_tier(1, "middle"));
    let (one, other) = (document.groups[0].students[top].clone(), document.groups[1].students[middle].clone());
    document.groups[0].students[top] = other;
    document.groups[1].students[middle] = one;
    let edited = folder.write("edited.json", serde_json::to_string(&document).expect("JSON"));
    let told = fenzu(&["check", &edited, "--list", &list]).code(3);
    for name in ["tiers", "means"] {
        assert!(told.text().contains(&format!("goals[{name}]")), "{}", told.text());
    }
    let json = fenzu(&["check", &edited, "--list", &list, "--format", "json"]).code(3);
    let json: serde_json::Value = serde_json::from_str(json.text()).expect("JSON");
    assert_eq!(json["verdicts"][0]["agrees"], false);
    let places: Vec<&str> = json["verdicts"][0]["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|finding| finding["where"].as_str().expect("text"))
        .collect();
    assert!(places.iter().any(|place| place.contains("tiers")), "{places:?}");
    agrees(&plan, &list, &[]);
}

#[test]
fn the_same_class_in_gb18030_is_as_good() {
    let (Some(list), Some(clean)) = (shared("class50_gb18030.csv"), shared("class50.csv")) else { return };
    let document = solve(&list, &["--groups", "5"]);
    as_good_as_can_be(&document);
    assert_eq!(document.notices.iter().map(|notice| notice.code.as_str()).collect::<Vec<_>>(), ["encoding"]);
    assert_eq!(crate::command::groups(&document), crate::command::groups(&solve(&clean, &["--groups", "5"])));
}

/// Cells that a notice must name.
fn messy(list: &str, odd: &[(&str, &str)]) {
    let document = solve(list, &["--groups", "5"]);
    as_good_as_can_be(&document);
    assert!(document.groups.iter().enumerate().all(|(g, group)| group.id == format!("七（3）班/{}", g + 1)));
    for (code, place) in odd {
        let there = document.notices.iter().any(|n| n.code == *code && n.place.contains(place));
        assert!(there, "no {code} at {place} in {:#?}", document.notices);
    }
}

#[test]
fn messy_workbooks_are_as_good_and_every_odd_cell_is_named() {
    let skipped = [
        ("titles_skipped", "七（3）班!1:2"),
        ("statistics_skipped", "七（3）班!55"),
        ("notes_skipped", "七（3）班!56"),
    ];
    let merged = [("class_merged", "七（3）班!E5:E54"), ("score_absent", "G10")];
    if let Some(list) = shared("class50_messy.xlsx") {
        let own = [("score_missing", "H20"), ("formula_not_computed", "I5:I54"), ("sheet_skipped", "Sheet2")];
        messy(&list, &[&skipped[..], &merged[..], &own[..]].concat());
    }
    let own =
        [("sheet_skipped", "备注说明"), ("full_width", "F16"), ("number_as_text", "H25"), ("odd_spaces", "C11:C12")];
    messy(&dataset("class50_messy.xlsx"), &[&skipped[..], &merged[..], &own[..]].concat());
}

#[test]
fn english_list_without_ids_and_with_named_columns() {
    let Some(list) = shared("uci-student-por-a.csv") else { return };
    let folder = Folder::new();
    let columns = [
        "score:G1=G1",
        "score:G2=G2",
        "score:G3=G3",
        "gender=sex",
        "category:address=address",
        "category:schoolsup=schoolsup",
    ];
    let named: Vec<&str> = columns.iter().flat_map(|column| ["--column", column]).collect();
    let plan = folder.path("plan.json");
    let document = solve(&list, &[&["--groups", "25", "--output", &plan], named.as_slice()].concat());
    assert_eq!(document.input.students, 249);
    assert_eq!(sizes(&document), [vec![10; 24], vec![9]].concat());
    for column in ["G1", "G2", "G3", "gender=male", "gender=female", "address=U", "schoolsup=yes"] {
        assert_eq!(counts(&document, column).len(), 25);
    }
    for name in ["tiers", "counts"] {
        proved(&document, name);
    }
    assert!(document.notices.iter().any(|notice| notice.code == "id_row_numbers"));
    agrees(&plan, &list, &named);

    // Marks whose headers nobody knows are asked about, not passed over.
    let refused = fenzu(&["solve", &list, "--groups", "25"]).code(2);
    assert!(refused.err.contains("[column_unused]") && refused.err.contains("--column score:G1=G1"), "{}", refused.err);
    let document = solve(&list, &["--groups", "25", "--accept-reading", "--output", &plan]);
    assert_eq!(sizes(&document), [vec![10; 24], vec![9]].concat());
    proved(&document, "counts");
    agrees(&plan, &list, &["--accept-reading"]);
}

/// Solves a list and holds what every class must show: tiers at their flow bound, an agreeing check.
fn tiers_are_proved(text: &str, into: usize, expected: &[usize]) -> Document {
    let folder = Folder::new();
    let (list, plan) = (folder.write("list.csv", text), folder.path("plan.json"));
    let document = solve(&list, &["--groups", &into.to_string(), "--output", &plan]);
    assert_eq!(sizes(&document), expected);
    proved(&document, "tiers");
    assert_eq!(goal(&document, "tiers").proof, Some(Proof::ClosedForm));
    agrees(&plan, &list, &[]);
    document
}

#[test]
fn odd_classes_have_tiers_at_their_bound() {
    let sample = |students| class_csv(&ClassSpec { students, ..ClassSpec::default() });
    tiers_are_proved(&sample(47), 5, &[10, 10, 9, 9, 9]);
    tiers_are_proved(&sample(36), 6, &[6; 6]);
    let twelve = tiers_are_proved(&sample(12), 3, &[4; 3]);
    proved(&twelve, "means");
}

#[test]
fn fifty_with_24_boys_into_four_groups() {
    let text = class_csv(&ClassSpec { tiers: TierColumn::Absent, ..ClassSpec::default() });
    let mut lines = text.lines();
    let mut list = lines.next().expect("a header").to_owned();
    for (i, line) in lines.enumerate() {
        let gender = if i < 24 { "男" } else { "女" };
        list += &format!("\n{}", line.replace(['男', '女'], gender));
    }
    let document = tiers_are_proved(&list, 4, &[13, 13, 12, 12]);
    // 24 in 50 are 6.24 of 13 and 5.76 of 12.
    let boys = counts(&document, "gender=male");
    for (group, &boys) in document.groups.iter().zip(&boys) {
        let allowed = if group.students.len() == 13 { [6.0, 7.0] } else { [5.0, 6.0] };
        assert!(allowed.contains(&boys), "{boys} boys of {}", group.students.len());
    }
    proved(&document, "counts");
    assert!(document.notices.iter().any(|notice| notice.code == "tiers_by_rank"), "{:?}", document.notices);
}

#[test]
fn a_tier_column_that_is_not_3_5_2_is_shared_out_as_it_is() {
    let text = class_csv(&ClassSpec { tiers: TierColumn::Absent, ..ClassSpec::default() });
    let tier = |s: usize| ["top", "middle", "struggling"][usize::from(s >= 12) + usize::from(s >= 40)];
    let lines = text.lines().enumerate();
    let list: Vec<String> = lines
        .map(|(i, line)| if i == 0 { format!("{line},tier") } else { format!("{line},{}", tier(i - 1)) })
        .collect();
    let document = tiers_are_proved(&list.join("\n"), 5, &[10; 5]);
    TIERS.iter().for_each(|tier| shared_evenly(&document, tier));
    assert_eq!(counts(&document, "tier=middle").iter().sum::<f64>(), 28.0);
}

/// One message a cause: what is blank, and what is no tier.
#[test]
fn cells_that_are_no_tier_are_told_together() {
    let folder = Folder::new();
    let row = |n: usize| format!("S{n},Student {n},{},{}\n", 60 + n, ["gold", "silver", ""][n % 3]);
    let list = folder.write("list.csv", format!("id,name,math,tier\n{}", (1..=12).map(row).collect::<String>()));
    let ended = fenzu(&["solve", &list, "--groups", "3"]).code(2);
    for code in ["tier_unknown", "tier_missing"] {
        assert_eq!(ended.err.matches(code).count(), 1, "{}", ended.err);
    }
    assert!(ended.err.contains("8 in “tier”: “silver”, “gold”"), "{}", ended.err);
    assert!(ended.err.contains("4 blank in “tier”"), "{}", ended.err);
}

#[test]
fn one_second_is_enough_for_an_answer_on_300_students() {
    let folder = Folder::new();
    let list = folder.write("list.csv", class_csv(&ClassSpec { students: 300, subjects: 8, ..ClassSpec::default() }));
    let args = ["solve", &list, "--groups", "30", "--time-limit", "1", "--format", "json"];
    let start = Instant::now();
    let output = command(&args).output().expect("the program starts");
    let wall = start.elapsed().as_secs_f64();
    let document: Document = serde_json::from_slice(&output.stdout).expect("a plan");
    // 1.01 s measured, 1.5 s promised; the rest is for machines that do other things at the same time.
    assert!(wall < 3.0, "{wall} s");
    assert_eq!((document.stop, sizes(&document)), (StopReason::TimeLimit, vec![10; 30]));
    assert_eq!(
        document.goals.iter().map(|goal| goal.name.as_str()).collect::<Vec<_>>(),
        ["tiers", "counts", "means", "worst", "spread"]
    );
    for goal in &document.goals {
        assert!(goal.value.is_finite() && goal.value >= goal.bound && goal.bound >= 0.0, "{goal:?}");
        assert!(goal.scaled >= goal.scaled_bound && (goal.scaled == goal.scaled_bound) == goal.proved, "{goal:?}");
        // value and bound are the same scaled numbers in one unit, so their difference is the gap.
        let (shown, scaled) = (goal.value * goal.scaled_bound as f64, goal.bound * goal.scaled as f64);
        assert!((shown - scaled).abs() <= 1e-9 * shown.abs().max(1.0), "{goal:?}");
    }
    for name in ["tiers", "counts"] {
        proved(&document, name);
    }
}
