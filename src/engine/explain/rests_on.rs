//! What a result rests on: which columns of the list decide something, which hold something and do not, who is left out.

use crate::model::goal::Needs;
use crate::model::policy::tier_source;
use crate::model::{Policy, Request, TierSource};
use crate::plan::document::RestsOn;
use crate::roster::{Column, Field, Holds, Roster, column_letters};

/// What a division of these students rests on.
#[must_use]
pub fn rests_on(roster: &Roster, request: &Request, policy: &Policy) -> RestsOn {
    let tiers_by = policy.tier_of.as_ref().and_then(|_| tier_column(roster, request));
    let balanced = |c: &usize| policy.goals.iter().any(|goal| goal.columns.contains(c));
    let decides = |c: &usize| {
        Some(*c) == tiers_by
            || policy.never_alone.contains(c)
            || is_carried(&roster.columns[*c].field)
            || sums_tiers(roster, request, policy, *c)
            || counts_visits(request, policy, &roster.columns[*c].field)
    };
    let holds = |c: &usize| matches!(roster.columns[*c].holds, Holds::Marks | Holds::Kinds | Holds::Names);
    let (balanced, rest): (Vec<usize>, Vec<usize>) = (0..roster.columns.len()).partition(balanced);
    let header = |c: usize| header(&roster.columns[c]);
    RestsOn {
        students: roster.students.len(),
        balanced: balanced.into_iter().map(header).collect(),
        tiers_by: tiers_by.map(header),
        unused: rest.into_iter().filter(holds).filter(|c| !decides(c)).map(header).collect(),
        left_out: roster.left_out.iter().map(|left| left.who.clone()).collect(),
    }
}

/// A column's header, or its letter where it has none.
fn header(column: &Column) -> String {
    if column.header.is_empty() { column_letters(column.index) } else { column.header.clone() }
}

/// Who somebody is, and remarks for people.
fn is_carried(field: &Field) -> bool {
    matches!(field, Field::Id | Field::Name | Field::Class | Field::Notes)
}

/// The one column that decides the tiers.
fn tier_column(roster: &Roster, request: &Request) -> Option<usize> {
    let field = match tier_source(&request.model, roster)? {
        TierSource::Column => Field::Tier,
        TierSource::Rank => Field::Rank,
        TierSource::Total => Field::Total,
        TierSource::Sum | TierSource::Auto => return None,
    };
    roster.columns.iter().position(|column| column.field == field)
}

/// Whether a column is one of those whose sum decides the tiers.
fn sums_tiers(roster: &Roster, request: &Request, policy: &Policy, column: usize) -> bool {
    policy.tier_of.is_some()
        && matches!(roster.columns[column].field, Field::Score(_))
        && tier_source(&request.model, roster) == Some(TierSource::Sum)
}

/// Whether a column decides how often students are visited, where visits are shared out.
fn counts_visits(request: &Request, policy: &Policy, field: &Field) -> bool {
    let shared = policy.goals.iter().any(|goal| goal.spec.goal.needs() == Needs::Visits);
    shared && matches!(field, Field::Flag(name) if request.model.staff.visits_of.contains_key(name))
}
