//! Where lists come from: a folder, a zip, zips in these, or files. Lists are found in the order of their names and read one at
//! a time.

mod apart;
mod prose;
mod search;

pub use apart::apart;

use super::trouble::{Trouble, guarded};
use super::zipped::{Archive, Budget, Entry};
use crate::base::order::natural_order;
use crate::fault::{Fault, Faults, Notice};
use crate::roster::class_name::readings;
use crate::roster::heading;
use crate::roster::staff::are_of_teachers;
use crate::roster::{Field, Limits, Override, Reading, Roster, adds, bytes_of, read, read_file, read_joined, table};
use crate::words;
use search::Search;
use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Endings of files that may be lists.
const LISTS: [&str; 9] = ["csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods", "json", "et"];
/// Rows at the top of a list among which its header is looked for.
const HEADER_ROWS: usize = 10;
/// Folders and zips within each other that are looked into.
const DEEPEST: usize = 8;

/// Hands out a list's bytes when its turn comes.
pub type Fetch = Arc<dyn Fn() -> Arc<[u8]> + Send + Sync>;

/// One list that can be read as often as needed.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path below the folder or in the zip without its ending, parts parted by spaces; where several lists have one, with the
    /// folder's or the zip's name before it: tells lists of one name apart.
    pub label: String,
    /// What messages call it.
    pub shown: String,
    /// The zip that it stands in, else the folder that was named.
    pub origin: String,
    place: Place,
    /// How much of it is read.
    limits: Limits,
}

#[derive(Clone, Debug)]
enum Place {
    File(PathBuf),
    Entry(Entry),
    /// What was sent.
    Held(Held),
    /// What stands in a folder and cannot be read is a class without a plan.
    Nowhere(Trouble),
}

#[derive(Clone)]
struct Held(Fetch);

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held")
    }
}

impl Source {
    /// Reads the list.
    ///
    /// # Errors
    /// All faults of the list, and every doubt that the user's words leave open; a defect of ours.
    pub fn read(&self, overrides: &[Override]) -> Result<Roster, Trouble> {
        let read = || match &self.place {
            Place::File(path) => Ok(read_file(path, overrides, self.limits.clone())?),
            Place::Entry(entry) => Ok(read(&entry.bytes(&self.shown)?, &self.reading(overrides))?),
            Place::Held(held) => Ok(read(&(held.0)(), &self.reading(overrides))?),
            Place::Nowhere(trouble) => Err(trouble.clone()),
        };
        guarded(self.name(), || Ok(read()?.settled()?))
    }

    /// Reads the list with what others tell of the same students.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub(super) fn read_with(&self, others: &[&Self], overrides: &[Override]) -> Result<Roster, Trouble> {
        if others.is_empty() {
            return self.read(overrides);
        }
        guarded(self.name(), || {
            let all = std::iter::once(self).chain(others.iter().copied());
            let files = all.map(Self::bytes).collect::<Result<Vec<_>, _>>()?;
            let files: Vec<(&str, &[u8])> =
                files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
            Ok(read_joined(&files, overrides, &self.limits)?.settled()?)
        })
    }

    /// Whether another list tells more of the students of this one; not where either cannot be read.
    pub(super) fn is_told_more_by(&self, other: &Self, overrides: &[Override]) -> bool {
        let both = self.bytes().and_then(|own| Ok((own, other.bytes()?)));
        both.is_ok_and(|((own, list), (name, other))| adds((&own, &list), (&name, &other), overrides, &self.limits))
    }

    /// Whether a list is one of teachers by its headers.
    pub(super) fn is_of_teachers(&self) -> bool {
        let is_header = |row: &table::Row| {
            let cells: Vec<String> = row.filled().map(|(_, cell)| cell.shown()).collect();
            are_of_teachers(cells.iter().map(String::as_str))
        };
        self.are_tables(|table| table.rows.iter().take(HEADER_ROWS).any(is_header))
    }

    /// Whether it names nobody and has a row for every class.
    pub(super) fn is_of_classes(&self) -> bool {
        self.are_tables(are_of_classes)
    }

    /// Whether it is a register of a teacher.
    pub(super) fn is_register(&self) -> bool {
        let is_title = |table: &table::Table| {
            let first = table.rows.first().and_then(|row| row.filled().next());
            first.is_some_and(|(_, cell)| super::register::is_title(&cell.shown()))
        };
        self.tables().is_some_and(|tables| tables.first().is_some_and(is_title))
    }

    /// Whether all its tables are such; not where it has none or cannot be read.
    fn are_tables(&self, are: impl Fn(&table::Table) -> bool) -> bool {
        self.tables().is_some_and(|tables| !tables.is_empty() && tables.iter().all(are))
    }

    fn tables(&self) -> Option<Vec<table::Table>> {
        let open = || {
            let (name, bytes) = self.bytes()?;
            Ok(table::open(&bytes, &name, &self.limits)?)
        };
        Some(guarded(self.name(), open).ok()?.tables)
    }

    fn reading<'a>(&'a self, overrides: &'a [Override]) -> Reading<'a> {
        Reading { file: &self.shown, overrides, limits: self.limits.clone() }
    }

    /// A list of teachers: a file, or what has this path in a zip, be it below its one folder.
    ///
    /// # Errors
    /// A zip that cannot be read, or has no such file.
    pub fn staff(file: &Path, school: Option<&Path>) -> Result<Self, Faults> {
        let zip = school.filter(|school| school.is_file());
        let open = |zip| Archive::open(zip, &Budget::default());
        let Some(archive) = zip.map(open).transpose()?.flatten() else {
            let path = school.map_or_else(|| file.to_owned(), |school| school.join(file));
            let shown = path.display().to_string();
            return Ok(Self::at(String::new(), shown, Place::File(path)));
        };
        let wanted = plain_parts(&file.to_string_lossy()).join("/");
        let depth = |name: &str| name.matches(['/', '\\']).count();
        let is_wanted = |(name, _): &(String, Entry)| {
            let path = plain_parts(name).join("/");
            path == wanted || path.strip_suffix(&wanted).is_some_and(|rest| rest.ends_with('/'))
        };
        let found = archive.entries().filter(is_wanted).min_by_key(|(name, _)| depth(name));
        let zip = zip.unwrap_or(file).display();
        let (name, entry) = found.ok_or_else(|| not_inside(&zip.to_string(), &wanted))?;
        Ok(Self::at(String::new(), format!("{zip}/{name}"), Place::Entry(entry)))
    }

    /// A list that was sent: its name and its bytes.
    #[must_use]
    pub fn sent(name: &str, bytes: Arc<[u8]>, limits: &Limits) -> Self {
        Self::fetched(name, Arc::new(move || Arc::clone(&bytes)), limits)
    }

    /// A list by its name whose bytes are handed out each time that it is read.
    #[must_use]
    pub fn fetched(name: &str, bytes: Fetch, limits: &Limits) -> Self {
        let label = Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Self { limits: limits.clone(), ..Self::at(label, name.to_owned(), Place::Held(Held(bytes))) }
    }

    fn at(label: String, shown: String, place: Place) -> Self {
        Self { label, shown, origin: String::new(), place, limits: Limits::default() }
    }

    /// The list's name for messages and its bytes.
    ///
    /// # Errors
    /// What keeps it from being read.
    pub(super) fn bytes(&self) -> Result<(String, Vec<u8>), Faults> {
        match &self.place {
            Place::File(path) => bytes_of(path, &Limits::default()),
            Place::Entry(entry) => Ok((self.shown.clone(), entry.bytes(&self.shown)?)),
            Place::Held(held) => Ok((self.shown.clone(), (held.0)().to_vec())),
            Place::Nowhere(_) => Ok((self.shown.clone(), Vec::new())),
        }
    }

    /// Where it stands, as `except` of [`find`] wants it.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        PathBuf::from(&self.shown)
    }

    /// Whether a roster of this name may come from here: what cannot be read and is no list, such as a damaged zip, may hold any.
    pub(super) fn may_hold(&self, list: &str) -> bool {
        let own = Path::new(&self.shown);
        let is_unknown = matches!(self.place, Place::Nowhere(_)) && !LISTS.contains(&ending(own).as_str());
        let is_own =
            |list: &str| self.shown == list || own.file_name().is_some_and(|name| name.to_string_lossy() == list);
        // A list with what others tell of its students has all their names.
        is_unknown || list.split(" + ").any(is_own)
    }

    /// The list's own name: the last part of its label.
    #[must_use]
    pub fn name(&self) -> &str {
        Path::new(&self.shown).file_stem().and_then(|stem| stem.to_str()).unwrap_or(&self.label)
    }
}

impl Source {
    /// The folders and zips that it stands in, below what was named; parted by spaces.
    pub(super) fn folders(&self) -> &str {
        self.label.strip_suffix(self.name()).unwrap_or_default().trim_end()
    }
}

/// Whether a header names classes and nobody, and every row below names another class.
fn are_of_classes(table: &table::Table) -> bool {
    let field = |cell: &table::Raw| heading::word(&cell.shown()).map(|meaning| meaning.field);
    let header = table.rows.iter().take(HEADER_ROWS).enumerate().find_map(|(at, row)| {
        let fields: Vec<(usize, Option<Field>)> = row.filled().map(|(column, cell)| (column, field(cell))).collect();
        let class = fields.iter().find(|(_, field)| *field == Some(Field::Class))?.0;
        let is_name = |(_, field): &(usize, Option<Field>)| *field == Some(Field::Name);
        (fields.len() > 1 && !fields.iter().any(is_name)).then_some((at, class))
    });
    let Some((at, class)) = header else { return false };
    let named = table.rows[at + 1..].iter().map(|row| row.cell(class).shown()).filter(|text| !text.is_empty());
    let named: Vec<String> = named.collect();
    let classes = named.iter().filter(|text| !readings(text).is_empty()).count();
    let distinct = named.iter().collect::<HashSet<_>>().len() == named.len();
    classes > 0 && distinct && 10 * classes >= 6 * named.len()
}

/// The lists of one school.
#[derive(Debug, Default)]
pub struct Sources {
    /// In natural order of their paths.
    pub lists: Vec<Source>,
    /// What was passed over.
    pub notices: Vec<Notice>,
}

/// Finds the lists below some paths. `except` are files and folders that stand among the lists but hold none: the staff list, the
/// output folder of this run or of last semester.
///
/// # Errors
/// Every given path that cannot be read, and a school without lists. What cannot be read inside a folder is a refused class.
pub fn find(paths: &[PathBuf], except: &[PathBuf]) -> Result<Sources, Faults> {
    let mut search = Search::new(canonical(except));
    for path in paths {
        search.named(path);
    }
    search.found(paths)
}

/// Lists that were sent, and zips of them: name and bytes of each. `limits` say how much of each list is read.
///
/// # Errors
/// Every zip that cannot be read, and a school without lists.
pub fn sent(files: &[(String, Arc<[u8]>)], limits: &Limits) -> Result<Sources, Faults> {
    let mut search = Search::new(Vec::new());
    for (name, bytes) in files {
        search.sent(name, bytes, limits);
    }
    let mut found = search.found(&files.iter().map(|(name, _)| PathBuf::from(name)).collect::<Vec<_>>())?;
    found.lists.iter_mut().for_each(|list| list.limits.clone_from(limits));
    Ok(found)
}

/// A path inside a zip is the zip's and the rest.
fn canonical(paths: &[PathBuf]) -> Vec<PathBuf> {
    let of = |path: &PathBuf| {
        let start = path.ancestors().find_map(|start| Some((start, start.canonicalize().ok()?)));
        start.and_then(|(start, found)| Some(found.join(path.strip_prefix(start).ok()?)))
    };
    paths.iter().filter_map(|path| path.canonicalize().ok().or_else(|| of(path))).collect()
}

/// The parts of a name in a zip. `./c1.csv` and `../c1.csv` are how some packers write names; nothing is unpacked to disk, so
/// these lead nowhere.
fn plain_parts(name: &str) -> Vec<&str> {
    name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | "..")).collect()
}

/// Whether a path is one of these canonical ones.
fn is_among(path: &Path, others: &[PathBuf]) -> bool {
    path.canonicalize().is_ok_and(|path| others.contains(&path))
}

/// The folders and zips inside a folder, each a school: name and path, in natural order; those of `except` are none.
///
/// # Errors
/// A folder that cannot be read or holds none.
pub fn schools(folder: &Path, except: &[PathBuf]) -> Result<Vec<(String, PathBuf)>, Faults> {
    let entries = entries(folder).map_err(|error| Fault::unreadable(folder, &error))?;
    let except = canonical(except);
    let is_school = |path: &PathBuf| !is_among(path, &except) && (path.is_dir() || ending(path) == "zip");
    let schools: Vec<_> = entries.into_iter().filter(|(name, path)| !is_hidden(name) && is_school(path)).collect();
    let name = |(name, path): (String, PathBuf)| {
        let stem = if path.is_dir() { None } else { path.file_stem().and_then(|stem| stem.to_str()) };
        (stem.map_or(name, str::to_owned), path)
    };
    if schools.is_empty() {
        return Err(Fault {
            code: "no_schools",
            place: folder.display().to_string(),
            found: words!("没有学校文件夹", "no folder of a school"),
            expected: words!("每所学校一个文件夹或压缩包", "a folder or a zip for each school"),
            action: words!("只有一所学校时不要用 --schools", "leave out --schools where there is one school"),
        }
        .into());
    }
    Ok(schools.into_iter().map(name).collect())
}

fn joined(label: &str, part: &str) -> String {
    if label.is_empty() { part.to_owned() } else { format!("{label} {part}") }
}

/// Hidden files, and the lock files that office programs leave beside an open workbook.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name.starts_with("~$") || name.starts_with(".~") || name == "__MACOSX"
}

fn ending(path: &Path) -> String {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// The entries of a folder in natural order.
fn entries(folder: &Path) -> std::io::Result<Vec<(String, PathBuf)>> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        entries.push((name, entry.path()));
    }
    entries.sort_by(|(a, _), (b, _)| natural_order(a, b));
    Ok(entries)
}

fn not_inside(zip: &str, file: &str) -> Faults {
    Fault {
        code: "unreadable_file",
        place: format!("{zip}/{file}"),
        found: words!("压缩包里没有这个文件", "no such file in the zip"),
        expected: words!("--teachers 所说的教师名单", "the staff list that --teachers names"),
        action: words!("请核对文件名，或放进压缩包", "check the name, or put the file into the zip"),
    }
    .into()
}

fn no_lists(paths: &[PathBuf]) -> Fault {
    let place: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    Fault {
        code: "no_lists",
        place: place.join(", "),
        found: words!("没有名册", "no list"),
        expected: words!(
            "CSV、XLSX、XLS、ODS 或 JSON 名册，或装有名册的文件夹、压缩包",
            "lists as CSV, XLSX, XLS, ODS or JSON, or a folder or zip of them"
        ),
        action: words!("请核对路径", "check the path"),
    }
}
