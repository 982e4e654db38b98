//! Schools: a name, and an id that every other row carries.

use super::sql::{FromAny, name as unique, sql};
use super::{Store, StoreError, new_id, now, row};
use sqlx::any::AnyRow;

/// Id and name of the school of a service that is open to one person on this machine. It is always there.
pub const LOCAL: &str = "local";

/// A school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct School {
    /// Its id.
    pub id: String,
    /// Its name, unique.
    pub name: String,
    /// When it was first named.
    pub created: i64,
}

impl FromAny for School {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self { id: row::text(row, "id")?, name: row::text(row, "name")?, created: row::int(row, "created")? })
    }
}

/// The schools of a store.
#[derive(Clone, Copy, Debug)]
pub struct Schools<'a>(pub(super) &'a Store);

impl Schools<'_> {
    /// The school of this name; it is made where there is none.
    ///
    /// # Errors
    /// [`StoreError::NameTooLong`].
    pub async fn ensure(&self, name: &str) -> Result<School, StoreError> {
        let insert = "INSERT INTO schools (id, name, created) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";
        sql(insert).text(&new_id()).text(unique(name)?).int(now()).run(&self.0.pool).await?;
        self.named(name).await?.ok_or_else(|| StoreError::unreadable("a school that was just made"))
    }

    /// The school of this name.
    ///
    /// # Errors
    /// The database's.
    pub async fn named(&self, name: &str) -> Result<Option<School>, StoreError> {
        sql("SELECT id, name, created FROM schools WHERE name = $1").text(name).row(&self.0.pool).await
    }

    /// The school of this id.
    ///
    /// # Errors
    /// The database's.
    pub async fn get(&self, school: &str) -> Result<Option<School>, StoreError> {
        sql("SELECT id, name, created FROM schools WHERE id = $1").text(school).row(&self.0.pool).await
    }

    /// All schools by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn all(&self) -> Result<Vec<School>, StoreError> {
        sql("SELECT id, name, created FROM schools ORDER BY name").rows(&self.0.pool).await
    }
}
