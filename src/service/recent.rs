//! What was made a moment ago and may be asked for again: a list as it was read, a plan's classes as they were compiled. It belongs
//! to a school, and is forgotten when the school erases something.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What nobody has asked for so long is forgotten.
const IDLE: Duration = Duration::from_secs(120);

/// So much may be kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    /// Things.
    pub(super) things: usize,
    /// Bytes of the lists that they were made of: what is made of a list takes many times as much.
    pub(super) bytes: usize,
    /// Bytes of one such list.
    pub(super) each: usize,
}

/// Things of one kind, the latest last.
#[derive(Debug)]
pub(super) struct Recent<T> {
    all: Mutex<Vec<Kept<T>>>,
    most: Most,
}

#[derive(Debug)]
struct Kept<T> {
    school: String,
    key: String,
    bytes: usize,
    thing: Arc<T>,
    used: Instant,
}

impl<T> Recent<T> {
    pub(super) fn new(most: Most) -> Self {
        Self { all: Mutex::default(), most }
    }

    /// What was kept under the key of this school.
    pub(super) fn get(&self, school: &str, key: &str) -> Option<Arc<T>> {
        let mut all = self.all();
        let at = all.iter().position(|kept| kept.school == school && kept.key == key)?;
        let mut kept = all.remove(at);
        kept.used = Instant::now();
        let thing = Arc::clone(&kept.thing);
        all.push(kept);
        Some(thing)
    }

    /// Keeps a thing made of a list of so many bytes, unless that is too large; what was not used for longest makes room.
    pub(super) fn keep(&self, school: &str, key: String, bytes: usize, thing: T) -> Arc<T> {
        let thing = Arc::new(thing);
        if bytes > self.most.each {
            return thing;
        }
        let mut all = self.all();
        // Two may have made it at once.
        all.retain(|kept| kept.school != school || kept.key != key);
        let mut sum = bytes + all.iter().map(|kept| kept.bytes).sum::<usize>();
        let mut gone = 0;
        while gone < all.len() && (all.len() - gone >= self.most.things || sum > self.most.bytes) {
            sum -= all[gone].bytes;
            gone += 1;
        }
        all.drain(..gone);
        all.push(Kept { school: school.to_owned(), key, bytes, thing: Arc::clone(&thing), used: Instant::now() });
        thing
    }

    /// Forgets everything of a school: it has erased something.
    pub(super) fn forget(&self, school: &str) {
        self.all().retain(|kept| kept.school != school);
    }

    /// Forgets what nobody asks for any more.
    pub(super) fn forget_idle(&self) {
        self.all().retain(|kept| kept.used.elapsed() < IDLE);
    }

    fn all(&self) -> MutexGuard<'_, Vec<Kept<T>>> {
        // No panic leaves the list half changed.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_kept_as_far_as_there_is_room() {
        let recent = Recent::new(Most { things: 3, bytes: 10, each: 6 });
        let kept = |key: &str| recent.get("school", key).map(|thing| *thing);
        recent.keep("school", "a".to_owned(), 4, 1);
        recent.keep("school", "b".to_owned(), 4, 2);
        assert_eq!((kept("a"), kept("b")), (Some(1), Some(2)));
        recent.keep("school", "large".to_owned(), 7, 3);
        assert_eq!(
            (kept("large"), kept("b"), kept("a")),
            (None, Some(2), Some(1)),
            "one that is too large takes no room"
        );
        recent.keep("school", "c".to_owned(), 4, 4);
        assert_eq!((kept("b"), kept("a"), kept("c")), (None, Some(1), Some(4)), "what was used last stays");
        recent.keep("other", "a".to_owned(), 1, 5);
        recent.keep("other", "b".to_owned(), 1, 6);
        assert_eq!((kept("a"), kept("c")), (None, Some(4)), "no more things than three");
        recent.forget("school");
        assert_eq!((kept("c"), recent.get("other", "a").map(|thing| *thing)), (None, Some(5)), "a school's own");
    }
}
