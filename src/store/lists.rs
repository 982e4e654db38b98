//! Class lists as they were uploaded, with what was said about their columns.

use super::idempotency::{forget, settle};
use super::sql::{FromAny, sql};
use super::{Inserted, Once, Store, StoreError, row};
use crate::roster::sha256;
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};

/// A list as it is uploaded.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewList<'a> {
    /// Its id ([`new_id`](super::new_id)).
    pub id: &'a str,
    /// Its school.
    pub school: &'a str,
    /// The file's name; its ending helps the reader.
    pub file: &'a str,
    /// The file.
    pub bytes: &'a [u8],
    /// What was said about its columns: JSON.
    pub columns: &'a str,
    /// When it was uploaded.
    pub created: i64,
}

/// A list as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Its id.
    pub id: String,
    /// Its school.
    pub school: String,
    /// The file's name.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// What was said about its columns: JSON.
    pub columns: String,
    /// When it was uploaded.
    pub created: i64,
}

impl FromAny for List {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row::text(row, "id")?,
            school: row::text(row, "school")?,
            file: row::text(row, "file")?,
            sha256: row::text(row, "sha256")?,
            bytes: row::blob(row, "bytes")?,
            columns: row::text(row, "columns")?,
            created: row::int(row, "created")?,
        })
    }
}

/// The lists of a store.
#[derive(Clone, Copy, Debug)]
pub struct Lists<'a>(pub(super) &'a Store);

impl Lists<'_> {
    /// Keeps a list, together with the answer that is given under the client's key.
    ///
    /// # Errors
    /// [`StoreError::Reference`] where there is no such school; [`StoreError::KeyReused`].
    pub async fn insert(&self, list: &NewList<'_>, once: Option<&Once<'_>>) -> Result<Inserted, StoreError> {
        let mut transaction = self.0.begin().await?;
        if let Some(before) = settle(&mut transaction, list.school, once).await? {
            return Ok(Inserted::Before(before));
        }
        insert(&mut transaction, list, Origin::Uploaded).await?;
        transaction.commit().await?;
        Ok(Inserted::New)
    }

    /// A school's list.
    ///
    /// # Errors
    /// The database's.
    pub async fn get(&self, school: &str, id: &str) -> Result<Option<List>, StoreError> {
        let get = "SELECT id, school, file, sha256, bytes, columns, created FROM lists WHERE school = $1 AND id = $2";
        sql(get).text(school).text(id).row(&self.0.pool).await
    }

    /// Ids of a school's lists, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn ids(&self, school: &str) -> Result<Vec<String>, StoreError> {
        let ids = sql("SELECT id FROM lists WHERE school = $1 ORDER BY created DESC, id DESC");
        ids.text(school).rows(&self.0.pool).await
    }

    /// Erases a school's list, the staff lists that were read for it, and every plan made from them; false where there is none.
    ///
    /// # Errors
    /// The database's.
    pub async fn delete(&self, school: &str, id: &str) -> Result<bool, StoreError> {
        self.0.erasing(|| self.delete_at_once(school, id)).await
    }

    async fn delete_at_once(&self, school: &str, id: &str) -> Result<bool, StoreError> {
        let mut transaction = self.0.begin().await?;
        let delete = sql("DELETE FROM lists WHERE school = $1 AND id = $2");
        let erased = delete.text(school).text(id).run(&mut *transaction).await? == 1;
        if erased {
            forget(&mut transaction, school, id).await?;
        }
        drop_unneeded(&mut transaction, school).await?;
        transaction.commit().await?;
        Ok(erased)
    }
}

/// Where a list comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Uploaded: it stays until it is erased or too old.
    Uploaded,
    /// Given with a plan: it goes with the last plan made from it.
    Given,
}

/// Keeps a list in the transaction of what it is for.
pub(super) async fn insert(
    transaction: &mut Transaction<'static, Any>,
    list: &NewList<'_>,
    origin: Origin,
) -> Result<(), StoreError> {
    let insert = "INSERT INTO lists (id, school, given, file, sha256, bytes, columns, created) \
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let insert = sql(insert).text(list.id).text(list.school).int(i64::from(origin == Origin::Given)).text(list.file);
    let insert = insert.text(&sha256(list.bytes)).blob(list.bytes).text(list.columns).int(list.created);
    insert.run(&mut **transaction).await.map(|_| ())
}

/// Erases a school's lists that were given with plans and that nothing needs any more.
pub(super) async fn drop_unneeded(transaction: &mut Transaction<'static, Any>, school: &str) -> Result<(), StoreError> {
    let unneeded = "DELETE FROM lists WHERE school = $1 AND given = 1 \
                    AND NOT EXISTS (SELECT 1 FROM plans p WHERE p.list = lists.id) \
                    AND NOT EXISTS (SELECT 1 FROM staff s WHERE s.list = lists.id)";
    sql(unneeded).text(school).run(&mut **transaction).await.map(|_| ())
}
