//! The classes and students that a staff list may name.

use crate::fault::{Fault, Faults};
use crate::roster::class_name::ClassIndex;
use crate::roster::{Roster, fold};
use crate::words;
use std::collections::HashMap;

/// Names and ids of all classes and their students, in order.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    classes: Vec<String>,
    /// The classes by any usual spelling.
    index: ClassIndex,
    /// (class, position) of every student of an id or a name.
    ids: HashMap<String, Vec<(usize, usize)>>,
    names: HashMap<String, Vec<(usize, usize)>>,
    /// Ids of each class's students.
    students: Vec<Vec<String>>,
    /// Class and number of every group of a name, and whether the group is called so now.
    groups: HashMap<String, Vec<(usize, usize, bool)>>,
    /// Whether class lists are missing that a staff list may rightly speak of.
    incomplete: bool,
}

impl Directory {
    /// The classes and students of class lists.
    ///
    /// # Errors
    /// Classes that two lists have, or that cannot be told apart because several lists name none.
    pub fn new<'a>(lists: impl IntoIterator<Item = &'a Roster>) -> Result<Self, Faults> {
        let mut directory = Self::default();
        let mut file_of: Vec<&str> = Vec::new();
        let mut faults = Vec::new();
        for roster in lists {
            for class in roster.classes() {
                if let Some(at) = directory.classes.iter().position(|known| *known == class) {
                    faults.push(class_twice(&class, &roster.file, file_of[at]));
                    continue;
                }
                file_of.push(&roster.file);
                directory.add(&class, roster);
            }
        }
        directory.index = ClassIndex::new(&directory.classes);
        if faults.is_empty() { Ok(directory) } else { Err(Faults(faults)) }
    }

    /// Some class lists could not be used: what names nothing may belong to them, so it is passed over with a notice.
    #[must_use]
    pub fn with_lists_missing(self) -> Self {
        Self { incomplete: true, ..self }
    }

    /// The same with a class's groups: the names of each that may be written for it, the first being what it is called now.
    #[must_use]
    pub fn with_groups(mut self, class: &str, groups: &[Vec<String>]) -> Self {
        let Some(class) = self.classes.iter().position(|known| known == class) else { return self };
        for (number, names) in (1..).zip(groups) {
            for (at, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
                self.groups.entry(group_name(name)).or_default().push((class, number, at == 0));
            }
        }
        self
    }

    /// Class and number of the groups that a text names by their names, with their class before it or without: 晨光组, 七(1)班“晨光”.
    /// Those of `own` classes where there are any.
    pub(super) fn groups_named(&self, text: &str, own: &[usize]) -> Vec<(usize, usize)> {
        let within = |name: &str, classes: Option<&[usize]>| {
            let all = self.groups.get(&group_name(name)).into_iter().flatten();
            let here = all.filter(|(class, ..)| classes.is_none_or(|classes| classes.contains(class)));
            let here: Vec<&(usize, usize, bool)> = here.collect();
            let is_now = here.iter().any(|(.., now)| *now);
            here.into_iter().filter(|(.., now)| *now == is_now).map(|&(class, number, _)| (class, number)).collect()
        };
        let mut found: Vec<(usize, usize)> = within(text, None);
        if found.is_empty() && !self.groups.is_empty() {
            let mut cuts =
                text.char_indices().rev().map(|(at, _)| text.split_at(at)).filter(|(head, _)| !head.is_empty());
            let named = |(head, tail): (&str, &str)| {
                let classes =
                    self.index.classes(head.trim_end_matches(|c: char| fold::is_space(c) || "/-—:：的".contains(c)));
                Some(within(tail, Some(&classes))).filter(|found: &Vec<(usize, usize)>| !found.is_empty())
            };
            found = cuts.find_map(named).unwrap_or_default();
        }
        let near: Vec<(usize, usize)> = found.iter().copied().filter(|(class, _)| own.contains(class)).collect();
        if near.is_empty() { found } else { near }
    }

    pub(super) fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    fn add(&mut self, class: &str, roster: &Roster) {
        let number = self.classes.len();
        self.classes.push(class.to_owned());
        let mut ids = Vec::new();
        for student in roster.students.iter().filter(|student| student.class == class) {
            let place = (number, ids.len());
            self.ids.entry(student.id.clone()).or_default().push(place);
            if !student.name.is_empty() {
                self.names.entry(spelling(&student.name)).or_default().push(place);
            }
            ids.push(student.id.clone());
        }
        self.students.push(ids);
    }

    /// The classes, in order.
    #[must_use]
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The same with what the texts of a list that name classes say together of years of coming and of strokes.
    pub(super) fn with_texts<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self { index: self.index.clone().with_texts(texts), ..self.clone() }
    }

    /// The classes by any usual spelling.
    pub(super) fn index(&self) -> &ClassIndex {
        &self.index
    }

    /// The names of some classes, for telling.
    pub(super) fn names(&self, classes: &[usize]) -> String {
        classes.iter().map(|class| self.classes[*class].as_str()).collect::<Vec<_>>().join("、")
    }

    /// (class, position) of the students with this id, else of those with this name; those of `classes` alone where there are any.
    pub(super) fn students(&self, text: &str, classes: &[usize]) -> Vec<(usize, usize)> {
        let found = self.ids.get(fold::fold(text).as_str()).or_else(|| self.names.get(&spelling(text)));
        let found = found.cloned().unwrap_or_default();
        let near: Vec<(usize, usize)> = found.iter().copied().filter(|(class, _)| classes.contains(class)).collect();
        if near.is_empty() { found } else { near }
    }

    /// Name of a class and id of one of its students.
    pub(super) fn student(&self, (class, position): (usize, usize)) -> (&str, &str) {
        (&self.classes[class], &self.students[class][position])
    }
}

/// A group's name as it is compared: without quotes and the word for a group.
fn group_name(name: &str) -> String {
    let name = spelling(name);
    let quote = |c: char| fold::is_space(c) || "“”\"「」『』《》'‘’/-:的".contains(c);
    let bare = name.trim_matches(quote);
    let bare = bare.strip_suffix("小组").or_else(|| bare.strip_suffix('组')).unwrap_or(bare).trim_matches(quote);
    if bare.is_empty() { name } else { bare.to_owned() }
}

/// A name on one line in half-width, lower-case letters.
fn spelling(text: &str) -> String {
    fold::fold(&fold::one_line(text)).to_lowercase()
}

fn class_twice(class: &str, file: &str, other: &str) -> Fault {
    let found = if class.is_empty() {
        words!("没有班级列，{other} 也没有", "no class column, and none in {other} either")
    } else {
        words!("班级“{class}”，{other} 中也有", "the class “{class}”, which {other} has too")
    };
    Fault {
        code: "class_twice",
        place: file.to_owned(),
        found,
        expected: words!("有教师名单时每个班只出现在一份名册里", "each class in one list where there is a staff list"),
        action: words!("请给名册加上班级列，或合并同一个班的名册", "add a class column, or put a class into one list"),
    }
}
