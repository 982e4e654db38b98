//! What a document has proved of a level.

use crate::goals::Goal;
use crate::plan::document::GoalRecord;

/// The bound that a document tells of the level that these goals are.
pub(super) fn level_bound(goals: &[(&Goal, &GoalRecord)]) -> i64 {
    let shared = goals.iter().find_map(|(_, record)| record.shared);
    shared.map_or_else(|| goals.iter().map(|(goal, record)| goal.multiplier * record.scaled_bound).sum(), |it| it.bound)
}
