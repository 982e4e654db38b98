//! Whether the process lives, and whether it can do its work.

use super::app::App;
use super::problem::Problem;
use crate::store::{StoreError, Trouble};
use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// How the service is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`.
    status: &'static str,
    /// The version of fenzu.
    version: &'static str,
}

const WELL: Health = Health { status: "ok", version: env!("CARGO_PKG_VERSION") };

/// The process lives
#[utoipa::path(get, path = "/healthz", tag = "operation", 
    responses((status = 200, body = Health, description = "All is well")))]
pub(super) async fn healthz() -> Json<Health> {
    Json(WELL)
}

/// The database answers, and takes what is written
#[utoipa::path(get, path = "/readyz", tag = "operation", 
    responses((status = 200, body = Health, description = "All is well")))]
pub(super) async fn readyz(State(app): State<App>) -> Result<Json<Health>, Problem> {
    if let Some(trouble) = app.store().trouble() {
        return Err(StoreError::Trouble(trouble, "seen before".to_owned()).into());
    }
    app.store().ping().await?;
    Ok(Json(WELL))
}

/// A trouble that one caller meets is everybody's.
pub(super) async fn notice(State(app): State<App>, request: Request, next: Next) -> Response {
    let answer = next.run(request).await;
    let problem = answer.extensions().get::<Arc<Problem>>();
    if let Some(trouble) = problem.and_then(|problem| Trouble::of_code(problem.word())) {
        app.store().met(trouble);
    }
    answer
}
