//! How a list is to be read: what the user says of columns, and how much is read.

use super::Field;
use super::why::Why;
use crate::fault::Faults;
use crate::words;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// How much of a list is read, counted over all sheets of the file; whatever is longer is refused before it takes much
/// memory or time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Bytes of all parts of a zipped workbook, counted while inflating, and of all that is held of any workbook's cells.
    pub unpacked_bytes: u64,
    /// Rows of separated text or JSON.
    pub text_rows: usize,
    /// Rows of a workbook that hold something.
    pub sheet_rows: usize,
    /// Columns of any list.
    pub columns: usize,
    /// Cells of separated text or JSON.
    pub text_cells: usize,
    /// Cells of a workbook, blank ones left of a filled one included.
    pub sheet_cells: usize,
    /// Bytes of one line of text.
    pub line_bytes: usize,
}

/// The command line's limits.
impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 64 << 20,
            unpacked_bytes: 80 << 20,
            text_rows: 200_000,
            sheet_rows: 100_000,
            columns: 1_000,
            text_cells: 3_000_000,
            sheet_cells: 2_000_000,
            line_bytes: 1 << 20,
        }
    }
}

/// What the user says of a list; it goes before anything the program makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Override {
    /// `FIELD=HEADER`: what a column is.
    Column {
        /// What the column is read as.
        field: Field,
        /// Its header, whole or the lower part.
        header: String,
    },
    /// `accept=CODE`: the doubt with this code is meant as it is read; `accept=all` says so of every doubt.
    Accept(String),
    /// `exclude=WHO`: a student by id or name who is not to be grouped; `exclude=gone` those who seem to have left,
    /// `exclude=hidden` those in hidden rows.
    Exclude(String),
}

impl Override {
    /// Reads several, each as `FIELD=HEADER`.
    ///
    /// # Errors
    /// Those of all of them.
    pub fn all(words: &[String]) -> Result<Vec<Self>, Faults> {
        let (mut overrides, mut faults) = (Vec::new(), Vec::new());
        for word in words {
            match word.parse() {
                Ok(column) => overrides.push(column),
                Err(Faults(found)) => faults.extend(found),
            }
        }
        if faults.is_empty() { Ok(overrides) } else { Err(Faults(faults)) }
    }
}

impl FromStr for Override {
    type Err = Faults;

    /// Reads `FIELD=HEADER`, e.g. `score:math=数学`, `accept=CODE` or `exclude=WHO`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (field, header) = text.split_once('=').unwrap_or((text, ""));
        let header = header.trim();
        match (field.trim(), field.parse::<Field>()) {
            ("accept", _) if !header.is_empty() => Ok(Self::Accept(header.to_owned())),
            ("exclude", _) if !header.is_empty() => Ok(Self::Exclude(header.to_owned())),
            (_, Ok(field)) if !header.is_empty() => Ok(Self::Column { field, header: header.to_owned() }),
            _ => {
                let why = Why {
                    found: words!("“{text}”", "“{text}”"),
                    expected: words!(
                        "FIELD=HEADER，FIELD 为 id、name、class、gender、tier、total、rank、left_behind、single_parent、hardship、boarding、key_student、ethnic_group、notes、other、score:名称、flag:名称 或 category:名称",
                        "FIELD=HEADER, FIELD being id, name, class, gender, tier, total, rank, left_behind, single_parent, hardship, boarding, key_student, ethnic_group, notes, other, score:NAME, flag:NAME or category:NAME"
                    ),
                    action: words!("例如 --column score:math=数学", "write e.g. --column score:math=数学"),
                };
                Err(why.refuse("bad_column_option", "--column".to_owned()))
            }
        }
    }
}

impl Override {
    /// What it says of a column.
    #[must_use]
    pub fn column(&self) -> Option<(&Field, &str)> {
        match self {
            Self::Column { field, header } => Some((field, header)),
            _ => None,
        }
    }

    /// Whether it takes the doubt with this code as it is read.
    #[must_use]
    pub fn accepts(&self, code: &str) -> bool {
        matches!(self, Self::Accept(said) if said == code || said == "all")
    }
}

/// How a list is to be read.
#[derive(Clone, Debug, Default)]
pub struct Reading<'a> {
    /// The list's name, for messages.
    pub file: &'a str,
    /// What the user said about columns.
    pub overrides: &'a [Override],
    /// How much is read.
    pub limits: Limits,
}
