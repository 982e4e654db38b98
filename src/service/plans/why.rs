//! Why a student is where they are: of all other [places] the best that keep the rules are told, and the swaps that cost nothing.

use super::edit::{Move, MovesAnswer, Swap, To, class, language, unfit};
use super::stored::{self, Whole};
use crate::explain::places::{Place, free, places, why as reason_of};
use crate::goals::{Ledger, Objective};
use crate::service::app::App;
use crate::service::body::{Id, Json};
use crate::service::caller::School;
use crate::service::ids::Ident;
use crate::service::language::Speaks;
use crate::service::problem::Problem;
use crate::service::shapes;
use crate::solver::Stop;
use crate::words;
use crate::words::Lang;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

/// How many other places are told.
const TOLD: usize = 4;
/// How many are judged at most until so many are found that keep the rules.
const JUDGED: usize = 24;
/// How long other places are judged; what was found by then is told.
const LONGEST: Duration = Duration::from_secs(3);

/// Whom it is about.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    /// The student's id.
    student: String,
    /// The class, where the plan has several.
    class: Option<String>,
}

/// Why a student is where they are.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Reason)]
pub(super) struct Told {
    /// In words.
    reason: String,
    /// The best other places, the best first.
    alternatives: Vec<Alternative>,
    /// Swaps for which every goal stays exactly as it is and every rule holds, so that a wish can be granted for nothing: at
    /// most three with each other group, in the list's order.
    free: Vec<Swap>,
}

/// Another place, and what it would change.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Alternative {
    /// What to ask `/moves` for.
    moves: Vec<Move>,
    /// What it would change.
    #[serde(flatten)]
    change: MovesAnswer,
}

/// Why a student is in this group, and what the best other places would cost
#[utoipa::path(post, path = "/v1/plans/{id}/why", tag = "plans",
    params(("id" = Ident, Path, description = "The plan")),
    request_body = Question,
    responses((status = 200, body = Told, description = "Why, and other places"), (status = 409, response = shapes::Refusal)))]
pub(super) async fn why(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    Id(id): Id,
    Json { value: asked, .. }: Json<Question>,
) -> Result<axum::Json<Told>, Problem> {
    let whole = stored::whole(&app, &school, &id).await?;
    app.think_within(whole.seat.clone(), LONGEST, move |stop| reason(&asked, &whole, lang, stop)).await?.map(axum::Json)
}

fn reason(asked: &Question, whole: &Whole, lang: Lang, stop: &Stop) -> Result<Told, Problem> {
    let original = whole.original()?;
    let at = class(&whole.documents, asked.class.as_deref())?;
    let document = &whole.documents[at];
    let Some(prepared) = original.prepared.get(at).filter(|_| !document.groups.is_empty()) else {
        return Err(super::not_done());
    };
    let Some(student) = prepared.roster.students.iter().position(|student| student.id == asked.student) else {
        let expected = words!("这份结果中的学号", "a student of the plan");
        return Err(Problem::from(unfit("unknown_student", "student", &asked.student, expected)));
    };
    // A stored plan holds exactly the students of its list.
    let group_of = crate::check::plan_of(&prepared.roster, document).map(|plan| plan.group_of).unwrap_or_default();
    let objective = Objective::new(&prepared.problem);
    let ledger = Ledger::new(&objective, group_of);
    let places = places(&ledger, student);
    let spoken = language(whole, lang);
    let change = |place: &Place| {
        let planned = original.edited(at, place.taken(&ledger.group_of, student), spoken);
        MovesAnswer::of(prepared, document, &planned, lang)
    };
    let id = |s: usize| prepared.roster.students[s].id.clone();
    let in_time = |_: &&Place| stop.reached().is_none();
    let equal = places.iter().filter(|place| place.is_equal()).take_while(in_time);
    let free = free(equal, |place| change(place).is_free());
    let free = free.into_iter().map(|other| Swap { swap: [id(student), id(other)] }).collect();
    let way = |place: &Place| match place.swapped {
        Some(other) => Move::Swap(Swap { swap: [id(student), id(other)] }),
        None => Move::To(To { student: id(student), to: document.groups[place.group].id.clone() }),
    };
    let priced = places.iter().take(JUDGED).take_while(in_time).map(|place| (place, change(place)));
    let priced = priced.filter(|(_, change)| change.holds()).take(TOLD);
    let alternatives = priced.map(|(place, change)| Alternative { moves: vec![way(place)], change }).collect();
    Ok(Told { reason: reason_of(document).get(lang).to_owned(), alternatives, free })
}
