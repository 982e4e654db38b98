//! Reads class lists and staff lists as people really have them: a list's bytes → students, columns, and what was doubtful.
//!
//! A part of fenzu; its rooms are reached as `fenzu::roster` and so on.

#![forbid(unsafe_code)]
#![warn(missing_docs, clippy::pedantic)]
#![expect(clippy::cast_precision_loss, reason = "numbers of students and cells are far below 2^53")]

pub mod fault;
pub mod roster;
pub mod words;
