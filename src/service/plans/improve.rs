//! Solving again around students who stay where they are.

use super::edit::{class, unfit};
use super::stored::{self, Whole};
use super::wait::Wait;
use crate::fault::Faults;
use crate::jobs::due;
use crate::jobs::plan::Input;
use crate::jobs::request::{PlanRequest, Stays};
use crate::model::rules::Pin;
use crate::plan::document::Document;
use crate::roster::sha256;
use crate::service::app::App;
use crate::service::body::{Id, Json};
use crate::service::caller::School;
use crate::service::ids::Ident;
use crate::service::language::Speaks;
use crate::service::once::Key;
use crate::service::problem::Problem;
use crate::service::queue::{New, id_in, queue, room_for, timed};
use crate::service::shapes;
use crate::store::NewPlan;
use crate::words;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::collections::HashSet;
use utoipa::ToSchema;

/// Who stays: name them with `locked`, or everyone else with `free`.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Improve {
    /// Students who stay in their groups; all others may move.
    locked: Option<Vec<String>>,
    /// Students who may move; all others stay.
    free: Option<Vec<String>>,
    /// The class, where the plan has several; the others stay as they are.
    class: Option<String>,
    /// Seconds, at most the service's `plan_seconds` (60 where nothing is set); as of the plan where absent.
    #[schema(minimum = 0.001, maximum = 3600)]
    time_limit: Option<f64>,
    /// Seed, as of the plan where absent.
    seed: Option<u64>,
}

/// Solve again around students who stay
///
/// The answer is a new plan with this one as its parent.
#[utoipa::path(post, path = "/v1/plans/{id}/improve", tag = "plans",
    params(("id" = Ident, Path, description = "The plan"),
        ("Prefer" = Option<String>, Header, description = "wait=N: up to N seconds for the result"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is done once",
            min_length = 1, max_length = 200)),
    request_body = Improve,
    responses((status = 200, body = super::PlanAnswer, description = "It has ended"),
        (status = 202, body = super::PlanAnswer, description = "It is at work; see Location"),
        (status = 409, response = shapes::Refusal)))]
pub(super) async fn improve(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    key: Key,
    wait: Wait,
    Id(id): Id,
    Json { value: asked, bytes }: Json<Improve>,
) -> Result<Response, Problem> {
    let keyed = key.of("POST /v1/plans/improve", sha256(&[id.as_bytes(), &bytes].concat()));
    if let Some(before) = keyed.before(&app, &school).await? {
        return wait.answer(&app, &school, &id_in(&before.answer)?, lang).await;
    }
    room_for(&app, &school).await?;
    let whole = stored::whole(&app, &school, &id).await?;
    let most = app.config().limits.plan_seconds;
    let request = timed(&app, request(&asked, &whole, most)?)?;
    let input = Input { request, ..whole.input().clone() };
    let Whole { plan, seat, .. } = whole;
    let request = stored::checked(&app, &school, seat, input.clone()).await?;
    let text = serde_json::to_string(&request).unwrap_or_default();
    let new = NewPlan {
        list: &plan.list,
        staff: plan.staff.as_deref(),
        previous: plan.previous.as_deref(),
        parent: Some(&id),
        request: &text,
        due: due::plan(input.request.limit()?, input.list.bytes.len()),
        ..NewPlan::default()
    };
    let id = queue(&app, &school, New::Plan(new), &keyed).await?;
    wait.answer(&app, &school, &id, lang).await
}

/// The plan's own request with those who stay; the service may give less time than when it was asked for.
fn request(asked: &Improve, whole: &Whole, most: f64) -> Result<PlanRequest, Problem> {
    let before = &whole.input().request;
    let at = class(&whole.documents, asked.class.as_deref())?;
    if whole.documents[at].groups.is_empty() {
        return Err(super::not_done());
    }
    let free = free(asked, &whole.documents[at])?;
    let rules = before.rules()?;
    let own: HashSet<&str> = rules.pin.iter().map(|pin| pin.student.as_str()).collect();
    let mut pin = Vec::new();
    for (i, document) in whole.documents.iter().enumerate() {
        for (number, group) in (1..).zip(&document.groups) {
            let stay = group.students.iter().filter(|id| i != at || !free.contains(id.as_str()));
            let name = |id: &String| name(id, &group.class, &whole.documents, &own);
            pin.extend(stay.map(|id| Pin { student: name(id), group: Some(number), teacher: None }));
        }
    }
    let groups = whole.documents.iter().map(|document| document.request.groups).collect();
    Ok(PlanRequest {
        stays: Some(Stays { groups, pin }),
        fitted: None,
        seed: asked.seed.or(before.seed),
        time_limit: asked.time_limit.or(before.time_limit.map(|seconds| seconds.min(most))),
        ..before.clone()
    })
}

/// A student's id as the user's `own` pins write it; where these do not name the student, with the class if there are several.
fn name(id: &str, class: &str, documents: &[Document], own: &HashSet<&str>) -> String {
    let full = format!("{class}/{id}");
    let plain = own.contains(id) || (documents.len() == 1 && !own.contains(full.as_str()));
    if plain { id.to_owned() } else { full }
}

/// Ids of the students of the class who may move.
fn free<'d>(asked: &Improve, document: &'d Document) -> Result<HashSet<&'d str>, Faults> {
    let students = || document.groups.iter().flat_map(|group| group.students.iter().map(String::as_str));
    let (named, place) = match (&asked.locked, &asked.free) {
        (Some(locked), None) => (locked, "locked"),
        (None, Some(free)) => (free, "free"),
        _ => {
            let expected = words!("locked 与 free 之一", "one of locked and free");
            return Err(unfit("locked_or_free", "body", "locked, free", expected).into());
        }
    };
    let known: HashSet<&str> = students().collect();
    let unknown = named.iter().enumerate().filter(|(_, id)| !known.contains(id.as_str()));
    let fault = |(i, id): (usize, &String)| {
        unfit("unknown_student", &format!("{place}[{i}]"), id, words!("这份结果中的学号", "a student of the plan"))
    };
    let faults: Vec<_> = unknown.map(fault).collect();
    if !faults.is_empty() {
        return Err(Faults(faults));
    }
    let named: HashSet<&str> = named.iter().map(String::as_str).collect();
    Ok(students().filter(|id| named.contains(id) == (place == "free")).collect())
}
