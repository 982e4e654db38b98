//! Lists drawn by chance: who is in them, how they are laid out, and whether they were read as they are.

pub mod chance;
pub mod columns;
pub mod draw;
pub mod judge;
pub mod sheet;
pub mod truth;
pub mod write;
