//! Capability tests: fenzu through its public doors, one file a capability.

mod agreement;
mod check;
mod check_bounds;
mod check_document;
mod layout;
mod plan_file;
mod reading;
mod report;
mod support;
