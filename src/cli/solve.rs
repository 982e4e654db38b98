//! `fenzu solve`: a list in, groups out.

use super::input::{self, RequestArgs};
use super::output::{self, Format, Target};
use super::terminal::cancel_switch;
use super::{Ending, Failure};
use crate::check::Finding;
use crate::fault::Faults;
use crate::plan::document::Status;
use crate::planning::staffing::{self, Forming, StaffRun, Staffed, fit};
use crate::planning::{Division, Planned, Prepared, Underway, prepare};
use crate::report::{Audience, Report, table};
use crate::roster::staff::Staff;
use crate::solver::{Effort, Prove, Stop};
use crate::words;
use crate::words::Lang;
use anyhow::{Context, anyhow};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
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
    let (prepared, staff) = prepared(args, lang)?;
    let switch = cancel_switch()?;
    let mut planned = solve_all(args, &prepared, limit, &switch, lang)?;
    let staffed =
        staff.map(|staff| staff_all(args, &prepared, &mut planned, &staff, limit, &switch, lang)).transpose()?;
    show(args, &prepared, &planned, &targets, (audience, lang))?;
    let impossible = staffed.is_some_and(|staffed| staffing::is_impossible(&staffed.conflict));
    let endings = planned.iter().map(|planned| ending(planned.document.status));
    Ok(endings.chain(impossible.then_some(Ending::No)).max().unwrap_or(Ending::Done))
}

/// Reads and compiles every class of every list; all faults at once.
fn prepared(args: &Args, lang: Lang) -> Result<(Vec<Prepared>, Option<Staff>), Failure> {
    let sizing = input::sizing(args.groups, args.size.as_deref())?;
    let rosters = args.request.lists(&args.lists);
    let request = args.request.request(sizing);
    let (rosters, mut request) = match (rosters, request) {
        (Ok(rosters), Ok(request)) => (rosters, request),
        (Err(Failure::Input(mut faults)), Err(Failure::Input(more))) => {
            faults.0.extend(more.0);
            return Err(Failure::Input(faults));
        }
        (Err(failure), _) | (_, Err(failure)) => return Err(failure),
    };
    let staff = args.request.staff(&rosters)?;
    if let Some(staff) = &staff {
        input::tell(staff, lang);
    }
    request.staff = staff.as_ref().map(|staff| staff.sha256.clone());
    let division = if args.whole { Division::Whole } else { Division::ByClass };
    let mut prepared = Vec::new();
    let mut faults = Vec::new();
    for roster in &rosters {
        match prepare(roster, &request, division) {
            Ok(classes) => prepared.extend(classes),
            Err(found) => faults.extend(found.0),
        }
    }
    if faults.is_empty() && request.previous.is_some() && prepared.iter().all(|class| class.request.previous.is_none())
    {
        faults.push(args.request.previous_unmatched());
    }
    if !faults.is_empty() {
        return Err(Failure::Input(Faults(faults)));
    }
    let prepared = match &staff {
        Some(staff) => fit(prepared, staff, &Stop::after(None))?,
        None => prepared,
    };
    Ok((prepared, staff))
}

/// Teachers for the groups of all classes.
fn staff_all(
    args: &Args,
    prepared: &[Prepared],
    planned: &mut [Planned],
    staff: &Staff,
    limit: Duration,
    switch: &Arc<AtomicBool>,
    lang: Lang,
) -> Result<Staffed, Failure> {
    let effort = Effort { seed: args.seed, work: args.work, prove: Prove::Model };
    let stop = Stop::after(Some(limit)).with_switch(Arc::clone(switch));
    let forming = if args.visits_first { Forming::VisitsFirst } else { Forming::Open };
    let run = StaffRun { effort, stop: &stop, forming, before: None, lang };
    let staffed = staffing::staff(prepared, planned, staff, run);
    agreed(&staffed.findings, lang)?;
    Ok(staffed)
}

/// What the judge finds in a plan of ours is a defect of ours.
fn agreed(findings: &[Finding], lang: Lang) -> Result<(), Failure> {
    let Some(finding) = findings.first() else { return Ok(()) };
    let message = finding.message.get(lang);
    Err(Failure::Ours(anyhow!("the judge does not agree with the plan [{}]: {message}", finding.code)))
}

fn solve_all(
    args: &Args,
    prepared: &[Prepared],
    limit: Duration,
    switch: &Arc<AtomicBool>,
    lang: Lang,
) -> Result<Vec<Planned>, Failure> {
    let threads = args.threads.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().context("threads")?;
    let bar = progress_bar(lang);
    let mut all = Vec::new();
    for (i, class) in prepared.iter().enumerate() {
        let prove = input::prove(args.prove.as_deref(), &class.request.model)?;
        let effort = Effort { seed: args.seed, work: args.work, prove };
        let stop = Stop::after(Some(limit)).with_switch(Arc::clone(switch));
        let listener = |underway: Underway<'_>| {
            let share = (i as f64 + underway.share) / prepared.len() as f64;
            bar.set_position((share * 1000.0) as u64);
        };
        let planned = pool.install(|| class.solve(effort, &stop, &listener, lang));
        agreed(&planned.findings, lang)?;
        all.push(planned);
    }
    bar.finish_and_clear();
    Ok(all)
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
    prepared: &[Prepared],
    planned: &[Planned],
    targets: &[Target],
    (audience, lang): (Audience, Lang),
) -> Result<(), Failure> {
    let reports: Vec<Report<'_>> =
        prepared.iter().zip(planned).map(|(class, planned)| class.report(&planned.document, audience, lang)).collect();
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
