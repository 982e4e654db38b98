//! The store, over SQLite and PostgreSQL alike: every test runs over both.

mod batches;
mod database;
mod encrypted;
mod fixture;
mod properties;
mod schools;
mod tokens;
mod turns;
mod work;
