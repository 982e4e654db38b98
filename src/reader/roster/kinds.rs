//! What titles, sheets and rows between students say of everybody below them: 男生, girls, boarders. It becomes a column of the list.

use super::field::Field;
use super::header::Head;
use super::list::{Line, List};
use super::table::Raw;
use super::tell::Tell;
use super::vocabulary::{self, Is};
use super::{fold, value};
use crate::words;
use crate::words::quoted;
use std::sync::Arc;

/// The kind of students that a short text names (男生, 女生名单, Boys (12)): its word, and the field that it is a value of.
#[must_use]
pub fn named(text: &str) -> Option<(Field, String)> {
    let folded = fold::fold(text);
    let bare = fold::bracketed(&folded).map_or(folded.as_str(), |(before, _)| before);
    let bare = bare.trim_end_matches(|c: char| c.is_numeric() || ":人名共 ".contains(c));
    let ends = ["名单", "名册", "同学", "组", "队", "部分", "list"];
    let word = ends.iter().find_map(|end| bare.strip_suffix(end)).unwrap_or(bare).trim();
    if word.is_empty() || word.chars().count() > 12 {
        return None;
    }
    let boards = [Is::Day, Is::Boards].iter().any(|is| vocabulary::is(word, *is));
    let field = if value::gender(&Raw::Text(word.into())).is_some() {
        Field::Gender
    } else if boards {
        Field::Flag("boarding".to_owned())
    } else {
        return None;
    };
    Some((field, word.to_owned()))
}

/// Makes a column of the kinds that stand above all students of all lists, else of those that all their sheets are called after,
/// where they are of one field that no list has.
pub fn take(lists: &mut [List], tell: &mut Tell<'_>) {
    let is_above = lists.iter().flat_map(|list| &list.lines).any(|line| line.kind.is_some());
    let sheets: Option<Vec<String>> = lists.iter().map(|list| named(&list.sheet).map(|(_, word)| word)).collect();
    for (list, word) in lists.iter_mut().zip(sheets.filter(|_| !is_above).into_iter().flatten()) {
        let word: Arc<str> = word.into();
        list.lines.iter_mut().for_each(|line| line.kind = Some(Arc::clone(&word)));
    }
    let words: Option<Vec<&str>> = lists.iter().flat_map(|list| &list.lines).map(|line| line.kind.as_deref()).collect();
    let Some(mut words) = words.filter(|words| !words.is_empty()) else { return };
    words.sort_unstable();
    words.dedup();
    let fields: Vec<Option<Field>> = words.iter().map(|word| named(word).map(|(field, _)| field)).collect();
    let Some(Some(field)) = fields.first().cloned() else { return };
    let has = |list: &List| list.assignment.position(&field).is_some();
    if words.len() < 2 || fields.iter().any(|other| other.as_ref() != Some(&field)) || lists.iter().any(has) {
        return;
    }
    let words = quoted(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(), 4);
    for list in lists.iter_mut() {
        add_column(list, &field);
    }
    let (header, zh, en) = (vocabulary::first_word(&field), words.zh, words.en);
    let message =
        words!("学生上方写着{zh}，作为“{header}”读取", "{en} above the students are read as their “{header}”");
    tell.notice("kind_above", String::new(), message);
}

/// Adds the kinds of a list's students as a column to the right of all others.
fn add_column(list: &mut List, field: &Field) {
    let cells = list.lines.iter().map(|line| line.cells.len()).max().unwrap_or(0);
    let index = list.heads.iter().map(|head| head.index + 1).max().unwrap_or(0).max(cells);
    list.heads.push(Head { index, levels: vec![vocabulary::first_word(field).to_owned()] });
    let column = list.assignment.fields.len();
    list.assignment.push_unknown();
    list.assignment.fields[column] = field.clone();
    list.assignment.known[column] = true;
    for Line { cells, kind, .. } in &mut list.lines {
        cells.resize(index + 1, Raw::Empty);
        cells[index] = kind.as_deref().map_or(Raw::Empty, |word| Raw::Text(word.into()));
    }
}
