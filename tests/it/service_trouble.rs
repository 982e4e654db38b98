//! A database in trouble: a full disk, a file that cannot be written, a damaged one, one that is gone, a clock that leaps. It is
//! told in the first line, `/readyz` knows, what can be done is done, and it is over without a restart.

use crate::command::{Ended, Folder, fenzu};
use crate::service_client::{Answer, Server};
use crate::service_hostile::noise;
use fenzu::jobs::{Queue, WorkConfig, Workers};
use fenzu::store::{LOCAL, NewList, NewPlan, State, Store, Table, Trouble, new_id, now};
use serde_json::json;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::process::Command;
use std::time::{Duration, Instant};

fn list(students: usize) -> Vec<u8> {
    let rows: String = (0..students).map(|i| format!("{i},name {i},{}\n", 40 + i * 7 % 60)).collect();
    format!("id,name,math\n{rows}").into_bytes()
}

fn upload(server: &Server, bytes: &[u8]) -> Answer {
    server.upload("/v1/lists", &[("file", "l.csv", bytes)])
}

/// Waits until the service says that it is ready, or that it is not.
fn ready(server: &Server, status: u16, code: &str) {
    let start = Instant::now();
    while server.get("/readyz").status != status {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{code}: {}\n{}",
            server.get("/readyz").text(),
            server.log()
        );
        std::thread::sleep(Duration::from_millis(200));
    }
    if status != 200 {
        server.get("/readyz").problem(status, code);
    }
}

/// Fills the disk until the service says so; whatever else it says fails.
fn fill(server: &Server) {
    let noise = noise(1 << 19);
    for _ in 0..400 {
        let answer = server.upload("/v1/batches", &[("lists", "noise.csv", &noise)]);
        if answer.status != 202 {
            assert!(answer.header("retry-after").is_some(), "{}", answer.text());
            answer.problem(503, "disk_full");
            return;
        }
    }
    panic!("the disk takes everything");
}

/// What holds on a full disk: it is told, what is there is read, and room makes it well.
fn full_and_well_again(server: &Server, kept: &str, meanwhile: impl FnOnce(), room: impl FnOnce()) {
    let pid = server.id();
    fill(server);
    ready(server, 503, "disk_full");
    server.get("/healthz").status(200);
    server.upload("/v1/batches", &[("lists", "noise.csv", &noise(1 << 20))]).problem(503, "disk_full");
    server.post("/v1/check", &json!({"list": kept, "plan": []})).status(422);
    meanwhile();
    room();
    ready(server, 200, "");
    upload(server, &list(3_000)).status(201);
    assert_eq!(server.id(), pid);
    assert!(server.log().contains("disk_full") && server.log().contains("well again"), "{}", server.log());
}

/// A process that may not write longer files is on a disk that is full, as far as it can see.
#[test]
fn a_limit_of_file_sizes_is_survived() {
    let server = Server::with(&["--no-work"], &[]);
    let kept = server.list("kept.csv", &list(500));
    let limit = |bytes: &str| {
        let limit = ["--pid", &server.id().to_string(), &format!("--fsize={bytes}")];
        Command::new("prlimit").args(limit).status().is_ok_and(|status| status.success())
    };
    if !limit("6000000:unlimited") {
        println!("no prlimit: limits of file sizes are not tried");
        return;
    }
    full_and_well_again(&server, &kept, || (), || assert!(limit("unlimited")));
}

/// A small disk of its own, for those who may mount one.
struct Disk(Folder);

impl Disk {
    fn of(size: &str) -> Option<Self> {
        let folder = Folder::new();
        let options = ["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs", &folder.path("")];
        if Command::new("mount").args(options).status().is_ok_and(|status| status.success()) {
            return Some(Self(folder));
        }
        println!("nothing can be mounted: a full disk is not tried");
        None
    }

    fn again(&self, options: &str) {
        let place = self.0.path("");
        let done = Command::new("mount").args(["-o", &format!("remount,{options}"), &place]).status();
        assert!(done.is_ok_and(|status| status.success()), "{options}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path("")).status();
    }
}

#[test]
fn a_full_disk_is_told_and_survived() {
    let Some(disk) = Disk::of("48m") else { return };
    let database = format!("sqlite:{}", disk.0.path("fenzu.db"));
    let server = Server::on(Folder::new(), &database, &["--no-work"], &[]);
    let kept = server.list("kept.csv", &list(500));
    // The reserve is made with the first look.
    std::thread::sleep(Duration::from_secs(3));
    let erasing = || {
        let erased = server.delete(&format!("/v1/lists/{kept}"));
        assert_eq!(erased.status, 204, "{}\n{}", erased.text(), server.log());
        let erased = server.delete("/v1/schools/me/data");
        assert_eq!(erased.status, 200, "{}\n{}", erased.text(), server.log());
    };
    full_and_well_again(&server, &kept, erasing, || disk.again("size=96m"));
}

#[test]
fn a_disk_that_cannot_be_written_is_told_and_mended() {
    let Some(disk) = Disk::of("64m") else { return };
    let database = format!("sqlite:{}", disk.0.path("fenzu.db"));
    let server = Server::on(Folder::new(), &database, &["--no-work"], &[]);
    let kept = server.list("kept.csv", &list(500));
    let done = Command::new("mount").args(["-o", "remount,ro", &disk.0.path("")]).status();
    if !done.is_ok_and(|status| status.success()) {
        // A file that is open for writing keeps it from that: the start alone is tried, below.
        println!("the disk cannot be made read-only under a process that writes");
        return;
    }
    upload(&server, &list(10)).problem(503, "database_read_only");
    ready(&server, 503, "database_read_only");
    disk.again("rw");
    ready(&server, 200, "");
    server.post("/v1/plans", &json!({"list": kept, "groups": 3})).status(202);
}

/// Ends at once, and the first line says why.
fn told_first(database: &str, words: &str) {
    let start = Instant::now();
    let Ended { err, .. } = fenzu(&["serve", "--listen", "127.0.0.1:0", "--database", database]).code(2);
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    assert!(err.lines().next().is_some_and(|line| line.contains(words)), "{err}");
}

#[test]
fn a_start_that_cannot_be_says_why_first() {
    let mut server = Server::start();
    server.list("kept.csv", &list(5_000));
    server.end();
    let file = server.folder.path("fenzu.db");
    let database = format!("sqlite:{file}");
    told_first(&format!("{database}?mode=ro"), "cannot be written");
    let whole = std::fs::read(&file).expect("the file");
    let torn = [&whole[..whole.len() / 3], &vec![0xff; 16_384], &whole[whole.len() / 3 + 16_384..]].concat();
    for damaged in [b"SQLite format 3\0 and then nothing of it".as_slice(), b"no database at all, but a text", &torn] {
        std::fs::write(&file, damaged).expect("written");
        told_first(&database, "is damaged");
    }
    // A folder in the file's place.
    std::fs::remove_file(&file).expect("removed");
    std::fs::create_dir(&file).expect("a folder");
    told_first(&database, "is away");
}

#[test]
fn damage_and_loss_under_a_running_service_are_told() {
    let mut server = Server::with(&["--no-work"], &[]);
    let kept = server.list("kept.csv", &list(20_000));
    // So that all is in the file, and nothing in a memory.
    server.end();
    let folder = std::mem::replace(&mut server.folder, Folder::new());
    let (file, database) = (folder.path("fenzu.db"), format!("sqlite:{}", folder.path("fenzu.db")));
    let server = Server::on(folder, &database, &["--no-work"], &[]);
    let length = std::fs::metadata(&file).expect("the file").len();
    let mut open = std::fs::OpenOptions::new().write(true).open(&file).expect("the file");
    let middle = length / 2;
    open.seek(SeekFrom::Start(middle)).expect("a place");
    open.write_all(&vec![0xff; usize::try_from(length - middle).expect("small")]).expect("damaged");
    server.post("/v1/plans", &json!({"list": kept, "groups": 3})).problem(503, "database_damaged");
    // What is logged is written down beside the answer.
    let begun = Instant::now();
    while !server.log().contains("database_damaged") {
        assert!(begun.elapsed() < Duration::from_secs(10), "{}", server.log());
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(server);
    let server = Server::start();
    // All of its connections are there.
    server.list("kept.csv", &list(10));
    std::thread::sleep(Duration::from_secs(3));
    std::fs::rename(server.folder.path("fenzu.db"), server.folder.path("elsewhere.db")).expect("moved");
    ready(&server, 503, "database_gone");
    std::fs::rename(server.folder.path("elsewhere.db"), server.folder.path("fenzu.db")).expect("moved back");
    ready(&server, 200, "");
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().expect("threads").block_on(work)
}

/// What the service remembers, put to another time: as if the clock had leapt since.
async fn remember(database: &str, sql: &'static str) {
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(database).await.expect("the database");
    sqlx::query(sql).execute(&pool).await.expect(sql);
    pool.close().await;
}

/// After a leap nothing is swept until somebody asks.
#[test]
fn nothing_is_swept_after_a_leap() {
    let folder = Folder::new();
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    let old = now() - 300 * 24 * 60 * 60 * 1_000;
    let id = new_id();
    run(async {
        let store = Store::open(&database).await.expect("a database");
        store.sweep(Duration::from_secs(60)).await.expect("swept");
        let list = NewList { id: &id, school: LOCAL, file: "l.csv", bytes: b"id\n1\n", columns: "[]", created: old };
        store.lists().insert(&list, None).await.expect("kept");
        store.close().await;
        remember(&database, "UPDATE service SET time = time - 200 * 86400000 WHERE name = 'swept'").await;
    });
    let kept = || {
        run(async {
            let store = Store::open(&database).await.expect("the database");
            let found = store.lists().get(LOCAL, &id).await.expect("an answer").is_some();
            store.close().await;
            found
        })
    };
    let mut server = Server::on(Folder::new(), &database, &[], &[]);
    server.get("/readyz").status(200);
    std::thread::sleep(Duration::from_secs(1));
    assert!(server.log().contains("nothing is swept until somebody runs fenzu sweep"), "{}", server.log());
    server.end();
    assert!(kept(), "swept after a leap");
    // The clock goes back as far: nothing either.
    run(remember(&database, "UPDATE service SET time = time + 400 * 86400000 WHERE name = 'swept'"));
    Server::on(Folder::new(), &database, &[], &[]).end();
    assert!(kept(), "swept after a leap");
    let asked = fenzu(&["sweep", "--retention-days", "180", "--database", &database]).code(0);
    assert!(asked.err.contains("1 lists"), "{}", asked.err);
    assert!(!kept());
    let mut server = Server::on(Folder::new(), &database, &[], &[]);
    std::thread::sleep(Duration::from_secs(1));
    assert!(!server.log().contains("nothing is swept"), "{}", server.log());
    server.end();
}

/// A sign of life of a worker, by his clock.
async fn beat(database: &str, plan: &str, time: i64) {
    let pool = sqlx::AnyPool::connect(database).await.expect("the database");
    let beat = sqlx::query("UPDATE plans SET heartbeat = $1, created = $1 WHERE id = $2").bind(time).bind(plan);
    beat.execute(&pool).await.expect("a beat");
    pool.close().await;
}

/// A plan that somebody else has, and whose last sign of life was given then by his clock.
async fn held(store: &Store, database: &str, time: i64) -> String {
    let (list, id, bytes) = (new_id(), new_id(), list(12));
    let new = NewList { id: &list, school: LOCAL, file: "l.csv", bytes: &bytes, columns: "[]", created: now() };
    store.lists().insert(&new, None).await.expect("a list");
    let plan = NewPlan {
        id: &id,
        school: LOCAL,
        list: &list,
        request: r#"{"groups":3}"#,
        created: now(),
        ..NewPlan::default()
    };
    store.plans().insert(&plan, None).await.expect("a plan");
    store.plans().claim(&id, "another/run").await.expect("an answer").expect("claimed");
    beat(database, &id, time).await;
    id
}

/// A worker that died before the clock was set back is found all the same, and one that lives is left alone whatever its clock.
#[test]
fn leases_do_not_hang_on_clocks() {
    let folder = Folder::new();
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    run(async {
        let store = Store::open(&database).await.expect("a database");
        let queue = Queue::open(&database).await.expect("a queue");
        let dead = held(&store, &database, now() + 600_000).await;
        let alive = held(&store, &database, 1_000).await;
        let workers = Workers::start(store.clone(), queue.clone(), &WorkConfig::default());
        let start = Instant::now();
        // Its clock is decades behind, but it beats.
        for time in 1_001.. {
            beat(&database, &alive, time).await;
            let found = store.plans().get(LOCAL, &dead).await.expect("an answer").expect("there");
            // What this program, which is no worker, makes of the plan is another matter: it was taken again.
            if matches!(found.state, State::Done | State::Failed) && start.elapsed() > Duration::from_secs(16) {
                break;
            }
            assert!(start.elapsed() < Duration::from_secs(40), "the dead worker's plan is {:?}", found.state);
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        let left = store.plans().get(LOCAL, &alive).await.expect("an answer").expect("there");
        assert_eq!((left.state, left.attempts, left.worker.as_deref()), (State::Running, 1, Some("another/run")));
        assert!(store.work(Table::Plans).delete(LOCAL, &alive).await.expect("an answer"));
        workers.shutdown().await;
        queue.close().await;
        store.close().await;
    });
}

/// Every trouble has a word of its own, and is told in both languages.
#[test]
fn troubles_have_words() {
    let all = [Trouble::Full, Trouble::ReadOnly, Trouble::Damaged, Trouble::Gone];
    for trouble in all {
        assert_eq!(Trouble::of_code(trouble.code()), Some(trouble));
        assert!(!trouble.words().zh.is_empty() && !trouble.words().en.is_empty());
    }
    assert_eq!(Trouble::of_code("internal"), None);
}
