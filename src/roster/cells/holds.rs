//! What the cells of a column look like, whatever it is read as.

use crate::roster::Holds;
use crate::roster::table::Raw;
use crate::roster::value::{self, Numeric};
use std::collections::HashMap;

/// How many rows are looked at; a list is not other further down.
const LOOKED_AT: usize = 2_000;
/// How many different marks a column of marks has at least; fewer are kinds or steps of a questionnaire.
const KINDS: usize = 6;
/// Numbers above this name somebody or something (ids, telephones, dates), unless they have decimals.
const MOST_MARKS: f64 = 2_000.0;

/// What a column holds.
pub fn of(raws: &[Raw]) -> Holds {
    let filled: Vec<&Raw> = raws.iter().take(LOOKED_AT).filter(|raw| !raw.is_blank()).collect();
    if filled.is_empty() {
        return Holds::Nothing;
    }
    let numbers: Vec<f64> = filled.iter().filter_map(|raw| number(raw)).collect();
    if is_marks(&numbers, &filled) {
        return Holds::Marks;
    }
    let mut kinds: HashMap<String, usize> = HashMap::new();
    for raw in &filled {
        *kinds.entry(raw.shown()).or_default() += 1;
    }
    let shared: usize = kinds.values().filter(|&&n| n > 1).sum();
    let dates = filled.iter().filter(|raw| matches!(raw, Raw::Date(_))).count();
    let is_kinds = (2..=12.max(filled.len() / 8)).contains(&kinds.len())
        && 2 * shared > filled.len()
        && 3 * kinds.len() <= 2 * filled.len()
        && 2 * dates < filled.len()
        && kinds.keys().all(|kind| kind.len() <= 60);
    if is_kinds { Holds::Kinds } else { Holds::Words }
}

/// Most cells are numbers as marks are: neither ids nor dates nor a count of the rows, and of enough different values.
fn is_marks(numbers: &[f64], filled: &[&Raw]) -> bool {
    let absent = filled.iter().filter(|raw| value::number(raw) == Numeric::Absent).count();
    if numbers.is_empty() || 10 * (numbers.len() + absent) < 9 * filled.len() {
        return false;
    }
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    let range = sorted.first().zip(sorted.last()).map_or((0.0, 0.0), |(low, high)| (*low, *high));
    let counts_rows =
        numbers.windows(2).all(|pair| (pair[1] - pair[0] - 1.0).abs() < f64::EPSILON) && numbers.len() > 2;
    let is_year = range.0 >= 1_900.0 && range.1 <= 2_100.0;
    let padded = filled
        .iter()
        .any(|raw| matches!(raw, Raw::Text(text) if text.len() > 1 && text.starts_with('0') && !text.contains('.')));
    sorted.len() >= KINDS.min(numbers.len().max(3))
        && range.0 >= -1.0
        && range.1 <= MOST_MARKS
        && !counts_rows
        && !is_year
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
