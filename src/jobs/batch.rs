//! Batches: a school's lists in one request. Its first step finds the classes, each of which is a job of its own; when all have
//! ended, its last step staffs the groups and packs the files of `fenzu school`.

mod opened;
mod pack;

pub(super) use opened::{Opened, read, solved};

use super::desk::{Broken, Desk, Held, Standing, in_pool, patiently};
use super::line::Line;
use super::order::{Answer, Found, Order};
use super::solved::Solved;
use super::{Failure, Job, Kind, PlanRequest, due};
use crate::pipeline::staffing::Numbers;
use crate::plan::document::StopReason;
use crate::school::{Made, Part, SchoolError, Watch};
use crate::store::{Batch, Class, NewClass, State, StoreError};
use crate::words;
use opened::EndedBy;
use pack::Pack;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How the folder of a batch that is being written begins.
const FOLDER: &str = "fenzu-batch-";
/// Longer than any batch is written.
const LEFT: Duration = Duration::from_secs(60 * 60);

/// Takes and solves a class; false where another worker has it.
pub(super) async fn class(desk: &Desk, job: &Job) -> Result<bool, StoreError> {
    let run = desk.new_run();
    // Before the batch is read: a batch that kills its reader is read only so often.
    let Some(row) = desk.store.classes().claim(&job.id, &run).await? else { return Ok(false) };
    // Erased by now, its classes are, too.
    let Some(batch) = desk.store.batches().get(&job.school, &row.batch).await? else { return Ok(true) };
    let held = Held { job: job.clone(), run, attempts: row.attempts };
    Box::pin(solve(desk, &held, &row, &batch)).await?;
    if desk.store.classes().have_ended(&row.batch).await? {
        desk.push_again(&Job::new(Kind::Batch, &row.school, &row.batch)).await;
    }
    Ok(true)
}

async fn solve(desk: &Desk, held: &Held, row: &Class, batch: &Batch) -> Result<(), StoreError> {
    let begun = Instant::now();
    let order = Order::Class { class: row.class.clone(), file: row.file.clone() };
    let (ended, standing) = desk.asked(held, Some(batch), (order, Vec::new())).await?;
    match (standing, ended) {
        (Standing::Gone, _) => Ok(()),
        (Standing::Closing, Err(_)) => desk.hand_back(held).await,
        (_, Err(broken)) => desk.broke(held, broken).await,
        (Standing::Closing, Ok(Answer::Class(Ok((document, _))))) if document.stop == StopReason::Cancelled => {
            desk.hand_back(held).await
        }
        (_, Ok(Answer::Class(Ok((document, files))))) => {
            if let Some(files) = &files {
                let classes = desk.store.classes();
                patiently(|| classes.keep_files(&held.job.id, &held.run, files)).await?;
            }
            desk.done(held, &Solved::of(std::slice::from_ref(&*document)), begun).await
        }
        (_, Ok(Answer::Class(Err(failure)) | Answer::Batch(Err(failure)))) => desk.fail(held, &failure).await,
        (_, Ok(_)) => desk.broke(held, Broken::Panicked).await,
    }
}

/// Takes a batch and does its next step; false where another worker has it.
pub(super) async fn step(desk: &Desk, job: &Job) -> Result<bool, StoreError> {
    let run = desk.new_run();
    let Some(batch) = desk.store.batches().claim(&job.id, &run).await? else { return Ok(false) };
    let held = Held { job: job.clone(), run, attempts: batch.attempts };
    if desk.store.classes().counts(&batch.school, &batch.id).await?.all() == 0 {
        begin(desk, &held, &batch).await?;
    } else {
        end(desk, &held, &batch).await?;
    }
    Ok(true)
}

/// Finds the classes.
async fn begin(desk: &Desk, held: &Held, batch: &Batch) -> Result<(), StoreError> {
    let reading = desk.reading(batch).await?;
    let (ended, standing) = desk.asked(held, None, reading).await?;
    let (found, numbers) = match (standing, ended) {
        (Standing::Gone, _) => return Ok(()),
        (Standing::Closing, _) => return desk.hand_back(held).await,
        (Standing::Ours, Err(broken)) => return desk.broke(held, broken).await,
        (Standing::Ours, Ok(Answer::Batch(Err(failure)))) => return desk.fail(held, &failure).await,
        (Standing::Ours, Ok(Answer::Batch(Ok(found)))) => found,
        (Standing::Ours, Ok(_)) => return desk.broke(held, Broken::Panicked).await,
    };
    if let Some(request) = numbers.and_then(|numbers| with_numbers(&batch.request, numbers)) {
        desk.beside(held, desk.store.batches().restate(&batch.id, &held.run, &request)).await?;
    }
    match desk.beside(held, desk.store.classes().add(&batch.school, &batch.id, &new(batch, &found))).await {
        Ok(()) => {}
        Err(StoreError::TooManyOpen { open, asked, most }) => {
            return desk.fail(held, &Failure::too_many_classes(open, asked, most)).await;
        }
        Err(error) => return Err(error),
    }
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
    desk.queue.tell(&held.job.id);
    Ok(())
}

/// A request with the numbers of groups that were chosen for its staff list: whoever solves a class needs not look for them again.
fn with_numbers(request: &str, numbers: Numbers) -> Option<String> {
    let request: PlanRequest = serde_json::from_str(request).ok()?;
    serde_json::to_string(&PlanRequest { fitted: Some(numbers), ..request }).ok()
}

/// The classes of a batch as they are asked for.
fn new<'f>(batch: &Batch, found: &'f [Found]) -> Vec<NewClass<'f>> {
    let limit = serde_json::from_str::<PlanRequest>(&batch.request).ok().and_then(|request| request.limit().ok());
    let new = |(place, found): (usize, &'f Found)| NewClass {
        class: &found.class,
        file: &found.list,
        digest: &found.digest,
        // A batch whose time cannot be read is not read either.
        due: due::class(limit.unwrap_or_default(), place),
    };
    found.iter().enumerate().map(new).collect()
}

/// Staffs the groups and writes the files.
async fn end(desk: &Desk, held: &Held, batch: &Batch) -> Result<(), StoreError> {
    let batches = desk.store.batches();
    let files = desk.beside(held, patiently(|| batches.files(&batch.school, &batch.id))).await?;
    let ended = desk.beside(held, patiently(|| Ended::read(desk, batch))).await?;
    let (request, limits, threads) = (batch.request.clone(), desk.reading.clone(), desk.threads());
    let work = move |line: &Line| {
        in_pool(threads, || {
            let opened = read(files, (&request, &limits), line)?;
            Ok(opened.watched(line, EndedBy::Process, |watch| finish(&opened, ended, watch))?)
        })
    };
    let (ended, standing) = desk.at_work(held, work).await;
    let (summary, zip) = match (standing, ended) {
        (Standing::Gone, _) => return Ok(()),
        (_, Err(broken)) => return desk.broke(held, broken).await,
        (Standing::Closing, _) => return desk.hand_back(held).await,
        (Standing::Ours, Ok(Err(failure))) => return desk.fail(held, &failure).await,
        (Standing::Ours, Ok(Ok(files))) => files,
    };
    let ended = patiently(|| batches.finish(&batch.id, &held.run, &summary, &zip));
    let ended = desk.beside(held, ended).await;
    desk.queue.tell(&held.job.id);
    ended.map(drop)
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
