//! What a class's outputs were made from, so that a run that was stopped, or is done again, solves no class twice; and the list
//! itself, so that a mid-term repair needs nothing but the output folder. One file a class,
//! written as soon as it is solved.

use super::outlet::Outlet;
use crate::model::request::{Previous, PreviousMode};
use crate::pipeline::Prepared;
use crate::plan::document::Document;
use crate::plan::last::{LastSemester, PastClass};
use crate::roster::{Cell, Column, Field, Holds, LeftOut, Roster, RowPlace, Student};
use crate::words::Words;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::Path;

/// Folder below the output folder.
pub const FOLDER: &str = ".fenzu";
const FORMAT: &str = "fenzu-class/1";

/// One class's state.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct State {
    format: String,
    /// SHA-256 of all that decides the plan: list, request, effort, version; empty after a repair, which no run makes again.
    digest: String,
    /// The plan as it was solved, before anybody was staffed.
    document: Document,
    list: StoredList,
    /// Last semester's groups, if the plan was made from them.
    #[serde(default)]
    previous: Option<StoredPrevious>,
}

/// What of last semester is about the class.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredPrevious {
    classes: Vec<PastClass>,
    sha256: String,
    keep: bool,
}

/// A class list as it was understood.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredList {
    file: String,
    sha256: String,
    class: String,
    /// Header and field of each column.
    columns: Vec<[String; 2]>,
    /// What each column holds.
    #[serde(default)]
    holds: Vec<Holds>,
    /// Who is in the list and not among its students.
    #[serde(default)]
    left_out: Vec<String>,
    /// Id, name and cells of each student.
    students: Vec<(String, String, Vec<Value>)>,
}

impl State {
    /// The state after solving.
    #[must_use]
    pub fn new(digest: String, document: Document, class: &Prepared) -> Self {
        Self {
            format: FORMAT.to_owned(),
            digest,
            document,
            list: StoredList::of(&class.roster),
            previous: class.request.previous.as_ref().map(|previous| StoredPrevious::of(previous, &class.roster)),
        }
    }

    /// The state of a class as it stands on the disk; none where there is none that can be read.
    #[must_use]
    pub fn read(output: &Path, file: &str) -> Option<Self> {
        let bytes = std::fs::read(output.join(path(file))).ok()?;
        serde_json::from_slice(&bytes).ok().filter(|state: &Self| state.format == FORMAT)
    }

    /// The state after a repair.
    #[must_use]
    pub fn repaired(document: Document, class: &Prepared) -> Self {
        Self::new(String::new(), document, class)
    }

    /// The same state with another plan.
    #[must_use]
    pub fn with(self, document: Document) -> Self {
        Self { document, ..self }
    }

    /// The plan, whatever it was made from.
    #[must_use]
    pub fn document(self) -> Document {
        self.document
    }

    /// Last semester's groups, if the plan was made from them.
    #[must_use]
    pub fn previous(&self) -> Option<Previous> {
        self.previous.as_ref().map(StoredPrevious::previous)
    }

    /// Whether a repair made the plan.
    #[must_use]
    pub fn is_repaired(&self) -> bool {
        self.digest.is_empty()
    }

    /// Name of the list that the class stands in, as its roster has it.
    #[must_use]
    pub fn list(&self) -> &str {
        &self.list.file
    }

    /// The class's name.
    #[must_use]
    pub fn class(&self) -> &str {
        &self.list.class
    }

    /// Writes the state.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn write(&self, outlet: &dyn Outlet, file: &str) -> std::io::Result<()> {
        let bytes = serde_json::to_vec(self).map_err(std::io::Error::other)?;
        outlet.put(&path(file), &bytes)
    }

    /// The plan, if it was solved from exactly this.
    #[must_use]
    pub fn plan_of(self, digest: &str) -> Option<Document> {
        (self.digest == digest).then_some(self.document)
    }

    /// The class list as it was understood.
    #[must_use]
    pub fn roster(&self) -> Roster {
        self.list.roster()
    }
}

impl StoredPrevious {
    fn of(previous: &Previous, roster: &Roster) -> Self {
        Self {
            classes: previous.last.classes_about(roster),
            sha256: previous.sha256.clone(),
            keep: previous.mode == PreviousMode::Keep,
        }
    }

    fn previous(&self) -> Previous {
        let mode = if self.keep { PreviousMode::Keep } else { PreviousMode::Mix };
        Previous::new(LastSemester::new(self.classes.clone(), self.sha256.clone()), mode)
    }
}

fn path(file: &str) -> String {
    format!("{FOLDER}/{file}.json")
}

impl StoredList {
    fn of(roster: &Roster) -> Self {
        let cells = |s: usize| roster.columns.iter().map(|column| stored(&column.cells[s])).collect();
        let student = |(s, who): (usize, &Student)| (who.id.clone(), who.name.clone(), cells(s));
        Self {
            file: roster.file.clone(),
            sha256: roster.sha256.clone(),
            class: roster.students.first().map(|student| student.class.clone()).unwrap_or_default(),
            columns: roster.columns.iter().map(|c| [c.header.clone(), c.field.to_string()]).collect(),
            holds: roster.columns.iter().map(|column| column.holds).collect(),
            left_out: roster.left_out.iter().map(|left| left.who.clone()).collect(),
            students: roster.students.iter().enumerate().map(student).collect(),
        }
    }

    fn roster(&self) -> Roster {
        let field = |word: &str| word.parse().unwrap_or(Field::Other);
        let cell = |s: usize, c: usize| self.students[s].2.get(c).map_or(Cell::Empty, restored);
        let column = |(c, [header, word]): (usize, &[String; 2])| Column {
            header: header.clone(),
            field: field(word),
            index: c,
            holds: self.holds.get(c).copied().unwrap_or_default(),
            cells: (0..self.students.len()).map(|s| cell(s, c)).collect(),
        };
        let student = |(s, (id, name, _)): (usize, &(String, String, Vec<Value>))| Student {
            id: id.clone(),
            name: name.clone(),
            class: self.class.clone(),
            row: RowPlace { row: s + 2, ..RowPlace::default() },
        };
        let left_out = |who: &String| LeftOut { who: who.clone(), why: Words::default(), row: RowPlace::default() };
        Roster {
            file: self.file.clone(),
            sha256: self.sha256.clone(),
            columns: self.columns.iter().enumerate().map(column).collect(),
            students: self.students.iter().enumerate().map(student).collect(),
            left_out: self.left_out.iter().map(left_out).collect(),
            ..Roster::default()
        }
    }
}

/// Text, number, yes or no, or nothing; a known absence is an empty list.
fn stored(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Absent => json!([]),
        Cell::Text(text) => json!(text),
        Cell::Number(x) => json!(x),
        Cell::Flag(yes) => json!(yes),
    }
}

fn restored(value: &Value) -> Cell {
    match value {
        Value::Array(_) => Cell::Absent,
        Value::String(text) => Cell::Text(text.clone()),
        Value::Bool(yes) => Cell::Flag(*yes),
        value => value.as_f64().map_or(Cell::Empty, Cell::Number),
    }
}
