//! What a person at the terminal sees and presses while a command runs.

use super::Failure;
use anyhow::Context;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The first Ctrl-C asks for the best plan so far, the second ends the program.
pub(super) fn cancel_switch() -> Result<Arc<AtomicBool>, Failure> {
    let switch = Arc::new(AtomicBool::new(false));
    let pressed = Arc::clone(&switch);
    ctrlc::set_handler(move || {
        if pressed.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    })
    .context("Ctrl-C")?;
    Ok(switch)
}
