//! Jobs: plans solved by workers that are real processes, and what becomes of the plans when these are killed, crash or end.

use crate::command::solve;
use crate::jobs_bench::{class, document, on_both, problem};
use crate::service_client::{head, read};
use fenzu::jobs::{Job, Kind};
use fenzu::plan::document::{Document, StopReason};
use fenzu::store::{LOCAL, NewPlan, State, Table};
use serde_json::json;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

/// Seconds differ from run to run.
fn timeless(mut document: Document) -> Document {
    document.elapsed_seconds = 0.0;
    for goal in &mut document.goals {
        (goal.found_seconds, goal.proved_seconds) = (None, None);
    }
    document
}

/// A plan that takes its whole minute.
fn long() -> serde_json::Value {
    json!({"groups": 6, "prove": "all", "time_limit": 60})
}

#[test]
fn a_plan_is_the_command_lines() {
    on_both(async |bench| {
        let bytes = class(20, 2, 1);
        let list = bench.list("class.csv", &bytes).await;
        let _worker = bench.worker();
        let id = bench.plan(&list, &json!({"groups": 4, "lang": "en", "seed": 7})).await;
        let plan = bench.ended(&id).await;
        let path = bench.file("class.csv", &bytes);
        let expected = solve(&path, &["--groups", "4", "--seed", "7"]);
        assert_eq!(timeless(document(&plan)), timeless(expected));
        assert_eq!((plan.attempts, plan.progress), (1, 1.0));
        bench.no_job_left().await;
    });
}

#[test]
fn a_plan_goes_on_from_an_earlier_one() {
    on_both(async |bench| {
        let list = bench.list("class.csv", &class(20, 2, 1)).await;
        let _worker = bench.worker();
        let first = bench.plan(&list, &json!({"groups": 4})).await;
        let before = document(&bench.ended(&first).await);
        let asked = NewPlan { list: &list, previous: Some(&first), ..NewPlan::default() };
        let kept = bench.plan_with(asked, &json!({"groups": 4, "keep": true})).await;
        let after = document(&bench.ended(&kept).await);
        let moves = after.goals.iter().find(|goal| goal.name == "moves").expect("the goal of keep mode");
        assert_eq!(moves.scaled, 0);
        assert!(after.request.previous_sha256.is_some());
        assert_eq!(before.groups.len(), after.groups.len());
    });
}

#[test]
fn faults_are_told_all_at_once_and_not_tried_again() {
    on_both(async |bench| {
        let list = bench.list("class.csv", b"id,name,math\n1,A,90\n1,B,x\n").await;
        let _worker = bench.worker();
        let id = bench.plan(&list, &json!({"groups": 0, "model": "no-such-model"})).await;
        let plan = bench.ended(&id).await;
        let problem = problem(&plan);
        assert_eq!(problem["code"], "input");
        let codes: Vec<&str> =
            problem["faults"].as_array().expect("faults").iter().filter_map(|fault| fault["code"].as_str()).collect();
        for code in ["duplicate_id", "unknown_model", "bad_sizing"] {
            assert!(codes.contains(&code), "{code} is told: {codes:?}");
        }
        assert_eq!(plan.attempts, 1);
    });
}

#[test]
fn a_model_is_never_a_path() {
    on_both(async |bench| {
        let list = bench.list("class.csv", &class(20, 1, 1)).await;
        let secret = bench.file("secret.toml", b"name = \"x\"\n");
        let _worker = bench.worker();
        let id = bench.plan(&list, &json!({"model": secret})).await;
        let problem = problem(&bench.ended(&id).await);
        assert_eq!(problem["faults"][0]["code"], "unknown_model");
    });
}

#[test]
fn plans_of_a_killed_worker_are_done_once_by_the_next() {
    on_both(async |bench| {
        let mut ids = bench.many(20).await;
        let list = bench.list("long.csv", &class(60, 9, 1)).await;
        ids.push(bench.plan(&list, &json!({"groups": 6, "prove": "all", "time_limit": 6})).await);
        let long = ids.last().expect("ids").clone();
        let first = bench.worker();
        bench.until(&long, &[State::Running]).await;
        first.kill();
        let _second = bench.worker();
        for id in &ids {
            document(&bench.ended(id).await);
        }
        assert_eq!(bench.get(&long).await.attempts, 2, "taken by both workers");
        bench.no_job_left().await;
    });
}

#[test]
fn what_kills_its_process_is_given_up_and_the_rest_is_done() {
    on_both(async |bench| {
        let ids = bench.many(10).await;
        let list = bench.list("crash.csv", &class(12, 1, 99)).await;
        let bad = bench.plan(&list, &json!({"groups": 3})).await;
        let mut worker = bench.worker_with("crash.csv");
        let plan = bench.ended(&bad).await;
        assert_eq!((plan.attempts, problem(&plan)["code"].as_str()), (2, Some("worker_died")));
        for id in &ids {
            let plan = bench.ended(id).await;
            assert_eq!(plan.attempts, 1, "no other plan is touched");
            document(&plan);
        }
        assert!(!worker.has_ended(), "the worker lives on");
        bench.no_job_left().await;
    });
}

#[test]
fn a_stop_keeps_the_best_plan_so_far() {
    on_both(async |bench| {
        let list = bench.list("long.csv", &class(60, 9, 1)).await;
        let _worker = bench.worker();
        let id = bench.plan(&list, &long()).await;
        bench.until(&id, &[State::Running]).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let asked = Instant::now();
        bench.store.plans().ask_stop(LOCAL, &id).await.expect("an answer");
        let document = document(&bench.ended(&id).await);
        assert_eq!(document.stop, StopReason::Cancelled);
        assert_eq!(document.groups.len(), 6);
        assert!(asked.elapsed() < Duration::from_secs(40), "it took {:?}", asked.elapsed());
    });
}

#[test]
fn a_plan_stopped_before_its_turn_is_never_solved() {
    on_both(async |bench| {
        let list = bench.list("class.csv", &class(12, 1, 1)).await;
        let id = bench.plan(&list, &json!({"groups": 3})).await;
        bench.store.plans().ask_stop(LOCAL, &id).await.expect("an answer");
        let _worker = bench.worker();
        bench.no_job_left().await;
        let plan = bench.get(&id).await;
        assert_eq!((plan.state, plan.attempts, plan.document), (State::Cancelled, 0, None));
    });
}

#[test]
fn an_erased_plan_frees_its_worker() {
    on_both(async |bench| {
        let list = bench.list("long.csv", &class(60, 9, 1)).await;
        let _worker = bench.worker();
        let gone = [bench.plan(&list, &long()).await, bench.plan(&list, &long()).await];
        for id in &gone {
            bench.until(id, &[State::Running]).await;
            assert!(bench.store.work(Table::Plans).delete(LOCAL, id).await.expect("an answer"));
        }
        let next = bench.many(1).await;
        let begun = Instant::now();
        document(&bench.ended(&next[0]).await);
        assert!(begun.elapsed() < Duration::from_secs(20), "both seats were freed");
        bench.no_job_left().await;
    });
}

#[test]
fn a_worker_that_is_told_to_end_hands_back() {
    on_both(async |bench| {
        let list = bench.list("long.csv", &class(60, 9, 1)).await;
        let mut id = None;
        // More than once: it matters what the queue is at when the worker is told.
        for _ in 0..8 {
            let worker = bench.worker();
            let id = match &id {
                Some(id) => id,
                None => id.insert(bench.plan(&list, &long()).await),
            };
            bench.until(id, &[State::Running]).await;
            let told = worker.told();
            assert!(!told.contains("left alone"), "a job was left for the next worker: {told}");
            assert_eq!(worker.terminate(), Some(0));
            let plan = bench.get(id).await;
            assert_eq!((plan.state, plan.attempts), (State::Queued, 0), "as if it had never been taken");
        }
    });
}

/// A job for what is running already asks for nothing, least of all to be alone.
#[test]
fn a_job_too_many_stops_no_other() {
    on_both(async |bench| {
        let list = bench.list("long.csv", &class(60, 9, 1)).await;
        let _worker = bench.worker();
        let running = bench.plan(&list, &long()).await;
        bench.until(&running, &[State::Running]).await;
        bench.queue.push(&Job::new(Kind::Plan, LOCAL, &running)).await.expect("a job");
        tokio::time::sleep(Duration::from_secs(1)).await;
        let next = bench.many(2).await;
        let begun = Instant::now();
        for id in &next {
            document(&bench.ended(id).await);
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "it took {:?}", begun.elapsed());
        assert_eq!(bench.get(&running).await.state, State::Running);
    });
}

/// A worker without the service tells its own numbers, what failed among them.
#[test]
fn a_worker_tells_its_numbers() {
    on_both(async |bench| {
        let good = bench.many(2).await;
        let list = bench.list("class.csv", b"id,name,math\n1,A,90\n1,B,80\n").await;
        let bad = bench.plan(&list, &json!({"groups": 2})).await;
        let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|free| free.local_addr()).expect("a free port");
        let _worker = bench.worker_under(("FENZU_METRICS", &free.to_string()), &[]);
        for id in good.iter().chain([&bad]) {
            bench.ended(id).await;
        }
        let failed = "fenzu_failed_total{kind=\"plan\",code=\"input\"} 1";
        let wanted = [failed, "fenzu_proved_total 2", "fenzu_solve_seconds_count 2"];
        let begun = Instant::now();
        // It is counted after the row has ended.
        loop {
            let mut stream = TcpStream::connect(free).expect("a connection");
            stream.write_all(&head("GET", "/metrics", &[("Host", "localhost")], 0)).expect("the head is sent");
            let numbers = read(&mut stream).expect("an answer").status(200).text();
            if wanted.iter().all(|line| numbers.contains(line)) {
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{numbers}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
}

#[test]
fn a_row_without_a_job_is_found() {
    on_both(async |bench| {
        let list = bench.list("class.csv", &class(12, 1, 1)).await;
        let (id, request) = (fenzu::store::new_id(), json!({"groups": 3}).to_string());
        // The service died between the row and the job, a while ago.
        let created = fenzu::store::now() - 60_000;
        let plan = NewPlan { id: &id, school: LOCAL, list: &list, request: &request, created, ..NewPlan::default() };
        bench.store.plans().insert(&plan, None).await.expect("a plan");
        let _worker = bench.worker();
        document(&bench.ended(&id).await);
    });
}
