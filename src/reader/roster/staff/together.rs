//! Rows and cells of one teacher put together: a list with a row a teacher and class, a matrix with a name in many cells.

use super::Teacher;
use crate::roster::tell::{Tell, places};
use crate::roster::why::Why;
use crate::words;
use crate::words::Words;
use std::collections::{BTreeSet, HashMap};

/// How a list tells one teacher from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// By an id, in this column.
    Id(Option<usize>),
    /// By the name, in this column.
    Name(Option<usize>),
    /// By the name, in the cells of a matrix.
    Cell,
}

impl Known {
    fn column(self) -> Option<usize> {
        match self {
            Self::Id(column) | Self::Name(column) => column,
            Self::Cell => None,
        }
    }
}

/// The teachers, each once, in order of first appearance.
pub(super) fn together(rows: Vec<Teacher>, known: Known, tell: &mut Tell<'_>) -> Vec<Teacher> {
    let count = rows.len();
    let distinct = rows.iter().map(|teacher| &teacher.id).collect::<BTreeSet<_>>().len();
    // Where a name comes twice among many that come once, two people may well have it.
    let one_a_teacher = matches!(known, Known::Name(_)) && (count - distinct) * 3 < count;
    let mut teachers: Vec<Teacher> = Vec::new();
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut repeated = Vec::new();
    for row in rows {
        let Some(&first) = at.get(&row.id) else {
            at.insert(row.id.clone(), teachers.len());
            teachers.push(row);
            continue;
        };
        let teacher = &mut teachers[first];
        let other_name = teacher.named && row.named && teacher.name != row.name;
        if other_name || one_a_teacher {
            twice(&row, teacher, known, tell);
            continue;
        }
        for (what, cell) in join(teacher, &row) {
            differs(&row, teacher, &what, cell, tell);
        }
        repeated.push(row.row);
    }
    let (more, people) = (count, teachers.len());
    if let (Some(_), false) = (repeated.first(), tell.refused()) {
        let message = match known {
            Known::Id(_) => words!(
                "{more} 行合为 {people} 位教师：工号相同的是同一位",
                "{more} rows are {people} teachers: rows of one id are one teacher"
            ),
            Known::Name(_) | Known::Cell => words!(
                "没有工号，同名的当作同一位教师，共 {people} 位；若有两人同名，请加上工号列",
                "without ids, one name is one teacher ({people} in all); add an id column if two people share a name"
            ),
        };
        let place = if known == Known::Cell { String::new() } else { places(&[&repeated[0]], known.column()) };
        tell.notice("teachers_joined", place, message);
    }
    teachers
}

/// Adds what another row says of a teacher; what contradicts comes back with the place of the first row.
fn join(teacher: &mut Teacher, row: &Teacher) -> Vec<(Words, (u32, u32))> {
    fn add<T: Clone + PartialEq>(all: &mut Vec<T>, more: &[T]) {
        for one in more {
            if !all.contains(one) {
                all.push(one.clone());
            }
        }
    }
    add(&mut teacher.classes, &row.classes);
    add(&mut teacher.subjects, &row.subjects);
    add(&mut teacher.duties, &row.duties);
    add(&mut teacher.prefers, &row.prefers);
    add(&mut teacher.wished, &row.wished);
    add(&mut teacher.avoids, &row.avoids);
    add(&mut teacher.must, &row.must);
    if !teacher.named && row.named {
        (teacher.name, teacher.named) = (row.name.clone(), true);
    }
    let mut differs = Vec::new();
    let mut limit = |all: &mut Option<u32>, more: Option<u32>, what: Words| match (*all, more) {
        (Some(a), Some(b)) if a != b => differs.push((what, (a, b))),
        (None, more) => *all = more,
        _ => {}
    };
    limit(&mut teacher.max_groups, row.max_groups, words!("小组上限", "limit of groups"));
    limit(&mut teacher.max_students, row.max_students, words!("学生上限", "limit of students"));
    limit(&mut teacher.max_visits, row.max_visits, words!("家访上限", "limit of visits"));
    differs
}

fn differs(row: &Teacher, first: &Teacher, what: &Words, (a, b): (u32, u32), tell: &mut Tell<'_>) {
    let (zh, en, name, there) = (&what.zh, &what.en, &first.name, first.row.cell(None));
    let why = Why {
        found: words!("{name}的{zh}是 {b}，{there} 是 {a}", "{b} as the {en} of {name}, who has {a} in {there}"),
        expected: words!("同一位教师的各行上限相同，或只写一次", "one limit in all rows of a teacher, or written once"),
        action: words!("请改成一致", "make them equal"),
    };
    tell.fault("capacity_differs", &row.row.cell(None), why);
}

fn twice(row: &Teacher, first: &Teacher, known: Known, tell: &mut Tell<'_>) {
    let (id, there) = (&row.id, first.row.cell(known.column()));
    let (code, found, expected) = match known {
        Known::Id(_) => (
            "duplicate_id",
            words!("工号 {id}，{there} 已有", "the id {id}, which {there} has too"),
            words!("工号不重复", "ids that are unique"),
        ),
        Known::Name(_) | Known::Cell => (
            "ambiguous_name",
            words!("姓名 {id}，{there} 已有", "the name {id}, which {there} has too"),
            words!("没有工号列时姓名不重复", "names that are unique where there is no id column"),
        ),
    };
    let action = words!("请改正，或加上工号列", "correct one of them, or add an id column");
    tell.fault(code, &row.row.cell(known.column()), Why { found, expected, action });
}
