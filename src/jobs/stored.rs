//! What a plan's row refers to, read from the store: its list, its teachers, the plan that goes before, what is asked for.

use super::plan::{File, Input};
use super::request::Earlier;
use super::{Failure, PlanRequest};
use crate::plan::read::{PlanFile, read};
use crate::roster::{Limits, Override, sha256};
use crate::store::{Plan, Store, StoreError};
use serde::{Deserialize, Serialize};

/// What a plan's row refers to, as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) list: File,
    /// Columns as they were said with the list.
    columns: String,
    staff: Option<File>,
    /// The plan that goes before.
    earlier: Option<String>,
    /// The plan that it was made from, where there is one: its groups keep their names.
    pub(super) parent: Option<String>,
    request: String,
    limits: Limits,
}

impl Stored {
    /// The bytes of its files.
    pub(super) fn blobs(&self) -> impl Iterator<Item = &Vec<u8>> {
        [Some(&self.list), self.staff.as_ref()].into_iter().flatten().map(|file| &file.bytes)
    }

    /// With the bytes of its files.
    pub(super) fn filled(mut self, blobs: Vec<Vec<u8>>) -> Self {
        let files = [Some(&mut self.list), self.staff.as_mut()].into_iter().flatten();
        files.zip(blobs).for_each(|(file, bytes)| file.bytes = bytes);
        self
    }

    pub(super) fn input(self) -> Result<Input, Failure> {
        let request: PlanRequest = serde_json::from_str(&self.request).map_err(|_| Failure::job_failed())?;
        let overrides = overrides(&self.columns)?;
        let earlier = self.earlier.map(|document| earlier(&document)).transpose()?;
        Ok(Input { list: self.list, overrides, staff: self.staff, earlier, request, limits: self.limits })
    }
}

/// What the plan's row refers to, read whole; so much of its list is read.
///
/// # Errors
/// The database's; inside, why it cannot be read.
pub async fn input(store: &Store, plan: &Plan, limits: &Limits) -> Result<Result<Input, Failure>, StoreError> {
    Ok(stored(store, plan, limits).await?.and_then(Stored::input))
}

/// What the plan's row refers to; inside, why it is not there.
pub(super) async fn stored(store: &Store, plan: &Plan, limits: &Limits) -> Result<Result<Stored, Failure>, StoreError> {
    let Some(list) = store.lists().get(&plan.school, &plan.list).await? else { return Ok(Err(gone())) };
    let staff = match &plan.staff {
        None => None,
        Some(id) => match store.staff().get(&plan.school, id).await? {
            Some(staff) => Some(File { name: staff.file, bytes: staff.bytes }),
            None => return Ok(Err(gone())),
        },
    };
    let earlier = document(store, plan, plan.previous.as_ref()).await?;
    if plan.previous.is_some() && earlier.is_none() {
        return Ok(Err(gone()));
    }
    let list_file = File { name: list.file, bytes: list.bytes };
    Ok(Ok(Stored {
        list: list_file,
        columns: list.columns,
        staff,
        earlier,
        parent: None,
        request: plan.request.clone(),
        limits: limits.clone(),
    }))
}

/// The documents of another plan of the school, as JSON; none where it is gone.
pub(super) async fn document(store: &Store, plan: &Plan, other: Option<&String>) -> Result<Option<String>, StoreError> {
    let Some(other) = other else { return Ok(None) };
    Ok(store.plans().get(&plan.school, other).await?.and_then(|other| other.document))
}

fn gone() -> Failure {
    Failure::not_found()
}

/// Columns as they were said with the list: words of `--column`.
fn overrides(columns: &str) -> Result<Vec<Override>, Failure> {
    let words: Vec<String> = serde_json::from_str(columns).map_err(|_| Failure::job_failed())?;
    Ok(Override::all(&words)?)
}

/// A stored plan as the one that goes before.
fn earlier(document: &str) -> Result<Earlier, Failure> {
    match read("plan.json", document.as_bytes())? {
        PlanFile::Documents(documents) => Ok(Earlier { documents, sha256: sha256(document.as_bytes()) }),
        PlanFile::Assignment(_) => Err(Failure::job_failed()),
    }
}
