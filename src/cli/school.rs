//! `fenzu school`: a whole school's lists in, every plan, register and summary out.

mod adopt;
mod changes;
mod check;
mod district;
mod divide;
mod repair;

use super::input;
use super::reading::ReadingArgs;
use super::terminal::cancel_switch;
use super::{Ending, Failure, output};
use crate::fault::Faults;
use crate::model::Request;
use crate::model::builtin::DEFAULT;
use crate::model::read::load;
use crate::model::request::PreviousMode;
use crate::pipeline::staffing::PRICE;
use crate::plan::document::Status;
use crate::report::text::clean;
use crate::school::answers::Answer;
use crate::school::sources::{Source, Sources, apart, find};
use crate::school::summary::{State, Stopped};
use crate::school::{self, SchoolError, Settings, Summary, Watch};
use crate::solver::{Effort, Stop};
use crate::words;
use crate::words::{Lang, Words};
use anyhow::anyhow;
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Divide every class of a school, staff the groups, and write all that a school needs
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:
  fenzu school lists/ --output out/                              a folder of class lists (or a zip of them)
  fenzu school grade.xlsx --teachers staff.xlsx --output out/    a sheet or a class column for each class
  fenzu school lists/ --teachers staff.xlsx --claims claims.csv --output out/
                                                                 teachers claim groups that are formed: staff again
  fenzu school lists/ --previous spring/ --output autumn/        next semester: new partners; with --keep few moves
  fenzu school repair out/ --joined new.csv --left S012,S044     in mid-term: as few students as possible move
  fenzu school adopt out/ 七3班.xlsx                              the class teacher's last word, edited by hand
  fenzu school check out/                                        judges all that was written
  fenzu school divide grade.xlsx --classes 10 --output division/ a grade into balanced classes
  fenzu school district/ --schools --teachers staff.xlsx --output out/
                                                                 a folder for each school, its staff.xlsx inside it

OUT holds summary.json|html|xlsx, classes/<class>.json|xlsx, public/<class>.html, teachers/<id>.xlsx.
Stopped (Ctrl-C, or even killed), the same command goes on; classes that are done are not solved again.
Exit code 2 if a class was refused (the others are written), 3 if rules or the teachers' demands cannot hold, or with --strict
if a group has no teacher."
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Args {
    #[command(subcommand)]
    other: Option<Other>,
    /// Folder or zip of class lists, a workbook with a sheet for each class, or lists
    #[arg(required = true, value_name = "FOLDER|ZIP|LIST")]
    lists: Vec<PathBuf>,
    /// Staff list: id, name, classes, capacities, wishes
    #[arg(long, value_name = "FILE")]
    teachers: Option<PathBuf>,
    /// Folder for everything that is written
    #[arg(long, value_name = "DIR", required = true)]
    output: Option<PathBuf>,
    /// Claims of teachers after the groups were formed: the groups in --output stay, teachers are assigned anew
    #[arg(long, value_name = "FILE", requires = "teachers")]
    claims: Option<PathBuf>,
    /// Where a teacher's visit limit leaves groups open, form classes for it: their tiers, counts and means may be worse
    #[arg(long, requires = "teachers", conflicts_with = "claims")]
    visits_first: bool,
    /// Last semester's output folder: new groups should mix partners anew
    #[arg(long, value_name = "DIR")]
    previous: Option<PathBuf>,
    /// With --previous: keep the old groups instead, as few students as possible change
    #[arg(long, requires = "previous")]
    keep: bool,
    /// Each folder or zip inside FOLDER is a school of its own; --teachers names a file inside each
    #[arg(long, conflicts_with_all = ["claims", "previous"])]
    schools: bool,
    /// Exit code 3 if a group has no teacher
    #[arg(long, requires = "teachers")]
    strict: bool,
    /// Model (分组方案): a name from `fenzu models`, or a TOML or JSON file [default: responsibility-groups]
    #[arg(long, value_name = "NAME|FILE")]
    model: Option<String>,
    /// Rules (together, apart, pin, never_alone) as JSON, for all classes
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// Number of groups in each class
    #[arg(long, value_name = "N", conflicts_with = "size")]
    groups: Option<usize>,
    /// Students in a group: N or MIN..MAX
    #[arg(long, value_name = "N|MIN..MAX")]
    size: Option<String>,
    #[command(flatten)]
    reading: ReadingArgs,
    /// Levels to prove before stopping: a goal's name, or all
    #[arg(long, value_name = "LEVEL|all")]
    prove: Option<String>,
    /// Seconds for each class
    #[arg(long, value_name = "S", default_value_t = 10.0)]
    time_limit: f64,
    /// Threads; all cores by default
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Seed of the search and of lots
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

#[derive(Debug, clap::Subcommand)]
enum Other {
    Adopt(adopt::Args),
    Check(check::Args),
    Repair(repair::Args),
    Divide(divide::Args),
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<Ending, Failure> {
    match &args.other {
        Some(Other::Adopt(args)) => adopt::run(args, lang),
        Some(Other::Check(args)) => check::run(args, lang),
        Some(Other::Repair(args)) => repair::run(args, lang),
        Some(Other::Divide(args)) => divide::run(args, lang),
        None => semester(args, lang),
    }
}

fn semester(args: &Args, lang: Lang) -> Result<Ending, Failure> {
    let Some(output) = &args.output else {
        return Err(Failure::Usage(words!("缺少 --output DIR", "--output DIR is missing")));
    };
    let limit = input::time_limit(args.time_limit)?;
    let mut settings = settings(args, lang)?;
    apart(&args.lists, output)?;
    let switch = cancel_switch()?;
    if args.schools {
        let bench = Bench { settings, limit, switch, strict: args.strict, said: Mutex::default() };
        return bench.district(&args.lists, args.teachers.as_deref(), output);
    }
    if args.previous.as_deref().is_some_and(|previous| is_same(previous, output)) {
        return Err(Failure::Usage(words!(
            "--previous 和 --output 是同一个文件夹；请把新学期写到另一个文件夹",
            "--previous and --output are one folder; write the new semester into another"
        )));
    }
    let none_of = [&args.teachers, &args.claims, &args.rules, &args.previous];
    let except: Vec<PathBuf> = none_of.into_iter().flatten().chain([output]).cloned().collect();
    let sources = find(&args.lists, &except)?;
    settings.teachers = args.teachers.as_deref().map(|path| Source::staff(path, None)).transpose()?;
    let bench = Bench { settings, limit, switch, strict: args.strict, said: Mutex::default() };
    let summary = bench.school(&sources, &bench.settings, output)?;
    super::output::print(&told(&summary, output, &bench.said(), lang))?;
    Ok(bench.ending(&summary))
}

/// Whether two paths lead to one folder.
fn is_same(a: &Path, b: &Path) -> bool {
    a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b))
}

fn settings(args: &Args, lang: Lang) -> Result<Settings, Failure> {
    let sizing = input::sizing(args.groups, args.size.as_deref())?;
    let overrides = args.reading.overrides()?;
    let model = load(args.model.as_deref().unwrap_or(DEFAULT));
    let (model, rules) = Faults::of_both(model, input::rules(args.rules.as_deref()))?;
    let prove = input::prove(args.prove.as_deref(), &model)?;
    let mode = if args.keep { PreviousMode::Keep } else { PreviousMode::Mix };
    Ok(Settings {
        request: Request { rules, sizing, ..Request::new(model) },
        overrides,
        effort: Effort { seed: args.seed, work: None, prove },
        limit_seconds: args.time_limit,
        threads: args.threads.unwrap_or(0),
        teachers: None,
        claims: args.claims.clone(),
        visits_first: args.visits_first,
        previous: args.previous.clone().map(|folder| (folder, mode)),
        lang,
    })
}

/// What all schools of a command share.
struct Bench {
    settings: Settings,
    limit: Duration,
    switch: Arc<AtomicBool>,
    strict: bool,
    /// What was said of the staff list before anything else.
    said: Mutex<HashSet<String>>,
}

impl Bench {
    fn school(&self, sources: &Sources, settings: &Settings, folder: &Path) -> Result<Summary, Failure> {
        let bar = progress_bar(settings.lang);
        let watch = Watch {
            stop: &|times| Stop::after(self.limit.checked_mul(times)),
            cancelled: &self.switch,
            progress: &|done, total| {
                bar.set_length(total as u64);
                bar.set_position(done as u64);
            },
            told: &|staff| {
                bar.suspend(|| input::tell(staff, settings.lang));
                let messages = staff.notices.iter().map(|notice| notice.message.get(settings.lang).to_owned());
                self.said.lock().unwrap_or_else(PoisonError::into_inner).extend(messages);
            },
        };
        let run = || school::run(sources, settings, folder, &watch);
        let summary = catch_unwind(AssertUnwindSafe(run));
        bar.finish_and_clear();
        summary.unwrap_or_else(|_| Err(SchoolError::Defect)).map_err(failure)
    }

    /// What was said of staff lists so far.
    fn said(&self) -> HashSet<String> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A failure of ours outweighs a refused class, which outweighs demands proved infeasible.
    fn ending(&self, summary: &Summary) -> Ending {
        if summary.count(State::Failed) > 0 {
            Ending::Failed
        } else if summary.count(State::Refused) > 0 {
            Ending::Refused
        } else if summary.count_status(Status::Infeasible) > 0
            || summary.is_impossible()
            || self.strict && summary.unstaffed() > 0
        {
            Ending::No
        } else if summary.count_status(Status::Unknown) > 0 {
            Ending::Unknown
        } else {
            Ending::Done
        }
    }
}

fn failure(error: SchoolError) -> Failure {
    match error {
        SchoolError::Input(faults) | SchoolError::Broken(faults) => Failure::Input(faults),
        SchoolError::Impossible(fault) | SchoolError::TooShort(fault) => Failure::Input((*fault).into()),
        error => Failure::Ours(anyhow!(error)),
    }
}

/// Classes with time left; on a terminal only.
fn progress_bar(lang: Lang) -> ProgressBar {
    let bar = ProgressBar::new(0);
    let template = words!(
        "分组中 {{bar:30}} {{pos}}/{{len}} 个班，还需 {{eta}}",
        "grouping {{bar:30}} {{pos}}/{{len}} classes, {{eta}} left"
    );
    if let Ok(style) = ProgressStyle::with_template(template.get(lang)) {
        bar.set_style(style);
    }
    bar
}

/// Most notices that are told on the terminal; all stand in the summary.
const NOTICES: usize = 20;

/// The answers to wishes: all where teachers claimed groups, else how many came true.
fn answers(summary: &Summary, lang: Lang) -> Vec<Words> {
    let all = &summary.claim_answers;
    let won = all.iter().filter(|claim| claim.answer == Answer::Won).count();
    let lost = all.len() - won;
    let mut lines = Vec::new();
    if !all.is_empty() {
        lines.push(words!("志愿：{won} 个实现，{lost} 个没有实现", "wishes: {won} granted, {lost} not"));
    }
    for claim in all.iter().filter(|_| summary.claims.is_some()) {
        let (name, group, rank) = (clean(&claim.name), clean(claim.label()), claim.rank);
        let (word, holder, reason) = (claim.word(lang), clean(claim.holder(lang)), clean(&claim.reason));
        lines.push(match (claim.answer, claim.group_name.as_deref().map(clean)) {
            (Answer::Won, Some(called)) => words!(
                "  {name} 第 {rank} 志愿 {group}：{word}，组名“{called}”",
                "  {name}, wish {rank}, {group}: {word}, called “{called}”"
            ),
            (Answer::Won, None) => {
                words!("  {name} 第 {rank} 志愿 {group}：{word}", "  {name}, wish {rank}, {group}: {word}")
            }
            (Answer::Lost, _) => words!(
                "  {name} 第 {rank} 志愿 {group}：{word}（现由：{holder}），{reason}",
                "  {name}, wish {rank}, {group}: {word} (it has: {holder}); {reason}"
            ),
        });
    }
    for name in ["moved_groups", "moved_students"] {
        for level in summary.staffing.iter().filter(|level| level.name == name) {
            let (title, value) = (clean(&level.title), level.value);
            lines.push(words!("{title}：{value}", "{title}: {value}"));
        }
    }
    lines
}

/// The run in a few lines, without what was `said` before.
fn told(summary: &Summary, folder: &Path, said: &HashSet<String>, lang: Lang) -> String {
    let (done, all) = (summary.count(State::Done), summary.classes.len() + summary.left);
    let (kept, seconds) = (summary.kept, summary.elapsed_seconds);
    let proved = summary.classes.iter().filter(|class| class.through).count();
    let mut lines = vec![words!(
        "{all} 个班，完成 {done} 个（{proved} 个已证明，{kept} 个沿用以前的结果），{seconds:.1} 秒",
        "{all} classes, {done} done ({proved} proved, {kept} kept from an earlier run), {seconds:.1} s"
    )];
    for class in &summary.classes {
        let name = clean(&class.class);
        if let Some(error) = &class.error {
            let message = error.message.lines().map(clean).collect::<Vec<_>>().join("\n");
            lines.push(words!("  {name}：{message}", "  {name}: {message}"));
        } else if class.status == Some(Status::Infeasible) {
            lines.push(words!("  {name}：要求相互矛盾", "  {name}: the rules cannot hold together"));
        }
    }
    let (teachers, unstaffed) = (summary.teachers.len(), summary.unstaffed());
    if teachers > 0 {
        lines.push(words!(
            "{teachers} 位教师，{unstaffed} 个小组没有教师",
            "{teachers} teachers, {unstaffed} groups without one"
        ));
    }
    for entry in &summary.conflict {
        let message = clean(&entry.message);
        lines.push(words!("  {message}", "  {message}"));
        if entry.rule == PRICE {
            lines.push(words!(
                "  要这样安排，请加上 --visits-first 再运行",
                "  to get this, run again with --visits-first"
            ));
        }
    }
    lines.extend(answers(summary, lang));
    for notice in summary.notices.iter().filter(|notice| !said.contains(&notice.message)).take(NOTICES) {
        let (place, message) = (clean(&notice.place), clean(&notice.message));
        lines.push(if place.is_empty() {
            words!("  {message}", "  {message}")
        } else {
            words!("  {place}：{message}", "  {place}: {message}")
        });
    }
    if summary.left > 0 {
        let left = summary.left;
        lines.push(words!(
            "还有 {left} 个班没有处理，再运行同一命令即可继续",
            "{left} classes were not reached; the same command goes on with them"
        ));
    }
    match summary.stopped {
        Some(Stopped::ResultsStand) => {
            lines.push(words!(
                "停在安排教师之前，没有写出或改动结果文件；再运行同一命令即可继续",
                "stopped before the staffing; no result was written or changed; the same command goes on"
            ));
            return output::lines(&lines, lang);
        }
        Some(Stopped::WithoutTeachers) => lines.push(words!(
            "停在安排教师之前，各小组还没有教师；再运行同一命令即可继续",
            "stopped before the staffing, the groups have no teachers yet; the same command goes on"
        )),
        None => {}
    }
    let page = folder.join("summary.html").display().to_string();
    lines.push(words!("汇总：{page}", "summary: {page}"));
    output::lines(&lines, lang)
}
