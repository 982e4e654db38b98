//! Judges a finished output folder: every plan against its stored list, its workbook and public page against the plan, the
//! teachers against the stored staff list, and the summary against all of it. What is computed comes from the judge alone.

mod changed;
mod files;
mod registers;
mod totals;

use super::answers::ClaimRecord;
use super::standing::Standing;
use super::summary::{ClassRecord, State, Summary};
use super::{SchoolError, kept, outputs};
use crate::check::{self, Finding};
use crate::fault::Faults;
use crate::pipeline::judged::{Given, Judged, judged};
use crate::plan::document::{Document, GroupRecord};
use crate::roster::Roster;
use crate::words;
use std::path::Path;

/// What is said of a class, or of the school as a whole.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The class; empty for the whole.
    pub class: String,
    /// Whether the class had a plan to judge.
    pub planned: bool,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// A class as it was judged.
struct Case {
    roster: Roster,
    judged: Judged,
    document: Document,
}

/// Judges an output folder: a verdict a class in the summary's order, the last on the whole.
///
/// # Errors
/// What cannot be read.
pub fn inspect(output: &Path) -> Result<Vec<Verdict>, SchoolError> {
    let summary = Summary::read(output)?;
    let classes = Faults::of_all(summary.classes.iter().map(|record| class(output, record)))?;
    let (mut verdicts, cases): (Vec<Verdict>, Vec<Option<Case>>) = classes.into_iter().unzip();
    let cases: Vec<Case> = cases.into_iter().flatten().collect();
    let mut findings = files::strays(output, &summary)?;
    findings.extend(totals::totals(&summary, &cases));
    findings.extend(staffing(output, &summary, &cases)?);
    findings.extend(told(output, &summary, &cases)?);
    findings.extend(registers::changed(output, &summary)?);
    findings.extend(changed::of_summary(output, &summary)?);
    verdicts.push(Verdict { class: String::new(), planned: true, findings });
    Ok(verdicts)
}

/// A class of the summary; without a case where it has no plan.
fn class(output: &Path, record: &ClassRecord) -> Result<(Verdict, Option<Case>), Faults> {
    let verdict = |planned, findings| Verdict { class: record.class.clone(), planned, findings };
    if record.state != State::Done || record.groups == 0 {
        return Ok((verdict(false, Vec::new()), None));
    }
    let standing = Standing::open(output, &record.class, &record.file)?;
    let changed = changed::of_class(output, &standing)?;
    let Standing { document, roster, state, file, .. } = standing;
    let given = Given { previous: state.previous(), ..Given::default() };
    let [json, ..] = outputs::paths(&file);
    let judged = judged(&roster, &given, &document, &output.join(json).display().to_string())?;
    let mut findings = judged.findings.clone();
    findings.extend(totals::record(record, &roster, &document));
    findings.extend(files::workbook(output, &file, &document)?);
    findings.extend(files::page(output, &file, &roster, &document)?);
    findings.extend(changed);
    Ok((verdict(true, findings), Some(Case { roster, judged, document })))
}

/// What the summary tells of wishes, and of who changed teacher.
fn told(output: &Path, summary: &Summary, cases: &[Case]) -> Result<Vec<Finding>, Faults> {
    let groups: Vec<&GroupRecord> = cases.iter().flat_map(|case| &case.document.groups).collect();
    let told: Vec<check::ToldWish<'_>> = summary.claim_answers.iter().map(ClaimRecord::told).collect();
    let mut findings = check::wishes(&told, &groups);
    let level = |name: &str| summary.staffing.iter().find(|level| level.name == name).map(|level| level.value);
    let (Some(moved_groups), Some(moved_students)) = (level("moved_groups"), level("moved_students")) else {
        return Ok(findings);
    };
    // A folder of an earlier version does not know.
    if let Some(before) = kept::before(output)? {
        findings.extend(check::moved(&before, &groups, (moved_groups, moved_students)));
    }
    Ok(findings)
}

/// The teachers of all classes; a school without teachers has nothing to judge.
fn staffing(output: &Path, summary: &Summary, cases: &[Case]) -> Result<Vec<Finding>, Faults> {
    if summary.teachers.is_empty() {
        return Ok(Vec::new());
    }
    let whole = cases.len() == summary.classes.len() && summary.is_whole();
    let Some(staff) = kept::staff(output, cases.iter().map(|case| &case.roster), whole)? else {
        let message = words!("文件夹里没有教师名单", "the folder holds no staff list");
        return Ok(vec![Finding { code: "no_staff_list", place: String::new(), message }]);
    };
    let classes: Vec<check::Staffed<'_>> = cases
        .iter()
        .map(|case| check::Staffed {
            roster: &case.roster,
            request: &case.judged.request,
            policy: &case.judged.policy,
            groups: &case.document.groups,
        })
        .collect();
    Ok(check::staffing(&staff, &classes))
}
