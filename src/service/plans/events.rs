//! What happens to a plan, as server-sent events: `progress`, then `plan` with the result, then `done`.

use super::PlanAnswer;
use super::stored;
use crate::jobs::Listener;
use crate::service::access::School;
use crate::service::app::App;
use crate::service::body::Id;
use crate::service::ids::Ident;
use crate::service::language::Speaks;
use crate::service::problem::Problem;
use crate::words::Lang;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{Stream, unfold};
use serde_json::json;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// How often the store is asked for what another process does.
const LOOK: Duration = Duration::from_millis(500);

/// How far the telling is.
struct Teller {
    app: App,
    school: School,
    id: String,
    lang: Lang,
    news: Listener,
    closing: watch::Receiver<bool>,
    /// What was told last.
    told: Option<f64>,
    /// Events that are ready.
    ready: Vec<Event>,
    ended: bool,
}

/// Watch a plan (server-sent events)
///
/// `progress` {"state", "progress"}; when it has ended `plan` with the whole answer of GET, then `done` {"state"}.
#[utoipa::path(get, path = "/v1/plans/{id}/events", tag = "plans", params(("id" = Ident, Path, description = "The plan")),
    responses((status = 200, description = "Events", body = String, content_type = "text/event-stream")))]
pub(super) async fn events(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    Id(id): Id,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    stored::plan(&app, &school, &id).await?;
    let (news, closing) = (app.queue().listen(&id), app.closing());
    let teller = Teller { app, school, id, lang, news, closing, told: None, ready: Vec::new(), ended: false };
    let stream = unfold(teller, |mut teller| async move {
        let event = teller.next().await?;
        Some((Ok(event), teller))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}

impl Teller {
    /// The next event; none at the end, or where the service ends (the browser comes again).
    async fn next(&mut self) -> Option<Event> {
        loop {
            if !self.ready.is_empty() {
                return Some(self.ready.remove(0));
            }
            if self.ended || *self.closing.borrow() {
                return None;
            }
            // The plan was erased, or the database is away: nothing more to tell.
            let plan = stored::plan(&self.app, &self.school, &self.id).await.ok()?;
            if self.told != Some(plan.progress) || plan.state.is_ended() {
                self.told = Some(plan.progress);
                let (state, progress) = (plan.state.word(), plan.progress);
                self.ready.push(event("progress", &json!({"state": state, "progress": progress}).to_string()));
                if plan.state.is_ended() {
                    self.ended = true;
                    let answer = PlanAnswer::of(plan, self.lang);
                    self.ready.push(event("plan", &one_line(&answer)));
                    self.ready.push(event("done", &json!({ "state": state }).to_string()));
                }
                continue;
            }
            let deadline = Instant::now() + LOOK;
            tokio::select! {
                _ = self.news.heard(deadline) => {}
                _ = self.closing.wait_for(|closing| *closing) => {}
            }
        }
    }
}

fn event(name: &str, data: &str) -> Event {
    Event::default().event(name).data(data)
}

/// The stored document is indented; an event's data is better one line.
fn one_line(answer: &PlanAnswer) -> String {
    serde_json::to_value(answer).map(|value| value.to_string()).unwrap_or_default()
}
