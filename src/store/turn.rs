//! Whose turn it is: what a worker takes next, whoever asked first.
//!
//! Schools take turns: the one with the fewest at work on all machines comes first, of these the one whose turn was the longest ago.
//! Within a school comes what is due first.

use super::sql::{FromAny, composed};
use super::work::Table;
use super::{Store, StoreError, row};
use sqlx::any::AnyRow;

/// Who may be next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Any school.
    Anyones,
    /// Only schools that have nothing at work.
    Newcomers,
}

/// What is next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// Where it stands.
    pub table: Table,
    /// Its school.
    pub school: String,
    /// Its id.
    pub id: String,
    /// How often it has been taken.
    pub attempts: i64,
}

impl FromAny for Next {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        let name = row::text(row, "kind")?;
        let table = Table::ALL.into_iter().find(|table| table.name() == name);
        Ok(Self {
            table: table.ok_or_else(|| StoreError::unreadable("a table's name"))?,
            school: row::text(row, "school")?,
            id: row::text(row, "id")?,
            attempts: row::int(row, "attempts")?,
        })
    }
}

impl Store {
    /// What is next; none where nothing waits. It is not taken yet: another worker may be faster.
    ///
    /// # Errors
    /// The database's.
    pub async fn next(&self, whose: Whose) -> Result<Option<Next>, StoreError> {
        loop {
            let school = composed(schools()).int(i64::from(whose == Whose::Newcomers)).row(&self.pool).await?;
            let Some(school) = school else { return Ok(None) };
            let school: String = school;
            // Where what was seen is gone by now, another school may be next.
            if let Some(next) = composed(first()).text(&school).row(&self.pool).await? {
                return Ok(Some(next));
            }
        }
    }
}

/// The school that is next. `$1` is 1 where it must have nothing at work.
fn schools() -> String {
    let of_school = |table: Table, state: &str| {
        format!("FROM {t} WHERE {t}.school = s.id AND {t}.state = '{state}'", t = table.name())
    };
    let waits =
        Table::ALL.map(|table| format!("EXISTS (SELECT 1 {} AND {})", of_school(table, "queued"), table.ready()));
    let at_work = Table::ALL.map(|table| format!("(SELECT COUNT(*) {})", of_school(table, "running")));
    format!(
        "SELECT id FROM (SELECT s.id, s.served, {} AS at_work FROM schools s WHERE {}) waiting \
         WHERE $1 = 0 OR at_work = 0 ORDER BY at_work, served, id LIMIT 1",
        at_work.join(" + "),
        waits.join(" OR ")
    )
}

/// What is next of a school, `$1`.
fn first() -> String {
    let first = Table::ALL.map(|table| {
        let (t, ready) = (table.name(), table.ready());
        format!(
            "SELECT * FROM (SELECT '{t}' AS kind, id, school, attempts, due FROM {t} \
             WHERE school = $1 AND state = 'queued' AND {ready} ORDER BY due, id LIMIT 1) {t}_first"
        )
    });
    format!("SELECT kind, id, school, attempts FROM ({}) firsts ORDER BY due, id LIMIT 1", first.join(" UNION ALL "))
}
