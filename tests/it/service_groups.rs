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

/// 七3 of last year is 八3 now and has no ids: everybody is found by name, whichever way the old groups come.
#[test]
fn a_class_without_ids_is_found_by_its_names() {
    let server = Server::start();
    let names = ["王芳", "李娜", "张伟", "赵敏", "孙悦", "周杰", "吴静", "郑强"];
    let rows = |class: &str, order: &[usize]| -> String {
        let row = |&n: &usize| format!("{class},{},{}\n", names[n], 50 + n * 5);
        format!("班级,姓名,数学\n{}", order.iter().map(row).collect::<String>())
    };
    let then = server.list("then.csv", rows("七3", &[0, 1, 2, 3, 4, 5, 6, 7]).as_bytes());
    let old = server.plan(&json!({"list": then, "groups": 2}));
    let now = server.list("now.csv", rows("八3", &[5, 2, 7, 0, 3, 6, 1, 4]).as_bytes());
    let named = |plan: &Value, order: &[usize]| -> Vec<Vec<&str>> {
        let name = |id: &&str| names[order[id.parse::<usize>().expect("a row number") - 1]];
        let mut groups: Vec<Vec<&str>> = groups(plan).iter().map(|group| group.iter().map(name).collect()).collect();
        groups.iter_mut().for_each(|group| group.sort_unstable());
        groups.sort();
        groups
    };
    let plan = server.plan(&json!({"list": now, "groups": 2, "keep": true, "previous": old["id"]}));
    assert_eq!(named(&plan, &[5, 2, 7, 0, 3, 6, 1, 4]), named(&old, &[0, 1, 2, 3, 4, 5, 6, 7]));
    let notices = plan["plan"]["notices"].as_array().expect("notices");
    assert!(notices.iter().any(|notice| notice["code"] == "previous_class"), "{notices:?}");
    let judged = json!({"list": now, "plan": plan["plan"], "previous": old["id"], "keep": true});
    let verdicts = server.post("/v1/check", &judged).status(200).json();
    assert_eq!(verdicts["verdicts"][0]["findings"], json!([]), "{verdicts}");
    let file = "姓名,小组\n王芳,1\n李娜,2\n张伟,1\n赵敏,2\n孙悦,1\n周杰,2\n吴静,1\n郑强,2\n";
    let parts: [(&str, &str, &[u8]); 2] = [("file", "old.csv", file.as_bytes()), ("list", "", now.as_bytes())];
    let read = server.upload("/v1/groups", &parts).status(200).json();
    assert_eq!((&read["matched"], &read["groups"][0]["name"]), (&json!(8), &json!("王芳")));
    let plan = server.plan(&json!({"list": now, "groups": 2, "keep": true, "previous": {"groups": read["groups"]}}));
    let kept = [["吴静", "孙悦", "张伟", "王芳"], ["周杰", "李娜", "赵敏", "郑强"]];
    let mut kept = kept.map(|mut group| {
        group.sort_unstable();
        group.to_vec()
    });
    kept.sort();
    assert_eq!(named(&plan, &[5, 2, 7, 0, 3, 6, 1, 4]), kept);
    // A namesake who cannot be told is told of.
    let twice = file.replace("郑强,2", "王芳,2");
    let parts: [(&str, &str, &[u8]); 2] = [("file", "old.csv", twice.as_bytes()), ("list", "", now.as_bytes())];
    let read = server.upload("/v1/groups", &parts).status(200).json();
    assert!(read["notices"].as_array().expect("notices").iter().any(|notice| notice["code"] == "previous_unclear"));
    let plan = server.plan(&json!({"list": now, "groups": 2, "keep": true, "previous": {"groups": read["groups"]}}));
    let moves = plan["plan"]["goals"].as_array().expect("goals").iter().find(|goal| goal["name"] == "moves");
    assert_eq!(moves.map(|goal| &goal["proved"]), Some(&json!(false)), "{plan}");
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
    server.post("/v1/plans", &asked(json!([{"group": "1"}]))).problem(422, "no_student");
    let twice = json!({"list": list, "groups": 5, "previous": {"groups": [seat, seat]}});
    server.post("/v1/plans", &twice).problem(422, "student_twice");
}
