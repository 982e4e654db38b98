//! How often each network may ask.

use super::caller::{Client, network};
use super::config::Limits;
use super::problem::{Kind, Problem};
use crate::words;
use axum::Router;
use axum::http::{Request, Response};
use axum::response::IntoResponse as _;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tower_governor::governor::GovernorConfigBuilder;
use tower_governor::key_extractor::KeyExtractor;
use tower_governor::{GovernorError, GovernorLayer};

/// A rate for each address: two doors to one limiter, whose type the library does not let others name.
pub(super) struct Rate<S> {
    /// Puts the limit around routes.
    limited: Box<dyn Fn(Router<S>) -> Router<S> + Send + Sync>,
    forget: Box<dyn Fn() -> usize + Send + Sync>,
}

impl<S: Clone + Send + Sync + 'static> Rate<S> {
    /// None where the limits are none that the library takes.
    pub(super) fn of(limits: &Limits) -> Option<Self> {
        let period = Duration::from_secs(1) / limits.requests_per_second.max(1);
        let mut rate = GovernorConfigBuilder::default();
        let rate = Arc::new(rate.period(period).burst_size(limits.burst.max(1)).key_extractor(ByClient).finish()?);
        let limiter = Arc::clone(rate.limiter());
        Some(Self {
            limited: Box::new(move |routes| {
                routes.layer(GovernorLayer::new(Arc::clone(&rate)).error_handler(|error| too_often(&error)))
            }),
            forget: Box::new(move || {
                limiter.retain_recent();
                limiter.shrink_to_fit();
                limiter.len()
            }),
        })
    }

    /// Routes that are asked for no more often.
    pub(super) fn limited(&self, routes: Router<S>) -> Router<S> {
        (self.limited)(routes)
    }

    /// Forgets the addresses whose allowance is whole again; the number of those that are left.
    pub(super) fn forget(&self) -> usize {
        (self.forget)()
    }
}

/// One network, one allowance.
#[derive(Clone, Copy, Debug)]
struct ByClient;

impl KeyExtractor for ByClient {
    type Key = Option<IpAddr>;

    fn extract<T>(&self, request: &Request<T>) -> Result<Self::Key, GovernorError> {
        Ok(request.extensions().get::<Client>().map(|client| network(client.0)))
    }
}

fn too_often(error: &GovernorError) -> Response<axum::body::Body> {
    let GovernorError::TooManyRequests { wait_time, .. } = error else {
        return Problem::of(Kind::Internal).into_response();
    };
    let detail = words!("请稍后再试", "slow down");
    let seconds = u32::try_from((*wait_time).max(1)).unwrap_or(u32::MAX);
    Problem::new(Kind::TooMany, detail).code("too_often").retry_after(seconds).into_response()
}
