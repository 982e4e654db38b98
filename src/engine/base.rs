//! What every room above may need: files that are whole or not there, names of files, the order of names.

pub mod files;
pub mod names;
pub mod order;
