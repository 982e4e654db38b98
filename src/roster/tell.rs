//! Collects what is told about a list while it is read: faults (a limited number is kept) and notices, with their places.

use super::doubt::{Answer, Doubt};
use super::header::Head;
use super::options::Override;
use super::{Field, LeftOut, RowPlace, column_letters};
use crate::fault::{Fault, Faults, Notice};
use crate::words;
use crate::words::Words;

/// How many faults are shown; the rest is only counted.
const SHOWN_FAULTS: usize = 50;
/// How many columns a doubt names.
const SHOWN_COLUMNS: usize = 12;

/// Faults and notices of one list.
#[derive(Debug)]
pub struct Tell<'a> {
    file: &'a str,
    faults: Vec<Fault>,
    hidden: usize,
    notices: Vec<Notice>,
    doubts: Vec<Doubt>,
    left_out: Vec<LeftOut>,
    strangers: Vec<String>,
    /// Columns that look like marks and are not used: header and letter.
    unused: Vec<(String, String)>,
}

/// Everything told of a list that is not refused.
#[derive(Debug)]
pub struct Told {
    /// What is worth knowing.
    pub notices: Vec<Notice>,
    /// What is to be asked.
    pub doubts: Vec<Doubt>,
    /// Who is not among the students.
    pub left_out: Vec<LeftOut>,
    /// Whom the user wants left out and the list does not have.
    pub strangers: Vec<String>,
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
        Self {
            file,
            faults: Vec::new(),
            hidden: 0,
            notices: Vec::new(),
            doubts: Vec::new(),
            left_out: Vec::new(),
            strangers: Vec::new(),
            unused: Vec::new(),
        }
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

    /// Adds a doubt that is settled by taking the reading as it is; `yes` says so.
    pub fn doubt(&mut self, code: &'static str, place: String, message: Words, yes: Words) {
        self.ask(code, place, message, vec![Answer { label: yes, says: vec![format!("accept={code}")] }]);
    }

    /// Adds a doubt with its answers.
    pub fn ask(&mut self, code: &'static str, place: String, message: Words, answers: Vec<Answer>) {
        self.doubts.push(Doubt { code, place, message, answers });
    }

    /// Tells of somebody who is not among the students.
    pub fn left_out(&mut self, who: LeftOut) {
        self.left_out.push(who);
    }

    /// Tells of somebody to be left out whom the list does not have.
    pub fn stranger(&mut self, who: &str) {
        self.strangers.push(who.to_owned());
    }

    /// Tells of a column that looks like marks and is not used.
    pub fn unused_marks(&mut self, head: &Head) {
        self.unused.push((head.text(), column_letters(head.index)));
    }

    /// One doubt for all columns that look like marks and are not used, unless the user has said which columns are.
    fn ask_unused(&mut self, overrides: &[Override]) {
        let chosen = |said: &Override| matches!(said.column(), Some((Field::Score(_), _)));
        if self.unused.is_empty() || overrides.iter().any(chosen) {
            return;
        }
        let name =
            |(header, letter): &(String, String)| if header.is_empty() { letter.clone() } else { header.clone() };
        let names: Vec<String> = self.unused.iter().map(name).collect();
        let list = names.iter().take(SHOWN_COLUMNS).map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
        let list = if names.len() > SHOWN_COLUMNS { list + ", …" } else { list };
        let letters: Vec<&str> = self.unused.iter().map(|(_, letter)| letter.as_str()).collect();
        let place = letters.join(", ");
        let subject = |name: &String| format!("score:{}={name}", name.replace([':', '='], " "));
        let message = words!(
            "这些列像是成绩，但表头认不出，没有用到：{list}",
            "these columns look like marks, but their headers are not known and they are not used: {list}"
        );
        let answers = vec![
            Answer { label: words!("不需要", "not needed"), says: vec!["accept=column_unused".to_owned()] },
            Answer {
                label: words!("也按成绩均衡", "balance them as marks"),
                says: names.iter().map(subject).collect(),
            },
        ];
        self.ask("column_unused", place, message, answers);
    }

    /// Takes over what was told of a part.
    pub fn take(&mut self, part: Tell<'_>) {
        let room = SHOWN_FAULTS.saturating_sub(self.faults.len());
        self.hidden += part.hidden + part.faults.len().saturating_sub(room);
        self.faults.extend(part.faults.into_iter().take(room));
        self.notices.extend(part.notices);
        self.doubts.extend(part.doubts);
        self.left_out.extend(part.left_out);
        self.strangers.extend(part.strangers);
        self.unused.extend(part.unused);
    }

    /// Whether something is in doubt.
    #[must_use]
    pub fn doubts(&self) -> bool {
        !self.doubts.is_empty() || !self.unused.is_empty()
    }

    /// What this one and then what the other was told.
    #[must_use]
    pub fn before(mut self, other: Tell<'_>) -> Self {
        self.take(other);
        self
    }

    /// Whether the list is refused.
    #[must_use]
    pub fn refused(&self) -> bool {
        !self.faults.is_empty()
    }

    /// All that is told of a list, doubts that the user has settled as notices; or all faults where there are any.
    ///
    /// # Errors
    /// The faults told so far.
    pub fn close(mut self, overrides: &[Override]) -> Result<Told, Faults> {
        self.ask_unused(overrides);
        let doubts = std::mem::take(&mut self.doubts);
        let left_out = std::mem::take(&mut self.left_out);
        let strangers = std::mem::take(&mut self.strangers);
        let (settled, doubts): (Vec<Doubt>, Vec<Doubt>) =
            doubts.into_iter().partition(|doubt| overrides.iter().any(|said| said.accepts(doubt.code)));
        let notices = self.finish()?;
        let settled =
            settled.into_iter().map(|doubt| Notice { code: doubt.code, place: doubt.place, message: doubt.message });
        Ok(Told { notices: notices.into_iter().chain(settled).collect(), doubts, left_out, strangers })
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
    let alike = |a: &&RowPlace, b: &&RowPlace| a.sheet == b.sheet && a.cells == b.cells && !a.cells.is_apart();
    let by_sheet = rows.chunk_by(alike).map(|rows| {
        let [first, .., _] = rows else { return rows.first().map(|row| row.cell(column)).unwrap_or_default() };
        let letters = column.map(|c| column_letters(first.cells.column(c))).unwrap_or_default();
        let numbers: Vec<usize> = rows.iter().map(|row| row.row).collect();
        let lines: Vec<usize> = rows.iter().filter_map(|row| row.line).collect();
        let cells = runs(&numbers, &letters, ":");
        match first.sheet.as_str() {
            _ if !lines.is_empty() => format!("lines {} ({cells})", runs(&lines, "", "-")),
            sheet if !sheet.is_empty() => format!("{sheet}!{cells}"),
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
