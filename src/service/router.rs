//! The service put together: the routes, and the layers around them.

use super::access;
use super::app::App;
use super::openapi::{guarded, open};
use super::problem::{self, Kind, Problem};
use super::{body, docs, headers, health, logs, metrics, pages, well_known};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Response;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse as _;
use axum::routing::get;
use std::any::Any;
use tower_http::catch_panic::CatchPanicLayer;

/// The whole service.
pub fn router(app: &App) -> Router {
    let guarded: Router<App> = guarded().into();
    // Who has no token takes no room.
    let guarded = guarded.layer(DefaultBodyLimit::max(app.config().limits.body_bytes));
    let guarded = guarded.route_layer(from_fn_with_state(app.clone(), body::early));
    let guarded = guarded.route_layer(from_fn_with_state(app.clone(), access::guard));
    let open: Router<App> = open().into();
    let routes = open
        .merge(guarded)
        .merge(pages::router(app))
        .route("/docs/style.css", get(docs::style))
        .route("/robots.txt", get(well_known::robots))
        .route("/.well-known/security.txt", get(well_known::security))
        .fallback(async || Problem::of(Kind::NotFound))
        .method_not_allowed_fallback(async || Problem::of(Kind::MethodNotAllowed))
        .layer(DefaultBodyLimit::max(body::FORM));
    let limited = match app.rate() {
        Some(rate) => rate.limited(routes),
        None => routes,
    };
    limited
        .layer(from_fn_with_state(app.clone(), health::notice))
        .layer(from_fn_with_state(app.clone(), access::doorstep))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(problem::render))
        .layer(from_fn_with_state(app.clone(), headers::secure))
        .layer(from_fn(metrics::count))
        .layer(from_fn(logs::log))
        .with_state(app.clone())
}

/// A defect of ours. What it says may quote the input, so only the place goes to the log (the panic hook's line).
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response<axum::body::Body> {
    Problem::of(Kind::Internal).into_response()
}
