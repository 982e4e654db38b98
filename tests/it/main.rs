//! Capability tests: fenzu through its public doors, one file a capability.

mod agreement;
mod check;
mod check_bounds;
mod check_document;
mod conflicts;
mod cover;
mod fuzz_models;
mod fuzz_reading;
mod helpers;
mod layout;
mod lists;
mod mip;
mod models;
mod plan_file;
mod reading;
mod reading_faults;
mod report;
mod rules;
mod sample;
mod small;
mod support;
