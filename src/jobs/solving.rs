//! A plan's job: claimed, read from the store, solved, written back.

use super::desk::{Broken, Desk, Held, Standing, patiently};
use super::line::Line;
use super::order::{Answer, Order};
use super::plan::ready;
use super::stored::{Stored, stored};
use super::{Failure, Job, WorkConfig};
use crate::plan::document::{Document, StopReason};
use crate::plan::read::{PlanFile, read};
use crate::store::{Plan, Store, StoreError};
use std::time::Instant;

/// Takes and solves a plan; false where another worker has it.
pub(super) async fn plan(desk: &Desk, job: &Job) -> Result<bool, StoreError> {
    let run = desk.new_run();
    let Some(plan) = desk.store.plans().claim(&job.id, &run).await? else { return Ok(false) };
    let held = Held { job: job.clone(), run, attempts: plan.attempts };
    claimed(desk, &held, &plan).await.map(|()| true)
}

async fn claimed(desk: &Desk, held: &Held, plan: &Plan) -> Result<(), StoreError> {
    let stored = match stored(&desk.store, plan).await? {
        Ok(stored) => stored,
        Err(failure) => return desk.fail(held, &failure).await,
    };
    let begun = Instant::now();
    let files = stored.blobs().cloned().collect();
    let (ended, standing) = desk.asked(held, None, (Order::Plan(Box::new(stored)), files)).await?;
    let result = match (standing, ended) {
        (Standing::Gone, _) => return Ok(()),
        (Standing::Closing, Err(_)) => return desk.hand_back(held).await,
        (_, Err(broken)) => return desk.broke(held, broken).await,
        (_, Ok(Answer::Plan(result))) => result,
        (_, Ok(_)) => return desk.broke(held, Broken::Panicked).await,
    };
    match (standing, result) {
        (Standing::Closing, Ok(documents)) if documents.iter().any(cut) => desk.hand_back(held).await,
        (_, Ok(mut documents)) => {
            let before = desk.beside(held, patiently(|| parent(&desk.store, plan))).await?;
            keep_names(&before, &mut documents);
            desk.done(held, &documents, begun).await
        }
        (_, Err(failure)) => desk.fail(held, &failure).await,
    }
}

/// The documents of the plan that a plan was made from, as far as there is one.
async fn parent(store: &Store, plan: &Plan) -> Result<Vec<Document>, StoreError> {
    let Some(parent) = &plan.parent else { return Ok(Vec::new()) };
    let before = store.plans().get(&plan.school, parent).await?.and_then(|parent| parent.document);
    let before = before.and_then(|document| read("plan.json", document.as_bytes()).ok());
    let Some(PlanFile::Documents(before)) = before else { return Ok(Vec::new()) };
    Ok(before)
}

/// Groups of a plan that was made from another one keep the names that they had there.
fn keep_names(before: &[Document], documents: &mut [Document]) {
    let same =
        documents.iter_mut().zip(before).filter(|(document, before)| document.groups.len() == before.groups.len());
    for (document, before) in same {
        for (group, before) in document.groups.iter_mut().zip(&before.groups) {
            group.name.clone_from(&before.name);
        }
    }
}

/// Whether a run ended before its time.
fn cut(document: &Document) -> bool {
    document.stop == StopReason::Cancelled
}

/// The solving itself, in a process of its own.
pub(super) fn solve(stored: Stored, line: &Line, hooks: &WorkConfig) -> Result<Vec<Document>, Failure> {
    if hooks.crash_on.as_ref() == Some(&stored.list.name) {
        // The test hook: dies as a defect of the solver's memory would.
        std::process::abort();
    }
    let input = stored.input()?;
    let limit = input.request.limit()?;
    let ready = ready(&input, input.read(), &line.stop(limit))?;
    ready.solve(&|| line.stop(limit), &|underway| line.show(underway))
}
