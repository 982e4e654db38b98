//! The processes that solve for a worker: what becomes of plans, workers and machines when they are killed, have no memory left, or
//! when their worker ends.

use crate::jobs_bench::{Bench, Worker, class, document, on_both, problem};
use fenzu::store::{LOCAL, Plan, State};
use serde_json::json;
use std::process::Command;
use std::time::{Duration, Instant};

/// A plan that takes its whole minute.
async fn long(bench: &Bench) -> String {
    let list = bench.list("long.csv", &class(60, 9, 1)).await;
    bench.plan(&list, &json!({"groups": 6, "prove": "all", "time_limit": 60})).await
}

fn alive(pid: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    !status.is_empty() && !status.contains("State:\tZ")
}

/// The process that works hardest.
fn busiest(worker: &Worker) -> u32 {
    let ticks = |pid: &u32| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>()
    };
    worker.processes().into_iter().max_by_key(ticks).expect("a process")
}

/// Waits until a process has worked for a while on what is running.
async fn at_work(bench: &Bench, id: &str) {
    bench.until(id, &[State::Running]).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
}

/// Does something to each process that takes the plan until the plan has ended.
async fn until_given_up(bench: &Bench, worker: &Worker, id: &str, harm: impl Fn(u32)) -> Plan {
    let begun = Instant::now();
    let mut attempts = 0;
    loop {
        let plan = bench.get(id).await;
        if plan.state.is_ended() {
            return plan;
        }
        if plan.state == State::Running && plan.attempts > attempts {
            attempts = plan.attempts;
            tokio::time::sleep(Duration::from_secs(1)).await;
            harm(busiest(worker));
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "it is not given up");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn a_killed_process_costs_its_plan_only() {
    on_both(async |bench| {
        let mut worker = bench.worker();
        let bad = long(&bench).await;
        let kill =
            |pid: u32| assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().expect("kill").success());
        let plan = until_given_up(&bench, &worker, &bad, kill).await;
        assert_eq!((plan.attempts, problem(&plan)["code"].as_str()), (2, Some("worker_died")));
        for id in &bench.many(4).await {
            document(&bench.ended(id).await);
        }
        assert!(!worker.has_ended(), "the worker lives on");
    });
}

/// Memory beyond the limit ends the process: here the limit is lowered below what a large list takes.
#[test]
fn a_process_without_memory_costs_its_plan_only() {
    if Command::new("prlimit").arg("--version").output().is_err() {
        eprintln!("skipped: no prlimit here");
        return;
    }
    on_both(async |bench| {
        let mut worker = bench.worker();
        let small = bench.many(1).await;
        document(&bench.ended(&small[0]).await);
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", busiest(&worker))).expect("limits");
        let space = limits.lines().find(|line| line.starts_with("Max address space")).expect("a limit");
        assert!(space.contains(&(1_536_u64 << 20).to_string()), "{space}");
        let starve = |pid: u32| {
            // It may have died already.
            let _ = Command::new("prlimit").args(["--pid", &pid.to_string(), "--as=130000000"]).output();
        };
        worker.processes().into_iter().for_each(starve);
        let list = bench.list("large.csv", &class(15_000, 9, 1)).await;
        let bad = bench.plan(&list, &json!({"groups": 100, "time_limit": 60})).await;
        let begun = Instant::now();
        while !bench.get(&bad).await.state.is_ended() {
            worker.processes().into_iter().for_each(starve);
            assert!(begun.elapsed() < Duration::from_secs(60), "it is not given up");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let plan = bench.get(&bad).await;
        assert_eq!((plan.attempts, problem(&plan)["code"].as_str()), (2, Some("worker_died")));
        assert!(!worker.has_ended(), "the worker lives on");
    });
}

/// A stop is heard with the next beat, and a process that was asked is replaced.
#[test]
fn a_stop_is_heard_at_once() {
    on_both(async |bench| {
        let worker = bench.worker();
        let id = long(&bench).await;
        at_work(&bench, &id).await;
        let at_work = busiest(&worker);
        let asked = Instant::now();
        bench.store.plans().ask_stop(LOCAL, &id).await.expect("an answer");
        document(&bench.ended(&id).await);
        assert!(asked.elapsed() < Duration::from_secs(8), "it took {:?}", asked.elapsed());
        assert!(!alive(at_work), "it is replaced");
        document(&bench.ended(&bench.many(1).await[0]).await);
    });
}

#[test]
fn processes_end_with_their_worker() {
    on_both(async |bench| {
        for kill in [true, false] {
            let worker = bench.worker();
            let id = long(&bench).await;
            at_work(&bench, &id).await;
            let processes = worker.processes();
            assert_eq!(processes.len(), 2, "one a seat");
            let told = Instant::now();
            if kill {
                worker.kill();
            } else {
                assert_eq!(worker.terminate(), Some(0));
                assert!(told.elapsed() < Duration::from_secs(4), "it took {:?}", told.elapsed());
                let plan = bench.get(&id).await;
                assert_eq!((plan.state, plan.attempts), (State::Queued, 0), "handed back");
            }
            while processes.iter().any(|&pid| alive(pid)) {
                assert!(told.elapsed() < Duration::from_secs(10), "a process outlives its worker");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            bench.store.work(fenzu::store::Table::Plans).delete(LOCAL, &id).await.expect("an answer");
        }
    });
}
