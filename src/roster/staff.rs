//! The staff list (教师名单): who teaches which classes, with capacities and wishes; read by the same reader and with the same
//! care as class lists.
//!
//! The way of a staff list: bytes → cells with positions (`table`) → header → teachers; then every class, student and group that
//! a cell names is looked up in the [`Directory`] of the class lists. Columns (工号 姓名 任教班级 学科 小组上限 学生上限 家访上限 意愿
//! 回避 指定): `id,name,classes,subjects,max_groups,max_students,max_visits,prefers,avoids,must`. Several values in a cell are
//! separated by `;` `；` `、` or `,`.

mod directory;

pub use directory::Directory;

use super::{Limits, RowPlace};
use crate::fault::{Faults, Notice};
use std::path::Path;

/// Teachers of one list, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// The list's name as the user gave it.
    pub file: String,
    /// SHA-256 of the list's bytes, in hex.
    pub sha256: String,
    /// One per row.
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
    /// Classes taught, spelt as in the class lists; those that no list holds as written.
    pub classes: Vec<String>,
    /// Subjects taught, as written.
    pub subjects: Vec<String>,
    /// Most groups; the model's default where absent.
    pub max_groups: Option<u32>,
    /// Most students; the model's default where absent.
    pub max_students: Option<u32>,
    /// Most home visits a semester; the model's default where absent.
    pub max_visits: Option<u32>,
    /// Wishes, the dearest first.
    pub prefers: Vec<Mention>,
    /// Whom the teacher may not take (own child); a class means all its groups.
    pub avoids: Vec<Mention>,
    /// Whom the teacher must take; a class means at least one of its groups.
    pub must: Vec<Mention>,
    /// Where the row stands, for messages.
    pub row: RowPlace,
}

/// What a cell of a staff list names. Classes are spelt as in the class lists.
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

impl Staff {
    /// The teacher with this id.
    #[must_use]
    pub fn teacher(&self, id: &str) -> Option<&Teacher> {
        self.teachers.iter().find(|teacher| teacher.id == id)
    }
}

/// Reads a staff list. `directory` holds the classes and students of every class list that it belongs to.
///
/// # Errors
/// All faults of the list at once.
pub fn read_staff(bytes: &[u8], file: &str, limits: &Limits, directory: &Directory) -> Result<Staff, Faults> {
    let _ = (bytes, file, limits, directory);
    Ok(Staff { file: file.to_owned(), sha256: super::sha256(bytes), teachers: Vec::new(), notices: Vec::new() })
}

/// The same from a file; its name in messages is the path's last part.
///
/// # Errors
/// All faults of the list, or one where the file cannot be read.
pub fn read_staff_file(path: &Path, limits: &Limits, directory: &Directory) -> Result<Staff, Faults> {
    let _ = (path, limits, directory);
    Err(Faults(Vec::new()))
}

/// Reads claims (认领): a list with the columns id (or name) and prefers, after the groups are formed. The wishes of every teacher
/// in it take the place of the staff list's; other columns are passed over.
///
/// # Errors
/// All faults of the claims at once, teachers that the staff list lacks among them.
pub fn read_claims(
    bytes: &[u8],
    file: &str,
    limits: &Limits,
    directory: &Directory,
    staff: Staff,
) -> Result<Staff, Faults> {
    let _ = (bytes, file, limits, directory);
    Ok(staff)
}
