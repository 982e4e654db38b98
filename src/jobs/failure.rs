//! Why a plan or a class has no result, as it is stored and told: in both languages, since who asks is not known yet.

use super::Kind;
use crate::fault::{Fault, Faults};
use crate::words;
use crate::words::Words;
use serde::{Deserialize, Serialize};

/// A reason with a stable code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// A stable word: `input`, `worker_died`, `job_failed`, `not_found`.
    pub code: String,
    /// In words, without names of students.
    pub detail: Words,
    /// What is wrong with the input, all at once; empty where it is not the input's fault.
    #[serde(default)]
    pub faults: Vec<FaultRecord>,
}

/// A fault as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRecord {
    /// A stable word.
    pub code: String,
    /// Where.
    pub place: String,
    /// What was found there.
    pub found: Words,
    /// What was expected instead.
    pub expected: Words,
    /// What to do about it.
    pub action: Words,
}

impl From<Fault> for FaultRecord {
    fn from(fault: Fault) -> Self {
        let Fault { code, place, found, expected, action } = fault;
        Self { code: code.to_owned(), place, found, expected, action }
    }
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self {
            code: "input".to_owned(),
            detail: words!("输入有误，没有分组", "the input is refused; nothing was divided"),
            faults: faults.0.into_iter().map(FaultRecord::from).collect(),
        }
    }
}

impl Failure {
    /// What was to be worked on is no longer there.
    #[must_use]
    pub fn not_found() -> Self {
        let detail =
            words!("所需的名册、教师名单或旧结果已被删除", "a list, staff list or plan that it needs was deleted");
        Self { code: "not_found".to_owned(), detail, faults: Vec::new() }
    }

    /// A defect of ours, without its text: that may quote the input.
    #[must_use]
    pub fn job_failed() -> Self {
        let detail = words!(
            "fenzu 在处理时出错，多次重试仍未成功（不是您的输入有误）",
            "fenzu failed on this and gave up after several attempts (an internal error, not caused by your input)"
        );
        Self { code: "job_failed".to_owned(), detail, faults: Vec::new() }
    }

    /// A batch with more classes than its school may have open.
    #[must_use]
    pub fn too_many_classes(open: i64, asked: i64, most: i64) -> Self {
        let left = (most - open).max(0);
        let fault = Fault {
            code: "too_many_classes",
            place: "lists".to_owned(),
            found: words!("共 {asked} 个班", "{asked} classes"),
            expected: words!(
                "不超过 {left} 个（本校最多可有 {most} 项任务，已有 {open} 项）",
                "at most {left}: {open} of the school's {most} places are taken"
            ),
            action: words!("请分几批提交，或等已有的任务完成", "send fewer at a time, or wait until others are done"),
        };
        Faults::from(fault).into()
    }

    /// Counts a row that ended with it.
    pub(super) fn count(&self, kind: Kind) {
        let labels = [("kind", kind.word().to_owned()), ("code", self.code.clone())];
        metrics::counter!("fenzu_failed_total", &labels).increment(1);
    }

    /// The processes that solved it died.
    #[must_use]
    pub fn process_died() -> Self {
        let detail = words!(
            "计算它的进程两次异常终止（内存不足或程序出错），已放弃；其他分组不受影响。请减少人数或分班进行",
            "the process that solved it died twice, for want of memory or by a defect of ours, and it was given up; no other plan is affected. Divide fewer students at once"
        );
        Self { code: "worker_died".to_owned(), detail, faults: Vec::new() }
    }

    /// Every worker that took it died.
    #[must_use]
    pub fn worker_died() -> Self {
        let detail = words!(
            "处理它的工作进程多次异常终止，已放弃",
            "the worker died each time it was worked on; it was given up"
        );
        Self { code: "worker_died".to_owned(), detail, faults: Vec::new() }
    }
}
