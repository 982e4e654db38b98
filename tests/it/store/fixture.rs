//! A database of either kind, and rows to begin with.

use crate::postgres;
use fenzu::store::{
    BatchFile, FileKind, NewBatch, NewClass, NewList, NewPlan, NewStaff, Plan, Store, StoreError, new_id, now,
};
use std::future::Future;
use tempfile::TempDir;

/// Runs a test over a new database of either kind; where there is no PostgreSQL, that is told.
pub fn over_both<F: Future<Output = ()>>(test: impl Fn(Store) -> F) {
    let folder = TempDir::new().expect("a folder");
    for url in [Some(sqlite(&folder)), postgres::database()].into_iter().flatten() {
        block_on(async {
            let store = Store::open(&url).await.expect("a database");
            test(store.clone()).await;
            store.close().await;
        });
    }
}

/// The address of a file in a folder.
pub fn sqlite(folder: &TempDir) -> String {
    format!("sqlite:{}/fenzu.db", folder.path().display())
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(future)
}

/// A school of this name.
pub async fn school(store: &Store, name: &str) -> String {
    store.schools().ensure(name).await.expect("a school").id
}

/// A list of a school, made at this time.
pub async fn list_at(store: &Store, school: &str, created: i64) -> String {
    let id = new_id();
    let list =
        NewList { id: &id, school, file: "七3班.csv", bytes: b"id,name\n1,Ada\n\xff\0", columns: "[]", created };
    store.lists().insert(&list, None).await.expect("a list");
    id
}

pub async fn list(store: &Store, school: &str) -> String {
    list_at(store, school, now()).await
}

/// A staff list of a school, made at this time.
pub async fn staff_at(store: &Store, school: &str, list: Option<&str>, created: i64) -> Result<String, StoreError> {
    let id = new_id();
    let staff = NewStaff { id: &id, school, list, file: "staff.csv", bytes: b"id,name\nT1,Li\n", created };
    store.staff().insert(&staff, None).await.map(|_| id)
}

/// A queued plan of a school for one of its lists, asked for at this time.
pub async fn plan_at(store: &Store, school: &str, list: &str, created: i64) -> String {
    let id = new_id();
    let plan = NewPlan { id: &id, school, list, request: r#"{"groups":5}"#, created, ..NewPlan::default() };
    store.plans().insert(&plan, None).await.expect("a plan");
    id
}

pub async fn plan(store: &Store, school: &str, list: &str) -> String {
    plan_at(store, school, list, now()).await
}

/// A school's plan, which must be there.
pub async fn read(store: &Store, school: &str, plan: &str) -> Plan {
    store.plans().get(school, plan).await.expect("an answer").expect("a plan")
}

/// A batch of a school with two classes and a staff list, asked for at this time.
pub async fn batch_at(store: &Store, school: &str, created: i64) -> String {
    let id = new_id();
    let file = |name: &str, kind, bytes: &[u8]| BatchFile { name: name.to_owned(), kind, bytes: bytes.to_vec() };
    let files = [file("all.csv", FileKind::List, b"a\0b"), file("staff.csv", FileKind::Staff, b"")];
    let class = |class: &'static str| NewClass { class, file: "all.csv", digest: "d1", due: 0 };
    let classes = [class("七1班"), class("七2班")];
    let batch = NewBatch { id: &id, school, request: "{}", files: &files, classes: &classes, created, most_open: None };
    store.batches().insert(&batch, None).await.expect("a batch");
    id
}
