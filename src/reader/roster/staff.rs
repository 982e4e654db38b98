//! The staff list (教师名单): who teaches which classes, with capacities and wishes; read by the same reader and with the same
//! care as class lists.
//!
//! The way of a staff list: bytes → cells with positions (`table`) → header → teachers; then every class, student and group that
//! a cell names is looked up in the [`Directory`] of the class lists. Columns (工号 姓名 任教班级 学科 小组上限 学生上限 家访上限 意愿
//! 回避 指定): `id,name,classes,subjects,max_groups,max_students,max_visits,prefers,avoids,must`. Several values in a cell are
//! separated by `;` `；` `、` or `,`.

mod absent;
mod blocks;
mod classes;
mod columns;
mod directory;
mod former;
mod layout;
mod limits;
mod look;
mod matrix;
mod mentions;
mod merged;
mod names;
mod people;
mod role;
mod sheets;
mod teachers;
mod together;
mod wishes;

pub use columns::{are_of_teachers, are_staff_format, are_wishes, names_groups};
pub use directory::Directory;
pub use former::Former;

use super::table::{self, Table};
use super::tell::Tell;
use super::why::Why;
use super::{Limits, RowPlace};
use crate::fault::{Fault, Faults, Notice};
use crate::words;
use absent::Absent;
use blocks::Block;
use classes::Classes;
use std::path::Path;
use together::{Known, together};

/// Teachers of one list, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// The list's name as the user gave it.
    pub file: String,
    /// SHA-256 of the list's bytes, in hex.
    pub sha256: String,
    /// Each once, in order of first appearance.
    pub teachers: Vec<Teacher>,
    /// What was skipped, or read in a forgiving way, and classes that no class list holds.
    pub notices: Vec<Notice>,
}

/// One teacher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Teacher {
    /// Unique in the list; the name where the list has no id column.
    pub id: String,
    /// Shown to people; the id where the list has no name.
    pub name: String,
    /// Whether the list has a name for the teacher: an id is for colleagues, never for public pages.
    pub named: bool,
    /// Classes taught, spelt as in the class lists; those that no list holds as written.
    pub classes: Vec<String>,
    /// Subjects taught, as written.
    pub subjects: Vec<String>,
    /// Offices as written (教务主任), and those that a matrix tells: 七(5)班班主任.
    pub duties: Vec<String>,
    /// Most groups; where the cell is blank or a stroke there is none, and the model's default holds. The same below.
    pub max_groups: Option<u32>,
    /// Most students.
    pub max_students: Option<u32>,
    /// Most home visits a semester.
    pub max_visits: Option<u32>,
    /// Wishes, the dearest first.
    pub prefers: Vec<Mention>,
    /// The same as each row writes them.
    pub wished: Vec<Wished>,
    /// Whom the teacher may not take (own child); a class means all its groups.
    pub avoids: Vec<Mention>,
    /// Whom the teacher must take; a class means at least one of its groups.
    pub must: Vec<Mention>,
    /// Where the first row stands, for messages.
    pub row: RowPlace,
}

/// The wishes of one row, one for each that is written there; none in the place of one that names nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wished {
    /// The row.
    pub row: RowPlace,
    /// In their order; the same may come again.
    pub written: Vec<Option<Mention>>,
}

/// What a cell of a staff list names: a class by its name; a student by id or name, `7-3/S07` or, where the id is a number,
/// `7-3/学号7`; a group as `7-3/2` among wishes and as `7-3/第2组` or `7-3/group 2` anywhere. An id or name that several classes
/// have means the student of a class that the teacher teaches. Classes are spelt as in the class lists.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mention {
    /// A class.
    Class(String),
    /// A student.
    Student {
        /// The student's class.
        class: String,
        /// The student's id.
        id: String,
    },
    /// A group, `<class>/<number>`.
    Group {
        /// The group's class.
        class: String,
        /// From 1.
        number: usize,
    },
}

impl Mention {
    /// The class that it is, or is in.
    #[must_use]
    pub fn class(&self) -> &str {
        match self {
            Self::Class(class) | Self::Student { class, .. } | Self::Group { class, .. } => class,
        }
    }
}

impl Staff {
    /// The teacher with this id.
    #[must_use]
    pub fn teacher(&self, id: &str) -> Option<&Teacher> {
        self.teachers.iter().find(|teacher| teacher.id == id)
    }

    /// Index of the teacher with this id; in a list without ids (the id is the name) of the only teacher of this name.
    #[must_use]
    pub fn meant(&self, id: &str, name: &str) -> Option<usize> {
        let known = |t: &usize| self.teachers[*t].id == id || (id == name && self.teachers[*t].name == name);
        let mut meant = (0..self.teachers.len()).filter(known);
        meant.next().filter(|_| meant.next().is_none())
    }

    /// The staff list with the wishes of every teacher in the claims in the place of its own.
    ///
    /// # Errors
    /// Every teacher of the claims that the staff list lacks.
    pub fn with_claims(mut self, claims: Self) -> Result<Self, Faults> {
        let mut tell = Tell::new(&claims.file);
        for claim in claims.teachers {
            if let Some(t) = self.meant(&claim.id, &claim.name) {
                self.teachers[t].prefers = claim.prefers;
                self.teachers[t].wished = claim.wished;
                continue;
            }
            let id = &claim.id;
            let why = Why {
                found: words!("“{id}”", "“{id}”"),
                expected: words!("教师名单中的一位教师", "one teacher of the staff list"),
                action: words!("请写教师名单中的工号", "write an id of the staff list"),
            };
            tell.fault("unknown_teacher", &claim.row.cell(None), why);
        }
        self.notices.extend(tell.finish()?);
        self.notices.extend(claims.notices);
        Ok(self)
    }
}

/// Reads a staff list. `directory` holds the classes and students of every class list that it belongs to.
///
/// # Errors
/// All faults of the list at once.
pub fn read_staff(bytes: &[u8], file: &str, limits: &Limits, directory: &Directory) -> Result<Staff, Faults> {
    whole(read_list(bytes, file, limits, directory, Purpose::Staff)?)
}

/// What a list of teachers is for.
#[derive(Clone, Copy, Debug)]
enum Purpose<'a> {
    /// To say who teaches what.
    Staff,
    /// To say what the teachers of this staff list wish for.
    Claims(&'a Staff),
}

fn read_list(
    bytes: &[u8],
    file: &str,
    limits: &Limits,
    directory: &Directory,
    purpose: Purpose<'_>,
) -> Result<(Staff, Vec<Fault>), Faults> {
    let mut tell = Tell::new(file);
    let book = table::open(bytes, file, limits)?;
    let blocks = sheets::lists(&book.tables, directory, purpose, &mut tell);
    let texts: Vec<String> = blocks.iter().flat_map(Block::texts).collect();
    let learned = directory.with_texts(texts.iter().map(String::as_str));
    let (mut classes, mut absent) = (Classes::new(&learned), Absent::default());
    let mut rows = Vec::new();
    for block in &blocks {
        rows.extend(block.teachers(&learned, &mut classes, &mut absent, &mut tell, purpose));
    }
    absent.tell(&mut tell);
    if rows.is_empty() && !tell.refused() {
        no_teachers(&book.tables, &mut tell);
    }
    let known = blocks.first().map_or(Known::Cell, Block::known);
    let teachers = together(rows, known, &mut tell);
    let mut first = Tell::new(file);
    classes.tell(&teachers, blocks.first().and_then(Block::classes_column), &mut first);
    let (notices, faults) = match first.before(tell).finish() {
        Ok(notices) => (notices, Vec::new()),
        Err(faults) => (Vec::new(), faults.0),
    };
    Ok((Staff { file: file.to_owned(), sha256: super::sha256(bytes), teachers, notices }, faults))
}

/// The same from a file; its name in messages is the path's last part.
///
/// # Errors
/// All faults of the list, or one where the file cannot be read.
pub fn read_staff_file(path: &Path, limits: &Limits, directory: &Directory) -> Result<Staff, Faults> {
    let (file, bytes) = table::bytes_of(path, limits)?;
    read_staff(&bytes, &file, limits, directory)
}

/// Reads claims (认领): a list with the columns id (or name) and prefers, after the groups are formed; other columns are passed
/// over. [`Staff::with_claims`] joins them to the staff list.
///
/// # Errors
/// All faults of the claims at once.
pub fn read_claims(
    bytes: &[u8],
    file: &str,
    limits: &Limits,
    directory: &Directory,
    staff: &Staff,
) -> Result<Staff, Faults> {
    whole(read_claims_and_faults(bytes, file, limits, directory, staff)?)
}

/// The same, but what could be read comes with the faults of the rest, so that all that is wrong with claims is told at once.
///
/// # Errors
/// A file that is no table.
pub fn read_claims_and_faults(
    bytes: &[u8],
    file: &str,
    limits: &Limits,
    directory: &Directory,
    staff: &Staff,
) -> Result<(Staff, Vec<Fault>), Faults> {
    read_list(bytes, file, limits, directory, Purpose::Claims(staff))
}

fn whole((staff, faults): (Staff, Vec<Fault>)) -> Result<Staff, Faults> {
    if faults.is_empty() { Ok(staff) } else { Err(Faults(faults)) }
}

fn no_teachers(tables: &[Table], tell: &mut Tell<'_>) {
    let found = table::first_row(tables);
    let why = Why {
        found: words!("没有教师（首行：{found}）", "no teachers (first row: {found})"),
        expected: words!(
            "表头有“工号”或“姓名”，以及“任教班级”等列，每位教师一行",
            "a header with id or name, classes and so on, and a row for every teacher"
        ),
        action: words!("请检查是否选错了文件", "check that it is the right file"),
    };
    tell.fault("no_teachers", "", why);
}
