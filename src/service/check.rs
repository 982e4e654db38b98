//! Judging a plan, whoever made it: every value, bound, rule and claim, by code that shares nothing with the solver.

use super::app::App;
use super::body::Json;
use super::caller::School;
use super::language::Speaks;
use super::lists;
use super::plans::given::{ListChoice, PreviousChoice};
use super::plans::{Before, FindingRecord, before, list_of};
use super::problem::Problem;
use super::shapes;
use crate::check::CheckedGoal;
use crate::fault::{Fault, Faults};
use crate::jobs::request::PlanRequest;
use crate::pipeline::judged::{Given, Judged, judged};
use crate::plan::document::Document;
use crate::plan::read::{PlanFile, read_within};
use crate::roster::{Limits, Roster, doubt};
use crate::words;
use crate::words::Lang;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A plan with the list that it divides.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CheckRequest)]
pub(super) struct CheckBody {
    /// An uploaded list, or the students themselves.
    #[serde(deserialize_with = "super::plans::given::list")]
    list: ListChoice,
    /// The plan, or one a class.
    #[schema(value_type = shapes::Plans)]
    plan: Value,
    /// Judge by this model instead of the plan's own.
    #[schema(value_type = Option<shapes::ModelChoice>)]
    model: Option<Value>,
    /// Judge by these rules instead of the plan's own.
    #[schema(value_type = Option<shapes::Rules>)]
    rules: Option<Value>,
    /// Last semester's plan, where the plan was made with one.
    previous: Option<PreviousChoice>,
    /// With `previous`: it was made to keep the old groups.
    #[serde(default)]
    keep: bool,
}

/// What the judge says.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct CheckAnswer {
    /// One a class.
    verdicts: Vec<Verdict>,
}

/// The verdict on one class.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Verdict {
    /// The class; empty where the list has none.
    class: String,
    /// Whether nothing is wrong.
    agrees: bool,
    /// What is wrong.
    findings: Vec<FindingRecord>,
    /// Every goal recomputed.
    goals: Vec<GoalVerdict>,
}

/// One goal, recomputed.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct GoalVerdict {
    /// `tiers`, `means` …
    name: String,
    /// 1 is the highest.
    level: u8,
    /// In `unit`.
    value: f64,
    /// Closed-form lower bound in `unit`.
    bound: f64,
    /// The value as an exact integer.
    scaled: i64,
    /// The bound as an exact integer.
    scaled_bound: i64,
    /// Unit of `value` and `bound`.
    unit: String,
}

/// Judge a plan, whoever made it
#[utoipa::path(post, path = "/v1/check", tag = "plans", request_body = CheckBody,
    responses((status = 200, body = CheckAnswer, description = "What was found"), (status = 409, response = shapes::Refusal)))]
pub(super) async fn check(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    Json { value: body, .. }: Json<CheckBody>,
) -> Result<axum::Json<CheckAnswer>, Problem> {
    let (_, file, overrides) = list_of(&app, &school, body.list).await?;
    let Before { stored, seats } = before(&app, &school, body.previous).await?;
    let (model, rules, keep) = (body.model.clone(), body.rules, body.keep);
    let request = PlanRequest { model, rules, seats, keep, ..PlanRequest::default() };
    let asked = request.request(stored.map(|(_, earlier)| earlier).as_ref())?;
    let given = Given { model: body.model.map(|_| asked.model), rules: asked.rules, previous: asked.previous };
    let seat = app.seat(&school, file.bytes.len()).await;
    let reader = app.clone();
    let judge = move || {
        let list = lists::as_read(&reader, &school, (&file.name, &file.bytes), &overrides)?;
        judge(&list, &reader.config().limits.reading(), &body.plan, &given, lang)
    };
    Ok(axum::Json(CheckAnswer { verdicts: app.think(seat, judge).await?? }))
}

fn judge(list: &Roster, limits: &Limits, plan: &Value, given: &Given, lang: Lang) -> Result<Vec<Verdict>, Faults> {
    doubt::settled(&list.doubts, &list.file)?;
    let documents = match read_within("plan", plan.to_string().as_bytes(), limits)? {
        PlanFile::Documents(documents) => documents,
        PlanFile::Assignment(_) => Vec::new(),
    };
    let verdict = |document: &Document| {
        let class = document.groups.first().map(|group| group.class.clone()).unwrap_or_default();
        let judged = judged(&students(list, &class)?, given, document, "plan")?;
        Ok(Verdict::of(class, &judged, lang))
    };
    documents.iter().map(verdict).collect()
}

/// The students that a plan divides; one without a class divides the whole list.
fn students(list: &Roster, class: &str) -> Result<Roster, Faults> {
    if class.is_empty() {
        return Ok(list.clone());
    }
    if list.classes().iter().any(|known| known == class) {
        return Ok(list.of_class(class));
    }
    let class: String = class.chars().take(100).collect();
    Err(Fault {
        code: "unknown_class",
        place: "plan groups[1].class".to_owned(),
        found: words!("班级“{class}”", "class \"{class}\""),
        expected: words!("名册中的班级", "a class of the list"),
        action: words!("请核对名册", "check the list"),
    }
    .into())
}

impl Verdict {
    fn of(class: String, judged: &Judged, lang: Lang) -> Self {
        let goal = |goal: &CheckedGoal| GoalVerdict {
            name: goal.name.word().to_owned(),
            level: goal.level,
            value: goal.value,
            bound: goal.bound,
            scaled: goal.scaled,
            scaled_bound: goal.scaled_bound,
            unit: goal.unit.get(lang).to_owned(),
        };
        Self {
            class,
            agrees: judged.findings.is_empty(),
            findings: judged.findings.iter().map(|finding| FindingRecord::of(finding, lang)).collect(),
            goals: judged.card.iter().flat_map(|card| &card.goals).map(goal).collect(),
        }
    }
}
