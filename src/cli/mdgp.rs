//! `fenzu mdgp`: maximally diverse groups of any elements, and groups of large numeric data that are alike.

use super::output::{self, Format};
use super::terminal::cancel_switch;
use super::{Ending, Failure, input};
use crate::check::diversity::{between, within};
use crate::fault::{Fault, Faults};
use crate::problem::{distances, rows};
use crate::solver::Stop;
use crate::solver::diversity::{self, Search};
use crate::words;
use crate::words::Lang;
use anyhow::Context;
use std::path::{Path, PathBuf};

/// Maximally diverse groups (MDGP): elements with pairwise distances, or large numeric data
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fenzu mdgp RanReal_n120_ss_01.txt --time-limit 3 --format json
  fenzu mdgp RanReal_n120_ss_01.txt --sizes RanReal_n120_ds_01.head     other limits of sizes for the same distances
  fenzu mdgp data.csv --groups 1000 --time-limit 60                     a row of numbers for each element
  fenzu sample mdgp > instance.txt                                      an instance to try

INSTANCE is MDGPLIB's text: a line `n G ss|ds L1 U1 … LG UG`, then `i j d` for every pair, elements from 0. The objective is the
sum of distances inside groups, the more the better. With --groups it is a CSV of numbers, and the objective is the sum of squares
between groups, the less the better (with equal sizes: the most summed squared distance inside groups); scale the columns first if
their units differ. Elements are numbered from 0 in the order of the file. One thread does the same work for the same seed.")]
pub(super) struct Args {
    /// MDGPLIB text, or a CSV of numbers with --groups
    instance: PathBuf,
    /// A file whose first line gives the limits of sizes (MDGPLIB's .head)
    #[arg(long, value_name = "FILE", conflicts_with = "groups")]
    sizes: Option<PathBuf>,
    /// INSTANCE is a CSV of numbers: divide its rows into N groups of equal size, to within one
    #[arg(long, value_name = "N")]
    groups: Option<usize>,
    /// Seconds
    #[arg(long, value_name = "S", default_value_t = 10.0)]
    time_limit: f64,
    /// Units of work at most: the same result on any machine, unless the clock ends the run first
    #[arg(long, value_name = "N")]
    work: Option<u64>,
    /// Seed of the search
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Searches side by side, each with its own seed; the best counts
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<Ending, Failure> {
    let limit = input::time_limit(args.time_limit)?;
    let bytes = bytes(&args.instance)?;
    let file = input::shown(&args.instance);
    let search = Search { seed: args.seed, threads: usize::from(args.threads), work: args.work };
    let switch = cancel_switch()?;
    let (group_of, count, objective, seconds) = if let Some(groups) = args.groups {
        let rows = rows::read(&bytes, &file)?;
        check_groups(groups, rows.len())?;
        let stop = Stop::after(Some(limit)).with_switch(switch);
        let group_of = diversity::rows::divide(&rows, groups, search, &stop);
        let seconds = stop.seconds();
        let objective = between(&rows.values, rows.columns, &group_of);
        (group_of, groups, objective, seconds)
    } else {
        let sizes = args.sizes.as_deref().map(|path| self::bytes(path).map(|bytes| (bytes, input::shown(path))));
        let sizes = sizes.transpose()?;
        let head = sizes.as_ref().map(|(bytes, file)| (bytes.as_slice(), file.as_str()));
        let instance = distances::read(&bytes, &file, head)?;
        let stop = Stop::after(Some(limit)).with_switch(switch);
        let group_of = diversity::solve(&instance, search, &stop);
        let seconds = stop.seconds();
        let objective = within(&instance.distances, &group_of);
        (group_of, instance.limits.len(), objective, seconds)
    };
    let mut groups = vec![Vec::new(); count];
    group_of.iter().enumerate().for_each(|(element, &group)| groups[group].push(element));
    show(args.format, objective, &groups, seconds, lang)?;
    Ok(Ending::Done)
}

/// Largest instance file.
const LARGEST: u64 = 1 << 30;

fn bytes(path: &Path) -> Result<Vec<u8>, Faults> {
    input::bytes_up_to(path, LARGEST)
}

fn check_groups(groups: usize, rows: usize) -> Result<(), Faults> {
    if (1..=rows).contains(&groups) {
        return Ok(());
    }
    Err(Faults(vec![Fault {
        code: "group_count",
        place: "--groups".to_owned(),
        found: words!("{groups} 组", "{groups} groups"),
        expected: words!("1 到 {rows} 组（共 {rows} 行）", "1 to {rows} groups ({rows} rows)"),
        action: words!("请减少组数", "ask for fewer groups"),
    }]))
}

fn show(format: Format, objective: f64, groups: &[Vec<usize>], seconds: f64, lang: Lang) -> Result<(), Failure> {
    if format == Format::Json {
        let document = serde_json::json!({"objective": objective, "groups": groups, "elapsed_seconds": seconds});
        let text = serde_json::to_string(&document).context("JSON")?;
        return output::print(&(text + "\n"));
    }
    let sizes = groups.iter().map(Vec::len);
    let (count, least, most) = (groups.len(), sizes.clone().min().unwrap_or(0), sizes.max().unwrap_or(0));
    let head = words!(
        "目标值 {objective}；{count} 组，每组 {least} 到 {most} 个；{seconds:.2} 秒",
        "objective {objective}; {count} groups of {least} to {most}; {seconds:.2} s"
    );
    let members = |members: &Vec<usize>| members.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
    let lines = groups.iter().enumerate().map(|(number, group)| format!("{}: {}\n", number + 1, members(group)));
    output::print(&(head.get(lang).to_owned() + "\n" + &lines.collect::<String>()))
}
