//! How much a school may store. What is stored is added up in the database; in between what this process adds is added to it, so
//! that nobody waits for a sum.

use super::caller::School;
use super::problem::{Kind, Problem};
use crate::store::Store;
use crate::words;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a sum is believed: workers add plans, others erase.
const BELIEVED: Duration = Duration::from_secs(60);

/// What is known of each school.
#[derive(Debug, Default)]
pub(super) struct Quota(Mutex<HashMap<String, Known>>);

#[derive(Clone, Copy, Debug)]
struct Known {
    bytes: u64,
    since: Instant,
}

impl Known {
    fn is_old(&self) -> bool {
        self.since.elapsed() > BELIEVED
    }
}

impl Quota {
    /// Forgets what is believed no longer.
    pub(super) fn forget(&self) {
        self.known().retain(|_, known| !known.is_old());
    }

    /// Refuses what would not fit beside what the school stores; `most` are the bytes that it may.
    pub(super) async fn admit(&self, store: &Store, most: u64, school: &School, bytes: usize) -> Result<(), Problem> {
        let bytes = bytes as u64;
        if self.add(school, bytes, most) {
            return Ok(());
        }
        let stored = store.stored(&school.0).await?;
        self.learn(school, stored);
        if self.add(school, bytes, most) {
            return Ok(());
        }
        Err(full(stored, bytes, most))
    }

    /// Adds to what the school stores where that is known and stays within the limit.
    fn add(&self, school: &School, bytes: u64, most: u64) -> bool {
        let mut all = self.known();
        let Some(known) = all.get_mut(&school.0).filter(|known| !known.is_old()) else { return false };
        let fits = known.bytes.saturating_add(bytes) <= most;
        known.bytes += if fits { bytes } else { 0 };
        fits
    }

    fn learn(&self, school: &School, bytes: u64) {
        self.known().insert(school.0.clone(), Known { bytes, since: Instant::now() });
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        // Counting cannot panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn full(stored: u64, bytes: u64, most: u64) -> Problem {
    let [stored, bytes, most] = [stored, bytes, most].map(|bytes| bytes as f64 / f64::from(1 << 20));
    let detail = words!(
        "本校已存 {stored:.1} MiB，再加 {bytes:.1} MiB 就超过上限 {most:.1} MiB；请删除不再需要的名册、分组结果或整批结果",
        "this school stores {stored:.1} MiB, and {bytes:.1} MiB more would pass the limit of {most:.1} MiB: delete lists, plans or \
         batches that are not needed any more"
    );
    Problem::new(Kind::Full, detail).code("storage_full")
}
