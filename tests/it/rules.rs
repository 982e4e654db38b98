//! Rules files: what they may say, how they meet a list, and how everything wrong is told at once.

use fenzu::fault::Fault;
use fenzu::model::Rules;
use fenzu::model::rules::{check_ids, read_rules};
use fenzu::roster::{Roster, RowPlace, Student};

fn roster(students: &[(&str, &str)]) -> Roster {
    let student = |(class, id): &(&str, &str)| Student {
        id: (*id).to_owned(),
        name: format!("name of {id}"),
        class: (*class).to_owned(),
        row: RowPlace::default(),
    };
    Roster { file: "list.csv".to_owned(), students: students.iter().map(student).collect(), ..Roster::default() }
}

fn rules(json: &str) -> Rules {
    read_rules(json.as_bytes(), "rules.json").unwrap()
}

fn faults(json: &str) -> Vec<Fault> {
    read_rules(json.as_bytes(), "rules.json").expect_err("refused").0
}

fn told(faults: &[Fault]) -> Vec<(&str, &str)> {
    faults.iter().map(|fault| (fault.code, fault.place.as_str())).collect()
}

#[test]
fn rules_are_read_from_json_and_toml() {
    let json = r#"{"together": [["1", "2"]], "apart": [["3", "4", "5"]],
        "pin": [{"student": "6", "group": 2}], "never_alone": [{"column": "gender"}]}"#;
    let toml = "together = [['1', '2']]\napart = [['3', '4', '5']]\npin = [{ student = '6', group = 2 }]\n\
        never_alone = [{ column = 'gender' }]";
    assert_eq!(read_rules(toml.as_bytes(), "rules.toml").unwrap(), rules(json));
    assert_eq!(rules(json).pin[0].group, Some(2));
    assert!(rules("{}").is_empty());
}

#[test]
fn everything_wrong_in_a_file_is_told_at_once() {
    let bad = faults(
        r#"{"togther": [], "apart": [[], ["1"], ["2", "3", "2"], ["4", " "]],
            "pin": [{"student": "1"}, {"student": "2", "group": 0}, {"student": "3", "group": 1, "teacher": "t"},
                    {"student": "4", "teacher": "t"}, {"student": "4", "group": 2}],
            "never_alone": [{"column": "gender"}, {"column": "gender"}]}"#,
    );
    assert_eq!(
        told(&bad),
        [
            ("unknown_key", "rules.json togther"),
            ("out_of_range", "rules.json pin[1].group"),
            ("short_list", "rules.json apart[0]"),
            ("short_list", "rules.json apart[1]"),
            ("student_repeated", "rules.json apart[2][2]"),
            ("blank_text", "rules.json apart[3][1]"),
            ("pin_nowhere", "rules.json pin[0]"),
            ("pin_twofold", "rules.json pin[2]"),
            ("pin_repeated", "rules.json pin[4]"),
            ("column_repeated", "rules.json never_alone[1].column"),
        ]
    );
    assert_eq!(bad[0].action.en, "did you mean \"together\"?");
}

#[test]
fn ids_are_text() {
    let bad = faults(r#"{"apart": [[1, "2"], "3"]}"#);
    assert_eq!(told(&bad), [("wrong_type", "rules.json apart[0][0]"), ("wrong_type", "rules.json apart[1]")]);
    let long = serde_json::json!({"pin": [{"student": "/".repeat(201), "group": 1}]}).to_string();
    assert_eq!(told(&faults(&long)), [("long_text", "rules.json pin[0].student")]);
    assert_eq!(told(&faults("[]")), [("wrong_type", "rules.json")]);
    assert_eq!(told(&faults("{\"apart\": [}")), [("syntax", "rules.json line 1 column 12")]);
    assert_eq!(told(&faults(r#"{"apart": [], "apart": []}"#))[0].0, "syntax");
}

#[test]
fn the_number_of_entries_is_bounded() {
    let list: Vec<String> = (0..100_001).map(|i| i.to_string()).collect();
    let json = |list: &[String]| serde_json::json!({"apart": [list]}).to_string();
    assert_eq!(told(&faults(&json(&list))), [("too_many_rules", "rules.json")]);
    assert_eq!(rules(&json(&list[1..])).apart[0].len(), 100_000);
}

#[test]
fn unknown_students_are_all_named() {
    let list = roster(&[("", "S001"), ("", "S002"), ("", "S003")]);
    let asked = rules(
        r#"{"together": [["S001", "S002"]], "apart": [["S001", "S002", "S0O3"], ["王五", "name of S002"]],
            "pin": [{"student": "S009", "group": 1}, {"student": "S003", "group": 3}]}"#,
    );
    let bad = check_ids(&asked, &list, 2);
    assert_eq!(
        told(&bad),
        [
            ("unknown_student", "rules.apart[0][2]"),
            ("unknown_student", "rules.apart[1][0]"),
            ("unknown_student", "rules.apart[1][1]"),
            ("unknown_student", "rules.pin[0].student"),
            ("pin_group", "rules.pin (S003)"),
        ]
    );
    assert_eq!(bad[0].action.en, "did you mean \"S003\"?");
    assert_eq!(bad[1].action.en, "correct or remove it");
    assert_eq!(bad[2].action.en, "did you mean \"S002\"?");
    assert_eq!(told(&asked.for_classes(&list).unwrap_err().0), told(&bad[..4]));
    assert!(check_ids(&rules(r#"{"pin": [{"student": "S003", "group": 2}]}"#), &list, 2).is_empty());
}

#[test]
fn a_rule_goes_to_the_class_that_holds_its_students() {
    let list = roster(&[("A", "1"), ("A", "2"), ("B", "2"), ("B", "3"), ("B", "x/4")]);
    let split = rules(
        r#"{"together": [["1", "2"]], "apart": [["2", "3"], ["B/2", "x/4"]], "pin": [{"student": "A/2", "group": 1}],
            "never_alone": [{"column": "gender"}]}"#,
    );
    let split = split.for_classes(&list).unwrap();
    assert_eq!(
        split[0],
        rules(
            r#"{"together": [["1", "2"]], "pin": [{"student": "2", "group": 1}], "never_alone": [{"column": "gender"}]}"#
        )
    );
    assert_eq!(split[1], rules(r#"{"apart": [["2", "3"], ["2", "x/4"]], "never_alone": [{"column": "gender"}]}"#));
}

#[test]
fn rules_without_one_class_are_refused() {
    let list = roster(&[("A", "1"), ("A", "2"), ("A", "5"), ("B", "2"), ("B", "3"), ("B", "5")]);
    let asked = rules(
        r#"{"together": [["1", "3"], ["2", "5"], ["C/1", "2"], ["A/2", "2", "1"]],
            "pin": [{"student": "2", "group": 1}, {"student": "B/3", "group": 1}, {"student": "3", "group": 2}]}"#,
    );
    assert_eq!(
        told(&asked.for_classes(&list).unwrap_err().0),
        [
            ("unknown_student", "rules.together[2][0]"),
            ("mixed_classes", "rules.together[0]"),
            ("ambiguous_student", "rules.together[1]"),
            ("ambiguous_student", "rules.pin[0]"),
            ("student_repeated", "rules (A/2)"),
            ("student_repeated", "rules (B/3)"),
        ]
    );
}

#[test]
fn a_pile_of_unknown_students_is_told_in_time() {
    let ids: Vec<(String, String)> = (0..20_000).map(|i| ("c".to_owned(), format!("S{i:06}"))).collect();
    let list = roster(&ids.iter().map(|(class, id)| (class.as_str(), id.as_str())).collect::<Vec<_>>());
    let strangers: Vec<String> = (0..50_000).map(|i| format!("T{i:06}")).collect();
    let asked = rules(&serde_json::json!({"apart": [strangers]}).to_string());
    let start = std::time::Instant::now();
    assert_eq!(check_ids(&asked, &list, 2).len(), 50_000);
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}
