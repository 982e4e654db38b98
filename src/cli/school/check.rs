//! `fenzu school check`: judges a finished output folder.

use super::failure;
use crate::cli::{Ending, Failure, input, output};
use crate::report::names::part;
use crate::report::text::clean;
use crate::school::inspect::{Verdict, inspect};
use crate::words;
use crate::words::{Lang, Words};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Judge all that a run wrote: plans, workbooks, public pages, teachers, registers and the summary
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fenzu school check out/

A line a class, and one on the whole. Needs nothing but the output folder: lists and staff list are kept there. The folder of a
district is judged school by school. Exit code 3 if anything is wrong, 2 if something cannot be read.")]
pub(in crate::cli) struct Args {
    /// Output folder of `fenzu school`
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(in crate::cli) fn run(args: &Args, lang: Lang) -> Result<Ending, Failure> {
    let schools = schools(&args.folder)?;
    if schools.is_empty() {
        return school(&args.folder, "", lang);
    }
    let mut ending = Ending::Done;
    for name in schools {
        ending = ending.max(school(&args.folder.join(&name), &name, lang)?);
    }
    Ok(ending)
}

/// The folders of a district's schools; none where the folder is a school's.
fn schools(folder: &Path) -> Result<Vec<String>, Failure> {
    let summary: Value = serde_json::from_slice(&input::bytes(&folder.join("summary.json"))?).unwrap_or_default();
    let schools = summary["schools"].as_array().into_iter().flatten();
    let plain = |path: &&str| !path.contains(['/', '\\', ':']) && !path.starts_with('.');
    let names = schools.filter_map(|school| school["summary"].as_str()?.strip_suffix("/summary.json"));
    Ok(names.filter(plain).map(str::to_owned).collect())
}

fn school(folder: &Path, name: &str, lang: Lang) -> Result<Ending, Failure> {
    let verdicts = inspect(folder).map_err(failure)?;
    let lines: Vec<Words> = verdicts.iter().flat_map(|verdict| told(verdict, name)).collect();
    output::print(&output::lines(&lines, lang))?;
    let agrees = verdicts.iter().all(|verdict| verdict.findings.is_empty());
    Ok(if agrees { Ending::Done } else { Ending::No })
}

fn told(verdict: &Verdict, school: &str) -> Vec<Words> {
    let whole = words!("全校", "the school");
    let class = clean(&verdict.class);
    let class = if class.is_empty() { whole } else { words!("{class}", "{class}") };
    let (zh, en) = if school.is_empty() {
        (class.zh, class.en)
    } else {
        (format!("{} {}", clean(school), class.zh), format!("{} {}", clean(school), class.en))
    };
    let count = verdict.findings.len();
    let head = match count {
        0 if !verdict.planned => words!("{zh}：没有分组结果", "{en}: no plan"),
        0 if verdict.class.is_empty() => {
            words!("{zh}：教师、登记册和汇总无误", "{en}: teachers, registers and summary agree")
        }
        0 => words!("{zh}：无误", "{en}: agrees"),
        _ => words!("{zh}：发现 {count} 处错误", "{en}: {count} faults"),
    };
    let finding = |finding: &crate::check::Finding| {
        let [here, place] = [Lang::Zh, Lang::En].map(|lang| clean(&part(&finding.place, lang)));
        let (code, zh, en) = (finding.code, clean(&finding.message.zh), clean(&finding.message.en));
        words!("  [{code}] {here}：{zh}", "  [{code}] {place}: {en}")
    };
    std::iter::once(head).chain(verdict.findings.iter().map(finding)).collect()
}
