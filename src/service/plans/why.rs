//! Why a student is where they are: what the best other places would cost. Every swap and every move of the student is
//! valued exactly; the best that keep the rules are told.

use super::edit::{Move, MovesAnswer, Swap, To, class, language, unfit};
use super::stored::{self, Whole};
use crate::goals::{Levels, Objective};
use crate::plan::document::{Document, Status};
use crate::planning::Prepared;
use crate::service::access::School;
use crate::service::app::App;
use crate::service::body::{Id, Json};
use crate::service::ids::Ident;
use crate::service::language::Speaks;
use crate::service::openapi;
use crate::service::problem::Problem;
use crate::words;
use crate::words::{Lang, Words};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many other places are told.
const TOLD: usize = 4;
/// How many are judged at most until so many are found that keep the rules.
const JUDGED: usize = 24;

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
pub(super) struct Reason {
    /// In words.
    reason: String,
    /// The best other places, the best first.
    alternatives: Vec<Alternative>,
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
    responses((status = 200, body = Reason, description = "Why, and other places"), (status = 409, response = openapi::Refusal)))]
pub(super) async fn why(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    Id(id): Id,
    Json { value: asked, .. }: Json<Question>,
) -> Result<axum::Json<Reason>, Problem> {
    let whole = stored::whole(&app, &school, &id).await?;
    app.think(move || reason(&asked, &whole, lang)).await?.map(axum::Json)
}

fn reason(asked: &Question, whole: &Whole, lang: Lang) -> Result<Reason, Problem> {
    let ready = whole.ready()?;
    let at = class(&whole.documents, asked.class.as_deref())?;
    let document = &whole.documents[at];
    let Some(prepared) = ready.classes().get(at).filter(|_| !document.groups.is_empty()) else {
        return Err(super::not_done());
    };
    let Some(student) = prepared.roster.students.iter().position(|student| student.id == asked.student) else {
        let expected = words!("这份结果中的学号", "a student of the plan");
        return Err(Problem::from(unfit("unknown_student", "student", &asked.student, expected)));
    };
    // A stored plan holds exactly the students of its list.
    let group_of = crate::check::plan_of(&prepared.roster, document).map(|plan| plan.group_of).unwrap_or_default();
    let places = places(prepared, document, student, &group_of);
    let spoken = language(whole, lang);
    let priced = places.into_iter().take(JUDGED).map(|place| {
        let planned = ready.edited(&whole.documents, at, place.group_of, spoken);
        let change = MovesAnswer::of(prepared, document, &planned, lang);
        Alternative { moves: vec![place.step], change }
    });
    let alternatives = priced.filter(|other| other.change.holds()).take(TOLD).collect();
    Ok(Reason { reason: words_of(document).get(lang).to_owned(), alternatives })
}

/// Another place of the student.
struct Place {
    step: Move,
    group_of: Vec<usize>,
    levels: Levels,
}

/// Every other place, the best by the goals' levels first; of equals the first in the list's order.
fn places(prepared: &Prepared, document: &Document, student: usize, group_of: &[usize]) -> Vec<Place> {
    let objective = Objective::new(&prepared.problem);
    let id = |s: usize| prepared.roster.students[s].id.clone();
    let own = group_of[student];
    let swaps = (0..group_of.len()).filter(|&other| group_of[other] != own).map(|other| {
        let mut after = group_of.to_vec();
        after.swap(student, other);
        (Move::Swap(Swap { swap: [id(student), id(other)] }), after)
    });
    let size = |g: usize| group_of.iter().filter(|&&of| of == g).count();
    // Sizes are within one of each other, so only a smaller group has room.
    let moves = (0..document.groups.len()).filter(|&g| size(g) < size(own)).map(|g| {
        let mut after = group_of.to_vec();
        after[student] = g;
        (Move::To(To { student: id(student), to: document.groups[g].id.clone() }), after)
    });
    let value = |(step, group_of): (Move, Vec<usize>)| {
        let levels = objective.evaluate(&group_of);
        Place { step, group_of, levels }
    };
    let mut places: Vec<Place> = swaps.chain(moves).map(value).collect();
    places.sort_by_key(|place| place.levels);
    places
}

/// What is known of the whole plan, which is why everyone is where they are.
fn words_of(document: &Document) -> Words {
    let proved = document.goals.first().is_some_and(|goal| goal.proved);
    match document.status {
        _ if proved => words!(
            "这样分，各级目标最均衡（已证明的部分见上方）；单独换动这名学生的代价如下。",
            "With everyone where they are, the goals are met as the box above says; moving this student alone would cost:"
        ),
        Status::Optimal | Status::Feasible => {
            words!("这是目前找到的分法。", "This is the best grouping that is known so far.")
        }
        Status::Infeasible | Status::Unknown => words!("没有分法。", "There is no grouping."),
    }
}
