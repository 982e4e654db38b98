//! `fenzu sample`: invented lists to try, test and measure with.

use super::{Ending, Failure, output};
use crate::problem::distances::{MAX_ELEMENTS, MAX_GROUPS};
use crate::sample::mdgp::{Family, MdgpSpec, Sizes, mdgp_text};
use crate::sample::{
    ClassSpec, Flag, MAX_SEMESTER, MAX_STUDENTS, Marks, SUBJECTS, SchoolSpec, TierColumn, class_csv, classes,
    messy_xlsx, school,
};
use crate::words;
use crate::words::Lang;
use anyhow::Context;
use clap::Subcommand;
use std::io::IsTerminal;
use std::path::PathBuf;

/// Make invented lists: no student in them exists
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Class(ClassArgs),
    School(SchoolArgs),
    Mdgp(MdgpArgs),
}

/// One class, or many
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fenzu sample class > class.csv
  fenzu sample class --headers zh --messy > class.xlsx     as a school office would send it
  fenzu sample class --subjects 5 --half-points --count 20 --output classes/
  fenzu sample class --semester 2 > next.csv               the same students half a year later")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
struct ClassArgs {
    /// Students
    #[arg(long, default_value_t = 50)]
    students: usize,
    /// Subjects, 0 to 9
    #[arg(long, default_value_t = 3)]
    subjects: usize,
    /// Marks in steps of half a point
    #[arg(long)]
    half_points: bool,
    /// No tier column
    #[arg(long)]
    no_tiers: bool,
    /// No yes-or-no columns
    #[arg(long)]
    no_flags: bool,
    /// Marks in a hundred that read "absent"
    #[arg(long, default_value_t = 0, value_name = "PERCENT")]
    absent: usize,
    /// The same students with the marks of this semester, 1 to 20
    #[arg(long, default_value_t = 1, value_name = "N")]
    semester: usize,
    /// Language of headers
    #[arg(long, value_enum, default_value_t = Language::En)]
    headers: Language,
    /// Language of names and genders
    #[arg(long, value_enum, default_value_t = Language::Zh)]
    people: Language,
    /// A workbook with title rows, merged headers, formulas, notes and an absent student
    #[arg(long, conflicts_with = "count")]
    messy: bool,
    /// How many classes, with seeds from --seed upwards; needs --output
    #[arg(long, requires = "output")]
    count: Option<usize>,
    /// File, or folder with --count; stdout without it
    #[arg(long)]
    output: Option<PathBuf>,
    /// Another seed, another class
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A school: class lists of 45 to 52 students and a staff list with room for every group
#[derive(Debug, clap::Args)]
#[command(after_help = "Writes FOLDER/classes/class01.csv … and FOLDER/staff.csv. Example:
  fenzu sample school --classes 20 --seed 1 --output school
  fenzu solve school/classes/*.csv --teachers school/staff.csv")]
struct SchoolArgs {
    /// Classes; three teachers for each
    #[arg(long, visible_alias = "count", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    classes: u16,
    /// Language of headers and names
    #[arg(long, value_enum, default_value_t = Language::Zh)]
    headers: Language,
    /// Folder to write to
    #[arg(long, value_name = "FOLDER")]
    output: PathBuf,
    /// Another seed, another school
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// An instance of maximally diverse grouping, for `fenzu mdgp`
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fenzu sample mdgp > instance.txt
  fenzu sample mdgp --family geo --elements 480 --groups 20 --unequal > instance.txt
  fenzu sample mdgp --count 5 --output instances/")]
struct MdgpArgs {
    /// Distances: between points in space, or random real or whole numbers
    #[arg(long, value_enum, default_value_t = FamilyArg::RanReal)]
    family: FamilyArg,
    /// Elements
    #[arg(long, default_value_t = 120, value_name = "N")]
    elements: usize,
    /// Groups
    #[arg(long, default_value_t = 10, value_name = "N")]
    groups: usize,
    /// Limits of sizes that differ, a quarter below and above the mean at most, instead of equal sizes
    #[arg(long)]
    unequal: bool,
    /// How many instances, with seeds from --seed upwards; needs --output
    #[arg(long, requires = "output", value_name = "N")]
    count: Option<usize>,
    /// File, or folder with --count; stdout without it
    #[arg(long)]
    output: Option<PathBuf>,
    /// Another seed, another instance
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum FamilyArg {
    Geo,
    RanReal,
    RanInt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Language {
    Zh,
    En,
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<Ending, Failure> {
    match &args.what {
        What::Class(args) => class(args, lang),
        What::School(args) => whole_school(args),
        What::Mdgp(args) => mdgp(args),
    }
}

fn class(args: &ClassArgs, lang: Lang) -> Result<Ending, Failure> {
    let spec = spec(args)?;
    if let (Some(count), Some(folder)) = (args.count, &args.output) {
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        for (name, text) in classes(&spec, count) {
            output::replace(&folder.join(name), text.as_bytes())?;
        }
        return Ok(Ending::Done);
    }
    let bytes = if args.messy { messy_xlsx(&spec).context("XLSX")? } else { class_csv(&spec).into_bytes() };
    match &args.output {
        Some(path) => output::replace(path, &bytes)?,
        None => to_stdout(&bytes, args.messy, lang)?,
    }
    Ok(Ending::Done)
}

fn whole_school(args: &SchoolArgs) -> Result<Ending, Failure> {
    let made = school(&SchoolSpec { classes: args.classes.into(), lang: lang(args.headers), seed: args.seed });
    let folder = args.output.join("classes");
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    for (name, text) in made.lists {
        output::replace(&folder.join(name), text.as_bytes())?;
    }
    output::replace(&args.output.join("staff.csv"), made.staff.as_bytes())?;
    Ok(Ending::Done)
}

fn mdgp(args: &MdgpArgs) -> Result<Ending, Failure> {
    let most = args.elements.min(MAX_GROUPS);
    if !(2..=MAX_ELEMENTS).contains(&args.elements) || !(1..=most).contains(&args.groups) {
        return Err(Failure::Usage(words!(
            "元素 2 到 {MAX_ELEMENTS} 个，组数不超过元素数和 {MAX_GROUPS}",
            "elements 2 to {MAX_ELEMENTS}, and no more groups than elements or {MAX_GROUPS}"
        )));
    }
    let family = match args.family {
        FamilyArg::Geo => Family::Geo,
        FamilyArg::RanReal => Family::RanReal,
        FamilyArg::RanInt => Family::RanInt,
    };
    let sizes = if args.unequal { Sizes::Between } else { Sizes::Equal };
    let spec = MdgpSpec { family, elements: args.elements, groups: args.groups, sizes, seed: args.seed };
    let Some(path) = &args.output else {
        output::print(&mdgp_text(&spec))?;
        return Ok(Ending::Done);
    };
    let Some(count) = args.count else {
        output::replace(path, mdgp_text(&spec).as_bytes())?;
        return Ok(Ending::Done);
    };
    std::fs::create_dir_all(path).with_context(|| path.display().to_string())?;
    let width = count.to_string().len().max(2);
    for index in 0..count {
        let text = mdgp_text(&MdgpSpec { seed: spec.seed.wrapping_add(index as u64), ..spec });
        output::replace(&path.join(format!("mdgp{:0width$}.txt", index + 1)), text.as_bytes())?;
    }
    Ok(Ending::Done)
}

fn spec(args: &ClassArgs) -> Result<ClassSpec, Failure> {
    let most = SUBJECTS.len();
    let counts = args.subjects <= most && (1..=MAX_STUDENTS).contains(&args.students) && args.absent <= 100;
    if !counts || !(1..=MAX_SEMESTER).contains(&args.semester) {
        return Err(Failure::Usage(words!(
            "学生 1 到 {MAX_STUDENTS} 名，科目 0 到 {most} 门，缺考 0 到 100 %，学期 1 到 {MAX_SEMESTER}",
            "students 1 to {MAX_STUDENTS}, subjects 0 to {most}, absent 0 to 100 per cent, semester 1 to {MAX_SEMESTER}"
        )));
    }
    Ok(ClassSpec {
        students: args.students,
        subjects: args.subjects,
        marks: if args.half_points { Marks::HalfPoints } else { Marks::Whole },
        tiers: if args.no_tiers { TierColumn::Absent } else { TierColumn::Written },
        flags: if args.no_flags { Vec::new() } else { vec![Flag::LeftBehind, Flag::Boarding] },
        headers: lang(args.headers),
        people: lang(args.people),
        absent_percent: args.absent,
        semester: args.semester,
        seed: args.seed,
    })
}

fn lang(language: Language) -> Lang {
    match language {
        Language::Zh => Lang::Zh,
        Language::En => Lang::En,
    }
}

fn to_stdout(bytes: &[u8], binary: bool, lang: Lang) -> Result<(), Failure> {
    if binary && std::io::stdout().is_terminal() {
        let words = words!(
            "工作簿不能显示在终端，请用 --output FILE",
            "a workbook cannot be shown on a terminal; use --output FILE"
        );
        eprintln!("{}", words.get(lang));
        return Err(Failure::Usage(words!("缺少 --output", "--output is missing")));
    }
    output::print_bytes(bytes)
}
