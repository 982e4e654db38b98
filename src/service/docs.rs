//! The page of `/docs`: every route with its shapes, made from the OpenAPI document; no script, nothing from elsewhere.

use askama::Template;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// The page needs its own style sheet and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

#[derive(Template)]
#[template(path = "service/docs.html")]
struct Page {
    title: String,
    about: String,
    operations: Vec<Operation>,
    schemas: Vec<(String, String)>,
}

struct Operation {
    method: String,
    path: String,
    summary: String,
    about: String,
    parameters: Vec<Parameter>,
    body: Option<String>,
    answers: Vec<(String, String)>,
}

struct Parameter {
    name: String,
    place: String,
    about: String,
}

/// The page as it is sent.
pub(super) fn answer(page: &'static str) -> Response {
    ([(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, POLICY)], page).into_response()
}

/// The style sheet of the page.
pub(super) async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("docs.css")).into_response()
}

/// Renders the document.
pub(super) fn page(document: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let items = document["paths"].as_object().into_iter().flatten();
    let operations = items.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| Operation::of(method, path, operation))
    });
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    let page = Page {
        title: text(&document["info"]["title"]),
        about: text(&document["info"]["description"]),
        operations: operations.collect(),
        schemas: schemas.map(|(name, schema)| (name.clone(), format!("{schema:#}"))).collect(),
    };
    // The template is part of the program; text in memory gives it no cause to fail.
    page.render().unwrap_or_default()
}

impl Operation {
    fn of(method: &str, path: &str, operation: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let parameter = |parameter: &Value| Parameter {
            name: text(&parameter["name"]),
            place: text(&parameter["in"]),
            about: text(&parameter["description"]),
        };
        let answers = operation["responses"].as_object().into_iter().flatten();
        Self {
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: text(&operation["summary"]),
            about: text(&operation["description"]),
            parameters: operation["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
            body: operation.get("requestBody").map(|body| format!("{:#}", body["content"])),
            answers: answers.map(|(status, answer)| (status.clone(), format!("{answer:#}"))).collect(),
        }
    }
}
