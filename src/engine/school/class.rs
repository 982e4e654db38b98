//! One class of a run: read, solved or taken from an earlier run, judged, written.

use super::claims::{Settled, outdated, unstaffed};
use super::last::{Last, class_document};
use super::made::{Made, Part};
use super::outlet::Outlet;
use super::sources::Source;
use super::state::State;
use super::summary::ClassRecord;
use super::trouble::Trouble;
use super::units::Unit;
use super::{Settings, Watch, outputs, titles};
use crate::fault::Faults;
use crate::model::{Request, Rules, Sizing};
use crate::pipeline::staffing::{FORMED_FOR_TEACHERS, FORMED_FOR_VISITS, GROUPS_FOR_TEACHERS};
use crate::pipeline::{Division, Planned, Prepared, agreed, prepare};
use crate::plan::document::{Document, Status};
use crate::roster::sha256;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What all classes of a run share.
pub(super) struct Desk<'a> {
    pub(super) sources: &'a [Source],
    pub(super) units: &'a [Unit],
    pub(super) settings: &'a Settings,
    pub(super) watch: &'a Watch<'a>,
    /// The rules of each unit; none where nothing is asked.
    pub(super) rules: Option<&'a [Rules]>,
    /// Last semester's output.
    pub(super) last: Option<Last>,
    /// The plans that stand while teachers claim groups.
    pub(super) settled: Option<Settled>,
    /// The classes whose plans of before were adopted: they stand as long as they hold.
    pub(super) adopted: HashSet<String>,
    /// SHA-256 of the staff list.
    pub(super) staff: Option<String>,
    pub(super) outlet: &'a dyn Outlet,
    /// What became of classes elsewhere.
    pub(super) made: &'a Made,
    /// Classes that were read and fitted to the staff list before, by unit.
    pub(super) fitted: Option<&'a HashMap<usize, Prepared>>,
}

/// Where a plan comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// This run.
    Solved,
    /// An earlier run on the same input.
    Kept,
}

impl Desk<'_> {
    /// Reads and compiles a class, unless that was done before.
    pub(super) fn prepared(&self, unit: usize) -> Result<Prepared, Trouble> {
        if let Some(Part::GivenUp(why)) = self.made.0.get(&self.units[unit].class) {
            return Err(Trouble::Failed(why.clone()));
        }
        if let Some(class) = self.fitted.and_then(|fitted| fitted.get(&unit)) {
            return Ok(class.clone());
        }
        let roster = self.units[unit].roster(self.sources, &self.settings.overrides)?;
        let mut request = Request {
            rules: self.rules.map(|rules| rules[unit].clone()).unwrap_or_default(),
            staff: self.staff.clone(),
            ..self.settings.request.clone()
        };
        self.last.as_ref().map_or(Ok(()), |last| last.ask(&mut request, &self.units[unit].class))?;
        let standing = self.settled_document(unit)?;
        if let Some(document) = &standing {
            request.sizing = Some(Sizing::Count(document.groups.len()));
        }
        let class = prepare(&roster, &request, Division::ByClass)?.pop();
        let class = class.ok_or_else(|| Trouble::failed(&"no class"))?;
        if let Some(document) = standing.filter(|_| self.settled.is_none()) {
            let name = &self.units[unit].class;
            outdated(name, &class, &document).map_or(Ok(()), |fault| Err(Faults::from(fault)))?;
        }
        Ok(class)
    }

    /// The class's plan: an earlier run's if nothing that decides it has changed, else a new one.
    pub(super) fn planned(&self, unit: usize, class: &Prepared) -> Result<(Planned, Origin), Trouble> {
        if let Some(document) = self.settled_document(unit)? {
            return Ok((Planned { document, findings: Vec::new() }, Origin::Kept));
        }
        let (file, settings) = (&self.units[unit].file, self.settings);
        let digest = digest(class, settings);
        if let Some(Part::Plan { digest: of, document, .. }) = self.made.0.get(&self.units[unit].class)
            && *of == digest
        {
            self.remember(unit, class, digest, document)?;
            let document = self.stands(unit, class, document.as_ref().clone());
            return Ok((Planned { document, findings: Vec::new() }, Origin::Kept));
        }
        let earlier = State::read(self.outlet.folder(), file).and_then(|state| state.plan_of(&digest));
        if let Some(document) = earlier.filter(|document| document.status != Status::Unknown) {
            let document = self.stands(unit, class, document);
            return Ok((Planned { document, findings: Vec::new() }, Origin::Kept));
        }
        let planned = self.solved(unit, class)?;
        self.remember(unit, class, digest, &planned.document)?;
        Ok((planned, Origin::Solved))
    }

    /// An earlier run's plan for the staff list of now: the staff list decides who takes a group, and of the plan no more than the
    /// problem says. A class that was formed again for its teachers' sake keeps the groups that it has since.
    fn stands(&self, unit: usize, class: &Prepared, document: Document) -> Document {
        let mut document = self.formed_again(unit, class).unwrap_or(document);
        document.request.staff_sha256.clone_from(&class.request.staff);
        document
    }

    /// The groups of a class that were formed again for its teachers' sake, unless it was for visit limits that do not stand first
    /// any more.
    fn formed_again(&self, unit: usize, class: &Prepared) -> Option<Document> {
        self.staff.as_ref()?;
        let (document, _) = class_document(self.outlet.folder(), &self.units[unit].file).ok()?;
        let has = |code: &str| document.notices.iter().any(|notice| notice.code == code);
        let wanted = if has(FORMED_FOR_VISITS) { self.settings.visits_first } else { has(FORMED_FOR_TEACHERS) };
        let document = unstaffed(document);
        (wanted && class.judged(&document).is_empty()).then_some(document)
    }

    /// A new plan, judged.
    pub(super) fn solved(&self, unit: usize, class: &Prepared) -> Result<Planned, Trouble> {
        let planned = class.solve(self.settings.effort, &(self.watch.stop)(1), &|_| (), self.settings.lang).agreed()?;
        Ok(Planned { document: self.finished(unit, class, planned.document), ..planned })
    }

    /// The plan of a class whose files are where the others go.
    pub(super) fn written_before(&self, unit: usize) -> Option<&Document> {
        let Unit { class, trouble, .. } = &self.units[unit];
        match self.made.0.get(class) {
            // Of several units of one name only the first is no fault.
            Some(Part::Plan { document, written: true, .. }) if trouble.is_none() => Some(document),
            _ => None,
        }
    }

    /// Writes down what a plan was made from.
    pub(super) fn remember(
        &self,
        unit: usize,
        class: &Prepared,
        digest: String,
        document: &Document,
    ) -> Result<(), Trouble> {
        let state = State::new(digest, document.clone(), class);
        state.write(self.outlet, &self.units[unit].file).map_err(|error| Trouble::failed(&error))
    }

    fn settled_document(&self, unit: usize) -> Result<Option<Document>, Faults> {
        let Unit { class, file, .. } = &self.units[unit];
        if let Some(settled) = &self.settled {
            return settled.document(class);
        }
        let adopted = self.adopted.contains(class).then(|| State::read(self.outlet.folder(), file)).flatten();
        Ok(adopted.map(State::document))
    }

    /// The document without times, its groups named; groups that stand keep their names.
    pub(super) fn finished(&self, unit: usize, class: &Prepared, mut document: Document) -> Document {
        let name = &self.units[unit].class;
        if self.adopted.contains(name) || self.settled.as_ref().is_some_and(|settled| settled.has(name)) {
            return document;
        }
        titles::propose(&mut document, self.settings.lang);
        if let Some(last) = self.last.as_ref().filter(|last| last.keeps()) {
            titles::keep(&mut document, last.names(&class.request, &class.roster));
        }
        timeless(document)
    }

    /// Judges the class once more and writes its files.
    pub(super) fn written(&self, unit: usize, class: &Prepared, document: &Document) -> Result<(), Trouble> {
        if !document.groups.is_empty() {
            agreed(&class.judged(document))?;
        }
        let files = outputs::class_files(class, document, &self.units[unit].file, self.settings.lang);
        for (file, bytes) in files.map_err(|error| Trouble::failed(&error))? {
            self.outlet.put(&file, &bytes).map_err(|error| Trouble::failed(&error))?;
        }
        Ok(())
    }

    /// What is told of a class with a plan.
    pub(super) fn record(&self, unit: usize, document: &Document, unstaffed: usize) -> ClassRecord {
        let Unit { class, file, .. } = &self.units[unit];
        ClassRecord { adopted: self.adopted.contains(class), ..ClassRecord::done(class, file, document, unstaffed) }
    }

    /// What is told of a class without one.
    pub(super) fn troubled(&self, unit: usize, trouble: &Trouble) -> ClassRecord {
        let Unit { class, file, .. } = &self.units[unit];
        ClassRecord::troubled(class, file, trouble, self.settings.lang)
    }
}

/// Everything that decides a plan and what is told of it.
pub(super) fn digest(class: &Prepared, settings: &Settings) -> String {
    let Prepared { roster, request, problem, .. } = class;
    let class = roster.students.first().map(|student| &student.class);
    let model = serde_json::to_string(&request.model).unwrap_or_default();
    let previous = request.previous.as_ref().map(|previous| (&previous.sha256, previous.mode));
    let parts =
        (env!("CARGO_PKG_VERSION"), settings.lang, settings.effort, settings.limit_seconds, &settings.overrides);
    let inputs = (&roster.sha256, &request.rules, request.staff.is_some(), previous);
    // Why a class has so many groups is told; what decides is how many.
    let mut problem = problem.clone();
    problem.notices.retain(|notice| notice.code != GROUPS_FOR_TEACHERS);
    sha256(format!("{parts:?} {class:?} {model} {inputs:?} {problem:?}").as_bytes())
}

/// Seconds differ from run to run; a school's files do not.
pub(super) fn timeless(mut document: Document) -> Document {
    document.elapsed_seconds = 0.0;
    for goal in &mut document.goals {
        (goal.found_seconds, goal.proved_seconds) = (None, None);
    }
    document
}

/// Tells how many classes are done.
pub(super) struct Count<'a> {
    desk: &'a Desk<'a>,
    done: AtomicUsize,
}

impl<'a> Count<'a> {
    pub(super) fn new(desk: &'a Desk<'a>) -> Self {
        (desk.watch.progress)(0, desk.units.len());
        Self { desk, done: AtomicUsize::new(0) }
    }

    pub(super) fn one(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        (self.desk.watch.progress)(done, self.desk.units.len());
    }
}
