//! What the classes of a run are called: as in the list; where it names none, as the file, the folder or the title says.

use super::Unit;
use crate::roster::Roster;
use crate::roster::class_name::{class_told, clear, grade_told, is_surely_class, lacks_grade, with_grade};
use crate::school::sources::Source;
use std::collections::HashSet;

/// The name of a class and the grade that is told beside it.
#[derive(Debug, Default)]
pub(super) struct Called {
    pub(super) class: String,
    /// What the title, the sheet, the file or the folder tells.
    pub(super) grade: Option<String>,
    /// Whether the list itself names the class.
    pub(super) is_own: bool,
}

impl Called {
    /// The name of a class by its list, where that has classes, and by what the list and its file tell.
    pub(super) fn of(source: &Source, class: &str, list: Option<&Roster>) -> Self {
        let (titled, grade) = (list.and_then(|list| list.titled.clone()), list.and_then(|list| list.grade.clone()));
        let around = || [source.name(), source.folders(), &source.origin].into_iter().find_map(grade_told);
        let of_title = || titled.as_deref().and_then(grade_told);
        let grade = grade.or_else(of_title).or_else(around);
        let is_own = !class.is_empty();
        let class = if is_own { with_grade_of_file(source, class) } else { by_file(source, titled) };
        Self { class, grade, is_own }
    }
}

/// A class of the list; as the file says it where that names its grade too.
fn with_grade_of_file(source: &Source, class: &str) -> String {
    let file = class_told(source.name()).filter(|name| is_surely_class(name));
    let says_more = |file: &String| {
        clear(class).filter(|name| name.grade.is_none()).zip(clear(file)).is_some_and(|(name, file)| {
            file.grade.is_some() && (&name.label, &name.track) == (&file.label, &file.track)
        })
    };
    file.filter(says_more).unwrap_or_else(|| class.to_owned())
}

/// The class that the file names, else its folder, else the title; else the file's name.
fn by_file(source: &Source, titled: Option<String>) -> String {
    let name = class_told(source.name()).filter(|name| is_surely_class(name));
    let folder = || class_told(&source.folders().replace(' ', "")).filter(|name| name.contains('班'));
    name.or_else(folder).or(titled).unwrap_or_else(|| source.name().to_owned())
}

/// Puts the grades before classes that name none, where several grades are told.
pub(super) fn with_grades(units: &mut [Unit]) {
    let grades: HashSet<&String> =
        units.iter().filter(|unit| is_open(unit)).filter_map(|unit| unit.grade.as_ref()).collect();
    if grades.len() < 2 {
        return;
    }
    for unit in units.iter_mut().filter(|unit| is_open(unit)) {
        if let Some(grade) = &unit.grade {
            unit.class = with_grade(grade, &unit.class);
        }
    }
}

/// Whether a grade may stand before a class's name: no name that is only a file's.
fn is_open(unit: &Unit) -> bool {
    let is_number = unit.class.bytes().all(|b| b.is_ascii_digit());
    let is_class = unit.is_own || is_number || unit.class.ends_with('班');
    is_class && unit.grade.is_some() && lacks_grade(&unit.class)
}
