//! A plan's job: claimed, read from the store, solved, written back.

use super::desk::{Desk, Held, Standing, patiently};
use super::line::Line;
use super::plan::{File, Input, ready};
use super::request::Earlier;
use super::{Failure, Job, PlanRequest};
use crate::plan::document::{Document, Status, StopReason};
use crate::plan::read::{PlanFile, read};
use crate::report;
use crate::roster::{Limits, Override, sha256};
use crate::store::{Outcome, Plan, Store, StoreError};
use std::time::Instant;

/// Does a plan's job.
pub(super) async fn plan(desk: &Desk, job: &Job) -> Result<(), StoreError> {
    let run = desk.new_run();
    let Some(plan) = desk.store.plans().claim(&job.id, &run).await? else { return Ok(()) };
    let held = Held { job: job.clone(), run, attempts: plan.attempts };
    let input = match input(&desk.store, &plan).await? {
        Ok(input) => input,
        Err(failure) => return desk.fail(&held, &failure).await,
    };
    let begun = Instant::now();
    let crash_on = desk.crash_on.clone();
    let (ended, standing) = desk.at_work(&held, move |line| solve(&input, line, crash_on.as_deref())).await;
    let result = match ended {
        Ok(result) => result,
        Err(error) => return desk.broke(&held, &error).await,
    };
    match (standing, result) {
        (Standing::Gone, _) => Ok(()),
        (Standing::Closing, Ok(documents)) if documents.iter().any(cut) => desk.hand_back(&held).await,
        (_, Ok(mut documents)) => {
            let before = desk.beside(&held, patiently(|| parent(&desk.store, &plan))).await?;
            keep_names(&before, &mut documents);
            done(desk, &held, &documents, begun).await
        }
        (_, Err(failure)) => desk.fail(&held, &failure).await,
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

async fn done(desk: &Desk, held: &Held, documents: &[Document], begun: Instant) -> Result<(), StoreError> {
    let json = report::json(documents);
    if held.finish(&desk.store, Outcome::Done(&json)).await? {
        count(documents, begun);
    }
    desk.queue.tell(&held.job);
    Ok(())
}

/// Counts what was solved.
pub(super) fn count(documents: &[Document], begun: Instant) {
    metrics::histogram!("fenzu_solve_seconds").record(begun.elapsed().as_secs_f64());
    for document in documents {
        let status = match document.status {
            Status::Optimal => "optimal",
            Status::Feasible => "feasible",
            Status::Infeasible => "infeasible",
            Status::Unknown => "unknown",
        };
        metrics::counter!("fenzu_plans_total", "status" => status).increment(1);
        metrics::counter!("fenzu_proved_total").increment(u64::from(document.stop == StopReason::Proved));
    }
}

/// The solving itself, on a thread that may block.
fn solve(input: &Input, line: &Line, crash_on: Option<&str>) -> Result<Vec<Document>, Failure> {
    if crash_on == Some(input.list.name.as_str()) {
        // The test hook: dies as a defect of the solver's memory would.
        std::process::abort();
    }
    let limit = input.request.limit()?;
    let ready = ready(input, &line.stop(limit))?;
    ready.solve(&|| line.stop(limit), &|underway| line.show(underway))
}

/// What the plan's row refers to, read whole.
///
/// # Errors
/// The database's; inside, why it cannot be read.
pub async fn input(store: &Store, plan: &Plan) -> Result<Result<Input, Failure>, StoreError> {
    let Some(list) = store.lists().get(&plan.school, &plan.list).await? else { return Ok(Err(gone())) };
    let staff = match &plan.staff {
        None => None,
        Some(id) => match store.staff().get(&plan.school, id).await? {
            Some(staff) => Some(File { name: staff.file, bytes: staff.bytes }),
            None => return Ok(Err(gone())),
        },
    };
    let earlier = match &plan.previous {
        None => None,
        Some(id) => match store.plans().get(&plan.school, id).await?.and_then(|plan| plan.document) {
            Some(document) => Some(document),
            None => return Ok(Err(gone())),
        },
    };
    let request: PlanRequest = match serde_json::from_str(&plan.request) {
        Ok(request) => request,
        Err(_) => return Ok(Err(Failure::job_failed())),
    };
    Ok(overrides(&list.columns).and_then(|overrides| {
        let earlier = earlier.map(|document| self::earlier(&document)).transpose()?;
        let list = File { name: list.file, bytes: list.bytes };
        Ok(Input { list, overrides, staff, earlier, request, limits: Limits::default() })
    }))
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
