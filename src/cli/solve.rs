//! `fenzu solve`: a list in, groups out.

use super::input::{self, RequestArgs};
use super::output::{self, Format, Target};
use super::terminal::cancel_switch;
use super::{Ending, Failure};
use crate::fault::Faults;
use crate::pipeline::staffing::{self, Forming};
use crate::pipeline::{Asked, Disagreement, Division, Prepared, Ready, Run, Solved, StaffReader};
use crate::plan::document::Status;
use crate::report::{Audience, Report, table};
use crate::roster::Limits;
use crate::roster::staff::{Directory, read_staff_file};
use crate::solver::{Effort, Prove, Stop};
use crate::words;
use crate::words::Lang;
use anyhow::{Context, anyhow};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Divide each class of a list into groups
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fenzu solve class.xlsx --groups 5
  fenzu solve class.xlsx --size 8..12 --output plan.xlsx --output plan.html
  fenzu solve class.csv --rules rules.json --time-limit 30 --prove all --format json
  fenzu solve students.csv --column score:G1=G1 --column category:address=address
  fenzu solve class.xlsx --exclude 王伟,李娜                who is absent today
  fenzu solve class.xlsx --accept-reading                 a doubtful reading is meant as it was told
  fenzu solve class.xlsx --previous last.json             new partners; with --keep the old groups
  fenzu solve class.xlsx --public --output notice.html    to hang up: names only
  fenzu solve 7-1.xlsx 7-2.xlsx --teachers staff.xlsx     teachers for the groups of all classes

Without --groups or --size, groups of about 10. Ctrl-C keeps the best plan so far.")]
pub(super) struct Args {
    /// Class lists: CSV, TSV, XLSX, XLS, ODS or JSON
    #[arg(required = true, value_name = "LIST")]
    lists: Vec<PathBuf>,
    #[command(flatten)]
    request: RequestArgs,
    /// Number of groups in each class
    #[arg(long, value_name = "N", conflicts_with = "size")]
    groups: Option<usize>,
    /// Students in a group: N or MIN..MAX
    #[arg(long, value_name = "N|MIN..MAX")]
    size: Option<String>,
    /// Divide all students of a list together, whatever their class
    #[arg(long)]
    whole: bool,
    /// Where a teacher's visit limit leaves groups open, form classes for it: their tiers, counts and means may be worse
    #[arg(long, requires = "teachers")]
    visits_first: bool,
    /// Seconds for each class
    #[arg(long, value_name = "S", default_value_t = 10.0)]
    time_limit: f64,
    /// Plans to look at for each class, at most (repeatable on any machine)
    #[arg(long, value_name = "N")]
    work: Option<u64>,
    /// Levels to prove before stopping: a goal's name, or all
    #[arg(long, value_name = "LEVEL|all")]
    prove: Option<String>,
    /// Threads; all cores by default
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Seed of the search
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Write the plan to a file (.json .csv .xlsx .html); may be given several times
    #[arg(long, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// For everyone to see: names and groups only, no tier, mark, rank or flag
    #[arg(long)]
    public: bool,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<Ending, Failure> {
    let audience = if args.public { Audience::Public } else { Audience::Teacher };
    if args.public && args.format == Format::Json {
        return Err(Failure::Usage(words!(
            "--format json 含成绩与层次，不能与 --public 同用",
            "--format json holds marks and tiers and cannot go with --public"
        )));
    }
    let limit = input::time_limit(args.time_limit)?;
    let targets = output::targets(&args.output, audience)?;
    let ready = ready(args, lang)?;
    let solved = solve(args, &ready, limit, lang)?;
    show(args, &ready, &solved, &targets, (audience, lang))?;
    let impossible = solved.staffed.is_some_and(|staffed| staffing::is_impossible(&staffed.conflict));
    let endings = solved.planned.iter().map(|planned| ending(planned.document.status));
    Ok(endings.chain(impossible.then_some(Ending::No)).max().unwrap_or(Ending::Done))
}

/// Reads all that is asked; all faults at once.
fn ready(args: &Args, lang: Lang) -> Result<Ready, Failure> {
    let sizing = input::sizing(args.groups, args.size.as_deref())?;
    let (lists, request) = Faults::of_both(args.request.lists(&args.lists), args.request.request(sizing))?;
    let staff = args.request.teachers().map(|path| {
        move |directory: &Directory| {
            let staff = read_staff_file(path, &Limits::default(), directory)?;
            input::tell(&staff, lang);
            Ok(staff)
        }
    });
    let asked = Asked {
        lists: &lists.iter().collect::<Vec<_>>(),
        request,
        division: if args.whole { Division::Whole } else { Division::ByClass },
        settled: &[],
        numbers: None,
        staff: staff.as_ref().map(|read| read as StaffReader<'_>),
        previous: &args.request.previous(),
    };
    Ok(asked.ready(&Stop::after(None))?)
}

fn solve(args: &Args, ready: &Ready, limit: Duration, lang: Lang) -> Result<Solved, Failure> {
    let switch = cancel_switch()?;
    let prove = |class: &Prepared| input::prove(args.prove.as_deref(), &class.request.model);
    let prove = ready.classes.first().map_or(Ok(Prove::Model), prove)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.threads.unwrap_or(0)).build().context("threads")?;
    let bar = progress_bar(lang);
    let run = Run {
        effort: Effort { seed: args.seed, work: args.work, prove },
        stop: &|| Stop::after(Some(limit)).with_switch(Arc::clone(&switch)),
        listener: &|underway| bar.set_position((underway.share * 1000.0) as u64),
        forming: if args.visits_first { Forming::VisitsFirst } else { Forming::Open },
        lang,
    };
    let solved = pool.install(|| ready.solve(run));
    bar.finish_and_clear();
    solved.map_err(|Disagreement(finding)| {
        let message = finding.message.get(lang);
        Failure::Ours(anyhow!("the judge does not agree with the plan [{}]: {message}", finding.code))
    })
}

/// On a terminal only; indicatif hides it elsewhere.
fn progress_bar(lang: Lang) -> ProgressBar {
    let bar = ProgressBar::new(1000);
    let label = words!("分组中", "grouping");
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {percent:>3}% {elapsed}") {
        bar.set_style(style);
    }
    bar.set_message(label.get(lang).to_owned());
    bar
}

fn show(
    args: &Args,
    ready: &Ready,
    solved: &Solved,
    targets: &[Target],
    (audience, lang): (Audience, Lang),
) -> Result<(), Failure> {
    let documents = solved.planned.iter().map(|planned| &planned.document);
    let reports: Vec<Report<'_>> = ready.reports(documents, audience, lang).collect();
    for target in targets {
        output::write(target, &reports)?;
    }
    match args.format {
        Format::Json => output::print(&output::json(&reports)),
        Format::Table => output::print(&table(&reports)),
    }
}

fn ending(status: Status) -> Ending {
    match status {
        Status::Optimal | Status::Feasible => Ending::Done,
        Status::Infeasible => Ending::No,
        Status::Unknown => Ending::Unknown,
    }
}
