//! Taking away: everything of a school, and what is older than it may be kept.

use super::sql::{composed, sql};
use super::{Store, StoreError, now};
use std::time::Duration;

/// How long an answer is kept for a request that comes again: a day, or the retention where that is shorter.
const KEYS_KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// How much was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Plans.
    pub plans: u64,
    /// Batches, with their files and classes.
    pub batches: u64,
    /// Staff lists.
    pub staff: u64,
    /// Class lists.
    pub lists: u64,
    /// Answers kept for requests that come again.
    pub answers: u64,
}

/// What came of a sweep in turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swept {
    /// It was done.
    Done(Removed),
    /// Nothing was swept: the clock says that this many days went by since the last sweep (negative: that it lies ahead).
    Held {
        /// Whole days.
        days: i64,
    },
}

/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1_000;
/// The clock may go on by this part of the retention between two sweeps, or by a day.
const PART: i64 = 10;

/// One statement a kind, in an order in which nothing goes by a reference before it is counted. `$1` is a school.
const OF_SCHOOL: [&str; 5] = [
    "DELETE FROM plans WHERE school = $1",
    "DELETE FROM batches WHERE school = $1",
    "DELETE FROM staff WHERE school = $1",
    "DELETE FROM lists WHERE school = $1",
    "DELETE FROM idempotency WHERE school = $1",
];

/// As above; `$1` is a time, and a list stays as long as a plan or a staff list that needs it.
const OLDER: [&str; 5] = [
    "DELETE FROM plans WHERE COALESCE(finished, created) < $1",
    "DELETE FROM batches WHERE COALESCE(finished, created) < $1",
    "DELETE FROM staff WHERE created < $1 AND NOT EXISTS (SELECT 1 FROM plans p WHERE p.staff = staff.id)",
    "DELETE FROM lists WHERE created < $1 AND NOT EXISTS (SELECT 1 FROM plans p WHERE p.list = lists.id) \
     AND NOT EXISTS (SELECT 1 FROM staff s WHERE s.list = lists.id)",
    "DELETE FROM idempotency WHERE created < $1",
];

impl Store {
    /// Erases all that a school has stored, in one transaction where there is room for one. The school and its tokens stay.
    ///
    /// # Errors
    /// The database's.
    pub async fn delete_school_data(&self, school: &str) -> Result<Removed, StoreError> {
        match self.erasing(|| self.delete_at_once(school)).await {
            // No room for all of it at a time.
            Err(StoreError::Trouble(..)) => self.delete_one_by_one(school).await,
            ended => ended,
        }
    }

    async fn delete_at_once(&self, school: &str) -> Result<Removed, StoreError> {
        let mut transaction = self.begin().await?;
        let mut counts = [0; 5];
        for (count, statement) in counts.iter_mut().zip(OF_SCHOOL) {
            *count = sql(statement).text(school).run(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(removed(counts))
    }

    /// The same row by row, the log emptied after each.
    async fn delete_one_by_one(&self, school: &str) -> Result<Removed, StoreError> {
        let mut counts = [0; 5];
        for (count, table) in counts.iter_mut().zip(["plans", "batches", "staff", "lists"]) {
            let ids: Vec<String> =
                composed(format!("SELECT id FROM {table} WHERE school = $1")).text(school).rows(&self.pool).await?;
            for id in ids {
                let delete = composed(format!("DELETE FROM {table} WHERE school = $1 AND id = $2"));
                *count += delete.text(school).text(&id).run(&self.pool).await?;
                self.scrub().await?;
            }
        }
        counts[4] = sql(OF_SCHOOL[4]).text(school).run(&self.pool).await?;
        self.scrub().await?;
        Ok(removed(counts))
    }

    /// Sweeps as [`Store::sweep`] does, but not where the clock has leapt since the last time: then somebody must ask for it.
    ///
    /// # Errors
    /// The database's.
    pub async fn sweep_in_turn(&self, retention: Duration) -> Result<Swept, StoreError> {
        let last: Option<i64> = sql("SELECT time FROM service WHERE name = 'swept'").row(&self.pool).await?;
        let since = last.filter(|&last| last > 0).map_or(0, |last| now() - last);
        let retention_millis = i64::try_from(retention.as_millis()).unwrap_or(i64::MAX);
        if since.abs() > (retention_millis / PART).max(DAY) {
            return Ok(Swept::Held { days: since / DAY });
        }
        Ok(Swept::Done(self.sweep(retention).await?))
    }

    /// Erases what is older than `retention`, of all schools, in one transaction: plans and batches by their end, lists by
    /// their upload and only when no plan needs them. Tokens stay.
    ///
    /// # Errors
    /// The database's.
    pub async fn sweep(&self, retention: Duration) -> Result<Removed, StoreError> {
        self.erasing(|| self.sweep_at_once(retention)).await
    }

    async fn sweep_at_once(&self, retention: Duration) -> Result<Removed, StoreError> {
        let before = |kept: Duration| now().saturating_sub(i64::try_from(kept.as_millis()).unwrap_or(i64::MAX));
        let (old, old_key) = (before(retention), before(retention.min(KEYS_KEPT)));
        let mut transaction = self.begin().await?;
        let mut counts = [0; 5];
        for ((count, statement), before) in counts.iter_mut().zip(OLDER).zip([old, old, old, old, old_key]) {
            *count = sql(statement).int(before).run(&mut *transaction).await?;
        }
        sql("UPDATE service SET time = $1 WHERE name = 'swept'").int(now()).run(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(removed(counts))
    }
}

fn removed([plans, batches, staff, lists, answers]: [u64; 5]) -> Removed {
    Removed { plans, batches, staff, lists, answers }
}
