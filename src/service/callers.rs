//! How many connections each caller's network has.

use super::caller::network;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// The connections of all addresses.
#[derive(Clone, Debug)]
pub(super) struct Callers {
    most: usize,
    counts: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One connection of an address, given back with the value.
#[derive(Debug)]
pub(super) struct Place {
    address: IpAddr,
    callers: Callers,
}

impl Callers {
    /// Each address may have so many.
    pub(super) fn new(most: usize) -> Self {
        Self { most, counts: Arc::default() }
    }

    /// A place for one more connection of this address; none where it has all that it may.
    pub(super) fn place(&self, address: IpAddr) -> Option<Place> {
        let address = network(address);
        self.change(address, |count| (count < self.most).then_some(count + 1))
            .then(|| Place { address, callers: self.clone() })
    }

    /// Changes the count of an address; false where it may not be changed.
    fn change(&self, address: IpAddr, to: impl FnOnce(usize) -> Option<usize>) -> bool {
        // Counting cannot panic half-way.
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = to(counts.get(&address).copied().unwrap_or_default());
        match changed {
            Some(0) => counts.remove(&address),
            Some(count) => counts.insert(address, count),
            None => None,
        };
        changed.is_some()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.callers.change(self.address, |count| Some(count.saturating_sub(1)));
    }
}
