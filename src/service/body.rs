//! Reading requests: JSON bodies, forms, ids in paths, queries. Whatever does not fit is a problem with a place.

use super::access::own_page;
use super::app::App;
use super::caller::School;
use super::ids::Ident;
use super::problem::{Kind, Problem};
use super::room::{Room, put_room, take_room, with_room};
use super::shares::Shares;
use crate::fault::Fault;
use crate::words;
use axum::RequestExt as _;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde::de::DeserializeOwned;
use std::future::Future;
use std::time::Duration;

/// A body of up to so many KiB needs no room of its own.
const SMALL: usize = 64;

/// Bytes of a form, at most: a token and its name.
pub(super) const FORM: usize = 4 << 10;
/// Bytes of memory that a byte of JSON takes when it is parsed, at most.
const UNFOLDED: usize = 16;

/// Refuses a body that is told to be too long before a byte of it is read; all large bodies together have a bounded room.
pub(super) async fn early(
    axum::extract::State(app): axum::extract::State<App>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let most = app.config().limits.body_bytes;
    let length = length(request.headers());
    if length.is_some_and(|length| length > most as u64) {
        return Err(too_large(most));
    }
    let untold = request.headers().contains_key(TRANSFER_ENCODING);
    let bytes = if untold { most } else { usize::try_from(length.unwrap_or_default()).unwrap_or(most) };
    let kib = bytes >> 10;
    if kib <= SMALL {
        return Ok(next.run(request).await);
    }
    let school = school(request.extensions())?;
    let room = room(&app, (app.room(), &school), kib).await?;
    // Held until the answer is there, or until the body is done with: who waits for a plan gives it back before.
    Ok(with_room(room, next.run(request)).await)
}

/// Takes so many KiB of a room for a school, or waits for them.
async fn room(app: &App, (all, school): (&Shares, &School), kib: usize) -> Result<Room, Problem> {
    let full = |_| {
        let most = all.most() >> 10;
        let detail = words!(
            "正在接收的大文件太多（一所学校同时最多 {most} MiB），请稍后再试",
            "too many large uploads at a time (one school may have {most} MiB at a time): try again in a moment"
        );
        Problem::new(Kind::Unavailable, detail).code("busy").retry_after(1)
    };
    let later = Duration::from_millis(kib as u64);
    Ok(vec![in_time(app, all.take(&school.0, kib, later)).await.map_err(full)?])
}

/// The school that asks.
fn school(extensions: &Extensions) -> Result<School, Problem> {
    // Only a route outside of the guard lacks it, which is a defect of ours.
    extensions.get::<School>().cloned().ok_or_else(|| Problem::of(Kind::Internal))
}

/// The length that a body is told to have.
fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// What is longer than the service takes.
pub(super) fn too_large(most: usize) -> Problem {
    let (kib, mib) = (most >> 10, most as f64 / f64::from(1 << 20));
    Problem::new(
        Kind::TooLarge,
        if mib < 1.0 {
            words!("请求不能超过 {kib} KiB", "a request may have at most {kib} KiB")
        } else {
            words!("请求不能超过 {mib:.1} MiB", "a request may have at most {mib:.1} MiB")
        },
    )
}

/// Waits for a body only so long.
pub(super) async fn in_time<T>(app: &App, reading: impl Future<Output = T>) -> Result<T, Problem> {
    let limit = Duration::from_secs(app.config().limits.body_seconds);
    tokio::time::timeout(limit, reading).await.map_err(|_| Problem::of(Kind::Timeout))
}

/// A JSON body with the bytes that it was read from.
#[derive(Clone, Debug)]
pub struct Json<T> {
    /// The value.
    pub value: T,
    /// As sent, for idempotency.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned + Send + 'static> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if essence != "application/json" {
            let detail = words!("请以 application/json 发送", "send application/json");
            return Err(Problem::new(Kind::UnsupportedMediaType, detail));
        }
        let school = school(request.extensions())?;
        let bytes =
            in_time(app, request.extract::<Bytes, _>()).await?.map_err(|error| match error.status().as_u16() {
                413 => too_large(app.config().limits.body_bytes),
                _ => Problem::of(Kind::BadRequest),
            })?;
        let value = parsed(app, &school, bytes.clone()).await?;
        Ok(Self { value, bytes })
    }
}

/// Parses a small body at once, a large one where nobody waits for the thread, with room for what becomes of it.
async fn parsed<T>(app: &App, school: &School, bytes: Bytes) -> Result<T, Problem>
where
    T: DeserializeOwned + Send + 'static,
{
    let kib = bytes.len() >> 10;
    if kib <= SMALL {
        return parse(&bytes);
    }
    let mut taken = room(app, (app.parsed(), school), kib * UNFOLDED).await?;
    taken.extend(take_room());
    put_room(taken);
    let seat = app.seat(school, bytes.len()).await;
    app.think(seat, move || parse(&bytes)).await?
}

/// A small form of our own page.
#[derive(Clone, Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        own_page(request.headers(), request.method())?;
        if length(request.headers()).is_some_and(|length| length > FORM as u64) {
            return Err(too_large(FORM));
        }
        let form = in_time(app, axum::Form::<T>::from_request(request, app)).await?;
        form.map(|axum::Form(form)| Self(form)).map_err(|error| match error.into_response().status().as_u16() {
            413 => too_large(FORM),
            415 => Problem::of(Kind::UnsupportedMediaType),
            _ => Problem::of(Kind::Unprocessable),
        })
    }
}

/// Reads JSON of one shape.
///
/// # Errors
/// 400 for what is no JSON, 422 for JSON of another shape; with line and column.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| {
        let kind = if error.is_data() { Kind::Unprocessable } else { Kind::BadRequest };
        let text = error.to_string();
        // The position is in the place already.
        let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
        let fault = Fault {
            code: "invalid_json",
            place: format!("body line {} column {}", error.line(), error.column()),
            found: words!("{message}", "{message}"),
            expected: words!("符合 /openapi.json 的 JSON", "JSON as /openapi.json has it"),
            action: words!("请改正请求", "correct the request"),
        };
        Problem::unfit(kind, fault)
    })
}

/// The id in a path. What is no id is as unknown as an id that nobody has.
#[derive(Clone, Debug)]
pub struct Id(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let id = Path::<Ident>::from_request_parts(parts, state).await;
        id.map(|Path(id)| Self(id.to_string())).map_err(|_| Problem::of(Kind::NotFound))
    }
}

/// A query string of known names.
#[derive(Clone, Debug)]
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let asked = Query::<T>::from_request_parts(parts, state).await;
        asked.map(|Query(asked)| Self(asked)).map_err(|error| {
            let text = error.body_text();
            let fault = Fault {
                code: "bad_query",
                place: "query".to_owned(),
                found: words!("{text}", "{text}"),
                expected: words!("/openapi.json 中的参数", "the parameters of /openapi.json"),
                action: words!("请改正地址中的参数", "correct the query"),
            };
            Problem::unfit(Kind::BadRequest, fault)
        })
    }
}
