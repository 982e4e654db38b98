//! A service's database with lists and plans in it, and workers as real processes, for the tests of jobs.

use crate::command::command;
use crate::logs::{self, Log};
use crate::postgres;
use fenzu::jobs::{Job, Kind, Queue};
use fenzu::plan::document::Document;
use fenzu::sample::{ClassSpec, class_csv};
use fenzu::store::{
    Batch, BatchFile, Class, FileKind, LOCAL, NewBatch, NewList, NewPlan, Plan, State, Store, new_id, now,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// An open database; SQLite's file goes with it.
pub struct Bench {
    pub store: Store,
    pub queue: Queue,
    pub url: String,
    folder: tempfile::TempDir,
}

/// Runs a test on SQLite and, where it is installed, on PostgreSQL.
pub fn on_both(test: impl AsyncFn(Bench)) {
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    runtime.block_on(async {
        test(Bench::sqlite().await).await;
        if let Some(url) = postgres::database() {
            test(Bench::open(url).await).await;
        }
    });
}

impl Bench {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("fenzu.db").display());
        Self { folder, ..Self::open(url).await }
    }

    pub async fn open(url: String) -> Self {
        let store = Store::open(&url).await.expect("a store");
        let queue = Queue::open(&url).await.expect("a queue");
        Self { store, queue, url, folder: tempfile::tempdir().expect("a folder") }
    }

    /// Keeps a list; its id.
    pub async fn list(&self, file: &str, bytes: &[u8]) -> String {
        logs::sent(file, bytes);
        let id = new_id();
        let list = NewList { id: &id, school: LOCAL, file, bytes, columns: "[]", created: now() };
        self.store.lists().insert(&list, None).await.expect("a list");
        id
    }

    /// Asks for a plan as the service does: a row, then a job.
    pub async fn plan(&self, list: &str, request: &Value) -> String {
        let plan = NewPlan { list, ..NewPlan::default() };
        self.plan_with(plan, request).await
    }

    pub async fn plan_with(&self, plan: NewPlan<'_>, request: &Value) -> String {
        let (id, request) = (new_id(), request.to_string());
        let plan = NewPlan { id: &id, school: LOCAL, request: &request, created: now(), ..plan };
        self.store.plans().insert(&plan, None).await.expect("a plan");
        self.queue.push(&Job::new(Kind::Plan, LOCAL, &id)).await.expect("a job");
        id
    }

    /// Many small classes, a plan asked for each.
    pub async fn many(&self, count: u64) -> Vec<String> {
        let mut ids = Vec::new();
        for seed in 1..=count {
            let list = self.list(&format!("class{seed}.csv"), &class(12, 1, seed)).await;
            ids.push(self.plan(&list, &json!({"groups": 3})).await);
        }
        ids
    }

    pub async fn get(&self, id: &str) -> Plan {
        self.store.plans().get(LOCAL, id).await.expect("an answer").expect("the plan is there")
    }

    /// Waits until a plan is in one of these states.
    pub async fn until(&self, id: &str, states: &[State]) -> Plan {
        let begun = Instant::now();
        loop {
            let plan = self.get(id).await;
            if states.contains(&plan.state) {
                return plan;
            }
            assert!(begun.elapsed() < PATIENCE, "the plan is {:?} after {PATIENCE:?}", plan.state);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn ended(&self, id: &str) -> Plan {
        self.until(id, &[State::Done, State::Failed, State::Cancelled]).await
    }

    /// Asks for a batch as the service does.
    pub async fn batch(&self, files: &[BatchFile], request: &Value) -> String {
        files.iter().for_each(|file| logs::sent(&file.name, &file.bytes));
        let (id, request) = (new_id(), request.to_string());
        let batch =
            NewBatch { id: &id, school: LOCAL, request: &request, files, created: now(), ..NewBatch::default() };
        self.store.batches().insert(&batch, None).await.expect("a batch");
        self.queue.push(&Job::new(Kind::Batch, LOCAL, &id)).await.expect("a job");
        id
    }

    pub async fn classes(&self, batch: &str) -> Vec<Class> {
        self.store.classes().all(LOCAL, batch).await.expect("an answer")
    }

    /// Waits until so many classes of a batch have ended.
    pub async fn classes_ended(&self, batch: &str, count: usize) -> Vec<Class> {
        let begun = Instant::now();
        loop {
            let classes = self.classes(batch).await;
            if classes.iter().filter(|class| class.state.is_ended()).count() >= count {
                return classes;
            }
            assert!(begun.elapsed() < PATIENCE, "not so many classes end");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until a batch has ended.
    pub async fn batch_ended(&self, id: &str) -> Batch {
        let begun = Instant::now();
        loop {
            let batch = self.store.batches().get(LOCAL, id).await.expect("an answer").expect("the batch is there");
            if batch.state.is_ended() {
                return batch;
            }
            assert!(begun.elapsed() < PATIENCE, "the batch is {:?}: {:?}", batch.state, self.classes(id).await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The files of a batch's zip: path and bytes.
    pub async fn result(&self, id: &str) -> BTreeMap<String, Vec<u8>> {
        let zip = self.store.batches().result(LOCAL, id).await.expect("an answer").expect("a zip");
        let mut zip = zip::ZipArchive::new(Cursor::new(zip)).expect("a zip");
        let mut files = BTreeMap::new();
        for index in 0..zip.len() {
            let mut entry = zip.by_index(index).expect("an entry");
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("its bytes");
            files.insert(entry.name().expect("a name").into_owned(), bytes);
        }
        files
    }

    /// Waits until no job waits or is at work.
    pub async fn no_job_left(&self) {
        let begun = Instant::now();
        while self.queue.depth().await.expect("an answer") > 0 {
            assert!(begun.elapsed() < PATIENCE, "jobs are left: {:?}", self.queue.live().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// `fenzu work` on this database.
    pub fn worker(&self) -> Worker {
        self.worker_with("")
    }

    /// The same; a list of this file name makes it crash.
    pub fn worker_with(&self, crash_on: &str) -> Worker {
        self.worker_under(("FENZU_CRASH_ON", crash_on), &[])
    }

    /// The same with a variable of the environment and further arguments.
    pub fn worker_under(&self, (name, value): (&str, &str), args: &[&str]) -> Worker {
        let log = Log::new("work");
        let mut command = command(&[&["work", "--database", &self.url, "--solves", "2"], args].concat());
        command.env(name, value).current_dir(self.folder.path()).stderr(log.file());
        Worker { child: command.spawn().expect("a worker"), log }
    }

    /// A file in the test's own folder.
    pub fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path.display().to_string()
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// The longest that anything here may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A worker process; it is killed with the value, and its log is searched.
pub struct Worker {
    child: Child,
    log: Log,
}

impl Worker {
    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Its solving processes that are alive (Linux).
    pub fn processes(&self) -> Vec<u32> {
        let of_worker = |pid: &u32| {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            // Behind the name in brackets: state, parent.
            let mut fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
            fields.next().is_some_and(|state| state != "Z") && fields.next() == Some(&self.child.id().to_string())
        };
        let entries = std::fs::read_dir("/proc").expect("/proc").flatten();
        let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        pids.filter(of_worker).collect()
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// SIGTERM; the exit code.
    pub fn terminate(mut self) -> Option<i32> {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill");
        assert!(status.success());
        self.child.wait().expect("it ends").code()
    }

    /// What it has logged.
    pub fn told(&self) -> String {
        self.log.text()
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a state").is_some()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Where it has ended already there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.log.search();
    }
}

/// A class list as CSV.
pub fn class(students: usize, subjects: usize, seed: u64) -> Vec<u8> {
    class_csv(&ClassSpec { students, subjects, seed, ..ClassSpec::default() }).into_bytes()
}

/// A file of a batch.
pub fn file(kind: FileKind, name: &str, bytes: &[u8]) -> BatchFile {
    BatchFile { name: name.to_owned(), kind, bytes: bytes.to_vec() }
}

/// A zip of files.
pub fn zipped(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).expect("an entry");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("a zip").into_inner()
}

/// The document of a plan that is done.
pub fn document(plan: &Plan) -> Document {
    assert_eq!(plan.state, State::Done, "{:?}", plan.error);
    serde_json::from_str(plan.document.as_deref().expect("a document")).expect("a plan")
}

/// The problem of a plan that failed.
pub fn problem(plan: &Plan) -> Value {
    assert_eq!(plan.state, State::Failed);
    serde_json::from_str(plan.error.as_deref().expect("a problem")).expect("JSON")
}
