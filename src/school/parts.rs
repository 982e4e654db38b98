//! A school in parts: every class is solved by itself, wherever there is a free processor, and all are put together at the end
//! with the files of a whole run.
//!
//! What is shared is read once ([`Parts::open`]): lists, rules and, with a staff list, how many groups each class can have.
//! [`Parts::solve`] may then be called for any class, in any order and on any machine; [`Parts::finish`] takes the plans and does
//! the rest of [`run`](super::run). A plan that was made from something else than the class of now is not used.

use super::class::{Desk, Trouble, digest};
use super::run::{classes, with_parts};
use super::sources::{Source, Sources};
use super::staffed::{Hall, fitted, read};
use super::units::Unit;
use super::{SchoolError, Settings, Summary, Watch, crew};
use crate::model::Rules;
use crate::plan::document::Document;
use crate::planning::Prepared;
use crate::roster::sha256;
use crate::words::Words;
use std::collections::HashMap;
use std::path::Path;

/// What became of a class.
#[derive(Clone, Debug)]
pub enum Part {
    /// Its plan.
    Plan {
        /// SHA-256 of all that decided it.
        digest: String,
        /// As [`Parts::solve`] made it.
        document: Box<Document>,
    },
    /// It is not tried again, and why.
    GivenUp(Words),
}

/// What became of classes, by name.
#[derive(Clone, Debug, Default)]
pub struct Made(pub HashMap<String, Part>);

/// A school whose classes are solved one by one.
#[derive(Debug)]
pub struct Parts {
    sources: Sources,
    settings: Settings,
    units: Vec<Unit>,
    rules: Option<Vec<Rules>>,
    /// SHA-256 of the staff list.
    staff: Option<String>,
    /// With a staff list: the classes that can be solved, fitted to it, by unit.
    fitted: HashMap<usize, Prepared>,
    /// Digest of each class; none where it cannot be read.
    digests: Vec<Option<String>>,
    /// Nothing was made before.
    made: Made,
}

/// One class of a school in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassPart {
    /// Its name.
    pub class: String,
    /// The list that it stands in.
    pub list: String,
    /// SHA-256 of all that decides its plan; of its name where it cannot be read.
    pub digest: String,
}

impl Parts {
    /// Reads everything once.
    ///
    /// # Errors
    /// What concerns the school as a whole: rules, the staff list. A class's own faults are told when it is solved.
    pub fn open(sources: Sources, settings: Settings, watch: &Watch<'_>) -> Result<Self, SchoolError> {
        let (units, rules, _) = classes(&sources, &settings)?;
        let staff = settings.teachers.as_ref().map(Source::bytes).transpose()?;
        let mut parts = Self {
            sources,
            settings,
            units,
            rules,
            staff: staff.as_ref().map(|(_, bytes)| sha256(bytes)),
            fitted: HashMap::new(),
            digests: Vec::new(),
            made: Made::default(),
        };
        if let Some((file, bytes)) = &staff {
            let desk = parts.desk(watch);
            let mut hall = read(&desk)?;
            fitted(&desk, &mut hall, (bytes, file))?;
            let Hall { units, prepared, .. } = hall;
            parts.fitted = units.into_iter().zip(prepared).collect();
        }
        parts.digests = parts.digests_of_all(watch)?;
        Ok(parts)
    }

    fn digests_of_all(&self, watch: &Watch<'_>) -> Result<Vec<Option<String>>, SchoolError> {
        let desk = self.desk(watch);
        let of = |class: &Prepared| digest(class, &self.settings);
        let one = |unit: usize| match self.fitted.get(&unit) {
            Some(class) => Some(of(class)),
            None => desk.prepared(unit).ok().as_ref().map(of),
        };
        let digests = crew::each(self.units.len(), self.settings.threads, watch.cancelled, &one)?;
        Ok(digests.into_iter().map(Option::flatten).collect())
    }

    /// The classes in the lists' order.
    pub fn classes(&self) -> impl Iterator<Item = ClassPart> + '_ {
        self.units.iter().zip(&self.digests).map(|(unit, digest)| ClassPart {
            class: unit.class.clone(),
            list: self.sources.lists[unit.source()].shown.clone(),
            digest: digest.clone().unwrap_or_else(|| sha256(unit.class.as_bytes())),
        })
    }

    /// Solves one class.
    ///
    /// # Errors
    /// Its own faults, or a plan with which the judge does not agree.
    pub fn solve(&self, class: &str, watch: &Watch<'_>) -> Result<Document, Trouble> {
        let unit = self.units.iter().position(|unit| unit.class == class);
        let unit = unit.ok_or_else(|| Trouble::failed(&"no such class"))?;
        let desk = self.desk(watch);
        let planned = match self.fitted.get(&unit) {
            Some(class) => desk.solved(unit, class)?,
            None => desk.solved(unit, &desk.prepared(unit)?)?,
        };
        Ok(planned.document)
    }

    /// Puts all together below `output`: staffs the groups and writes every file. A class that is not among `made` is solved now.
    ///
    /// # Errors
    /// As [`run`](super::run()).
    pub fn finish(&self, made: &Made, output: &Path, watch: &Watch<'_>) -> Result<Summary, SchoolError> {
        with_parts((&self.sources, made), &self.settings, output, watch)
    }

    fn desk<'a>(&'a self, watch: &'a Watch<'a>) -> Desk<'a> {
        Desk {
            sources: &self.sources.lists,
            units: &self.units,
            settings: &self.settings,
            watch,
            rules: self.rules.clone(),
            last: None,
            settled: None,
            staff: self.staff.clone(),
            output: Path::new(""),
            made: &self.made,
        }
    }
}
