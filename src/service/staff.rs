//! Staff lists: the teachers who may take the groups of class lists.

use super::app::App;
use super::body::Id;
use super::caller::School;
use super::ids::Ident;
use super::language::Speaks;
use super::once::Key;
use super::plans::stored;
use super::problem::{Problem, notice_record};
use super::shapes;
use super::upload::{Part, Upload, Uploaded, kept};
use crate::plan::document::NoticeRecord;
use crate::roster::staff::{Directory, Staff, read_staff};
use crate::roster::{self, Reading};
use crate::store::{Inserted, List, NewStaff, Once, now};
use crate::words::Lang;
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
    #[schema(value_type = Vec<shapes::NoticeRecord>)]
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
    kept(&app, &school, &key, &upload, lang).await
}

/// Erase a staff list with every plan made with it
#[utoipa::path(delete, path = "/v1/staff/{id}", tag = "lists", params(("id" = Ident, Path, description = "The staff list")),
    responses((status = 204, description = "It is gone")))]
pub(super) async fn erase(State(app): State<App>, school: School, Id(id): Id) -> Result<StatusCode, Problem> {
    let erased = app.store().staff().delete(&school.0, &id).await?;
    app.erased(&school, erased)
}

impl Uploaded for StaffAnswer {
    const ROUTE: &'static str = "POST /v1/staff";

    async fn read(app: &App, school: &School, upload: &Upload, lang: Lang) -> Result<Self, Problem> {
        let part = upload.one("file")?.clone();
        let list = match upload.id("list", "unknown_list")? {
            Some(id) => Some(stored::list(app, school, id).await?),
            None => None,
        };
        let staff = read(app, school, part, list).await?;
        let notices = staff.notices.iter().map(|notice| notice_record(notice, lang)).collect();
        Ok(Self { id: Ident::new(), teachers: staff.teachers.len(), notices })
    }

    async fn keep(
        &self,
        app: &App,
        school: &School,
        upload: &Upload,
        once: Option<Once<'_>>,
    ) -> Result<Inserted, Problem> {
        let (id, part) = (self.id.to_string(), upload.one("file")?);
        let list = upload.id("list", "unknown_list")?.map(|list| list.to_string());
        app.admit(school, part.bytes.len()).await?;
        let staff = NewStaff {
            id: &id,
            school: &school.0,
            list: list.as_deref(),
            file: &part.file,
            bytes: &part.bytes,
            created: now(),
        };
        Ok(app.store().staff().insert(&staff, once.as_ref()).await?)
    }
}

async fn read(app: &App, school: &School, part: Part, list: Option<List>) -> Result<Staff, Problem> {
    let limits = app.config().limits.reading();
    let seat = app.seat(school, part.bytes.len() + list.as_ref().map_or(0, |list| list.bytes.len())).await;
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
        read_staff(&part.bytes, &part.file, &limits, &directory)
    };
    Ok(app.think(seat, read).await??)
}
