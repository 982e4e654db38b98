//! Whose turn it is in one process: there is a seat for each solve, and beside the seats up to as many again for schools that have
//! nothing at work, so that nobody waits for a seat that another school keeps for long.

use crate::store::{Next, Store, StoreError, Whose};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// How often who waits for a seat looks whether a school without work at hand has come.
const LOOK: Duration = Duration::from_millis(100);

/// The seats of a process.
#[derive(Debug)]
pub(super) struct Seats {
    free: Semaphore,
    /// One looks at a time: what two take side by side neither would know of the other.
    looking: tokio::sync::Mutex<()>,
    at_work: AtWork,
}

/// How much of each school this process works on, also what is not claimed yet.
#[derive(Clone, Debug, Default)]
struct AtWork(Arc<Mutex<HashMap<String, usize>>>);

/// A seat that is held, or none yet.
pub(super) type Seat<'s> = Option<SemaphorePermit<'s>>;

/// Work of a school, counted as long as the value lives.
#[derive(Debug)]
pub(super) struct Working {
    school: String,
    at_work: AtWork,
}

impl Seats {
    pub(super) fn new(seats: usize) -> Self {
        Self { free: Semaphore::new(seats), looking: tokio::sync::Mutex::default(), at_work: AtWork::default() }
    }

    /// What may be done now, with a seat if one is free. None with a seat: nothing waits. None without: nothing that needs none.
    pub(super) async fn next<'s>(
        &'s self,
        store: &Store,
        seat: &mut Seat<'s>,
    ) -> Result<Option<(Next, Working)>, StoreError> {
        let _alone = self.looking.lock().await;
        if seat.is_none() {
            *seat = self.free.try_acquire().ok();
        }
        let whose = if seat.is_some() { Whose::Anyones } else { Whose::Newcomers };
        let next = store.next(whose).await?;
        Ok(next.and_then(|next| self.at_work.begin(&next.school, whose).map(|working| (next, working))))
    }

    /// A seat, if there is one in a moment.
    pub(super) async fn soon(&self) -> Seat<'_> {
        // Closed by nobody.
        timeout(LOOK, self.free.acquire()).await.ok()?.ok()
    }
}

impl AtWork {
    /// Counts work of a school; none where it must be the only one and is not.
    fn begin(&self, school: &str, whose: Whose) -> Option<Working> {
        let mut counts = self.counts();
        let count = counts.entry(school.to_owned()).or_default();
        if whose == Whose::Newcomers && *count > 0 {
            return None;
        }
        *count += 1;
        Some(Working { school: school.to_owned(), at_work: self.clone() })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        // Counting cannot panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        let mut counts = self.at_work.counts();
        let left = counts.get(&self.school).map_or(0, |count| count.saturating_sub(1));
        match left {
            0 => counts.remove(&self.school),
            left => counts.insert(self.school.clone(), left),
        };
    }
}
