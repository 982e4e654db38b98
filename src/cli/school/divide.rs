//! `fenzu school divide`: a grade into balanced classes, teams of teachers by lot.

use super::failure;
use crate::cli::reading::ReadingArgs;
use crate::cli::terminal::cancel_switch;
use crate::cli::{Ending, Failure, input, output};
use crate::fault::Faults;
use crate::model::read::load;
use crate::model::{Request, Sizing};
use crate::plan::document::Status;
use crate::report::text::clean;
use crate::report::{Audience, Report, table};
use crate::roster::{Limits, Roster, read_file, text};
use crate::school::division::{Asked, Divided, LISTS, divide};
use crate::solver::{Effort, Stop};
use crate::words;
use crate::words::{Lang, Words};
use std::path::{Path, PathBuf};

/// Divide a grade into balanced classes (均衡分班), and draw their teams of teachers by a lot that anyone can repeat
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fenzu school divide grade.xlsx --classes 10 --output division/
  fenzu school divide grade.xlsx --classes 10 --teams teams.txt --lot 'numbers drawn in public: 7 21 33' --output division/
  fenzu school division/lists --output groups/            then the groups inside each class

OUTPUT holds division.json|xlsx, public.html, lists/<class>.csv and lot.json. Siblings: together or apart by --rules.
The lot: a team's ticket is SHA-256 of the lot's words, a line end and the team; classes take teams in order of ticket.")]
pub(in crate::cli) struct Args {
    /// The grade's list
    #[arg(value_name = "LIST")]
    list: PathBuf,
    /// Number of classes
    #[arg(long, value_name = "N")]
    classes: usize,
    /// Folder for everything that is written
    #[arg(long, value_name = "DIR")]
    output: PathBuf,
    /// Teams of teachers, a line each, as many as classes
    #[arg(long, value_name = "FILE", requires = "lot")]
    teams: Option<PathBuf>,
    /// Words of the lot, drawn in public; their SHA-256 is told as the commitment
    #[arg(long, value_name = "WORDS", requires = "teams")]
    lot: Option<String>,
    /// Model: a name from `fenzu models`, or a file
    #[arg(long, value_name = "NAME|FILE", default_value = "class-division")]
    model: String,
    /// Rules (together, apart, pin, never_alone) as JSON
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
    /// Seconds
    #[arg(long, value_name = "S", default_value_t = 10.0)]
    time_limit: f64,
    /// Seed of the search
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

pub(in crate::cli) fn run(args: &Args, lang: Lang) -> Result<Ending, Failure> {
    let limit = input::time_limit(args.time_limit)?;
    let overrides = args.reading.overrides()?;
    let list = read_file(&args.list, &overrides, Limits::default()).and_then(Roster::settled);
    let model = Faults::of_both(load(&args.model), input::rules(args.rules.as_deref()));
    let rest = Faults::of_both(model, teams(args.teams.as_deref()));
    let (list, ((model, rules), teams)) = Faults::of_both(list, rest)?;
    let asked = Asked {
        effort: Effort { seed: args.seed, work: None, prove: input::prove(None, &model)? },
        request: Request { rules, sizing: Some(Sizing::Count(args.classes)), ..Request::new(model) },
        teams: &teams,
        lot: args.lot.as_deref().unwrap_or_default(),
        lang,
    };
    let stop = Stop::after(Some(limit)).with_switch(cancel_switch()?);
    let divided = divide(&list, &asked, &args.output, &stop).map_err(failure)?;
    output::print(&told(&divided, &args.output, lang))?;
    Ok(match divided.document.status {
        Status::Optimal | Status::Feasible => Ending::Done,
        Status::Infeasible => Ending::No,
        Status::Unknown => Ending::Unknown,
    })
}

/// The teams of a file, one a line; blank lines do not count.
fn teams(path: Option<&Path>) -> Result<Vec<String>, Faults> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let text = text(&input::bytes(path)?, &input::shown(path))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(lines.map(str::to_owned).collect())
}

fn told(divided: &Divided, folder: &Path, lang: Lang) -> String {
    let Divided { grade, document, lot } = divided;
    let report = Report {
        roster: &grade.roster,
        model: &grade.request.model,
        policy: &grade.policy,
        document,
        lang,
        audience: Audience::Teacher,
    };
    let mut lines: Vec<Words> = Vec::new();
    if let Some(lot) = lot {
        let (commitment, words) = (&lot.commitment, clean(&lot.words));
        lines.push(words!(
            "抽签词“{words}”，承诺值 SHA-256 {commitment}",
            "lot \"{words}\", commitment SHA-256 {commitment}"
        ));
        for draw in &lot.draws {
            let (class, team, ticket) = (&draw.class, clean(&draw.team), &draw.ticket[..16]);
            lines.push(words!("  {class}：{team}（签号 {ticket}…）", "  {class}: {team} (ticket {ticket}…)"));
        }
    }
    if !document.groups.is_empty() {
        let lists = folder.join(LISTS).display().to_string();
        lines.push(words!(
            "各班名册：{lists}；下一步：fenzu school {lists} --output 分组/",
            "lists of the classes: {lists}; next: fenzu school {lists} --output groups/"
        ));
    }
    table(&[report]) + &output::lines(&lines, lang)
}
