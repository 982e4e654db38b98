//! `fenzu models`: the models that come with fenzu.

use super::{Ending, Failure, output};
use crate::model::builtin;
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
    text
}
