//! A batch that was read, and the solving of one of its classes: what a process does with it.

use super::super::line::Line;
use super::super::{Failure, PlanRequest};
use super::pack::Pack;
use crate::fault::Faults;
use crate::plan::document::Document;
use crate::roster::Limits;
use crate::school::sources::{Source, sent};
use crate::school::{Parts, SchoolError, Settings, Trouble, Watch};
use crate::solver::Stop;
use crate::store::{BatchFile, FileKind};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// A batch that was read.
#[derive(Debug)]
pub(in crate::jobs) struct Opened {
    pub(in crate::jobs) parts: Parts,
    /// Time for each class.
    limit: Duration,
}

/// Who may end a school's run before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EndedBy {
    /// Whoever asks to stop, or the process.
    Anyone,
    /// The end of the process alone: what is kept when a batch was stopped has its teachers and files all the same.
    Process,
}

/// Reads a batch, so much of each list.
pub(in crate::jobs) fn read(
    files: Vec<BatchFile>,
    (request, limits): (&str, &Limits),
    line: &Line,
) -> Result<Opened, Failure> {
    let request: PlanRequest = serde_json::from_str(request).map_err(|_| Failure::job_failed())?;
    let (mut lists, mut teachers) = (Vec::new(), None);
    for BatchFile { name, kind, bytes } in files {
        match kind {
            FileKind::List | FileKind::Zip => lists.push((name, Arc::from(bytes))),
            FileKind::Staff => teachers = Some(Source::sent(&name, Arc::from(bytes), limits)),
        }
    }
    let limit = request.limit()?;
    let settings = Settings {
        request: request.request(None)?,
        overrides: Vec::new(),
        effort: request.effort()?,
        limit_seconds: limit.as_secs_f64(),
        threads: rayon::current_num_threads(),
        teachers,
        claims: None,
        visits_first: false,
        previous: None,
        lang: request.lang(),
    };
    let stop = |times: u32| line.stop(limit * times);
    let watch = Watch { stop: &stop, cancelled: &line.ending(), progress: &|_, _| (), told: &|_| () };
    let parts = Parts::open(sent(&lists, limits)?, settings, request.fitted, &watch)?;
    Ok(Opened { parts, limit })
}

/// Solves a class; its document, and its own files, packed, where there are any.
pub(in crate::jobs) fn solved(
    opened: &Opened,
    class: &str,
    line: &Line,
) -> Result<(Box<Document>, Option<Vec<u8>>), Failure> {
    let pack = Pack::of(Path::new(""));
    let made = opened.watched(line, EndedBy::Anyone, |watch| opened.parts.solve(class, &pack, watch));
    match made {
        // Files that cannot be packed are made again when the batch ends.
        Ok(document) => Ok((Box::new(document), pack.zip().ok().flatten())),
        Err(Trouble::Refused(faults)) => Err(faults.into()),
        Err(Trouble::Failed(_)) => Err(Failure::job_failed()),
    }
}

impl Opened {
    /// What a school's run is watched by: the line's clock, and its end of the process.
    pub(super) fn watched<T>(&self, line: &Line, ended_by: EndedBy, work: impl FnOnce(&Watch<'_>) -> T) -> T {
        let (limit, ending) = (self.limit, line.ending());
        let stop = |times: u32| match ended_by {
            EndedBy::Anyone => line.stop(limit * times),
            EndedBy::Process => Stop::after(Some(limit * times)).with_switch(line.ending()),
        };
        let progress = |done: usize, all: usize| line.tell(done as f64 / all.max(1) as f64);
        work(&Watch { stop: &stop, cancelled: &ending, progress: &progress, told: &|_| () })
    }
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
