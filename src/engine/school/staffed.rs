//! A school with teachers: all classes are held until every group has its teacher, since teachers are shared among classes.

use super::answers::ClaimRecord;
use super::claims::{Settled, claimed, plan_outdated};
use super::class::{Count, Desk, Origin};
use super::earlier::Earlier;
use super::group_names::GroupNames;
use super::history::History;
use super::lock::{Lock, folders};
use super::register::Charge;
use super::registers::{self, Wanted};
use super::sources::Source;
use super::summary::{ClassRecord, Stopped, Summary, TeacherRecord};
use super::trouble::{Trouble, guarded};
use super::{SchoolError, crew, kept, so_far};
use crate::base::names::file_names;
use crate::check;
use crate::fault::{Fault, Faults, Notice};
use crate::pipeline::staffing::{Before, Forming, Numbers, StaffRun, Staffed, answers, choose, fit_to, staff};
use crate::pipeline::{Planned, Prepared, agreed};
use crate::plan::document::GroupRecord;
use crate::roster::staff::{Directory, Staff, read_staff};
use crate::roster::{Limits, bytes_of, sha256};
use crate::solver::Stop;
use crate::words;
use crate::words::Lang;
use crate::words::Words;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Classes' limits that fitting and staffing the whole school may take.
const STAFFING: u32 = 6;

/// The classes that can go on, and what became of the others.
pub(super) struct Hall {
    /// Unit of each class.
    pub(super) units: Vec<usize>,
    pub(super) prepared: Vec<Prepared>,
    troubles: Vec<(usize, Trouble)>,
    /// Classes that were not reached.
    left: usize,
}

/// A file's name for messages, and its bytes.
type Named = (String, Vec<u8>);

/// Who teaches, and what the teachers claimed.
struct Teaching {
    staff: Staff,
    /// Names that teachers wrote for groups.
    names: GroupNames,
    /// SHA-256 of the claims.
    claims: Option<String>,
    /// The teachers so far, where the folder has some.
    before: Option<Before>,
}

/// Who takes which group, and what is told of it beside.
struct Assigned {
    staffed: Staffed,
    answers: Vec<ClaimRecord>,
    notices: Vec<Notice>,
}

/// Reads, fits, solves, staffs and writes all classes. Where the run is stopped before the staffing, which needs all classes,
/// whatever an earlier run wrote stands; else the plans so far are written without teachers.
pub(super) fn staffed(
    desk: &mut Desk<'_>,
    list: &Source,
    (earlier, held): (&Earlier, Option<Lock>),
    history: &mut History,
) -> Result<(Summary, Option<Lock>), SchoolError> {
    let list = list.bytes()?;
    let claims = desk.settings.claims.as_deref().map(|path| bytes_of(path, &Limits::default())).transpose()?;
    desk.staff = Some(sha256(&list.1));
    desk.settled = claims.as_ref().map(|_| Settled::open(desk.outlet.folder())).transpose()?;
    let mut hall = read(desk)?;
    if hall.left > 0 {
        let stopped = Some(Stopped::ResultsStand);
        return Ok((Summary { left: desk.units.len(), stopped, ..Summary::default() }, None));
    }
    let teaching = teaching(desk, &mut hall, (&list, claims.as_ref()), earlier)?;
    let lock = folders(desk.outlet.folder(), held)?;
    let (mut planned, kept) = solve(desk, &mut hall)?;
    let cancelled = || desk.watch.cancelled.load(Ordering::Relaxed);
    let result = (hall.left == 0 && !cancelled()).then(|| assign(desk, &hall, &mut planned, &teaching)).transpose()?;
    let stopped = match &result {
        Some(_) if !cancelled() => None,
        _ if earlier.stands() => Some(Stopped::ResultsStand),
        Some(_) => None,
        None => Some(Stopped::WithoutTeachers),
    };
    let mut summary = told(desk, &hall, &planned, (result.as_ref(), &teaching, stopped), history)?;
    let stands = kept == planned.len() && summary.stands(earlier.summary(), desk.staff.as_deref());
    if stopped.is_none() {
        kept::write(desk.outlet, &list.1, claims.as_ref().map(|(_, bytes)| bytes.as_slice()))?;
        if let Some(before) = teaching.before.filter(|_| !stands) {
            kept::write_before(desk.outlet, &before.teacher_of)?;
        }
    }
    Ok((Summary { kept, ..summary }, Some(lock)))
}

/// Reads staff list and claims, and fits the classes to the teachers.
fn teaching(
    desk: &Desk<'_>,
    hall: &mut Hall,
    ((file, bytes), claims): (&Named, Option<&Named>),
    earlier: &Earlier,
) -> Result<Teaching, SchoolError> {
    let standing = so_far::standing(desk, &hall.units, earlier.summary());
    let (directory, staff) = listed(desk, hall, (bytes, file))?;
    if desk.fitted.is_none() {
        fitted(desk, hall, (&staff, None), &standing)?;
    }
    let before = so_far::so_far(desk.outlet.folder(), earlier.summary(), &staff);
    let Some((file, bytes)) = claims else {
        return Ok(Teaching { staff, names: GroupNames::default(), claims: None, before });
    };
    let (staff, names) = claimed((bytes, file), directory, (&hall.prepared, desk.outlet.folder()), staff)?;
    still_hold(desk, hall, earlier)?;
    Ok(Teaching { staff, names, claims: Some(sha256(bytes)), before })
}

/// Reads the staff list for the classes.
pub(super) fn listed(
    desk: &Desk<'_>,
    hall: &Hall,
    (bytes, file): (&[u8], &str),
) -> Result<(Directory, Staff), SchoolError> {
    let mut directory = Directory::new(hall.prepared.iter().map(|class| &class.roster))?;
    if hall.prepared.len() < desk.units.len() {
        directory = directory.with_lists_missing();
    }
    let staff = read_staff(bytes, file, &Limits::default(), &directory)?;
    (desk.watch.told)(&staff);
    Ok((directory, staff))
}

/// Fits the classes to the staff list, with the numbers of groups that were chosen for them before, where they were; `standing`
/// holds the numbers of groups that classes have already.
pub(super) fn fitted(
    desk: &Desk<'_>,
    hall: &mut Hall,
    (staff, chosen): (&Staff, Option<Numbers>),
    standing: &[Option<usize>],
) -> Result<Numbers, SchoolError> {
    let (stop, classes) = (staffing_stop(desk), std::mem::take(&mut hall.prepared));
    let chosen = chosen.filter(|chosen| chosen.groups.len() == classes.len());
    let numbers = chosen.unwrap_or_else(|| choose(&classes, standing, staff, &stop));
    hall.prepared = fit_to(classes, (standing, &numbers), staff, &stop)?;
    Ok(numbers)
}

/// Writes the classes' files and the registers, unless an earlier run's stand, and tells what became of everything.
fn told(
    desk: &Desk<'_>,
    hall: &Hall,
    planned: &[Planned],
    (result, teaching, stopped): (Option<&Assigned>, &Teaching, Option<Stopped>),
    history: &mut History,
) -> Result<Summary, SchoolError> {
    let staffed = result.map(|result| &result.staffed);
    let mut summary = Summary { stopped, claims: teaching.claims.clone(), ..Summary::default() };
    summary.notice(&teaching.staff.notices, desk.settings.lang);
    let records = if stopped == Some(Stopped::ResultsStand) {
        hall.units.iter().zip(planned).map(|(&unit, plan)| desk.record(unit, &plan.document, 0)).collect()
    } else {
        write(desk, hall, planned, staffed)?
    };
    if let Some(result) = result.filter(|_| stopped.is_none()) {
        summary.teachers = teachers(&teaching.staff, &result.staffed);
        summary.staff_sha256.clone_from(&desk.staff);
        summary.sizing = Some(so_far::sizing(desk));
        summary.staffed(&result.staffed, desk.settings.lang);
        summary.claim_answers.clone_from(&result.answers);
        summary.notice(&result.notices, desk.settings.lang);
        let told = registers(desk, hall, planned, (&result.staffed, &summary.teachers), history)?;
        summary.notice(&told, desk.settings.lang);
    }
    summary.classes = in_order(desk, hall, records);
    summary.left = desk.units.len() - summary.classes.len();
    Ok(summary)
}

/// Ctrl-C ends the staffing with the best so far, as no class waits for it any more.
fn staffing_stop(desk: &Desk<'_>) -> Stop {
    (desk.watch.stop)(STAFFING).with_switch(Arc::clone(desk.watch.cancelled))
}

/// Reads and compiles all classes.
pub(super) fn read(desk: &Desk<'_>) -> Result<Hall, SchoolError> {
    let one = |unit: usize| guarded(&desk.units[unit].class, || desk.prepared(unit));
    let read = crew::each(desk.units.len(), desk.settings.threads, desk.watch.cancelled, &one)?;
    let mut hall = Hall { units: Vec::new(), prepared: Vec::new(), troubles: Vec::new(), left: 0 };
    for (unit, class) in read.into_iter().enumerate() {
        match class {
            Some(Ok(class)) => {
                hall.units.push(unit);
                hall.prepared.push(class);
            }
            Some(Err(trouble)) => hall.troubles.push((unit, trouble)),
            None => hall.left += 1,
        }
    }
    Ok(hall)
}

/// Groups are claimed as they stand, so every plan must hold for the input of now.
fn still_hold(desk: &Desk<'_>, hall: &Hall, earlier: &Earlier) -> Result<(), Faults> {
    let Some(settled) = &desk.settled else { return Ok(()) };
    let name = |unit: usize| desk.units[unit].class.as_str();
    let repaired = words!("学期中用 repair 变动过", "it was repaired in mid-term");
    let mut faults: Vec<Fault> = earlier.repaired().map(|class| plan_outdated(class, &repaired)).collect();
    for (&unit, class) in hall.units.iter().zip(&hall.prepared) {
        if !earlier.repaired().any(|repaired| repaired == name(unit)) {
            faults.extend(settled.outdated(name(unit), class)?);
        }
    }
    for class in settled.classes().filter(|class| !hall.units.iter().any(|&unit| name(unit) == *class)) {
        let trouble = hall.troubles.iter().find(|(unit, _)| name(*unit) == class);
        let gone = words!("没有这个班的名册", "no list of this class");
        faults.push(plan_outdated(class, &trouble.map_or(gone, |(_, trouble)| why(trouble))));
    }
    if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
}

/// A class's first trouble in words.
fn why(trouble: &Trouble) -> Words {
    match trouble {
        Trouble::Failed(why) => why.clone(),
        Trouble::Refused(faults) => faults.0.first().map_or_else(Words::default, |fault| {
            let (zh, en) = (fault.sentence(Lang::Zh), fault.sentence(Lang::En));
            words!("{zh}", "{en}")
        }),
    }
}

/// The plans of all classes that have one; classes without leave the hall.
fn solve(desk: &Desk<'_>, hall: &mut Hall) -> Result<(Vec<Planned>, usize), SchoolError> {
    let count = Count::new(desk);
    let one = |at: usize| {
        let class = &desk.units[hall.units[at]].class;
        let planned = guarded(class, || desk.planned(hall.units[at], &hall.prepared[at]));
        count.one();
        planned
    };
    let solved = crew::each(hall.units.len(), desk.settings.threads, desk.watch.cancelled, &one)?;
    let (mut planned, mut kept) = (Vec::new(), 0);
    let (units, prepared) = (std::mem::take(&mut hall.units), std::mem::take(&mut hall.prepared));
    for ((unit, class), solved) in units.into_iter().zip(prepared).zip(solved) {
        match solved {
            Some(Ok((plan, origin))) => {
                hall.units.push(unit);
                hall.prepared.push(class);
                planned.push(plan);
                kept += usize::from(origin == Origin::Kept);
            }
            Some(Err(trouble)) => hall.troubles.push((unit, trouble)),
            None => hall.left += 1,
        }
    }
    Ok((planned, kept))
}

fn assign(desk: &Desk<'_>, hall: &Hall, planned: &mut [Planned], teaching: &Teaching) -> Result<Assigned, SchoolError> {
    let (effort, lang) = (desk.settings.effort, desk.settings.lang);
    let stop = staffing_stop(desk);
    let forming = match (&desk.settled, desk.settings.visits_first) {
        (Some(_), _) => Forming::Settled,
        (None, true) => Forming::VisitsFirst,
        (None, false) => Forming::Open,
    };
    let Teaching { staff: list, names, before, .. } = teaching;
    let run = StaffRun { effort, stop: &stop, forming, before: before.as_ref(), lang };
    let staffed = staff(&hall.prepared, planned, list, run).agreed();
    let staffed = staffed.map_err(|found| SchoolError::judge(&found, lang))?;
    // Classes that were formed again have new documents.
    for ((unit, class), plan) in hall.units.iter().zip(&hall.prepared).zip(&mut *planned) {
        plan.document = desk.finished(*unit, class, plan.document.clone());
    }
    let answered = answers(&hall.prepared, planned, list, &staffed, run);
    let notices = names.give(planned, list, &answered, lang);
    let record = |answer| ClaimRecord::of(answer, list, planned, names, lang);
    let answers: Vec<ClaimRecord> = answered.iter().map(record).collect();
    judge(planned, (&staffed, &answers), before.as_ref(), lang)?;
    Ok(Assigned { staffed, answers, notices })
}

/// The judge counts again what is told of wishes and of who changes teacher.
pub(super) fn judge(
    planned: &[Planned],
    (staffed, answers): (&Staffed, &[ClaimRecord]),
    before: Option<&Before>,
    lang: Lang,
) -> Result<(), SchoolError> {
    let groups: Vec<&GroupRecord> = planned.iter().flat_map(|plan| &plan.document.groups).collect();
    let told: Vec<check::ToldWish<'_>> = answers.iter().map(ClaimRecord::told).collect();
    let mut findings = check::wishes(&told, &groups);
    let level = |name: &str| staffed.levels.iter().find(|level| level.name == name).map_or(0, |level| level.value);
    if let Some(before) = before {
        let told = (level("moved_groups"), level("moved_students"));
        findings.extend(check::moved(&before.teacher_of, &groups, told));
    }
    agreed(&findings).map_err(|found| SchoolError::judge(&found, lang))
}

/// Writes the classes' files.
fn write(
    desk: &Desk<'_>,
    hall: &Hall,
    planned: &[Planned],
    result: Option<&Staffed>,
) -> Result<Vec<ClassRecord>, SchoolError> {
    let go_on = AtomicBool::new(false);
    let one = |at: usize| {
        let class = &desk.units[hall.units[at]].class;
        let written = guarded(class, || desk.written(hall.units[at], &hall.prepared[at], &planned[at].document));
        let unstaffed = result.map_or(0, |result| result.unstaffed(at));
        match written {
            Ok(()) => desk.record(hall.units[at], &planned[at].document, unstaffed),
            Err(trouble) => desk.troubled(hall.units[at], &trouble),
        }
    };
    let records = crew::each(planned.len(), desk.settings.threads, &go_on, &one)?;
    Ok(records.into_iter().flatten().collect())
}

/// The records of all classes that were reached, in the lists' order.
fn in_order(desk: &Desk<'_>, hall: &Hall, records: Vec<ClassRecord>) -> Vec<ClassRecord> {
    let done = hall.units.iter().copied().zip(records);
    let others = hall.troubles.iter().map(|(unit, trouble)| (*unit, desk.troubled(*unit, trouble)));
    let mut all: Vec<(usize, ClassRecord)> = done.chain(others).collect();
    all.sort_by_key(|(unit, _)| *unit);
    all.into_iter().map(|(_, record)| record).collect()
}

fn teachers(staff: &Staff, result: &Staffed) -> Vec<TeacherRecord> {
    let ids: Vec<String> = staff.teachers.iter().map(|teacher| teacher.id.clone()).collect();
    let rows = staff.teachers.iter().zip(file_names(&ids)).zip(&result.loads);
    rows.map(|((teacher, file), load)| TeacherRecord::of(teacher, file, load)).collect()
}

/// Writes every teacher's register; a teacher without groups has none.
fn registers(
    desk: &Desk<'_>,
    hall: &Hall,
    planned: &[Planned],
    (result, teachers): (&Staffed, &[TeacherRecord]),
    history: &mut History,
) -> Result<Vec<Notice>, SchoolError> {
    let mut charges: Vec<Vec<Charge<'_>>> = teachers.iter().map(|_| Vec::new()).collect();
    for ((class, plan), teacher_of) in hall.prepared.iter().zip(planned).zip(&result.teacher_of) {
        for (group, teacher) in plan.document.groups.iter().zip(teacher_of) {
            if let Some(teacher) = teacher {
                charges[*teacher].push(Charge { class, group });
            }
        }
    }
    let held = teachers.iter().zip(charges).filter(|(_, charges)| !charges.is_empty());
    let wanted: Vec<Wanted<'_>> =
        held.map(|(teacher, charges)| Wanted { file: &teacher.file, teacher: &teacher.name, charges }).collect();
    registers::write(desk.outlet, &wanted, history, desk.settings.lang)
}
