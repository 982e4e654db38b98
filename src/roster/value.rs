//! Reads single cells: numbers, flags, gender and text, in the forms that real lists hold. Nothing here tells anything; what
//! was odd comes back with the value.

use super::table::Raw;
use super::{Field, fold, vocabulary};

/// What was forgiven in reading a number or a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Odd {
    /// Full-width digits or letters.
    FullWidth,
    /// Spaces inside, or other than plain ones around.
    Spaces,
    /// 分 after the number.
    Unit,
    /// A number stored as text in a sheet.
    Text,
}

/// A cell that should hold a number.
#[derive(Clone, Debug, PartialEq)]
pub enum Numeric {
    /// Nothing there.
    Empty,
    /// A formula without a value.
    Uncomputed,
    /// 缺考, 免考 …
    Absent,
    /// A finite number, and what was forgiven.
    Number(f64, Vec<Odd>),
    /// Anything else.
    Bad,
}

/// A cell that should hold a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing there, or a stroke.
    Blank,
    /// 是, √, 1 …
    Yes,
    /// 否, ×, 0 …
    No,
    /// Anything else.
    Bad,
}

/// Words for a missing mark that is known to be missing.
const ABSENT: [&str; 22] = [
    "缺考",
    "缺",
    "缺席",
    "免考",
    "免",
    "免试",
    "缓考",
    "未考",
    "未参加",
    "弃考",
    "请假",
    "病假",
    "事假",
    "休学",
    "无成绩",
    "absent",
    "abs",
    "exempt",
    "excused",
    "na",
    "n/a",
    "null",
];

/// Strokes for "nothing here".
fn is_stroke(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| matches!(c, '-' | '/' | '\\' | '—' | '–' | '―' | '─' | '−' | '*'))
}

/// Whether a cell holds a stroke for "nothing here".
#[must_use]
pub fn is_blank_stroke(raw: &Raw) -> bool {
    matches!(raw, Raw::Text(text) if is_stroke(&fold::fold(fold::bare(text))))
}

/// Reads a number; text may be full-width, spaced or followed by 分.
#[must_use]
pub fn number(raw: &Raw) -> Numeric {
    match raw {
        Raw::Empty => Numeric::Empty,
        Raw::Uncomputed => Numeric::Uncomputed,
        Raw::Number(x) if x.is_finite() => Numeric::Number(*x, Vec::new()),
        Raw::Text(text) => number_in(text),
        Raw::Number(_) | Raw::Bool(_) | Raw::Date(_) | Raw::Error(_) => Numeric::Bad,
    }
}

fn number_in(text: &str) -> Numeric {
    if let Ok(x) = text.parse::<f64>()
        && x.is_finite()
        && text.starts_with(|c: char| c.is_ascii_digit())
    {
        return Numeric::Number(x, Vec::new()); // the usual case
    }
    if text.len() > 200 {
        return Numeric::Bad; // no number is as long; spares long text the work below
    }
    let bare = fold::bare(text);
    let folded = fold::fold(bare);
    if bare.is_empty() {
        return Numeric::Empty;
    }
    let word: String = folded.chars().filter(|c| !fold::is_space(*c)).flat_map(char::to_lowercase).collect();
    if is_stroke(&word) || ABSENT.contains(&word.trim_matches(['(', ')'])) {
        return Numeric::Absent;
    }
    let mut odd = Vec::new();
    if bare.chars().any(|c| fold::half_width(c) != c && !fold::is_space(c)) {
        odd.push(Odd::FullWidth);
    }
    if text.trim_matches(' ').trim_start_matches('\'').chars().any(fold::is_space) {
        odd.push(Odd::Spaces);
    }
    let digits = match folded.strip_suffix('分') {
        Some(rest) => {
            odd.push(Odd::Unit);
            rest.trim_end_matches(fold::is_space)
        }
        None => &folded,
    };
    let begins = digits.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit() || c == '.');
    match closed_up(digits).and_then(|digits| digits.parse::<f64>().ok()).filter(|x| begins && x.is_finite()) {
        Some(x) => Numeric::Number(x, odd),
        None => Numeric::Bad,
    }
}

/// Takes spaces out of a number whose digits were spaced out one by one (`8 5`, `9 0 .5`); two numbers in one cell
/// (`85 90`) stay unreadable.
fn closed_up(digits: &str) -> Option<String> {
    let parts: Vec<&str> = digits.split(fold::is_space).filter(|part| !part.is_empty()).collect();
    let joins = |a: &&str, b: &&str| {
        let whole = b.split('.').next().unwrap_or_default();
        (a.len() == 1 && whole.len() <= 1) || whole.is_empty() || a.ends_with('.')
    };
    parts.iter().zip(parts.iter().skip(1)).all(|(a, b)| joins(a, b)).then(|| parts.concat())
}

/// Reads a flag of the column that `field` stands for; the column's own word in a cell (住校) means yes.
#[must_use]
pub fn mark(raw: &Raw, field: &Field) -> Mark {
    let text = match raw {
        Raw::Empty | Raw::Uncomputed => return Mark::Blank,
        Raw::Bool(yes) => return if *yes { Mark::Yes } else { Mark::No },
        Raw::Number(_) | Raw::Text(_) => fold::fold(&raw.shown()).to_lowercase(),
        Raw::Date(_) | Raw::Error(_) => return Mark::Bad,
    };
    match text.as_str() {
        "" | "空" => Mark::Blank,
        stroke if is_stroke(stroke) => Mark::Blank,
        "是" | "有" | "对" | "√" | "✓" | "✔" | "☑" | "y" | "yes" | "1" | "true" | "t" => Mark::Yes,
        "否" | "无" | "不是" | "没有" | "×" | "✗" | "✘" | "n" | "no" | "0" | "false" | "f" => Mark::No,
        "走读" | "走读生" if field.name() == "boarding" => Mark::No,
        word if vocabulary::word(word).is_some_and(|meaning| meaning.field == *field) => Mark::Yes,
        _ => Mark::Bad,
    }
}

/// Reads a gender as `male` or `female`. Codes like 1 and 2 are not read: which is which differs between schools.
#[must_use]
pub fn gender(raw: &Raw) -> Option<&'static str> {
    match fold::fold(&raw.shown()).to_lowercase().as_str() {
        "男" | "男生" | "m" | "male" | "boy" => Some("male"),
        "女" | "女生" | "f" | "female" | "girl" => Some("female"),
        _ => None,
    }
}

/// Reads an id: half-width, and numbers without decimals or exponent. `None` where a spreadsheet has lost its last digits.
#[must_use]
pub fn id(raw: &Raw) -> Option<(String, Vec<Odd>)> {
    const EXACT: f64 = 1e15; // spreadsheets keep 15 digits
    match raw {
        Raw::Number(x) if x.abs() >= EXACT => None,
        Raw::Number(x) if x.fract() == 0.0 => Some((format!("{x:.0}"), Vec::new())),
        raw => {
            let (text, odd) = words(raw);
            Some((fold::fold(&text), odd))
        }
    }
}

/// Reads text on one line, and tells odd spaces and full-width letters or digits.
#[must_use]
pub fn words(raw: &Raw) -> (String, Vec<Odd>) {
    let text = raw.shown();
    let mut odd = Vec::new();
    if let Raw::Text(written) = raw {
        if text.chars().any(|c| matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ')) {
            odd.push(Odd::FullWidth);
        }
        if written.trim_matches(' ') != text {
            odd.push(Odd::Spaces);
        }
    }
    (text, odd)
}
