//! The files beside a plan: its workbook and public page say what the plan says, every teacher with groups has a register, and
//! nothing of an earlier run stands among them.

use super::super::outputs;
use super::super::summary::{State, Summary};
use crate::base::files;
use crate::check::Finding;
use crate::fault::{Fault, Faults};
use crate::plan::document::Document;
use crate::plan::read::{PlanFile, read};
use crate::report::notice::{index, shown_names};
use crate::roster::Roster;
use crate::words;
use crate::words::Words;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

fn finding(code: &'static str, place: &str, message: Words) -> Finding {
    Finding { code, place: place.to_owned(), message }
}

fn missing(place: &str) -> Finding {
    finding("file_missing", place, words!("没有这个文件", "the file is not there"))
}

/// The bytes of a file by its path below the output folder.
fn bytes(output: &Path, file: &str) -> Result<Option<Vec<u8>>, Faults> {
    let path = output.join(file);
    files::read_if_there(&path).map_err(|error| Fault::unreadable(&path, &error).into())
}

/// A class's workbook: its list has every student in the group of the plan.
pub(super) fn workbook(output: &Path, file: &str, document: &Document) -> Result<Vec<Finding>, Faults> {
    let [_, path, ..] = outputs::paths(file);
    let Some(bytes) = bytes(output, &path)? else { return Ok(vec![missing(&path)]) };
    let place = output.join(&path).display().to_string();
    let PlanFile::Assignment(rows) = read(&place, &bytes)? else { return Ok(vec![missing(&path)]) };
    let listed: HashMap<&str, &str> = rows.iter().map(|row| (row.id.as_str(), row.group.as_str())).collect();
    let planned = document.groups.iter().flat_map(|group| group.students.iter().map(move |id| (id, &group.id)));
    let differ = planned.clone().filter(|(id, group)| listed.get(id.as_str()) != Some(&group.as_str())).count();
    let more = listed.len().saturating_sub(planned.count());
    if differ + more == 0 {
        return Ok(Vec::new());
    }
    let message = words!(
        "与分组结果不符的学生：{differ} 名，多出 {more} 名",
        "students whose group is not the plan's: {differ}; students too many: {more}"
    );
    Ok(vec![finding("workbook", &path, message)])
}

/// The public page: just the groups of the plan, each with just its members' names.
pub(super) fn page(output: &Path, file: &str, roster: &Roster, document: &Document) -> Result<Vec<Finding>, Faults> {
    let [_, _, path, ..] = outputs::paths(file);
    let Some(bytes) = bytes(output, &path)? else { return Ok(vec![missing(&path)]) };
    let text = String::from_utf8_lossy(&bytes);
    let shown: Vec<Vec<String>> = text.split("<article").skip(1).map(names).collect();
    let (known, index) = (shown_names(roster), index(roster));
    let members = |ids: &[String]| {
        let found = ids.iter().filter_map(|id| index.get(id.as_str()));
        let mut names: Vec<String> = found.map(|&s| known[s].clone()).collect();
        names.sort();
        names
    };
    let planned: Vec<Vec<String>> = document.groups.iter().map(|group| members(&group.students)).collect();
    if shown == planned {
        return Ok(Vec::new());
    }
    let differ = planned.iter().zip(&shown).filter(|(planned, shown)| planned != shown).count();
    let differ = differ + planned.len().abs_diff(shown.len());
    let message = words!("与分组结果不符的小组：{differ} 个", "groups that are not the plan's: {differ}");
    Ok(vec![finding("public_page", &path, message)])
}

/// The students' names of one group of a page, sorted.
fn names(group: &str) -> Vec<String> {
    let list = group.split("<ul").nth(1).and_then(|list| list.split("</ul>").next()).unwrap_or_default();
    let names = list.split("<bdi>").skip(1).filter_map(|name| name.split("</bdi>").next());
    let mut names: Vec<String> = names.map(plain).collect();
    names.sort();
    names
}

/// Text as it was before it became part of a page.
fn plain(text: &str) -> String {
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\"")];
    let signs = signs.into_iter().chain([("&#39;", "'"), ("&#x27;", "'"), ("&#38;", "&"), ("&amp;", "&")]);
    signs.fold(text.to_owned(), |text, (sign, plain)| text.replace(sign, plain))
}

/// Files that no class and no teacher of the summary has, and registers that are not there.
pub(super) fn strays(output: &Path, summary: &Summary) -> Result<Vec<Finding>, Faults> {
    let done = summary.classes.iter().filter(|class| class.state == State::Done);
    let mut own: BTreeSet<String> = BTreeSet::new();
    for class in done {
        let [json, xlsx, html, ..] = outputs::paths(&class.file);
        own.extend([json, xlsx, html]);
    }
    let taught = summary.teachers.iter().filter(|teacher| !teacher.groups.is_empty());
    let registers: Vec<String> = taught.map(|teacher| outputs::register(&teacher.file)).collect();
    let mut findings: Vec<Finding> =
        registers.iter().filter(|file| !output.join(file).exists()).map(|file| missing(file)).collect();
    own.extend(registers);
    for (folder, endings) in
        [(outputs::CLASSES, &[".json", ".xlsx"][..]), (outputs::PUBLIC, &[".html"]), (outputs::TEACHERS, &[".xlsx"])]
    {
        let there = names_in(&output.join(folder))?;
        let of_kind = there.iter().filter(|name| endings.iter().any(|ending| name.ends_with(ending)));
        let paths = of_kind.map(|name| format!("{folder}/{name}"));
        let message = words!(
            "汇总里没有这个班或这位教师，是以前留下的文件",
            "the summary knows no such class or teacher: the file is an earlier one"
        );
        findings
            .extend(paths.filter(|path| !own.contains(path)).map(|path| finding("stray_file", &path, message.clone())));
    }
    Ok(findings)
}

/// The names of the files of a folder that are not hidden, in order; none where there is no folder.
fn names_in(folder: &Path) -> Result<BTreeSet<String>, Faults> {
    let unreadable = |error: std::io::Error| Faults::from(Fault::unreadable(folder, &error));
    if !folder.exists() {
        return Ok(BTreeSet::new());
    }
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        names.extend((!name.starts_with(['.', '~'])).then_some(name));
    }
    Ok(names)
}
