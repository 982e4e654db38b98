//! Registers against what the run wrote: members and what is told of them; what teachers fill in is theirs.

use super::super::outputs;
use super::super::registers::{Change, changes};
use super::super::summary::Summary;
use crate::base::files;
use crate::check::Finding;
use crate::fault::{Fault, Faults};
use crate::words;
use std::path::Path;

/// Most differences of a register that are shown.
const SHOWN: usize = 5;

/// What is wrong with the registers of the summary's teachers.
pub(super) fn changed(output: &Path, summary: &Summary) -> Result<Vec<Finding>, Faults> {
    let mut findings = Vec::new();
    for teacher in summary.teachers.iter().filter(|teacher| !teacher.groups.is_empty()) {
        let file = outputs::register(&teacher.file);
        let path = output.join(&file);
        let bytes = files::read_if_there(&path).map_err(|error| Faults::from(Fault::unreadable(&path, &error)))?;
        // That a register is not there is told elsewhere.
        let Some(bytes) = bytes else { continue };
        let message = match changes(output, &file, &bytes) {
            Change::None => continue,
            Change::Unread => words!("读不出登记册，可能已损坏", "it cannot be read as a register; it may be damaged"),
            Change::Cells(all) => {
                let (n, more) = (all.len(), if all.len() > SHOWN { " …" } else { "" });
                let shown = &all[..n.min(SHOWN)];
                let (zh, en) = (shown.join("；"), shown.join("; "));
                words!(
                    "成员或所列内容与写出时不同，{n} 处：{zh}{more}",
                    "members or what is told of them are not as written: {n} ({en}{more})"
                )
            }
        };
        findings.push(Finding { code: "register_changed", place: file, message });
    }
    Ok(findings)
}
