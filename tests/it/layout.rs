//! The layout of `src`: imports run one way, between rooms and inside them (`circles`), what each room may name, and no long
//! files.

mod circles;

use std::fs;
use std::path::{Path, PathBuf};

/// Every room with its height; a room may import from lower ones only.
const ROOMS: &[(&str, u8)] = &[
    ("words", 0),
    ("fault", 1),
    ("roster", 2),
    ("base", 3),
    ("plan", 4),
    ("model", 5),
    ("check", 6),
    ("problem", 7),
    ("goals", 8),
    ("solver", 9),
    ("explain", 10),
    ("report", 11),
    ("sample", 11),
    ("pipeline", 12),
    ("school", 13),
    ("store", 14),
    ("jobs", 15),
    ("service", 16),
    ("cli", 17),
];

/// The judge and what it judges share no code.
const STRANGERS_OF_CHECK: &[&str] = &["problem", "goals", "solver"];

/// What makes a plan of a request; above the pipeline nobody does it by himself.
const STEPS: &[&str] = &["goals::compile", "solver::solve"];

/// Up to `school` all is synchronous and knows no clock.
const HIGHEST_PURE: u8 = 13;

/// The folders of `src` that are crates of their own; their rooms are named without them.
const MEMBERS: &[&str] = &["reader/", "engine/"];

const LONGEST: usize = 450;

fn height(room: &str) -> Option<u8> {
    ROOMS.iter().find(|(name, _)| *name == room).map(|(_, height)| *height)
}

/// A source file: path below `src`, and its text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// `check` of `check.rs` and `check/marks.rs`; none for `lib.rs` and `main.rs`, which tie the rooms together.
    fn room(&self) -> Option<&str> {
        let first = self.path.split('/').next()?;
        let room = first.strip_suffix(".rs").unwrap_or(first);
        (room != "lib" && room != "main").then_some(room)
    }

    /// The text without comments; strings stay.
    fn code(&self) -> String {
        let lines = self.text.lines().map(|line| line.split_once("//").map_or(line, |(code, _)| code));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Whether the code names a path such as `std::time` or a crate as a word of its own.
    fn names(&self, word: &str) -> bool {
        let code = self.code();
        code.match_indices(word)
            .any(|(at, _)| !code[..at].ends_with(is_part) && !code[at + word.len()..].starts_with(is_part))
    }
}

fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    assert!(files.len() > 10, "src is read");
    let read = |file: &PathBuf| {
        let path = file.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
        let within = MEMBERS.iter().find_map(|member| path.strip_prefix(member)).unwrap_or(&path).to_owned();
        Source { path: within, text: fs::read_to_string(file).expect("a readable source file") }
    };
    files.iter().map(read).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            collect(&entry, files);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            files.push(entry);
        }
    }
}

/// Every path that code names from `crate`, `super` or `self`, each item of a braced list by itself.
fn paths(code: &str) -> Vec<Vec<&str>> {
    let mut found = Vec::new();
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(start) {
            if !code[..at].ends_with(|c: char| is_part(c) || c == ':') {
                path(&code[at..], &[], &mut found);
            }
        }
    }
    found
}

/// Finds the paths of a `use` tree and returns what follows: `a::{b, c::D}` is `a::b` and `a::c::D`.
fn path<'c>(code: &'c str, before: &[&'c str], found: &mut Vec<Vec<&'c str>>) -> &'c str {
    let Some(mut list) = code.strip_prefix('{') else {
        let (word, rest) = code.split_at(code.find(|c| !is_part(c)).unwrap_or(code.len()));
        let here = [before, &[word]].concat();
        if let Some(rest) = rest.strip_prefix("::") {
            return path(rest, &here, found);
        }
        found.push(here);
        return rest;
    };
    loop {
        list = list.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        if list.is_empty() || list.starts_with('}') {
            return list.strip_prefix('}').unwrap_or(list);
        }
        // Behind a path there may be `as name`.
        list = path(list, before, found).trim_start_matches(|c| !",}".contains(c));
    }
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// What is wrong with a file's imports.
fn breaches(source: &Source) -> Vec<String> {
    let Some(room) = source.room() else { return Vec::new() };
    let Some(own) = height(room) else { return vec![format!("{}: give the room `{room}` a place", source.path)] };
    let judge = |other: &str| {
        let strangers = |a: &str, b: &str| a == "check" && STRANGERS_OF_CHECK.contains(&b);
        match height(other) {
            _ if other == room => None,
            None => Some("is no room"),
            Some(_) if strangers(room, other) || strangers(other, room) => Some("shares no code with it"),
            Some(other) => (other >= own).then_some("is not below it"),
        }
    };
    let told = |other: &str| judge(other).map(|why| format!("{} imports `{other}`, which {why}", source.path));
    let code = source.code();
    paths(&code).iter().filter(|path| path[0] == "crate").filter_map(|path| told(path[1])).collect()
}

/// Crates and modules named where they must not be.
fn misplaced(source: &Source) -> Vec<String> {
    let mut told = Vec::new();
    let mut forbid = |word: &str, allowed: bool| {
        if !allowed && source.names(word) {
            told.push(format!("{} names {word}", source.path));
        }
    };
    let pure = source.room().and_then(height).is_some_and(|height| height <= HIGHEST_PURE);
    let of = |rooms: &[&str]| source.room().is_some_and(|room| rooms.contains(&room));
    let log_filter = source.path == "cli/logs.rs"; // names crates to quieten them
    // One way in: `crate::roster`, whichever member it stands in.
    for member in ["fenzu_reader", "fenzu_engine"] {
        forbid(member, source.path == "lib.rs");
    }
    forbid("tokio", !pure);
    forbid("sqlx", of(&["store", "jobs"]) || log_filter);
    forbid("apalis", of(&["jobs"]) || log_filter);
    forbid("axum", of(&["service"]));
    forbid("std::time", !pure || source.path.starts_with("solver/stop"));
    for word in ["good_lp", "highs"] {
        forbid(word, source.path.starts_with("solver/mip"));
    }
    told
}

#[test]
fn imports_run_one_way() {
    let breaches: Vec<String> = sources().iter().flat_map(breaches).collect();
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn rooms_name_only_what_they_may() {
    let misplaced: Vec<String> = sources().iter().flat_map(misplaced).collect();
    assert!(misplaced.is_empty(), "{}", misplaced.join("\n"));
}

/// The steps of the pipeline that a file of a higher room takes by itself.
fn led_elsewhere(source: &Source) -> Vec<String> {
    let above = source.room().and_then(height) > height("pipeline");
    let code = source.code();
    let named: Vec<String> = paths(&code).iter().map(|path| path.join("::")).collect();
    let takes = |step: &&&str| source.names(step) || named.iter().any(|path| path.ends_with(**step));
    let told = |step: &&str| format!("{} takes the step {step}, which is the pipeline's", source.path);
    STEPS.iter().filter(|_| above).filter(takes).map(told).collect()
}

#[test]
fn one_room_leads_a_request() {
    let led: Vec<String> = sources().iter().flat_map(led_elsewhere).collect();
    assert!(led.is_empty(), "{}", led.join("\n"));
}

#[test]
fn no_file_is_long() {
    let length = |source: &Source| source.text.lines().count();
    let long: Vec<String> =
        sources().iter().filter(|s| length(s) > LONGEST).map(|s| format!("{}: {} lines", s.path, length(s))).collect();
    assert!(long.is_empty(), "above {LONGEST} lines, split by job:\n{}", long.join("\n"));
}

/// The tests above can fail.
#[test]
fn breaches_are_seen() {
    let count = |path: &str, text: &str| breaches(&source(path, text)).len();
    assert_eq!(
        count(
            "check/marks.rs",
            "use crate::{roster::{Roster, Cell}, solver::Stop, words};\nfn f() { crate::report::x() }"
        ),
        2
    );
    assert_eq!(count("check.rs", "use crate::goals::Goal; // crate::cli"), 1);
    assert_eq!(count("solver/search.rs", "use crate::check::score;"), 1);
    assert_eq!(count("report/json.rs", "use crate::check::score; use crate::sample::x;"), 1);
    assert_eq!(count("plan.rs", "use crate::model::Request;"), 1);
    assert_eq!(count("attic.rs", ""), 1);
    assert_eq!(count("main.rs", "use crate::cli::run;"), 0);
    let led = |path: &str, text: &str| led_elsewhere(&source(path, text)).len();
    assert_eq!(led("jobs/plan.rs", "use crate::{goals::{Goal, compile}, solver::{self, Stop}};\nsolver::solve(x)"), 2);
    assert_eq!(led("pipeline/class.rs", "use crate::goals; goals::compile(x)"), 0);
    let named = |path: &str, text: &str| misplaced(&source(path, text)).len();
    assert_eq!(named("solver/search.rs", "use std::time::Instant;\nuse good_lp::variable;\nlet highscore = 1;"), 2);
    assert_eq!(named("solver/stop.rs", "use std::time::Instant; // tokio"), 0);
    assert_eq!(named("solver/mip/model.rs", "use highs::Model;"), 0);
    assert_eq!(named("service/app.rs", "use axum::Router; use std::time::Duration;"), 0);
    assert_eq!(named("service/app.rs", "use sqlx::AnyPool; use apalis::prelude::Monitor;"), 2);
    assert_eq!(named("jobs/queue.rs", "use sqlx::PgPool; use axum::Json;"), 1);
    assert_eq!(named("cli/solve.rs", "use fenzu_reader::roster::Roster;"), 1);
}
