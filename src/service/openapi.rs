//! The routes, the OpenAPI document that is made from them, and a page that shows it.
//!
//! Shapes that the command line shares (model, rules, plan) come from the types that read and write them; every route gets
//! the problem documents that the layers around it can answer with.

use super::app::App;
use super::{batches, check, docs, groups, health, lists, metrics, models, plans, schools, staff};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use schemars::JsonSchema;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::sync::LazyLock;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Every route that is in the OpenAPI document. What holds a school's data is behind the guard.
fn routes() -> OpenApiRouter<App> {
    open().merge(guarded())
}

/// What anybody may read.
pub(super) fn open() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(openapi))
        .routes(routes!(page))
}

/// What holds a school's data, or takes work.
pub(super) fn guarded() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(metrics::metrics))
        .routes(routes!(models::list))
        .routes(routes!(lists::upload))
        .routes(routes!(lists::reread))
        .routes(routes!(lists::erase))
        .routes(routes!(staff::upload))
        .routes(routes!(staff::erase))
        .routes(routes!(groups::groups))
        .routes(routes!(check::check))
        .routes(routes!(schools::export, schools::erase))
        .merge(plans::router())
        .merge(batches::router())
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(build);
static TEXT: LazyLock<String> = LazyLock::new(|| format!("{:#}\n", *DOCUMENT));
static PAGE: LazyLock<String> = LazyLock::new(|| docs::page(&DOCUMENT));

/// The document.
#[must_use]
pub fn document() -> &'static Value {
    &DOCUMENT
}

/// This document
#[utoipa::path(get, path = "/openapi.json", tag = "operation", responses(
    (status = 200, description = "OpenAPI 3.1", body = Object, content_type = "application/json"),
))]
pub(super) async fn openapi() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], TEXT.as_str())
}

/// The same for people
#[utoipa::path(get, path = "/docs", tag = "operation", responses(
    (status = 200, description = "Every route with its shapes", body = String, content_type = "text/html"),
))]
pub(super) async fn page() -> impl IntoResponse {
    docs::answer(PAGE.as_str())
}

fn build() -> Value {
    let (_, api) = routes().split_for_parts();
    // The document is plain data, which always serialises.
    let mut document = serde_json::to_value(&api).unwrap_or_default();
    document["info"] = json!({
        "title": "fenzu 分组",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "Divides students into groups that are homogeneous between groups and heterogeneous within groups, \
                        and proves how good the division is. Errors are problem documents (RFC 9457) in the language of \
                        Accept-Language, Chinese (zh) or English (en).",
        "license": {"name": "MIT OR Apache-2.0"},
    });
    let components = &mut document["components"];
    components["securitySchemes"] = json!({"token": {"type": "http", "scheme": "bearer"}});
    components["responses"]["Problem"] = json!({
        "description": "A problem document (RFC 9457)",
        "content": {super::problem::MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    });
    put_schema::<crate::model::Model>(components, "Model");
    put_schema::<crate::model::Rules>(components, "Rules");
    put_schema::<crate::jobs::request::Seat>(components, "Seat");
    put_schema::<crate::plan::document::Document>(components, "Plan");
    let model = json!({"$ref": "#/components/schemas/Model"});
    let plan = json!({"$ref": "#/components/schemas/Plan"});
    let number = json!({"type": "integer", "minimum": 1});
    let range = json!({"type": "object", "required": ["min", "max"], "additionalProperties": false,
        "properties": {"min": number, "max": number}});
    components["schemas"]["ModelChoice"] = json!({"anyOf": [{"type": "string"}, model]});
    components["schemas"]["Plans"] = json!({"anyOf": [plan, {"type": "array", "items": plan}]});
    components["schemas"]["SizeChoice"] = json!({"anyOf": [number, range]});
    components["schemas"]["CellValue"] = json!({"type": ["string", "number", "boolean", "null"]});
    for form in ["ListForm", "StaffForm", "BatchForm", "GroupsForm"] {
        components["schemas"][form]["additionalProperties"] = json!(false);
    }
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths {
            let operations = item.as_object_mut().into_iter().flatten();
            operations.for_each(|(method, operation)| complete(method, path, operation));
        }
    }
    name_unsigned(&mut document);
    join_words(&mut document);
    document
}

/// A choice among described words becomes one list of words, their descriptions in the list's: generators of clients know that
/// form, and make an enumeration of it.
fn join_words(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some((words, described)) = map.get("oneOf").and_then(words) {
                let about = map.get("description").and_then(Value::as_str).unwrap_or_default();
                let about = format!("{about}{described}").trim_start().to_owned();
                map.remove("oneOf");
                map.insert("type".to_owned(), json!("string"));
                map.insert("enum".to_owned(), json!(words));
                map.insert("description".to_owned(), json!(about));
            }
            map.values_mut().for_each(join_words);
        }
        Value::Array(items) => items.iter_mut().for_each(join_words),
        _ => {}
    }
}

/// The words of a choice, and a line about each that has a description; none where something else than words may be chosen.
fn words(choice: &Value) -> Option<(Vec<String>, String)> {
    let (mut all, mut about) = (Vec::new(), String::new());
    for case in choice.as_array()? {
        let single = case.get("const").map(std::slice::from_ref);
        let words = single.or_else(|| case.get("enum").and_then(Value::as_array).map(Vec::as_slice))?;
        for word in words {
            let word = word.as_str()?.to_owned();
            if let Some(text) = case.get("description").and_then(Value::as_str) {
                // Writing to a String cannot fail.
                let _ = write!(about, "\n- `{word}`: {text}");
            }
            all.push(word);
        }
    }
    Some((all, about))
}

/// `int64` ends at 2^63 − 1; what cannot be negative goes on to 2^64 − 1, and the document must not promise less.
fn name_unsigned(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let unsigned = map.get("minimum").and_then(Value::as_u64).is_some();
            if let Some(format) = map.get_mut("format").filter(|format| unsigned && **format == "int64") {
                *format = json!("uint64");
            }
            map.values_mut().for_each(name_unsigned);
        }
        Value::Array(items) => items.iter_mut().for_each(name_unsigned),
        _ => {}
    }
}

/// Puts a type's schema and those that it refers to among the components.
fn put_schema<T: JsonSchema>(components: &mut Value, name: &str) {
    let text = schemars::schema_for!(T).to_value().to_string().replace("#/$defs/", "#/components/schemas/");
    let mut schema: Map<String, Value> = serde_json::from_str(&text).unwrap_or_default();
    schema.remove("$schema");
    schema.remove("title");
    let parts = schema.remove("$defs");
    for (part, schema) in parts.as_ref().and_then(Value::as_object).into_iter().flatten() {
        components["schemas"][part] = schema.clone();
    }
    components["schemas"][name] = Value::Object(schema);
}

/// One of the events that a stream is made of.
fn event() -> Value {
    json!({
        "type": "object",
        "description": "One event; its data is JSON: state and progress, the plan, the state at the end.",
        "required": ["event", "data"],
        "properties": {"event": {"type": "string", "enum": ["progress", "plan", "done"]}, "data": {"type": "string"}},
    })
}

/// An id of its own, and what the layers around every route can answer with.
fn complete(method: &str, path: &str, operation: &mut Value) {
    // Names of handlers repeat from file to file; a route does not: `get_v1_plans_id_events`.
    operation["operationId"] = json!(format!("{method}{}", path.replace(['/', '.'], "_").replace(['{', '}'], "")));
    let mut statuses = vec!["400", "403", "429", "500", "503"];
    if path.starts_with("/v1/") || path == "/metrics" {
        statuses.push("401");
        // Without tokens on loopback, with one elsewhere.
        operation["security"] = json!([{}, {"token": []}]);
    }
    if path.contains('{') {
        statuses.push("404");
    }
    if operation.get("requestBody").is_some() {
        statuses.extend(["404", "408", "413", "415", "422"]);
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    let contents = responses.values_mut().filter_map(|answer| answer.get_mut("content")?.as_object_mut());
    for (media, answer) in contents.flatten() {
        if media == "text/event-stream" {
            answer["schema"] = event();
        } else if !(media.starts_with("text/") || media.ends_with("json")) {
            // What is no text, clients should keep as bytes.
            answer["schema"] = json!({"type": "string", "format": "binary"});
        }
    }
    for status in statuses {
        responses.entry(status).or_insert_with(|| json!({"$ref": "#/components/responses/Problem"}));
    }
    responses.sort_keys();
}
