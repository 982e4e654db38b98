//! Why a student is where they are: what the best other places would cost. Every swap and every move of the student is
//! valued exactly; the best that keep the rules are told, and the swaps that cost nothing.

use super::edit::{Move, MovesAnswer, Swap, To, class, language, unfit};
use super::stored::{self, Whole};
use crate::goals::ledger::Exchange;
use crate::goals::{Ledger, Levels, MAX_LEVELS, Objective};
use crate::plan::document::{Document, Status};
use crate::service::app::App;
use crate::service::body::{Id, Json};
use crate::service::caller::School;
use crate::service::ids::Ident;
use crate::service::language::Speaks;
use crate::service::problem::Problem;
use crate::service::shapes;
use crate::solver::Stop;
use crate::words;
use crate::words::{Lang, Words};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::time::Duration;
use utoipa::ToSchema;

/// How many other places are told.
const TOLD: usize = 4;
/// How many are judged at most until so many are found that keep the rules.
const JUDGED: usize = 24;
/// How long other places are judged; what was found by then is told.
const LONGEST: Duration = Duration::from_secs(3);
/// How many swaps that cost nothing are told with each other group at most.
const FREE_EACH: usize = 3;
/// How many are judged for that with each other group at most.
const ASKED_EACH: usize = 6;

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
    let equal = places.iter().filter(|place| place.change == [0; MAX_LEVELS]).take_while(in_time);
    let free = free(equal, |place| change(place).is_free());
    let free = free.into_iter().map(|other| Swap { swap: [id(student), id(other)] }).collect();
    let way = |place: &Place| match place.swapped {
        Some(other) => Move::Swap(Swap { swap: [id(student), id(other)] }),
        None => Move::To(To { student: id(student), to: document.groups[place.group].id.clone() }),
    };
    let priced = places.iter().take(JUDGED).take_while(in_time).map(|place| (place, change(place)));
    let priced = priced.filter(|(_, change)| change.holds()).take(TOLD);
    let alternatives = priced.map(|(place, change)| Alternative { moves: vec![way(place)], change }).collect();
    Ok(Told { reason: words_of(document).get(lang).to_owned(), alternatives, free })
}

/// Whom the student can change places with for nothing, among places with equal levels. Goals of one level can make up for
/// each other and staff lists have rules of their own, so the judge has the last word; he is asked so often at most.
fn free<'p>(equal: impl Iterator<Item = &'p Place>, is_free: impl Fn(&Place) -> bool) -> Vec<usize> {
    let mut tried: HashMap<usize, (usize, usize)> = HashMap::new();
    let mut free = Vec::new();
    for (place, other) in equal.filter_map(|place| Some((place, place.swapped?))) {
        let (asked, found) = tried.entry(place.group).or_default();
        if *found < FREE_EACH && *asked < ASKED_EACH {
            *asked += 1;
            if is_free(place) {
                *found += 1;
                free.push(other);
            }
        }
    }
    free
}

/// Another place of the student.
struct Place {
    /// The group there.
    group: usize,
    /// Who comes in exchange, if anybody.
    swapped: Option<usize>,
    /// By how much the goals' levels change.
    change: Levels,
}

impl Place {
    /// The division with the student there.
    fn taken(&self, group_of: &[usize], student: usize) -> Vec<usize> {
        let mut after = group_of.to_vec();
        if let Some(other) = self.swapped {
            after[other] = after[student];
        }
        after[student] = self.group;
        after
    }
}

/// Every other place, the best by the goals' levels first; of equals the first in the list's order.
fn places(ledger: &Ledger<'_>, student: usize) -> Vec<Place> {
    let group_of = &ledger.group_of;
    let own = group_of[student];
    let mut sizes = vec![0; ledger.objective().groups];
    for &group in group_of {
        sizes[group] += 1;
    }
    let place = |group: usize, swapped: Option<usize>| {
        let exchange = Exchange { a: own, b: group, from_a: &[student], from_b: swapped.as_slice() };
        Place { group, swapped, change: ledger.delta(exchange, MAX_LEVELS) }
    };
    let others = (0..group_of.len()).filter(|&other| group_of[other] != own);
    // Sizes are within one of each other, so only a smaller group has room.
    let smaller = (0..sizes.len()).filter(|&group| sizes[group] < sizes[own]);
    let swaps = others.map(|other| place(group_of[other], Some(other)));
    let mut places: Vec<Place> = swaps.chain(smaller.map(|group| place(group, None))).collect();
    places.sort_by_key(|place| place.change);
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
