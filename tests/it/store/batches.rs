//! Batches: files, classes, and the end that waits for all of them.

use super::fixture::{batch_at, over_both};
use fenzu::store::{Counts, FileKind, Heard, LOCAL, NewClass, Open, Outcome, State, Store, Table, now};

async fn class_ids(store: &Store, batch: &str) -> Vec<String> {
    store.classes().all(LOCAL, batch).await.expect("an answer").into_iter().map(|class| class.id).collect()
}

async fn counts(store: &Store, batch: &str) -> Counts {
    store.classes().counts(LOCAL, batch).await.expect("an answer")
}

#[test]
fn a_batch_ends_when_its_classes_have_ended() {
    over_both(|store| async move {
        let id = batch_at(&store, LOCAL, 1_000).await;
        let late = now() + 1_000;
        assert_eq!(store.open_work(LOCAL).await.expect("an answer"), Open { school: 3, all: 1 });
        for class in class_ids(&store, &id).await {
            assert!(store.batches().claim(&id, "w").await.expect("an answer").is_none(), "classes are left");
            assert_eq!(store.work(Table::Batches).orphans(late, i64::MAX).await.expect("an answer"), []);
            store.classes().claim(&class, "w").await.expect("an answer").expect("claimed");
            assert_eq!(store.work(Table::Classes).progress(&class, "w", 0.5).await.expect("an answer"), Heard::GoOn);
            assert!(store.work(Table::Classes).finish(&class, "w", Outcome::Done(&class)).await.expect("an answer"));
            assert_eq!(store.classes().document(LOCAL, &class).await.expect("an answer"), Some(class));
        }
        assert_eq!(counts(&store, &id).await, Counts { done: 2, ..Counts::default() });
        let orphan = store.work(Table::Batches).orphans(late, i64::MAX).await.expect("an answer").remove(0);
        assert_eq!((&orphan.id, orphan.state), (&id, State::Queued), "nobody has finished it");
        assert!(store.work(Table::Batches).requeue(&id, late).await.expect("an answer"));
        let claimed = store.batches().claim(&id, "w").await.expect("an answer").expect("claimed");
        assert_eq!((claimed.state, claimed.attempts), (State::Running, 1));
        assert_eq!(store.work(Table::Batches).progress(&id, "w", 0.5).await.expect("an answer"), Heard::GoOn);
        assert!(!store.batches().finish(&id, "other", "{}", b"").await.expect("an answer"));
        assert!(store.batches().finish(&id, "w", r#"{"classes":[]}"#, b"PK\0").await.expect("an answer"));
        assert!(!store.batches().finish(&id, "w", "{}", b"").await.expect("an answer"), "once");
        let done = store.batches().get(LOCAL, &id).await.expect("an answer").expect("there");
        assert_eq!((done.state, done.progress, done.summary.as_deref()), (State::Done, 1.0, Some(r#"{"classes":[]}"#)));
        assert_eq!(store.batches().result(LOCAL, &id).await.expect("an answer").as_deref(), Some(&b"PK\0"[..]));
    });
}

/// Above what one statement takes, in any order of names, some twice.
#[test]
fn very_many_classes_are_kept_in_order_with_their_plans() {
    over_both(|store| async move {
        let id = batch_at(&store, LOCAL, now()).await;
        let before = class_ids(&store, &id).await.len();
        let names: Vec<String> = (0..2_500).map(|at| format!("{}班", at * 7 % 2_500)).collect();
        let more: Vec<_> = names.iter().map(|class| NewClass { class, file: "all.csv", digest: "d", due: 0 }).collect();
        store.classes().add(LOCAL, &id, &[&more[..], &more[..10]].concat()).await.expect("added");
        let all = store.classes().all(LOCAL, &id).await.expect("an answer").split_off(before);
        assert!(all.iter().map(|class| &class.class).eq(&names), "the order given");
        for class in &all[..3] {
            store.classes().claim(&class.id, "w").await.expect("an answer").expect("claimed");
            let done = Outcome::Done(&class.class);
            assert!(store.work(Table::Classes).finish(&class.id, "w", done).await.expect("an answer"));
        }
        let documents = store.classes().documents(LOCAL, &id).await.expect("an answer");
        assert_eq!(documents, all[..3].iter().map(|class| (class.id.clone(), class.class.clone())).collect());
        assert!(store.classes().documents("other", &id).await.expect("an answer").is_empty());
    });
}

#[test]
fn files_and_classes_are_kept_in_order_and_once() {
    over_both(|store| async move {
        let id = batch_at(&store, LOCAL, now()).await;
        let files = store.batches().files(LOCAL, &id).await.expect("an answer");
        let told: Vec<_> = files.iter().map(|file| (file.name.as_str(), file.kind, file.bytes.as_slice())).collect();
        assert_eq!(told, [("all.csv", FileKind::List, &b"a\0b"[..]), ("staff.csv", FileKind::Staff, b"")]);
        let class = |class: &'static str, digest: &'static str| NewClass { class, file: "all.csv", digest, due: 0 };
        let more: Vec<NewClass<'_>> = vec![class("七2班", "d1"), class("七2班", "d2"), class("七10班", "d1")];
        for _ in 0..2 {
            store.classes().add(LOCAL, &id, &more).await.expect("added");
        }
        let all = store.classes().all(LOCAL, &id).await.expect("an answer");
        let told: Vec<_> = all.iter().map(|class| (class.class.as_str(), class.digest.as_str())).collect();
        assert_eq!(told, [("七1班", "d1"), ("七2班", "d1"), ("七2班", "d2"), ("七10班", "d1")]);
        assert_eq!(store.classes().get(LOCAL, &all[2].id).await.expect("an answer").as_ref(), Some(&all[2]));
        assert!(store.work(Table::Batches).delete(LOCAL, &id).await.expect("an answer"));
        assert_eq!(class_ids(&store, &id).await.len(), 0);
        assert_eq!(store.batches().files(LOCAL, &id).await.expect("an answer"), []);
    });
}

#[test]
fn a_stopped_batch_keeps_what_it_has() {
    over_both(|store| async move {
        let id = batch_at(&store, LOCAL, now()).await;
        let running = class_ids(&store, &id).await.remove(0);
        store.classes().claim(&running, "w").await.expect("an answer").expect("claimed");
        assert_eq!(store.batches().ask_stop(LOCAL, &id).await.expect("an answer"), Some(State::Queued));
        let after = counts(&store, &id).await;
        assert_eq!(after, Counts { running: 1, cancelled: 1, ..Counts::default() });
        assert_eq!((after.all(), after.ended()), (2, 1));
        assert_eq!(store.work(Table::Classes).progress(&running, "w", 0.5).await.expect("an answer"), Heard::Stop);
        assert!(store.work(Table::Classes).finish(&running, "w", Outcome::Done("best")).await.expect("an answer"));
        let batch = store.batches().claim(&id, "w").await.expect("an answer").expect("claimed");
        assert!(batch.stop_asked);
        assert!(
            store
                .work(Table::Batches)
                .finish(&id, "w", Outcome::Failed(r#"{"code":"job_failed"}"#))
                .await
                .expect("an answer")
        );
        assert_eq!(store.batches().ask_stop(LOCAL, &id).await.expect("an answer"), Some(State::Failed));
        assert_eq!(store.batches().ask_stop(LOCAL, "nosuch").await.expect("an answer"), None);
    });
}

#[test]
fn classes_are_handed_back_queued_again_and_buried() {
    over_both(|store| async move {
        let id = batch_at(&store, LOCAL, 1_000).await;
        let ids = class_ids(&store, &id).await;
        store.classes().claim(&ids[0], "w").await.expect("an answer").expect("claimed");
        assert!(store.work(Table::Classes).hand_back(&ids[0], "w").await.expect("an answer"));
        store.classes().claim(&ids[0], "w").await.expect("an answer").expect("claimed");
        let late = now() + 1_000;
        let orphans = store.work(Table::Classes).orphans(late, i64::MAX).await.expect("an answer");
        let told: Vec<_> = orphans.iter().map(|orphan| (&orphan.id, orphan.state, orphan.attempts)).collect();
        assert_eq!(told, [(&ids[0], State::Running, 1), (&ids[1], State::Queued, 0)]);
        assert!(store.work(Table::Classes).requeue(&ids[0], late).await.expect("an answer"));
        assert!(store.work(Table::Classes).bury(&ids[1], late, r#"{"code":"worker_died"}"#).await.expect("an answer"));
        let buried = store.classes().get(LOCAL, &ids[1]).await.expect("an answer").expect("there");
        assert_eq!(buried.error.as_deref(), Some(r#"{"code":"worker_died"}"#));
        assert_eq!(counts(&store, &id).await, Counts { queued: 1, failed: 1, ..Counts::default() });
        assert_eq!(store.classes().document(LOCAL, &ids[1]).await.expect("an answer"), None);
    });
}
