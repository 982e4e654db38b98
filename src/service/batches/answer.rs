//! A batch as it is told: its classes by pages, since there may be thousands.

use crate::fault::Fault;
use crate::service::app::App;
use crate::service::caller::School;
use crate::service::ids::Ident;
use crate::service::plans::{StateWord, told};
use crate::service::problem::{Kind, Problem, ProblemDocument};
use crate::store::{Batch, Class, Counts};
use crate::words;
use crate::words::Lang;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

/// Classes of a page where nothing is said of it.
const USUAL: u32 = 200;
/// Classes of a page, at most.
const MOST: u32 = 1_000;

/// Which classes are told.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    /// The classes after this one: what `next` says.
    after: Option<Ident>,
    /// So many, at most 1,000; 200 where absent.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

impl Page {
    fn limit(&self) -> Result<u32, Problem> {
        let limit = self.limit.unwrap_or(USUAL);
        if (1..=MOST).contains(&limit) {
            return Ok(limit);
        }
        let fault = Fault {
            code: "bad_query",
            place: "query limit".to_owned(),
            found: words!("{limit}", "{limit}"),
            expected: words!("1 到 {MOST}", "1 to {MOST}"),
            action: words!("请改正地址中的参数", "correct the query"),
        };
        Err(Problem::unfit(Kind::BadRequest, fault))
    }
}

/// A batch as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BatchAnswer {
    /// Names the batch.
    #[schema(value_type = Ident)]
    id: String,
    /// Where it stands; done when the files are written.
    state: StateWord,
    /// 0 to 1: the share of classes that have ended.
    #[schema(minimum = 0, maximum = 1)]
    progress: f64,
    /// How many classes stand where.
    counts: CountsAnswer,
    /// A page of its classes, as far as they are known.
    classes: Vec<ClassAnswer>,
    /// Where there are more: what to ask for as `after`.
    #[schema(value_type = Option<Ident>)]
    next: Option<String>,
    /// `summary.json` of the whole, once it is done; of a batch that has more classes than this page, `/summary` has it.
    #[schema(value_type = Option<Object>)]
    summary: Option<Box<RawValue>>,
    /// Why there is none, once it has failed.
    error: Option<ProblemDocument>,
}

/// A class of a batch as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClassAnswer {
    /// Names the class within the batch.
    #[schema(value_type = Ident)]
    id: String,
    /// Its name.
    class: String,
    /// Where it stands.
    state: StateWord,
    /// 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    progress: f64,
    /// Why it has no plan.
    error: Option<ProblemDocument>,
}

/// How many classes of a batch stand where.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = ClassCounts)]
struct CountsAnswer {
    /// All, as far as they are known.
    all: i64,
    /// Waiting for a worker.
    queued: i64,
    /// With a worker.
    running: i64,
    /// Ended with a plan.
    done: i64,
    /// Ended without one.
    failed: i64,
    /// Stopped before they were begun.
    cancelled: i64,
}

impl From<Counts> for CountsAnswer {
    fn from(counts: Counts) -> Self {
        let Counts { queued, running, done, failed, cancelled } = counts;
        Self { all: counts.all(), queued, running, done, failed, cancelled }
    }
}

/// A school's batch with a page of its classes.
pub(super) async fn found(
    app: &App,
    school: &School,
    id: &str,
    page: &Page,
    lang: Lang,
) -> Result<BatchAnswer, Problem> {
    let batch = app.store().batches().get(&school.0, id).await?.ok_or_else(|| Problem::of(Kind::NotFound))?;
    let counts = app.store().classes().counts(&school.0, id).await?;
    let after = page.after.map(|after| after.to_string());
    let (after, limit) = (after.as_deref().unwrap_or_default(), page.limit()?);
    // One more tells whether there are more.
    let mut classes = app.store().classes().page(&school.0, id, after, limit + 1).await?;
    let more = classes.len() > limit as usize;
    classes.truncate(limit as usize);
    let next = classes.last().filter(|_| more).map(|class| class.id.clone());
    Ok(BatchAnswer::of(batch, counts, (classes, next), lang))
}

impl BatchAnswer {
    fn of(batch: Batch, counts: Counts, (classes, next): (Vec<Class>, Option<String>), lang: Lang) -> Self {
        let share = counts.ended() as f64 / counts.all().max(1) as f64;
        let is_whole = counts.all() == classes.len() as i64;
        let class = |class: Class| ClassAnswer {
            id: class.id,
            class: class.class,
            state: class.state.into(),
            progress: class.progress,
            error: class.error.map(|error| told(&error, lang)),
        };
        Self {
            id: batch.id,
            state: batch.state.into(),
            progress: if batch.state.is_ended() { 1.0 } else { share },
            counts: counts.into(),
            classes: classes.into_iter().map(class).collect(),
            next,
            summary: batch.summary.filter(|_| is_whole).and_then(|summary| RawValue::from_string(summary).ok()),
            error: batch.error.map(|error| told(&error, lang)),
        }
    }
}
