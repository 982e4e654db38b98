//! The way of what is asked for to the workers: plans and batches alike.

use super::app::App;
use super::body;
use super::caller::School;
use super::ids::Ident;
use super::once::Keyed;
use super::problem::{Kind, Problem};
use crate::fault::{Fault, Faults};
use crate::jobs::request::{PlanRequest, TIME_LIMIT};
use crate::jobs::{Job, Kind as JobKind};
use crate::store::{Inserted, NewBatch, NewPlan, StoreError, now};
use crate::words;
use serde_json::{Value, json};

/// What is asked for. Id, school and time are put in when it is queued.
pub(super) enum New<'a> {
    /// A plan.
    Plan(NewPlan<'a>),
    /// A batch.
    Batch(NewBatch<'a>),
}

impl New<'_> {
    /// Bytes of the files that come with it.
    fn bytes(&self) -> usize {
        match self {
            New::Plan(plan) => plan.given.as_ref().map_or(0, |list| list.bytes.len()),
            New::Batch(batch) => batch.files.iter().map(|file| file.bytes.len()).sum(),
        }
    }
}

/// Keeps what is asked for and gives it to the workers; its id, or that of what the same key made before.
pub(super) async fn queue(app: &App, school: &School, new: New<'_>, keyed: &Keyed<'_>) -> Result<String, Problem> {
    app.admit(school, new.bytes()).await?;
    let (id, school, created) = (Ident::new().to_string(), &school.0, now());
    let most_open = Some(i64::from(app.config().limits.open_plans));
    let answer = json!({ "id": id }).to_string();
    let once = keyed.once(202, &answer);
    let (kind, inserted) = match new {
        New::Plan(plan) => {
            let plan = NewPlan { id: &id, school, created, most_open, ..plan };
            (JobKind::Plan, app.store().plans().insert(&plan, once.as_ref()).await?)
        }
        New::Batch(batch) => {
            let batch = NewBatch { id: &id, school, created, most_open, ..batch };
            (JobKind::Batch, app.store().batches().insert(&batch, once.as_ref()).await?)
        }
    };
    if let Inserted::Before(before) = inserted {
        return id_in(&before.answer);
    }
    push(app, &Job::new(kind, school, &id)).await;
    Ok(id)
}

/// A job for a row that waits; without it the reconciler finds the row later.
pub(super) async fn push(app: &App, job: &Job) {
    if let Err(error) = app.queue().push(job).await {
        tracing::warn!(job = job.subject(), %error, "a row waits for the reconciler");
    }
}

/// The request with its time: what it asks for, else the usual as far as this service gives it. More is refused; what is no time
/// at all is told with all other faults.
pub(super) fn timed(app: &App, request: PlanRequest) -> Result<PlanRequest, Problem> {
    let most = app.config().limits.plan_seconds;
    let Some(asked) = request.time_limit else {
        return Ok(PlanRequest { time_limit: Some(TIME_LIMIT.min(most)), ..request });
    };
    if asked <= most {
        return Ok(request);
    }
    let fault = Fault {
        code: "bad_time_limit",
        place: "time_limit".to_owned(),
        found: words!("{asked} 秒", "{asked} seconds"),
        expected: words!("不超过 {most} 秒", "at most {most} seconds"),
        action: words!("请缩短时限", "ask for less"),
    };
    Err(Faults::from(fault).into())
}

/// The id in a stored answer.
pub(super) fn id_in(answer: &str) -> Result<String, Problem> {
    let answer: Value = body::parse(answer.as_bytes())?;
    answer["id"].as_str().map(str::to_owned).ok_or_else(|| Problem::of(Kind::Internal))
}

/// Whether the school, and the queue, may take one more.
pub(super) async fn room_for(app: &App, school: &School) -> Result<(), Problem> {
    let limits = &app.config().limits;
    let seconds = TIME_LIMIT as u32;
    let open = app.store().open_work(&school.0).await?;
    let most = i64::from(limits.open_plans);
    if open.school >= most {
        return Err(StoreError::TooManyOpen { open: open.school, asked: 1, most }.into());
    }
    if open.all >= i64::from(limits.queue) {
        let (waiting, most) = (open.all, limits.queue);
        let detail = words!(
            "排队的任务太多（各校共 {waiting} 项，最多 {most} 项），请稍后再试",
            "the queue is full: {waiting} plans and batches of all schools, of at most {most}; try again later"
        );
        return Err(Problem::new(Kind::Unavailable, detail).code("queue_full").retry_after(seconds));
    }
    Ok(())
}
