//! Classes that are ready, and what comes of them: each is solved and judged, then all are staffed together.

use super::edit::{Bounds, Original};
use super::staffing::{self, Forming, StaffRun, Staffed};
use super::{Disagreement, Planned, Prepared, Underway};
use crate::plan::document::Document;
use crate::report::{Audience, Report};
use crate::roster::staff::Staff;
use crate::solver::{Effort, Stop};
use crate::words::Lang;

/// Classes that can be solved: nothing is wrong with the input.
#[derive(Clone, Debug, Default)]
pub struct Ready {
    /// The classes, in the lists' order.
    pub classes: Vec<Prepared>,
    /// Their teachers.
    pub staff: Option<Staff>,
}

/// How the classes are solved.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// Seed, work and depth of proof of each class.
    pub effort: Effort,
    /// Makes the clock of each class, and that of the staffing.
    pub stop: &'a (dyn Fn() -> Stop + Sync),
    /// Hears how far all classes are, and may look at the one that is at work.
    pub listener: &'a (dyn Fn(Underway<'_>) + Sync),
    /// Whether classes may be formed again for the sake of teachers.
    pub forming: Forming,
    /// Language of all that is told.
    pub lang: Lang,
}

/// All classes with their plans.
#[derive(Clone, Debug)]
pub struct Solved {
    /// The plan of each class, with which the judge agrees.
    pub planned: Vec<Planned>,
    /// Who takes which group, where there are teachers.
    pub staffed: Option<Staffed>,
}

impl Ready {
    /// Solves class by class, then staffs them together.
    ///
    /// # Errors
    /// The judge does not agree with a plan: a defect of ours.
    pub fn solve(&self, run: Run<'_>) -> Result<Solved, Disagreement> {
        let Run { effort, stop, listener, forming, lang } = run;
        let count = self.classes.len() as f64;
        let mut planned = Vec::with_capacity(self.classes.len());
        for (done, class) in self.classes.iter().enumerate() {
            let heard = |Underway { share, so_far }: Underway<'_>| {
                listener(Underway { share: (done as f64 + share.clamp(0.0, 1.0)) / count, so_far });
            };
            planned.push(class.solve(effort, &stop(), &heard, lang).agreed()?);
        }
        let staff = |staff: &Staff| {
            let run = StaffRun { effort, stop: &stop(), forming, before: None, lang };
            staffing::staff(&self.classes, &mut planned, staff, run).agreed()
        };
        let staffed = self.staff.as_ref().map(staff).transpose()?;
        Ok(Solved { planned, staffed })
    }

    /// The plans of the classes as reports show them, in the classes' order.
    pub fn reports<'a>(
        &'a self,
        documents: impl IntoIterator<Item = &'a Document>,
        audience: Audience,
        lang: Lang,
    ) -> impl Iterator<Item = Report<'a>> {
        self.classes.iter().zip(documents).map(move |(class, document)| class.report(document, audience, lang))
    }

    /// What an edit of their plan by hand begins with; `bounds` says what of the plan's bounds holds for plans edited from it.
    #[must_use]
    pub fn original<'a>(&'a self, documents: &'a [Document], bounds: Bounds) -> Original<'a> {
        Original { prepared: &self.classes, documents, staff: self.staff.as_ref(), bounds }
    }
}

impl Solved {
    /// The plans alone.
    #[must_use]
    pub fn documents(self) -> Vec<Document> {
        self.planned.into_iter().map(|planned| planned.document).collect()
    }
}
