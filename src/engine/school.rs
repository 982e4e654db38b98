//! A school's semester without a database: many classes in one run, staffed together, with every file that a school needs.
//!
//! ```text
//! folder · zip · workbook · list ──sources──▶ lists ──units──▶ classes ──┬─ without staff: read, solve, judge, write, forget
//!                                                                       └─ with staff: read, fit, solve, staff, write
//! output folder: summary.json|html|xlsx  classes/<class>.json|xlsx  public/<class>.html  teachers/<id>.xlsx  .fenzu/ (state)
//! ```
//! Classes are solved side by side, a thread each ([`crew`]); without a staff list memory holds only the classes at work. A
//! class that cannot be used never stops the others. Every file is whole or not there, and a run that was stopped, even
//! killed, goes on where it was: the state of each class says what its plan was made from (`state`). One run at a time writes
//! into a folder (`lock`), and none undoes claims or repairs in silence (`earlier`). No file but `summary.json` tells a time.

pub mod adopt;
pub mod again;
pub mod answers;
mod claims;
mod class;
pub mod crew;
pub mod division;
mod earlier;
mod group_names;
mod history;
pub mod inspect;
mod kept;
pub mod last;
mod lock;
mod made;
pub mod outlet;
mod outputs;
pub mod parts;
mod register;
mod registers;
pub mod repair;
mod rewriting;
mod run;
mod so_far;
pub mod sources;
mod staffed;
mod standing;
mod state;
pub mod summary;
mod summary_files;
mod summary_page;
mod summary_sheet;
mod titles;
mod trouble;
pub mod units;
mod zipped;

pub use made::{Made, Part};
pub use parts::Parts;
pub use run::run;
pub use summary::Summary;
pub use trouble::Trouble;

use self::sources::Source;
use crate::fault::{Fault, Faults};
use crate::model::Request;
use crate::model::request::PreviousMode;
use crate::pipeline::Disagreement;
use crate::report::ReportError;
use crate::roster::Override;
use crate::roster::staff::Staff;
use crate::solver::{Effort, Stop};
use crate::words::Lang;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What is asked of a school's run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Model, sizing, and the rules of all classes.
    pub request: Request,
    /// What the user said about columns.
    pub overrides: Vec<Override>,
    /// Seed, work and depth of proof for each class.
    pub effort: Effort,
    /// Seconds that a class may take; the clock itself is in [`Watch::stop`].
    pub limit_seconds: f64,
    /// Threads; 0 for all cores.
    pub threads: usize,
    /// The staff list.
    pub teachers: Option<Source>,
    /// Claims of teachers to the groups of the output folder.
    pub claims: Option<PathBuf>,
    /// Whether visit limits of teachers stand before the balance of groups.
    pub visits_first: bool,
    /// Last semester's output folder, and what it is for.
    pub previous: Option<(PathBuf, PreviousMode)>,
    /// Language of everything that is written.
    pub lang: Lang,
}

/// The outer world: the clock, Ctrl-C, and whoever wants to know how far it is.
pub struct Watch<'a> {
    /// A new stop after so many times a class's limit.
    pub stop: &'a (dyn Fn(u32) -> Stop + Sync),
    /// Set to end the run when the classes at work are done, and the staffing with the best so far.
    pub cancelled: &'a Arc<AtomicBool>,
    /// Called with the classes that are done and their number.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
    /// Called when the staff list is read, before anything is fitted or solved: what is to be said of it is said first.
    pub told: &'a (dyn Fn(&Staff) + Sync),
}

/// Why there is no summary.
#[derive(Debug, thiserror::Error)]
pub enum SchoolError {
    /// Input that concerns the whole school is refused; nothing was written.
    #[error(transparent)]
    Input(#[from] Faults),
    /// Rules cannot hold after a repair; nothing was written.
    #[error("{}", .0.line(Lang::En))]
    Impossible(Box<Fault>),
    /// An edited plan breaks rules; nothing was written.
    #[error(transparent)]
    Broken(Faults),
    /// The limit came with neither a plan nor a proof; nothing was written.
    #[error("{}", .0.line(Lang::En))]
    TooShort(Box<Fault>),
    /// A file could not be written.
    #[error(transparent)]
    Files(#[from] std::io::Error),
    /// A report could not be made.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// The judge does not agree with the staffing.
    #[error("the judge does not agree with the staffing: {0}")]
    Judge(String),
    /// A defect of ours.
    #[error("a defect that concerns the whole school")]
    Defect,
    /// No threads.
    #[error(transparent)]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

impl SchoolError {
    /// The judge does not agree.
    fn judge(found: &Disagreement, lang: Lang) -> Self {
        Self::Judge(found.line(lang))
    }
}
