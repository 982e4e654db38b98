//! Separated text: its records with line numbers.

use super::separator::{self, reader};
use super::{Kind, Raw, Row, Table};
use crate::fault::Faults;
use crate::roster::caps::{too_many_cells, too_many_columns, too_many_rows};
use crate::roster::options::Limits;
use crate::roster::tell::Why;
use crate::words;
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
    let mut reader = reader(text, hint.unwrap_or_else(|| separator::find(text)));
    let (mut rows, mut record, mut lines) = (Vec::new(), csv::StringRecord::new(), Lines::default());
    let (mut number, mut count) = (0, 0);
    loop {
        let start = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => return Err(undecodable_record(file, lines.at(text, start))), // text is valid UTF-8: cannot occur
        }
        number += 1;
        if record.len() > limits.columns {
            return Err(too_many_columns(file, &format!("line {}", lines.at(text, start)), limits));
        }
        let line = lines.at(text, start);
        count += record.len();
        if count > limits.text_cells {
            return Err(too_many_cells(file, limits.text_cells));
        }
        let cells: Vec<Raw> = record.iter().map(|text| Raw::text(&unwrapped(text))).collect();
        let is_hint = number == 1 && hint.is_some();
        if !is_hint && cells.iter().any(|cell| *cell != Raw::Empty) {
            if rows.len() == limits.text_rows {
                return Err(too_many_rows(file, limits.text_rows));
            }
            rows.push(Row { number, line: Some(line), cells, ..Row::default() });
        }
    }
    Ok(Table { sheet: String::new(), kind: Kind::Text, rows, merges: Vec::new(), hidden_columns: Vec::new() })
}

/// The text of a cell that is written as a formula so that a spreadsheet keeps it: `="007"`.
fn unwrapped(text: &str) -> Cow<'_, str> {
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
