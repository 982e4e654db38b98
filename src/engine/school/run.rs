//! The whole run of one school.

use super::class::{Count, Desk, Origin};
use super::earlier::Earlier;
use super::history::History;
use super::last::Last;
use super::lock::{Lock, folders, lock};
use super::made::Made;
use super::outlet::Outlet;
use super::sources::Sources;
use super::staffed::staffed;
use super::summary::{Stopped, Summary};
use super::trouble::guarded;
use super::units::{Keep, Unit, index};
use super::{SchoolError, Settings, Watch, crew, registers, state};
use crate::fault::{Faults, Notice};
use crate::model::Rules;
use crate::pipeline::Prepared;
use crate::roster::{Roster, Student, everybody_known};
use crate::solver::Stop;
use crate::words;
use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Divides and staffs every class of a school and writes everything below `output`.
///
/// # Errors
/// What concerns the school as a whole: rules, staff list, last semester's folder, the disk. A class's own faults are in the
/// summary.
pub fn run(sources: &Sources, settings: &Settings, output: &Path, watch: &Watch<'_>) -> Result<Summary, SchoolError> {
    let whole = (watch.stop)(1);
    let classes = classes(sources, settings)?;
    let school = School { sources, settings, classes: &classes, made: &Made::default(), fitted: None };
    written(school, &output, watch, &whole)
}

/// A school whose lists were read.
#[derive(Clone, Copy)]
pub(super) struct School<'a> {
    pub(super) sources: &'a Sources,
    pub(super) settings: &'a Settings,
    pub(super) classes: &'a Classes,
    /// Classes that were solved elsewhere.
    pub(super) made: &'a Made,
    /// Classes that were fitted to the staff list before, by unit.
    pub(super) fitted: Option<&'a HashMap<usize, Prepared>>,
}

/// Divides and staffs what is not made and writes everything; `whole` is the clock of the run.
pub(super) fn written(
    School { sources, settings, classes: Classes { units, rules, told }, made, fitted }: School<'_>,
    outlet: &dyn Outlet,
    watch: &Watch<'_>,
    whole: &Stop,
) -> Result<Summary, SchoolError> {
    let output = outlet.folder();
    // What stands there must not change between the look at it and the writing; a new folder is made when all input is read.
    let held = output.join(state::FOLDER).is_dir().then(|| lock(output)).transpose()?;
    let earlier = Earlier::open(output, settings.claims.is_some())?;
    let last = settings.previous.as_ref().map(|(folder, mode)| Last::open(folder, *mode)).transpose()?;
    let mut desk = Desk {
        sources: &sources.lists,
        units,
        settings,
        watch,
        rules: rules.as_deref(),
        last,
        settled: None,
        adopted: earlier.adopted(),
        staff: None,
        outlet,
        made,
        fitted,
    };
    let mut history = History::of(output);
    let (mut summary, lock) = match &settings.teachers {
        None => unstaffed(&desk, held).map(|(summary, lock)| (summary, Some(lock)))?,
        Some(teachers) => staffed(&mut desk, teachers, (&earlier, held), &mut history)?,
    };
    summary.notice(&sources.notices, settings.lang);
    summary.notice(told, settings.lang);
    summary.elapsed_seconds = whole.seconds();
    if summary.stopped != Some(Stopped::ResultsStand) {
        finish(&mut summary, &earlier, &desk, history)?;
    }
    drop(lock);
    Ok(summary)
}

/// The classes of a school.
#[derive(Debug)]
pub(super) struct Classes {
    /// One each.
    pub(super) units: Vec<Unit>,
    /// The rules of each; none where nothing is asked.
    pub(super) rules: Option<Vec<Rules>>,
    /// Lists of the same students, and what was left out of the rules.
    pub(super) told: Vec<Notice>,
}

/// Finds the classes and shares out the rules.
pub(super) fn classes(sources: &Sources, settings: &Settings) -> Result<Classes, SchoolError> {
    let keep = if settings.request.rules.is_empty() { Keep::Numbers } else { Keep::Students };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.threads).build()?;
    let (units, mut told) = pool.install(|| index(&sources.lists, &settings.overrides, keep));
    drop(pool);
    let read = units.iter().filter(|unit| unit.trouble.is_none());
    everybody_known(read.map(|unit| unit.strangers.as_slice()), "--exclude")?;
    let rules = (keep == Keep::Students).then(|| rules_of(&units, settings)).transpose()?;
    let (rules, left_out) = rules.unzip();
    told.extend(left_out.unwrap_or_default());
    Ok(Classes { units, rules, told })
}

/// Clears away what left the input, and writes the summary last: until then the same command finds what the earlier run wrote.
fn finish(summary: &mut Summary, earlier: &Earlier, desk: &Desk<'_>, mut history: History) -> Result<(), SchoolError> {
    let lang = desk.settings.lang;
    if summary.left == 0 && summary.stopped.is_none() {
        earlier.clear_classes((desk.units, desk.sources), &summary.classes, &mut history)?;
    }
    // Which classes were reached says nothing of the teachers: a staffed school names them all, another none.
    if summary.teachers.is_empty() {
        summary.notice(&registers::write(desk.outlet, &[], &mut history, lang)?, lang);
    }
    if let Some(name) = history.name() {
        summary.notice(&[kept_in(name)], lang);
    }
    for (file, bytes) in summary.files(desk.settings.lang)? {
        desk.outlet.put(&file, &bytes)?;
    }
    Ok(())
}

/// Where the files are that this run replaced.
fn kept_in(history: &str) -> Notice {
    let message = words!(
        "以前写出、现在不再有效的文件，以及填过的登记册，都移到了 {history}",
        "files of an earlier run that hold no more, and registers that were filled in, went to {history}"
    );
    Notice { code: "history", place: history.to_owned(), message }
}

/// The rules of each unit. Where a list could not be read, rules on students whom nobody knows may be about its students, so they
/// are left out with a notice.
fn rules_of(units: &[Unit], settings: &Settings) -> Result<(Vec<Rules>, Vec<Notice>), Faults> {
    let students = |unit: &Unit| {
        let class = unit.class.clone();
        unit.who.iter().map(move |who| Student { class: class.clone(), ..who.clone() }).collect::<Vec<_>>()
    };
    let everyone = Roster {
        file: words!("这些名册", "the lists").get(settings.lang).to_owned(),
        students: units.iter().flat_map(students).collect(),
        ..Roster::default()
    };
    let mut rules = settings.request.rules.clone();
    let mut left_out = Vec::new();
    if units.iter().any(|unit| unit.trouble.is_some()) {
        (rules, left_out) = rules.of_known(&everyone);
    }
    let mut shared = rules.for_classes(&everyone)?.into_iter();
    let of_unit = |unit: &Unit| if unit.who.is_empty() { None } else { shared.next() };
    let of_units = units.iter().map(of_unit).map(Option::unwrap_or_default).collect();
    Ok((of_units, left_out.into_iter().map(rule_left_out).collect()))
}

fn rule_left_out(place: String) -> Notice {
    let message = words!(
        "这条规则里有学生不在读出的名册中；有班级的名册没有读成，这条规则没有用上",
        "the rule names a student of no list that was read; since some class could not be read, it was left out"
    );
    Notice { code: "rule_left_out", place, message }
}

/// Classes one by one: read, solved, judged, written, forgotten.
fn unstaffed(desk: &Desk<'_>, held: Option<Lock>) -> Result<(Summary, Lock), SchoolError> {
    let lock = folders(desk.outlet.folder(), held)?;
    let count = Count::new(desk);
    let kept = AtomicUsize::new(0);
    let one = |unit: usize| {
        let record = guarded(&desk.units[unit].class, || {
            if let Some(document) = desk.written_before(unit) {
                kept.fetch_add(1, Ordering::Relaxed);
                return Ok(desk.record(unit, document, 0));
            }
            let class = desk.prepared(unit)?;
            let (planned, origin) = desk.planned(unit, &class)?;
            kept.fetch_add(usize::from(origin == Origin::Kept), Ordering::Relaxed);
            desk.written(unit, &class, &planned.document)?;
            Ok(desk.record(unit, &planned.document, 0))
        });
        count.one();
        record.unwrap_or_else(|trouble| desk.troubled(unit, &trouble))
    };
    let records = crew::each(desk.units.len(), desk.settings.threads, desk.watch.cancelled, &one)?;
    let left = records.iter().filter(|record| record.is_none()).count();
    let classes = records.into_iter().flatten().collect();
    Ok((Summary { classes, left, kept: kept.into_inner(), ..Summary::default() }, lock))
}
