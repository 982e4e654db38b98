//! The separator of a text, by the consistency of the rows and cells that it makes: the measure of `CleverCSV` (van den
//! Burg, Nazábal, Sutton: Wrangling messy CSV files by detecting row and type patterns, 2019), on separators alone.

use super::Raw;
use crate::roster::fold;
use crate::roster::heading;
use std::collections::{BTreeMap, HashSet};

/// How much of a text, and how many of its records, decide.
const SAMPLE: usize = 64 << 10;
const RECORDS: usize = 200;
const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// The records of a text under a separator.
pub fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes())
}

/// The separator that the first line names for a spreadsheet program: `sep=;`.
#[must_use]
pub fn hint(text: &str) -> Option<u8> {
    let line = text.lines().next()?.trim_matches([' ', '"']);
    match line.get(..4)?.eq_ignore_ascii_case("sep=").then(|| &line.as_bytes()[4..])? {
        [] if text.starts_with("sep=\t") => Some(b'\t'),
        [separator] if separator.is_ascii() && *separator != b'"' => Some(*separator),
        _ => None,
    }
}

/// The separator of the most consistent reading; among equals the one with the most header words, then the comma.
#[must_use]
pub fn find(text: &str) -> u8 {
    let mut end = text.len().min(SAMPLE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let present = SEPARATORS.into_iter().filter(|separator| text.as_bytes()[..end].contains(separator));
    let judged = present.map(|separator| (separator, judge(&text[..end], separator)));
    let best = judged.reduce(|best, other| if other.1 > best.1 { other } else { best });
    best.map_or(b',', |(separator, _)| separator)
}

/// How consistent the rows and cells under a separator are, and how many different header words one row holds.
fn judge(text: &str, separator: u8) -> (f64, usize) {
    let (mut widths, mut typed, mut cells, mut words) = (BTreeMap::<u32, u32>::new(), 0u32, 0u32, 0);
    for record in reader(text, separator).records().take(RECORDS).flatten() {
        if record.iter().all(|cell| fold::trim(cell).is_empty()) {
            continue;
        }
        let width = u32::try_from(record.len()).unwrap_or(u32::MAX);
        *widths.entry(width).or_default() += 1;
        cells = cells.saturating_add(width);
        typed += record.iter().map(|cell| u32::from(has_type(cell))).sum::<u32>();
        let fields = record.iter().filter_map(heading::word).map(|meaning| meaning.field);
        words = words.max(fields.collect::<HashSet<_>>().len());
    }
    // A row of one cell counts a little, so that a separator that never separates is the worst but still one.
    let worth = |width: u32| if width == 1 { 1e-3 } else { 1.0 - 1.0 / f64::from(width) };
    let patterns: f64 = widths.iter().map(|(width, rows)| f64::from(*rows) * worth(*width)).sum();
    let kinds = f64::from(u32::try_from(widths.len()).unwrap_or(u32::MAX));
    let share = f64::from(typed) / f64::from(cells.max(1));
    (patterns / kinds.max(1.0) * share.max(1e-10), words)
}

/// Whether a cell is of a kind that cells are: nothing, a number, or words without a separator in them.
fn has_type(cell: &str) -> bool {
    let cell = fold::trim(cell);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_decimal = |cell: &str| {
        let parts = cell.split_once(',');
        parts.is_some_and(|(whole, part)| {
            digits(whole.trim_start_matches(['-', '+'])) && digits(part.trim_end_matches(['%', ' ']))
        })
    };
    !cell.bytes().any(|b| SEPARATORS.contains(&b) || b == b'"') || is_decimal(cell) || Raw::text(cell).is_numeric()
}
