//! The search for lists in folders and zips, and in zips inside these.

use super::prose::is_prose;
use super::{
    DEEPEST, LISTS, Place, Source, Sources, ending, entries, is_among, is_hidden, joined, no_lists, plain_parts,
};
use crate::fault::{Fault, Faults, Notice};
use crate::roster::Limits;
use crate::school::state;
use crate::school::trouble::{Trouble, guarded};
use crate::school::zipped::{Archive, Budget};
use crate::words;
use std::collections::HashMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Most files that are no lists that a notice names.
const NAMED: usize = 20;

/// What was found so far.
pub(super) struct Search {
    /// Canonical paths that hold no lists.
    except: Vec<PathBuf>,
    found: Sources,
    /// Of each list so far: the zip it stands in, else the folder that was named.
    origins: Vec<Option<String>>,
    faults: Vec<Fault>,
    /// Files that are no lists.
    passed: Vec<String>,
    /// What all zips may unpack to.
    budget: Budget,
}

/// Where a zip stands.
#[derive(Clone, Copy)]
struct Zip<'a> {
    /// What notices call it.
    shown: &'a str,
    /// What the names of its lists begin with: the zips inside the outermost one.
    inside: &'a str,
    label: &'a str,
    /// Its own name, or that of the outermost zip.
    origin: &'a str,
    /// Folders and zips around it.
    depth: usize,
}

impl Search {
    pub(super) fn new(except: Vec<PathBuf>) -> Self {
        Self {
            except,
            found: Sources::default(),
            origins: Vec::new(),
            faults: Vec::new(),
            passed: Vec::new(),
            budget: Budget::default(),
        }
    }

    /// Takes what the user named: a folder, a zip or a list.
    pub(super) fn named(&mut self, path: &Path) {
        let origin = if path.is_dir() { Some(path) } else { path.parent() };
        let origin = origin.and_then(Path::file_name).unwrap_or_default().to_string_lossy();
        let found = if path.is_dir() { self.folder(path, "", 0) } else { self.file(path, "", 0) };
        self.came_from(&origin);
        self.faults.extend(found.err().into_iter().flat_map(|faults| faults.0));
    }

    /// Takes what was sent: a list, or a zip of lists.
    pub(super) fn sent(&mut self, name: &str, bytes: &Arc<[u8]>, limits: &Limits) {
        match Archive::of(Box::new(Cursor::new(Arc::clone(bytes))), Path::new(name), &self.budget) {
            Ok(Some(archive)) => self.outermost(&archive, Path::new(name), "", 0),
            Ok(None) => self.found.lists.push(Source::sent(name, Arc::clone(bytes), limits)),
            Err(faults) => self.faults.extend(faults.0),
        }
        self.came_from("");
    }

    /// Everything that was found below the named paths.
    pub(super) fn found(mut self, paths: &[PathBuf]) -> Result<Sources, Faults> {
        if self.faults.is_empty() && self.found.lists.is_empty() {
            self.faults.push(no_lists(paths));
        }
        self.tell_apart();
        self.found.notices.extend(passed_over(&self.passed));
        if self.faults.is_empty() { Ok(self.found) } else { Err(Faults(self.faults)) }
    }

    fn folder(&mut self, folder: &Path, label: &str, depth: usize) -> Result<(), Faults> {
        let entries = entries(folder).map_err(|error| Fault::unreadable(folder, &error))?;
        if entries.iter().any(|(name, _)| name == state::FOLDER) {
            let message = words!("是以前的分组结果，不是名册，没有读取", "an earlier result and no lists: not read");
            self.found.notices.push(Notice { code: "result_skipped", place: folder.display().to_string(), message });
            return Ok(());
        }
        for (name, path) in entries {
            if is_among(&path, &self.except) {
                continue;
            }
            if is_hidden(&name) {
                self.passed.push(path.display().to_string());
            } else if path.is_dir() {
                if depth < DEEPEST {
                    let found = self.folder(&path, &joined(label, &name), depth + 1);
                    self.keep(found, &path, label);
                } else {
                    self.too_deep(path.display().to_string());
                }
            } else if ending(&path) == "txt" && std::fs::read(&path).is_ok_and(|bytes| is_prose(&bytes)) {
                self.passed.push(path.display().to_string());
            } else if ending(&path) == "zip" || LISTS.contains(&ending(&path).as_str()) {
                let found = self.file(&path, label, depth);
                self.keep(found, &path, label);
            } else {
                self.passed.push(path.display().to_string());
            }
        }
        Ok(())
    }

    /// What cannot be read among others becomes a class of its own, so that it is told and stops no other.
    fn keep(&mut self, found: Result<(), Faults>, path: &Path, label: &str) {
        if let Err(faults) = found {
            let (shown, stem) = (path.display().to_string(), path.file_stem().unwrap_or_default().to_string_lossy());
            self.nowhere(joined(label, &stem), shown, Trouble::Refused(faults));
        }
    }

    fn nowhere(&mut self, label: String, shown: String, trouble: Trouble) {
        self.found.lists.push(Source::at(label, shown, Place::Nowhere(trouble)));
    }

    /// A file that is named or stands in a folder: a list, or a zip of lists.
    fn file(&mut self, path: &Path, label: &str, depth: usize) -> Result<(), Faults> {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let (shown, budget) = (path.display().to_string(), self.budget.clone());
        match guarded(&stem, || Ok(Archive::open(path, &budget)?)) {
            Ok(Some(archive)) => self.outermost(&archive, path, label, depth),
            Ok(None) => self.found.lists.push(Source::at(joined(label, &stem), shown, Place::File(path.to_owned()))),
            Err(Trouble::Refused(faults)) => return Err(faults),
            Err(failed) => self.nowhere(joined(label, &stem), shown, failed),
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
            source.origin.clone_from(origin);
            if repeated(&source.label) && !origin.is_empty() {
                source.label = joined(origin, &source.label);
            }
        }
    }

    /// A zip that stands in no other.
    fn outermost(&mut self, archive: &Archive, path: &Path, label: &str, depth: usize) {
        let except = path.canonicalize().unwrap_or_default();
        let (origin, shown) = (path.file_stem().unwrap_or_default().to_string_lossy(), path.display().to_string());
        let held = |name: &String| self.except.contains(&except.join(name));
        let without: Vec<String> = archive.entries().map(|(name, _)| name).filter(held).collect();
        self.archive(archive, Zip { shown: &shown, inside: "", label, origin: &origin, depth }, &without);
    }

    /// The lists of a zip, and of the zips in it; `without` are entries that hold none.
    fn archive(&mut self, archive: &Archive, zip: Zip<'_>, without: &[String]) {
        for (name, entry) in archive.entries() {
            let parts = plain_parts(&name);
            if without.contains(&name) {
                continue;
            }
            let shown = format!("{} {name}", zip.shown);
            let (file, folders) = parts.split_last().map_or((name.as_str(), &[][..]), |(file, rest)| (*file, rest));
            let kind = ending(Path::new(file));
            if parts.iter().any(|part| is_hidden(part)) {
                self.passed.push(shown);
                continue;
            }
            if zip.depth + folders.len() > DEEPEST {
                self.too_deep(shown);
                continue;
            }
            if kind != "zip" && !LISTS.contains(&kind.as_str()) {
                self.passed.push(shown);
                continue;
            }
            let bare = file.rsplit_once('.').map_or(file, |(bare, _)| bare);
            let all = folders.iter().copied().chain([bare]);
            let label = all.fold(zip.label.to_owned(), |label, part| joined(label.as_str(), part));
            let within = format!("{}{name}", zip.inside);
            if kind == "zip" {
                let inner = Zip {
                    shown: &shown,
                    inside: &format!("{within}/"),
                    label: &label,
                    depth: zip.depth + folders.len() + 1,
                    ..zip
                };
                let opened = guarded(bare, || {
                    let bytes = entry.bytes(&shown)?;
                    Ok(Archive::of(Box::new(Cursor::new(bytes)), Path::new(&shown), &self.budget)?)
                });
                match opened {
                    Ok(Some(nested)) => self.archive(&nested, inner, &[]),
                    Ok(None) => self.passed.push(shown),
                    Err(trouble) => self.nowhere(label, within, trouble),
                }
            } else if kind == "txt" && entry.bytes(&shown).is_ok_and(|bytes| is_prose(&bytes)) {
                self.passed.push(shown);
            } else {
                self.found.lists.push(Source::at(label, within, Place::Entry(entry)));
            }
            self.of_zip(zip.origin);
        }
    }

    /// Notes that the last list came from a zip.
    fn of_zip(&mut self, origin: &str) {
        if let Some(last) = self.found.lists.len().checked_sub(1).filter(|last| self.origins.len() <= *last) {
            self.origins.resize(last, None);
            self.origins.push(Some(origin.to_owned()));
        }
    }

    fn too_deep(&mut self, place: String) {
        let message = words!(
            "文件夹和压缩包套了超过 {DEEPEST} 层，没有读取",
            "more than {DEEPEST} folders and zips within each other: it was not read"
        );
        self.found.notices.push(Notice { code: "folder_skipped", place, message });
    }
}

/// One notice for all files that are no lists.
fn passed_over(files: &[String]) -> Option<Notice> {
    let (count, first) = (files.len(), files.first()?);
    let mut zh = files.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join("、");
    let mut en = files.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if count > NAMED {
        zh.push_str(" …");
        en.push_str(" …");
    }
    let message =
        words!("{count} 个文件不是名册，没有读取：{zh}", "files that are no lists and were not read: {count} ({en})");
    Some(Notice { code: "file_skipped", place: first.clone(), message })
}
