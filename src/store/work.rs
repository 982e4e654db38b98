//! The life of what workers do, alike for plans, classes of batches and batches: queued → running → done, failed or cancelled.
//!
//! Each step is one statement that names the state it starts from, so of two workers who take the same step one succeeds; the
//! other is told that nothing was there to take. A worker that is late, because its work was given to another or erased, can
//! no longer write anything.

use super::idempotency::forget;
use super::sql::{FromAny, Sql, composed, sql};
use super::{Store, StoreError, lists, now, row};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};

/// Where a piece of work stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for a worker.
    Queued,
    /// A worker has it.
    Running,
    /// Ended with a result.
    Done,
    /// Ended without one.
    Failed,
    /// Stopped before a worker had it.
    Cancelled,
}

impl State {
    /// The word in the database and in answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more will happen to it.
    #[must_use]
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }

    pub(super) fn read(word: &str) -> Result<Self, StoreError> {
        [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled]
            .into_iter()
            .find(|state| state.word() == word)
            .ok_or_else(|| StoreError::unreadable("a state"))
    }
}

impl FromAny for State {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        Self::read(&row::text(row, "state")?)
    }
}

/// How a piece of work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// With a result: JSON.
    Done(&'a str),
    /// Without: the problem as JSON.
    Failed(&'a str),
    /// Stopped before there was anything to keep.
    Cancelled,
}

/// What a worker hears when it tells its progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Go on.
    GoOn,
    /// Somebody asked to stop: keep the best so far.
    Stop,
    /// The work is no longer this worker's: it was erased, or given to another.
    Gone,
}

/// Work that may have lost its worker, or that waits for one for long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orphan {
    /// The work.
    pub id: String,
    /// Its school.
    pub school: String,
    /// Queued or running.
    pub state: State,
    /// How often a worker has taken it.
    pub attempts: i64,
    /// Its last sign of life, by the clock of whoever gave it.
    pub stamp: i64,
}

impl FromAny for Orphan {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row::text(row, "id")?,
            school: row::text(row, "school")?,
            state: State::of(row)?,
            attempts: row::int(row, "attempts")?,
            stamp: row::int(row, "stamp")?,
        })
    }
}

/// Where work stands, without its result.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Its state.
    pub state: State,
    /// 0 … 1.
    pub progress: f64,
    /// Whether somebody asked to stop.
    pub stop_asked: bool,
}

impl FromAny for Standing {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        let (state, progress) = (State::of(row)?, row::real(row, "progress")?);
        Ok(Self { state, progress, stop_asked: row::int(row, "stop_asked")? != 0 })
    }
}

/// The tables of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Plans asked for one by one.
    Plans,
    /// Classes of batches.
    Classes,
    /// Batches: each waits, queued, for its classes, and is running while it is finished.
    Batches,
}

impl Table {
    pub(super) const ALL: [Self; 3] = [Self::Plans, Self::Classes, Self::Batches];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plans => "plans",
            Self::Classes => "batch_classes",
            Self::Batches => "batches",
        }
    }

    /// The column of the result.
    fn result(self) -> &'static str {
        match self {
            Self::Plans | Self::Classes => "document",
            Self::Batches => "summary",
        }
    }

    /// What is of no use once it has ended or is given to another.
    fn forgets(self) -> &'static str {
        match self {
            Self::Plans => ", draft = NULL",
            Self::Classes | Self::Batches => "",
        }
    }

    /// What must hold beside the state before a worker may take it: a batch is finished when all its classes have ended.
    pub(super) fn ready(self) -> &'static str {
        match self {
            Self::Plans | Self::Classes => "1 = 1",
            Self::Batches => {
                "NOT EXISTS (SELECT 1 FROM batch_classes c WHERE c.batch = batches.id AND c.state IN ('queued', 'running'))"
            }
        }
    }
}

/// One table's work. What a worker asks finds it by `id` alone, since workers serve all schools; what a client asks, by school
/// too.
#[derive(Clone, Copy, Debug)]
pub struct Work<'a> {
    pub(super) store: &'a Store,
    pub(super) table: Table,
}

impl Work<'_> {
    /// `{t}` is the table, `{r}` the column of its result, `{ready}` what must hold, `{forgets}` what goes when this run ends.
    fn sql(self, statement: &str) -> Sql {
        let filled = statement.replace("{t}", self.table.name()).replace("{r}", self.table.result());
        composed(filled.replace("{ready}", self.table.ready()).replace("{forgets}", self.table.forgets()))
    }

    /// Takes what is queued and counts an attempt; none where there is nothing to take. `columns` are those of `T`.
    pub(super) async fn claim<T: FromAny>(
        self,
        id: &str,
        worker: &str,
        columns: &str,
    ) -> Result<Option<T>, StoreError> {
        let claim = "UPDATE {t} SET state = 'running', attempts = attempts + 1, worker = $2, heartbeat = $3, progress = 0, \
                     started = COALESCE(started, $3) WHERE id = $1 AND state = 'queued' AND {ready} RETURNING ";
        let claim = self.sql(&format!("{claim}{columns}")).text(id).text(worker).int(now());
        let claimed = claim.row(&self.store.pool).await?;
        if claimed.is_some() {
            let served = "UPDATE schools SET served = $2 WHERE id = (SELECT school FROM {t} WHERE {t}.id = $1)";
            self.sql(served).text(id).int(now()).run(&self.store.pool).await?;
        }
        Ok(claimed)
    }

    /// Ends what this worker has; false where it has it no longer, and then nothing is written. A batch that is done ends with
    /// its zip instead ([`Batches::finish`](super::Batches::finish)).
    ///
    /// # Errors
    /// The database's.
    pub async fn finish(self, id: &str, worker: &str, outcome: Outcome<'_>) -> Result<bool, StoreError> {
        let (state, result, error) = match outcome {
            Outcome::Done(result) => (State::Done, Some(result), None),
            Outcome::Failed(error) => (State::Failed, None, Some(error)),
            Outcome::Cancelled => (State::Cancelled, None, None),
        };
        let finish = "UPDATE {t} SET state = $3, {r} = $4, error = $5, finished = $6, heartbeat = $6, \
                      progress = CASE WHEN $3 = 'done' THEN 1 ELSE progress END{forgets} \
                      WHERE id = $1 AND worker = $2 AND state = 'running'";
        let finish = self.sql(finish).text(id).text(worker).text(state.word()).text_or_null(result);
        self.end(id, finish.text_or_null(error).int(now())).await
    }

    /// Runs the statement that ends a row; the files that classes have by themselves go with their batch's end.
    pub(super) async fn end(self, id: &str, statement: Sql) -> Result<bool, StoreError> {
        if self.table != Table::Batches {
            return Ok(statement.run(&self.store.pool).await? == 1);
        }
        let mut transaction = self.store.begin().await?;
        let ended = statement.run(&mut *transaction).await? == 1;
        if ended {
            forget_files(&mut transaction, id).await?;
        }
        transaction.commit().await?;
        Ok(ended)
    }

    /// Tells that this worker is alive and how far it is (0 … 1).
    ///
    /// # Errors
    /// The database's.
    pub async fn progress(self, id: &str, worker: &str, share: f64) -> Result<Heard, StoreError> {
        let progress = "UPDATE {t} SET progress = $3, heartbeat = $4 WHERE id = $1 AND worker = $2 AND state = 'running' \
                        RETURNING stop_asked";
        let stop_asked: Option<i64> =
            self.sql(progress).text(id).text(worker).real(share).int(now()).row(&self.store.pool).await?;
        Ok(match stop_asked {
            None => Heard::Gone,
            Some(0) => Heard::GoOn,
            Some(_) => Heard::Stop,
        })
    }

    /// Gives back, queued, what this worker has, its attempt not counted: the worker is shut down. False where it has it no longer.
    ///
    /// # Errors
    /// The database's.
    pub async fn hand_back(self, id: &str, worker: &str) -> Result<bool, StoreError> {
        let back = "UPDATE {t} SET state = 'queued', attempts = attempts - 1, worker = NULL, heartbeat = NULL, progress = 0{forgets} \
                    WHERE id = $1 AND worker = $2 AND state = 'running'";
        Ok(self.sql(back).text(id).text(worker).run(&self.store.pool).await? == 1)
    }

    /// Queues again what this worker has, its attempt counted: the work broke off. False where it has it no longer.
    ///
    /// # Errors
    /// The database's.
    pub async fn retry(self, id: &str, worker: &str) -> Result<bool, StoreError> {
        let retry = "UPDATE {t} SET state = 'queued', worker = NULL, heartbeat = $3, progress = 0{forgets} \
                     WHERE id = $1 AND worker = $2 AND state = 'running'";
        Ok(self.sql(retry).text(id).text(worker).int(now()).run(&self.store.pool).await? == 1)
    }

    /// Stops what is queued, and asks the worker of what is running; the state after that, none where there is no such work.
    pub(super) async fn ask_stop(self, school: &str, id: &str) -> Result<Option<State>, StoreError> {
        let stop = "UPDATE {t} SET stop_asked = 1, finished = CASE WHEN state = 'queued' THEN $3 ELSE finished END, \
                    state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END \
                    WHERE school = $1 AND id = $2 AND state IN ('queued', 'running') RETURNING state";
        let changed = self.sql(stop).text(school).text(id).int(now()).row(&self.store.pool).await?;
        match changed {
            Some(state) => Ok(Some(state)),
            None => Ok(self.standing(school, id).await?.map(|standing| standing.state)),
        }
    }

    /// Where a school's work stands, without its result.
    ///
    /// # Errors
    /// The database's.
    pub async fn standing(self, school: &str, id: &str) -> Result<Option<Standing>, StoreError> {
        let standing = "SELECT state, progress, stop_asked FROM {t} WHERE school = $1 AND id = $2";
        self.sql(standing).text(school).text(id).row(&self.store.pool).await
    }

    /// What may be without a worker: all that is running, and what is queued and ready with its last sign of life before `silent`
    /// or, by a clock that was set back, after `ahead`; the oldest first, a thousand at most.
    ///
    /// # Errors
    /// The database's.
    pub async fn orphans(self, silent: i64, ahead: i64) -> Result<Vec<Orphan>, StoreError> {
        let orphans = "SELECT id, school, state, attempts, COALESCE(heartbeat, created) AS stamp FROM {t} \
                       WHERE state = 'running' OR (state = 'queued' AND {ready} \
                       AND (COALESCE(heartbeat, created) < $1 OR COALESCE(heartbeat, created) > $2)) \
                       ORDER BY created, id LIMIT 1000";
        self.sql(orphans).int(silent).int(ahead).rows(&self.store.pool).await
    }

    /// Queues an orphan again, with `now` as its sign of life; false where it is none any more: another reconciler was first, or
    /// there was a sign of life after `stamp`.
    ///
    /// # Errors
    /// The database's.
    pub async fn requeue(self, id: &str, stamp: i64) -> Result<bool, StoreError> {
        let requeue = "UPDATE {t} SET state = 'queued', worker = NULL, heartbeat = $3{forgets} \
                       WHERE id = $1 AND state IN ('queued', 'running') AND COALESCE(heartbeat, created) <= $2";
        Ok(self.sql(requeue).text(id).int(stamp).int(now()).run(&self.store.pool).await? == 1)
    }

    /// Ends an orphan as failed with a problem as JSON; false where it is none any more.
    ///
    /// # Errors
    /// The database's.
    pub async fn bury(self, id: &str, stamp: i64, error: &str) -> Result<bool, StoreError> {
        let bury = "UPDATE {t} SET state = 'failed', error = $3, finished = $4{forgets} \
                    WHERE id = $1 AND state IN ('queued', 'running') AND COALESCE(heartbeat, created) <= $2";
        self.end(id, self.sql(bury).text(id).int(stamp).text(error).int(now())).await
    }

    /// Erases a school's work; false where there is none. A worker that has it is told so with its next progress. A list that
    /// was given with a plan goes with the last plan made from it.
    ///
    /// # Errors
    /// The database's.
    pub async fn delete(self, school: &str, id: &str) -> Result<bool, StoreError> {
        self.store.erasing(|| self.delete_at_once(school, id)).await
    }

    async fn delete_at_once(self, school: &str, id: &str) -> Result<bool, StoreError> {
        let mut transaction = self.store.begin().await?;
        let delete = "DELETE FROM {t} WHERE school = $1 AND id = $2";
        let erased = self.sql(delete).text(school).text(id).run(&mut *transaction).await? == 1;
        if erased {
            forget(&mut transaction, school, id).await?;
        }
        if self.table == Table::Plans {
            lists::drop_unneeded(&mut transaction, school).await?;
        }
        transaction.commit().await?;
        Ok(erased)
    }
}

/// Forgets the files that the classes of a batch have by themselves: it has ended.
async fn forget_files(transaction: &mut Transaction<'static, Any>, batch: &str) -> Result<(), StoreError> {
    let forget = sql("UPDATE batch_classes SET files = NULL WHERE batch = $1 AND files IS NOT NULL");
    forget.text(batch).run(&mut **transaction).await?;
    Ok(())
}
