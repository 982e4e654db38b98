//! The text of a model or rules file as a tree of values, with the place of each.

use crate::fault::{Fault, Faults};
use crate::words;
use serde_json::{Map, Number, Value};
use std::collections::HashMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One step from a value to one inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::model) enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// `goals[2].level`: the written form of a path.
pub(in crate::model) fn join(path: &str, step: Step) -> String {
    match step {
        Step::Key(key) if path.is_empty() => key.to_owned(),
        Step::Key(key) => format!("{path}.{key}"),
        Step::Index(index) => format!("{path}[{index}]"),
    }
}

/// A parsed file.
#[derive(Debug)]
pub(in crate::model) struct Source {
    pub(super) file: String,
    pub(super) value: Value,
    /// Where the text is JSON, the text: reading the type from it finds keys that stand twice.
    pub(super) json: Option<String>,
    /// 1-based line of each path; TOML only.
    lines: HashMap<String, usize>,
    /// What TOML can write and JSON cannot, found on the way.
    pub(super) faults: Vec<Fault>,
}

impl Source {
    /// Parses TOML or JSON of at most `limit` bytes.
    ///
    /// # Errors
    /// Too large, not UTF-8, or every syntax error with line and column.
    pub(in crate::model) fn parse(bytes: &[u8], file: &str, limit: usize) -> Result<Self, Faults> {
        if bytes.len() > limit {
            return Err(too_large(file, limit).into());
        }
        let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(file, bytes, error.valid_up_to()))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if is_json(text, file) { Self::parse_json(text, file) } else { Self::parse_toml(text, file) }
    }

    fn parse_json(text: &str, file: &str) -> Result<Self, Faults> {
        let value = serde_json::from_str(text).map_err(|error| json_fault(file, &error))?;
        Ok(Self {
            file: file.to_owned(),
            value,
            json: Some(text.to_owned()),
            lines: HashMap::new(),
            faults: Vec::new(),
        })
    }

    fn parse_toml(text: &str, file: &str) -> Result<Self, Faults> {
        let (table, errors) = DeTable::parse_recoverable(text);
        let starts = Lines::of(text);
        if !errors.is_empty() {
            let place = |at: usize| starts.line_and_column(text, at);
            let faults = errors.iter().map(|e| syntax(file, e.span().map(|span| place(span.start)), e.message()));
            return Err(Faults(faults.collect()));
        }
        let mut source =
            Self { file: file.to_owned(), value: Value::Null, json: None, lines: HashMap::new(), faults: Vec::new() };
        source.value = source.table(table.get_ref(), "", &starts);
        Ok(source)
    }

    fn table(&mut self, table: &DeTable, path: &str, starts: &Lines) -> Value {
        let mut map = Map::new();
        for (key, value) in table {
            let inner = join(path, Step::Key(key.get_ref()));
            self.lines.insert(inner.clone(), starts.line(key.span().start));
            map.insert(key.get_ref().to_string(), self.toml_value(value, &inner, starts));
        }
        Value::Object(map)
    }

    fn toml_value(&mut self, value: &Spanned<DeValue>, path: &str, starts: &Lines) -> Value {
        match value.get_ref() {
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Boolean(yes) => Value::Bool(*yes),
            DeValue::Integer(whole) => match i64::from_str_radix(whole.as_str(), whole.radix()) {
                Ok(whole) => Value::from(whole),
                Err(_) => self.unusable(path, whole.as_str()),
            },
            DeValue::Float(number) => match number.as_str().parse().ok().and_then(Number::from_f64) {
                Some(number) => Value::Number(number),
                None => self.unusable(path, number.as_str()),
            },
            DeValue::Datetime(time) => self.unusable(path, &time.to_string()),
            DeValue::Array(items) => {
                let mut list = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let inner = join(path, Step::Index(index));
                    self.lines.insert(inner.clone(), starts.line(item.span().start));
                    list.push(self.toml_value(item, &inner, starts));
                }
                Value::Array(list)
            }
            DeValue::Table(table) => self.table(table, path, starts),
        }
    }

    /// A date, an infinity, an integer beyond 64 bits.
    fn unusable(&mut self, path: &str, written: &str) -> Value {
        self.faults.push(Fault {
            code: "wrong_type",
            place: self.place(path),
            found: words!("{written}", "{written}"),
            expected: words!("文字、是非值或有限的数", "text, true or false, or a finite number"),
            action: words!("请改正这个值", "correct the value"),
        });
        Value::Null
    }

    /// `my.toml line 7 (goals[2].level)`; in JSON `my.json goals[2].level`. A path that the file lacks is shown with the line of
    /// the nearest value around it.
    pub(in crate::model) fn place(&self, path: &str) -> String {
        let mut around = path;
        while !around.is_empty() {
            if let Some(line) = self.lines.get(around) {
                return format!("{} line {line} ({path})", self.file);
            }
            around = &around[..around.rfind(['.', '[']).unwrap_or(0)];
        }
        if path.is_empty() { self.file.clone() } else { format!("{} {path}", self.file) }
    }
}

fn is_json(text: &str, file: &str) -> bool {
    let extension = std::path::Path::new(file).extension().map(std::ffi::OsStr::to_ascii_lowercase);
    match extension.as_ref().and_then(|extension| extension.to_str()) {
        Some("json") => true,
        Some("toml") => false,
        _ => text.trim_start().starts_with('{'),
    }
}

/// Byte offsets at which lines start.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    /// 1-based.
    fn line(&self, at: usize) -> usize {
        self.0.partition_point(|&start| start <= at)
    }

    /// 1-based, columns in characters.
    fn line_and_column(&self, text: &str, at: usize) -> (usize, usize) {
        let line = self.line(at);
        let before = text.get(self.0[line - 1]..at).unwrap_or_default();
        (line, before.chars().count() + 1)
    }
}

fn syntax(file: &str, at: Option<(usize, usize)>, message: &str) -> Fault {
    let place = at.map_or_else(|| file.to_owned(), |(line, column)| format!("{file} line {line} column {column}"));
    Fault {
        code: "syntax",
        place,
        found: words!("无法读懂（{message}）", "unreadable text ({message})"),
        expected: words!("格式正确的 TOML 或 JSON", "well-formed TOML or JSON"),
        action: words!("请改正该处的写法", "correct the text there"),
    }
}

pub(super) fn json_fault(file: &str, error: &serde_json::Error) -> Fault {
    let at = (error.line() > 0).then(|| (error.line(), error.column()));
    let text = error.to_string();
    // The position is in the place already.
    let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    syntax(file, at, message)
}

fn too_large(file: &str, limit: usize) -> Fault {
    let limit = limit >> 20;
    Fault {
        code: "file_too_large",
        place: file.to_owned(),
        found: words!("文件超过 {limit} MiB", "a file of more than {limit} MiB"),
        expected: words!("不超过 {limit} MiB", "at most {limit} MiB"),
        action: words!("请确认文件是否选对", "check that this is the right file"),
    }
}

fn not_utf8(file: &str, bytes: &[u8], at: usize) -> Fault {
    let line = bytes[..at].split(|&byte| byte == b'\n').count();
    Fault {
        code: "not_utf8",
        place: format!("{file} line {line}"),
        found: words!("不是 UTF-8 编码的字节", "bytes that are not UTF-8"),
        expected: words!("UTF-8 编码的文本", "text in UTF-8"),
        action: words!("请将文件另存为 UTF-8 编码", "save the file as UTF-8"),
    }
}
