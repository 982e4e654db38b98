//! Text as people type it or copy it from a chat: cells between blanks or ， ； 、, a number before everybody (接龙), or all names in
//! one line.

use crate::roster::vocabulary::{self, Is};
use crate::roster::{fold, heading};
use std::collections::BTreeMap;

/// How many lines are looked at, and how much of the text.
const LOOKED_AT: usize = 200;
const SAMPLE: usize = 64 << 10;
/// How many lines of titles may stand above.
const TITLES: usize = 4;
/// The header is among the first so many.
const HEADERS: usize = 12;
/// Fewer names in a line are none.
const FEWEST_NAMES: usize = 4;

/// What stands between the cells of a line.
#[derive(Clone, Copy)]
enum Between {
    Sign(char),
    Blanks,
    /// A line is a cell.
    Nothing,
}

impl Between {
    fn cells(self, line: &str) -> Vec<&str> {
        match self {
            Self::Sign(sign) => line.split(sign).map(fold::trim).collect(),
            Self::Blanks => line.split(fold::is_space).filter(|part| !part.is_empty()).collect(),
            Self::Nothing => vec![fold::trim(line)],
        }
    }
}

/// Lines with their numbers, each cut into cells.
type Lines<'t> = Box<dyn Iterator<Item = (usize, Vec<&'t str>)> + 't>;

/// The lines of a text without the separators of programs; none where it is separated as usual or is no such text. Lines are cut
/// one by one, so that whoever counts the cells ends a text of too many before they take room.
pub fn lines(text: &str) -> Option<Lines<'_>> {
    let all = || (1..).zip(text.lines()).filter(|(_, line)| !fold::trim(line).is_empty());
    let few: Vec<(usize, &str)> = all().take(TITLES + 1).collect();
    if let Some(names) = names_in_a_line(&few) {
        return Some(Box::new(names.into_iter()));
    }
    let mut read = 0;
    let is_sampled = |line: &&str| {
        read += line.len();
        read <= SAMPLE
    };
    let first: Vec<&str> = all().map(|(_, line)| line).take(LOOKED_AT).take_while(is_sampled).collect();
    let is_separated = |line: &&&str| line.contains([',', '\t', ';', '|', '"']);
    if first.len() < FEWEST_NAMES || 2 * first.iter().filter(is_separated).count() >= first.len() {
        return None;
    }
    let titles = first.iter().position(|line| numbered(line).is_some()).filter(|titles| *titles <= TITLES);
    let body = &first[titles.unwrap_or(0)..];
    let between = if 5 * body.iter().filter(|line| numbered(line).is_some()).count() >= 4 * body.len() {
        let rests: Vec<&str> = body.iter().map(|line| numbered(line).map_or(*line, |(_, rest)| rest)).collect();
        (true, between(&rests).unwrap_or(Between::Nothing))
    } else {
        (false, between(&first)?)
    };
    Some(Box::new(all().map(move |(at, line)| (at, cells(line, between)))))
}

/// The cells of a line, the number before it first where lines are numbered.
fn cells(line: &str, (is_numbered, between): (bool, Between)) -> Vec<&str> {
    match numbered(line).filter(|_| is_numbered) {
        Some((number, rest)) => std::iter::once(number).chain(between.cells(rest)).collect(),
        None => between.cells(line),
    }
}

/// The number before a line and what stands behind it: `1. 王伟`, `2、李娜`, `3）张敏`.
fn numbered(line: &str) -> Option<(&str, &str)> {
    let line = fold::trim(line);
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = &line[..line.len() - rest.len()];
    let bare = rest.trim_start_matches(|c: char| ".、)）．:：".contains(c) || fold::is_space(c));
    let is_cut = bare.len() < rest.len() && !bare.starts_with(|c: char| c.is_ascii_digit());
    (is_cut && (1..=4).contains(&number.len()) && !bare.is_empty()).then_some((number, bare))
}

/// What cuts nearly all lines into equally many cells, below known headers or with numbers in a column.
fn between(lines: &[&str]) -> Option<Between> {
    let all = [Between::Sign('，'), Between::Sign('；'), Between::Sign('、'), Between::Blanks];
    all.into_iter().find(|between| {
        let cut: Vec<Vec<&str>> = lines.iter().map(|line| between.cells(line)).collect();
        let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
        for cells in &cut {
            *widths.entry(cells.len()).or_default() += 1;
        }
        let Some((&width, &n)) = widths.iter().max_by_key(|(_, n)| **n) else { return false };
        let known = |cells: &mut dyn Iterator<Item = &&str>| cells.filter(|cell| heading::word(cell).is_some()).count();
        let is_header = |cells: &&Vec<&str>| cells.len() == width && known(&mut cells.iter()) > 1;
        let runs_across = || known(&mut cut.iter().filter_map(|cells| cells.first())) > 1;
        let is_number = |c: usize| {
            let numbers = cut.iter().filter(|cells| cells.get(c).is_some_and(|cell| cell.parse::<f64>().is_ok()));
            5 * numbers.count() >= 4 * cut.len()
        };
        let is_gender = |c: usize| {
            let genders = cut.iter().filter(|cells| cells.get(c).is_some_and(|cell| says_gender(cell)));
            5 * genders.count() >= 4 * cut.len()
        };
        let is_told = |c: usize| is_number(c) || is_gender(c);
        let is_meant =
            || cut.iter().take(HEADERS).any(|cells| is_header(&cells)) || runs_across() || (0..width).any(is_told);
        width > 1 && 5 * n >= 4 * cut.len() && is_meant()
    })
}

/// The names of a text that holds nothing else, several in a line: one a line, below the titles.
fn names_in_a_line<'t>(lines: &[(usize, &'t str)]) -> Option<Vec<(usize, Vec<&'t str>)>> {
    let parts = |line: &'t str| {
        let is_between = |c: char| "、，,;；\t".contains(c) || fold::is_space(c);
        line.split(is_between).filter(|part| !part.is_empty()).collect::<Vec<&str>>()
    };
    let is_name = |part: &&str| {
        let is_short = (2..=4).contains(&part.chars().count()) || part.contains('·');
        is_short && part.chars().all(|c| fold::is_han(c) || c == '·') && heading::word(part).is_none()
    };
    if lines.len() > TITLES {
        return None;
    }
    let mut names = Vec::new();
    for &(number, line) in lines {
        let parts = parts(line);
        if parts.len() >= FEWEST_NAMES && parts.iter().all(is_name) {
            names.extend(parts.into_iter().map(|name| (number, vec![name])));
        } else if parts.len() > 1 || !names.is_empty() {
            return None; // no title above the names
        }
    }
    (!names.is_empty()).then_some(names)
}

fn says_gender(cell: &str) -> bool {
    [Is::Male, Is::Female].into_iter().any(|is| vocabulary::is(cell, is))
}
