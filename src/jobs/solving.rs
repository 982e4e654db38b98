//! A plan's job: claimed, read from the store, solved, written back.

use super::desk::{Broken, Desk, Held, Standing, patiently};
use super::line::Line;
use super::order::{Answer, Order};
use super::plan::{File, Input, ready};
use super::request::Earlier;
use super::{Failure, Job, PlanRequest, WorkConfig};
use crate::plan::document::{Document, Status, StopReason};
use crate::plan::read::{PlanFile, read};
use crate::report;
use crate::roster::{Limits, Override, sha256};
use crate::store::{Outcome, Plan, Store, StoreError};
use serde::{Deserialize, Serialize};
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
            done(desk, held, &documents, begun).await
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

async fn done(desk: &Desk, held: &Held, documents: &[Document], begun: Instant) -> Result<(), StoreError> {
    let json = report::json(documents);
    if held.finish(&desk.store, Outcome::Done(&json)).await? {
        count(documents, begun);
    }
    desk.queue.tell(&held.job.id);
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

/// What a plan's row refers to, as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Stored {
    list: File,
    /// Columns as they were said with the list.
    columns: String,
    staff: Option<File>,
    /// The plan that goes before.
    earlier: Option<String>,
    request: String,
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

    fn input(self) -> Result<Input, Failure> {
        let request: PlanRequest = serde_json::from_str(&self.request).map_err(|_| Failure::job_failed())?;
        let overrides = overrides(&self.columns)?;
        let earlier = self.earlier.map(|document| earlier(&document)).transpose()?;
        Ok(Input { list: self.list, overrides, staff: self.staff, earlier, request, limits: Limits::default() })
    }
}

/// What the plan's row refers to, read whole.
///
/// # Errors
/// The database's; inside, why it cannot be read.
pub async fn input(store: &Store, plan: &Plan) -> Result<Result<Input, Failure>, StoreError> {
    Ok(stored(store, plan).await?.and_then(Stored::input))
}

async fn stored(store: &Store, plan: &Plan) -> Result<Result<Stored, Failure>, StoreError> {
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
    let list_file = File { name: list.file, bytes: list.bytes };
    Ok(Ok(Stored { list: list_file, columns: list.columns, staff, earlier, request: plan.request.clone() }))
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
