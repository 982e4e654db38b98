//! The roster (名册): students read from a list, before any decision.
//!
//! ```text
//! bytes ─table─▶ cells with positions ─layout─▶ lists: header (header, heading), fields (columns), students (rows)
//!       ─unify, long─▶ one list ─people─▶ who is to be grouped ─cells, value─▶ Roster
//! ```
//! What the program knows of words lies in `vocabulary.txt`. Column-major: `columns[c].cells[s]` is the cell of student `s`. Nothing
//! is guessed silently: whatever was skipped, taken as missing or read in a forgiving way is a [`Notice`]; what only the user can
//! know is a [`Doubt`].

mod at_once;
mod caps;
mod cells;
pub mod class_name;
mod columns;
mod contents;
pub mod doubt;
pub mod field;
mod fill;
mod fold;
mod header;
pub mod heading;
mod kinds;
mod layout;
mod likeness;
mod list;
mod long;
pub mod options;
mod people;
mod place;
mod read;
mod repeats;
mod rows;
mod skipped;
pub mod staff;
pub mod table;
mod teachers;
mod tell;
mod unify;
mod unused;
pub mod value;
pub mod vocabulary;
mod why;

pub use doubt::{Answer, Doubt};
pub use field::Field;
pub use fold::key;
pub use options::{Limits, Override, Reading};
pub use place::RowPlace;
pub use read::{adds, read, read_file, read_files, read_joined, sha256};
pub use table::{bytes_of, decoded as text};

use crate::fault::{Fault, Faults, Notice};
use crate::words;
use crate::words::Words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Students of one list, in its order.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Roster {
    /// The list's name as the user gave it.
    pub file: String,
    /// SHA-256 of the list's bytes, in hex.
    pub sha256: String,
    /// Every column of the list, in its order.
    pub columns: Vec<Column>,
    /// One per data row.
    pub students: Vec<Student>,
    /// What was skipped, taken as missing or read in a forgiving way.
    pub notices: Vec<Notice>,
    /// What is to be asked before anything is divided.
    pub doubts: Vec<Doubt>,
    /// People of the list who are not among the students.
    pub left_out: Vec<LeftOut>,
    /// Whom the user wants left out and the list does not have; see [`everybody_known`].
    pub strangers: Vec<String>,
    /// The class that the title above the students names, where nothing else in the list does.
    pub titled: Option<String>,
    /// The grade that the title or the sheet tells: 七年级.
    pub grade: Option<String>,
}

/// Refuses whom the user wants left out of lists that all lack him.
///
/// # Errors
/// One fault for each.
pub fn everybody_known<'a>(strangers: impl Iterator<Item = &'a [String]>, file: &str) -> Result<(), Faults> {
    let nowhere = strangers.map(<[String]>::to_vec).reduce(|mut nowhere, here| {
        nowhere.retain(|who| here.contains(who));
        nowhere
    });
    let fault = |who: String| Fault {
        code: "exclude_unknown",
        place: file.to_owned(),
        found: words!("要排除的“{who}”，名册里没有", "“{who}”, to be left out, whom no list has"),
        expected: words!("名册中的学号或姓名", "an id or name of the list"),
        action: words!("请改正，或不排除这个人", "correct it, or do not leave anybody out"),
    };
    let faults: Vec<Fault> = nowhere.unwrap_or_default().into_iter().map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
}

/// Somebody, or something in the place of somebody, who is in the list and not among its students.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The name, or the id where there is none.
    pub who: String,
    /// Why.
    pub why: Words,
    /// Where the row stands.
    pub row: RowPlace,
}

/// Who a row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Student {
    /// Unique within a class; the row number where the list has no such column.
    pub id: String,
    /// Empty where the list has none.
    pub name: String,
    /// Empty where the list has none.
    pub class: String,
    /// Where the row stands, for messages.
    pub row: RowPlace,
}

/// One column of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The header as written, outer header rows first (`成绩 数学`).
    pub header: String,
    /// What it was read as.
    pub field: Field,
    /// 0-based column in the sheet.
    pub index: usize,
    /// What kind of content it has; [`Holds::Nothing`] where all cells are blank.
    pub holds: Holds,
    /// `cells[s]` of student `s`.
    pub cells: Vec<Cell>,
}

/// What the cells of a column look like, whatever it was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// All cells are blank.
    #[default]
    Nothing,
    /// Numbers that differ from student to student as marks do.
    Marks,
    /// A few values that several students share.
    Kinds,
    /// Names of other students.
    Names,
    /// Anything else: numbers that name somebody, dates, addresses, remarks, one value for all.
    Words,
}

/// One cell after reading. Score, total and rank columns hold `Number`, `Absent` or `Empty`; flags `Flag` or `Empty`;
/// all others `Text` or `Empty`. Gender is `male` or `female` where it was understood.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing there.
    Empty,
    /// 缺考, 免考 …: known to be absent.
    Absent,
    /// Any text, trimmed.
    Text(String),
    /// A finite number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
}

impl Cell {
    /// The number, if it is one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Cell::Number(x) => Some(*x),
            _ => None,
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Roster {
    /// The roster, once nothing about it is in doubt.
    ///
    /// # Errors
    /// One fault for each open doubt, with the options that answer it.
    pub fn settled(self) -> Result<Self, Faults> {
        doubt::settled(&self.doubts, &self.file).map(|()| self)
    }

    /// The first column read as `field`.
    #[must_use]
    pub fn column(&self, field: &Field) -> Option<&Column> {
        self.columns.iter().find(|column| column.field == *field)
    }

    /// File, sheet and cell of a student's row, for faults: `class.xlsx Sheet1!E12`. `column` is an index into `columns`.
    #[must_use]
    pub fn place(&self, student: usize, column: Option<usize>) -> String {
        let index = column.map(|c| self.columns[c].index);
        format!("{} {}", self.file, self.students[student].row.cell(index))
    }

    /// The classes in order of first appearance; one empty name where the list has no class column.
    #[must_use]
    pub fn classes(&self) -> Vec<String> {
        let mut seen = std::collections::HashSet::new();
        self.students.iter().filter(|s| seen.insert(s.class.as_str())).map(|s| s.class.clone()).collect()
    }

    /// The students of one class as a roster of its own, with those of its rows who are left out. Notices stay with the whole list.
    #[must_use]
    pub fn of_class(&self, class: &str) -> Roster {
        let rows: Vec<usize> = (0..self.students.len()).filter(|&s| self.students[s].class == class).collect();
        let neighbours = self.neighbours();
        let left_out = self.left_out.iter().zip(neighbours).filter(|(_, s)| self.students[*s].class == class);
        self.of_rows(&rows, left_out.map(|(left, _)| left.clone()).collect())
    }

    /// Every class as a roster of its own, in the order of [`Roster::classes`]; in one pass over the list.
    #[must_use]
    pub fn by_class(&self) -> Vec<Roster> {
        let classes = self.classes();
        let number: std::collections::HashMap<&str, usize> =
            classes.iter().enumerate().map(|(i, class)| (class.as_str(), i)).collect();
        let mut rows = vec![Vec::new(); classes.len()];
        for (s, student) in self.students.iter().enumerate() {
            rows[number[student.class.as_str()]].push(s);
        }
        let mut left_out = vec![Vec::new(); classes.len()];
        for (left, s) in self.left_out.iter().zip(self.neighbours()) {
            left_out[number[self.students[s].class.as_str()]].push(left.clone());
        }
        rows.iter().zip(left_out).map(|(rows, left_out)| self.of_rows(rows, left_out)).collect()
    }

    /// For each of those who are left out a student by whose class they stand: the one above in the same sheet, else below,
    /// else the first of the list. Nothing in a list without students.
    fn neighbours(&self) -> Vec<usize> {
        if self.left_out.is_empty() || self.students.is_empty() {
            return Vec::new();
        }
        let place = |row: &'_ RowPlace| (row.sheet.clone(), row.row);
        let at: BTreeMap<(String, usize), usize> =
            self.students.iter().enumerate().map(|(s, student)| (place(&student.row), s)).collect();
        let neighbour = |left: &LeftOut| {
            let here = place(&left.row);
            let above = at.range(..&here).next_back().filter(|((sheet, _), _)| *sheet == here.0);
            let below = || at.range(&here..).next().filter(|((sheet, _), _)| *sheet == here.0);
            above.or_else(below).map_or(0, |(_, &s)| s)
        };
        self.left_out.iter().map(neighbour).collect()
    }

    fn of_rows(&self, rows: &[usize], left_out: Vec<LeftOut>) -> Roster {
        Roster {
            file: self.file.clone(),
            sha256: self.sha256.clone(),
            columns: self.columns.iter().map(|column| column.of_rows(rows)).collect(),
            students: rows.iter().map(|&s| self.students[s].clone()).collect(),
            notices: Vec::new(),
            doubts: Vec::new(),
            left_out,
            strangers: Vec::new(),
            titled: self.titled.clone(),
            grade: self.grade.clone(),
        }
    }
}

impl Column {
    /// The cells of some students. What says nothing of any of them decides nothing: a class whose sheet lacks a column.
    fn of_rows(&self, rows: &[usize]) -> Self {
        let cells: Vec<Cell> = rows.iter().map(|&s| self.cells[s].clone()).collect();
        let is_void =
            self.field.is_balanceable() && cells.iter().all(|cell| matches!(cell, Cell::Empty | Cell::Absent));
        let (field, holds) = if is_void { (Field::Other, Holds::Nothing) } else { (self.field.clone(), self.holds) };
        Self { header: self.header.clone(), field, index: self.index, holds, cells }
    }
}

/// Spreadsheet letters of a 0-based column: 0 → `A`, 27 → `AB`.
#[must_use]
pub fn column_letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(column % 26).unwrap_or(0)));
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    letters.iter().rev().collect()
}
