//! Last semester's groups from a file: read, told, and used for a plan.

use crate::command::dataset;
use crate::service_client::Server;
use serde_json::{Value, json};

fn planned(server: &Server, groups: usize) -> (String, Value) {
    let list = server.list("class50.csv", &std::fs::read(dataset("class50.csv")).expect("the sample class"));
    let plan = server.plan(&json!({"list": list, "groups": groups}));
    (list, plan)
}

/// Groups of a plan, each with its students in order.
fn groups(plan: &Value) -> Vec<Vec<&str>> {
    let groups = plan["plan"]["groups"].as_array().expect("groups").iter();
    let mut groups: Vec<Vec<&str>> = groups
        .map(|group| group["students"].as_array().expect("students").iter().filter_map(Value::as_str).collect())
        .collect();
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups.sort();
    groups
}

#[test]
fn every_export_is_last_semesters_groups() {
    let server = Server::start();
    let (list, plan) = planned(&server, 5);
    let id = plan["id"].as_str().expect("an id");
    for format in ["xlsx", "csv", "json"] {
        let file = server.get(&format!("/v1/plans/{id}/export?format={format}")).status(200).body;
        let parts: [(&str, &str, &[u8]); 2] =
            [("file", &format!("spring.{format}"), &file), ("list", "", list.as_bytes())];
        let read = server.upload("/v1/groups", &parts).status(200).json();
        assert_eq!(
            (read["matched"].as_u64(), read["groups"].as_array().map(Vec::len)),
            (Some(50), Some(50)),
            "{format}"
        );
        // Kept, they are the same groups; mixed, there is a goal for it and partners are others.
        let asked =
            |keep: bool| json!({"list": list, "groups": 5, "keep": keep, "previous": {"groups": read["groups"]}});
        assert_eq!(groups(&server.plan(&asked(true))), groups(&plan), "{format}");
        let mixed = server.plan(&asked(false));
        let goals = mixed["plan"]["goals"].as_array().expect("goals");
        assert!(goals.iter().any(|goal| goal["name"] == "partners"), "{goals:?}");
        assert_ne!(groups(&mixed), groups(&plan));
        let judged = json!({"list": list, "plan": mixed["plan"], "previous": {"groups": read["groups"]}});
        let verdicts = server.post("/v1/check", &judged).status(200).json();
        assert_eq!(verdicts["verdicts"][0]["findings"], json!([]), "{verdicts}");
    }
}

/// 七3 of last year is 八3 now: nobody is found under the old class, and everybody by id.
#[test]
fn a_class_that_was_renamed_is_found_by_its_ids() {
    let server = Server::start();
    let rows = |class: &str| -> String { (1..=8).map(|n| format!("{class},S{n},{}\n", 50 + n * 5)).collect() };
    let list = server.list("now.csv", format!("班级,学号,数学\n{}", rows("八3")).as_bytes());
    let old: String = (1..=8).map(|n| format!("七3,S{n},{}\n", n % 2 + 1)).collect();
    let old = format!("班级,学号,小组\n{old}");
    let parts: [(&str, &str, &[u8]); 2] = [("file", "old.csv", old.as_bytes()), ("list", "", list.as_bytes())];
    let read = server.upload("/v1/groups", &parts).status(200).json();
    assert_eq!(read["matched"], 8);
    let plan = server.plan(&json!({"list": list, "groups": 2, "keep": true, "previous": {"groups": read["groups"]}}));
    let moves = plan["plan"]["goals"].as_array().expect("goals").iter().find(|goal| goal["name"] == "moves");
    assert_eq!(moves.map(|goal| &goal["value"]), Some(&json!(0.0)), "{plan}");
}

#[test]
fn groups_of_others_and_twice_are_refused() {
    let server = Server::start();
    let (list, _) = planned(&server, 5);
    let other = "学号,小组\nX1,1\nX2,2\n".as_bytes();
    let parts: [(&str, &str, &[u8]); 2] = [("file", "other.csv", other), ("list", "", list.as_bytes())];
    server.upload("/v1/groups", &parts).problem(422, "previous_unmatched");
    let alone = server.upload("/v1/groups", &[("file", "other.csv", other)]).status(200).json();
    assert!(alone["matched"].is_null());
    server.upload("/v1/groups", &[("file", "no.csv", b"a,b\n1,2\n")]).problem(422, "plan_columns");
    let seat = json!({"student": "S001", "group": "1"});
    let asked = |groups: Value| json!({"list": list, "groups": 5, "previous": {"groups": groups}});
    server.post("/v1/plans", &asked(json!([]))).problem(422, "no_groups");
    server.post("/v1/plans", &asked(json!([{"student": "X1", "group": "1"}]))).problem(422, "previous_unmatched");
    let twice = json!({"list": list, "groups": 5, "previous": {"groups": [seat, seat]}});
    server.post("/v1/plans", &twice).problem(422, "student_twice");
}
