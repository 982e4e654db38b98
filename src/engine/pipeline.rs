//! One request the whole way. Command line, worker, service and school go it alike; what differs (clock, threads, who listens)
//! comes in from outside.
//!
//! ```text
//! Asked ──lists, request, staff list──▶ Ready ──class by class, then staffed together──▶ Solved ──▶ documents, reports
//!   everything that is wrong is found here       the judge agrees with every plan                    └─edit─▶ a document again
//! ```
//! A school goes the same steps for each class by itself, since a class that cannot be used stops no other: [`prepare`],
//! [`staffing::fit_again`], [`Prepared::solve`], [`staffing::staff`].

mod asked;
mod bound;
mod class;
pub mod edit;
pub mod judged;
mod last;
mod ready;
pub mod staffing;
mod verdict;

pub use asked::{Asked, StaffReader};
pub use class::{Division, Planned, Prepared, Underway, prepare};
pub use last::{previous_unmatched, unmatched};
pub use ready::{Ready, Run, Solved};
pub use verdict::{Disagreement, agreed};
