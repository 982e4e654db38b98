//! The solver.
pub mod atoms;
pub mod conflict;
pub mod helpers;
pub mod mip;
pub mod stop;
