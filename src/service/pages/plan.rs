//! `/plans/{id}`: a plan at work, one that failed, or the board; `…/print`: the sheet to put up; `…/sheet`: the teacher's own.

use super::super::app::App;
use super::super::body::Id;
use super::super::caller::School;
use super::super::language::Speaks;
use super::super::plans::stored::{self, Whole};
use super::super::plans::told;
use super::super::problem::{Kind, Problem};
use super::{Trouble, shown, speaks};
use crate::explain;
use crate::pipeline::Prepared;
use crate::plan::document::{Document, Status, StopReason};
use crate::report::html::Class;
use crate::report::notice::{Notice, shown_names};
use crate::report::{Audience, Report};
use crate::store::{Plan, State as Stage};
use crate::words::Lang;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

#[derive(Template)]
#[template(path = "web/wait.html")]
struct Wait {
    lang: Lang,
    id: String,
    percent: u32,
}
speaks!(Wait);

/// The groups so far.
#[derive(Template)]
#[template(path = "web/draft.html")]
struct Draft {
    lang: Lang,
    classes: Vec<Class>,
}
speaks!(Draft);

#[derive(Template)]
#[template(path = "web/board.html")]
struct Board {
    lang: Lang,
    id: String,
    list: String,
    parent: Option<String>,
    /// Whether somebody has moved students by hand.
    edited: bool,
    classes: Vec<Class>,
}
speaks!(Board);

impl Board {
    /// Whether any class has groups.
    fn divided(&self) -> bool {
        self.classes.iter().any(|class| !class.cards.is_empty())
    }
}

/// Names and groups and nothing else: what a reader could infer more from is not in the type.
#[derive(Template)]
#[template(path = "web/print.html")]
struct Print {
    lang: Lang,
    id: String,
    classes: Vec<Notice>,
}
speaks!(Print);

/// The teacher's own sheet.
#[derive(Template)]
#[template(path = "web/sheet.html")]
struct Register {
    lang: Lang,
    id: String,
    classes: Vec<Class>,
}
speaks!(Register);

/// The plan as it stands.
pub(super) async fn page(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    Id(id): Id,
) -> Result<Response, Problem> {
    let plan = stored::plan(&app, &school, &id).await?;
    match plan.state {
        Stage::Queued | Stage::Running => Ok(shown(&Wait { lang, id, percent: percent(plan.progress) })),
        Stage::Failed | Stage::Cancelled => Ok(shown(&failed(&plan, lang))),
        Stage::Done => {
            let whole = stored::whole(&app, &school, &id).await?;
            let board = app.think(whole.seat.clone(), move || board(whole, lang)).await??;
            Ok(shown(&board))
        }
    }
}

/// What a plan at work looks like so far, for its page to show; nothing where it has ended or there is nothing yet.
pub(super) async fn draft(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    Id(id): Id,
) -> Result<Response, Problem> {
    let Some(whole) = stored::underway(&app, &school, &id).await? else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let classes = app.think(whole.seat.clone(), move || reports(&whole, lang, Audience::Teacher, Class::of)).await??;
    Ok(shown(&Draft { lang, classes }))
}

fn percent(progress: f64) -> u32 {
    (progress.clamp(0.0, 1.0) * 100.0).round() as u32
}

fn failed(plan: &Plan, lang: Lang) -> Trouble {
    let back = format!("/lists/{}", plan.list);
    let Some(error) = &plan.error else {
        // Cancelled before anybody began: nothing went wrong.
        let page = Trouble::of(Problem::of(Kind::NotFound).document(lang), &back, lang);
        let (title, detail) = match lang {
            Lang::Zh => ("已取消", "这次分组在开始之前就取消了。"),
            Lang::En => ("Cancelled", "It was cancelled before it had begun."),
        };
        return Trouble { title: title.to_owned(), detail: detail.to_owned(), ..page };
    };
    Trouble::of(told(error, lang), &back, lang)
}

fn board(whole: Whole, lang: Lang) -> Result<Board, Problem> {
    let classes = classes(&whole, lang)?;
    let by_hand = |document: &Document| document.status == Status::Feasible && document.stop == StopReason::Edited;
    let edited = whole.documents.iter().any(by_hand);
    let Plan { id, list, parent, .. } = whole.plan;
    Ok(Board { lang, id, list, parent, edited, classes })
}

/// The classes as their teacher sees them.
pub(super) fn classes(whole: &Whole, lang: Lang) -> Result<Vec<Class>, Problem> {
    let ready = whole.ready()?;
    let told = ready.classes.iter().zip(&whole.documents);
    Ok(told.map(|(class, document)| seen(class, document, lang)).collect())
}

/// A class as its teacher sees it: in conflicts, too, students are called by their names.
fn seen(class: &Prepared, document: &Document, lang: Lang) -> Class {
    let Some(conflict) = &document.conflict else {
        return Class::of(&class.report(document, Audience::Teacher, lang));
    };
    let names = shown_names(&class.roster);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let conflict = explain::conflict::renamed(&class.problem, &class.roster, conflict, &names, lang);
    let document = Document { conflict: Some(conflict), ..document.clone() };
    Class::of(&class.report(&document, Audience::Teacher, lang))
}

/// The sheet to put up: group by group, names only.
pub(super) async fn print(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    Id(id): Id,
) -> Result<Response, Problem> {
    let whole = stored::whole(&app, &school, &id).await?;
    let classes = app.think(whole.seat.clone(), move || reports(&whole, lang, Audience::Public, Notice::of)).await??;
    Ok(shown(&Print { lang, id, classes }))
}

/// The sheet for the teacher's own desk: tiers, marks, flags and paired help.
pub(super) async fn sheet(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    Id(id): Id,
) -> Result<Response, Problem> {
    let whole = stored::whole(&app, &school, &id).await?;
    let classes = app.think(whole.seat.clone(), move || classes(&whole, lang)).await??;
    Ok(shown(&Register { lang, id, classes }))
}

/// What is made of the report of each class.
pub(super) fn reports<T>(
    whole: &Whole,
    lang: Lang,
    audience: Audience,
    made: impl Fn(&Report) -> T,
) -> Result<Vec<T>, Problem> {
    Ok(whole.ready()?.reports(&whole.documents, audience, lang).map(|report| made(&report)).collect())
}
