//! One statement with its values. Text goes through one door, so that what PostgreSQL cannot hold never reaches it.

use super::StoreError;
use crate::roster::sha256;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe, Executor, SqlSafeStr};
use std::borrow::Cow;

/// A statement; values are bound in the order of `$1`, `$2` …
pub(super) struct Sql(Query<'static, Any, AnyArguments>);

/// A statement as it stands.
pub(super) fn sql(statement: &'static str) -> Sql {
    Sql(sqlx::query(statement.into_sql_str()))
}

/// A statement put together from the store's own constants, never from input.
pub(super) fn composed(statement: String) -> Sql {
    Sql(sqlx::query(AssertSqlSafe(statement)))
}

impl Sql {
    pub(super) fn text(self, value: &str) -> Self {
        Self(self.0.bind(plain(value)))
    }

    pub(super) fn text_or_null(self, value: Option<&str>) -> Self {
        Self(self.0.bind(value.map(plain)))
    }

    pub(super) fn int(self, value: i64) -> Self {
        Self(self.0.bind(value))
    }

    pub(super) fn int_or_null(self, value: Option<i64>) -> Self {
        Self(self.0.bind(value))
    }

    pub(super) fn real(self, value: f64) -> Self {
        Self(self.0.bind(value))
    }

    pub(super) fn blob(self, value: &[u8]) -> Self {
        Self(self.0.bind(value.to_vec()))
    }

    /// Runs it; the number of rows that it changed.
    pub(super) async fn run<'e>(self, on: impl Executor<'e, Database = Any>) -> Result<u64, StoreError> {
        Ok(self.0.execute(on).await?.rows_affected())
    }

    /// Its first row, if any.
    pub(super) async fn row<'e, T: FromAny>(
        self,
        on: impl Executor<'e, Database = Any>,
    ) -> Result<Option<T>, StoreError> {
        self.0.fetch_optional(on).await?.map(|row| T::of(&row)).transpose()
    }

    /// All its rows.
    pub(super) async fn rows<'e, T: FromAny>(
        self,
        on: impl Executor<'e, Database = Any>,
    ) -> Result<Vec<T>, StoreError> {
        self.0.fetch_all(on).await?.iter().map(T::of).collect()
    }
}

/// What can be read from a row.
pub(super) trait FromAny: Sized {
    fn of(row: &AnyRow) -> Result<Self, StoreError>;
}

/// Longest text that is unique, or that another row refers to by it. PostgreSQL's indexes take some 2,700 bytes an entry.
pub(super) const LONGEST_KEY: usize = 200;

/// A text that may be of any length, as an index takes it.
pub(super) fn key(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST_KEY { Cow::Borrowed(text) } else { Cow::Owned(sha256(text.as_bytes())) }
}

/// A name that is unique.
pub(super) fn name(text: &str) -> Result<&str, StoreError> {
    if text.len() <= LONGEST_KEY { Ok(text) } else { Err(StoreError::NameTooLong) }
}

/// Without NUL characters.
fn plain(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
