//! Who may come in: one person on loopback, schools with tokens elsewhere, nobody from another page.

use crate::command::{Folder, fenzu};
use crate::service_client::Server;
use serde_json::{Value, json};

/// A token for a school of this name.
pub fn token(folder: &Folder, school: &str) -> String {
    token_in(&format!("sqlite:{}", folder.path("fenzu.db")), school)
}

/// The same in a database.
pub fn token_in(database: &str, school: &str) -> String {
    let made = fenzu(&["token", "create", "--school", school, "--database", database]).code(0);
    let secret = made.text().split_whitespace().find(|word| word.starts_with("fenzu_"));
    secret.unwrap_or_else(|| panic!("no token in {}", made.text())).to_owned()
}

/// A service on a folder's database.
pub fn on(folder: Folder) -> Server {
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    Server::on(folder, &database, &[], &[])
}

fn class() -> Value {
    let student = |i: i64| json!({"id": i, "姓名": format!("{STUDENT}{i}"), "数学": 50 + i});
    json!({"students": (1..=6).map(student).collect::<Vec<_>>()})
}

/// How the students are called.
const STUDENT: &str = "司马同学";

#[test]
fn only_this_machines_names_are_hosts() {
    let server = Server::start();
    let port = server.address.port();
    for host in ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"] {
        server.ask("GET", "/v1/models", &[("Host", &format!("{host}:{port}"))], b"").status(200);
        server.ask("GET", "/v1/models", &[("Host", host)], b"").status(200);
    }
    let rebound = [
        format!("evil.example:{port}"),
        "127.0.0.1.evil.example".into(),
        "localhost.".into(),
        "0.0.0.0".into(),
        "192.168.0.7".into(),
        String::new(),
    ];
    for host in rebound {
        for path in ["/v1/models", "/healthz", "/docs", "/nowhere"] {
            server.ask("GET", path, &[("Host", &host)], b"").problem(403, "foreign_host");
        }
    }
    server.raw("GET", "/v1/models", &[], b"").problem(403, "foreign_host");
    server.raw("GET", "http://evil.example/v1/models", &[("Host", "localhost")], b"").problem(403, "foreign_host");
}

#[test]
fn another_pages_requests_get_nowhere() {
    let server = Server::start();
    let own = format!("http://127.0.0.1:{}", server.address.port());
    let body = json!({"list": class(), "groups": 2});
    let foreign: [&[(&str, &str)]; 6] = [
        &[("Origin", "https://evil.example")],
        &[("Origin", "null")],
        &[("Origin", "http://127.0.0.1:1")],
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site")],
        &[("Origin", &own), ("Sec-Fetch-Site", "cross-site")],
    ];
    for headers in foreign {
        server.post_with("/v1/plans", headers, &body).problem(403, "foreign_origin");
    }
    server.ask("GET", "/v1/models", &[("Origin", "https://evil.example")], b"").problem(403, "foreign_origin");
    server
        .ask("DELETE", "/v1/schools/me/data", &[("Origin", "https://evil.example")], b"")
        .problem(403, "foreign_origin");
    let ours: [&[(&str, &str)]; 3] =
        [&[], &[("Origin", &own), ("Sec-Fetch-Site", "same-origin")], &[("Sec-Fetch-Site", "none")]];
    for headers in ours {
        server.post_with("/v1/plans", headers, &body).status(202);
    }
    assert_eq!(server.get("/v1/models").header("access-control-allow-origin"), None);
}

#[test]
fn every_answer_carries_the_safe_headers() {
    let server = Server::start();
    for path in ["/v1/models", "/healthz", "/openapi.json", "/docs", "/nowhere", "/v1/plans/x"] {
        let answer = server.get(path);
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(answer.header("x-request-id").is_some(), "{path}");
    }
}

#[test]
fn errors_are_problems_in_the_callers_language() {
    let server = Server::start();
    server.get("/nowhere").problem(404, "not_found");
    server.get("/v1/plans/not-an-id").problem(404, "not_found");
    server.get("/v1/plans/a%00b").problem(404, "not_found");
    let wrong = server.ask("PUT", "/v1/models", &[], b"");
    assert_eq!(wrong.header("allow"), Some("GET,HEAD"));
    wrong.problem(405, "method_not_allowed");
    server.ask("POST", "/v1/plans", &[("Content-Type", "text/plain")], b"{}").problem(415, "unsupported_media_type");
    server
        .ask("POST", "/v1/lists", &[("Content-Type", "application/json")], b"{}")
        .problem(415, "unsupported_media_type");
    server.ask("POST", "/v1/plans", &[("Content-Type", "application/json")], b"{").problem(400, "invalid_json");
    server.post("/v1/plans", &json!({"lost": 1})).problem(422, "invalid_json");
    server.upload("/v1/lists", &[("wrong", "a.csv", b"x")]).problem(422, "unknown_field");
    server.upload("/v1/lists", &[]).problem(422, "one_field");
    for (wanted, title) in
        [("", "找不到"), ("en-GB,zh;q=0.5", "Not found"), ("fr,zh-CN;q=0.2,en;q=0.1", "找不到"), ("de", "找不到")]
    {
        let answer = server.ask("GET", "/nowhere", &[("Accept-Language", wanted)], b"");
        assert_eq!(answer.json()["title"], title, "{wanted}");
    }
}

/// Where there is a token, nobody comes in without one, and a school sees only its own.
#[test]
fn schools_are_apart() {
    let folder = Folder::new();
    let (ours, theirs) = (token(&folder, "一中"), token(&folder, "二中"));
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    let server = Server::on(folder, &database, &[], &[("failed_logins", "1000")]).bearing(&ours);
    let list = server.list("class.json", class().to_string().as_bytes());
    let staff =
        server.upload("/v1/staff", &[("file", "staff.csv", "工号,姓名\n1,王芳\n".as_bytes())]).status(201).json();
    let plan = server.plan(&json!({"list": list, "groups": 2}));
    let batch =
        server.upload("/v1/batches", &[("lists", "class.json", class().to_string().as_bytes())]).status(202).json();
    let (plan, batch) = (plan["id"].as_str().expect("an id"), batch["id"].as_str().expect("an id"));
    let document: Value = server.get("/openapi.json").status(200).json();
    let server = server.bearing(&theirs);
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        let id = match path.split('/').nth(2) {
            Some("batches") => batch,
            Some("lists") => list.as_str(),
            _ => plan,
        };
        let place = path.replace("{id}", id).replace("{class}", plan);
        for method in item.as_object().expect("methods").keys() {
            let method = method.to_uppercase();
            let query = if path.ends_with("/export") { "?format=csv" } else { "" };
            let place = format!("{place}{query}");
            let body = match path.rsplit('/').next() {
                Some("moves") => json!({"moves": [{"swap": ["1", "2"]}], "apply": true}),
                Some("improve") => json!({"free": ["1"]}),
                Some("why") => json!({"student": "1"}),
                Some("columns") => json!({"columns": []}),
                Some("names") => json!({"names": []}),
                _ => json!(null),
            };
            let body = if method == "POST" { body.to_string() } else { String::new() };
            if path.starts_with("/v1/") || path == "/metrics" {
                let answer = server.ask(&method, &place, &[("Authorization", "")], body.as_bytes());
                assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
                answer.problem(401, "unauthorized");
                server
                    .ask(&method, &place, &[("Authorization", "Bearer fenzu_0000")], body.as_bytes())
                    .problem(401, "unauthorized");
            }
            if path.contains('{') {
                server
                    .ask(&method, &place, &[("Content-Type", "application/json")], body.as_bytes())
                    .problem(404, "not_found");
                tried += 1;
            }
        }
    }
    assert!(tried >= 12, "{tried}");
    // Ids in bodies are as foreign as those in paths.
    let small = class();
    server.post("/v1/plans", &json!({"list": list, "groups": 2})).problem(404, "unknown_list");
    server.post("/v1/plans", &json!({"list": small, "staff": staff["id"]})).problem(404, "unknown_staff");
    server.post("/v1/plans", &json!({"list": small, "previous": plan})).problem(404, "unknown_previous");
    server.post("/v1/check", &json!({"list": list, "plan": []})).problem(404, "unknown_list");
    server
        .upload("/v1/staff", &[("file", "s.csv", b"id,name\n1,x\n"), ("list", "", list.as_bytes())])
        .problem(404, "unknown_list");
    // What a foreign Host or Origin says does not matter where a token is demanded.
    server
        .ask("GET", "/v1/models", &[("Host", "fenzu.school.example"), ("Origin", "https://fenzu.school.example")], b"")
        .status(200);
    let mine = server.bearing(&ours);
    mine.get(&format!("/v1/plans/{plan}")).status(200);
    let log = mine.log();
    assert!(log.contains("\"route\":\"/v1/plans/{id}\""), "{log}");
    for secret in [&ours, &theirs, STUDENT, "教师", "class.json"] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
}

/// A token made while the service runs closes the open door.
#[test]
fn the_first_token_closes_the_door() {
    let server = Server::start();
    server.get("/v1/models").status(200);
    let secret = token(&server.folder, "一中");
    let start = std::time::Instant::now();
    while server.get("/v1/models").status == 200 {
        assert!(start.elapsed().as_secs() < 20, "the door stays open");
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    server.get("/v1/models").problem(401, "unauthorized");
    server.bearing(&secret).get("/v1/models").status(200);
}

/// What others can reach does not start without a token.
#[test]
fn an_open_address_needs_a_token() {
    let folder = Folder::new();
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    let ended = fenzu(&["serve", "--listen", "0.0.0.0:0", "--database", &database]).code(2);
    assert!(ended.err.contains("fenzu token create"), "{}", ended.err);
}
