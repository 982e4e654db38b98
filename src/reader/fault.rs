//! What is told about input: faults (refused, exit code 2) and notices (read, but worth knowing).

use crate::words;
use crate::words::{Lang, Words};
use std::path::Path;
use std::{fmt, io};

/// Something odd that was read all the same: a missing score, a skipped row, a decided tie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// A stable word for programs, e.g. `score_missing`.
    pub code: &'static str,
    /// Where: `Sheet1!E12`, `line 12 (E12)`, or empty for the whole list.
    pub place: String,
    /// What was seen and what was made of it.
    pub message: Words,
}

/// One reason why an input is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A stable word for programs, e.g. `duplicate_id`.
    pub code: &'static str,
    /// Where: file, then sheet and cell or line: `class.xlsx Sheet1!E12`, `class.csv line 12 (E12)`.
    pub place: String,
    /// What was found there.
    pub found: Words,
    /// What was expected instead.
    pub expected: Words,
    /// What the user can do about it.
    pub action: Words,
}

impl Fault {
    /// A file or folder that cannot be read.
    #[must_use]
    pub fn unreadable(path: &Path, error: &io::Error) -> Self {
        Self {
            code: "unreadable_file",
            place: path.display().to_string(),
            found: words!("无法读取（{error}）", "an error on reading ({error})"),
            expected: words!("一个可读的文件或文件夹", "a file or folder that can be read"),
            action: words!("请检查路径和权限", "check the path and its permissions"),
        }
    }

    /// The fault as one line of text, for the command line.
    #[must_use]
    pub fn line(&self, lang: Lang) -> String {
        format!("[{}] {}", self.code, self.told(lang, self.action.get(lang)))
    }

    /// The fault as a sentence without code and options, for pages and sheets.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> String {
        self.told(lang, &self.action.without_options(lang))
    }

    fn told(&self, lang: Lang, action: &str) -> String {
        let (place, found, expected) = (&self.place, self.found.get(lang), self.expected.get(lang));
        match lang {
            Lang::Zh => format!("{place}：发现 {found}；应为 {expected}；{action}"),
            Lang::En => format!("{place}: found {found}; expected {expected}; {action}"),
        }
    }
}

/// All reasons why an input is refused, at once; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl Faults {
    /// The values of all results, or the faults of all at once.
    ///
    /// # Errors
    /// Every fault of every result.
    pub fn of_all<T>(results: impl IntoIterator<Item = Result<T, Self>>) -> Result<Vec<T>, Self> {
        let (mut values, mut faults) = (Vec::new(), Vec::new());
        for result in results {
            match result {
                Ok(value) => values.push(value),
                Err(found) => faults.extend(found.0),
            }
        }
        if faults.is_empty() { Ok(values) } else { Err(Self(faults)) }
    }

    /// Both values, or the faults of both at once.
    ///
    /// # Errors
    /// The faults of the one, then those of the other.
    pub fn of_both<T, U>(one: Result<T, Self>, other: Result<U, Self>) -> Result<(T, U), Self> {
        match (one, other) {
            (Ok(one), Ok(other)) => Ok((one, other)),
            (one, other) => {
                Err(Self([one.err(), other.err()].into_iter().flatten().flat_map(|found| found.0).collect()))
            }
        }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(|fault| fault.line(Lang::En)).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Faults {}
