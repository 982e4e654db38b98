//! The service under load: many clients at once, each uploads a class and asks for its plan, again and again, on this machine.
//!
//! With another program beside it (an earlier version, say) both take turns within one run, so that what else the machine does
//! falls on both alike.
//!
//! What a request costs beside its plan is the time of its answer less the time from its row's making to its end, which is
//! the wait for a worker and the worker's time, both by the store's clock.

use fenzu::sample::{ClassSpec, class_csv};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::ops::Range;
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

/// Turns of each program where there are two.
const TURNS: u64 = 5;
/// Milliseconds beside queue and engine, at the median, that are promised.
const PROMISED: f64 = 5.0;

/// A running service of one program and what its clients saw.
struct Side {
    name: String,
    service: Child,
    address: String,
    seen: Mutex<Seen>,
    seconds: f64,
    /// Its database.
    _folder: tempfile::TempDir,
}

/// `clients` at once, `rounds` classes each; prints times, plans a second and the service's memory. False where what is promised does
/// not hold.
pub fn run(clients: u64, rounds: u64, against: Option<&str>) -> bool {
    let mut sides = vec![Side::start("this", env!("CARGO_BIN_EXE_fenzu"))];
    sides.extend(against.map(|program| Side::start(program, program)));
    let turns = if sides.len() == 1 { 1 } else { TURNS.min(rounds) };
    for turn in 0..turns {
        let part = turn * rounds / turns..(turn + 1) * rounds / turns;
        sides.iter_mut().for_each(|side| side.take_turn(clients, rounds, part.clone()));
    }
    println!("{clients} clients, {rounds} classes of 50 each");
    let holds: Vec<bool> = sides.into_iter().map(Side::tell).collect();
    holds[0]
}

impl Side {
    fn start(name: &str, program: &str) -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
        let config = folder.path().join("limits.toml");
        std::fs::write(&config, "[limits]\nrequests_per_second = 100000\nburst = 100000\n")
            .unwrap_or_else(|error| panic!("{error}"));
        let database = format!("sqlite:{}", folder.path().join("fenzu.db").display());
        let (service, address) = serve(program, &database, &config.display().to_string());
        Self { name: name.to_owned(), service, address, seen: Mutex::default(), seconds: 0.0, _folder: folder }
    }

    fn take_turn(&mut self, clients: u64, rounds: u64, part: Range<u64>) {
        let start = Instant::now();
        std::thread::scope(|scope| {
            for client in 0..clients {
                let (seen, address, part) = (&self.seen, self.address.as_str(), part.clone());
                scope.spawn(move || part.for_each(|round| one(address, client * rounds + round, seen)));
            }
        });
        self.seconds += start.elapsed().as_secs_f64();
    }

    /// Ends the service and tells what was seen; false where what is promised does not hold.
    fn tell(mut self) -> bool {
        let memory = std::fs::read_to_string(format!("/proc/{}/status", self.service.id())).unwrap_or_default();
        let peak = memory.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown").trim();
        let _ = self.service.kill();
        let _ = self.service.wait();
        let mut seen = self.seen.into_inner().unwrap_or_else(|error| panic!("{error}"));
        let (plans, seconds) = (seen.answers.len(), self.seconds);
        println!("{}: {plans} plans in {seconds:.1} s, {:.1} a second", self.name, plans as f64 / seconds);
        let (proved, refused, failed) = (seen.proved, seen.refused, seen.failed.len());
        println!("  proved through means: {proved}; told to come again: {refused}; failed: {failed}");
        seen.failed.iter().take(5).for_each(|why| println!("  {why}"));
        let mut median = 0.0;
        for (name, times) in [("answer", &mut seen.answers), ("beside queue and engine", &mut seen.beside)] {
            times.sort_by(f64::total_cmp);
            let last = times.len() as f64 - 1.0;
            let at = |share: f64| times.get((last * share) as usize).copied().unwrap_or_default() * 1e3;
            println!("  {name}: p50 {:.1} ms, p99 {:.1} ms", at(0.5), at(0.99));
            median = at(0.5);
        }
        println!("  the service's peak of memory: {peak}");
        failed == 0 && median <= PROMISED
    }
}

fn serve(program: &str, database: &str, config: &str) -> (Child, String) {
    let mut command = Command::new(program);
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
