//! Tokens that were refused: told in the log with the caller's address, and only so many a minute from one network. Whoever was let
//! in before is not locked out by a neighbour who guesses.

use super::caller::{Client, network};
use crate::roster::sha256;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The time in which refused tokens are counted.
const WINDOW: Duration = Duration::from_secs(60);
/// Networks that are counted at a time; beyond that, those that are not counted are not listened to.
const MOST_NETWORKS: usize = 100_000;

/// Refused tokens of all networks.
#[derive(Debug)]
pub(super) struct Refused {
    /// Refused tokens of one network in a window.
    most: u32,
    counted: Mutex<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    networks: HashMap<Option<IpAddr>, Count>,
    /// Digests of tokens that were let in.
    known: HashSet<String>,
}

/// The refused tokens of one network.
#[derive(Clone, Copy, Debug)]
struct Count {
    number: u32,
    since: Instant,
}

impl Count {
    fn is_over(&self) -> bool {
        self.since.elapsed() >= WINDOW
    }

    /// Seconds to the end of the window.
    fn left(&self) -> u32 {
        let left = WINDOW.saturating_sub(self.since.elapsed()).as_secs();
        u32::try_from(left).unwrap_or(u32::MAX).max(1)
    }
}

impl Refused {
    /// So many refused tokens a minute from one network.
    pub(super) fn new(most: u32) -> Self {
        Self { most, counted: Mutex::default() }
    }

    /// The seconds after which this caller is listened to again; none where he is now.
    pub(super) fn wait(&self, client: Option<Client>, token: &str) -> Option<u32> {
        let counted = self.counted();
        let full = counted.networks.len() >= MOST_NETWORKS;
        let seconds = match counted.networks.get(&of(client)) {
            Some(count) if count.is_over() || count.number < self.most => None,
            Some(count) => Some(count.left()),
            None => full.then_some(1),
        };
        seconds.filter(|_| !counted.known.contains(&sha256(token.as_bytes())))
    }

    /// This token was let in.
    pub(super) fn let_in(&self, token: &str) {
        self.counted().known.insert(sha256(token.as_bytes()));
    }

    /// This token was refused: it is told and counted.
    pub(super) fn refuse(&self, client: Option<Client>, token: &str) {
        let mut counted = self.counted();
        counted.known.remove(&sha256(token.as_bytes()));
        let new = Count { number: 0, since: Instant::now() };
        let count = counted.networks.entry(of(client)).or_insert(new);
        if count.is_over() {
            *count = new;
        }
        count.number = count.number.saturating_add(1);
        let address = client.map(|client| tracing::field::display(client.0));
        tracing::warn!(address, "a token was refused");
        if count.number == self.most {
            tracing::warn!(address, seconds = count.left(), "too many refused tokens: this network is not listened to");
        }
    }

    /// Forgets windows that are over.
    pub(super) fn forget(&self) {
        self.counted().networks.retain(|_, count| !count.is_over());
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        // Counting cannot panic half-way.
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn of(client: Option<Client>) -> Option<IpAddr> {
    client.map(|client| network(client.0))
}
