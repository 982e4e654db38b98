//! Reads single cells: numbers, flags, gender and text, in the forms that real lists hold. Nothing here tells anything; what
//! was odd comes back with the value.

mod written;

use super::heading;
use super::table::Raw;
use super::vocabulary::Is;
use super::{Field, fold, vocabulary};
pub use written::{Written, is_error, noted, numeric_form};

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
    /// An empty circle: no beside a full one, yes beside a cross.
    Circle,
    /// Anything else.
    Bad,
}

/// Strokes for "nothing here".
fn is_stroke(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| matches!(c, '-' | '/' | '\\' | '—' | '–' | '―' | '─' | '−' | '*'))
}

/// Whether a cell holds a stroke for "nothing here".
#[must_use]
pub fn is_blank_stroke(raw: &Raw) -> bool {
    matches!(raw, Raw::Text(text) if is_stroke(&fold::fold(fold::bare(text))))
}

/// Whether a text is a short number as a program writes it: `85`, `92.5`; most marks, told without reading them.
#[must_use]
pub fn is_short_number(text: &str) -> bool {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    text.len() <= 12 && is_digits(whole) && is_digits(rest)
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
    if text.starts_with(|c: char| c.is_ascii_digit())
        && let Ok(x) = text.parse::<f64>()
        && x.is_finite()
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
    if is_stroke(&word) || is_absent(&word) {
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

/// Whether a text says that there is no mark: a word for it, with a reason before it (因病缺考), how long (病假3天), or something in
/// brackets (缺考(病), 0(缺考)).
fn is_absent(text: &str) -> bool {
    const LONGEST: usize = 30;
    let is_word = |text: &str| vocabulary::is(text, Is::Absent);
    if is_word(text) || text.strip_suffix('0').or_else(|| text.strip_prefix('0')).is_some_and(is_word) {
        return true;
    }
    if text.len() > LONGEST || !text.ends_with(|c: char| fold::is_han(c) || c == ')') {
        return false;
    }
    if let Some((before, inside)) = fold::bracketed(text) {
        return is_word(before) || before == "0" && is_word(inside);
    }
    let words = || vocabulary::words(Is::Absent).iter().filter(|word| word.starts_with(fold::is_han) && word.len() > 3);
    let lasts = |rest: &str| {
        rest.ends_with(['天', '日', '周', '月', '年', '节', '次']) && !rest.starts_with(fold::is_han)
            || rest.starts_with(['一', '两', '二', '三', '半']) && rest.chars().count() == 2
    };
    words().any(|word| text.strip_prefix(word).is_some_and(lasts))
        || text.chars().all(fold::is_han) && words().any(|word| text.ends_with(word))
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

/// Whether a text is a grade of any scale.
#[must_use]
pub fn is_grade(text: &str) -> bool {
    text.len() <= 24 && vocabulary::scale(std::iter::once(text)).is_some()
}

/// Reads a flag of the column that `field` stands for; the column's own word in a cell (住校) means yes, and denied (非留守) no.
#[must_use]
pub fn mark(raw: &Raw, field: &Field) -> Mark {
    let text = match raw {
        Raw::Empty | Raw::Uncomputed => return Mark::Blank,
        Raw::Bool(yes) => return if *yes { Mark::Yes } else { Mark::No },
        Raw::Number(_) | Raw::Text(_) => fold::fold(&raw.line()).to_lowercase(),
        Raw::Date(_) | Raw::Error(_) => return Mark::Bad,
    };
    let text = text.trim_end_matches(fold::is_selector);
    match mark_in(text, field) {
        Mark::Bad => answer(text).map_or(Mark::Bad, |answer| mark_in(answer, field)),
        mark => mark,
    }
}

/// The answer itself in `A.是`, `1-男`, `是（父母均外出）` or `是，父母均外出`: without the option's letter before it and without what
/// is added behind it.
fn answer(text: &str) -> Option<&str> {
    let mut answer = text;
    let mut signs = answer.strip_prefix('(').unwrap_or(answer).chars();
    let is_option = |c: char| c.is_ascii_alphanumeric() || ('①'..='⑳').contains(&c);
    if signs.next().is_some_and(is_option) {
        let rest = signs.as_str().trim_start_matches(['.', '、', ':', ')', '-', ' ', '．']);
        if rest.len() < signs.as_str().len() || text.starts_with(|c| ('①'..='⑳').contains(&c)) {
            answer = rest;
        }
    }
    if let Some((before, _)) = fold::bracketed(answer) {
        answer = before;
    } else if let Some((before, added)) = answer.split_once([',', ';', ':'])
        && added.chars().count() > 1
    {
        answer = before;
    }
    (!answer.is_empty() && answer != text).then_some(answer)
}

fn mark_in(text: &str, field: &Field) -> Mark {
    let is_boarding = field.name() == "boarding";
    match text {
        "" | "空" => Mark::Blank,
        stroke if is_stroke(stroke) => Mark::Blank,
        "√" | "✓" | "✔" | "☑" | "☒" | "✅" | "●" | "■" | "◉" | "★" | "▲" | "◆" | "◼" | "⚫" => {
            Mark::Yes
        }
        "×" | "✗" | "✘" | "☐" | "□" | "❌" | "✖" | "◻" | "☆" | "△" | "◇" => Mark::No,
        "○" | "◯" | "〇" | "⚪" => Mark::Circle,
        day if is_boarding && vocabulary::is(day, Is::Day) => Mark::No,
        boards if is_boarding && vocabulary::is(boards, Is::Boards) => Mark::Yes,
        yes if vocabulary::is(yes, Is::Yes) => Mark::Yes,
        no if vocabulary::is(no, Is::No) => Mark::No,
        word => own_word(word, field),
    }
}

/// A cell that is the column's own word (住校), a kind of it (单亲留守儿童), or its denial (非留守儿童).
fn own_word(text: &str, field: &Field) -> Mark {
    const NOT: [char; 5] = ['非', '不', '无', '未', '没'];
    const LONGEST_KIND: usize = 3;
    if text.chars().count() > 12 {
        return Mark::Bad;
    }
    let own = |word: &str| heading::word(word).is_some_and(|meaning| meaning.field == *field);
    if own(text) {
        return Mark::Yes;
    }
    let denied = vocabulary::words(Is::Denied).iter().find_map(|denied| text.strip_prefix(denied));
    if let Some(word) = denied {
        return if own(word) { Mark::No } else { Mark::Bad };
    }
    let ends = text.char_indices().skip(1).take(LONGEST_KIND).map(|(at, _)| text.split_at(at));
    let mut kinds = ends.filter(|(kind, word)| kind.chars().all(|c| fold::is_han(c) && !NOT.contains(&c)) && own(word));
    if kinds.next().is_some() { Mark::Yes } else { Mark::Bad }
}

/// A gender as a list may tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gender {
    /// 男.
    Male,
    /// 女.
    Female,
    /// Another one.
    Other,
    /// Not told.
    Unsaid,
}

/// Reads a gender. Codes like 1 and 2 are not read: which is which differs between schools; `1-男` says it.
#[must_use]
pub fn gender(raw: &Raw) -> Option<Gender> {
    let text = raw.line();
    gender_in(&text).or_else(|| if text.len() <= 60 { answer(&fold::fold(&text)).and_then(gender_in) } else { None })
}

fn gender_in(text: &str) -> Option<Gender> {
    let kinds = [
        (Is::Male, Gender::Male),
        (Is::Female, Gender::Female),
        (Is::OtherGender, Gender::Other),
        (Is::UnsaidGender, Gender::Unsaid),
    ];
    match text.trim_end_matches(fold::is_selector) {
        "♂" => Some(Gender::Male),
        "♀" => Some(Gender::Female),
        _ => kinds.into_iter().find(|(kind, _)| vocabulary::is(text, *kind)).map(|(_, gender)| gender),
    }
}

/// Whether a cell is an id of which a spreadsheet has lost the last digits.
#[must_use]
pub fn has_lost_digits(raw: &Raw) -> bool {
    const EXACT: f64 = 1e15; // spreadsheets keep 15 digits
    match raw {
        Raw::Number(x) => x.abs() >= EXACT,
        Raw::Text(text) => is_scientific(text),
        _ => false,
    }
}

/// Reads an id: half-width, and numbers without decimals or exponent. `None` where a spreadsheet has lost its last digits.
#[must_use]
pub fn id(raw: &Raw) -> Option<(String, Vec<Odd>)> {
    take_id(&mut raw.clone())
}

/// Reads an id and takes its text out of the cell.
#[must_use]
pub fn take_id(raw: &mut Raw) -> Option<(String, Vec<Odd>)> {
    match raw {
        raw if has_lost_digits(raw) => None,
        Raw::Number(x) if x.fract() == 0.0 => Some((format!("{x:.0}"), Vec::new())),
        raw => {
            let odd = oddities(raw, &raw.line());
            let text = raw.take_line();
            let id = if text.is_ascii() { text } else { fold::fold(&text) };
            let whole = id.split_once('.').filter(|(whole, rest)| is_digits(whole) && rest.bytes().all(|b| b == b'0'));
            Some((whole.map(|(whole, _)| whole.to_owned()).unwrap_or(id), odd))
        }
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// `2.02E+11`: what a spreadsheet made of a long number.
fn is_scientific(text: &str) -> bool {
    if !text.contains('+') {
        return false;
    }
    let Some((head, power)) = text.trim().split_once(['E', 'e']) else { return false };
    let is_head =
        head.bytes().all(|b| b.is_ascii_digit() || b == b'.') && head.starts_with(|c: char| c.is_ascii_digit());
    power.strip_prefix('+').is_some_and(is_digits) && is_head && (head.contains('.') || head.len() == 1)
}

/// Reads text on one line, and tells odd spaces and full-width letters or digits.
#[must_use]
pub fn words(raw: &Raw) -> (String, Vec<Odd>) {
    let text = raw.line();
    let odd = oddities(raw, &text);
    (text.into_owned(), odd)
}

/// Whether a text that is read as this line has spaces that are not said to mean anything.
fn has_odd_spaces(written: &str, line: &str) -> bool {
    written != line && written.trim_matches(' ') != line
}

/// What is odd of a cell that is read as this line.
#[must_use]
pub fn oddities(raw: &Raw, line: &str) -> Vec<Odd> {
    let mut odd = Vec::new();
    if let Raw::Text(written) = raw {
        if line.bytes().any(|byte| byte == 0xef)
            && line.chars().any(|c| matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ'))
        {
            odd.push(Odd::FullWidth);
        }
        if has_odd_spaces(written, line) {
            odd.push(Odd::Spaces);
        }
    }
    odd
}
