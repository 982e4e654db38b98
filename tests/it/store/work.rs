//! The life of a plan: queued → running → done, failed or cancelled, with workers that race, are late or die.

use super::fixture::{list, over_both, plan, plan_at, read};
use fenzu::store::{Heard, LOCAL, NewPlan, Open, Outcome, State, Store, Table, new_id, now};

#[test]
fn a_plan_is_claimed_told_of_and_finished() {
    over_both(|store| async move {
        let list = list(&store, LOCAL).await;
        let id = plan(&store, LOCAL, &list).await;
        let queued = read(&store, LOCAL, &id).await;
        assert_eq!((queued.state, queued.attempts, queued.started, queued.progress), (State::Queued, 0, None, 0.0));
        assert_eq!((queued.list, queued.request.as_str()), (list, r#"{"groups":5}"#));
        let claimed = store.plans().claim(&id, "w").await.expect("an answer").expect("claimed");
        assert_eq!((claimed.state, claimed.attempts, claimed.worker.as_deref()), (State::Running, 1, Some("w")));
        assert!(claimed.started.is_some() && claimed.heartbeat.is_some());
        assert_eq!(store.work(Table::Plans).progress(&id, "w", 0.25).await.expect("an answer"), Heard::GoOn);
        let standing = store.work(Table::Plans).standing(LOCAL, &id).await.expect("an answer").expect("there");
        assert_eq!((standing.state, standing.progress, standing.stop_asked), (State::Running, 0.25, false));
        assert_eq!(store.open_work(LOCAL).await.expect("an answer"), Open { school: 1, all: 1 });
        assert!(store.work(Table::Plans).finish(&id, "w", Outcome::Done(r#"{"a":1}"#)).await.expect("an answer"));
        let done = read(&store, LOCAL, &id).await;
        assert_eq!((done.state, done.progress, done.document.as_deref()), (State::Done, 1.0, Some(r#"{"a":1}"#)));
        assert!(done.finished.is_some() && done.error.is_none());
        assert_eq!(store.open_work(LOCAL).await.expect("an answer"), Open::default());
    });
}

#[test]
fn those_of_many_plans_that_have_ended_are_told() {
    over_both(|store| async move {
        let list = list(&store, LOCAL).await;
        let mut ids = Vec::new();
        for _ in 0..5 {
            ids.push(plan(&store, LOCAL, &list).await);
        }
        store.plans().ask_stop(LOCAL, &ids[1]).await.expect("an answer");
        for at in [2, 3] {
            store.plans().claim(&ids[at], "w").await.expect("an answer").expect("claimed");
        }
        let ended = store.work(Table::Plans).finish(&ids[3], "w", Outcome::Failed("{}")).await;
        assert!(ended.expect("an answer"));
        // More than one statement asks for, the plans first and last.
        let strangers = (0..300).map(|_| new_id());
        let asked: Vec<String> = ids[..2].iter().cloned().chain(strangers).chain(ids[2..].iter().cloned()).collect();
        assert_eq!(store.plans().ended(&asked).await.expect("an answer"), [ids[1].clone(), ids[3].clone()]);
        assert_eq!(store.plans().ended(&[]).await.expect("an answer"), [""; 0]);
    });
}

#[test]
fn a_failure_keeps_its_reason_and_a_finished_edit_is_done_at_once() {
    over_both(|store| async move {
        let list = list(&store, LOCAL).await;
        let failed = plan(&store, LOCAL, &list).await;
        store.plans().claim(&failed, "w").await.expect("an answer").expect("claimed");
        assert!(store.work(Table::Plans).finish(&failed, "w", Outcome::Failed("{}")).await.expect("an answer"));
        let read_back = read(&store, LOCAL, &failed).await;
        assert_eq!(
            (read_back.state, read_back.error.as_deref(), read_back.document),
            (State::Failed, Some("{}"), None)
        );
        let (edit, request) = (new_id(), "{}");
        let new = NewPlan {
            id: &edit,
            school: LOCAL,
            list: &list,
            parent: Some(&failed),
            previous: Some(&failed),
            request,
            document: Some("{}"),
            created: now(),
            ..NewPlan::default()
        };
        store.plans().insert(&new, None).await.expect("kept");
        let edit = read(&store, LOCAL, &edit).await;
        assert_eq!((edit.state, edit.progress, edit.parent.as_ref()), (State::Done, 1.0, Some(&failed)));
        assert_eq!(store.plans().ids(LOCAL).await.expect("an answer"), [edit.id, failed]);
    });
}

#[test]
fn of_many_claimers_one_wins() {
    over_both(|store| async move {
        let list = list(&store, LOCAL).await;
        for _ in 0..10 {
            let id = plan(&store, LOCAL, &list).await;
            let claims = (0..8).map(|worker| {
                tokio::spawn({
                    let (store, id) = (store.clone(), id.clone());
                    async move { store.plans().claim(&id, &format!("w{worker}")).await.expect("an answer").is_some() }
                })
            });
            let mut won = 0;
            for claim in claims.collect::<Vec<_>>() {
                won += usize::from(claim.await.expect("no panic"));
            }
            assert_eq!((won, read(&store, LOCAL, &id).await.attempts), (1, 1));
        }
    });
}

/// A plan whose worker was given up: queued again, taken by another.
async fn taken_over(store: &Store) -> String {
    let list = list(store, LOCAL).await;
    let id = plan(store, LOCAL, &list).await;
    store.plans().claim(&id, "slow").await.expect("an answer").expect("claimed");
    assert!(store.work(Table::Plans).requeue(&id, i64::MAX).await.expect("an answer"));
    assert_eq!(store.plans().claim(&id, "quick").await.expect("an answer").expect("claimed").attempts, 2);
    id
}

#[test]
fn what_a_late_worker_writes_is_dropped() {
    over_both(|store| async move {
        let id = taken_over(&store).await;
        assert_eq!(store.work(Table::Plans).progress(&id, "slow", 0.9).await.expect("an answer"), Heard::Gone);
        assert!(!store.work(Table::Plans).finish(&id, "slow", Outcome::Done("late")).await.expect("an answer"));
        assert!(!store.work(Table::Plans).hand_back(&id, "slow").await.expect("an answer"));
        assert!(!store.work(Table::Plans).retry(&id, "slow").await.expect("an answer"));
        assert_eq!(read(&store, LOCAL, &id).await.worker.as_deref(), Some("quick"));
        assert!(store.work(Table::Plans).retry(&id, "quick").await.expect("an answer"));
        assert_eq!(store.plans().claim(&id, "quick").await.expect("an answer").expect("claimed").attempts, 3);
        assert!(store.work(Table::Plans).finish(&id, "quick", Outcome::Done("first")).await.expect("an answer"));
        for worker in ["quick", "slow"] {
            assert!(!store.work(Table::Plans).finish(&id, worker, Outcome::Done("twice")).await.expect("an answer"));
        }
        assert_eq!(read(&store, LOCAL, &id).await.document.as_deref(), Some("first"));
        assert!(store.work(Table::Plans).delete(LOCAL, &id).await.expect("an answer"));
        assert_eq!(store.work(Table::Plans).progress(&id, "quick", 1.0).await.expect("an answer"), Heard::Gone);
        assert!(!store.work(Table::Plans).delete(LOCAL, &id).await.expect("an answer"));
    });
}

#[test]
fn what_is_handed_back_was_not_tried() {
    over_both(|store| async move {
        let list = list(&store, LOCAL).await;
        let id = plan(&store, LOCAL, &list).await;
        store.plans().claim(&id, "w").await.expect("an answer").expect("claimed");
        assert!(store.work(Table::Plans).hand_back(&id, "w").await.expect("an answer"));
        let back = read(&store, LOCAL, &id).await;
        assert_eq!((back.state, back.attempts, back.worker), (State::Queued, 0, None));
        let orphans = store.work(Table::Plans).orphans(now() + 1, i64::MAX).await.expect("an answer");
        assert_eq!(orphans.iter().map(|orphan| &orphan.id).collect::<Vec<_>>(), [&id], "seen at once");
    });
}

#[test]
fn stopping_cancels_what_waits_and_asks_who_works() {
    over_both(|store| async move {
        let list = list(&store, LOCAL).await;
        let (waiting, running) = (plan(&store, LOCAL, &list).await, plan(&store, LOCAL, &list).await);
        store.plans().claim(&running, "w").await.expect("an answer").expect("claimed");
        let stop = async |id: &str| store.plans().ask_stop(LOCAL, id).await.expect("an answer");
        assert_eq!(stop(&waiting).await, Some(State::Cancelled));
        assert!(store.plans().claim(&waiting, "w").await.expect("an answer").is_none());
        assert!(read(&store, LOCAL, &waiting).await.finished.is_some());
        assert_eq!(stop(&running).await, Some(State::Running));
        assert_eq!(store.work(Table::Plans).progress(&running, "w", 0.5).await.expect("an answer"), Heard::Stop);
        assert!(store.work(Table::Plans).finish(&running, "w", Outcome::Done("best")).await.expect("an answer"));
        assert_eq!(stop(&running).await, Some(State::Done), "what has ended stays");
        assert_eq!(stop("nosuch").await, None);
        let cancelled = plan(&store, LOCAL, &list).await;
        store.plans().claim(&cancelled, "w").await.expect("an answer").expect("claimed");
        assert!(store.work(Table::Plans).finish(&cancelled, "w", Outcome::Cancelled).await.expect("an answer"));
        assert_eq!(read(&store, LOCAL, &cancelled).await.state, State::Cancelled);
    });
}

#[test]
fn orphans_are_queued_again_or_buried_by_one_reconciler() {
    over_both(|store| async move {
        let list = list(&store, LOCAL).await;
        let old = plan_at(&store, LOCAL, &list, 1_000).await;
        let dead = plan(&store, LOCAL, &list).await;
        store.plans().claim(&dead, "w").await.expect("an answer").expect("claimed");
        let ended = plan(&store, LOCAL, &list).await;
        store.plans().ask_stop(LOCAL, &ended).await.expect("an answer");
        let seen = |found: Vec<fenzu::store::Orphan>| {
            found.into_iter().map(|o| (o.id, o.state, o.attempts)).collect::<Vec<_>>()
        };
        let (early, late) = (2_000, now() + 1);
        assert_eq!(
            seen(store.work(Table::Plans).orphans(0, i64::MAX).await.expect("an answer")),
            [(dead.clone(), State::Running, 1)],
            "whoever works may be silent"
        );
        let both = [(old.clone(), State::Queued, 0), (dead.clone(), State::Running, 1)];
        assert_eq!(seen(store.work(Table::Plans).orphans(early, i64::MAX).await.expect("an answer")), both);
        assert_eq!(seen(store.work(Table::Plans).orphans(0, 500).await.expect("an answer")), both, "from the future");
        assert!(store.work(Table::Plans).requeue(&old, early).await.expect("an answer"));
        assert!(
            !store.work(Table::Plans).requeue(&old, early).await.expect("an answer"),
            "the other reconciler is late"
        );
        assert!(!store.work(Table::Plans).requeue(&dead, early).await.expect("an answer"), "its worker lives");
        assert!(!store.work(Table::Plans).bury(&dead, early, "{}").await.expect("an answer"), "its worker lives");
        assert!(store.work(Table::Plans).bury(&dead, late, r#"{"code":"worker_died"}"#).await.expect("an answer"));
        assert!(!store.work(Table::Plans).bury(&ended, late, "{}").await.expect("an answer"), "what has ended stays");
        let buried = read(&store, LOCAL, &dead).await;
        assert_eq!((buried.state, buried.error.as_deref()), (State::Failed, Some(r#"{"code":"worker_died"}"#)));
        assert!(!store.work(Table::Plans).finish(&dead, "w", Outcome::Done("late")).await.expect("an answer"));
    });
}
