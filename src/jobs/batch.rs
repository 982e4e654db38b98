//! Batches.
use super::Job;
use super::desk::Desk;
use crate::store::StoreError;

/// Cache.
#[derive(Debug, Default)]
pub(super) struct Shelf;

pub(super) async fn class(_: &Desk, _: &Job) -> Result<(), StoreError> {
    Ok(())
}
pub(super) async fn step(_: &Desk, _: &Job) -> Result<(), StoreError> {
    Ok(())
}
