//! Whose turn it is, and how much a school may have.

use super::fixture::{batch_at, list, list_at, over_both, plan, plan_at, school};
use fenzu::store::{
    BatchFile, LOCAL, NewBatch, NewClass, NewPlan, Next, Outcome, Store, StoreError, Table, Whose, new_id, now,
};

async fn next(store: &Store, whose: Whose) -> Option<Next> {
    store.next(whose).await.expect("an answer")
}

/// What is next of anyone's is taken; its school and id.
async fn taken(store: &Store) -> (String, String) {
    let Next { table, school, id, attempts } = next(store, Whose::Anyones).await.expect("something waits");
    assert_eq!(attempts, 0);
    let taken = match table {
        Table::Plans => store.plans().claim(&id, "w").await.expect("an answer").is_some(),
        Table::Classes => store.classes().claim(&id, "w").await.expect("an answer").is_some(),
        Table::Batches => store.batches().claim(&id, "w").await.expect("an answer").is_some(),
    };
    assert!(taken, "nobody else is here");
    // Turns are told apart by the clock.
    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    (school, id)
}

#[test]
fn schools_take_turns() {
    over_both(|store| async move {
        let (a, b) = (LOCAL.to_owned(), school(&store, "二中").await);
        assert_eq!(next(&store, Whose::Anyones).await, None);
        let lists = [list(&store, &a).await, list(&store, &b).await];
        let mut of_a = Vec::new();
        for _ in 0..6 {
            of_a.push(plan(&store, &a, &lists[0]).await);
        }
        let mut all = vec![taken(&store).await, taken(&store).await];
        assert_eq!(all, [(a.clone(), of_a[0].clone()), (a.clone(), of_a[1].clone())], "one alone has everything");
        for _ in 0..3 {
            plan(&store, &b, &lists[1]).await;
        }
        let newcomer = next(&store, Whose::Newcomers).await.expect("it has nothing at work");
        assert_eq!(newcomer.school, b);
        for _ in 0..4 {
            all.push(taken(&store).await);
        }
        let schools: Vec<&str> = all[2..].iter().map(|(school, _)| if *school == a { "a" } else { "b" }).collect();
        assert_eq!(schools, ["b", "b", "a", "b"], "who has fewest, then whose turn was longest ago");
        assert_eq!(next(&store, Whose::Newcomers).await, None);
        for (_, id) in &all {
            store.work(Table::Plans).finish(id, "w", Outcome::Done("{}")).await.expect("an answer");
        }
        assert_eq!(next(&store, Whose::Newcomers).await.map(|next| next.school), Some(a));
    });
}

/// A plan's turn among those of its school.
async fn due(store: &Store, list: &str, created: i64, due: i64) -> String {
    let id = new_id();
    let plan = NewPlan { id: &id, school: LOCAL, list, request: "{}", created, due, ..NewPlan::default() };
    store.plans().insert(&plan, None).await.expect("a plan");
    id
}

#[test]
fn small_things_go_first_and_nothing_waits_for_ever() {
    over_both(|store| async move {
        let (list, now) = (list(&store, LOCAL).await, now());
        let large = due(&store, &list, now, 60_000).await;
        let small = due(&store, &list, now + 20_000, 1_000).await;
        let old = due(&store, &list, now - 120_000, 60_000).await;
        let batch = batch_at(&store, LOCAL, now - 1).await;
        let mut order = Vec::new();
        for _ in 0..5 {
            order.push(taken(&store).await.1);
        }
        let classes = store.classes().all(LOCAL, &batch).await.expect("classes");
        // The batch itself waits for its classes.
        assert_eq!(order, [&old, &classes[0].id, &classes[1].id, &small, &large].map(Clone::clone));
        assert_eq!(next(&store, Whose::Anyones).await, None);
        for class in &classes {
            store.work(Table::Classes).finish(&class.id, "w", Outcome::Done("{}")).await.expect("an answer");
        }
        assert_eq!(next(&store, Whose::Anyones).await.map(|next| next.id), Some(batch));
    });
}

/// Refused with its numbers.
fn too_many<T: std::fmt::Debug>(result: Result<T, StoreError>) -> (i64, i64, i64) {
    match result {
        Err(StoreError::TooManyOpen { open, asked, most }) => (open, asked, most),
        other => panic!("{other:?}"),
    }
}

#[test]
fn no_more_than_so_much_is_open() {
    over_both(|store| async move {
        let list = list(&store, LOCAL).await;
        let new = async |most_open: Option<i64>| {
            let id = new_id();
            let plan = NewPlan { id: &id, school: LOCAL, list: &list, request: "{}", most_open, ..NewPlan::default() };
            store.plans().insert(&plan, None).await.map(|_| id)
        };
        let first = new(Some(2)).await.expect("one of two");
        plan_at(&store, LOCAL, &list, now()).await;
        assert_eq!(too_many(new(Some(2)).await), (2, 1, 2));
        store.plans().ask_stop(LOCAL, &first).await.expect("an answer");
        new(Some(2)).await.expect("one of two");
        let other = school(&store, "二中").await;
        let id = new_id();
        let files: [BatchFile; 0] = [];
        let batch = NewBatch { id: &id, school: &other, request: "{}", files: &files, ..NewBatch::default() };
        let batch = NewBatch { most_open: Some(3), created: now(), ..batch };
        store.batches().insert(&batch, None).await.expect("one of three");
        let class = |class: &'static str| NewClass { class, file: "a.csv", digest: "d", due: 0 };
        let three = [class("1"), class("2"), class("3")];
        assert_eq!(too_many(store.classes().add(&other, &id, &three).await), (1, 3, 3));
        assert!(store.classes().all(&other, &id).await.expect("an answer").is_empty(), "all or none");
        store.classes().add(&other, &id, &three[1..]).await.expect("three of three");
    });
}

#[test]
fn what_is_stored_is_added_up() {
    over_both(|store| async move {
        assert_eq!(store.stored(LOCAL).await.expect("an answer"), 0);
        let list = list_at(&store, LOCAL, now()).await;
        let of_list = store.lists().get(LOCAL, &list).await.expect("an answer").expect("a list").bytes.len() as u64;
        assert_eq!(store.stored(LOCAL).await.expect("an answer"), of_list);
        let plan = plan(&store, LOCAL, &list).await;
        store.plans().claim(&plan, "w").await.expect("an answer").expect("claimed");
        store.work(Table::Plans).finish(&plan, "w", Outcome::Done("\"班\"")).await.expect("an answer");
        assert_eq!(store.stored(LOCAL).await.expect("an answer"), of_list + 5, "bytes, not characters");
        let other = school(&store, "二中").await;
        batch_at(&store, &other, now()).await;
        assert_eq!(store.stored(&other).await.expect("an answer"), 3);
        store.lists().delete(LOCAL, &list).await.expect("an answer");
        assert_eq!(store.stored(LOCAL).await.expect("an answer"), 0);
    });
}
