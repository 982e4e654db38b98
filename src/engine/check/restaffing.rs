//! What is told of teachers beside who has which group: wishes won and lost with the names of groups, and how many groups and
//! students change teacher where a school is staffed again.

use super::{Finding, finding};
use crate::plan::document::GroupRecord;
use crate::words;
use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasher;

/// What is told of one wish.
#[derive(Clone, Copy, Debug)]
pub struct ToldWish<'a> {
    /// Id of the teacher who wished.
    pub teacher: &'a str,
    /// Id of the group, or the class of a wish for any group of it that came to nothing.
    pub group: &'a str,
    /// Whether it came true.
    pub won: bool,
    /// Id of the teacher who has the group.
    pub to: Option<&'a str>,
    /// The name that the winner wrote for the group.
    pub name: Option<&'a str>,
}

/// Everything that is told wrongly of wishes.
#[must_use]
pub fn wishes(told: &[ToldWish<'_>], groups: &[&GroupRecord]) -> Vec<Finding> {
    told.iter().filter_map(|wish| one_wish(wish, groups)).collect()
}

fn one_wish(told: &ToldWish<'_>, groups: &[&GroupRecord]) -> Option<Finding> {
    let place = format!("claim_answers[{}: {}]", told.teacher, told.group);
    let Some(group) = groups.iter().find(|group| group.id == told.group) else {
        let has =
            groups.iter().find(|group| group.class == told.group && group.teacher.as_deref() == Some(told.teacher));
        if !told.won && has.is_none() {
            return None;
        }
        let message =
            words!("没有这个小组，或这位教师有这个班的小组", "no such group, or a group of the class is the teacher's");
        return Some(finding("claim_group", place, message));
    };
    let holder = group.teacher.as_deref();
    if told.won != (holder == Some(told.teacher)) || told.to != holder {
        let found = holder.unwrap_or("-");
        let message =
            words!("认领结果与小组的教师（{found}）不符", "the answer does not fit the group's teacher ({found})");
        return Some(finding("claim_answer", place, message));
    }
    let name = told.name.filter(|name| *name != group.name)?;
    let found = &group.name;
    let message =
        words!("组名写作“{name}”，小组叫“{found}”", "the name “{name}” was written, the group is called “{found}”");
    Some(finding("claim_name", place, message))
}

/// Whether as many groups and students change teacher as is told. A group counts if all of its students had one teacher; a
/// student who has no teacher any more counts as well.
#[must_use]
pub fn moved<S: BuildHasher>(
    before: &HashMap<(String, String), String, S>,
    groups: &[&GroupRecord],
    (told_groups, told_students): (i64, i64),
) -> Vec<Finding> {
    let (mut moved_groups, mut moved_students) = (0, 0);
    for group in groups {
        let had: Vec<Option<&String>> =
            group.students.iter().map(|id| before.get(&(group.class.clone(), id.clone()))).collect();
        let others = had.iter().flatten().filter(|had| Some(had.as_str()) != group.teacher.as_deref()).count();
        moved_students += others as i64;
        let one = had.iter().collect::<BTreeSet<_>>().len() == 1 && had.iter().all(Option::is_some);
        moved_groups += i64::from(one && others > 0);
    }
    let mut findings = Vec::new();
    for (code, told, counted) in
        [("moved_groups", told_groups, moved_groups), ("moved_students", told_students, moved_students)]
    {
        if told != counted {
            let message = words!("写着 {told}，重新计数得 {counted}", "says {told}, counted {counted}");
            findings.push(finding(code, "staffing", message));
        }
    }
    findings
}
