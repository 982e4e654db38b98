//! Headers of every answer: nothing may be framed, sniffed, cached or sent on.

use super::access::over_tls;
use super::app::App;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// Answers hold data, not pages.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";

/// Who came over TLS once comes over TLS for a year.
const TLS_ONLY: &str = "max-age=31536000";

const ALWAYS: [(HeaderName, &str); 5] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    // Not "no-referrer": a browser would hide the origin of our own forms, too.
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// The headers of an answer that holds data.
pub(super) fn all() -> impl Iterator<Item = (HeaderName, &'static str)> {
    ALWAYS.into_iter().chain([(CONTENT_SECURITY_POLICY, NOTHING), (CACHE_CONTROL, "no-store")])
}

/// Puts the headers on every answer; a page's own policy stays.
pub(super) async fn secure(State(app): State<App>, request: Request, next: Next) -> Response {
    let over_tls = over_tls(&app, request.headers());
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if over_tls {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(TLS_ONLY));
    }
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(NOTHING));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}
