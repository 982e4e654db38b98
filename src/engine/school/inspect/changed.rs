//! What was changed by hand since the run wrote it: by the digests that the run left, and cell by cell where the file can be made
//! again.

use super::super::outputs;
use super::super::standing::Standing;
use super::super::summary::Summary;
use crate::base::files;
use crate::check::Finding;
use crate::fault::{Fault, Faults};
use crate::roster::table::{self, Raw, Table};
use crate::roster::{Limits, column_letters, sha256};
use crate::words;
use crate::words::{Lang, Words};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Most differences of a file that are shown.
const SHOWN: usize = 5;
/// Numbers that are alike so far are alike.
const DIGITS: f64 = 1e6;
/// Longest text of a difference, in characters.
const LONGEST: usize = 40;

/// Files by path, made again in a language; none where that fails.
type Again<'a> = &'a dyn Fn(Lang) -> Option<Vec<(String, Vec<u8>)>>;

/// The files of a class that are not as they were written.
pub(super) fn of_class(output: &Path, standing: &Standing) -> Result<Vec<Finding>, Faults> {
    let [.., digests, _] = outputs::paths(&standing.file);
    let again = |lang| {
        let class = standing.prepared().ok()?;
        outputs::class_files(&class, &standing.document, &standing.file, lang).ok()
    };
    changed(output, &digests, &again)
}

/// The summaries that are not as they were written.
pub(super) fn of_summary(output: &Path, summary: &Summary) -> Result<Vec<Finding>, Faults> {
    changed(output, &outputs::summary_sums(), &|lang| summary.files(lang).ok())
}

/// The files that are not as they were written, by the digests at a path; a folder of an earlier version has none.
fn changed(output: &Path, digests: &str, again: Again<'_>) -> Result<Vec<Finding>, Faults> {
    let read = |file: &str| {
        let path = output.join(file);
        files::read_if_there(&path).map_err(|error| Faults::from(Fault::unreadable(&path, &error)))
    };
    let written = read(digests)?.and_then(|bytes| serde_json::from_slice::<BTreeMap<String, String>>(&bytes).ok());
    let mut findings = Vec::new();
    for (file, sum) in written.into_iter().flatten() {
        // That a file is not there is told elsewhere.
        let Some(now) = read(&file)?.filter(|bytes| sha256(bytes) != sum) else { continue };
        let of_lang = |lang| again(lang)?.into_iter().find(|(path, bytes)| *path == file && sha256(bytes) == sum);
        let before = [Lang::Zh, Lang::En].into_iter().find_map(of_lang).map(|(_, bytes)| bytes);
        let differences = before.and_then(|before| differences(&file, &before, &now));
        if differences.as_ref().is_some_and(Vec::is_empty) {
            continue; // saved again by an office program, and nothing else
        }
        let message = message(&differences.unwrap_or_default());
        findings.push(Finding { code: "file_changed", place: file, message });
    }
    Ok(findings)
}

fn message(differences: &[String]) -> Words {
    if differences.is_empty() {
        return words!("写出以后被改过", "it was changed since it was written");
    }
    let more = if differences.len() > SHOWN { " …" } else { "" };
    let shown = &differences[..differences.len().min(SHOWN)];
    let (n, zh, en) = (differences.len(), shown.join("；"), shown.join("; "));
    words!("写出以后改了 {n} 处：{zh}{more}", "changes since it was written: {n} ({en}{more})")
}

/// What differs between a file as it was and as it is; none where that cannot be told.
fn differences(file: &str, before: &[u8], now: &[u8]) -> Option<Vec<String>> {
    if is_workbook(file) {
        let cells = |bytes: &[u8]| {
            std::panic::catch_unwind(|| table::open(bytes, file, &Limits::default()))
                .ok()?
                .ok()
                .map(|book| cells(&book.tables))
        };
        return Some(of_maps(&cells(before)?, &cells(now)?));
    }
    let [before, now] = [before, now].map(|bytes| lines(&String::from_utf8_lossy(bytes)));
    Some(of_maps(&before, &now))
}

fn is_workbook(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|ending| ending == "xlsx")
}

/// Every filled cell by sheet and place.
fn cells(tables: &[Table]) -> BTreeMap<(usize, usize, String), String> {
    let mut cells = BTreeMap::new();
    for (number, table) in tables.iter().enumerate() {
        for row in &table.rows {
            for (column, cell) in row.filled() {
                let place = format!("{}!{}{}", table.sheet, column_letters(column), row.number);
                cells.insert((number, row.number, place), text(cell));
            }
        }
    }
    cells
}

/// A cell's text; the last digits of a number are others in every office program.
fn text(cell: &Raw) -> String {
    match cell {
        Raw::Number(number) => Raw::Number((number * DIGITS).round() / DIGITS).shown(),
        cell => cell.shown(),
    }
}

/// Every text of a page or a JSON file, with how often it was there before.
fn lines(text: &str) -> BTreeMap<(usize, usize, String), String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let texts = text.split(['<', '\n']).map(|part| part.split_once('>').map_or(part, |(_, text)| text).trim());
    let texts = texts.filter(|text| !text.is_empty());
    let numbered = texts.map(|text| {
        let times = seen.entry(text.to_owned()).or_default();
        *times += 1;
        ((0, *times, text.to_owned()), text.to_owned())
    });
    numbered.collect()
}

/// What is not alike under one key; of keys that are texts themselves, the text alone.
fn of_maps(
    before: &BTreeMap<(usize, usize, String), String>,
    now: &BTreeMap<(usize, usize, String), String>,
) -> Vec<String> {
    let short = |text: &str| text.chars().take(LONGEST).collect::<String>();
    let shown = |place: &str, text: &str, sign: &str| {
        if place == text {
            format!("{sign}“{}”", short(text))
        } else {
            format!("{place} {sign}“{}”", short(text))
        }
    };
    let changed =
        before.iter().filter(|(key, text)| now.get(*key) != Some(text)).map(|(key, text)| match now.get(key) {
            Some(is) => format!("{} “{}” → “{}”", key.2, short(text), short(is)),
            None => shown(&key.2, text, "−"),
        });
    let more = now.iter().filter(|(key, _)| !before.contains_key(*key)).map(|(key, text)| shown(&key.2, text, "+"));
    changed.chain(more).collect()
}
