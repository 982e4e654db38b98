//! Which column is which field: by the user's word (`--column`), else by header words, else, for names and ids, by what it holds; of
//! two columns for one field the better-fitting one wins and the other is carried.

mod meanings;
mod unheaded;

pub use unheaded::is_of_others;

use super::contents::Contents;
use super::doubt::option;
use super::field::Form;
use super::header::Head;
use super::heading::{self, Meaning};
use super::list::{Assignment, List};
use super::options::Override;
use super::table::{Raw, Row};
use super::tell::Tell;
use super::vocabulary;
use super::why::Why;
use super::{Field, column_letters};
use crate::words;
use crate::words::Words;
use std::cmp::Reverse;
use std::collections::HashSet;

/// How well a header fits a total at least that needs no marks beside it: 合计 may be of anything.
const LEAST_OF_TOTALS: u8 = 4;

/// Assigns fields to columns; `rows` are the first below the header. Columns of one header text are told apart by their letters in
/// messages.
pub fn assign(heads: &[Head], rows: &[Row], overrides: &[Override], tell: &mut Tell<'_>) -> Assignment {
    let mut assignment = Assignment {
        fields: vec![Field::Other; heads.len()],
        named: vec![false; heads.len()],
        parts: vec![None; heads.len()],
        known: vec![false; heads.len()],
        grades: vec![false; heads.len()],
        ids: Vec::new(),
    };
    name_columns(heads, overrides, &mut assignment, tell);
    let meanings: Vec<Option<Meaning>> = (heads.iter().zip(&assignment.named))
        .map(|(head, named)| if *named { None } else { heading::header(&head.levels) })
        .collect();
    let meanings = meanings::told_apart(heads, meanings);
    let filled: Vec<usize> = heads.iter().map(|head| Contents::of(rows, head.index).count()).collect();
    let most = filled.iter().copied().max().unwrap_or(0);
    let is_void = |c: usize| 10 * filled[c] < most;
    // Whoever is alone in a class has a number in it.
    let is_number = |c: usize| {
        meanings[c].as_ref().is_some_and(|m| m.field == Field::Class)
            && filled[c] > 2
            && Contents::of(rows, heads[c].index).distinct() == filled[c]
    };
    let is_poor = |c: usize| is_void(c) || is_number(c);
    // What holds what its header says first, then the usual kind of mark, then the better fit; of equals the one further left.
    let mut order: Vec<usize> = (0..heads.len()).filter(|&c| meanings[c].is_some()).collect();
    let rank = |c: usize| meanings[c].as_ref().map(|m| (is_poor(c), m.form, Reverse(m.fit)));
    order.sort_by_key(|&c| (rank(c), c));
    for column in order {
        let Some(Meaning { field, part, form, .. }) = &meanings[column] else { continue };
        assignment.known[column] = true;
        assignment.grades[column] = *form == Form::Letter;
        assignment.parts[column] = part.filter(|&part| assignment.part(part).is_none());
        if *field == Field::Id {
            assignment.ids.push(column);
        }
        match assignment.position(field) {
            _ if *field == Field::Other => {}
            None => assignment.fields[column] = field.clone(),
            Some(_) if *field == Field::Id => {} // told where the id is chosen
            Some(_) if is_void(column) => {}
            Some(winner) if *field == Field::Name && has_others(&heads[column], &heads[winner], rows) => {} // asked about later
            Some(winner) if is_repeated(&heads[column], &heads[winner], field, rows) => {
                tell.repeated(&heads[column], &heads[winner]);
            }
            Some(winner) => tell.carried(&heads[column], &heads[winner]),
        }
    }
    let is_weak = |c: usize| meanings[c].as_ref().is_some_and(|m| m.field == Field::Total && m.fit < LEAST_OF_TOTALS);
    let has_marks = assignment.fields.iter().any(|field| matches!(field, Field::Score(_)));
    if let Some(total) = assignment.position(&Field::Total).filter(|&c| !has_marks && is_weak(c)) {
        (assignment.fields[total], assignment.known[total]) = (Field::Other, false);
    }
    unheaded::people(heads, rows, &mut assignment, tell);
    if let Some(grade) = letter_of_a_mark(&meanings, &assignment) {
        assignment.fields[grade] = Field::Other;
    }
    assignment
}

/// The only column of grades without a subject, where it stands beside the marks of one subject: it repeats them in other words.
fn letter_of_a_mark(meanings: &[Option<Meaning>], assignment: &Assignment) -> Option<usize> {
    let is_letter = |c: usize| meanings[c].as_ref().is_some_and(|m| m.form == Form::Letter && !assignment.named[c]);
    let scores = (0..meanings.len()).filter(|&c| matches!(assignment.fields[c], Field::Score(_)));
    let (letters, marks): (Vec<usize>, Vec<usize>) = scores.partition(|&c| is_letter(c));
    let any = |c: usize| assignment.fields[c].name() == "等级";
    match (letters.as_slice(), marks.as_slice()) {
        (&[letter], &[mark]) if any(letter) && mark + 1 == letter => Some(letter),
        _ => None,
    }
}

/// Takes the id from the first column that has one for everybody and none that a spreadsheet has damaged; where none has, from
/// the best-fitting one, whose faults are then told.
pub fn choose_id(heads: &[Head], assignment: &mut Assignment, is_whole: impl Fn(usize) -> bool, tell: &mut Tell<'_>) {
    let Some(now) = assignment.position(&Field::Id).filter(|&c| !assignment.named[c]) else { return };
    let best = assignment.ids.iter().copied().find(|&c| assignment.fields[c] == Field::Other || c == now);
    let free = |c: &usize| *c == now || assignment.fields[*c] == Field::Other;
    let whole = assignment.ids.iter().copied().filter(free).find(|&c| is_whole(c)).unwrap_or(now);
    for other in assignment.ids.iter().copied().filter(free).filter(|&c| c != whole && Some(c) != best) {
        tell.carried(&heads[other], &heads[whole]);
    }
    if best.is_some_and(|best| best != whole) {
        let (text, other) = (heads[whole].text(), heads[now].text());
        let message = words!(
            "“{other}”不是每人都有，以“{text}”作为学号",
            "not everybody has “{other}”; “{text}” is taken as the id"
        );
        tell.notice("id_incomplete", column_letters(heads[now].index), message);
        assignment.fields[now] = Field::Other;
        assignment.fields[whole] = Field::Id;
    }
    if heads[whole].lower().contains("序号") || heads[whole].lower() == "序" {
        let place = column_letters(heads[whole].index);
        let message =
            words!("没有学号列，以“序号”作为学号", "there is no id column; 序号 (the row count) is taken as the id");
        tell.notice("id_from_sequence", place, message);
    }
}

/// A field as people call it.
#[must_use]
pub fn label(field: &Field) -> Words {
    let zh = vocabulary::first_word(field);
    let zh = if zh.is_empty() { field.name() } else { zh };
    let en = match field {
        Field::Id => "the id",
        other => other.name(),
    };
    Words { zh: zh.to_owned(), en: en.replace('_', " ") }
}

/// Whether a column with the header of another one mostly names people whom that one does not.
fn has_others(head: &Head, winner: &Head, rows: &[Row]) -> bool {
    let known: HashSet<String> = Contents::of(rows, winner.index).cells().map(Raw::shown).collect();
    let own = Contents::of(rows, head.index);
    head.levels == winner.levels && 2 * own.cells().filter(|cell| !known.contains(&cell.shown())).count() > own.count()
}

/// Whether two columns of marks have the same header and hold different marks.
fn is_repeated(head: &Head, winner: &Head, field: &Field, rows: &[Row]) -> bool {
    matches!(field, Field::Score(_) | Field::Total)
        && head.levels == winner.levels
        && rows.iter().any(|row| row.cell(head.index) != row.cell(winner.index))
}

fn name_columns(heads: &[Head], overrides: &[Override], assignment: &mut Assignment, tell: &mut Tell<'_>) {
    let said: Vec<(&Field, &str)> = overrides.iter().filter_map(Override::column).collect();
    for (i, &(field, header)) in said.iter().enumerate() {
        if *field != Field::Other && said[..i].iter().any(|(other, _)| *other == field) {
            field_twice(field, tell);
            continue;
        }
        let called: Vec<usize> = (0..heads.len()).filter(|&c| heads[c].is_called(header)).collect();
        let exact: Vec<usize> = called.iter().copied().filter(|&c| heads[c].text() == header).collect();
        match (exact.as_slice(), called.as_slice()) {
            ([column], _) | (_, [column]) if assignment.named[*column] => column_twice(header, tell),
            ([column], _) | (_, [column]) => {
                assignment.fields[*column] = field.clone();
                assignment.named[*column] = true;
            }
            (_, []) => {} // another list may have it; see `check_named`
            (_, several) => ambiguous(heads, several, header, tell),
        }
    }
}

/// Refuses what the user says of columns that no list has.
pub fn check_named(lists: &[List], overrides: &[Override], tell: &mut Tell<'_>) {
    for (_, header) in overrides.iter().filter_map(Override::column) {
        if !lists.iter().any(|list| list.heads.iter().any(|head| head.is_called(header))) {
            let heads: Vec<Head> = lists.first().map(|list| list.heads.clone()).unwrap_or_default();
            unknown_header(&heads, header, tell);
        }
    }
}

/// The letter of a column.
pub fn column_letters_of(head: &Head) -> String {
    column_letters(head.index)
}

/// The headers as a list for messages.
#[must_use]
pub fn header_list(heads: &[Head]) -> String {
    let texts: Vec<String> = heads.iter().map(Head::text).filter(|text| !text.is_empty()).collect();
    let shown: Vec<String> = texts.iter().take(60).map(|text| text.chars().take(40).collect()).collect();
    let more = texts.len() - shown.len();
    shown.join(", ") + &if more > 0 { format!(", … (+{more})") } else { String::new() }
}

fn unknown_header(heads: &[Head], header: &str, tell: &mut Tell<'_>) {
    let list = header_list(heads);
    let texts = heads.iter().flat_map(|head| [head.text(), head.lower().to_owned()]).filter(|text| !text.is_empty());
    let near = texts
        .map(|text| (strsim::normalized_damerau_levenshtein(&text.to_lowercase(), &header.to_lowercase()), text))
        .filter(|(likeness, _)| *likeness >= 0.4)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let action = match near {
        Some((_, near)) => {
            words!("是否想写“{near}”？", "did you mean “{near}”?")
        }
        None => words!("请按名册的表头来写", "write the header as it stands in the list"),
    };
    let why = Why {
        found: words!("表头“{header}”，名册里没有", "the header “{header}”, which the list lacks"),
        expected: words!("以下表头之一：{list}", "one of these headers: {list}"),
        action,
    };
    tell.fault("unknown_header", "", why);
}

fn ambiguous(heads: &[Head], several: &[usize], header: &str, tell: &mut Tell<'_>) {
    let n = several.len();
    let list: Vec<String> =
        several.iter().map(|&c| format!("{} ({})", heads[c].text(), column_letters(heads[c].index))).collect();
    let list = list.join(", ");
    let why = Why {
        found: words!("{n} 列的表头都是“{header}”：{list}", "{n} columns headed “{header}”: {list}"),
        expected: words!("只有一列", "one column"),
        action: words!(
            "请写出完整的表头（上一行加下一行），或修改名册的表头",
            "write the whole header (upper and lower row), or change the headers in the list"
        ),
    };
    tell.fault("ambiguous_header", "", why);
}

fn field_twice(field: &Field, tell: &mut Tell<'_>) {
    let why = Why {
        found: words!("“{field}”指定了两次", "“{field}” named twice"),
        expected: words!("一种内容只指定一列", "one column for a meaning"),
        action: words!("请删去其中一个", "drop one of the two"),
    };
    tell.fault("field_named_twice", "", why);
}

fn column_twice(header: &str, tell: &mut Tell<'_>) {
    let why = Why {
        found: words!("“{header}”列指定了两次", "the column “{header}” named twice"),
        expected: words!("每列只指定一次", "one meaning for a column"),
        action: words!("请删去其中一个", "drop one of the two"),
    };
    tell.fault("column_named_twice", "", why);
}

/// The fault of a list in which nothing to balance is recognised.
pub fn nothing_to_balance(heads: &[Head], tell: &mut Tell<'_>) {
    let list = header_list(heads);
    let unknown = |text: &String| {
        !text.is_empty() && heading::word(text).is_none_or(|m| m.field == Field::Other && m.part.is_none())
    };
    let example = heads.iter().map(Head::text).find(unknown);
    let remedy = example.map_or_else(
        || "--column FIELD=HEADER".to_owned(),
        |header| option(&format!("category:{}={header}", header.replace([':', '='], " "))),
    );
    let why = Why {
        found: words!("表头：{list}", "the headers {list}"),
        expected: words!(
            "至少一列可以均衡的内容：成绩、层次、性别，或留守等标记",
            "at least one column to balance: a score, a tier, gender or a flag"
        ),
        action: words!(
            "请指明列的含义，或按其中一列分匀（`{remedy}`）",
            "say what a column means, or balance one as it is (`{remedy}`)"
        ),
    };
    tell.fault("nothing_to_balance", "", why);
}
