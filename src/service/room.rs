//! The room that a request's large body takes, kept with the task that answers the request.

use super::shares::Share;
use std::cell::Cell;
use std::future::Future;

/// What a large body takes of the rooms for all.
pub(super) type Room = Vec<Share>;

tokio::task_local! {
    /// The room of the request that this task answers.
    static HELD: Cell<Room>;
}

/// Answers a request that holds room.
pub(super) async fn with_room<T>(room: Room, answer: impl Future<Output = T>) -> T {
    HELD.scope(Cell::new(room), answer).await
}

/// Takes the request's room along with its body; none where it has none.
pub(super) fn take_room() -> Room {
    HELD.try_with(Cell::take).unwrap_or_default()
}

/// Brings the request's room back.
pub(super) fn put_room(room: Room) {
    if !room.is_empty() {
        // Whoever has taken it here answers the same request.
        let _ = HELD.try_with(|held| held.set(room));
    }
}
