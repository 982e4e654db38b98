//! Batches through real HTTP: a school's lists up, plans as they come, all files in the end.

use crate::command::{Folder, fenzu};
use crate::jobs_bench::zipped;
use crate::service_client::Server;
use fenzu::jobs::Queue;
use fenzu::sample::{ClassSpec, class_csv};
use fenzu::store::{LOCAL, NewBatch, NewClass, Store, new_id, now};
use serde_json::{Value, json};
use std::io::{Cursor, Read};

fn class(seed: u64) -> String {
    class_csv(&ClassSpec { students: 20, seed, ..ClassSpec::default() })
}

fn ended(batch: &Value) -> bool {
    ["done", "failed"].contains(&batch["state"].as_str().unwrap_or_default())
}

#[test]
fn a_school_goes_up_and_its_files_come_back() {
    let server = Server::start();
    let lists: Vec<String> = (1..=3).map(class).collect();
    let request = json!({"groups": 4, "model": "responsibility-groups"}).to_string();
    let staff = "工号,姓名,任教班级,小组上限\nT1,教师一,7-1;7-2;7-3,6\nT2,教师二,7-1;7-2;7-3,6\n";
    let parts: [(&str, &str, &[u8]); 6] = [
        ("lists", "7-1.csv", lists[0].as_bytes()),
        ("lists", "7-2.csv", lists[1].as_bytes()),
        ("lists", "7-3.csv", lists[2].as_bytes()),
        ("lists", "7-4.csv", b"no list at all"),
        ("staff", "staff.csv", staff.as_bytes()),
        ("request", "", request.as_bytes()),
    ];
    let key = [("Idempotency-Key", "batch-1")];
    let answer = server.upload_with("/v1/batches", &key, &parts).status(202);
    let place = answer.header("location").expect("a place").to_owned();
    let again = server.upload_with("/v1/batches", &key, &parts).status(202).json();
    assert_eq!(again["id"], answer.json()["id"]);
    let batch = server.until(&place, ended);
    assert_eq!(batch["state"], "done", "{batch:#}");
    let classes = batch["classes"].as_array().expect("classes");
    let good: Vec<&Value> = classes.iter().filter(|class| class["state"] == "done").collect();
    assert_eq!(good.len(), 3, "{batch:#}");
    for class in good {
        let plan = server.get(&format!("{place}/classes/{}", class["id"].as_str().expect("an id"))).status(200).json();
        assert_eq!(plan["groups"].as_array().map(Vec::len), Some(4));
    }
    let broken: Vec<&Value> = classes.iter().filter(|class| class["state"] == "failed").collect();
    assert!(broken.iter().all(|class| class["error"]["faults"].is_array()), "{batch:#}");
    assert_eq!(batch["summary"]["teachers"].as_array().map(Vec::len), Some(2), "{batch:#}");
    let zip = server.get(&format!("{place}/result.zip")).status(200);
    let mut files = zip::ZipArchive::new(Cursor::new(zip.body)).expect("a zip");
    let mut summary = String::new();
    files.by_name("summary.json").expect("a summary").read_to_string(&mut summary).expect("text");
    assert_eq!(serde_json::from_str::<Value>(&summary).expect("JSON")["classes"], batch["summary"]["classes"]);
    assert!(files.file_names().flatten().any(|name| name.starts_with("public/")));
    server.delete(&place).status(204);
    server.get(&place).problem(404, "not_found");
}

/// What the settings say of lists holds for those of a batch.
#[test]
fn lists_of_a_batch_are_held_to_the_settings() {
    let server = Server::with(&[], &[("rows", "150")]);
    let (short, long) = (class(1), class_csv(&ClassSpec { students: 300, ..ClassSpec::default() }));
    let parts: [(&str, &str, &[u8]); 3] = [
        ("lists", "7-1.csv", short.as_bytes()),
        ("lists", "7-2.csv", long.as_bytes()),
        ("request", "", br#"{"groups": 4}"#),
    ];
    let answer = server.upload("/v1/batches", &parts).status(202);
    let batch = server.until(answer.header("location").expect("a place"), ended);
    let classes = batch["classes"].as_array().expect("classes");
    assert!(classes.iter().any(|class| class["state"] == "done"), "{batch:#}");
    let failed = classes.iter().find(|class| class["state"] == "failed").expect("the long one");
    assert_eq!(failed["error"]["faults"][0]["code"], "too_many_rows", "{failed:#}");
}

/// Without a staff list each class's files are made where it is solved; they are those of `fenzu school`, and a second list of a
/// class's name is refused with its fault, as there.
#[test]
fn files_of_classes_are_those_of_the_command() {
    let server = Server::start();
    let lists: Vec<String> = (1..=3).map(class).collect();
    let names = ["7-1.csv", "7-1.txt", "7-2.csv"];
    let lists: Vec<_> = names.iter().zip(lists).map(|(name, list)| ((*name).to_owned(), list.into_bytes())).collect();
    let lists = zipped(&lists);
    let request = json!({"groups": 4}).to_string();
    let parts: [(&str, &str, &[u8]); 2] = [("lists", "lists.zip", &lists), ("request", "", request.as_bytes())];
    let english = [("Accept-Language", "en")];
    let answer = server.upload_with("/v1/batches", &english, &parts).status(202);
    let place = answer.header("location").expect("a place").to_owned();
    let batch = server.until(&place, ended);
    assert_eq!(batch["state"], "done", "{batch:#}");
    let zip = server.get(&format!("{place}/result.zip")).status(200);
    let mut zip = zip::ZipArchive::new(Cursor::new(zip.body)).expect("a zip");

    let folder = Folder::new();
    let args = [
        "school",
        &folder.write("lists.zip", &lists),
        "--groups",
        "4",
        "--lang",
        "en",
        "--output",
        &folder.path("out"),
    ];
    // The second list of 7-1 is refused.
    fenzu(&args).code(2);
    let names: Vec<String> = zip.file_names().flatten().map(|name| name.into_owned()).collect();
    assert!(names.iter().any(|name| name == "classes/lists 7-1.json") && names.len() >= 9, "{names:?}");
    for name in names.iter().filter(|name| !name.starts_with("summary")) {
        let mut bytes = Vec::new();
        zip.by_name(name).expect("a file").read_to_end(&mut bytes).expect("whole");
        let there = std::fs::read(folder.path(&format!("out/{name}"))).expect(name);
        assert!(bytes == there, "{name}");
    }
    let told = std::fs::read_to_string(folder.path("out/summary.json")).expect("a summary");
    let told: Value = serde_json::from_str(&told).expect("JSON");
    let classes = |summary: &Value| -> Vec<[Value; 3]> {
        let classes = summary["classes"].as_array().expect("classes").iter();
        classes.map(|class| ["class", "file", "groups"].map(|key| class[key].clone())).collect()
    };
    assert_eq!(classes(&batch["summary"]), classes(&told));
    let refused = batch["summary"]["classes"].as_array().expect("classes").iter();
    let refused = refused.filter(|class| class["error"]["code"] == "class_repeated");
    assert_eq!(refused.count(), 1, "{batch:#}");
}

#[test]
fn a_batch_is_refused_or_stopped() {
    let server = Server::with(&["--no-work"], &[]);
    let list = class(1);
    let lists = ("lists", "7-1.csv", list.as_bytes());
    server.upload("/v1/batches", &[]).problem(422, "one_field");
    server.upload("/v1/batches", &[lists, ("request", "", b"{\"groups\": 0}")]).problem(422, "bad_sizing");
    server.upload("/v1/batches", &[lists, ("request", "", b"{\"whole\": true}")]).problem(422, "invalid_json");
    server.upload("/v1/batches", &[lists, ("request", "", b"{")]).problem(400, "invalid_json");
    let answer = server.upload("/v1/batches", &[lists]).status(202);
    let place = answer.header("location").expect("a place").to_owned();
    server.get(&format!("{place}/result.zip")).problem(409, "batch_not_done");
    server.ask("POST", &format!("{place}/stop"), &[], b"").status(202);
    let nobody = format!("{place}/classes/01a2b3c4-0000-7000-8000-000000000000");
    server.get(&nobody).problem(404, "not_found");
    server.get(&format!("{place}/classes/x")).problem(404, "not_found");
}

/// Of the 100 classes of a batch some are done when the service is killed; all are done when it was started again.
#[test]
fn a_killed_service_finishes_its_batch() {
    const CLASSES: usize = 100;
    let server = Server::start();
    let lists: Vec<(String, Vec<u8>)> =
        (1..=CLASSES).map(|c| (format!("c{c:03}.csv"), class(c as u64).into_bytes())).collect();
    let zip = zipped(&lists);
    let request = json!({"groups": 4}).to_string();
    let parts: [(&str, &str, &[u8]); 2] = [("lists", "lists.zip", &zip), ("request", "", request.as_bytes())];
    let answer = server.upload("/v1/batches", &parts).status(202);
    let place = answer.header("location").expect("a place").to_owned();
    let done = |batch: &Value| {
        let classes = batch["classes"].as_array().map_or(&[][..], Vec::as_slice);
        classes.iter().filter(|class| class["state"] == "done").count()
    };
    let broken_off = server.until(&place, |batch| done(batch) >= 3);
    assert!(done(&broken_off) < CLASSES, "it was too fast to be killed at work");
    let server = server.killed_and_started_again();
    let batch = server.until(&place, ended);
    assert_eq!((&batch["state"], done(&batch)), (&"done".into(), CLASSES), "{batch:#}");
    let mut names: Vec<&str> =
        batch["classes"].as_array().expect("classes").iter().filter_map(|c| c["class"].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), CLASSES);
    assert_eq!(batch["summary"]["classes"].as_array().map(Vec::len), Some(CLASSES));
}

/// Does it on the server's database, beside the server.
fn beside<T>(server: &Server, work: impl AsyncFnOnce(&str, Store) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let database = format!("sqlite:{}", server.folder.path("fenzu.db"));
        let store = Store::open(&database).await.expect("a database");
        work(&database, store).await
    })
}

/// A batch whose classes are known and wait.
async fn waiting(store: &Store, names: &[&'static str]) -> String {
    let classes: Vec<_> = names.iter().map(|class| NewClass { class, file: "a.csv", digest: "d", due: 0 }).collect();
    let batch = NewBatch { id: &new_id(), school: LOCAL, request: "{}", classes: &classes, ..NewBatch::default() };
    let batch = NewBatch { created: now(), ..batch };
    store.batches().insert(&batch, None).await.expect("a batch");
    batch.id.to_owned()
}

/// All its classes wait: none will end and bring the last step on, so the stop does.
#[test]
fn a_stopped_batch_gets_its_last_step_at_once() {
    let server = Server::with(&["--no-work"], &[]);
    let id = beside(&server, async |_, store| waiting(&store, &["7-1", "7-2"]).await);
    let live = || beside(&server, async |url, _| Queue::open(url).await.expect("a queue").live().await.expect("jobs"));
    assert!(live().is_empty());
    let stopped = server.ask("POST", &format!("/v1/batches/{id}/stop"), &[], b"").status(202).json();
    assert!(stopped["classes"].as_array().expect("classes").iter().all(|class| class["state"] == "cancelled"));
    assert!(live().contains(&format!("batch:{id}")), "{:?}", live());
}

/// Batches, and as soon as they are known their classes, take room as plans do.
#[test]
fn batches_take_room() {
    let server = Server::with(&["--no-work"], &[("open_plans", "3")]);
    let list = class(1);
    let lists = [("lists", "7-1.csv", list.as_bytes())];
    for _ in 0..3 {
        server.upload("/v1/batches", &lists).status(202);
    }
    let refused = server.upload("/v1/batches", &lists);
    assert!(refused.header("retry-after").is_some());
    refused.problem(429, "too_many_plans");
    let plan = json!({"list": {"students": [{"id": 1, "math": 50}, {"id": 2, "math": 60}]}, "groups": 1});
    server.post("/v1/plans", &plan).problem(429, "too_many_plans");
    let server = Server::with(&["--no-work"], &[("open_plans", "3")]);
    beside(&server, async |_, store| waiting(&store, &["7-1", "7-2"]).await);
    server.post("/v1/plans", &plan).problem(429, "too_many_plans");
    server.upload("/v1/batches", &lists).problem(429, "too_many_plans");
    // The queue of all schools counts batches, not their classes: one school's many must not close the door to the others.
    let server = Server::with(&["--no-work"], &[("queue", "2")]);
    beside(&server, async |_, store| waiting(&store, &["7-1", "7-2"]).await);
    server.upload("/v1/batches", &lists).status(202);
    server.post("/v1/plans", &plan).problem(503, "queue_full");
    server.upload("/v1/batches", &lists).problem(503, "queue_full");
}

/// Names that read backwards or hold what nobody sees do not become names of files.
#[test]
fn files_are_called_as_they_look() {
    let server = Server::start();
    let name = "七\u{202e}班\u{200b}1\u{feff}";
    let rows: String = (0..8).map(|i| format!("{i},n{i},{name},{}\n", 50 + i)).collect();
    let list = format!("id,name,class,math\n{rows}");
    let request = json!({"groups": 2}).to_string();
    let parts: [(&str, &str, &[u8]); 2] =
        [("lists", "a\u{202e}vsc.csv", list.as_bytes()), ("request", "", request.as_bytes())];
    let answer = server.upload("/v1/batches", &parts).status(202);
    let place = answer.header("location").expect("a place").to_owned();
    server.until(&place, ended);
    let zip = server.get(&format!("{place}/result.zip")).status(200);
    let files = zip::ZipArchive::new(Cursor::new(zip.body)).expect("a zip");
    let unseen = |c: char| ['\u{202e}', '\u{200b}', '\u{feff}'].contains(&c);
    let names: Vec<_> = files.file_names().flatten().map(|name| name.to_string()).collect();
    assert!(names.len() > 3 && !names.iter().any(|name| name.contains(unseen)), "{names:?}");
}
