//! Callers who ask for too much, too often, or too slowly.

use crate::lists::{ods_number, zipped};
use crate::service_client::{Server, head, multipart, read};
use serde_json::json;
use std::io::{Read, Write};
use std::time::{Duration, Instant};

/// A gigabyte is refused by its head; none of it has to be sent.
#[test]
fn a_gigabyte_is_refused_early() {
    let server = Server::start();
    let start = Instant::now();
    let mut stream = server.connect();
    let kind = ("Content-Type", "multipart/form-data; boundary=b");
    stream.write_all(&head("POST", "/v1/lists", &[("Host", "localhost"), kind], 1 << 30)).expect("the head is sent");
    read(&mut stream).expect("an answer").problem(413, "too_large");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

/// Without a length the bytes are counted while they come.
#[test]
fn an_endless_body_is_cut() {
    let server = Server::with(&[], &[("body_bytes", "100000")]);
    let mut stream = server.connect();
    let kind = ("Content-Type", "application/json");
    let headers = [("Host", "localhost"), kind, ("Transfer-Encoding", "chunked")];
    stream.write_all(&head("POST", "/v1/plans", &headers, 0)).expect("the head is sent");
    let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
    let sent = (0..64).take_while(|_| stream.write_all(&chunk).is_ok()).count();
    assert!(sent < 64 || read(&mut stream).is_ok_and(|answer| answer.status == 413), "all of it was taken");
}

/// A workbook of a few bytes that unpacks to very many is refused while it is unpacked.
#[test]
fn a_bomb_does_not_go_off() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for name in ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"] {
        zip.start_file(name, options).expect("an entry");
        let zeros = vec![b' '; 1 << 20];
        (0..100).for_each(|_| zip.write_all(&zeros).expect("written"));
    }
    let bomb = zip.finish().expect("a zip").into_inner();
    assert!(bomb.len() < 1 << 20);
    let server = Server::start();
    let answer = server.upload("/v1/lists", &[("file", "bomb.xlsx", &bomb)]).status(422);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
}

/// Heads and bodies that come byte by byte are cut off, and others are served meanwhile.
#[test]
fn slow_callers_stop_nobody() {
    let server = Server::with(&[], &[("head_seconds", "1"), ("body_seconds", "1"), ("connections", "64")]);
    let slow: Vec<_> = (0..40)
        .map(|i| {
            let mut stream = server.connect();
            let body = head("POST", "/v1/plans", &[("Host", "localhost"), ("Content-Type", "application/json")], 1000);
            let begun: &[u8] = if i % 2 == 0 { b"GET /healthz HTTP/1.1\r\nHost: loc" } else { &body };
            stream.write_all(begun).expect("something is sent");
            stream
        })
        .collect();
    for _ in 0..10 {
        let start = Instant::now();
        server.get("/v1/models").status(200);
        assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    }
    for (i, mut stream) in slow.into_iter().enumerate() {
        let mut rest = Vec::new();
        let start = Instant::now();
        let _ = stream.read_to_end(&mut rest);
        assert!(start.elapsed() < Duration::from_secs(20), "a slow caller is kept");
        if i % 2 == 1 {
            assert!(rest.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&rest));
        }
    }
}

/// More connections than there are seats wait for one.
#[test]
fn connections_are_bounded() {
    let server = Server::with(&[], &[("connections", "4"), ("head_seconds", "4")]);
    // From here on: their four seconds begin as soon as they are connected.
    let start = Instant::now();
    let idle: Vec<_> = (0..4).map(|_| server.connect()).collect();
    server.get("/healthz").status(200);
    assert!(start.elapsed() > Duration::from_secs(3), "served as a fifth after {:?}", start.elapsed());
    drop(idle);
}

/// One address cannot take all seats; what it has too many is closed, and a place that it gives back is free again.
#[test]
fn connections_of_one_address_are_bounded() {
    let server = Server::with(&[], &[("connections_per_address", "3")]);
    let mut idle: Vec<_> = (0..3).map(|_| server.connect()).collect();
    let mut refused = server.connect();
    // It may be closed before or after the request is sent.
    let _ = refused.write_all(&head("GET", "/healthz", &[("Host", "localhost")], 0));
    assert!(read(&mut refused).is_err(), "a fourth is served");
    drop(idle.pop());
    let start = Instant::now();
    let served = || {
        let mut stream = server.connect();
        let _ = stream.write_all(&head("GET", "/healthz", &[("Host", "localhost")], 0));
        read(&mut stream).is_ok_and(|answer| answer.status == 200)
    };
    while !served() {
        assert!(start.elapsed() < Duration::from_secs(20), "the place is not free again");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Noise that no zip makes smaller.
pub fn noise(bytes: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(next).take(bytes / 8).flatten().collect()
}

/// Whoever asks for much and takes nothing is cut off; whoever takes it gets it whole.
#[test]
fn callers_who_do_not_read_are_cut() {
    let server = Server::with(&["--no-work"], &[("write_seconds", "1")]);
    let list = noise(12 << 20);
    server.upload("/v1/batches", &[("lists", "noise.csv", &list)]).status(202);
    let whole = server.get("/v1/schools/me/data").status(200);
    assert!(whole.body.len() > list.len());
    let mut stream = server.connect();
    let host = format!("127.0.0.1:{}", server.address.port());
    stream.write_all(&head("GET", "/v1/schools/me/data", &[("Host", &host)], 0)).expect("the head is sent");
    // To make the zip takes a while, too.
    std::thread::sleep(Duration::from_secs(15));
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(rest.starts_with(b"HTTP/1.1 200") && rest.len() < list.len(), "{} bytes came", rest.len());
}

#[test]
fn too_much_is_told_when_to_come_again() {
    let server = Server::with(&["--no-work"], &[("open_plans", "2"), ("burst", "40"), ("requests_per_second", "1")]);
    let list = json!({"students": (1..=6).map(|i| json!({"id": i, "math": 50 + i})).collect::<Vec<_>>()});
    let body = json!({"list": list, "groups": 2});
    server.post("/v1/plans", &body).status(202);
    server.post("/v1/plans", &body).status(202);
    let refused = server.post("/v1/plans", &body);
    assert!(refused.header("retry-after").is_some());
    refused.problem(429, "too_many_plans");
    let often = (0..60).map(|_| server.get("/v1/models")).find(|answer| answer.status != 200).expect("a refusal");
    assert!(often.header("retry-after").is_some());
    often.problem(429, "too_often");
    let full = Server::with(&["--no-work"], &[("queue", "1")]);
    full.post("/v1/plans", &body).status(202);
    let refused = full.post("/v1/plans", &body);
    assert!(refused.header("retry-after").is_some());
    refused.problem(503, "queue_full");
}

/// Rows beyond the service's cap, and damaged bodies of every kind, are problems, never an error of ours.
#[test]
fn damaged_input_is_refused() {
    let server = Server::with(&[], &[("rows", "100")]);
    let rows: String = (0..200).map(|i| format!("{i},5\n")).collect();
    server
        .upload("/v1/lists", &[("file", "l.csv", format!("id,math\n{rows}").as_bytes())])
        .problem(422, "too_many_rows");
    // The header is no student.
    let rows: String = (0..100).map(|i| format!("{i},5\n")).collect();
    server.upload("/v1/lists", &[("file", "l.csv", format!("id,math\n{rows}").as_bytes())]).status(201);
    for bytes in [b"".as_slice(), b"PK\x03\x04", b"\xff\xfe\x00", b"{\"students\": [", b"<html>"] {
        let answer = server.upload("/v1/lists", &[("file", "x.xlsx", bytes)]).status(422);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    }
    let whole = multipart(&[("file", "l.csv", b"id,math\n1,2\n")]);
    let kind = [("Content-Type", "multipart/form-data; boundary=fenzu-test-boundary")];
    let half = server.ask("POST", "/v1/lists", &kind, &whole[..whole.len() - 30]);
    half.problem(400, "bad_request");
    server
        .ask("POST", "/v1/lists", &[("Content-Type", "multipart/form-data")], &whole)
        .problem(415, "unsupported_media_type");
    let deep = "[".repeat(100_000);
    server
        .ask("POST", "/v1/plans", &[("Content-Type", "application/json")], deep.as_bytes())
        .problem(422, "invalid_json");
}

/// A kilobyte that unfolds into four hundred million cells is refused at every door, at once and in little memory.
#[test]
fn what_unfolds_is_refused_at_every_door() {
    let cell = ods_number(1.0).replace("<table:table-cell", "<table:table-cell table:number-columns-repeated=\"1000\"");
    let sheet = format!(
        "<table:table><table:table-row table:number-rows-repeated=\"2000\">{cell}</table:table-row></table:table>"
    );
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet>{}\
         </office:spreadsheet></office:body></office:document-content>",
        sheet.repeat(200)
    );
    let bytes = zipped(&[("content.xml", &content)]);
    assert!(bytes.len() < 2 << 10, "{} bytes", bytes.len());
    let server = Server::start();
    let peak = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        peak.unwrap_or(0_u64)
    };
    let before = peak();
    for path in ["/v1/lists", "/v1/staff", "/v1/groups"] {
        let start = Instant::now();
        server.upload(path, &[("file", "a.ods", &bytes)]).problem(422, "too_many_cells");
        assert!(start.elapsed() < Duration::from_secs(3), "{path} took {:?}", start.elapsed());
    }
    let parts: [(&str, &str, &[u8]); 2] = [("lists", "a.ods", &bytes), ("request", "", br#"{"groups": 4}"#)];
    let answer = server.upload("/v1/batches", &parts);
    if answer.status == 202 {
        let id = answer.json()["id"].as_str().expect("an id").to_owned();
        let batch = server
            .until(&format!("/v1/batches/{id}"), |batch| batch["state"] != "queued" && batch["state"] != "running");
        assert!(batch.to_string().contains("too_many_cells"), "{batch:#}");
    } else {
        answer.problem(422, "too_many_cells");
    }
    assert!(peak() < before + 300_000, "{} KiB above", peak() - before);
    server.get("/readyz").status(200);
}
