//! Solving steps back behind answering: where every processor solves, a request must not wait for its turn on one.

/// By how much the threads of a solve are nicer than those that answer.
#[cfg(target_os = "linux")]
const NICER: i32 = 10;

/// Lowers the priority of this thread and of those that it starts. Where it stays as it was, answers only come later.
pub(super) fn step_back() {
    // On Linux each thread has its own (nice(2), "C library/kernel differences"); elsewhere it would slow the whole service.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICER) {
        tracing::debug!(%error, "solving keeps the priority of answering");
    }
}
