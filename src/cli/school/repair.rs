//! `fenzu school repair`: students join and leave in mid-term.

use super::changes::{handed, moved};
use super::failure;
use crate::cli::reading::ReadingArgs;
use crate::cli::terminal::cancel_switch;
use crate::cli::{Ending, Failure, input, output};
use crate::report::text::clean;
use crate::roster::{Limits, read_file};
use crate::school::SchoolError;
use crate::school::repair::{Change, Repaired, repair};
use crate::solver::Stop;
use crate::words;
use crate::words::Lang;
use std::path::PathBuf;
use std::sync::Arc;

/// Students join and leave in mid-term: as few others as possible change group
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fenzu school repair out/ --left S012
  fenzu school repair out/ --joined new.csv --left 七3班/12,七4班/王芳

Needs nothing but the output folder of `fenzu school`. The least number of moves is proved; groups keep their names, and their
teachers unless one may not keep a group any more (an own child, a capacity): then as few groups as possible change hands. Old
files go to history/<n>/. Exit code 3 if the rules cannot hold any more, 4 if the limit came first.")]
pub(in crate::cli) struct Args {
    /// Output folder of `fenzu school`
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// List of the students who join, with their class unless there is only one
    #[arg(long, value_name = "LIST")]
    joined: Option<PathBuf>,
    /// Ids or names of the students who leave, separated by commas
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    left: Vec<String>,
    #[command(flatten)]
    reading: ReadingArgs,
    /// Seconds for each class
    #[arg(long, value_name = "S", default_value_t = 10.0)]
    time_limit: f64,
}

pub(in crate::cli) fn run(args: &Args, lang: Lang) -> Result<Ending, Failure> {
    let limit = input::time_limit(args.time_limit)?;
    let overrides = args.reading.overrides()?;
    let read = |path| read_file(path, &overrides, Limits::default())?.settled();
    let joined = args.joined.as_deref().map(read).transpose()?;
    let change = Change { joined: joined.as_ref(), left: &args.left };
    let switch = cancel_switch()?;
    let stop = || Stop::after(Some(limit)).with_switch(Arc::clone(&switch));
    match repair(&args.folder, change, &stop, lang) {
        Ok(repaired) => {
            output::print(&told(&repaired, lang))?;
            Ok(Ending::Done)
        }
        Err(SchoolError::Impossible(fault)) => {
            eprintln!("{}", fault.line(lang));
            Ok(Ending::No)
        }
        Err(SchoolError::TooShort(fault)) => {
            eprintln!("{}", fault.line(lang));
            Ok(Ending::Unknown)
        }
        Err(error) => Err(failure(error)),
    }
}

fn told(repaired: &Repaired, lang: Lang) -> String {
    let mut lines: Vec<_> = repaired.moved.iter().map(moved).collect();
    let moves = repaired.moved.iter().filter(|moved| moved.from.is_some() && moved.to.is_some()).count();
    let proof = if repaired.proved {
        words!("已证明不能更少", "proved: no fewer are possible")
    } else {
        words!("尚未证明最少", "not proved to be the least")
    };
    let (zh, en) = (proof.zh, proof.en);
    lines.push(words!("换组的学生：{moves} 名（{zh}）", "students who change group: {moves} ({en})"));
    if !repaired.teachers.is_empty() {
        lines.extend(repaired.teachers.iter().map(handed));
        let teachers = repaired.teachers.len();
        lines.push(words!("换教师的小组：{teachers} 个", "groups with a new teacher: {teachers}"));
    }
    for notice in &repaired.notices {
        let (class, zh, en) = (clean(&notice.place), &notice.message.zh, &notice.message.en);
        lines.push(words!("{class}：{zh}", "{class}: {en}"));
    }
    let history = repaired.history.display();
    lines.push(words!("原来的结果：{history}", "the old plans: {history}"));
    output::lines(&lines, lang)
}
