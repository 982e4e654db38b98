//! Explains plans and refusals to people, in both languages.

pub mod conflict;
mod numbers;
