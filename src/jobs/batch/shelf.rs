//! The batches that a process has read: once, however many of their classes it solves.

use super::super::desk::Desk;
use super::super::line::Line;
use super::super::{Failure, PlanRequest};
use crate::roster::Limits;
use crate::school::sources::{Source, sent};
use crate::school::{Parts, Settings, Watch};
use crate::store::{Batch, BatchFile, FileKind, StoreError};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, OnceCell};

/// Batches that are kept; the one that was read first goes first.
const KEPT: usize = 4;

/// Rows of one list, with its headers and titles: what the service takes in any request.
const MOST_ROWS: usize = 20_100;
/// How long a batch is kept that nobody uses.
const UNUSED: Duration = Duration::from_secs(60);

/// A batch that was read.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) parts: Parts,
    /// Time for each class.
    pub(super) limit: Duration,
}

/// Its first reader fills it while the others wait.
type Cell = Arc<OnceCell<Result<Arc<Opened>, Failure>>>;

/// One place on the shelf.
#[derive(Debug)]
struct Place {
    batch: String,
    cell: Cell,
    used: Instant,
}

/// The batches that were read last.
#[derive(Debug, Default)]
pub(in crate::jobs) struct Shelf(Mutex<VecDeque<Place>>);

impl Shelf {
    /// The batch, read now if it was not before; inside, why it cannot be read.
    pub(super) async fn opened(&self, desk: &Desk, batch: &Batch) -> Result<Result<Arc<Opened>, Failure>, StoreError> {
        let cell = self.cell(&batch.id).await;
        let read = cell.get_or_try_init(|| read(desk, batch)).await?;
        Ok(read.clone())
    }

    /// Takes away what nobody has used for a while: an erased batch does not stay in memory.
    pub(in crate::jobs) async fn forget(&self) {
        let at_work = |place: &Place| matches!(place.cell.get(), Some(Ok(opened)) if Arc::strong_count(opened) > 1);
        self.0.lock().await.retain(|place| place.used.elapsed() < UNUSED || at_work(place));
    }

    /// Keeps a batch that was read elsewhere.
    pub(super) async fn put(&self, id: &str, opened: Arc<Opened>) {
        // Whoever was first has read the same.
        let _ = self.cell(id).await.set(Ok(opened));
    }

    async fn cell(&self, id: &str) -> Cell {
        let mut places = self.0.lock().await;
        if let Some(place) = places.iter_mut().find(|place| place.batch == id) {
            place.used = Instant::now();
            return Arc::clone(&place.cell);
        }
        let cell = Cell::default();
        places.push_back(Place { batch: id.to_owned(), cell: Arc::clone(&cell), used: Instant::now() });
        if places.len() > KEPT {
            places.pop_front();
        }
        cell
    }
}

async fn read(desk: &Desk, batch: &Batch) -> Result<Result<Arc<Opened>, Failure>, StoreError> {
    let files = desk.store.batches().files(&batch.school, &batch.id).await?;
    let (request, threads, crash_on) = (batch.request.clone(), desk.threads(), desk.crash_on.clone());
    let open = move || {
        if files.iter().any(|file| file.kind == FileKind::Zip && Some(&file.name) == crash_on.as_ref()) {
            // The test hook: dies as a defect of the reader's memory would.
            std::process::abort();
        }
        Opened::open(files, &request, threads, &Line::default())
    };
    let opened = tokio::task::spawn_blocking(open).await;
    Ok(opened.unwrap_or_else(|_| Err(Failure::job_failed())).map(Arc::new))
}

impl Opened {
    /// Reads a batch.
    pub(super) fn open(files: Vec<BatchFile>, request: &str, threads: usize, line: &Line) -> Result<Self, Failure> {
        let request: PlanRequest = serde_json::from_str(request).map_err(|_| Failure::job_failed())?;
        let limits = Limits { text_rows: MOST_ROWS, sheet_rows: MOST_ROWS, ..Limits::default() };
        let (mut lists, mut teachers) = (Vec::new(), None);
        for BatchFile { name, kind, bytes } in files {
            match kind {
                FileKind::List | FileKind::Zip => lists.push((name, Arc::from(bytes))),
                FileKind::Staff => teachers = Some(Source::sent(&name, Arc::from(bytes), &limits)),
            }
        }
        let limit = request.limit()?;
        let settings = Settings {
            request: request.request(None)?,
            overrides: Vec::new(),
            effort: request.effort()?,
            limit_seconds: limit.as_secs_f64(),
            threads,
            teachers,
            claims: None,
            visits_first: false,
            previous: None,
            lang: request.lang(),
        };
        let stop = |times: u32| line.stop(limit * times);
        let watch = Watch { stop: &stop, cancelled: &line.ending(), progress: &|_, _| (), told: &|_| () };
        let parts = Parts::open(sent(&lists, &limits)?, settings, &watch)?;
        Ok(Self { parts, limit })
    }
}
