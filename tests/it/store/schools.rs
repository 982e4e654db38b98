//! A school's rows: nobody else's, exported, erased, kept no longer than they may be; answers under a key.

use super::fixture::{batch_at, list, list_at, over_both, plan, plan_at, read, school, staff_at};
use fenzu::store::{
    Answer, Inserted, LOCAL, NewClass, NewList, NewPlan, Once, Outcome, Removed, State, Store, StoreError, Table,
    new_id, now,
};
use std::io::Read;
use std::time::Duration;

/// The ids of one of each kind.
struct Rows {
    list: String,
    staff: String,
    plan: String,
    batch: String,
    class: String,
}

async fn rows(store: &Store, school: &str) -> Rows {
    let list = list(store, school).await;
    let staff = staff_at(store, school, Some(&list), now()).await.expect("a staff list");
    let plan = plan(store, school, &list).await;
    let batch = batch_at(store, school, now()).await;
    let class = store.classes().all(school, &batch).await.expect("an answer").remove(0).id;
    Rows { list, staff, plan, batch, class }
}

#[test]
fn a_school_reads_nothing_of_another() {
    over_both(|store| async move {
        let (own, other) = (school(&store, "一中").await, school(&store, "二中").await);
        let rows = rows(&store, &own).await;
        store.classes().claim(&rows.class, "w").await.expect("an answer").expect("claimed");
        store.work(Table::Classes).finish(&rows.class, "w", Outcome::Done("{}")).await.expect("an answer");
        for (school, seen) in [(own.as_str(), true), (&other, false), (LOCAL, false), ("nosuch", false)] {
            assert_eq!(store.lists().get(school, &rows.list).await.expect("an answer").is_some(), seen);
            assert_eq!(store.staff().get(school, &rows.staff).await.expect("an answer").is_some(), seen);
            assert_eq!(store.plans().get(school, &rows.plan).await.expect("an answer").is_some(), seen);
            assert_eq!(store.work(Table::Plans).standing(school, &rows.plan).await.expect("an answer").is_some(), seen);
            assert_eq!(store.batches().get(school, &rows.batch).await.expect("an answer").is_some(), seen);
            assert_eq!(store.batches().files(school, &rows.batch).await.expect("an answer").is_empty(), !seen);
            assert_eq!(store.classes().all(school, &rows.batch).await.expect("an answer").is_empty(), !seen);
            assert_eq!(store.classes().get(school, &rows.class).await.expect("an answer").is_some(), seen);
            assert_eq!(store.classes().document(school, &rows.class).await.expect("an answer").is_some(), seen);
            assert_eq!(store.classes().counts(school, &rows.batch).await.expect("an answer").all() > 0, seen);
            assert_eq!(store.open_work(school).await.expect("an answer").school > 0, seen);
            assert_eq!(store.lists().ids(school).await.expect("an answer").is_empty(), !seen);
            assert_eq!(store.staff().ids(school).await.expect("an answer").is_empty(), !seen);
            assert_eq!(store.plans().ids(school).await.expect("an answer").is_empty(), !seen);
            assert_eq!(store.batches().ids(school).await.expect("an answer").is_empty(), !seen);
        }
        let last = store.classes().all(&own, &rows.batch).await.expect("an answer").remove(1).id;
        store.work(Table::Classes).bury(&last, i64::MAX, "{}").await.expect("an answer");
        store.batches().claim(&rows.batch, "w").await.expect("an answer").expect("claimed");
        assert!(store.batches().finish(&rows.batch, "w", "{}", b"zip").await.expect("an answer"));
        assert!(store.batches().result(&own, &rows.batch).await.expect("an answer").is_some());
        assert!(store.batches().result(&other, &rows.batch).await.expect("an answer").is_none());
    });
}

#[test]
fn a_school_changes_nothing_of_another() {
    over_both(|store| async move {
        let (own, other) = (school(&store, "一中").await, school(&store, "二中").await);
        let rows = rows(&store, &own).await;
        assert_eq!(store.plans().ask_stop(&other, &rows.plan).await.expect("an answer"), None);
        assert_eq!(store.batches().ask_stop(&other, &rows.batch).await.expect("an answer"), None);
        assert!(!store.work(Table::Plans).delete(&other, &rows.plan).await.expect("an answer"));
        assert!(!store.work(Table::Batches).delete(&other, &rows.batch).await.expect("an answer"));
        assert!(!store.lists().delete(&other, &rows.list).await.expect("an answer"));
        assert!(!store.staff().delete(&other, &rows.staff).await.expect("an answer"));
        assert_eq!(store.delete_school_data(&other).await.expect("an answer"), Removed::default());
        let standing = store.work(Table::Plans).standing(&own, &rows.plan).await.expect("an answer").expect("there");
        assert_eq!((standing.state, standing.stop_asked), (State::Queued, false));
        let batch = store.batches().get(&own, &rows.batch).await.expect("an answer").expect("there");
        assert!(!batch.stop_asked && store.classes().counts(&own, &rows.batch).await.expect("an answer").queued == 2);
        assert!(store.lists().get(&own, &rows.list).await.expect("an answer").is_some());
    });
}

/// No row can point into another school.
#[test]
fn references_stay_within_a_school() {
    over_both(|store| async move {
        let (own, other) = (school(&store, "一中").await, school(&store, "二中").await);
        let (mine, theirs) = (rows(&store, &own).await, rows(&store, &other).await);
        let id = new_id();
        let good = NewPlan { id: &id, school: &own, list: &mine.list, request: "{}", ..NewPlan::default() };
        let bad = [
            NewPlan { list: &theirs.list, ..good },
            NewPlan { staff: Some(&theirs.staff), ..good },
            NewPlan { previous: Some(&theirs.plan), ..good },
            NewPlan { parent: Some(&theirs.plan), ..good },
            NewPlan { school: "nosuch", ..good },
        ];
        for plan in bad {
            let error = store.plans().insert(&plan, None).await.expect_err("refused");
            assert!(matches!(error, StoreError::Reference), "{plan:?}: {error:?}");
            assert_eq!(store.plans().get(&own, &id).await.expect("an answer"), None);
        }
        let error = staff_at(&store, &own, Some(&theirs.list), 0).await.expect_err("refused");
        assert!(matches!(error, StoreError::Reference));
        let class = NewClass { class: "a", file: "b", digest: "c", due: 0 };
        let error = store.classes().add(&own, &theirs.batch, &[class]).await.expect_err("refused");
        assert!(matches!(error, StoreError::Reference));
        store
            .plans()
            .insert(&NewPlan { staff: Some(&mine.staff), parent: Some(&mine.plan), ..good }, None)
            .await
            .expect("kept");
    });
}

#[test]
fn a_list_takes_its_plans_along() {
    over_both(|store| async move {
        let rows = rows(&store, LOCAL).await;
        assert!(store.lists().delete(LOCAL, &rows.list).await.expect("an answer"));
        assert_eq!(store.plans().get(LOCAL, &rows.plan).await.expect("an answer"), None);
        assert_eq!(store.staff().get(LOCAL, &rows.staff).await.expect("an answer"), None);
        assert!(store.batches().get(LOCAL, &rows.batch).await.expect("an answer").is_some());
    });
}

/// A list that was given with a plan: kept with it or not at all, and gone with the last that needs it.
#[test]
fn a_given_list_goes_with_its_last_plan() {
    over_both(|store| async move {
        let lists = async || store.lists().ids(LOCAL).await.expect("an answer");
        let (list, first, second) = (new_id(), new_id(), new_id());
        let given = NewList { id: &list, school: LOCAL, file: "list.json", columns: "[]", ..NewList::default() };
        let plan = NewPlan { id: &first, school: LOCAL, list: &list, request: "{}", ..NewPlan::default() };
        let refused = NewPlan { given: Some(given), parent: Some("nosuch"), ..plan };
        assert!(matches!(store.plans().insert(&refused, None).await, Err(StoreError::Reference)));
        let refused = NewPlan { given: Some(given), staff: Some("nosuch"), ..plan };
        assert!(matches!(store.plans().insert(&refused, None).await, Err(StoreError::Reference)));
        assert!(lists().await.is_empty(), "neither is kept");
        store.plans().insert(&NewPlan { given: Some(given), ..plan }, None).await.expect("kept");
        store.plans().insert(&NewPlan { id: &second, parent: Some(&first), ..plan }, None).await.expect("kept");
        let staff = staff_at(&store, LOCAL, Some(&list), now()).await.expect("a staff list");
        for id in [&first, &second] {
            assert_eq!(lists().await, std::slice::from_ref(&list));
            assert!(store.work(Table::Plans).delete(LOCAL, id).await.expect("an answer"));
        }
        assert_eq!(lists().await, std::slice::from_ref(&list), "a staff list needs it");
        assert!(store.staff().delete(LOCAL, &staff).await.expect("an answer"));
        assert!(lists().await.is_empty());
    });
}

/// Path and text of every entry.
async fn exported(store: &Store, school: &str) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(store.export_school(school).await.expect("a zip")).expect("a zip");
    let count = zip.len();
    let entry = |index| {
        let mut entry = zip.by_index(index).expect("an entry");
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("bytes");
        (entry.name().expect("a name").into_owned(), String::from_utf8_lossy(&bytes).into_owned())
    };
    (0..count).map(entry).collect()
}

#[test]
fn a_school_takes_everything_out_and_away() {
    over_both(|store| async move {
        let (own, other) = (school(&store, "一中").await, school(&store, "二中").await);
        let (_, secret) = store.tokens().create(&own, "office").await.expect("a token");
        let (mine, theirs) = (rows(&store, &own).await, rows(&store, &other).await);
        let escape =
            NewList { id: &new_id(), school: &own, file: "../../etc/x.csv", bytes: b"", columns: "[]", created: 0 };
        store.lists().insert(&escape, None).await.expect("a list");
        let entries = exported(&store, &own).await;
        let text = |path: &str| {
            entries.iter().find(|(name, _)| name == path).map_or_else(String::new, |(_, text)| text.clone())
        };
        let has = |path: String, part: &str| assert!(text(&path).contains(part), "{path} in {entries:?}");
        has("school.json".to_owned(), "一中");
        has(format!("lists/{}/about.json", mine.list), "七3班.csv");
        has(format!("lists/{}/list/七3班.csv", mine.list), "1,Ada");
        has(format!("staff/{}/list/staff.csv", mine.staff), "T1,Li");
        has(format!("plans/{}.json", mine.plan), "\"groups\": 5");
        has(format!("batches/{}/about.json", mine.batch), "queued");
        has(format!("batches/{}/files/0/all.csv", mine.batch), "a\0b");
        has(format!("batches/{}/classes/{}.json", mine.batch, mine.class), "七1班");
        for (path, text) in &entries {
            assert!(path.split('/').all(|part| !part.is_empty() && !part.starts_with('.')), "{path}");
            assert!(!text.contains(&secret) && !text.contains(&theirs.plan), "{path}");
        }
        let removed = store.delete_school_data(&own).await.expect("erased");
        assert_eq!(removed, Removed { plans: 1, batches: 1, staff: 1, lists: 2, answers: 0 });
        assert_eq!(exported(&store, &own).await.len(), 1, "school.json");
        assert!(store.tokens().bearer(&secret).await.expect("an answer").is_some(), "tokens stay");
        assert_eq!(read(&store, &other, &theirs.plan).await.state, State::Queued);
        assert_eq!(store.classes().all(&other, &theirs.batch).await.expect("an answer").len(), 2);
        assert!(matches!(store.export_school("nosuch").await, Err(StoreError::Reference)));
    });
}

#[test]
fn what_is_too_old_is_swept() {
    over_both(|store| async move {
        let hour = 60 * 60 * 1000;
        let (old, young) = (now() - 3 * hour, now() - hour);
        let needed = list_at(&store, LOCAL, old).await;
        let kept = plan_at(&store, LOCAL, &needed, young).await;
        let unneeded = list_at(&store, LOCAL, old).await;
        let gone = plan_at(&store, LOCAL, &unneeded, old).await;
        staff_at(&store, LOCAL, Some(&unneeded), old).await.expect("a staff list");
        let ended_late = plan_at(&store, LOCAL, &needed, old).await;
        store.plans().claim(&ended_late, "w").await.expect("an answer").expect("claimed");
        store.work(Table::Plans).finish(&ended_late, "w", Outcome::Done("{}")).await.expect("an answer");
        let batches = [batch_at(&store, LOCAL, old).await, batch_at(&store, LOCAL, young).await];
        let two_hours = Duration::from_secs(2 * 60 * 60);
        let swept = store.sweep(two_hours).await.expect("swept");
        assert_eq!(swept, Removed { plans: 1, batches: 1, staff: 1, lists: 1, answers: 0 });
        assert_eq!(store.sweep(two_hours).await.expect("swept"), Removed::default());
        assert_eq!(store.plans().get(LOCAL, &gone).await.expect("an answer"), None);
        assert_eq!(store.plans().ids(LOCAL).await.expect("an answer"), [kept, ended_late]);
        assert_eq!(store.lists().ids(LOCAL).await.expect("an answer"), [needed]);
        assert_eq!(store.batches().ids(LOCAL).await.expect("an answer"), [batches[1].clone()]);
    });
}

fn once<'a>(key: &'a str, body_sha256: &'a str, answer: &'a str) -> Once<'a> {
    Once { key, route: "POST /v1/lists", body_sha256, status: 201, answer }
}

#[test]
fn the_same_request_again_gets_the_same_answer() {
    over_both(|store| async move {
        let other = school(&store, "二中").await;
        let find =
            async |school: &str, route: &str, body: &str| store.idempotency().find(school, "k", route, body).await;
        assert_eq!(find(LOCAL, "POST /v1/lists", "b").await.expect("an answer"), None);
        let insert = async |school: &str, once: Once<'_>| {
            let list = NewList { id: &new_id(), school, file: "a.csv", bytes: b"", columns: "[]", created: now() };
            store.lists().insert(&list, Some(&once)).await
        };
        assert_eq!(insert(LOCAL, once("k", "b", "first")).await.expect("kept"), Inserted::New);
        let first = Answer { status: 201, answer: "first".to_owned() };
        assert_eq!(insert(LOCAL, once("k", "b", "second")).await.expect("kept"), Inserted::Before(first.clone()));
        assert_eq!(store.lists().ids(LOCAL).await.expect("an answer").len(), 1, "kept once");
        assert_eq!(find(LOCAL, "POST /v1/lists", "b").await.expect("an answer"), Some(first));
        for error in [
            insert(LOCAL, once("k", "another", "x")).await.expect_err("another body"),
            find(LOCAL, "POST /v1/lists", "another").await.expect_err("another body"),
            find(LOCAL, "POST /v1/plans", "b").await.expect_err("another route"),
        ] {
            assert!(matches!(error, StoreError::KeyReused), "{error:?}");
        }
        assert_eq!(
            insert(&other, once("k", "another", "x")).await.expect("kept"),
            Inserted::New,
            "keys are a school's"
        );
        assert_eq!(store.sweep(Duration::from_secs(60)).await.expect("swept").answers, 0);
        assert_eq!(store.delete_school_data(LOCAL).await.expect("erased").answers, 1);
    });
}

/// A key whose list was refused is free; of equal requests at the same time one is done.
#[test]
fn key_and_row_are_kept_together() {
    over_both(|store| async move {
        let list = |id: String, school: &'static str, store: Store| async move {
            let list = NewList { id: &id, school, file: "a.csv", bytes: b"", columns: "[]", created: now() };
            store.lists().insert(&list, Some(&once("k", "b", &id))).await
        };
        list(new_id(), "nosuch", store.clone()).await.expect_err("no such school");
        let taken = list_at(&store, LOCAL, now()).await;
        list(taken.clone(), LOCAL, store.clone()).await.expect_err("the id is taken");
        assert_eq!(store.idempotency().find(LOCAL, "k", "POST /v1/lists", "b").await.expect("an answer"), None);
        let inserts: Vec<_> = (0..6).map(|_| tokio::spawn(list(new_id(), LOCAL, store.clone()))).collect();
        let mut new = 0;
        for insert in inserts {
            new += usize::from(insert.await.expect("no panic").expect("an answer") == Inserted::New);
        }
        assert_eq!((new, store.lists().ids(LOCAL).await.expect("an answer").len()), (1, 2));
    });
}
