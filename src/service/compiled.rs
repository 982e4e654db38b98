//! Plans that were opened a moment ago, compiled. The price of a drop is asked for at every card that the mouse passes; to read
//! the list again each time would take longer than all the rest. A plan that is edited by hand has the input of its parent, so
//! it finds what was compiled for that.

use super::recent::Most;
use crate::fault::Faults;
use crate::jobs::plan::Input;
use crate::pipeline::Ready;
use crate::plan::document::Document;
use crate::roster::Roster;
use crate::store::Plan;
use std::sync::{Arc, OnceLock};

/// Kept at most: what is compiled of a list takes many times as much as its bytes.
pub(super) const MOST: Most = Most { things: 16, bytes: 4 << 20, each: usize::MAX };

/// The input of a plan, and its classes once somebody needs them.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) input: Input,
    /// Its list as it was read, if that is still at hand.
    list: Option<Arc<Roster>>,
    ready: OnceLock<Ready>,
}

/// All that decides what is compiled: a plan's input, and the numbers of groups that it has.
pub(super) fn key(plan: &Plan, documents: &[Document]) -> String {
    let none = String::new();
    let given = [&plan.list, plan.staff.as_ref().unwrap_or(&none), plan.previous.as_ref().unwrap_or(&none)];
    let groups = documents.iter().map(|document| document.groups.len().to_string());
    let parts = given.into_iter().cloned().chain(groups).chain([plan.request.clone()]);
    parts.collect::<Vec<_>>().join("\n")
}

impl Opened {
    pub(super) fn new(input: Input, list: Option<Arc<Roster>>) -> Self {
        Self { input, list, ready: OnceLock::new() }
    }

    /// The classes with as many groups as the plan has, compiled by whoever asks first.
    pub(super) fn ready(&self, documents: &[Document]) -> Result<&Ready, Faults> {
        if let Some(ready) = self.ready.get() {
            return Ok(ready);
        }
        let list = self.list.clone().map_or_else(|| self.input.read(), Ok);
        let ready = self.input.reopened(list, documents)?;
        Ok(self.ready.get_or_init(|| ready))
    }
}
