//! Staff lists: the teachers who may take the groups of class lists.

use super::access::School;
use super::app::App;
use super::ids::Ident;
use super::language::Speaks;
use super::once::Key;
use super::openapi;
use super::plans::stored;
use super::problem::{Problem, notice_record};
use super::upload::Upload;
use crate::plan::document::NoticeRecord;
use crate::roster::staff::{Directory, Staff, read_staff};
use crate::roster::{self, Reading};
use crate::store::{Inserted, List, NewStaff, now};
use axum::Json;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The form of an upload.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its fields are read one by one from the multipart body; this is their schema")]
pub(super) struct StaffForm {
    /// CSV, TSV, XLSX, XLS, ODS or JSON.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// The class list that it is for: its classes and students are then known by name. Without one they are looked up when a
    /// plan is asked for.
    #[schema(required = false)]
    list: Option<Ident>,
}

/// How a staff list was read.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct StaffAnswer {
    /// Names the staff list from now on.
    id: Ident,
    /// Number of teachers.
    teachers: usize,
    /// What was skipped or read in a forgiving way.
    #[schema(value_type = Vec<openapi::NoticeRecord>)]
    notices: Vec<NoticeRecord>,
}

/// Upload a staff list
#[utoipa::path(post, path = "/v1/staff", tag = "lists",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is done once",
        min_length = 1, max_length = 200)),
    request_body(content = StaffForm, content_type = "multipart/form-data"),
    responses((status = 201, body = StaffAnswer, description = "How it was read")))]
pub(super) async fn upload(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    key: Key,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<StaffAnswer>), Problem> {
    let upload = Upload::read(&app, multipart, &["file", "list"]).await?;
    let keyed = key.of("POST /v1/staff", upload.sha256());
    if let Some(before) = keyed.before(&app, &school).await? {
        return given(&before.answer);
    }
    let part = upload.one("file")?.clone();
    let list = match upload.text("list")?.filter(|list| !list.is_empty()) {
        Some(list) => {
            Some(stored::list(&app, &school, list.parse().map_err(|_| stored::unknown("unknown_list"))?).await?)
        }
        None => None,
    };
    let staff = read(&app, part.file.clone(), part.bytes.clone(), list.clone()).await?;
    let id = Ident::new();
    let notices = staff.notices.iter().map(|notice| notice_record(notice, lang)).collect();
    let answer = StaffAnswer { id, teachers: staff.teachers.len(), notices };
    // Plain data always serialises.
    let text = serde_json::to_string(&answer).unwrap_or_default();
    let new = NewStaff {
        id: &id.to_string(),
        school: &school.0,
        list: list.as_ref().map(|list| list.id.as_str()),
        file: &part.file,
        bytes: &part.bytes,
        created: now(),
    };
    match app.store().staff().insert(&new, keyed.once(201, &text).as_ref()).await? {
        Inserted::New => Ok((StatusCode::CREATED, Json(answer))),
        Inserted::Before(before) => given(&before.answer),
    }
}

fn given(answer: &str) -> Result<(StatusCode, Json<StaffAnswer>), Problem> {
    Ok((StatusCode::CREATED, Json(super::body::parse(answer.as_bytes())?)))
}

async fn read(app: &App, file: String, bytes: axum::body::Bytes, list: Option<List>) -> Result<Staff, Problem> {
    let limits = app.config().limits.reading();
    let read = move || {
        let directory = match list {
            Some(list) => {
                let overrides = stored::overrides(&list)?;
                let reading = Reading { file: &list.file, overrides: &overrides, limits: limits.clone() };
                Directory::new([&roster::read(&list.bytes, &reading)?])?
            }
            // Everything that it names may stand in a list that comes later.
            None => Directory::default().with_lists_missing(),
        };
        read_staff(&bytes, &file, &limits, &directory)
    };
    Ok(app.think(read).await??)
}
