//! What the service counts, as Prometheus reads it. Labels are routes and statuses, never ids.

use super::app::App;
use super::caller::Doors;
use super::problem::{Kind, Problem};
use super::{Config, ServiceError, connections};
use crate::words;
use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Instant;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Seconds of solving and of answers.
const BUCKETS: [f64; 14] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0];

/// Prometheus' text format.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Installs the recorder of this process; a second call gives the same one.
///
/// # Errors
/// Another recorder is there already.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    if let Some(handle) = RECORDER.get() {
        return Ok(handle.clone());
    }
    let handle = PrometheusBuilder::new().set_buckets(&BUCKETS)?.install_recorder()?;
    describe_histogram!("fenzu_solve_seconds", "Seconds that the engine spent on a plan");
    describe_counter!("fenzu_plans_total", "Finished plans by status");
    describe_counter!("fenzu_proved_total", "Finished plans of which every level that was asked for is proved");
    describe_counter!("fenzu_process_deaths_total", "Solving processes that died of a plan or class");
    describe_counter!(
        "fenzu_failed_total",
        "Plans, classes and batches that ended without a result, by kind and reason"
    );
    describe_gauge!("fenzu_queue_depth", "Jobs that wait or are worked on");
    describe_gauge!("fenzu_callers", "Addresses that have asked for something in the last seconds");
    describe_counter!("fenzu_http_requests_total", "Answers by route and status");
    describe_histogram!("fenzu_http_seconds", "Seconds until the head of an answer");
    Ok(RECORDER.get_or_init(|| handle).clone())
}

/// Serves this process's numbers, and nothing else, to whoever reaches the address: for a process without the service.
///
/// # Errors
/// The address is taken, or not this machine's; another recorder is there already.
pub async fn listen(address: SocketAddr) -> Result<JoinHandle<()>, ServiceError> {
    let handle = install()?;
    let listener = TcpListener::bind(address).await.map_err(|error| ServiceError::Listen(address, error))?;
    let numbers = move || {
        handle.run_upkeep();
        std::future::ready(([(CONTENT_TYPE, TEXT)], handle.render()))
    };
    let router = Router::new().route("/metrics", get(numbers));
    let limits = Config::default().connections();
    Ok(tokio::spawn(connections::serve((listener, None), router, limits, std::future::pending())))
}

/// The route's pattern, never the path itself.
#[must_use]
pub fn route_of(request: &Request) -> String {
    request.extensions().get::<MatchedPath>().map_or("unknown", MatchedPath::as_str).to_owned()
}

/// Counts and times every answer.
pub async fn count(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let route = route_of(&request);
    let answer = next.run(request).await;
    let status = answer.status().as_u16().to_string();
    counter!("fenzu_http_requests_total", "route" => route.clone(), "status" => status).increment(1);
    histogram!("fenzu_http_seconds", "route" => route).record(start.elapsed().as_secs_f64());
    answer
}

/// Numbers of this process, and how long the queue is, in Prometheus' text format
///
/// Only where there are no tokens: they are of all schools together. `fenzu serve --metrics ADDRESS:PORT` serves them elsewhere.
#[utoipa::path(get, path = "/metrics", tag = "operation", responses(
    (status = 200, description = "Prometheus' text format", body = String, content_type = "text/plain"),
))]
pub(super) async fn metrics(
    axum::extract::State(app): axum::extract::State<App>,
) -> Result<impl IntoResponse, Problem> {
    if app.doors() == Doors::Tokens {
        let detail = words!(
            "这些数字属于所有学校：请用 fenzu serve --metrics 地址:端口 另行提供",
            "the numbers are of all schools together: they are served elsewhere, by fenzu serve --metrics ADDRESS:PORT"
        );
        return Err(Problem::new(Kind::Forbidden, detail).code("metrics_elsewhere"));
    }
    gauge!("fenzu_queue_depth").set(app.queue().depth().await? as f64);
    let handle = app.metrics();
    handle.run_upkeep();
    Ok(([(CONTENT_TYPE, TEXT)], handle.render()))
}
