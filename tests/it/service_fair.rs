//! Fair shares: whatever one school asks for, another is not made to wait for it; what is too much is refused in words.

use crate::command::{Folder, fenzu};
use crate::jobs_bench::{class, zipped};
use crate::postgres;
use crate::service_client::{Answer, Server, head, multipart, read};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A token of a school on a database.
fn token(database: &str, school: &str) -> String {
    let made = fenzu(&["token", "create", "--school", school, "--database", database]).code(0);
    let secret = made.text().split_whitespace().find(|word| word.starts_with("fenzu_"));
    secret.unwrap_or_else(|| panic!("no token in {}", made.text())).to_owned()
}

/// A service for two schools, on SQLite and, where it is installed, on PostgreSQL.
fn on_both(args: &[&str], settings: &[(&str, &str)], test: impl Fn(&School<'_>, &School<'_>)) {
    on_sqlite(args, settings, &test);
    if let Some(database) = postgres::database() {
        on(Folder::new(), &database, (args, settings), test);
    }
}

fn on_sqlite(args: &[&str], settings: &[(&str, &str)], test: impl Fn(&School<'_>, &School<'_>)) {
    let folder = Folder::new();
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    on(folder, &database, (args, settings), test);
}

fn on(
    folder: Folder,
    database: &str,
    (args, settings): (&[&str], &[(&str, &str)]),
    test: impl Fn(&School<'_>, &School<'_>),
) {
    let tokens = ["一中", "二中"].map(|school| token(database, school));
    let mut all = vec![("requests_per_second", "10000"), ("burst", "10000")];
    all.extend(settings);
    let server = Server::on(folder, database, &[&["--solves", "1"], args].concat(), &all);
    let [large, small] = tokens.map(|token| School { server: &server, token });
    test(&large, &small);
}

/// One school's caller.
struct School<'s> {
    server: &'s Server,
    token: String,
}

impl School<'_> {
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        self.server.ask(method, path, &[&[("Authorization", bearer.as_str())], headers].concat(), body)
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }

    fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let headers = [&[("Content-Type", "application/json")], headers].concat();
        self.ask("POST", path, &headers, body.to_string().as_bytes())
    }

    fn upload(&self, path: &str, parts: &[(&str, &str, &[u8])]) -> Answer {
        let kind = "multipart/form-data; boundary=fenzu-test-boundary";
        self.ask("POST", path, &[("Content-Type", kind)], &multipart(parts))
    }

    fn list(&self, bytes: &[u8]) -> Value {
        self.upload("/v1/lists", &[("file", "class.csv", bytes)]).status(201).json()["id"].clone()
    }

    /// Asks for a batch of so many small classes; its place.
    fn batch(&self, classes: usize, seconds: u32) -> Answer {
        let lists: Vec<_> = (0..classes).map(|at| (format!("7-{at}.csv"), class(12, 1, at as u64))).collect();
        let request = json!({"groups": 3, "time_limit": seconds}).to_string();
        self.upload("/v1/batches", &[("lists", "all.zip", &zipped(&lists)), ("request", "", request.as_bytes())])
    }

    fn until(&self, place: &str, will_do: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let answer = self.get(place).status(200).json();
            if will_do(&answer) {
                return answer;
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "{answer:#}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn place(answer: &Answer) -> String {
    answer.header("location").expect("a place").to_owned()
}

fn is_done(answer: &Value) -> bool {
    answer["state"] == "done"
}

/// Plans that take all their time, more than anybody would wait for.
#[test]
fn a_plan_waits_for_no_other_schools() {
    on_both(&[], &[], |large, small| {
        let list = large.list(&class(60, 9, 1));
        let long = json!({"list": list, "groups": 6, "prove": "all", "time_limit": 60});
        let first: Vec<String> = (0..300).map(|_| place(&large.post("/v1/plans", &[], &long).status(202))).collect();
        large.until(&first[0], |plan| plan["state"] == "running");
        let list = small.list(&class(12, 1, 1));
        for _ in 0..3 {
            let begun = Instant::now();
            let plan = small.post("/v1/plans", &[("Prefer", "wait=30")], &json!({"list": list, "groups": 3}));
            assert!(is_done(&plan.status(200).json()));
            assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
        }
        let states = |state: &str| first[..20].iter().filter(|at| large.get(at).json()["state"] == state).count();
        assert_eq!((states("running"), states("queued")), (1, 19), "one after the other");
        // Who has asked for much gives way within the school, too, to what is small.
        let list = large.list(&class(12, 1, 1));
        let own = place(&large.post("/v1/plans", &[], &json!({"list": list, "groups": 3})).status(202));
        large.post(&format!("{}/stop", first[0]), &[], &json!(null)).status(202);
        large.until(&own, is_done);
        large.until(&first[1], |plan| plan["state"] == "running");
        assert_eq!(states("queued"), 18);
    });
}

#[test]
fn a_batch_waits_for_no_other_schools() {
    on_both(&[], &[], |large, small| {
        let many = place(&large.batch(1_000, 60).status(202));
        large.until(&many, |batch| batch["counts"]["all"] == 1_000);
        let begun = Instant::now();
        let one = place(&small.batch(1, 10).status(202));
        small.until(&one, is_done);
        assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
        let counts = large.get(&many).status(200).json()["counts"].clone();
        assert!(counts["queued"].as_i64() > Some(500), "{counts}");
        large.post(&format!("{many}/stop"), &[], &json!(null)).status(202);
        large.until(&many, is_done);
    });
}

/// A list of so many students in so many classes.
fn list_of(students: usize, classes: usize) -> Vec<u8> {
    let mut list = "id,class,math,physics,history\n".to_owned();
    for i in 0..students {
        let (a, b, c) = (i * 7 % 101, i * 13 % 97, i * 29 % 89);
        writeln!(list, "{i},c{:03},{a},{b},{c}", i % classes).expect("a String takes everything");
    }
    list.into_bytes()
}

fn problem_detail(answer: Answer, status: u16, code: &str) -> String {
    answer.problem(status, code)["detail"].as_str().expect("a sentence").to_owned()
}

/// One school asks about many students, again and again and much at a time.
#[test]
fn an_upload_waits_for_no_other_schools_questions() {
    on_sqlite(&[], &[], |large, small| {
        let list = large.list(&list_of(8_000, 1));
        let asked = json!({"list": list, "groups": 160, "time_limit": 2, "model": "project-teams"});
        let plan = place(&large.post("/v1/plans", &[("Prefer", "wait=60")], &asked).status(200));
        let asking = std::sync::atomic::AtomicBool::new(true);
        std::thread::scope(|scope| {
            for student in 0..24 {
                let (asking, plan) = (&asking, &plan);
                scope.spawn(move || {
                    while asking.load(std::sync::atomic::Ordering::Relaxed) {
                        let body = json!({"student": student.to_string()});
                        large.post(&format!("{plan}/why"), &[], &body).status(200);
                    }
                });
            }
            std::thread::sleep(Duration::from_secs(2));
            let bytes = class(40, 3, 1);
            let times: Vec<Duration> = (0..5)
                .map(|_| {
                    let begun = Instant::now();
                    small.list(&bytes);
                    begun.elapsed()
                })
                .collect();
            asking.store(false, std::sync::atomic::Ordering::Relaxed);
            assert!(times.iter().all(|time| *time < Duration::from_secs(8)), "{times:?}");
        });
    });
}

/// A listener of a plan's events, once its answer has begun.
fn listener(school: &School<'_>, plan: &str, from: &str) -> Result<TcpStream, Answer> {
    let (host, bearer) = (format!("127.0.0.1:{}", school.server.address.port()), format!("Bearer {}", school.token));
    let headers = [
        ("Host", host.as_str()),
        ("Authorization", bearer.as_str()),
        ("X-Forwarded-For", from),
        ("Accept-Language", "en"),
    ];
    let mut stream = school.server.connect();
    stream.write_all(&head("GET", &format!("{plan}/events"), &headers, 0)).expect("the head is sent");
    let mut begin = [0; 12];
    while stream.peek(&mut begin).expect("an answer") < begin.len() {}
    if begin == *b"HTTP/1.1 200" { Ok(stream) } else { Err(read(&mut stream).expect("a whole answer")) }
}

#[test]
fn listeners_leave_room_for_others() {
    let settings = [("connections", "24"), ("connections_per_address", "5")];
    on_sqlite(&["--no-work", "--trust-proxy"], &settings, |large, small| {
        let list = large.list(&class(12, 1, 1));
        let plan = place(&large.post("/v1/plans", &[], &json!({"list": list, "groups": 3})).status(202));
        let mut listeners = Vec::new();
        // One caller, then others of the same school.
        let refused = loop {
            match listener(large, &plan, "10.0.0.1") {
                Ok(listener) => listeners.push(listener),
                Err(refused) => break refused,
            }
        };
        assert_eq!((refused.status, listeners.len()), (429, 5), "{}", refused.text());
        let refused = (2..100).find_map(|at| match listener(large, &plan, &format!("10.0.0.{at}")) {
            Ok(listener) => {
                listeners.push(listener);
                None
            }
            Err(refused) => Some(refused),
        });
        let refused = refused.expect("a school has not everything");
        assert!(refused.header("retry-after").is_some());
        assert_eq!((refused.status, listeners.len()), (429, 12), "{}", refused.text());
        assert!(refused.text().contains("at most 12"), "{}", refused.text());
        small.list(&class(12, 1, 1));
        // Who goes away makes room.
        listeners.clear();
        let begun = Instant::now();
        while large.get("/v1/models").status != 200 {
            assert!(begun.elapsed() < Duration::from_secs(20), "its places are not free again");
            std::thread::sleep(Duration::from_millis(100));
        }
    });
}

/// Many ask at the same moment: no more than the limit come in.
#[test]
fn side_by_side_nobody_passes_the_limit() {
    on_both(&["--no-work"], &[("open_plans", "5")], |large, small| {
        let list = large.list(&class(12, 1, 1));
        let asked = json!({"list": list, "groups": 3});
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let asking: Vec<_> = (0..60).map(|_| scope.spawn(|| large.post("/v1/plans", &[], &asked))).collect();
            asking.into_iter().map(|asking| asking.join().expect("no panic")).collect()
        });
        let (taken, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 202);
        assert_eq!(taken.len(), 5);
        for answer in refused {
            assert!(answer.header("retry-after").is_some());
            let detail = problem_detail(answer, 429, "too_many_plans");
            assert!(detail.contains("5 plans") && detail.contains("the limit of 5"), "{detail}");
        }
        large.post(&format!("{}/stop", place(&taken[0])), &[], &json!(null)).status(202);
        large.post("/v1/plans", &[], &asked).status(202);
        let list = small.list(&class(12, 1, 1));
        small.post("/v1/plans", &[], &json!({"list": list, "groups": 3})).status(202);
    });
}

#[test]
fn the_classes_of_a_batch_are_counted_first() {
    on_both(&[], &[("open_plans", "10")], |large, small| {
        let lists: Vec<_> = (0..2_000).map(|at| (format!("{at}.csv"), Vec::new())).collect();
        let zip = zipped(&lists);
        let detail = problem_detail(large.upload("/v1/batches", &[("lists", "all.zip", &zip)]), 413, "too_many_lists");
        assert!(detail.contains("2000 files, of at most 10"), "{detail}");
        // Ten fit, but not beside the batch itself.
        for (classes, state) in [(9, "done"), (10, "failed"), (400, "failed")] {
            let list = list_of(classes * 8, classes);
            let request = json!({"groups": 2, "time_limit": 1}).to_string();
            let parts: [(&str, &str, &[u8]); 2] = [("lists", "all.csv", &list), ("request", "", request.as_bytes())];
            let batch = place(&large.upload("/v1/batches", &parts).status(202));
            let ended = large
                .until(&batch, |batch| !["queued", "running"].contains(&batch["state"].as_str().expect("a state")));
            assert_eq!(ended["state"], state, "{ended:#}");
            if state == "failed" {
                let fault = &ended["error"]["faults"][0];
                assert_eq!((&fault["code"], &ended["counts"]["all"]), (&json!("too_many_classes"), &json!(0)));
                assert_eq!(fault["found"], format!("{classes} classes"), "{fault:#}");
            }
        }
        place(&small.batch(1, 1).status(202));
    });
}

#[test]
fn a_school_stores_so_much_and_no_more() {
    on_both(&["--no-work"], &[("stored_bytes", "1048576")], |large, small| {
        let list = list_of(20_000, 1);
        let send = || large.upload("/v1/lists", &[("file", "class.csv", &list)]);
        let first = send().status(201).json()["id"].as_str().expect("an id").to_owned();
        send().status(201);
        let detail = problem_detail(send(), 507, "storage_full");
        assert!(detail.contains("stores 0.7 MiB") && detail.contains("the limit of 1.0 MiB"), "{detail}");
        let batch = large.upload("/v1/batches", &[("lists", "class.csv", &list)]);
        batch.problem(507, "storage_full");
        let staff = "id,name\n".to_owned() + &"T,teacher\n".repeat(60_000);
        assert_ne!(large.upload("/v1/staff", &[("file", "staff.csv", staff.as_bytes())]).status, 201);
        small.upload("/v1/lists", &[("file", "class.csv", &list)]).status(201);
        large.ask("DELETE", &format!("/v1/lists/{first}"), &[], b"").status(204);
        send().status(201);
    });
}

/// What is asked for again and again is never longer than a page.
#[test]
fn a_batch_comes_by_pages() {
    on_both(&[], &[], |large, small| {
        let batch = place(&large.batch(5, 1).status(202));
        let whole = large.until(&batch, is_done);
        assert_eq!(
            (&whole["counts"]["all"], &whole["counts"]["done"], &whole["next"]),
            (&json!(5), &json!(5), &json!(null))
        );
        let (mut after, mut seen) = (String::new(), BTreeSet::new());
        for expected in [2, 2, 1] {
            let page = large.get(&format!("{batch}?limit=2{after}")).status(200).json();
            let classes = page["classes"].as_array().expect("classes");
            assert_eq!((classes.len(), &page["summary"], &page["counts"]), (expected, &json!(null), &whole["counts"]));
            seen.extend(classes.iter().map(|class| class["class"].as_str().expect("a name").to_owned()));
            assert_eq!(page["next"].is_string(), seen.len() < 5, "{page:#}");
            after = format!("&after={}", page["next"].as_str().unwrap_or_default());
        }
        assert_eq!(seen.len(), 5);
        assert_eq!(large.get(&format!("{batch}/summary")).status(200).json(), whole["summary"]);
        small.get(&format!("{batch}/summary")).problem(404, "not_found");
        for wrong in ["limit=0", "limit=1001", "limit=x", "after=x", "page=1"] {
            large.get(&format!("{batch}?{wrong}")).problem(400, "bad_query");
        }
    });
}
