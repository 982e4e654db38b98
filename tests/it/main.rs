//! Capability tests, one file each, through the public door.

mod fuzz_reading;
mod lists;
mod reading;
mod reading_faults;
