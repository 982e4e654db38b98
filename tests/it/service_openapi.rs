//! The OpenAPI document: the stored one is the routes', and what it says holds together.

use crate::service_client::Server;
use fenzu::report::{FORMATS, Format};
use fenzu::service::config::Config;
use fenzu::service::openapi::document;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// `UPDATE_SCHEMA=1 cargo test --release openapi` writes the file anew.
#[test]
fn the_stored_document_is_the_routes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/openapi.json");
    let text = format!("{:#}\n", document());
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &text).expect("a file");
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == text, "models/openapi.json is out of date: run with UPDATE_SCHEMA=1");
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|inner| references(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| references(inner, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let mut found = BTreeSet::new();
    references(document(), &mut found);
    assert!(found.len() > 20, "{found:?}");
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads out of the document"));
        assert!(document().pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

/// What is said of a plan's files is what their formats say of themselves.
#[test]
fn every_format_of_files_is_told() {
    let export = &document()["paths"]["/v1/plans/{id}/export"]["get"];
    let told = export["responses"]["200"]["content"].as_object().expect("media types");
    let media = |format: &Format| format.media.split(';').next().unwrap_or_default().to_owned();
    let known: BTreeSet<String> = FORMATS.into_iter().map(media).collect();
    assert_eq!(told.keys().cloned().collect::<BTreeSet<_>>(), known);
    let parameter = export["parameters"].as_array().and_then(|all| all.iter().find(|one| one["name"] == "format"));
    assert_eq!(parameter.expect("a parameter")["schema"]["enum"], serde_json::json!(FORMATS.map(|format| format.word)));
}

#[test]
fn every_route_tells_its_errors() {
    let mut operations = BTreeSet::new();
    for (path, item) in document()["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            let answers = operation["responses"].as_object().expect("answers");
            assert!(answers.keys().any(|status| status.starts_with('2')), "{method} {path}");
            assert!(answers.contains_key("500") && answers.contains_key("429"), "{method} {path}");
            assert!(!path.starts_with("/v1/") || answers.contains_key("401"), "{method} {path}");
            assert!(operation["summary"].is_string(), "{method} {path}");
            let told = |answer: &Value| answer["$ref"].is_string() || answer["description"].is_string();
            assert!(answers.values().all(told), "OpenAPI demands a description of every answer: {method} {path}");
            assert!(operations.insert(operation["operationId"].to_string()), "an id twice: {method} {path}");
        }
    }
    assert!(operations.len() >= 20);
}

#[test]
fn the_document_and_its_page_are_served() {
    let server = Server::start();
    assert_eq!(&server.get("/openapi.json").status(200).json(), document());
    let page = server.get("/docs").status(200).text();
    assert!(page.contains("/v1/plans/{id}/moves") && !page.contains("<script"));
    assert!(server.get("/docs/style.css").status(200).text().contains("color-scheme"));
    assert_eq!(server.get("/healthz").status(200).json()["status"], "ok");
    assert_eq!(server.get("/readyz").status(200).json()["status"], "ok");
    let numbers = server.get("/metrics").status(200).text();
    assert!(numbers.contains("fenzu_http_requests_total{route=\"/docs\",status=\"200\"} 1"), "{numbers}");
    assert!(numbers.contains("fenzu_queue_depth 0"), "{numbers}");
}

#[test]
fn the_defaults_are_valid_and_faults_are_told() {
    Config::default().check().expect("valid");
    assert!(Config::read("", "f.toml").is_ok());
    let mut config =
        Config::read("retention_days = 0\n[limits]\nrows = 0\nplan_seconds = -1\n", "f.toml").expect("read");
    assert_eq!(config.check().expect_err("refused").0.len(), 3);
    config.retention_days = 1;
    assert_eq!(config.check().expect_err("refused").0.len(), 2);
    let fault = Config::read("listen = \"here\"\n", "f.toml").expect_err("refused");
    assert_eq!((fault.0[0].code, fault.0[0].place.as_str()), ("bad_config", "f.toml line 1"));
    assert!(Config::read("colour = 1\n", "f.toml").is_err());
}

/// The page on the service shows every setting with its default.
#[test]
fn the_docs_show_the_defaults() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/service.md")).expect("a page");
    let (_, rest) = page.split_once("```toml\nlisten").expect("the settings");
    let text = format!("listen{}", rest.split_once("```").expect("their end").0);
    assert_eq!(Config::read(&text, "service.md").expect("settings"), Config::default());
    let names = text.lines().filter(|line| line.contains(" = ")).count();
    assert_eq!(names, 27, "a setting is missing or new");
}
