//! Whether the process lives, and whether it can do its work.

use super::app::App;
use super::problem::Problem;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
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

/// The database answers
#[utoipa::path(get, path = "/readyz", tag = "operation", 
    responses((status = 200, body = Health, description = "All is well")))]
pub(super) async fn readyz(State(app): State<App>) -> Result<Json<Health>, Problem> {
    app.store().ping().await?;
    Ok(Json(WELL))
}
