//! Reading what the commands share: lists, models, rules, last semester's plan.

use super::Failure;
use super::reading::ReadingArgs;
use crate::fault::{Fault, Faults};
use crate::model::builtin::DEFAULT;
use crate::model::read::load;
use crate::model::request::{Previous, PreviousMode};
use crate::model::rules::read::read_rules;
use crate::model::{GoalName, Model, Request, Rules, SizeRange, Sizing};
use crate::plan::last::LastSemester;
use crate::plan::read::read_last;
use crate::report::text::clean;
use crate::roster::staff::Staff;
use crate::roster::{Limits, Roster, everybody_known, read_files, sha256};
use crate::words;
use crate::words::Lang;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What decides what a good plan is; shared by `solve` and `check`.
#[derive(Debug, clap::Args)]
pub(super) struct RequestArgs {
    /// Model (分组方案): a name from `fenzu models`, or a TOML or JSON file [default: responsibility-groups]
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) model: Option<String>,
    /// Rules (together, apart, pin, never_alone) as JSON
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// Last semester's plan, or a table with ids or names and groups: new groups should mix partners anew
    #[arg(long, value_name = "PLAN")]
    previous: Option<PathBuf>,
    /// With --previous: keep the old groups instead, as few students as possible change
    #[arg(long, requires = "previous")]
    keep: bool,
    /// Staff list (教师名单): groups get teachers within their capacity over all classes
    #[arg(long, value_name = "FILE")]
    teachers: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
}

impl RequestArgs {
    /// Reads the lists; the faults and open doubts of all of them at once.
    pub(super) fn lists(&self, paths: &[PathBuf]) -> Result<Vec<Roster>, Faults> {
        let overrides = self.reading.overrides()?;
        let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        let read = read_files(&paths, &overrides, &Limits::default())?;
        let strangers = read.iter().map(|roster| roster.strangers.as_slice());
        let known = everybody_known(strangers, "--exclude");
        let settled = Faults::of_all(read.into_iter().map(Roster::settled));
        Faults::of_both(known, settled).map(|((), rosters)| rosters)
    }

    /// The file of last semester's plan, as messages show it.
    pub(super) fn previous(&self) -> String {
        self.previous.as_deref().map(shown).unwrap_or_default()
    }

    /// The file of the staff list.
    pub(super) fn teachers(&self) -> Option<&Path> {
        self.teachers.as_deref()
    }

    /// Reads model, rules and last semester's plan.
    pub(super) fn request(&self, sizing: Option<Sizing>) -> Result<Request, Faults> {
        let model = load(self.model.as_deref().unwrap_or(DEFAULT));
        let rules = rules(self.rules.as_deref());
        let previous = self.previous.as_deref().map(|path| previous(path, self.keep)).transpose();
        let ((model, rules), previous) = Faults::of_both(Faults::of_both(model, rules), previous)?;
        Ok(Request { model, rules, sizing, previous, staff: None })
    }
}

/// The rules of a file; none without one.
pub(super) fn rules(path: Option<&Path>) -> Result<Rules, Faults> {
    let Some(path) = path else { return Ok(Rules::default()) };
    read_rules(&bytes(path)?, &shown(path))
}

/// A path as messages show it.
pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Largest plan, rules or model file.
const LARGEST: u64 = 64 << 20;

/// A file's bytes.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Faults> {
    bytes_up_to(path, LARGEST)
}

/// The bytes of a file of any but the largest size.
pub(super) fn bytes_up_to(path: &Path, largest: u64) -> Result<Vec<u8>, Faults> {
    let place = shown(path);
    let unreadable = |error: std::io::Error| Fault::unreadable(path, &error);
    let mut bytes = Vec::new();
    // One byte more than allowed is enough to refuse what is too long, be it a device that tells no length.
    File::open(path).and_then(|file| file.take(largest + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > largest {
        return Err(Faults(vec![Fault {
            code: "file_too_large",
            place,
            found: words!("超过 {largest} 字节", "more than {largest} bytes"),
            expected: words!("至多 {largest} 字节", "at most {largest} bytes"),
            action: words!("请确认文件是否正确", "check that it is the right file"),
        }]));
    }
    Ok(bytes)
}

fn previous(path: &Path, keep: bool) -> Result<Previous, Faults> {
    let bytes = bytes(path)?;
    let (sha256, mode) = (sha256(&bytes), if keep { PreviousMode::Keep } else { PreviousMode::Mix });
    Ok(Previous::new(LastSemester::of_file(read_last(&shown(path), &bytes, &Limits::default())?, sha256), mode))
}

/// `--groups N`, `--size N` or `--size MIN..MAX`.
pub(super) fn sizing(groups: Option<usize>, size: Option<&str>) -> Result<Option<Sizing>, Failure> {
    let bad = |text: &str| {
        Failure::Usage(words!(
            "--size {text}：应为人数（如 10）或范围（如 8..12）",
            "--size {text}: expected a number (10) or a range (8..12)"
        ))
    };
    match (groups, size) {
        (Some(groups), _) => Ok(Some(Sizing::Count(groups))),
        (None, None) => Ok(None),
        (None, Some(text)) => {
            let number = |part: &str| part.trim().parse::<usize>().ok().filter(|&n| n > 0).ok_or_else(|| bad(text));
            let Some((min, max)) = text.split_once("..") else { return Ok(Some(Sizing::Size(number(text)?))) };
            let (min, max) = (number(min)?, number(max)?);
            if min > max { Err(bad(text)) } else { Ok(Some(Sizing::Range(SizeRange { min, max }))) }
        }
    }
}

/// `--time-limit S`.
pub(super) fn time_limit(seconds: f64) -> Result<Duration, Failure> {
    let limit = Duration::try_from_secs_f64(seconds).ok().filter(|limit| !limit.is_zero());
    limit.ok_or_else(|| {
        Failure::Usage(words!("--time-limit 应为正的秒数", "--time-limit must be a positive number of seconds"))
    })
}

/// `--prove LEVEL|all`.
pub(super) fn prove(text: Option<&str>, model: &Model) -> Result<crate::solver::Prove, Failure> {
    use crate::solver::Prove;
    let Some(text) = text else { return Ok(Prove::Model) };
    if text == "all" {
        return Ok(Prove::All);
    }
    GoalName::of_word(text).map(Prove::Through).ok_or_else(|| {
        let (known, name) = (GoalName::ALL.map(GoalName::word).join(", "), &model.name);
        Failure::Usage(words!(
            "--prove {text}：方案“{name}”没有此目标；可用 all 或 {known}",
            "--prove {text}: no such goal (model \"{name}\"); use all, or one of {known}"
        ))
    })
}

/// Tells what was odd about a staff list, on the terminal.
pub(super) fn tell(staff: &Staff, lang: Lang) {
    for notice in &staff.notices {
        let place = format!("{} {}", clean(&staff.file), clean(&notice.place));
        eprintln!("{}: {}", place.trim_end(), clean(notice.message.get(lang)));
    }
}
