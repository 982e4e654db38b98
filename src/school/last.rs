//! Last semester's output folder: the old groups and teachers of each class, read when the class's turn comes.

use crate::fault::{Fault, Faults};
use crate::model::request::{Previous, PreviousMode};
use crate::model::{Request, Sizing};
use crate::plan::document::Document;
use crate::plan::read::{PlanFile, read};
use crate::roster::sha256;
use crate::words;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Students by class (empty for any class) and id.
type Students = BTreeMap<(String, String), String>;

/// Last semester's output.
#[derive(Debug)]
pub struct Last {
    output: PathBuf,
    mode: PreviousMode,
    /// File of each class.
    files: BTreeMap<String, String>,
    summary_sha256: String,
    /// Old groups and teachers of students whose id only one class had, for classes that have a new name.
    by_id: OnceLock<Result<(Students, Students), Faults>>,
}

impl Last {
    /// Opens an output folder.
    ///
    /// # Errors
    /// A folder without a summary that names its classes.
    pub fn open(output: &Path, mode: PreviousMode) -> Result<Self, Faults> {
        let (files, summary_sha256) = class_files(output)?;
        Ok(Self { output: output.to_owned(), mode, files, summary_sha256, by_id: OnceLock::new() })
    }

    /// Puts a class's old groups into its request. In keep mode there are as many groups as there were, unless the command says
    /// otherwise. A class that is new or renamed is looked up student by student.
    pub(super) fn ask(&self, request: &mut Request, class: &str) -> Result<(), Faults> {
        let Some(file) = self.files.get(class) else {
            let by_id = self.by_id.get_or_init(|| self.by_id());
            let (group_of, teacher_of) = by_id.as_ref().map_err(Clone::clone)?.clone();
            let sha256 = self.summary_sha256.clone();
            request.previous = Some(Previous { group_of, teacher_of, sha256, mode: self.mode });
            return Ok(());
        };
        let (document, sha256) = self.document(file)?;
        let groups = document.groups.len();
        if self.mode == PreviousMode::Keep && request.sizing.is_none() && groups > 0 {
            request.sizing = Some(Sizing::Count(groups));
        }
        request.previous = Some(previous(&document, sha256, self.mode));
        Ok(())
    }

    /// The names that last semester's groups of a class had, in their order.
    pub(super) fn names(&self, class: &str) -> Vec<String> {
        let document = self.files.get(class).and_then(|file| self.document(file).ok());
        document.map(|(document, _)| document.groups.into_iter().map(|group| group.name).collect()).unwrap_or_default()
    }

    /// Whether old groups go on.
    pub(super) fn keeps(&self) -> bool {
        self.mode == PreviousMode::Keep
    }

    fn document(&self, file: &str) -> Result<(Document, String), Faults> {
        class_document(&self.output, file)
    }

    fn by_id(&self) -> Result<(Students, Students), Faults> {
        let (mut groups, mut teachers) = (BTreeMap::new(), BTreeMap::new());
        for file in self.files.values() {
            let Previous { group_of, teacher_of, .. } =
                previous(&self.document(file)?.0, String::new(), PreviousMode::Mix);
            for ((class, id), group) in group_of {
                match groups.entry((String::new(), id.clone())) {
                    Entry::Vacant(place) => {
                        place.insert(Some(group));
                        let key = (class, id.clone());
                        teachers.extend(teacher_of.get(&key).map(|teacher| ((String::new(), id), teacher.clone())));
                    }
                    // Two students of one id: nobody can say who is meant.
                    Entry::Occupied(mut place) => {
                        place.insert(None);
                        teachers.remove(&(String::new(), id));
                    }
                }
            }
        }
        Ok((groups.into_iter().filter_map(|(who, group)| Some((who, group?))).collect(), teachers))
    }
}

/// The old groups of one plan.
pub(super) fn previous(document: &Document, sha256: String, mode: PreviousMode) -> Previous {
    let (mut group_of, mut teacher_of) = (BTreeMap::new(), BTreeMap::new());
    for group in &document.groups {
        for student in &group.students {
            let who = (group.class.clone(), student.clone());
            teacher_of.extend(group.teacher.iter().map(|teacher| (who.clone(), teacher.clone())));
            group_of.insert(who, group.id.clone());
        }
    }
    Previous { group_of, teacher_of, sha256, mode }
}

/// File of each class with a plan in an output folder, by the summary, and the summary's digest.
pub(super) fn class_files(output: &Path) -> Result<(BTreeMap<String, String>, String), Faults> {
    let path = output.join("summary.json");
    let bytes = std::fs::read(&path).map_err(|error| no_output(&path, &error.to_string()))?;
    let summary: Value = serde_json::from_slice(&bytes).map_err(|error| no_output(&path, &error.to_string()))?;
    let text = |class: &Value, key: &str| class.get(key).and_then(Value::as_str).map(str::to_owned);
    let classes = summary.get("classes").and_then(Value::as_array);
    let classes = classes.ok_or_else(|| no_output(&path, "classes"))?;
    let planned = |class: &&Value| class.get("groups").and_then(Value::as_u64).is_some_and(|groups| groups > 0);
    let named = |class: &Value| Some((text(class, "class")?, text(class, "file")?));
    Ok((classes.iter().filter(planned).filter_map(named).collect(), sha256(&bytes)))
}

/// A class's plan in an output folder, with the digest of its file.
pub(super) fn class_document(output: &Path, file: &str) -> Result<(Document, String), Faults> {
    let path = output.join(super::outputs::CLASSES).join(format!("{file}.json"));
    let bytes = std::fs::read(&path).map_err(|error| no_output(&path, &error.to_string()))?;
    match read(&path.display().to_string(), &bytes)? {
        PlanFile::Documents(mut documents) if documents.len() == 1 => Ok((documents.remove(0), sha256(&bytes))),
        _ => Err(no_output(&path, "fenzu-plan/1")),
    }
}

fn no_output(path: &Path, why: &str) -> Faults {
    Fault {
        code: "no_school_output",
        place: path.display().to_string(),
        found: words!("读不出（{why}）", "nothing that can be read ({why})"),
        expected: words!("fenzu school 写出的文件夹", "a folder that fenzu school wrote"),
        action: words!("请核对文件夹", "check the folder"),
    }
    .into()
}
