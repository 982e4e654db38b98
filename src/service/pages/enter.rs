//! The door for browsers where tokens are demanded: the token is given once and kept in a cookie that no script can read.

use super::super::access::{self, COOKIE, HOST_COOKIE, over_tls};
use super::super::app::App;
use super::super::body::Form;
use super::super::caller::{Client, Doors};
use super::super::language::Speaks;
use super::super::problem::Problem;
use super::{shown, speaks};
use crate::words::Lang;
use askama::Template;
use axum::extract::{Extension, Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "web/enter.html")]
struct Enter {
    lang: Lang,
    /// A token was given that nobody has.
    refused: bool,
}
speaks!(Enter);

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct Given {
    token: String,
}

/// Asks for the token.
pub(super) async fn page(State(app): State<App>, Speaks(lang): Speaks) -> Response {
    match app.doors() {
        Doors::Open => Redirect::to("/").into_response(),
        Doors::Tokens => shown(&Enter { lang, refused: false }),
    }
}

/// Takes the token.
pub(super) async fn enter(
    State(app): State<App>,
    Speaks(lang): Speaks,
    headers: HeaderMap,
    client: Option<Extension<Client>>,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let token = given.token.trim();
    if access::school_of(&app, client.map(|client| client.0), token).await?.is_some() {
        // A known token is made of letters and digits.
        let (name, secure) = if over_tls(&app, &headers) { (HOST_COOKIE, "; Secure") } else { (COOKIE, "") };
        let cookie = format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict{secure}");
        return Ok(([(SET_COOKIE, cookie)], Redirect::to("/")).into_response());
    }
    let mut answer = shown(&Enter { lang, refused: true });
    *answer.status_mut() = StatusCode::FORBIDDEN;
    answer.extensions_mut().insert(super::Told);
    Ok(answer)
}

/// The guard of the pages: who has no token is asked for it.
pub(super) async fn guard(state: State<App>, request: Request, next: Next) -> Response {
    match access::guard(state, request, next).await {
        Ok(answer) => answer,
        Err(problem) => match problem.clone().into_response().status() {
            StatusCode::UNAUTHORIZED => Redirect::to("/enter").into_response(),
            _ => problem.into_response(),
        },
    }
}
