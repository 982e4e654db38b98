//! A school's own data: all of it out, or all of it away.

use super::access::School;
use super::app::App;
use super::problem::Problem;
use crate::store::Removed;
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use serde::Serialize;
use std::fs::File;
use std::io::Read as _;
use utoipa::ToSchema;

/// Bytes that are read at a time.
const CHUNK: usize = 256 << 10;

/// How much was erased.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(super) struct Erased {
    /// Plans.
    plans: u64,
    /// Batches, with their files and classes.
    batches: u64,
    /// Staff lists.
    staff: u64,
    /// Class lists.
    lists: u64,
}

/// Everything that this school has stored, as a zip
#[utoipa::path(get, path = "/v1/schools/me/data", tag = "schools", responses(
    (status = 200, description = "A zip", body = String, content_type = "application/zip")))]
pub(super) async fn export(State(app): State<App>, school: School) -> Result<Response, Problem> {
    let file = app.store().export_school(&school.0).await?;
    let headers = [(CONTENT_TYPE, "application/zip"), (CONTENT_DISPOSITION, "attachment; filename=\"fenzu-data.zip\"")];
    Ok((headers, Body::from_stream(unfold(file, chunk))).into_response())
}

/// The next bytes of the file; none at its end.
async fn chunk(mut file: File) -> Option<(std::io::Result<Bytes>, File)> {
    let read = tokio::task::spawn_blocking(move || {
        let mut bytes = vec![0; CHUNK];
        let length = file.read(&mut bytes);
        (length.map(|length| Bytes::from(bytes).slice(..length)), file)
    });
    let (bytes, file) = read.await.ok()?;
    match bytes {
        Ok(bytes) if bytes.is_empty() => None,
        bytes => Some((bytes, file)),
    }
}

/// Erase everything that this school has stored; its tokens stay
#[utoipa::path(delete, path = "/v1/schools/me/data", tag = "schools", 
    responses((status = 200, body = Erased, description = "How much was erased")))]
pub(super) async fn erase(State(app): State<App>, school: School) -> Result<Json<Erased>, Problem> {
    let Removed { plans, batches, staff, lists, .. } = app.store().delete_school_data(&school.0).await?;
    app.forget_school(&school);
    Ok(Json(Erased { plans, batches, staff, lists }))
}
