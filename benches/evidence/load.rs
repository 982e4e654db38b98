//! The service under load: many clients at once, each uploads a class and asks for its plan, again and again, on this machine.
//!
//! What a request costs beside its plan is the time of its answer less the time from its row's making to its end, which is
//! the wait for a worker and the worker's time, both by the store's clock.

use fenzu::sample::{ClassSpec, class_csv};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// What the clients saw.
#[derive(Default)]
struct Seen {
    /// Seconds of each plan's answer.
    answers: Vec<f64>,
    /// Seconds of each plan's answer beside its row's life.
    beside: Vec<f64>,
    /// Answers that said when to come again.
    refused: u64,
    proved: u64,
    failed: Vec<String>,
}

/// `clients` at once, `rounds` classes each; prints times, plans a second and the service's memory.
pub fn run(clients: u64, rounds: u64) {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let config = folder.path().join("limits.toml");
    std::fs::write(&config, "[limits]\nrequests_per_second = 100000\nburst = 100000\n")
        .unwrap_or_else(|error| panic!("{error}"));
    let database = format!("sqlite:{}", folder.path().join("fenzu.db").display());
    let (mut service, address) = serve(&database, &config.display().to_string());
    let seen = Mutex::new(Seen::default());
    let start = Instant::now();
    std::thread::scope(|scope| {
        for client in 0..clients {
            let (seen, address) = (&seen, address.as_str());
            scope.spawn(move || (0..rounds).for_each(|round| one(address, client * rounds + round, seen)));
        }
    });
    let wall = start.elapsed().as_secs_f64();
    let memory = std::fs::read_to_string(format!("/proc/{}/status", service.id())).unwrap_or_default();
    let peak = memory.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown").trim().to_owned();
    let _ = service.kill();
    let _ = service.wait();
    let mut seen = seen.into_inner().unwrap_or_else(|error| panic!("{error}"));
    let plans = seen.answers.len();
    println!(
        "{clients} clients, {rounds} classes of 50 each: {plans} plans in {wall:.1} s, {:.1} a second",
        plans as f64 / wall
    );
    println!(
        "proved through means: {}; told to come again: {}; failed: {}",
        seen.proved,
        seen.refused,
        seen.failed.len()
    );
    seen.failed.iter().take(5).for_each(|why| println!("  {why}"));
    for (name, times) in [("answer", &mut seen.answers), ("beside queue and engine", &mut seen.beside)] {
        times.sort_by(f64::total_cmp);
        let at =
            |share: f64| times.get(((times.len() as f64 - 1.0) * share) as usize).copied().unwrap_or_default() * 1e3;
        println!("{name}: p50 {:.1} ms, p99 {:.1} ms", at(0.5), at(0.99));
    }
    println!("the service's peak of memory: {peak}");
}

fn serve(database: &str, config: &str) -> (Child, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fenzu"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--database", database, "--config", config]);
    command.env("FENZU_LANG", "en").env("RUST_LOG", "warn").stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{error}"));
    let mut lines = BufReader::new(child.stderr.take().unwrap_or_else(|| panic!("no stderr"))).lines();
    let place = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let (_, rest) = line.split_once("listens on http://")?;
        rest.split_whitespace().next().map(str::to_owned)
    });
    std::thread::spawn(move || lines.for_each(drop));
    (child, place.unwrap_or_else(|| panic!("the service does not start")))
}

/// One class, up and planned.
fn one(address: &str, seed: u64, seen: &Mutex<Seen>) {
    let csv = class_csv(&ClassSpec { seed, ..ClassSpec::default() });
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"class.csv\"\r\n\r\n{csv}\r\n--b--\r\n"
    );
    let list = ask(address, "/v1/lists", "multipart/form-data; boundary=b", &body, seen);
    let Some(list) = list else { return };
    let wanted = json!({"list": list["id"], "groups": 5}).to_string();
    let start = Instant::now();
    let Some(plan) = ask(address, "/v1/plans", "application/json", &wanted, seen) else { return };
    let seconds = start.elapsed().as_secs_f64();
    let time = |key: &str| plan[key].as_f64().unwrap_or_default() / 1e3;
    let mut seen = seen.lock().unwrap_or_else(|error| panic!("{error}"));
    if plan["state"] == "done" {
        seen.answers.push(seconds);
        seen.beside.push(seconds - (time("finished") - time("created")));
        seen.proved += u64::from(
            plan["plan"]["goals"]
                .as_array()
                .is_some_and(|goals| goals.iter().any(|goal| goal["name"] == "means" && goal["proved"] == true)),
        );
    } else {
        seen.failed.push(plan.to_string());
    }
}

/// Posts until it is taken; none where it failed, which is noted.
fn ask(address: &str, path: &str, kind: &str, body: &str, seen: &Mutex<Seen>) -> Option<Value> {
    loop {
        let answer = post(address, path, kind, body);
        let mut seen = seen.lock().unwrap_or_else(|error| panic!("{error}"));
        match answer {
            Ok((200..=202, text)) => return serde_json::from_str(&text).ok(),
            Ok((429 | 503, _)) => seen.refused += 1,
            other => {
                seen.failed.push(format!("{path}: {other:?}"));
                return None;
            }
        }
        drop(seen);
        std::thread::sleep(Duration::from_secs(1));
    }
}

fn post(address: &str, path: &str, kind: &str, body: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nPrefer: wait=60\r\nContent-Type: {kind}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all([head.as_bytes(), body.as_bytes()].concat().as_slice())?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
    Ok((status, body))
}
