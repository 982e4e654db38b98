//! Capability tests through the public door.

mod conflicts;
mod helpers;
mod mip;
mod small;
