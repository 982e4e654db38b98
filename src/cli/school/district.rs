//! `fenzu school --schools`: every folder or zip of a district is a school of its own.

use super::{Bench, told};
use crate::base::{files, names::file_names};
use crate::cli::{Ending, Failure, output};
use crate::fault::Faults;
use crate::report::text::clean;
use crate::school::sources::{Source, find, schools};
use crate::school::summary::State;
use crate::school::{Settings, Summary};
use crate::words;
use crate::words::Lang;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Instant;

impl Bench {
    /// Every school of a district by itself, and a summary of them all.
    pub(super) fn district(
        &self,
        folders: &[PathBuf],
        teachers: Option<&Path>,
        output: &Path,
    ) -> Result<Ending, Failure> {
        let begun = Instant::now();
        let mut all = Vec::new();
        for folder in folders {
            all.extend(schools(folder, &[output.to_owned()])?);
        }
        let mut tally = Tally::default();
        for ((name, path), file) in all.iter().zip(file_names(&names(&all))) {
            if self.switch.load(Ordering::Relaxed) {
                tally.left(name);
                continue;
            }
            match self.one_of_many(path, teachers, &output.join(&file)) {
                Ok(summary) => {
                    tally.done(self.ending(&summary), school_record(name, &file, &summary), &summary);
                    let told = told(&summary, &output.join(&file), &self.said(), self.settings.lang);
                    output::print(&format!("{}: {told}", clean(name)))?;
                }
                Err(Failure::Input(faults)) => output::print(&tally.refused(name, &faults, self.settings.lang))?,
                Err(Failure::Ours(error)) => output::print(&tally.failed(name, &error, self.settings.lang))?,
                Err(failure @ Failure::Usage(_)) => return Err(failure),
            }
        }
        let seconds = begun.elapsed().as_secs_f64();
        let summary = json!({"schools": tally.records, "elapsed_seconds": seconds});
        files::make_folder(output).map_err(anyhow::Error::new)?;
        output::replace(&output.join("summary.json"), format!("{summary:#}\n").as_bytes())?;
        output::print(&tally.told(&self.settings, seconds))?;
        Ok(tally.ending)
    }

    fn one_of_many(&self, path: &Path, teachers: Option<&Path>, output: &Path) -> Result<Summary, Failure> {
        let teachers = teachers.map(|file| Source::staff(file, Some(path))).transpose()?;
        let except: Vec<PathBuf> = teachers.iter().map(Source::path).chain([output.to_owned()]).collect();
        let sources = find(&[path.to_owned()], &except)?;
        self.school(&sources, &Settings { teachers, ..self.settings.clone() }, output)
    }
}

fn names(schools: &[(String, PathBuf)]) -> Vec<String> {
    schools.iter().map(|(name, _)| name.clone()).collect()
}

/// The schools of a district so far.
struct Tally {
    records: Vec<serde_json::Value>,
    ending: Ending,
    /// Schools that a stopped run did not reach.
    left: usize,
    classes: usize,
    students: usize,
}

impl Default for Tally {
    fn default() -> Self {
        Self { records: Vec::new(), ending: Ending::Done, left: 0, classes: 0, students: 0 }
    }
}

impl Tally {
    fn done(&mut self, ending: Ending, record: serde_json::Value, summary: &Summary) {
        self.records.push(record);
        self.ending = self.ending.max(ending);
        self.classes += summary.count(State::Done);
        self.students += summary.classes.iter().map(|class| class.students).sum::<usize>();
    }

    /// A refused school in words.
    fn refused(&mut self, name: &str, faults: &Faults, lang: Lang) -> String {
        let lines: Vec<String> = faults.0.iter().map(|fault| fault.line(lang)).collect();
        self.records.push(json!({"school": name, "state": "refused", "error": lines.join("\n")}));
        self.ending = self.ending.max(Ending::Refused);
        let name = clean(name);
        let head = words!("{name}：输入未能使用", "{name}: refused");
        let told =
            std::iter::once(head.get(lang).to_owned()).chain(lines.iter().map(|line| format!("  {}", clean(line))));
        told.collect::<Vec<_>>().join("\n") + "\n"
    }

    /// A school that we could not finish, in words; it stops no other.
    fn failed(&mut self, name: &str, error: &anyhow::Error, lang: Lang) -> String {
        let told = format!("{error:#}");
        self.records.push(json!({"school": name, "state": "failed", "error": told}));
        self.ending = self.ending.max(Ending::Failed);
        let (name, told) = (clean(name), clean(&told));
        let line = words!("{name}：程序出错（{told}）", "{name}: failed ({told})");
        format!("{}\n", line.get(lang))
    }

    fn left(&mut self, name: &str) {
        self.records.push(json!({"school": name, "state": "left"}));
        self.left += 1;
    }

    /// What the run took, and what it left.
    fn told(&self, settings: &Settings, seconds: f64) -> String {
        let throughput = throughput(settings, (self.records.len() - self.left, self.classes, self.students), seconds);
        let left = self.left;
        let line = words!(
            "还有 {left} 所学校没有处理，再运行同一命令即可继续\n",
            "{left} schools were not reached; the same command goes on with them\n"
        );
        throughput + if left > 0 { line.get(settings.lang) } else { "" }
    }
}

fn school_record(name: &str, file: &str, summary: &Summary) -> serde_json::Value {
    json!({"school": name, "state": "done", "summary": format!("{file}/summary.json"),
        "classes": summary.classes.len(), "done": summary.count(State::Done),
        "refused": summary.count(State::Refused), "failed": summary.count(State::Failed),
        "unstaffed": summary.unstaffed(), "left": summary.left, "elapsed_seconds": summary.elapsed_seconds})
}

/// What a run over many schools took.
fn throughput(settings: &Settings, (schools, classes, students): (usize, usize, usize), seconds: f64) -> String {
    let cores = if settings.threads == 0 { rayon::current_num_threads() } else { settings.threads };
    let rate = classes as f64 / seconds.max(1e-9) / cores as f64;
    let memory = peak_memory_mib();
    let memory = memory.map_or_else(|| "–".to_owned(), |mib| format!("{mib} MiB"));
    let line = words!(
        "{schools} 所学校、{classes} 个班、{students} 名学生，{seconds:.1} 秒；每核每秒 {rate:.1} 个班，内存最多 {memory}",
        "{schools} schools, {classes} classes, {students} students in {seconds:.1} s: {rate:.1} classes per core and second, peak memory {memory}"
    );
    format!("{}\n", line.get(settings.lang))
}

/// The most memory that this process has held, where the system tells.
fn peak_memory_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib >> 10)
}
