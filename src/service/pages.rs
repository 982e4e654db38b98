//! Pages for people: upload, how a list was read and what is wished, the plan as a board, the sheet to put up.
//!
//! Everything that a page does after it is drawn goes through the routes under `/v1`, so whatever a page can do a program
//! can. Pages, styles and scripts are part of the program; nothing comes from elsewhere, no script or style stands in a page.

mod assets;
mod compare;
mod enter;
mod initials;
mod list;
mod plan;
mod said;

use super::access::School;
use super::app::App;
use super::body::Id;
use super::language::{self, Speaks};
use super::problem::{FaultRecord, Kind, Problem, ProblemDocument, Told};
use crate::report::html::speaks;
use crate::words::Lang;
use askama::Template;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;

/// Scripts, styles, pictures and answers of our own; nothing inline, nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The routes of all pages. They are no part of the OpenAPI document: programs have `/v1`.
pub(super) fn router(app: &App) -> Router<App> {
    let held = Router::new()
        .route("/", get(home))
        .route("/office", get(office))
        .route("/batches/{id}", get(batch))
        .route("/lists/{id}", get(list::page))
        .route("/plans/{id}", get(plan::page))
        .route("/plans/{id}/draft", get(plan::draft))
        .route("/plans/{id}/print", get(plan::print))
        .route("/plans/{id}/compare/{other}", get(compare::page))
        .route("/plans/{id}/sheet", get(plan::sheet))
        .route_layer(from_fn_with_state(app.clone(), enter::guard));
    Router::new()
        .route("/enter", get(enter::page).post(enter::enter))
        .route("/privacy", get(privacy))
        .route("/assets/{name}", get(assets::asset))
        .merge(held)
        .route_layer(from_fn(remember))
        .route_layer(from_fn(dress))
}

#[derive(Template)]
#[template(path = "web/home.html")]
struct Home {
    lang: Lang,
}
speaks!(Home);

async fn home(Speaks(lang): Speaks) -> Response {
    shown(&Home { lang })
}

#[derive(Template)]
#[template(path = "web/privacy.html")]
struct Privacy {
    lang: Lang,
    days: u32,
}
speaks!(Privacy);

async fn privacy(State(app): State<App>, Speaks(lang): Speaks) -> Response {
    shown(&Privacy { lang, days: app.config().retention_days })
}

/// A school's lists all at once: the form, or what became of them.
#[derive(Template)]
#[template(path = "web/office.html")]
struct Office {
    lang: Lang,
    batch: Option<String>,
}
speaks!(Office);

async fn office(Speaks(lang): Speaks) -> Response {
    shown(&Office { lang, batch: None })
}

async fn batch(State(app): State<App>, school: School, Speaks(lang): Speaks, Id(id): Id) -> Result<Response, Problem> {
    app.store().batches().get(&school.0, &id).await?.ok_or_else(|| Problem::of(Kind::NotFound))?;
    Ok(shown(&Office { lang, batch: Some(id) }))
}

/// A page on its way out.
fn shown(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => {
            ([(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, POLICY)], html).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a page was not drawn");
            Problem::of(Kind::Internal).into_response()
        }
    }
}

/// What went wrong, as a page.
#[derive(Template)]
#[template(path = "web/trouble.html")]
struct Trouble {
    lang: Lang,
    title: String,
    detail: String,
    faults: Vec<FaultRecord>,
    /// Where to go from here.
    back: String,
}
speaks!(Trouble);

impl Trouble {
    fn of(problem: ProblemDocument, back: &str, lang: Lang) -> Self {
        let ProblemDocument { title, detail, faults, .. } = problem;
        Self { lang, title, detail, faults, back: back.to_owned() }
    }
}

/// Turns the problems of pages into pages.
async fn dress(request: Request, next: Next) -> Response {
    let lang = language::of_headers(request.headers());
    let answer = next.run(request).await;
    let Some(problem) = answer.extensions().get::<Arc<Problem>>() else { return answer };
    let mut page = shown(&Trouble::of(problem.document(lang), "/", lang));
    *page.status_mut() = answer.status();
    page.extensions_mut().insert(Told);
    page
}

/// `?lang=en` on any page chooses the language from then on.
async fn remember(request: Request, next: Next) -> Response {
    let chosen = request.uri().query().and_then(|query| query.strip_prefix("lang="));
    let Some(lang) = chosen.filter(|word| language::known(word).is_some()) else { return next.run(request).await };
    let cookie = format!("{}={lang}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", language::COOKIE);
    // The path is one of ours: the layer lies on routes only.
    let path = request.uri().path().to_owned();
    (StatusCode::SEE_OTHER, [(LOCATION, path), (SET_COOKIE, cookie)]).into_response()
}
