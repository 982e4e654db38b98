//! Two machines on one PostgreSQL: workers in two network namespaces, each limited to one core. `make machines`.

use crate::jobs_bench::{Bench, class, file, zipped};
use crate::postgres::Postgres;
use fenzu::store::{FileKind, LOCAL, State};
use serde_json::json;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const CLASSES: i64 = 2_000;

/// The network that the namespaces are in: machine `n` has 10.203.n.2, and reaches PostgreSQL at 10.203.n.1.
const NETWORK: &str = "10.203.0.0/16";

/// One machine of its own network; it goes with the value.
struct Machine {
    number: usize,
}

impl Machine {
    /// None, with a message, where namespaces are not permitted.
    fn new(number: usize) -> Option<Self> {
        let machine = Self { number };
        let (name, outer, inner) = (machine.name(), format!("fenzu-o{number}"), format!("fenzu-i{number}"));
        let (here, there) = (format!("10.203.{number}.1/24"), format!("10.203.{number}.2/24"));
        let steps: [&[&str]; 6] = [
            &["netns", "add", &name],
            &["link", "add", &outer, "type", "veth", "peer", "name", &inner, "netns", &name],
            &["addr", "add", &here, "dev", &outer],
            &["link", "set", &outer, "up"],
            &["-n", &name, "addr", "add", &there, "dev", &inner],
            &["-n", &name, "link", "set", &inner, "up"],
        ];
        for step in steps {
            let ended = Command::new("ip").args(step).stdin(Stdio::null()).output();
            if !ended.is_ok_and(|ended| ended.status.success()) {
                eprintln!("skipped: network namespaces are not permitted (`ip {}`)", step.join(" "));
                return None;
            }
        }
        Some(machine)
    }

    fn name(&self) -> String {
        format!("fenzu-test{}", self.number)
    }

    /// `fenzu work` on this machine, on one core, with one solve at a time.
    fn worker(&self, port: u16, database: &str) -> Worker {
        let url = format!("postgres://fenzu@10.203.{}.1:{port}/{database}?sslmode=disable", self.number);
        let core = (self.number - 1).to_string();
        let child = Command::new("ip")
            .args(["netns", "exec", &self.name(), "taskset", "-c", &core, env!("CARGO_BIN_EXE_fenzu"), "work"])
            .args(["--database", &url, "--solves", "1"])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a worker");
        Worker(child)
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // Its end of the cable goes with it, and so does ours.
        let _ = Command::new("ip").args(["netns", "del", &self.name()]).output();
    }
}

/// A worker; it ends with the value.
struct Worker(Child);

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Processor seconds of a process, those of its ended children, and those of its living children.
fn processor(of: u32) -> f64 {
    let ticks = |id: u32| -> Option<(u32, [u64; 2])> {
        let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
        let number = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
        // After the name: state, parent; user and system time of itself, then of ended children.
        Some((u32::try_from(number(1)).ok()?, [number(11) + number(12), number(13) + number(14)]))
    };
    let own = ticks(of).map_or(0, |(_, [own, ended])| own + ended);
    let processes = std::fs::read_dir("/proc").expect("/proc").flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let children: u64 = ids.filter_map(ticks).filter(|(parent, _)| *parent == of).map(|(_, [own, _])| own).sum();
    // Linux counts in hundredths of a second everywhere that fenzu runs.
    (own + children) as f64 / 100.0
}

/// Seconds for all classes, and the processor seconds of the database.
async fn measured(postgres: &Postgres, machines: &[Machine]) -> (f64, f64) {
    let url = postgres.database();
    let bench = Bench::open(url.clone()).await;
    let name = url.rsplit('/').next().expect("a name");
    let lists: Vec<_> = (1..=CLASSES).map(|c| (format!("c{c:04}.csv"), class(45, 3, c.unsigned_abs()))).collect();
    let batch = bench.batch(&[file(FileKind::Zip, "lists.zip", &zipped(&lists))], &json!({})).await;
    let (begun, before) = (Instant::now(), processor(postgres.process()));
    let workers: Vec<Worker> = machines.iter().map(|machine| machine.worker(postgres.port(), name)).collect();
    let mut solved = None;
    loop {
        // Seldom: the watcher shares the database with the watched.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let done = bench.store.classes().counts(LOCAL, &batch).await.expect("an answer").done;
        if done == CLASSES {
            solved.get_or_insert(begun.elapsed().as_secs_f64());
        }
        let state = bench.store.batches().get(LOCAL, &batch).await.expect("an answer").expect("the batch").state;
        if state.is_ended() {
            assert_eq!((state, done), (State::Done, CLASSES));
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(1_200), "the batch does not end: {done} classes are done");
    }
    let solved = solved.expect("it ends after its classes");
    let seconds = begun.elapsed().as_secs_f64();
    drop(workers);
    println!("{} workers: all classes after {solved:.1} s, all files after {seconds:.1} s", machines.len());
    (seconds, processor(postgres.process()) - before)
}

#[test]
#[ignore = "minutes; make machines"]
fn two_machines_are_faster_than_one() {
    let (Some(first), Some(second)) = (Machine::new(1), Machine::new(2)) else { return };
    let Some(postgres) = Postgres::open_to(NETWORK) else { return };
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let machines = [first, second];
    let (one, database_of_one) = runtime.block_on(measured(&postgres, &machines[..1]));
    let (two, database_of_two) = runtime.block_on(measured(&postgres, &machines));
    println!("one worker on one core: {one:.1} s; the database used {:.0} % of a core", 100.0 * database_of_one / one);
    println!("two workers: {two:.1} s; the database used {:.0} % of a core", 100.0 * database_of_two / two);
    println!("{CLASSES} classes: {:.2} times as fast", one / two);
    assert!(one / two >= 1.6, "two machines should be at least 1.6 times as fast as one");
}
