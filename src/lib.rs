//! fenzu (分组) divides students into groups that are homogeneous between groups and heterogeneous within groups.
#![forbid(unsafe_code)]
#![warn(missing_docs, clippy::pedantic)]

pub mod explain;
pub mod fault;
pub mod goals;
pub mod model;
pub mod plan;
pub mod problem;
pub mod roster;
pub mod solver;
pub mod words;
