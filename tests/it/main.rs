//! Capability tests through the public doors, one file a capability.

mod check;
mod check_bounds;
mod check_document;
mod layout;
mod plan_file;
mod support;
