//! Staff lists as they were uploaded.

use super::idempotency::{forget, settle};
use super::sql::{FromAny, sql};
use super::{Inserted, Once, Store, StoreError, lists, row};
use crate::roster::sha256;
use sqlx::any::AnyRow;

/// A staff list as it is uploaded.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewStaff<'a> {
    /// Its id ([`new_id`](super::new_id)).
    pub id: &'a str,
    /// Its school.
    pub school: &'a str,
    /// The class list that it was read for.
    pub list: Option<&'a str>,
    /// The file's name; its ending helps the reader.
    pub file: &'a str,
    /// The file.
    pub bytes: &'a [u8],
    /// When it was uploaded.
    pub created: i64,
}

/// A staff list as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffList {
    /// Its id.
    pub id: String,
    /// Its school.
    pub school: String,
    /// The class list that it was read for.
    pub list: Option<String>,
    /// The file's name.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// When it was uploaded.
    pub created: i64,
}

impl FromAny for StaffList {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row::text(row, "id")?,
            school: row::text(row, "school")?,
            list: row::text_or_null(row, "list")?,
            file: row::text(row, "file")?,
            sha256: row::text(row, "sha256")?,
            bytes: row::blob(row, "bytes")?,
            created: row::int(row, "created")?,
        })
    }
}

/// The staff lists of a store.
#[derive(Clone, Copy, Debug)]
pub struct StaffLists<'a>(pub(super) &'a Store);

impl StaffLists<'_> {
    /// Keeps a staff list, together with the answer that is given under the client's key.
    ///
    /// # Errors
    /// [`StoreError::Reference`] where school or class list is not there or another's; [`StoreError::KeyReused`].
    pub async fn insert(&self, staff: &NewStaff<'_>, once: Option<&Once<'_>>) -> Result<Inserted, StoreError> {
        let mut transaction = self.0.begin().await?;
        if let Some(before) = settle(&mut transaction, staff.school, once).await? {
            return Ok(Inserted::Before(before));
        }
        let insert = "INSERT INTO staff (id, school, list, file, sha256, bytes, created) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let insert = sql(insert).text(staff.id).text(staff.school).text_or_null(staff.list).text(staff.file);
        let insert = insert.text(&sha256(staff.bytes)).blob(staff.bytes).int(staff.created);
        insert.run(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(Inserted::New)
    }

    /// A school's staff list.
    ///
    /// # Errors
    /// The database's.
    pub async fn get(&self, school: &str, id: &str) -> Result<Option<StaffList>, StoreError> {
        let get = "SELECT id, school, list, file, sha256, bytes, created FROM staff WHERE school = $1 AND id = $2";
        sql(get).text(school).text(id).row(&self.0.pool).await
    }

    /// Ids of a school's staff lists, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn ids(&self, school: &str) -> Result<Vec<String>, StoreError> {
        let ids = sql("SELECT id FROM staff WHERE school = $1 ORDER BY created DESC, id DESC");
        ids.text(school).rows(&self.0.pool).await
    }

    /// Erases a school's staff list and every plan made with it; false where there is none.
    ///
    /// # Errors
    /// The database's.
    pub async fn delete(&self, school: &str, id: &str) -> Result<bool, StoreError> {
        self.0.erasing(|| self.delete_at_once(school, id)).await
    }

    async fn delete_at_once(&self, school: &str, id: &str) -> Result<bool, StoreError> {
        let mut transaction = self.0.begin().await?;
        let delete = sql("DELETE FROM staff WHERE school = $1 AND id = $2");
        let erased = delete.text(school).text(id).run(&mut *transaction).await? == 1;
        if erased {
            forget(&mut transaction, school, id).await?;
        }
        lists::drop_unneeded(&mut transaction, school).await?;
        transaction.commit().await?;
        Ok(erased)
    }
}
