//! A list as it stands in a table, before its cells are read: columns, their fields, the students' rows; and several lists as one.

use super::field::{Field, Part};
use super::header::Head;
use super::place::RowPlace;
use super::table::{Kind, Raw};
use std::sync::Arc;

/// The field of each column of a header.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Assignment {
    /// Parallel to the heads.
    pub fields: Vec<Field>,
    /// Whether the user named the column.
    pub named: Vec<bool>,
    /// What a column helps with that is no field.
    pub parts: Vec<Option<Part>>,
    /// Whether the header is understood, be the column used or not.
    pub known: Vec<bool>,
    /// Whether the header tells of grades in letters or words.
    pub grades: Vec<bool>,
    /// Columns that may be the id, the best-fitting first.
    pub ids: Vec<usize>,
}

impl Assignment {
    /// The column read as `field`.
    #[must_use]
    pub fn position(&self, field: &Field) -> Option<usize> {
        self.fields.iter().position(|f| f == field)
    }

    /// The column that helps with `part`.
    #[must_use]
    pub fn part(&self, part: Part) -> Option<usize> {
        self.parts.iter().position(|p| *p == Some(part))
    }

    /// Whether a list has somebody's name or id.
    pub fn names_people(&self) -> bool {
        let halves = self.parts.iter().flatten().any(|part| matches!(part, Part::Family | Part::Given));
        halves || [Field::Name, Field::Id].iter().any(|field| self.position(field).is_some())
    }

    /// Whether something of a list can be balanced.
    pub fn is_balanceable(&self) -> bool {
        self.fields.iter().any(Field::is_balanceable)
    }

    /// Adds a column of another list to the right of all others.
    pub fn push(&mut self, other: &Self, column: usize) {
        self.fields.push(other.fields[column].clone());
        self.named.push(other.named[column]);
        self.parts.push(other.parts[column]);
        self.known.push(other.known[column]);
        self.grades.push(other.grades[column]);
    }

    /// Keeps the columns that are to be kept.
    pub fn retain(&mut self, keep: &[bool]) {
        fn kept<T>(items: &mut Vec<T>, keep: &[bool]) {
            let mut keep = keep.iter();
            items.retain(|_| keep.next().copied().unwrap_or(true));
        }
        let new = |c: usize| keep[..c].iter().filter(|kept| **kept).count();
        self.ids = self.ids.iter().filter(|&&c| keep[c]).map(|&c| new(c)).collect();
        kept(&mut self.fields, keep);
        kept(&mut self.named, keep);
        kept(&mut self.parts, keep);
        kept(&mut self.known, keep);
        kept(&mut self.grades, keep);
    }

    /// Adds a column without a meaning.
    pub fn push_unknown(&mut self) {
        self.fields.push(Field::Other);
        self.named.push(false);
        self.parts.push(None);
        self.known.push(false);
        self.grades.push(false);
    }
}

/// One student's row as the list's columns have it.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// By column of the list.
    pub cells: Vec<Raw>,
    /// Where it stands.
    pub place: RowPlace,
    /// Its number among all students of the list, from 1; who is left out keeps his.
    pub number: usize,
    /// Whether the sheet hides it.
    pub hidden: bool,
    /// Whether it is struck through.
    pub struck: bool,
    /// What stands above it, or on its sheet, of people who have left.
    pub section: Option<Arc<str>>,
    /// The kind of students that stands above it (男生), where no column tells it.
    pub kind: Option<Arc<str>>,
}

/// Students below one header.
#[derive(Debug)]
pub struct List {
    /// The sheet's name.
    pub sheet: String,
    /// What it comes from.
    pub kind: Kind,
    /// The class that a title above it names.
    pub class: Option<String>,
    /// The class that the title of a sheet's only list names: that of its students where other sheets name others.
    pub titled: Option<String>,
    /// The grade that a title above it tells, else its sheet's name.
    pub grade: Option<String>,
    /// Its columns.
    pub heads: Vec<Head>,
    /// Their fields.
    pub assignment: Assignment,
    /// Its students.
    pub lines: Vec<Line>,
    /// Columns that the sheet hides.
    pub hidden_columns: Vec<usize>,
}

impl List {
    /// Whether it holds somebody.
    pub fn is_some(&self) -> bool {
        !self.lines.is_empty() && self.known() > 0
    }

    /// How many of its columns are fields.
    pub fn known(&self) -> usize {
        let parts = self.assignment.parts.iter().flatten().count();
        self.assignment.fields.iter().filter(|field| **field != Field::Other).count() + parts
    }

    /// The list under the name of its file, for a list in several files.
    pub fn of_file(mut self, file: &str) -> Self {
        let sheet = if self.sheet.is_empty() { file.to_owned() } else { format!("{file} {}", self.sheet) };
        for line in &mut self.lines {
            line.place.sheet.clone_from(&sheet);
        }
        Self { sheet, ..self }
    }
}

/// All students with the columns that they share.
#[derive(Debug)]
pub struct Whole {
    /// The columns.
    pub heads: Vec<Head>,
    /// Their fields.
    pub assignment: Assignment,
    /// The students, cells by column.
    pub lines: Vec<Line>,
    /// The class of each student that a title or a sheet's name tells; empty where none does.
    pub classes: Vec<String>,
    /// Whether the sheets' names tell the classes.
    pub by_sheet: bool,
    /// The class that the title of the only list names, where nothing else in it does.
    pub titled: Option<String>,
    /// The grade that all lists tell.
    pub grade: Option<String>,
}
