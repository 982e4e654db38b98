//! Makes one list of several: blocks beside or below one another, a sheet a class whose columns stand in another order or are more,
//! and the marks of a list that stand in another sheet or file.

mod join;
mod sheets;

use super::class_name::is_class_name;
use super::header::Head;
use super::heading;
use super::list::{Assignment, Line, List, Whole};
use super::place::Cells;
use super::table::Raw;
use super::tell::Tell;
use super::{Field, RowPlace, fold, kinds, people, value};
use crate::words;
use join::join;
use sheets::{is_about_others, tell_others, tell_subjects_apart};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// With more sheets than these no list is looked for.
const MOST_SHEETS: usize = 60;

/// Puts lists together; none where no list is among them.
pub fn together(mut lists: Vec<List>, tell: &mut Tell<'_>) -> Option<Whole> {
    sheets::take_grades(&mut lists, tell);
    kinds::take(&mut lists, tell);
    tell_subjects_apart(&mut lists);
    tell_exams_apart(&mut lists);
    let gone = sheets::take_gone(&mut lists);
    // The main list is the first of those that name the most of what is known.
    let worth = |list: &List| list.assignment.fields.iter().filter(|field| **field != Field::Other).count();
    let has_class = |list: &List| list.assignment.position(&Field::Class).is_some();
    let main = (0..lists.len()).max_by_key(|&i| {
        (
            lists[i].assignment.names_people(),
            lists[i].assignment.is_balanceable() && lists[i].lines.len() > 1,
            std::cmp::Reverse(i),
        )
    })?;
    let mut main = lists.remove(main);
    let mut rest = Vec::new();
    lists.extend(gone.into_iter().filter_map(|list| sheets::mark_gone(&mut main, list)));
    for list in lists {
        let relation = relation(&main, &list);
        if matches!(relation, Relation::Is)
            && let Some((other, key)) = told_more(&mut rest, &list)
        {
            join(other, list, key, tell);
            continue;
        }
        match relation {
            Relation::Adds(key) => join(&mut main, list, key, tell),
            Relation::Repeats => tell_repeats(&main, &list, tell),
            Relation::Is if is_about_others(&main, &list) => tell_others(&list, tell),
            Relation::Is if worth(&list) > 0 => {
                if are_the_same_people(&main, &list) {
                    tell_same_people(&list, tell);
                }
                rest.push(list);
            }
            Relation::Is => {}
        }
    }
    let several = !rest.is_empty() && rest.iter().any(|list| list.sheet != main.sheet);
    let titled = main.class.is_some() || rest.iter().any(|list| list.class.is_some());
    let classless = several && !titled && !has_class(&main) && !rest.iter().any(has_class);
    let says = |list: &List| {
        people::says_gone(&list.sheet) || people::says_back(&list.sheet) || kinds::named(&list.sheet).is_some()
    };
    if classless && !is_class_name(&main.sheet) {
        sheets::take_titles(&mut main, &mut rest);
    }
    let by_sheet = classless && main.class.is_none() && !says(&main) && !rest.iter().any(says);
    let class =
        |list: &List| list.class.clone().unwrap_or_else(|| if by_sheet { list.sheet.clone() } else { String::new() });
    let mut classes = vec![class(&main); main.lines.len()];
    let titled = main.titled.take().filter(|_| rest.is_empty() && !has_class(&main));
    let grade = main.grade.take().filter(|grade| rest.iter().all(|list| list.grade.as_ref() == Some(grade)));
    let (mut heads, mut assignment, mut lines) = (main.heads, main.assignment, main.lines);
    for list in rest {
        classes.extend(std::iter::repeat_n(class(&list), list.lines.len()));
        let columns = shared(&mut heads, &mut assignment, &list);
        lines.extend(moved(list, &columns));
    }
    Some(Whole { heads, assignment, lines, classes, by_sheet, titled, grade })
}

/// The list of another sheet whose students a list tells more of: the marks of one grade beside those of another.
fn told_more<'l>(lists: &'l mut [List], other: &List) -> Option<(&'l mut List, Key)> {
    let apart = lists.iter_mut().filter(|list| list.sheet != other.sheet).take(MOST_SHEETS);
    apart.into_iter().find_map(|list| match relation(list, other) {
        Relation::Adds(key) => Some((list, key)),
        _ => None,
    })
}

/// Whether all lists of another file are about the students of this one's main list and tell more of them.
pub fn adds(lists: &[List], others: &[List]) -> bool {
    let main = lists.iter().find(|list| list.assignment.names_people());
    let adds = |other: &List| main.is_some_and(|main| matches!(relation(main, other), Relation::Adds(_)));
    !others.is_empty() && others.iter().all(adds)
}

/// Whether two files mostly name the same people in lists that cannot be joined, and tell no different classes of them.
pub fn name_the_same_people(lists: &[List], others: &[List]) -> bool {
    let main = |lists: &[List]| lists.iter().position(|list| list.assignment.names_people());
    let (Some(main), Some(other)) = (main(lists).map(|i| &lists[i]), main(others).map(|i| &others[i])) else {
        return false;
    };
    let told = |list: &List| list.class.is_some() || list.titled.is_some() || column(list, &Field::Class).is_some();
    !(told(main) && told(other)) && share_names(main, other)
}

/// How another list stands to the main one.
enum Relation {
    /// Other students.
    Is,
    /// The same students, with columns that the main list lacks; found by this key.
    Adds(Key),
    /// The same students with the same columns.
    Repeats,
}

/// By what students of two lists are known to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Id,
    Name,
}

fn column(list: &List, field: &Field) -> Option<usize> {
    list.assignment.position(field).map(|c| list.heads[c].index)
}

fn text(line: &Line, column: Option<usize>, is_id: bool) -> String {
    let Some(cell) = column.and_then(|c| line.cells.get(c)) else { return String::new() };
    if is_id { value::id(cell).map(|(id, _)| id).unwrap_or_default() } else { fold::fold(&cell.shown()) }
}

fn relation(main: &List, other: &List) -> Relation {
    if main.lines.is_empty() || other.lines.is_empty() {
        return Relation::Is;
    }
    let keyed = |field: &Field| column(main, field).is_some() && column(other, field).is_some();
    // Two lists may have numbers of different kinds; then the names tell who is who.
    let keys = [(Key::Id, Field::Id), (Key::Name, Field::Name)].into_iter().filter(|(_, field)| keyed(field));
    let fewer = main.lines.len().min(other.lines.len());
    let both_named = keyed(&Field::Name);
    let is_met = |overlap: &Overlap| 10 * overlap.found >= 6 * fewer && overlap.found >= 2;
    let agrees = |overlap: &Overlap| !both_named || 10 * overlap.named >= 8 * overlap.found;
    let counts_rows =
        |list: &List| list.assignment.position(&Field::Id).is_some_and(|c| heading::counts_rows(list.heads[c].lower()));
    let is_count = counts_rows(main) && counts_rows(other);
    let met: Vec<(Key, Overlap)> =
        keys.map(|(key, _)| (key, overlap(main, other, key))).filter(|(_, overlap)| is_met(overlap)).collect();
    // Two lists that count their own rows need not have the same numbers.
    let Some((key, overlap)) = met.iter().find(|(_, overlap)| !is_count || agrees(overlap)).or(met.first()) else {
        return Relation::Is;
    };
    let apart = other.sheet != main.sheet;
    let fields = |list: &List| -> Vec<Field> {
        let told = |field: &&Field| !matches!(field, Field::Id | Field::Name | Field::Other);
        list.assignment.fields.iter().filter(told).cloned().collect()
    };
    let (mine, theirs) = (fields(main), fields(other));
    let new = theirs.iter().any(|field| !mine.contains(field));
    if !new && 10 * overlap.equal >= 9 * overlap.found && apart {
        return Relation::Repeats;
    }
    // Seat numbers, and even names, come again in every class.
    if apart && is_class_name(&main.sheet) && is_class_name(&other.sheet) {
        return Relation::Is;
    }
    let same_people = if both_named { agrees(overlap) } else { !theirs.iter().any(|field| mine.contains(field)) };
    match (same_people, new || mine.is_empty()) {
        (true, true) => Relation::Adds(*key),
        (true, false) if both_named && apart => Relation::Repeats,
        _ => Relation::Is,
    }
}

/// Sheets of one exam each (期中, 期末) with the same subjects: the exam becomes a part of the subjects' names.
fn tell_exams_apart(lists: &mut [List]) {
    let exams: Vec<Option<String>> = lists.iter().map(|list| heading::exam(&list.sheet)).collect();
    let marks = |list: &List| {
        list.assignment.fields.iter().filter(|field| matches!(field, Field::Score(_))).cloned().collect::<Vec<_>>()
    };
    let all: Vec<Vec<Field>> = lists.iter().map(marks).collect();
    let comes_again = |i: usize, field: &Field| {
        (0..exams.len()).any(|j| exams[j].is_some() && exams[j] != exams[i] && all[j].contains(field))
    };
    let again: Vec<bool> = (0..lists.len()).map(|i| all[i].iter().any(|field| comes_again(i, field))).collect();
    let mut first = true;
    for (list, exam) in lists.iter_mut().zip(&exams).zip(again).filter_map(|(pair, again)| again.then_some(pair)) {
        let Some(exam) = exam else { continue };
        for (head, field) in list.heads.iter_mut().zip(&mut list.assignment.fields) {
            match field {
                Field::Score(name) => *name = format!("{name}_{exam}"),
                Field::Total | Field::Rank if !first => *field = Field::Other,
                Field::Total | Field::Rank => {}
                _ => continue,
            }
            head.levels.insert(0, list.sheet.clone());
        }
        first = false;
    }
}

/// Whether most names of a sheet are those of another, and the sheets are not called after classes.
fn are_the_same_people(main: &List, other: &List) -> bool {
    let classes =
        main.class.is_some() || other.class.is_some() || (is_class_name(&main.sheet) && is_class_name(&other.sheet));
    !classes && other.sheet != main.sheet && share_names(main, other)
}

/// Whether most names of a list are those of another.
fn share_names(main: &List, other: &List) -> bool {
    let named = column(main, &Field::Name).is_some() && column(other, &Field::Name).is_some();
    let fewer = main.lines.len().min(other.lines.len());
    named && fewer > 1 && 10 * overlap(main, other, Key::Name).found >= 6 * fewer
}

fn tell_same_people(list: &List, tell: &mut Tell<'_>) {
    let message = words!(
        "这张工作表里大多是前面已有的名字，按另外的学生处理",
        "most names of this sheet stand in another sheet too; they were taken as other students"
    );
    tell.doubt("sheet_same_names", list.sheet.clone(), message, words!("是另外的学生", "they are other students"));
}

/// How far the students of two lists are the same.
#[derive(Default)]
struct Overlap {
    /// Students of the other list whom the main one has by their key.
    found: usize,
    /// Of these, those of the same name.
    named: usize,
    /// Of these, those alike in every field that both lists have.
    equal: usize,
}

fn overlap(main: &List, other: &List, key: Key) -> Overlap {
    let field = if key == Key::Id { Field::Id } else { Field::Name };
    let is_id = key == Key::Id;
    let lines: HashMap<String, &Line> = (main.lines.iter())
        .map(|line| (text(line, column(main, &field), is_id), line))
        .filter(|(key, _)| !key.is_empty())
        .collect();
    let both: Vec<(usize, usize)> = (main.assignment.fields.iter())
        .filter(|field| **field != Field::Other)
        .filter_map(|field| Some((column(main, field)?, column(other, field)?)))
        .collect();
    let names = (column(main, &Field::Name), column(other, &Field::Name));
    let mut overlap = Overlap::default();
    for theirs in &other.lines {
        let Some(mine) = lines.get(&text(theirs, column(other, &field), is_id)) else { continue };
        overlap.found += 1;
        overlap.named += usize::from(text(mine, names.0, false) == text(theirs, names.1, false));
        let same = |&(a, b): &(usize, usize)| {
            mine.cells.get(a).map(Raw::shown).unwrap_or_default()
                == theirs.cells.get(b).map(Raw::shown).unwrap_or_default()
        };
        overlap.equal += usize::from(both.len() > 2 && both.iter().all(same));
    }
    overlap
}

fn tell_repeats(main: &List, list: &List, tell: &mut Tell<'_>) {
    let message =
        words!("这张工作表重复了前面的学生，没有读取", "this sheet repeats students of another one and was not read");
    let [id, name] = [Key::Id, Key::Name].map(|key| overlap(main, list, key));
    if id.equal.max(name.equal) == list.lines.len() {
        return tell.notice("sheet_repeats", list.sheet.clone(), message);
    }
    tell.doubt("sheet_repeats", list.sheet.clone(), message, words!("是重复的", "it is a copy"));
}

/// The columns of a further list among those of the main one, by meaning, else by header; those that it has more are added.
fn shared(heads: &mut Vec<Head>, assignment: &mut Assignment, list: &List) -> BTreeMap<usize, usize> {
    let mut columns = BTreeMap::new();
    let mut taken = vec![false; heads.len()];
    for (c, head) in list.heads.iter().enumerate() {
        if head.levels.is_empty() {
            continue;
        }
        let field = &list.assignment.fields[c];
        let found = match field {
            Field::Other => (0..heads.len()).find(|&m| !taken[m] && heads[m].text() == head.text()),
            known => (0..heads.len()).find(|&m| assignment.fields[m] == *known),
        };
        let at = found.unwrap_or_else(|| {
            let index = heads.iter().map(|head| head.index + 1).max().unwrap_or(0);
            heads.push(Head { index, levels: head.levels.clone() });
            assignment.push(&list.assignment, c);
            taken.push(false);
            heads.len() - 1
        });
        taken[at] = true;
        columns.insert(heads[at].index, head.index);
    }
    columns
}

/// The lines of a list with their cells in the main list's columns; `columns` has the list's own column of each.
fn moved(list: List, columns: &BTreeMap<usize, usize>) -> Vec<Line> {
    if columns.iter().all(|(main, own)| main == own) {
        return list.lines;
    }
    let width = columns.keys().last().map_or(0, |column| column + 1);
    let moved = Arc::new(columns.clone());
    let move_line = |mut line: Line| {
        let mut cells = vec![Raw::Empty; width];
        for (&main, &own) in columns {
            cells[main] = line.cells.get_mut(own).map(std::mem::take).unwrap_or_default();
        }
        let at = match &line.place.cells {
            Cells::Apart(_) => {
                let apart = columns.iter().map(|(&main, &own)| (main, line.place.at(own))).collect();
                Cells::Apart(Arc::new(apart))
            }
            _ => Cells::Moved(Arc::clone(&moved)),
        };
        Line { cells, place: RowPlace { cells: at, ..line.place }, ..line }
    };
    list.lines.into_iter().map(move_line).collect()
}
