//! Last semester's groups, read from whatever file a teacher has of them. Nothing is kept: they come back with the request for a
//! plan.

use super::access::School;
use super::app::App;
use super::lists;
use super::openapi;
use super::plans::stored;
use super::problem::Problem;
use super::upload::Upload;
use crate::fault::{Fault, Faults};
use crate::jobs::request::{Seat, seated};
use crate::model::previous::old_numbers;
use crate::model::request::PreviousMode;
use crate::plan::document::Document;
use crate::plan::read::{AssignedRow, PlanFile, read};
use crate::roster::Roster;
use crate::words;
use axum::Json;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartRejection};
use serde::Serialize;
use utoipa::ToSchema;

/// The form of an upload.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its fields are read one by one from the multipart body; this is their schema")]
pub(super) struct GroupsForm {
    /// A plan that was exported (XLSX, CSV or JSON), or any table with the columns id and group.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// The class list that is divided now: it is told how many of its students had a group.
    #[schema(required = false)]
    list: Option<super::ids::Ident>,
}

/// Who was in which group.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct GroupsAnswer {
    /// For `previous` of a request for a plan.
    #[schema(value_type = Vec<openapi::Seat>)]
    groups: Vec<Seat>,
    /// How many students of the list had a group.
    matched: Option<usize>,
}

/// Read last semester's groups from a file
///
/// Nothing is kept.
#[utoipa::path(post, path = "/v1/groups", tag = "lists",
    request_body(content = GroupsForm, content_type = "multipart/form-data"),
    responses((status = 200, body = GroupsAnswer, description = "Who was in which group")))]
pub(super) async fn groups(
    State(app): State<App>,
    school: School,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<Json<GroupsAnswer>, Problem> {
    let upload = Upload::read(&app, multipart, &["file", "list"]).await?;
    let part = upload.one("file")?.clone();
    let file = part.file.clone();
    let seats = app.think(move || read(&part.file, &part.bytes).map(seats)).await??;
    let matched = match upload.id("list", "unknown_list")? {
        Some(id) => {
            let list = stored::list(&app, &school, id).await?;
            let overrides = stored::overrides(&list)?;
            let roster = lists::read(&app, list.file, list.bytes.into(), overrides).await?;
            Some(matched(&seats, &roster, &file)?)
        }
        None => None,
    };
    Ok(Json(GroupsAnswer { groups: seats, matched }))
}

fn seats(file: PlanFile) -> Vec<Seat> {
    match file {
        PlanFile::Documents(documents) => documents.iter().flat_map(of_document).collect(),
        PlanFile::Assignment(rows) => rows.into_iter().map(of_row).collect(),
    }
}

fn of_document(document: &Document) -> impl Iterator<Item = Seat> + '_ {
    document.groups.iter().flat_map(|group| {
        let seat =
            |student: &String| Seat { class: group.class.clone(), student: student.clone(), group: group.id.clone() };
        group.students.iter().map(seat)
    })
}

fn of_row(AssignedRow { class, id, group, .. }: AssignedRow) -> Seat {
    Seat { class, student: id, group }
}

/// How many students of the list had a group; a file of other students is a mistake.
fn matched(seats: &[Seat], roster: &Roster, file: &str) -> Result<usize, Faults> {
    let matched = old_numbers(&seated(seats, PreviousMode::Mix), roster).iter().flatten().count();
    if matched > 0 {
        return Ok(matched);
    }
    let students = seats.len();
    Err(Fault {
        code: "previous_unmatched",
        place: file.to_owned(),
        found: words!(
            "{students} 名学生，学号没有一个在名册里",
            "{students} students, none of whose ids is in the list"
        ),
        expected: words!("同一个班上学期的分组，学号相同", "last semester's groups of this class, with the same ids"),
        action: words!("请核对文件和学号", "check the file and the ids"),
    }
    .into())
}
