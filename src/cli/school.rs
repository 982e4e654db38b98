//! `fenzu school`: a whole school's lists in, every plan, register and summary out.

mod divide;
mod repair;

use super::input;
use super::terminal::cancel_switch;
use super::{Ending, Failure, output};
use crate::fault::Faults;
use crate::model::Request;
use crate::model::builtin::DEFAULT;
use crate::model::read::load;
use crate::model::request::PreviousMode;
use crate::plan::document::Status;
use crate::report::text::clean;
use crate::school::sources::{Source, Sources, find, schools};
use crate::school::summary::State;
use crate::school::{self, SchoolError, Settings, Summary, Watch, files};
use crate::solver::{Effort, Stop};
use crate::words;
use crate::words::Lang;
use anyhow::anyhow;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

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
  fenzu school divide grade.xlsx --classes 10 --output division/ a grade into balanced classes
  fenzu school district/ --schools --teachers staff.xlsx --output out/
                                                                 a folder for each school, its staff.xlsx inside it

OUT holds summary.json|html|xlsx, classes/<class>.json|xlsx, public/<class>.html, teachers/<id>.xlsx.
Stopped (Ctrl-C, or even killed), the same command goes on; classes that are done are not solved again.
Exit code 2 if a class was refused (the others are written), 3 if rules or the teachers' demands cannot hold, or with --strict
if a group has no teacher."
)]
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
    /// Read a column as something, as in `fenzu solve`
    #[arg(long = "column", value_name = "FIELD=HEADER")]
    columns: Vec<String>,
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
    Repair(repair::Args),
    Divide(divide::Args),
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<Ending, Failure> {
    match &args.other {
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
    let switch = cancel_switch()?;
    if args.schools {
        let bench = Bench { settings, limit, switch, strict: args.strict };
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
    let bench = Bench { settings, limit, switch, strict: args.strict };
    let summary = bench.school(&sources, &bench.settings, output)?;
    super::output::print(&told(&summary, output, lang))?;
    Ok(bench.ending(&summary))
}

/// Whether two paths lead to one folder.
fn is_same(a: &Path, b: &Path) -> bool {
    a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b))
}

fn settings(args: &Args, lang: Lang) -> Result<Settings, Failure> {
    let sizing = input::sizing(args.groups, args.size.as_deref())?;
    let overrides = input::overrides(&args.columns)?;
    let mut faults = Vec::new();
    let model = input::collect(load(args.model.as_deref().unwrap_or(DEFAULT)), &mut faults);
    let rules = input::collect(input::rules(args.rules.as_deref()), &mut faults);
    let (Some(model), Some(rules)) = (model, rules) else { return Err(Failure::Input(Faults(faults))) };
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
        };
        let summary = school::run(sources, settings, folder, &watch);
        bar.finish_and_clear();
        summary.map_err(failure)
    }

    /// Every school of a district by itself, and a summary of them all.
    fn district(&self, folders: &[PathBuf], teachers: Option<&Path>, output: &Path) -> Result<Ending, Failure> {
        let begun = Instant::now();
        let mut all = Vec::new();
        for folder in folders {
            all.extend(schools(folder, &[output.to_owned()])?);
        }
        let mut tally = Tally::default();
        for ((name, path), file) in all.iter().zip(school::names::file_names(&names(&all))) {
            if self.switch.load(Ordering::Relaxed) {
                tally.left(name);
                continue;
            }
            match self.one_of_many(path, teachers, &output.join(&file)) {
                Ok(summary) => {
                    tally.done(self.ending(&summary), school_record(name, &file, &summary), &summary);
                    let told = told(&summary, &output.join(&file), self.settings.lang);
                    output::print(&format!("{}: {told}", clean(name)))?;
                }
                Err(Failure::Input(faults)) => output::print(&tally.refused(name, &faults, self.settings.lang))?,
                Err(failure) => return Err(failure),
            }
        }
        let seconds = begun.elapsed().as_secs_f64();
        let summary = json!({"schools": tally.records, "elapsed_seconds": seconds});
        files::make_folder(output).map_err(anyhow::Error::new)?;
        output::replace(&output.join("summary.json"), format!("{summary:#}\n").as_bytes())?;
        output::print(&tally.told(&self.settings, seconds))?;
        Ok(tally.ending)
    }

    fn one_of_many(&self, path: &Path, teachers: Option<&Path>, output: &Path) -> Result<Summary, Failure> {
        let teachers = teachers.map(|file| Source::staff(file, Some(path))).transpose()?;
        let except: Vec<PathBuf> = teachers.iter().map(Source::path).chain([output.to_owned()]).collect();
        let sources = find(&[path.to_owned()], &except)?;
        self.school(&sources, &Settings { teachers, ..self.settings.clone() }, output)
    }

    /// A failure of ours outweighs a refused class, which outweighs a proved no.
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

fn names(schools: &[(String, PathBuf)]) -> Vec<String> {
    schools.iter().map(|(name, _)| name.clone()).collect()
}

/// The schools of a district so far.
struct Tally {
    records: Vec<serde_json::Value>,
    ending: Ending,
    /// Schools that a stopped run did not reach.
    left: usize,
    classes: usize,
    students: usize,
}

impl Default for Tally {
    fn default() -> Self {
        Self { records: Vec::new(), ending: Ending::Done, left: 0, classes: 0, students: 0 }
    }
}

impl Tally {
    fn done(&mut self, ending: Ending, record: serde_json::Value, summary: &Summary) {
        self.records.push(record);
        self.ending = self.ending.max(ending);
        self.classes += summary.count(State::Done);
        self.students += summary.classes.iter().map(|class| class.students).sum::<usize>();
    }

    /// A refused school in words.
    fn refused(&mut self, name: &str, faults: &Faults, lang: Lang) -> String {
        let lines: Vec<String> = faults.0.iter().map(|fault| fault.line(lang)).collect();
        self.records.push(json!({"school": name, "state": "refused", "error": lines.join("\n")}));
        self.ending = self.ending.max(Ending::Refused);
        let name = clean(name);
        let head = words!("{name}：输入未能使用", "{name}: refused");
        let faults: String = lines.iter().map(|line| format!("  {}\n", clean(line))).collect();
        format!("{}\n{faults}", head.get(lang))
    }

    fn left(&mut self, name: &str) {
        self.records.push(json!({"school": name, "state": "left"}));
        self.left += 1;
    }

    /// What the run took, and what it left.
    fn told(&self, settings: &Settings, seconds: f64) -> String {
        let throughput = throughput(settings, (self.records.len() - self.left, self.classes, self.students), seconds);
        let left = self.left;
        let line = words!(
            "还有 {left} 所学校没有处理，再运行同一命令即可继续\n",
            "{left} schools were not reached; the same command goes on with them\n"
        );
        throughput + if left > 0 { line.get(settings.lang) } else { "" }
    }
}

fn school_record(name: &str, file: &str, summary: &Summary) -> serde_json::Value {
    json!({"school": name, "state": "done", "summary": format!("{file}/summary.json"),
        "classes": summary.classes.len(), "done": summary.count(State::Done),
        "refused": summary.count(State::Refused), "failed": summary.count(State::Failed),
        "unstaffed": summary.unstaffed(), "left": summary.left, "elapsed_seconds": summary.elapsed_seconds})
}

fn failure(error: SchoolError) -> Failure {
    match error {
        SchoolError::Input(faults) => Failure::Input(faults),
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

/// The run in a few lines.
fn told(summary: &Summary, folder: &Path, lang: Lang) -> String {
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
    }
    if summary.left > 0 {
        let left = summary.left;
        lines.push(words!(
            "还有 {left} 个班没有处理，再运行同一命令即可继续",
            "{left} classes were not reached; the same command goes on with them"
        ));
    }
    if summary.stands {
        lines.push(words!(
            "停在安排教师之前，原来的结果没有改动",
            "stopped before the staffing; the earlier results stand as they were"
        ));
    }
    let page = folder.join("summary.html").display().to_string();
    lines.push(words!("汇总：{page}", "summary: {page}"));
    output::lines(&lines, lang)
}

/// What a run over many schools took.
fn throughput(settings: &Settings, (schools, classes, students): (usize, usize, usize), seconds: f64) -> String {
    let cores = if settings.threads == 0 { rayon::current_num_threads() } else { settings.threads };
    let rate = classes as f64 / seconds.max(1e-9) / cores as f64;
    let memory = peak_memory_mib();
    let memory = memory.map_or_else(|| "–".to_owned(), |mib| format!("{mib} MiB"));
    let line = words!(
        "{schools} 所学校、{classes} 个班、{students} 名学生，{seconds:.1} 秒；每核每秒 {rate:.1} 个班，内存最多 {memory}",
        "{schools} schools, {classes} classes, {students} students in {seconds:.1} s: {rate:.1} classes per core and second, peak memory {memory}"
    );
    format!("{}\n", line.get(settings.lang))
}

/// The most memory that this process has held, where the system tells.
fn peak_memory_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib >> 10)
}
