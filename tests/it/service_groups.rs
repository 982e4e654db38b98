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
    }
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
    let twice = json!({"list": list, "groups": 5, "previous": {"groups": [seat, seat]}});
    server.post("/v1/plans", &twice).problem(422, "student_twice");
}
