//! Hard rules over indices, one entry for each statement of the user, so that a conflict can be told in the user's terms.

use super::{Kind, enforces_tiers};
use crate::model::{Policy, Request};
use crate::roster::Roster;
use std::collections::HashMap;

/// One hard rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// These students share a group.
    Together(Vec<usize>),
    /// No two of these share a group.
    Apart(Vec<usize>),
    /// The student is in this group.
    Pin {
        /// Student.
        student: usize,
        /// Group.
        group: usize,
    },
    /// No group has exactly one of this kind (index into `Problem::kinds`).
    NeverAlone(usize),
    /// Every tier count is floor or ceil of its ideal.
    TierQuota,
}

/// The rules of one class; ids have been checked before.
pub(super) fn compile(roster: &Roster, request: &Request, policy: &Policy, kinds: &[Kind]) -> Vec<Rule> {
    let index: HashMap<&str, usize> = roster.students.iter().enumerate().map(|(s, who)| (who.id.as_str(), s)).collect();
    let indices = |ids: &Vec<String>| ids.iter().filter_map(|id| index.get(id.as_str()).copied()).collect();
    let asked = &request.rules;
    let mut rules: Vec<Rule> = asked.together.iter().map(|ids| Rule::Together(indices(ids))).collect();
    rules.extend(asked.apart.iter().map(|ids| Rule::Apart(indices(ids))));
    rules.extend(asked.pin.iter().filter_map(|pin| {
        let student = *index.get(pin.student.as_str())?;
        pin.group.map(|group| Rule::Pin { student, group: group - 1 })
    }));
    let alone = |kind: &&usize| policy.never_alone.contains(&kinds[**kind].column);
    rules.extend((0..kinds.len()).collect::<Vec<_>>().iter().filter(alone).map(|&k| Rule::NeverAlone(k)));
    if policy.tier_of.is_some() && enforces_tiers(&request.model) {
        rules.push(Rule::TierQuota);
    }
    rules
}
