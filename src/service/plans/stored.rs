//! What a school has stored, found by id; another school's is not found.

use crate::fault::Faults;
use crate::jobs::PlanRequest;
use crate::jobs::plan::Input;
use crate::jobs::stored;
use crate::pipeline::Ready;
use crate::pipeline::edit::Original;
use crate::plan::document::Document;
use crate::plan::read::{PlanFile, read};
use crate::roster::Override;
use crate::service::app::{App, Seat};
use crate::service::caller::School;
use crate::service::compiled::{self, Opened};
use crate::service::ids::Ident;
use crate::service::lists;
use crate::service::problem::{Kind, Problem, unknown_id};
use crate::solver::Stop;
use crate::store::{List, NewPlan, Plan, StaffList, now};
use std::sync::Arc;
use std::time::Duration;

/// A school's plan.
pub(in crate::service) async fn plan(app: &App, school: &School, id: &str) -> Result<Plan, Problem> {
    app.store().plans().get(&school.0, id).await?.ok_or_else(|| Problem::of(Kind::NotFound))
}

/// A school's class list.
pub(in crate::service) async fn list(app: &App, school: &School, id: Ident) -> Result<List, Problem> {
    app.store().lists().get(&school.0, &id.to_string()).await?.ok_or_else(|| unknown_id("unknown_list"))
}

/// A school's staff list.
pub(in crate::service) async fn staff(app: &App, school: &School, id: Ident) -> Result<StaffList, Problem> {
    app.store().staff().get(&school.0, &id.to_string()).await?.ok_or_else(|| unknown_id("unknown_staff"))
}

/// What was said of a list, word by word.
pub(in crate::service) fn words(list: &List) -> Vec<String> {
    // Written by the upload, which read it.
    serde_json::from_str(&list.columns).unwrap_or_default()
}

/// What was said of a list.
pub(in crate::service) fn overrides(list: &List) -> Result<Vec<Override>, Faults> {
    Override::all(&words(list))
}

/// A done plan with everything that it was made from.
pub(in crate::service) struct Whole {
    /// Its row.
    pub(in crate::service) plan: Plan,
    /// Its documents, one a class.
    pub(in crate::service) documents: Vec<Document>,
    /// What it was made from, and what was compiled of it.
    opened: Arc<Opened>,
    /// The seat on which it was opened: many that wait for one must not hold a plan each.
    pub(in crate::service) seat: Seat,
}

/// What opening a plan is due later, as bytes of a list.
const OPENING: usize = 256 << 10;

/// A seat for what is done with a plan.
pub(in crate::service) async fn seat(app: &App, school: &School) -> Seat {
    app.seat(school, OPENING).await
}

/// Finds a done plan; 409 where it is not done.
pub(in crate::service) async fn whole(app: &App, school: &School, id: &str) -> Result<Whole, Problem> {
    seated(app, school, id, seat(app, school).await).await
}

/// The same on a seat that was taken before.
pub(in crate::service) async fn seated(app: &App, school: &School, id: &str, seat: Seat) -> Result<Whole, Problem> {
    let mut plan = plan(app, school, id).await?;
    let document = plan.document.take().ok_or_else(super::not_done)?;
    opened(app, school, plan, document, seat).await
}

/// A plan at work as it looks so far; none where there is nothing to look at yet.
pub(in crate::service) async fn underway(app: &App, school: &School, id: &str) -> Result<Option<Whole>, Problem> {
    let seat = seat(app, school).await;
    let plan = plan(app, school, id).await?;
    match app.store().plans().draft(&school.0, id).await? {
        Some(draft) => Ok(Some(opened(app, school, plan, draft, seat).await?)),
        None => Ok(None),
    }
}

async fn opened(app: &App, school: &School, plan: Plan, document: String, seat: Seat) -> Result<Whole, Problem> {
    let documents = app.think(seat.clone(), move || documents(&document)).await??;
    let key = compiled::key(&plan, &documents);
    if let Some(opened) = app.compiled().get(&school.0, &key) {
        return Ok(Whole { plan, documents, opened, seat });
    }
    let gone = |failure: crate::jobs::Failure| {
        tracing::warn!(code = failure.code, "a plan's input is not whole");
        Problem::new(Kind::Conflict, failure.detail).code("input_gone")
    };
    let input = stored::input(app.store(), &plan, &app.config().limits.reading()).await?.map_err(gone)?;
    let list = lists::at_hand(app, school, (&input.list.name, &input.list.bytes), &input.overrides);
    let opened = app.compiled().keep(&school.0, key, input.list.bytes.len(), Opened::new(input, list));
    Ok(Whole { plan, documents, opened, seat })
}

/// The documents of a stored plan.
pub(super) fn documents(json: &str) -> Result<Vec<Document>, Problem> {
    match read("plan.json", json.as_bytes())? {
        PlanFile::Documents(documents) => Ok(documents),
        PlanFile::Assignment(_) => Err(Problem::of(Kind::Internal)),
    }
}

impl Whole {
    /// What it was made from.
    pub(in crate::service) fn input(&self) -> &Input {
        &self.opened.input
    }

    /// The classes of the plan, with as many groups as it has.
    pub(in crate::service) fn ready(&self) -> Result<&Ready, Problem> {
        Ok(self.opened.ready(&self.documents)?)
    }

    /// What an edit of the plan by hand begins with.
    pub(super) fn original(&self) -> Result<Original<'_>, Problem> {
        Ok(self.ready()?.original(&self.documents, self.input().bounds()))
    }
}

/// A plan that was made by hand from another one. It has its request with who stays, where that was improved: that binds no edit,
/// but the bounds of all classes were proved with it.
pub(super) fn by_hand<'a>(from: &'a Plan, id: &'a str, document: &'a str) -> NewPlan<'a> {
    NewPlan {
        id,
        school: &from.school,
        list: &from.list,
        staff: from.staff.as_deref(),
        previous: from.previous.as_deref(),
        parent: Some(&from.id),
        request: &from.request,
        document: Some(document),
        created: now(),
        ..NewPlan::default()
    }
}

/// Time that the fitting to a staff list may take.
const FITTING: Duration = Duration::from_secs(10);

/// The request of an input of which a plan can be made: everything that is wrong with it is told before it is queued, and what is
/// fitted to a staff list then is not fitted again.
pub(super) async fn checked(app: &App, school: &School, seat: Seat, mut input: Input) -> Result<PlanRequest, Problem> {
    let (reader, school) = (app.clone(), school.clone());
    let check = move |stop: &Stop| {
        let list = lists::as_read(&reader, &school, (&input.list.name, &input.list.bytes), &input.overrides);
        input.request.fitted = input.fitted(list, stop)?;
        Ok::<_, Faults>(input.request)
    };
    Ok(app.think_within(seat, FITTING, check).await??)
}
