//! What is stored is all in one file after a clean end, in a backup while the service runs, and in no file any more once erased.

use crate::command::{Ended, Folder, fenzu};
use crate::postgres::Postgres;
use crate::service_access::{on, token};
use crate::service_client::Server;
use fenzu::store::{Contents, LOCAL, NewList, Store, examine, new_id};
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};

/// How everybody is called: found in no other file.
const NAME: &str = "欧阳不见生";

fn class(round: usize, students: usize) -> String {
    let student = |i: usize| format!("{round}-{i},{NAME}{i},{},{}\n", 40 + i * 7 % 60, 40 + i * 11 % 60);
    format!("学号,姓名,数学,语文\n{}", (0..students).map(student).collect::<String>())
}

/// Lists, staff, plans and a batch; what is there afterwards.
fn filled(server: &Server, round: usize) {
    let list = server.list("class.csv", class(round, 40).as_bytes());
    server.list("grade.csv", class(round + 100, 400).as_bytes());
    let staff = format!("工号,姓名\n1,{NAME}\n");
    server.upload("/v1/staff", &[("file", "staff.csv", staff.as_bytes())]).status(201);
    server.plan(&json!({"list": list, "groups": 5, "time_limit": 1}));
    let student = |i: usize| json!({"id": i, "name": format!("{NAME}{i}"), "math": 50 + i});
    let given = json!({"students": (0..12).map(student).collect::<Vec<_>>()});
    server.plan(&json!({"list": given, "groups": 3, "time_limit": 1}));
    server.upload("/v1/batches", &[("lists", "class.csv", class(round, 12).as_bytes())]).status(202);
}

/// The files of a folder that hold the name.
fn holding(folder: &Path) -> Vec<String> {
    let holds = |bytes: Vec<u8>| bytes.windows(NAME.len()).any(|window| window == NAME.as_bytes());
    let files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    // A log may go while it is looked for.
    let holding = files.filter(|file| std::fs::read(file).is_ok_and(holds));
    holding.map(|file| file.display().to_string()).collect()
}

fn folder_of(server: &Server) -> std::path::PathBuf {
    Path::new(&server.folder.path("fenzu.db")).parent().expect("a folder").to_owned()
}

fn rows(contents: &Contents) -> [i64; 4] {
    let of = |table: &str| contents.0.iter().find(|(name, _)| *name == table).map_or(-1, |(_, rows)| *rows);
    ["lists", "staff", "plans", "batches"].map(of)
}

fn examined(file: &str) -> Contents {
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    runtime.block_on(examine(Path::new(file))).expect("whole")
}

/// Ten times: filled, asked to end, and the one file alone has every row.
#[test]
fn a_clean_end_leaves_one_complete_file() {
    let mut folder = Folder::new();
    for round in 1..=10 {
        let mut server = on(folder);
        filled(&server, round);
        assert_eq!(server.end(), Some(0), "{}", server.log());
        folder = std::mem::replace(&mut server.folder, Folder::new());
        let alone = Folder::new();
        std::fs::copy(folder.path("fenzu.db"), alone.path("fenzu.db")).expect("copied");
        let each = i64::try_from(round).expect("small");
        let [lists, staff, plans, batches] = rows(&examined(&alone.path("fenzu.db")));
        // One of the lists came with a plan.
        assert_eq!([lists, staff, plans, batches], [3 * each, each, 2 * each, each], "round {round}");
        assert_eq!(folder.names().into_iter().filter(|name| name.contains("-wal")).count(), 0, "round {round}");
    }
    let reopened = on(folder);
    assert!(reopened.get("/v1/schools/me/data").status(200).body.len() > 10_000);
}

/// Ten times: filled, erased, and no file has the name any more; also what a killed process left.
#[test]
fn erased_means_gone_from_every_file() {
    let mut server = Server::start();
    for round in 1..=10 {
        filled(&server, round);
        assert!(!holding(&folder_of(&server)).is_empty(), "round {round}: the search sees what is kept");
        if round % 4 == 0 {
            server = server.killed_and_started_again();
        }
        server.delete("/v1/schools/me/data").status(200);
        let start = Instant::now();
        while !holding(&folder_of(&server)).is_empty() {
            let found = holding(&folder_of(&server));
            assert!(start.elapsed() < Duration::from_secs(5), "round {round}: {found:?}\n{}", server.log());
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    // One thing by itself, too.
    let list = server.list("class.csv", class(1, 200).as_bytes());
    let plan = server.plan(&json!({"list": list, "groups": 5, "time_limit": 1}));
    assert!(!holding(&folder_of(&server)).is_empty());
    server.delete(&format!("/v1/plans/{}", plan["id"].as_str().expect("an id"))).status(204);
    server.delete(&format!("/v1/lists/{list}")).status(204);
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(holding(&folder_of(&server)), Vec::<String>::new());
    server.end();
    assert_eq!(holding(&folder_of(&server)), Vec::<String>::new());
}

/// PostgreSQL keeps what was deleted in its files; it is said, and what helps is offered.
#[test]
fn postgres_is_written_anew_where_that_is_asked_for() {
    let Some(server) = Postgres::start() else { return };
    let database = server.database();
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    runtime.block_on(async {
        let store = Store::open(&database).await.expect("a database");
        let (id, bytes) = (new_id(), class(1, 10));
        let list = NewList { id: &id, school: LOCAL, file: NAME, bytes: bytes.as_bytes(), columns: "[]", created: 1 };
        store.lists().insert(&list, None).await.expect("kept");
        store.delete_school_data(LOCAL).await.expect("erased");
        store.close().await;
    });
    server.checkpoint(&database);
    assert!(server.holds(NAME), "PostgreSQL overwrites by itself: the help says otherwise");
    fenzu(&["sweep", "--rewrite", "--database", &database]).code(0);
    assert!(!server.holds(NAME), "it is still there");
    let help = fenzu(&["sweep", "--help"]).code(0);
    assert!(help.text().contains("pg_wal"), "{}", help.text());
}

/// The same request under the same key is done again when what it made was erased.
#[test]
fn a_key_does_not_outlive_what_it_made() {
    let server = Server::start();
    let body = json!({"list": {"students": [{"id": 1, "math": 5}, {"id": 2, "math": 6}]}, "groups": 2});
    let key = [("Idempotency-Key", "one")];
    let ask =
        || server.post_with("/v1/plans", &key, &body).status(202).json()["id"].as_str().expect("an id").to_owned();
    let first = ask();
    assert_eq!(ask(), first);
    server.delete(&format!("/v1/plans/{first}")).status(204);
    let second = ask();
    assert_ne!(second, first);
    server.get(&format!("/v1/plans/{second}")).status(200);
    let upload = || {
        let answer = server.upload_with("/v1/lists", &key_of_list(), &[("file", "l.csv", class(1, 5).as_bytes())]);
        answer.status(201).json()["id"].as_str().expect("an id").to_owned()
    };
    let list = upload();
    // A plan goes with its list, and its key with it.
    let of_list = json!({"list": list, "groups": 2});
    let planned = || server.post_with("/v1/plans", &[("Idempotency-Key", "two")], &of_list);
    planned().status(202);
    server.delete(&format!("/v1/lists/{list}")).status(204);
    planned().problem(404, "unknown_list");
    assert_ne!(upload(), list);
}

fn key_of_list() -> [(&'static str, &'static str); 1] {
    [("Idempotency-Key", "list")]
}

fn backup(folder: &Folder, file: &str) -> Ended {
    fenzu(&["backup", file, "--database", &format!("sqlite:{}", folder.path("fenzu.db"))])
}

fn restore(folder: &Folder, file: &str, more: &[&str]) -> Ended {
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    fenzu(&[&["restore", file, "--database", &database], more].concat())
}

/// A backup is made while the service writes, and put back where nothing is lost by it.
#[test]
fn a_backup_goes_and_comes_back() {
    let folder = Folder::new();
    let secret = token(&folder, "一中");
    let mut server = on(folder).bearing(&secret);
    filled(&server, 1);
    let list = server.list("kept.csv", class(9, 20).as_bytes());
    let place = Folder::new();
    let file = place.path("monday.db");
    std::thread::scope(|scope| {
        let writing =
            scope.spawn(|| (0..20).for_each(|round| drop(server.list("more.csv", class(round, 50).as_bytes()))));
        let made = backup(&server.folder, &file).code(0);
        assert!(made.err.contains("a complete backup") && made.err.contains("plans 2"), "{}", made.err);
        writing.join().expect("written");
    });
    #[cfg(unix)]
    {
        let rights = std::fs::metadata(&file).expect("the backup").permissions();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&rights) & 0o777, 0o600);
    }
    assert!(backup(&server.folder, &file).code(2).err.contains("is not replaced"));
    // Not under a service that runs, not over data without a word.
    assert!(restore(&server.folder, &file, &["--overwrite"]).code(2).err.contains("in use"));
    assert!(restore(&server.folder, &file, &[]).code(2).err.contains("--overwrite"));
    server.delete("/v1/schools/me/data").status(200);
    server.end();
    let folder = std::mem::replace(&mut server.folder, Folder::new());
    assert!(restore(&folder, &file, &[]).code(2).err.contains("--overwrite"));
    let put = restore(&folder, &file, &["--overwrite"]).code(0);
    assert!(put.err.contains("plans 2"), "{}", put.err);
    let server = on(folder).bearing(&secret);
    let again = json!({"list": list, "groups": 4, "time_limit": 1});
    assert_eq!(server.plan(&again)["state"], "done");
    // Into a place where there is nothing yet.
    let new = Folder::new();
    restore(&new, &file, &[]).code(0);
    on(new).bearing(&secret).post("/v1/plans", &again).status(202);
}

/// What is no whole backup replaces nothing.
#[test]
fn damaged_backups_are_refused() {
    let mut server = Server::start();
    filled(&server, 1);
    let place = Folder::new();
    let whole = place.path("whole.db");
    backup(&server.folder, &whole).code(0);
    let bytes = std::fs::read(&whole).expect("the backup");
    // A copy of the file in use lacks what is in the log beside it.
    server.list("late.csv", class(2, 50).as_bytes());
    std::fs::copy(server.folder.path("fenzu.db"), place.path("copy.db")).expect("copied");
    std::fs::copy(server.folder.path("fenzu.db-wal"), place.path("copy.db-wal")).expect("copied");
    server.end();
    let folder = std::mem::replace(&mut server.folder, Folder::new());
    let before = examined(&folder.path("fenzu.db"));
    let middle = bytes.len() / 2;
    let torn = [&bytes[..middle], &vec![0xff; 8192], &bytes[middle + 8192..]].concat();
    let other = place.path("other.db");
    let empty = place.write("empty.db", b"");
    for (name, content) in [("torn.db", &torn[..]), ("half.db", &bytes[..middle]), ("text.db", b"no database at all")] {
        let file = place.write(name, content);
        let refused = restore(&folder, &file, &["--overwrite"]).code(2);
        assert!(refused.err.contains("the database is as it was"), "{name}: {}", refused.err);
    }
    for file in [&place.path("copy.db"), &other, &empty] {
        let refused = restore(&folder, file, &["--overwrite"]).code(2);
        assert!(refused.err.contains("the database is as it was"), "{file}: {}", refused.err);
    }
    assert_eq!(examined(&folder.path("fenzu.db")), before);
    // A backup of nothing is told as well.
    assert!(backup(&place, &place.path("new.db")).code(2).err.contains("is away"));
    let said = fenzu(&["backup", &other, "--database", "postgres://fenzu@127.0.0.1:1/none"]).code(2);
    assert!(said.err.contains("pg_dump"), "{}", said.err);
}

/// A database that others could read is closed to them.
#[cfg(unix)]
#[test]
fn an_open_file_is_closed() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut server = Server::start();
    server.end();
    let folder = std::mem::replace(&mut server.folder, Folder::new());
    let file = folder.path("fenzu.db");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("rights");
    let server = on(folder);
    server.list("class.csv", class(1, 20).as_bytes());
    for name in server.folder.names().iter().filter(|name| name.starts_with("fenzu.db")) {
        let rights = std::fs::metadata(server.folder.path(name)).expect("a file").permissions().mode();
        assert_eq!(rights & 0o077, 0, "{name}: {rights:o}");
    }
    assert!(server.log().contains("others could read"), "{}", server.log());
}
