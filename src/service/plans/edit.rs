//! Hand editing: what moves would change, and the changed plan as a new one. Plans never change, so undo is free.

use super::ask::code;
use super::stored::{self, Whole};
use crate::check::Finding;
use crate::fault::{Fault, Faults};
use crate::pipeline::{Planned, Prepared};
use crate::plan::document::{BalanceKind, Document};
use crate::report::{self, names};
use crate::roster::sha256;
use crate::service::app::App;
use crate::service::body::{Id, Json};
use crate::service::caller::School;
use crate::service::ids::Ident;
use crate::service::language::Speaks;
use crate::service::once::Key;
use crate::service::problem::Problem;
use crate::service::shapes;
use crate::store::Inserted;
use crate::words;
use crate::words::{Lang, Words};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Moves to look at, or to make.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MovesRequest)]
pub(super) struct Edit {
    /// Done one after the other.
    #[schema(min_items = 1)]
    moves: Vec<Move>,
    /// Make a new plan of it; else only look.
    #[serde(default)]
    apply: bool,
    /// The class, where the plan has several.
    class: Option<String>,
}

/// One move.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Move {
    /// A student goes to a group.
    To(To),
    /// Two students change places.
    Swap(Swap),
}

/// A student goes to a group.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct To {
    /// The student's id.
    pub(super) student: String,
    /// The group's id.
    pub(super) to: String,
}

/// Two students change places.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Swap {
    /// Their ids.
    pub(super) swap: [String; 2],
}

/// What moves change.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct MovesAnswer {
    /// Every goal before and after, highest level first.
    goals: Vec<Effect>,
    /// How far the groups are apart in every balanced column, before and after.
    balance: Vec<Shift>,
    /// Rules that would not hold; a plan that breaks one is not made.
    broken: Vec<FindingRecord>,
    /// The new plan, where it was asked for.
    plan: Option<Ident>,
}

/// One goal before and after.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct Effect {
    /// `tiers`, `means` …
    name: String,
    /// 1 is the highest.
    level: u8,
    /// Unit of `before` and `after`.
    unit: String,
    /// Value now; less is better.
    before: f64,
    /// Value after the moves.
    after: f64,
    /// The value now as the exact integer that is compared.
    before_scaled: i64,
    /// The value after the moves as an exact integer.
    after_scaled: i64,
}

/// How far the groups are apart in one column, before and after.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct Shift {
    /// The column's name; `gender=male` for a category's value.
    column: String,
    /// The column in words.
    label: String,
    /// `score` (means), `count` or `tier` (students).
    #[schema(value_type = String)]
    kind: BalanceKind,
    /// Largest less smallest group now.
    before: f64,
    /// Largest less smallest group after the moves.
    after: f64,
}

/// One thing that the judge found wrong.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Finding)]
pub(in crate::service) struct FindingRecord {
    /// A stable word.
    code: String,
    /// Where, in the keys of the plan.
    #[serde(rename = "where")]
    place: String,
    /// In words.
    message: String,
}

impl FindingRecord {
    pub(in crate::service) fn of(finding: &Finding, lang: Lang) -> Self {
        let message = finding.message.get(lang).to_owned();
        Self { code: finding.code.to_owned(), place: finding.place.clone(), message }
    }
}

/// What moves would change, or with `apply` a new plan
#[utoipa::path(post, path = "/v1/plans/{id}/moves", tag = "plans",
    params(("id" = Ident, Path, description = "The plan"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is done once",
            min_length = 1, max_length = 200)),
    request_body = Edit,
    responses((status = 200, body = MovesAnswer, description = "What would change"),
        (status = 201, body = MovesAnswer, description = "The new plan; see Location"),
        (status = 409, response = shapes::Refusal)))]
pub(super) async fn moves(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    key: Key,
    Id(id): Id,
    Json { value: asked, bytes }: Json<Edit>,
) -> Result<Response, Problem> {
    let keyed = key.of("POST /v1/plans/moves", sha256(&[id.as_bytes(), &bytes].concat()));
    if let Some(before) = keyed.before(&app, &school).await? {
        return Ok(made(&crate::service::body::parse(before.answer.as_bytes())?));
    }
    let whole = stored::whole(&app, &school, &id).await?;
    let apply = asked.apply;
    let seat = whole.seat.clone();
    let work = move || edit(&asked, &whole, lang).map(|edited| (whole, edited));
    let (whole, edited) = app.think(seat, work).await??;
    let Edited { at, planned, mut answer } = edited;
    if !apply {
        return Ok(axum::Json(answer).into_response());
    }
    if let Some(refused) = refused(&planned.findings) {
        return Err(refused.into());
    }
    let mut documents = whole.documents;
    if let Some(document) = documents.get_mut(at) {
        *document = planned.document;
    }
    let new = Ident::new();
    answer.plan = Some(new);
    let (text, json) = (serde_json::to_string(&answer).unwrap_or_default(), report::json(&documents));
    let id = new.to_string();
    let plan = stored::by_hand(&whole.plan, &id, &json);
    match app.store().plans().insert(&plan, keyed.once(201, &text).as_ref()).await? {
        Inserted::New => Ok(made(&answer)),
        Inserted::Before(before) => Ok(made(&crate::service::body::parse(before.answer.as_bytes())?)),
    }
}

fn made(answer: &MovesAnswer) -> Response {
    let place = answer.plan.map(|plan| format!("/v1/plans/{plan}")).unwrap_or_default();
    (StatusCode::CREATED, [(LOCATION, place)], axum::Json(answer)).into_response()
}

impl MovesAnswer {
    /// What an edit changes in the plan of a class.
    pub(super) fn of(prepared: &Prepared, document: &Document, planned: &Planned, lang: Lang) -> Self {
        let effects = document.goals.iter().zip(&planned.document.goals).map(|(before, after)| Effect {
            name: after.name.clone(),
            level: after.level,
            unit: after.unit.clone(),
            before: before.value,
            after: after.value,
            before_scaled: before.scaled,
            after_scaled: after.scaled,
        });
        let shifts = document.balance.iter().zip(&planned.document.balance).map(|(before, after)| Shift {
            column: after.column.clone(),
            label: names::balance(after, &prepared.request.model, lang),
            kind: after.kind,
            before: before.range,
            after: after.range,
        });
        let broken = planned.findings.iter().map(|finding| FindingRecord::of(finding, lang)).collect();
        Self { goals: effects.collect(), balance: shifts.collect(), broken, plan: None }
    }

    /// Whether every rule holds.
    pub(super) fn holds(&self) -> bool {
        self.broken.is_empty()
    }

    /// Whether every rule holds and every goal stays exactly as it is.
    pub(super) fn is_free(&self) -> bool {
        self.holds() && self.goals.iter().all(|goal| goal.before_scaled == goal.after_scaled)
    }
}

struct Edited {
    /// Which class.
    at: usize,
    planned: Planned,
    answer: MovesAnswer,
}

fn edit(asked: &Edit, whole: &Whole, lang: Lang) -> Result<Edited, Problem> {
    let original = whole.original()?;
    let at = class(&whole.documents, asked.class.as_deref())?;
    let document = &whole.documents[at];
    let Some(prepared) = original.prepared.get(at).filter(|_| !document.groups.is_empty()) else {
        return Err(super::not_done());
    };
    let group_of = places(prepared, document, &asked.moves)?;
    let planned = original.edited(at, group_of, language(whole, lang));
    let answer = MovesAnswer::of(prepared, document, &planned, lang);
    Ok(Edited { at, planned, answer })
}

/// An edited plan speaks the language of the plan that it comes from.
pub(super) fn language(whole: &Whole, lang: Lang) -> Lang {
    match whole.input().request.lang.as_deref() {
        Some(word) if word == code(Lang::En) => Lang::En,
        Some(_) => Lang::Zh,
        None => lang,
    }
}

/// The place of the class among the plan's documents.
pub(super) fn class(documents: &[Document], class: Option<&str>) -> Result<usize, Faults> {
    let name = |document: &Document| document.groups.first().map(|group| group.class.clone()).unwrap_or_default();
    let at = match class {
        None if documents.len() == 1 => Some(0),
        None => None,
        Some(class) => documents.iter().position(|document| name(document) == class),
    };
    at.ok_or_else(|| {
        let (found, known) = (class.unwrap_or("-"), documents.iter().map(name).collect::<Vec<_>>().join(", "));
        unfit("unknown_class", "class", found, words!("其中一个班：{known}", "one of {known}")).into()
    })
}

/// The group of each student after the moves.
fn places(prepared: &Prepared, document: &Document, moves: &[Move]) -> Result<Vec<usize>, Faults> {
    let plan = crate::check::plan_of(&prepared.roster, document);
    // A stored plan holds exactly the students of its list.
    let mut group_of = plan.map(|plan| plan.group_of).unwrap_or_default();
    let student = |id: &str| prepared.roster.students.iter().position(|student| student.id == id);
    let group = |id: &str| document.groups.iter().position(|group| group.id == id);
    let mut faults = Vec::new();
    for (i, step) in moves.iter().enumerate() {
        let place = |key: &str| format!("moves[{i}].{key}");
        let unknown = |id: &str, key: &str| {
            unfit("unknown_student", &place(key), id, words!("这份结果中的学号", "a student of the plan"))
        };
        match step {
            Move::To(To { student: id, to }) => match (student(id), group(to)) {
                (Some(s), Some(g)) => group_of[s] = g,
                (None, _) => faults.push(unknown(id, "student")),
                (_, None) => {
                    let expected = words!("这份结果中的小组编号", "the id of a group of the plan");
                    faults.push(unfit("unknown_group", &place("to"), to, expected));
                }
            },
            Move::Swap(Swap { swap: [a, b] }) => match (student(a), student(b)) {
                (Some(s), Some(t)) => group_of.swap(s, t),
                (None, _) => faults.push(unknown(a, "swap[0]")),
                (_, None) => faults.push(unknown(b, "swap[1]")),
            },
        }
    }
    if faults.is_empty() { Ok(group_of) } else { Err(Faults(faults)) }
}

/// Something that the plan does not have.
pub(super) fn unfit(code: &'static str, place: &str, found: &str, expected: Words) -> Fault {
    let found: String = found.chars().take(100).collect();
    Fault {
        code,
        place: place.to_owned(),
        found: words!("“{found}”", "\"{found}\""),
        expected,
        action: words!("请改正 {place}", "correct {place}"),
    }
}

/// What the judge has against an edited plan, as faults of the request.
fn refused(findings: &[Finding]) -> Option<Faults> {
    let fault = |finding: &Finding| Fault {
        code: finding.code,
        place: finding.place.clone(),
        found: finding.message.clone(),
        expected: words!("满足所有规则的分组", "a plan that keeps every rule"),
        action: words!(
            "请换一种调法，或先改规则再重新分组",
            "move others too, or change the rules and ask for a new plan"
        ),
    };
    (!findings.is_empty()).then(|| Faults(findings.iter().map(fault).collect()))
}
