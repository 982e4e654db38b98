//! The public view (公示): class, groups, their teachers' and students' names, nothing else. Also the teacher's 分组 sheet, which is made to be put up.

use super::text::clean;
use super::{Report, names};
use crate::plan::document::GroupRecord;
use crate::roster::{Field, Roster};
use crate::words;
use crate::words::Lang;
use std::collections::HashMap;

/// One class as it may be put up on a wall.
pub struct Notice {
    /// The class; empty where the list has none.
    pub class: String,
    /// The groups in the plan's order.
    pub groups: Vec<PublicGroup>,
}

/// One group as it may be put up on a wall.
pub struct PublicGroup {
    /// Its name.
    pub name: String,
    /// `第3组`, where the name does not say it already.
    pub number: Option<String>,
    /// The responsible teacher's name, once there is one; never the id.
    pub teacher: Option<String>,
    /// Names in the order of their characters, which tells nothing.
    pub students: Vec<String>,
}

impl Notice {
    /// What of a report is for everyone.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let names = shown_names(report.roster);
        let index = index(report.roster);
        let groups = report.document.groups.iter().map(|group| {
            let members = group.students.iter().filter_map(|id| index.get(id.as_str()));
            let mut students: Vec<String> = members.map(|&s| names[s].clone()).collect();
            students.sort();
            let (name, number) = group_name(group, report.lang);
            PublicGroup { name, number, teacher: group.teacher_name.as_deref().map(clean), students }
        });
        Self { class: class_of(report), groups: groups.collect() }
    }
}

/// Row of each student id.
#[must_use]
pub fn index(roster: &Roster) -> HashMap<&str, usize> {
    roster.students.iter().enumerate().map(|(s, student)| (student.id.as_str(), s)).collect()
}

/// The class as the plan has it, else the one that the whole list has; empty where there is none.
#[must_use]
pub fn class_of(report: &Report) -> String {
    let of_plan = report.document.groups.first().map(|group| group.class.as_str());
    let students = &report.roster.students;
    let of_list = students.first().map(|first| first.class.as_str());
    let of_list = of_list.filter(|class| students.iter().all(|student| student.class == *class));
    clean(of_plan.filter(|class| !class.is_empty()).or(of_list).unwrap_or_default())
}

/// The name of a group's teacher, for colleagues the id where the plan does not know the name.
pub(super) fn teacher_name(group: &GroupRecord) -> Option<&str> {
    group.teacher_name.as_deref().or(group.teacher.as_deref())
}

/// A group's name, and its number where the name does not say it.
#[must_use]
pub fn group_name(group: &GroupRecord, lang: Lang) -> (String, Option<String>) {
    let n = clean(group.id.rsplit('/').next().unwrap_or_default());
    let number = words!("第{n}组", "Group {n}");
    let name = clean(&group.name);
    let plain = name.replace(' ', "");
    let says_number = plain.is_empty() || plain == n || plain == number.zh || name.eq_ignore_ascii_case(&number.en);
    let number = names::tell(number, lang);
    if says_number { (number, None) } else { (name, Some(number)) }
}

/// Headers of numbers that are places in the list: where it is sorted by marks they tell the rank.
const PLACES: [&str; 6] = ["序号", "行号", "no", "no.", "nr", "#"];

/// The name under which each student is shown: where two of a class have one name, with the last digits of their ids.
/// Row numbers of a list without ids are no one's digits and could tell a rank, so they only stand in for missing names.
#[must_use]
pub fn shown_names(roster: &Roster) -> Vec<String> {
    let names: Vec<String> = roster.students.iter().map(|student| clean(&student.name)).collect();
    let is_place = |header: &str| PLACES.contains(&header.trim().to_lowercase().as_str());
    let has_ids = roster.column(&Field::Id).is_some_and(|column| !is_place(&column.header));
    let mut same: HashMap<&str, Vec<usize>> = HashMap::new();
    for (student, name) in names.iter().enumerate() {
        same.entry(name).or_default().push(student);
    }
    let show = |(student, name): (usize, &String)| {
        let id = clean(&roster.students[student].id);
        let others = same.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
        if name.is_empty() {
            id
        } else if others.len() > 1 && has_ids {
            format!("{name} ({})", last_digits(&id, student, others, roster))
        } else {
            name.clone()
        }
    };
    names.iter().enumerate().map(show).collect()
}

/// The shortest end of an id, from two characters on, that no other student of the same name has.
fn last_digits(id: &str, student: usize, others: &[usize], roster: &Roster) -> String {
    let end = |text: &str, n: usize| -> String { text.chars().skip(text.chars().count().saturating_sub(n)).collect() };
    let alone = |n: &usize| {
        let differs = |&other: &usize| other == student || end(&clean(&roster.students[other].id), *n) != end(id, *n);
        others.iter().all(differs)
    };
    let length = id.chars().count();
    end(id, (2..=length).find(alone).unwrap_or(length))
}
