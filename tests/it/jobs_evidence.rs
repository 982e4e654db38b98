//! The long proof that nothing is lost or done twice: workers killed at random, PostgreSQL restarted. `make kills`.

use crate::jobs_bench::{Bench, Worker, class, file, zipped};
use crate::postgres::Postgres;
use fenzu::store::{FileKind, State};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::time::Duration;

const CLASSES: u64 = 200;
const KILLS: u64 = 10;

/// Numbers that look random: where a worker is in its work does not hang on them.
fn milliseconds(at: u64) -> Duration {
    Duration::from_millis(300 + at.wrapping_mul(2_654_435_761) % 1_700)
}

/// Kills the two workers in turn, each started again under the same command line.
async fn kill_ten_times(bench: &Bench, workers: &mut [Worker; 2], meanwhile: impl Fn(u64)) {
    for at in 0..KILLS {
        tokio::time::sleep(milliseconds(at)).await;
        let slot = &mut workers[usize::try_from(at % 2).expect("0 or 1")];
        std::mem::replace(slot, bench.worker()).kill();
        meanwhile(at);
    }
}

async fn all_plans(postgres: &Postgres, meanwhile: impl Fn(u64)) {
    let bench = Bench::open(postgres.database()).await;
    let ids = bench.many(CLASSES).await;
    let mut workers = [bench.worker(), bench.worker()];
    kill_ten_times(&bench, &mut workers, meanwhile).await;
    for id in &ids {
        let plan = bench.ended(id).await;
        assert_eq!(plan.state, State::Done, "{:?} after {} attempts", plan.error, plan.attempts);
        assert!(plan.document.is_some());
    }
    bench.no_job_left().await;
}

async fn a_batch(postgres: &Postgres, meanwhile: impl Fn(u64)) {
    let bench = Bench::open(postgres.database()).await;
    let lists: Vec<_> = (1..=CLASSES).map(|seed| (format!("c{seed:03}.csv"), class(30, 3, seed))).collect();
    let id = bench.batch(&[file(FileKind::Zip, "lists.zip", &zipped(&lists))], &json!({})).await;
    let mut workers = [bench.worker(), bench.worker()];
    kill_ten_times(&bench, &mut workers, meanwhile).await;
    assert_eq!(bench.batch_ended(&id).await.state, State::Done);
    let classes = bench.classes(&id).await;
    let names: HashSet<&str> = classes.iter().map(|class| class.class.as_str()).collect();
    assert_eq!((classes.len(), names.len()), (200, 200), "every class once");
    let done = classes.iter().filter(|class| class.state == State::Done).count();
    assert_eq!(done, 200, "every class has its plan");
    let summary: Value = serde_json::from_slice(&bench.result(&id).await["summary.json"]).expect("JSON");
    assert_eq!(summary["classes"].as_array().map(Vec::len), Some(200));
    bench.no_job_left().await;
}

/// Runs a test on a server of its own, which may be restarted.
fn on_postgres(test: impl AsyncFn(&Postgres)) {
    if let Some(postgres) = Postgres::start() {
        tokio::runtime::Runtime::new().expect("threads").block_on(test(&postgres));
    }
}

/// PostgreSQL is restarted after the third and the seventh kill.
fn restarting(postgres: &Postgres) -> impl Fn(u64) {
    move |at| {
        if at == 3 || at == 7 {
            postgres.restart_immediately();
        }
    }
}

#[test]
#[ignore = "minutes; make kills"]
fn plans_survive_ten_kills() {
    on_postgres(async |postgres| all_plans(postgres, |_| ()).await);
}

#[test]
#[ignore = "minutes; make kills"]
fn plans_survive_ten_kills_and_two_restarts() {
    on_postgres(async |postgres| all_plans(postgres, restarting(postgres)).await);
}

#[test]
#[ignore = "minutes; make kills"]
fn a_batch_survives_ten_kills() {
    on_postgres(async |postgres| a_batch(postgres, |_| ()).await);
}

#[test]
#[ignore = "minutes; make kills"]
fn a_batch_survives_ten_kills_and_two_restarts() {
    on_postgres(async |postgres| a_batch(postgres, restarting(postgres)).await);
}
