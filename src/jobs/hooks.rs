//! Test hooks: files by whose names a solving process dies or panics, as a defect would make it.

use super::order::Order;
use crate::store::FileKind;

/// The names, from the environment.
#[derive(Debug)]
pub(super) struct Hooks {
    /// Dies at a list of this file name, or at a batch with a zip of this name.
    crash_on: Option<String>,
    /// Panics at a class in a list of this file name, with the names of both.
    panic_on: Option<String>,
}

impl Hooks {
    pub(super) fn from_env() -> Self {
        Self { crash_on: std::env::var("FENZU_CRASH_ON").ok(), panic_on: std::env::var("FENZU_PANIC_ON").ok() }
    }

    /// Does to the process what its environment asks for.
    pub(super) fn meet(&self, order: &Order) {
        let crashes = |name: &String| Some(name) == self.crash_on.as_ref();
        let is_crash = match order {
            Order::Plan(stored) => crashes(&stored.list.name),
            Order::Batch { files, .. } => files.iter().any(|file| file.kind == FileKind::Zip && crashes(&file.name)),
            Order::Class { class, file } => {
                assert!(Some(file) != self.panic_on.as_ref(), "the test hook: {class} of {file}");
                crashes(file)
            }
            Order::Stop => false,
        };
        if is_crash {
            std::process::abort();
        }
    }
}
