//! What a sheet of a workbook is by its name and by what the other sheets have.

use super::super::Field;
use super::super::layout::{List, is_class_name};
use super::super::tell::Tell;
use super::super::vocabulary;
use super::column;
use crate::words;

/// Sheets of one subject each (语文, 数学) with marks of no other: the sheet's name is the subject.
pub fn tell_subjects_apart(lists: &mut [List]) {
    let subject = |list: &List| match vocabulary::word(&list.sheet)?.field {
        Field::Score(name) if name != "score" => Some(Field::Score(name)),
        _ => None,
    };
    for list in lists {
        let plain = list.assignment.position(&Field::Score("score".to_owned()));
        let is_only = list.assignment.fields.iter().filter(|field| matches!(field, Field::Score(_))).count() == 1;
        if let (Some(c), Some(field), true) = (plain, subject(list), is_only) {
            list.assignment.fields[c] = field;
            list.heads[c].levels.insert(0, list.sheet.clone());
        }
    }
}

/// Whether a further sheet names people of another kind: without the ids and without anything of what the students have.
pub fn is_about_others(main: &List, other: &List) -> bool {
    let has_id = |list: &List| column(list, &Field::Id).is_some();
    let apart = other.sheet != main.sheet && !is_class_name(&other.sheet);
    let has_marks = |list: &List| {
        list.assignment.fields.iter().any(|f| !matches!(f, Field::Name | Field::Class | Field::Other | Field::Notes))
    };
    apart && has_id(main) && has_marks(main) && !has_id(other) && !has_marks(other)
}

pub fn tell_others(list: &List, tell: &mut Tell<'_>) {
    let message = words!(
        "这张工作表里的人没有学号和成绩，看不出是学生，没有编入",
        "the people of this sheet have neither numbers nor marks; they do not seem to be students and were left out"
    );
    tell.doubt("sheet_others", list.sheet.clone(), message, words!("不是学生", "they are no students"));
}
