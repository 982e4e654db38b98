//! Names of groups: given by hand, as a new plan. Plans never change, so a name can be undone like a move.

use super::edit::{language, unfit};
use super::stored;
use crate::fault::Faults;
use crate::plan::document::{Document, GroupRecord};
use crate::report;
use crate::roster::sha256;
use crate::service::app::App;
use crate::service::body::{Id, Json, parse};
use crate::service::caller::School;
use crate::service::ids::Ident;
use crate::service::language::Speaks;
use crate::service::once::Key;
use crate::service::problem::Problem;
use crate::service::shapes;
use crate::store::Inserted;
use crate::words;
use crate::words::Lang;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Characters of a name at most: it stands at the head of a narrow column.
const LONGEST: usize = 30;

/// Names for groups.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Naming {
    /// Groups that are not named here keep their names.
    #[schema(min_items = 1)]
    names: Vec<GroupName>,
}

/// A name for a group.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GroupName {
    /// The group's id.
    group: String,
    /// Up to 30 characters; with nothing but spaces the group is called by its number again.
    name: String,
}

/// The plan with the names.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct Named {
    /// Its id.
    plan: Ident,
}

/// Give groups names
///
/// The answer is a new plan with this one as its parent.
#[utoipa::path(post, path = "/v1/plans/{id}/names", tag = "plans",
    params(("id" = Ident, Path, description = "The plan"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is done once",
            min_length = 1, max_length = 200)),
    request_body = Naming,
    responses((status = 201, body = Named, description = "The new plan; see Location"),
        (status = 409, response = shapes::Refusal)))]
pub(super) async fn names(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    key: Key,
    Id(id): Id,
    Json { value: asked, bytes }: Json<Naming>,
) -> Result<Response, Problem> {
    let keyed = key.of("POST /v1/plans/names", sha256(&[id.as_bytes(), &bytes].concat()));
    if let Some(before) = keyed.before(&app, &school).await? {
        return Ok(made(parse(before.answer.as_bytes())?));
    }
    let mut whole = stored::whole(&app, &school, &id).await?;
    let spoken = language(&whole, lang);
    rename(&asked.names, &mut whole.documents, spoken)?;
    let answer = Named { plan: Ident::new() };
    let (id, json) = (answer.plan.to_string(), report::json(&whole.documents));
    // Plain data always serialises.
    let text = serde_json::to_string(&answer).unwrap_or_default();
    let new = stored::by_hand(&whole.plan, &id, &json);
    match app.store().plans().insert(&new, keyed.once(201, &text).as_ref()).await? {
        Inserted::New => Ok(made(answer)),
        Inserted::Before(before) => Ok(made(parse(before.answer.as_bytes())?)),
    }
}

fn made(answer: Named) -> Response {
    (StatusCode::CREATED, [(LOCATION, format!("/v1/plans/{}", answer.plan))], axum::Json(answer)).into_response()
}

fn rename(names: &[GroupName], documents: &mut [Document], lang: Lang) -> Result<(), Faults> {
    let mut faults = Vec::new();
    if names.is_empty() {
        faults.push(unfit("no_names", "names", "[]", words!("至少一个小组", "at least one group")));
    }
    for (i, asked) in names.iter().enumerate() {
        let name = asked.name.trim();
        if name.chars().count() > LONGEST || name.chars().any(char::is_control) {
            let expected = words!("最多 {LONGEST} 个字的一行文字", "one line of at most {LONGEST} characters");
            faults.push(unfit("bad_name", &format!("names[{i}].name"), name, expected));
        }
        let mut groups = documents.iter_mut().flat_map(|document| &mut document.groups);
        if let Some(group) = groups.find(|group| group.id == asked.group) {
            group.name = called(name, group, lang);
        } else {
            let expected = words!("这份结果中的小组编号", "the id of a group of the plan");
            faults.push(unfit("unknown_group", &format!("names[{i}].group"), &asked.group, expected));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
}

/// The name, or the group's number where none is given.
fn called(name: &str, group: &GroupRecord, lang: Lang) -> String {
    let number = group.id.rsplit('/').next().unwrap_or_default();
    if name.is_empty() { words!("第{number}组", "Group {number}").get(lang).to_owned() } else { name.to_owned() }
}
