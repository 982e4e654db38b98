//! The way to a process that is at work: orders, the word to stop, the end.

use super::order::{Order, say, send};
use std::io::{self, BufWriter, Write};
use std::process::{Child, ChildStdin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a process may take to hear that it should stop.
const GRACE: Duration = Duration::from_secs(10);

/// The way to a process that is at work.
#[derive(Clone, Debug)]
pub(super) struct Control(Arc<Mutex<Held>>);

#[derive(Debug)]
struct Held {
    child: Child,
    stdin: BufWriter<ChildStdin>,
    /// When it was asked to stop.
    asked: Option<Instant>,
}

impl Control {
    /// To a process by its input.
    pub(super) fn new(child: Child, stdin: ChildStdin) -> Self {
        Self(Arc::new(Mutex::new(Held { child, stdin: BufWriter::new(stdin), asked: None })))
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn lives(&self) -> bool {
        matches!(self.held().child.try_wait(), Ok(None))
    }

    pub(super) fn order(&self, order: &Order, files: &[Vec<u8>]) -> io::Result<()> {
        let stdin = &mut self.held().stdin;
        say(stdin, order)?;
        for file in files {
            send(stdin, file)?;
        }
        stdin.flush()
    }

    /// Asks it to keep the best so far; one that does not hear it is ended.
    pub(super) fn stop(&self) {
        let mut held = self.held();
        match held.asked {
            None => {
                held.asked = Some(Instant::now());
                // One that has died is found by who listens.
                let _ = say(&mut held.stdin, &Order::Stop);
            }
            Some(asked) if asked.elapsed() > GRACE => {
                let _ = held.child.kill();
            }
            Some(_) => {}
        }
    }

    pub(super) fn was_asked(&self) -> bool {
        self.held().asked.is_some()
    }

    /// Ends it at once.
    pub(super) fn kill(&self) {
        let mut held = self.held();
        // It may have ended by itself.
        let _ = held.child.kill();
        let _ = held.child.wait();
    }
}
