//! Explains plans and refusals to people, in both languages.

pub mod balance;
pub mod compare;
pub mod conflict;
mod numbers;
pub mod places;
pub mod rests_on;

pub use balance::{balance, heterogeneity};
pub use conflict::conflict;
pub use rests_on::rests_on;
