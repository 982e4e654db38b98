//! Names and ids in columns whose headers are not known: told by what they hold, and said.

use super::super::Field;
use super::super::contents::Contents;
use super::super::doubt::Answer;
use super::super::field::Part;
use super::super::header::Head;
use super::super::heading;
use super::super::likeness::looks_like_a_name;
use super::super::table::{Raw, Row};
use super::super::tell::Tell;
use super::super::value;
use super::super::vocabulary::{self, Is};
use super::{Assignment, column_letters};
use crate::words;

/// The fewest rows from which a column is told by what it holds.
const FEWEST: usize = 3;

/// Finds the names and the ids of a list without a column that is headed so.
pub fn people(heads: &[Head], rows: &[Row], assignment: &mut Assignment, tell: &mut Tell<'_>) {
    // A number or a gender is no header: the list has none.
    let is_data = |head: &Head| {
        let cell = Raw::text(head.lower());
        cell.is_numeric() || value::gender(&cell).is_some()
    };
    if rows.len() < FEWEST || heads.iter().all(|head| head.levels.is_empty()) || heads.iter().any(is_data) {
        return;
    }
    let unknown = |assignment: &Assignment| -> Vec<usize> {
        let is_free = |c: &usize| !assignment.known[*c] && !assignment.named[*c] && !heads[*c].levels.is_empty();
        (0..heads.len()).filter(is_free).filter(|&c| !is_of_others(heads[c].lower())).collect()
    };
    let has_names = assignment.position(&Field::Name).is_some()
        || [Part::Family, Part::Given].iter().any(|part| assignment.part(*part).is_some());
    if !has_names {
        let called = |c: usize| is_called_name(heads[c].lower());
        let free = unknown(assignment);
        let holds_names = |c: &usize| Contents::of(rows, heads[*c].index).are_names(called(*c));
        let found = free.iter().copied().filter(|&c| called(c)).find(holds_names);
        if let Some(c) = found.or_else(|| free.into_iter().find(holds_names)) {
            take(c, Field::Name, heads, assignment);
            tell_names(&heads[c], tell);
        } else {
            bare_names(heads, rows, assignment, tell);
        }
    }
    if assignment.position(&Field::Id).is_none() {
        let holds_ids = |c: &usize| {
            is_called_id(heads[*c].lower()) && {
                let contents = Contents::of(rows, heads[*c].index);
                contents.count() + 1 >= rows.len() && contents.are_ids()
            }
        };
        if let Some(c) = unknown(assignment).into_iter().find(holds_ids) {
            take(c, Field::Id, heads, assignment);
            let (text, place) = (heads[c].text(), column_letters(heads[c].index));
            let message =
                words!("“{text}”列各不相同，作为学号", "“{text}” is different for everybody and taken as the id");
            tell.notice("id_from_contents", place, message);
        }
    }
}

fn tell_names(head: &Head, tell: &mut Tell<'_>) {
    let (text, place) = (head.text(), column_letters(head.index));
    let message = if text.is_empty() {
        words!(
            "{place} 列没有表头，按内容认出是姓名",
            "column {place} has no header; it holds the names, as its cells show"
        )
    } else {
        words!("“{text}”列是姓名，按内容认出", "“{text}” holds the names, as its cells show")
    };
    if looks_like_a_name(&text) {
        let message = words!(
            "表头一行里的“{text}”像是姓名：这一行没有编入，它下面的按姓名读取",
            "“{text}” in the row taken as the header looks like a name; that row is left out, and what stands below is read as names"
        );
        return tell.doubt("name_in_header", place, message, words!("是表头", "it is the header"));
    }
    tell.notice("name_from_contents", place, message);
}

/// Finds the names in a column without a header, or below the word for the subjects beside them, as pasted and turned tables have
/// it. What only may be names, or is not in the one such column, is asked about.
fn bare_names(heads: &[Head], rows: &[Row], assignment: &mut Assignment, tell: &mut Tell<'_>) {
    let is_bare = |c: usize| heads[c].levels.is_empty() || assignment.parts[c] == Some(Part::Subject);
    let free = (0..heads.len()).filter(|&c| is_bare(c) && !assignment.named[c] && assignment.fields[c] == Field::Other);
    let may_be = |c: &usize| {
        let contents = Contents::of(rows, heads[*c].index);
        let words = contents.cells().filter(|cell| heading::word(&cell.shown()).is_some()).count();
        let are_apart = 10 * contents.distinct() >= 9 * contents.count();
        2 * contents.count() > rows.len() && are_apart && contents.are_names(true) && 10 * words <= contents.count()
    };
    let found: Vec<usize> = free.filter(may_be).collect();
    let Some(&first) = found.first() else { return };
    let contents = Contents::of(rows, heads[first].index);
    let is_sure = contents.are_names(false) && contents.mostly(|cell| looks_like_a_name(&cell.shown()));
    take(first, Field::Name, heads, assignment);
    assignment.parts[first] = None;
    if is_sure && found.len() == 1 {
        return tell_names(&heads[first], tell);
    }
    let (text, place) = (heads[first].text(), column_letters(heads[first].index));
    let message = words!(
        "没有姓名列，{place} 列像是姓名，按姓名读取",
        "there is no column of names; column {place} looks like them and is read as such"
    );
    let called = if text.is_empty() { &place } else { &text };
    let answers = vec![
        Answer { label: words!("是姓名", "they are names"), says: vec!["accept=name_unheaded".to_owned()] },
        Answer { label: words!("不是姓名", "they are no names"), says: vec![format!("other={called}")] },
    ];
    tell.ask("name_unheaded", place, message, answers);
}

fn take(column: usize, field: Field, heads: &[Head], assignment: &mut Assignment) {
    debug_assert!(column < heads.len());
    if field == Field::Id {
        assignment.ids.push(column);
    }
    assignment.fields[column] = field;
    assignment.known[column] = true;
}

fn is_called_name(header: &str) -> bool {
    let word = vocabulary::word_key(header);
    word.contains("name") || (word.contains('名') && !word.contains("名次") && !word.contains("排名"))
}

fn is_called_id(header: &str) -> bool {
    let lower = header.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    lower.contains(['号', '號'])
        || lower.contains("编码")
        || lower.contains("代码")
        || words.any(|word| {
            matches!(
                word,
                "id" | "no" | "num" | "number" | "code" | "nr" | "ref" | "reference" | "upi" | "uln" | "ssid"
            )
        })
}

/// Whether a header speaks of parents, teachers or partners.
pub fn is_of_others(header: &str) -> bool {
    let word = vocabulary::word_key(header);
    [Is::OtherRole, Is::Office, Is::Kin].into_iter().flat_map(vocabulary::words).any(|other| {
        let short = if other.is_ascii() { 4 } else { 2 * '父'.len_utf8() };
        other.len() >= short && word.contains(other)
    })
}
