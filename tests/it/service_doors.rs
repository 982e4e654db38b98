//! The doors: what a caller without a token may take, that refusals reach whoever is still sending, and that a door which was
//! closed by tokens never opens again.

use crate::command::{Folder, fenzu};
use crate::postgres;
use crate::service_access::{on, token};
use crate::service_client::{Answer, Server, head, multipart, read};
use serde_json::json;
use std::io::Write;
use std::time::{Duration, Instant};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("Content-Type", "application/json");

/// A service with tokens, its settings and flags; it is asked with a token.
fn guarded(args: &[&str], settings: &[(&str, &str)]) -> (Server, String) {
    let folder = Folder::new();
    let token = token(&folder, "一中");
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    (Server::on(folder, &database, args, settings).bearing(&token), token)
}

/// Sends all of a body, which must be taken, and reads the answer.
fn sent(server: &Server, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut stream = server.connect();
    let headers = [&[("Host", "localhost"), ("Accept-Language", "en")], headers].concat();
    stream.write_all(&head("POST", path, &headers, body.len())).expect("the head is sent");
    stream.write_all(body).expect("all of the body is taken");
    read(&mut stream).expect("an answer")
}

/// Forms without a token and bodies without a token hold nothing that others need.
#[test]
fn whoever_has_no_token_takes_no_room() {
    let (server, _) = guarded(&[], &[("body_seconds", "15")]);
    let begun = |path: &str, kind: (&str, &str), length: usize| {
        let mut stream = server.connect();
        let headers = [("Host", "localhost"), ("Accept-Language", "en"), kind];
        stream.write_all(&head("POST", path, &headers, length)).expect("the head is sent");
        stream.write_all(b"token=").expect("a beginning is sent");
        stream
    };
    let slow: Vec<_> = (0..40).map(|_| begun("/enter", FORM, 1_000)).collect();
    let large: Vec<_> = (0..40).map(|_| begun("/enter", FORM, 16 << 20)).collect();
    let foreign: Vec<_> = (0..40).map(|_| begun("/v1/plans", JSON, 16 << 20)).collect();
    let start = Instant::now();
    let list = format!("id,math,{}\n1,2,3\n", "x".repeat(1 << 20));
    server.upload("/v1/lists", &[("file", "l.csv", list.as_bytes())]);
    assert!(start.elapsed() < Duration::from_secs(10), "an upload waits for {:?}", start.elapsed());
    for (streams, status) in [(large, 413), (foreign, 401), (slow, 408)] {
        for mut stream in streams {
            read(&mut stream).expect("an answer").status(status);
        }
    }
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

/// Whoever is refused early is still sending; the answer reaches him all the same.
#[test]
fn early_refusals_reach_the_caller() {
    let (server, token) = guarded(&[], &[("body_bytes", "1000000")]);
    let bearer = format!("Bearer {token}");
    let (own, wrong) = (("Authorization", bearer.as_str()), ("Authorization", "Bearer fenzu_0"));
    let whole = multipart(&[("file", "l.csv", &vec![b'x'; 20 << 20])]);
    let kind = ("Content-Type", "multipart/form-data; boundary=fenzu-test-boundary");
    for _ in 0..5 {
        sent(&server, "/v1/lists", &[kind, own], &whole).problem(413, "too_large");
        sent(&server, "/v1/lists", &[kind, wrong], &whole).problem(401, "unauthorized");
        sent(&server, "/nowhere", &[kind], &whole).problem(404, "not_found");
        assert!(sent(&server, "/enter", &[FORM], &whole).status(413).text().contains("4 KiB"));
        let foreign = ("Origin", "http://evil.example");
        sent(&server, "/enter", &[FORM, foreign], &whole).status(403);
    }
    // Without a length, too.
    let mut stream = server.connect();
    let headers = [("Host", "localhost"), ("Accept-Language", "en"), kind, own, ("Transfer-Encoding", "chunked")];
    stream.write_all(&head("POST", "/v1/lists", &headers, 0)).expect("the head is sent");
    for chunk in whole.chunks(1 << 16) {
        stream.write_all(format!("{:x}\r\n", chunk.len()).as_bytes()).expect("taken");
        stream.write_all(&[chunk, b"\r\n"].concat()).expect("all of the body is taken");
    }
    stream.write_all(b"0\r\n\r\n").expect("taken");
    read(&mut stream).expect("an answer").problem(413, "too_large");
}

/// Large bodies are parsed where they stop nobody, and not all at once.
#[test]
fn parsing_stops_nobody() {
    let server = Server::start();
    let students = vec!["{\"a\":0}"; (15 << 20) / 8].join(",");
    let body = format!("{{\"list\":{{\"students\":[{students}]}},\"groups\":2}}");
    std::thread::scope(|scope| {
        let asked = |_| scope.spawn(|| sent(&server, "/v1/plans", &[JSON], body.as_bytes()).status);
        let all: Vec<_> = (0..12).map(asked).collect();
        let mut worst = Duration::ZERO;
        while !all.iter().all(std::thread::ScopedJoinHandle::is_finished) {
            let start = Instant::now();
            server.get("/healthz").status(200);
            worst = worst.max(start.elapsed());
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(worst < Duration::from_secs(4), "an answer waits for {worst:?}");
        for answered in all {
            let status = answered.join().expect("an answer");
            assert!([422, 503].contains(&status), "{status}");
        }
    });
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
    assert!(peak.unwrap_or(0) < 900_000, "{peak:?} KiB");
}

/// Revoking all tokens, losing the database and a proxy open nothing.
#[test]
fn a_closed_door_stays_closed() {
    let (mut server, _) = guarded(&[], &[]);
    let database = format!("sqlite:{}", server.folder.path("fenzu.db"));
    let listed = fenzu(&["token", "list", "--school", "一中", "--database", &database]).code(0);
    let id = listed.text().split_whitespace().next().expect("an id").to_owned();
    fenzu(&["token", "revoke", "--school", "一中", "--database", &database, &id]).code(0);
    server.get("/v1/models").problem(401, "unauthorized");
    for lost in [false, true] {
        server.end();
        let folder = std::mem::replace(&mut server.folder, Folder::new());
        if lost {
            for file in ["fenzu.db", "fenzu.db-wal", "fenzu.db-shm"] {
                let _ = std::fs::remove_file(folder.path(file));
            }
        }
        server = on(folder);
        server.get("/v1/models").problem(401, "unauthorized");
        server.get("/").status(303);
        assert_eq!(server.log().contains("tokens were in use here"), lost, "{}", server.log());
    }
    // A token opens it again.
    let secret = token(&server.folder, "一中");
    server.bearing(&secret).get("/v1/models").status(200);
}

/// Where others can come, nothing starts without a token; what a proxy passes on is not the person at this machine.
#[test]
fn a_proxy_and_a_shared_database_need_tokens() {
    let folder = Folder::new();
    let database = format!("sqlite:{}", folder.path("fenzu.db"));
    let databases = [(Some(database), true), (postgres::database(), false)];
    for (database, proxy) in databases.into_iter().filter_map(|(database, proxy)| Some((database?, proxy))) {
        let mut args = vec!["serve", "--listen", "127.0.0.1:0", "--database", &database];
        args.extend(proxy.then_some("--trust-proxy"));
        let ended = fenzu(&args).code(2);
        assert!(ended.err.contains("fenzu token create"), "{}", ended.err);
    }
    let server = Server::start();
    for header in ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Proto"] {
        server.ask("GET", "/v1/models", &[(header, "10.0.0.1")], b"").problem(403, "through_proxy");
    }
    server.get("/v1/models").status(200);
}

/// Wrong tokens are told with their address, and a network that sends too many of them is not listened to.
#[test]
fn wrong_tokens_are_told_and_limited() {
    let (server, own) = guarded(&["--trust-proxy"], &[("failed_logins", "5")]);
    let late = token(&server.folder, "二中");
    let ask = |address: &str, token: &str| {
        let bearer = format!("Bearer {token}");
        server.ask("GET", "/v1/models", &[("X-Forwarded-For", address), ("Authorization", &bearer)], b"")
    };
    let wrong = format!("fenzu_{}", "ab".repeat(32));
    ask("192.0.2.7", &own).status(200);
    for _ in 0..5 {
        ask("192.0.2.7", &wrong).problem(401, "unauthorized");
    }
    let refused = ask("192.0.2.7", &wrong);
    assert!(refused.header("retry-after").is_some());
    refused.problem(429, "too_many_failures");
    // Also a right one that is not known yet; the form is the same door; whoever was let in before goes on.
    ask("192.0.2.7", &late).problem(429, "too_many_failures");
    let form = [FORM, ("X-Forwarded-For", "192.0.2.7"), ("Authorization", "")];
    assert_eq!(server.ask("POST", "/enter", &form, b"token=fenzu_00").status, 429);
    ask("192.0.2.7", &own).status(200);
    ask("192.0.2.8", &late).status(200);
    // An IPv6 network of /64 is one caller; an address written in two ways is one, too.
    for last in 0..5 {
        ask(&format!("2001:db8:0:1::{last}"), &wrong).problem(401, "unauthorized");
    }
    ask("2001:db8:0:1:ffff::9", &wrong).problem(429, "too_many_failures");
    ask("2001:db8:0:2::9", &wrong).problem(401, "unauthorized");
    ask("::ffff:192.0.2.7", &wrong).problem(429, "too_many_failures");
    let log = server.log();
    assert_eq!(log.matches("a token was refused").count(), 11, "{log}");
    assert!(log.contains("192.0.2.7") && log.contains("2001:db8:0:2::9"), "{log}");
    assert!(log.contains("this network is not listened to") && !log.contains(&wrong), "{log}");
}

/// The addresses of one IPv6 network have one allowance of requests, too.
#[test]
fn a_network_is_one_caller() {
    let settings = [("burst", "10"), ("requests_per_second", "1")];
    let (server, _) = guarded(&["--trust-proxy"], &settings);
    let ask = |address: String| server.ask("GET", "/healthz", &[("X-Forwarded-For", &address)], b"").status;
    assert!((0..30).any(|at| ask(format!("2001:db8:0:1::{at:x}")) == 429), "each address has its own");
    assert_eq!(ask("2001:db8:0:2::1".to_owned()), 200);
}

/// Behind TLS the cookie is one that no other page and no neighbouring host can put there.
#[test]
fn behind_tls_only_our_own_cookie_counts() {
    let (server, token) = guarded(&["--trust-proxy"], &[]);
    let tls = [("Host", "fenzu.school.example"), ("X-Forwarded-Proto", "https"), ("Authorization", "")];
    let form = [&tls[..], &[FORM, ("Origin", "https://fenzu.school.example")]].concat();
    let entered = server.ask("POST", "/enter", &form, format!("token={token}").as_bytes()).status(303);
    let cookie = entered.header("set-cookie").expect("a cookie").to_owned();
    assert!(cookie.starts_with("__Host-token=") && cookie.contains("; Path=/;"), "{cookie}");
    assert!(cookie.contains("; Secure") && !cookie.contains("Domain"), "{cookie}");
    let with = |cookie: &str| server.ask("GET", "/v1/models", &[&tls[..], &[("Cookie", cookie)]].concat(), b"");
    with(&format!("__Host-token={token}")).status(200);
    with(&format!("token={token}; __Host-token={token}")).status(200);
    with(&format!("token={token}")).problem(401, "unauthorized");
    let plain = [("Authorization", ""), ("Cookie", &*format!("token={token}"))];
    server.ask("GET", "/v1/models", &plain, b"").status(200);
    assert_eq!(json!(server.get("/healthz").json()["status"]), "ok");
}

/// What is no request is answered with all headers, too.
#[test]
fn what_is_no_request_is_refused_in_full_dress() {
    let server = Server::start();
    let long = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "x".repeat(64 << 10));
    let many = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "X: y\r\n".repeat(300));
    let none =
        ["GET / HTTP/9.9\r\n\r\n", "\u{1}\u{2}\u{3} nothing at all\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n"];
    for (text, status) in none.map(|text| (text, 400)).into_iter().chain([(long.as_str(), 431), (many.as_str(), 431)]) {
        let mut stream = server.connect();
        // A whole answer first: the next head on the same connection is no better.
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("sent");
        stream.write_all(text.as_bytes()).expect("sent");
        let both = read(&mut stream).expect("answers").status(200).text();
        let (_, bare) = both.split_once("HTTP/1.1 ").expect("a second answer");
        assert!(bare.starts_with(&status.to_string()), "{bare}");
        for header in [
            "x-content-type-options: nosniff",
            "content-security-policy: default-src 'none'",
            "cache-control: no-store",
        ] {
            assert!(bare.contains(header), "{bare}");
        }
        let (_, body) = bare.split_once("\r\n\r\n").expect("a body");
        let problem: serde_json::Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(problem["status"], status, "{problem:#}");
    }
}

/// A database's password on the command line is refused before anything is done, and not repeated.
#[test]
fn passwords_stay_off_the_command_line() {
    for database in ["postgres://fenzu:sesame7@127.0.0.1:1/x", "postgresql://fenzu@127.0.0.1:1/x?password=sesame7"] {
        for told in [vec!["--database", database], vec![&*format!("--database={database}").leak()]] {
            for command in [vec!["serve"], vec!["work"], vec!["token", "list", "--school", "x"], vec!["backup", "f"]] {
                let ended = fenzu(&[command, told.clone()].concat()).code(2);
                assert!(ended.err.contains("FENZU_DATABASE") && !ended.err.contains("sesame7"), "{}", ended.err);
            }
        }
    }
}
