//! Fair shares of what is bounded: processors, room for bodies, requests at a time.
//!
//! A school may have as much as is left for all others: one alone has half of the whole, and who has nothing finds something. Who
//! asks for more waits. Of the schools that wait the one that has least is next, of these the one whose turn was the longest
//! ago; within a school what is due first, and small things are due before large ones.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Something that schools share. Clones share it, too.
#[derive(Clone, Debug)]
pub struct Shares(Arc<Mutex<State>>);

/// What a school has of it, given back with the value.
#[derive(Debug)]
pub struct Share {
    shares: Shares,
    school: String,
    amount: usize,
}

#[derive(Debug)]
struct State {
    all: usize,
    free: usize,
    /// Number of turns that were given.
    turns: u64,
    begun: Instant,
    schools: HashMap<String, School>,
}

/// One school's stand; forgotten when it has nothing and waits for nothing.
#[derive(Debug, Default)]
struct School {
    has: usize,
    /// Which turn its last one was.
    turn: u64,
    /// Who waits, by when they are due and the order in which they came.
    waiting: BTreeMap<(Duration, u64), Waiting>,
}

#[derive(Debug)]
struct Waiting {
    amount: usize,
    give: oneshot::Sender<Share>,
}

impl Shares {
    /// So much in all, of which one school alone may have half.
    #[must_use]
    pub fn of(all: usize) -> Self {
        let (begun, schools) = (Instant::now(), HashMap::new());
        Self(Arc::new(Mutex::new(State { all, free: all, turns: 0, begun, schools })))
    }

    /// What a school may have of it in all.
    #[must_use]
    pub fn most(&self) -> usize {
        self.state().all / 2
    }

    /// So much, if it is to be had at once.
    #[must_use]
    pub fn try_take(&self, school: &str, amount: usize) -> Option<Share> {
        let taken = self.state().take(school, amount);
        taken.then(|| self.share(school, amount))
    }

    /// So much, when it is this request's turn; more than a school may ever have is cut to that. It is due as if it had come
    /// `later`.
    pub async fn take(&self, school: &str, amount: usize, later: Duration) -> Share {
        let amount = amount.min(self.most());
        let (give, given) = oneshot::channel();
        self.state().wait(school, Waiting { amount, give }, later);
        self.serve();
        match given.await {
            Ok(share) => share,
            // Whoever waits is dropped from the queue only when nobody listens.
            Err(_) => std::future::pending().await,
        }
    }

    /// Gives to those who wait what they may have now.
    fn serve(&self) {
        loop {
            let Some((school, Waiting { amount, give })) = self.state().next() else { return };
            // Who does not listen any more gives it back with the value.
            let _ = give.send(self.share(&school, amount));
        }
    }

    fn share(&self, school: &str, amount: usize) -> Share {
        Share { shares: self.clone(), school: school.to_owned(), amount }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Counting cannot panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.shares.state().give_back(&self.school, self.amount);
        self.shares.serve();
    }
}

impl State {
    /// Whether a school that has so much may have more: no more in all than is left then, or what is left where it has nothing.
    fn fits(&self, has: usize, amount: usize) -> bool {
        amount <= self.free && (has == 0 || has + 2 * amount <= self.free)
    }

    fn take(&mut self, school: &str, amount: usize) -> bool {
        let has = self.schools.get(school).map_or(0, |school| school.has);
        if !self.fits(has, amount) {
            return false;
        }
        self.free -= amount;
        self.turns += 1;
        let turn = self.turns;
        let school = self.schools.entry(school.to_owned()).or_default();
        (school.has, school.turn) = (has + amount, turn);
        true
    }

    fn wait(&mut self, school: &str, waiting: Waiting, later: Duration) {
        self.turns += 1;
        let due = (self.begun.elapsed() + later, self.turns);
        self.schools.entry(school.to_owned()).or_default().waiting.insert(due, waiting);
    }

    /// Who is next, and has it now.
    fn next(&mut self) -> Option<(String, Waiting)> {
        self.schools.retain(|_, school| {
            school.waiting.retain(|_, waiting| !waiting.give.is_closed());
            school.has > 0 || !school.waiting.is_empty()
        });
        let may =
            |school: &School| school.waiting.values().next().is_some_and(|first| self.fits(school.has, first.amount));
        let next = self.schools.iter().filter(|(_, school)| may(school));
        let name = next.min_by_key(|(_, school)| (school.has, school.turn)).map(|(name, _)| name.clone())?;
        let (_, waiting) = self.schools.get_mut(&name)?.waiting.pop_first()?;
        self.take(&name, waiting.amount).then_some((name, waiting))
    }

    fn give_back(&mut self, school: &str, amount: usize) {
        self.free += amount;
        if let Some(school) = self.schools.get_mut(school) {
            school.has -= amount;
        }
    }
}
