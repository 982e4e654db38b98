//! Explaining plans in words and numbers.

pub mod balance;

pub use balance::{balance, heterogeneity};
