//! One line a request: method, route, status, milliseconds, request id, school. Never a path, a query, a name or a token.

use super::caller::School;
use super::metrics::route_of;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Logs every answer and gives it an id of our own making: a caller's id could carry anything into the log.
pub async fn log(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = Uuid::now_v7().to_string();
    let (method, route) = (request.method().clone(), route_of(&request));
    let mut answer = next.run(request).await;
    let school = answer.extensions().get::<School>().map_or("-", |school| school.0.as_str());
    let status = answer.status().as_u16();
    let milliseconds = start.elapsed().as_secs_f64() * 1e3;
    if status >= 500 {
        tracing::error!(%method, %route, status, milliseconds, id, school, "answered");
    } else {
        tracing::info!(%method, %route, status, milliseconds, id, school, "answered");
    }
    if let Ok(id) = HeaderValue::try_from(id) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
    answer
}
