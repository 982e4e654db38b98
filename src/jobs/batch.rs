//! Batches: a school's lists in one request. Its first step finds the classes, each of which is a job of its own; when all have
//! ended, its last step staffs the groups and packs the files of `fenzu school`.

mod pack;
mod shelf;

pub(super) use shelf::Shelf;

use super::desk::{Desk, Held, Standing, patiently};
use super::failure::Failure;
use super::line::Line;
use super::solving::count;
use super::{Job, Kind};
use crate::fault::Faults;
use crate::plan::document::{Document, StopReason};
use crate::report;
use crate::school::parts::ClassPart;
use crate::school::{Made, Part, SchoolError, Trouble, Watch};
use crate::solver::Stop;
use crate::store::{Batch, Class, NewClass, Outcome, State, StoreError};
use crate::words;
use pack::Pack;
use shelf::Opened;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How the folder of a batch that is being written begins.
const FOLDER: &str = "fenzu-batch-";
/// Longer than any batch is written.
const LEFT: Duration = Duration::from_secs(60 * 60);

/// Does the job of one class.
pub(super) async fn class(desk: &Desk, job: &Job) -> Result<(), StoreError> {
    let Some(row) = desk.store.classes().get(&job.school, &job.id).await? else { return Ok(()) };
    let Some(batch) = desk.store.batches().get(&job.school, &row.batch).await? else { return Ok(()) };
    let run = desk.new_run();
    // Before the batch is read: a batch that kills its reader is read only so often.
    let Some(row) = desk.store.classes().claim(&job.id, &run).await? else { return Ok(()) };
    let held = Held { job: job.clone(), run, attempts: row.attempts };
    match desk.beside(&held, patiently(|| desk.batches.opened(desk, &batch))).await? {
        Ok(opened) => Box::pin(solve(desk, &held, &row, opened)).await?,
        Err(failure) => desk.fail(&held, &failure).await?,
    }
    if desk.store.classes().have_ended(&row.batch).await? {
        desk.push_again(&Job::new(Kind::Batch, &row.school, &row.batch)).await;
    }
    Ok(())
}

async fn solve(desk: &Desk, held: &Held, row: &Class, opened: Arc<Opened>) -> Result<(), StoreError> {
    let begun = Instant::now();
    let (class, file) = (row.class.clone(), row.file.clone());
    let named = |hook: &Option<String>| hook.as_deref() == Some(row.file.as_str());
    let (crash, panic) = (named(&desk.crash_on), named(&desk.panic_on));
    let work = move |line: &Line| {
        if crash {
            // The test hook: dies as a defect of the solver's memory would.
            std::process::abort();
        }
        assert!(!panic, "the test hook: {class} of {file}");
        let pack = Pack::of(Path::new(""));
        let made = watched(line, &opened, EndedBy::Anyone, |watch| opened.parts.solve(&class, &pack, watch));
        made.map(|document| (document, pack.zip()))
    };
    let (ended, standing) = desk.at_work(held, work).await;
    match (standing, ended) {
        (Standing::Gone, _) => Ok(()),
        (_, Err(error)) => desk.broke(held, &error).await,
        (Standing::Closing, Ok(Ok((document, _)))) if document.stop == StopReason::Cancelled => {
            desk.hand_back(held).await
        }
        (_, Ok(Ok((document, files)))) => {
            if let Ok(Some(files)) = &files {
                let classes = desk.store.classes();
                patiently(|| classes.keep_files(&held.job.id, &held.run, files)).await?;
            }
            done(desk, held, &document, begun).await
        }
        (_, Ok(Err(Trouble::Refused(faults)))) => desk.fail(held, &faults.into()).await,
        (_, Ok(Err(Trouble::Failed(_)))) => desk.fail(held, &Failure::job_failed()).await,
    }
}

async fn done(desk: &Desk, held: &Held, document: &Document, begun: Instant) -> Result<(), StoreError> {
    let json = report::json(std::slice::from_ref(document));
    if held.finish(&desk.store, Outcome::Done(&json)).await? {
        count(std::slice::from_ref(document), begun);
    }
    desk.queue.tell(&held.job);
    Ok(())
}

/// Who may end a school's run before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EndedBy {
    /// Whoever asks to stop, or the process.
    Anyone,
    /// The end of the process alone: what is kept when a batch was stopped has its teachers and files all the same.
    Process,
}

/// What a school's run is watched by: the line's clock, and its end of the process.
fn watched<T>(line: &Line, opened: &Opened, ended_by: EndedBy, work: impl FnOnce(&Watch<'_>) -> T) -> T {
    let (limit, ending) = (opened.limit, line.ending());
    let stop = |times: u32| match ended_by {
        EndedBy::Anyone => line.stop(limit * times),
        EndedBy::Process => Stop::after(Some(limit * times)).with_switch(line.ending()),
    };
    let progress = |done: usize, all: usize| line.tell(done as f64 / all.max(1) as f64);
    work(&Watch { stop: &stop, cancelled: &ending, progress: &progress, told: &|_| () })
}

/// Does the next step of a batch.
pub(super) async fn step(desk: &Desk, job: &Job) -> Result<(), StoreError> {
    let run = desk.new_run();
    let Some(batch) = desk.store.batches().claim(&job.id, &run).await? else { return Ok(()) };
    let held = Held { job: job.clone(), run, attempts: batch.attempts };
    if desk.store.classes().counts(&batch.school, &batch.id).await?.all() == 0 {
        begin(desk, &held, &batch).await
    } else {
        end(desk, &held, &batch).await
    }
}

/// Finds the classes.
async fn begin(desk: &Desk, held: &Held, batch: &Batch) -> Result<(), StoreError> {
    let files = desk.store.batches().files(&batch.school, &batch.id).await?;
    let (request, threads) = (batch.request.clone(), desk.threads());
    let (ended, standing) = desk.at_work(held, move |line| Opened::open(files, &request, threads, line)).await;
    let opened = match (standing, ended) {
        (Standing::Gone, _) => return Ok(()),
        (_, Err(error)) => return desk.broke(held, &error).await,
        (Standing::Closing, _) => return desk.hand_back(held).await,
        (Standing::Ours, Ok(Err(failure))) => return desk.fail(held, &failure).await,
        (Standing::Ours, Ok(Ok(opened))) => Arc::new(opened),
    };
    let parts: Vec<_> = opened.parts.classes().collect();
    let classes: Vec<NewClass<'_>> =
        parts.iter().map(|ClassPart { class, list, digest }| NewClass { class, file: list, digest }).collect();
    desk.batches.put(&batch.id, opened).await;
    desk.beside(held, desk.store.classes().add(&batch.school, &batch.id, &classes)).await?;
    // Waits for its classes.
    if !held.let_go(&desk.store).await? {
        return Ok(());
    }
    let now = desk.store.batches().get(&batch.school, &batch.id).await?;
    if now.is_some_and(|batch| batch.stop_asked) {
        // Asked before there were classes that could hear it.
        desk.store.batches().ask_stop(&batch.school, &batch.id).await?;
        desk.push_again(&held.job).await;
        return Ok(());
    }
    let rows = desk.store.classes().all(&batch.school, &batch.id).await?;
    let jobs: Vec<Job> = rows.iter().map(|row| Job::new(Kind::Class, &row.school, &row.id)).collect();
    desk.push_all(&jobs).await;
    desk.queue.tell(&held.job);
    Ok(())
}

/// Staffs the groups and writes the files.
async fn end(desk: &Desk, held: &Held, batch: &Batch) -> Result<(), StoreError> {
    let opened = match desk.beside(held, patiently(|| desk.batches.opened(desk, batch))).await? {
        Ok(opened) => opened,
        Err(failure) => return desk.fail(held, &failure).await,
    };
    let ended = desk.beside(held, patiently(|| Ended::read(desk, batch))).await?;
    let work = move |line: &Line| watched(line, &opened, EndedBy::Process, |watch| finish(&opened, ended, watch));
    let (ended, standing) = desk.at_work(held, work).await;
    let (summary, zip) = match (standing, ended) {
        (Standing::Gone, _) => return Ok(()),
        (_, Err(error)) => return desk.broke(held, &error).await,
        (Standing::Closing, _) => return desk.hand_back(held).await,
        (Standing::Ours, Ok(Err(SchoolError::Input(faults)))) => return desk.fail(held, &Failure::from(faults)).await,
        (Standing::Ours, Ok(Err(error))) => {
            tracing::error!(job = held.job.subject(), kind = kind_of(&error), "a batch could not be finished");
            return desk.fail(held, &Failure::job_failed()).await;
        }
        (Standing::Ours, Ok(Ok(files))) => files,
    };
    let batches = desk.store.batches();
    let ended = patiently(|| batches.finish(&batch.id, &held.run, &summary, &zip));
    let ended = desk.beside(held, ended).await;
    desk.queue.tell(&held.job);
    ended.map(drop)
}

/// What failed, without its text: that may quote the input.
fn kind_of(error: &SchoolError) -> &'static str {
    match error {
        SchoolError::Input(_) => "input",
        SchoolError::Impossible(_) | SchoolError::TooShort(_) => "repair",
        SchoolError::Broken(_) => "adoption",
        SchoolError::Defect => "defect",
        SchoolError::Files(_) => "files",
        SchoolError::Report(_) => "report",
        SchoolError::Judge(_) => "judge",
        SchoolError::Threads(_) => "threads",
    }
}

/// Removes the folders that killed workers have left.
pub(super) fn sweep() {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else { return };
    for entry in entries.flatten() {
        let old = entry.metadata().and_then(|data| data.modified()).is_ok_and(|time| {
            // A clock that was set back tells nothing.
            time.elapsed().is_ok_and(|age| age > LEFT)
        });
        if old && entry.file_name().to_string_lossy().starts_with(FOLDER) {
            // Another worker may be removing it, or it may be another user's.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// The summary and the zip of all files.
fn finish(opened: &Opened, ended: Ended, watch: &Watch<'_>) -> Result<(String, Vec<u8>), SchoolError> {
    let folder = tempfile::Builder::new().prefix(FOLDER).tempdir()?;
    let pack = Pack::of(folder.path());
    let made = ended.made(&opened.parts.digests(), &pack);
    let summary = opened.parts.finish(&made, &pack, watch)?;
    Ok((summary.json(), pack.zip()?.unwrap_or_default()))
}

/// The classes of a batch, all of which have ended.
struct Ended {
    rows: Vec<Class>,
    /// Plans by the classes' ids.
    documents: HashMap<String, String>,
    /// Files of classes that have some by themselves.
    files: HashMap<String, Vec<u8>>,
}

impl Ended {
    async fn read(desk: &Desk, batch: &Batch) -> Result<Self, StoreError> {
        let classes = desk.store.classes();
        Ok(Self {
            rows: classes.all(&batch.school, &batch.id).await?,
            documents: classes.documents(&batch.school, &batch.id).await?,
            files: classes.files(&batch.school, &batch.id).await?,
        })
    }

    /// What became of the classes, of which `digests` tell what decides them now; their files go into the pack. Parsing takes long
    /// where they are many: not for a thread that must beat.
    fn made(mut self, digests: &HashMap<&str, &str>, pack: &Pack<'_>) -> Made {
        let mut made = Made::default();
        for row in self.rows {
            // Another list's class of the same name is refused again, with its fault.
            if digests.get(row.class.as_str()).is_some_and(|digest| *digest != row.digest) {
                continue;
            }
            let document = self.documents.remove(&row.id).and_then(|json| serde_json::from_str(&json).ok());
            let part = match (row.state, document) {
                (State::Done, Some(document)) => {
                    let written = self.files.remove(&row.id).is_some_and(|zip| pack.add(&row.class, zip));
                    Part::Plan { digest: row.digest, document: Box::new(document), written }
                }
                (State::Cancelled, _) => Part::GivenUp(words!("还没轮到就停止了", "stopped before its turn")),
                (_, _) => match row.error.and_then(|error| serde_json::from_str::<Failure>(&error).ok()) {
                    // Refused again by the same reader, with all its faults.
                    Some(failure) if !failure.faults.is_empty() => continue,
                    Some(failure) => Part::GivenUp(failure.detail),
                    None => Part::GivenUp(Failure::job_failed().detail),
                },
            };
            made.0.insert(row.class, part);
        }
        made
    }
}

impl From<SchoolError> for Failure {
    fn from(error: SchoolError) -> Self {
        match error {
            SchoolError::Input(faults) => faults.into(),
            SchoolError::Impossible(fault) | SchoolError::TooShort(fault) => Faults::from(*fault).into(),
            error => {
                tracing::error!(kind = kind_of(&error), "a batch could not be read");
                Self::job_failed()
            }
        }
    }
}
