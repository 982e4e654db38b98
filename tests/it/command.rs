//! The real program, run as a user runs it.

use fenzu::plan::document::{Document, GoalRecord};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: Vec<u8>,
    pub err: String,
}

impl Ended {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.out).expect("text on stdout")
    }

    /// The exit code must be this one.
    pub fn code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", String::from_utf8_lossy(&self.out), self.err);
        self
    }

    /// The one plan on stdout.
    pub fn plan(&self) -> Document {
        let text = self.text();
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in:\n{text}\nstderr:\n{}", self.err))
    }
}

/// `fenzu ARGS`, ready to be started: in English unless the arguments say otherwise, whatever the machine's language.
pub fn command<S: AsRef<str>>(args: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fenzu"));
    command.env("FENZU_LANG", "en").args(args.iter().map(AsRef::as_ref)).stdin(Stdio::null());
    command
}

/// Runs `fenzu ARGS` to its end.
pub fn fenzu<S: AsRef<str>>(args: &[S]) -> Ended {
    let output = command(args).output().expect("the program starts");
    Ended { code: output.status.code(), out: output.stdout, err: String::from_utf8_lossy(&output.stderr).into_owned() }
}

/// `fenzu solve LIST OPTIONS --format json`, which must answer with a plan.
pub fn solve<S: AsRef<str>>(list: &str, options: &[S]) -> Document {
    let args: Vec<&str> =
        ["solve", list, "--format", "json"].into_iter().chain(options.iter().map(AsRef::as_ref)).collect();
    fenzu(&args).code(0).plan()
}

/// A folder for one test.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// Writes a file; its path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).expect("a file");
        path
    }

    /// The names of all files, hidden ones too.
    pub fn names(&self) -> BTreeSet<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("a folder");
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }
}

/// A list of `datasets/`.
pub fn dataset(name: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("datasets").join(name).display().to_string()
}

/// A list of the shared data, which only some machines have.
pub fn shared(name: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not here", path.display());
        return None;
    }
    Some(path.display().to_string())
}

/// The goal of this name.
pub fn goal<'d>(document: &'d Document, name: &str) -> &'d GoalRecord {
    let found = document.goals.iter().find(|goal| goal.name == name);
    found.unwrap_or_else(|| panic!("no goal {name} in {:?}", document.goals))
}

/// The balance row of a column: one number a group.
pub fn counts(document: &Document, column: &str) -> Vec<f64> {
    let found = document.balance.iter().find(|row| row.column == column);
    found.unwrap_or_else(|| panic!("no row {column} in {:?}", document.balance)).groups.clone()
}

/// Sizes of the groups, largest first.
pub fn sizes(document: &Document) -> Vec<usize> {
    let mut sizes: Vec<usize> = document.groups.iter().map(|group| group.students.len()).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes
}

/// The groups as lists of ids.
pub fn groups(document: &Document) -> Vec<Vec<String>> {
    document.groups.iter().map(|group| group.students.clone()).collect()
}

/// The number of the group, from 0, in which a student is.
pub fn group_of(document: &Document, id: &str) -> usize {
    let found = document.groups.iter().position(|group| group.students.iter().any(|student| student == id));
    found.unwrap_or_else(|| panic!("{id} is in no group"))
}

/// Everything but the times.
pub fn timeless(mut document: Document) -> Document {
    document.elapsed_seconds = 0.0;
    for goal in &mut document.goals {
        goal.found_seconds = goal.found_seconds.map(|_| 0.0);
        goal.proved_seconds = goal.proved_seconds.map(|_| 0.0);
    }
    document
}

/// `fenzu check PLAN --list LIST OPTIONS` agrees.
pub fn agrees(plan: &str, list: &str, options: &[&str]) {
    let args: Vec<&str> = ["check", plan, "--list", list].into_iter().chain(options.iter().copied()).collect();
    let ended = fenzu(&args).code(0);
    assert!(ended.text().contains("agrees; every value, bound and rule was recomputed"), "{}", ended.text());
}
