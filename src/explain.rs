//! Explains plans and refusals to people, in both languages.

pub mod balance;
pub mod conflict;
mod numbers;

pub use balance::{balance, heterogeneity};
pub use conflict::conflict;
