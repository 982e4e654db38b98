//! How many requests of a school, and of a caller, are answered at a time. A listener of events, a caller who waits for a plan, or one
//! who sends slowly is one as long as the answer is not at its end.

use super::app::App;
use super::caller::{Client, School};
use super::callers::Place;
use super::problem::{Kind, Problem};
use super::shares::Share;
use crate::words;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll};

/// Seconds after which some answers may be at their ends.
const RETRY_SECONDS: u32 = 5;

/// What a request holds of the places for all.
#[derive(Debug)]
struct Held {
    _school: Share,
    _caller: Option<Place>,
}

/// An answer's body with what its request holds.
struct Holding {
    body: Body,
    _held: Held,
}

/// Answers a request of a school unless it, or its caller, has as many as it may have.
pub(super) async fn answer(app: &App, school: &School, request: Request, next: Next) -> Result<Response, Problem> {
    let most = app.requests().most();
    let held = Held {
        _school: app.requests().try_take(&school.0, 1).ok_or_else(|| too_many(most))?,
        _caller: caller(app, &request)?,
    };
    let (parts, body) = next.run(request).await.into_parts();
    Ok(Response::from_parts(parts, Body::new(Holding { body, _held: held })))
}

/// The caller's place. Behind a proxy all connections are of one address: there its callers are counted by their requests.
fn caller(app: &App, request: &Request) -> Result<Option<Place>, Problem> {
    let Some(Client(address)) = request.extensions().get().filter(|_| app.config().trust_proxy) else {
        return Ok(None);
    };
    let most = app.config().limits.connections_per_address;
    app.callers().place(*address).map(Some).ok_or_else(|| too_many(most))
}

fn too_many(most: usize) -> Problem {
    let detail = words!(
        "同时进行的请求太多（最多 {most} 个，正在等待的页面也算在内）；请关闭一些页面，或等一些请求完成",
        "too many requests at a time (at most {most}; a page that waits for a plan is one): close some pages, or wait until some \
         requests are answered"
    );
    Problem::new(Kind::TooMany, detail).code("too_many_at_once").retry_after(RETRY_SECONDS)
}

impl HttpBody for Holding {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
