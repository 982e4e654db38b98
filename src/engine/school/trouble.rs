//! Why a class has no outputs, and the guard that keeps a defect inside its class.

use crate::fault::Faults;
use crate::pipeline::Disagreement;
use crate::words;
use crate::words::Words;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why a class has no outputs.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// Its list or its rules cannot be used.
    Refused(Faults),
    /// A defect or a disk of ours.
    Failed(Words),
}

impl From<Faults> for Trouble {
    fn from(faults: Faults) -> Self {
        Self::Refused(faults)
    }
}

impl From<Disagreement> for Trouble {
    fn from(Disagreement(finding): Disagreement) -> Self {
        let (code, zh, en) = (finding.code, finding.message.zh, finding.message.en);
        Self::Failed(words!("复核不符 [{code}]：{zh}", "the judge does not agree [{code}]: {en}"))
    }
}

impl Trouble {
    /// A failure of ours.
    pub(super) fn failed(error: &impl std::fmt::Display) -> Self {
        Self::Failed(words!("{error}", "{error}"))
    }
}

/// Keeps a defect inside its class. What the defect says of itself may quote a student, so only the class is named.
pub(super) fn guarded<T>(class: &str, work: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Trouble> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(Trouble::Failed(words!(
            "处理“{class}”时 fenzu 内部出错（不是名册有误）；其他班不受影响",
            "an error inside fenzu at the class \"{class}\" (not of the list); no other class is touched"
        )))
    })
}
