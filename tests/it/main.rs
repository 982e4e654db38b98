//! Capability tests: each module goes through the public door of one thing that fenzu can do.

mod fuzz_models;
mod models;
mod rules;
mod sample;
