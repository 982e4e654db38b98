//! `Prefer: wait=N`: small classes are answered within the request.

use super::PlanAnswer;
use super::stored;
use crate::service::access::School;
use crate::service::app::App;
use crate::service::body::take_room;
use crate::service::problem::Problem;
use crate::store::Plan;
use crate::words::Lang;
use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::header::LOCATION;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::Instant;

/// Longest wait in seconds.
const LONGEST: u64 = 60;

/// How long the caller would wait for the result.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wait(Option<u64>);

impl<S: Sync> FromRequestParts<S> for Wait {
    type Rejection = Infallible;

    /// A preference that is not understood is passed over, as RFC 7240 has it.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let preferences = parts.headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
        let mut each = preferences.flat_map(|value| value.split(','));
        let wait = each.find_map(|preference| preference.trim().strip_prefix("wait=")?.trim().parse::<u64>().ok());
        Ok(Self(wait.filter(|seconds| *seconds > 0).map(|seconds| seconds.min(LONGEST))))
    }
}

impl Wait {
    /// The plan when it has ended or the time is over: 200 with a result, 202 without.
    pub(super) async fn answer(self, app: &App, school: &School, id: &str, lang: Lang) -> Result<Response, Problem> {
        let plan = match self.0 {
            Some(seconds) => {
                // The body is done with.
                drop(take_room());
                until(app, school, id, Instant::now() + Duration::from_secs(seconds)).await?
            }
            None => stored::plan(app, school, id).await?,
        };
        let status = if plan.state.is_ended() { StatusCode::OK } else { StatusCode::ACCEPTED };
        let mut answer = (status, Json(PlanAnswer::of(plan, lang))).into_response();
        let headers = answer.headers_mut();
        // An id and a number are header values.
        if let Ok(location) = HeaderValue::try_from(format!("/v1/plans/{id}")) {
            headers.insert(LOCATION, location);
        }
        if let Some(Ok(applied)) = self.0.map(|seconds| HeaderValue::try_from(format!("wait={seconds}"))) {
            headers.insert(HeaderName::from_static("preference-applied"), applied);
        }
        Ok(answer)
    }
}

/// The plan when it has ended, or as it stands at the deadline or when the service ends.
async fn until(app: &App, school: &School, id: &str, deadline: Instant) -> Result<Plan, Problem> {
    let (mut news, mut closing) = (app.queue().listen(id), app.closing());
    let mut over = false;
    loop {
        let plan = stored::plan(app, school, id).await?;
        if plan.state.is_ended() || Instant::now() >= deadline || over {
            return Ok(plan);
        }
        over = tokio::select! {
            _ = news.heard(deadline) => false,
            // An error tells that the service is gone.
            _ = closing.wait_for(|closing| *closing) => true,
        };
    }
}
