//! `fenzu models`: the models that come with fenzu, and the goals that a model may have.

use super::{Ending, Failure, output};
use crate::goals::about;
use crate::model::builtin;
use crate::model::goal::{GoalName, Needs};
use crate::words;
use crate::words::Lang;
use std::fmt::Write;

/// List the models (分组方案), or print one to copy and change
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  fenzu models\n  fenzu models responsibility-groups > my.toml\n  fenzu solve class.xlsx --model my.toml"
)]
pub(super) struct Args {
    /// Print this model's file
    name: Option<String>,
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<Ending, Failure> {
    let Some(name) = &args.name else {
        output::print(&list(lang))?;
        return Ok(Ending::Done);
    };
    let Some(text) = builtin::text(name) else {
        let known: Vec<&str> = builtin::builtin().iter().map(|model| model.name.as_str()).collect();
        let known = known.join(", ");
        return Err(Failure::Usage(words!(
            "没有名为“{name}”的方案；有：{known}",
            "no model is called \"{name}\"; there are: {known}"
        )));
    };
    output::print(text)?;
    Ok(Ending::Done)
}

fn list(lang: Lang) -> String {
    let mut text = String::new();
    for model in builtin::builtin() {
        let (title, about) = (model.title.get(lang), model.about.get(lang));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{:<24}{title}\n{:24}{about}", model.name, "");
    }
    let head = words!("方案可用的目标（[[goals]]）：", "Goals that a model may have ([[goals]]):");
    let _ = writeln!(text, "\n{}", head.get(lang));
    // Keep mode has a goal that is in no model.
    for goal in GoalName::ALL.into_iter().filter(|goal| goal.needs() != Needs::OldKept) {
        let _ = writeln!(text, "{:<24}{}", goal.word(), about(goal).meaning.get(lang));
    }
    text
}
