//! Lists with a row for each student and subject, turned into one row a student.

use super::Field;
use super::header::Head;
use super::heading::Part;
use super::layout::Line;
use super::place::{CellPlace, Cells};
use super::table::Raw;
use super::tell::{Tell, Why};
use super::unify::Whole;
use super::vocabulary;
use crate::words;
use crate::words::by_count;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// More subjects than any school teaches at once.
const MOST_SUBJECTS: usize = 40;

/// Where the three things stand that make a list long.
struct Shape {
    subject: usize,
    mark: usize,
    /// Columns that tell students apart.
    keys: Vec<usize>,
}

/// Turns a long list; any other is left as it is.
pub fn widen(whole: Whole, tell: &mut Tell<'_>) -> Whole {
    let Some(shape) = shape(&whole) else { return whole };
    let (mut students, mut subjects) = (Vec::<Line>::new(), Vec::<String>::new());
    let (mut known, mut twice) = (HashMap::<Vec<String>, usize>::new(), Vec::new());
    let mut classes = Vec::new();
    let Whole { mut heads, mut assignment, lines, classes: old, by_sheet } = whole;
    let base = heads.iter().map(|head| head.index + 1).max().unwrap_or(0);
    let mut apart: Vec<BTreeMap<usize, CellPlace>> = Vec::new();
    for (mut line, class) in lines.into_iter().zip(old) {
        let key: Vec<String> = shape.keys.iter().map(|&c| shown(&line, c)).collect();
        let subject = shown(&line, shape.subject);
        let place = line.place.at(shape.mark);
        let mark = line.cells.get_mut(shape.mark).map(std::mem::take).unwrap_or_default();
        let s = *known.entry(key).or_insert_with(|| {
            students.push(line.clone());
            classes.push(class);
            apart.push(BTreeMap::new());
            students.len() - 1
        });
        let at = subjects.iter().position(|known| *known == subject).unwrap_or_else(|| {
            subjects.push(subject.clone());
            subjects.len() - 1
        });
        let cells = &mut students[s].cells;
        cells.resize(cells.len().max(base + at + 1), Raw::Empty);
        if !cells[base + at].is_blank() && cells[base + at] != mark {
            twice.push((line.place.clone(), subject.clone()));
        }
        cells[base + at] = mark;
        apart[s].insert(base + at, place);
    }
    for (line, mut apart) in students.iter_mut().zip(apart) {
        apart.extend(shape.keys.iter().map(|&c| (c, line.place.at(c))));
        line.place.cells = Cells::Apart(Arc::new(apart));
    }
    let n = subjects.len();
    for (at, subject) in subjects.iter().enumerate() {
        heads.push(Head { index: base + at, levels: vec![subject.clone()] });
        assignment.push_unknown();
        let last = assignment.fields.len() - 1;
        let field = vocabulary::word(subject)
            .map(|meaning| meaning.field)
            .filter(|field| matches!(field, Field::Score(_) | Field::Total));
        assignment.fields[last] = field.unwrap_or_else(|| Field::Score(subject.replace([':', '='], " ")));
        assignment.known[last] = true;
    }
    let gone = |c: usize| heads[c].index == shape.subject || heads[c].index == shape.mark;
    let keep: Vec<bool> = (0..heads.len()).map(|c| !gone(c)).collect();
    assignment.retain(&keep);
    let mut kept = keep.into_iter();
    heads.retain(|_| kept.next().unwrap_or(true));
    tell_twice(&twice, tell);
    let message = words!(
        "每行是一名学生的一科成绩，已合成每名学生一行（{n} 科）",
        "every row was one student's mark in one subject; they were put together, one row a student ({n} subjects)"
    );
    tell.notice("rows_by_subject", String::new(), message);
    Whole { heads, assignment, lines: students, classes, by_sheet }
}

fn shown(line: &Line, column: usize) -> String {
    line.cells.get(column).map(Raw::shown).unwrap_or_default()
}

/// The shape of a long list: a column of subjects, one of marks, and students who come again.
fn shape(whole: &Whole) -> Option<Shape> {
    let index = |c: usize| whole.heads[c].index;
    let field = |field: Field| whole.assignment.position(&field).map(index);
    let marks: Vec<usize> =
        (0..whole.heads.len()).filter(|&c| matches!(whole.assignment.fields[c], Field::Score(_))).collect();
    let &[mark] = marks.as_slice() else { return None };
    let keys: Vec<usize> = [field(Field::Id), field(Field::Name), field(Field::Class)].into_iter().flatten().collect();
    let people: std::collections::HashSet<Vec<String>> =
        whole.lines.iter().map(|line| keys.iter().map(|&c| shown(line, c)).collect()).collect();
    if keys.is_empty() || people.is_empty() || 2 * people.len() > whole.lines.len() {
        return None;
    }
    let is_subject = |c: &usize| {
        let texts: Vec<String> = whole.lines.iter().map(|line| shown(line, index(*c))).collect();
        let mut kinds: Vec<&str> = texts.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let known = kinds
            .iter()
            .filter(|kind| vocabulary::word(kind).is_some_and(|m| matches!(m.field, Field::Score(_) | Field::Total)))
            .count();
        (2..=MOST_SUBJECTS).contains(&kinds.len()) && (2 * known >= kinds.len())
    };
    let named = whole.assignment.part(Part::Subject);
    let others = (0..whole.heads.len()).filter(|&c| whole.assignment.fields[c] == Field::Other && Some(c) != named);
    let subject =
        named.filter(|c| is_subject(c) || marks.len() == 1).into_iter().chain(others.filter(is_subject)).next()?;
    Some(Shape { subject: index(subject), mark: index(mark), keys })
}

fn tell_twice(twice: &[(super::RowPlace, String)], tell: &mut Tell<'_>) {
    let Some((place, subject)) = twice.first() else { return };
    let n = twice.len();
    let times = by_count(n, "time", "times");
    let why = Why {
        found: words!(
            "同一名学生的同一科有两个不同的成绩，共 {n} 处（如“{subject}”）",
            "two different marks of one student in one subject, {n} {times} (such as “{subject}”)"
        ),
        expected: words!("每名学生每科一个成绩", "one mark a student and subject"),
        action: words!("请删去多余的一行", "delete one of the rows"),
    };
    tell.fault("mark_twice", &place.cell(None), why);
}
