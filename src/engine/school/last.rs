//! Last semester's output folder: the old groups and teachers of all classes. Who of them is who today is for
//! [`people`](crate::plan::people) to say, as for every other plan.

use super::outputs::{self, no_output};
use super::state::State;
use super::summary::Summary;
use crate::fault::Faults;
use crate::model::Request;
use crate::model::request::{Previous, PreviousMode};
use crate::plan::document::Document;
use crate::plan::last::{LastSemester, PastClass, classes_of, people_of};
use crate::plan::read::{PlanFile, read};
use crate::roster::{Roster, sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Last semester's output.
#[derive(Debug)]
pub struct Last {
    output: PathBuf,
    mode: PreviousMode,
    /// Name and file of each class.
    classes: Vec<(String, String)>,
    summary_sha256: String,
    /// All classes, read when the first one of today asks.
    all: OnceLock<All>,
}

/// The classes of a folder.
#[derive(Debug)]
struct All {
    last: Arc<LastSemester>,
    /// The groups' names of each class, in their order.
    names: BTreeMap<String, Vec<String>>,
    /// The classes that cannot be read.
    faults: BTreeMap<String, Faults>,
}

impl Last {
    /// Opens an output folder.
    ///
    /// # Errors
    /// A folder without a summary that names its classes.
    pub fn open(output: &Path, mode: PreviousMode) -> Result<Self, Faults> {
        let (files, summary_sha256) = class_files(output)?;
        let classes = files.into_iter().collect();
        Ok(Self { output: output.to_owned(), mode, classes, summary_sha256, all: OnceLock::new() })
    }

    /// Puts last semester into a class's request.
    ///
    /// # Errors
    /// A class of the same name whose plan cannot be read; other classes do without it.
    pub(super) fn ask(&self, request: &mut Request, class: &str) -> Result<(), Faults> {
        let all = self.all();
        if let Some(faults) = all.faults.get(class) {
            return Err(faults.clone());
        }
        let (last, sha256) = (Arc::clone(&all.last), self.summary_sha256.clone());
        request.previous = Some(Previous { last, sha256, mode: self.mode });
        Ok(())
    }

    /// The names that the groups of a class had, in their order.
    pub(super) fn names(&self, request: &Request, roster: &Roster) -> &[String] {
        let matching = request.previous.as_ref().map(|previous| previous.matching(roster));
        let home = matching.as_ref().and_then(super::super::plan::people::Matching::old_class);
        home.and_then(|home| self.all().names.get(home)).map_or(&[], Vec::as_slice)
    }

    /// Whether old groups go on.
    pub(super) fn keeps(&self) -> bool {
        self.mode == PreviousMode::Keep
    }

    // One after the other: a worker that waited here for others of its own pool could wait for itself.
    fn all(&self) -> &All {
        self.all.get_or_init(|| {
            let (mut classes, mut names, mut faults) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
            for (class, file) in &self.classes {
                match self.class(class, file) {
                    Ok((past, groups)) => {
                        classes.extend(past);
                        names.insert(class.clone(), groups);
                    }
                    Err(found) => {
                        faults.insert(class.clone(), found);
                    }
                }
            }
            All { last: Arc::new(LastSemester::new(classes, self.summary_sha256.clone())), names, faults }
        })
    }

    /// A class with its groups' names; the students' names are of its plan, or of its list where the plan has none.
    fn class(&self, class: &str, file: &str) -> Result<(Vec<PastClass>, Vec<String>), Faults> {
        let (mut document, sha256) = class_document(&self.output, file)?;
        if document.people.is_empty() {
            let list = State::read(&self.output, file).map(|state| state.roster());
            document.people = list.map(|list| people_of(&list)).unwrap_or_default();
        }
        let mut past = classes_of(&document, &sha256);
        for past in &mut past {
            class.clone_into(&mut past.name);
        }
        Ok((past, document.groups.into_iter().map(|group| group.name).collect()))
    }
}

/// File of each class with a plan in an output folder, by the summary, and the summary's digest.
pub(super) fn class_files(output: &Path) -> Result<(BTreeMap<String, String>, String), Faults> {
    let path = output.join("summary.json");
    let bytes = std::fs::read(&path).map_err(|error| no_output(&path, &error.to_string()))?;
    let summary = Summary::read(output)?;
    let planned = summary.classes.into_iter().filter(|class| class.groups > 0);
    Ok((planned.map(|class| (class.class, class.file)).collect(), sha256(&bytes)))
}

/// A class's plan in an output folder, with the digest of its file.
pub(super) fn class_document(output: &Path, file: &str) -> Result<(Document, String), Faults> {
    let path = output.join(outputs::CLASSES).join(format!("{file}.json"));
    let bytes = std::fs::read(&path).map_err(|error| no_output(&path, &error.to_string()))?;
    match read(&path.display().to_string(), &bytes)? {
        PlanFile::Documents(mut documents) if documents.len() == 1 => Ok((documents.remove(0), sha256(&bytes))),
        _ => Err(no_output(&path, "fenzu-plan/1")),
    }
}
