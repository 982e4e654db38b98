//! Last semester's groups, read from whatever file a teacher has of them. Nothing is kept: they come back with the request for a
//! plan.

use super::access::School;
use super::app::App;
use super::lists;
use super::openapi;
use super::plans::stored;
use super::problem::Problem;
use super::upload::Upload;
use crate::fault::Faults;
use crate::jobs::request::{Seat, matched};
use crate::plan::document::Document;
use crate::plan::read::{AssignedRow, PlanFile, read_within};
use crate::roster::Roster;
use axum::Json;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartRejection};
use serde::Serialize;
use std::collections::HashSet;
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
    let list = match upload.id("list", "unknown_list")? {
        Some(id) => {
            let list = stored::list(&app, &school, id).await?;
            let overrides = stored::overrides(&list)?;
            Some(lists::read(&app, list.file, list.bytes.into(), overrides).await?)
        }
        None => None,
    };
    let limits = app.config().limits.reading();
    let answer = app.think(move || {
        let seats = seats(read_within(&part.file, &part.bytes, &limits)?);
        of_list(seats, list.as_ref(), &part.file)
    });
    Ok(Json(answer.await??))
}

/// The groups as the list will find them. Classes change their names from year to year: where nobody is found by class and id, ids
/// that are unique without the class are told without it.
fn of_list(mut seats: Vec<Seat>, list: Option<&Roster>, file: &str) -> Result<GroupsAnswer, Faults> {
    let Some(list) = list else { return Ok(GroupsAnswer { groups: seats, matched: None }) };
    let mut found = matched(&seats, list, file);
    let unique = seats.iter().map(|seat| &seat.student).collect::<HashSet<_>>().len() == seats.len();
    if found.is_err() && unique {
        for seat in &mut seats {
            seat.class.clear();
        }
        found = matched(&seats, list, file);
    }
    Ok(GroupsAnswer { matched: Some(found?), groups: seats })
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
