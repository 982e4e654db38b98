//! The store: the same over SQLite and PostgreSQL.

use crate::postgres;
use fenzu::store::{NewList, NewPlan, Outcome, State, Store, new_id, now};
use std::future::Future;
use tempfile::TempDir;

/// Runs a test over a new database of either kind; what PostgreSQL cannot be tested with is told and left out.
pub fn over_both<F: Future<Output = ()>>(test: impl Fn(Store) -> F) {
    let folder = TempDir::new().expect("a folder");
    let sqlite = format!("sqlite:{}/fenzu.db", folder.path().display());
    for url in [Some(sqlite), postgres::database()].into_iter().flatten() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let store = Store::open(&url).await.expect("a database");
            test(store.clone()).await;
            store.close().await;
        });
    }
}

#[test]
fn smoke() {
    over_both(|store| async move {
        let school = store.schools().ensure("实验小学").await.expect("a school").id;
        let (list, plan) = (new_id(), new_id());
        let new = NewList { id: &list, school: &school, file: "a.csv", bytes: b"id\0\xff", columns: "[]", created: now() };
        store.lists().insert(&new, None).await.expect("a list");
        assert_eq!(store.lists().get(&school, &list).await.expect("read").expect("there").bytes, b"id\0\xff");
        let new = NewPlan { id: &plan, school: &school, list: &list, request: "{}", created: now(), ..NewPlan::default() };
        store.plans().insert(&new, None).await.expect("a plan");
        let claimed = store.plans().claim(&plan, "w").await.expect("claimed").expect("there");
        assert_eq!((claimed.state, claimed.attempts), (State::Running, 1));
        assert!(store.plans().finish(&plan, "w", Outcome::Done("{}")).await.expect("finished"));
        let done = store.plans().get(&school, &plan).await.expect("read").expect("there");
        assert_eq!((done.state, done.progress, done.document.as_deref()), (State::Done, 1.0, Some("{}")));
        store.export_school(&school).await.expect("exported");
        assert_eq!(store.sweep(std::time::Duration::ZERO).await.expect("swept").plans, 0);
        store.delete_school_data(&school).await.expect("deleted");
    });
}
