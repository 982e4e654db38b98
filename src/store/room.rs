//! How much a school has: what is open, counted where something is added, so that requests side by side do not pass the limit together;
//! and what it stores.

use super::sql::{FromAny, composed, sql};
use super::work::Table;
use super::{Store, StoreError, row};
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};

/// How much is queued or running.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// Plans, batches and their classes of one school.
    pub school: i64,
    /// Plans and batches of all schools. Not their classes: one school's many classes must not close the door to the others.
    pub all: i64,
}

impl FromAny for Open {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self { school: row::int(row, "school")?, all: row::int(row, "whole")? })
    }
}

impl Store {
    /// How much is queued or running, in one look: it is asked before each plan.
    ///
    /// # Errors
    /// The database's.
    pub async fn open_work(&self, school: &str) -> Result<Open, StoreError> {
        let all = open(&[Table::Plans, Table::Batches], "");
        let open: Option<Open> =
            composed(format!("SELECT {} AS school, {all} AS whole", of_school())).text(school).row(&self.pool).await?;
        Ok(open.unwrap_or_default())
    }
}

impl Store {
    /// Bytes that a school stores: its lists, its plans, its batches with files and results.
    ///
    /// # Errors
    /// The database's.
    pub async fn stored(&self, school: &str) -> Result<u64, StoreError> {
        let columns = [
            ("lists", "bytes"),
            ("staff", "bytes"),
            ("plans", "document"),
            ("batch_files", "bytes"),
            ("batches", "summary"),
            ("batches", "result"),
            ("batch_classes", "document"),
            ("batch_classes", "files"),
        ];
        let sum = |(table, column): (&str, &str)| {
            format!("(SELECT COALESCE(SUM(octet_length({column})), 0) FROM {table} WHERE school = $1)")
        };
        let sum = columns.map(sum).join(" + ");
        let stored: Option<i64> =
            composed(format!("SELECT CAST({sum} AS BIGINT) AS bytes")).text(school).row(&self.pool).await?;
        Ok(stored.unwrap_or_default().unsigned_abs())
    }
}

/// Refuses what would pass the number that the school may have open; nobody else adds to it before the transaction ends.
pub(super) async fn admit(
    transaction: &mut Transaction<'static, Any>,
    school: &str,
    asked: i64,
    most: Option<i64>,
) -> Result<(), StoreError> {
    let Some(most) = most else { return Ok(()) };
    // On PostgreSQL the row is locked by it; on SQLite the whole file is already.
    sql("UPDATE schools SET served = served WHERE id = $1").text(school).run(&mut **transaction).await?;
    let open: Option<i64> =
        composed(format!("SELECT {} AS open", of_school())).text(school).row(&mut **transaction).await?;
    let open = open.unwrap_or_default();
    if open + asked > most { Err(StoreError::TooManyOpen { open, asked, most }) } else { Ok(()) }
}

/// How much a school, `$1`, has open.
fn of_school() -> String {
    open(&Table::ALL, " AND school = $1")
}

fn open(tables: &[Table], of: &str) -> String {
    let count =
        |table: &Table| format!("(SELECT COUNT(*) FROM {} WHERE state IN ('queued', 'running'){of})", table.name());
    tables.iter().map(count).collect::<Vec<_>>().join(" + ")
}
