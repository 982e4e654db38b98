//! Answers under a client's key: the same request again gets the same answer and does nothing. Key and what it made are written
//! in one transaction, so neither is there without the other.

use super::sql::{self, FromAny, sql};
use super::{Store, StoreError, now, row};
use serde::Deserialize;
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};

/// A key with the request it stands for and the answer it is to give.
#[derive(Clone, Copy, Debug)]
pub struct Once<'a> {
    /// `Idempotency-Key`.
    pub key: &'a str,
    /// Method and route, e.g. `POST /v1/plans`.
    pub route: &'a str,
    /// SHA-256 of the request's body, hexadecimal.
    pub body_sha256: &'a str,
    /// Status of the answer.
    pub status: u16,
    /// The answer: JSON.
    pub answer: &'a str,
}

/// An answer as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its body: JSON.
    pub answer: String,
}

/// What came of keeping something under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// It is kept.
    New,
    /// It was kept before, and this was answered.
    Before(Answer),
}

/// A key's row.
struct Entry {
    route: String,
    body_sha256: String,
    answer: Answer,
}

impl FromAny for Entry {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        let status = u16::try_from(row::int(row, "status")?).map_err(|_| StoreError::unreadable("a status"))?;
        Ok(Self {
            route: row::text(row, "route")?,
            body_sha256: row::text(row, "body_sha256")?,
            answer: Answer { status, answer: row::text(row, "answer")? },
        })
    }
}

impl Entry {
    fn answer_to(self, route: &str, body_sha256: &str) -> Result<Answer, StoreError> {
        if self.route == route && self.body_sha256 == body_sha256 {
            Ok(self.answer)
        } else {
            Err(StoreError::KeyReused)
        }
    }
}

/// The id of what the request made, as its answer names it.
fn made(answer: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Made {
        id: String,
    }
    serde_json::from_str(answer).ok().map(|Made { id }| id)
}

const FIND: &str = "SELECT route, body_sha256, status, answer FROM idempotency WHERE school = $1 AND key = $2";

/// The keys of a store.
#[derive(Clone, Copy, Debug)]
pub struct Idempotency<'a>(pub(super) &'a Store);

impl Idempotency<'_> {
    /// The answer that was given to this request under this key; none where the key is new, or where what it made is erased.
    ///
    /// # Errors
    /// [`StoreError::KeyReused`] where it stands for another request.
    pub async fn find(
        &self,
        school: &str,
        key: &str,
        route: &str,
        body_sha256: &str,
    ) -> Result<Option<Answer>, StoreError> {
        let entry: Option<Entry> = sql(FIND).text(school).text(&sql::key(key)).row(&self.0.pool).await?;
        let answer = entry.map(|entry| entry.answer_to(route, body_sha256)).transpose()?;
        if let Some(answer) = &answer
            && let Some(id) = made(&answer.answer)
            && !self.is_there(school, &id).await?
        {
            let delete = sql("DELETE FROM idempotency WHERE school = $1 AND key = $2");
            delete.text(school).text(&sql::key(key)).run(&self.0.pool).await?;
            return Ok(None);
        }
        Ok(answer)
    }

    /// Whether the school has anything of this id.
    async fn is_there(&self, school: &str, id: &str) -> Result<bool, StoreError> {
        let made = ["lists", "staff", "plans", "batches"];
        let made =
            made.map(|table| format!("SELECT id FROM {table} WHERE school = $1 AND id = $2")).join(" UNION ALL ");
        let found: Option<String> = sql::composed(made).text(school).text(id).row(&self.0.pool).await?;
        Ok(found.is_some())
    }
}

/// Forgets the answers that made this id: they may quote the list that is erased.
pub(super) async fn forget(
    transaction: &mut Transaction<'static, Any>,
    school: &str,
    id: &str,
) -> Result<(), StoreError> {
    let delete = sql("DELETE FROM idempotency WHERE school = $1 AND answer LIKE $2");
    delete.text(school).text(&format!("%\"id\":\"{id}\"%")).run(&mut **transaction).await?;
    Ok(())
}

/// Keeps the key in the transaction of what it stands for; the answer where it was there already.
pub(super) async fn settle(
    transaction: &mut Transaction<'static, Any>,
    school: &str,
    once: Option<&Once<'_>>,
) -> Result<Option<Answer>, StoreError> {
    let Some(once) = once else { return Ok(None) };
    let insert = "INSERT INTO idempotency (school, key, route, body_sha256, status, answer, created) \
                  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (school, key) DO NOTHING";
    let insert = sql(insert).text(school).text(&sql::key(once.key)).text(once.route).text(once.body_sha256);
    let insert = insert.int(i64::from(once.status)).text(once.answer).int(now());
    if insert.run(&mut **transaction).await? == 1 {
        return Ok(None);
    }
    let entry: Option<Entry> = sql(FIND).text(school).text(&sql::key(once.key)).row(&mut **transaction).await?;
    // A key that was swept between the two statements stands for nothing any more; the client may come again.
    let entry = entry.ok_or_else(|| StoreError::Unreachable("the key was being removed".to_owned()))?;
    entry.answer_to(once.route, once.body_sha256).map(Some)
}
