//! Capability tests: fenzu through its public doors, one file a capability.

mod fuzz_models;
mod fuzz_reading;
mod lists;
mod models;
mod reading;
mod reading_faults;
mod report;
mod rules;
mod sample;
