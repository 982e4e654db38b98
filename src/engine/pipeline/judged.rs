//! A plan's document judged, whoever made it: by the model and rules that it carries, or by those that are given instead.

use super::last::unmatched;
use crate::check::{self, Finding, ScoreCard};
use crate::fault::{Fault, Faults, Notice};
use crate::model::previous::settle;
use crate::model::request::Previous;
use crate::model::{Model, Policy, Request, Rules, Sizing};
use crate::plan::document::Document;
use crate::roster::Roster;
use crate::words;
use serde::de::DeserializeOwned;
use serde_json::Value;

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
    /// Who is who since last semester.
    pub notices: Vec<Notice>,
}

/// Judges a document against the students of its class. `place` names the document in faults.
///
/// # Errors
/// A model or rules that cannot be read, or a model that the list lacks columns for.
pub fn judged(roster: &Roster, given: &Given, document: &Document, place: &str) -> Result<Judged, Faults> {
    let asked = &document.request;
    let model = given.model.clone().map_or_else(|| carried(&asked.model, ("bad_model", "model"), place), Ok);
    let rules = if given.rules.is_empty() {
        carried(&asked.rules, ("bad_rules", "rules"), place)
    } else {
        Ok(given.rules.clone())
    };
    let (model, rules) = Faults::of_both(model, rules)?;
    let mut request = Request {
        rules,
        sizing: Some(Sizing::Count(document.request.groups)),
        previous: given.previous.clone(),
        // Whether visits were a goal is for the plan to say; the teachers are judged beside it.
        staff: document.request.staff_sha256.clone(),
        ..Request::new(model)
    };
    let notices = settle(&mut request, roster);
    let policy = Policy::apply(&request, roster)?;
    let card = check::plan_of(roster, document).ok().map(|plan| check::score(roster, &request, &policy, &plan));
    let mut findings = check::judge(roster, &request, &policy, document);
    if given.previous.is_some() && request.previous.is_none() {
        findings.push(unmatched());
    }
    Ok(Judged { request, policy, card, findings, notices })
}

/// What a document carries of its request, under `request.KEY`.
fn carried<T: DeserializeOwned>(value: &Value, (code, key): (&'static str, &str), place: &str) -> Result<T, Faults> {
    T::deserialize(value).map_err(|error| {
        Fault {
            code,
            place: format!("{place} request.{key}"),
            found: words!("{error}", "{error}"),
            expected: words!("fenzu 写出的内容", "what fenzu writes there"),
            action: words!("请另外给出 {key}", "give {key} beside the plan"),
        }
        .into()
    })
}
