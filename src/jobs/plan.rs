//! A plan from the bytes that were stored: the command line's way, without a clock of its own.

use super::request::Earlier;
use super::{Failure, PlanRequest};
use crate::fault::Faults;
use crate::plan::document::Document;
use crate::planning::edit::{Bounds, Original};
use crate::planning::staffing::{self, Forming, StaffRun, fit};
use crate::planning::{Planned, Prepared, Underway, prepare_settled, previous_unmatched};
use crate::roster::staff::{Directory, Staff, read_staff};
use crate::roster::{Limits, Override, Reading, Roster, doubt, read};
use crate::solver::{Effort, Stop};
use crate::words::Lang;
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

/// A plan that can be solved: nothing is wrong with its input.
#[derive(Clone, Debug)]
pub struct Ready {
    prepared: Vec<Prepared>,
    staff: Option<Staff>,
    effort: Effort,
    lang: Lang,
    /// What of the plan's bounds holds for plans that are edited from it.
    bounds: Bounds,
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
}

/// Compiles all classes of the list, as it was [read](Input::read). `stop` bounds the fitting to a staff list.
///
/// # Errors
/// Every fault of list, request and staff list.
pub fn ready(input: &Input, list: Result<Arc<Roster>, Faults>, stop: &Stop) -> Result<Ready, Faults> {
    let groups = input.request.stays.as_ref().map_or(&[][..], |stays| &stays.groups);
    let list = list.and_then(|list| doubt::settled(&list.doubts, &list.file).map(|()| list));
    let mut ready = compiled(input, list, &input.request, groups)?;
    if let Some(staff) = &ready.staff {
        ready.prepared = fit(std::mem::take(&mut ready.prepared), staff, stop)?;
    }
    Ok(ready)
}

/// The classes of a plan that was made from the input, with the numbers of groups that its documents have: fitting them to a
/// staff list again, under another clock, might choose others. Neither those who stayed where it was improved bind its classes, nor
/// what the staff list forces. What is doubtful about the list was settled when the plan was made.
///
/// # Errors
/// Every fault of list, request and staff list.
pub fn reopened(input: &Input, list: Result<Arc<Roster>, Faults>, documents: &[Document]) -> Result<Ready, Faults> {
    let groups: Vec<usize> = documents.iter().map(|document| document.request.groups).collect();
    let asked = PlanRequest { stays: None, ..input.request.clone() };
    compiled(input, list, &asked, &groups)
}

/// All classes of a list as they are asked for; where there are `groups`, with as many of these.
fn compiled(
    input: &Input,
    list: Result<Arc<Roster>, Faults>,
    asked: &PlanRequest,
    groups: &[usize],
) -> Result<Ready, Faults> {
    let (roster, request) = match (list, asked.request(input.earlier.as_ref())) {
        (Ok(roster), Ok(request)) => (roster, request),
        (Err(mut faults), Err(more)) => {
            faults.0.extend(more.0);
            return Err(faults);
        }
        (Err(faults), _) | (_, Err(faults)) => return Err(faults),
    };
    let staff = match &input.staff {
        Some(file) => {
            let directory = Directory::new([&*roster])?;
            Some(read_staff(&file.bytes, &file.name, &input.limits, &directory)?)
        }
        None => None,
    };
    let request = crate::model::Request { staff: staff.as_ref().map(|staff| staff.sha256.clone()), ..request };
    let prepared = prepare_settled(&roster, &request, asked.division(), groups)?;
    if request.previous.is_some() && prepared.iter().all(|class| class.request.previous.is_none()) {
        return Err(previous_unmatched("previous".to_owned()).into());
    }
    // What an improved plan proved holds only with those who stayed in their groups.
    let bounds = if input.request.stays.is_some() { Bounds::ClosedForm } else { Bounds::Inherited };
    Ok(Ready { prepared, staff, effort: asked.effort()?, lang: asked.lang(), bounds })
}

impl Ready {
    /// Its classes, in the order of the plan's documents.
    #[must_use]
    pub fn classes(&self) -> &[Prepared] {
        &self.prepared
    }

    /// The plan of a class after an edit by hand, with the judge's findings, also about the teachers of all classes: broken rules
    /// are among them, and then the plan must not stand. `documents` are the plan that was [`reopened`], `at` is the place of a
    /// class with groups, and `group_of[s]` is below their number.
    #[must_use]
    pub fn edited(&self, documents: &[Document], at: usize, group_of: Vec<usize>, lang: Lang) -> Planned {
        let original =
            Original { prepared: &self.prepared, documents, staff: self.staff.as_ref(), bounds: self.bounds };
        original.edited(at, group_of, lang)
    }

    /// Solves class by class, then staffs them together. `stop` makes each class's clock; `listener` hears how far it is, and of a
    /// plan of one class of up to `MOST_SHOWN` students what it looks like so far.
    ///
    /// # Errors
    /// The judge does not agree with a plan: a defect of ours.
    pub fn solve(
        &self,
        stop: &dyn Fn() -> Stop,
        listener: &(dyn Fn(Underway<'_>) + Sync),
    ) -> Result<Vec<Document>, Failure> {
        let count = self.prepared.len() as f64;
        let shown = matches!(self.prepared.as_slice(), [class] if class.roster.students.len() <= MOST_SHOWN);
        let mut planned = Vec::with_capacity(self.prepared.len());
        for (done, class) in self.prepared.iter().enumerate() {
            let heard = |Underway { share, so_far }: Underway<'_>| {
                let share = (done as f64 + share.clamp(0.0, 1.0)) / count;
                listener(Underway { share, so_far: so_far.filter(|_| shown) });
            };
            planned.push(class.solve(self.effort, &stop(), &heard, self.lang));
        }
        let mut findings: Vec<_> = planned.iter().flat_map(|planned: &Planned| &planned.findings).cloned().collect();
        if let Some(staff) = &self.staff {
            let run =
                StaffRun { effort: self.effort, stop: &stop(), forming: Forming::Open, before: None, lang: self.lang };
            findings.extend(staffing::staff(&self.prepared, &mut planned, staff, run).findings);
        }
        match findings.first() {
            // The code only: the message may name a student.
            Some(finding) => {
                tracing::error!(code = finding.code, "the judge does not agree with a plan");
                Err(Failure::job_failed())
            }
            None => Ok(planned.into_iter().map(|planned| planned.document).collect()),
        }
    }
}
