//! Writing results: stdout, and files that are whole or not there at all.

use super::Failure;
use crate::plan::document::Document;
use crate::report::{self, Audience, FORMATS, Report, Writer};
use crate::words;
use crate::words::{Lang, Words};
use anyhow::Context;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What a command prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    Table,
    Json,
}

/// A file to write, its format known by its ending.
#[derive(Clone, Debug)]
pub(super) struct Target {
    path: PathBuf,
    format: &'static report::Format,
}

/// Checks the endings before any solving; not every format has a public view.
pub(super) fn targets(paths: &[PathBuf], audience: Audience) -> Result<Vec<Target>, Failure> {
    paths.iter().map(|path| target(path, audience)).collect()
}

fn target(path: &Path, audience: Audience) -> Result<Target, Failure> {
    let shown = path.display();
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    let ending = ending.map(|ending| if ending == "htm" { "html".to_owned() } else { ending });
    let Some(format) = ending.as_deref().and_then(report::format) else {
        let [others @ .., last] = FORMATS.map(|format| format!(".{}", format.word));
        let (zh, en) = (others.join(" "), others.join(", "));
        return Err(Failure::Usage(words!(
            "--output {shown}：文件名应以 {zh} 或 {last} 结尾",
            "--output {shown}: the name must end in {en} or {last}"
        )));
    };
    if !format.has_public_view() && audience == Audience::Public {
        let name = format.name();
        return Err(Failure::Usage(words!(
            "--output {shown}：{name} 含成绩与层次，不能与 --public 同用",
            "--output {shown}: {name} holds marks and tiers and cannot go with --public"
        )));
    }
    if path.parent().is_some_and(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return Err(Failure::Usage(words!(
            "--output {shown}：文件夹不存在",
            "--output {shown}: the folder does not exist"
        )));
    }
    Ok(Target { path: path.to_owned(), format })
}

/// Writes the reports in the target's format.
pub(super) fn write(target: &Target, reports: &[Report<'_>]) -> Result<(), Failure> {
    let bytes = match target.format.write {
        Writer::Documents(write) => write(&documents(reports)).into_bytes(),
        Writer::Reports(write) => write(reports).with_context(|| target.format.name())?,
    };
    replace(&target.path, &bytes)?;
    Ok(())
}

/// The documents as JSON: an object, or an array for several classes.
pub(super) fn json(reports: &[Report<'_>]) -> String {
    report::json(&documents(reports))
}

fn documents(reports: &[Report<'_>]) -> Vec<Document> {
    reports.iter().map(|report| report.document.clone()).collect()
}

/// Writes a file beside its place and moves it there, so that a crash leaves the old one or the new one, never half.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    Ok(crate::base::files::replace(path, bytes)?)
}

/// Lines of text in one language.
pub(super) fn lines(lines: &[Words], lang: Lang) -> String {
    lines.iter().flat_map(|line| [line.get(lang), "\n"]).collect()
}

/// Prints text to stdout; a closed pipe (`| head`) is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    print_bytes(text.as_bytes())
}

/// Prints bytes to stdout; a closed pipe is no failure.
pub(super) fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Ours(anyhow::Error::new(error).context("stdout")))
        }
        _ => Ok(()),
    }
}
