//! Opening: addresses, schema, privacy of the file, a server that restarts.

use super::fixture::{batch_at, block_on, list, over_both, plan, read, school, sqlite};
use crate::postgres::{self, Postgres};
use fenzu::roster::sha256;
use fenzu::store::{Kind, LOCAL, NewClass, NewList, NewPlan, Once, Outcome, State, Store, StoreError, Table, new_id};
use std::time::{Duration, Instant};
use tempfile::TempDir;

#[test]
fn opening_again_and_side_by_side_keeps_what_is_there() {
    let folder = TempDir::new().expect("a folder");
    for url in [Some(sqlite(&folder)), postgres::database()].into_iter().flatten() {
        block_on(async {
            let opened = (0..4).map(|_| {
                tokio::spawn({
                    let url = url.clone();
                    async move { Store::open(&url).await }
                })
            });
            let mut stores = Vec::new();
            for store in opened.collect::<Vec<_>>() {
                stores.push(store.await.expect("no panic").expect("opened side by side"));
            }
            let first = &stores[0];
            let id = list(first, LOCAL).await;
            first.close().await;
            let again = Store::open(&url).await.expect("opened again");
            assert!(again.lists().get(LOCAL, &id).await.expect("an answer").is_some());
            assert_eq!(again.schools().all().await.expect("an answer").len(), 1);
            assert_eq!(again.kind() == Kind::Sqlite, url.starts_with("sqlite"));
            again.ping().await.expect("it answers");
        });
    }
}

/// A newer program brings an older database up to date.
#[test]
fn an_earlier_schema_is_brought_up_to_date() {
    let folder = TempDir::new().expect("a folder");
    for url in [Some(sqlite(&folder)), postgres::database()].into_iter().flatten() {
        block_on(async {
            Store::open(&url).await.expect("a database").close().await;
            let pool = sqlx::AnyPool::connect(&url).await.expect("the database");
            // As it was after the first step.
            for undone in [
                "DELETE FROM fenzu_migrations WHERE version > 1",
                "DROP TABLE service",
                "ALTER TABLE plans DROP COLUMN draft",
                "DROP INDEX batch_classes_open",
                "ALTER TABLE batch_classes DROP COLUMN files",
                "DROP INDEX plans_turn",
                "DROP INDEX batches_turn",
                "DROP INDEX batch_classes_turn",
                "DROP INDEX batch_classes_page",
                "ALTER TABLE schools DROP COLUMN served",
                "ALTER TABLE plans DROP COLUMN due",
                "ALTER TABLE batches DROP COLUMN due",
                "ALTER TABLE batches DROP COLUMN most_open",
                "ALTER TABLE batch_classes DROP COLUMN due",
            ] {
                sqlx::query(undone).execute(&pool).await.expect(undone);
            }
            pool.close().await;
            let store = Store::open(&url).await.expect("the same database");
            assert!(store.classes().files("local", "none").await.expect("the column is there").is_empty());
            assert_eq!(store.plans().draft("local", "none").await.expect("the column is there"), None);
        });
    }
}

/// An older program leaves a newer database alone.
#[test]
fn a_later_schema_is_refused() {
    let folder = TempDir::new().expect("a folder");
    for url in [Some(sqlite(&folder)), postgres::database()].into_iter().flatten() {
        block_on(async {
            Store::open(&url).await.expect("a database").close().await;
            let pool = sqlx::AnyPool::connect(&url).await.expect("the database");
            let later = "INSERT INTO fenzu_migrations (version, description, success, checksum, execution_time) \
                         SELECT 1000, description, success, checksum, execution_time FROM fenzu_migrations \
                         WHERE version = 1";
            sqlx::query(later).execute(&pool).await.expect("a migration of the future");
            let error = Store::open(&url).await.expect_err("refused");
            assert!(error.to_string().contains("later fenzu"), "{error}");
        });
    }
}

#[test]
fn addresses_that_cannot_be_used_are_told_without_the_password() {
    let folder = TempDir::new().expect("a folder");
    let missing = format!("sqlite:{}/nosuch/fenzu.db", folder.path().display());
    let bad =
        ["", "fenzu.db", "mysql://a:pass1word@b/c", "sqlite::memory:", "postgres://u:pass1word@host:99999/x", &missing];
    for url in bad {
        let error = block_on(Store::open(url)).expect_err(url);
        assert!(matches!(error, StoreError::Url(_)), "{url}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("pass1word"), "{error:?}");
    }
}

/// What was erased cannot be found in the file any more, and others cannot read it.
#[test]
fn the_file_is_private_and_erased_means_overwritten() {
    let folder = TempDir::new().expect("a folder");
    let holds = |word: &str| {
        let files = std::fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").path());
        let found = |bytes: Vec<u8>| bytes.windows(word.len()).any(|window| window == word.as_bytes());
        files.map(|file| std::fs::read(file).expect("a file")).any(found)
    };
    let word = "张小明小明小明";
    block_on(async {
        let store = Store::open(&sqlite(&folder)).await.expect("a database");
        let list = NewList { id: &new_id(), school: LOCAL, file: word, columns: "[]", ..NewList::default() };
        store.lists().insert(&list, None).await.expect("kept");
        assert!(holds(word), "the search sees what is kept");
        store.delete_school_data(LOCAL).await.expect("erased");
        store.close().await;
    });
    assert!(!holds(word), "erased");
    #[cfg(unix)]
    {
        let metadata = std::fs::metadata(folder.path().join("fenzu.db")).expect("the file");
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077, 0);
    }
}

#[test]
fn a_restart_of_the_server_is_survived() {
    let Some(server) = Postgres::start() else { return };
    block_on(async {
        let store = Store::open(&server.database()).await.expect("a database");
        let list = list(&store, LOCAL).await;
        let plan = plan(&store, LOCAL, &list).await;
        store.plans().claim(&plan, "w").await.expect("an answer").expect("claimed");
        for round in 0..2 {
            tokio::task::block_in_place(|| server.restart_immediately());
            let since = Instant::now();
            let found = loop {
                match store.plans().get(LOCAL, &plan).await {
                    Ok(found) => break found,
                    Err(error) => assert!(error.is_transient(), "round {round}: {error:?}"),
                }
                assert!(since.elapsed() < Duration::from_secs(20), "round {round}: the pool connects again");
            };
            assert_eq!(found.expect("not lost").state, State::Running);
        }
        assert!(store.work(Table::Plans).finish(&plan, "w", Outcome::Done("{}")).await.expect("an answer"));
        assert_eq!(read(&store, LOCAL, &plan).await.state, State::Done);
    });
}

/// PostgreSQL cannot hold NUL in text; both databases keep the same instead, and no id with it is an error.
#[test]
fn text_with_nul_is_no_error() {
    over_both(|store| async move {
        let name = "a\0b";
        let school = school(&store, name).await;
        assert_eq!(store.schools().named(name).await.expect("an answer").expect("there").name, "a\u{fffd}b");
        assert_eq!(store.plans().get(&school, "\0").await.expect("an answer"), None);
        assert_eq!(store.lists().get("\0", "\0").await.expect("an answer"), None);
        assert_eq!(store.tokens().bearer("\0").await.expect("an answer"), None);
    });
}

/// PostgreSQL's indexes take some 2,700 bytes an entry; whatever the length, both databases do the same.
#[test]
fn long_text_is_refused_or_kept_alike() {
    // Digests: text that cannot be made shorter by packing it.
    let long: String = (0..200).map(|n: i32| sha256(&n.to_le_bytes())).collect();
    over_both(|store| {
        let long = long.clone();
        async move {
            assert!(matches!(store.schools().ensure(&long).await, Err(StoreError::NameTooLong)));
            let batch = batch_at(&store, LOCAL, 0).await;
            let class = NewClass { class: &long, file: &long, digest: "d", due: 0 };
            for _ in 0..2 {
                store.classes().add(LOCAL, &batch, &[class]).await.expect("added");
            }
            let classes = store.classes().all(LOCAL, &batch).await.expect("an answer");
            assert_eq!((classes.len(), &classes[2].class), (3, &long));
            let id = new_id();
            let list = NewList { id: &id, school: LOCAL, file: &long, columns: &long, ..NewList::default() };
            let once = Once { key: &long, route: "POST /v1/lists", body_sha256: "b", status: 201, answer: &long };
            store.lists().insert(&list, Some(&once)).await.expect("kept");
            let before = store.idempotency().find(LOCAL, &long, once.route, "b").await.expect("an answer");
            assert_eq!(before.expect("found").answer, long);
            let plan = NewPlan { id: &new_id(), school: LOCAL, list: &long, request: "{}", ..NewPlan::default() };
            assert!(matches!(store.plans().insert(&plan, None).await, Err(StoreError::Reference)));
            assert_eq!(store.plans().get(LOCAL, &long).await.expect("an answer"), None);
        }
    });
}
