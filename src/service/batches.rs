//! Batches: a school's lists, or a zip of them, with its staff list in one request; every class is a job of its own.

mod answer;

use super::app::App;
use super::body::{self, Asked, Id};
use super::caller::School;
use super::ids::Ident;
use super::language::Speaks;
use super::once::Key;
use super::problem::{Kind, Problem};
use super::queue::{New, id_in, push, queue, room_for, timed};
use super::shapes;
use super::upload::Upload;
use crate::jobs::request::PlanRequest;
use crate::jobs::{Job, Kind as JobKind};
use crate::store::{BatchFile, FileKind, NewBatch, Table};
use crate::words;
use crate::words::Lang;
use answer::{BatchAnswer, Page, found};
use axum::Json;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::io::Cursor;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zip::ZipArchive;

/// The routes of batches.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(send))
        .routes(routes!(get, erase))
        .routes(routes!(stop))
        .routes(routes!(class))
        .routes(routes!(summary))
        .routes(routes!(result))
}

/// The form of a batch.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its fields are read one by one from the multipart body; this is their schema")]
struct BatchForm {
    /// Class lists, workbooks with a sheet a class, or one zip of them.
    #[schema(value_type = Vec<String>, format = Binary, min_items = 1)]
    lists: Vec<Vec<u8>>,
    /// The staff list: teachers for the groups of all classes.
    #[schema(value_type = Option<String>, format = Binary, required = false)]
    staff: Option<Vec<u8>>,
    /// What is asked of every class: the JSON of a plan's request without lists.
    #[schema(required = false)]
    request: Option<BatchRequest>,
}

/// What is asked of every class.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BatchRequest {
    /// A model's name (see `/v1/models`), or a whole model.
    #[schema(value_type = Option<shapes::ModelChoice>)]
    model: Option<serde_json::Value>,
    /// Number of groups in each class.
    #[schema(minimum = 1)]
    groups: Option<usize>,
    /// Students in a group; not together with `groups`.
    #[schema(value_type = Option<shapes::SizeChoice>)]
    size: Option<crate::jobs::request::Size>,
    /// Rules of all classes; students as `<class>/<id>`.
    #[schema(value_type = Option<shapes::Rules>)]
    rules: Option<serde_json::Value>,
    /// Levels to prove before stopping: a goal's name, or `all`.
    prove: Option<String>,
    /// Seconds for each class, at most the service's `plan_seconds` (60 where nothing is set); 10 or those, whichever is less,
    /// where absent.
    #[schema(minimum = 0.001, maximum = 3600)]
    time_limit: Option<f64>,
    /// Plans to look at for each class, at most.
    work: Option<u64>,
    /// Seed of the search.
    seed: Option<u64>,
}

/// Send a batch
#[utoipa::path(post, path = "/v1/batches", tag = "batches",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is done once",
        min_length = 1, max_length = 200)),
    request_body(content = BatchForm, content_type = "multipart/form-data"),
    responses((status = 202, body = BatchAnswer, description = "It is at work; see Location")))]
async fn send(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    key: Key,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    let upload = Upload::read(&app, multipart, &["lists", "staff", "request"]).await?;
    let keyed = key.of("POST /v1/batches", upload.sha256());
    if let Some(before) = keyed.before(&app, &school).await? {
        return accepted(&app, &school, &id_in(&before.answer)?, lang).await;
    }
    room_for(&app, &school).await?;
    let request = timed(&app, request(&upload, lang)?)?;
    // Model, rules and numbers are judged before anything is kept.
    request.request(None)?;
    let files = few(&app, &school, files(&upload)?).await?;
    let text = serde_json::to_string(&request).unwrap_or_default();
    let batch = NewBatch { request: &text, files: &files, ..NewBatch::default() };
    let id = queue(&app, &school, New::Batch(batch), &keyed).await?;
    accepted(&app, &school, &id, lang).await
}

async fn accepted(app: &App, school: &School, id: &str, lang: Lang) -> Result<Response, Problem> {
    let answer = found(app, school, id, &Page::default(), lang).await?;
    Ok((StatusCode::ACCEPTED, [(LOCATION, format!("/v1/batches/{id}"))], Json(answer)).into_response())
}

fn request(upload: &Upload, lang: Lang) -> Result<PlanRequest, Problem> {
    let asked: BatchRequest = match upload.text("request")? {
        Some(text) => body::parse(text.as_bytes())?,
        None => BatchRequest::default(),
    };
    Ok(PlanRequest {
        model: asked.model,
        groups: asked.groups,
        size: asked.size,
        rules: asked.rules,
        prove: asked.prove,
        time_limit: asked.time_limit,
        work: asked.work,
        seed: asked.seed,
        lang: Some(super::plans::code(lang).to_owned()),
        ..PlanRequest::default()
    })
}

/// The files, where they hold no more lists than a school may have open: the classes in them are counted when they are read.
async fn few(app: &App, school: &School, files: Vec<BatchFile>) -> Result<Vec<BatchFile>, Problem> {
    let seat = app.seat(school, files.iter().map(|file| file.bytes.len()).sum()).await;
    let counted = move || (files.iter().map(lists_in).sum::<usize>(), files);
    let (lists, files) = app.think(seat, counted).await?;
    let most = app.config().limits.open_plans;
    if lists <= most as usize {
        return Ok(files);
    }
    let detail = words!(
        "共 {lists} 个文件，一次最多 {most} 个；请分几批提交",
        "{lists} files, of at most {most} at a time: send them in several batches"
    );
    Err(Problem::new(Kind::TooLarge, detail).code("too_many_lists"))
}

/// Files in a zip; what is none is one list.
fn lists_in(file: &BatchFile) -> usize {
    if file.kind != FileKind::Zip {
        return 1;
    }
    // What cannot be opened is refused when it is read.
    ZipArchive::new(Cursor::new(&file.bytes)).map_or(1, |zip| zip.len())
}

/// The files with what they are; at least one list.
fn files(upload: &Upload) -> Result<Vec<BatchFile>, Problem> {
    let zipped = |name: &str| name.to_ascii_lowercase().ends_with(".zip");
    let mut files = Vec::new();
    for part in upload.all("lists") {
        let kind = if zipped(&part.file) { FileKind::Zip } else { FileKind::List };
        files.push(BatchFile { name: part.file.clone(), kind, bytes: part.bytes.to_vec() });
    }
    if files.is_empty() {
        upload.one("lists")?;
    }
    if upload.all("staff").next().is_some() {
        let part = upload.one("staff")?;
        files.push(BatchFile { name: part.file.clone(), kind: FileKind::Staff, bytes: part.bytes.to_vec() });
    }
    Ok(files)
}

/// A batch and how far it is
///
/// Its classes come by pages: ask again with `after` for what `next` names.
#[utoipa::path(get, path = "/v1/batches/{id}", tag = "batches",
    params(("id" = Ident, Path, description = "The batch"), Page),
    responses((status = 200, body = BatchAnswer, description = "The batch with its classes")))]
async fn get(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    Id(id): Id,
    Asked(page): Asked<Page>,
) -> Result<Json<BatchAnswer>, Problem> {
    Ok(Json(found(&app, &school, &id, &page, lang).await?))
}

/// The summary of a batch that is done, whole
#[utoipa::path(get, path = "/v1/batches/{id}/summary", tag = "batches",
    params(("id" = Ident, Path, description = "The batch")), responses(
    (status = 200, body = Object, description = "What `summary.json` of `fenzu school` is"),
    (status = 409, response = shapes::Refusal)))]
async fn summary(State(app): State<App>, school: School, Id(id): Id) -> Result<Response, Problem> {
    let batch = app.store().batches().get(&school.0, &id).await?.ok_or_else(|| Problem::of(Kind::NotFound))?;
    let summary = batch.summary.ok_or_else(not_done)?;
    Ok(([(CONTENT_TYPE, "application/json")], summary).into_response())
}

fn not_done() -> Problem {
    Problem::new(Kind::Conflict, words!("这批还没有完成", "the batch has not finished")).code("batch_not_done")
}

/// Erase a batch with its files and plans
#[utoipa::path(delete, path = "/v1/batches/{id}", tag = "batches", params(("id" = Ident, Path, description = "The batch")),
    responses((status = 204, description = "It is gone")))]
async fn erase(State(app): State<App>, school: School, Id(id): Id) -> Result<StatusCode, Problem> {
    let erased = app.store().work(Table::Batches).delete(&school.0, &id).await?;
    app.erased(&school, erased)
}

/// Stop a batch and keep what there is
#[utoipa::path(post, path = "/v1/batches/{id}/stop", tag = "batches",
    params(("id" = Ident, Path, description = "The batch")), responses((status = 202, body = BatchAnswer, description = "It will stop")))]
async fn stop(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    Id(id): Id,
) -> Result<(StatusCode, Json<BatchAnswer>), Problem> {
    let state = app.store().batches().ask_stop(&school.0, &id).await?;
    app.queue().stop_now();
    if state.is_some_and(|state| !state.is_ended()) {
        // Where no class is at work, no class's end would bring the last step on.
        push(&app, &Job::new(JobKind::Batch, &school.0, &id)).await;
    }
    Ok((StatusCode::ACCEPTED, Json(found(&app, &school, &id, &Page::default(), lang).await?)))
}

/// The plan of one class, as soon as it is there
#[utoipa::path(get, path = "/v1/batches/{id}/classes/{class}", tag = "batches",
    params(("id" = Ident, Path, description = "The batch"), ("class" = Ident, Path, description = "The class")),
    responses((status = 200, body = shapes::Plans, description = "The plan")))]
async fn class(
    State(app): State<App>,
    school: School,
    ids: Result<Path<(Ident, Ident)>, PathRejection>,
) -> Result<Response, Problem> {
    let unknown = || Problem::of(Kind::NotFound);
    let Path((batch, class)) = ids.map_err(|_| unknown())?;
    let known = app.store().classes().get(&school.0, &class.to_string()).await?.ok_or_else(unknown)?;
    if known.batch != batch.to_string() {
        return Err(unknown());
    }
    let document = app.store().classes().document(&school.0, &known.id).await?.ok_or_else(unknown)?;
    Ok(([(CONTENT_TYPE, "application/json")], document).into_response())
}

/// All files of a batch that is done: summary, classes, teachers, public pages
#[utoipa::path(get, path = "/v1/batches/{id}/result.zip", tag = "batches",
    params(("id" = Ident, Path, description = "The batch")), responses(
    (status = 200, description = "A zip", body = String, content_type = "application/zip"),
    (status = 409, response = shapes::Refusal)))]
async fn result(State(app): State<App>, school: School, Id(id): Id) -> Result<Response, Problem> {
    let bytes = app.store().batches().result(&school.0, &id).await?;
    let Some(bytes) = bytes else {
        app.store().batches().get(&school.0, &id).await?.ok_or_else(|| Problem::of(Kind::NotFound))?;
        return Err(not_done());
    };
    let name = format!("attachment; filename=\"batch-{id}.zip\"");
    Ok(([(CONTENT_TYPE, "application/zip".to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response())
}
