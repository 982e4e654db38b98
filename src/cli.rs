//! The command line: arguments, exit codes, and one file a command.

mod backup;
mod check;
mod completions;
mod database;
mod input;
mod logs;
mod mdgp;
mod models;
mod output;
mod reading;
mod sample;
mod school;
mod serve;
mod solve;
mod solve_one;
mod sweep;
mod terminal;
mod token;
mod work;

use crate::fault::Faults;
use crate::words::{Lang, Words};
use clap::{Parser, Subcommand, ValueEnum};
use std::process::ExitCode;

/// 分组: divides students into balanced groups, and proves how good they are.
#[derive(Debug, Parser)]
#[command(name = "fenzu", version, about, long_about = LONG_ABOUT, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    /// Language of tables, reports and messages; the system's by default
    #[arg(long, global = true, value_enum, env = "FENZU_LANG", value_name = "zh|en")]
    lang: Option<LangArg>,
    #[command(subcommand)]
    command: Command,
}

const LONG_ABOUT: &str = "分组 (fenzu) divides students into groups that are homogeneous between groups and heterogeneous \
within groups (组间同质、组内异质): equal tiers, equal counts, equal means, and a proof of how good the plan is.";

const EXAMPLES: &str = "Examples:
  fenzu solve class.xlsx --groups 5                       the plan as a table
  fenzu solve class.xlsx --output plan.xlsx --output public.html --public
  fenzu solve class.csv --rules rules.json --format json  for programs
  fenzu school lists/ --teachers staff.xlsx --output out/ a whole school in one run
  fenzu check plan.json --list class.xlsx                 judges a plan
  fenzu mdgp instance.txt --time-limit 3                  most diverse groups of any elements (MDGP)
  fenzu sample class --messy > class.xlsx                 a list to try

Exit codes: 0 done; 1 a failure of ours; 2 bad usage or input; 3 proved infeasible (`check`: a fault); 4 the limit came with neither plan nor proof.";

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LangArg {
    Zh,
    En,
}

#[derive(Debug, Subcommand)]
enum Command {
    Solve(solve::Args),
    School(Box<school::Args>),
    Check(check::Args),
    Models(models::Args),
    Mdgp(mdgp::Args),
    Sample(sample::Args),
    Token(token::Args),
    Serve(serve::Args),
    Work(work::Args),
    Backup(backup::BackupArgs),
    Restore(backup::RestoreArgs),
    Sweep(sweep::Args),
    #[command(name = crate::jobs::processes::COMMAND, hide = true)]
    SolveOne(solve_one::Args),
    Completions(completions::Args),
}

/// Why a command ended without success.
enum Failure {
    /// Bad usage or input: every fault at once. Exit code 2.
    Input(Faults),
    /// Bad usage in words. Exit code 2.
    Usage(Words),
    /// A defect or an input/output failure of ours. Exit code 1.
    Ours(anyhow::Error),
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self::Input(faults)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Ours(error)
    }
}

/// How a command ended; the later in this list the more it outweighs others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ending {
    /// 0.
    Done,
    /// 4: neither plan nor proof.
    Unknown,
    /// 3: proved infeasible.
    No,
    /// 2: a school of which a class is refused; the others are written.
    Refused,
    /// 1: a class of a school, or a school of a district, failed by a defect of ours; the others are written.
    Failed,
}

impl Ending {
    fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Unknown => 4,
            Self::No => 3,
            Self::Refused => 2,
            Self::Failed => 1,
        }
    }
}

/// A defect says where it is and nothing else: its own words may quote a student.
fn tell_defects_by_place() {
    std::panic::set_hook(Box::new(|info| {
        if let Some(place) = info.location() {
            eprintln!("fenzu: defect at {place}");
        }
    }));
}

/// Runs the command line; the result is the process's exit code.
#[must_use]
pub fn main() -> ExitCode {
    tell_defects_by_place();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // clap prints help and version to stdout with code 0, usage errors to stderr with code 2.
            let code = if error.use_stderr() { 2 } else { 0 };
            return if error.print().is_ok() { ExitCode::from(code) } else { ExitCode::from(1) };
        }
    };
    let lang = cli.lang.map_or_else(system_lang, |lang| match lang {
        LangArg::Zh => Lang::Zh,
        LangArg::En => Lang::En,
    });
    if std::env::args().any(|argument| database::tells_password(&argument)) {
        let told = crate::words!(
            "命令行里的数据库口令会被本机所有用户看到（ps）：请放进环境变量 FENZU_DATABASE、--config 的文件，或 PGPASSFILE 所指的文件",
            "every user of this machine can read a database's password on the command line (ps): put it into the environment \
             variable FENZU_DATABASE, the file of --config, or the file that PGPASSFILE names"
        );
        return tell(&Failure::Usage(told), lang);
    }
    let ended = match cli.command {
        Command::Solve(args) => solve::run(&args, lang),
        Command::School(args) => school::run(&args, lang),
        Command::Check(args) => check::run(&args, lang),
        Command::Models(args) => models::run(&args, lang),
        Command::Mdgp(args) => mdgp::run(&args, lang),
        Command::Sample(args) => sample::run(&args, lang),
        Command::Token(args) => token::run(&args, lang),
        Command::Serve(args) => serve::run(&args, lang),
        Command::Work(args) => work::run(&args),
        Command::Backup(args) => backup::backup(&args, lang),
        Command::Restore(args) => backup::restore(&args, lang),
        Command::Sweep(args) => sweep::run(&args, lang),
        Command::SolveOne(args) => solve_one::run(&args),
        Command::Completions(args) => completions::run(&args),
    };
    match ended {
        Ok(ending) => ExitCode::from(ending.code()),
        Err(failure) => tell(&failure, lang),
    }
}

fn system_lang() -> Lang {
    match sys_locale::get_locale() {
        Some(locale) if locale.to_ascii_lowercase().starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}

fn tell(failure: &Failure, lang: Lang) -> ExitCode {
    match failure {
        Failure::Input(faults) => {
            faults.0.iter().for_each(|fault| eprintln!("{}", fault.line(lang)));
            ExitCode::from(2)
        }
        Failure::Usage(words) => {
            eprintln!("{}", words.get(lang));
            ExitCode::from(2)
        }
        Failure::Ours(error) => {
            let head =
                crate::words!("fenzu 内部错误（不是您的输入有误）", "an internal error (not caused by your input)");
            eprintln!("{}: {error:#}", head.get(lang));
            ExitCode::from(1)
        }
    }
}
