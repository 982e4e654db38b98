//! `fenzu school adopt`: the class teacher's last word becomes the plan.

use super::changes::{handed, moved};
use super::failure;
use crate::cli::terminal::cancel_switch;
use crate::cli::{Ending, Failure, input, output};
use crate::fault::{Fault, Notice};
use crate::report::figures::number;
use crate::report::names::{goal_word, part};
use crate::report::text::clean;
use crate::school::SchoolError;
use crate::school::adopt::{Adopted, Price, Renamed, adopt};
use crate::solver::Stop;
use crate::words;
use crate::words::{Lang, Words};
use std::path::PathBuf;

/// The class teacher's last word (班主任定稿): an edited workbook becomes the plan of its class
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fenzu school adopt out/ 七3班.xlsx           the workbook out/classes/七3班.xlsx, edited by hand
  fenzu school adopt out/ edited.csv           columns id (or name), group and, for several classes, class

The plan is judged: what changed is told with its price against the old one. Teachers stay with their groups; where one may not
(an own child, a capacity), as few groups as possible change hands. Registers are written anew with what was typed into them;
old files go to history/<n>/. A group is named by its id, number, name or printed label. Exit code 2 if the list cannot be used,
3 if it breaks a rule; nothing is written then.")]
pub(in crate::cli) struct Args {
    /// Output folder of `fenzu school`
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The edited workbook or table
    #[arg(value_name = "EDITED")]
    edited: PathBuf,
    /// Seconds for the teachers
    #[arg(long, value_name = "S", default_value_t = 10.0)]
    time_limit: f64,
}

pub(in crate::cli) fn run(args: &Args, lang: Lang) -> Result<Ending, Failure> {
    let limit = input::time_limit(args.time_limit)?;
    let bytes = input::bytes(&args.edited)?;
    let stop = Stop::after(Some(limit)).with_switch(cancel_switch()?);
    match adopt(&args.folder, (&bytes, &input::shown(&args.edited)), &stop, lang) {
        Ok(adopted) => {
            output::print(&told(&adopted, lang))?;
            Ok(Ending::Done)
        }
        Err(SchoolError::Broken(faults)) => {
            let told = |fault: &Fault| Fault { place: part(&fault.place, lang), ..fault.clone() };
            faults.0.iter().map(told).for_each(|fault| eprintln!("{}", fault.line(lang)));
            Ok(Ending::No)
        }
        Err(error) => Err(failure(error)),
    }
}

fn told(adopted: &Adopted, lang: Lang) -> String {
    let Some(history) = &adopted.history else {
        let same = words!("与现在的分组相同，没有改动", "the groups are as they were; nothing was written");
        return output::lines(&adopted.notices.iter().map(noticed).chain([same]).collect::<Vec<_>>(), lang);
    };
    let mut lines: Vec<Words> = adopted.moved.iter().map(moved).collect();
    let moves = adopted.moved.len();
    lines.push(words!("换组的学生：{moves} 名", "students who change group: {moves}"));
    let differs = |price: &&Price| price.before.total_cmp(&price.after).is_ne();
    lines.extend(adopted.renamed.iter().map(renamed));
    lines.extend(adopted.prices.iter().filter(differs).map(|price| cost(price, lang)));
    if !adopted.prices.iter().any(|price| differs(&price)) {
        lines.push(words!("各项目标的数值没有变化", "no goal's value changes"));
    }
    lines.extend(adopted.teachers.iter().map(handed));
    let teachers = adopted.teachers.len();
    lines.push(words!("换教师的小组：{teachers} 个", "groups with a new teacher: {teachers}"));
    lines.extend(adopted.notices.iter().map(noticed));
    let history = history.display();
    lines.push(words!("原来的结果：{history}", "the old plans: {history}"));
    output::lines(&lines, lang)
}

fn noticed(notice: &Notice) -> Words {
    let (place, zh, en) = (clean(&notice.place), &notice.message.zh, &notice.message.en);
    words!("{place}：{zh}", "{place}: {en}")
}

/// A group with its old name and the new one.
fn renamed(change: &Renamed) -> Words {
    let (group, from, to) = (clean(&change.group), clean(&change.from), clean(&change.to));
    words!("改组名 {group} “{from}” → “{to}”", "name {group} \"{from}\" → \"{to}\"")
}

/// A goal before and after.
fn cost(price: &Price, lang: Lang) -> Words {
    let (class, goal, unit) = (clean(&price.class), goal_word(&price.goal, lang), &price.unit);
    let (before, after) = (number(price.before), number(price.after));
    words!("{class} {goal}：{before} → {after} {unit}", "{class} {goal}: {before} → {after} {unit}")
}
