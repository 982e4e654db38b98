//! What the judge has against a plan of ours: a defect of ours, whoever asked for the plan.

use crate::check::Finding;
use crate::words::Lang;

/// The judge does not agree with what was made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the judge does not agree {}", self.line(Lang::En))]
pub struct Disagreement(
    /// The first thing that he found.
    pub Finding,
);

impl Disagreement {
    /// What was found, with its code.
    #[must_use]
    pub fn line(&self, lang: Lang) -> String {
        format!("[{}] {}", self.0.code, self.0.message.get(lang))
    }
}

/// Whether the judge agrees.
///
/// # Errors
/// The first thing that he found.
pub fn agreed(findings: &[Finding]) -> Result<(), Disagreement> {
    findings.first().map_or(Ok(()), |finding| Err(Disagreement(finding.clone())))
}
