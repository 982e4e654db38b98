//! What a repair writes: the old files to the history, then the classes' files, the registers and the summary.

use super::super::last::class_files;
use super::super::register::{Charge, register};
use super::super::state::State;
use super::super::summary::{ClassRecord, Summary, TeacherRecord};
use super::super::{SchoolError, files, outputs};
use super::{Mended, Ward, prepared, request, ward};
use crate::plan::document::Document;
use crate::planning::Prepared;
use crate::words::Lang;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Folder of earlier plans, below the output folder.
const HISTORY: &str = "history";
/// The level of the staffing whose value is the same whoever is in the groups: the teachers stay. The others are about the
/// students of then: loads and continuity, and demands and wishes, which may name students.
const STANDING: &str = "unstaffed";

/// Copies what will change to a new folder of the history; registers are filled in by hand, so the old ones must not be lost.
pub(super) fn archive(output: &Path, mended: &[Mended]) -> Result<PathBuf, SchoolError> {
    let summary = Summary::read(output)?;
    let history = output.join(HISTORY);
    let folder = (1..=u32::MAX).map(|n| history.join(n.to_string())).find(|folder| !folder.exists());
    let folder = folder.unwrap_or(history);
    let mut copied = outputs::SUMMARIES.map(str::to_owned).to_vec();
    for Mended { ward: Ward { file, .. }, .. } in mended {
        copied.extend(outputs::paths(file));
    }
    copied.extend(changed(&summary, mended).map(|(teacher, _)| outputs::register(&teacher.file)));
    for file in copied {
        // A school may have taken a file away, such as a public page.
        if let Some(bytes) = files::read_if_there(&output.join(&file))? {
            put(&folder.join(&file), &bytes)?;
        }
    }
    Ok(folder)
}

/// As [`files::put`], with the folder where it is missing.
fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), files::make_folder)?;
    files::put(path, bytes)
}

/// Writes everything, and the states at the very end: until then a repair that was killed finds the lists as they were, and the
/// same command does all of it again. Killed between the states of two classes, it is to be repeated for the second one alone.
pub(super) fn write(output: &Path, mended: &[Mended], lang: Lang) -> Result<(), SchoolError> {
    let mut summary = Summary::read(output)?;
    for class in mended {
        let file = &class.ward.file;
        for (path, bytes) in outputs::class_files(&class.after, &class.new, file, lang)? {
            put(&output.join(path), &bytes)?;
        }
        for record in summary.classes.iter_mut().filter(|record| record.class == class.class) {
            let done = ClassRecord::done(&class.class, file, &class.new, record.unstaffed);
            *record = ClassRecord { repaired: true, ..done };
        }
    }
    if !summary.teachers.is_empty() {
        loads(output, mended, &mut summary)?;
        summary.staffing.retain(|level| level.name == STANDING);
        // What was proved of groups without a teacher was proved for the capacities that the old members took.
        for level in summary.staffing.iter_mut().filter(|level| level.value > 0) {
            (level.bound, level.proved) = (0, false);
        }
    }
    registers(output, mended, &summary, lang)?;
    for (file, bytes) in summary.files(lang)? {
        files::put(&output.join(file), &bytes)?;
    }
    for class in mended {
        State::repaired(class.new.clone(), &class.after.roster).write(&output, &class.ward.file)?;
    }
    Ok(())
}

/// Counts every teacher's students and visits anew, over all plans as they stand: a difference to earlier counts would be wrong
/// for ever after a repair that was killed.
fn loads(output: &Path, mended: &[Mended], summary: &mut Summary) -> Result<(), SchoolError> {
    for teacher in &mut summary.teachers {
        (teacher.students, teacher.visits) = (0, 0);
    }
    let mut count = |class: &Prepared, document: &Document| {
        for teacher in &mut summary.teachers {
            let (students, visits) = load(class, document, &teacher.id);
            teacher.students += students;
            teacher.visits += visits;
        }
    };
    for (class, file) in class_files(output)?.0 {
        if let Some(mended) = mended.iter().find(|mended| mended.class == class) {
            count(&mended.after, &mended.new);
        } else {
            let (class, document) = standing(output, &file)?;
            count(&class, &document);
        }
    }
    Ok(())
}

/// A class that the repair does not touch, with its plan.
fn standing(output: &Path, file: &str) -> Result<(Prepared, Document), SchoolError> {
    let ward = ward(output, file)?;
    Ok((prepared(&ward.roster, &request(&ward.old, &BTreeSet::new())?)?, ward.old))
}

/// Students and visits of a teacher in one class.
fn load(class: &Prepared, document: &Document, teacher: &str) -> (usize, usize) {
    let taken = document.groups.iter().filter(|group| group.teacher.as_deref() == Some(teacher));
    let members: BTreeSet<&str> = taken.flat_map(|group| group.students.iter().map(String::as_str)).collect();
    if members.is_empty() {
        return (0, 0);
    }
    let students = class.roster.students.iter().zip(&class.policy.visits);
    let visits = students.filter(|(student, _)| members.contains(student.id.as_str())).map(|(_, &visits)| visits);
    (members.len(), visits.map(|visits| visits as usize).sum())
}

/// The teachers whose registers change, with the classes of their groups.
fn changed<'a>(
    summary: &'a Summary,
    mended: &'a [Mended],
) -> impl Iterator<Item = (&'a TeacherRecord, BTreeSet<&'a str>)> {
    let classes = |teacher: &'a TeacherRecord| -> BTreeSet<&str> {
        teacher.groups.iter().filter_map(|group| Some(group.rsplit_once('/')?.0)).collect()
    };
    let all = summary.teachers.iter().map(move |teacher| (teacher, classes(teacher)));
    all.filter(|(_, classes)| mended.iter().any(|class| classes.contains(class.class.as_str())))
}

/// Writes the registers of all teachers of the changed classes anew.
fn registers(output: &Path, mended: &[Mended], summary: &Summary, lang: Lang) -> Result<(), SchoolError> {
    let file_of: BTreeMap<&str, &str> =
        summary.classes.iter().map(|record| (record.class.as_str(), record.file.as_str())).collect();
    for (teacher, classes) in changed(summary, mended) {
        let mut held = Vec::new();
        for class in classes {
            if let Some(mended) = mended.iter().find(|mended| mended.class == class) {
                held.push((mended.after.clone(), mended.new.clone()));
            } else {
                held.push(standing(output, file_of.get(class).copied().unwrap_or_default())?);
            }
        }
        let taken = |(class, document)| charges(class, document, &teacher.id);
        let charges: Vec<Charge<'_>> = held.iter().map(|(class, document)| (class, document)).flat_map(taken).collect();
        let path = output.join(outputs::register(&teacher.file));
        put(&path, &register(&teacher.name, &charges, lang)?)?;
    }
    Ok(())
}

fn charges<'a>(class: &'a Prepared, document: &'a Document, teacher: &str) -> Vec<Charge<'a>> {
    let taken = document.groups.iter().filter(|group| group.teacher.as_deref() == Some(teacher));
    taken.map(|group| Charge { class, group }).collect()
}
