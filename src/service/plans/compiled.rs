//! Plans that were opened a moment ago, compiled. The price of a drop is asked for at every card that the mouse passes; to read
//! the list again each time would take longer than all the rest. A plan that is edited by hand has the input of its parent, so
//! it finds what was compiled for that.

use crate::fault::Faults;
use crate::jobs::plan::{Input, Ready};
use crate::plan::document::Document;
use crate::store::Plan;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Kept at most, and bytes of their lists: what is compiled of a list takes many times as much.
const MOST: usize = 16;
const BYTES: usize = 4 << 20;
/// What nobody has asked for so long is forgotten.
const IDLE: Duration = Duration::from_secs(120);

/// What was opened a moment ago, the latest last.
#[derive(Debug, Default)]
pub(in crate::service) struct Compiled(Mutex<Vec<Kept>>);

#[derive(Debug)]
struct Kept {
    school: String,
    key: String,
    opened: Arc<Opened>,
    used: Instant,
}

impl Kept {
    fn bytes(&self) -> usize {
        self.opened.input.list.bytes.len()
    }
}

/// The input of a plan, and its classes once somebody needs them.
#[derive(Debug)]
pub(in crate::service) struct Opened {
    pub(super) input: Input,
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

impl Compiled {
    /// What was kept under the key of this school.
    pub(super) fn get(&self, school: &str, key: &str) -> Option<Arc<Opened>> {
        let mut all = self.all();
        let at = all.iter().position(|kept| kept.school == school && kept.key == key)?;
        let mut kept = all.remove(at);
        kept.used = Instant::now();
        let opened = Arc::clone(&kept.opened);
        all.push(kept);
        Some(opened)
    }

    /// Keeps an input; what was not used for longest makes room.
    pub(super) fn keep(&self, school: &str, key: String, input: Input) -> Arc<Opened> {
        let opened = Arc::new(Opened { input, ready: OnceLock::new() });
        let mut all = self.all();
        // Two may have asked for it at once.
        all.retain(|kept| kept.school != school || kept.key != key);
        let mut bytes = opened.input.list.bytes.len() + all.iter().map(Kept::bytes).sum::<usize>();
        while all.len() >= MOST || (bytes > BYTES && !all.is_empty()) {
            bytes -= all.remove(0).bytes();
        }
        all.push(Kept { school: school.to_owned(), key, opened: Arc::clone(&opened), used: Instant::now() });
        opened
    }

    /// Forgets everything of a school: it has erased something.
    pub(in crate::service) fn forget(&self, school: &str) {
        self.all().retain(|kept| kept.school != school);
    }

    /// Forgets what nobody asks for any more.
    pub(in crate::service) fn forget_idle(&self) {
        self.all().retain(|kept| kept.used.elapsed() < IDLE);
    }

    fn all(&self) -> MutexGuard<'_, Vec<Kept>> {
        // No panic leaves the list half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Opened {
    /// The classes, compiled by whoever asks first.
    pub(super) fn ready(&self, compile: impl FnOnce(&Input) -> Result<Ready, Faults>) -> Result<&Ready, Faults> {
        if let Some(ready) = self.ready.get() {
            return Ok(ready);
        }
        let ready = compile(&self.input)?;
        Ok(self.ready.get_or_init(|| ready))
    }
}
