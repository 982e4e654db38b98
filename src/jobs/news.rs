//! Who waits for a row hears when something is told of it, and nobody else is woken.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

/// The rows that somebody of this process waits for, by id.
#[derive(Clone, Debug, Default)]
pub(super) struct News(Arc<Mutex<HashMap<String, watch::Sender<()>>>>);

/// Waits for news of one row: all that was told since it was made, or since it last heard.
#[derive(Debug)]
pub struct Listener {
    id: String,
    news: News,
    told: watch::Receiver<()>,
}

impl News {
    pub(super) fn listen(&self, id: &str) -> Listener {
        let told = self.rows().entry(id.to_owned()).or_default().subscribe();
        Listener { id: id.to_owned(), news: self.clone(), told }
    }

    /// Something has happened to a row.
    pub(super) fn tell(&self, id: &str) {
        if let Some(row) = self.rows().get(id) {
            row.send_replace(());
        }
    }

    /// The rows that are waited for.
    pub(super) fn awaited(&self) -> Vec<String> {
        self.rows().keys().cloned().collect()
    }

    fn rows(&self) -> MutexGuard<'_, HashMap<String, watch::Sender<()>>> {
        // No panic leaves the table half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener {
    /// Waits until something is told of the row; false where the time is over before.
    pub async fn heard(&mut self, deadline: Instant) -> bool {
        // The sender lives as long as somebody listens.
        timeout_at(deadline, self.told.changed()).await.is_ok()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut rows = self.news.rows();
        // This one still listens.
        if rows.get(&self.id).is_some_and(|row| row.receiver_count() <= 1) {
            rows.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_who_waits_for_a_row_hears_of_it() {
        let news = News::default();
        let (mut one, mut other) = (news.listen("one"), news.listen("other"));
        news.tell("one");
        assert!(one.heard(Instant::now()).await, "what was told before is heard");
        assert!(!one.heard(Instant::now()).await, "once");
        assert!(!other.heard(Instant::now()).await, "another row's news are not");
        let mut awaited = news.awaited();
        awaited.sort();
        assert_eq!(awaited, ["one", "other"]);
        drop(one);
        assert_eq!(news.awaited(), ["other"]);
    }
}
