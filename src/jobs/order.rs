//! What a worker and the processes that solve for it say to each other over pipes: frames, each a length and as many bytes. A
//! message is JSON; the files that belong to it follow as frames of their own.

use super::Failure;
use super::solved::Solved;
use super::stored::Stored;
use crate::pipeline::staffing::Numbers;
use crate::plan::document::Document;
use crate::roster::Limits;
use crate::store::BatchFile;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// Most bytes of a frame; nothing that is stored comes near it.
const LONGEST: u64 = 1 << 30;

/// To a process.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Order {
    /// Solve a plan; its files follow as [`Stored::blobs`] has them.
    Plan(Box<Stored>),
    /// Read a batch and keep it: names and bytes of its files follow.
    Batch {
        /// The batch.
        id: String,
        /// Its files without their bytes.
        files: Vec<BatchFile>,
        /// What is asked for.
        request: String,
        /// How much of a list is read.
        limits: Limits,
    },
    /// Solve a class of the batch that was read last.
    Class {
        /// Its name.
        class: String,
        /// Its list, for the test hooks.
        file: String,
    },
    /// Somebody asks to stop: keep the best so far.
    Stop,
}

/// From a process.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Said {
    /// How far it is.
    Share(f64),
    /// What it looks like so far, as JSON.
    Draft(String),
    /// It is done.
    Ended(Answer),
}

/// What came of an order.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// The plan.
    Plan(Result<Solved, Failure>),
    /// The classes of the batch, and the numbers of groups that were chosen for its staff list, where it has one.
    Batch(Result<(Vec<Found>, Option<Numbers>), Failure>),
    /// The class's document, and its own files, packed, where there are any.
    Class(Result<(Box<Document>, Option<Vec<u8>>), Failure>),
    /// A panic: a defect of ours.
    Panicked,
}

/// A class of a batch.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Found {
    /// Its name.
    pub(super) class: String,
    /// Its list.
    pub(super) list: String,
    /// What decides it.
    pub(super) digest: String,
}

/// Writes a frame.
pub(super) fn send(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    to.write_all(&(bytes.len() as u64).to_le_bytes())?;
    to.write_all(bytes)
}

/// Writes a message.
pub(super) fn say(to: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    send(to, &serde_json::to_vec(message)?)?;
    to.flush()
}

/// Reads a frame.
pub(super) fn receive(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 8];
    from.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    if length > LONGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = Vec::new();
    from.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// Reads a message.
pub(super) fn hear<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<T> {
    Ok(serde_json::from_slice(&receive(from)?)?)
}
