//! Plans: what was asked, where it stands, what came of it. A plan never changes once it has ended; an edit is a new plan with
//! its parent.

use super::idempotency::settle;
use super::lists::{self, Origin};
use super::sql::{FromAny, LONGEST_KEY, Sql, composed, sql};
use super::work::Table;
use super::{Inserted, NewList, Once, Standing, State, Store, StoreError, room, row};
use sqlx::any::AnyRow;
use std::iter::repeat;

/// A plan as it is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewPlan<'a> {
    /// Its id ([`new_id`](super::new_id)).
    pub id: &'a str,
    /// Its school.
    pub school: &'a str,
    /// The list that is divided.
    pub list: &'a str,
    /// That list, where it came with the plan: both are kept, or neither, and it goes with the last plan made from it.
    pub given: Option<NewList<'a>>,
    /// The staff list, for teachers.
    pub staff: Option<&'a str>,
    /// Last semester's plan.
    pub previous: Option<&'a str>,
    /// The plan that this one was edited from.
    pub parent: Option<&'a str>,
    /// What is asked: JSON.
    pub request: &'a str,
    /// The result, where it is known already (an edit by hand): the plan is done at once. JSON.
    pub document: Option<&'a str>,
    /// When it was asked for.
    pub created: i64,
    /// By how many milliseconds later than it is asked for it is due among what waits of its school ([`Store::next`]).
    pub due: i64,
    /// Plans, batches and classes that the school may have open with it; any number where there is no such limit.
    pub most_open: Option<i64>,
}

/// A plan as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Its id.
    pub id: String,
    /// Its school.
    pub school: String,
    /// The list that is divided.
    pub list: String,
    /// The staff list, for teachers.
    pub staff: Option<String>,
    /// Last semester's plan; it may have been erased since.
    pub previous: Option<String>,
    /// The plan that this one was edited from; it may have been erased since.
    pub parent: Option<String>,
    /// What is asked: JSON.
    pub request: String,
    /// Its state.
    pub state: State,
    /// 0 … 1.
    pub progress: f64,
    /// Whether somebody asked to stop.
    pub stop_asked: bool,
    /// How often a worker has taken it.
    pub attempts: i64,
    /// The result, once it is done: JSON.
    pub document: Option<String>,
    /// The problem, where it failed: JSON.
    pub error: Option<String>,
    /// When it was asked for.
    pub created: i64,
    /// When a worker first had it.
    pub started: Option<i64>,
    /// When it ended.
    pub finished: Option<i64>,
    /// Who has it or had it last.
    pub worker: Option<String>,
    /// When its worker last told its progress.
    pub heartbeat: Option<i64>,
}

/// Plans that one statement asks for.
const MOST_ASKED: usize = 200;

const COLUMNS: &str = "id, school, list, staff, previous, parent, request, state, progress, stop_asked, attempts, document, \
                       error, created, started, finished, worker, heartbeat";

impl FromAny for Plan {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        let Standing { state, progress, stop_asked } = Standing::of(row)?;
        Ok(Self {
            id: row::text(row, "id")?,
            school: row::text(row, "school")?,
            list: row::text(row, "list")?,
            staff: row::text_or_null(row, "staff")?,
            previous: row::text_or_null(row, "previous")?,
            parent: row::text_or_null(row, "parent")?,
            request: row::text(row, "request")?,
            state,
            progress,
            stop_asked,
            attempts: row::int(row, "attempts")?,
            document: row::text_or_null(row, "document")?,
            error: row::text_or_null(row, "error")?,
            created: row::int(row, "created")?,
            started: row::int_or_null(row, "started")?,
            finished: row::int_or_null(row, "finished")?,
            worker: row::text_or_null(row, "worker")?,
            heartbeat: row::int_or_null(row, "heartbeat")?,
        })
    }
}

/// The plans of a store.
#[derive(Clone, Copy, Debug)]
pub struct Plans<'a>(pub(super) &'a Store);

impl Plans<'_> {
    /// Keeps a plan that is asked for, queued (or done, where its document is given), together with the answer that is given
    /// under the client's key.
    ///
    /// # Errors
    /// [`StoreError::Reference`] where list, staff, previous plan or parent is not there or another school's;
    /// [`StoreError::KeyReused`]; [`StoreError::TooManyOpen`].
    pub async fn insert(&self, plan: &NewPlan<'_>, once: Option<&Once<'_>>) -> Result<Inserted, StoreError> {
        let mut transaction = self.0.begin().await?;
        if let Some(before) = settle(&mut transaction, plan.school, once).await? {
            return Ok(Inserted::Before(before));
        }
        if [Some(plan.list), plan.staff].into_iter().flatten().any(|id| id.len() > LONGEST_KEY) {
            return Err(StoreError::Reference); // no id, and longer than the index of references takes
        }
        for other in [plan.previous, plan.parent].into_iter().flatten() {
            let there = sql("SELECT id FROM plans WHERE school = $1 AND id = $2").text(plan.school).text(other);
            let there: Option<String> = there.row(&mut *transaction).await?;
            there.ok_or(StoreError::Reference)?;
        }
        room::admit(&mut transaction, plan.school, 1, plan.most_open).await?;
        if let Some(list) = &plan.given {
            lists::insert(&mut transaction, list, Origin::Given).await?;
        }
        let (state, finished) = match plan.document {
            Some(_) => (State::Done, Some(plan.created)),
            None => (State::Queued, None),
        };
        let insert = "INSERT INTO plans (id, school, list, staff, previous, parent, request, state, progress, document, created, \
                      finished, due) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let insert = sql(insert).text(plan.id).text(plan.school).text(plan.list).text_or_null(plan.staff);
        let insert = insert.text_or_null(plan.previous).text_or_null(plan.parent).text(plan.request).text(state.word());
        let insert = insert.real(f64::from(u8::from(plan.document.is_some()))).text_or_null(plan.document);
        insert.int(plan.created).int_or_null(finished).int(plan.created + plan.due).run(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(Inserted::New)
    }

    /// A school's plan.
    ///
    /// # Errors
    /// The database's.
    pub async fn get(&self, school: &str, id: &str) -> Result<Option<Plan>, StoreError> {
        let get = composed(format!("SELECT {COLUMNS} FROM plans WHERE school = $1 AND id = $2"));
        get.text(school).text(id).row(&self.0.pool).await
    }

    /// Those of some plans that have ended, whosever they are.
    ///
    /// # Errors
    /// The database's.
    pub async fn ended(&self, ids: &[String]) -> Result<Vec<String>, StoreError> {
        let mut ended = Vec::new();
        for ids in ids.chunks(MOST_ASKED) {
            // Always as many places: one statement, which the database keeps prepared.
            let places: Vec<String> = (1..=MOST_ASKED).map(|at| format!("${at}")).collect();
            let ask = format!("SELECT id FROM plans WHERE finished IS NOT NULL AND id IN ({})", places.join(", "));
            let filled = ids.iter().map(String::as_str).chain(repeat("")).take(MOST_ASKED);
            let ask = filled.fold(composed(ask), Sql::text);
            ended.extend(ask.rows::<String>(&self.0.pool).await?);
        }
        Ok(ended)
    }

    /// Ids of a school's plans, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn ids(&self, school: &str) -> Result<Vec<String>, StoreError> {
        let ids = sql("SELECT id FROM plans WHERE school = $1 ORDER BY created DESC, id DESC");
        ids.text(school).rows(&self.0.pool).await
    }

    /// Takes a queued plan and counts an attempt; none where there is nothing to take. `worker` names this run of the work,
    /// not only the machine: what an earlier run writes late is dropped by it.
    ///
    /// # Errors
    /// The database's.
    pub async fn claim(&self, id: &str, worker: &str) -> Result<Option<Plan>, StoreError> {
        self.0.work(Table::Plans).claim(id, worker, COLUMNS).await
    }

    /// Keeps what a running plan looks like so far, as JSON, unless the run has lost it.
    ///
    /// # Errors
    /// The database's.
    pub async fn show(&self, id: &str, worker: &str, draft: &str) -> Result<(), StoreError> {
        let show = "UPDATE plans SET draft = $3 WHERE id = $1 AND worker = $2 AND state = 'running'";
        sql(show).text(id).text(worker).text(draft).run(&self.0.pool).await?;
        Ok(())
    }

    /// What a running plan looks like so far; none where nothing is known yet, or it has ended.
    ///
    /// # Errors
    /// The database's.
    pub async fn draft(&self, school: &str, id: &str) -> Result<Option<String>, StoreError> {
        let draft =
            "SELECT COALESCE(draft, '') AS draft FROM plans WHERE school = $1 AND id = $2 AND state = 'running'";
        let draft: Option<String> = sql(draft).text(school).text(id).row(&self.0.pool).await?;
        Ok(draft.filter(|draft| !draft.is_empty()))
    }

    /// Cancels a queued plan, asks the worker of a running one to stop and keep its best; the state after that, none where the
    /// school has no such plan.
    ///
    /// # Errors
    /// The database's.
    pub async fn ask_stop(&self, school: &str, id: &str) -> Result<Option<State>, StoreError> {
        self.0.work(Table::Plans).ask_stop(school, id).await
    }
}
