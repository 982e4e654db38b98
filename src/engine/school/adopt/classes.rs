//! The classes that stand, for whoever reads an edited list: who is who, which group is which, and what is told meanwhile.

use super::super::standing::Standing;
use super::edited::Line;
use super::labels::{Labels, NoGroup};
use super::refusal;
use crate::fault::{Fault, Faults, Notice};
use crate::report::notice::shown_names;
use crate::words;
use std::collections::HashMap;

/// What is told while a list is read.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) faults: Vec<Fault>,
    /// Names with marks behind them: place and text.
    marks: Vec<(String, String)>,
}

impl Told {
    pub(super) fn marked(&mut self, marked: bool, place: &str, text: &str) {
        if marked && self.marks.iter().all(|(there, _)| there != place) {
            self.marks.push((place.to_owned(), text.to_owned()));
        }
    }

    /// Marks make no difference to groups, and are not kept.
    pub(super) fn notice(self) -> Option<Notice> {
        let (count, (place, text)) = (self.marks.len(), self.marks.into_iter().next()?);
        let message = words!(
            "“{text}”等 {count} 处姓名旁的标记不影响分组，没有保存",
            "marks beside names ({count}, the first “{text}”) make no difference to groups and are not kept"
        );
        Some(Notice { code: "marks_left", place, message })
    }
}

/// Everything that is known of the classes.
pub(super) struct Classes<'a> {
    pub(super) standing: &'a [Standing],
    pub(super) labels: Vec<Labels>,
    pub(super) by_id: Vec<HashMap<&'a str, usize>>,
    by_name: Vec<HashMap<String, Vec<usize>>>,
}

/// A name as it is compared.
pub(super) fn plain(name: &str) -> String {
    name.split_whitespace().collect()
}

/// The group of each student as the plan has it.
pub(super) fn groups_of(Standing { document, roster, .. }: &Standing) -> Vec<usize> {
    let of = |id: &String| document.groups.iter().position(|group| group.students.contains(id)).unwrap_or_default();
    roster.students.iter().map(|student| of(&student.id)).collect()
}

/// A name without what stands around it: `★王芳`, `王芳（组长）`.
fn without_marks(name: &str) -> &str {
    let mut name = name.trim_matches(|c: char| !c.is_alphanumeric() && !"（(【[）)】]".contains(c));
    while name.ends_with(['）', ')', '】', ']']) {
        let Some(open) = name.rfind(['（', '(', '【', '[']) else { break };
        name = name[..open].trim_end_matches(|c: char| !c.is_alphanumeric() && !"）)】]".contains(c));
    }
    name
}

impl<'a> Classes<'a> {
    pub(super) fn of(standing: &'a [Standing]) -> Self {
        let ids = |class: &'a Standing| {
            class.roster.students.iter().enumerate().map(|(s, student)| (student.id.as_str(), s)).collect()
        };
        let names = |class: &Standing| {
            let mut names: HashMap<String, Vec<usize>> = HashMap::new();
            for (s, (student, shown)) in class.roster.students.iter().zip(shown_names(&class.roster)).enumerate() {
                let mut both = [plain(&student.name), plain(&shown)].to_vec();
                both.dedup();
                both.into_iter()
                    .filter(|name| !name.is_empty())
                    .for_each(|name| names.entry(name).or_default().push(s));
            }
            names
        };
        Self {
            standing,
            labels: standing.iter().map(|class| Labels::of(&class.class, &class.document)).collect(),
            by_id: standing.iter().map(ids).collect(),
            by_name: standing.iter().map(names).collect(),
        }
    }

    /// The group of each student as the plan has it.
    pub(super) fn groups_of(&self, class: usize) -> Vec<usize> {
        groups_of(&self.standing[class])
    }

    pub(super) fn students(&self, class: usize) -> usize {
        self.standing[class].roster.students.len()
    }

    /// The students of a name, and whether marks beside it were left out.
    pub(super) fn named(&self, class: usize, name: &str) -> (&[usize], bool) {
        let find = |name: &str| self.by_name[class].get(&plain(name)).map(Vec::as_slice);
        match find(name) {
            Some(students) => (students, false),
            None => find(without_marks(name)).map_or((&[], false), |students| (students, true)),
        }
    }

    /// The student of a line: by id, whose name must not be another's; else by name.
    pub(super) fn student(&self, class: usize, line: &Line) -> Result<usize, Faults> {
        let roster = &self.standing[class].roster;
        let named = self.named(class, &line.name).0;
        if line.id.is_empty() {
            return match named {
                [one] => Ok(*one),
                [] => Err(refusal::nobody(line, &self.standing[class].class).into()),
                _ => Err(refusal::several(line).into()),
            };
        }
        let Some(&student) = self.by_id[class].get(line.id.as_str()) else {
            return Err(refusal::nobody(line, &self.standing[class].class).into());
        };
        let name = &roster.students[student].name;
        let same = line.name.is_empty() || name.is_empty() || named.contains(&student);
        if same { Ok(student) } else { Err(refusal::another_name(line).into()) }
    }

    /// The group of a line: the column of groups and the one of their names may both be there, and whoever edited may have
    /// written into either. A name that no group has comes back with it.
    pub(super) fn group(&self, class: usize, line: &Line) -> Result<(usize, Option<String>), Faults> {
        let known = || self.standing[class].document.groups.iter().map(|group| group.id.clone()).collect::<Vec<_>>();
        let find = |written: &str| {
            self.labels[class].group(written).map_err(|why| match why {
                NoGroup::Unknown => Faults::from(refusal::no_group(line, written, &known())),
                NoGroup::Several => refusal::several_groups(line, written, &known()).into(),
            })
        };
        match (line.group.is_empty(), line.group_name.is_empty()) {
            (true, true) => Err(refusal::without_group(line).into()),
            (false, true) => Ok((find(&line.group)?, None)),
            (true, false) => Ok((find(&line.group_name)?, None)),
            (false, false) => {
                let group = find(&line.group)?;
                if plain(&self.standing[class].document.groups[group].name) == plain(&line.group_name) {
                    return Ok((group, None));
                }
                let named = match self.labels[class].group(&line.group_name) {
                    Err(NoGroup::Unknown) => return Ok((group, Some(line.group_name.clone()))),
                    _ => find(&line.group_name)?,
                };
                let before = self.student(class, line).ok().map(|student| self.groups_of(class)[student]);
                match (group == named, before) {
                    (true, _) => Ok((group, None)),
                    (false, Some(before)) if before == group => Ok((named, None)),
                    (false, Some(before)) if before == named => Ok((group, None)),
                    (false, _) => Err(refusal::two_groups(line).into()),
                }
            }
        }
    }

    pub(super) fn missing(&self, class: usize, place: &str, missing: Vec<usize>) -> Fault {
        let Standing { class, roster, .. } = &self.standing[class];
        let who = |s: usize| format!("{} {}", roster.students[s].id, roster.students[s].name);
        refusal::missing(place, class, &missing.into_iter().map(who).collect::<Vec<_>>())
    }
}
