//! Explaining plans in words and numbers.

pub mod balance;
pub mod conflict;

pub use balance::{balance, heterogeneity};
pub use conflict::conflict;
