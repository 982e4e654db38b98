//! Capability tests: fenzu through its public doors, one file a capability.

mod reading;
mod report;
