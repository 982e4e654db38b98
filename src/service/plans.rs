//! Plans: asked for, watched, stopped, edited, exported, erased.

mod ask;
mod edit;
mod events;
mod export;
pub(super) mod given;
mod improve;
mod names;
pub(super) mod stored;
mod wait;
mod why;

pub(super) use ask::{Before, before, code, list_of};
pub(super) use edit::FindingRecord;

use super::app::App;
use super::body::Id;
use super::caller::School;
use super::ids::Ident;
use super::language::Speaks;
use super::problem::{Kind, Problem, ProblemDocument, failure_document};
use super::shapes;
use crate::jobs::Failure;
use crate::store::{Plan, State as Stage, Table};
use crate::words;
use crate::words::Lang;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of plans.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(ask::ask))
        .routes(routes!(get, erase))
        .routes(routes!(stop))
        .routes(routes!(events::events))
        .routes(routes!(edit::moves))
        .routes(routes!(improve::improve))
        .routes(routes!(why::why))
        .routes(routes!(names::names))
        .routes(routes!(export::export))
}

/// A plan as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlanAnswer {
    /// Names the plan.
    #[schema(value_type = Ident)]
    id: String,
    /// The list that it divides.
    #[schema(value_type = Ident)]
    list: String,
    /// The plan that it was edited from.
    #[schema(value_type = Option<Ident>)]
    parent: Option<String>,
    /// Where it stands.
    state: StateWord,
    /// 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    progress: f64,
    /// The result, once it is done. Proved infeasible is a result too (`status: infeasible`).
    #[schema(value_type = Option<shapes::Plans>)]
    plan: Option<Box<RawValue>>,
    /// Why there is none, once it has failed.
    error: Option<ProblemDocument>,
    /// When it was asked for, in milliseconds since 1970 (UTC).
    created: i64,
    /// When a worker first had it.
    started: Option<i64>,
    /// When it ended.
    finished: Option<i64>,
}

/// Where work stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = State)]
pub(super) enum StateWord {
    /// Waits for a worker.
    Queued,
    /// A worker has it.
    Running,
    /// There is a result.
    Done,
    /// There is none, see `error`.
    Failed,
    /// Stopped before it was begun.
    Cancelled,
}

impl From<Stage> for StateWord {
    fn from(state: Stage) -> Self {
        match state {
            Stage::Queued => Self::Queued,
            Stage::Running => Self::Running,
            Stage::Done => Self::Done,
            Stage::Failed => Self::Failed,
            Stage::Cancelled => Self::Cancelled,
        }
    }
}

impl PlanAnswer {
    pub(super) fn of(plan: Plan, lang: Lang) -> Self {
        let Plan { id, list, parent, state, progress, document, error, created, started, finished, .. } = plan;
        // What the workers wrote is JSON.
        let plan = document.and_then(|document| RawValue::from_string(document).ok());
        let (state, error) = (state.into(), error.map(|error| told(&error, lang)));
        Self { id, list, parent, state, progress, plan, error, created, started, finished }
    }
}

/// A stored failure as a problem.
pub(super) fn told(error: &str, lang: Lang) -> ProblemDocument {
    let failure = serde_json::from_str::<Failure>(error).unwrap_or_else(|_| Failure::job_failed());
    failure_document(&failure, lang)
}

/// A plan and how far it is
#[utoipa::path(get, path = "/v1/plans/{id}", tag = "plans", params(("id" = Ident, Path, description = "The plan")),
    responses((status = 200, body = PlanAnswer, description = "The plan and how far it is")))]
async fn get(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    Id(id): Id,
) -> Result<Json<PlanAnswer>, Problem> {
    Ok(Json(PlanAnswer::of(stored::plan(&app, &school, &id).await?, lang)))
}

/// Erase a plan, whatever it is doing
///
/// Students that came with a plan are erased with the last plan made from them.
#[utoipa::path(delete, path = "/v1/plans/{id}", tag = "plans", params(("id" = Ident, Path, description = "The plan")),
    responses((status = 204, description = "It is gone")))]
async fn erase(State(app): State<App>, school: School, Id(id): Id) -> Result<StatusCode, Problem> {
    let erased = app.store().work(Table::Plans).delete(&school.0, &id).await?;
    app.erased(&school, erased)
}

/// Stop a plan and keep the best so far
///
/// One that no worker has begun is cancelled; one that has ended stays as it is.
#[utoipa::path(post, path = "/v1/plans/{id}/stop", tag = "plans", params(("id" = Ident, Path, description = "The plan")),
    responses((status = 202, body = PlanAnswer, description = "It will stop")))]
async fn stop(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    Id(id): Id,
) -> Result<(StatusCode, Json<PlanAnswer>), Problem> {
    app.store().plans().ask_stop(&school.0, &id).await?;
    app.queue().stop_now();
    let plan = stored::plan(&app, &school, &id).await?;
    Ok((StatusCode::ACCEPTED, Json(PlanAnswer::of(plan, lang))))
}

/// The plan has no result to work with.
pub(super) fn not_done() -> Problem {
    let detail = words!("这份结果还没有算好（或没有算成）", "the plan is not done, or has no groups");
    Problem::new(Kind::Conflict, detail).code("plan_not_done")
}
