//! fenzu (分组) divides students into groups that are homogeneous between groups and heterogeneous within groups.
#![forbid(unsafe_code)]
#![warn(missing_docs, clippy::pedantic)]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers of students and whole marks are checked to be far below 2^53 when a problem is compiled"
)]
#![expect(
    clippy::doc_markdown,
    reason = "documentation quotes formulas such as n_g·T_t as they stand in formulation.md"
)]

pub mod check;
pub mod cli;
pub mod explain;
pub mod fault;
pub mod goals;
pub mod model;
pub mod plan;
pub mod planning;
pub mod problem;
pub mod report;
pub mod roster;
pub mod sample;
pub mod solver;
pub mod words;
