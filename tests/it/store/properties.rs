//! Random lives of plans: SQLite, PostgreSQL and a model of a dozen lines say the same at every step.

use super::fixture::{list, plan, sqlite};
use crate::postgres;
use fenzu::store::{Heard, LOCAL, NewList, Outcome, State, Store, Table, new_id};
use proptest::prelude::*;
use tempfile::TempDir;

/// One step of a worker, a client or the reconciler.
#[derive(Clone, Copy, Debug)]
enum Step {
    Claim(u8),
    Progress(u8),
    Finish(u8),
    Fail(u8),
    HandBack(u8),
    Stop,
    Requeue,
    Bury,
    Delete,
}

fn step() -> impl Strategy<Value = Step> {
    let worker = || 0..2u8;
    prop_oneof![
        4 => worker().prop_map(Step::Claim),
        3 => worker().prop_map(Step::Progress),
        2 => worker().prop_map(Step::Finish),
        1 => worker().prop_map(Step::Fail),
        2 => worker().prop_map(Step::HandBack),
        1 => Just(Step::Stop),
        2 => Just(Step::Requeue),
        1 => Just(Step::Bury),
        1 => Just(Step::Delete),
    ]
}

/// A plan as it should be.
#[derive(Clone, Debug, PartialEq)]
struct Expected {
    state: State,
    worker: Option<u8>,
    attempts: i64,
    stop: bool,
    there: bool,
}

impl Expected {
    fn has(&self, worker: u8) -> bool {
        self.there && self.state == State::Running && self.worker == Some(worker)
    }

    fn open(&self) -> bool {
        self.there && !self.state.is_ended()
    }

    /// What the step answers.
    fn step(&mut self, step: Step) -> String {
        match step {
            Step::Claim(worker) => {
                let won = self.open() && self.state == State::Queued;
                if won {
                    (self.state, self.worker, self.attempts) = (State::Running, Some(worker), self.attempts + 1);
                }
                format!("{won}")
            }
            Step::Progress(worker) if !self.has(worker) => format!("{:?}", Heard::Gone),
            Step::Progress(_) => format!("{:?}", if self.stop { Heard::Stop } else { Heard::GoOn }),
            Step::Finish(worker) => self.end(self.has(worker), State::Done),
            Step::Fail(worker) => self.end(self.has(worker), State::Failed),
            Step::Bury => self.end(self.open(), State::Failed),
            Step::HandBack(worker) => {
                let had = self.has(worker);
                if had {
                    (self.state, self.worker, self.attempts) = (State::Queued, None, self.attempts - 1);
                }
                format!("{had}")
            }
            Step::Requeue => {
                let open = self.open();
                if open {
                    (self.state, self.worker) = (State::Queued, None);
                }
                format!("{open}")
            }
            Step::Stop => {
                if self.open() {
                    self.stop = true;
                    self.state = if self.state == State::Queued { State::Cancelled } else { self.state };
                }
                format!("{:?}", self.there.then_some(self.state))
            }
            Step::Delete => format!("{}", std::mem::replace(&mut self.there, false)),
        }
    }

    fn end(&mut self, may: bool, state: State) -> String {
        if may {
            self.state = state;
        }
        format!("{may}")
    }
}

async fn run(store: &Store, plan: &str, step: Step) -> String {
    let (plans, work) = (store.plans(), store.work(Table::Plans));
    let worker = |worker: u8| format!("w{worker}");
    let answer = match step {
        Step::Claim(w) => plans.claim(plan, &worker(w)).await.map(|plan| plan.is_some().to_string()),
        Step::Progress(w) => work.progress(plan, &worker(w), 0.5).await.map(|heard| format!("{heard:?}")),
        Step::Finish(w) => work.finish(plan, &worker(w), Outcome::Done("{}")).await.map(|yes| yes.to_string()),
        Step::Fail(w) => work.finish(plan, &worker(w), Outcome::Failed("{}")).await.map(|yes| yes.to_string()),
        Step::HandBack(w) => work.hand_back(plan, &worker(w)).await.map(|yes| yes.to_string()),
        Step::Stop => plans.ask_stop(LOCAL, plan).await.map(|state| format!("{state:?}")),
        Step::Requeue => work.requeue(plan, i64::MAX).await.map(|yes| yes.to_string()),
        Step::Bury => work.bury(plan, i64::MAX, "{}").await.map(|yes| yes.to_string()),
        Step::Delete => work.delete(LOCAL, plan).await.map(|yes| yes.to_string()),
    };
    answer.expect("an answer")
}

/// Opened once: a case is one more plan.
fn stores(folder: &TempDir, runtime: &tokio::runtime::Runtime) -> Vec<Store> {
    let urls = [Some(sqlite(folder)), postgres::database()].into_iter().flatten();
    urls.map(|url| runtime.block_on(Store::open(&url)).expect("a database")).collect()
}

#[test]
fn plans_live_alike_in_both_databases() {
    let folder = TempDir::new().expect("a folder");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let stores = stores(&folder, &runtime);
    proptest!(ProptestConfig::with_cases(60), |(steps in proptest::collection::vec(step(), 1..25))| {
        for store in &stores {
            runtime.block_on(async {
                let list = list(store, LOCAL).await;
                let plan = plan(store, LOCAL, &list).await;
                let mut expected =
                    Expected { state: State::Queued, worker: None, attempts: 0, stop: false, there: true };
                for &step in &steps {
                    let answer = run(store, &plan, step).await;
                    assert_eq!(answer, expected.step(step), "{step:?} of {steps:?}");
                    let there = store.plans().get(LOCAL, &plan).await.expect("an answer");
                    assert_eq!(there.is_some(), expected.there);
                    let Some(there) = there else { continue };
                    let seen = (there.state, there.attempts, there.stop_asked);
                    assert_eq!(seen, (expected.state, expected.attempts, expected.stop), "{step:?} of {steps:?}");
                    assert_eq!(there.document.is_some(), there.state == State::Done);
                    assert_eq!(there.error.is_some(), there.state == State::Failed);
                    assert_eq!(there.finished.is_some(), there.state.is_ended());
                }
            });
        }
    });
}

#[test]
fn text_comes_back_as_it_was() {
    let folder = TempDir::new().expect("a folder");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let stores = stores(&folder, &runtime);
    proptest!(ProptestConfig::with_cases(60), |(file in ".{0,40}", columns in any::<String>())| {
        let kept = |text: &str| text.replace('\0', "\u{fffd}");
        for store in &stores {
            let id = new_id();
            let list = NewList { id: &id, school: LOCAL, file: &file, columns: &columns, ..NewList::default() };
            let list = runtime.block_on(async {
                store.lists().insert(&list, None).await.expect("kept");
                store.lists().get(LOCAL, &id).await.expect("an answer").expect("there")
            });
            prop_assert_eq!((list.file, list.columns), (kept(&file), kept(&columns)));
        }
    });
}
