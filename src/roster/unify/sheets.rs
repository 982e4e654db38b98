//! What the sheets of a book say by their names and titles: people who have left on a sheet of their own, classes.

use super::{column, text};
use crate::roster::layout::{Line, List};
use crate::roster::{Field, people};
use std::collections::HashMap;
use std::sync::Arc;

/// Takes the classes that the titles of all lists name, where they differ.
pub(super) fn take_titles(main: &mut List, rest: &mut [List]) {
    let differ = rest.iter().any(|list| list.titled != main.titled);
    if differ && main.titled.is_some() && rest.iter().all(|list| list.titled.is_some()) {
        main.class = main.titled.take();
        rest.iter_mut().for_each(|list| list.class = list.titled.take());
    }
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
