//! Class lists: uploaded once, divided as often as wanted.

use super::app::{App, LISTS};
use super::body::Id;
use super::caller::School;
use super::doubts::{DoubtRecord, LeftOutRecord};
use super::ids::Ident;
use super::language::Speaks;
use super::once::Key;
use super::problem::{Kind, Problem, notice_record};
use super::shapes;
use super::upload::{Upload, Uploaded, given, kept};
use crate::fault::Faults;
use crate::plan::document::{ColumnRecord, NoticeRecord};
use crate::roster::{self, Override, Reading, Roster, everybody_known, sha256};
use crate::store::{Inserted, List, NewList, Once, now};
use crate::words::Lang;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The form of an upload.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its fields are read one by one from the multipart body; this is their schema")]
pub(super) struct ListForm {
    /// CSV, TSV, XLSX, XLS, ODS or JSON.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// What is said of the list: what a column is (`score:math=数学`), that a doubtful reading is meant (`accept=CODE`), that
    /// somebody is left out (`exclude=ID`). May come several times.
    #[schema(required = false)]
    column: Vec<String>,
}

/// How a list was read.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct ListAnswer {
    /// Names the list from now on.
    id: Ident,
    /// Number of students.
    students: usize,
    /// The classes, in the list's order; one empty name where it has no such column.
    classes: Vec<String>,
    /// Every column and what it was read as.
    #[schema(value_type = Vec<shapes::ColumnRecord>)]
    columns: Vec<ColumnRecord>,
    /// What was skipped, taken as missing or read in a forgiving way.
    #[schema(value_type = Vec<shapes::NoticeRecord>)]
    notices: Vec<NoticeRecord>,
    /// What is to be answered before the list can be divided; empty where nothing is in doubt.
    #[serde(default)]
    doubts: Vec<DoubtRecord>,
    /// People of the list, or what stands in the place of one, who are not among the students.
    #[serde(default)]
    left_out: Vec<LeftOutRecord>,
}

/// Upload a class list
#[utoipa::path(post, path = "/v1/lists", tag = "lists",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is done once",
        min_length = 1, max_length = 200)),
    request_body(content = ListForm, content_type = "multipart/form-data"),
    responses((status = 201, body = ListAnswer, description = "How it was read")))]
pub(super) async fn upload(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    key: Key,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<ListAnswer>), Problem> {
    let upload = Upload::read(&app, multipart, &["file", "column"]).await?;
    kept(&app, &school, &key, &upload, lang).await
}

/// Erase a class list with every plan and staff list made from it
#[utoipa::path(delete, path = "/v1/lists/{id}", tag = "lists", params(("id" = Ident, Path, description = "The list")),
    responses((status = 204, description = "It is gone")))]
pub(super) async fn erase(State(app): State<App>, school: School, Id(id): Id) -> Result<StatusCode, Problem> {
    let erased = app.store().lists().delete(&school.0, &id).await?;
    app.erased(&school, erased)
}

/// What is said of a list.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Columns {
    /// What a column is (`score:math=数学`), that a doubtful reading is meant (`accept=CODE`), that somebody is left out
    /// (`exclude=ID`): all of it, also what was said before. Columns that are not named are recognised by their headers.
    columns: Vec<String>,
}

/// Read a list again: columns named by hand, doubts answered, people left out
///
/// Lists never change: the answer is a new one with the same file.
#[utoipa::path(post, path = "/v1/lists/{id}/columns", tag = "lists",
    params(("id" = Ident, Path, description = "The list"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is done once",
            min_length = 1, max_length = 200)),
    request_body = Columns,
    responses((status = 201, body = ListAnswer, description = "How it is read now")))]
pub(super) async fn reread(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    Id(id): Id,
    key: Key,
    super::body::Json { value: Columns { columns: words }, bytes }: super::body::Json<Columns>,
) -> Result<(StatusCode, Json<ListAnswer>), Problem> {
    let keyed = key.of("POST /v1/lists/columns", sha256(&[id.as_bytes(), &bytes].concat()));
    if let Some(before) = keyed.before(&app, &school).await? {
        return given(&before);
    }
    let before = find(&app, &school, &id).await?;
    let roster = read(&app, &school, before.file.clone(), before.bytes.clone().into(), Override::all(&words)?).await?;
    app.admit(&school, before.bytes.len()).await?;
    let id = Ident::new();
    let answer = ListAnswer::of(id, &roster, lang);
    // Plain text always serialises.
    let (columns, text) =
        (serde_json::to_string(&words).unwrap_or_default(), serde_json::to_string(&answer).unwrap_or_default());
    let list = NewList {
        id: &id.to_string(),
        school: &school.0,
        file: &before.file,
        bytes: &before.bytes,
        columns: &columns,
        created: now(),
    };
    match app.store().lists().insert(&list, keyed.once(201, &text).as_ref()).await? {
        Inserted::New => Ok((StatusCode::CREATED, Json(answer))),
        Inserted::Before(before) => given(&before),
    }
}

/// A school's list.
pub(super) async fn find(app: &App, school: &School, id: &str) -> Result<List, Problem> {
    app.store().lists().get(&school.0, id).await?.ok_or_else(|| Problem::of(Kind::NotFound))
}

/// Reads a list within the service's limits.
pub(super) async fn read(
    app: &App,
    school: &School,
    file: String,
    bytes: Bytes,
    overrides: Vec<Override>,
) -> Result<Arc<Roster>, Problem> {
    let seat = app.seat(school, bytes.len()).await;
    let (reader, school) = (app.clone(), school.clone());
    let read = move || {
        let roster = as_read(&reader, &school, (&file, &bytes), &overrides)?;
        everybody_known(std::iter::once(roster.strangers.as_slice()), &file)?;
        Ok::<_, Faults>(roster)
    };
    Ok(app.think(seat, read).await??)
}

/// A list, of this file name and bytes, as it is read: once, as long as it is at hand.
///
/// # Errors
/// All faults of the list.
pub(super) fn as_read(
    app: &App,
    school: &School,
    list: (&str, &[u8]),
    overrides: &[Override],
) -> Result<Arc<Roster>, Faults> {
    if let Some(read) = at_hand(app, school, list, overrides) {
        return Ok(read);
    }
    let (limits, (file, bytes)) = (app.config().limits.reading(), list);
    let read = roster::read(bytes, &Reading { file, overrides, limits })?;
    let key = key(file, &read.sha256, overrides);
    Ok(app.lists().keep(&school.0, key, bytes.len(), read))
}

/// A list that was read a moment ago; none where it has to be read again.
pub(super) fn at_hand(
    app: &App,
    school: &School,
    (file, bytes): (&str, &[u8]),
    overrides: &[Override],
) -> Option<Arc<Roster>> {
    if bytes.len() > LISTS.each {
        return None;
    }
    app.lists().get(&school.0, &key(file, &sha256(bytes), overrides))
}

/// All that decides how a list is read, beside the service's limits.
fn key(name: &str, sha256: &str, overrides: &[Override]) -> String {
    format!("{sha256}\n{name}\n{overrides:?}")
}

impl Uploaded for ListAnswer {
    const ROUTE: &'static str = "POST /v1/lists";

    async fn read(app: &App, school: &School, upload: &Upload, lang: Lang) -> Result<Self, Problem> {
        let part = upload.one("file")?;
        let overrides = Override::all(&upload.texts("column")?)?;
        let roster = read(app, school, part.file.clone(), part.bytes.clone(), overrides).await?;
        Ok(Self::of(Ident::new(), &roster, lang))
    }

    async fn keep(
        &self,
        app: &App,
        school: &School,
        upload: &Upload,
        once: Option<Once<'_>>,
    ) -> Result<Inserted, Problem> {
        let (id, part) = (self.id.to_string(), upload.one("file")?);
        app.admit(school, part.bytes.len()).await?;
        // Plain data always serialises.
        let columns = serde_json::to_string(&upload.texts("column")?).unwrap_or_default();
        let list = NewList {
            id: &id,
            school: &school.0,
            file: &part.file,
            bytes: &part.bytes,
            columns: &columns,
            created: now(),
        };
        Ok(app.store().lists().insert(&list, once.as_ref()).await?)
    }
}

impl ListAnswer {
    fn of(id: Ident, roster: &Roster, lang: Lang) -> Self {
        let column =
            |column: &roster::Column| ColumnRecord { header: column.header.clone(), read_as: column.field.to_string() };
        Self {
            id,
            students: roster.students.len(),
            classes: roster.classes(),
            columns: roster.columns.iter().map(column).collect(),
            notices: roster.notices.iter().map(|notice| notice_record(notice, lang)).collect(),
            doubts: roster.doubts.iter().map(|doubt| DoubtRecord::of(doubt, lang)).collect(),
            left_out: roster.left_out.iter().map(|left| LeftOutRecord::of(left, lang)).collect(),
        }
    }
}
