//! fenzu (分组) divides students into groups that are homogeneous between groups and heterogeneous within groups.
#![forbid(unsafe_code)]
#![warn(missing_docs, clippy::pedantic)]

pub mod fault;
pub mod model;
pub mod plan;
pub mod report;
pub mod roster;
pub mod words;
