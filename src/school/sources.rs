//! Where lists come from: a folder, a zip, or files. Lists are found in the order of their names and read one at a time.

use super::zipped::{Archive, Entry};
use crate::fault::{Fault, Faults, Notice};
use crate::model::previous::natural_order;
use crate::roster::{Limits, Override, Reading, Roster, bytes_of, read, read_file};
use crate::words;
use std::collections::HashMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Endings of files that may be lists.
const LISTS: [&str; 9] = ["csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods", "json", "et"];
/// Folders within folders that are looked into.
const DEEPEST: usize = 8;

/// One list that can be read as often as needed.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path below the folder or in the zip without its ending, parts parted by spaces; where several lists have one, with the
    /// folder's or the zip's name before it: tells lists of one name apart.
    pub label: String,
    /// What messages call it.
    pub shown: String,
    place: Place,
    /// How much of it is read.
    limits: Limits,
}

#[derive(Clone, Debug)]
enum Place {
    File(PathBuf),
    Entry(Entry),
    /// What was sent.
    Held(Arc<[u8]>),
    /// What stands in a folder and cannot be read is a class that is refused.
    Nowhere(Faults),
}

impl Source {
    /// Reads the list.
    ///
    /// # Errors
    /// All faults of the list.
    pub fn read(&self, overrides: &[Override]) -> Result<Roster, Faults> {
        match &self.place {
            Place::File(path) => read_file(path, overrides, self.limits.clone()),
            Place::Entry(entry) => read(&entry.bytes(&self.shown)?, &self.reading(overrides)),
            Place::Held(bytes) => read(bytes, &self.reading(overrides)),
            Place::Nowhere(faults) => Err(faults.clone()),
        }
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
        let Some(archive) = zip.map(Archive::open).transpose()?.flatten() else {
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
        let label = Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Self { limits: limits.clone(), ..Self::at(label, name.to_owned(), Place::Held(bytes)) }
    }

    fn at(label: String, shown: String, place: Place) -> Self {
        Self { label, shown, place, limits: Limits::default() }
    }

    /// The list's name for messages and its bytes.
    ///
    /// # Errors
    /// What keeps it from being read.
    pub(super) fn bytes(&self) -> Result<(String, Vec<u8>), Faults> {
        match &self.place {
            Place::File(path) => bytes_of(path, &Limits::default()),
            Place::Entry(entry) => Ok((self.shown.clone(), entry.bytes(&self.shown)?)),
            Place::Held(bytes) => Ok((self.shown.clone(), bytes.to_vec())),
            Place::Nowhere(faults) => Err(faults.clone()),
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
        is_unknown || self.shown == list || own.file_name().is_some_and(|name| name.to_string_lossy() == list)
    }

    /// The list's own name: the last part of its label.
    #[must_use]
    pub fn name(&self) -> &str {
        Path::new(&self.shown).file_stem().and_then(|stem| stem.to_str()).unwrap_or(&self.label)
    }
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
    let except = canonical(except);
    let mut search = Search { except, found: Sources::default(), origins: Vec::new(), faults: Vec::new() };
    for path in paths {
        let origin = if path.is_dir() { Some(path.as_path()) } else { path.parent() };
        let origin = origin.and_then(Path::file_name).unwrap_or_default().to_string_lossy();
        let found = if path.is_dir() { search.folder(path, "", 0) } else { search.file(path, "") };
        search.came_from(&origin);
        search.faults.extend(found.err().into_iter().flat_map(|faults| faults.0));
    }
    if search.faults.is_empty() && search.found.lists.is_empty() {
        search.faults.push(no_lists(paths));
    }
    search.tell_apart();
    if search.faults.is_empty() { Ok(search.found) } else { Err(Faults(search.faults)) }
}

/// Lists that were sent, and zips of them: name and bytes of each. `limits` say how much of each list is read.
///
/// # Errors
/// Every zip that cannot be read, and a school without lists.
pub fn sent(files: &[(String, Arc<[u8]>)], limits: &Limits) -> Result<Sources, Faults> {
    let mut search = Search { except: Vec::new(), found: Sources::default(), origins: Vec::new(), faults: Vec::new() };
    for (name, bytes) in files {
        match Archive::of(Box::new(Cursor::new(Arc::clone(bytes))), Path::new(name)) {
            Ok(Some(archive)) => search.archive(&archive, Path::new(name), ""),
            Ok(None) => search.found.lists.push(Source::sent(name, Arc::clone(bytes), limits)),
            Err(faults) => search.faults.extend(faults.0),
        }
        search.came_from("");
    }
    if search.faults.is_empty() && search.found.lists.is_empty() {
        search.faults.push(no_lists(&files.iter().map(|(name, _)| PathBuf::from(name)).collect::<Vec<_>>()));
    }
    search.tell_apart();
    search.found.lists.iter_mut().for_each(|list| list.limits.clone_from(limits));
    if search.faults.is_empty() { Ok(search.found) } else { Err(Faults(search.faults)) }
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
    let schools: Vec<_> = entries.into_iter().filter(|(_, path)| is_school(path)).collect();
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

struct Search {
    except: Vec<PathBuf>,
    found: Sources,
    /// Of each list so far: the zip it stands in, else the folder that was named.
    origins: Vec<Option<String>>,
    faults: Vec<Fault>,
}

impl Search {
    fn folder(&mut self, folder: &Path, label: &str, depth: usize) -> Result<(), Faults> {
        let entries = entries(folder).map_err(|error| Fault::unreadable(folder, &error))?;
        for (name, path) in entries {
            if is_among(&path, &self.except) {
                continue;
            }
            if path.is_dir() {
                if depth < DEEPEST {
                    let found = self.folder(&path, &joined(label, &name), depth + 1);
                    self.keep(found, &path, label);
                } else {
                    self.too_deep(path.display().to_string());
                }
            } else if ending(&path) == "zip" || LISTS.contains(&ending(&path).as_str()) {
                let found = self.file(&path, label);
                self.keep(found, &path, label);
            } else {
                self.pass_over(path.display().to_string());
            }
        }
        Ok(())
    }

    /// What cannot be read among others becomes a class of its own, so that it is told and stops no other.
    fn keep(&mut self, found: Result<(), Faults>, path: &Path, label: &str) {
        if let Err(faults) = found {
            let (shown, stem) = (path.display().to_string(), path.file_stem().unwrap_or_default().to_string_lossy());
            self.found.lists.push(Source::at(joined(label, &stem), shown, Place::Nowhere(faults)));
        }
    }

    /// A file that is named or stands in a folder: a list, or a zip of lists.
    fn file(&mut self, path: &Path, label: &str) -> Result<(), Faults> {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        if let Some(archive) = Archive::open(path)? {
            self.archive(&archive, path, label);
        } else {
            let (label, shown) = (joined(label, &stem), path.display().to_string());
            self.found.lists.push(Source::at(label, shown, Place::File(path.to_owned())));
        }
        Ok(())
    }

    /// Notes where the lists since the last call came from; those of a zip know it already.
    fn came_from(&mut self, origin: &str) {
        self.origins.resize(self.found.lists.len(), None);
        for unknown in self.origins.iter_mut().filter(|known| known.is_none()) {
            *unknown = Some(origin.to_owned());
        }
    }

    /// Lists of one label get their origin before it.
    fn tell_apart(&mut self) {
        let mut holders: HashMap<String, usize> = HashMap::new();
        for source in &self.found.lists {
            *holders.entry(source.label.clone()).or_default() += 1;
        }
        let repeated = |label: &String| holders.get(label).is_some_and(|&lists| lists > 1);
        for (source, origin) in self.found.lists.iter_mut().zip(self.origins.iter().flatten()) {
            if repeated(&source.label) && !origin.is_empty() {
                source.label = joined(origin, &source.label);
            }
        }
    }

    fn archive(&mut self, archive: &Archive, zip: &Path, label: &str) {
        let except = zip.canonicalize().unwrap_or_default();
        let (stem, zip) = (zip.file_stem().unwrap_or_default().to_string_lossy(), zip.display());
        for (name, entry) in archive.entries() {
            let inside = Path::new(&name);
            let parts = plain_parts(&name);
            if parts.iter().any(|part| is_hidden(part)) || self.except.contains(&except.join(&name)) {
                continue;
            }
            let shown = format!("{zip} {name}");
            if parts.len() > DEEPEST + 1 {
                self.too_deep(shown);
                continue;
            }
            if !LISTS.contains(&ending(inside).as_str()) {
                self.pass_over(shown);
                continue;
            }
            let (file, folders) = parts.split_last().map_or((name.as_str(), &[][..]), |(file, rest)| (*file, rest));
            let bare = file.rsplit_once('.').map_or(file, |(bare, _)| bare);
            let all = folders.iter().copied().chain([bare]);
            let label = all.fold(label.to_owned(), |label, part| joined(label.as_str(), part));
            self.found.lists.push(Source::at(label, name.clone(), Place::Entry(entry)));
            self.origins.resize(self.found.lists.len() - 1, None);
            self.origins.push(Some(stem.to_string()));
        }
    }

    fn too_deep(&mut self, place: String) {
        let message =
            words!("文件夹超过 {DEEPEST} 层，没有读取", "more than {DEEPEST} folders within folders: it was not read");
        self.found.notices.push(Notice { code: "folder_skipped", place, message });
    }

    fn pass_over(&mut self, place: String) {
        let message = words!("不是名册的文件没有读取", "a file that is no list was not read");
        self.found.notices.push(Notice { code: "file_skipped", place, message });
    }
}

fn joined(label: &str, part: &str) -> String {
    if label.is_empty() { part.to_owned() } else { format!("{label} {part}") }
}

/// Hidden files, and the lock files that office programs leave beside an open workbook.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name.starts_with("~$") || name == "__MACOSX"
}

fn ending(path: &Path) -> String {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// The entries of a folder that are not hidden, in natural order.
fn entries(folder: &Path) -> std::io::Result<Vec<(String, PathBuf)>> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !is_hidden(&name) {
            entries.push((name, entry.path()));
        }
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
