//! Last semester's groups, read from whatever file a teacher has of them. Nothing is kept: they come back with the request for a
//! plan.

use super::app::App;
use super::caller::School;
use super::language::Speaks;
use super::lists;
use super::plans::stored;
use super::problem::{Problem, notice_record};
use super::shapes;
use super::upload::Upload;
use crate::fault::Faults;
use crate::jobs::request::Seat;
use crate::pipeline::previous_unmatched;
use crate::plan::document::NoticeRecord;
use crate::plan::last::LastSemester;
use crate::plan::people::matched;
use crate::plan::read::read_last;
use crate::roster::{Roster, sha256};
use crate::words::Lang;
use axum::Json;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartRejection};
use serde::Serialize;
use utoipa::ToSchema;

/// The form of an upload.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its fields are read one by one from the multipart body; this is their schema")]
pub(super) struct GroupsForm {
    /// A plan that was exported (XLSX, CSV or JSON), or any table with the columns id or name, and group.
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
    #[schema(value_type = Vec<shapes::Seat>)]
    groups: Vec<Seat>,
    /// How many students of the list had a group.
    matched: Option<usize>,
    /// Who of the list is not certain, and what else is to be known of who is who.
    #[schema(value_type = Vec<shapes::NoticeRecord>)]
    notices: Vec<NoticeRecord>,
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
    Speaks(lang): Speaks,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<Json<GroupsAnswer>, Problem> {
    let upload = Upload::read(&app, multipart, &["file", "list"]).await?;
    let part = upload.one("file")?.clone();
    let list = match upload.id("list", "unknown_list")? {
        Some(id) => {
            let list = stored::list(&app, &school, id).await?;
            let overrides = stored::overrides(&list)?;
            Some(lists::read(&app, &school, list.file, list.bytes.into(), overrides).await?)
        }
        None => None,
    };
    let limits = app.config().limits.reading();
    let seat = app.seat(&school, part.bytes.len()).await;
    let answer = app.think(seat, move || {
        let file = read_last(&part.file, &part.bytes, &limits)?;
        of_list(&LastSemester::of_file(file, sha256(&part.bytes)), list.as_deref(), &part.file, lang)
    });
    Ok(Json(answer.await??))
}

/// The groups, and who of the list is in them.
fn of_list(last: &LastSemester, roster: Option<&Roster>, file: &str, lang: Lang) -> Result<GroupsAnswer, Faults> {
    let groups = last.rows().into_iter().map(Seat::from).collect();
    let Some(roster) = roster else { return Ok(GroupsAnswer { groups, matched: None, notices: Vec::new() }) };
    let matching = matched(last, roster, false);
    if !matching.is_any() {
        return Err(previous_unmatched(file.to_owned()).into());
    }
    let notices = matching.notices().iter().map(|notice| notice_record(notice, lang)).collect();
    Ok(GroupsAnswer { groups, matched: Some(matching.found().count()), notices })
}
