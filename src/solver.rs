//! The solver.
pub mod atoms;
pub mod stop;
