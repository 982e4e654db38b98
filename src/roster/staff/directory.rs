//! The classes and students that a staff list may name.

use crate::fault::{Fault, Faults};
use crate::roster::{Roster, fold};
use crate::words;
use std::collections::HashMap;

/// Names and ids of all classes and their students, in order.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    classes: Vec<String>,
    /// Classes by spelling without case and width, and by letters and digits alone.
    spellings: HashMap<String, Vec<usize>>,
    keys: HashMap<String, Vec<usize>>,
    /// (class, position) of every student of an id or a name.
    ids: HashMap<String, Vec<(usize, usize)>>,
    names: HashMap<String, Vec<(usize, usize)>>,
    /// Ids of each class's students.
    students: Vec<Vec<String>>,
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
        if faults.is_empty() { Ok(directory) } else { Err(Faults(faults)) }
    }

    /// Some class lists could not be used: what names nothing may belong to them, so it is passed over with a notice.
    #[must_use]
    pub fn with_lists_missing(self) -> Self {
        Self { incomplete: true, ..self }
    }

    pub(super) fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    fn add(&mut self, class: &str, roster: &Roster) {
        let number = self.classes.len();
        self.classes.push(class.to_owned());
        self.spellings.entry(spelling(class)).or_default().push(number);
        self.keys.entry(fold::key(class)).or_default().push(number);
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

    /// Number of a class by its name, forgiving width, case and, where that leaves no doubt, signs: 七（3）班 is 七3班.
    pub(super) fn class(&self, text: &str) -> Option<usize> {
        let only = |found: Option<&Vec<usize>>| match found.map(Vec::as_slice) {
            Some([one]) => Some(*one),
            _ => None,
        };
        let key = fold::key(text);
        only(self.spellings.get(&spelling(text)))
            .or_else(|| if key.is_empty() { None } else { only(self.keys.get(&key)) })
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
