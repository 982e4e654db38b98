//! Where lists come from: a folder, a zip, or files. Lists are found in the order of their names and read one at a time.

use super::zipped::{Archive, Entry};
use crate::fault::{Fault, Faults, Notice};
use crate::model::previous::natural_order;
use crate::roster::{Limits, Override, Reading, Roster, read, read_file};
use crate::words;
use std::path::{Path, PathBuf};

/// Endings of files that may be lists.
const LISTS: [&str; 9] = ["csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods", "json", "et"];
/// Folders within folders that are looked into.
const DEEPEST: usize = 8;

/// One list that can be read as often as needed.
#[derive(Debug)]
pub struct Source {
    /// Path below the folder or in the zip without its ending, parts parted by spaces: tells lists of one name apart.
    pub label: String,
    /// What messages call it.
    pub shown: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    File(PathBuf),
    Entry(Entry),
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
            Place::File(path) => read_file(path, overrides, Limits::default()),
            Place::Entry(entry) => {
                let bytes = entry.bytes(&self.shown)?;
                read(&bytes, &Reading { file: &self.shown, overrides, limits: Limits::default() })
            }
            Place::Nowhere(faults) => Err(faults.clone()),
        }
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
    let mut search = Search { except, found: Sources::default(), faults: Vec::new() };
    for path in paths {
        let found = if path.is_dir() { search.folder(path, "", 0) } else { search.file(path, "") };
        search.faults.extend(found.err().into_iter().flat_map(|faults| faults.0));
    }
    if search.faults.is_empty() && search.found.lists.is_empty() {
        search.faults.push(no_lists(paths));
    }
    if search.faults.is_empty() { Ok(search.found) } else { Err(Faults(search.faults)) }
}

fn canonical(paths: &[PathBuf]) -> Vec<PathBuf> {
    paths.iter().filter_map(|path| path.canonicalize().ok()).collect()
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
            self.found.lists.push(Source { label: joined(label, &stem), shown, place: Place::Nowhere(faults) });
        }
    }

    /// A file that is named or stands in a folder: a list, or a zip of lists.
    fn file(&mut self, path: &Path, label: &str) -> Result<(), Faults> {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        match Archive::open(path)? {
            Some(archive) => self.archive(&archive, &path.display().to_string(), label),
            None => {
                let shown = path.display().to_string();
                self.found.lists.push(Source {
                    label: joined(label, &stem),
                    shown,
                    place: Place::File(path.to_owned()),
                });
            }
        }
        Ok(())
    }

    fn archive(&mut self, archive: &Archive, zip: &str, label: &str) {
        for (name, entry) in archive.entries() {
            let inside = Path::new(&name);
            // `./c1.csv` and `../c1.csv` are how some packers write names; nothing is unpacked to disk, so these lead nowhere.
            let parts = name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."));
            let parts: Vec<&str> = parts.collect();
            if parts.iter().any(|part| is_hidden(part)) {
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
            self.found.lists.push(Source { label, shown: name.clone(), place: Place::Entry(entry) });
        }
    }

    fn too_deep(&mut self, place: String) {
        let message = words!(
            "文件夹超过 {DEEPEST} 层，没有读取",
            "more than {DEEPEST} folders within folders: it was not read"
        );
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
