//! The service through real HTTP: lists, plans, files.

use crate::command::{self, dataset, timeless};
use crate::service_client::Server;
use fenzu::plan::document::{Document, Status};
use fenzu::sample::{ClassSpec, class_csv};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const XLSX: &str = "class50_messy.xlsx";

fn messy() -> Vec<u8> {
    std::fs::read(dataset(XLSX)).expect("the sample class")
}

/// A class of twelve without names.
fn small() -> Value {
    let student = |i: i64| json!({"id": format!("S{i:02}"), "gender": if i % 2 == 0 { "男" } else { "女" }, "数学": 40 + 7 * i % 50});
    json!({"students": (1..=12).map(student).collect::<Vec<_>>()})
}

/// The first lines of docs/api.md: upload, plan within the request, export; all under a second.
#[test]
fn a_list_goes_up_and_a_workbook_comes_back() {
    let server = Server::start();
    let bytes = messy();
    let start = Instant::now();
    let list = server.upload("/v1/lists", &[("file", XLSX, &bytes)]).status(201).json();
    assert_eq!(list["students"], 50);
    assert!(list["columns"].as_array().expect("columns").iter().any(|column| column["read_as"] == "score:math"));
    assert!(!list["notices"].as_array().expect("notices").is_empty());
    let asked = json!({"list": list["id"], "groups": 5});
    let answer = server.post_with("/v1/plans", &[("Prefer", "wait=10")], &asked).status(200);
    assert_eq!(answer.header("preference-applied"), Some("wait=10"));
    let location = answer.header("location").expect("a place").to_owned();
    let plan = answer.json();
    assert_eq!(location, format!("/v1/plans/{}", plan["id"].as_str().expect("an id")));
    assert_eq!((plan["state"].as_str(), plan["progress"].as_f64()), (Some("done"), Some(1.0)));
    let file = server.get(&format!("{location}/export?format=xlsx")).status(200);
    assert!(file.body.starts_with(b"PK"), "a workbook");
    eprintln!("upload, plan and export took {:?}", start.elapsed());
    assert_eq!(server.get(&location).status(200).json(), plan);
}

/// Who waits for a plan that nobody works on hears that somebody else has stopped it.
#[test]
fn a_plan_that_is_stopped_elsewhere_is_answered_at_once() {
    let server = Server::with(&["--no-work"], &[]);
    let asked = json!({"list": small(), "groups": 3});
    let key = ("Idempotency-Key", "one");
    let plan = server.post_with("/v1/plans", &[key], &asked).status(202).json();
    let start = Instant::now();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| server.post_with("/v1/plans", &[key, ("Prefer", "wait=60")], &asked));
        std::thread::sleep(Duration::from_secs(1));
        server.post(&format!("/v1/plans/{}/stop", plan["id"].as_str().expect("an id")), &json!({})).status(202);
        let answer = waiting.join().expect("an answer").status(200).json();
        assert_eq!((answer["id"].clone(), answer["state"].as_str()), (plan["id"].clone(), Some("cancelled")));
    });
    assert!(start.elapsed() < Duration::from_secs(30), "not after its minute: {:?}", start.elapsed());
}

/// The service answers exactly what the command line prints.
#[test]
fn the_plan_is_the_command_lines() {
    let server = Server::start();
    let list = server.list(XLSX, &messy());
    let plan = server.plan(&json!({"list": list, "groups": 5, "seed": 7}))["plan"].clone();
    let served: Document = serde_json::from_value(plan).expect("a plan");
    let printed = command::solve(&dataset(XLSX), &["--groups", "5", "--seed", "7"]);
    assert_eq!(timeless(served), timeless(printed));
}

#[test]
fn students_may_come_with_the_request() {
    let server = Server::start();
    let answer = server.plan(&json!({"list": small(), "groups": 3, "model": "project-teams"}));
    let document: Document = serde_json::from_value(answer["plan"].clone()).expect("a plan");
    assert!(matches!(document.status, Status::Optimal | Status::Feasible));
    assert_eq!(document.groups.len(), 3);
    assert_eq!(document.input.students, 12);
}

/// Everything that is wrong comes at once, in the caller's language, before anything is queued.
#[test]
fn faults_are_told_at_once() {
    let server = Server::start();
    let list = b"id,math\n1,90\n1,80\n2,abc\n";
    let problem = server.upload("/v1/lists", &[("file", "list.csv", list)]).problem(422, "bad_score");
    let faults = problem["faults"].as_array().expect("faults");
    assert!(faults.len() >= 2, "{problem:#}");
    let duplicate = faults.iter().find(|fault| fault["code"] == "duplicate_id").expect("the other fault");
    assert_eq!(duplicate["place"], "list.csv line 3 (A3)", "{problem:#}");
    let body = json!({"list": small(), "groups": 3, "rules": {"apart": [["S01", "S99"]], "pin": [{"student": "S98", "group": 1}]}});
    let problem = server.post_with("/v1/plans", &[("Accept-Language", "zh-CN")], &body).problem(422, "unknown_student");
    assert_eq!(problem["faults"].as_array().map(Vec::len), Some(2), "{problem:#}");
    assert_eq!(problem["title"], "输入有误");
    let body = json!({"list": small(), "groups": 0, "model": "none", "time_limit": 0});
    let problem = server.post("/v1/plans", &body).problem(422, "unknown_model");
    assert_eq!(problem["faults"].as_array().map(Vec::len), Some(3), "{problem:#}");
}

/// A proved no is a result.
#[test]
fn what_cannot_be_is_a_result() {
    let server = Server::start();
    let apart = json!({"apart": [["S01", "S02", "S03", "S04"]]});
    let answer = server.plan(&json!({"list": small(), "groups": 3, "rules": apart}));
    assert_eq!((&answer["state"], &answer["plan"]["status"]), (&json!("done"), &json!("infeasible")));
    assert!(!answer["plan"]["conflict"].as_array().expect("a conflict").is_empty());
    let id = answer["id"].as_str().expect("an id");
    server
        .post(&format!("/v1/plans/{id}/moves"), &json!({"moves": [{"swap": ["S01", "S02"]}]}))
        .problem(409, "plan_not_done");
}

#[test]
fn a_plan_comes_in_every_format() {
    let server = Server::start();
    let list = server.list(XLSX, &messy());
    let plan = server.plan(&json!({"list": list, "groups": 5}));
    let id = plan["id"].as_str().expect("an id");
    let export = |query: &str| server.get(&format!("/v1/plans/{id}/export?{query}"));
    let json = export("format=json").status(200);
    assert_eq!(json.json(), plan["plan"]);
    let csv = export("format=csv").status(200);
    assert_eq!(csv.text().lines().count(), 51);
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let page = export("format=html").status(200);
    assert!(page.header("content-security-policy").is_some_and(|policy| policy.contains("sandbox")));
    let public = export("format=csv&public=true").status(200).text();
    assert_eq!(public.lines().next(), Some("\u{feff}class,group,name"));
    assert!(public.lines().all(|line| line.split(',').count() == 3), "{public}");
    export("format=json&public=true").problem(422, "no_public_json");
    export("format=pdf").problem(400, "bad_query");
    export("public=true").problem(400, "bad_query");
    export("format=csv&colour=red").problem(400, "bad_query");
}

#[test]
fn the_same_key_does_it_once() {
    let server = Server::start();
    let key = [("Idempotency-Key", "k-1"), ("Prefer", "wait=60")];
    let body = json!({"list": small(), "groups": 3});
    let first = server.post_with("/v1/plans", &key, &body).status(200).json();
    let again = server.post_with("/v1/plans", &key, &body).status(200).json();
    assert_eq!(first, again);
    let other = json!({"list": small(), "groups": 4});
    server.post_with("/v1/plans", &key, &other).problem(422, "idempotency_key_reused");
    let part: [(&str, &str, &[u8]); 1] = [("file", "a.csv", b"id,math\n1,2\n2,3\n")];
    let key = [("Idempotency-Key", "k-2")];
    let first = server.upload_with("/v1/lists", &key, &part).status(201).json();
    assert_eq!(server.upload_with("/v1/lists", &key, &part).status(201).json(), first);
    // What was erased is no answer any more.
    server.delete(&format!("/v1/lists/{}", first["id"].as_str().expect("an id"))).status(204);
    assert_ne!(server.upload_with("/v1/lists", &key, &part).status(201).json()["id"], first["id"]);
    server.upload_with("/v1/lists", &[("Idempotency-Key", "")], &part).problem(400, "bad_idempotency_key");
    // A list read again and names of groups, too.
    let id = |answer: &Value, of: &str| answer[of].as_str().expect("an id").to_owned();
    let list = server.list("b.csv", b"id,math,x\n1,2,1\n2,3,2\n3,4,3\n4,5,4\n");
    let key = [("Idempotency-Key", "k-3")];
    let reread = || {
        let columns = json!({"columns": ["score:x=x"]});
        server.post_with(&format!("/v1/lists/{list}/columns"), &key, &columns).status(201).json()
    };
    assert_eq!(reread(), reread());
    let plan = server.plan(&json!({"list": list, "groups": 2}));
    let group = id(&plan["plan"]["groups"][0], "id");
    let key = [("Idempotency-Key", "k-4")];
    let named = |name: &str| {
        let names = json!({"names": [{"group": group, "name": name}]});
        server.post_with(&format!("/v1/plans/{}/names", id(&plan, "id")), &key, &names)
    };
    assert_eq!(named("A").status(201).json(), named("A").status(201).json());
    named("B").problem(422, "idempotency_key_reused");
}

#[test]
fn a_plan_can_be_stopped_watched_and_erased() {
    let server = Server::start();
    // Nine subjects in large groups: no proof within the limit.
    let list = server
        .list("class.csv", class_csv(&ClassSpec { students: 100, subjects: 9, ..ClassSpec::default() }).as_bytes());
    let asked = json!({"list": list, "groups": 5, "time_limit": 60, "prove": "all"});
    let answer = server.post("/v1/plans", &asked).status(202);
    let place = answer.header("location").expect("a place").to_owned();
    server.until(&place, |plan| plan["state"] == "running" && plan["progress"].as_f64() > Some(0.0));
    server.post(&format!("{place}/stop"), &json!(null)).status(202);
    let events = server.get(&format!("{place}/events")).status(200);
    assert_eq!(events.header("content-type"), Some("text/event-stream"));
    let names: Vec<String> =
        events.text().lines().filter_map(|line| line.strip_prefix("event: ").map(str::to_owned)).collect();
    assert!(names.ends_with(&["progress".into(), "plan".into(), "done".into()]), "{names:?}");
    let plan = server.get(&place).status(200).json();
    assert_eq!((&plan["state"], &plan["plan"]["stop"]), (&json!("done"), &json!("cancelled")));
    assert_eq!(plan["plan"]["groups"].as_array().map(Vec::len), Some(5));
    server.delete(&place).status(204);
    server.get(&place).problem(404, "not_found");
    server.delete(&place).problem(404, "not_found");
}

#[test]
fn plans_are_judged() {
    let server = Server::start();
    let list = server.list(XLSX, &messy());
    let mut plan = server.plan(&json!({"list": list, "groups": 5}))["plan"].clone();
    let verdict = server.post("/v1/check", &json!({"list": list, "plan": plan})).status(200).json();
    assert_eq!(verdict["verdicts"][0]["agrees"], true, "{verdict:#}");
    assert_eq!(verdict["verdicts"][0]["goals"][0]["name"], "tiers");
    plan["goals"][0]["scaled"] = json!(-1);
    let verdict = server.post("/v1/check", &json!({"list": list, "plan": plan})).status(200).json();
    assert_eq!(verdict["verdicts"][0]["agrees"], false);
    server.post("/v1/check", &json!({"list": list, "plan": {}})).problem(422, "plan_format");
}

/// A staff list gives the groups teachers; last semester's plan gives new partners.
#[test]
fn teachers_and_last_semester() {
    let server = Server::start();
    let list = server.list(XLSX, &messy());
    let staff = "工号,姓名,任教班级,小组上限\nT1,教师一,七（3）班,2\nT2,教师二,七（3）班,2\nT3,教师三,七（3）班,2\n";
    let sent = server.upload("/v1/staff", &[("file", "staff.csv", staff.as_bytes()), ("list", "", list.as_bytes())]);
    let staff = sent.status(201).json();
    assert_eq!(staff["teachers"], 3);
    let first = server.plan(&json!({"list": list, "groups": 5, "staff": staff["id"]}));
    let groups = first["plan"]["groups"].as_array().expect("groups");
    assert!(groups.iter().all(|group| group["teacher"].is_string()), "{groups:?}");
    let next = server.plan(&json!({"list": list, "groups": 5, "previous": first["id"]}));
    assert!(next["plan"]["goals"].as_array().expect("goals").iter().any(|goal| goal["name"] == "partners"));
    assert!(next["plan"]["request"]["previous_sha256"].is_string());
    let unknown = "01a2b3c4-0000-7000-8000-000000000000";
    server.post("/v1/plans", &json!({"list": list, "previous": unknown})).problem(404, "unknown_previous");
    server.post("/v1/plans", &json!({"list": list, "staff": unknown})).problem(404, "unknown_staff");
    server.post("/v1/plans", &json!({"list": unknown})).problem(404, "unknown_list");
}

/// Everything out, everything away.
#[test]
fn a_schools_data_goes_out_and_away() {
    let server = Server::start();
    let list = server.list(XLSX, &messy());
    let id = server.plan(&json!({"list": list, "groups": 5}))["id"].as_str().expect("an id").to_owned();
    let zip = server.get("/v1/schools/me/data").status(200);
    let names = zip::ZipArchive::new(std::io::Cursor::new(zip.body)).expect("a zip");
    assert!(names.index_for_name(&format!("plans/{id}.json")).is_some());
    let erased = server.delete("/v1/schools/me/data").status(200).json();
    assert_eq!((&erased["plans"], &erased["lists"]), (&json!(1), &json!(1)));
    server.get(&format!("/v1/plans/{id}")).problem(404, "not_found");
}

/// Asked to end, the service ends well, and what was queued is there after the next start.
#[test]
fn an_end_loses_nothing() {
    let mut server = Server::with(&["--no-work"], &[]);
    let place = server.post("/v1/plans", &json!({"list": small(), "groups": 3})).status(202);
    let place = place.header("location").expect("a place").to_owned();
    assert_eq!(server.end(), Some(0), "{}", server.log());
    let folder = std::mem::replace(&mut server.folder, command::Folder::new());
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    let server = Server::on(folder, &database, &[], &[]);
    server.until(&place, |plan| plan["state"] == "done");
}

/// A service may give less time than the usual ten seconds, and more than a minute.
#[test]
fn the_time_is_what_the_service_gives() {
    let body = |seconds: Option<f64>| {
        let mut body = json!({"list": small(), "groups": 3});
        body.as_object_mut()
            .expect("an object")
            .extend(seconds.map(|seconds| ("time_limit".to_owned(), json!(seconds))));
        body
    };
    let mut server = Server::start();
    let patient = server.plan(&body(Some(20.0)))["id"].as_str().expect("an id").to_owned();
    assert_eq!(server.end(), Some(0));
    let folder = std::mem::replace(&mut server.folder, command::Folder::new());
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    let server = Server::on(folder, &database, &[], &[("plan_seconds", "2")]);
    assert_eq!(server.plan(&body(None))["state"], "done");
    server.plan(&body(Some(2.0)));
    server.post("/v1/plans", &body(Some(2.5))).problem(422, "bad_time_limit");
    let place = format!("/v1/plans/{patient}/improve");
    server.post(&place, &json!({"locked": []})).status(202);
    server.post(&place, &json!({"locked": [], "time_limit": 20})).problem(422, "bad_time_limit");
    server.upload("/v1/batches", &[("lists", XLSX, &messy())]).status(202);
    let generous = Server::with(&["--no-work"], &[("plan_seconds", "90")]);
    generous.post("/v1/plans", &body(Some(90.0))).status(202);
    generous.post("/v1/plans", &body(Some(90.5))).problem(422, "bad_time_limit");
    let request = |seconds: u32| json!({"time_limit": seconds}).to_string();
    let batch = |request: String| {
        generous.upload("/v1/batches", &[("lists", XLSX, &messy()), ("request", "", request.as_bytes())])
    };
    batch(request(90)).status(202);
    batch(request(91)).problem(422, "bad_time_limit");
}

/// Names of everything that is stored, by folder.
fn stored(server: &Server, folder: &str) -> usize {
    let zip = server.get("/v1/schools/me/data").status(200);
    let names = zip::ZipArchive::new(std::io::Cursor::new(zip.body)).expect("a zip");
    let of_folder = names.file_names().flatten().filter(|name| name.starts_with(folder));
    // A list is two entries, about.json and the file itself.
    of_folder.filter(|name| name.ends_with(".json") && !name.contains("/list/")).count()
}

/// Students that came with a plan are kept with it and go with the last plan made from them.
#[test]
fn given_students_live_as_long_as_their_plans() {
    let server = Server::start();
    let key = [("Idempotency-Key", "once"), ("Prefer", "wait=60")];
    let body = json!({"list": small(), "groups": 3});
    let plan = server.post_with("/v1/plans", &key, &body).status(200).json();
    server.post_with("/v1/plans", &key, &body).status(200);
    assert_eq!(stored(&server, "lists/"), 1, "the same request again keeps nothing");
    let place = |plan: &Value| format!("/v1/plans/{}", plan.as_str().expect("an id"));
    let groups = &plan["plan"]["groups"];
    let swap = json!([groups[0]["students"][0], groups[1]["students"][0]]);
    let edit = json!({"moves": [{"swap": swap}], "apply": true});
    let child = server.post(&format!("{}/moves", place(&plan["id"])), &edit).status(201).json();
    server.delete(&place(&plan["id"])).status(204);
    assert_eq!(stored(&server, "lists/"), 1, "the edited plan needs it");
    server.get(&format!("{}/export?format=csv", place(&child["plan"]))).status(200);
    server.delete(&place(&child["plan"])).status(204);
    assert_eq!((stored(&server, "lists/"), stored(&server, "plans/")), (0, 0));
    // An uploaded list stays.
    let list = server.list(XLSX, &messy());
    let plan = server.plan(&json!({"list": list, "groups": 5}));
    server.delete(&place(&plan["id"])).status(204);
    assert_eq!(stored(&server, "lists/"), 1);
}

#[test]
fn a_refused_plan_leaves_no_students() {
    let server = Server::with(&["--no-work"], &[("open_plans", "1")]);
    server.post("/v1/plans", &json!({"list": small(), "groups": 3})).status(202);
    server.post("/v1/plans", &json!({"list": small(), "groups": 3})).problem(429, "too_many_plans");
    server.post("/v1/plans", &json!({"list": small(), "groups": 0})).problem(429, "too_many_plans");
    assert_eq!((stored(&server, "lists/"), stored(&server, "plans/")), (1, 1));
}

#[test]
fn lists_and_staff_lists_can_be_erased() {
    let server = Server::start();
    let list = server.list(XLSX, &messy());
    let staff = "工号,姓名,任教班级,小组上限\nT1,教师一,七（3）班,5\n";
    let sent = server.upload("/v1/staff", &[("file", "staff.csv", staff.as_bytes()), ("list", "", list.as_bytes())]);
    let staff = sent.status(201).json()["id"].as_str().expect("an id").to_owned();
    let staffed = server.plan(&json!({"list": list, "groups": 5, "staff": staff}));
    server.plan(&json!({"list": list, "groups": 5}));
    server.delete(&format!("/v1/staff/{staff}")).status(204);
    assert_eq!((stored(&server, "lists/"), stored(&server, "staff/"), stored(&server, "plans/")), (1, 0, 1));
    server.get(&format!("/v1/plans/{}", staffed["id"].as_str().expect("an id"))).problem(404, "not_found");
    server.delete(&format!("/v1/staff/{staff}")).problem(404, "not_found");
    server.delete(&format!("/v1/lists/{list}")).status(204);
    assert_eq!((stored(&server, "lists/"), stored(&server, "plans/")), (0, 0));
    server.delete(&format!("/v1/lists/{list}")).problem(404, "not_found");
    server.delete("/v1/lists/x").problem(404, "not_found");
}
