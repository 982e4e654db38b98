//! Numbers for groups that are known by name: last semester's, and those of a plan in rows.

use crate::model::request::Previous;
use crate::roster::Roster;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// 0-based number of each group id in natural order: by the number behind the last `/` where all have one.
pub(super) fn numbers<'a>(ids: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut ids: Vec<&str> = ids.collect::<BTreeSet<_>>().into_iter().collect();
    if ids.iter().all(|id| behind_slash(id).is_some()) {
        ids.sort_by_key(|id| behind_slash(id));
    } else {
        ids.sort_by(|a, b| natural(a, b));
    }
    ids.into_iter().enumerate().map(|(number, id)| (id, number)).collect()
}

/// 0-based number of each student's group last semester; none for students who had none.
pub(super) fn old_groups(roster: &Roster, previous: Option<&Previous>) -> Vec<Option<usize>> {
    let Some(previous) = previous else { return vec![None; roster.students.len()] };
    let numbers = numbers(previous.group_of.values().map(String::as_str));
    let old = |id: &str| previous.group_of.get(id).and_then(|group| numbers.get(group.as_str())).copied();
    roster.students.iter().map(|student| old(&student.id)).collect()
}

fn behind_slash(id: &str) -> Option<u64> {
    id.rsplit('/').next()?.trim().parse().ok()
}

/// Text before text, digits by their number: `组2` before `组10`.
fn natural(a: &str, b: &str) -> Ordering {
    parts(a).cmp(&parts(b)).then_with(|| a.cmp(b))
}

/// Runs of digits as (number, ""), other runs as (0, text).
fn parts(id: &str) -> Vec<(u64, String)> {
    let mut runs: Vec<String> = Vec::new();
    for c in id.chars() {
        let joins = |run: &String| run.chars().all(|d| d.is_ascii_digit()) == c.is_ascii_digit();
        match runs.last_mut().filter(|run| joins(run)) {
            Some(run) => run.push(c),
            None => runs.push(c.to_string()),
        }
    }
    runs.into_iter().map(|run| run.parse().map_or((0, run), |number| (number, String::new()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(ids: &[&str]) -> Vec<String> {
        let mut pairs: Vec<(usize, String)> =
            numbers(ids.iter().copied()).into_iter().map(|(id, number)| (number, id.to_owned())).collect();
        pairs.sort();
        pairs.into_iter().map(|(_, id)| id).collect()
    }

    #[test]
    fn groups_are_numbered_in_natural_order() {
        assert_eq!(order(&["七1/10", "七1/9", "七1/9", "七1/1"]), ["七1/1", "七1/9", "七1/10"]);
        assert_eq!(order(&["10", "9"]), ["9", "10"]);
        assert_eq!(order(&["组10", "组2", "其他"]), ["其他", "组2", "组10"]);
    }
}
