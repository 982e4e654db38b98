//! Divides students into groups that are alike between and mixed within, and proves how good the division is.
//!
//! A part of fenzu; its rooms are reached as `fenzu::solver` and so on. Nothing here knows a server, a database or a clock.

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

pub mod base;
pub mod check;
pub mod explain;
pub mod goals;
pub mod model;
pub mod pipeline;
pub mod plan;
pub mod problem;
pub mod report;
pub mod sample;
pub mod school;
pub mod solver;

pub use fenzu_reader::{fault, roster, words};
