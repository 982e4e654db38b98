//! Values of a row, by column.

use super::StoreError;
use super::sql::FromAny;
use sqlx::Row;
use sqlx::any::AnyRow;

pub(super) fn text(row: &AnyRow, column: &str) -> Result<String, StoreError> {
    Ok(row.try_get(column)?)
}

pub(super) fn text_or_null(row: &AnyRow, column: &str) -> Result<Option<String>, StoreError> {
    Ok(row.try_get(column)?)
}

pub(super) fn int(row: &AnyRow, column: &str) -> Result<i64, StoreError> {
    Ok(row.try_get(column)?)
}

pub(super) fn int_or_null(row: &AnyRow, column: &str) -> Result<Option<i64>, StoreError> {
    Ok(row.try_get(column)?)
}

pub(super) fn real(row: &AnyRow, column: &str) -> Result<f64, StoreError> {
    Ok(row.try_get(column)?)
}

pub(super) fn blob(row: &AnyRow, column: &str) -> Result<Vec<u8>, StoreError> {
    Ok(row.try_get(column)?)
}

/// The first column: an id, a name, a state.
impl FromAny for String {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(row.try_get(0)?)
    }
}

/// The first column: a number of rows.
impl FromAny for i64 {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(row.try_get(0)?)
    }
}
