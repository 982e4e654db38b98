//! Capability tests: fenzu through its public doors, one file a capability.

mod fuzz_models;
mod models;
mod reading;
mod report;
mod rules;
mod sample;
