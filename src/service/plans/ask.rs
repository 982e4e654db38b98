//! A plan is asked for. What is wrong with the input is told at once, before anything is queued.

use super::given::{ListChoice, PreviousChoice, Students};
use super::stored;
use super::wait::Wait;
use crate::jobs::due;
use crate::jobs::plan::{File, Input};
use crate::jobs::request::{Earlier, PlanRequest, Seat, Size};
use crate::roster::{Override, sha256};
use crate::service::app::App;
use crate::service::body::Json;
use crate::service::caller::School;
use crate::service::ids::Ident;
use crate::service::language::Speaks;
use crate::service::once::Key;
use crate::service::problem::{Problem, unknown_id};
use crate::service::queue::{New, id_in, queue, room_for, timed};
use crate::service::shapes;
use crate::store::{NewList, NewPlan, now};
use crate::words::Lang;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

/// What is asked for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanRequest, example = json!({"model": "project-teams", "groups": 2, "seed": 1, "list": {"students": [
    {"id": "1", "gender": "male", "math": 71}, {"id": "2", "gender": "female", "math": 64},
    {"id": "3", "gender": "male", "math": 88}, {"id": "4", "gender": "female", "math": 93}]}}))]
pub(super) struct PlanBody {
    /// An uploaded list, or the students themselves.
    #[serde(deserialize_with = "super::given::list")]
    list: ListChoice,
    /// A model's name (see `/v1/models`), or a whole model.
    #[schema(value_type = Option<shapes::ModelChoice>)]
    model: Option<Value>,
    /// Number of groups in each class.
    #[schema(minimum = 1)]
    groups: Option<usize>,
    /// Students in a group; not together with `groups`.
    #[schema(value_type = Option<shapes::SizeChoice>)]
    size: Option<Size>,
    /// Rules that every plan must keep.
    #[schema(value_type = Option<shapes::Rules>)]
    rules: Option<Value>,
    /// Divide all students of the list together, whatever their class.
    #[serde(default)]
    whole: bool,
    /// An uploaded staff list: groups get teachers.
    staff: Option<Ident>,
    /// Last semester's plan, or who was in which group: new partners.
    previous: Option<PreviousChoice>,
    /// With `previous`: keep the old groups instead.
    #[serde(default)]
    keep: bool,
    /// Levels to prove before stopping: a goal's name, or `all`.
    prove: Option<String>,
    /// Seconds for each class, at most the service's `plan_seconds` (60 where nothing is set); 10 or those, whichever is less,
    /// where absent.
    #[schema(minimum = 0.001, maximum = 3600)]
    time_limit: Option<f64>,
    /// Plans to look at, at most.
    work: Option<u64>,
    /// Seed of the search; the same seed gives the same plan.
    seed: Option<u64>,
}

/// Ask for a plan
///
/// With `Prefer: wait=N` the answer comes when the plan is done, or after N seconds.
#[utoipa::path(post, path = "/v1/plans", tag = "plans",
    params(
        ("Prefer" = Option<String>, Header, description = "wait=N: up to N seconds for the result"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is done once",
            min_length = 1, max_length = 200)),
    request_body = PlanBody,
    responses((status = 200, body = super::PlanAnswer, description = "It has ended"),
        (status = 202, body = super::PlanAnswer, description = "It is at work; see Location"),
        (status = 409, response = shapes::Refusal)))]
pub(super) async fn ask(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    key: Key,
    wait: Wait,
    Json { value, bytes }: Json<PlanBody>,
) -> Result<Response, Problem> {
    let keyed = key.of("POST /v1/plans", sha256(&bytes));
    // Whoever waits must not keep what he has sent: it may be large.
    drop(bytes);
    if let Some(before) = keyed.before(&app, &school).await? {
        drop(value);
        return wait.answer(&app, &school, &id_in(&before.answer)?, lang).await;
    }
    let (room, asked) = tokio::join!(room_for(&app, &school), Asked::of(&app, &school, value, lang));
    room?;
    let asked = asked?;
    // The worker does it again: what it needs is not carried through the queue.
    let seat = app.seat(&school, asked.input.list.bytes.len()).await;
    let request = stored::checked(&app, &school, seat, asked.input.clone()).await?;
    let request = serde_json::to_string(&request).unwrap_or_default();
    let File { name: file, bytes } = &asked.input.list;
    let given = NewList { id: &asked.list, school: &school.0, file, bytes, columns: "[]", created: now() };
    let new = NewPlan {
        list: &asked.list,
        given: asked.given.then_some(given),
        staff: asked.staff.as_deref(),
        previous: asked.previous.as_deref(),
        request: &request,
        due: due::plan(asked.input.request.limit()?, bytes.len()),
        ..NewPlan::default()
    };
    let id = queue(&app, &school, New::Plan(new), &keyed).await?;
    drop(asked);
    wait.answer(&app, &school, &id, lang).await
}

/// A request with everything that it names.
struct Asked {
    input: Input,
    /// Id of the list.
    list: String,
    /// Whether the students came with the request.
    given: bool,
    staff: Option<String>,
    previous: Option<String>,
}

/// The file name of students that came with the request.
const GIVEN: &str = "list.json";

impl Asked {
    async fn of(app: &App, school: &School, mut body: PlanBody, lang: Lang) -> Result<Self, Problem> {
        let limits = app.config().limits.reading();
        let list = std::mem::replace(&mut body.list, ListChoice::Given(Students { students: Vec::new() }));
        let (list, file, overrides) = list_of(app, school, list).await?;
        let staff = match body.staff {
            Some(id) => Some(stored::staff(app, school, id).await?),
            None => None,
        };
        let Before { stored, seats } = before(app, school, body.previous.take()).await?;
        let (previous, earlier) = stored.unzip();
        let (staff_id, staff) = staff.map(|staff| (staff.id, File { name: staff.file, bytes: staff.bytes })).unzip();
        let request = timed(app, PlanRequest { seats, ..request(body, lang) })?;
        let input = Input { list: file, overrides, staff, earlier, request, limits };
        let given = list.is_none();
        let list = list.unwrap_or_else(|| Ident::new().to_string());
        Ok(Self { input, list, given, staff: staff_id, previous })
    }
}

/// The list that a body names or holds: its id where it is stored, its file, what was said of its columns.
pub(in crate::service) async fn list_of(
    app: &App,
    school: &School,
    choice: ListChoice,
) -> Result<(Option<String>, File, Vec<Override>), Problem> {
    match choice {
        ListChoice::Stored(id) => {
            let list = stored::list(app, school, id).await?;
            let overrides = stored::overrides(&list)?;
            Ok((Some(list.id), File { name: list.file, bytes: list.bytes }, overrides))
        }
        ListChoice::Given(students) => {
            // What was JSON is JSON again.
            let seat = app.seat(school, 0).await;
            let bytes = app.think(seat, move || serde_json::to_vec(&students).unwrap_or_default()).await?;
            Ok((None, File { name: GIVEN.to_owned(), bytes }, Vec::new()))
        }
    }
}

/// What goes before a plan.
pub(in crate::service) struct Before {
    /// A stored plan with its id.
    pub(in crate::service) stored: Option<(String, Earlier)>,
    /// The groups themselves.
    pub(in crate::service) seats: Option<Vec<Seat>>,
}

/// Finds the plan that a body names, or takes the groups that it holds.
pub(in crate::service) async fn before(
    app: &App,
    school: &School,
    choice: Option<PreviousChoice>,
) -> Result<Before, Problem> {
    Ok(match choice {
        Some(PreviousChoice::Stored(id)) => Before { stored: Some(earlier(app, school, id).await?), seats: None },
        Some(PreviousChoice::Given(given)) => Before { stored: None, seats: Some(given.groups) },
        None => Before { stored: None, seats: None },
    })
}

/// An earlier plan with its id.
async fn earlier(app: &App, school: &School, id: Ident) -> Result<(String, Earlier), Problem> {
    let plan = app.store().plans().get(&school.0, &id.to_string()).await?;
    let plan = plan.ok_or_else(|| unknown_id("unknown_previous"))?;
    let document = plan.document.ok_or_else(super::not_done)?;
    let documents = stored::documents(&document)?;
    Ok((plan.id, Earlier { documents, sha256: sha256(document.as_bytes()) }))
}

fn request(body: PlanBody, lang: Lang) -> PlanRequest {
    PlanRequest {
        model: body.model,
        groups: body.groups,
        size: body.size,
        rules: body.rules,
        stays: None,
        fitted: None,
        seats: None,
        whole: body.whole,
        keep: body.keep,
        prove: body.prove,
        time_limit: body.time_limit,
        work: body.work,
        seed: body.seed,
        lang: Some(code(lang).to_owned()),
    }
}

/// The word of a language in a stored request.
pub(in crate::service) fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    }
}
