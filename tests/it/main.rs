//! Capability tests, one file each, through the public door.

mod reading;
