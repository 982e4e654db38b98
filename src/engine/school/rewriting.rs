//! Changes to classes of an output folder that was written before: the old files to the history, then the classes' files, the
//! registers and the summary.

use super::again::Restaffed;
use super::history::History;
use super::register::Charge;
use super::registers::{self, Wanted};
use super::standing::Standing;
use super::state::State;
use super::summary::{ClassRecord, Summary, TeacherRecord};
use super::{SchoolError, kept, outputs};
use crate::base::files;
use crate::fault::Notice;
use crate::pipeline::Prepared;
use crate::plan::document::{Document, GroupRecord};
use crate::words::Lang;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The level of the staffing whose value is the same whoever is in the groups: the teachers stay. The others are about the
/// students of then: loads and continuity, and demands and wishes, which may name students.
const STANDING: &str = "unstaffed";

/// What changed a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Students joined or left.
    Repair,
    /// The class teacher's last word.
    Adoption,
    /// Its groups are those of before; teachers of other classes' groups changed.
    Staffing,
}

/// A class with its new plan.
#[derive(Debug)]
pub(super) struct Rewritten {
    pub(super) class: String,
    pub(super) file: String,
    pub(super) after: Prepared,
    pub(super) new: Document,
    pub(super) state: State,
    pub(super) cause: Cause,
}

/// A class with its plan as it is from now on.
type Plan<'a> = (&'a Prepared, &'a Document);

/// Writes everything, and the states at the very end: until then a run that was killed finds the lists as they were, and the same
/// command does all of it again. Killed between the states of two classes, it is to be repeated for the second one alone.
pub(super) fn write(
    output: &Path,
    classes: &[Rewritten],
    restaffed: Option<&Restaffed>,
    lang: Lang,
) -> Result<(History, Vec<Notice>), SchoolError> {
    let mut summary = Summary::read(output)?;
    let mut history = archive(output, &summary, classes)?;
    for class in classes {
        for (path, bytes) in outputs::class_files(&class.after, &class.new, &class.file, lang)? {
            put(&output.join(path), &bytes)?;
        }
    }
    let untouched = untouched(output, classes, &summary)?;
    let mut plans = Vec::new();
    for record in &summary.classes {
        let own = classes.iter().find(|class| class.class == record.class).map(|class| (&class.after, &class.new));
        plans.extend(own.or_else(|| untouched.get(&record.class).map(|(class, document)| (class, document))));
    }
    records(classes, &mut summary);
    let before = summary.teachers.clone();
    if !summary.teachers.is_empty() {
        loads(&plans, &mut summary.teachers);
        staffing(&mut summary, restaffed, lang);
        for claim in &mut summary.claim_answers {
            claim.forget_name(classes.iter().flat_map(|class| &class.new.groups));
        }
    }
    let is_changed = |(old, new): (&TeacherRecord, &TeacherRecord)| has_any(old, classes) || has_any(new, classes);
    let changed = before.iter().zip(&summary.teachers).filter(|(old, new)| is_changed((old, new)));
    let changed: Vec<&TeacherRecord> = changed.map(|(_, new)| new).collect();
    let notices = write_registers(output, &plans, &changed, &mut history, lang)?;
    summary.notice(&notices, lang);
    if let Some(restaffed) = restaffed {
        kept::write_before(&output, &restaffed.before.teacher_of)?;
    }
    for (file, bytes) in summary.files(lang)? {
        files::put(&output.join(file), &bytes)?;
    }
    for class in classes {
        class.state.write(&output, &class.file)?;
    }
    Ok((history, notices))
}

/// Copies what will change to the history.
fn archive(output: &Path, summary: &Summary, classes: &[Rewritten]) -> Result<History, SchoolError> {
    let mut history = History::of(output);
    let mut copied = outputs::SUMMARIES.map(str::to_owned).to_vec();
    copied.extend([registers::record_path(), outputs::summary_sums()]);
    copied.extend(classes.iter().flat_map(|class| outputs::paths(&class.file)));
    let changed = summary.teachers.iter().filter(|teacher| has_any(teacher, classes));
    copied.extend(changed.map(|teacher| outputs::register(&teacher.file)));
    for file in copied {
        history.copy(&file)?;
    }
    Ok(history)
}

/// Whether a teacher has groups in the classes.
fn has_any(teacher: &TeacherRecord, classes: &[Rewritten]) -> bool {
    let class_of = |group: &String| Some(group.rsplit_once('/')?.0.to_owned());
    teacher.groups.iter().filter_map(class_of).any(|of| classes.iter().any(|class| class.class == of))
}

/// As [`files::put`], with the folder where it is missing.
fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), files::make_folder)?;
    files::put(path, bytes)
}

/// The classes that are not touched, by name, each with its plan; none where there are no teachers, whom alone they concern.
fn untouched(
    output: &Path,
    classes: &[Rewritten],
    summary: &Summary,
) -> Result<BTreeMap<String, (Prepared, Document)>, SchoolError> {
    let mut untouched = BTreeMap::new();
    let planned = summary.classes.iter().filter(|record| record.groups > 0 && !summary.teachers.is_empty());
    for record in planned.filter(|record| classes.iter().all(|class| class.class != record.class)) {
        let standing = Standing::open(output, &record.class, &record.file)?;
        untouched.insert(record.class.clone(), (standing.prepared()?, standing.document));
    }
    Ok(untouched)
}

fn records(classes: &[Rewritten], summary: &mut Summary) {
    let has_teachers = !summary.teachers.is_empty();
    for class in classes {
        let unstaffed = class.new.groups.iter().filter(|group| has_teachers && group.teacher.is_none()).count();
        for record in summary.classes.iter_mut().filter(|record| record.class == class.class) {
            let done = ClassRecord::done(&class.class, &class.file, &class.new, unstaffed);
            *record = ClassRecord {
                repaired: record.repaired || class.cause == Cause::Repair,
                adopted: record.adopted || class.cause == Cause::Adoption,
                ..done
            };
        }
    }
}

/// Counts every teacher's groups, students and visits anew, over all plans as they stand: a difference to earlier counts would be
/// wrong for ever after a change that was killed.
fn loads(plans: &[Plan<'_>], teachers: &mut [TeacherRecord]) {
    for teacher in teachers {
        (teacher.students, teacher.visits) = (0, 0);
        teacher.groups.clear();
        for (class, document) in plans {
            for group in document.groups.iter().filter(|group| group.teacher.as_ref() == Some(&teacher.id)) {
                teacher.groups.push(group.id.clone());
                teacher.students += group.students.len();
                teacher.visits += visits(class, group);
            }
        }
    }
}

/// Home visits of a group in a semester.
fn visits(class: &Prepared, group: &GroupRecord) -> usize {
    let members: BTreeSet<&str> = group.students.iter().map(String::as_str).collect();
    let students = class.roster.students.iter().zip(&class.policy.visits);
    students.filter(|(student, _)| members.contains(student.id.as_str())).map(|(_, &visits)| visits as usize).sum()
}

fn staffing(summary: &mut Summary, restaffed: Option<&Restaffed>, lang: Lang) {
    if let Some(restaffed) = restaffed {
        summary.staffed(&restaffed.staffed, lang);
        summary.claim_answers.clone_from(&restaffed.answers);
        return;
    }
    summary.staffing.retain(|level| level.name == STANDING);
    // What was proved of groups without a teacher was proved for the capacities that the old members took.
    for level in summary.staffing.iter_mut().filter(|level| level.value > 0) {
        (level.bound, level.proved) = (0, false);
    }
}

/// Writes the registers of these teachers anew; of a teacher who has no group any more it goes.
fn write_registers(
    output: &Path,
    plans: &[Plan<'_>],
    teachers: &[&TeacherRecord],
    history: &mut History,
    lang: Lang,
) -> Result<Vec<Notice>, SchoolError> {
    let (mut wanted, mut gone) = (Vec::new(), BTreeSet::new());
    for teacher in teachers {
        let charges: Vec<Charge<'_>> = plans.iter().flat_map(|plan| charges(*plan, &teacher.id)).collect();
        if charges.is_empty() {
            gone.insert(teacher.file.clone());
        } else {
            wanted.push(Wanted { file: &teacher.file, teacher: &teacher.name, charges });
        }
    }
    if wanted.is_empty() && gone.is_empty() {
        return Ok(Vec::new());
    }
    registers::rewrite(&output, &wanted, &gone, history, lang)
}

fn charges<'a>((class, document): Plan<'a>, teacher: &str) -> Vec<Charge<'a>> {
    let taken = document.groups.iter().filter(|group| group.teacher.as_deref() == Some(teacher));
    taken.map(|group| Charge { class, group }).collect()
}
