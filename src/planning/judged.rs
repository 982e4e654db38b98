//! A plan's document judged, whoever made it: by the model and rules that it carries, or by those that are given instead.

use crate::check::{self, Finding, ScoreCard};
use crate::fault::{Fault, Faults};
use crate::model::request::Previous;
use crate::model::{Model, Policy, Request, Rules, Sizing};
use crate::plan::document::Document;
use crate::roster::Roster;
use crate::words;

/// What a document is judged by in place of what it carries.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Another model.
    pub model: Option<Model>,
    /// Other rules, where there are any.
    pub rules: Rules,
    /// Last semester's plan, of which a document carries only the digest.
    pub previous: Option<Previous>,
}

/// A document with its verdict.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What it was judged by.
    pub request: Request,
    /// The model applied to the class.
    pub policy: Policy,
    /// Every goal recomputed; none where the document holds no whole plan.
    pub card: Option<ScoreCard>,
    /// What is wrong; empty where it stands.
    pub findings: Vec<Finding>,
}

/// Judges a document against the students of its class. `place` names the document in faults.
///
/// # Errors
/// A model that cannot be read, or that the list lacks columns for.
pub fn judged(roster: &Roster, given: &Given, document: &Document, place: &str) -> Result<Judged, Faults> {
    let model = given.model.clone().map_or_else(|| carried(document, place), Ok)?;
    let carried_rules = || serde_json::from_value(document.request.rules.clone()).unwrap_or_default();
    let request = Request {
        rules: if given.rules.is_empty() { carried_rules() } else { given.rules.clone() },
        sizing: Some(Sizing::Count(document.request.groups)),
        previous: given.previous.clone(),
        // Whether visits were a goal is for the plan to say; the teachers are judged beside it.
        staff: document.request.staff_sha256.clone(),
        ..Request::new(model)
    };
    let policy = Policy::apply(&request, roster)?;
    let card = check::plan_of(roster, document).ok().map(|plan| check::score(roster, &request, &policy, &plan));
    let findings = check::judge(roster, &request, &policy, document);
    Ok(Judged { request, policy, card, findings })
}

fn carried(document: &Document, place: &str) -> Result<Model, Faults> {
    serde_json::from_value(document.request.model.clone()).map_err(|error| {
        Fault {
            code: "bad_model",
            place: format!("{place} request.model"),
            found: words!("{error}", "{error}"),
            expected: words!("分组方案", "a model"),
            action: words!("请用 --model 指定方案", "name a model with --model"),
        }
        .into()
    })
}
