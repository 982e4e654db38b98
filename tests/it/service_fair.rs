//! Fair shares: whatever one school asks for, another is not made to wait for it; what is too much is refused in words.

use crate::command::{Folder, fenzu};
use crate::jobs_bench::{class, zipped};
use crate::postgres;
use crate::service_client::{Answer, Server, multipart};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A token of a school on a database.
fn token(database: &str, school: &str) -> String {
    let made = fenzu(&["token", "create", "--school", school, "--database", database]).code(0);
    let secret = made.text().split_whitespace().find(|word| word.starts_with("fenzu_"));
    secret.unwrap_or_else(|| panic!("no token in {}", made.text())).to_owned()
}

/// A service for two schools, on SQLite and, where it is installed, on PostgreSQL.
fn on_both(settings: &[(&str, &str)], test: impl Fn(&School<'_>, &School<'_>)) {
    let folder = Folder::new();
    let sqlite = format!("sqlite:{}", folder.path("fenzu.db"));
    for (folder, database) in [(folder, Some(sqlite)), (Folder::new(), postgres::database())] {
        let Some(database) = database else { continue };
        let tokens = ["一中", "二中"].map(|school| token(&database, school));
        let mut all = vec![("requests_per_second", "10000"), ("burst", "10000")];
        all.extend(settings);
        let server = Server::on(folder, &database, &["--solves", "1"], &all);
        let [large, small] = tokens.map(|token| School { server: &server, token });
        test(&large, &small);
    }
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
    on_both(&[], |large, small| {
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
        assert_eq!(states("queued"), 18);
    });
}

#[test]
fn a_batch_waits_for_no_other_schools() {
    on_both(&[], |large, small| {
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
