//! Separated text: its records with line numbers.

use super::separator::{self, reader};
use super::{Kind, Raw, Row, Table, typed};
use crate::fault::Faults;
use crate::roster::at_once;
use crate::roster::caps::{too_many_cells, too_many_columns, too_many_rows};
use crate::roster::options::Limits;
use crate::roster::why::Why;
use crate::words;
use memchr::{memchr_iter, memchr2};
use std::borrow::Cow;

/// Reads separated text.
///
/// # Errors
/// A line, a row or the number of rows or columns beyond the limits.
pub fn table(text: &str, file: &str, limits: &Limits) -> Result<Table, Faults> {
    if let Some((line, bytes)) = long_line(text, limits.line_bytes) {
        return Err(line_too_long(line, bytes, file, limits));
    }
    let hint = separator::hint(text);
    if hint.is_none()
        && let Some(typed) = typed::lines(text)
    {
        let mut records = Records::new(file, limits);
        for (line, cells) in typed {
            records.add(line, cells.into_iter())?;
        }
        return Ok(of_rows(records.rows));
    }
    let separator = hint.unwrap_or_else(|| separator::find(text));
    let records = Records { is_hinted: hint.is_some(), ..Records::new(file, limits) };
    let rows = if separator.is_ascii() && !text.contains('"') {
        unquoted(text, separator, &records)?
    } else {
        quoted(text, separator, records)?
    };
    Ok(of_rows(rows))
}

fn of_rows(rows: Vec<Row>) -> Table {
    Table { sheet: String::new(), kind: Kind::Text, rows, merges: Vec::new(), hidden_columns: Vec::new() }
}

/// Text without a quotation mark: a line is a record.
fn unquoted(text: &str, separator: u8, none: &Records<'_>) -> Result<Vec<Row>, Faults> {
    // As many parts could hold as many times the cells before one is refused.
    let cells = memchr_iter(separator, text.as_bytes()).count() + memchr_iter(b'\n', text.as_bytes()).count();
    let parts = if cells <= none.limits.text_cells { at_once::parts(text) } else { Vec::new() };
    if parts.len() > 1 {
        let cut = |(p, part)| {
            let records = Records { is_hinted: none.is_hinted && p == 0, ..none.clone() };
            lines(part, separator, records).ok()
        };
        let cut = at_once::each(parts.into_iter().enumerate().collect(), text.len(), cut);
        if let Some(rows) = cut.into_iter().collect::<Option<Vec<_>>>().and_then(joined) {
            return Ok(rows);
        }
        // Something is beyond a limit; where, is told as if the text had one part.
    }
    Ok(lines(text, separator, none.clone())?.rows)
}

fn lines<'a>(text: &str, separator: u8, mut records: Records<'a>) -> Result<Records<'a>, Faults> {
    let (separator, mut rest) = (char::from(separator), text);
    while !rest.is_empty() {
        let end = memchr2(b'\r', b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let (record, behind) = rest.split_at(end);
        records.line += 1;
        if !record.is_empty() {
            records.add(records.line, record.split(separator))?;
        }
        let is_pair = behind.starts_with("\r\n");
        rest = behind.get(if is_pair { 2 } else { 1 }..).unwrap_or_default();
    }
    Ok(records)
}

/// The rows of all parts, numbered through; none beyond the limits.
fn joined(parts: Vec<Records<'_>>) -> Option<Vec<Row>> {
    let mut parts = parts.into_iter();
    let mut whole = parts.next()?;
    for part in parts {
        let (number, line) = (whole.number, whole.line);
        let moved = |row: Row| Row { number: row.number + number, line: row.line.map(|behind| behind + line), ..row };
        whole.rows.extend(part.rows.into_iter().map(moved));
        (whole.number, whole.line, whole.cells) = (number + part.number, line + part.line, whole.cells + part.cells);
    }
    let fits = whole.rows.len() <= whole.limits.text_rows && whole.cells <= whole.limits.text_cells;
    fits.then_some(whole.rows)
}

/// Text in which cells may be quoted and hold separators and line breaks.
fn quoted(text: &str, separator: u8, mut records: Records<'_>) -> Result<Vec<Row>, Faults> {
    let (mut reader, mut record, mut lines) = (reader(text, separator), csv::StringRecord::new(), Lines::default());
    loop {
        let start = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        match reader.read_record(&mut record) {
            Ok(true) => records.add(lines.at(text, start), record.iter())?,
            Ok(false) => return Ok(records.rows),
            // Text is valid UTF-8: cannot occur.
            Err(_) => return Err(undecodable_record(records.file, lines.at(text, start))),
        }
    }
}

/// The rows of a text so far.
#[derive(Clone)]
struct Records<'a> {
    file: &'a str,
    limits: &'a Limits,
    /// Whether the first record names the separator and nothing else.
    is_hinted: bool,
    rows: Vec<Row>,
    /// Records so far.
    number: usize,
    /// Lines so far, where a line is a record.
    line: usize,
    cells: usize,
}

impl<'a> Records<'a> {
    fn new(file: &'a str, limits: &'a Limits) -> Self {
        Self { file, limits, is_hinted: false, rows: Vec::new(), number: 0, line: 0, cells: 0 }
    }

    fn add<'t>(&mut self, line: usize, texts: impl Iterator<Item = &'t str>) -> Result<(), Faults> {
        self.number += 1;
        let mut cells = Vec::with_capacity(self.rows.last().map_or(0, |row| row.cells.len()));
        cells.extend(texts.map(|text| Raw::text(&unwrapped(text))).take(self.limits.columns + 1));
        if cells.len() > self.limits.columns {
            return Err(too_many_columns(self.file, &format!("line {line}"), self.limits));
        }
        self.cells += cells.len();
        if self.cells > self.limits.text_cells {
            return Err(too_many_cells(self.file, self.limits.text_cells));
        }
        let is_hint = self.number == 1 && self.is_hinted;
        if !is_hint && cells.iter().any(|cell| *cell != Raw::Empty) {
            if self.rows.len() == self.limits.text_rows {
                return Err(too_many_rows(self.file, self.limits.text_rows));
            }
            self.rows.push(Row { number: self.number, line: Some(line), cells, ..Row::default() });
        }
        Ok(())
    }
}

/// The text of a cell that is written as a formula so that a spreadsheet keeps it: `="007"`.
fn unwrapped(text: &str) -> Cow<'_, str> {
    if !text.starts_with(|c: char| c == '=' || c.is_whitespace()) {
        return Cow::Borrowed(text); // nearly every cell
    }
    let inner = text.trim_start().strip_prefix("=\"").and_then(|rest| rest.trim_end().strip_suffix('"'));
    inner.map_or(Cow::Borrowed(text), |inner| Cow::Owned(inner.replace("\"\"", "\"")))
}

/// Counts lines up to rising offsets; a record starts after the blank lines before it.
#[derive(Default)]
struct Lines {
    offset: usize,
    line: usize,
}

impl Lines {
    fn at(&mut self, text: &str, start: usize) -> usize {
        let bytes = text.as_bytes();
        let blank = bytes.iter().skip(start).take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let start = (start + blank).min(bytes.len());
        let ends = |i: usize| bytes[i] == b'\n' || (bytes[i] == b'\r' && bytes.get(i + 1) != Some(&b'\n'));
        self.line += (self.offset..start).filter(|&i| ends(i)).count();
        self.offset = self.offset.max(start);
        self.line + 1
    }
}

fn long_line(text: &str, cap: usize) -> Option<(usize, usize)> {
    let mut lines = text.as_bytes().split(|b| matches!(b, b'\n' | b'\r')).enumerate();
    lines.find(|(_, line)| line.len() > cap).map(|(i, line)| (i + 1, line.len()))
}

fn line_too_long(line: usize, bytes: usize, file: &str, limits: &Limits) -> Faults {
    let cap = limits.line_bytes;
    let why = Why {
        found: words!("一行有 {bytes} 字节", "a line of {bytes} bytes"),
        expected: words!("每行不超过 {cap} 字节", "at most {cap} bytes a line"),
        action: words!("请检查是否缺了换行，或选错了文件", "check for missing line breaks, or for the wrong file"),
    };
    why.refuse("line_too_long", format!("{file} line {line}"))
}

fn undecodable_record(file: &str, line: usize) -> Faults {
    let why = Why {
        found: words!("无法读取的一行", "a line that cannot be read"),
        expected: words!("用分隔符隔开的文本", "separated text"),
        action: words!("请重新导出名册", "export the list again"),
    };
    why.refuse("unreadable_line", format!("{file} line {line}"))
}
