//! Mid-term repair: students join and leave, and as few others as possible change group. Every class is solved in keep mode,
//! where the number of moves stands directly below the rules, so the least number of moves is proved like any other goal.
//! Needs nothing but the output folder; the old files go to `history/<n>/`.

mod refusal;
mod who;

use super::again::{Handed, Restaffed, Teaching, handed, staff_list_unknown};
use super::class::timeless;
use super::last::class_files;
use super::lock::lock;
use super::rewriting::{Cause, Rewritten, write};
use super::standing::{Standing, prepared, request_without};
use super::state::State;
use super::summary::Summary;
use super::{SchoolError, state};
use crate::check;
use crate::fault::{Faults, Notice};
use crate::model::goal::Needs;
use crate::model::request::{Previous, PreviousMode};
use crate::pipeline::{Prepared, agreed};
use crate::plan::document::{Document, Status};
use crate::plan::last::{Ids, LastSemester, classes_of};
use crate::roster::class_name::ClassIndex;
use crate::roster::{Cell, Column, Field, Roster};
use crate::solver::{Effort, Prove, Stop};
use crate::words::Lang;
use refusal::{already_there, cannot, no_class, no_one_home, no_plan_in_time, nothing_to_do};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Who comes and who goes.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// Students who join; their class is in the list unless the output has only one.
    pub joined: Option<&'a Roster>,
    /// Ids or names of students who leave; `<class>/<id>` where classes number their students alike.
    pub left: &'a [String],
}

/// One student whose group is another now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The class.
    pub class: String,
    /// The student's id.
    pub id: String,
    /// The student's name.
    pub name: String,
    /// The old group's id; none for who joined.
    pub from: Option<String>,
    /// The new group's id; none for who left.
    pub to: Option<String>,
}

/// What a repair did.
#[derive(Clone, Debug)]
pub struct Repaired {
    /// Who joined, left or moved, class by class.
    pub moved: Vec<Moved>,
    /// Whether the number of moves is proved least in every class.
    pub proved: bool,
    /// Where the old files are.
    pub history: PathBuf,
    /// Groups whose teacher is another now, since the one of before may not keep them.
    pub teachers: Vec<Handed>,
    /// What the repair could not look at.
    pub notices: Vec<Notice>,
}

/// A class as it stands, and what is to change in it.
struct Ward {
    standing: Standing,
    left: BTreeSet<String>,
    /// Rows of the joined list.
    joined: Vec<usize>,
}

/// A class with its new plan.
struct Mended {
    class: String,
    ward: Ward,
    after: Prepared,
    new: Document,
}

impl Mended {
    /// Whether somebody comes into a group that has a teacher.
    fn arrives(&self) -> bool {
        let taught = |id: &String| self.new.groups.iter().any(|group| group.id == *id && group.teacher.is_some());
        moves(self).iter().any(|moved| moved.to.as_ref().is_some_and(taught))
    }
}

/// All classes of a folder, those that changed as they are to be.
struct School<'a> {
    standing: &'a [Standing],
    prepared: Vec<Prepared>,
    documents: Vec<Document>,
}

impl<'a> School<'a> {
    fn new(standing: &'a [Standing], mended: &[Mended]) -> Result<Self, SchoolError> {
        let (mut prepared, mut documents) = (Vec::new(), Vec::new());
        for class in standing {
            let new = mended.iter().find(|mended| mended.class == class.class);
            prepared.push(new.map_or_else(|| class.prepared(), |new| Ok(new.after.clone()))?);
            documents.push(new.map_or(&class.document, |new| &new.new).clone());
        }
        Ok(Self { standing, prepared, documents })
    }

    /// Gives the groups to teachers again, where the judge has something against the teachers that it had not before.
    fn staff_again(
        &mut self,
        teaching: &Teaching,
        summary: &Summary,
        (stop, lang): (&Stop, Lang),
    ) -> Result<Option<Restaffed>, SchoolError> {
        let Self { standing, prepared, documents } = self;
        let before = standing.iter().map(Standing::prepared).collect::<Result<Vec<_>, _>>()?;
        let old: Vec<Document> = standing.iter().map(|class| class.document.clone()).collect();
        let known = teaching.findings(&before, &old);
        if teaching.findings(prepared, documents).iter().all(|finding| known.contains(finding)) {
            return Ok(None);
        }
        teaching.assign(prepared, documents, (standing, summary), (stop, lang)).map(Some)
    }

    fn handed(&self) -> Vec<Handed> {
        self.standing.iter().zip(&self.documents).flat_map(|(class, new)| handed(&class.document, new)).collect()
    }

    /// The classes that changed, and those whose groups changed hands.
    fn rewritten(&self, mended: &[Mended]) -> Vec<Rewritten> {
        let one = |((standing, after), new): ((&Standing, &Prepared), &Document)| {
            let is_mended = mended.iter().any(|mended| mended.class == standing.class);
            let (cause, state) = if is_mended {
                (Cause::Repair, State::repaired(new.clone(), after))
            } else if handed(&standing.document, new).is_empty() {
                return None;
            } else {
                (Cause::Staffing, standing.state.clone())
            };
            let (class, file) = (standing.class.clone(), standing.file.clone());
            Some(Rewritten { class, file, after: after.clone(), new: new.clone(), state, cause })
        };
        self.standing.iter().zip(&self.prepared).zip(&self.documents).filter_map(one).collect()
    }
}

/// Repairs the plans of an output folder.
///
/// # Errors
/// Students who are unknown, or in two classes, or join twice; rules that cannot hold any more; the disk. Nothing is written
/// then.
pub fn repair(output: &Path, change: Change<'_>, stop: &dyn Fn() -> Stop, lang: Lang) -> Result<Repaired, SchoolError> {
    // A folder that no run wrote is left as it is.
    let _lock = output.join(state::FOLDER).is_dir().then(|| lock(output)).transpose()?;
    let standing = Standing::all(output)?;
    let joined = change.joined.map(|joined| who::numbered(joined, &standing));
    let change = Change { joined: joined.as_ref(), ..change };
    let wards = wards(output, &standing, change)?;
    let mut mended = Vec::new();
    for (class, ward) in wards {
        mended.push(mend(class, ward, change.joined, &stop(), lang)?);
    }
    let summary = Summary::read(output)?;
    let mut school = School::new(&standing, &mended)?;
    let whole = summary.is_whole() && change.left.is_empty();
    let teaching = Teaching::open(output, &summary, &school.prepared, whole)?;
    let restaffed = match &teaching {
        Some(teaching) => school.staff_again(teaching, &summary, (&stop(), lang))?,
        None => None,
    };
    let is_unknown = teaching.is_none() && !summary.teachers.is_empty();
    let unknown =
        mended.iter().filter(|class| is_unknown && class.arrives()).map(|class| staff_list_unknown(&class.class));
    let (history, told) = write(output, &school.rewritten(&mended), restaffed.as_ref(), lang)?;
    let is_least = |class: &Mended| class.new.goals.iter().any(|goal| goal.proved && Needs::OldKept.is_of(&goal.name));
    Ok(Repaired {
        moved: mended.iter().flat_map(moves).collect(),
        proved: mended.iter().all(is_least),
        history: history.folder().to_owned(),
        teachers: school.handed(),
        notices: unknown.chain(told).collect(),
    })
}

/// The classes that change.
fn wards(output: &Path, standing: &[Standing], change: Change<'_>) -> Result<BTreeMap<String, Ward>, Faults> {
    let (classes, _) = class_files(output)?;
    let ward = |standing: &Standing| {
        (standing.class.clone(), Ward { standing: standing.clone(), left: BTreeSet::new(), joined: Vec::new() })
    };
    let mut wards: BTreeMap<String, Ward> = standing.iter().map(ward).collect();
    let mut faults = Vec::new();
    let names: Vec<String> = wards.keys().cloned().collect();
    let index = ClassIndex::new(&names);
    let (all, known): (Vec<&Standing>, _) = (standing.iter().collect(), (names.as_slice(), &index));
    for written in who::parted(change.left, &all, known) {
        let found = who::homes(&all, known, &written);
        match (found.as_slice(), found.first().and_then(|(class, _)| wards.get_mut(class))) {
            ([(_, id)], Some(ward)) => {
                ward.left.insert(id.clone());
            }
            (found, _) => faults.push(no_one_home(&written, found)),
        }
    }
    for (row, student) in change.joined.iter().flat_map(|joined| joined.students.iter().enumerate()) {
        let class = who::class(&student.class, change.joined, &index).map(|at| &names[at]);
        match class.and_then(|class| Some((class, wards.get_mut(class)?))) {
            Some((class, ward)) if ward.has(&student.id) && !ward.left.contains(&student.id) => {
                faults.push(already_there(class, &student.id));
            }
            Some((_, ward)) => ward.joined.push(row),
            None => faults.extend(change.joined.map(|joined| no_class(joined, row, &classes))),
        }
    }
    wards.retain(|_, ward| !ward.left.is_empty() || !ward.joined.is_empty());
    if faults.is_empty() && wards.is_empty() {
        faults.push(nothing_to_do());
    }
    if faults.is_empty() { Ok(wards) } else { Err(Faults(faults)) }
}

impl Ward {
    fn has(&self, id: &str) -> bool {
        self.standing.roster.students.iter().any(|student| student.id == id)
    }
}

/// Solves a class again with its old groups as they are.
fn mend(class: String, ward: Ward, joined: Option<&Roster>, stop: &Stop, lang: Lang) -> Result<Mended, SchoolError> {
    let old = &ward.standing.document;
    let mut asked = request_without(old, &ward.left)?;
    asked.previous = Some(as_it_stands(&ward.standing));
    let after = prepared(&changed(&class, &ward, joined), &asked)?;
    let effort = Effort { seed: old.seed, work: None, prove: Prove::Model };
    let planned = after.solve(effort, stop, &|_| (), lang);
    if planned.document.status == Status::Unknown {
        return Err(SchoolError::TooShort(Box::new(no_plan_in_time(&class))));
    }
    if planned.document.groups.is_empty() {
        return Err(SchoolError::Impossible(Box::new(cannot(&class, &planned.document))));
    }
    let mut new = timeless(planned.document);
    for (group, old) in new.groups.iter_mut().zip(&old.groups) {
        group.name.clone_from(&old.name);
        group.teacher.clone_from(&old.teacher);
        group.teacher_name.clone_from(&old.teacher_name);
    }
    let mut findings = planned.findings;
    findings.extend(check::judge(&after.roster, &after.request, &after.policy, &new));
    agreed(&findings).map_err(|found| SchoolError::judge(&found, lang))?;
    Ok(Mended { class, ward, after, new })
}

/// The groups of now, by the very ids of the list: they are those of the same students.
fn as_it_stands(standing: &Standing) -> Previous {
    let mut classes = classes_of(&standing.document, &standing.sha256);
    for class in &mut classes {
        class.ids = Ids::Same;
    }
    Previous::new(LastSemester::new(classes, standing.sha256.clone()), PreviousMode::Keep)
}

/// The class without who left and with who joined; a column that the joined list lacks is empty for them.
fn changed(class: &str, ward: &Ward, joined: Option<&Roster>) -> Roster {
    let stays: Vec<usize> = (0..ward.standing.roster.students.len())
        .filter(|&s| !ward.left.contains(&ward.standing.roster.students[s].id))
        .collect();
    let cell_of = |column: &Column, row: usize| {
        let same = |other: &&Column| {
            other.field == column.field && (column.field != Field::Other || other.header == column.header)
        };
        let found = joined.and_then(|joined| joined.columns.iter().find(same));
        found.map_or(Cell::Empty, |found| found.cells[row].clone())
    };
    let column = |column: &Column| Column {
        cells: (stays.iter().map(|&s| column.cells[s].clone()))
            .chain(ward.joined.iter().map(|&row| cell_of(column, row)))
            .collect(),
        ..column.clone()
    };
    let new = ward.joined.iter().filter_map(|&row| joined.map(|joined| joined.students[row].clone()));
    let mut students: Vec<_> = stays.iter().map(|&s| ward.standing.roster.students[s].clone()).chain(new).collect();
    for student in &mut students {
        class.clone_into(&mut student.class);
    }
    Roster {
        columns: ward.standing.roster.columns.iter().map(column).collect(),
        students,
        notices: Vec::new(),
        doubts: Vec::new(),
        left_out: Vec::new(),
        strangers: Vec::new(),
        ..ward.standing.roster.clone()
    }
}

/// Who joined, left or moved in a class.
fn moves(class: &Mended) -> Vec<Moved> {
    let group = |document: &Document, id: &str| {
        let found = document.groups.iter().find(|group| group.students.iter().any(|student| student == id));
        found.map(|group| group.id.clone())
    };
    let rosters = [&class.after.roster, &class.ward.standing.roster];
    let mut seen = BTreeSet::new();
    let students = rosters.into_iter().flat_map(|roster| &roster.students);
    let moved = students.filter(|student| seen.insert(&student.id)).map(|student| Moved {
        class: class.class.clone(),
        id: student.id.clone(),
        name: student.name.clone(),
        from: group(&class.ward.standing.document, &student.id),
        to: group(&class.new, &student.id),
    });
    moved.filter(|moved| moved.from != moved.to).collect()
}
