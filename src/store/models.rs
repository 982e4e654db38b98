//! Models of the schools' own, by name.

use super::sql::{FromAny, name as unique, sql};
use super::{Store, StoreError, new_id, now, row};
use sqlx::any::AnyRow;

/// A model as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredModel {
    /// Its name, unique within the school.
    pub name: String,
    /// The model: JSON.
    pub json: String,
    /// When it was last written.
    pub created: i64,
}

impl FromAny for StoredModel {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self { name: row::text(row, "name")?, json: row::text(row, "json")?, created: row::int(row, "created")? })
    }
}

/// The models of a store.
#[derive(Clone, Copy, Debug)]
pub struct Models<'a>(pub(super) &'a Store);

impl Models<'_> {
    /// Keeps a school's model under its name, in place of one that had it.
    ///
    /// # Errors
    /// [`StoreError::Reference`] where there is no such school; [`StoreError::NameTooLong`].
    pub async fn put(&self, school: &str, name: &str, json: &str) -> Result<(), StoreError> {
        let put = "INSERT INTO models (id, school, name, json, created) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (school, name) DO UPDATE SET json = excluded.json, created = excluded.created";
        let put = sql(put).text(&new_id()).text(school).text(unique(name)?).text(json).int(now());
        put.run(&self.0.pool).await.map(|_| ())
    }

    /// A school's model of this name.
    ///
    /// # Errors
    /// The database's.
    pub async fn get(&self, school: &str, name: &str) -> Result<Option<StoredModel>, StoreError> {
        let get = "SELECT name, json, created FROM models WHERE school = $1 AND name = $2";
        sql(get).text(school).text(name).row(&self.0.pool).await
    }

    /// A school's models by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn all(&self, school: &str) -> Result<Vec<StoredModel>, StoreError> {
        let all = "SELECT name, json, created FROM models WHERE school = $1 ORDER BY name";
        sql(all).text(school).rows(&self.0.pool).await
    }

    /// Erases a school's model; false where there is none.
    ///
    /// # Errors
    /// The database's.
    pub async fn delete(&self, school: &str, name: &str) -> Result<bool, StoreError> {
        let delete = sql("DELETE FROM models WHERE school = $1 AND name = $2");
        Ok(delete.text(school).text(name).run(&self.0.pool).await? == 1)
    }
}
