//! What machines of strangers look for: that nothing here is to be collected, and whom to tell of a weakness.

use super::app::App;
use super::problem::{Kind, Problem};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use jiff::Timestamp;
use std::time::Duration;

const TEXT: [(axum::http::HeaderName, &str); 1] = [(CONTENT_TYPE, "text/plain; charset=utf-8")];

/// What is said of the contact holds for half a year (RFC 9116: less than a year).
const HOLDS: Duration = Duration::from_secs(180 * 24 * 60 * 60);

/// No search engine collects anything.
pub(super) async fn robots() -> impl IntoResponse {
    (TEXT, "User-agent: *\nDisallow: /\n")
}

/// Whom to tell of a weakness (RFC 9116), where somebody is named.
pub(super) async fn security(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    let contact = app.config().security_contact.as_ref().ok_or_else(|| Problem::of(Kind::NotFound))?;
    let expires = (Timestamp::now() + HOLDS).strftime("%Y-%m-%dT%H:%M:%SZ");
    Ok((TEXT, format!("Contact: {contact}\nExpires: {expires}\nPreferred-Languages: zh, en\n")))
}
