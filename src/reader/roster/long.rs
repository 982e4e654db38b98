//! Lists with a row for each student and subject, turned into one row a student.

mod shape;

use super::Field;
use super::header::Head;
use super::heading;
use super::list::{Assignment, Line, Whole};
use super::place::{CellPlace, Cells};
use super::table::Raw;
use super::tell::Tell;
use super::why::Why;
use crate::words;
use crate::words::by_count;
use shape::{Again, Shape, again, shown};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Turns a long list; any other is left as it is. None where it is refused.
pub fn widen(whole: Whole, tell: &mut Tell<'_>) -> Option<Whole> {
    let shape = match again(&whole) {
        Again::Long(shape) => shape,
        Again::No => return Some(whole),
        Again::Rows(times) => {
            refuse(&whole, times, tell);
            return None;
        }
    };
    let (mut students, mut subjects) = (Vec::<Line>::new(), Vec::<Vec<String>>::new());
    let (mut known, mut twice) = (HashMap::<Vec<String>, usize>::new(), Vec::new());
    let mut classes = Vec::new();
    let Whole { mut heads, mut assignment, lines, classes: old, by_sheet, titled, grade } = whole;
    let base = heads.iter().map(|head| head.index + 1).max().unwrap_or(0);
    let mut apart: Vec<BTreeMap<usize, CellPlace>> = Vec::new();
    for (mut line, class) in lines.into_iter().zip(old) {
        let key: Vec<String> = shape.keys.iter().map(|&c| shown(&line, c)).chain([class.clone()]).collect();
        let subject: Vec<String> = shape.subjects.iter().map(|&c| shown(&line, c)).collect();
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
        for (cell, other) in
            cells.iter_mut().zip(&line.cells).filter(|(cell, other)| cell.is_blank() && !other.is_blank())
        {
            cell.clone_from(other);
        }
        cells.resize(cells.len().max(base + at + 1), Raw::Empty);
        if !cells[base + at].is_blank() && cells[base + at] != mark {
            twice.push((line.place.clone(), subject.join(" ")));
        }
        cells[base + at] = mark;
        apart[s].insert(base + at, place);
    }
    for (line, mut apart) in students.iter_mut().zip(apart) {
        apart.extend(shape.keys.iter().map(|&c| (c, line.place.at(c))));
        line.place.cells = Cells::Apart(Arc::new(apart));
    }
    let left = take_columns(&mut heads, &mut assignment, &shape, &subjects, base);
    tell_twice(&twice, tell);
    tell_turned(subjects.len(), &left, tell);
    Some(Whole { heads, assignment, lines: students, classes, by_sheet, titled, grade })
}

/// A column for each subject in place of those of the long list; the headers of the columns that differ from row to row of a student
/// and are left out.
fn take_columns(
    heads: &mut Vec<Head>,
    assignment: &mut Assignment,
    shape: &Shape,
    subjects: &[Vec<String>],
    base: usize,
) -> Vec<String> {
    let left = shape.differing.iter().map(|&c| heads[c].text()).filter(|text| !text.is_empty()).collect();
    for (at, subject) in subjects.iter().enumerate() {
        heads.push(Head { index: base + at, levels: subject.iter().rev().cloned().collect() });
        assignment.push_unknown();
        let last = assignment.fields.len() - 1;
        assignment.fields[last] = field(subject);
        assignment.known[last] = true;
    }
    let is_used = |c: usize| heads[c].index == shape.mark || shape.subjects.contains(&heads[c].index);
    let keep: Vec<bool> = (0..heads.len()).map(|c| !is_used(c) && !shape.differing.contains(&c)).collect();
    assignment.retain(&keep);
    let mut kept = keep.into_iter();
    heads.retain(|_| kept.next().unwrap_or(true));
    left
}

fn tell_turned(n: usize, left: &[String], tell: &mut Tell<'_>) {
    let message = words!(
        "每行是一名学生的一项成绩，已合成每名学生一行（{n} 项）",
        "every row was one mark of one student; they were put together, one row a student ({n} marks)"
    );
    tell.notice("rows_by_subject", String::new(), message);
    if !left.is_empty() {
        let list = left.iter().map(|header| format!("“{header}”")).collect::<Vec<_>>().join(", ");
        let message = words!(
            "这些列每项成绩各不相同，没有用到：{list}",
            "these columns say something else in every row of a student and are not used: {list}"
        );
        tell.notice("columns_by_subject", String::new(), message);
    }
}

/// The field of a subject's marks, the exam or term behind it: 数学 in 期末 is `math_final`.
fn field(subject: &[String]) -> Field {
    let plain = |text: &str| text.replace([':', '='], " ");
    let named = subject.first().and_then(|text| heading::word(text)).filter(|meaning| !meaning.is_any());
    let named = named.filter(|meaning| matches!(meaning.field, Field::Score(_) | Field::Total));
    let first = named.map(|meaning| match (meaning.field, meaning.exam) {
        // Lab 2 is another mark than Lab 1.
        (Field::Score(name), Some(exam)) => Field::Score(format!("{name}_{exam}")),
        (field, _) => field,
    });
    match (first, subject) {
        (Some(known), [_]) => known,
        (Some(Field::Score(name)), [_, exam]) => {
            Field::Score(format!("{name}_{}", heading::exam(exam).unwrap_or_else(|| plain(exam))))
        }
        _ => Field::Score(plain(&subject.join(" "))),
    }
}

/// Refuses a list in which everybody comes several times in a way that is not understood.
fn refuse(whole: &Whole, times: usize, tell: &mut Tell<'_>) {
    let place = whole.lines.first().map(|line| line.place.cell(None)).unwrap_or_default();
    let why = Why {
        found: words!("每名学生有 {times} 行", "{times} rows for every student"),
        expected: words!("每名学生一行", "one row a student"),
        action: words!(
            "请只留一个学期、一次考试或一名家长的行，或把它们分列到不同的列",
            "keep the rows of one term, exam or parent, or put them into columns of their own"
        ),
    };
    tell.fault("rows_repeat_people", &place, why);
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
        action: words!(
            "请删去多余的一行；如果是两次考试，请加一列写明",
            "delete one of the rows; of two exams, say in a further column which is which"
        ),
    };
    tell.fault("mark_twice", &place.cell(None), why);
}
