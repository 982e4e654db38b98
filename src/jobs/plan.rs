//! A plan from the bytes that were stored, on the way that everybody goes.

use super::request::Earlier;
use super::{Failure, PlanRequest};
use crate::fault::Faults;
use crate::pipeline::edit::Bounds;
use crate::pipeline::staffing::{Forming, Numbers};
use crate::pipeline::{Asked, Disagreement, Ready, Run, StaffReader, Underway};
use crate::plan::document::Document;
use crate::roster::staff::{Directory, read_staff};
use crate::roster::{Limits, Override, Reading, Roster, doubt, read};
use crate::solver::Stop;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Students of a class that is shown while it is being divided: of a larger one nobody could follow the groups.
const MOST_SHOWN: usize = 200;

/// A stored file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct File {
    /// Its name, for messages.
    pub name: String,
    /// As it was sent; beside the rest where it is sent on.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// All that decides a plan.
#[derive(Clone, Debug)]
pub struct Input {
    /// The class list.
    pub list: File,
    /// What the user said about its columns.
    pub overrides: Vec<Override>,
    /// The staff list.
    pub staff: Option<File>,
    /// The plan whose partners are mixed or whose groups are kept.
    pub earlier: Option<Earlier>,
    /// What is asked for.
    pub request: PlanRequest,
    /// How much of the lists is read.
    pub limits: Limits,
}

impl Input {
    /// The list as it is read.
    ///
    /// # Errors
    /// All its faults.
    pub fn read(&self) -> Result<Arc<Roster>, Faults> {
        let reading = Reading { file: &self.list.name, overrides: &self.overrides, limits: self.limits.clone() };
        read(&self.list.bytes, &reading).map(Arc::new)
    }

    /// All classes of the list, as it was [read](Input::read), compiled. `stop` bounds the fitting to a staff list.
    ///
    /// # Errors
    /// Every fault of list, request and staff list.
    pub fn ready(&self, list: Result<Arc<Roster>, Faults>, stop: &Stop) -> Result<Ready, Faults> {
        self.asked(settled(list), &self.request, self.stays(), |asked| asked.ready(stop))
    }

    /// Whether a plan can be made of the input, before it is queued, and the numbers of groups that [`PlanRequest::fitted`] then has.
    ///
    /// # Errors
    /// As [`Input::ready`].
    pub fn fitted(&self, list: Result<Arc<Roster>, Faults>, stop: &Stop) -> Result<Option<Numbers>, Faults> {
        self.asked(settled(list), &self.request, self.stays(), |asked| asked.fitted(stop))
    }

    /// The classes of a plan that was made from the input, with the numbers of groups that its documents have. Neither those who
    /// stayed where it was improved bind its classes, nor what the staff list forces. What is doubtful about the list was settled
    /// when the plan was made.
    ///
    /// # Errors
    /// As [`Input::ready`].
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method is of one lifetime, what is passed of any"
    )]
    pub fn reopened(&self, list: Result<Arc<Roster>, Faults>, documents: &[Document]) -> Result<Ready, Faults> {
        let groups: Vec<usize> = documents.iter().map(|document| document.request.groups).collect();
        let asked = PlanRequest { stays: None, ..self.request.clone() };
        self.asked(list, &asked, &groups, |asked| asked.compiled())
    }

    /// The numbers of groups of a plan that is improved.
    fn stays(&self) -> &[usize] {
        self.request.stays.as_ref().map_or(&[], |stays| &stays.groups)
    }

    /// What of its plan's bounds holds for plans that are edited from it: what an improved plan proved holds only with those who
    /// stayed in their groups.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        if self.request.stays.is_some() { Bounds::ClosedForm } else { Bounds::Inherited }
    }

    fn asked<T>(
        &self,
        list: Result<Arc<Roster>, Faults>,
        request: &PlanRequest,
        settled: &[usize],
        made: impl FnOnce(Asked<'_>) -> Result<T, Faults>,
    ) -> Result<T, Faults> {
        let (division, numbers) = (request.division(), request.fitted.as_ref());
        let (list, request) = Faults::of_both(list, request.request(self.earlier.as_ref()))?;
        let staff = self
            .staff
            .as_ref()
            .map(|file| |directory: &Directory| read_staff(&file.bytes, &file.name, &self.limits, directory));
        let staff = staff.as_ref().map(|read| read as StaffReader<'_>);
        made(Asked { lists: &[&list], request, division, settled, numbers, staff, previous: "previous" })
    }
}

/// The list with nothing left in doubt.
fn settled(list: Result<Arc<Roster>, Faults>) -> Result<Arc<Roster>, Faults> {
    list.and_then(|list| doubt::settled(&list.doubts, &list.file).map(|()| list))
}

/// Solves what is ready. `stop` makes each class's clock; `listener` hears how far it is, and of a plan of one class of up to
/// `MOST_SHOWN` students what it looks like so far.
///
/// # Errors
/// The judge does not agree with a plan: a defect of ours.
pub fn solve(
    ready: &Ready,
    request: &PlanRequest,
    stop: &(dyn Fn() -> Stop + Sync),
    listener: &(dyn Fn(Underway<'_>) + Sync),
) -> Result<Vec<Document>, Failure> {
    let shown = matches!(ready.classes.as_slice(), [class] if class.roster.students.len() <= MOST_SHOWN);
    let listener = |Underway { share, so_far }: Underway<'_>| {
        listener(Underway { share, so_far: so_far.filter(|_| shown) });
    };
    let (effort, lang) = (request.effort()?, request.lang());
    let run = Run { effort, stop, listener: &listener, forming: Forming::Open, lang };
    Ok(ready.solve(run)?.documents())
}

impl From<Disagreement> for Failure {
    fn from(Disagreement(finding): Disagreement) -> Self {
        // The code only: the message may name a student.
        tracing::error!(code = finding.code, "the judge does not agree with a plan");
        Self::job_failed()
    }
}
