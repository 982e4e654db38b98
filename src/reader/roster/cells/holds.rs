//! What the cells of a column look like, whatever it is read as.

use crate::roster::table::Raw;
use crate::roster::value::{self, Numeric};
use crate::roster::{Holds, fold};
use foldhash::{HashMap, HashMapExt as _};

/// How many rows are looked at; a list is not other further down.
const LOOKED_AT: usize = 2_000;
/// How many different marks a column of marks has at least; fewer are kinds or steps of a questionnaire.
const DIFFERENT_MARKS: usize = 6;
/// Whole numbers from here on, all of one length, name somebody or something (ids, telephones, dates).
const FIRST_ID: f64 = 10_000.0;
/// No mark is as large.
const NO_MARK: f64 = 10_000_000.0;
/// How many kinds a short list may have; beyond them most are to be shared.
const FEW_KINDS: usize = 12;

/// What a column holds.
pub fn of(raws: &[Raw]) -> Holds {
    let looked_at = &raws[..raws.len().min(LOOKED_AT)];
    let filled: Vec<&Raw> = looked_at.iter().filter(|raw| !raw.is_blank()).collect();
    if filled.is_empty() {
        return Holds::Nothing;
    }
    if is_marks(&filled) {
        return Holds::Marks;
    }
    let mut kinds: HashMap<String, usize> = HashMap::new();
    for raw in &filled {
        *kinds.entry(raw.shown()).or_default() += 1;
    }
    let is_kinds = match kinds.iter().next() {
        Some((tick, n)) if kinds.len() == 1 => filled.len() < looked_at.len() && is_tick(tick, *n),
        _ => is_shared(&kinds, filled.len()) || (kinds.len() == filled.len() && are_of_blocks(looked_at, &filled)),
    };
    if is_kinds && !kinds.keys().any(|kind| is_free(kind)) && !is_dates(&filled) { Holds::Kinds } else { Holds::Words }
}

/// Whether a column holds marks that can be read as they stand, but for a few.
pub fn are_plain_marks(raws: &[Raw]) -> bool {
    let filled = || raws.iter().take(LOOKED_AT).filter(|raw| !raw.is_blank());
    let is_plain = |raw: &&Raw| number(raw).is_some_and(|mark| mark >= -1.0) || value::number(raw) == Numeric::Absent;
    of(raws) == Holds::Marks && 10 * filled().filter(is_plain).count() >= 9 * filled().count()
}

/// Whether different short texts stand each above rows that are blank, as groups and rooms are written at their first student only.
fn are_of_blocks(raws: &[Raw], filled: &[&Raw]) -> bool {
    const LONGEST: usize = 8;
    let is_short = |raw: &&Raw| raw.shown().chars().count() <= LONGEST;
    let begins = raws.first().is_some_and(|raw| !raw.is_blank());
    begins && filled.len() > 1 && 2 * filled.len() <= raws.len() && filled.iter().all(is_short)
}

/// Whether one value beside blank cells says yes: a sign, or a word that several have.
fn is_tick(tick: &str, n: usize) -> bool {
    n > 1 || tick.chars().filter(|c| !fold::is_selector(*c)).count() == 1
}

/// Whether the kinds are well fewer than the cells and shared by most; of many kinds most are shared.
fn is_shared(kinds: &HashMap<String, usize>, cells: usize) -> bool {
    let shared = || kinds.values().filter(|n| **n > 1);
    let are_few = kinds.len() <= FEW_KINDS || 2 * kinds.len() <= cells && 2 * shared().count() >= kinds.len();
    are_few && 3 * kinds.len() <= 2 * cells && 2 * shared().sum::<usize>() > cells
}

/// Whether a cell is plainly free text or an address of mail.
fn is_free(text: &str) -> bool {
    text.len() > 60 || text.contains('@')
}

/// Whether most cells are dates or times of the day.
fn is_dates(filled: &[&Raw]) -> bool {
    let is_date = |raw: &Raw| match raw {
        Raw::Date(_) => true,
        Raw::Number(_) | Raw::Text(_) => {
            let numbers = fold::fold(&raw.shown());
            let numbers = numbers.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
            let numbers: Vec<u32> = numbers.filter_map(|part| part.parse().ok()).collect();
            match *numbers.as_slice() {
                [day] => is_day(day),
                [first, month, day, ..] => is_year(first) && month <= 12 && day <= 31 || is_year(day),
                _ => false,
            }
        }
        _ => false,
    };
    2 * filled.iter().filter(|raw| is_date(raw)).count() >= filled.len()
}

/// Whether a number is a day as 20120503.
fn is_day(number: u32) -> bool {
    is_year(number / 10_000) && (1..=12).contains(&(number / 100 % 100)) && (1..=31).contains(&(number % 100))
}

fn is_year(number: u32) -> bool {
    (1_900..=2_100).contains(&number)
}

/// Most cells are numbers as marks are, whatever their unit: neither ids nor dates nor a count of the rows, and of enough
/// different values.
fn is_marks(filled: &[&Raw]) -> bool {
    // Most columns without marks are without digits: spares them the look for words of absence.
    let has_digit = |raw: &&&Raw| match raw {
        Raw::Text(text) => text.chars().any(|c| fold::half_width(c).is_ascii_digit()),
        _ => true,
    };
    if !filled.iter().any(|raw| has_digit(&raw)) {
        return false;
    }
    let mut numbers: Vec<f64> = filled.iter().filter(has_digit).filter_map(|raw| number(raw)).collect();
    let absent = filled.iter().filter(|raw| value::number(raw) == Numeric::Absent).count();
    if 2 * numbers.len() <= filled.len() - absent {
        numbers = measured(filled);
    }
    if numbers.is_empty() || 2 * numbers.len() <= filled.len() - absent {
        return false;
    }
    let mut sorted = numbers.clone();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    let (low, high) = sorted.first().zip(sorted.last()).map_or((0.0, 0.0), |(low, high)| (*low, *high));
    let is_whole = sorted.iter().all(|x| x.fract() == 0.0);
    let rises = numbers.windows(2).all(|pair| (pair[1] - pair[0] - 1.0).abs() < f64::EPSILON);
    let counts_rows = rises && (numbers.len() >= DIFFERENT_MARKS || numbers.len() > 2 && numbers[0] <= 1.0);
    let are_ids = is_whole && low >= FIRST_ID && low.log10().floor() >= high.log10().floor();
    let are_years = is_whole && low >= 1_900.0 && high <= 2_100.0;
    let padded = filled
        .iter()
        .any(|raw| matches!(raw, Raw::Text(text) if text.len() > 1 && text.starts_with('0') && !text.contains(['.', ',', ':'])));
    sorted.len() >= DIFFERENT_MARKS.min(numbers.len().max(3))
        && high < NO_MARK
        && !are_ids
        && !counts_rows
        && !are_years
        && !padded
}

fn number(raw: &Raw) -> Option<f64> {
    match value::number(raw) {
        Numeric::Number(x, _) => Some(x),
        _ => match value::numeric_form(raw)? {
            value::Written::Percent(x) | value::Written::Fraction(x, _) => Some(x),
            value::Written::Comma { decimal, thousands } => decimal.or(thousands),
        },
    }
}

/// The numbers of cells that all have one unit: `800L`, `1.2 米`, `4'05"`, `3分20秒`. What is counted off (5班, 301室) is none.
fn measured(filled: &[&Raw]) -> Vec<f64> {
    const ORDINAL: &str = "班组号室床栋幢楼排座桌层村队年月日级届岁元期";
    let parts: Vec<(Vec<f64>, String)> = filled.iter().filter_map(|raw| quantity(&raw.shown())).collect();
    let mut units: HashMap<&str, usize> = HashMap::new();
    for (_, unit) in &parts {
        *units.entry(unit).or_default() += 1;
    }
    let Some((&unit, _)) = units.iter().max_by_key(|(unit, n)| (**n, **unit)) else { return Vec::new() };
    let is_ordinal = ["st", "nd", "rd", "th"].contains(&unit) || unit.contains(|c| ORDINAL.contains(c));
    if unit.is_empty() || is_ordinal || unit.contains(['/', '(', ')']) {
        return Vec::new();
    }
    // 4'05" is more than 4'00".
    let value = |numbers: &[f64]| numbers.iter().fold(0.0, |whole, part| 60.0 * whole + part);
    parts.iter().filter(|(_, is)| is == unit).map(|(numbers, _)| value(numbers)).collect()
}

/// The one or two numbers of a short text that begins with a number, and what stands between and behind them.
fn quantity(text: &str) -> Option<(Vec<f64>, String)> {
    let text = fold::fold(text);
    if text.chars().count() > 12 || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let numbers = text.split(|c: char| !c.is_ascii_digit() && c != '.').filter(|part| !part.is_empty());
    let numbers: Vec<f64> = numbers.map(str::parse).collect::<Result<_, _>>().ok()?;
    let unit: String = text.chars().filter(|c| !c.is_ascii_digit() && *c != '.' && !fold::is_space(*c)).collect();
    let is_short = match numbers.len() {
        1 => unit.chars().count() <= 5,
        2 => !unit.contains('-') && unit.chars().count() <= 4,
        _ => false,
    };
    is_short.then_some((numbers, unit))
}
