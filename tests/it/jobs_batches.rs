//! Batches: a school's lists as one request, every class a job, and the files of `fenzu school` at the end.

use crate::command::command;
use crate::jobs_bench::{Bench, class, file, on_both, zipped};
use crate::postgres;
use fenzu::jobs::{Job, Kind, PlanRequest, SILENCE};
use fenzu::plan::document::Document;
use fenzu::sample::{SchoolSpec, school};
use fenzu::school::Summary;
use fenzu::store::{Class, FileKind, LOCAL, State};
use fenzu::words::Lang;
use serde_json::{Value, json};
use sqlx::{Connection, Executor, PgConnection};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// `summary.json` without the seconds of the run.
fn summary(files: &BTreeMap<String, Vec<u8>>) -> Value {
    let mut summary: Value = serde_json::from_slice(&files["summary.json"]).expect("JSON");
    summary["elapsed_seconds"] = json!(0);
    summary
}

/// All files below a folder but those that differ from run to run.
fn folder(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![path.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                open.push(entry);
            } else {
                let name = entry.strip_prefix(path).expect("below").to_string_lossy().into_owned();
                files.insert(name, std::fs::read(&entry).expect("a file"));
            }
        }
    }
    files.remove(".fenzu/lock");
    files
}

fn small(count: u64) -> Vec<(String, Vec<u8>)> {
    (1..=count).map(|seed| (format!("c{seed:03}.csv"), class(12, 1, seed))).collect()
}

/// A batch of small classes as a zip.
async fn batch_of(bench: &Bench, lists: &[(String, Vec<u8>)], request: &Value) -> String {
    bench.batch(&[file(FileKind::Zip, "lists.zip", &zipped(lists))], request).await
}

#[test]
fn a_batch_is_the_school_of_the_command_line() {
    on_both(async |bench| {
        let made = school(&SchoolSpec { classes: 4, lang: Lang::En, seed: 3 });
        let lists: Vec<_> = made.lists.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
        let (zip, staff) = (zipped(&lists), made.staff.into_bytes());
        let files = [file(FileKind::Zip, "lists.zip", &zip), file(FileKind::Staff, "staff.csv", &staff)];
        let id = bench.batch(&files, &json!({"lang": "en"})).await;
        let worker = bench.worker();
        let batch = bench.batch_ended(&id).await;
        assert_eq!(batch.state, State::Done, "{:?}", batch.error);
        bench.no_job_left().await;
        drop(worker);
        let request: PlanRequest = serde_json::from_str(&batch.request).expect("a request");
        let numbers = request.fitted.expect("the numbers of groups that all processes take");
        assert_eq!(numbers.groups.len(), 4);

        bench.file("lists.zip", &zip);
        bench.file("staff.csv", &staff);
        let mut run = command(&["school", "lists.zip", "--teachers", "staff.csv", "--output", "out"]);
        assert_eq!(run.current_dir(bench.folder()).status().expect("it runs").code(), Some(0));
        let (ours, theirs) = (bench.result(&id).await, folder(&bench.folder().join("out")));
        let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&ours), names(&theirs));
        for (name, bytes) in theirs.iter().filter(|(name, _)| *name != "summary.json") {
            assert!(&ours[name] == bytes, "{name} differs");
        }
        assert_eq!(summary(&ours), summary(&theirs));
        let told: Summary = serde_json::from_str(batch.summary.as_deref().expect("a summary")).expect("a summary");
        assert_eq!(told.classes.len(), 4);
        assert!(told.teachers.iter().any(|teacher| !teacher.groups.is_empty()), "groups have teachers");
    });
}

#[test]
fn classes_are_there_before_the_batch_ends_and_a_bad_one_stops_no_other() {
    on_both(async |bench| {
        let mut lists = small(5);
        lists.push(("bad.csv".to_owned(), b"id,name,math\n1,A,90\n1,B,80\n".to_vec()));
        let id = batch_of(&bench, &lists, &json!({"groups": 3})).await;
        let _worker = bench.worker();
        let first = bench.classes_ended(&id, 1).await;
        assert_eq!(first.len(), 6, "all classes are known");
        let done = bench.classes_ended(&id, 6).await;
        for class in &done {
            let document = bench.store.classes().document(LOCAL, &class.id).await.expect("an answer");
            if class.class == "bad" {
                assert_eq!((class.state, document), (State::Failed, None));
                assert!(class.error.as_deref().is_some_and(|error| error.contains("duplicate_id")));
            } else {
                let document: Document = serde_json::from_str(&document.expect("a plan")).expect("a plan");
                assert_eq!((class.state, document.groups.len()), (State::Done, 3));
            }
        }
        assert_eq!(bench.batch_ended(&id).await.state, State::Done);
        let files = bench.result(&id).await;
        assert!(files.contains_key("classes/c001.xlsx") && files.contains_key("public/c005.html"));
        let states: Vec<_> = summary(&files)["classes"]
            .as_array()
            .expect("classes")
            .iter()
            .map(|class| class["state"].as_str().expect("a state").to_owned())
            .collect();
        assert_eq!(states.iter().filter(|state| *state == "done").count(), 5);
        assert_eq!(states.iter().filter(|state| *state == "refused").count(), 1);
    });
}

#[test]
fn a_class_that_kills_its_workers_is_buried_and_the_batch_ends() {
    on_both(async |bench| {
        let mut lists = small(8);
        lists.push(("crash.csv".to_owned(), class(12, 1, 99)));
        let id = batch_of(&bench, &lists, &json!({"groups": 3})).await;
        let mut worker = bench.worker_with("crash.csv");
        assert_eq!(bench.batch_ended(&id).await.state, State::Done);
        let classes = bench.classes(&id).await;
        let (bad, good): (Vec<_>, Vec<_>) = classes.iter().partition(|class| class.class == "crash");
        assert_eq!((bad[0].state, bad[0].attempts), (State::Failed, 2));
        assert!(bad[0].error.as_deref().is_some_and(|error| error.contains("worker_died")));
        assert!(good.iter().all(|class| class.state == State::Done), "{good:?}");
        let files = bench.result(&id).await;
        let crashed = summary(&files)["classes"].as_array().expect("classes").iter().any(|c| c["state"] == "failed");
        assert!(crashed, "the summary tells it");
        assert!(!worker.has_ended(), "the worker lives on");
        bench.no_job_left().await;
    });
}

/// Tried again, given up, and the log tells where it was and not what it said.
#[test]
fn a_class_that_panics_is_given_up_and_its_words_stay_out_of_the_log() {
    on_both(async |bench| {
        let mut lists = small(2);
        lists.push(("panicking-class.csv".to_owned(), class(12, 1, 99)));
        let id = batch_of(&bench, &lists, &json!({"groups": 3})).await;
        let worker = bench.worker_under(("FENZU_PANIC_ON", "panicking-class.csv"), &[]);
        assert_eq!(bench.batch_ended(&id).await.state, State::Done);
        let classes = bench.classes(&id).await;
        let (bad, good): (Vec<_>, Vec<_>) = classes.iter().partition(|class| class.class == "panicking-class");
        assert_eq!((bad[0].state, bad[0].attempts), (State::Failed, 3));
        assert!(bad[0].error.as_deref().is_some_and(|error| error.contains("job_failed")));
        assert!(good.iter().all(|class| class.state == State::Done), "{good:?}");
        let log = worker.log();
        assert_eq!(log.matches("panicked place=src/jobs/hooks.rs").count(), 3, "{log}");
        assert!(!log.contains("panicking-class"), "{log}");
    });
}

#[test]
fn a_stopped_batch_keeps_what_it_has() {
    on_both(async |bench| {
        let mut lists = small(2);
        lists.extend((1..=4).map(|seed| (format!("long{seed}.csv"), class(60, 9, seed))));
        let request = json!({"size": 10, "prove": "all", "time_limit": 60});
        let id = batch_of(&bench, &lists, &request).await;
        let _worker = bench.worker();
        let running = |class: &Class| class.class.starts_with("long") && class.state == State::Running;
        let begun = Instant::now();
        while !bench.classes(&id).await.iter().any(running) {
            assert!(begun.elapsed() < Duration::from_secs(120), "no long class is begun");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let asked = Instant::now();
        bench.store.batches().ask_stop(LOCAL, &id).await.expect("an answer");
        let batch = bench.batch_ended(&id).await;
        assert_eq!(batch.state, State::Done, "{:?}", batch.error);
        assert!(asked.elapsed() < Duration::from_secs(30), "it took {:?}", asked.elapsed());
        let classes = bench.classes(&id).await;
        assert!(classes.iter().any(|class| class.state == State::Cancelled), "those that were not begun");
        let plans = bench.result(&id).await.keys().filter(|name| name.starts_with("classes/long")).count();
        assert!(plans > 0, "those at work kept their best so far");
        bench.no_job_left().await;
    });
}

/// What is kept of a stopped batch has its teachers.
#[test]
fn a_stopped_batch_is_staffed() {
    on_both(async |bench| {
        let mut lists = small(2);
        lists.extend((1..=4).map(|seed| (format!("long{seed}.csv"), class(60, 9, seed))));
        let staff = "id,name,classes,max_groups\nT1,Li,c001;c002;long1;long2;long3;long4,60\n";
        let zip = zipped(&lists);
        let files = [file(FileKind::Zip, "lists.zip", &zip), file(FileKind::Staff, "staff.csv", staff.as_bytes())];
        let request = json!({"size": 10, "prove": "all", "time_limit": 60});
        let id = bench.batch(&files, &request).await;
        let _worker = bench.worker();
        bench.classes_ended(&id, 1).await;
        bench.store.batches().ask_stop(LOCAL, &id).await.expect("an answer");
        assert_eq!(bench.batch_ended(&id).await.state, State::Done);
        let summary = summary(&bench.result(&id).await);
        let classes = summary["classes"].as_array().expect("classes");
        let done: Vec<&Value> = classes.iter().filter(|class| class["groups"] != 0).collect();
        assert!(!done.is_empty(), "{summary:#}");
        assert!(done.iter().all(|class| class["unstaffed"] == 0), "{summary:#}");
    });
}

/// A worker elsewhere is told by the service's settings how much of a list is read.
#[test]
fn a_worker_is_told_how_much_of_a_list_is_read() {
    on_both(async |bench| {
        let settings = bench.file("settings.toml", b"[limits]\nrows = 150\n");
        let _worker = bench.worker_under(("FENZU_CONFIG", &settings), &[]);
        let mut lists = small(1);
        lists.push(("long.csv".to_owned(), class(300, 1, 1)));
        let id = batch_of(&bench, &lists, &json!({"groups": 3})).await;
        let classes = bench.classes_ended(&id, 2).await;
        let failed = classes.iter().find(|class| class.state == State::Failed).expect("the long one");
        assert!(failed.error.as_deref().is_some_and(|error| error.contains("too_many_rows")), "{failed:?}");
        assert_eq!(classes.iter().filter(|class| class.state == State::Done).count(), 1);
    });
}

#[test]
fn a_batch_stopped_before_its_turn_solves_nothing() {
    on_both(async |bench| {
        let id = batch_of(&bench, &small(3), &json!({"groups": 3})).await;
        bench.store.batches().ask_stop(LOCAL, &id).await.expect("an answer");
        let _worker = bench.worker();
        assert_eq!(bench.batch_ended(&id).await.state, State::Done);
        let classes = bench.classes(&id).await;
        assert!(classes.len() == 3 && classes.iter().all(|class| class.state == State::Cancelled), "{classes:?}");
        assert!(!bench.result(&id).await.keys().any(|name| name.starts_with("classes/")), "the summary tells it");
        bench.no_job_left().await;
    });
}

#[test]
fn a_batch_of_a_killed_worker_goes_on() {
    on_both(async |bench| {
        let id = batch_of(&bench, &small(30), &json!({"groups": 3})).await;
        let first = bench.worker();
        bench.classes_ended(&id, 5).await;
        first.kill();
        let _second = bench.worker();
        assert_eq!(bench.batch_ended(&id).await.state, State::Done);
        let classes = bench.classes(&id).await;
        assert_eq!(classes.iter().filter(|class| class.state == State::Done).count(), 30);
        assert_eq!(summary(&bench.result(&id).await)["classes"].as_array().map(Vec::len), Some(30));
        bench.no_job_left().await;
    });
}

/// Reading may kill a process as solving may, also when a worker comes back to a batch whose classes are known.
#[test]
fn a_class_whose_batch_kills_its_reader_is_given_up() {
    on_both(async |bench| {
        // As many as a worker solves at a time: the small one never waits for the long one's end.
        let mut lists = small(1);
        lists.push(("long.csv".to_owned(), class(60, 9, 1)));
        let id = batch_of(&bench, &lists, &json!({"size": 10, "prove": "all", "time_limit": 60})).await;
        let first = bench.worker();
        bench.classes_ended(&id, 1).await;
        assert_eq!(first.terminate(), Some(0));
        let left = bench.classes(&id).await;
        assert_eq!(left.iter().filter(|class| class.state == State::Queued).count(), 1, "handed back: {left:?}");
        let mut second = bench.worker_with("lists.zip");
        let classes = bench.classes_ended(&id, 2).await;
        let given_up = classes.iter().find(|class| class.state == State::Failed).expect("it cannot be read");
        assert_eq!(given_up.attempts, 2);
        assert!(given_up.error.as_deref().is_some_and(|error| error.contains("worker_died")));
        assert!(!second.has_ended(), "the worker lives on");
    });
}

/// The last step waits for its files longer than a silent worker is waited for.
#[test]
fn a_batch_that_is_slow_to_read_keeps_its_worker() {
    let Some(url) = postgres::database() else { return };
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    runtime.block_on(async {
        let bench = Bench::open(url.clone()).await;
        let id = batch_of(&bench, &small(2), &json!({"groups": 3})).await;
        let first = bench.worker();
        bench.classes_ended(&id, 2).await;
        bench.batch_ended(&id).await;
        first.kill();
        // As if the worker had died at the very end.
        let mut database = PgConnection::connect(&url).await.expect("a connection");
        let again =
            "UPDATE batches SET state = 'queued', attempts = 0, heartbeat = NULL, finished = NULL, result = NULL";
        database.execute(again).await.expect("queued again");
        let mut lock = database.begin().await.expect("a transaction");
        lock.execute("LOCK TABLE batch_files IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
        bench.queue.push(&Job::new(Kind::Batch, LOCAL, &id)).await.expect("a job");
        let _second = bench.worker();
        tokio::time::sleep(SILENCE + Duration::from_secs(8)).await;
        lock.rollback().await.expect("unlocked");
        let batch = bench.batch_ended(&id).await;
        assert_eq!((batch.state, batch.attempts), (State::Done, 1), "{:?}", batch.error);
    });
}

#[test]
fn a_batch_that_cannot_be_read_tells_why() {
    on_both(async |bench| {
        let _worker = bench.worker();
        let broken = bench.batch(&[file(FileKind::Zip, "lists.zip", b"PK\x03\x04 broken")], &json!({})).await;
        let staff = file(FileKind::Staff, "staff.csv", b"id,name\n1,A\n1,B\n");
        let lists = file(FileKind::Zip, "lists.zip", &zipped(&small(2)));
        let staffless = bench.batch(&[lists, staff], &json!({})).await;
        for (id, code) in [(broken, "damaged_file"), (staffless, "duplicate_id")] {
            let batch = bench.batch_ended(&id).await;
            assert_eq!(batch.state, State::Failed);
            let error = batch.error.expect("a problem");
            assert!(error.contains(code), "{code}: {error}");
        }
    });
}
