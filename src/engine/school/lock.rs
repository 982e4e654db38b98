//! One run at a time writes into an output folder: two would mix their files.

use super::{SchoolError, outputs, state};
use crate::base::files;
use crate::fault::{Fault, Faults};
use crate::words;
use std::fs::{File, TryLockError};
use std::path::Path;

/// Name of the file that is locked, in the folder of the states.
const FILE: &str = "lock";

/// An output folder that is this run's alone. The system lets go of it when the run ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// Takes an output folder for this run.
///
/// # Errors
/// `output_in_use` while another run has it; the disk.
pub(super) fn lock(output: &Path) -> Result<Lock, SchoolError> {
    let folder = output.join(state::FOLDER);
    files::make_folder(&folder)?;
    let file = File::options().create(true).append(true).open(folder.join(FILE))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(in_use(output).into()),
        // Some network folders know no locks; a school on one of them must still get its groups.
        Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => Ok(Lock { _file: file }),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

fn in_use(output: &Path) -> Faults {
    Fault {
        code: "output_in_use",
        place: output.display().to_string(),
        found: words!("另一个 fenzu 正在写这个文件夹", "another fenzu that is writing into this folder"),
        expected: words!("同一时间只有一个在写", "one at a time"),
        action: words!("请等它结束，或另选 --output", "wait until it ends, or choose another --output"),
    }
    .into()
}

/// Takes the output folder for this run, unless it is held already, and makes the folders of the files, without what a killed run
/// left unfinished.
pub(super) fn folders(output: &Path, held: Option<Lock>) -> Result<Lock, SchoolError> {
    let lock = held.map_or_else(|| lock(output), Ok)?;
    for folder in ["", outputs::CLASSES, outputs::PUBLIC, state::FOLDER] {
        files::make_folder(&output.join(folder))?;
        files::sweep(&output.join(folder))?;
    }
    // Only a staffed school has registers.
    let registers = output.join(outputs::TEACHERS);
    if registers.exists() {
        files::sweep(&registers)?;
    }
    Ok(lock)
}
