//! The registers of all teachers, written anew without losing what stands in the old ones: what a teacher typed goes to the same
//! box of the same student or group, whoever has the group now; the old file goes to the history; what finds no box is told and
//! waits for one.

mod carry;
mod standing;

use super::history::History;
use super::outlet::Outlet;
use super::register::texts::{Boxes, Filled, StudentBox, Who};
use super::register::{Charge, Member, members, read, register};
use super::{SchoolError, outputs, state};
use crate::base::files;
use crate::fault::Notice;
use crate::roster::sha256;
use crate::words;
use crate::words::Lang;
use carry::{Carried, carry};
use serde::{Deserialize, Serialize};
pub(super) use standing::{Change, changes};
use standing::{Listed, listed, overwritten};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

/// The boxes that hold what the list tells, unless a teacher wrote over it.
const FACTS: [StudentBox; 4] = [StudentBox::Family, StudentBox::Guardian, StudentBox::Phone, StudentBox::Address];
/// Endings of spreadsheets besides that of registers.
const OTHER_FORMATS: [&str; 6] = [".et", ".xls", ".xlsm", ".ods", ".ett", ".wps"];
/// Most places of a register that one notice names.
const NAMED: usize = 10;

/// A register that is to be there.
pub(super) struct Wanted<'a> {
    /// Its name without ending.
    pub(super) file: &'a str,
    /// The teacher's name.
    pub(super) teacher: &'a str,
    pub(super) charges: Vec<Charge<'a>>,
}

/// What a run remembers of the registers that it wrote.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Record {
    /// By path below the output folder.
    written: BTreeMap<String, Written>,
    /// Texts whose students or groups had no register when they were to be carried.
    waiting: Vec<Filled>,
}

impl Record {
    /// What was written of the groups of a register that has another name now.
    fn written_of(&self, filled: &Filled) -> Option<Written> {
        let is_of =
            |written: &&Written| filled.groups.iter().any(|group| standing::names(&written.members, &group.title));
        self.written.values().find(is_of).cloned()
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Written {
    /// SHA-256 of the register with empty boxes: while it is the same, the teacher's file stays as it is.
    empty: String,
    /// SHA-256 of the file as it was written.
    sha256: String,
    /// What the list told, where teachers may write too.
    facts: Vec<(Who, StudentBox, String)>,
    /// The members of each group with what is told of them, as the register shows it; none in the record of an earlier version.
    #[serde(default)]
    members: Vec<Listed>,
}

/// Where the record stands, below the output folder; no class has a state without an ending.
pub(super) fn record_path() -> String {
    format!("{}/registers", state::FOLDER)
}

/// Writes these registers, and moves those of nobody here to the history. Tells what was carried and what was not.
pub(super) fn write(
    outlet: &dyn Outlet,
    wanted: &[Wanted<'_>],
    history: &mut History,
    lang: Lang,
) -> Result<Vec<Notice>, SchoolError> {
    let mut gone = there(&outlet.folder().join(outputs::TEACHERS))?;
    for wanted in wanted {
        gone.remove(wanted.file);
    }
    if wanted.is_empty() && gone.is_empty() { Ok(Vec::new()) } else { rewrite(outlet, wanted, &gone, history, lang) }
}

/// Writes these registers, and moves those that are gone, by their names without ending, to the history; all others stay as they
/// are.
pub(super) fn rewrite(
    outlet: &dyn Outlet,
    wanted: &[Wanted<'_>],
    gone: &BTreeSet<String>,
    history: &mut History,
    lang: Lang,
) -> Result<Vec<Notice>, SchoolError> {
    let folder = outlet.folder();
    files::make_folder(&folder.join(outputs::TEACHERS))?;
    let mut record = open(folder);
    let mut changed = Vec::new();
    for wanted in wanted {
        let file = outputs::register(wanted.file);
        let empty = sha256(&register(wanted.teacher, &wanted.charges, &Boxes::default(), lang)?);
        let stands = record.written.get(&file).is_some_and(|written| written.empty == empty);
        if !(stands && folder.join(&file).exists()) {
            changed.push((wanted, file, empty));
        }
    }
    let mut old = Old::default();
    let gone = gone.iter().map(|name| (outputs::register(name), false));
    let saved_as = saved_as(&folder.join(outputs::TEACHERS))?.into_iter().map(|file| (file, false));
    for (file, is_wanted) in changed.iter().map(|(_, file, _)| (file.clone(), true)).chain(gone).chain(saved_as) {
        old.take(folder, (&file, is_wanted), &mut record, history)?;
    }
    let targets: Vec<&Wanted<'_>> = changed.iter().map(|(wanted, _, _)| *wanted).collect();
    let mut carried = carry(old.filled, std::mem::take(&mut record.waiting), &targets, lang);
    record.waiting = std::mem::take(&mut carried.waiting);
    for (wanted, file, empty) in &changed {
        let bytes = register(wanted.teacher, &wanted.charges, &carried.boxes, lang)?;
        outlet.put(file, &bytes)?;
        let written = Written {
            empty: empty.clone(),
            sha256: sha256(&bytes),
            facts: facts(wanted, lang),
            members: listed(file, &bytes),
        };
        record.written.insert(file.clone(), written);
    }
    let bytes = serde_json::to_vec(&record).map_err(io::Error::other)?;
    outlet.put(&record_path(), &bytes)?;
    let mut notices = told(&carried, &old.unread, history);
    notices.extend(old.foreign.iter().map(|file| in_other_format(file)));
    Ok(notices)
}

/// The names without ending of the files that may be registers.
fn there(folder: &Path) -> io::Result<BTreeSet<String>> {
    if !folder.exists() {
        return Ok(BTreeSet::new());
    }
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let register = name.strip_suffix(".xlsx").filter(|name| !name.starts_with(['.', '~']));
        names.extend(register.map(str::to_owned));
    }
    Ok(names)
}

/// Paths of files that a teacher may have saved a register as, in another format.
fn saved_as(folder: &Path) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let is_other = OTHER_FORMATS.iter().any(|ending| name.to_lowercase().ends_with(ending));
        files.extend((is_other && !name.starts_with(['.', '~'])).then(|| format!("{}/{name}", outputs::TEACHERS)));
    }
    files.sort();
    Ok(files)
}

fn open(folder: &Path) -> Record {
    // A run of an earlier version has left none.
    let bytes = std::fs::read(folder.join(record_path())).ok();
    bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

fn facts(wanted: &Wanted<'_>, lang: Lang) -> Vec<(Who, StudentBox, String)> {
    let of = |member: Member| FACTS.map(|what| (member.who.clone(), what, member.fact(what).to_owned()));
    let all = wanted.charges.iter().flat_map(|charge| members(charge, lang)).flat_map(of);
    all.filter(|(_, _, fact)| !fact.is_empty()).collect()
}

/// The registers that are replaced or go.
#[derive(Default)]
struct Old {
    filled: Vec<Filled>,
    /// Files that could not be read as registers.
    unread: Vec<String>,
    /// Files in other formats that stay where they are.
    foreign: Vec<String>,
}

impl Old {
    /// Takes what stands in a file, and puts the file into the history unless it is just as it was written.
    fn take(
        &mut self,
        folder: &Path,
        (file, is_wanted): (&str, bool),
        record: &mut Record,
        history: &mut History,
    ) -> Result<(), SchoolError> {
        let Some(bytes) = files::read_if_there(&folder.join(file))? else { return Ok(()) };
        let read = std::panic::catch_unwind(|| read(file, &bytes)).ok().flatten();
        let written = record.written.remove(file).or_else(|| record.written_of(read.as_ref()?));
        if read.is_none() && !is_wanted && written.is_none() {
            // Somebody else's file, or a register that nothing here can read.
            self.foreign
                .extend(Path::new(file).extension().is_none_or(|ending| ending != "xlsx").then(|| file.to_owned()));
            return Ok(());
        }
        let untouched = written.as_ref().is_some_and(|written| written.sha256 == sha256(&bytes));
        let mut filled = read;
        if let Some(filled) = &mut filled {
            without_facts(filled, written.as_ref());
            if let Some(written) = written.as_ref().filter(|_| !untouched) {
                filled.elsewhere.extend(overwritten(filled, &written.members));
            }
        }
        let is_empty = filled.as_ref().is_some_and(Filled::is_empty);
        if !(untouched && is_empty) {
            history.copy(file)?;
        }
        if !is_wanted {
            std::fs::remove_file(folder.join(file))?;
        }
        match filled {
            Some(filled) => self.filled.push(filled),
            None => self.unread.push(file.to_owned()),
        }
        Ok(())
    }
}

/// Leaves what the list told and nobody wrote over; where it is not known what that was, it is taken for the list's.
fn without_facts(filled: &mut Filled, written: Option<&Written>) {
    for student in filled.groups.iter_mut().flat_map(|group| &mut group.students) {
        let id = &student.id;
        student.typed.retain(|typed| {
            let fact = FACTS.contains(&typed.what);
            let own = written.is_none_or(|written| {
                written
                    .facts
                    .iter()
                    .any(|((_, of), what, told)| of.trim() == id && *what == typed.what && typed.entry.is_text(told))
            });
            !(fact && own)
        });
    }
}

fn in_other_format(file: &str) -> Notice {
    let message = words!(
        "这个文件不是登记册的格式，没有读取；若是另存的登记册，请另存为 .xlsx 再放回",
        "this file is not in the format of registers and was not read; if a register was saved so, save it as .xlsx"
    );
    Notice { code: "register_format", place: file.to_owned(), message }
}

fn told(carried: &Carried, unread: &[String], history: &History) -> Vec<Notice> {
    let mut notices = Vec::new();
    if carried.count > 0 {
        let count = carried.count;
        let message = words!(
            "教师填在登记册里的 {count} 处内容移到了新登记册",
            "entries that teachers made in their registers and that stand in the new ones: {count}"
        );
        notices.push(Notice { code: "register_carried", place: outputs::TEACHERS.to_owned(), message });
    }
    for (file, places) in &carried.left {
        let (count, old) = (places.len(), history.path_of(file));
        let more = if count > NAMED { " …" } else { "" };
        let shown = places.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>();
        let (zh, en) = (shown.join("、") + more, shown.join(", ") + more);
        let message = words!(
            "旧登记册里有 {count} 处内容没有移到新登记册：{zh}；旧登记册在 {old}",
            "entries of the old register that stand in no new one: {count} ({en}); the old register is {old}"
        );
        notices.push(Notice { code: "register_not_carried", place: file.clone(), message });
    }
    for file in unread {
        let old = history.path_of(file);
        let message = words!(
            "这个文件读不出登记册，其中的内容没有移到新登记册；它在 {old}",
            "the file could not be read as a register, and nothing of it stands in the new one; it is {old}"
        );
        notices.push(Notice { code: "register_unread", place: file.clone(), message });
    }
    notices
}
