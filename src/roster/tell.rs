//! Collects what is told about a list while it is read: faults (a limited number is kept) and notices, with their places.

use super::RowPlace;
use super::column_letters;
use crate::fault::{Fault, Faults, Notice};
use crate::words;
use crate::words::Words;

/// How many faults are shown; the rest is only counted.
const SHOWN_FAULTS: usize = 50;

/// Faults and notices of one list.
#[derive(Debug)]
pub struct Tell<'a> {
    file: &'a str,
    faults: Vec<Fault>,
    hidden: usize,
    notices: Vec<Notice>,
}

/// The three parts of a fault's text.
#[derive(Clone, Debug)]
pub struct Why {
    /// What was found.
    pub found: Words,
    /// What was expected.
    pub expected: Words,
    /// What to do.
    pub action: Words,
}

impl Why {
    /// The one fault for which a list is refused as a whole.
    #[must_use]
    pub fn refuse(self, code: &'static str, place: String) -> Faults {
        self.at(code, place).into()
    }

    fn at(self, code: &'static str, place: String) -> Fault {
        Fault { code, place, found: self.found, expected: self.expected, action: self.action }
    }
}

impl<'a> Tell<'a> {
    /// Nothing told yet.
    #[must_use]
    pub fn new(file: &'a str) -> Self {
        Self { file, faults: Vec::new(), hidden: 0, notices: Vec::new() }
    }

    /// Adds a fault at a place inside the file; an empty place means the whole file.
    pub fn fault(&mut self, code: &'static str, place: &str, why: Why) {
        if self.faults.len() == SHOWN_FAULTS {
            self.hidden += 1;
            return;
        }
        let place = if place.is_empty() { self.file.to_owned() } else { format!("{} {place}", self.file) };
        self.faults.push(why.at(code, place));
    }

    /// Adds a notice; an empty place means the whole list.
    pub fn notice(&mut self, code: &'static str, place: String, message: Words) {
        self.notices.push(Notice { code, place, message });
    }

    /// What this one and then what the other was told.
    #[must_use]
    pub fn before(mut self, other: Self) -> Self {
        let room = SHOWN_FAULTS - self.faults.len();
        self.hidden += other.hidden + other.faults.len().saturating_sub(room);
        self.faults.extend(other.faults.into_iter().take(room));
        self.notices.extend(other.notices);
        self
    }

    /// Whether the list is refused.
    #[must_use]
    pub fn refused(&self) -> bool {
        !self.faults.is_empty()
    }

    /// The notices, or all faults where there are any.
    ///
    /// # Errors
    /// The faults told so far.
    pub fn finish(mut self) -> Result<Vec<Notice>, Faults> {
        if self.faults.is_empty() {
            return Ok(self.notices);
        }
        if self.hidden > 0 {
            let more = self.hidden;
            let why = Why {
                found: words!("还有 {more} 处问题未列出", "{more} more faults, not shown"),
                expected: words!("没有问题", "none"),
                action: words!("请先改正以上各处，再重新读取", "correct the ones above and read the list again"),
            };
            self.faults.push(why.at("more_faults", self.file.to_owned()));
        }
        Err(Faults(self.faults))
    }
}

/// The places of several cells of one column (or of whole rows), runs drawn together: `Sheet1!G10, G12:G15`,
/// `lines 10, 12-15 (G10, G12:G15)`.
#[must_use]
pub fn places(rows: &[&RowPlace], column: Option<usize>) -> String {
    if let [row] = rows {
        return row.cell(column);
    }
    let letters = column.map(column_letters).unwrap_or_default();
    let by_sheet = rows.chunk_by(|a, b| a.sheet == b.sheet).map(|rows| {
        let numbers: Vec<usize> = rows.iter().map(|row| row.row).collect();
        let lines: Vec<usize> = rows.iter().filter_map(|row| row.line).collect();
        let cells = runs(&numbers, &letters, ":");
        match rows.first().map(|row| row.sheet.as_str()) {
            _ if !lines.is_empty() => format!("lines {} ({cells})", runs(&lines, "", "-")),
            Some(sheet) if !sheet.is_empty() => format!("{sheet}!{cells}"),
            _ => cells,
        }
    });
    by_sheet.collect::<Vec<_>>().join("; ")
}

fn runs(numbers: &[usize], prefix: &str, to: &str) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
        [first, .., last] => format!("{prefix}{first}{to}{prefix}{last}"),
        [only] => format!("{prefix}{only}"),
        [] => String::new(),
    });
    runs.collect::<Vec<_>>().join(", ")
}
