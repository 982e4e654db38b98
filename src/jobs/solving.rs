//! A plan's job: claimed, read from the store, solved, written back.

use super::desk::{Broken, Desk, Held, Standing};
use super::line::Line;
use super::order::{Answer, Order};
use super::plan;
use super::solved::Solved;
use super::stored::{Stored, document, stored};
use super::{Failure, Job};
use crate::plan::document::Document;
use crate::plan::read::{PlanFile, read};
use crate::store::{Plan, StoreError};
use std::time::Instant;

/// Takes and solves a plan; false where another worker has it.
pub(super) async fn plan(desk: &Desk, job: &Job) -> Result<bool, StoreError> {
    let run = desk.new_run();
    let Some(plan) = desk.store.plans().claim(&job.id, &run).await? else { return Ok(false) };
    let held = Held { job: job.clone(), run, attempts: plan.attempts };
    claimed(desk, &held, &plan).await.map(|()| true)
}

async fn claimed(desk: &Desk, held: &Held, plan: &Plan) -> Result<(), StoreError> {
    let mut stored = match stored(&desk.store, plan, &desk.reading).await? {
        Ok(stored) => stored,
        Err(failure) => return desk.fail(held, &failure).await,
    };
    stored.parent = document(&desk.store, plan, plan.parent.as_ref()).await?;
    let begun = Instant::now();
    let files = stored.blobs().cloned().collect();
    let (ended, standing) = desk.asked(held, None, (Order::Plan(Box::new(stored)), files)).await?;
    match (standing, ended) {
        (Standing::Gone, _) => Ok(()),
        (Standing::Closing, Err(_)) => desk.hand_back(held).await,
        (Standing::Closing, Ok(Answer::Plan(Ok(solved)))) if solved.was_cut() => desk.hand_back(held).await,
        (_, Err(broken)) => desk.broke(held, broken).await,
        (_, Ok(Answer::Plan(Ok(solved)))) => desk.done(held, &solved, begun).await,
        (_, Ok(Answer::Plan(Err(failure)))) => desk.fail(held, &failure).await,
        (_, Ok(_)) => desk.broke(held, Broken::Panicked).await,
    }
}

/// Groups of a plan that was made from another one, as JSON, keep the names that they had there.
fn keep_names(before: &str, documents: &mut [Document]) {
    let Ok(PlanFile::Documents(before)) = read("plan.json", before.as_bytes()) else { return };
    let same =
        documents.iter_mut().zip(&before).filter(|(document, before)| document.groups.len() == before.groups.len());
    for (document, before) in same {
        for (group, before) in document.groups.iter_mut().zip(&before.groups) {
            group.name.clone_from(&before.name);
        }
    }
}

/// The solving itself, in a process of its own.
pub(super) fn solve(mut stored: Stored, line: &Line) -> Result<Solved, Failure> {
    let (begun, before) = (Instant::now(), stored.parent.take());
    let input = stored.input()?;
    let limit = input.request.limit()?;
    let ready = input.ready(input.read(), &line.stop(limit))?;
    // A plan of many thousands takes as long to judge and to write as its list took to read.
    let searching = limit.saturating_sub(begun.elapsed().min(limit / 10));
    let stop = || line.stop(searching);
    let mut documents = plan::solve(&ready, &input.request, &stop, &|underway| line.show(underway))?;
    if let Some(before) = before {
        keep_names(&before, &mut documents);
    }
    Ok(Solved::of(&documents))
}
