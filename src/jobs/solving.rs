//! A plan's job: claimed, read from the store, solved, written back.

use super::desk::{Broken, Desk, Held, Standing};
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
    let mut stored = match stored(&desk.store, plan).await? {
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
        (_, Ok(Answer::Plan(Ok(solved)))) => done(desk, held, &solved, begun).await,
        (_, Ok(Answer::Plan(Err(failure)))) => desk.fail(held, &failure).await,
        (_, Ok(_)) => desk.broke(held, Broken::Panicked).await,
    }
}

/// A plan as it is kept: it is written once, where it was solved.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Solved {
    /// Its documents.
    json: String,
    /// How each class ended.
    ends: Vec<End>,
}

/// How a class ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct End {
    status: Status,
    stop: StopReason,
}

impl Solved {
    fn of(documents: &[Document]) -> Self {
        Self { json: report::json(documents), ends: documents.iter().map(End::of).collect() }
    }

    /// Whether a run ended before its time.
    fn was_cut(&self) -> bool {
        self.ends.iter().any(|end| end.stop == StopReason::Cancelled)
    }
}

impl End {
    pub(super) fn of(document: &Document) -> Self {
        Self { status: document.status, stop: document.stop }
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

async fn done(desk: &Desk, held: &Held, solved: &Solved, begun: Instant) -> Result<(), StoreError> {
    if held.finish(&desk.store, Outcome::Done(&solved.json)).await? {
        count(&solved.ends, begun);
    }
    desk.queue.tell(&held.job.id);
    Ok(())
}

/// Counts what was solved.
pub(super) fn count(ends: &[End], begun: Instant) {
    metrics::histogram!("fenzu_solve_seconds").record(begun.elapsed().as_secs_f64());
    for end in ends {
        let status = match end.status {
            Status::Optimal => "optimal",
            Status::Feasible => "feasible",
            Status::Infeasible => "infeasible",
            Status::Unknown => "unknown",
        };
        metrics::counter!("fenzu_plans_total", "status" => status).increment(1);
        metrics::counter!("fenzu_proved_total").increment(u64::from(end.stop == StopReason::Proved));
    }
}

/// The solving itself, in a process of its own.
pub(super) fn solve(mut stored: Stored, line: &Line, hooks: &WorkConfig) -> Result<Solved, Failure> {
    if hooks.crash_on.as_ref() == Some(&stored.list.name) {
        // The test hook: dies as a defect of the solver's memory would.
        std::process::abort();
    }
    let (begun, before) = (Instant::now(), stored.parent.take());
    let input = stored.input()?;
    let limit = input.request.limit()?;
    let ready = ready(&input, input.read(), &line.stop(limit))?;
    // A plan of many thousands takes as long to judge and to write as its list took to read.
    let searching = limit.saturating_sub(begun.elapsed().min(limit / 10));
    let mut documents = ready.solve(&|| line.stop(searching), &|underway| line.show(underway))?;
    if let Some(before) = before {
        keep_names(&before, &mut documents);
    }
    Ok(Solved::of(&documents))
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
    /// The plan that it was made from, where there is one: its groups keep their names.
    parent: Option<String>,
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
    }))
}

/// The documents of another plan of the school, as JSON; none where it is gone.
async fn document(store: &Store, plan: &Plan, other: Option<&String>) -> Result<Option<String>, StoreError> {
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
