//! Editing by hand: what moves would change, new plans from moves, solving again around those who stay.

use crate::command::dataset;
use crate::service_client::Server;
use crate::staffing_school::teachers;
use fenzu::check;
use fenzu::jobs::PlanRequest;
use fenzu::jobs::plan::{File, Input, Ready, ready, reopened};
use fenzu::jobs::request::Size;
use fenzu::plan::document::Document;
use fenzu::roster::Limits;
use fenzu::solver::Stop;
use fenzu::words::Lang;
use serde_json::{Value, json};
use std::time::Duration;

fn planned(server: &Server) -> (String, Value) {
    let bytes = std::fs::read(dataset("class50_messy.xlsx")).expect("the sample class");
    let list = server.list("class50_messy.xlsx", &bytes);
    (list.clone(), server.plan(&json!({"list": list, "groups": 5})))
}

fn id(answer: &Value) -> &str {
    answer["id"].as_str().expect("an id")
}

fn student(plan: &Value, group: usize, at: usize) -> String {
    plan["plan"]["groups"][group]["students"][at].as_str().expect("a student").to_owned()
}

/// Two students of different groups with the same tier and gender are hard to find blindly; any two will do to see effects.
#[test]
fn a_swap_is_priced_and_made() {
    let server = Server::start();
    let (list, plan) = planned(&server);
    let (a, b) = (student(&plan, 0, 0), student(&plan, 1, 0));
    let place = format!("/v1/plans/{}/moves", id(&plan));
    let swap = |apply: bool| json!({"moves": [{"swap": [a, b]}], "apply": apply});
    let looked = server.post(&place, &swap(false)).status(200).json();
    assert!(looked["plan"].is_null());
    let goals = looked["goals"].as_array().expect("goals");
    let before: Vec<&Value> = goals.iter().map(|goal| &goal["before_scaled"]).collect();
    let told: Vec<&Value> =
        plan["plan"]["goals"].as_array().expect("goals").iter().map(|goal| &goal["scaled"]).collect();
    assert_eq!(before, told, "before is what the plan says");
    assert!(goals.iter().any(|goal| goal["before_scaled"] != goal["after_scaled"]), "{goals:?}");

    let answer = server.post(&place, &swap(true)).status(201);
    let new = answer.header("location").expect("a place").to_owned();
    let made = server.get(&new).status(200).json();
    assert_eq!((&made["parent"], &made["state"]), (&plan["id"], &json!("done")));
    let after: Vec<&Value> = goals.iter().map(|goal| &goal["after_scaled"]).collect();
    let told: Vec<&Value> =
        made["plan"]["goals"].as_array().expect("goals").iter().map(|goal| &goal["scaled"]).collect();
    assert_eq!(after, told, "after is what the new plan says");
    let document: Document = serde_json::from_value(made["plan"].clone()).expect("a plan");
    assert!(document.groups[1].students.contains(&a) && document.groups[0].students.contains(&b));
    // The judge, who shares no code with the solver, agrees with every claim of the edited plan.
    let verdict = server.post("/v1/check", &json!({"list": list, "plan": made["plan"]})).status(200).json();
    assert_eq!(verdict["verdicts"][0]["agrees"], true, "{verdict:#}");
    // The first plan is as it was; moving back gives its values again, proofs and all.
    assert_eq!(server.get(&format!("/v1/plans/{}", id(&plan))).status(200).json(), plan);
    let back = server.post(&format!("{new}/moves"), &swap(true)).status(201).json();
    let back = server.get(&format!("/v1/plans/{}", back["plan"].as_str().expect("an id"))).status(200).json();
    let values = |plan: &Value| -> Vec<Value> {
        plan["plan"]["goals"].as_array().expect("goals").iter().map(|goal| goal["scaled"].clone()).collect()
    };
    assert_eq!(values(&back), values(&plan));
}

#[test]
fn a_move_that_breaks_a_rule_is_told_and_not_made() {
    let server = Server::start();
    let (_, plan) = planned(&server);
    let place = format!("/v1/plans/{}/moves", id(&plan));
    let two = [student(&plan, 0, 0), student(&plan, 0, 1)];
    let target = plan["plan"]["groups"][1]["id"].clone();
    let moves: Vec<Value> = two.iter().map(|student| json!({"student": student, "to": target})).collect();
    let looked = server.post(&place, &json!({"moves": moves})).status(200).json();
    assert!(!looked["broken"].as_array().expect("findings").is_empty(), "8 and 12 are not within one: {looked:#}");
    let refused = server.post(&place, &json!({"moves": moves, "apply": true})).status(422).json();
    assert!(!refused["faults"].as_array().expect("faults").is_empty());
    let unknown = json!({"moves": [{"student": "nobody", "to": target}, {"student": two[0], "to": "nowhere"}, {"swap": ["x", "y"]}]});
    let problem = server.post(&place, &unknown).problem(422, "unknown_student");
    assert_eq!(problem["faults"].as_array().map(Vec::len), Some(3), "{problem:#}");
    server.post(&place, &json!({"moves": [{"swap": ["x"]}]})).problem(422, "invalid_json");
}

/// Ten may move, forty stay.
#[test]
fn a_plan_is_improved_around_those_who_stay() {
    let server = Server::start();
    let (list, plan) = planned(&server);
    let free: Vec<String> = (0..5).flat_map(|group| [student(&plan, group, 0), student(&plan, group, 1)]).collect();
    let place = format!("/v1/plans/{}/improve", id(&plan));
    let wait = [("Prefer", "wait=60")];
    let new = server.post_with(&place, &wait, &json!({"free": free})).status(200).json();
    assert_eq!((&new["parent"], &new["state"]), (&plan["id"], &json!("done")), "{new:#}");
    let group_of = |plan: &Value, id: &str| {
        let groups = plan["plan"]["groups"].as_array().expect("groups");
        groups.iter().position(|group| group["students"].as_array().expect("students").iter().any(|other| other == id))
    };
    for group in 0..5 {
        for at in 2..10 {
            let stays = student(&plan, group, at);
            assert_eq!(group_of(&new, &stays), Some(group), "{stays} stays");
        }
    }
    let verdict = server.post("/v1/check", &json!({"list": list, "plan": new["plan"]})).status(200).json();
    assert_eq!(verdict["verdicts"][0]["agrees"], true, "{verdict:#}");
    let all: Vec<String> =
        (0..5).flat_map(|group| (0..10).map(move |at| (group, at))).map(|(g, at)| student(&plan, g, at)).collect();
    let same = server.post_with(&place, &wait, &json!({"locked": all})).status(200).json();
    assert_eq!(same["plan"]["groups"].as_array().expect("groups").len(), 5);
    assert!(all.iter().all(|id| group_of(&same, id) == group_of(&plan, id)));
    server.post(&place, &json!({})).problem(422, "locked_or_free");
    server.post(&place, &json!({"free": [], "locked": []})).problem(422, "locked_or_free");
    server.post(&place, &json!({"free": ["nobody"]})).problem(422, "unknown_student");
}

/// A class of 48 whose teacher takes four groups; without a staff list it would have five.
fn fitted() -> Input {
    let rows: String = (1..=48).map(|s| format!("A-{s:02},A,{}\n", 60 + s * 7 % 40)).collect();
    let file = |name: &str, text: String| File { name: name.to_owned(), bytes: text.into_bytes() };
    let request = PlanRequest { size: Some(Size::Range { min: 8, max: 13 }), ..PlanRequest::default() };
    Input {
        list: file("A.csv", format!("id,class,math\n{rows}")),
        overrides: Vec::new(),
        staff: Some(file("staff.csv", teachers(&["T1,Ann,A,4,,,,,"]))),
        earlier: None,
        request,
        limits: Limits::default(),
    }
}

fn groups(ready: &Ready) -> usize {
    ready.classes()[0].policy.groups
}

fn solved(ready: &Ready) -> Vec<Document> {
    let seconds = || Stop::after(Some(Duration::from_secs(20)));
    ready.solve(&seconds, &|_| ()).unwrap_or_else(|failure| panic!("{failure:?}"))
}

/// How many groups a plan has is settled with it, whatever a fit to the teachers would find under another clock.
#[test]
fn a_plan_is_reopened_with_its_number_of_groups() {
    let input = fitted();
    let documents = solved(&ready(&input, &Stop::after(None)).expect("no fault"));
    assert_eq!(documents[0].groups.len(), 4);
    let no_time = Stop::after(Some(Duration::ZERO));
    assert_eq!(groups(&ready(&input, &no_time).expect("no fault")), 5, "what a fit without time finds");
    let again = reopened(&input, &documents).expect("no fault");
    assert_eq!(groups(&again), 4);
    let class = &again.classes()[0];
    let group_of = check::plan_of(&class.roster, &documents[0]).expect("a plan").group_of;
    let edited = class.edited(&documents[0], group_of, Lang::En);
    assert_eq!(edited.findings, []);
    assert!(edited.document.notices.iter().any(|notice| notice.code == "groups_for_teachers"), "told as before");
}
