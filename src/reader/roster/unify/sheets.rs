//! What a sheet of a workbook is by its name and title and by what the other sheets have: classes, one subject's marks, people who have
//! left or are no students.

use super::{column, text};
use crate::roster::class_name::is_class_name;
use crate::roster::field::Part;
use crate::roster::header::Head;
use crate::roster::heading;
use crate::roster::list::{Line, List};
use crate::roster::table::Raw;
use crate::roster::tell::{Tell, places};
use crate::roster::vocabulary::Is;
use crate::roster::{Field, class_name, fold, people, vocabulary};
use crate::words;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Takes the classes that the titles of all lists name, where they differ.
pub(super) fn take_titles(main: &mut List, rest: &mut [List]) {
    let differ = rest.iter().any(|list| list.titled != main.titled);
    if differ && main.titled.is_some() && rest.iter().all(|list| list.titled.is_some()) {
        main.class = main.titled.take();
        for list in rest {
            list.class = list.titled.take();
        }
    }
}

/// Puts the grade that the title or the sheet tells before classes that name none, where the lists tell several grades.
pub(super) fn take_grades(lists: &mut [List], tell: &mut Tell<'_>) {
    let open: Vec<bool> = lists.iter().map(|list| list.grade.is_some() && names_no_grade(list)).collect();
    let of_open = || lists.iter().zip(&open).filter_map(|(list, open)| list.grade.as_ref().filter(|_| *open));
    if of_open().collect::<HashSet<_>>().len() < 2 {
        return;
    }
    let mut first = None;
    for (list, _) in lists.iter_mut().zip(open).filter(|(_, open)| *open) {
        let (Some(at), Some(grade)) = (column(list, &Field::Class), list.grade.clone()) else { continue };
        for line in &mut list.lines {
            if let Some(cell) = line.cells.get_mut(at).filter(|cell| !cell.is_blank()) {
                *cell = Raw::Text(class_name::with_grade(&grade, &cell.shown()).into());
            }
        }
        first = first.or_else(|| list.lines.first().map(|line| places(&[&line.place], Some(at))));
    }
    let message = words!(
        "班级列没有写年级，加上了标题或工作表名中的年级",
        "the classes name no grade; that of the title or the sheet was put before them"
    );
    tell.notice("class_with_grade", first.unwrap_or_default(), message);
}

/// Whether a list has classes, none of them with a grade in its name or in a column beside it.
fn names_no_grade(list: &List) -> bool {
    let Some(at) = column(list, &Field::Class) else { return false };
    let is_grade = |head: &Head| vocabulary::words(Is::GradeHeader).contains(&fold::key(&head.text()).as_str());
    let has_grade = list.assignment.part(Part::Grade).is_some() || list.heads.iter().any(is_grade);
    let texts: HashSet<String> = list.lines.iter().filter_map(|line| Some(line.cells.get(at)?.shown())).collect();
    !has_grade && texts.iter().filter(|text| !text.is_empty()).all(|text| class_name::lacks_grade(text))
}

/// Takes out the lists on sheets of people who have left (转出), unless all are.
pub(super) fn take_gone(lists: &mut Vec<List>) -> Vec<List> {
    let is_gone = |list: &List| people::says_gone(&list.sheet);
    if lists.iter().all(is_gone) {
        return Vec::new();
    }
    let (mut gone, others): (Vec<List>, Vec<List>) = std::mem::take(lists).into_iter().partition(is_gone);
    *lists = others;
    for list in &mut gone {
        let sheet: Arc<str> = Arc::from(list.sheet.as_str());
        list.lines.iter_mut().for_each(|line| line.section = Some(Arc::clone(&sheet)));
    }
    gone
}

/// Marks those of the main list who stand on a sheet of people who have left; the list of the others, if there are any.
pub(super) fn mark_gone(main: &mut List, mut list: List) -> Option<List> {
    let is_both = |field: &Field| column(main, field).is_some() && column(&list, field).is_some();
    let Some(field) = [Field::Id, Field::Name].into_iter().find(is_both) else { return Some(list) };
    let is_id = field == Field::Id;
    let (mine, theirs) = (column(main, &field), column(&list, &field));
    let mut rows: HashMap<String, Vec<&mut Line>> = HashMap::new();
    for line in &mut main.lines {
        rows.entry(text(line, mine, is_id)).or_default().push(line);
    }
    list.lines.retain(|line| {
        let known = rows.get_mut(&text(line, theirs, is_id));
        let is_known = known.is_some();
        known.into_iter().flatten().for_each(|known| known.section.clone_from(&line.section));
        !is_known
    });
    (!list.lines.is_empty()).then_some(list)
}

/// Sheets of one subject each (语文, 数学) with marks of no other: the sheet's name is the subject, also of a total, and ranks there
/// are those in the subject.
pub fn tell_subjects_apart(lists: &mut [List]) {
    let subject = |list: &List| match heading::word(&list.sheet)?.field {
        Field::Score(name) if name != "score" => Some(Field::Score(name)),
        _ => None,
    };
    let are_several = lists.iter().filter_map(subject).collect::<HashSet<_>>().len() > 1;
    for list in lists {
        let scores = || list.assignment.fields.iter().filter(|field| matches!(field, Field::Score(_)));
        let plain = list.assignment.position(&Field::Score("score".to_owned()));
        let total = || list.assignment.position(&Field::Total).filter(|_| are_several && scores().count() == 0);
        let is_only = scores().count() <= 1;
        let (Some(c), Some(field), true) = (plain.or_else(total), subject(list), is_only) else { continue };
        list.assignment.fields[c] = field;
        let rank = list.assignment.position(&Field::Rank).filter(|_| are_several);
        if let Some(rank) = rank {
            list.assignment.fields[rank] = Field::Other;
        }
        for c in std::iter::once(c).chain(rank) {
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
